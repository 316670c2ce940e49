"""dnsutil.*: answers of 3008.3 for the same files."""
from __future__ import absolute_import, division, print_function

import socket
import time

import pytest

from minion.helpers import lookups, zonefile
from minion.loader import Loader

ZONE = """$ORIGIN example.com.
$TTL 1h
@ IN SOA ns.example.com. root.example.com. (
        2011042901 ; serial
        3h 1h 1w 1h )
@ IN NS ns.example.com.
www IN A 10.0.0.1
www2 3600 IN A 10.0.0.2 ; comment
mail IN MX 10 mail.example.com.
"""


@pytest.fixture
def loader():
    return Loader({'id': 'ref1'})


@pytest.fixture
def call(loader):
    return lambda name, *args, **kwargs: loader.functions['dnsutil.' + name](*args, **kwargs)


def test_a_zone(call, tmpdir):
    tmpdir.join('zone').write(ZONE)
    expected = {
        'ORIGIN': 'example.com.', 'TTL': '1h', 'NETWORK': 'IN', 'SOURCE': 'ns.example.com.', 'CONTACT': 'root@example.com.',
        'SERIAL': '2011042901', 'REFRESH': 10800, 'RETRY': 3600, 'EXPIRE': 604800, 'MINTTL': 3600,
        'NS': ['ns.example.com.'],
        'A': {'www.example.com.': '10.0.0.1', 'www2.example.com.': {'TARGET': '10.0.0.2', 'TTL': '3600'}},
        'MX': [{'priority': '10', 'host': 'mail.example.com.'}]}
    assert call('parse_zone', str(tmpdir.join('zone'))) == call('parse_zone', zone=ZONE) == expected
    assert call('parse_zone', '/no/such/file') == call('parse_zone') == 'Error: Zone data was not found'


def test_texts_in_a_zone():
    assert zonefile.zone('$ORIGIN x.\na TXT "v=1; b"\n  AAAA ::1\n') == {
        'ORIGIN': 'x.', 'TXT': {'a.x.': '"v=1; b"'}, 'AAAA': {'a.x.': '::1'}}
    assert [zonefile.seconds(text) for text in ('60', '1h30m', '1W', 'x', 'A')] == [60, 5400, 604800, None, None]


def test_hosts(call, tmpdir):
    path = tmpdir.join('hosts')
    path.write('# c\n127.0.0.1 localhost lo\n\n::1 localhost')
    name = str(path)
    assert call('hosts_append', name, '10.0.0.1', 'a.b,c') == 'The following line was added to %s:\n10.0.0.1 a.b c' % name
    assert call('hosts_append', name, '10.0.0.1', 'c,d') == 'The following line was added to %s:\n10.0.0.1 d' % name
    assert call('hosts_append', name, '10.0.0.1', 'd') == 'No additional hosts were added to %s' % name
    assert call('parse_hosts', name) == {'127.0.0.1': ['localhost', 'lo'], '::1': ['localhost'],
                                         '10.0.0.1': ['a.b', 'c', 'd']}
    assert call('hosts_remove', name, 'c,d') is None
    assert path.read() == '# c\n127.0.0.1 localhost lo\n\n::1 localhost\n10.0.0.1 a.b\n'
    assert call('parse_hosts', hosts='1.1.1.1 a b\n2.2.2.2 c') == {'1.1.1.1': ['a', 'b'], '2.2.2.2': ['c']}
    assert call('parse_hosts', '/no/such/file') == 'Error: hosts data was not found'
    for function in ('hosts_append', 'hosts_remove'):
        with pytest.raises(OSError):
            call(function, '/no/such/file', entries='a')


def test_lookups(call, loader, monkeypatch):
    def answer(host, port, family):
        if host == 'nosuch':
            raise socket.error('not known')
        return [(family, 1, 6, '', (address, 0)) for address in ('10.0.0.2', '10.0.0.1', '10.0.0.2')]
    monkeypatch.setattr(lookups, 'addresses', answer)
    assert call('A', 'x') == ['10.0.0.1', '10.0.0.2'] and call('AAAA', 'nosuch') == 'Unable to resolve nosuch'
    monkeypatch.setitem(loader.functions['dnsutil.A'].__globals__, '__salt__', {})
    for function in ('MX', 'NS', 'SPF', 'check_ip'):
        assert call(function, 'example.com') == 'This function requires dig, which is not currently available'
    monkeypatch.setitem(loader.functions['dnsutil.A'].__globals__, '__salt__', {'dig.A': lambda *args: list(args)})
    assert call('A', 'x', nameserver='10.0.0.53') == ['x', '10.0.0.53']


def test_serial_numbers(call, loader, monkeypatch):
    kept, today = {}, time.strftime('%Y%m%d01')
    call('parse_hosts', hosts='x')
    monkeypatch.setitem(loader.functions['dnsutil.serial'].__globals__, '__salt__', {
        'grains.get': kept.get, 'grains.setval': lambda name, value: kept.update({name: value})})
    assert call('serial', 'z') == today and kept == {}
    assert call('serial', 'z', update=True) == today
    assert call('serial', 'z', update=True) == str(int(today) + 1) == call('serial', 'z') == kept['dnsserial_z']
