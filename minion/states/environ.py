"""States of environment variables, for what runs after them in the same run."""
from __future__ import absolute_import, division, print_function

from minion import compat


def setenv(name, value, false_unsets=False, clear_all=False, update_minion=False, permanent=False):
    """Variables have these values: `value` is that of the variable `name`, or a mapping of several.

    value: False for '', or with false_unsets for none. clear_all: no others. update_minion: also for later jobs.
    permanent: of Windows, without effect here.

    set_path:
      environ.setenv:
        - name: does_not_matter
        - value: {FOO: bar, OLD: False}
    """
    ret = {'name': name, 'result': True, 'changes': {}, 'comment': ''}
    if isinstance(value, dict):
        wanted = value
    elif compat.is_text(value) or value is False:
        wanted = {name: value}
    else:
        return dict(ret, result=False, comment='Environ value must be string, dict or False')
    unset = None if false_unsets else ''
    changes = dict((key, unset if item is False else item) for key, item in wanted.items() if _differs(key, item, false_unsets))
    if clear_all:
        changes.update((key, unset) for key in __salt__['environ.items']() if key not in wanted)
    if not changes:
        return dict(ret, comment='Environ values were already set with the correct values')
    ret['changes'] = changes
    if __opts__['test']:
        return dict(ret, comment='Environ values will be changed')
    done = __salt__['environ.setenv'](wanted, false_unsets, clear_all, update_minion, permanent)
    if done is False or any(done.get(key) is False and wanted[key] is not False for key in wanted):
        return dict(ret, result=False, comment='Failed to set environ variables')
    return dict(ret, comment='Environ values were set')


def _differs(name, value, false_unsets):
    if value is False and false_unsets:
        return __salt__['environ.has_value'](name)
    wanted = '' if value is False else value
    return not __salt__['environ.has_value'](name) or __salt__['environ.get'](name) != wanted
