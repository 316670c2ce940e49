"""disk.*, extfs.*, lvm.* and raid.*: the words given to the programs, and what is read from what they print."""
from __future__ import absolute_import, division, print_function


import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import diskinfo
from tests.support.hostmodules import Host

PROGRAMS = ('df', 'blkid', 'lsblk', 'blockdev', 'iostat', 'hdparm', 'smartctl', 'wipefs', 'resize2fs', 'mkfs', 'sync', 'mke2fs',
            'tune2fs', 'dumpe2fs', 'lvm', 'pvdisplay', 'vgdisplay', 'lvdisplay', 'pvcreate', 'pvremove', 'pvresize', 'vgcreate',
            'vgextend', 'vgremove', 'lvcreate', 'lvremove', 'lvresize', 'lvextend', 'mdadm', 'update-initramfs')
DF = ('Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 1000 400 600 40% /\nmy share 10 1 9 10% /s\n'
      'none - - - - /x\n')
IOSTAT = ('Linux 5.10 (host)\n\navg-cpu:  %%user   %%idle\n 1.00 96.90\n\n%s rkB/s w/s\nsda 2.00 3.00\nsdb 0.00 0.01\n\n'
          'avg-cpu:  %%user   %%idle\n 2.00 96.90\n\n%s rkB/s w/s\nsda 4.00 3.01\nsdb 0,00 0.02\n\n')
HDPARM = ('\n/dev/sda:\n readonly      =  0 (off)\n geometry      = 10/16/63, sectors = 1008, start = 0\n'
          ' acoustic      = not supported\n multcount     = 16\n\n')
SMART = ('smartctl 7.2\n\nID# ATTRIBUTE_NAME FLAG VALUE WORST THRESH TYPE UPDATED WHEN_FAILED RAW_VALUE\n'
         '  1 Raw_Read_Error_Rate 0x000f 118 099 006 Pre-fail Always - 181272080\n'
         '194 Temperature_Celsius 0x0022 030 044 000 Old_age Always - 30 (0 17 0 0 0)\n\n')
DUMPE2FS = ('Filesystem volume name:   <none>\nFilesystem features:      a b\n\nGroup 0: (Blocks 0-32767) csum 0x1\n'
            '  Primary superblock at 0\n  Free blocks: 9-10, 20\nGroup 1: (Blocks 32768-65535)\n  Free blocks: \n')
PV = '  /dev/sda2:vg0:124999680:-1:8:8:-1:4096:15258:0:15258:cuD\n  "/dev/sdb" is a new physical volume\n'
VG = '  vg0:r/w:772:-1:0:3:3:-1:0:1:1:62496768:4096:15258:15258:0:Jh\n'
LV = '  /dev/vg0/root:vg0:3:1:-1:1:19529728:2384:-1:0:-1:254:0\n'
DETAIL = ('/dev/md0:\n           Version : 1.2\n    Array Size : 1046528 (1022.00 MiB)\n\n'
          '    Number   Major   Minor   RaidDevice State\n'
          '       0       8       16        0      active sync   /dev/sdb\n'
          '       2       8       48        -      spare   /dev/sdd\n')
SCAN = 'ARRAY /dev/md0 metadata=1.2 name=host:0 UUID=aaa:bbb\nARRAY /dev/md/1 metadata=0.90 UUID=ccc\n'


@pytest.fixture
def host(tmpdir, monkeypatch):
    made = Host(str(tmpdir), monkeypatch)
    made.programs.add(*PROGRAMS)
    return made


# ---- disk

def test_what_is_used(host):
    host.programs.answer('df', DF)
    assert host.call('disk.usage') == {
        '/': {'filesystem': '/dev/vda', '1K-blocks': '1000', 'used': '400', 'available': '600', 'capacity': '40%'},
        '/s': {'filesystem': 'my share', '1K-blocks': '10', 'used': '1', 'available': '9', 'capacity': '10%'}}
    assert host.call('disk.inodeusage', 'l')['/'] == {'filesystem': '/dev/vda', 'inodes': '1000', 'used': '400', 'free': '600',
                                                      'use': '40%'}
    assert host.call('disk.percent') == {'/': '40%', '/s': '10%'}
    assert host.call('disk.percent', '/') == '40%' and host.call('disk.percent', '/nosuch') == {}
    assert host.programs.calls() == [['df', '-P'], ['df', '-iPl']] + [['df', '-P']] * 3


@pytest.mark.parametrize('flags', ['/', '-l', 'k,x', '; rm', 'o', ['k', 'kl']])
def test_flags_that_df_does_not_get(flags, host):
    for name in ('disk.usage', 'disk.inodeusage'):
        with pytest.raises(CommandExecutionError, match='Invalid flag passed to ' + name):
            host.call(name, flags)
    assert host.programs.calls() == []


def test_blkid(host):
    host.programs.answer('blkid', '/dev/sda1: UUID="1-A" LABEL="my \\"x\\"" TYPE="vfat"\nodd line\n')
    assert host.call('disk.blkid', token='UUID=1-A') == {'/dev/sda1': {'UUID': '1-A', 'LABEL': 'my \\"x\\"', 'TYPE': 'vfat'}}
    assert host.programs.calls() == [['blkid', '-t', 'UUID=1-A']]
    host.programs.answer('blkid /dev/none', code=2)
    assert host.job('disk.blkid', '/dev/none') == ({}, 2)


def test_kind_of_file_system(host):
    host.programs.answer('lsblk', 'FSTYPE\next4\n')
    assert host.call('disk.fstype', '/dev/x') == 'ext4'
    host.programs.answer('lsblk', 'FSTYPE\n\n')
    host.programs.answer('df', 'Filesystem Type\n/dev/vda ext4 1 2 3 4% /\n')
    assert host.call('disk.fstype', '/') == '/dev/vda ext4 1 2 3 4% /'
    assert host.call('disk.get_fstype_from_path', '/') == '/dev/vda ext4 1 2 3 4% /'
    host.programs.answer('df', err='no', code=1)
    assert host.job('disk.fstype', '/dev/none') == ('', 1)


def test_blockdev(host):
    host.programs.answer('blockdev', ''.join('%d\n' % number for number in range(12)))
    found = host.call('disk.dump', '/dev/sda')
    assert (len(found), found['getro'], found['getfra']) == (12, '0', '11')
    assert host.call('disk.dump', '/dev/sda', ['getss']) == {'getss': '2'}
    assert host.call('disk.tune', '/dev/sda', **{'read-ahead': 5}) == {'getra': '10'}
    assert host.call('disk.tune', '/dev/sda', **{'read-only': True}) == {'getro': '0'}
    words = [call[:3] for call in host.programs.calls()]
    assert ['blockdev', '--setra', '5'] in words and ['blockdev', '--setro', '/dev/sda'] in words
    with pytest.raises(SaltInvocationError, match='Invalid keyword arguments: nosuch=1'):
        host.call('disk.tune', '/dev/sda', nosuch=1)
    host.programs.answer('blockdev', err='no', code=1)
    assert host.job('disk.dump', '/dev/sda') == (False, 1)
    assert host.job('disk.tune', '/dev/sda', **{'read-ahead': 5}) == ('ERROR: no', 1)


@pytest.mark.parametrize('column', ['Device:', 'Device'])
def test_iostat(column, host):
    host.programs.answer('iostat', IOSTAT % (column, column))
    assert host.call('disk.iostat', disks=['sda', 'sdb']) == {
        'sys': {'%user': 1.5, '%idle': 96.9}, 'sda': {'rkB/s': 3.0, 'w/s': 3.0}, 'sdb': {'rkB/s': 0.0, 'w/s': 0.02}}
    assert host.programs.calls() == [['iostat', '-xd', '1', '5', 'sda', 'sdb']]


def test_hdparm_and_smartctl(host):
    host.programs.answer('hdparm', HDPARM)
    assert host.call('disk.hdparms', 'sda', 'a') == {'/dev/sda': {
        'readonly': [0, 'off'], 'geometry': [10, 16, 63, {'sectors': '1008', 'start': '0'}], 'acoustic': 'not supported',
        'multcount': 16}}
    host.programs.answer('smartctl', SMART)
    found = host.call('disk.smart_attributes', '/dev/sda')
    assert found[1]['raw_value'] == 181272080 and found[194]['raw_value'] == '30 (0 17 0 0 0)' and found[194]['worst'] == 44
    assert host.call('disk.smart_attributes', '/dev/sda', [1], ['value']) == {1: {'value': 118}}


def test_host_protected_area(host):
    host.programs.answer('hdparm -N', '/dev/sda:\n max sectors   = 700/1000, HPA is enabled\n')
    assert host.call('disk.hpa', 'sda') == {'/dev/sda': {'visible': 700, 'hidden': 300, 'total': 1000}}
    host.programs.calls()
    for size, words in ((5, '-Np995'), ('50%', '-Np500'), (5000, '-Np1000')):
        assert host.call('disk.hpa', 'sda', size) is None
        assert host.programs.calls()[-1] == ['hdparm', '--yes-i-know-what-i-am-doing', words, '/dev/sda']
    with pytest.raises(SaltInvocationError):
        host.call('disk.hpa', 'sda', 'max')


@pytest.mark.parametrize('args, kwargs, words', [
    (['/dev/x'], {}, ['mkfs', '-t', 'ext4', '/dev/x']),
    (['/dev/x', 'ext3'], {'inode_size': 256, 'lazy_itable_init': 1, 'force': True},
     ['mkfs', '-t', 'ext3', '-i', '256', '-E', 'lazy_itable_init=1', '-F', '/dev/x']),
    (['/dev/x', 'xfs'], {'inode_size': 5, 'lazy_itable_init': 1, 'force': True},
     ['mkfs', '-t', 'xfs', '-i', 'size=5', '-f', '/dev/x']),
    (['/dev/x', 'vfat'], {'fat': 32, 'force': True}, ['mkfs', '-t', 'vfat', '-F', '32', '/dev/x']),
])
def test_format(args, kwargs, words, host):
    assert host.call('disk.format', *args, **kwargs) is True
    assert host.programs.calls() == [words, ['sync']]
    host.programs.answer('mkfs', err='no', code=1)
    assert host.job('disk.format', *args, **kwargs) == (False, 0)


def test_wiping_and_growing(host):
    assert host.call('disk.wipe', '/dev/x') is True and host.call('disk.resize2fs', '/dev/x') is True
    assert host.programs.calls() == [['wipefs', '-a', '/dev/x'], ['resize2fs', '/dev/x']]
    for program in ('wipefs', 'resize2fs'):
        host.programs.answer(program, code=3)
    assert host.job('disk.wipe', '/dev/x') == (False, 3) and host.job('disk.resize2fs', '/dev/x') == (None, 3)


def test_a_program_that_is_not_installed(host, monkeypatch):
    monkeypatch.setattr('minion.helpers.environment.which', lambda program, path=None: None)
    for name, program in (('iostat', 'iostat'), ('hdparms', 'hdparm'), ('smart_attributes', 'smartctl')):
        said = "Command required for 'disk.%s' not found: The '%s' binary was not found in $PATH." % (name, program)
        assert host.job('disk.' + name, 'x') == (said, 1)


# ---- extfs

def test_extfs(host):
    host.programs.answer('mke2fs', 'mke2fs 1.47\nDiscarding device blocks: done\nFilesystem UUID: abc\n\n'
                                   'Writing inode tables: done\n')
    assert host.call('extfs.mkfs', '/dev/x', 'ext4', journal=True) == ['Filesystem UUID: abc']
    assert host.call('extfs.mkfs', '/dev/x', 'ext4', full_return=True, label='a b')['comment'] == ['Filesystem UUID: abc']
    assert host.programs.calls() == [['mke2fs', '-F', '-t', 'ext4', '-j', '/dev/x'],
                                     ['mke2fs', '-F', '-t', 'ext4', '-L', 'a b', '/dev/x']]
    host.programs.answer('tune2fs', 'tune2fs 1.47\nSetting x\n\n')
    assert host.call('extfs.tune', '/dev/x', mmp_check=1, nosuch=5) == ['tune2fs 1.47', 'Setting x']
    assert host.programs.calls() == [['tune2fs', '-p', '1', '/dev/x']]


def test_dumpe2fs(host):
    host.programs.answer('dumpe2fs', DUMPE2FS, 'dumpe2fs 1.47\n')
    found = host.call('extfs.dump', '/dev/x', 'h')
    assert found['attributes'] == {'Filesystem volume name': '<none>', 'Filesystem features': ['a', 'b']}
    assert found['blocks'] == {
        'Group 0': {'group': '0', 'range': '0-32767', 'extra': ['Primary superblock at 0'], 'free blocks': ['9-10', '20']},
        'Group 1': {'group': '1', 'range': '32768-65535', 'extra': [], 'free blocks': ['']}}
    assert host.call('extfs.attributes', '/dev/x') == found['attributes']
    assert host.call('extfs.blocks', '/dev/x') == found['blocks']
    assert host.programs.calls()[0] == ['dumpe2fs', '/dev/x', '-h']


# ---- lvm

def test_what_lvm_tells(host):
    host.programs.answer('lvm', '  LVM version:     2.03.16(2) (2022)\n  Driver version:  4.47.0\n')
    assert host.call('lvm.version') == '2.03.16(2) (2022)'
    assert host.call('lvm.fullversion') == {'LVM version': '2.03.16(2) (2022)', 'Driver version': '4.47.0'}
    for program, text, key, name in (('pvdisplay', PV, '/dev/sda2', 'Volume Group Name'), ('vgdisplay', VG, 'vg0', 'UUID'),
                                     ('lvdisplay', LV, '/dev/vg0/root', 'Minor Device Number')):
        host.programs.answer(program, text)
        found = host.call('lvm.' + program)
        assert list(found) == [key] and found[key][name] == {'UUID': 'Jh', 'Volume Group Name': 'vg0'}.get(name, '0')
        host.programs.answer(program, code=5)
        assert host.job('lvm.' + program, 'x') == ({}, 5) and host.job('lvm.' + program, 'x', quiet=True) == ({}, 0)
    host.programs.answer('pvdisplay', PV)
    assert host.call('lvm.pvdisplay', real=True)['/dev/sda2']['Real Physical Volume Device'] == '/dev/sda2'


@pytest.mark.parametrize('name, args, kwargs, words, answer', [
    ('vgextend', ['g', '/dev/x,/dev/y'], {}, ['vgextend', 'g', '-qq', '/dev/x', '/dev/y'],
     {'Output from vgextend': 'Volume group "g" successfully extended'}),
    ('vgremove', ['g'], {}, ['vgremove', 'g', '--yes'], 'Volume group "g" successfully removed'),
    ('lvremove', ['l', 'g'], {'force': False}, ['lvremove', 'g/l', '-qq'], 'Logical volume "l" successfully removed'),
    ('lvresize', ['12M', '/l'], {'force': True, 'resizefs': True}, ['lvresize', '--force', '--resizefs', '-L', '12M', '/l'],
     {'Output from lvresize': 'Logical volume "/l" successfully resized.'}),
    ('lvextend', [], {'extents': 5, 'lvpath': '/l'}, ['lvextend', '-qq', '-l', '5', '/l'],
     {'Output from lvextend': 'Logical volume "/l" successfully extended.'}),
    ('lvresize', ['1', '/l', 5], {}, None, {}),
    ('vgcreate', ['g', ''], {}, None, 'Error: vgname and device(s) are both required'),
    ('vgextend', ['', 'x'], {}, None, 'Error: vgname and device(s) are both required'),
    ('lvcreate', ['l', 'g', '1', 5], {}, None, 'Error: Please specify only one of size or extents'),
    ('lvcreate', ['l', 'g'], {}, None, 'Error: Either size or extents must be specified'),
    ('lvcreate', ['l', 'g', '1'], {'thinpool': True, 'thinvolume': True}, None,
     'Error: Please set only one of thinvolume or thinpool to True'),
    ('pvcreate', [''], {}, None, 'Error: at least one device is required'),
    ('pvcreate', ['/dev/no-such'], {}, None, '/dev/no-such does not exist'),
])
def test_lvm_words(name, args, kwargs, words, answer, host):
    assert host.call('lvm.' + name, *args, **kwargs) == answer
    assert host.programs.calls() == ([words] if words else [])
    if words:
        host.programs.answer(name, err='  because\n', code=5)
        said, code = host.job('lvm.' + name, *args, **kwargs)
        assert code == 5 and 'because' in (said if not isinstance(said, dict) else said['Output from ' + name])


@pytest.mark.parametrize('kwargs, words', [
    ({'size': '10G'}, ['-n', 'l', 'g', '-L', '10G', '-qq']),
    ({'extents': 5, 'pv': '/dev/x', 'force': True}, ['-n', 'l', 'g', '-l', '5', '/dev/x', '--yes']),
    ({'size': '1G', 'snapshot': 'root'}, ['-n', 'l', '-s', 'g/root', '-L', '1G', '-qq']),
    ({'size': '1G', 'thinvolume': True}, ['--thin', '-n', 'l', 'g', '-V', '1G', '-qq']),
    ({'extents': 5, 'thinpool': True}, ['--thinpool', 'l', 'g', '-l', '5', '-qq']),
    ({'size': '1G', 'stripes': 2, 'nosync': None, 'nosuch': 1},
     ['-n', 'l', 'g', '-L', '1G', '--stripes', '2', '--nosync', '-qq']),
])
def test_lvcreate(kwargs, words, host):
    host.programs.answer('lvdisplay', LV)
    found = host.call('lvm.lvcreate', 'l', 'g', **kwargs)
    assert found['Output from lvcreate'] == 'Logical volume "l" created.' and '/dev/vg0/root' in found
    assert host.programs.calls() == [['lvcreate'] + words, ['lvdisplay', '-c', '/dev/g/l']]


def test_physical_volumes(host):
    host.programs.answer('pvdisplay', PV)
    assert host.call('lvm.pvcreate', '/dev/null') is True
    assert host.call('lvm.pvcreate', '/dev/null', override=False) == 'Device "/dev/null" is already an LVM physical volume.'
    assert host.call('lvm.pvresize', '/dev/x') is True
    assert host.call('lvm.pvremove', ['/dev/x']) == 'Device "/dev/x" was not affected.'
    assert [call for call in host.programs.calls() if call[0] != 'pvdisplay'] == [['pvresize', '--yes', '/dev/x'],
                                                                                 ['pvremove', '--yes', '/dev/x']]
    host.programs.answer('pvdisplay', code=5)
    assert host.call('lvm.pvcreate', '/dev/null', metadatasize=5, nosuch=1) == 'Device "/dev/null" was not affected.'
    assert host.call('lvm.pvremove', '/dev/x', override=False) == '/dev/x is not a physical volume'
    assert host.call('lvm.pvremove', '/dev/x') is True
    assert ['pvcreate', '--yes', '/dev/null', '--metadatasize', '5'] in host.programs.calls()


# ---- raid

def test_what_mdadm_tells(host):
    host.programs.answer('mdadm --detail --scan', SCAN)
    host.programs.answer('mdadm --detail', DETAIL)
    assert host.call('raid.list') == {
        '/dev/md0': {'device': '/dev/md0', 'metadata': '1.2', 'name': 'host:0', 'uuid': 'aaa:bbb'},
        '/dev/md/1': {'device': '/dev/md/1', 'metadata': '0.90', 'uuid': 'ccc'}}
    found = host.call('raid.detail', '/dev/null')
    assert found['version'] == '1.2' and found['array_size'] == '1046528 (1022.00 MiB)'
    assert found['members']['0'] == {'number': '0', 'major': '8', 'minor': '16', 'raiddevice': '0', 'state': 'active sync',
                                     'device': '/dev/sdb'}
    with pytest.raises(CommandExecutionError, match="Device /dev/no-such doesn't exist!"):
        host.call('raid.detail', '/dev/no-such')
    assert host.call('raid.destroy', '/dev/no-such') is False and host.call('raid.destroy', '/dev/null') is True
    assert ['mdadm', '--zero-superblock', '/dev/sdb', '/dev/sdd'] in host.programs.calls()


def test_mdadm_words(host):
    call = host.call
    assert call('raid.create', '/dev/md0', 1, ['/dev/a', '/dev/b'], test_mode=True) == (
        'mdadm -C /dev/md0 -R -v -l 1 -e default -n 2 /dev/a /dev/b')
    call('raid.create', '/dev/md0', 5, ['/dev/a', '/dev/b'], **{'spare-devices': 1, 'metadata': '0.9'})
    call('raid.assemble', '/dev/md0', '/dev/a,/dev/b', run=True)
    assert call('raid.assemble', '/dev/md0', ['/dev/a'], test_mode=True) == ['mdadm', '-A', '/dev/md0', '-v', '/dev/a']
    assert call('raid.add', '/dev/md0', '/dev/a') is True and call('raid.stop') is True
    assert host.programs.calls() == [
        ['mdadm', '-C', '/dev/md0', '-R', '-v', '-l', '5', '--spare-devices', '1', '-e', '0.9', '-n', '1', '/dev/a', '/dev/b'],
        ['mdadm', '-A', '/dev/md0', '-v', '--run', '/dev/a', '/dev/b'],
        ['mdadm', '--manage', '/dev/md0', '--add', '/dev/a'], ['mdadm', '--stop', '--scan']]
    with pytest.raises(TypeError):
        call('raid.create', '/dev/md0', 1, '/dev/a')


def test_raid_configuration(host, tmpdir, monkeypatch):
    path = tmpdir.join('mdadm.conf')
    path.write('# mine\nARRAY /dev/old UUID=x')
    host.loader.entry('raid.list')[0].fill({'_configuration': lambda: str(path)})
    host.programs.answer('mdadm', SCAN)
    host.programs.answer('update-initramfs', 'done\n')
    assert host.call('raid.save_config') == 'done'
    assert path.read() == '# mine\n' + SCAN


def test_odd_outputs():
    assert diskinfo.df('', ('a',) * 4) == {} and diskinfo.smart('x\n') == {} and diskinfo.iostat('') == {}
