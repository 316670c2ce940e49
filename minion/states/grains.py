"""States of the grains in this minion's file of grains."""
from __future__ import absolute_import, division, print_function

import copy

from minion import compat
from minion.helpers import staticgrains

_ABSENT = object()


def _returned(name, result=True, comment='', changes=None):
    return {'name': name, 'result': result, 'comment': comment, 'changes': changes or {}}


def _colons(name, delimiter):
    """The name with colons between its keys, whatever stands between them in the state."""
    return name.replace(delimiter, ':')


def _text(value):
    return compat.to_native(compat.shown(value))


def _follow(name):
    """Let what comes later in this run see what was written: the minion itself collects its grains anew."""
    path, key = staticgrains.path(__opts__), name.split(':')[0]
    if path is None:
        return
    written = staticgrains.read(path)
    if key in written:
        __grains__[key] = written[key]
    else:
        __grains__.pop(key, None)


def exists(name, delimiter=':'):
    """There is a grain of this name, whatever its value."""
    name = _colons(name, delimiter)
    if __salt__['grains.get'](name, None) is None:
        return _returned(name, False, 'Grain does not exist')
    return _returned(name, True, 'Grain exists')


def present(name, value, delimiter=':', force=False):
    """A grain has this value. force: also in the place of a list or mapping.

    cheese:
      grains.present:
        - value: edam
    """
    name = _colons(name, delimiter)
    before = __salt__['grains.get'](name, _ABSENT)
    if before is not _ABSENT and before is not None and before == value:
        return _returned(name, True, 'Grain is already set')
    if __opts__['test']:
        if before is _ABSENT or before is None:
            return _returned(name, None, 'Grain %s is set to be added' % name, {'new': name})
        return _returned(name, None, 'Grain %s is set to be changed' % name, {'changed': {name: value}})
    done = __salt__['grains.set'](name, value, force=force)
    _follow(name)
    if not done['result']:
        return _returned(name, False, done['comment'])
    if not done['changes']:
        return _returned(name, True, done['comment'])
    return _returned(name, True, 'Set grain %s to %s' % (name, _text(value)), done['changes'])


def list_present(name, value, delimiter=':'):
    """A grain is a list that holds this value, or these values.

    roles:
      grains.list_present:
        - value: web
    """
    name = _colons(name, delimiter)
    before, comments = __salt__['grains.get'](name), []
    if before:
        if not isinstance(before, list):
            return _returned(name, False, 'Grain %s is not a valid list' % name)
        values = value if isinstance(value, list) else [value]
        if all(item in before for item in values):
            return _returned(name, True, 'Value %s is already in grain %s (or pending)' % (_text(value), name))
        if isinstance(value, list):
            there = [item for item in value if item in before]
            value = [item for item in value if item not in before]
            if there:
                comments.append('Removed value %s from update due to value found in "%s" (or pending).' % (_text(there), name))
    if __opts__['test']:
        said = 'Value %s is set to be appended to grain %s' % (_text(value), name) if before else \
            'Grain %s is set to be added' % name
        return _returned(name, None, said, {'new': copy.deepcopy(before)})
    after = copy.deepcopy(__salt__['grains.append'](name, value))
    _follow(name)
    found = __salt__['grains.get'](name)
    missing = [item for item in (value if isinstance(value, list) else [value])
               if not isinstance(found, list) or item not in found]
    if missing:
        return _returned(name, False, 'Failed append value %s to grain %s' % (_text(value), name))
    comments.append('Append value %s to grain %s' % (_text(value), name))
    return _returned(name, True, '\n'.join(comments), {'new': after})


def list_absent(name, value, delimiter=':'):
    """A grain that is a list does not hold this value, or these values."""
    name = _colons(name, delimiter)
    before = __salt__['grains.get'](name, None)
    if not before:
        return _returned(name, True, 'Grain %s does not exist' % name)
    if not isinstance(before, list):
        return _returned(name, False, 'Grain %s is not a valid list' % name)
    comments, deleted, before = [], [], list(before)
    for item in value if isinstance(value, list) else [value]:
        if item not in before:
            comments.append('Value %s is absent from grain %s' % (_text(item), name))
            continue
        deleted.append(item)
        if __opts__['test']:
            comments.append('Value %s in grain %s is set to be deleted' % (_text(item), name))
        else:
            __salt__['grains.remove'](name, item)
            _follow(name)
            comments.append('Value %s was deleted from grain %s' % (_text(item), name))
    return _returned(name, None if deleted and __opts__['test'] else True, '\n'.join(comments),
                     {'deleted': deleted} if deleted else {})


def absent(name, destructive=False, delimiter=':', force=False):
    """A grain has no value. destructive: there is no such grain. force: also if it is a list or mapping."""
    name = _colons(name, delimiter)
    if __salt__['grains.get'](name, _ABSENT) is _ABSENT:
        return _returned(name, True, 'Grain %s does not exist' % name)
    changes = {'deleted': name} if destructive else {'grain': name, 'value': None}
    if __opts__['test']:
        return _returned(name, None, 'Grain %s is set to be deleted' % name if destructive
                         else 'Value for grain %s is set to be deleted (None)' % name, changes)
    done = __salt__['grains.set'](name, None, destructive=destructive, force=force)
    _follow(name)
    if not done['result'] or not done['changes'] and not destructive:
        return _returned(name, done['result'], done['comment'])
    return _returned(name, True, 'Grain %s was deleted' % name if destructive
                     else 'Value for grain %s was set to None' % name, changes)


def append(name, value, convert=False, delimiter=':'):
    """A grain that is a list holds this value. convert: another value becomes the first item of a list."""
    name = _colons(name, delimiter)
    before = __salt__['grains.get'](name, None)
    if not before:
        return _returned(name, False, 'Grain %s does not exist' % name)
    if not isinstance(before, list) and not convert:
        return _returned(name, False, 'Grain %s is not a valid list' % name)
    if isinstance(before, list) and value in before:
        return _returned(name, True, 'Value %s is already in the list for grain %s' % (_text(value), name))
    if __opts__['test']:
        said = 'Value %s in grain %s is set to be added' if isinstance(before, list) else None
        comment = said % (_text(value), name) if said else \
            'Grain %s is set to be converted to list and value %s will be added' % (name, _text(value))
        return _returned(name, None, comment, {'added': value})
    __salt__['grains.append'](name, value, convert=convert)
    _follow(name)
    return _returned(name, True, 'Value %s was added to grain %s' % (_text(value), name), {'added': value})
