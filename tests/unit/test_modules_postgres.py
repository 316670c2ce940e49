# coding: utf-8
"""postgres.*: the server, databases, schemas, languages, and how SQL is written. The answers are those of PostgreSQL 15."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import pgsql
from tests.support import hostmodules
from tests.support.psql import Psql

DATABASES = ('name,Owner,Encoding,Collate,Ctype,Access privileges,Tablespace\npostgres,postgres,UTF8,C,C,,pg_default\n'
             'shop,joe,UTF8,C,C,"{=c/joe,joe=CTc/joe}",fast\n')
SHOP = {'Owner': 'joe', 'Encoding': 'UTF8', 'Collate': 'C', 'Ctype': 'C', 'Access privileges': '{=c/joe,joe=CTc/joe}',
        'Tablespace': 'fast'}
EVIL = 'a"; DROP TABLE t; --\'\\'
EVIL_NAME, EVIL_TEXT = '"a""; DROP TABLE t; --\'\\"', "E'a\"; DROP TABLE t; --''\\x5c'"


@pytest.fixture
def psql(tmpdir, monkeypatch):
    psql = Psql(str(tmpdir.mkdir('host')), monkeypatch)
    psql.answers += [('FROM pg_database', DATABASES), ('FROM pg_namespace', 'name,acl,owner\npublic,{=U/joe},joe\n'),
                     ('FROM pg_language', 'name\nsql\nplpgsql\n'), ('SHOW server_version', '15.18 (Debian 15.18-0)')]
    return psql


# ---- how it is asked

def test_a_connection_by_default(psql):
    assert psql.call('version') == '15.18 (Debian 15.18-0)'
    (words, options), = psql.runs
    assert words == [os.path.join(psql.folder, 'psql'), '--no-align', '--no-readline', '--no-psqlrc', '--no-password',
                     '--dbname', 'postgres', '--tuples-only', '-c', 'SHOW server_version']
    assert options == {'python_shell': False, 'runas': 'postgres',
                       'env': {'PGDATESTYLE': 'ISO,MDY', 'PGCLIENTENCODING': 'UTF8'}}


def test_a_connection_by_arguments_and_by_settings(psql):
    psql.settings = {'postgres.user': 'set', 'postgres.host': 'sethost', 'postgres.port': 1, 'postgres.pass': 'hidden',
                     'postgres.maintenance_db': 'setdb', 'postgres.timeout': 60}
    psql.call('version')
    (words, options), = psql.runs
    assert words[5:13] == ['--username', 'set', '--host', 'sethost', '--port', '1', '--dbname', 'setdb']
    assert options['env']['PGPASSWORD'] == 'hidden' and options['timeout'] == 60 and options['runas'] is None
    psql.call('version', 'joe', '/run/sockets', 5433, 'db', 'secret')
    (words, options), = psql.runs
    assert words[5:13] == ['--username', 'joe', '--host', '/run/sockets', '--port', '5433', '--dbname', 'db']
    assert options['env']['PGPASSWORD'] == 'secret' and options['runas'] == 'postgres'
    assert 'secret' not in ' '.join(words)
    psql.call('version', runas='me')
    assert psql.runs[0][1]['runas'] == 'me'


@pytest.mark.parametrize('name, word', [
    ('shop', 'shop'), ('host=evil dbname=x', "dbname='host=evil dbname=x'"), ("postgres://'\\", "dbname='postgres://\\'\\\\'")])
def test_a_database_is_never_a_whole_connection(psql, name, word):
    psql.call('version', maintenance_db=name)
    assert psql.runs[0][0][6] == word


def test_a_folder_of_programs(tmpdir):
    tmpdir.join('psql').write('')
    assert pgsql.program('psql', str(tmpdir)) is None
    tmpdir.join('psql').chmod(0o755)
    assert pgsql.program('psql', str(tmpdir)) == str(tmpdir.join('psql'))
    assert pgsql.available({'postgres.bins_dir': str(tmpdir)}) == 'postgres'
    assert pgsql.available({'postgres.bins_dir': str(tmpdir.join('none'))}) == (False, 'psql was not found')


def test_it_is_not_there_without_the_program(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    monkeypatch.setattr(pgsql, 'program', lambda name, folder: None)
    assert host.job('postgres.version') == ("'postgres' __virtual__ returned False: psql was not found", 1)
    assert 'postgres_user.present' not in host.loader.apart({}).other('states').functions


@pytest.mark.parametrize('value, ident, literal', [
    ('a', '"a"', "'a'"), (5, '"5"', "'5'"), ('a"b', '"a""b"', "'a\"b'"), ("a'b", '"a\'b"', "'a''b'"),
    ('a\\', '"a\\"', "E'a\\x5c'"), (EVIL, EVIL_NAME, EVIL_TEXT)])
def test_names_and_values_in_sql(value, ident, literal):
    assert (pgsql.ident(value), pgsql.literal(value)) == (ident, literal)
    for write in (pgsql.ident, pgsql.literal):
        with pytest.raises(SaltInvocationError):
            write('%s\0' % value)


@pytest.mark.parametrize('text, items', [
    ('', []), ('{}', []), ('{a}', ['a']), ('{a,b}', ['a', 'b']), ('{"a,b",c}', ['a,b', 'c']),
    ('{"\\"r-3\\"=r/joe",x}', ['"r-3"=r/joe', 'x']), ('{"a\\\\",""}', ['a\\', ''])])
def test_the_text_of_an_array(text, items):
    assert pgsql.array(text) == items


# ---- queries

def test_rows(psql):
    psql.answers[:0] = [('select', 'a,b\n1,"x,\ny"\n\n"""q""",\n')]
    assert psql.call('psql_query', 'select a, b from t;') == [{'a': '1', 'b': 'x,\ny'}, {'a': '"q"', 'b': ''}]
    assert psql.runs[0][0][-3:] == ['--quiet', '-c', 'COPY (select a, b from t) TO STDOUT WITH CSV HEADER']
    psql.call('psql_query', 'select 1', write=True)
    assert psql.runs[0][0][-1] == ('START TRANSACTION READ WRITE; COPY (select 1) TO STDOUT WITH CSV HEADER; '
                                   'COMMIT TRANSACTION')


def test_other_letters(psql):
    title, value = compat.to_native(u'\xfc'), compat.to_native(u'\u20ac')
    psql.answers[:0] = [('select', '%s\n%s\n' % (title, value))]
    assert psql.call('psql_query', 'select x') == [{title: value}]


def test_a_query_that_fails(psql):
    psql.answers[:0] = [('', Psql.FAILED)]
    assert psql.call('psql_query', 'select x') == [] and psql.call('version') is None
    assert psql.call('db_list') == psql.call('schema_list', 'x') == psql.call('language_list', 'x') == {}


# ---- databases

def test_databases(psql):
    found = psql.call('db_list')
    assert sorted(found) == ['postgres', 'shop'] and found['shop'] == SHOP
    assert psql.call('db_exists', 'shop') is True and psql.call('db_exists', 'none') is False


@pytest.mark.parametrize('call, statements', [
    (['db_create', 'x'], ['CREATE DATABASE "x"']), (['db_create', EVIL], ['CREATE DATABASE ' + EVIL_NAME]),
    (['db_create', 'x', None, None, None, None, None, 'fast', 'UTF8', 'C', 'de', 'joe', 'template0'],
     ['CREATE DATABASE "x" WITH TABLESPACE = "fast" OWNER = "joe" TEMPLATE = "template0" ENCODING = \'UTF8\' '
      "LC_COLLATE = 'C' LC_CTYPE = 'de'"]),
    (['db_create', 'x', None, None, None, None, None, EVIL, EVIL],
     ['CREATE DATABASE "x" WITH TABLESPACE = %s ENCODING = %s' % (EVIL_NAME, EVIL_TEXT)]),
    (['db_alter', 'x'], []),
    (['db_alter', 'x', None, None, None, None, None, 'fast', 'joe'],
     ['ALTER DATABASE "x" OWNER TO "joe"', 'ALTER DATABASE "x" SET TABLESPACE "fast"']),
    (['db_remove', EVIL], ['DROP DATABASE %s WITH (FORCE)' % EVIL_NAME]),
    (['schema_create', 'shop', 'x'], ['CREATE SCHEMA "x"']),
    (['schema_create', 'shop', EVIL, EVIL], ['CREATE SCHEMA %s AUTHORIZATION %s' % (EVIL_NAME, EVIL_NAME)]),
    (['schema_remove', 'shop', 'public'], ['DROP SCHEMA "public"']),
    (['language_create', EVIL, 'shop'], ['CREATE LANGUAGE ' + EVIL_NAME]),
    (['language_remove', 'plpgsql', 'shop'], ['DROP LANGUAGE "plpgsql"']),
])
def test_what_is_changed(psql, call, statements):
    assert psql.call(*call) is True
    assert psql.done() == statements
    psql.answers[:0] = [(word, Psql.FAILED + 'no') for word in ('CREATE ', 'ALTER ', 'DROP ')]
    told = 'error: Failed to remove database %s: FAILED no' % EVIL if call[0] == 'db_remove' else call == ['db_alter', 'x']
    assert psql.call(*call) == told
    assert psql.done() == statements[:1]


@pytest.mark.parametrize('call', [
    ['schema_create', 'shop', 'public'], ['schema_remove', 'shop', 'none'], ['language_create', 'sql', 'shop'],
    ['language_remove', 'none', 'shop']])
def test_what_need_not_be_changed(psql, call):
    assert psql.call(*call) is False
    assert psql.done() == []


def test_a_database_goes_with_its_connections(psql):
    psql.answers[:0] = [('SHOW server_version', '9.1.24')]
    assert psql.call('db_remove', "o'x") is True
    assert [sql for sql in psql.sql() if 'SHOW' not in sql] == [
        'REVOKE CONNECT ON DATABASE "o\'x" FROM public',
        "SELECT pg_terminate_backend(procpid) FROM pg_stat_activity WHERE datname = 'o''x' AND procpid <> pg_backend_pid()",
        'DROP DATABASE "o\'x"']
    psql.answers[:0] = [('SHOW server_version', '12.4')]
    psql.call('db_remove', 'x')
    assert 'pg_terminate_backend(pid)' in psql.sql()[3]


def test_an_owner_of_all(psql):
    psql.answers[:0] = [('SELECT \'ALTER SCHEMA', 'sql\nALTER SCHEMA public\n"ALTER FUNCTION public.f(integer, text)"\n')]
    owned = ('ALTER DATABASE "shop" OWNER TO "joe"; ALTER SCHEMA public OWNER TO "joe"; '
             'ALTER FUNCTION public.f(integer, text) OWNER TO "joe"')
    assert psql.call('owner_to', 'shop', 'joe')['retcode'] == 0
    assert psql.done() == [owned] and '--dbname shop' in ' '.join(psql.runs[1][0])
    assert psql.call('db_alter', 'shop', owner='joe', owner_recurse=True, tablespace='t') is True
    assert psql.done() == [owned, 'ALTER DATABASE "shop" SET TABLESPACE "t"']
    psql.answers[:0] = [('ALTER DATABASE', Psql.FAILED)]
    assert psql.call('db_alter', 'shop', owner='joe', owner_recurse=True, tablespace='t') is False
    assert psql.done() == [owned]


def test_schemas_and_languages(psql):
    assert psql.call('schema_list', 'shop', 'me', 'joe', 'pw', 'h', 5) == {'public': {'acl': '{=U/joe}', 'owner': 'joe'}}
    (words, options), = psql.runs
    assert words[5:13] == ['--username', 'joe', '--host', 'h', '--port', '5', '--dbname', 'shop']
    assert options['runas'] == 'me' and options['env']['PGPASSWORD'] == 'pw'
    assert psql.call('schema_get', 'shop', 'public') == {'acl': '{=U/joe}', 'owner': 'joe'}
    assert psql.call('schema_get', 'shop', 'x') is None
    assert psql.call('schema_exists', 'shop', 'public') is True and psql.call('schema_exists', 'shop', 'x') is False
    assert psql.call('language_list', 'shop') == {'sql': 'sql', 'plpgsql': 'plpgsql'}
    assert psql.call('language_exists', 'sql', 'shop') is True and psql.call('language_exists', 'x', 'shop') is False
