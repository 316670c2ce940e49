"""Extensions of PostgreSQL in the database maintenance_db (postgres_extension.*). The other arguments: postgres_user."""
from __future__ import absolute_import, division, print_function

from minion.helpers import state_postgres
from minion.helpers.state_return import returned as _returned


def __virtual__():
    return state_postgres.available(__salt__)


def present(name, if_not_exists=None, schema=None, ext_version=None, from_version=None, user=None, maintenance_db=None,
            db_user=None, db_password=None, db_host=None, db_port=None):
    """An extension is installed, in this schema, in this version or a later one.

        adminpack:
          postgres_extension.present:
            - maintenance_db: books
    """
    at = state_postgres.connection(locals())
    state = __salt__['postgres.create_metadata'](name, schema=schema, ext_version=ext_version, **at)
    verb = 'install' if 'EXTENSION NOT INSTALLED' in state else 'upgrade'
    if state == ['EXTENSION INSTALLED']:
        return _returned(name, True, 'Extension %s is already present' % name)
    at.update(if_not_exists=if_not_exists, schema=schema, ext_version=ext_version, from_version=from_version)
    return state_postgres.made(name, __opts__['test'], 'extension', verb,
                               lambda: __salt__['postgres.create_extension'](name, **at), verb.rstrip('e').capitalize() + 'ed')


def absent(name, if_exists=None, restrict=None, cascade=None, user=None, maintenance_db=None, db_user=None, db_password=None,
           db_host=None, db_port=None):
    """An extension is not installed. What needs it goes, too, unless restrict is True or cascade is False.

        adminpack:
          postgres_extension.absent
    """
    at = state_postgres.connection(locals())
    there = __salt__['postgres.is_installed_extension'](name, **at)
    at.update(if_exists=if_exists, restrict=restrict, cascade=cascade)
    return state_postgres.gone(name, __opts__['test'], 'Extension', there,
                               lambda: __salt__['postgres.drop_extension'](name, **at))
