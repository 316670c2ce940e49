"""nfs3.* and udev.*, with fake programs and files of a test's own."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import environment
from tests.support import hostmodules

EXPORTS = '''# what we share
/srv/nfs 10.0.2.0/24(ro)
/media/storage1 *(rw,sync)   hosta(ro)

"/srv/a b" host
/srv/long hosta(ro) \\
  hostb(rw)                  # both
/srv/blank\\040c h()
'''
DATABASE = '''P: /devices/virtio0/block/vda
N: vda
L: 0
S: disk/by-id/x
S: disk/by-path/y
E: DEVNAME=/dev/vda
E: MAJOR=254
E: CODE=0012
E: SIZE=1.5
E: EMPTY=
E: MIXED=a=b 1
E: SUBSYSTEM=block

P: /devices/virtual/net/lo
E: SUBSYSTEM=net
'''


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    host.programs.add('showmount', 'exportfs', 'udevadm')
    return host


@pytest.fixture
def exports(tmpdir):
    path = tmpdir.join('exports')
    path.write(EXPORTS)
    return path


def test_exports(host, exports):
    assert host.call('nfs3.list_exports', str(exports)) == {
        '/srv/nfs': [{'hosts': '10.0.2.0/24', 'options': ['ro']}],
        '/media/storage1': [{'hosts': '*', 'options': ['rw', 'sync']}, {'hosts': 'hosta', 'options': ['ro']}],
        '/srv/a b': [{'hosts': 'host', 'options': []}],
        '/srv/long': [{'hosts': 'hosta', 'options': ['ro']}, {'hosts': 'hostb', 'options': ['rw']}],
        '/srv/blank c': [{'hosts': 'h', 'options': ['']}]}


def test_adding_an_export(host, exports, tmpdir):
    assert host.call('nfs3.add_export', str(exports), '/srv/new', '1.2.3.4') == {'hosts': '1.2.3.4', 'options': []}
    assert exports.read() == EXPORTS + '/srv/new 1.2.3.4()\n'
    host.call('nfs3.add_export', str(exports), '/srv/long', 'third', ['ro', 'sync'])
    host.call('nfs3.add_export', str(exports), '/srv/a b', 'third', 'ro')
    assert exports.read() == EXPORTS.replace('"/srv/a b" host', '"/srv/a b" host() third(ro)').replace(
        '/srv/long hosta(ro) \\\n  hostb(rw)                  # both',
        '/srv/long hosta(ro) hostb(rw) third(ro,sync)') + '/srv/new 1.2.3.4()\n'
    fresh = tmpdir.join('fresh')
    host.call('nfs3.add_export', str(fresh), '/srv/x', 'h', ['rw'])
    assert fresh.read() == '/srv/x h(rw)\n'


def test_adding_nonsense(host, exports):
    for hosts in (None, ['a']):
        text, code = host.job('nfs3.add_export', str(exports), '/srv/x', hosts)
        assert text.startswith('Passed invalid arguments to nfs3.add_export: hosts argument must be a string') and code == 1
    assert host.job('nfs3.add_export', str(exports), '', 'h') == ('ERROR: no path to export is given', 1)
    assert host.job('nfs3.add_export', str(exports), '/srv/x', 'h(rw)\n/ *') == ('ERROR: an export is one line', 1)
    assert exports.read() == EXPORTS


def test_removing_an_export(host, exports, tmpdir):
    left = host.call('nfs3.del_export', str(exports), '/srv/long')
    assert sorted(left) == ['/media/storage1', '/srv/a b', '/srv/blank c', '/srv/nfs']
    assert exports.read() == EXPORTS.replace('/srv/long hosta(ro) \\\n  hostb(rw)                  # both\n', '')
    assert host.job('nfs3.del_export', str(exports), '/srv/gone') == ('ERROR: /srv/gone is not exported', 1)
    for name in ('list_exports', 'del_export'):
        text, code = host.job('nfs3.' + name, str(tmpdir.join('none')))
        assert 'No such file or directory' in text and text.startswith('ERROR: ') and code == 1


def test_taking_over_the_exports(host):
    assert host.job('nfs3.reload_exports') == ({'result': True, 'stdout': '', 'stderr': ''}, 0)
    assert host.programs.calls() == [['exportfs', '-r']]
    for code in (0, 1):
        host.programs.answer('exportfs', 'out\n', 'exportfs: bad\n', code)
        assert host.job('nfs3.reload_exports') == ({'result': False, 'stdout': 'out', 'stderr': 'exportfs: bad'}, 1)


def test_they_are_not_there_without_their_programs(host, monkeypatch):
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    assert host.job('nfs3.list_exports') == (
        "'nfs3' __virtual__ returned False: "
        'The nfs3 execution module failed to load: the showmount binary is not in the path.', 1)
    assert host.job('udev.info', 'x') == ("'udev' __virtual__ returned False", 1)


# ---- udev

def test_a_device(host):
    host.programs.answer('udevadm', DATABASE.partition('\n\n')[0])
    env = {'DEVNAME': '/dev/vda', 'MAJOR': 254, 'CODE': 12, 'SIZE': 1.5, 'EMPTY': '', 'MIXED': 'a=b 1', 'SUBSYSTEM': 'block'}
    links = ['disk/by-id/x', 'disk/by-path/y']
    assert host.call('udev.info', '/dev/vda') == {
        'P': '/devices/virtio0/block/vda', 'N': 'vda', 'L': '0', 'S': links, 'E': env}
    assert host.programs.calls() == [['udevadm', 'info', '--export', '--query=all', '--name=/dev/vda']]
    assert host.call('udev.env', 'vda') == env and host.call('udev.links', 'vda') == links
    assert host.call('udev.name', 'vda') == 'vda' and host.call('udev.path', 'vda') == '/devices/virtio0/block/vda'
    host.programs.calls()
    host.call('udev.info', '/sys/class/net/lo')
    assert host.programs.calls()[0][-1] == '--path=/sys/class/net/lo'


def test_a_device_without_a_node(host):
    host.programs.answer('udevadm', DATABASE.partition('\n\n')[2])
    assert host.call('udev.env', 'lo') == {'SUBSYSTEM': 'net'}
    assert (host.call('udev.name', 'lo'), host.call('udev.links', 'lo')) == (None, [])


def test_no_device(host):
    host.programs.answer('udevadm', err='Unknown device "x": No such device\n', code=1)
    for name in ('info', 'env', 'links', 'name', 'path'):
        assert host.job('udev.' + name, 'x') == ('ERROR: Unknown device "x": No such device', 1)


def test_all_devices(host):
    host.programs.answer('udevadm', DATABASE)
    assert [found['P'][-3:] for found in host.call('udev.exportdb')] == ['vda', '/lo']
    assert [found['P'][-3:] for found in host.call('udev.exportdb', ['net', 'usb'])] == ['/lo']
    assert host.job('udev.exportdb', 'net') == ("ERROR executing 'udev.exportdb': subsystems must be a list", 1)
