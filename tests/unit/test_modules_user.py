"""user.*, group.* and shadow.*: the words given to the programs, what is told of accounts, and real ones as root."""
from __future__ import absolute_import, division, print_function

import os
import pwd
import subprocess

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import crypthash, environment, userdb
from tests.support.hostmodules import Host

PROGRAMS = ('useradd', 'usermod', 'userdel', 'groupadd', 'groupmod', 'groupdel', 'gpasswd', 'passwd', 'chage')
PASSWD = ('root:x:0:0:root:/root:/bin/bash\nanna:x:1000:100:Anna B,12,345,,a,b:/home/anna:/bin/sh\nbad line\n')
GROUP = 'root:x:0:\nusers:x:100:\nwheel:x:10:root,anna\n'
SHADOW = 'root:*:18000:0:99999:7:::\nanna:$6$s$h:18001:1:2:3:4:5:\n'

needs_root = pytest.mark.skipif(os.geteuid() != 0 or environment.which('useradd') is None,
                                reason='makes users: needs root and useradd')


@pytest.fixture
def host(tmpdir, monkeypatch):
    made = Host(str(tmpdir), monkeypatch)
    made.programs.add(*PROGRAMS)
    made.programs.add('chpasswd', stdin=True)
    return made


@pytest.fixture
def other(tmpdir):
    """A folder with the databases of another system."""
    etc = tmpdir.mkdir('other').mkdir('etc')
    for name, text in (('passwd', PASSWD), ('group', GROUP), ('shadow', SHADOW)):
        etc.join(name).write(text)
    return str(tmpdir.join('other'))


# ---- what is told

def test_user_of_another_system(host, other):
    assert host.call('user.info', 'anna', root=other) == {
        'name': 'anna', 'passwd': 'x', 'uid': 1000, 'gid': 100, 'groups': ['users', 'wheel'], 'home': '/home/anna',
        'shell': '/bin/sh', 'fullname': 'Anna B', 'roomnumber': '12', 'workphone': '345', 'homephone': '', 'other': 'a,b'}
    assert host.call('user.info', 'nobody', root=other) == {}
    assert host.call('user.list_users', root=other) == ['anna', 'root']
    assert [one['name'] for one in host.call('user.getent', root=other)] == ['root', 'anna']


def test_group_of_another_system(host, other):
    assert host.call('group.info', 'wheel', root=other) == {'name': 'wheel', 'passwd': 'x', 'gid': 10,
                                                            'members': ['root', 'anna']}
    assert [one['gid'] for one in host.call('group.getent', root=other)] == [0, 100, 10]


def test_password_of_another_system(host, other):
    assert host.call('shadow.info', 'anna', root=other) == {'name': 'anna', 'passwd': '$6$s$h', 'lstchg': 18001, 'min': 1,
                                                            'max': 2, 'warn': 3, 'inact': 4, 'expire': 5}
    assert host.call('shadow.info', 'root', root=other)['inact'] == -1
    assert host.call('shadow.info', 'nobody', root=other)['name'] == ''
    assert host.call('shadow.list_users', root=other) == ['anna', 'root']


def test_this_system(host):
    me = pwd.getpwuid(0)
    assert host.call('user.info', 'root')['shell'] == me.pw_shell and 'root' in host.call('user.list_users')
    assert host.call('user.list_groups', 'no-such-user') == [] and host.call('user.info', 'no-such-user') == {}
    assert host.call('user.primary_group', 'root') == 'root'
    assert host.call('group.info', 'no-such-group') == {} and host.call('group.info', 'root')['gid'] == 0
    assert host.call('user.get_loginclass', 'root') is False and host.call('user.chloginclass', 'root', 'x') is False
    for name, args in (('group.info', [0]), ('group.chgid', [None, 5]), ('user.list_groups', [5]),
                       ('user.chgroups', ['root', 5])):
        with pytest.raises(TypeError):
            host.call(name, *args)


@pytest.mark.parametrize('text', ['', 'Full Name', 'a,b', 'a,,c', 'a,b,c,d,e', 'a,b,c,d,e,f'])
def test_comment_of_a_user_is_made_of_its_parts_again(text):
    assert userdb.gecos_text(userdb.gecos(text)) == text


# ---- words for the programs

@pytest.mark.parametrize('name, args, kwargs, words', [
    ('user.add', ['fred'], {}, ['useradd', '-m', 'fred']),
    ('user.add', ['fred', 1200, 100], {'home': '/srv/f', 'shell': '/bin/sh', 'unique': False, 'system': True,
                                       'createhome': False, 'nologinit': True},
     ['useradd', '-s', '/bin/sh', '-u', '1200', '-g', '100', '-M', '-l', '-d', '/srv/f', '-o', '-r', 'fred']),
    ('user.add', ['fred'], {'usergroup': True}, ['useradd', '-U', '-m', 'fred']),
    ('user.add', ['fred'], {'usergroup': False, 'createhome': None}, ['useradd', '-N', 'fred']),
    ('user.add', ['a;b $(x)'], {'root': '/r'}, ['useradd', '-m', 'a;b $(x)', '-R', '/r']),
    ('user.delete', ['fred'], {'remove': True, 'force': True}, ['userdel', '-r', '-f', 'fred']),
    ('user.delete', ['fred'], {'root': '/r'}, ['userdel', 'fred', '-R', '/r']),
    ('user.chgroups', ['root', 'a, b'], {}, ['usermod', '-G', 'a,b', 'root']),
    ('user.chgroups', ['root', ['a']], {'append': True}, ['usermod', '-a', '-G', 'a', 'root']),
    ('group.add', ['g'], {}, ['groupadd', 'g']),
    ('group.add', ['g', 50], {'system': True, 'non_unique': True, 'root': '/r'},
     ['groupadd', '-g', '50', '-o', '-r', '-R', '/r', 'g']),
    ('group.delete', ['g'], {}, ['groupdel', 'g']),
    ('group.adduser', ['g', 'fred'], {}, ['gpasswd', '-a', 'fred', 'g']),
    ('group.deluser', ['root', 'fred'], {}, None),
    ('group.members', ['g', 'a,b'], {'root': '/r'}, ['gpasswd', '-Q', '/r', '-M', 'a,b', 'g']),
])
def test_words(name, args, kwargs, words, host):
    assert host.call(name, *args, **kwargs) is True
    assert host.programs.calls() == ([words] if words else [])


def test_a_failing_program_gives_false_and_its_exit_code(host):
    for program in ('useradd', 'userdel', 'usermod', 'groupadd', 'gpasswd'):
        host.programs.answer(program, err='no', code=9)
    for name, args in (('user.add', ['fred']), ('user.delete', ['fred']), ('user.chgroups', ['root', 'x']),
                       ('group.add', ['g']), ('group.adduser', ['g', 'u'])):
        assert host.job(name, *args) == (False, 9)


def test_mail_box_that_debian_misses(host):
    host.programs.answer('userdel', err='userdel: fred mail spool (/var/mail/fred) not found', code=12)
    assert host.call('user.delete', 'fred', remove=True) is True
    host.programs.answer('userdel', err='cannot remove the home', code=12)
    assert host.call('user.delete', 'fred', remove=True) is False


@pytest.mark.parametrize('name, args, words', [
    ('user.chuid', ['root', 5], ['usermod', '-u', '5', 'root']), ('user.chgid', ['root', 5], ['usermod', '-g', '5', 'root']),
    ('user.chshell', ['root', '/x'], ['usermod', '-s', '/x', 'root']),
    ('user.chhome', ['root', '/x', True], ['usermod', '-d', '/x', '-m', 'root']),
    ('user.chfullname', ['root', 'X Y'], ['usermod', '-c', 'X Y', 'root']),
    ('user.chother', ['root', 'o'], ['usermod', '-c', 'root,,,,o', 'root']),
    ('shadow.set_maxdays', ['root', 5], ['chage', '-M', '5', 'root']),
    ('shadow.set_inactdays', ['root', 5], ['chage', '-I', '5', 'root']),
    ('shadow.lock_password', ['root'], ['passwd', '-l', 'root']), ('shadow.del_password', ['root'], ['passwd', '-d', 'root']),
])
def test_a_change_that_is_not_seen_afterwards_is_false(name, args, words, host):
    if name.startswith('shadow.') and os.geteuid() != 0:
        pytest.skip('only root reads the password file')
    assert host.call(name, *args) is False
    assert host.programs.calls() == [words]


def test_what_is_so_already_starts_nothing(host):
    assert host.call('user.chuid', 'root', 0) is True and host.call('user.chhome', 'root', pwd.getpwuid(0).pw_dir) is True
    assert host.programs.calls() == []


@pytest.mark.parametrize('name, args, error', [
    ('user.chuid', ['no-such-user', 5], "User 'no-such-user' does not exist"),
    ('user.rename', ['no-such-user', 'x'], "User 'no-such-user' does not exist"),
    ('user.rename', ['root', 'root'], "User 'root' already exists"),
    ('user.add', ['x', None, None, None, None, None, True, False, '', '', '', '', '', True, None, False, None, None, True],
     "Command 'luseradd' cannot be found"),
])
def test_refusals(name, args, error, host):
    with pytest.raises(CommandExecutionError) as caught:
        host.call(name, *args)
    assert str(caught.value) == error


# ---- passwords

def test_a_hash_is_not_shown_to_others(host, other):
    assert host.call('shadow.set_password', 'anna', '$6$new$hash', root=other) is False       # the fake changes nothing
    assert host.programs.calls() == [['chpasswd', '-e', '-R', other]]
    assert host.programs.given('chpasswd') == 'anna:$6$new$hash\n'
    assert host.call('shadow.set_password', 'anna', 'h', use_usermod=True, root=other) is False
    assert host.programs.calls() == [['usermod', '-p', 'h', 'anna', '-R', other]]


@pytest.mark.parametrize('name, password', [('anna', 'a\nroot:x'), ('anna', 'a:b'), ('an\nna', 'x'), ('anna', 'a\0')])
def test_a_hash_cannot_reach_another_line(name, password, host, other):
    with pytest.raises(SaltInvocationError):
        host.call('shadow.set_password', name, password, root=other)
    assert host.programs.calls() == []


def test_without_a_password_file_or_user(host, other):
    assert host.call('shadow.set_password', 'nobody', 'x', root=other) is False
    assert host.call('shadow.set_password', 'anna', 'x', root='/no/such') == {}
    assert host.call('shadow.set_maxdays', 'nobody', 5, root=other) is False
    assert host.call('shadow.default_hash') == '!'


@pytest.mark.parametrize('salt, algorithm, expected', [
    ('abcdefgh', 'sha512',
     '$6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG.'),
    ('abcdefgh', 'sha256', '$5$abcdefgh$gruCpC7VkOTspMQTTSAR8mtlO9Upms.fwqE5y16JVM.'),
    ('abcdefgh', 'md5', '$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1'),
])
@pytest.mark.parametrize('way', ['library', 'openssl'])
def test_hashes(salt, algorithm, expected, way, host, monkeypatch):
    if way == 'openssl':
        if environment.which('openssl') is None:
            pytest.skip('openssl is not installed')
        monkeypatch.setattr(crypthash, '_by_library', lambda password, setting: None)
    assert host.call('shadow.gen_password', 'secret', salt, algorithm) == expected


def test_a_salt_is_chosen(host):
    one, two = [host.call('shadow.gen_password', 'secret') for _ in range(2)]
    assert one != two and one.startswith('$6$') and len(one.split('$')[2]) == 16
    assert host.call('shadow.gen_password', None, 'ab', None) != host.call('shadow.gen_password', None, 'ab', None)


def test_hashes_that_cannot_be_made(host, monkeypatch):
    with pytest.raises(SaltInvocationError, match="Cannot hash using 'nosuch' hash algorithm"):
        host.call('shadow.gen_password', 'secret', 'ab', 'nosuch')
    with pytest.raises(TypeError):
        host.call('shadow.gen_password', 5, 'ab')
    monkeypatch.setattr(crypthash, '_by_library', lambda password, setting: None)
    with pytest.raises(CommandExecutionError, match='blowfish'):
        host.call('shadow.gen_password', 'secret', 'ab', 'blowfish')


# ---- real ones

@pytest.fixture
def real(tmpdir, monkeypatch):
    made = Host(str(tmpdir), monkeypatch)
    _remove()
    yield made
    _remove()


def _remove():
    for words in (['userdel', '-f', 'mtstuser'], ['userdel', '-f', 'mtstother'], ['groupdel', 'mtstuser'],
                  ['groupdel', 'mtstgroup']):
        with open(os.devnull, 'r+b') as nothing:
            subprocess.call(words, stdin=nothing, stdout=nothing, stderr=nothing)


@needs_root
def test_life_of_a_user(real):
    call = real.call
    assert call('group.add', 'mtstgroup', 45871) is True and call('group.chgid', 'mtstgroup', 45872) is True
    assert call('user.add', 'mtstuser', 45871, groups='mtstgroup', createhome=False, fullname='Test User', workphone=5) is True
    found = call('user.info', 'mtstuser')
    assert (found['uid'], found['fullname'], found['workphone']) == (45871, 'Test User', '5')
    assert 'mtstgroup' in found['groups'] and call('group.info', 'mtstgroup')['members'] == ['mtstuser']
    assert call('user.chuid', 'mtstuser', 45873) is True and call('user.chshell', 'mtstuser', '/bin/false') is True
    assert call('shadow.set_password', 'mtstuser', '$6$a$b') is True
    assert call('shadow.lock_password', 'mtstuser') is True and call('shadow.info', 'mtstuser')['passwd'] == '!$6$a$b'
    assert call('shadow.unlock_password', 'mtstuser') is True and call('shadow.set_warndays', 'mtstuser', 3) is True
    assert call('shadow.set_date', 'mtstuser', '2020-01-02') is True
    assert call('shadow.info', 'mtstuser')['lstchg'] == 18263
    assert call('group.deluser', 'mtstgroup', 'mtstuser') is True
    assert call('user.rename', 'mtstuser', 'mtstother') is False                 # as masters expect
    assert call('user.info', 'mtstother')['uid'] == 45873
    assert call('user.delete', 'mtstother') is True and call('group.delete', 'mtstgroup') is True
    assert call('user.info', 'mtstother') == {} and call('group.info', 'mtstgroup') == {}
