"""Grains of this host have the types that masters expect; facts are read right from files of other hosts."""
from __future__ import absolute_import, division, print_function

import io
import json
import os
import re
import socket
import struct

import pytest

from minion import compat, graincollect
from minion.helpers import firmware, hostfiles, initsystem, interfaces, netlink, programs, virtual
from minion.helpers.rootfs import Root

DATA = os.path.join(os.path.dirname(__file__), '..', 'data', 'parity', 'grains.json')
with io.open(DATA, encoding='utf-8') as stream:
    ROWS = json.load(stream)['grains']
NOT_EVERYWHERE = set(['lsb_distrib_codename', 'lsb_distrib_id', 'lsb_distrib_release', 'machine_id', 'systemd', 'dns',
                      'osfinger', 'osmajorrelease', 'osrelease_info', 'virtual_subtype', 'kernelparams'])
TYPES = {'str': compat.string_types, 'int': compat.integer_types, 'list': (list, tuple), 'dict': dict, 'bool': bool,
         'NoneType': type(None)}


@pytest.fixture(scope='module')
def grains():
    return graincollect.Grains({'id': 'ref1', 'master': '127.0.0.1'}).all()


def kind_of(row):
    return row['type'] if isinstance(row['type'], compat.string_types) else row['type'].get('3008.3')


@pytest.mark.parametrize('row', [row for row in ROWS if kind_of(row)], ids=lambda row: row['name'])
def test_types(row, grains):
    name, kind = row['name'], kind_of(row)
    if name in NOT_EVERYWHERE and name not in grains:
        return
    value = grains[name]
    if name in ('ip4_gw', 'ip6_gw') and value in (True, False):       # the documented other forms
        return
    assert isinstance(value, TYPES[kind]), value
    assert isinstance(value, bool) is (kind == 'bool')


def test_values_that_follow_from_others(grains):
    assert grains['server_id'] == 327078116                           # of `ref1`, as the reference has it
    assert grains['saltversion'] == '3008.3' and grains['saltversioninfo'] == [3008, 3]
    assert re.match(r'^\d+\.\d+', grains['minion_version'])
    assert grains['host'] == grains['fqdn'].split('.')[0] and grains['num_gpus'] == len(grains['gpus'])
    assert grains['pid'] == os.getpid() and grains['uid'] == os.geteuid()
    assert sorted(grains['ip_interfaces']) == sorted(grains['ip4_interfaces']) == sorted(grains['ip6_interfaces'])
    assert set(grains['locale_info']) == set(['defaultlanguage', 'defaultencoding', 'detectedencoding', 'timezone'])


def test_loopback_is_seen(grains):
    assert '127.0.0.1' in grains['ipv4'] and '127.0.0.1' in grains['ip4_interfaces']['lo']


# ---- files

@pytest.fixture
def root(tmpdir):
    """Function that writes {path: text} below a root and returns it."""
    def make(content):
        for name, text in content.items():
            data = text if isinstance(text, bytes) else text.encode('utf-8')
            tmpdir.join(*name.split('/')).write_binary(data, ensure=True)
        return Root(str(tmpdir))
    return make


@pytest.mark.parametrize('text, expected', [
    (u'', (0, 'Unknown', [])),
    (u'processor\t: 0\nmodel name\t: Xeon @ 2: x\nflags\t: vme\n\nprocessor\t: 1\nflags\t: fpu\n',
     (2, 'Xeon @ 2', ['fpu'])),
    (u'Processor\t: ARMv6-compatible processor rev 7 (v6l)\nFeatures\t: swp half\n', (1, 'ARMv6', ['swp', 'half'])),
    (u'processor\t: 0\ncpu\t\t: POWER9 (architected)\n', (1, 'POWER9 (architected)', [])),
    (u'vendor_id       : IBM/S390\n# processors    : 3\n', (3, 'IBM/S390', [])),
])
def test_processors(text, expected, root):
    found = hostfiles.processors(root({'proc/cpuinfo': text}))
    assert (found['num_cpus'], found['cpu_model'], found['cpu_flags']) == expected


def test_memory(root):
    found = hostfiles.memory(root({'proc/meminfo': u'MemTotal:  2049 kB\nSwapTotal: x\n'}))
    assert found == {'mem_total': 2, 'swap_total': 0}


def test_kernel_parameters(root):
    assert hostfiles.kernel_parameters(root({})) is None
    found = hostfiles.kernel_parameters(root({'proc/cmdline': u'BOOT_IMAGE=/vmlinuz root=UUID=1 ro a="b c" "x\n'}))
    assert found[:3] == [['BOOT_IMAGE', '/vmlinuz'], ['root', None], ['ro', None]]


def test_machine_id(root):
    assert hostfiles.machine_id(root({})) is None
    assert hostfiles.machine_id(root({'var/lib/dbus/machine-id': u'abc\n'})) == 'abc'


def test_resolver(root):
    text = (u'# x\nnameserver 10.0.0.1\nNameserver fe80::1%eth0 # y\nnameserver 10.0.0.1\nnameserver bad\nnameserver\n'
            u'search a b ; c\ndomain d\noptions rotate timeout:1\noptions rotate\n'
            u'sortlist 130.155.160.0/255.255.240.0 10.1.0.0 x\n')
    assert hostfiles.resolver(root({'etc/resolv.conf': text})) == {
        'nameservers': ['10.0.0.1', 'fe80::1%eth0'], 'ip4_nameservers': ['10.0.0.1'],
        'ip6_nameservers': ['fe80::1%eth0'], 'search': ['a', 'b'], 'domain': 'd', 'options': ['rotate'],
        'sortlist': ['130.155.160.0/255.255.240.0', '10.0.0.0/255.0.0.0']}


def test_resolver_of_systemd_comes_first(root):
    found = hostfiles.resolver(root({'etc/resolv.conf': u'nameserver 127.0.0.53\n',
                                     'run/systemd/resolve/resolv.conf': u'nameserver 1.1.1.1\n'}))
    assert found['nameservers'] == ['1.1.1.1']


def test_disks(root, tmpdir):
    found = root({'sys/devices/pci/sda/queue/rotational': u'1\n', 'sys/devices/pci/sdb/queue/rotational': u'0\n',
                  'sys/devices/virtual/loop0/queue/rotational': u'0\n', 'sys/block/x': u''})
    for name in ('pci/sda', 'pci/sdb', 'virtual/loop0'):
        tmpdir.join('sys', 'block', os.path.basename(name)).mksymlinkto('../devices/' + name)
    assert hostfiles.disks(found) == {'disks': ['sda'], 'ssds': ['sdb']}


def test_raid(root):
    text = (u'Personalities : [raid1]\nmd1 : active raid1 sda2[0]\n      1 blocks\nmd0 : active raid1\n'
            u'unused devices: <none>\n')
    assert hostfiles.raid_arrays(root({'proc/mdstat': text})) == ['md0', 'md1']


def test_secure_boot(root):
    assert hostfiles.secure_boot(root({})) == (False, False)
    found = root({'sys/firmware/efi/efivars/SecureBoot-8be4': b'\x06\x00\x00\x00\x01'})
    assert hostfiles.secure_boot(found) == (True, True)


def test_files_that_nobody_can_read(root, tmpdir):
    found = root({'proc/cpuinfo': b'\xff\xfeprocessor : 0\nmodel name : \xe4\n'})
    tmpdir.mkdir('etc').mkdir('resolv.conf')
    assert hostfiles.resolver(found) is None and compat.to_text(hostfiles.processors(found)['cpu_model']) == u'\ufffd'


# ---- init

@pytest.mark.parametrize('content, which, expected', [
    ({}, {}, 'unknown'),
    ({'run/systemd/system/x': u''}, {}, 'systemd'),
    ({'proc/1/cmdline': u'/sbin/init\x00', 'sbin/init': b'x' * 262140 + b'SysVinit' + b'x'},
     {'/sbin/init': '/sbin/init'}, 'sysvinit'),
    ({'proc/1/cmdline': u'init\x003', 'sbin/init': b'x Upstart'}, {'init': '/sbin/init'}, 'upstart'),
    ({'proc/1/cmdline': u'/sbin/init\x00', 'sbin/init': b'busybox'}, {'/sbin/init': '/sbin/init'}, 'unknown'),
    ({'proc/1/cmdline': u'/sbin/init\x00'}, {'/sbin/init': '/sbin/init'}, 'unknown'),
    ({'proc/1/cmdline': u'/usr/bin/tini\x00--\x00x'}, {'tini': '/usr/bin/tini'}, 'tini'),
    ({'proc/1/cmdline': u'runit\x00'}, {}, 'runit'),
    ({'proc/1/cmdline': u'/usr/bin/python3\x00/sbin/my_init\x00'}, {}, 'runit'),
])
def test_init(content, which, expected, root):
    assert initsystem.name(root(content), which.get) == expected


# ---- firmware and virtual machines

def test_firmware(root):
    found = root({'sys/class/dmi/id/product_uuid': u'ABCD\n', 'sys/class/dmi/id/sys_vendor': u' Dell Inc. \n'})
    assert firmware.identity(found, None) == {'uuid': 'abcd', 'manufacturer': 'Dell Inc.'}


def test_firmware_by_program(root):
    told = {'bios-version': '# comment\n1.2', 'system-uuid': '4C4C4544-0042-3010-8053-B4C04F4A5A31',
            'system-serial-number': '0000000', 'chassis-serial-number': 'To be filled by O.E.M.',
            'baseboard-serial-number': 'XY1', 'system-manufacturer': 'System manufacturer', 'bios-vendor': 'None'}
    found = firmware.identity(root({}), lambda program, option, keyword: told.get(keyword))
    assert found == {'biosversion': '1.2', 'uuid': '4c4c4544-0042-3010-8053-b4c04f4a5a31', 'serialnumber': 'XY1'}


def test_device_tree(root):
    found = root({'proc/device-tree/model': u'raspberrypi,4-model-b\x00', 'proc/device-tree/serial-number': u'10\x00',
                  'proc/device-tree/system-id': u'99\x00'})
    assert firmware.device_tree(found) == {'manufacturer': 'raspberrypi', 'productname': '4-model-b',
                                           'serialnumber': '10'}
    assert firmware.device_tree(Root('/nonexistent')) == {}


def answers(told):
    return lambda program, *arguments: programs.Answer(*told[program]) if program in told else None


@pytest.mark.parametrize('content, told, expected', [
    ({}, {}, ('physical', None)),
    ({}, {'systemd-detect-virt': (1, 'none')}, ('physical', None)),
    ({}, {'systemd-detect-virt': (0, 'kvm')}, ('kvm', None)),
    ({}, {'systemd-detect-virt': (0, 'microsoft')}, ('VirtualPC', None)),
    ({}, {'systemd-detect-virt': (0, 'lxc-libvirt')}, ('container', 'LXC')),
    ({}, {'systemd-detect-virt': (0, 'amazon')}, ('Nitro', 'Amazon EC2')),
    ({}, {'virt-what': (0, 'xen\nxen-domU\naws'), 'systemd-detect-virt': (0, 'kvm')}, ('xen', None)),
    ({}, {'virt-what': (0, 'nutanix_ahv\nkvm')}, ('kvm', 'Nutanix AHV')),
    ({}, {'virt-what': (0, '')}, ('physical', None)),
    ({}, {'dmidecode': (0, 'BIOS\n\tVendor: SeaBIOS\n')}, ('kvm', None)),
    ({}, {'dmidecode': (0, 'Manufacturer: Microsoft Corporation\nProduct Name: Virtual Machine')}, ('VirtualPC', None)),
    ({'sys/class/dmi/id/sys_vendor': u'VMware, Inc.\n'}, {}, ('VMware', None)),
    ({'sys/class/dmi/id/sys_vendor': u'oVirt\n'}, {}, ('kvm', 'ovirt')),
    ({'sys/class/dmi/id/sys_vendor': u'Amazon EC2\n', 'sys/class/dmi/id/product_name': u't3.micro\n'},
     {'systemd-detect-virt': (0, 'kvm')}, ('Nitro', 'Amazon EC2 (t3.micro)')),
    ({'sys/class/dmi/id/product_version': u'4.11.amazon\n'}, {'virt-what': (0, 'xen')}, ('xen', 'Amazon EC2')),
    ({'proc/bus/pci/x': u''}, {'lspci': (0, 'Red Hat, Inc. Virtio network device')}, ('kvm', None)),
    ({}, {'lspci': (0, 'Red Hat, Inc. Virtio network device')}, ('physical', None)),
    ({'proc/1/cgroup': u'1:name=systemd:/docker/abc\n'}, {'systemd-detect-virt': (0, 'kvm')}, ('container', 'Docker')),
    ({'proc/1/cgroup': u'1:x:/kubepods/b\n'}, {}, ('virtual', 'kubernetes')),
    ({'proc/1/environ': u'container=lxc\x00'}, {}, ('container', 'LXC')),
    ({'proc/vz/veinfo': u'', 'proc/self/status': u'envID:\t101\n'}, {}, ('openvzve', None)),
    ({'proc/self/status': u'envID:\t0\n'}, {}, ('openvzhn', None)),
    ({'proc/xen/capabilities': u'control_d\n'}, {}, ('xen', 'Xen Dom0')),
    ({'proc/xen/capabilities': u''}, {}, ('xen', 'Xen PV DomU')),
    ({'sys/bus/xen/x': u'', 'sys/class/dmi/id/product_name': u'HVM domU\n'}, {}, ('xen', 'Xen HVM DomU')),
    ({'sys/bus/xen/x': u''}, {}, ('physical', None)),
    ({'proc/cpuinfo': u'model name : QEMU Virtual CPU version 1\n'}, {}, ('kvm', None)),
    ({'sys/devices/virtual/dmi/id/product_name': u'Google Compute Engine\n'}, {}, ('gce', None)),
])
def test_virtual(content, told, expected, root):
    found = virtual.grains(root(content), answers(told))
    assert (found['virtual'], found.get('virtual_subtype')) == expected


def test_hypervisor(root):
    found = virtual.hypervisor(root({'sys/hypervisor/version/major': u'4\n', 'sys/hypervisor/version/minor': u'2\n',
                                     'sys/hypervisor/version/extra': u'.amazon\n',
                                     'sys/hypervisor/properties/features': u'801\n'}))
    assert found == {'virtual_hv_version': '4.2.amazon', 'virtual_hv_version_info': ['4', '2', '.amazon'],
                     'virtual_hv_features': '801', 'virtual_hv_features_list': ['writable_page_tables', 'dom0']}
    assert virtual.hypervisor(Root('/nonexistent')) == {}


# ---- interfaces

def test_shape_of_interfaces():
    links = [netlink.Link(1, 'lo', 772, 0x49, b'\x00' * 6, None),
             netlink.Link(2, 'eth0', 1, 0x1002, b'\x02\xfc\x00\x00\x00\x01', None),
             netlink.Link(3, 'eth0.5', 1, 1, b'', 2), netlink.Link(4, 'sit0', 776, 0, b'\x00' * 4, 0),
             netlink.Link(5, 'veth', 1, 1, b'', 9)]
    inet, inet6 = socket.AF_INET, socket.AF_INET6
    addresses = [netlink.Address(1, inet, 8, 0x80, 254, '127.0.0.1', 'lo', None),
                 netlink.Address(2, inet, 24, 0x80, 0, '10.0.0.9', 'eth0', '10.0.0.255'),
                 netlink.Address(2, inet, 24, 0x81, 0, '10.0.0.10', 'eth0:1', '10.0.0.255'),
                 netlink.Address(2, inet6, 64, 0x81, 253, 'fe80::1', '', None),
                 netlink.Address(77, inet, 8, 0, 0, '1.1.1.1', '', None)]
    found = interfaces.build(links, addresses)
    assert list(found) == ['lo', 'eth0', 'eth0.5', 'sit0', 'veth']
    assert found['eth0'] == {
        'up': False, 'hwaddr': '02:fc:00:00:00:01',
        'inet': [{'address': '10.0.0.9', 'netmask': '255.255.255.0', 'broadcast': '10.0.0.255', 'label': 'eth0'}],
        'inet6': [{'address': 'fe80::1', 'prefixlen': '64', 'scope': 'link'}],
        'secondary': [{'address': '10.0.0.10', 'netmask': '255.255.255.0', 'broadcast': '10.0.0.255', 'label': 'eth0:1',
                       'type': 'inet'}]}
    assert (found['eth0.5'], found['sit0'], found['veth']['parent']) == (
        {'up': True, 'parent': 'eth0'}, {'up': False, 'parent': 'NONE', 'hwaddr': '0.0.0.0'}, 'if9')
    assert interfaces.of_family(found['eth0'], 'inet') == ['10.0.0.9', '10.0.0.10']
    assert interfaces.all_addresses(found, 'inet') == ['10.0.0.9', '10.0.0.10', '127.0.0.1']
    assert interfaces.all_addresses(found, 'inet', loopback=False) == ['10.0.0.9', '10.0.0.10']
    assert interfaces.all_addresses(found, 'inet6') == ['fe80::1']


class FakeKernel(object):
    """A netlink socket that answers with the given chunks of bytes."""

    def __init__(self, *chunks):
        self.chunks = list(chunks)

    def recv(self, size):
        return self.chunks.pop(0)

    bind = send = settimeout = lambda self, value: None

    def close(self):
        self.closed = True


def message(kind, body, flags=2):
    return struct.pack('=IHHII', 16 + len(body), kind, flags, 1, 0) + body + b'\x00' * (-len(body) % 4)


def attribute(number, value):
    return struct.pack('=HH', 4 + len(value), number) + value + b'\x00' * (-len(value) % 4)


LINK = (struct.pack('=BxHiII', 0, 1, 7, 1, 0) + attribute(3, b'eth7\x00') + attribute(1, b'\x01\x02') +
        attribute(5, struct.pack('=i', 2)))
DONE = message(3, b'\x00' * 4)


def with_kernel(monkeypatch, *chunks):
    kernel = FakeKernel(*chunks)
    monkeypatch.setattr(netlink.socket, 'socket', lambda *arguments: kernel)
    return kernel


def test_links_from_bytes(monkeypatch):
    kernel = with_kernel(monkeypatch, message(16, LINK), message(16, LINK[:16]) + DONE)
    assert netlink.links() == [netlink.Link(7, 'eth7', 1, 1, b'\x01\x02', 2), netlink.Link(7, '', 1, 1, b'', None)]
    assert kernel.closed


def test_a_list_that_changed_is_asked_for_again(monkeypatch):
    with_kernel(monkeypatch, message(16, LINK, 0x12) + DONE, message(16, LINK) + DONE)
    assert len(netlink.links()) == 1


def test_routes_from_bytes(monkeypatch):
    def route(family=2, bits=0, table=254, kind=1, gateway=b'\x0a\x00\x00\x01', extra=b''):
        fixed = struct.pack('=BBBBBBBBI', family, bits, 0, 0, table, 3, 0, kind, 0)
        return message(24, fixed + (attribute(5, gateway) if gateway else b'') + extra)
    with_kernel(monkeypatch, route(bits=8) + route(table=255) + route(kind=7) + route(family=10, gateway=None) +
                route(extra=attribute(15, struct.pack('=I', 1000))) + route(gateway=None) + route() + DONE)
    assert netlink.gateways(2) == [netlink.Gateway(2, None), netlink.Gateway(2, '10.0.0.1')]


@pytest.mark.parametrize('answer', [message(2, struct.pack('=i', -95)), b'\x01\x00\x00\x00' + b'\x00' * 12])
def test_a_kernel_that_refuses(answer, monkeypatch, caplog):
    with_kernel(monkeypatch, answer, answer)
    with pytest.raises(EnvironmentError):
        netlink.addresses()
    assert interfaces.read() == {} and 'network interfaces' in caplog.text
    assert interfaces.all_addresses({}, 'inet') == []


# ---- programs

def test_programs():
    assert programs.ask('sh', '-c', 'echo hello; exit 3') == programs.Answer(3, 'hello')
    assert programs.output('sh', '-c', 'echo hello; exit 3') is None
    assert programs.output('printf', 'x\n\n') == 'x'
    assert programs.ask('there-is-no-such-program') is None


def test_a_program_that_hangs(monkeypatch, caplog):
    monkeypatch.setattr(programs, 'PATIENCE', 0.2)
    assert programs.ask('sleep', '30') is None
    assert 'sleep did not answer' in caplog.text


def test_a_program_that_floods(monkeypatch):
    monkeypatch.setattr(programs, '_LIMIT', 1000)
    assert programs.ask('yes') is None
