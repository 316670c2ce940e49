"""Returns of execution functions: `salt_fun: [slsutil.renderer: {args: [...], kwargs: [{a: 1}]}, test.ping]`."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import beaconconfig


def validate(config):
    """(True or False, why)"""
    rows = beaconconfig.flat(config)
    if 'salt_fun' not in rows:
        return False, 'Configuration for salt_monitor beacon requires salt_fun.'
    for name, given in _calls(rows):
        wrong = _wrong(name, given)
        if wrong:
            return False, wrong
    return True, 'valid config'


def beacon(config):
    """[{salt_fun, ret, args, kwargs}] of each function that returns something."""
    found = []
    for name, given in _calls(beaconconfig.flat(config)):
        args, named = list(given.get('args') or ()), _named(given)
        value = __salt__[name](*args, **named)
        if value:
            row = {'salt_fun': name, 'ret': value}
            row.update(item for item in (('args', args), ('kwargs', named)) if item[1])
            found.append(row)
    return found


def _calls(rows):
    """[(function, mapping of args and kwargs)]"""
    wanted = rows.get('salt_fun') or ()
    if isinstance(wanted, compat.Mapping):
        wanted = [{name: given} for name, given in wanted.items()]
    return [next(iter(one.items())) if isinstance(one, compat.Mapping) and one else (one, {})
            for one in (wanted if isinstance(wanted, (list, tuple)) else [wanted])]


def _named(given):
    named = {}
    for row in given.get('kwargs') or ():
        named.update(row)
    return dict((str(key), value) for key, value in named.items())


def _wrong(name, given):
    """What is wrong with one call, None if nothing is."""
    if not compat.is_text(name) or name not in __salt__:
        return '%s not in __salt__' % (name,)
    if not isinstance(given, compat.Mapping):
        return 'fun %s must have a mapping of args and kwargs' % name
    for key, value in given.items():
        if key not in ('args', 'kwargs'):
            return 'key %s not allowed under fun %s' % (key, name)
        if key == 'args' and not isinstance(value, list):
            return 'args key for fun %s must be list' % name
        if key == 'kwargs' and not (isinstance(value, list) and all(isinstance(row, dict) for row in value)):
            return 'kwargs key for fun %s must be list of key value pairs' % name
    return None
