"""Roles of PostgreSQL: users and groups (postgres.*). The arguments of the connection: postgres.

createdb, createroles, inherit, login, superuser, replication: what the role may do, None to leave that to the server.
rolepassword: the password, or what the server keeps of one; encrypted: None, True or md5, or scram-sha-256.
groups: list, or text with commas, of roles that it is to be a member of.
"""
from __future__ import absolute_import, division, print_function

from minion.helpers import pgroles, pgsql
from minion.helpers.pgsql import Server as _Server, ident as _ident

__virtualname__ = 'postgres'


def __virtual__():
    return pgsql.available(__opts__)


def _server(given):
    """The server of a call: `given` holds all its arguments."""
    return _Server(__salt__, *[given[name] for name in ('user', 'host', 'port', 'maintenance_db', 'password', 'runas')])


def _has(server, name):
    return name in (pgroles.listed(server, False) or ())


def _create(name, given, login):
    server, defaults = _server(given), {'inherit': True, 'login': login}
    if _has(server, name):
        return False
    wanted = dict(given, **dict((key, defaults[key]) for key in defaults if given[key] is None))
    return _do(server, 'CREATE', name, wanted)


def _update(name, given):
    server = _server(given)
    return _has(server, name) and _do(server, 'ALTER', name, given)


def _do(server, verb, name, given):
    words, secret = pgroles.options(name, given)
    statements = [' '.join([verb, 'ROLE', _ident(name), 'WITH'] + words)] if words or verb == 'CREATE' else []
    statements += pgroles.grants(name, given['groups'])
    return not statements or server.done('; '.join(statements), secret=secret)


def _remove(name, given):
    server = _server(given)
    return _has(server, name) and server.done('DROP ROLE %s' % _ident(name))


def user_list(user=None, host=None, port=None, maintenance_db=None, password=None, runas=None, return_password=False):
    """Mapping of all roles to what they may do; False when the server does not answer. CLI: postgres.user_list"""
    return pgroles.listed(_server(locals()), return_password)


def role_get(name, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None, return_password=False):
    """What a role may do, None if there is none. return_password: also what is kept of its password.

    CLI: postgres.role_get postgres
    """
    return (pgroles.listed(_server(locals()), return_password) or {}).get(name)


def user_exists(name, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """True if there is a role of this name. CLI: postgres.user_exists username"""
    return _has(_server(locals()), name)


def user_create(username, user=None, host=None, port=None, maintenance_db=None, password=None, createdb=None,
                createroles=None, inherit=None, login=None, connlimit=None, encrypted=None, superuser=None, replication=None,
                rolepassword=None, valid_until=None, groups=None, runas=None):
    """Make a role that may log in; True if that was done. CLI: postgres.user_create username rolepassword=secret"""
    return _create(username, locals(), True)


def user_update(username, user=None, host=None, port=None, maintenance_db=None, password=None, createdb=None,
                createroles=None, encrypted=None, superuser=None, inherit=None, login=None, connlimit=None, replication=None,
                rolepassword=None, valid_until=None, groups=None, runas=None):
    """Change a role; True if that was done. rolepassword=False: none any more. CLI: postgres.user_update username login=True"""
    return _update(username, locals())


def user_remove(username, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """Remove a role; True if that was done. CLI: postgres.user_remove username"""
    return _remove(username, locals())


def group_create(groupname, user=None, host=None, port=None, maintenance_db=None, password=None, createdb=None,
                 createroles=None, encrypted=None, login=None, inherit=None, superuser=None, replication=None,
                 rolepassword=None, groups=None, runas=None):
    """Make a role that may not log in; True if that was done. CLI: postgres.group_create groupname"""
    return _create(groupname, locals(), False)


def group_update(groupname, user=None, host=None, port=None, maintenance_db=None, password=None, createdb=None,
                 createroles=None, encrypted=None, inherit=None, login=None, superuser=None, replication=None,
                 rolepassword=None, groups=None, runas=None):
    """Change a role; True if that was done. CLI: postgres.group_update groupname superuser=True"""
    return _update(groupname, locals())


def group_remove(groupname, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """Remove a role; True if that was done. CLI: postgres.group_remove groupname"""
    return _remove(groupname, locals())
