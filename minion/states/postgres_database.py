"""Databases of PostgreSQL (postgres_database.*). The arguments of the connection: postgres_user."""
from __future__ import absolute_import, division, print_function

from minion.helpers import state_postgres
from minion.helpers.state_return import returned as _returned

_FIXED = (('encoding', 'Encoding'), ('lc_collate', 'Collate'), ('lc_ctype', 'Ctype'))
_ALTERED = ('Database %s exists, but parameters need to be changed', 'Parameters for database %s have been changed',
            'Failed to change parameters for database %s')


def __virtual__():
    return state_postgres.available(__salt__)


def present(name, tablespace=None, encoding=None, lc_collate=None, lc_ctype=None, owner=None, owner_recurse=False,
            template=None, user=None, maintenance_db=None, db_password=None, db_host=None, db_port=None, db_user=None):
    """A database is there. Its owner and tablespace can be changed, all else only counts for a new one.

    owner_recurse: what is in it gets the owner, too.

        frank:
          postgres_database.present:
            - owner: frank
    """
    given, test = dict(locals()), __opts__['test']
    at = state_postgres.connection(given)
    found = __salt__['postgres.db_list'](**at).get(name)
    if found is None:
        at.update((key, given[key]) for key in ('tablespace', 'encoding', 'lc_collate', 'lc_ctype', 'owner', 'template'))
        return state_postgres.made(name, test, 'database', 'create',
                                   lambda: __salt__['postgres.db_create'](name, **at), 'Present')
    if any(given[key] and given[key] != found[title] for key, title in _FIXED):
        return _returned(name, False, 'Database %s has wrong parameters which couldn\'t be changed on fly.' % name)
    changed = dict((key, given[key]) for key, title in (('owner', 'Owner'), ('tablespace', 'Tablespace'))
                   if given[key] and given[key] != found[title])
    if not changed:
        return _returned(name, True, 'Database %s is already present' % name)
    at.update(changed, owner_recurse=owner_recurse)
    return state_postgres.step(name, test, [text % name for text in _ALTERED],
                               lambda: __salt__['postgres.db_alter'](name, **at), 'Parameters changed')


def absent(name, user=None, maintenance_db=None, db_password=None, db_host=None, db_port=None, db_user=None):
    """A database is not there.

        frank:
          postgres_database.absent
    """
    at = state_postgres.connection(locals())
    there = __salt__['postgres.db_exists'](name, **at)
    return state_postgres.gone(name, __opts__['test'], 'Database', there, lambda: __salt__['postgres.db_remove'](name, **at))
