# coding: utf-8
"""postgres.*: users and groups. The answers are those of PostgreSQL 15."""
from __future__ import absolute_import, division, print_function

import binascii
import datetime
import hashlib

import pytest

from minion import compat
from minion.helpers import pgroles
from tests.support.psql import Psql

TITLES = ('name,superuser,inherits privileges,can create roles,can create databases,can update system catalogs,can login,'
          'replication,connections,defaults variables,expiry time,groups')
ROLES = TITLES + ('\njoe,f,t,f,t,,t,f,5,"{work_mem=1MB}",2030-01-01 00:00:00,"{staff,""r-3""}"\n'
                  'staff,f,t,f,f,,f,f,-1,,infinity,{}\n')
JOE = {'superuser': False, 'inherits privileges': True, 'can create roles': False, 'can create databases': True,
       'can update system catalogs': None, 'can login': True, 'replication': False, 'connections': 5,
       'defaults variables': '{work_mem=1MB}', 'expiry time': datetime.datetime(2030, 1, 1), 'groups': ['staff', 'r-3']}
SCRAM = ('SCRAM-SHA-256$4096:ujheWgjiWlk9OtyqTeq0Iw==$37M7Cpp4HwHl9vatt9fBxbl0kvhzFKyVrxFQAXAg214=:'
         '9/4vfob4l2bWN1qOTt8Meq5EC1DQSl5NU7lB7UT041Y=')         # of the password pw2
MD5 = 'md5a35c4a28463708d5362395e47e0e136b'                      # of pw2 and the role u2


@pytest.fixture
def psql(tmpdir, monkeypatch):
    psql = Psql(str(tmpdir.mkdir('host')), monkeypatch)
    psql.answers += [('SHOW server_version', '15.18 (Debian 15.18-0)'), ('FROM pg_roles', ROLES)]
    return psql


def test_roles(psql):
    found = psql.call('user_list')
    assert sorted(found) == ['joe', 'staff'] and found['joe'] == JOE == psql.call('role_get', 'joe')
    assert (found['staff']['connections'], found['staff']['expiry time'], found['staff']['groups']) == (None, None, [])
    assert psql.call('role_get', 'none') is None
    assert psql.call('user_exists', 'joe') is True and psql.call('user_exists', 'none') is False


def test_what_is_kept_of_passwords_is_not_logged(psql):
    psql.answers[:0] = [('rolpassword', TITLES + ',password\njoe,f,t,f,t,,t,f,5,,,{},md5x\n')]
    assert psql.call('role_get', 'joe', return_password=True)['password'] == 'md5x'
    assert psql.runs[1][1]['output_loglevel'] == 'quiet'
    assert 'password' not in psql.call('role_get', 'joe') and 'output_loglevel' not in psql.runs[1][1]


@pytest.mark.parametrize('version, replication, catalogs', [
    ('8.4.22', 'NULL', 'r.rolcatupdate'), ('9.1', 'r.rolreplication', 'r.rolcatupdate'),
    ('9.5.2', 'r.rolreplication', 'NULL'), ('18devel', 'r.rolreplication', 'NULL')])
def test_old_servers(psql, version, replication, catalogs):
    psql.answers[:0] = [('SHOW server_version', version)]
    psql.call('user_list')
    assert '%s AS "replication"' % replication in psql.sql()[1]
    assert '%s AS "can update system catalogs"' % catalogs in psql.sql()[1]


def test_no_server(psql):
    psql.answers[:0] = [('', Psql.FAILED)]
    assert psql.call('user_list') is False and psql.call('role_get', 'joe') is None
    assert psql.call('user_exists', 'joe') is False and psql.call('user_create', 'joe') is False


@pytest.mark.parametrize('call, kwargs, sql', [
    ('user_create', {}, 'CREATE ROLE "u" WITH INHERIT LOGIN'), ('group_create', {}, 'CREATE ROLE "u" WITH INHERIT NOLOGIN'),
    ('user_create', {'createdb': True, 'createroles': True, 'inherit': False, 'login': False, 'superuser': True,
                     'replication': True, 'connlimit': '5', 'valid_until': "2030'"},
     'CREATE ROLE "u" WITH NOINHERIT CREATEDB CREATEROLE SUPERUSER REPLICATION NOLOGIN CONNECTION LIMIT 5 '
     "VALID UNTIL '2030'''"),
    ('user_create', {'groups': 'a, b"'}, 'CREATE ROLE "u" WITH INHERIT LOGIN; GRANT "a" TO "u"; GRANT "b""" TO "u"'),
    ('group_create', {'groups': ['a'], 'login': True}, 'CREATE ROLE "u" WITH INHERIT LOGIN; GRANT "a" TO "u"'),
])
def test_a_new_role(psql, call, kwargs, sql):
    assert psql.call(call, 'u', **kwargs) is True
    assert psql.done() == [sql]
    assert psql.call(call, 'joe', **kwargs) is False and psql.done() == []


@pytest.mark.parametrize('call', ['user_update', 'group_update'])
@pytest.mark.parametrize('kwargs, statements', [
    ({}, []), ({'createdb': False, 'login': True}, ['ALTER ROLE "joe" WITH NOCREATEDB LOGIN']),
    ({'groups': 'a'}, ['GRANT "a" TO "joe"']), ({'rolepassword': False}, ['ALTER ROLE "joe" WITH PASSWORD NULL']),
    ({'rolepassword': ''}, []), ({'encrypted': True}, [])])
def test_a_role_is_changed(psql, call, kwargs, statements):
    assert psql.call(call, 'joe', **kwargs) is True
    assert psql.done() == statements
    assert psql.call(call, 'none', **kwargs) is False and psql.done() == []


@pytest.mark.parametrize('call', ['user_remove', 'group_remove'])
def test_a_role_is_removed(psql, call):
    assert psql.call(call, 'joe') is True and psql.done() == ['DROP ROLE "joe"']
    assert psql.call(call, 'none') is False and psql.done() == []
    psql.answers[:0] = [('DROP', Psql.FAILED)]
    assert psql.call(call, 'joe') is False


def test_a_password_goes_through_the_standard_input(psql):
    assert psql.call('user_create', 'u2', rolepassword='pw2') is True
    words, options = psql.runs[-1]
    assert words[-4:] == ['--set=ON_ERROR_STOP=1', '--set=VERBOSITY=terse', '--quiet', '--file=-']
    assert options['stdin'] == 'BEGIN;\nCREATE ROLE "u2" WITH INHERIT LOGIN ENCRYPTED PASSWORD \'%s\';\nCOMMIT;\n' % MD5
    assert options['output_loglevel'] == 'quiet'
    assert psql.call('user_create', 'u', rolepassword='p\'w\\n', encrypted=False) is True
    assert psql.done() == ['CREATE ROLE "u" WITH INHERIT LOGIN UNENCRYPTED PASSWORD E\'p\'\'w\\x5cn\'']
    assert not any('md5' in ' '.join(words) or 'p\'' in ' '.join(words) for words, _ in psql.runs)
    assert psql.call('user_create', 'a\\n', rolepassword='x') == 'error: a name holds a backslash and n'


def test_what_is_refused(psql):
    assert psql.call('user_create', 'u', connlimit='5; x') == 'error: connlimit 5; x is not a number'
    assert psql.call('user_create', 'u', rolepassword='x', encrypted='rot13') == 'error: Unknown password algorithm: rot13'
    assert psql.done() == []


# ---- passwords

@pytest.mark.parametrize('password, encrypted, kept', [
    ('pw2', None, MD5), ('pw2', True, MD5), ('pw2', 'md5', MD5), ('pw2', False, 'pw2'), (MD5, 'scram-sha-256', MD5),
    (SCRAM, None, SCRAM), ('md5short', None, 'md5' + hashlib.md5(b'md5shortu2').hexdigest()),
    (12, None, 'md5' + hashlib.md5(b'12u2').hexdigest())])
def test_what_is_kept_of_a_password(password, encrypted, kept):
    assert pgroles.kept(password, 'u2', encrypted) == kept


@pytest.mark.parametrize('rounds, key', [
    (1, '120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b'),
    (2, 'ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43'),
    (4096, 'c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a')])
def test_a_salted_password_with_and_without_hashlib(monkeypatch, rounds, key):
    assert binascii.hexlify(compat.pbkdf2_sha256(b'password', b'salt', rounds)) == key.encode('ascii')
    monkeypatch.delattr(hashlib, 'pbkdf2_hmac', raising=False)      # as in Python 2.7.7
    assert binascii.hexlify(compat.pbkdf2_sha256(b'password', b'salt', rounds)) == key.encode('ascii')


def test_scram_has_its_own_salt_each_time():
    first, second = (pgroles.kept('pw2', 'u2', 'scram-sha-256') for _ in range(2))
    assert first != second and first.startswith('SCRAM-SHA-256$4096:')
    assert pgroles.is_kept('pw2', 'u2', 'scram-sha-256', first) and not pgroles.is_kept('pw3', 'u2', 'scram-sha-256', first)


@pytest.mark.parametrize('password, encrypted, found, same', [
    ('pw2', 'scram-sha-256', SCRAM, True), ('pw3', 'scram-sha-256', SCRAM, False), ('pw2', 'scram-sha-256', MD5, False),
    ('pw2', None, MD5, True), ('pw2', None, SCRAM, False), ('pw3', None, MD5, False), (MD5, None, MD5, True),
    (SCRAM, 'scram-sha-256', SCRAM, True), ('pw2', None, '', False), ('pw2', 'scram-sha-256', None, False)])
def test_a_password_is_known(password, encrypted, found, same):
    assert pgroles.is_kept(password, 'u2', encrypted, found) is same


@pytest.mark.parametrize('password, prepared', [
    (u'pw', b'pw'), (u'p\xe4', b'p\xc3\xa4'), (u'\ufb01\xa0\xad\u20aca', b'fi \xe2\x82\xaca')])
def test_a_password_with_other_letters(password, prepared):
    assert pgroles._prepared(compat.to_native(password)) == prepared


@pytest.mark.parametrize('text, when', [
    ('2030-01-02', (2030, 1, 2)), ('2030-01-02 03:04', (2030, 1, 2, 3, 4)), ('2030-01-02T03:04:05', (2030, 1, 2, 3, 4, 5)),
    (datetime.date(2030, 1, 2), (2030, 1, 2)), ('infinity', None), ('', None), ('2030-13-02', None)])
def test_when(text, when):
    assert pgroles.when(text) == (when and datetime.datetime(*when))
