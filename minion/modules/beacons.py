"""The beacons of this minion: small functions that look at the host now and then.

Changes hold at once and until the minion ends; beacons.save keeps them in minion.d/beacons.conf.
"""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import beaconconfig, schedulefile

__func_alias__ = {'list_': 'list'}
NO_EVENT = 'Event module not available. Beacon %s failed.'
FILE = 'beacons.conf'


def list_(return_yaml=True, include_pillar=True, include_opts=True, **kwargs):
    """The beacons as YAML, or as a mapping with return_yaml=False. CLI: salt '*' beacons.list"""
    if _beacons() is None:
        return _failure('list')
    found = _beacons().configured(include_pillar, include_opts)
    found = dict((name, config) for name, config in found.items() if name != 'enabled' or config is False)
    return schedulefile.dump({'beacons': found}) if return_yaml else found or {'beacons': {}}


def list_available(return_yaml=True, **kwargs):
    """The beacons that this minion could use. CLI: salt '*' beacons.list_available"""
    if _beacons() is None:
        return _failure('list_available')
    names = sorted(set(name.split('.')[0] for name in _beacons().loader().functions if name.endswith('.beacon')))
    return schedulefile.dump({'beacons': names}) if return_yaml else names


def add(name, beacon_data, **kwargs):
    """Add a beacon. CLI: salt '*' beacons.add load "[{'averages': {'1m': [0.0, 2.0]}}]" """
    if name in _known():
        return {'result': True, 'comment': 'Beacon %s is already configured.' % name}
    wrong = _wrong(name, beacon_data)
    if wrong:
        return wrong
    if kwargs.get('test'):
        return {'result': True, 'comment': 'Beacon: %s would be added.' % name}
    _beacons().change(name, beaconconfig.as_list(beacon_data))
    return {'result': True, 'comment': 'Added beacon: %s.' % name}


def modify(name, beacon_data, **kwargs):
    """Replace the configuration of a beacon. CLI: salt '*' beacons.modify load "[{'averages': {'1m': [0.0, 3.0]}}]" """
    known = _known()
    if name not in known:
        return {'result': True, 'comment': 'Beacon %s is not configured.' % name}
    wrong = _wrong(name, beacon_data)
    if wrong:
        return wrong
    new = beaconconfig.as_list(beacon_data)
    if known[name] == new:
        return {'result': True, 'comment': 'Job %s in correct state' % name}
    changes = {'diff': _difference(known[name], new)}
    if kwargs.get('test'):
        return {'result': True, 'comment': 'Beacon: %s would be modified.' % name, 'changes': changes}
    _beacons().change(name, new)
    return {'result': True, 'comment': 'Modified beacon: %s.' % name, 'changes': changes}


def _difference(old, new):
    import difflib
    lines = [['%s:%s\n' % (key, value) for row in beaconconfig.as_list(config) for key, value in sorted(row.items())]
             for config in (old, new)]
    return ''.join(difflib.unified_diff(lines[0], lines[1]))


def _wrong(name, beacon_data):
    """A failure where the beacon is not there or refuses its configuration."""
    if _beacons() is None:
        return _failure('add')
    rows = beaconconfig.flat(beacon_data)
    module, functions = compat.to_native(rows.get('beacon_module') or name), _beacons().loader().functions
    if module + '.beacon' not in functions:
        return {'result': False, 'comment': 'Beacon "%s" is not available.' % module}
    if module + '.validate' in functions:
        valid, why = functions[module + '.validate'](beaconconfig.as_list(beacon_data))
        if not valid:
            return {'result': False, 'comment': 'Beacon %s configuration invalid, not adding.\n%s' % (name, why)}
    return None


def delete(name, **kwargs):
    """Remove a beacon. CLI: salt '*' beacons.delete load"""
    if kwargs.get('test'):
        return {'result': True, 'comment': 'Beacon: %s would be deleted.' % name}
    if _beacons() is None:
        return _failure('delete')
    _beacons().change(name, None)
    return {'result': True, 'comment': 'Deleted beacon: %s.' % name}


def save(**kwargs):
    """Keep the beacons in minion.d/beacons.conf. CLI: salt '*' beacons.save"""
    if _beacons() is None:
        return _failure('save')
    where = schedulefile.path(__opts__, FILE)
    try:
        schedulefile.write(where, _beacons().own(), 'beacons')
    except (EnvironmentError, ValueError) as exc:
        return {'result': False, 'comment': 'Unable to write to beacons file at %s: %s' % (where, compat.error_text(exc))}
    return {'result': True, 'comment': 'Beacons saved to %s.' % where}


def enable(**kwargs):
    """Let all beacons look again. CLI: salt '*' beacons.enable"""
    return _switch(True, 'enabled', kwargs)


def disable(**kwargs):
    """Keep all beacons from looking. CLI: salt '*' beacons.disable"""
    return _switch(False, 'disabled', kwargs)


def _switch(wanted, word, kwargs):
    if kwargs.get('test'):
        return {'result': True, 'comment': 'Beacons would be %s.' % word}
    if _beacons() is None:
        return _failure(word[:-1])
    _beacons().change('enabled', wanted)
    return {'result': True, 'comment': '%s beacons on minion.' % word.title()}


def enable_beacon(name, **kwargs):
    """Let one beacon look again. CLI: salt '*' beacons.enable_beacon load"""
    return _switch_one(name, True, 'enabled', kwargs)


def disable_beacon(name, **kwargs):
    """Keep one beacon from looking. CLI: salt '*' beacons.disable_beacon load"""
    return _switch_one(name, False, 'disabled', kwargs)


def _switch_one(name, wanted, word, kwargs):
    if not name:
        return {'result': False, 'comment': 'Beacon name is required.'}
    if kwargs.get('test'):
        said = 'Beacon %s would be enabled.' % name if wanted else 'Beacons would be disabled.'
        return {'result': True, 'comment': said}
    known = _known()
    if name not in known:
        return {'result': False, 'comment': 'Beacon %s is not currently configured.' % name}
    rows = [row for row in beaconconfig.as_list(known[name]) if 'enabled' not in row]
    _beacons().change(name, rows if wanted else rows + [{'enabled': False}])
    return {'result': True, 'comment': '%s beacon %s on minion.' % (word.title(), name)}


def reset(**kwargs):
    """Forget all beacons that are not of the pillar. CLI: salt '*' beacons.reset"""
    if kwargs.get('test'):
        return {'result': True, 'comment': 'Beacons would be reset.'}
    if _beacons() is None:
        return _failure('reset')
    _beacons().reset()
    return {'result': True, 'comment': 'Beacon configuration reset.'}


def _failure(what):
    """Nobody looks after beacons in a call without a minion."""
    return {'result': False, 'comment': NO_EVENT % what}


def _beacons():
    return getattr(__minion__, 'beacons', None)


def _known():
    return {} if _beacons() is None else _beacons().configured()
