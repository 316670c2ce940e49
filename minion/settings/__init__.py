"""The table of settings: one row each, in the order of the documented sample conf/minion.

Names, defaults and meanings are those of the reference minion 3008.3, as far as it has the setting. Behind its text a row may
have marks (marks.py). A key that is not in the table is kept for execution modules to read.

docs/configuration.md is written from this table and the sample: `python docs/pages.py` after any change of either.
"""
from __future__ import absolute_import, division, print_function

import copy
from collections import namedtuple

from minion.settings import checks, connection, host, marks, states, work

SECTIONS = (('connection', connection.ROWS), ('host', host.ROWS), ('work', work.ROWS), ('states', states.ROWS))

# absent, own, hup: booleans, see marks.py; no_effect: the reason why nothing comes of it, None
Setting = namedtuple('Setting', 'name check default doc absent own hup no_effect')


def _setting(name, check, default, doc, *given):
    reason = next((mark for mark in given if isinstance(mark, marks.NoEffect)), None)
    return Setting(name, check, default, doc, marks.ABSENT in given, marks.OWN in given, marks.HUP in given, reason)


def _table():
    table = {}
    for _, rows in SECTIONS:
        for row in rows:
            setting = _setting(*row)
            if setting.name in table:
                raise ValueError('two rows for the setting ' + setting.name)
            table[setting.name] = setting
    return table


TABLE = _table()
SECRET = ('password', 'passphrase', 'secret', 'token')


def defaults():
    """A fresh mapping of all names to their defaults, which the caller may change."""
    return dict((name, copy.deepcopy(setting.default)) for name, setting in TABLE.items())


def checked(name, value):
    """The value to work with; a name that is not in the table keeps what it has.

    :raises checks.Wrong: a value that the setting cannot have; the text shows it, unless it may be a secret, and says
        what it should be.
    """
    setting = TABLE.get(name)
    if setting is None:
        return value
    try:
        return setting.check(value)
    except checks.Wrong as exc:
        raise checks.Wrong('%s should be %s' % (_shown(name, value), exc))


def _shown(name, value):
    if any(word in name for word in SECRET):
        return 'the value'
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + '...'
