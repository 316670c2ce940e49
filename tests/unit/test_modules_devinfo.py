"""devinfo.*, with a hwinfo that prints what a test wrote for it, and a folder instead of /sys/block."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import hwinfooutput
from tests.support import hostmodules

SHORT = '''cpu:
                       Intel(R) Xeon(R) CPU E5, 2200 MHz
                       Intel(R) Xeon(R) CPU E5, 2200 MHz
disk:
  /dev/sda             ATA Disk

  /dev/sdb             QEMU HARDDISK
odd: line
  of no device
'''
FULL = '''some notice
  of no device
02: IDE 00.0: 10600 Disk
  [Created at block.245]
  BIOS Keyboard LED Status:
    Scroll Lock: off
    Deep:
      Deeper: 1
    Num Lock: off
  Model: "QEMU HARDDISK"
  Vendor: pci 0x8086 "Intel"
  Device Files: /dev/sda, /dev/disk/by-id/x
  Driver: "ata_piix", "sd"
  Features: fpu,vme
  Config Status: cfg=new, avail=yes
  Attached to: #5 (IDE interface)
  I/O Port: 1
  I/O Port: 2
  Size: 5 sectors

03: odd
  A: b: c
'''
TOLD = {'02': {
    'IDE 00.0': '10600 Disk', 'Note': 'Created at block.245',
    'BIOS Keyboard LED Status': {'Scroll Lock': 'off', 'Deep': {'Deeper': '1'}, 'Num Lock': 'off'}, 'Model': 'QEMU HARDDISK',
    'Vendor': 'pci 0x8086 "Intel"', 'Device Files': ['/dev/sda', '/dev/disk/by-id/x'], 'Driver': ['ata_piix', 'sd'],
    'Features': ['fpu', 'vme'], 'Config Status': {'cfg': 'new', 'avail': 'yes'},
    'Attached to': {'Handle': '#5 (IDE interface)'}, 'I/O Ports': ['1', '2'], 'Size': '5 sectors'}, '03': {'A': 'b: c'}}
UDEV = {'vda': {'N': 'vda', 'S': ['disk/x', 'disk/y'], 'E': {'ID_BUS': 'ata', 'MAJOR': 8}},
        'vdb': {'N': 'vdb', 'E': {'ID_BUS': 'usb', 'MAJOR': 8}}}


@pytest.fixture
def hwinfo(tmpdir, monkeypatch):
    """hwinfo(...) -> (return, words that hwinfo got)"""
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch, efi=False, fqdn='h', ip_interfaces={'lo': []},
                            dns={'search': []}, mem_total=5)

    def run(**kwargs):
        host.programs.answer('hwinfo', SHORT if kwargs.get('short', True) else FULL)
        return host.job('devinfo.hwinfo', **kwargs)[0], [call[1:] for call in host.programs.calls()]
    return run


def test_the_summary(hwinfo):
    told, calls = hwinfo()
    assert told == {
        'hwinfo': {'cpu': {'0': 'Intel(R) Xeon(R) CPU E5, 2200 MHz', '1': 'Intel(R) Xeon(R) CPU E5, 2200 MHz'},
                   'disk': {'/dev/sda': 'ATA Disk', '/dev/sdb': 'QEMU HARDDISK'}},
        'bios grains': {'efi': False}, 'memory grains': {'mem_total': 5},
        'network grains': {'fqdn': 'h', 'ip_interfaces': {'lo': []}}}
    assert calls == [['--bios', '--cpu', '--disk', '--memory', '--network', '--partition', '--short']]


def test_the_long_form(hwinfo):
    assert hwinfo(items='network', short=False) == ({'hwinfo': TOLD, 'network grains': {
        'fqdn': 'h', 'ip_interfaces': {'lo': []}, 'dns': {'search': []}}}, [['--network']])
    assert hwinfo(items=['disk'], listmd=True, devices=['/dev/a', '/dev/b'])[1] == [
        ['--disk', '--short', '--listmd', '--only', '/dev/a', '--only', '/dev/b']]
    assert hwinfooutput.full('') == hwinfooutput.short('') == {}


@pytest.mark.parametrize('kwargs, told', [
    ({'items': ['log=/etc/passwd']}, 'items: log=/etc/passwd is no kind of hardware'),
    ({'items': ['-x']}, 'items: -x is no kind of hardware'), ({'devices': '--all'}, "devices: '--all' is no name")])
def test_what_is_no_kind_of_hardware(hwinfo, kwargs, told):
    answer, calls = hwinfo(**kwargs)
    assert answer.endswith(told) and calls == []


@pytest.mark.parametrize('udev_in, udev_ex, found', [
    (None, None, ['vda', 'vdb']), ({'e.id_bus': 'ata'}, None, ['vda']), ({'e.id_bus': ['ata', 'usb']}, None, ['vda', 'vdb']),
    ({'e.major': 8}, {'e.id_bus': 'ata'}, ['vdb']), ({'s': 'disk/y'}, None, ['vda']),
    ({'s': ['disk/z', 'disk/x']}, None, ['vda']),
    ({'n': 'vdb', 'e.nosuch': 1}, None, []), ({'n.e': 'x'}, None, []), (None, {'e.major': '8'}, ['vda', 'vdb'])])
def test_disks(tmpdir, monkeypatch, udev_in, udev_ex, found):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    for name in ('vdb/device', 'vda/device', 'loop0'):
        tmpdir.join('block', *name.split('/')).ensure(dir=True)
    host.loader.functions['devinfo.filter'].__globals__.update(_BLOCK=str(tmpdir.join('block')), __salt__={
        'udev.info': lambda device: UDEV[device]})
    assert host.call('devinfo.filter', udev_in, udev_ex) == found
