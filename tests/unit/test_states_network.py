"""States of network interfaces, over the module ip."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import CommandExecutionError
from tests.support.statecalls import Module

OLD, NEW = ['iface eth9 inet static\n', 'address 10.9.9.9\n'], ['iface eth9 inet static\n', 'address 10.9.9.10\n']
CHANGE = '--- \n+++ \n@@ -1,2 +1,2 @@\n iface eth9 inet static\n\n-address 10.9.9.9\n\n+address 10.9.9.10\n'


@pytest.fixture
def network(monkeypatch):
    state = Module(monkeypatch, 'network')
    state.gives('ip', get_interface=OLD, build_interface=OLD, up='', down='', get_bond='', build_bond='', get_routes=OLD,
                build_routes=OLD, get_network_settings=OLD, build_network_settings=OLD, apply_network_settings=True)
    state.gives('network', interfaces={'eth9': {'up': True}, 'eth8': {'up': False}})
    return state


@pytest.mark.parametrize('old, new, test, wanted', [
    (OLD, OLD, False, (True, 'Interface eth9 is up to date.', {})),
    (OLD, OLD, True, (True, 'Interface eth9 is up to date.', {})),
    ([], NEW, True, (None, 'Interface eth9 is set to be added.', {})),
    ([], NEW, False, (True, 'Interface eth9 added.', {'interface': 'Added network interface.'})),
    (OLD, NEW, True, (None, 'Interface eth9 is set to be updated:\n' + CHANGE, {})),
    (OLD, NEW, False, (True, 'Interface eth9 updated.', {'interface': CHANGE}))])
def test_an_interface_is_written(network, old, new, test, wanted):
    network.gives('ip', get_interface=old, build_interface=new)
    assert network('managed', 'eth9', noifupdown=True, test=test) == wanted
    assert network.called('ip.build_interface') == [('eth9', 'eth', True)]
    assert not network.called('ip.up')


@pytest.mark.parametrize('name, enabled, new, status, called', [
    ('eth9', True, NEW, 'Interface eth9 restart to validate', ['ip.down', 'ip.up']), ('eth9', True, OLD, None, []),
    ('eth8', True, OLD, 'Interface eth8 is up', ['ip.up']), ('eth9', False, OLD, 'Interface eth9 down', ['ip.down']),
    ('eth8', False, NEW, None, [])])
def test_an_interface_goes_up_and_down(network, name, enabled, new, status, called):
    network.gives('ip', build_interface=new)
    assert network('managed', name, enabled)[2].get('status') == status
    assert [one for one, _ in network.calls if one in ('ip.up', 'ip.down')] == called
    network.calls[:] = []
    network('managed', name, enabled, test=True)
    assert not network.called('ip.up') and not network.called('ip.down')


def test_what_cannot_be_written_fails(network):
    network.gives('ip', up=CommandExecutionError('no ifup'))
    assert network('managed', 'eth8')[:2] == (False, 'no ifup')
    wrong = AttributeError('Invalid option -- Interface: eth9')
    network.gives('ip', build_interface=wrong, build_routes=wrong, build_network_settings=wrong)
    for function in ('managed', 'routes', 'system'):
        assert network(function, 'eth9') == (False, 'Invalid option -- Interface: eth9', {}), function


def test_a_bond_has_a_file_of_its_own(network):
    network.gives('ip', build_bond=NEW)
    assert network('managed', 'bond0', type='bond', noifupdown=True) == (
        True, 'Bond interface bond0 added.', {'bond': 'Added bond bond0.'})
    assert network('managed', 'bond0', type='bond', test=True) == (None, 'Bond interface bond0 is set to be added.', {})
    network.gives('ip', build_interface=NEW, get_bond=OLD)
    assert network('managed', 'eth9', type='bond')[2] == {
        'bond': CHANGE, 'interface': CHANGE, 'status': 'Interface eth9 restart to validate'}


@pytest.mark.parametrize('function, what, key, added', [
    ('routes', 'Interface eth9 routes', 'network_routes', 'Added interface eth9 routes.'),
    ('system', 'Global network settings', 'network_settings', 'Added global network settings.')])
def test_routes_and_settings(network, function, what, key, added):
    read, build = {'routes': ('get_routes', 'build_routes'),
                   'system': ('get_network_settings', 'build_network_settings')}[function]
    assert network(function, 'eth9') == (True, what + ' are up to date.', {})
    assert not network.called('ip.apply_network_settings')
    network.gives('ip', **{build: NEW})
    assert network(function, 'eth9', test=True) == (None, what + ' are set to be updated:\n' + CHANGE, {})
    assert network(function, 'eth9') == (True, what + ' updated.', {key: CHANGE})
    network.gives('ip', **{read: []})
    assert network(function, 'eth9', test=True) == (None, what + ' are set to be added.', {})
    assert network(function, 'eth9') == (True, what + ' added.', {key: added})
    assert len(network.called('ip.apply_network_settings')) == 2
