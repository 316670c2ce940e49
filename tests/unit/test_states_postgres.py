"""postgres_*.* states over execution functions that a test holds in its hands."""
from __future__ import absolute_import, division, print_function

import datetime

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import pgroles
from tests.support import hoststates

MD5 = pgroles.kept('pw', 'joe')
SCRAM = pgroles.kept('pw', 'joe', 'scram-sha-256')
JOE = {'superuser': False, 'inherits privileges': True, 'can create roles': False, 'can create databases': False,
       'can login': True, 'replication': False, 'expiry time': None, 'groups': ['staff'], 'password': MD5}
SHOP = {'Owner': 'joe', 'Encoding': 'UTF8', 'Collate': 'C', 'Ctype': 'de', 'Tablespace': 'fast'}
FAST = {'Owner': 'joe', 'Opts': '{seq_page_cost=1.1}', 'Location': '/srv/fast'}
AT = {'db_user': 'admin', 'db_host': 'h', 'db_port': 5, 'db_password': 'secret', 'user': 'me'}
ARGUMENTS = {'user': 'admin', 'host': 'h', 'port': 5, 'password': 'secret', 'runas': 'me', 'maintenance_db': None}


class Postgres(object):
    """A server with a few things; notes what is done as (function, arguments, named arguments).

    Called with a state and its arguments it returns (result, comment, changes).
    """

    def __init__(self, host):
        self._host = host
        self.done, self.fails, self.has, self.looked = [], False, False, []
        self.role, self.metadata = JOE, ['EXTENSION INSTALLED']

    def __call__(self, state, *args, **kwargs):
        return self._host.over(self, 'postgres_' + state, *args, **kwargs)

    def __contains__(self, name):
        return name.startswith('postgres.')

    def __getitem__(self, name):
        name = name.partition('.')[2]
        looks = {
            'role_get': lambda role, **at: self.role if role == 'joe' else None,
            'user_exists': lambda role, **at: role == 'joe',
            'db_list': lambda **at: {'shop': SHOP}, 'db_exists': lambda name, **at: name == 'shop',
            'schema_get': lambda db, name, **at: {'owner': 'joe'} if (db, name) == ('shop', 'public') else None,
            'schema_exists': lambda db, name, **at: (db, name) == ('shop', 'public'),
            'language_exists': lambda name, **at: name == 'sql', 'create_metadata': lambda name, **kwargs: self.metadata,
            'is_installed_extension': lambda name, **at: name == 'hstore',
            'tablespace_list': lambda **at: {'fast': FAST}, 'tablespace_exists': lambda name, **at: name == 'fast',
            'datadir_exists': lambda name: name == '/data', 'has_privileges': self._has}

        def look(*args, **kwargs):
            self.looked.append(kwargs)
            return looks[name](*args, **kwargs)

        def change(*args, **kwargs):
            self.done.append((name, args, kwargs))
            if isinstance(self.fails, Exception):
                raise self.fails
            return not self.fails
        return look if name in looks else change

    def _has(self, role, name, kind, privileges, prepend, **at):
        if privileges == ['NOSUCH']:
            raise SaltInvocationError('Invalid privilege(s): NOSUCH provided for object table')
        return self.has


@pytest.fixture
def postgres(tmpdir, monkeypatch):
    return Postgres(hoststates.States(str(tmpdir.mkdir('host')), monkeypatch))


def named(call):
    """What is not None of the named arguments of the last thing done, without those of the connection."""
    return dict((key, value) for key, value in call[2].items() if value is not None and key not in ARGUMENTS)


FINE = (
    (['user.present', 'joe'], {}, 'User joe is already present'),
    (['user.present', 'joe'],
     {'createdb': False, 'login': True, 'groups': 'staff', 'password': 'pw', 'valid_until': 'infinity'},
     'User joe is already present'),
    (['user.present', 'joe'], {'default_password': 'other'}, 'User joe is already present'),
    (['user.absent', 'amy'], {}, 'User amy is not present, so it cannot be removed'),
    (['group.present', 'joe'], {'groups': ['staff']}, 'Group joe is already present'),
    (['group.absent', 'amy'], {}, 'Group amy is not present, so it cannot be removed'),
    (['database.present', 'shop', 'fast', 'UTF8', 'C', 'de', 'joe'], {}, 'Database shop is already present'),
    (['database.absent', 'x'], {}, 'Database x is not present, so it cannot be removed'),
    (['schema.present', 'shop', 'public', 'amy'], {}, 'Schema public already exists in database shop'),
    (['schema.absent', 'shop', 'x'], {}, 'Schema x is not present in database shop, so it cannot be removed'),
    (['extension.present', 'hstore'], {}, 'Extension hstore is already present'),
    (['extension.absent', 'x'], {}, 'Extension x is not present, so it cannot be removed'),
    (['language.present', 'sql', 'shop'], {}, 'Language sql is already installed'),
    (['language.absent', 'x', 'shop'], {}, 'Language x is not present so it cannot be removed'),
    (['tablespace.present', 'fast', '/srv/fast', {'seq_page_cost': 1.1}, 'joe'], {}, 'Tablespace fast is already present'),
    (['tablespace.absent', 'x'], {}, 'Tablespace x is not present, so it cannot be removed'),
    (['privileges.absent', 'joe', 't', 'table', ['SELECT']], {}, 'The requested privilege(s) are not set so cannot be revoked'),
    (['initdb.present', '/data'], {}, 'Postgres data directory /data is already present'),
)


@pytest.mark.parametrize('call, kwargs, comment', FINE)
def test_it_is_as_it_should_be(postgres, call, kwargs, comment):
    for test in (True, False):
        assert postgres(*call, test=test, **kwargs) == (True, comment, {})
    assert postgres.done == []


# call, what is said in test mode, once it is done, when it failed; what changed; function, its arguments, named arguments
CHANGED = (
    (['user.present', 'amy'], 'User amy is set to be created', 'The user amy has been created', 'Failed to create user amy',
     'Present', 'user_create', ('amy',), {}),
    (['group.present', 'amy'], 'Group amy is set to be created', 'The group amy has been created',
     'Failed to create group amy', 'Present', 'group_create', ('amy',), {}),
    (['user.absent', 'joe'], 'User joe is set to be removed', 'User joe has been removed', 'User joe failed to be removed',
     'Absent', 'user_remove', ('joe',), {}),
    (['group.absent', 'joe'], 'Group joe is set to be removed', 'Group joe has been removed',
     'Group joe failed to be removed', 'Absent', 'group_remove', ('joe',), {}),
    (['database.present', 'x', 'fast', 'UTF8', 'C', 'de', 'joe', False, 'template0'], 'Database x is set to be created',
     'The database x has been created', 'Failed to create database x', 'Present', 'db_create', ('x',),
     {'tablespace': 'fast', 'encoding': 'UTF8', 'lc_collate': 'C', 'lc_ctype': 'de', 'owner': 'joe', 'template': 'template0'}),
    (['database.present', 'shop', 'slow', None, None, None, 'amy', True],
     'Database shop exists, but parameters need to be changed', 'Parameters for database shop have been changed',
     'Failed to change parameters for database shop', 'Parameters changed', 'db_alter', ('shop',),
     {'tablespace': 'slow', 'owner': 'amy', 'owner_recurse': True}),
    (['database.absent', 'shop'], 'Database shop is set to be removed', 'Database shop has been removed',
     'Database shop failed to be removed', 'Absent', 'db_remove', ('shop',), {}),
    (['language.present', 'x', 'shop'], 'Language x is set to be installed', 'Language x has been installed',
     'Failed to install language x', 'Present', 'language_create', ('x',), {}),
    (['language.absent', 'sql', 'shop'], 'Language sql is set to be removed', 'Language sql has been removed',
     'Language sql failed to be removed', 'Absent', 'language_remove', ('sql',), {}),
    (['extension.absent', 'hstore', True, True, False], 'Extension hstore is set to be removed',
     'Extension hstore has been removed', 'Extension hstore failed to be removed', 'Absent', 'drop_extension', ('hstore',),
     {'if_exists': True, 'restrict': True, 'cascade': False}),
    (['tablespace.present', 'x', '/srv/x', [{'a': 1}, {'b': 2}], 'joe'], 'Tablespace x is set to be created',
     'The tablespace x has been created', 'Failed to create tablespace x', 'Present', 'tablespace_create', ('x', '/srv/x'),
     {'options': {'a': 1, 'b': 2}, 'owner': 'joe'}),
    (['tablespace.present', 'fast', '/srv/fast', [{'seq_page_cost': 2}, {'b': 3}], 'amy'],
     'Tablespace fast owner and options to be altered', 'Tablespace fast has been altered', 'Failed to alter tablespace fast',
     {'owner': 'amy', 'options': {'seq_page_cost': 2, 'b': 3}}, 'tablespace_alter', ('fast',),
     {'new_owner': 'amy', 'set_option': {'seq_page_cost': 2, 'b': 3}}),
    (['tablespace.absent', 'fast'], 'Tablespace fast is set to be removed', 'Tablespace fast has been removed',
     'Tablespace fast failed to be removed', 'Absent', 'tablespace_remove', ('fast',), {}),
    (['privileges.present', 'joe', 't', 'table', ['SELECT', 'INSERT'], True, 'sch'],
     'The privilege(s): SELECT,INSERT are set to be granted to joe', 'The privilege(s): SELECT,INSERT have been granted to joe',
     'Failed to grant privilege(s): SELECT,INSERT to joe', 'Present', 'privileges_grant', ('joe', 't', 'table'),
     {'privileges': ['SELECT', 'INSERT'], 'grant_option': True, 'prepend': 'sch'}),
    (['privileges.present', 'joe', 'staff', 'group'], 'The privilege(s): staff are set to be granted to joe',
     'The privilege(s): staff have been granted to joe', 'Failed to grant privilege(s): staff to joe', 'Present',
     'privileges_grant', ('joe', 'staff', 'group'), {'prepend': 'public'}),
)


@pytest.mark.parametrize('call, planned, said, failed, change, function, args, kwargs', CHANGED)
def test_it_is_changed(postgres, call, planned, said, failed, change, function, args, kwargs):
    assert postgres(*call, test=True, **AT) == (None, planned, {})
    assert postgres.done == []
    assert postgres(*call, **AT) == (True, said, {call[1]: change})
    (done,) = postgres.done
    assert done[:2] == (function, args) and named(done) == kwargs
    assert dict(done[2], maintenance_db=None) == dict(done[2], **ARGUMENTS)
    assert all(dict(kwargs, maintenance_db=None) == dict(kwargs, **ARGUMENTS) for kwargs in postgres.looked)
    postgres.fails = True
    assert postgres(*call, **AT) == (False, failed, {})
    postgres.fails = CommandExecutionError('reason')
    assert postgres(*call, **AT) == (False, failed + ': reason', {})


def test_schemas(postgres):
    assert postgres('schema.present', 'shop', 'x', 'joe', test=True) == (
        None, 'Schema x is set to be created in database shop.', {})
    assert postgres('schema.absent', 'shop', 'public', test=True) == (
        None, 'Schema public is set to be removed from database shop', {})
    assert postgres.done == []
    assert postgres('schema.present', 'shop', 'x', 'joe', **AT) == (
        True, 'Schema x has been created in database shop', {'x': 'Present'})
    assert postgres('schema.absent', 'shop', 'public', **AT) == (
        True, 'Schema public has been removed from database shop', {'public': 'Absent'})
    assert postgres.done == [('schema_create', ('shop', 'x'), dict(AT, owner='joe')), ('schema_remove', ('shop', 'public'), AT)]
    postgres.fails = True
    assert postgres('schema.present', 'shop', 'x') == (False, 'Failed to create schema x in database shop', {})
    assert postgres('schema.absent', 'shop', 'public') == (False, 'Schema public failed to be removed', {})


# ---- roles

@pytest.mark.parametrize('kwargs, changes, update', [
    ({'createdb': True, 'login': True}, {'createdb': True}, {'createdb': True, 'login': True}),
    ({'superuser': True, 'inherit': False, 'createroles': True, 'replication': True, 'login': False},
     {'superuser': True, 'inherit': False, 'createroles': True, 'replication': True, 'login': False},
     {'superuser': True, 'inherit': False, 'createroles': True, 'replication': True, 'login': False}),
    ({'groups': 'staff,db'}, {'groups': ['db']}, {'groups': 'staff,db'}),
    ({'password': 'new'}, {'password': True}, {'rolepassword': 'new'}),
    ({'password': 'pw', 'encrypted': 'scram-sha-256'}, {'password': True},
     {'rolepassword': 'pw', 'encrypted': 'scram-sha-256'}),
    ({'password': 'pw', 'refresh_password': True}, {'password': True}, {'rolepassword': 'pw'}),
    ({'password': 'pw', 'createdb': True}, {'createdb': True}, {'createdb': True})])
def test_roles_are_updated(postgres, kwargs, changes, update):
    for kind in ('user', 'group'):
        del postgres.done[:]
        planned = '%s joe is set to be updated' % kind.capitalize()
        assert postgres(kind + '.present', 'joe', test=True, **kwargs) == (None, planned, {'joe': changes})
        assert postgres.done == []
        assert postgres(kind + '.present', 'joe', **kwargs) == (True, 'The %s joe has been updated' % kind, {'joe': changes})
        (done,) = postgres.done
        assert done[:2] == (kind + '_update', ('joe',)) and named(done) == update
    postgres.fails = True
    assert postgres('user.present', 'joe', **kwargs) == (False, 'Failed to update user joe', {})


def test_a_scram_password_is_known_again(postgres):
    postgres.role = dict(JOE, password=SCRAM)
    assert postgres('user.present', 'joe', password='pw', encrypted='scram-sha-256')[1:] == ('User joe is already present', {})
    assert postgres('user.present', 'joe', password='px', encrypted='scram-sha-256')[2] == {'joe': {'password': True}}


def test_what_a_role_is_asked_for(postgres):
    postgres('user.present', 'joe', password='pw')
    postgres('user.present', 'joe', password='pw', refresh_password=True)
    assert [kwargs['return_password'] for kwargs in postgres.looked] == [True, False]


@pytest.mark.parametrize('kwargs, password', [
    ({'password': 'a', 'default_password': 'b'}, 'a'), ({'default_password': 'b'}, 'b'), ({}, None)])
def test_the_password_of_a_new_user(postgres, kwargs, password):
    postgres('user.present', 'amy', **kwargs)
    assert postgres.done[0][2]['rolepassword'] == password


@pytest.mark.parametrize('until, changed', [
    ('2030-01-02', False), ('2030-01-02 00:00:00', False), (datetime.date(2030, 1, 2), False), ('2031-01-02', True),
    ('infinity', True)])
def test_until_when(postgres, until, changed):
    postgres.role = dict(JOE, **{'expiry time': datetime.datetime(2030, 1, 2)})
    assert postgres('user.present', 'joe', valid_until=until, test=True)[0] is (None if changed else True)


# ---- the others

@pytest.mark.parametrize('kwargs', [{'encoding': 'LATIN1'}, {'lc_collate': 'de'}, {'lc_ctype': 'C', 'owner': 'amy'}])
def test_a_database_that_cannot_be_changed(postgres, kwargs):
    for test in (True, False):
        assert postgres('database.present', 'shop', test=test, **kwargs) == (
            False, "Database shop has wrong parameters which couldn't be changed on fly.", {})
    assert postgres.done == []


@pytest.mark.parametrize('state, verb, done', [
    ('NOT INSTALLED', 'install', 'Installed'), ('TO UPGRADE', 'upgrade', 'Upgraded'), ('TO MOVE', 'upgrade', 'Upgraded')])
def test_extensions(postgres, state, verb, done):
    past = done.lower()
    postgres.metadata = (['EXTENSION INSTALLED'] if state.startswith('TO') else []) + ['EXTENSION ' + state]
    call = ['extension.present', 'hstore', False, 'sch', '2', '1']
    assert postgres(*call, test=True) == (None, 'Extension hstore is set to be %s' % past, {})
    assert postgres.done == []
    assert postgres(*call) == (True, 'The extension hstore has been %s' % past, {'hstore': done})
    assert postgres.done[0][:2] == ('create_extension', ('hstore',))
    assert named(postgres.done[0]) == {'if_not_exists': False, 'schema': 'sch', 'ext_version': '2', 'from_version': '1'}
    postgres.fails = True
    assert postgres(*call) == (False, 'Failed to %s extension hstore' % verb, {})


def test_a_tablespace_elsewhere(postgres):
    for test in (True, False):
        assert postgres('tablespace.present', 'fast', '/srv/other', owner='amy', test=test) == (
            False, 'Tablespace fast is not at the right location. This is unfixable without dropping and recreating the '
                   'tablespace.', {})
    assert postgres.done == []


def test_privileges_that_are_there(postgres):
    postgres.has = True
    call = ('joe', 't', 'table', 'SELECT')
    for test in (True, False):
        assert postgres('privileges.present', *call, test=test) == (True, 'The requested privilege(s) are already set', {})
    assert postgres('privileges.absent', *call, test=True) == (
        None, 'The privilege(s): SELECT are set to be revoked from joe', {})
    assert postgres.done == []
    assert postgres('privileges.absent', *call) == (
        True, 'The privilege(s): SELECT have been revoked from joe', {'joe': 'Absent'})
    assert postgres.done[0][:2] == ('privileges_revoke', ('joe', 't', 'table'))
    postgres.fails = True
    assert postgres('privileges.absent', *call) == (False, 'Failed to revoke privilege(s): SELECT from joe', {})
    assert postgres('privileges.absent', 'joe', 't', 'table', ['NOSUCH']) == (
        False, 'Invalid privilege(s): NOSUCH provided for object table', {})


def test_a_folder_of_data(postgres):
    given = {'user': 'joe', 'password': 'secret', 'auth': 'peer', 'encoding': 'UTF8', 'locale': 'C',
             'runas': 'me', 'waldir': '/wal', 'checksums': True}
    assert postgres('initdb.present', '/x', test=True, **given) == (
        None, 'Postgres data directory /x is set to be initialized', {})
    assert postgres.done == []
    assert postgres('initdb.present', '/x', **given) == (
        True, 'Postgres data directory /x has been initialized', {'/x': 'Present'})
    assert postgres.done == [('datadir_init', (), dict(given, name='/x'))]
    postgres.fails = True
    assert postgres('initdb.present', '/x') == (False, 'Postgres data directory /x initialization failed', {})
