"""Databases of PostgreSQL with their schemas and languages (postgres.*). Roles, privileges and more: postgres_*.

user, host, port, maintenance_db, password: of the connection, by default the settings postgres.user, postgres.host,
postgres.port, postgres.maintenance_db, postgres.pass. runas: the account that runs psql.
"""
from __future__ import absolute_import, division, print_function

from minion.errors import CommandExecutionError
from minion.helpers import pgsql
from minion.helpers.pgsql import Server as _Server, ident as _ident, literal as _literal

__virtualname__ = 'postgres'


def __virtual__():
    return pgsql.available(__opts__)


# ---- the server

def version(user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """The version of the server, None if it does not answer. CLI: postgres.version"""
    return _Server(__salt__, user, host, port, maintenance_db, password, runas).version()


def psql_query(query, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None, write=False):
    """A list of mappings, one a row, of all that a query finds. write: also where transactions are read-only.

    CLI: postgres.psql_query 'select * from pg_stat_activity'
    """
    return _Server(__salt__, user, host, port, maintenance_db, password, runas).rows(query, write)


# ---- databases

def db_list(user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """Mapping of all databases to their properties. CLI: postgres.db_list"""
    return _Server(__salt__, user, host, port, maintenance_db, password, runas).table(
        'SELECT d.datname AS name, pg_get_userbyid(d.datdba) AS "Owner", pg_encoding_to_char(d.encoding) AS "Encoding", '
        'd.datcollate AS "Collate", d.datctype AS "Ctype", d.datacl AS "Access privileges", t.spcname AS "Tablespace" '
        'FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace')


def db_exists(name, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """True if there is a database of this name. CLI: postgres.db_exists dbname"""
    return name in db_list(user, host, port, maintenance_db, password, runas)


def db_create(name, user=None, host=None, port=None, maintenance_db=None, password=None, tablespace=None, encoding=None,
              lc_collate=None, lc_ctype=None, owner=None, template=None, runas=None):
    """Make a database; True if that was done. CLI: postgres.db_create dbname template=template0"""
    wanted = (('TABLESPACE', tablespace, _ident), ('OWNER', owner, _ident), ('TEMPLATE', template, _ident),
              ('ENCODING', encoding, _literal), ('LC_COLLATE', lc_collate, _literal), ('LC_CTYPE', lc_ctype, _literal))
    rest = ['%s = %s' % (word, written(value)) for word, value, written in wanted if value]
    return _Server(__salt__, user, host, port, maintenance_db, password, runas).done(
        ' '.join(['CREATE DATABASE', _ident(name)] + (['WITH'] + rest if rest else [])))


def db_alter(name, user=None, host=None, port=None, maintenance_db=None, password=None, tablespace=None, owner=None,
             owner_recurse=False, runas=None):
    """Change the owner or tablespace of a database; True if that was done. owner_recurse: also of all that is in it.

    CLI: postgres.db_alter dbname owner=otheruser
    """
    server = _Server(__salt__, user, host, port, maintenance_db, password, runas)
    if owner and owner_recurse and owner_to(name, owner, user, host, port, password, runas)['retcode']:
        return False
    changes = ['OWNER TO %s' % _ident(owner)] if owner and not owner_recurse else []
    changes += ['SET TABLESPACE %s' % _ident(tablespace)] if tablespace else []
    return all(server.done('ALTER DATABASE %s %s' % (_ident(name), change)) for change in changes)


def db_remove(name, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
    """Remove a database after its connections were ended; True. CLI: postgres.db_remove dbname"""
    server = _Server(__salt__, user, host, port, maintenance_db, password, runas)
    for sql in _removal(name, server):
        told = server.run(sql)
        if told['retcode']:
            raise CommandExecutionError('Failed to remove database %s: %s' % (name, told['stderr']))
    return True


def _removal(name, server):
    """The statements that end the connections of a database and remove it."""
    if not server.is_before('13'):
        return ['DROP DATABASE %s WITH (FORCE)' % _ident(name)]
    pid = 'procpid' if server.is_before('9.2') else 'pid'
    return ['REVOKE CONNECT ON DATABASE %s FROM public' % _ident(name),
            'SELECT pg_terminate_backend({0}) FROM pg_stat_activity WHERE datname = {1} AND {0} <> pg_backend_pid()'.format(
                pid, _literal(name)), 'DROP DATABASE %s' % _ident(name)]


def owner_to(dbname, ownername, user=None, host=None, port=None, password=None, runas=None):
    """Give a database and all schemas, relations and functions in it an owner; what cmd.run_all returns of psql.

    CLI: postgres.owner_to dbname username
    """
    server = _Server(__salt__, user, host, port, dbname, password, runas)
    owned = ['ALTER DATABASE %s' % _ident(dbname)] + [row['sql'] for row in server.rows(
        "SELECT 'ALTER SCHEMA ' || quote_ident(nspname) AS sql FROM pg_namespace WHERE {0} UNION ALL "
        "SELECT 'ALTER FUNCTION ' || quote_ident(nspname) || '.' || quote_ident(proname) || '(' || "
        "pg_get_function_identity_arguments(p.oid) || ')' FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace "
        "WHERE {0} AND p.oid NOT IN (SELECT aggfnoid FROM pg_aggregate) AND NOT EXISTS "
        "(SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') UNION ALL "
        "SELECT 'ALTER ' || CASE relkind WHEN 'S' THEN 'SEQUENCE ' WHEN 'v' THEN 'VIEW ' ELSE 'TABLE ' END || "
        "quote_ident(nspname) || '.' || quote_ident(relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE {0} AND relkind IN ('r', 'v', 'S') AND NOT EXISTS "
        "(SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'e', 'i') AND c.relkind IN ('S', 'r'))".format(
            "nspname NOT LIKE 'pg!_%' ESCAPE '!' AND nspname <> 'information_schema'"))]
    sql = '; '.join('%s OWNER TO %s' % (item, _ident(ownername)) for item in owned)
    return server.run(sql, secret=True)          # that is: through its input, as these may be very many


# ---- schemas

def schema_list(dbname, user=None, db_user=None, db_password=None, db_host=None, db_port=None):
    """Mapping of the schemas of a database to owner and acl. user: the account that runs psql.

    CLI: postgres.schema_list dbname
    """
    return _Server(__salt__, db_user, db_host, db_port, dbname, db_password, user).table(
        'SELECT nspname AS name, nspacl AS acl, pg_get_userbyid(nspowner) AS owner FROM pg_namespace')


def schema_get(dbname, name, user=None, db_user=None, db_password=None, db_host=None, db_port=None):
    """Owner and acl of a schema, None if it is not there. CLI: postgres.schema_get dbname name"""
    return schema_list(dbname, user, db_user, db_password, db_host, db_port).get(name)


def schema_exists(dbname, name, user=None, db_user=None, db_password=None, db_host=None, db_port=None):
    """True if a database has this schema. CLI: postgres.schema_exists dbname schemaname"""
    return name in schema_list(dbname, user, db_user, db_password, db_host, db_port)


def schema_create(dbname, name, owner=None, user=None, db_user=None, db_password=None, db_host=None, db_port=None):
    """Make a schema; True if that was done. CLI: postgres.schema_create dbname name owner=owner"""
    if schema_exists(dbname, name, user, db_user, db_password, db_host, db_port):
        return False
    return _Server(__salt__, db_user, db_host, db_port, dbname, db_password, user).done(
        'CREATE SCHEMA %s' % _ident(name) + (' AUTHORIZATION %s' % _ident(owner) if owner else ''))


def schema_remove(dbname, name, user=None, db_user=None, db_password=None, db_host=None, db_port=None):
    """Remove an empty schema; True if that was done. CLI: postgres.schema_remove dbname schemaname"""
    if not schema_exists(dbname, name, user, db_user, db_password, db_host, db_port):
        return False
    return _Server(__salt__, db_user, db_host, db_port, dbname, db_password, user).done('DROP SCHEMA %s' % _ident(name))


# ---- languages

def language_list(maintenance_db, user=None, host=None, port=None, password=None, runas=None):
    """Mapping of the names of a database's languages to themselves. CLI: postgres.language_list dbname"""
    server = _Server(__salt__, user, host, port, maintenance_db, password, runas)
    found = server.table('SELECT lanname AS name FROM pg_language')
    return dict((name, name) for name in found)


def language_exists(name, maintenance_db, user=None, host=None, port=None, password=None, runas=None):
    """True if a database has this language. CLI: postgres.language_exists plpgsql dbname"""
    return name in language_list(maintenance_db, user, host, port, password, runas)


def language_create(name, maintenance_db, user=None, host=None, port=None, password=None, runas=None):
    """Install a language in a database; True if that was done. CLI: postgres.language_create plpgsql dbname"""
    if language_exists(name, maintenance_db, user, host, port, password, runas):
        return False
    return _Server(__salt__, user, host, port, maintenance_db, password, runas).done('CREATE LANGUAGE %s' % _ident(name))


def language_remove(name, maintenance_db, user=None, host=None, port=None, password=None, runas=None):
    """Remove a language from a database; True if that was done. CLI: postgres.language_remove plpgsql dbname"""
    if not language_exists(name, maintenance_db, user, host, port, password, runas):
        return False
    return _Server(__salt__, user, host, port, maintenance_db, password, runas).done('DROP LANGUAGE %s' % _ident(name))
