"""Folders with the data of a PostgreSQL server, as initdb makes them (postgres_initdb.*)."""
from __future__ import absolute_import, division, print_function

from minion.helpers import state_postgres
from minion.helpers.state_return import returned as _returned

_MADE = ('Postgres data directory %s is set to be initialized', 'Postgres data directory %s has been initialized',
         'Postgres data directory %s initialization failed')


def __virtual__():
    return state_postgres.available(__salt__)


def present(name, user=None, password=None, auth='password', encoding='UTF8', locale=None, runas=None, waldir=None,
            checksums=False):
    """A folder holds the data of a server; what is in one that does already is left as it is.

    user, password: of the superuser. auth: how local clients show who they are. runas: the account, by default postgres.

        /var/lib/pgsql/data:
          postgres_initdb.present:
            - auth: peer
            - password: secret
            - checksums: True
    """
    given = dict(locals())
    if __salt__['postgres.datadir_exists'](name):
        return _returned(name, True, 'Postgres data directory %s is already present' % name)
    return state_postgres.step(name, __opts__['test'], [text % name for text in _MADE],
                               lambda: __salt__['postgres.datadir_init'](**given), 'Present')
