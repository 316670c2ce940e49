"""firewalld.*, with a firewall-cmd that only notes its calls and prints what a test wrote for it."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import environment
from tests.support import hostmodules

ZONES = '''block
  target: %%REJECT%%
  rich rules:

public (active)
  target: default
  interfaces: eth0 eth1
  masquerade: no
  forward-ports: port=22:proto=tcp:toport=2222:toaddr=
\tport=80:proto=tcp:toport=8080:toaddr=10.0.0.1
  rich rules:
\trule family="ipv4" source address="1.2.3.4" accept
\trule service name="http" drop
'''
PUBLIC = {'target': ['default'], 'interfaces': ['eth0 eth1'], 'masquerade': ['no'], 'forward-ports': [
    'port=22:proto=tcp:toport=2222:toaddr=', 'port=80:proto=tcp:toport=8080:toaddr=10.0.0.1'], 'rich rules': [
    '', 'rule family="ipv4" source address="1.2.3.4" accept', 'rule service name="http" drop']}


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    host.programs.answer('firewall-cmd', 'success\n')
    host.said = lambda: [call[1:] for call in host.programs.calls()]
    return host


@pytest.mark.parametrize('call, words', [
    (['version'], ['--version']), (['reload_rules'], ['--reload']), (['make_permanent'], ['--runtime-to-permanent']),
    (['default_zone'], ['--get-default-zone']), (['set_default_zone', 'dmz'], ['--set-default-zone=dmz']),
    (['new_zone', 'z', False], ['--new-zone=z', '--permanent']),
    (['delete_zone', 'z', False], ['--delete-zone=z', '--permanent']),
    (['new_service', 's', False], ['--new-service=s', '--permanent']),
    (['delete_service', 's', False], ['--delete-service=s', '--permanent']),
    (['add_service', 'http'], ['--add-service=http', '--permanent']),
    (['remove_service', 'http', 'dmz', False], ['--zone=dmz', '--remove-service=http']),
    (['add_service_protocol', 's', 'igmp'], ['--permanent', '--service=s', '--add-protocol=igmp']),
    (['remove_service_protocol', 's', 'igmp'], ['--permanent', '--service=s', '--remove-protocol=igmp']),
    (['add_masquerade', 'dmz'], ['--zone=dmz', '--add-masquerade', '--permanent']),
    (['remove_masquerade', None, False], ['--remove-masquerade']),
    (['add_port', 'dmz', '443/tcp'], ['--zone=dmz', '--add-port=443/tcp', '--permanent']),
    (['remove_port', 'dmz', '443/tcp', False], ['--zone=dmz', '--remove-port=443/tcp']),
    (['add_port_fwd', 'dmz', 80, 443],
     ['--zone=dmz', '--add-forward-port=port=80:proto=tcp:toport=443:toaddr=', '--permanent']),
    (['remove_port_fwd', 'dmz', 80, 443, 'udp', '::1', False],
     ['--zone=dmz', '--remove-forward-port=port=80:proto=udp:toport=443:toaddr=::1']),
    (['add_interface', 'dmz', 'eth0'], ['--zone=dmz', '--add-interface=eth0', '--permanent']),
    (['remove_interface', 'dmz', 'eth0'], ['--zone=dmz', '--remove-interface=eth0', '--permanent']),
    (['add_source', 'dmz', '10.0.0.0/8'], ['--zone=dmz', '--add-source=10.0.0.0/8', '--permanent']),
    (['remove_source', 'dmz', '10.0.0.0/8'], ['--zone=dmz', '--remove-source=10.0.0.0/8', '--permanent']),
    (['add_rich_rule', 'dmz', 'rule a'], ['--zone=dmz', '--add-rich-rule=rule a', '--permanent']),
    (['remove_rich_rule', 'dmz', 'rule a'], ['--zone=dmz', '--remove-rich-rule=rule a', '--permanent']),
])
def test_what_is_told(host, call, words):
    assert host.job('firewalld.' + call[0], *call[1:]) == ('success', 0)
    assert host.said() == [words]


@pytest.mark.parametrize('call, words', [
    (['get_zones'], ['--get-zones', '--permanent']), (['get_services', False], ['--get-services']),
    (['get_icmp_types'], ['--get-icmptypes', '--permanent']), (['list_services'], ['--list-services', '--permanent']),
    (['list_ports', 'dmz'], ['--zone=dmz', '--list-ports', '--permanent']),
    (['list_icmp_block', 'dmz'], ['--zone=dmz', '--list-icmp-blocks', '--permanent']),
    (['get_interfaces', 'dmz', False], ['--zone=dmz', '--list-interfaces']),
    (['get_sources', 'dmz'], ['--zone=dmz', '--list-sources', '--permanent']),
    (['get_service_ports', 's'], ['--permanent', '--service=s', '--get-ports']),
    (['get_service_protocols', 's'], ['--permanent', '--service=s', '--get-protocols']),
])
def test_lists(host, call, words):
    host.programs.answer('firewall-cmd', 'a  b c\n')
    assert host.call('firewalld.' + call[0], *call[1:]) == ['a', 'b', 'c']
    assert host.said() == [words]


def test_what_is_taken_over_at_once(host):
    for name in ('new_zone', 'delete_zone', 'new_service', 'delete_service'):
        assert host.call('firewalld.' + name, 'x') == 'success'
        assert host.said()[1] == ['--reload']


def test_whole_zones(host):
    host.programs.answer('firewall-cmd', ZONES)
    assert host.call('firewalld.list_zones') == host.call('firewalld.list_all', 'public', False) == {
        'block': {'target': ['%%REJECT%%'], 'rich rules': ['']}, 'public (active)': PUBLIC}
    assert host.said() == [['--list-all-zones', '--permanent'], ['--zone=public', '--list-all']]
    assert host.call('firewalld.get_masquerade', 'public') is False
    host.programs.answer('firewall-cmd', ZONES.replace('masquerade: no', 'masquerade: yes'))
    assert host.call('firewalld.get_masquerade') is True


def test_masquerading_ports(host):
    host.programs.answer('firewall-cmd --zone=z', ZONES)
    host.call('firewalld.add_port', 'z', '1/tcp', False, True)
    assert host.said() == [['--zone=z', '--list-all', '--permanent'], ['--zone=z', '--add-masquerade', '--permanent'],
                           ['--zone=z', '--add-port=1/tcp']]
    host.programs.answer('firewall-cmd --zone=z', ZONES.replace('masquerade: no', 'masquerade: yes'))
    host.call('firewalld.add_port_fwd', 'z', 1, 2, force_masquerade=True)
    assert [call[1] for call in host.said()] == ['--list-all', '--add-forward-port=port=1:proto=tcp:toport=2:toaddr=']


def test_forwarded_ports_and_rules(host):
    host.programs.answer('firewall-cmd', '\n'.join(PUBLIC['forward-ports']) + '\n')
    assert host.call('firewalld.list_port_fwd', 'public') == [
        {'Source port': '22', 'Protocol': 'tcp', 'Destination port': '2222', 'Destination address': ''},
        {'Source port': '80', 'Protocol': 'tcp', 'Destination port': '8080', 'Destination address': '10.0.0.1'}]
    host.programs.answer('firewall-cmd', 'rule family="ipv4" accept\nrule b\n')
    assert host.call('firewalld.get_rich_rules', 'public') == ['rule family="ipv4" accept', 'rule b']


def test_ports_of_services(host):
    host.programs.answer('firewall-cmd --get-services', 'ssh http\n')
    assert host.call('firewalld.add_service_port', 'ssh', '22/tcp') == 'success'
    assert host.call('firewalld.remove_service_port', 'ssh', '22/tcp') == 'success'
    assert host.said()[1::2] == [['--permanent', '--service=ssh', '--add-port=22/tcp'],
                                 ['--permanent', '--service=ssh', '--remove-port=22/tcp']]
    for name in ('add_service_port', 'remove_service_port'):
        assert host.job('firewalld.' + name, 'nosuch', '22/tcp') == ('ERROR: The service does not exist.', 1)


def test_kinds_of_icmp(host):
    host.programs.answer('firewall-cmd --get-icmptypes', 'echo-reply echo-request\n')
    host.programs.answer('firewall-cmd --zone=z --list-icmp-blocks --permanent', 'echo-reply\n')
    for name, done, doing, words in (('block', 'echo-reply', 'echo-request', '--add-icmp-block=echo-request'),
                                     ('allow', 'echo-request', 'echo-reply', '--remove-icmp-block=echo-reply')):
        assert host.call('firewalld.%s_icmp' % name, 'z', done) == 'success' and len(host.said()) == 2
        assert host.call('firewalld.%s_icmp' % name, 'z', doing) == 'success'
        assert host.said()[2:] == [['--zone=z', words, '--permanent']]
        assert host.job('firewalld.%s_icmp' % name, 'z', 'nosuch') == (False, 0) and host.said()


def test_it_fails(host):
    host.programs.answer('firewall-cmd', err='Error: INVALID_ZONE: z\n', code=112)
    for name in ('list_services', 'list_all', 'get_masquerade', 'new_zone', 'get_rich_rules'):
        assert host.job('firewalld.' + name, 'z') == ('ERROR: firewall-cmd failed: Error: INVALID_ZONE: z', 1)


def test_it_is_not_there_without_the_program(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    assert host.job('firewalld.version') == (
        "'firewalld' __virtual__ returned False: "
        'The firewalld execution module cannot be loaded: the firewall-cmd binary is not in the path.', 1)
    assert 'firewalld.present' not in host.loader.apart({}).other('states').functions
