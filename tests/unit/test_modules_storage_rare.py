"""scsi.*, devmap.*, xfs.* and cryptdev.*, with programs that print what a test wrote for them."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion.helpers import mounts
from tests.support import hostmodules

LSSCSI = '''[0:0:0:0]    disk    ATA      ST1000DM003-1CH1 CC47  /dev/sda [8:0]  1.00TB
  state=running
  dir: /sys/bus/scsi/devices/0:0:0:0  [/sys/devices/ata1/0:0:0:0]
[1:0:0:0]    cd/dvd  TSSTcorp CDDVDW SH-224BB  SB00  /dev/sr0[11:0]       -
[2:0:0:0]    enclosu HP       VOLUME 1.0  -  -
'''
INFO = '''log stripe unit is too large
meta-data=/dev/sda1              isize=256    agcount=4, agsize=524288 blks
         =                       sectsz=512   attr=2
data     =                       bsize=4096   blocks=2097152, imaxpct=25
naming   =version 2              bsize=4096   ascii-ci=0

Discarding blocks...Done.
'''
GEOMETRY = {
    'meta-data': {'section': '/dev/sda1', 'isize': '256', 'agcount': '4', 'agsize': '524288 blks', 'sectsz': '512',
                  'attr': '2'},
    'data': {'section': 'data', 'bsize': '4096', 'blocks': '2097152', 'imaxpct': '25'},
    'naming': {'section': 'version 2', 'bsize': '4096', 'ascii-ci': '0'}}
INVENTORY = '''file system 0:
\tfs id:\t\tabc
\tsession 0:
\t\tsession label:\t"my: first"
\t\tstream 0:
\t\t\tpathname:\t/tmp/dump
\t\tlevel:\t\t0
\tsession 1:
\t\tlevel:\t\t1
file system 1:
\tfs id:\t\tdef
xfsrestore: Restore Status: SUCCESS
'''
DUMP = '''xfsdump: level 0 dump of host:/mnt
xfsdump: session id: b74a
xfsdump: session label: "x y"
xfsdump: media file size 21120 bytes
xfsdump: dump complete: 0 seconds elapsed
xfsdump: Dump Summary:
xfsdump:   stream 0 /dump OK (success)
xfsdump: Dump Status: SUCCESS
'''
PRUNED = 'Processing\n-----\nSession 0:\nUUID:\t\ta8\nMount Point:\thost:/x\nDevice: host:/dev/q:1\n-----\nPruned: x\n'
BLKID = 'DEVNAME=/dev/x\nLABEL=q\nTYPE=xfs\nUUID=5\n\nDEVNAME=/dev/z\nTYPE=ext4\n\nDEVNAME=/dev/k\nTYPE=xfs\n'
PROGRAMS = ('multipath', 'lsscsi', 'xfs_info', 'xfs_admin', 'xfs_estimate', 'xfs_fsr', 'xfsdump', 'xfsrestore', 'xfsinvutil',
            'mkfs.xfs', 'blkid', 'dmsetup', 'cryptsetup')
TABLE = '# c\n\nn1 /dev/a none luks\nn2 /dev/b /key a,b # x\nn3 /dev/c\n n4 /dev/d none'


@pytest.fixture
def table(tmpdir):
    path = tmpdir.join('crypttab')
    path.write(TABLE)
    return path


@pytest.fixture
def host(tmpdir, monkeypatch):
    made = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    made.programs.add(*PROGRAMS)
    return made


# ---- scsi, devmap

def test_scsi_devices(host):
    host.programs.answer('lsscsi', LSSCSI)
    assert host.call('scsi.ls') == {
        '[0:0:0:0]': {'lun': '0:0:0:0', 'size': '1.00TB', 'major': '8', 'minor': '0', 'device': '/dev/sda',
                      'model': 'ST1000DM003-1CH1 CC47', 'state': 'running',
                      'dir': ['/sys/bus/scsi/devices/0:0:0:0', '/sys/devices/ata1/0:0:0:0']},
        '[1:0:0:0]': {'lun': '1:0:0:0', 'size': '-', 'major': '11', 'minor': '0', 'device': '/dev/sr0',
                      'model': 'CDDVDW SH-224BB SB00'},
        '[2:0:0:0]': {'lun': '2:0:0:0', 'size': '-', 'major': None, 'minor': None, 'device': '1.0', 'model': 'VOLUME'}}
    host.programs.answer('lsscsi', LSSCSI.split('\n')[0].replace('  1.00TB', ''))
    found = host.call('scsi.ls', get_size=False)['[0:0:0:0]']
    assert (found['size'], found['minor'], found['device']) == (None, '0', '/dev/sda')
    assert host.programs.calls() == [['lsscsi', '-dLsv'], ['lsscsi', '-dLv']]


def test_lsscsi_fails(host):
    host.programs.answer('lsscsi', err='lsscsi: invalid option\nusage\n', code=1)
    assert host.call('scsi.ls') == 'lsscsi: invalid option'


def test_a_host_is_looked_at_again(host, tmpdir):
    host.loader.functions['scsi.rescan_all'].__globals__['_HOST'] = str(tmpdir.join('host%s'))
    tmpdir.mkdir('host0')
    assert host.call('scsi.rescan_all', 0) == []
    assert tmpdir.join('host0', 'scan').read() == '- - -\n'
    tmpdir.mkdir('hostx')
    for number in (1, '1', 'x', '0/../host0'):
        assert host.call('scsi.rescan_all', number) == 'Host %s does not exist' % number


def test_multipath(host):
    host.programs.answer('multipath', 'a\nb\n')
    assert host.call('devmap.multipath_list') == host.call('devmap.multipath_flush', '/dev/null') == ['a', 'b']
    assert host.call('devmap.multipath_flush', '/dev/nosuch') == '/dev/nosuch does not exist'
    assert host.programs.calls() == [['multipath', '-l'], ['multipath', '-f', '/dev/null']]


# ---- xfs

@pytest.mark.parametrize('call, program, out, told, words', [
    (['info', '/dev/x'], 'xfs_info', INFO, GEOMETRY, ['/dev/x']),
    (['mkfs', '/dev/x'], 'mkfs.xfs', INFO, GEOMETRY, ['-f', '/dev/x']),
    (['mkfs', '/dev/x', 'my l', 512, True, 'size=1k', 'crc=0', 'a=1', 'internal,size=1b', 'r=2', 'n=3', 'su = 1, sw=2'],
     'mkfs.xfs', '', {}, ['-L', 'my l', '-s', '512', '-b', 'size=1k', '-m', 'crc=0', '-n', 'n=3', '-i', 'a=1',
                          '-d', 'su=1,sw=2', '-l', 'internal,size=1b', '-r', 'r=2', '/dev/x']),
    (['inventory'], 'xfsrestore', INVENTORY, {
        'file system 0': {'fs id': 'abc', 'session 0': {'session label': '"my: first"', 'stream 0': {
            'pathname': '/tmp/dump'}, 'level': '0'}, 'session 1': {'level': '1'}},
        'file system 1': {'fs id': 'def'}, 'restore_status': 'xfsrestore: Restore Status: SUCCESS'}, ['-I']),
    (['dump', '/dev/x', '/d e', 3, "it's", True], 'xfsdump', DUMP, {
        'Session ID': 'b74a', 'Session label': '"x y"', 'Media size': '21120 bytes', 'Dump complete': '0 seconds elapsed',
        'Summary': 'stream 0 /dump OK (success)', 'Status': 'SUCCESS'},
     ['-F', '-L', "it's", '-l', '3', '-f', '/d e', '/dev/x']),
    (['prune_dump', 'a8'], 'xfsinvutil', PRUNED,
     {'uuid': 'a8', 'mount_point': 'host:/x', 'device': 'host:/dev/q:1'}, ['-s', 'a8', '-F']),
    (['estimate', '/'], 'xfs_estimate', 'directory bsize blocks megabytes logsize\n/a b 4096 5 48.3MB 1\nodd\n',
     {'/a b': {'block _size': '4096', 'blocks': '5', 'megabytes': '48.3MB', 'logsize': '1'}}, ['-v', '/']),
    (['devices'], 'blkid', BLKID, {'/dev/x': {'label': 'q', 'uuid': '5'}, '/dev/k': {'label': None}}, ['-o', 'export']),
])
def test_xfs(host, call, program, out, told, words):
    host.programs.answer(program, out)
    assert host.call('xfs.' + call[0], *call[1:]) == told
    assert host.programs.calls() == [[program] + words]


@pytest.mark.parametrize('kwargs, words', [
    ({'label': 'a b', 'lazy_counting': False}, ['-L', 'a b', '-c', '0']), ({'uuid': True}, ['-U', 'generate']),
    ({'lazy_counting': True, 'uuid': False}, ['-c', '1', '-U', 'nil'])])
def test_xfs_is_changed(host, kwargs, words):
    host.programs.answer('blkid', BLKID.split('\n\n')[0])
    assert host.call('xfs.modify', '/dev/x', **kwargs) == {'/dev/x': {'label': 'q', 'uuid': '5'}}
    assert host.programs.calls() == [['xfs_admin'] + words + ['/dev/x'], ['blkid', '-o', 'export', '/dev/x']]


@pytest.mark.parametrize('call, told', [
    (['modify', '/dev/x'], 'ERROR: Nothing specified for modification for "/dev/x" device'),
    (['prune_dump', 'a8'], 'ERROR: Session UUID "a8" was not found.'),
    (['estimate', '/nosuch'], 'ERROR: Path "/nosuch" was not found.'),
    (['defragment', '/'], 'ERROR: Root is not a device.'),
    (['defragment', '/dev/nosuch'], 'ERROR: Device "/dev/nosuch" is not mounted'),
    (['mkfs', '/dev/x', None, None, None, 'a b'], 'ERROR: Wrong parameters "a b" for option "-b"'),
    (['mkfs', '/dev/x', None, None, None, 'a,,b'], 'ERROR: Wrong parameters "a,,b" for option "-b"')])
def test_xfs_refuses(host, call, told):
    assert host.job('xfs.' + call[0], *call[1:]) == (told, 1)
    assert [words[0] for words in host.programs.calls()] == (['xfsinvutil'] if call[0] == 'prune_dump' else [])


@pytest.mark.parametrize('call', [['info', '-V'], ['mkfs', '-f'], ['modify', '-x', 'l'], ['dump', '/dev/x', '-'],
                                  ['prune_dump', '-F']])
def test_xfs_names_are_no_options(host, call):
    told, code = host.job('xfs.' + call[0], *call[1:])
    assert told.endswith('is no name') and code == 1 and host.programs.calls() == []


def test_xfs_fails(host):
    host.programs.answer('xfs_info', err='no such device\n', code=1)
    assert host.job('xfs.info', '/dev/x') == ('ERROR: no such device', 1)
    host.programs.answer('blkid', code=2)
    assert host.job('xfs.devices') == ({}, 0)
    host.programs.answer('blkid', code=4, err='huh')
    assert host.job('xfs.devices') == ('ERROR: huh', 1)


def test_xfs_is_put_together_where_it_is_mounted(host, monkeypatch):
    monkeypatch.setattr(mounts, 'mounted', lambda: {'/mnt': {'device': '/dev/x'}})
    host.programs.answer('xfs_fsr', 'done\n')
    assert host.call('xfs.defragment', '/dev/x') == {'log': 'done'}
    assert host.programs.calls() == [['xfs_fsr', '/dev/x']]


# ---- cryptdev

def test_open_devices(host):
    host.programs.answer('dmsetup', 'luks-a\t(254, 0)\nb\t(254:1)\nNo devices found\n')
    assert host.call('cryptdev.active') == {'luks-a': {'devname': 'luks-a', 'major': '254', 'minor': '0'}}
    assert host.programs.calls() == [['dmsetup', 'ls', '--target', 'crypt']]


def test_opening_and_closing(host):
    assert host.call('cryptdev.open', 'n', '/dev/d', '/key') is host.call('cryptdev.close', 'n') is True
    assert host.programs.calls() == [['cryptsetup', 'open', '--key-file', '/key', '/dev/d', 'n'],
                                     ['cryptsetup', 'close', 'n']]
    host.programs.answer('cryptsetup', code=2)
    assert host.call('cryptdev.open', 'n', '/dev/d', '/key') is host.call('cryptdev.close', 'n') is False
    host.programs.calls()
    for key in (None, '', 'none', '-'):
        assert host.job('cryptdev.open', 'n', '/dev/d', key) == (
            'ERROR: For immediate crypt device mapping, keyfile must not be none', 1)
    for call in (['open', '-n', '/dev/d', '/key'], ['open', 'n', '--x', '/key'], ['close', '-n']):
        assert host.job('cryptdev.' + call[0], *call[1:])[0].endswith('is no name')
    assert host.programs.calls() == []


def test_the_table_of_encrypted_devices(host, table):
    assert host.call('cryptdev.crypttab', str(table)) == {
        'n1': {'device': '/dev/a', 'password': 'none', 'options': ['luks']},
        'n4': {'device': '/dev/d', 'password': 'none', 'options': ['']}}
    assert host.call('cryptdev.crypttab', str(table) + '.no') == {}
    assert host.call('cryptdev.rm_crypttab', 'n2', str(table)) == 'absent'          # a line that is no entry
    assert host.call('cryptdev.rm_crypttab', 'n1', str(table)) == 'change'
    assert table.read() == TABLE.replace('n1 /dev/a none luks\n', '')
    assert host.job('cryptdev.rm_crypttab', 'n1', str(table) + '.no')[0].startswith('ERROR: Could not read from ')


@pytest.mark.parametrize('args, kwargs, outcome, old, new', [
    (['n1', '/dev/a', 'none', 'luks'], {}, 'present', '', ''),
    (['n1', '/dev/a', 'none', ['luks']], {'match_on': ['name', 'device']}, 'present', '', ''),
    (['n1', '/dev/z', '/k', ['a', 'b']], {}, 'change', 'n1 /dev/a none luks\n',
     'n1           /dev/z                                       /k                     a,b\n'),
    (['n9', '/dev/a'], {'match_on': 'device'}, 'change', 'n1 /dev/a none luks\n',
     'n9           /dev/a                                       none                   \n'),
    (['n9', '/dev/a', None, None], {}, 'new', ' n4 /dev/d none',
     ' n4 /dev/d none\nn9           /dev/a                                       none                   \n'),
])
def test_a_device_is_put_into_the_table(host, table, args, kwargs, outcome, old, new):
    os.chmod(str(table), 0o600)
    assert host.call('cryptdev.set_crypttab', *args, config=str(table), test=True, **kwargs) == outcome
    assert table.read() == TABLE
    assert host.call('cryptdev.set_crypttab', *args, config=str(table), **kwargs) == outcome
    assert table.read() == TABLE.replace(old, new)
    assert os.stat(str(table)).st_mode & 0o777 == 0o600


@pytest.mark.parametrize('args, kwargs, told', [
    (['n', '/d', 'none', {'a': 1}], {}, 'ERROR: options must be a string or list of strings'),
    (['n', '/d', 'none', [1]], {}, 'ERROR: options must be a string or list of strings'),
    (['n', '/d'], {'match_on': 'junk'}, 'ERROR: Unrecognized keys in match_on: "junk"'),
    (['a b', '/d'], {}, "name: 'a b' is not one word"), (['', '/d'], {}, "name: '' is not one word"),
    (['n', '/d', '/k', 'a b'], {}, "options: 'a b' is not one word"), (['#n', '/d'], {}, "name: '#n' is not one word"),
    (['n', '/d\nx'], {}, "device: '/d\\nx' does not fit into one line")])
def test_what_the_table_cannot_hold(host, table, args, kwargs, told):
    answer, code = host.job('cryptdev.set_crypttab', *args, config=str(table), **kwargs)
    assert answer.endswith(told) and code == 1 and table.read() == TABLE


def test_a_table_that_is_not_there(host, table):
    path = str(table) + '.no'
    assert host.job('cryptdev.set_crypttab', 'n', '/d', config=path) == ('ERROR: Bad config file "%s"' % path, 1)
    assert not os.path.exists(path)
