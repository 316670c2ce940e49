"""Beacons of this minion: small functions that look at the host now and then (beacon.*).

With `save` they are also kept over restarts, in minion.d/beacons.conf.
"""
from __future__ import absolute_import, division, print_function

from minion.helpers import beaconconfig
from minion.helpers.state_return import returned as _returned

_ABSENT = '%s not configured in beacons'


def present(name, save=False, **kwargs):
    """A beacon looks at the host with this configuration. beacon_module: which one, else `name`.

    watched services:
      beacon.present:
        - beacon_module: service
        - interval: 60
        - services:
            sshd: {}
        - save: True
    """
    known, rows = _known(), [{key: value} for key, value in kwargs.items()]
    if name in known and beaconconfig.flat(known[name]) == kwargs and len(known[name]) == len(rows):
        return _saved(_returned(name, True, 'Job %s in correct state' % name), save)
    word, said = ('modify', 'Modifying %s in beacons') if name in known else ('add', 'Adding %s to beacons')
    done = __salt__['beacons.' + word](name, rows, **_mode())
    if __opts__['test']:
        return _saved(_returned(name, True, done['comment'], done.get('changes')), save)
    if not done['result']:
        return _returned(name, False, done['comment'])
    return _saved(_returned(name, True, said % name, done.get('changes')), save)


def _known():
    return __salt__['beacons.list'](return_yaml=False)


def _mode():
    return {'test': True} if __opts__['test'] else {}


def _saved(answer, save):
    """The answer, once the beacons are kept where that is wanted."""
    if not save:
        return answer
    done = __salt__['beacons.save'](**_mode()) if not __opts__['test'] else {'result': True}
    said = 'Beacon %s would be saved' if __opts__['test'] else 'Beacon %s saved'
    if not done['result']:
        return dict(answer, result=False, comment='%s\n%s' % (answer['comment'], done['comment']))
    return dict(answer, comment='%s\n%s' % (answer['comment'], said % answer['name']))


def absent(name, save=False, **kwargs):
    """There is no such beacon.

    watched services:
      beacon.absent:
        - save: True
    """
    if name not in _known():
        return _saved(_returned(name, True, _ABSENT % name), save)
    done = __salt__['beacons.delete'](name, **_mode())
    if not done['result']:
        return _returned(name, False, done['comment'])
    return _saved(_returned(name, True, done['comment'] if __opts__['test'] else 'Removed %s from beacons' % name), save)


def enabled(name, **kwargs):
    """A beacon that is configured looks at the host."""
    return _switched(name, 'enable', '%s not a configured beacon', 'Beacon %s would be enabled.' % name,
                     'Enabled %s from beacons' % name)


def disabled(name, **kwargs):
    """A beacon that is configured stays so, but does not look."""
    return _switched(name, 'disable', 'Job %s is not configured.', 'Beacons would be disabled.', 'Disabled beacon %s.' % name)


def _switched(name, word, unknown, foreseen, said):
    if name not in _known():
        return _returned(name, True, unknown % name)
    if __opts__['test']:
        return _returned(name, True, foreseen)
    done = __salt__['beacons.%s_beacon' % word](name)
    return _returned(name, done['result'], said if done['result'] else done['comment'])
