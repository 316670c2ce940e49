"""States that only pretend: for trying requisites, and for checks at the start of a run."""
from __future__ import absolute_import, division, print_function

import random

from minion import compat
from minion.errors import SaltInvocationError

_PRETENDED = {'testing': {'old': 'Unchanged', 'new': 'Something pretended to change'}}
# the types of values in a pillar that `check_pillar` knows: what a key is compared with, and its name in comments
_TYPES = {'boolean': (bool, "<class 'bool'>"), 'integer': (compat.integer_types, "<class 'int'>"),
          'string': (compat.string_types, "(<class 'str'>,)"), 'listing': (list, "<class 'list'>"),
          'dictionary': (dict, "<class 'dict'>")}


def _returned(name, result, comment, changes=None):
    return {'name': name, 'result': result, 'comment': comment, 'changes': changes or {}}


def _pretended():
    return dict((key, dict(value)) for key, value in _PRETENDED.items())


def nop(name, **kwargs):
    """Succeed without changes: an anchor for requisites.

    group_of_things:
      test.nop
    """
    return succeed_without_changes(name)


def succeed_without_changes(name, **kwargs):
    """Succeed without changes; `comment` is optional."""
    return _returned(name, True, kwargs.get('comment', 'Success!'))


def fail_without_changes(name, **kwargs):
    """Fail without changes, in test mode too; `comment` is optional."""
    if __opts__['test']:
        return _returned(name, False, "If we weren't testing, this would be a failure!")
    return _returned(name, False, kwargs.get('comment', 'Failure!'))


def succeed_with_changes(name, **kwargs):
    """Succeed and say that something changed; `comment` is optional."""
    if __opts__['test']:
        return _returned(name, None, "If we weren't testing, this would be successful with changes", _pretended())
    return _returned(name, True, kwargs.get('comment', 'Success!'), _pretended())


def fail_with_changes(name, **kwargs):
    """Fail and say that something changed; `comment` is optional."""
    if __opts__['test']:
        return _returned(name, None, "If we weren't testing, this would be failed with changes", _pretended())
    return _returned(name, False, kwargs.get('comment', 'Failure!'), _pretended())


def configurable_test_state(name, changes=True, result=True, comment='', warnings=None, allow_test_mode_failure=False):
    """Return the given result, changes and comment; `result` and `changes` may be the word Random.

    try_it:
      test.configurable_test_state:
        - changes: False
        - result: Random
        - warnings: Take care
    """
    ret = _returned(name, None, '\n'.join(comment) if isinstance(comment, list) else comment)
    if _decided('changes', changes):
        ret['changes'] = _pretended()
    ret['result'] = _decided('result', result)
    if warnings is not None:
        ret['warnings'] = _listed(warnings)
    if __opts__['test']:
        ret['comment'] = ret['comment'] or 'This is a test'
        if not allow_test_mode_failure or ret['result']:
            ret['result'] = True if changes is False else None
    return ret


def _decided(option, value):
    """True or False of an option that may leave it to chance."""
    if compat.is_text(value) and value.lower() == 'random':
        return random.choice([True, False])
    if value is True or value is False:
        return value
    raise SaltInvocationError("You have specified the state option '%s' with invalid arguments. "
                              "It must be either True, False, or 'Random'" % option)


def _listed(warnings):
    if compat.is_text(warnings):
        return [warnings]
    if isinstance(warnings, list):
        return warnings
    raise SaltInvocationError("You have specified the state option 'warnings' with invalid arguments. "
                              "It must be a string or a list of strings")


def show_notification(name, text=None, **kwargs):
    """Succeed and show `text` as the comment.

    read_this:
      test.show_notification:
        - text: The disks are checked first.
    """
    if not text:
        raise SaltInvocationError('Missing required argument text.')
    return _returned(name, True, text)


def mod_watch(name, sfun=None, **kwargs):
    """Succeed and list which of the watched states changed something."""
    low, running = globals().get('__low__') or {}, globals().get('__running__') or {}
    changed = []
    for watched in (low.get('__reqs__') or {}).get('watch', ()):
        tag = '_|-'.join(str(watched[key]) for key in ('state', '__id__', 'name', 'fun'))
        if (running.get(tag) or {}).get('changes'):
            changed.append('%s: %s' % (watched['state'], watched['__id__']))
    return _returned(name, True, kwargs.get('comment', 'Watch statement fired.'), {'Requisites with changes': changed})


def check_pillar(name, present=None, boolean=None, integer=None, string=None, listing=None, dictionary=None,
                 verbose=False):
    """Fail when a key is not in the pillar or its value has another type: put it first, with failhard.

    pillar_is_there:
      test.check_pillar:
        - present: [users, 'web:port']
        - integer: 'web:port'
        - failhard: True
    """
    wanted = [('present', present), ('boolean', boolean), ('integer', integer), ('string', string),
              ('listing', listing), ('dictionary', dictionary)]
    if not any(keys for _, keys in wanted):
        raise SaltInvocationError('Missing required argument text.')
    failed, failures, passed, passes = [], {}, [], {}
    for kind, keys in [(kind, _keys(keys)) for kind, keys in wanted]:
        for key in keys:
            error = _pillar_error(key, kind)
            _note(key, error, failed, failures) if error else _note(key, _TYPES.get(kind, (None, None))[1], passed, passes)
    lines = ['Pillar key "%s" %s.\n' % (key, failures[key]) for key in failed]
    if verbose and passed:
        lines.append('Those keys passed the check:\n')
        lines.extend('- %s (%s)\n' % (key, passes[key]) for key in passed)
    return _returned(name, not failed, ''.join(lines))


def _note(key, text, order, texts):
    """Only the last word about a key is shown, at the place of the first."""
    if key not in texts:
        order.append(key)
    texts[key] = text


def _keys(value):
    if isinstance(value, list):
        return value
    if value is None:
        return []
    if compat.is_text(value):
        return [value]
    raise TypeError()


def _pillar_error(key, kind):
    """What is wrong with a key, None when nothing is."""
    value = __salt__['pillar.get'](key, None)
    if value is None:
        return 'is missing'
    known, shown = _TYPES.get(kind, (None, None))
    return None if known is None or isinstance(value, known) else 'is not %s' % shown
