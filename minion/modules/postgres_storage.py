"""Extensions, tablespaces and data folders of PostgreSQL (postgres.*). The arguments of the connection: postgres."""
from __future__ import absolute_import, division, print_function

import contextlib
import os

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import looseversion, pgsql, runas as accounts, tool
from minion.helpers.pgsql import Server as _Server, ident as _ident, literal as _literal

__virtualname__ = 'postgres'
_INSTALLED, _NOT_INSTALLED = 'EXTENSION INSTALLED', 'EXTENSION NOT INSTALLED'
_TO_UPGRADE, _TO_MOVE = 'EXTENSION TO UPGRADE', 'EXTENSION TO MOVE'


def __virtual__():
    return pgsql.available(__opts__)


# ---- extensions

def available_extensions(user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """Mapping of the extensions that could be installed, by name. CLI: postgres.available_extensions"""
    return _extensions(_Server(__salt__, user, host, port, maintenance_db, password, runas), 'available')


def installed_extensions(user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """Mapping of the extensions that a database has, by name. CLI: postgres.installed_extensions"""
    return _extensions(_Server(__salt__, user, host, port, maintenance_db, password, runas), 'installed')


def _extensions(server, kind):
    if kind == 'available':
        return dict((row['name'], row) for row in server.rows('SELECT * FROM pg_available_extensions()'))
    rows = server.rows('SELECT e.*, n.nspname AS schema_name FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace')
    return dict((row['extname'], row) for row in rows)


def get_available_extension(name, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """What is known of an extension that could be installed, or None. CLI: postgres.get_available_extension plpgsql"""
    return available_extensions(user, host, port, maintenance_db, password, runas).get(name)


def get_installed_extension(name, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """What is known of an extension that a database has, or None. CLI: postgres.get_installed_extension plpgsql"""
    return installed_extensions(user, host, port, maintenance_db, password, runas).get(name)


def is_available_extension(name, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """True if an extension could be installed. CLI: postgres.is_available_extension plpgsql"""
    return name in available_extensions(user, host, port, maintenance_db, password, runas)


def is_installed_extension(name, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """True if a database has this extension. CLI: postgres.is_installed_extension plpgsql"""
    return name in installed_extensions(user, host, port, maintenance_db, password, runas)


def create_metadata(name, ext_version=None, schema=None, user=None, host=None, port=None, maintenance_db=None,
                    password=None, runas=None):
    """A list of words about an extension: whether it is installed, is older than a version, is in another schema.

    CLI: postgres.create_metadata adminpack ext_version=1.0
    """
    return _state(_Server(__salt__, user, host, port, maintenance_db, password, runas), name, ext_version, schema)


def _state(server, name, ext_version, schema):
    found = _extensions(server, 'installed').get(name)
    if not found:
        return [_NOT_INSTALLED]
    older = ext_version and looseversion.compare(found['extversion'], ext_version) == -1
    elsewhere = schema and found['extrelocatable'] == 't' and found['schema_name'] != schema
    return [_INSTALLED] + ([_TO_UPGRADE] if older else []) + ([_TO_MOVE] if elsewhere else [])


def create_extension(name, if_not_exists=None, schema=None, ext_version=None, from_version=None, user=None, host=None,
                     port=None, maintenance_db=None, password=None, runas=None):
    """Install an extension, move it to a schema, bring it up to a version; True if it is as it should be.

    CLI: postgres.create_extension adminpack
    """
    server = _Server(__salt__, user, host, port, maintenance_db, password, runas)
    state = _state(server, name, ext_version, schema)
    wanted = (('SCHEMA', schema, _ident), ('VERSION', ext_version, _literal), ('FROM', from_version, _literal))
    words = ['%s %s' % (word, written(value)) for word, value, written in wanted if value]
    if _NOT_INSTALLED not in state:
        alter = 'ALTER EXTENSION %s ' % _ident(name)
        todo = [alter + 'SET ' + words[0]] if _TO_MOVE in state else []
        todo += [alter + 'UPDATE TO %s' % _literal(ext_version)] if _TO_UPGRADE in state else []
    elif name in _extensions(server, 'available'):
        begin = 'CREATE EXTENSION %s' % ('' if if_not_exists is False else 'IF NOT EXISTS ')
        todo = [' '.join([begin + _ident(name)] + (['WITH'] + words if words else []))]
    else:
        return False
    return not todo or server.done('; '.join(todo)) and _state(server, name, ext_version, schema) == [_INSTALLED]


def drop_extension(name, if_exists=None, restrict=None, cascade=None, user=None, host=None, port=None, maintenance_db=None,
                   password=None, runas=None):
    """Remove an extension with what needs it, unless restrict is True or cascade is False; True if it is gone.

    CLI: postgres.drop_extension adminpack
    """
    server = _Server(__salt__, user, host, port, maintenance_db, password, runas)
    if name not in _extensions(server, 'installed'):
        return True
    rest = ' RESTRICT' if restrict else '' if cascade is False else ' CASCADE'
    return server.done('DROP EXTENSION %s%s%s' % ('IF EXISTS ' if if_exists else '', _ident(name), rest))


# ---- tablespaces

def tablespace_list(user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """Mapping of all tablespaces to their properties. CLI: postgres.tablespace_list"""
    server = _Server(__salt__, user, host, port, maintenance_db, password, runas)
    return server.table('SELECT spcname AS name, pg_get_userbyid(spcowner) AS "Owner", spcacl AS "ACL", spcoptions AS "Opts", '
                        'pg_tablespace_location(oid) AS "Location" FROM pg_tablespace')


def tablespace_exists(name, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """True if there is a tablespace of this name. CLI: postgres.tablespace_exists dbname"""
    return name in tablespace_list(user, host, port, maintenance_db, password, runas)


def tablespace_create(name, location, options=None, owner=None, user=None, host=None, port=None, maintenance_db=None,
                      password=None, runas=None):
    """Make a tablespace in a folder that is there; True if that was done. options: mapping, such as seq_page_cost.

    CLI: postgres.tablespace_create tablespacename /path/datadir
    """
    sql = 'CREATE TABLESPACE %s%s LOCATION %s%s' % (
        _ident(name), ' OWNER %s' % _ident(owner) if owner else '', _literal(location),
        ' WITH (%s)' % _assigned(options) if options else '')
    return _Server(__salt__, user, host, port, maintenance_db, password, runas).done(sql)


def _assigned(options):
    if not isinstance(options, dict):
        raise SaltInvocationError('the options of a tablespace must be a mapping')
    return ', '.join('%s = %s' % (_ident(key), _literal(options[key])) for key in sorted(options))


def tablespace_alter(name, user=None, host=None, port=None, maintenance_db=None, password=None, new_name=None,
                     new_owner=None, set_option=None, reset_option=None, runas=None):
    """Change owner, options or name of a tablespace; True if all was done.

    set_option: mapping. reset_option: names with commas. CLI: postgres.tablespace_alter tsname new_owner=otheruser
    """
    server = _Server(__salt__, user, host, port, maintenance_db, password, runas)
    changes = ['OWNER TO %s' % _ident(new_owner)] if new_owner else []
    changes += ['SET (%s)' % _assigned(set_option)] if set_option else []
    changes += ['RESET (%s)' % ', '.join(map(_ident, tool.listed(reset_option)))] if reset_option else []
    changes += ['RENAME TO %s' % _ident(new_name)] if new_name else []     # the last one: the others know the old name
    return all(server.done('ALTER TABLESPACE %s %s' % (_ident(name), change)) for change in changes)


def tablespace_remove(name, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """Remove an empty tablespace; True if that was done. CLI: postgres.tablespace_remove tsname"""
    return _Server(__salt__, user, host, port, maintenance_db, password, runas).done('DROP TABLESPACE %s' % _ident(name))


# ---- folders of data

def datadir_exists(name):
    """True if a folder holds data and configuration of a server. CLI: postgres.datadir_exists /var/lib/pgsql/data"""
    return all(os.path.isfile(os.path.join(name, item)) for item in ('PG_VERSION', 'postgresql.conf'))


def datadir_init(name, auth='password', user=None, password=None, encoding='UTF8', locale=None, waldir=None,
                 checksums=False, runas=None):
    """Make a folder for the data of a server, as initdb does; True if that was done, False if it holds data.

    user, password: of its superuser, by default postgres. auth: how local clients show who they are.
    CLI: postgres.datadir_init /var/lib/pgsql/data
    """
    if datadir_exists(name):
        return False
    initdb = pgsql.program('initdb', __salt__['config.option']('postgres.bins_dir'))
    words = [tool.required(initdb or 'initdb'), '--pgdata=%s' % name, '--username=%s' % (user or 'postgres'),
             '--auth=%s' % auth, '--encoding=%s' % encoding]
    words += ['--locale=%s' % locale] if locale else []
    words += ['-X', waldir] if waldir else []
    words += ['--data-checksums'] if checksums else []
    account = runas or 'postgres'
    if password is None:
        return tool.succeeds(__salt__, words, runas=account)
    with _told(password, account) as path:
        return tool.succeeds(__salt__, words + ['--pwfile=%s' % path], runas=account)


@contextlib.contextmanager
def _told(password, account):
    """A file for a while that only this account can read."""
    import tempfile                              # half a megabyte that an idle minion does without
    handle, path = tempfile.mkstemp(prefix='minion-')
    try:
        with os.fdopen(handle, 'wb') as stream:
            if os.geteuid() == 0:
                os.fchown(handle, accounts.account(account).pw_uid, -1)
            stream.write(compat.to_bytes(compat.shown(password)) + b'\n')
        yield path
    finally:
        os.remove(path)
