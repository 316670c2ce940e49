"""ip.* on Red Hat: answers of 3008.3, what the files hold, and what is refused."""
from __future__ import absolute_import, division, print_function

import io
import os
import stat

import pytest

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import rhfile
from minion.modules import rh_ip
from tests.support.hostmodules import Host

CARD = {'hwaddr': '02:fc:00:00:00:01'}


@pytest.fixture(autouse=True)
def folder(tmpdir, monkeypatch):
    monkeypatch.setattr(rhfile, 'SYSCONFIG', str(tmpdir.join('sysconfig')))
    monkeypatch.setattr(rhfile, 'MODPROBE', str(tmpdir.join('modprobe.d')))
    monkeypatch.setattr(rhfile, 'BRIDGES', str(tmpdir.mkdir('bridge')))
    os.makedirs(rhfile.scripts())
    return tmpdir


@pytest.fixture
def host(folder, monkeypatch):
    """The module as a loader fills it."""
    return Host(str(folder), monkeypatch, os='CentOS', os_family='RedHat', osmajorrelease=7, num_cpus=2)


@pytest.fixture
def ip(monkeypatch):
    """The module by itself: calls of other modules' functions are only noted."""
    alone = Alone()
    monkeypatch.setattr(rh_ip, '__salt__', alone, raising=False)
    monkeypatch.setattr(rh_ip, '__grains__', {'osmajorrelease': 7, 'num_cpus': 2}, raising=False)
    return alone


class Alone(object):
    def __init__(self):
        self.calls, self.answers = [], {'network.interfaces': {'mt0': CARD}, 'kmod.load': [], 'pkg.version': '',
                                        'service.restart': True, 'network.mod_hostname': True}

    @staticmethod
    def call(name, *arguments, **settings):
        return getattr(rh_ip, name[len('ip.'):])(*arguments, **settings)

    def __getitem__(self, name):
        def note(*arguments):
            if name != 'network.interfaces':
                self.calls.append((name,) + arguments)
            return self.answers.get(name)
        return note


def read(path):
    with io.open(path) as stream:
        return stream.read()


def build(ip, kind='eth', enabled=True, **settings):
    return ip.call('ip.build_interface', 'mt0', kind, enabled, **settings)


def test_where_it_is_the_module(tmpdir, host, monkeypatch):
    for number, (family, folder, expected) in enumerate([('RedHat', 'sysconfig', True), ('RedHat', 'none', False),
                                                         ('Suse', 'sysconfig', False)]):
        monkeypatch.setenv('PATH', str(tmpdir))
        monkeypatch.setattr(rhfile, 'SYSCONFIG', str(tmpdir.join(folder)))
        one = Host(str(tmpdir.mkdir('host%d' % number)), monkeypatch, os_family=family)
        assert ('ip.up' in one.loader.functions) is expected


@pytest.mark.parametrize('kind, settings, expected', [
    ('eth', {'proto': 'dhcp'}, ['TYPE="Ethernet"', 'BOOTPROTO="dhcp"', 'ONBOOT="yes"']),
    ('ETH', {'nickname': 'n', 'uuid': 'u', 'macaddr': 'random', 'slave': 'yes', 'vlan': False, 'zone': 'a"$b', 'mtu': '9000',
             'bridge': 'br0', 'stp': 'on', 'delay': 3, 'onparent': True, 'srcaddr': '1.1.1.1', 'domain': ['a', 'b']},
     ['NAME="n"', 'MACADDR="random"', 'UUID="u"', 'SLAVE="yes"', 'VLAN="no"', 'TYPE="Ethernet"', 'ONBOOT="yes"', 'ONPARENT=yes',
      'SRCADDR="1.1.1.1"', 'BRIDGE="br0"', 'STP="yes"', 'DELAY="3"', 'MTU="9000"', 'ZONE="a\\"\\$b"', 'DOMAIN="a b"']),
    ('eth', {'ipaddr': '10.1.0.2', 'netmask': '255.255.0.0', 'ipaddrs': ['10.1.0.3/24', '10.1.0.4/16'], 'gateway': '10.1.0.1',
             'arpcheck': False, 'dns': ['8.8.8.8', '1.1.1.1'], 'peerroutes': 'no', 'defroute': True, 'hotplug': 'x'},
     ['TYPE="Ethernet"', 'ONBOOT="yes"', 'IPADDR="10.1.0.2"', 'NETMASK="255.255.0.0"', 'IPADDR1="10.1.0.3"', 'PREFIX1="24"',
      'IPADDR2="10.1.0.4"', 'PREFIX2="16"', 'GATEWAY="10.1.0.1"', 'ARPCHECK="no"', 'PEERDNS="yes"', 'PEERROUTES="no"',
      'DEFROUTE="yes"', 'DNS1="8.8.8.8"', 'DNS2="1.1.1.1"']),
    ('eth', {'enable_ipv6': True, 'ipv6_autoconf': 'no', 'dhcpv6c': False, 'ipv6addr': '2001:db8::1/64', 'ipv6_peerdns': 'yes',
             'ipv6addrs': ['2001:db8::2/64', '2001:db8::3/64'], 'ipv6gateway': '2001:db8::ff', 'ipv6_defroute': 'yes'},
     ['TYPE="Ethernet"', 'ONBOOT="yes"', 'IPV6INIT="yes"', 'IPV6_AUTOCONF="no"', 'DHCPV6C="no"', 'IPV6ADDR="2001:db8::1/64"',
      'IPV6_DEFAULTGW="2001:db8::ff"', 'IPV6ADDR_SECONDARIES="2001:db8::2/64 2001:db8::3/64"', 'IPV6_PEERDNS="yes"',
      'IPV6_DEFROUTE="yes"']),
    ('eth', {'ipv6addr': '2001:db8::1/64', 'enable_ipv6': 'no', 'dns': '8.8.8.8 1.1.1.1', 'peerdns': 'no'},
     ['TYPE="Ethernet"', 'ONBOOT="yes"', 'PEERDNS="no"', 'DNS1="8.8.8.8"', 'DNS2="1.1.1.1"']),
    ('eth', {'autoneg': 'on', 'speed': 1000, 'duplex': 'full', 'advertise': '0x020', 'channels': {'rx': 1, 'combined': 2},
             'lro': 'off', 'rx': True},
     ['TYPE="Ethernet"', 'ONBOOT="yes"',
      'ETHTOOL_OPTS="autoneg on duplex full speed 1000 advertise 0x020 -L mt0 rx 1 combined 2 rx on lro off"']),
    ('slave', {'master': 'bond0', 'proto': 'dhcp'},
     ['MASTER="bond0"', 'SLAVE="yes"', 'BOOTPROTO="none"', 'ONBOOT="yes"']),
    ('vlan', {'phys_dev': 'eth0', 'vlan_id': '5', 'reorder_hdr': True},
     ['VLAN="yes"', 'REORDER_HDR="yes"', 'VID="5"', 'PHYSDEV="eth0"', 'TYPE="Vlan"', 'ONBOOT="yes"']),
    ('vlan', {}, ['VLAN="yes"', 'ONBOOT="yes"']),
    ('ipip', {'my_inner_ipaddr': '1.1.1.1', 'my_outer_ipaddr': '2.2.2.2'},
     ['TYPE="IPIP"', 'ONBOOT="yes"', 'MY_INNER_IPADDR=1.1.1.1', 'MY_OUTER_IPADDR=2.2.2.2']),
    ('team', {'team_config': {'runner': {'name': "it's"}}},
     ['DEVICETYPE="Team"', 'TEAM_CONFIG=\'{"runner": {"name": "it\\u0027s"}}\'', 'ONBOOT="yes"']),
    ('teamport', {'master': 'team0', 'team_port_config': '{"prio": 9}'},
     ['DEVICETYPE="TeamPort"', 'TEAM_PORT_CONFIG=\'{"prio": 9}\'', 'TEAM_MASTER="team0"', 'ONBOOT="yes"']),
    ('bridge', {'stp': 'off', 'delay': 0, 'bridge': 'x', 'tx': 'on'},
     ['TYPE="Bridge"', 'ONBOOT="yes"', 'STP="no"', 'DELAY="0"']),
    ('alias', {'ipaddr_start': '1.1.1.1', 'ipaddr_end': '1.1.1.9', 'clonenum_start': 3, 'prefix': 24},
     ['ONBOOT="yes"', 'IPADDR_START="1.1.1.1"', 'IPADDR_END="1.1.1.9"', 'CLONENUM_START="3"', 'PREFIX="24"']),
    ('bond', {'mode': '802.3ad', 'miimon': '100', 'updelay': 300, 'hashing-algorithm': 'encap2+3', 'lacp_rate': 'fast'},
     ['TYPE="Bond"', 'ONBOOT="yes"', 'BONDING_OPTS="mode=4 miimon=100 updelay=300 downdelay=200 use_carrier=0 lacp_rate=1 '
      'ad_select=0 xmit_hash_policy=encap2+3"']),
    ('bond', {'mode': 0, 'arp_interval': 5, 'arp_ip_target': ['1.1.1.1', '2.2.2.2']},
     ['TYPE="Bond"', 'ONBOOT="yes"', 'BONDING_OPTS="mode=0 arp_interval=5 arp_ip_target=1.1.1.1,2.2.2.2"']),
    ('bond', {'mode': 'active-backup', 'miimon': 50, 'downdelay': 0, 'use_carrier': True, 'primary': 'a'},
     ['TYPE="Bond"', 'ONBOOT="yes"', 'BONDING_OPTS="mode=1 miimon=50 downdelay=0 use_carrier=1 primary=a"']),
])
def test_what_would_be_written(ip, kind, settings, expected):
    ip.answers['network.interfaces'] = {}
    lines = build(ip, kind, test=True, **settings)
    at = [number for number, line in enumerate(lines) if line.startswith('DNS1')] + [len(lines)]
    assert lines.pop(at[0] - 1) == 'NM_CONTROLLED="no"'
    assert lines.pop(0) == 'DEVICE="mt0"'
    lines.remove('USERCTL="no"')
    assert lines == expected
    assert os.listdir(rhfile.scripts()) == [] and ip.calls == []


def test_a_job(host):
    lines = ['DEVICE="mtst9"', compat.to_native(u'NAME="gr\xfcn"'), 'USERCTL="no"', 'TYPE="Ethernet"', 'BOOTPROTO="dhcp"',
             'ONBOOT="yes"', 'NM_CONTROLLED="no"']
    settings = {'proto': u'dhcp', 'nickname': u'gr\xfcn'}
    assert host.job('ip.build_interface', u'mtst9', u'eth', True, **settings) == (lines, 0)
    assert host.job('ip.get_interface', u'mtst9') == (lines, 0)


def test_the_address_of_the_card(ip):
    assert 'HWADDR="02:fc:00:00:00:01"' in build(ip, test=True)
    assert build(ip, test=True, macaddr='x')[1:3] == ['HWADDR="02:fc:00:00:00:01"', 'MACADDR="x"']
    assert build(ip, test=True, hwaddr='none')[1] == 'HWADDR="none"'
    assert not [line for line in build(ip, 'vlan', test=True) if 'ADDR' in line]


@pytest.mark.parametrize('kind, settings, message', [
    ('bogus', {}, 'Option: bogus, Expected: [eth|bond|team|alias|clone|ipsec|dialup|bridge|slave|teamport|vlan|ipip|ib]'),
    ('eth', {'proto': 'static'}, 'Interface: mt0, Option: static, Expected: [none|bootp|dhcp]'),
    ('eth', {'hwaddr': 'aa', 'macaddr': 'b'}, 'Cannot pass both hwaddr and macaddr. Must use either hwaddr or macaddr'),
    ('eth', {'hwaddr': 'aabbccddeeff'}, 'Option: aabbccddeeff, Expected: [AA:BB:CC:DD:EE:FF|auto|none]'),
    ('eth', {'prefix': 24, 'netmask': '255.0.0.0'}, 'Cannot use prefix and netmask together'),
    ('eth', {'ipaddrs': ['10.0.0.1']}, 'ipv4 CIDR is invalid'), ('eth', {'ipv6addrs': ['10.0.0.1']}, 'ipv6 CIDR is invalid'),
    ('eth', {'mtu': 'x'}, 'Option: mtu, Expected: [integer]'), ('eth', {'userctl': 'x'}, 'Option: x, Expected: [yes|on|true|1'),
    ('eth', {'channels': {'rx': 3}}, 'Option: 3, Expected: [1|2]'), ('eth', {'tx': 'x'}, 'Option: tx, Expected: [yes|on'),
    ('eth', {'advertise': '1'}, 'Option: advertise, Expected: [0x001|0x002'),
    ('slave', {}, 'master is a required setting for slave interfaces'),
    ('teamport', {}, 'master or team_master is a required setting for teamport interfaces'),
    ('team', {'team_config': 'x'}, 'Option: team_config, Expected: [JSON mapping]'),
    ('vlan', {'vlan_id': 0}, 'Option: vlan_id, Expected: [Positive integer]'),
    ('ipip', {'my_inner_ipaddr': '1;id'}, 'Option: my_inner_ipaddr, Expected: [1.2.3.4]'),
    ('bridge', {'bypassfirewall': 'x'}, 'Option: x, Expected: [yes|on'),
    ('bond', {}, 'mode is required for bond interfaces'),
    ('bond', {'mode': 7}, 'Option: mode, Expected: [0|1|2|3|4|5|6|balance-rr'),
    ('bond', {'mode': 1}, 'Option: miimon, Expected: [integer]'),
    ('bond', {'mode': 1, 'miimon': 0}, 'Option: miimon, Expected: [nonzero integer]'),
    ('bond', {'mode': 1, 'miimon': 100, 'updelay': 250}, 'Option: updelay, Expected: [0 or a multiple of miimon (100)]'),
    ('bond', {'mode': 2}, 'Option: miimon or arp_interval, Expected: [at least one of these is required]'),
    ('bond', {'mode': 2, 'arp_interval': 5}, 'Option: arp_ip_target, Expected: [list of ips (up to 16)]'),
    ('bond', {'mode': 2, 'miimon': 1, 'hashing-algorithm': 'encap2+3'}, 'Expected: [layer2|layer2+3|layer3+4]'),
    ('bond', {'mode': 4, 'miimon': 1, 'lacp_rate': 'x'}, 'Option: lacp_rate, Expected: [fast|1|slow|0]'),
    ('bond', {'mode': 1, 'miimon': 1, 'primary': 'a b=c'}, 'Option: primary, Expected: [one word]'),
])
def test_settings_that_are_wrong(ip, kind, settings, message):
    with pytest.raises(AttributeError) as caught:
        build(ip, kind, **settings)
    assert message in str(caught.value)
    assert os.listdir(rhfile.scripts()) == [] and ip.calls == []


def test_a_type_that_cannot_be_written(ip):
    with pytest.raises(CommandExecutionError):
        build(ip, 'ipsec', test=True)


@pytest.mark.parametrize('value', ['a\nB=c', 'a\rb', 'a\0b'])
def test_values_stay_in_their_line(ip, value):
    for name in ('ipaddr', 'zone', 'nickname', 'gateway', 'macaddr', 'master'):
        with pytest.raises(SaltInvocationError):
            build(ip, **{name: value})
    with pytest.raises(SaltInvocationError):
        ip.call('ip.build_network_settings', enabled=True, hostname=value)
    with pytest.raises(SaltInvocationError):
        ip.call('ip.build_routes', 'mt0', routes=[{'ipaddr': '10.0.0.0/8', 'name': value}])
    assert os.listdir(rhfile.scripts()) == [] == [name for name in os.listdir(rhfile.SYSCONFIG) if name != 'network-scripts']


@pytest.mark.parametrize('name', ['../x', 'a/b', '..', '.', 'a..b', '', 'a b', 'a\nb', 'a\0b', 'a"b', '$(id)'])
def test_names_stay_in_their_folder(ip, name):
    for function, arguments, settings in [
            ('get_interface', (), {}), ('build_interface', ('eth', True), {}), ('get_routes', (), {}), ('get_bond', (), {}),
            ('build_routes', (), {'routes': []}), ('build_bond', (), {'mode': 1, 'miimon': 1}), ('up', ('eth',), {}),
            ('down', ('eth',), {})]:
        with pytest.raises(CommandExecutionError):
            ip.call('ip.' + function, name, *arguments, **settings)
    assert ip.calls == []


def test_writing_an_interface(ip):
    other = rhfile.of('ifcfg', 'other')
    with io.open(other, 'w') as stream:
        stream.write(u'# foo\n\nA=b')
    assert ip.call('ip.get_interface', 'mt0') == []
    lines = build(ip, proto='dhcp')
    assert lines == ip.call('ip.get_interface', 'mt0') == [
        'DEVICE="mt0"', 'HWADDR="02:fc:00:00:00:01"', 'USERCTL="no"', 'TYPE="Ethernet"', 'BOOTPROTO="dhcp"', 'ONBOOT="yes"',
        'NM_CONTROLLED="no"']
    path = rhfile.of('ifcfg', 'mt0')
    assert read(path) == u''.join(u'%s\n' % line for line in lines)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o644
    assert 'ONBOOT="no"' in build(ip, enabled=False) and 'BOOTPROTO="dhcp"' not in read(path)
    assert ip.call('ip.get_interface', 'other') == ['# foo', 'A=b']
    assert sorted(os.listdir(rhfile.scripts())) == ['ifcfg-mt0', 'ifcfg-other']


def test_what_a_bridge_and_a_team_need(ip, folder):
    for name in ('ip6', 'ip', 'arp'):
        folder.join('bridge', 'bridge-nf-call-%stables' % name).write('1')
    build(ip, 'bridge')
    assert ip.calls == [('pkg.version', 'bridge-utils'), ('pkg.install', 'bridge-utils')] + [
        ('sysctl.assign', 'net.bridge.bridge-nf-call-%stables' % name, '0') for name in ('ip6', 'ip', 'arp')]
    del ip.calls[:]
    ip.answers['pkg.version'] = '1.0'
    build(ip, 'bridge', bypassfirewall='no')
    assert ip.calls[1] == ('sysctl.assign', 'net.bridge.bridge-nf-call-ip6tables', '1') and len(ip.calls) == 4
    del ip.calls[:]
    build(ip, 'team')
    assert ip.calls == [('pkg.version', 'teamd')]
    del ip.calls[:]
    rh_ip.__grains__['osmajorrelease'] = 8
    build(ip, 'bridge')
    assert [call[0] for call in ip.calls] == ['sysctl.assign'] * 3


def test_up_and_down(host):
    host.programs.answer('ifup mt0', 'up!')
    host.programs.answer('ifdown mt0', err='no', code=1)
    assert host.call('ip.up', 'mt0', 'eth') == 'up!'
    assert host.job('ip.down', 'mt0', 'eth') == ('no', 1)
    for kind in ('slave', 'teamport'):
        assert host.call('ip.up', 'mt0', kind) is None and host.call('ip.down', 'mt0', kind) is None


def test_a_bond_of_the_module(ip):
    expected = ['alias mt0 bonding', 'options mt0 mode=1 miimon=100 downdelay=200 use_carrier=0']
    assert ip.call('ip.get_bond', 'mt0') == []
    assert ip.call('ip.build_bond', 'mt0', mode=1, miimon=100, test=True) == expected and ip.calls == []
    assert ip.call('ip.build_bond', 'mt0', mode=1, miimon=100) == expected == ip.call('ip.get_bond', 'mt0')
    assert ip.calls == [('kmod.load', 'bonding')]
    ip.answers['kmod.load'] = 'Error loading module bonding: x'
    with pytest.raises(CommandExecutionError):
        ip.call('ip.build_bond', 'mt0', mode=1, miimon=100)


def test_routes(ip):
    routes = [{'name': 'a', 'ipaddr': '10.2.0.0', 'netmask': '255.255.0.0', 'gateway': '10.1.1.1'},
              {'ipaddr': '10.4.0.1', 'metric': 5}, {'ipaddr': '10.5.0.0/16', 'gateway': '10.1.0.1', 'metric': 7},
              {'ipaddr': '2001:db8::/64', 'gateway': '2001:db8::1'}, {'ipaddr': 'default', 'gateway': '2001:db8::2'}]
    four = ['# a', '10.2.0.0/255.255.0.0 via 10.1.1.1', '10.4.0.1 dev mt0 metric 5', '', '10.5.0.0/16 via 10.1.0.1 metric 7']
    six = ['2001:db8::/64 via 2001:db8::1', '', 'default via 2001:db8::2']
    assert ip.call('ip.get_routes', 'mt0') == []
    assert ip.call('ip.build_routes', 'mt0', routes=routes, test=True) == four + six
    assert os.listdir(rhfile.scripts()) == []
    assert ip.call('ip.build_routes', 'mt0', routes=routes) == four + six == ip.call('ip.get_routes', 'mt0')
    assert read(rhfile.of('route6', 'mt0')) == u'\n2001:db8::/64 via 2001:db8::1\n\ndefault via 2001:db8::2\n'
    assert ip.call('ip.build_routes', 'mt0', routes=routes[1:2]) == ['10.4.0.1 dev mt0 metric 5']
    assert read(rhfile.of('route6', 'mt0')) == u''
    for wrong in (None, 'x', ['str'], [{'name': 'x'}], [{'ipaddr': 'ADDRESS0=$(id)'}]):
        with pytest.raises(AttributeError):
            ip.call('ip.build_routes', 'mt0', routes=wrong)


def test_settings_of_the_host(ip):
    def lines(**settings):
        return ip.call('ip.build_network_settings', test=True, **settings)

    assert ip.call('ip.get_network_settings') == []
    assert lines(enabled=True, hostname='"h"', gateway='1.2.3.4', gatewaydev='e', nisdomain='n', networkdelay=3,
                 nozeroconf='on', networking_ipv6='no', enable_ipv6=True, ipv6gateway='y', unknown=4) == [
        'NETWORKING=yes', 'NETWORKING_IPV6=no', 'HOSTNAME=h', 'GATEWAY=1.2.3.4', 'GATEWAYDEV=e', 'NISDOMAIN=n',
        'NETWORKDELAY=3', 'NOZEROCONF=yes', 'IPV6INIT="yes"', 'IPV6_DEFAULTGW="y"']
    assert lines(enabled='off', hostname='a $b') == ['NETWORKING=no', 'HOSTNAME="a \\$b"']
    for settings, message in [({'hostname': 'h'}, 'Setting: networking, Expected: [yes|on'),
                              ({'enabled': True}, 'Setting: hostname, Expected: [server1.example.com]'),
                              ({'enabled': True, 'hostname': 'h', 'nozeroconf': 'x'}, 'Setting: nozeroconf, Expected: [yes')]:
        with pytest.raises(AttributeError) as caught:
            lines(**settings)
        assert message in str(caught.value)
    assert ip.call('ip.build_network_settings', enabled=True, hostname='h', gateway='1.1.1.1') == [
        'NETWORKING=yes', 'HOSTNAME=h', 'GATEWAY=1.1.1.1']
    assert lines(hostname='new') == ['NETWORKING=yes', 'HOSTNAME=new']


def test_settings_that_stay(ip):
    with io.open(rhfile.of_host(), 'w') as stream:
        stream.write(u'# c\nNETWORKING=off\nHOSTNAME="q"\nFOO=bar\nGATEWAY="1.2.3.4" # x\nNISDOMAIN=\'n\n\nbad line\n')
    assert ip.call('ip.build_network_settings', test=True) == ['NETWORKING=no', 'HOSTNAME=q']
    assert ip.call('ip.build_network_settings', retain_settings=True, nisdomain='m') == [
        'NETWORKING=no', 'HOSTNAME=q', 'GATEWAY=1.2.3.4', 'NISDOMAIN=m']
    assert read(rhfile.of_host()) == u'NETWORKING=no\nHOSTNAME=q\nGATEWAY=1.2.3.4\nNISDOMAIN=m\n'


@pytest.mark.parametrize('settings, done, expected', [
    ({}, [('service.restart', 'network')], True),
    ({'require_reboot': True}, [], True),
    ({'apply_hostname': True, 'hostname': 'h'}, [('network.mod_hostname', 'h'), ('service.restart', 'network')], True),
    ({'apply_hostname': True}, [('service.restart', 'network')], False),
    ({'hostname': 'h', 'require_reboot': True}, [], True),
])
def test_applying_the_settings(ip, settings, done, expected):
    assert ip.call('ip.apply_network_settings', **settings) is expected
    assert ip.calls == done
