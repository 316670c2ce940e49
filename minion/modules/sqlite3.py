"""SQLite databases on this host (sqlite3.*)."""
from __future__ import absolute_import, division, print_function

import contextlib

try:
    import sqlite3
except ImportError:                              # a Python that was built without it
    sqlite3 = None

_VERSION = '2.6.0'                               # of the interface; Python 3.14 does not tell it any more


def __virtual__():
    return sqlite3 is not None or (False, 'The sqlite3 execution module failed to load: the sqlite3 python library is missing')


@contextlib.contextmanager
def _cursor(db):
    with contextlib.closing(sqlite3.connect(db)) as connection:
        yield connection.cursor()
        connection.commit()


def version():
    """The version of Python's interface to SQLite. CLI: sqlite3.version"""
    return _VERSION


def sqlite_version():
    """The version of SQLite. CLI: sqlite3.sqlite_version"""
    return sqlite3.sqlite_version


def modify(db=None, sql=None):
    """Run one statement that changes a database; True, False without a database.

    CLI: sqlite3.modify /root/a.db 'DROP TABLE t'
    """
    if not db:
        return False
    with _cursor(db) as cursor:
        cursor.execute(sql)
    return True


def fetch(db=None, sql=None):
    """All rows that a query finds, False without a database. CLI: sqlite3.fetch /root/test.db 'SELECT * FROM test'"""
    if not db:
        return False
    with _cursor(db) as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def tables(db=None):
    """The tables of a database, each name in a row. CLI: sqlite3.tables /root/test.db"""
    return fetch(db, "SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")


def indices(db=None):
    """The indices of a database, each name in a row. CLI: sqlite3.indices /root/test.db"""
    return fetch(db, "SELECT name FROM sqlite_master WHERE type='index' ORDER BY name")


def indexes(db=None):
    """The same as indices. CLI: sqlite3.indexes /root/test.db"""
    return indices(db)
