"""Groups of PostgreSQL: roles that may not log in (postgres_group.*). The arguments: postgres_user."""
from __future__ import absolute_import, division, print_function

from minion.helpers import state_postgres


def __virtual__():
    return state_postgres.available(__salt__)


def present(name, createdb=None, createroles=None, encrypted=None, superuser=None, inherit=None, login=None,
            replication=None, password=None, refresh_password=None, groups=None, user=None, maintenance_db=None,
            db_password=None, db_host=None, db_port=None, db_user=None):
    """A group is there, with these rights; what is None is left as it is.

        staff:
          postgres_group.present:
            - createdb: True
    """
    return state_postgres.role_present(__salt__, __opts__['test'], 'group', locals())


def absent(name, user=None, maintenance_db=None, db_password=None, db_host=None, db_port=None, db_user=None):
    """A group is not there.

        staff:
          postgres_group.absent
    """
    return state_postgres.role_absent(__salt__, __opts__['test'], 'group', locals())
