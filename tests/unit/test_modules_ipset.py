"""ipset.*, with an ipset that only notes its calls and prints what a test wrote for it."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import environment, ipsets
from tests.support import hostmodules

HEAD = 'Name: %s\nType: %s\nRevision: 4\nHeader: %s\nSize in memory: 408\nReferences: 0\nNumber of entries: 2\n'
SETS = {
    'hosts': ('hash:ip', 'family inet hashsize 1024 maxelem 65536 timeout 300 comment',
              ['192.168.0.3 timeout 12 comment "web server"', '192.168.1.5']),
    'nets': ('hash:net', 'family inet hashsize 1024 maxelem 65536 counters skbinfo',
             ['10.0.0.0/24 packets 0 bytes 0', '10.2.0.7']),
    'six': ('hash:net', 'family inet6 hashsize 1024 maxelem 65536', ['fe80::/10', '::1']),
    'services': ('hash:ip,port', 'family inet hashsize 1024 maxelem 65536', ['10.0.0.1,tcp:80', '10.0.0.1,81']),
    'cards': ('hash:mac', 'hashsize 1024 maxelem 65536', ['AA:BB:CC:DD:EE:FF']), 'ports': ('bitmap:port', 'range 0-99', ['80'])}


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    host.programs.answer('ipset')
    host.programs.answer('ipset list', err='ipset v7.17: The set with the given name does not exist\n', code=1)
    for name in SETS:
        kind, header, members = SETS[name]
        head = HEAD % (name, kind, header)
        host.programs.answer('ipset list -t ' + name, head)
        host.programs.answer('ipset list ' + name, head + 'Members:\n' + ''.join(line + '\n' for line in members))
    host.said = lambda: [call[1:] for call in host.programs.calls() if call[1] != 'list']
    return host


@pytest.mark.parametrize('call, words', [
    (['new_set', 'x', 'hash:ip'], ['create', 'x', 'hash:ip', 'family', 'inet']),
    (['new_set', 'x', 'list:set', 'ip6', True], ['create', 'x', 'list:set', 'comment']),
    (['delete_set', 'hosts'], ['destroy', 'hosts']), (['rename_set', 'hosts', 'new'], ['rename', 'hosts', 'new']),
    (['flush'], ['flush']), (['flush', 'hosts'], ['flush', 'hosts']),
    (['test', 'hosts', '1.1.1.1'], ['test', 'hosts', '1.1.1.1']),
])
def test_what_is_told(host, call, words):
    assert host.job('ipset.' + call[0], *call[1:]) == (True, 0)
    assert host.said() == [words]


def test_options_of_a_new_set(host):
    options = {'timeout': 300, 'counters': True, 'skbinfo': False, 'netmask': 24, 'size': 8, 'comment': True, 'family': 'ipv6'}
    assert host.call('ipset.new_set', 'x', 'hash:ip', **options) is True
    assert host.call('ipset.new_set', 'x', 'bitmap:port', range='0-9', maxelem=3) is True
    assert host.said() == [
        ['create', 'x', 'hash:ip', 'family', 'inet6', 'netmask', '24', 'timeout', '300', 'counters', 'comment'],
        ['create', 'x', 'bitmap:port', 'range', '0-9']]


@pytest.mark.parametrize('call, text', [
    (['new_set'], 'Error: Set Name needs to be specified'), (['new_set', 'x'], 'Error: Set Type needs to be specified'),
    (['new_set', 'x', 'bogus'], 'Error: Set Type is invalid'),
    (['new_set', 'x', 'bitmap:ip'], 'Error: range is a required argument'),
    (['delete_set'], 'Error: Set needs to be specified'),
    (['rename_set', 'x'], 'Error: New name for set needs to be specified'),
    (['rename_set', 'x', 'y'], 'Error: Set does not exist'), (['rename_set', 'hosts', 'nets'], 'Error: New Set already exists'),
    (['check_set'], 'Error: Set needs to be specified'), (['add', '', '1.1.1.1'], 'Error: Set needs to be specified'),
    (['add', 'hosts'], 'Error: Entry needs to be specified'), (['add', 'x', '1.1.1.1'], 'Error: Set x does not exist'),
    (['delete', 'x', '1.1.1.1'], 'Error: Set x does not exist'), (['check', 'hosts'], 'Error: Entry needs to be specified'),
    (['test', 'x', '1.1.1.1'], 'Error: Set x does not exist'),
    (['add', 'hosts', '192.168.1.5'], 'Warn: Entry 192.168.1.5 already exists in set hosts')])
def test_what_is_refused(host, call, text):
    assert host.call('ipset.' + call[0], *call[1:]) == text
    assert host.said() == []


def test_names_that_would_be_options(host):
    for call in (['delete_set', '-x'], ['flush', '-file'], ['add', 'hosts', '1.1.1.1 -file /tmp/x'], ['check_set', '-o']):
        assert host.job('ipset.' + call[0], *call[1:])[0].endswith('would be an option of ipset')
    assert host.job('ipset.new_set', 'x', 'hash:ip', family='bogus')[0].startswith('ERROR: bogus is no family')
    assert host.said() == []


@pytest.mark.parametrize('name, entry, options, words', [
    ('hosts', '1.1.1.1', {}, ['1.1.1.1']), ('hosts', '1.1.1.1', {'timeout': 5}, ['1.1.1.1', 'timeout', '5']),
    ('hosts', '1.1.1.1', {'comment': 'a b'}, ['1.1.1.1', 'comment', 'a b']),
    ('hosts', '1.1.1.1 comment a b timeout 3', {'comment': 'a b', 'timeout': 4},
     ['1.1.1.1', 'comment', 'a b', 'timeout', '3']),
    ('hosts', '1.1.1.1 comment "a timeout"', {}, ['1.1.1.1', 'comment', 'a timeout']),
    ('nets', '1.1.1.0/24', {'nomatch': True, 'packets': 2, 'skbmark': '0x1'},
     ['1.1.1.0/24', 'packets', '2', 'skbmark', '0x1', 'nomatch']),
    ('ports', 22, {}, ['22'])])
def test_entries_are_added(host, name, entry, options, words):
    assert host.call('ipset.add', name, entry, **options) == 'Success'
    assert host.said() == [['add', '-exist', name] + words]


def test_options_that_a_set_has_no_room_for(host):
    for option, needed in (('timeout', 'timeout'), ('comment', 'comment')):
        assert host.call('ipset.add', 'nets', '1.1.1.1', **{option: 1}) == (
            'Error: Set nets not created with %s support' % needed)
    for option, needed in (('packets', 'counters'), ('bytes', 'counters'), ('skbqueue', 'skbinfo')):
        assert host.call('ipset.add', 'hosts', '1.1.1.1', **{option: 1}) == (
            'Error: Set hosts not created with %s support' % needed)
    assert host.said() == []


@pytest.mark.parametrize('name, entry, there', [
    ('hosts', '192.168.0.3', True), ('hosts', '192.168.0.4', False), ('hosts', '192.168.0.3 comment "web server"', False),
    ('hosts', '192.168.0.3 timeout 12 comment web server', True), ('hosts', ['1.1.1.1', '192.168.1.5'], True),
    ('hosts', '192.168.0.0/24', True), ('hosts', '192.168.1.5-192.168.1.5', True), ('hosts', '192.168.1.5-192.168.1.6', False),
    ('nets', '10.0.0.9', True), ('nets', '10.0.1.9', False), ('nets', '10.0.0.0-10.0.0.255', True),
    ('nets', '10.0.0.0/25', False),
    ('nets', '10.0.0.3/24', True), ('nets', 'bogus', False), ('six', 'fe80::1', True), ('six', '10.0.0.1', False),
    ('services', '10.0.0.1,tcp:80', True), ('services', '10.0.0.1,81', True), ('services', '10.0.0.1,82', False),
    ('cards', 'aa:bb:cc:dd:ee:ff', True), ('ports', 80, True), ('ports', '81', False)])
def test_is_an_entry_there(host, name, entry, there):
    assert host.call('ipset.check', name, entry) is there


def test_ranges_are_as_few_networks_as_can_be():
    assert ipsets._networks('10.0.0.1-10.0.0.6') == [(4, 167772161, 32), (4, 167772162, 31), (4, 167772164, 31),
                                                     (4, 167772166, 32)]
    assert ipsets._networks('0.0.0.0-255.255.255.255') == [(4, 0, 0)]


def test_sets_and_entries(host):
    host.programs.answer('ipset list -t', '\n'.join(HEAD % ((name,) + SETS[name][:2]) for name in ('hosts', 'nets')))
    assert [(found['Name'], found['Type'], found['Number of entries']) for found in host.call('ipset.list_sets')] == [
        ('hosts', 'hash:ip', '2'), ('nets', 'hash:net', '2')]
    assert host.call('ipset.check_set', 'hosts') is True and host.call('ipset.check_set', 'x') is False
    assert host.call('ipset.delete', 'hosts', '192.168.1.5') == 'Success'
    assert host.said() == [['del', 'hosts', '192.168.1.5']]
    host.programs.answer('ipset --version', 'ipset v7.17, protocol version: 7\n')
    assert host.call('ipset.version') == 'v7.17,'


def test_it_fails(host):
    host.programs.answer('ipset', err='ipset v7.17: no\n', code=1)
    for call, told in ((['new_set', 'x', 'hash:ip'], 'ipset v7.17: no'), (['delete_set', 'x'], 'ipset v7.17: no'),
                       (['flush', 'x'], False), (['add', 'hosts', '1.1.1.1'], 'Error: ipset v7.17: no'),
                       (['delete', 'hosts', '1.1.1.1'], 'Error: ipset v7.17: no'), (['test', 'hosts', '1.1.1.1'], False)):
        assert host.call('ipset.' + call[0], *call[1:]) == told


def test_it_is_not_there_without_the_program(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    for name, told in (('ipset', 'The ipset execution modules cannot be loaded: ipset binary not in path.'),
                       ('nftables', 'The nftables execution module failed to load: nftables is not installed.')):
        assert host.job(name + '.version') == ("'%s' __virtual__ returned False: %s" % (name, told), 1)
        assert name + '.flush' not in host.loader.apart({}).other('states').functions
