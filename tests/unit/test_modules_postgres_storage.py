"""postgres.*: extensions, tablespaces, folders of data. The answers are those of PostgreSQL 15."""
from __future__ import absolute_import, division, print_function

import os
import pwd

import pytest

from tests.support.psql import Psql

ROW = 'extname,extversion,extrelocatable,schema_name\n'
HSTORE = {'extname': 'hstore', 'extversion': '1.8', 'extrelocatable': 't', 'schema_name': 'public'}
SPACES = ('name,Owner,ACL,Opts,Location\npg_default,postgres,,,\nfast,joe,,{seq_page_cost=1.1},/srv/fast\n')
ME = pwd.getpwuid(os.geteuid()).pw_name


@pytest.fixture
def psql(tmpdir, monkeypatch):
    psql = Psql(str(tmpdir.mkdir('host')), monkeypatch)
    psql.answers += [('FROM pg_extension', ROW + 'hstore,1.8,t,public\nplpgsql,1.0,f,pg_catalog\n'),
                     ('pg_available_extensions', 'name,default_version,comment\nhstore,1.8,sets\ncube,1.5,cubes\n'),
                     ('FROM pg_tablespace', SPACES)]
    return psql


def test_extensions(psql):
    cube = {'name': 'cube', 'default_version': '1.5', 'comment': 'cubes'}
    assert sorted(psql.call('available_extensions')) == ['cube', 'hstore']
    assert sorted(psql.call('installed_extensions')) == ['hstore', 'plpgsql']
    for kind, there, row, none in (('available', 'cube', cube, 'plpgsql'), ('installed', 'hstore', HSTORE, 'cube')):
        assert psql.call('get_%s_extension' % kind, there) == row and psql.call('get_%s_extension' % kind, none) is None
        assert psql.call('is_%s_extension' % kind, there) is True and psql.call('is_%s_extension' % kind, none) is False


@pytest.mark.parametrize('name, version, schema, words', [
    ('cube', None, None, ['NOT INSTALLED']), ('hstore', None, None, ['INSTALLED']),
    ('hstore', '1.10', None, ['INSTALLED', 'TO UPGRADE']), ('hstore', '1.8', 'public', ['INSTALLED']),
    ('hstore', '1.4', 'x', ['INSTALLED', 'TO MOVE']), ('hstore', '2', 'x', ['INSTALLED', 'TO UPGRADE', 'TO MOVE']),
    ('plpgsql', None, 'x', ['INSTALLED'])])
def test_what_an_extension_wants(psql, name, version, schema, words):
    assert psql.call('create_metadata', name, version, schema) == ['EXTENSION ' + word for word in words]


@pytest.mark.parametrize('kwargs, sql', [
    ({}, 'CREATE EXTENSION IF NOT EXISTS "cube"'), ({'if_not_exists': False}, 'CREATE EXTENSION "cube"'),
    ({'schema': 'a"b', 'ext_version': "1'", 'from_version': 'old'},
     'CREATE EXTENSION IF NOT EXISTS "cube" WITH SCHEMA "a""b" VERSION \'1\'\'\' FROM \'old\'')])
def test_installing_an_extension(psql, kwargs, sql):
    assert psql.call('create_extension', 'cube', **kwargs) is False           # psql did it, but it is still not there
    assert psql.done() == [sql]
    assert psql.call('create_extension', 'none', **kwargs) is False and psql.done() == []


def test_changing_an_extension(psql):
    assert psql.call('create_extension', 'hstore', schema='public', ext_version='1.8') is True
    assert psql.call('create_extension', 'plpgsql') is True and psql.done() == []
    assert psql.call('create_extension', 'hstore', schema='x', ext_version='1.9') is False
    assert psql.done() == ['ALTER EXTENSION "hstore" SET SCHEMA "x"; ALTER EXTENSION "hstore" UPDATE TO \'1.9\'']


@pytest.mark.parametrize('kwargs, rest', [
    ({}, '"hstore" CASCADE'), ({'if_exists': True, 'cascade': True}, 'IF EXISTS "hstore" CASCADE'),
    ({'cascade': False}, '"hstore"'), ({'restrict': True, 'cascade': True}, '"hstore" RESTRICT')])
def test_removing_an_extension(psql, kwargs, rest):
    assert psql.call('drop_extension', 'hstore', **kwargs) is True
    assert psql.done() == ['DROP EXTENSION ' + rest]
    assert psql.call('drop_extension', 'cube', **kwargs) is True and psql.done() == []
    psql.answers[:0] = [('DROP', Psql.FAILED)]
    assert psql.call('drop_extension', 'hstore', **kwargs) is False


def test_tablespaces(psql):
    assert psql.call('tablespace_list')['fast'] == {
        'Owner': 'joe', 'ACL': '', 'Opts': '{seq_page_cost=1.1}', 'Location': '/srv/fast'}
    assert psql.call('tablespace_exists', 'fast') is True and psql.call('tablespace_exists', 'slow') is False


@pytest.mark.parametrize('call, kwargs, statements', [
    (['tablespace_create', 'x', '/srv/x'], {}, ['CREATE TABLESPACE "x" LOCATION \'/srv/x\'']),
    (['tablespace_create', 'x"', "/srv/x'"], {'owner': 'j"', 'options': {'b': 2, 'a"': "1'"}},
     ['CREATE TABLESPACE "x""" OWNER "j""" LOCATION \'/srv/x\'\'\' WITH ("a""" = \'1\'\'\', "b" = \'2\')']),
    (['tablespace_alter', 'x'], {}, []),
    (['tablespace_alter', 'x'], {'new_name': 'y', 'new_owner': 'joe', 'set_option': {'a': 1}, 'reset_option': 'b, c'},
     ['ALTER TABLESPACE "x" OWNER TO "joe"', 'ALTER TABLESPACE "x" SET ("a" = \'1\')', 'ALTER TABLESPACE "x" RESET ("b", "c")',
      'ALTER TABLESPACE "x" RENAME TO "y"']),
    (['tablespace_remove', 'x"'], {}, ['DROP TABLESPACE "x"""'])])
def test_changing_tablespaces(psql, call, kwargs, statements):
    assert psql.call(*call, **kwargs) is True
    assert psql.done() == statements
    psql.answers[:0] = [('TABLESPACE', Psql.FAILED)]
    assert psql.call(*call, **kwargs) is (not statements)
    assert psql.done() == statements[:1]


def test_options_of_a_tablespace_are_a_mapping(psql):
    assert psql.call('tablespace_create', 'x', '/srv/x', 'a=1') == 'error: the options of a tablespace must be a mapping'


# ---- folders of data

def test_a_folder_of_data(psql, tmpdir):
    data = tmpdir.mkdir('data')
    assert psql.call('datadir_exists', str(data)) is False
    assert psql.call('datadir_init', str(data)) is True
    (words, options), = psql.runs
    assert words == [os.path.join(psql.folder, 'initdb'), '--pgdata=%s' % data, '--username=postgres', '--auth=password',
                     '--encoding=UTF8']
    assert options['runas'] == 'postgres'
    data.join('PG_VERSION').write('15')
    assert psql.call('datadir_exists', str(data)) is False
    data.join('postgresql.conf').write('')
    assert psql.call('datadir_exists', str(data)) is True
    data.join('PG_VERSION').remove()
    assert psql.call('datadir_exists', str(data)) is False
    data.join('PG_VERSION').write('15')
    assert psql.call('datadir_init', str(data)) is False and psql.runs == []


def test_a_password_for_initdb_is_in_a_file_of_its_account(psql, tmpdir, monkeypatch):
    seen, run = [], psql._run

    def looking(words, **options):
        path = words[-1].partition('=')[2]
        with open(path) as stream:
            seen.append((path, os.stat(path).st_mode & 0o777, os.stat(path).st_uid, stream.read()))
        return run(words, **options)
    monkeypatch.setattr(psql, '_run', looking)
    args = (str(tmpdir.join('x')), 'trust', 'joe', 'sec ret', 'LATIN1', 'C', '/srv/wal', True, ME)
    assert psql.call('datadir_init', *args) is True
    (words, options), = psql.runs
    assert words[2:-1] == ['--username=joe', '--auth=trust', '--encoding=LATIN1', '--locale=C', '-X', '/srv/wal',
                           '--data-checksums'] and words[-1].startswith('--pwfile=') and options['runas'] == ME
    (path, mode, owner, text), = seen
    assert (mode, owner, text) == (0o600, os.geteuid(), 'sec ret\n') and not os.path.exists(path)
    assert 'sec ret' not in ' '.join(words)
