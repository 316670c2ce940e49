"""Languages of the database maintenance_db of PostgreSQL (postgres_language.*). The other arguments: postgres_user."""
from __future__ import absolute_import, division, print_function

from minion.helpers import state_postgres
from minion.helpers.state_return import returned as _returned

_MADE = ('Language %s is set to be installed', 'Language %s has been installed', 'Failed to install language %s')


def __virtual__():
    return state_postgres.available(__salt__)


def present(name, maintenance_db, user=None, db_password=None, db_host=None, db_port=None, db_user=None):
    """A database has a language.

        plpgsql:
          postgres_language.present:
            - maintenance_db: books
    """
    at = state_postgres.connection(locals())
    if __salt__['postgres.language_exists'](name, **at):
        return _returned(name, True, 'Language %s is already installed' % name)
    return state_postgres.step(name, __opts__['test'], [text % name for text in _MADE],
                               lambda: __salt__['postgres.language_create'](name, **at), 'Present')


def absent(name, maintenance_db, user=None, db_password=None, db_host=None, db_port=None, db_user=None):
    """A database does not have a language.

        plpgsql:
          postgres_language.absent:
            - maintenance_db: books
    """
    at = state_postgres.connection(locals())
    there = __salt__['postgres.language_exists'](name, **at)
    return state_postgres.gone(name, __opts__['test'], 'Language', there,
                               lambda: __salt__['postgres.language_remove'](name, **at), comma='')
