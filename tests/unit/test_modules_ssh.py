"""ssh.*: keys in the files of a user and hosts in known_hosts; the user is invented, the files lie in a folder."""
from __future__ import absolute_import, division, print_function

import os
import stat

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, sshkeys, userdb
from tests.support.hostmodules import Host

ED = 'AAAAC3NzaC1lZDI1NTE5AAAAIFVYwf2O52RbKukZCaZIKfxN5NGRkBh+StZDgcyOcixf'
ED_PRINT = 'a3:50:8b:85:bd:99:50:32:5e:c3:30:45:b0:dc:a1:51:02:7f:b9:8b:4d:ed:25:1e:dd:31:58:e0:27:4c:45:b9'
SHORT = 'AAAA'
SHORT_PRINT = '70:9e:80:c8:84:87:a2:41:1e:1e:e4:df:b9:f2:2a:86:14:92:d2:0c:47:65:15:0c:0c:79:4a:bd:70:f8:14:7c'
FILE = ('# c\n\nssh-rsa %s one two\nno-pty,command="a \\"b, c",from="x" ssh-ed25519 %s k2\nbad line\nssh-rsa short\n'
        '1024 35 1234 old\n' % (SHORT, ED))
KNOWN = 'h.x,1.2.3.4 ssh-ed25519 %s\n[p.x]:2222 ssh-ed25519 %s\n# c\n' % (ED, ED)
OPENSSH = ('-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA%s\n-----END OPENSSH PRIVATE KEY-----\n')

needs_keygen = pytest.mark.skipif(environment.which('ssh-keygen') is None, reason='needs ssh-keygen')


@pytest.fixture
def home(tmpdir):
    return tmpdir.mkdir('home')


@pytest.fixture
def host(tmpdir, monkeypatch, home):
    me = userdb.User('fred', 'x', os.geteuid(), os.getegid(), '', str(home), '/bin/sh')
    monkeypatch.setattr(userdb, 'user', lambda name, root=None: me if name == 'fred' else None)
    monkeypatch.setattr(userdb, 'users', lambda root=None: [me])
    made = Host(str(tmpdir), monkeypatch)
    made.programs.add('ssh', 'ssh-keyscan')
    return made


@pytest.fixture
def keys(home):
    home.mkdir('.ssh').join('authorized_keys').write(FILE)
    return home.join('.ssh', 'authorized_keys')


# ---- authorized keys

def test_keys_are_told(host, keys):
    found = host.call('ssh.auth_keys', 'fred')
    assert found == {
        SHORT: {'enc': 'ssh-rsa', 'comment': 'one two', 'options': [],
                'fingerprint': SHORT_PRINT},
        ED: {'enc': 'ssh-ed25519', 'comment': 'k2', 'options': ['no-pty', 'command="a \\"b, c"', 'from="x"'],
             'fingerprint': ED_PRINT}}
    assert host.call('ssh.auth_keys') == host.call('ssh.auth_keys', ['fred', 'nosuch']) == {'fred': found}
    assert host.call('ssh.auth_keys', 'fred', '%h/.ssh/authorized_keys') == found
    assert host.call('ssh.auth_keys', 'nosuch') == {}
    assert host.call('ssh.auth_keys', 'fred', fingerprint_hash_type='md5')[SHORT]['fingerprint'].count(':') == 15
    assert host.call('ssh.auth_keys', 'fred', 'nosuch') == {}
    with pytest.raises(CommandExecutionError, match='The fingerprint_hash_type nosuch is not supported.'):
        host.call('ssh.auth_keys', 'fred', fingerprint_hash_type='nosuch')


def test_life_of_a_key(host, home):
    path, call = home.join('.ssh', 'authorized_keys'), host.call
    assert call('ssh.set_auth_key', 'fred', ED, 'ed25519', 'me') == 'new'
    assert path.read() == 'ssh-ed25519 %s me\n' % ED
    assert [stat.S_IMODE(os.stat(str(one)).st_mode) for one in (path.dirpath(), path)] == [0o700, 0o600]
    assert call('ssh.set_auth_key', 'fred', ED, 'ssh-ed25519', 'me') == 'no change'
    assert call('ssh.check_key', 'fred', ED, 'ed25519', 'me', []) == 'exists'
    assert call('ssh.check_key', 'fred', ED, 'ed25519', 'you', []) == 'update'
    assert call('ssh.check_key', 'fred', SHORT, 'rsa', '', []) == 'add'
    assert call('ssh.set_auth_key', 'fred', ED, 'ed25519', 'me', ['no-pty', 'from="x y"']) == 'replace'
    assert path.read() == 'no-pty,from="x y" ssh-ed25519 %s me\n' % ED
    assert call('ssh.rm_auth_key', 'fred', ED) == 'Key removed' and path.read() == ''
    assert call('ssh.rm_auth_key', 'fred', ED) == 'Key not present' == call('ssh.rm_auth_key', 'nosuch', ED)


def test_other_lines_stay(host, keys):
    assert host.call('ssh.set_auth_key', 'fred', ED, 'ed25519') == 'replace'
    assert host.call('ssh.rm_auth_key', 'fred', SHORT) == 'Key removed'
    assert keys.read() == '# c\n\nssh-ed25519 %s\nbad line\nssh-rsa short\n1024 35 1234 old\n' % ED


def test_keys_that_are_not_set(host, keys):
    call = host.call
    assert call('ssh.set_auth_key', 'fred', 'two words') == 'invalid'
    assert call('ssh.set_auth_key', 'fred', 'abc') == 'Invalid public key'
    assert call('ssh.set_auth_key', 'nosuch', SHORT) == 'fail'
    with pytest.raises(CommandExecutionError, match="Incorrect encryption key type 'nosuch'."):
        call('ssh.set_auth_key', 'fred', SHORT, 'nosuch')
    for words in ({'comment': 'x\nssh-rsa evil'}, {'options': ['x\nssh-rsa evil']}):
        with pytest.raises(SaltInvocationError):
            call('ssh.set_auth_key', 'fred', SHORT, **words)
    assert keys.read() == FILE


@pytest.mark.skipif(os.geteuid() != 0, reason='needs a file of somebody else')
def test_a_link_to_a_file_of_somebody_else_is_left_alone(host, home, tmpdir):
    tmpdir.join('shadow').write('secret\n')
    os.chown(str(tmpdir.join('shadow')), 12, 12)
    os.symlink(str(tmpdir.join('shadow')), str(home.mkdir('.ssh').join('authorized_keys')))
    with pytest.raises(CommandExecutionError, match='not owned by fred'):
        host.call('ssh.set_auth_key', 'fred', SHORT)
    assert tmpdir.join('shadow').read() == 'secret\n'


def test_keys_in_a_file(host, home, tmpdir):
    path, call = tmpdir.join('k.pub'), host.call
    path.write('ssh-ed25519 %s me\nssh-rsa %s\n' % (ED, SHORT))
    assert call('ssh.check_key_file', 'fred', str(path)) == {ED: 'add', SHORT: 'add'}
    assert call('ssh.set_auth_key_from_file', 'fred', str(path)) == 'new'
    assert call('ssh.set_auth_key_from_file', 'fred', str(path)) == 'no change'
    assert call('ssh.set_auth_key_from_file', 'nosuch', str(path)) == 'fail'
    assert call('ssh.rm_auth_key_from_file', 'fred', str(path)) == 'Key removed'
    assert call('ssh.rm_auth_key_from_file', 'fred', str(path)) == 'Key not present'
    host.loader.entry('ssh.auth_keys')[0].fill({'__salt__': {'cp.cache_file': lambda source, saltenv: ''}})
    assert call('ssh.check_key_file', 'fred', 'salt://x') == {}
    for name in ('set_auth_key_from_file', 'rm_auth_key_from_file'):
        with pytest.raises(CommandExecutionError, match='Failed to pull key file from salt file server'):
            call('ssh.' + name, 'fred', 'salt://x')
    path.write('nothing\n')
    with pytest.raises(CommandExecutionError, match='No keys detected in'):
        call('ssh.set_auth_key_from_file', 'fred', str(path))


# ---- keys of users and hosts

def test_keys_of_users(host, home):
    folder = home.mkdir('.ssh')
    folder.join('id_rsa').write('private\n')
    folder.join('id_rsa.pub').write('public\n')
    folder.join('mine.pub').write('mine\n')
    assert host.call('ssh.user_keys') == {'fred': {'id_rsa': 'private', 'id_rsa.pub': 'public'}}
    assert host.call('ssh.user_keys', 'fred', prvfile=False) == {'fred': {'id_rsa.pub': 'public'}}
    assert host.call('ssh.user_keys', 'fred', 'mine.pub', False) == {'fred': {'mine.pub': 'mine'}}
    assert host.call('ssh.user_keys', ['nosuch']) == {}


def test_keys_of_the_host(host, tmpdir):
    folder = tmpdir.mkdir('etc')
    for name in ('ssh_host_rsa_key', 'ssh_host_rsa_key.pub', 'ssh_host_rsa_key-cert.pub', 'sshd_config'):
        folder.join(name).write(name + '\n')
    assert host.call('ssh.host_keys', str(folder)) == {'rsa': 'ssh_host_rsa_key', 'rsa.pub': 'ssh_host_rsa_key.pub',
                                                       'rsa-cert.pub': 'ssh_host_rsa_key-cert.pub'}
    assert sorted(host.call('ssh.host_keys', str(folder), False, False)) == ['rsa.pub']
    with pytest.raises(OSError):
        host.call('ssh.host_keys', '/no/such')


@pytest.mark.parametrize('text, encrypted', [
    (OPENSSH % 'BG5vbmUAAAAEbm9uZQ==', False), (OPENSSH % 'CmFlczI1Ni1jdHI=', True),
    ('-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n', True), ('-----BEGIN RSA PRIVATE KEY-----\nMII\n', False),
    ('-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII\n', True),
])
def test_passphrases(text, encrypted, host, tmpdir):
    tmpdir.join('key').write(text)
    assert host.call('ssh.key_is_encrypted', str(tmpdir.join('key'))) is encrypted


@pytest.mark.parametrize('text, error', [(None, '%s does not exist'), ('x', '%s is not a private key'),
                                         ('BEGIN OPENSSH PRIVATE KEY\n!', '%s is not a private key')])
def test_what_is_no_key(text, error, host, tmpdir):
    path = tmpdir.join('key')
    if text:
        path.write(text)
    with pytest.raises(CommandExecutionError) as caught:
        host.call('ssh.key_is_encrypted', str(path))
    assert str(caught.value) == error % path


def test_types_and_fingerprints():
    assert sshkeys.type_inside(ED) == 'ssh-ed25519' and sshkeys.type_inside(SHORT) is None
    assert sshkeys.type_inside('!') is None and sshkeys.fingerprint('a') is None and sshkeys.fingerprint(ED) == ED_PRINT
    assert [sshkeys.fingerprint(key) for key in ('!!!', '!!!!',
                                                 'AAAAB3NzaC1kc3MAAACBAL0sQ9fJ5bYTEyY==', 'AAA=A', u'\xe9===')] == [None] * 5


# ---- known hosts

@pytest.fixture
def known(home):
    home.mkdir('.ssh').join('known_hosts').write(KNOWN)
    return home.join('.ssh', 'known_hosts')


@needs_keygen
def test_known_hosts(host, known):
    call, entry = host.call, {'hostname': 'h.x,1.2.3.4', 'enc': 'ssh-ed25519', 'key': ED, 'fingerprint': ED_PRINT}
    assert call('ssh.get_known_host_entries', 'fred', 'h.x') == [entry]
    assert call('ssh.get_known_host_entries', None, 'h.x', str(known)) == [entry]
    assert call('ssh.get_known_host_entries', 'fred', 'p.x', port=2222) == [dict(entry, hostname='[p.x]:2222')]
    assert call('ssh.get_known_host_entries', 'fred', 'nosuch') is None
    for kwargs, answer in (({}, 'exists'), ({'key': ED}, 'exists'), ({'key': SHORT}, 'update'),
                           ({'fingerprint': 'a'}, 'update'), ({'fingerprint': ED_PRINT}, 'exists'),
                           ({'hostname': 'n.x'}, 'add')):
        assert call('ssh.check_known_host', 'fred', **dict({'hostname': 'h.x'}, **kwargs)) == answer
    assert call('ssh.set_known_host', 'fred', 'h.x') == {'status': 'exists', 'keys': [ED]}
    assert call('ssh.rm_known_host', 'fred', 'h.x')['status'] == 'removed'
    assert call('ssh.check_known_host', 'fred', 'h.x') == 'add'
    assert call('ssh.hash_known_hosts', 'fred')['status'] == 'updated' and '|1|' in known.read()


@needs_keygen
def test_a_host_is_stored(host, home):
    call, path = host.call, home.join('.ssh', 'known_hosts')
    assert call('ssh.set_known_host', 'fred', 'n.x', key=ED, hash_known_hosts=False) == {
        'status': 'updated', 'old': None, 'new': [{'hostname': 'n.x', 'enc': None, 'key': ED}]}
    said = call('ssh.set_known_host', 'fred', 'w.x', key=ED, enc='ed25519', port=2222, hash_known_hosts=False)
    assert said['new'][0]['port'] == 2222
    assert path.read() == 'n.x ssh-ed25519 %s\n[w.x]:2222 ssh-ed25519 %s\n' % (ED, ED)
    assert stat.S_IMODE(os.stat(str(path)).st_mode) == 0o644
    host.programs.answer('ssh-keyscan', '# q.x SSH-2.0\nq.x ssh-ed25519 %s\n' % ED)
    assert call('ssh.set_known_host', 'fred', 'q.x')['new'][0]['fingerprint'] == ED_PRINT
    assert len(path.read().splitlines()) == 3 and 'q.x' not in path.read()               # hashed
    said = call('ssh.set_known_host', 'fred', 'q.x', fingerprint='aa')
    assert said['error'].startswith('Remote host public keys found but none of their fingerprints match')


def test_asking_a_host(host):
    host.programs.answer('ssh-keyscan', '# h.x SSH-2.0\nh.x ssh-ed25519 %s\n' % ED)
    found = [{'hostname': 'h.x', 'enc': 'ssh-ed25519', 'key': ED, 'fingerprint': ED_PRINT}]
    assert host.call('ssh.recv_known_host_entries', 'h.x', 'rsa', 22, False, 9) == found
    assert host.programs.calls() == [['ssh-keyscan', '-p', '22', '-t', 'rsa', '-T', '9', 'h.x']]
    host.programs.answer('ssh-keyscan', code=1)
    assert host.call('ssh.recv_known_host_entries', 'h.x') is None
    assert host.programs.calls() == [['ssh-keyscan', '-H', '-T', '5', 'h.x']] * 5
    assert host.call('ssh.set_known_host', 'fred', 'h.x')['error'] == 'Unable to receive remote host keys'


@pytest.mark.parametrize('name, args, error', [
    ('check_known_host', ['fred'], 'hostname argument required'), ('set_known_host', ['fred'], 'hostname argument required'),
    ('rm_known_host', ['fred'], 'hostname argument required'),
    ('rm_known_host', ['fred', 'x', '/no/such'], 'Known hosts file /no/such does not exist'),
    ('hash_known_hosts', ['fred', '/no/such'], 'Known hosts file /no/such does not exist'),
    ('get_known_host_entries', ['nosuch', 'x'], 'User nosuch does not exist'),
    ('get_known_host_entries', [None, 'x', 'rel'], 'Cannot determine absolute path to file.'),
    ('set_known_host', ['fred', 'x', None, None, 2222],
     'argument port can not be used in conjunction with argument hash_known_hosts'),
    ('set_known_host', ['fred', 'x', None, SHORT], 'the key does not tell its type, and no enc is given'),
])
def test_errors_of_known_hosts(name, args, error, host):
    assert host.call('ssh.' + name, *args) == {'status': 'error', 'error': error}
