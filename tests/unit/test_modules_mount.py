"""mount.*: what the kernel tells, the words given to mount and swapon, and tables that are changed line by line."""
from __future__ import absolute_import, division, print_function

import os
import stat

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import etcfile, mounts
from minion.helpers.rootfs import Root
from tests.support.hostmodules import Host

MOUNTS = '/dev/vda / ext4 rw,discard 0 0\ntmpfs /tmp/a\\040b tmpfs ro 0 0\nshort line\n'
MOUNTINFO = ('27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard\n30 27 0:9 /sub /x rw - tmpfs tmpfs rw\nbad\n')
SWAPS = 'Filename\tType\tSize\tUsed\tPriority\n/dev/vdb partition 100 5 -2\n'
FSTAB = ('# comment\n\n/dev/sda1 / ext4 defaults 0 1\nUUID=abc  /boot   ext3    ro,noatime 1  2\n'
         'LABEL=home /home xfs defaults\n/dev/sdb1 none swap sw 0 0\n'
         '/dev/sdc1 none swap sw 0 0\nbad line\n/dev/q /m\\040q ext4 a 0 0')


@pytest.fixture
def host(tmpdir, monkeypatch):
    made = Host(str(tmpdir), monkeypatch)
    made.programs.add('mount', 'umount', 'swapon', 'swapoff', 'blkid', 'automount')
    return made


@pytest.fixture
def kernel(tmpdir, monkeypatch):
    """A kernel that tells the texts above."""
    folder = tmpdir.mkdir('kernel').mkdir('proc')
    folder.join('swaps').write(SWAPS)
    folder.mkdir('self').join('mounts').write(MOUNTS)
    folder.join('self', 'mountinfo').write(MOUNTINFO)
    monkeypatch.setattr(mounts, 'Root', lambda path=None: Root(str(tmpdir.join('kernel'))))


@pytest.fixture
def table(tmpdir):
    path = tmpdir.join('fstab')
    path.write(FSTAB)
    os.chmod(str(path), 0o640)
    return path


# ---- what is mounted

def test_active(host, kernel):
    host.programs.answer('mount', '/dev/disk/by-x on / type ext4 (rw)\n')
    assert host.call('mount.active') == {
        '/': {'device': '/dev/vda', 'alt_device': '/dev/disk/by-x', 'fstype': 'ext4', 'opts': ['rw', 'discard']},
        '/tmp/a\\040b': {'device': 'tmpfs', 'alt_device': None, 'fstype': 'tmpfs', 'opts': ['ro']}}
    assert host.call('mount.is_mounted', 5) is False and host.call('mount.fstab', '/etc') == {}
    assert host.call('mount.is_mounted', '/tmp/a b') is True and host.call('mount.is_mounted', '/tmp') is False


def test_active_with_all_details(host, kernel):
    host.programs.answer('blkid', '/dev/vda: LABEL="my root" UUID="AB-1" TYPE="ext4"\n')
    found = host.call('mount.active', extended=True)
    assert found['/'] == {'device': '/dev/vda', 'alt_device': None, 'fstype': 'ext4', 'opts': ['rw', 'relatime'],
                          'superopts': ['rw', 'discard'], 'mountid': '27', 'parentid': '1', 'major': '254', 'minor': '0',
                          'root': '/', 'device_uuid': 'ab-1', 'device_label': 'my root'}
    assert found['/x']['root'] == '/sub' and found['/x']['device_uuid'] is None and len(found) == 2


def test_this_host(host):
    assert host.call('mount.is_mounted', '/proc') is True
    assert host.call('mount.get_mount_from_path', '/proc/self/status') == '/proc'
    assert host.call('mount.get_device_from_path', '/proc/self/status') == 'proc'
    assert host.call('mount.is_fuse_exec', 'no-such-program') is False


@pytest.mark.parametrize('name, args, kwargs, words', [
    ('mount', ['/x', '/dev/x'], {}, ['mount', '-o', 'defaults', '/dev/x', '/x']),
    ('mount', ['/x', '/dev/x', False, 'ext4', 'ro,noatime'], {}, ['mount', '-o', 'ro,noatime', '-t', 'ext4', '/dev/x', '/x']),
    ('mount', ['/x; rm y'], {}, ['mount', '/x; rm y']),
    ('mount', ['/x', '/dev/x'], {'opts': ['a', 'b']}, ['mount', '-o', 'a,b', '/dev/x', '/x']),
    ('remount', ['/', '/dev/vda'], {'opts': 'ro', 'fstype': 'ext4'},
     ['mount', '-o', 'ro,remount', '-t', 'ext4', '/dev/vda', '/']),
    ('remount', ['/new', '/dev/vda'], {}, ['mount', '-o', 'defaults', '/dev/vda', '/new']),
    ('umount', ['/'], {}, ['umount', '/']), ('umount', ['/'], {'device': '/dev/q', 'lazy': True}, ['umount', '-l', '/dev/q']),
])
def test_words(name, args, kwargs, words, host, kernel):
    assert host.call('mount.' + name, *args, **kwargs) is True
    assert [call for call in host.programs.calls() if call != ['mount', '-l']] == [words]


def test_what_cannot_be_mounted(host, kernel):
    host.programs.answer('mount /x', err='mount: no\n', code=32)
    assert host.job('mount.mount', '/x') == ('mount: no', 32)
    assert host.call('mount.umount', '/y') == '/y does not have anything mounted'
    assert host.call('mount.mount', '/x', util='nosuch') is False


def test_a_folder_is_made_when_told_to(host, tmpdir):
    made = []
    host.loader.entry('mount.mount')[0].fill({'__salt__': {'file.mkdir': lambda path, user: made.append((path, user)),
                                                           'cmd.run_all': host.loader.functions['cmd.run_all']}})
    assert host.call('mount.mount', str(tmpdir.join('new')), '/dev/x', mkmnt=True) is True
    assert made == [(str(tmpdir.join('new')), None)]


def test_swap(host, kernel):
    stats = {'type': 'partition', 'size': '100', 'used': '5', 'priority': '-2'}
    assert host.call('mount.swaps') == {'/dev/vdb': stats}
    assert host.call('mount.swapon', '/dev/vdb') == {'stats': stats, 'new': False}
    assert host.call('mount.swapon', '/dev/x', 5) == {'/dev/vdb': stats}
    assert host.call('mount.swapoff', '/dev/x') is None and host.call('mount.swapoff', '/dev/vdb') is False
    assert host.programs.calls() == [['swapon', '/dev/x', '-p', '5'], ['swapoff', '/dev/vdb']]


# ---- fstab

def test_fstab(host, table):
    found = host.call('mount.fstab', str(table))
    assert sorted(found) == ['/', '/boot', '/home', '/m\\040q', 'none', 'none_']
    assert found['/boot'] == {'device': 'UUID=abc', 'fstype': 'ext3', 'opts': ['ro', 'noatime'], 'dump': '1', 'pass': '2'}
    assert found['/home']['pass'] == '0' and found['none_']['device'] == '/dev/sdc1'
    assert host.call('mount.vfstab', str(table)) == found and host.call('mount.fstab', '/no/such') == {}


@pytest.mark.parametrize('args, kwargs, answer, line', [
    (['/new', '/dev/n', 'ext4'], {}, 'new', '/dev/n\t\t/new\text4\tdefaults\t0 0'),
    (['/', '/dev/sda1', 'ext4'], {'pass_num': 1}, 'present', None),
    (['/', '/dev/sda1', 'ext4'], {'opts': ['ro', 'x']}, 'change', '/dev/sda1\t\t/\text4\tro,x\t0 0'),
    (['/', '/dev/sda1', 'ext4'], {'opts': 'ro', 'not_change': True}, 'present', None),
    (['/', '/dev/sda1', 'ext4'], {'opts': 'ro', 'test': True}, 'change', None),
    (['/new', '/dev/n', 'ext4'], {'test': True}, 'new', None),
    (['/', 'tmpfs', 'tmpfs'], {}, 'change', 'tmpfs\t\t/\ttmpfs\tdefaults\t0 0'),
    (['none', '/dev/sdc1', 'swap'], {'match_on': ['device', 'name']}, 'change', '/dev/sdc1\t\tnone\tswap\tdefaults\t0 0'),
    (['/', '/dev/z', 'ext4'], {'match_on': 'name'}, 'change', '/dev/z\t\t/\text4\tdefaults\t0 0'),
    (['/m q', '/dev/q', 'ext4'], {'opts': 'a'}, 'present', None),
    (['/a\tb', '/dev/\\x', 'ext4'], {}, 'new', '/dev/\\134x\t\t/a\\011b\text4\tdefaults\t0 0'),
])
def test_set_fstab(args, kwargs, answer, line, host, table):
    assert host.call('mount.set_fstab', *args, config=str(table), **kwargs) == answer
    after = table.read()
    if line is None:
        assert after == FSTAB
    else:
        assert line in after.splitlines()
        left = [one for one in FSTAB.splitlines() if one not in after.splitlines()]
        assert len(left) == (1 if answer == 'change' else 0)
        assert stat.S_IMODE(os.stat(str(table)).st_mode) == 0o640


def test_what_cannot_be_set(host, table):
    for kwargs, error in (({'match_on': 'nosuch'}, 'Unrecognized keys in match_on: "nosuch"'),
                          ({'config': '/no/such'}, 'Bad config file "/no/such"')):
        with pytest.raises(CommandExecutionError) as caught:
            host.call('mount.set_fstab', '/', '/dev/x', 'ext4', **dict({'config': str(table)}, **kwargs))
        assert str(caught.value) == error
    with pytest.raises(SaltInvocationError):
        host.call('mount.set_fstab', '/', '/dev/x', 'ext4', opts='a\n/dev/y / ext4 x 0 0', config=str(table))
    assert table.read() == FSTAB


@pytest.mark.parametrize('name, device, gone', [
    ('/home', None, ['LABEL=home']), ('/', '/dev/sda1', ['/dev/sda1']), ('/', '/dev/sda2', []),
    ('none', None, ['/dev/sdb1', '/dev/sdc1']), ('none', '/dev/sdc1', ['/dev/sdc1']), ('/m q', '/dev/q', ['/dev/q']),
])
def test_rm_fstab(name, device, gone, host, table):
    assert host.call('mount.rm_fstab', name, device, config=str(table)) is True
    kept = [line for line in FSTAB.splitlines(True) if not line.split() or line.split()[0] not in gone]
    assert table.read() == ''.join(kept)
    with pytest.raises(CommandExecutionError, match="Couldn't read from /no/such"):
        host.call('mount.rm_fstab', name, device, config='/no/such')


def test_tables_of_other_systems(host, tmpdir):
    path = tmpdir.join('vfstab')
    path.write('#c\n/dev/c0 /dev/r0 / ufs 1 no -\n')
    call, config = host.call, str(path)
    assert call('mount.set_vfstab', '/x', '/dev/c1', 'ufs', config=config) == 'new'
    assert call('mount.set_vfstab', '/x', '/dev/c1', 'ufs', config=config) == 'present'
    assert call('mount.set_vfstab', '/x', '/dev/c1', 'ufs', opts='ro', config=config) == 'change'
    assert path.read() == '#c\n/dev/c0 /dev/r0 / ufs 1 no -\n/dev/c1     -   /x                  ufs      -   yes    ro\n'
    assert call('mount.rm_vfstab', '/x', '/dev/c1', config=config) is True
    assert path.read() == '#c\n/dev/c0 /dev/r0 / ufs 1 no -\n'
    assert call('mount.filesystems') == {} and call('mount.rm_filesystems', '/x', '/y') is False
    assert call('mount.set_filesystems', '/x', '/y', 'jfs') is None


def test_automaster(host, tmpdir):
    path = tmpdir.join('auto_salt')
    path.write('/old -fstype=nfs,rw host:/x\n# c\n/bad\n')
    call, config = host.call, str(path)
    assert call('mount.automaster', config) == {'/old': {'device': '/x', 'fstype': '-fstype=nfs', 'opts': ['rw']}}
    for kwargs, answer in (({}, 'new'), ({}, 'present'), ({'opts': 'ro', 'test': True}, 'change'),
                           ({'opts': 'ro', 'not_change': True}, 'present'), ({'opts': 'ro'}, 'change')):
        assert call('mount.set_automaster', '/mnt/b', '/dev/sdb', 'ext4', config=config, **kwargs) == answer
    assert path.read().splitlines()[-1] == '/../mnt/b\t-fstype=ext4,ro\text4:/dev/sdb'
    assert call('mount.rm_automaster', '/mnt/b', '/dev/sdb', config=config) is True
    assert call('mount.rm_automaster', '/mnt/b', '/dev/sdb', config=config) is True
    assert host.programs.calls() == [['automount', '-cv']]
    assert path.read() == '/old -fstype=nfs,rw host:/x\n# c\n/bad\n'


def test_memory_of_mounts(host):
    assert host.call('mount.read_mount_cache', '/x') == {}
    assert host.call('mount.write_mount_cache', '/x', '/dev/x', True, 'ext4', ['ro']) is True
    assert host.call('mount.read_mount_cache', '/x') == {'device': '/dev/x', 'mkmnt': True, 'fstype': 'ext4', 'opts': ['ro']}
    assert host.call('mount.delete_mount_cache', '/x') is True and host.call('mount.read_mount_cache', '/x') == {}
    with open(os.path.join(host.loader.opts['cachedir'], 'mounts'), 'w') as stream:
        stream.write('{broken')
    assert host.call('mount.read_mount_cache', '/x') == {}


# ---- files of the host

def test_a_file_is_replaced_behind_its_link(tmpdir):
    tmpdir.join('real').write('old')
    os.symlink('real', str(tmpdir.join('link')))
    etcfile.rewrite(str(tmpdir.join('link')), 'new')
    assert os.path.islink(str(tmpdir.join('link'))) and tmpdir.join('real').read() == 'new'
    assert sorted(os.listdir(str(tmpdir))) == ['link', 'real']


@pytest.mark.skipif(os.geteuid() != 0, reason='only root gives files away')
def test_the_owner_stays(tmpdir):
    path = str(tmpdir.join('x'))
    etcfile.rewrite(path, 'a', mode=0o600)
    os.chown(path, 12, 34)
    etcfile.rewrite(path, 'b')
    found = os.stat(path)
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (12, 34, 0o600)


def test_what_is_no_file_is_left_alone(tmpdir):
    with pytest.raises(OSError):
        etcfile.rewrite(str(tmpdir), 'x')
    with pytest.raises(OSError):
        etcfile.rewrite('/dev/null', 'x')
    assert etcfile.lines(str(tmpdir.join('none')), missing=True) == []
    with pytest.raises(IOError):
        etcfile.lines(str(tmpdir.join('none')))
