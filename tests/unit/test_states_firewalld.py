"""firewalld.* states over execution functions that a test holds in its hands."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import CommandExecutionError
from tests.support import hoststates

FORWARD = {'Source port': '22', 'Protocol': 'tcp', 'Destination port': '2222', 'Destination address': ''}
OTHER = {'Source port': '81', 'Protocol': 'udp', 'Destination port': '82', 'Destination address': '10.0.0.2'}


class Firewall(object):
    """One zone `public` and one service `ssh`; notes what is done as a list of words."""

    def __init__(self):
        self.lists = {
            'get_zones': ['public'], 'get_services': ['ssh'], 'list_icmp_block': ['echo-reply', 'redirect'],
            'list_ports': ['80/tcp', '443/tcp'], 'list_port_fwd': [FORWARD], 'list_services': ['ssh'],
            'get_interfaces': ['eth0'], 'get_sources': ['10.0.0.0/8'], 'get_rich_rules': ['rule a', 'rule b'],
            'get_service_ports': ['22/tcp'], 'get_service_protocols': ['tcp'], 'get_masquerade': False,
            'default_zone': 'public'}
        self.done, self.broken = [], ()

    def __contains__(self, name):
        return name.startswith('firewalld.')

    def __getitem__(self, name):
        if name == 'out.string_format':
            return lambda value, out: '%s: %s' % (out, sorted(value))
        name = name.partition('.')[2]

        def call(*args, **kwargs):
            if name in self.broken:
                raise CommandExecutionError('firewall-cmd failed: Error: bad')
            if name in self.lists:
                assert not (args and name.startswith('list_') and args[0] not in self.lists['get_zones'])
                return self.lists[name]
            self.done.append([name] + list(args))
            if name == 'new_zone':
                self.lists['get_zones'] = self.lists['get_zones'] + list(args)
                self.lists.update((key, []) for key in self.lists if key.startswith('list_'))
            return False if 'nosuch' in args else 'success'
        return call


@pytest.fixture
def firewall(tmpdir, monkeypatch):
    """firewall(state, ...) -> (result, comment, changes); firewall.made: the Firewall."""
    host, made = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch), Firewall()

    def run(name, *args, **kwargs):
        return host.over(made, 'firewalld.' + name, *args, **kwargs)
    run.made = made
    return run


FINE = (True, "'public' is already in the desired state.", {})


@pytest.mark.parametrize('kwargs', [
    {}, {'default': True}, {'default': False}, {'masquerade': False}, {'ports': ['80/tcp']}, {'services': 'ssh'},
    {'services': ['ssh'], 'prune_services': True}, {'ports': ['443/tcp', '80/tcp'], 'prune_ports': True},
    {'port_fwd': ['22:2222:tcp'], 'prune_port_fwd': True}, {'block_icmp': ['redirect']}, {'rich_rules': ['rule b']},
    {'interfaces': ['eth0'], 'sources': ['10.0.0.0/8']},
])
def test_a_zone_is_as_it_should_be(firewall, kwargs):
    assert firewall('present', 'public', **kwargs) == firewall('present', 'public', test=True, **kwargs) == FINE
    assert firewall.made.done == []


@pytest.mark.parametrize('kwargs, key, change, done', [
    ({'masquerade': True}, 'masquerade', {'old': False, 'new': 'Masquerading successfully set.'},
     [['add_masquerade', 'public']]),
    ({'ports': ['22/tcp', '80/tcp']}, 'ports', {'old': ['80/tcp', '443/tcp'], 'new': ['22/tcp', '443/tcp', '80/tcp']},
     [['add_port', 'public', '22/tcp']]),
    ({'ports': ['22/tcp', '80/tcp'], 'prune_ports': True}, 'ports',
     {'old': ['80/tcp', '443/tcp'], 'new': ['22/tcp', '80/tcp']},
     [['add_port', 'public', '22/tcp'], ['remove_port', 'public', '443/tcp']]),
    ({'prune_services': True}, 'services', {'old': ['ssh'], 'new': []}, [['remove_service', 'ssh', 'public']]),
    ({'services': 'http'}, 'services', {'old': ['ssh'], 'new': ['http', 'ssh']}, [['add_service', 'http', 'public']]),
    ({'port_fwd': ['22:2222:tcp', '81:82:udp:10.0.0.2']}, 'port_fwd', {'old': [FORWARD], 'new': [FORWARD, OTHER]},
     [['add_port_fwd', 'public', '81', '82', 'udp', '10.0.0.2']]),
    ({'prune_port_fwd': True}, 'port_fwd', {'old': [FORWARD], 'new': []},
     [['remove_port_fwd', 'public', '22', '2222', 'tcp', '']]),
    ({'block_icmp': ['redirect'], 'prune_block_icmp': True}, 'icmp_types',
     {'old': ['echo-reply', 'redirect'], 'new': ['redirect']}, [['allow_icmp', 'public', 'echo-reply']]),
    ({'interfaces': ['eth1'], 'prune_interfaces': True}, 'interfaces', {'old': ['eth0'], 'new': ['eth1']},
     [['add_interface', 'public', 'eth1'], ['remove_interface', 'public', 'eth0']]),
    ({'sources': ['1.1.1.1']}, 'sources', {'old': ['10.0.0.0/8'], 'new': ['1.1.1.1', '10.0.0.0/8']},
     [['add_source', 'public', '1.1.1.1']]),
    ({'rich_rules': ['rule c', 'rule a'], 'prune_rich_rules': True}, 'rich_rules',
     {'old': ['rule a', 'rule b'], 'new': ['rule c', 'rule a']},
     [['add_rich_rule', 'public', 'rule c'], ['remove_rich_rule', 'public', 'rule b']]),
])
def test_a_zone_is_changed(firewall, kwargs, key, change, done):
    assert firewall('present', 'public', test=True, **kwargs) == (
        None, "Configuration for 'public' will change:\nnested: ['%s']" % key, {})
    assert firewall.made.done == []
    assert firewall('present', 'public', **kwargs) == (True, "'public' was configured.", {key: change})
    assert firewall.made.done == done + [['reload_rules']]


def test_masquerading_no_more(firewall):
    firewall.made.lists['get_masquerade'] = True
    assert firewall('present', 'public', masquerade=True) == FINE
    assert firewall('present', 'public', masquerade=False)[2] == {
        'masquerade': {'old': True, 'new': 'Masquerading successfully disabled.'}}
    assert firewall.made.done == [['remove_masquerade', 'public'], ['reload_rules']]


def test_a_new_zone(firewall):
    kwargs = {'services': ['ssh'], 'default': True}
    assert firewall('present', 'dmz', test=True, **kwargs)[:2] == (
        None, "Configuration for 'dmz' will change:\nnested: ['default', 'dmz', 'services']")
    assert firewall.made.done == []
    assert firewall('present', 'dmz', **kwargs)[2] == {
        'dmz': {'old': ['public'], 'new': 'dmz'}, 'default': {'old': 'public', 'new': 'dmz'},
        'services': {'old': [], 'new': ['ssh']}}
    assert firewall.made.done == [['new_zone', 'dmz'], ['set_default_zone', 'dmz'], ['add_service', 'ssh', 'dmz'],
                                  ['reload_rules']]


def test_a_zone_fails(firewall):
    assert firewall('present', 'public', port_fwd=['22:2222']) == (
        False, 'Error: 22:2222 is no SOURCE:DESTINATION:PROTOCOL[:ADDRESS]', {})
    assert firewall('present', 'public', block_icmp=['nosuch']) == (False, 'Error: nosuch is not known to firewalld', {})
    firewall.made.broken = ('get_zones', 'get_services')
    assert firewall('present', 'public') == firewall('service', 'ssh') == (
        False, 'Error: firewall-cmd failed: Error: bad', {})


def test_services(firewall):
    assert firewall('service', 'ssh', ['22/tcp'], 'tcp') == (True, "'ssh' is already in the desired state.", {})
    changes = {'ports': {'old': ['22/tcp'], 'new': ['80/tcp']}, 'protocols': {'old': ['tcp'], 'new': []}}
    assert firewall('service', 'ssh', ['80/tcp'], test=True) == (None, "Configuration for 'ssh' will change.", changes)
    assert firewall.made.done == []
    assert firewall('service', 'ssh', ['80/tcp']) == (True, "'ssh' was configured.", changes)
    assert firewall.made.done == [['add_service_port', 'ssh', '80/tcp'], ['remove_service_port', 'ssh', '22/tcp'],
                                  ['remove_service_protocol', 'ssh', 'tcp'], ['reload_rules']]


def test_a_new_service(firewall):
    firewall.made.lists.update(get_service_ports=[], get_service_protocols=[])
    changes = {'service': {'old': None, 'new': 'foo'}, 'ports': {'old': [], 'new': ['80/tcp']}}
    assert firewall('service', 'foo', ['80/tcp'], test=True) == (None, "Configuration for 'foo' will change.", changes)
    assert firewall.made.done == []
    assert firewall('service', 'foo', ['80/tcp']) == (True, "'foo' was configured.", changes)
    assert firewall.made.done == [['new_service', 'foo'], ['add_service_port', 'foo', '80/tcp'], ['reload_rules']]
