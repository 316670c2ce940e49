"""Schemas of databases of PostgreSQL (postgres_schema.*). The arguments of the connection: postgres_user."""
from __future__ import absolute_import, division, print_function

from minion.helpers import state_postgres
from minion.helpers.state_return import returned as _returned

_MADE = ('Schema %s is set to be created in database %s.', 'Schema %s has been created in database %s',
         'Failed to create schema %s in database %s')
_GONE = ('Schema %s is set to be removed from database %s', 'Schema %s has been removed from database %s')


def __virtual__():
    return state_postgres.available(__salt__)


def _call(function, dbname, name, given, **more):
    at = dict((key, given[key]) for key in ('user', 'db_user', 'db_password', 'db_host', 'db_port'))
    return __salt__['postgres.schema_' + function](dbname, name, **dict(at, **more))


def present(dbname, name, owner=None, user=None, db_user=None, db_password=None, db_host=None, db_port=None):
    """A database has a schema. owner: of a new one.

        accounting:
          postgres_schema.present:
            - dbname: books
            - owner: frank
    """
    given = dict(locals())
    if _call('get', dbname, name, given):
        return _returned(name, True, 'Schema %s already exists in database %s' % (name, dbname))
    return state_postgres.step(name, __opts__['test'], [text % (name, dbname) for text in _MADE],
                               lambda: _call('create', dbname, name, given, owner=owner), 'Present')


def absent(dbname, name, user=None, db_user=None, db_password=None, db_host=None, db_port=None):
    """A database does not have a schema; it goes only if it is empty.

        accounting:
          postgres_schema.absent:
            - dbname: books
    """
    given = dict(locals())
    if not _call('exists', dbname, name, given):
        return _returned(name, True, 'Schema %s is not present in database %s, so it cannot be removed' % (name, dbname))
    texts = [text % (name, dbname) for text in _GONE] + ['Schema %s failed to be removed' % name]
    return state_postgres.step(name, __opts__['test'], texts, lambda: _call('remove', dbname, name, given), 'Absent')
