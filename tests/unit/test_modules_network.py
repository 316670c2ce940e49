"""network.*: what the kernel tells, read from captured texts; programs in stand-ins; errors."""
from __future__ import absolute_import, division, print_function

import contextlib
import os
import socket
import threading

import pytest

from minion import compat
from minion.errors import CommandExecutionError, CommandNotFoundError
from minion.helpers import addresses, hostnaming, interfaces, lookups, netlink, nettests, procnet
from minion.helpers.rootfs import Root
from minion.loader import Loader
from tests.support.standins import Programs

# As `ip` made them in a network namespace: two addresses in one network, the second one secondary.
CARDS = {
    'lo': {'up': True, 'hwaddr': '00:00:00:00:00:00',
           'inet': [{'address': '127.0.0.1', 'netmask': '255.0.0.0', 'broadcast': None, 'label': 'lo'}],
           'inet6': [{'address': '::1', 'prefixlen': '128', 'scope': 'host'}]},
    'd0': {'up': True, 'inet': [{'address': '10.9.0.1', 'netmask': '255.255.255.0', 'broadcast': None, 'label': 'd0'}],
           'inet6': [{'address': 'fd01::5', 'prefixlen': '64', 'scope': 'global'}]},
    'd1': {'up': True,
           'inet': [{'address': '192.168.7.5', 'netmask': '255.255.0.0', 'broadcast': None, 'label': 'd1'},
                    {'address': '9.1.1.1', 'netmask': '255.0.0.0', 'broadcast': None, 'label': 'd1'}],
           'secondary': [{'type': 'inet', 'address': '9.1.1.2', 'netmask': '255.0.0.0', 'broadcast': None,
                          'label': 'd1'}]},
}
PROC = {
    'net/route': 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n'
                 'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n'
                 'eth0\t01011F1F\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0\n'
                 '*\t0000001E\t00000000\t0200\t0\t0\t0\t000000FF\t0\t0\t0\n',
    'net/ipv6_route': '00000000000000000000000000000000 00 00000000000000000000000000000000 00 '
                      'fd000000000000000000000000000001 00000400 00000002 00000000 00450003     eth0\n'
                      '00000000000000000000000000000000 00 00000000000000000000000000000000 00 '
                      '00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n',
    'net/arp': 'IP address       HW type     Flags       HW address            Mask     Device\n'
               '192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        eth0\n'
               '192.0.2.9        0x1         0x0         00:00:00:00:00:00     *        eth0\n',
    # kernel 2.6.32 writes fewer columns behind the inode
    'net/tcp': '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
               '   0: 0100007F:1E61 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 840877 1\n'
               '   1: 0100007F:C7A4 0100007F:1E62 01 00000002:00000000 00:00000000 00000000    33        0 12 1\n',
    'net/tcp6': '  sl  local_address                         remote_address                        st tx_queue rx_queue\n'
                '   0: 00000000000000000000000001000000:DF16 0000000000000000FFFF00000100007F:1E62 01 00000000:00000000 '
                '00:00000000 00000000     0        0 840883 2\n',
}


@pytest.fixture
def proc(tmpdir):
    for name, text in PROC.items():
        tmpdir.join('proc', *name.split('/')).write(text, ensure=True)
    return Root(str(tmpdir))


@pytest.fixture
def call(monkeypatch):
    loader = Loader({'id': 'ref1'})
    monkeypatch.setattr(interfaces, 'read', lambda: CARDS)

    def call(name, *args, **kwargs):
        return loader.functions['network.' + name](*args, **kwargs)
    call.context = loader.context
    return call


@pytest.fixture
def programs(tmpdir, monkeypatch):
    return Programs(str(tmpdir.mkdir('bin')), monkeypatch)


# ---- addresses

@pytest.mark.parametrize('name, arguments, expected', [
    ('ip_addrs', {}, ['9.1.1.1', '9.1.1.2', '10.9.0.1', '192.168.7.5']),
    ('ip_addrs', {'include_loopback': True, 'interface': ['lo', 'd0']}, ['10.9.0.1', '127.0.0.1']),
    ('ip_addrs', {'type': 'public'}, ['9.1.1.1', '9.1.1.2']),
    ('ip_addrs', {'type': 'private'}, ['10.9.0.1', '192.168.7.5']),
    ('ip_addrs', {'cidr': '9.0.0.0/8', 'type': 'private'}, ['9.1.1.1', '9.1.1.2']),
    ('ip_addrs', {'cidr': 'nonsense'}, []),
    ('ip_addrs6', {'include_loopback': True}, ['::1', 'fd01::5']),
    ('subnets', {}, ['9.0.0.0/8', '10.9.0.0/24', '192.168.0.0/16']),
    ('subnets', {'interfaces': 'd0'}, ['10.9.0.0/24']),
    ('subnets', {'interfaces': []}, []),
    ('subnets6', {}, ['fd01::/64']),
    ('ifacestartswith', {'cidr': '9.1'}, ['d1']),
    ('hw_addr', {'iface': 'd0'}, ''),
    ('interface_ip', {'iface': 'd1'}, '192.168.7.5'),
    ('in_subnet', {'cidr': '9.0.0.0/8'}, True),
    ('in_subnet', {'cidr': '127.0.0.0/8'}, False),
    ('in_subnet', {'cidr': ['9.0.0.0/8']}, False),
    ('ip_in_subnet', {'ip_addr': ['1.1.1.1', '10.0.0.1'], 'cidr': '10.0.0.0/8'}, True),
    ('calc_net', {'ip_addr': '172.17.0.5', 'netmask': '255.255.255.240'}, '172.17.0.0/28'),
    ('calc_net', {'ip_addr': '172.17.0.5', 'netmask': 24}, '172.17.0.0/24'),
    ('calc_net', {'ip_addr': '2a02:f6e:a000:80:84d8:8332:7866:4e07/64'}, '2a02:f6e:a000:80::/64'),
    ('convert_cidr', {'cidr': 'fe80::/64'}, {'network': 'fe80::', 'netmask': 'ffff:ffff:ffff:ffff::',
                                            'broadcast': 'fe80::ffff:ffff:ffff:ffff'}),
    ('reverse_ip', {'ip_addr': '::1'}, '1' + '.0' * 31 + '.ip6.arpa'),
    ('is_private', {'ip_addr': 'fe80::1'}, True),
    ('is_loopback', {'ip_addr': '::1'}, True),
])
def test_addresses(call, name, arguments, expected):
    assert call(name, **arguments) == expected


def test_networks_with_details(call):
    assert call('ip_networks', 'd0', verbose=True) == {'10.9.0.0/24': {
        'address': '10.9.0.0', 'netmask': '255.255.255.0', 'num_addresses': 256, 'prefixlen': 24}}


def test_an_interface_that_is_not_there(call):
    text = call('hwaddr', 'nosuch')
    assert text.startswith('Interface "nosuch" not in available interfaces: ') and '"d1"' in text


@pytest.mark.parametrize('name, argument, noun', [('is_private', 'foo', 'address'), ('calc_net', 'foo', 'network'),
                                                  ('is_loopback', '300.1.1.1', 'address'),
                                                  ('convert_cidr', '10.0.0.0/33', 'network')])
def test_what_is_no_address(call, name, argument, noun):
    with pytest.raises(ValueError) as caught:
        call(name, argument)
    assert str(caught.value) == "'%s' does not appear to be an IPv4 or IPv6 %s" % (argument, noun)


@pytest.mark.parametrize('mac', ['08:00:27:13:69:77', '08-00-27-13-69-77', '080027136977'])
def test_hardware_addresses(mac):
    assert bytes(addresses.hardware(mac)) == b'\x08\x00\x27\x13\x69\x77'


@pytest.mark.parametrize('mac', ['', 'foo', '08:00:27:13:69', 'zz0027136977'])
def test_what_is_no_hardware_address(mac):
    with pytest.raises(ValueError):
        addresses.hardware(mac)


# ---- routes, neighbours, sockets

def test_routes(proc):
    assert procnet.routes_4(proc) == [
        {'addr_family': 'inet', 'destination': '0.0.0.0', 'gateway': '192.0.2.1', 'netmask': '0.0.0.0', 'flags': 'UG',
         'interface': 'eth0'},
        {'addr_family': 'inet', 'destination': '31.31.1.1', 'gateway': '0.0.0.0', 'netmask': '255.255.255.255',
         'flags': 'UH', 'interface': 'eth0'},
        {'addr_family': 'inet', 'destination': '30.0.0.0', 'gateway': '-', 'netmask': '255.0.0.0', 'flags': '!',
         'interface': '-'}]
    assert [(route['gateway'], route['flags']) for route in procnet.routes_6(proc)] == [
        ('fd00::1', 'UGDAe'), ('::', '!n')]


def test_neighbours(proc):
    assert procnet.arp(proc) == {'02:fc:00:00:00:05': '192.0.2.1'}


def test_sockets(proc):
    listening, to_port, mixed = procnet.sockets(proc)
    assert (procnet.shown(listening.local), procnet.shown(listening.remote)) == ('127.0.0.1:7777', '0.0.0.0:*')
    assert (procnet.STATES[listening.state], listening.received, listening.inode) == ('LISTEN', 1, 840877)
    assert (to_port.sent, to_port.uid, to_port.state) == (2, 33, procnet.ESTABLISHED)
    assert (mixed.local, mixed.remote) == (('::1', 57110), ('127.0.0.1', 7778))


def test_a_host_without_ipv6(tmpdir):
    assert procnet.routes_6(Root(str(tmpdir))) == [] and procnet.sockets(Root(str(tmpdir))) == []


def test_our_own_connection_is_listed_with_its_owner(call):
    with contextlib.closing(socket.socket()) as server:
        server.bind(('127.0.0.1', 0))
        server.listen(1)
        port = server.getsockname()[1]
        with contextlib.closing(socket.create_connection(('127.0.0.1', port))):
            mine = [row for row in call('netstat') if row['local-address'] == '127.0.0.1:%d' % port]
            listening = [row for row in mine if row['state'] == 'LISTEN'][0]
            ports = [row['remote_port'] for row in call('active_tcp').values()]
    assert listening['program'].split('/')[0] == str(os.getpid()) and listening['remote-address'] == '0.0.0.0:*'
    assert port in ports


def test_the_way_to_ourselves(call):
    assert call('get_route', '127.0.0.1') == {'destination': '127.0.0.1', 'gateway': None, 'interface': 'lo',
                                              'source': '127.0.0.1'}


def test_no_way(call, monkeypatch):
    def refuse(family, packed):
        raise OSError(101, 'netlink: Network is unreachable')
    monkeypatch.setattr(netlink, 'way_to', refuse)
    with pytest.raises(CommandExecutionError) as caught:
        call('get_route', '10.0.0.1')
    assert str(caught.value) == 'there is no route to 10.0.0.1: netlink: Network is unreachable'


def test_an_unknown_family(call):
    with pytest.raises(CommandExecutionError) as caught:
        call('routes', 'foo')
    assert str(caught.value) == 'Invalid address family foo'


# ---- names

def test_a_silent_resolver_holds_nothing_up(monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(socket, 'getaddrinfo', lambda *args: go_on.wait(30) and [])
    with pytest.raises(socket.error) as caught:
        lookups.addresses('silent.example', 80, deadline=0.05)
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == 'lookup':
            thread.join(10)
    assert 'no answer from the resolver' in str(caught.value)


def test_names_that_no_resolver_takes():
    with pytest.raises(EnvironmentError):
        lookups.addresses(u'a' * 64 + u'.\u20ac', 80)


@pytest.mark.parametrize('name, valid', [('db1.example.com', True), ('', False), ('-s', False), ('a b', False), (5, False),
                                         ('a\nb', False)])
def test_names_of_hosts(name, valid):
    assert hostnaming.is_name(name) is valid


def test_a_new_name_is_kept_in_the_files_of_the_distribution(tmpdir):
    tmpdir.join('etc', 'hosts').write('127.0.0.1 localhost old\n127.0.1.1\told.example.com old\n# old-x\n', ensure=True)
    tmpdir.join('etc', 'sysconfig', 'network').write('NETWORKING=yes\nHOSTNAME=old\nGATEWAY=1.1.1.1', ensure=True)
    hostnaming.keep(Root(str(tmpdir)), 'old', 'new')
    assert tmpdir.join('etc', 'hosts').read() == '127.0.0.1 localhost new\n127.0.1.1\told.example.com new\n# old-x\n'
    assert tmpdir.join('etc', 'sysconfig', 'network').read() == 'NETWORKING=yes\nGATEWAY=1.1.1.1\nHOSTNAME=new\n'
    assert not tmpdir.join('etc', 'hostname').exists()


def test_a_name_that_cannot_be(call):
    assert call('mod_hostname', '') is False and call.context['retcode'] == 1


# ---- tests of other hosts

def test_connect(call):
    with contextlib.closing(socket.socket()) as server:
        server.bind(('127.0.0.1', 0))
        server.listen(1)
        port = server.getsockname()[1]
        assert call('connect', '127.0.0.1', port) == {
            'result': True, 'comment': 'Successfully connected to 127.0.0.1 (127.0.0.1) on tcp port %d' % port}
        assert 'retcode' not in call.context
    assert call('connect', '127.0.0.1', port, family='ipv6')['comment'] == (
        'Unable to resolve host 127.0.0.1 on tcp port %d' % port)
    assert call('connect', '127.0.0.1', port, proto='udp')['comment'] == (
        'Unable to connect to 127.0.0.1 (127.0.0.1) on udp port %d' % port)
    assert call('connect', '127.0.0.1') == {'result': False, 'comment': 'Required argument, port, is missing.'}
    assert call.context['retcode'] == 1


def test_ping(call, programs):
    programs.add('ping', 'PING\n', script='[ "$3" = bad ] && exit 2')
    assert call('ping', 'good') == 'PING'
    assert call('ping', 'good', timeout=3, return_boolean=True) is True
    assert call('ping', 'bad', return_boolean=True) is False
    call('ping', '-f;example.net')
    assert programs.calls('ping') == ['-c 4 good', '-W 3 -c 4 good', '-c 4 bad', '-c 4 fexample.net']


def test_traceroute_and_dig(call, programs):
    programs.add('traceroute', 'traceroute to example.net (93.184.216.34), 30 hops max\n'
                 ' 1  gw.lan (192.168.0.1)  0.311 ms  0.287 ms  0.270 ms\n 2  * * *\n'
                 ' 3  10.1.1.1 (10.1.1.1)  5.000 ms * 6.100 ms\nnonsense\n')
    programs.add('dig', '; DiG\n')
    assert call('traceroute', 'example.net') == [
        {'count': 1, 'hostname': 'gw.lan', 'ip': '192.168.0.1', 'ms1': 0.311, 'ms2': 0.287, 'ms3': 0.27},
        {'count': 2, 'hostname': '*'}, {'count': 3, 'hostname': '10.1.1.1', 'ip': '10.1.1.1', 'ms1': 5.0, 'ms2': 6.1}, {}]
    assert call('dig', 'example.net +x') == '; DiG'
    assert programs.calls('dig') == ['example.netx']


def test_programs_that_are_not_installed(call, monkeypatch):
    monkeypatch.setattr('minion.helpers.environment.which', lambda program: None)
    with pytest.raises(CommandNotFoundError) as caught:
        call('dig', 'example.net')
    assert str(caught.value) == "The 'dig' binary was not found in $PATH."
    assert call('get_bufsize', 'eth0') == {} and call('mod_bufsize', 'eth0', rx=1) is False


def test_ring_buffers(call, programs):
    programs.add('ethtool', 'Ring parameters for eth0:\nPre-set maximums:\nRX:\t\t4096\nRX Mini:\t0\n'
                            'Current hardware settings:\nRX:\t\t256\n')
    assert call('get_bufsize', 'eth0') == {'result': True, 'rx-max': 4096, 'rx-mini-max': 0, 'rx': 256}
    assert call('mod_bufsize', 'eth0', 'tx=1', rx=512)['result'] is True
    assert call('mod_bufsize', 'eth0', 'nonsense')['result'] is False
    assert programs.calls('ethtool') == ['-g eth0', '-G eth0 rx 512 tx 1']


def test_waking_a_host(call):
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as ear:
        ear.bind(('127.0.0.1', 0))
        ear.settimeout(10)
        assert call('wol', '08:00:27:13:69:77', '127.0.0.1', ear.getsockname()[1]) is True
        assert ear.recv(200) == b'\xff' * 6 + b'\x08\x00\x27\x13\x69\x77' * 16


def test_names_given_to_programs():
    assert [nettests.host_name(name) for name in ('-rf', 'a;b', '::1', 5, compat.to_text('h.x'))] == [
        'rf', 'ab', '::1', '5', 'h.x']
