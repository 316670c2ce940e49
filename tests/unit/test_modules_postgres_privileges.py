"""postgres.*: privileges. The answers are those of PostgreSQL 15."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import pgprivileges
from tests.support.psql import Psql

TITLES = 'acl,owner,version'
TABLE = TITLES + '\n"{owner=arwdDxt/owner,joe=r*w/owner,=r/owner,""\\""r-3\\""=rw/owner""}",owner,150018\n'
FUNCTION = TITLES + ',identity\n,owner,150018,"public.f(integer, text)"\n'
MEMBERS = 'name,admin\njoe,t\namy,f\n'


@pytest.fixture
def psql(tmpdir, monkeypatch):
    psql = Psql(str(tmpdir.mkdir('host')), monkeypatch)
    psql.answers += [('FROM pg_auth_members', MEMBERS), ('FROM pg_', TABLE)]
    return psql


@pytest.mark.parametrize('acl, privileges', [
    ('', {}), ('{}', {}), ('{joe=r*w/a}', {'joe': {'SELECT': True, 'UPDATE': False}}),
    ('{=c/a}', {'public': {'CONNECT': False}}), ('{"\\"a=b\\"=X/a"}', {'a=b': {'EXECUTE': False}}),
    ('{"\\"a\\"\\"b\\"=U/a",c=T/a}', {'a"b': {'USAGE': False}, 'c': {'TEMPORARY': False}}),
    ('{a=aCDctrUTwXxdm/a}', {'a': dict((word, False) for word in pgprivileges.LETTERS.values())}), ('{a=?/a}', {'a': {}})])
def test_what_a_list_of_privileges_says(acl, privileges):
    assert pgprivileges.read(acl) == privileges


def test_privileges_of_all(psql):
    assert psql.call('privileges_list', 't', 'table') == {
        'owner': dict.fromkeys(['INSERT', 'SELECT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'], False),
        'joe': {'SELECT': True, 'UPDATE': False}, 'public': {'SELECT': False}, 'r-3': {'SELECT': False, 'UPDATE': False}}
    assert psql.sql()[0].endswith("WHERE n.nspname = 'public' AND o.relname = 't'")
    assert psql.call('privileges_list', 'g', 'GROUP') == {'joe': True, 'amy': False}
    assert psql.call('privileges_list', 'ALL', 'table') == {} and psql.runs == []


@pytest.mark.parametrize('kind, where', [
    ('table', "n.nspname = 'sch' AND o.relname = 'o''x'"), ('sequence', "n.nspname = 'sch' AND o.relname = 'o''x'"),
    ('schema', "o.nspname = 'o''x'"), ('database', "o.datname = 'o''x'"), ('tablespace', "o.spcname = 'o''x'"),
    ('language', "o.lanname = 'o''x'"), ('group', "g.rolname = 'o''x'"),
    ('function', "n.nspname = 'sch' AND 'o''x' IN (o.proname, o.proname || '(' || "
                 "replace(oidvectortypes(o.proargtypes), ', ', ',') || ')')")])
def test_where_it_is_looked_for(psql, kind, where):
    psql.call('privileges_list', "o'x", kind, 'sch')
    assert psql.sql()[0].endswith(' WHERE ' + where)


@pytest.mark.parametrize('role, privileges, option, has', [
    ('joe', 'SELECT', None, True), ('joe', 'select, update', None, True), ('joe', ['SELECT', 'INSERT'], None, False),
    ('joe', 'SELECT', True, True), ('joe', 'UPDATE', True, False), ('owner', 'DELETE', True, True),
    ('none', 'SELECT', None, False), ('public', 'SELECT', None, True), ('r-3', 'UPDATE', None, True),
    ('joe', 'ALL', None, False)])
def test_whether_a_role_has_them(psql, role, privileges, option, has):
    assert psql.call('has_privileges', role, 't', 'table', privileges, option) is has


@pytest.mark.parametrize('version, letters, has', [
    ('150018', 'arwdDxt', True), ('170000', 'arwdDxt', False), ('170000', 'arwdDxtm', True), ('150018', 'arwdDx', False)])
def test_all_of_a_table(psql, version, letters, has):
    psql.answers[:0] = [('FROM pg_class', '%s\n{joe=%s/owner},owner,%s\n' % (TITLES, letters, version))]
    assert psql.call('has_privileges', 'joe', 't', 'table', 'ALL') is has


def test_all_tables(psql):
    psql.answers[:0] = [('FROM pg_class', TITLES + '\n{joe=r/o},o,150018\n{joe=rw/o},o,150018\n')]
    assert psql.call('has_privileges', 'joe', 'all', 'table', 'SELECT') is True
    assert psql.sql()[0].endswith("WHERE n.nspname = 'public'")
    assert psql.call('has_privileges', 'joe', 'ALL', 'table', 'UPDATE') is False
    assert psql.call('privileges_revoke', 'joe', 'ALL', 'table', 'SELECT') is True
    assert psql.done() == ['REVOKE SELECT ON ALL TABLES IN SCHEMA "public" FROM "joe"']
    psql.answers[:0] = [('FROM pg_class', TITLES + '\n')]
    assert psql.call('has_privileges', 'joe', 'ALL', 'table', 'SELECT') is False


@pytest.mark.parametrize('args, kwargs, sql', [
    (['joe', 't', 'table', 'INSERT,DELETE'], {}, 'GRANT INSERT,DELETE ON TABLE "public"."t" TO "joe"'),
    (['joe', 't', 'table', 'UPDATE', True], {}, 'GRANT UPDATE ON TABLE "public"."t" TO "joe" WITH GRANT OPTION'),
    (['a"b', 'c"d', 'sequence', 'ALL'], {'prepend': 'e"f'}, 'GRANT ALL ON SEQUENCE "e""f"."c""d" TO "a""b"'),
    (['x', 's"t', 'schema', 'USAGE'], {}, 'GRANT USAGE ON SCHEMA "s""t" TO "x"'),
    (['x', 'd', 'database', 'TEMPORARY'], {}, 'GRANT TEMPORARY ON DATABASE "d" TO "x"'),
    (['x', 'ALL', 'sequence', 'USAGE'], {}, 'GRANT USAGE ON ALL SEQUENCES IN SCHEMA "public" TO "x"'),
    (['x', 'g"h', 'group'], {}, 'GRANT "g""h" TO "x"'),
    (['amy', 'g', 'group', None, True], {}, 'GRANT "g" TO "amy" WITH ADMIN OPTION')])
def test_granting(psql, args, kwargs, sql):
    assert psql.call('privileges_grant', *args, **kwargs) is True
    assert psql.done() == [sql]
    psql.answers[:0] = [('GRANT', Psql.FAILED)]
    assert psql.call('privileges_grant', *args, **kwargs) is False


@pytest.mark.parametrize('args, sql', [
    (['joe', 't', 'table', 'SELECT'], 'REVOKE SELECT ON TABLE "public"."t" FROM "joe"'),
    (['r-3', 't', 'table', ['SELECT', 'UPDATE']], 'REVOKE SELECT,UPDATE ON TABLE "public"."t" FROM "r-3"'),
    (['amy', 'g', 'group'], 'REVOKE "g" FROM "amy"')])
def test_revoking(psql, args, sql):
    assert psql.call('privileges_revoke', *args) is True
    assert psql.done() == [sql]


@pytest.mark.parametrize('call', [
    ['privileges_grant', 'joe', 't', 'table', 'SELECT'], ['privileges_grant', 'owner', 't', 'table', 'ALL'],
    ['privileges_grant', 'amy', 'g', 'group'], ['privileges_grant', 'joe', 'g', 'group', None, True],
    ['privileges_revoke', 'joe', 't', 'table', 'INSERT'], ['privileges_revoke', 'none', 'g', 'group']])
def test_nothing_to_do(psql, call):
    assert psql.call(*call) is False
    assert psql.done() == []


def test_functions(psql):
    psql.answers[:0] = [('FROM pg_proc', FUNCTION)]
    assert psql.call('privileges_grant', 'joe', 'f(integer, text)', 'function', 'EXECUTE') is True
    assert "'f(integer,text)' IN (o.proname, " in psql.sql()[0]
    assert psql.done() == ['GRANT EXECUTE ON FUNCTION public.f(integer, text) TO "joe"']
    for rows in (TITLES + ',identity\n', FUNCTION + ',owner,150018,public.f(date)\n'):      # none, and more than one
        psql.answers[:0] = [('FROM pg_proc', rows)]
        assert psql.call('privileges_grant', 'joe', 'f', 'function', 'EXECUTE') is False
        assert psql.done() == []


@pytest.mark.parametrize('args, error', [
    (['t', 'table', 'SELECT,NOSUCH'], 'Invalid privilege(s): NOSUCH provided for object table'),
    (['t', 'table', 'USAGE'], 'Invalid privilege(s): USAGE provided for object table'),
    (['t', 'table'], 'Invalid privilege(s):  provided for object table'),
    (['t', 'table', 'SELECT; DROP'], 'Invalid privilege(s): SELECT; DROP provided for object table'),
    (['t', 'nosuch', 'SELECT'], 'Invalid object_type: nosuch provided'),
    (['g', 'group', 'SELECT'], 'The privileges option should not be set for object_type group')])
def test_what_is_refused(psql, args, error):
    for name in ('has_privileges', 'privileges_grant', 'privileges_revoke'):
        assert psql.call(name, 'joe', *args) == 'error: ' + error
        assert psql.runs == []
