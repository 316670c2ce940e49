"""Privileges on objects of PostgreSQL (postgres.*). The arguments of the connection: postgres.

object_type: table (views, too), sequence, schema, tablespace, language, database, function or group. privileges: list, or
text with commas; none for a group, of which a role is made a member. prepend: the schema of tables, sequences, functions.
grant_option: the role may give them on. object_name: ALL for all of a schema; a function with the types of its arguments.
"""
from __future__ import absolute_import, division, print_function

from minion.helpers import pgprivileges, pgsql
from minion.helpers.pgsql import ident as _ident

__virtualname__ = 'postgres'


def __virtual__():
    return pgsql.available(__opts__)


def _object(name, given):
    """(pgsql.Server, pgprivileges.Object) of a call: `given` holds all its arguments."""
    server = pgsql.Server(
        __salt__, *[given[key] for key in ('user', 'host', 'port', 'maintenance_db', 'password', 'runas')])
    return server, pgprivileges.Object(server, name, given['object_type'], given['prepend'])


def privileges_list(name, object_type, prepend='public', maintenance_db=None, user=None, host=None, port=None,
                    password=None, runas=None):
    """Mapping of roles to their privileges on an object, each True if it may be given on.

    CLI: postgres.privileges_list table_name table maintenance_db=db_name
    """
    return _object(name, locals())[1].listed()


def has_privileges(name, object_name, object_type, privileges=None, grant_option=None, prepend='public',
                   maintenance_db=None, user=None, host=None, port=None, password=None, runas=None):
    """True if a role has all these privileges on an object, or owns it.

    CLI: postgres.has_privileges user_name table_name table SELECT,INSERT maintenance_db=db_name
    """
    thing = _object(object_name, locals())[1]
    return thing.allows(name, thing.checked(privileges), grant_option)


def privileges_grant(name, object_name, object_type, privileges=None, grant_option=None, prepend='public',
                     maintenance_db=None, user=None, host=None, port=None, password=None, runas=None):
    """Give a role privileges on an object; True if that was done, False if it has them.

    CLI: postgres.privileges_grant user_name table_name table SELECT,UPDATE maintenance_db=db_name
    """
    server, thing = _object(object_name, locals())
    words = thing.checked(privileges)
    option = ' WITH %s OPTION' % ('ADMIN' if thing.kind == 'group' else 'GRANT') if grant_option else ''
    return not thing.allows(name, words, grant_option) and _done(server, thing, words, 'GRANT %s TO %s%s', name, option)


def privileges_revoke(name, object_name, object_type, privileges=None, prepend='public', maintenance_db=None, user=None,
                      host=None, port=None, password=None, runas=None):
    """Take privileges on an object from a role; True if that was done, False if it does not have them all.

    CLI: postgres.privileges_revoke user_name table_name table SELECT,UPDATE maintenance_db=db_name
    """
    server, thing = _object(object_name, locals())
    words = thing.checked(privileges)
    return thing.allows(name, words, None) and _done(server, thing, words, 'REVOKE %s FROM %s%s', name, '')


def _done(server, thing, words, form, role, rest):
    shown = thing.shown()
    what = '%s ON %s' % (','.join(words), shown) if words else shown
    return shown is not None and server.done(form % (what, _ident(role), rest))
