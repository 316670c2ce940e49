"""ip.* on Debian: answers of 3008.3, and what stays of /etc/network/interfaces when one interface is written."""
from __future__ import absolute_import, division, print_function

import io
import os
import stat

import pytest

from minion.helpers import debianfile
from tests.support.hostmodules import Host

FILE = u"""\
# the file of a test
source /etc/network/interfaces.d/*

auto lo
iface lo inet loopback

auto eth0 eth1
allow-hotplug eth0
iface eth0 inet static
    address 10.0.0.2/24
\tgateway 10.0.0.1
    up ip route add 1.2.3.0/24 via 10.0.0.9
    up echo x \\
       y
    foo bar baz
iface eth0 inet6 static
    address 2001:db8::1

# about eth1
iface eth1 inet dhcp
    bridge-ports z
"""


@pytest.fixture
def host(tmpdir, monkeypatch):
    monkeypatch.setattr(debianfile, 'FOLDER', str(tmpdir.mkdir('network')))
    return Host(str(tmpdir), monkeypatch)


def write(text):
    with io.open(debianfile.path(), 'w') as stream:
        stream.write(text)


def written():
    with io.open(debianfile.path()) as stream:
        return stream.read()


def build(host, kind='eth', enabled=True, **settings):
    return [line.rstrip('\n') for line in host.call('ip.build_interface', 'mt0', kind, enabled, **settings)]


def test_reading(host):
    assert host.call('ip.get_interface', 'eth0') == []
    write(FILE)
    assert host.call('ip.get_interface', 'eth0') == [
        'auto eth0\n', 'allow-hotplug eth0\n', 'iface eth0 inet static\n', '    address 10.0.0.2/24\n',
        '    gateway 10.0.0.1\n', '    up ip route add 1.2.3.0/24 via 10.0.0.9\n', '    up echo x y\n',
        'iface eth0 inet6 static\n', '    address 2001:db8::1\n', '\n']
    assert host.call('ip.get_interface', 'eth1') == ['auto eth1\n', 'iface eth1 inet dhcp\n', '    bridge_ports z\n', '\n']
    assert host.call('ip.get_interface', 'nosuch') == []
    assert host.call('ip.get_interface', 'source') == ['\n', 'source /etc/network/interfaces.d/*\n', '\n']


def test_a_line_that_is_wrong(host):
    write(u'iface a inet\n')
    with pytest.raises(AttributeError) as caught:
        host.call('ip.get_interface', 'a')
    assert str(caught.value) == "Interface file malformed: ['iface', 'a', 'inet']."


@pytest.mark.parametrize('kind, settings, expected', [
    ('eth', {'proto': 'dhcp'}, ['iface mt0 inet dhcp']),
    ('eth', {'proto': 'bogus'}, []),
    ('eth', {'proto': 'static', 'ipaddr': '10.1.1.2', 'netmask': 24, 'mtu': 'abc', 'unknown': 4},
     ['iface mt0 inet static', '    address 10.1.1.2', '    netmask 24']),
    ('eth', {'proto': 'static', 'ipaddr': 'bogus', 'dns': ['8.8.8.8', '1.1.1.1'], 'up_cmds': ['a b', 'c'],
             'hwaddr': 'aa:bb:cc:dd:ee:ff', 'tx': True, 'rx': 'no', 'autoneg': 'on', 'duplex': 'full'},
     ['iface mt0 inet static', '    hwaddress aa:bb:cc:dd:ee:ff', '    dns-nameservers 8.8.8.8 1.1.1.1',
      '    up a b', '    up c',
      '    ethernet-autoneg on', '    link-duplex full', '    offload-rx off', '    offload-tx on']),
    ('eth', {'proto': 'static', 'ipaddr': '1.2.3.4', 'mtu': 1500, 'ipv6proto': 'auto', 'ipv6ipaddr': '2001:db8::1',
             'ipv6netmask': 64},
     ['iface mt0 inet static', '    address 1.2.3.4', '    mtu 1500', 'iface mt0 inet6 auto', '    address 2001:db8::1',
      '    netmask 64', '    mtu 1500']),
    ('slave', {'master': 'bond0', 'proto': 'dhcp'}, ['iface mt0 inet manual', '    bond-master bond0']),
    ('vlan', {'proto': 'dhcp'}, ['iface mt0 inet dhcp', '    vlan-raw-device mt0']),
    ('bridge', {'proto': 'manual', 'ports': ['a', 'b'], 'stp': 'yes', 'waitport': '3 a'},
     ['iface mt0 inet manual', '    bridge_ports a b', '    bridge_stp on', '    bridge_waitport 3 a']),
    ('bond', {'proto': 'manual', 'mode': '802.3ad', 'slaves': 'a b', 'hashing-algorithm': 'layer2'},
     ['iface mt0 inet manual', '    bond-ad_select 0', '    bond-downdelay 200', '    bond-lacp_rate 0', '    bond-miimon 100',
      '    bond-mode 4', '    bond-slaves a b', '    bond-updelay 0', '    bond-use_carrier on',
      '    bond-xmit_hash_policy layer2']),
    ('bond', {'proto': 'manual', 'mode': '1', 'slaves': ['a'], 'primary': 'a', 'miimon': 50},
     ['iface mt0 inet manual', '    bond-downdelay 200', '    bond-miimon 50', '    bond-mode 1', '    bond-primary a',
      '    bond-slaves a', '    bond-updelay 0', '    bond-use_carrier on']),
])
def test_what_would_be_written(host, kind, settings, expected):
    assert build(host, kind, test=True, **settings) == ['auto mt0'] + expected + ['']
    assert not os.path.exists(debianfile.path())


@pytest.mark.parametrize('kind, settings, message', [
    ('bogus', {}, 'Option: bogus, Expected: [eth|bond|alias|clone|ipsec|dialup|bridge|slave|vlan|pppoe|source]'),
    ('slave', {}, 'master is a required setting for slave interfaces'),
    ('bridge', {}, 'ports is a required setting for bridge interfaces on Debian or Ubuntu based systems'),
    ('bridge', {'ports': 'a', 'fd': 'x'}, 'Option: fd, Expected: [float]'),
    ('bond', {'mode': '1'}, 'slaves is a required setting for bond interfaces'),
    ('bond', {'mode': 'x', 'slaves': 'a'}, 'Option: mode, Expected: [0|1|2|3|4|5|6|balance-rr|active-backup'),
    ('bond', {'mode': '0', 'slaves': 'a'}, 'Option: arp_ip_target, Expected: [list of ips (up to 16)]'),
    ('eth', {'tx': 'x'}, 'Option: tx, Expected: [yes|on|true|1|True|no|off|false|0|False]'),
])
def test_settings_that_are_wrong(host, kind, settings, message):
    with pytest.raises(AttributeError) as caught:
        build(host, kind, test=True, **settings)
    assert message in str(caught.value)


def test_writing_one_interface_leaves_the_others_alone(host):
    write(FILE)
    lines = host.call('ip.build_interface', 'eth0', 'eth', True, proto='dhcp')
    assert lines == ['auto eth0\n', 'iface eth0 inet dhcp\n', '\n']
    assert written() == FILE.replace(FILE[FILE.index(u'auto eth0 eth1'):FILE.index(u'\n# about eth1')],
                                     u'auto eth1\nauto eth0\niface eth0 inet dhcp\n')


def test_a_new_interface_and_a_new_file(host):
    host.call('ip.build_interface', 'mt0', 'eth', False, proto='dhcp')
    host.call('ip.build_interface', 'source', 'source', True, source='x/*')
    assert written() == u'iface mt0 inet dhcp\nsource x/*\n'
    assert host.call('ip.build_interface', 'mt0', 'eth', True, proto='manual')[0] == 'auto mt0\n'
    assert written() == u'auto mt0\niface mt0 inet manual\nsource x/*\n'


def test_routes(host):
    routes = [{'name': 'a', 'ipaddr': '10.2.0.0', 'netmask': '255.255.0.0', 'gateway': '10.1.1.1'},
              {'ipaddr': '10.4.0.1', 'metric': 5}, {'name': 'x\ny', 'ipaddr': '$(id)'}]
    assert host.call('ip.get_routes', 'mt0') == ''
    lines = host.call('ip.build_routes', 'mt0', routes=routes, test=True)
    assert lines[:6] == ['#!/bin/sh\n', '# add\n', 'test "${IFACE}" = "mt0" || exit 0\n', '# a\n',
                         'ip route add 10.2.0.0/255.255.0.0 via 10.1.1.1 dev mt0\n',
                         'ip route add 10.4.0.1  dev mt0 metric 5\n']
    assert lines[6:8] == ['# x y\n', "ip route add '$(id)'  dev mt0\n"]
    assert host.call('ip.build_routes', 'mt0', routes=routes) == lines == host.call('ip.get_routes', 'mt0')
    assert stat.S_IMODE(os.stat(os.path.join(debianfile.FOLDER, 'if-up.d', 'route-mt0')).st_mode) == 0o755
    for wrong in (None, 'x', ['str']):
        with pytest.raises(AttributeError):
            host.call('ip.build_routes', 'mt0', routes=wrong)


def test_up_and_down(host):
    host.programs.answer('ifup', 'up!')
    host.programs.answer('ifdown', err='no', code=1)
    assert host.call('ip.up', 'mt0', 'eth') == 'up!' and host.call('ip.up', 'mt0', 'slave') is None
    assert host.job('ip.down', 'mt0', 'eth') == ('no', 1)


def test_module_options_of_a_bond(host):
    assert host.call('ip.build_bond', 'mt0', mode='active-backup', test=True) == [
        'alias mt0 bonding\n', 'options mt0 mode=1 miimon=100 downdelay=200 updelay=0 use_carrier=on ']
