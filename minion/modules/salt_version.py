"""The Salt release that this minion stands in for, by code name (salt_version.*)."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import CommandExecutionError

_DATED = (('hydrogen', '2014.1'), ('helium', '2014.7'), ('lithium', '2015.5'), ('beryllium', '2015.8'),
          ('boron', '2016.3'), ('carbon', '2016.11'), ('nitrogen', '2017.7'), ('oxygen', '2018.3'),
          ('fluorine', '2019.2'))
_NUMBERED = ('neon', 'sodium', 'magnesium', 'aluminium', 'silicon', 'phosphorus', 'sulfur', 'chlorine', 'argon',
             'potassium', 'calcium', 'scandium', 'titanium', 'vanadium', 'chromium', 'manganese', 'iron', 'cobalt',
             'nickel', 'copper', 'zinc')
_RELEASES = dict(_DATED, **dict((name, str(3000 + at)) for at, name in enumerate(_NUMBERED)))


def get_release_number(name):
    """The number of the release with a code name, None if there is none. CLI: salt_version.get_release_number Oxygen"""
    if not compat.is_text(name):
        raise CommandExecutionError("'name' argument must be a string")
    return _RELEASES.get(compat.to_native(name).lower())


def _compared(name):
    """(running release, named one) as lists of numbers; None if there is no such name."""
    number = get_release_number(name)
    if number is None:
        return None
    running = [int(part) for part in str(__grains__['saltversion']).split('.') if part.isdigit()]
    named = [int(part) for part in number.split('.')]
    return running[:len(named)], named


def equal(name):
    """True if the running release has this code name. CLI: salt_version.equal Oxygen"""
    pair = _compared(name)
    return pair is not None and pair[0] == pair[1]


def greater_than(name):
    """True if the running release is newer than the named one. CLI: salt_version.greater_than Oxygen"""
    pair = _compared(name)
    return pair is not None and pair[0] > pair[1]


def less_than(name):
    """True if the running release is older than the named one. CLI: salt_version.less_than Oxygen"""
    pair = _compared(name)
    return pair is not None and pair[0] < pair[1]
