"""Module and states acl, with programs that only note their calls and print what getfacl prints; webutil.* beside them."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import environment, posixacl
from tests.support import hoststates

PLAIN = '# file: %s\n# owner: root\n# group: www\nuser::rwx\n%sgroup::r-x\nother::r--\n\n'
FULL = '''# file: /srv/a\\012b
# owner: larry
# group: www
# flags: -st
user::rw-
user:daemon:rwx\t\t\t#effective:r--
group::r--
mask::r--
other::---
default:user::rwx
default:user:daemon:r-x
default:other::r--

'''


def bits(perms):
    return {'octal': posixacl.octal(perms),
            'permissions': {'read': 'r' in perms, 'write': 'w' in perms, 'execute': 'x' in perms}}


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)
    host.programs.add('getfacl', 'setfacl')
    return host


def test_what_getfacl_prints(host):
    host.programs.answer('getfacl --version', 'getfacl 2.3.1\n')
    host.programs.answer('getfacl', FULL)
    assert host.call('acl.version') == '2.3.1'
    assert host.call('acl.getfacl', '/srv/x', '/srv/y', recursive=True) == {'/srv/a\nb': {
        'comment': {'file': '/srv/a\nb', 'owner': 'larry', 'group': 'www', 'flags': '-st'}, 'sgid': True, 'sticky': True,
        'user': [{'larry': bits('rw-')}, {'daemon': bits('r--')}], 'group': [{'www': bits('r--')}],
        'mask': [{'': bits('r--')}], 'other': [{'': bits('---')}],
        'defaults': {'user': [{'larry': bits('rwx')}, {'daemon': bits('r-x')}], 'other': [{'': bits('r--')}]}}}
    assert host.programs.calls()[-1] == ['getfacl', '--absolute-names', '-R', '--', '/srv/x', '/srv/y']
    host.programs.answer('getfacl', err='getfacl: /none: No such file or directory\n', code=1)
    assert host.job('acl.getfacl', '/none') == ({}, 1)


@pytest.mark.parametrize('args, kwargs, words', [
    (('modfacl', 'user', 'daemon', 'rwx', '/a', '/b'), {}, ['-m', 'u:daemon:rwx', '--', '/a', '/b']),
    (('modfacl', 'default:group', 'www', 5, '/a'), {'recursive': True}, ['-R', '-m', 'd:g:www:5', '--', '/a']),
    (('modfacl', 'd:u', 'x', 'r', '/a'), {}, ['-m', 'd:u:x:r', '--', '/a']),
    (('modfacl', 'mask', '', 'r', '/a'), {}, ['-m', 'm::r', '--', '/a']),
    (('modfacl', 'other', '', 'r', '-a'), {}, ['-m', 'o::r', '--', '-a']),
    (('delfacl', 'user', 'daemon', '/a'), {}, ['-x', 'u:daemon', '--', '/a']),
    (('wipefacls', '/a'), {'recursive': True}, ['-R', '-b', '--', '/a']),
])
def test_what_setfacl_is_told(host, args, kwargs, words):
    assert host.job('acl.' + args[0], *args[1:], **kwargs) == (True, 0)
    assert host.programs.calls() == [['setfacl'] + words]


def test_setfacl_fails(host):
    host.programs.answer('setfacl', err='setfacl: /a: No such file or directory\n', code=1)
    assert host.job('acl.modfacl', 'user', 'daemon', 'r', '/a') == (True, 1)
    assert host.job('acl.delfacl', 'user', 'daemon', '/a', raise_err=True) == (
        'ERROR: setfacl: /a: No such file or directory', 1)
    for call in (['getfacl'], ['wipefacls'], ['modfacl', 'user', 'daemon', 'r'], ['delfacl', 'user', 'daemon']):
        assert host.job('acl.' + call[0], *call[1:]) == (
            'ERROR: You need to specify at least one file or directory to work with!', 1)


def test_it_is_not_there_without_the_program(tmpdir, monkeypatch):
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    assert host.job('acl.version')[0].endswith('the getfacl binary is not in the path.')
    assert host.job('webutil.verify', 'f', 'u', 'p')[0] == (
        "'webutil' __virtual__ returned False: "
        'The htpasswd execution mdule cannot be loaded: htpasswd binary not in path.')
    assert 'acl.present' not in host.loader.apart({}).other('states').functions


# ---- states

@pytest.fixture
def acl(host, tmpdir):
    """acl(state, ...) -> (result, comment, changes) at a folder; acl.has(lines): entries of it; acl.calls(): of setfacl."""
    path = str(tmpdir.mkdir('site'))

    def run(name, *args, **kwargs):
        ret = host.state('acl.' + name, kwargs.pop('path', path), *args, **kwargs)
        return ret['result'], ret['comment'], ret['changes']

    def has(lines='', more=''):
        host.programs.answer('getfacl', PLAIN % (path, lines) + more)
    run.has, run.answer = has, host.programs.answer
    run.calls = lambda: [' '.join(call[1:-2]) for call in host.programs.calls() if call[0] == 'setfacl']
    has()
    return run


FINE = (True, 'Permissions are in the desired state', {})


def entry(name, perms, kind='user'):
    return {'acl_name': name, 'acl_type': kind, 'perms': perms}


def test_present(acl):
    new = {'new': entry('daemon', 'rx')}
    assert acl('present', 'user', 'daemon', 'rx', test=True) == (None, 'New permissions will be applied for daemon: rx', new)
    assert acl.calls() == []
    assert acl('present', 'user', 'daemon', 'rx') == (True, 'Applied new permissions for daemon', new)
    assert acl('present', 'default:user', 'daemon', 'rx')[0] is True
    assert acl.calls() == ['-m u:daemon:rx', '-m d:u:daemon:rx']
    acl.has('user:daemon:r-x\n')
    assert acl('present', 'user', 'daemon', 'rx') == FINE and acl('present', 'user', 'daemon', 5, test=True) == FINE
    changes = {'new': entry('daemon', 'rw'), 'old': entry('daemon', 'r-x')}
    assert acl('present', 'user', 'daemon', 'rw', test=True) == (
        None, 'Updated permissions will be applied for daemon: r-x -> rw', changes)
    assert acl('present', 'user', 'daemon', 'rw', force=True) == (True, 'Updated permissions for daemon', changes)
    assert acl.calls() == ['-b', '-m u:daemon:rw']


def test_entries_without_a_name(acl):
    assert acl('present', 'user', '', 'rwx') == acl('present', 'group', '', 'rx') == acl('present', 'other', '', 'r') == FINE
    assert acl('present', 'other', '', 'rx')[2] == {'new': entry('', 'rx', 'other'), 'old': entry('', 'r--', 'other')}
    assert acl.calls() == ['-m o::rx']


def test_everything_below(acl, tmpdir):
    below = PLAIN % (tmpdir.join('site', 'f').ensure(), 'user:daemon:r--\n')
    acl.has('user:daemon:r-x\n', below)
    assert acl('present', 'user', 'daemon', 'rx', recurse=True)[1] == 'Updated permissions for daemon'
    assert acl('list_present', 'user', ['daemon'], 'rx', recurse=True)[1] == "Updated permissions for ['daemon']"
    assert acl.calls() == ['-R -m u:daemon:rx', '-R -m u:daemon:rx']
    assert acl('present', 'user', 'daemon', 'rX', recurse=True) == FINE
    acl.has('', below)
    assert acl('absent', 'user', 'daemon', recurse=True)[1] == 'Removing permissions'
    assert acl.calls() == ['-R -x u:daemon']


def test_present_fails(acl):
    assert acl('present', 'user', 'x', 'r', path='/none/such') == (False, '/none/such does not exist', {})
    for state in ('present', 'list_present', 'absent', 'list_absent'):
        assert acl(state, 'junk', 'x') == (False, 'ACL Type does not exist', {})
    acl.answer('setfacl', err='setfacl: Option -m: Invalid argument near character 3\n', code=2)
    assert acl('present', 'user', 'nobody9', 'q') == (
        False, 'Error updating permissions for nobody9: setfacl: Option -m: Invalid argument near character 3', {})
    acl.has('user:daemon:r-x\n')
    assert acl('absent', 'user', 'daemon')[:2] == (
        False, 'Error removing permissions for daemon: setfacl: Option -m: Invalid argument near character 3')


def test_several(acl):
    new = {'new': entry('daemon, games', 'rx')}
    assert acl('list_present', 'user', ['daemon', 'games'], 'rx', test=True) == (
        None, "New permissions will be applied for ['daemon', 'games']: rx", new)
    acl.has('user:daemon:r-x\n')
    assert acl('list_present', 'user', ['daemon', 'games'], 'rx') == (
        True, 'Applied new permissions for daemon, games', new)
    assert acl('list_present', 'user', 'daemon', 'rx') == acl('list_present', 'user') == FINE
    changes = {'new': entry('daemon', 6), 'old': entry('daemon', '5')}
    assert acl('list_present', 'user', ['daemon'], 'rw', test=True) == (
        None, "Updated permissions will be applied for ['daemon']: 5 -> rw", changes)
    assert acl('list_present', 'user', ['daemon'], 'rw') == (True, "Updated permissions for ['daemon']", changes)
    assert acl.calls() == ['-m u:daemon:rx', '-m u:games:rx', '-m u:daemon:rw']


def test_absent(acl):
    assert acl('absent', 'user', 'daemon') == acl('list_absent', 'user') == FINE
    acl.has('user:daemon:r-x\nuser:games:r--\n')
    assert acl('absent', 'user', 'daemon', test=True) == (None, 'Removing permissions', {})
    assert acl.calls() == []
    assert acl('absent', 'user', 'daemon') == (True, 'Removing permissions', {})
    assert acl('list_absent', 'user', ['daemon', 'bin', 'games']) == (True, 'Removing permissions', {})
    assert acl.calls() == ['-x u:daemon', '-x u:daemon', '-x u:games']


# ---- webutil

def test_users_of_web_servers(host, tmpdir):
    path = tmpdir.join('users')
    host.programs.answer('htpasswd')
    assert host.call('webutil.userdel', str(path), 'u') == 'Error: The specified htpasswd file does not exist'
    assert host.call('webutil.verify', str(path), 'u', 'p') is False
    assert host.call('webutil.useradd', str(path), 'u', 'p', 'd')['retcode'] == 0
    path.write('')
    host.call('webutil.useradd', str(path), 'u', 5)
    assert host.job('webutil.verify', str(path), 'u', 'p', 'm') == (True, 0)
    assert host.programs.calls() == [['htpasswd', '-bdc', str(path), 'u', 'p'], ['htpasswd', '-b', str(path), 'u', '5'],
                                     ['htpasswd', '-bvm', str(path), 'u', 'p']]
    host.programs.answer('htpasswd', err='User u not found\n', code=6)
    assert host.job('webutil.userdel', str(path), 'u') == (['User u not found'], 6)
    result, code = host.job('webutil.userdel', str(path), 'u', all_results=True)
    assert (result['stderr'], code) == ('User u not found', 6)
    assert host.job('webutil.verify', str(path), 'u', 'p') == (False, 6)
