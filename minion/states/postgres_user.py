"""Users of PostgreSQL: roles that may log in (postgres_user.*).

user: the account that runs psql. db_user, db_password, db_host, db_port, maintenance_db: of the connection.
"""
from __future__ import absolute_import, division, print_function

from minion.helpers import state_postgres


def __virtual__():
    return state_postgres.available(__salt__)


def present(name, createdb=None, createroles=None, encrypted=None, superuser=None, replication=None, inherit=None,
            login=None, password=None, default_password=None, refresh_password=None, valid_until=None, groups=None, user=None,
            maintenance_db=None, db_password=None, db_host=None, db_port=None, db_user=None):
    """A user is there, with these rights; what is None is left as it is.

    password: the text, or what the server keeps. encrypted: md5, as by default, or scram-sha-256. default_password: for a new
    user only. refresh_password: set it each time, without looking. groups: list, or text with commas.

        frank:
          postgres_user.present:
            - createdb: True
            - password: secret
            - encrypted: scram-sha-256
    """
    return state_postgres.role_present(__salt__, __opts__['test'], 'user', locals())


def absent(name, user=None, maintenance_db=None, db_password=None, db_host=None, db_port=None, db_user=None):
    """A user is not there.

        frank:
          postgres_user.absent
    """
    return state_postgres.role_absent(__salt__, __opts__['test'], 'user', locals())
