"""service.running and its like, on services that are only names; what they say is what the reference says."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import initscripts, state_service
from tests.support import fakeworld
from tests.support.fakeworld import WORLD


@pytest.fixture
def host(tmpdir, monkeypatch):
    return fakeworld.make(str(tmpdir), monkeypatch, all=set(['a', 'b', 'on']), running=set(['b']), enabled=set(['b', 'on']))


def outcome(ret):
    return ret['result'], ret['comment'], ret['changes']


def told(host, fun, name, **kwargs):
    return outcome(host.state('service.' + fun, name, **kwargs))


@pytest.mark.parametrize('fun, name, enable, expected', [
    ('running', 'a', None, (True, 'Started service a', {'a': True})),
    ('running', 'a', True, (True, 'Service a has been enabled, and is running', {'a': True})),
    ('running', 'a', 'true', (True, 'Service a has been enabled, and is running', {'a': True})),
    ('running', 'a', False, (True, 'Service a is already disabled, and is running', {'a': True})),
    ('running', 'on', True, (True, 'Service on is already enabled, and is running', {'on': True})),
    ('running', 'on', False, (True, 'Service on has been disabled, and is running', {'on': True})),
    ('running', 'b', None, (True, 'The service b is already running', {})),
    ('running', 'b', True, (True, 'The service b is already running', {})),
    ('running', 'b', False, (True, 'Service b has been disabled, and is in the desired state', {'b': True})),
    ('running', 'c', True, (False, 'The named service c is not available', {})),
    ('dead', 'a', None, (True, 'The service a is already dead', {})),
    ('dead', 'a', True, (True, 'Service a has been enabled, and is in the desired state', {'a': True})),
    ('dead', 'b', None, (True, 'Service b was killed', {'b': False})),
    ('dead', 'b', True, (True, 'Service b is already enabled, and is dead', {'b': False})),
    ('dead', 'b', False, (True, 'Service b has been disabled, and is dead', {'b': True})),
    ('dead', 'on', False, (True, 'Service on has been disabled, and is in the desired state', {'on': True})),
    ('dead', 'c', None, (True, 'The named service c is not available', {})),
])
def test_running_and_dead(host, fun, name, enable, expected):
    assert told(host, fun, name, enable=enable) == expected


@pytest.mark.parametrize('fun, name, options, expected', [
    ('running', 'a', {'enable': True}, (None, 'Service a is set to start')),
    ('running', 'b', {'enable': False}, (None, 'Service b set to be disabled')),
    ('running', 'c', {}, (None, 'Service c not present; if created in this state run, it would have been started')),
    ('running', 'a', {'unmask': True}, (None, 'Service a is set to start\nService a was already unmasked')),
    ('dead', 'a', {'enable': True}, (None, 'Service a set to be enabled')),
    ('dead', 'b', {'enable': True}, (None, 'Service b is set to be killed')),
    ('dead', 'c', {}, (None, 'Service c not present; if created in this state run, it would have been stopped')),
    ('enabled', 'a', {}, (None, 'Service a set to be enabled')),
    ('enabled', 'c', {}, (None, 'Service c not present; if created in this state run, it would have been enabled')),
    ('disabled', 'b', {}, (None, 'Service b set to be disabled')),
    ('mod_watch', 'a', {'sfun': 'running', 'reload': True}, (None, 'Service is set to be started')),
    ('mod_watch', 'b', {'sfun': 'running'}, (None, 'Service is set to be restarted')),
    ('mod_watch', 'b', {'sfun': 'dead'}, (None, 'Service is set to be stopped')),
])
def test_a_test_run_only_tells(host, fun, name, options, expected):
    assert told(host, fun, name, test=True, **options) == expected + ({},)
    assert WORLD['calls'] == []


def test_what_does_not_start_or_stop(host):
    WORLD['failing'] = set(['start', 'stop'])
    assert told(host, 'running', 'a') == (False, 'Service a failed to start', {})
    assert told(host, 'running', 'on', enable=False) == (False, 'Service on has been disabled, and is dead', {'on': True})
    assert told(host, 'dead', 'b') == (False, 'Service b failed to die', {})
    assert told(host, 'dead', 'b', enable=False) == (False, 'Service b has been disabled, and is running', {'b': True})
    WORLD['failing'], WORLD['idle'] = set(), set(['start', 'stop'])
    assert told(host, 'running', 'a') == (False, 'Service a failed to start', {})
    assert told(host, 'dead', 'b') == (False, 'Service b failed to die', {})
    WORLD['broken'] = set(['start'])
    assert told(host, 'running', 'a', enable=True) == (False, 'start is broken', {})


def test_what_cannot_be_enabled(host):
    WORLD['failing'] = set(['enable', 'disable'])
    start = 'Failed when setting service %s to start at boot, but the service '
    assert told(host, 'running', 'a', enable=True) == (False, start % 'a' + 'is running', {'a': True})
    assert told(host, 'enabled', 'a') == (False, start % 'a' + 'was already running', {})
    assert told(host, 'dead', 'b', enable=False) == (
        False, 'Failed when setting service b to not start at boot, and the service is dead', {'b': False})
    assert told(host, 'disabled', 'on') == (
        False, 'Failed when setting service on to not start at boot, but the service was already running', {})
    WORLD['failing'], WORLD['broken'] = set(), set(['enable'])
    assert told(host, 'enabled', 'a') == (
        False, start % 'a' + 'was already running. Additional information follows:\n\nenable is broken', {})


def test_at_boot(host):
    assert told(host, 'enabled', 'a') == (True, 'Service a has been enabled, and is in the desired state', {'a': True})
    assert told(host, 'enabled', 'a') == (True, 'Service a is already enabled, and is in the desired state', {})
    assert told(host, 'enabled', 'c') == (False, 'The named service c is not available', {})
    assert told(host, 'disabled', 'a') == (True, 'Service a has been disabled, and is in the desired state', {'a': True})
    assert told(host, 'disabled', 'a') == (True, 'Service a is already disabled, and is in the desired state', {})
    assert told(host, 'disabled', 'c') == (True, 'The named service c is not available', {})


def test_a_wrong_option_and_a_host_that_is_built(host):
    assert told(host, 'running', 'a', enabled=True)[:2] == (
        False, 'Service a uses non-existent option "enabled".  Perhaps "enable" option was intended?')
    WORLD['offline'] = True
    for fun in ('running', 'dead'):
        assert told(host, fun, 'c') == (True, 'Running in OFFLINE mode. Nothing to do', {})
    assert WORLD['calls'] == []


def test_masked_services(host):
    changes = {'masked': {'old': False, 'new': True}}
    assert told(host, 'masked', 'a', test=True) == (None, 'Service a would be masked', changes)
    assert told(host, 'masked', 'a') == (True, 'Service a was masked', changes)
    assert told(host, 'masked', 'a') == (True, 'Service a is already masked', {})
    assert told(host, 'unmasked', 'b', runtime=True) == (True, 'Service b was already runtime unmasked', {})
    ret = host.state('service.running', 'a', unmask=True, init_delay=0.001)
    assert ret['comment'] == 'Started service a\nDelayed return for 0.001 seconds\nService a was unmasked'
    assert told(host, 'unmasked', 'a') == (True, 'Service a was already unmasked', {})
    WORLD['failing'] = set(['mask'])
    assert told(host, 'masked', 'a') == (True, 'Failed to mask service a', {})
    WORLD['broken'] = set(['mask'])
    assert told(host, 'masked', 'a') == (False, 'mask is broken', {})


@pytest.mark.parametrize('systemd', [True, False])
def test_options_that_only_systemd_has(host, monkeypatch, systemd):
    monkeypatch.setattr(initscripts, 'booted_with_systemd', lambda: systemd)
    ret = host.state('service.running', 'a', no_block=True)
    assert WORLD['calls'] == [('start', 'a') + (({'no_block': True, 'unmask': False},) if systemd else ())]
    assert ret.get('warnings') == (None if systemd else ["The 'no_block' argument is not supported by this platform"])


@pytest.mark.parametrize('options, call, comment', [
    ({}, 'restart', 'Service restarted'),
    ({'force': True}, 'restart', 'Service restarted'),
    ({'reload': True}, 'reload', 'Service reloaded'),
    ({'reload': True, 'force': True}, 'force_reload', 'Service forcefully reloaded'),
    ({'full_restart': True}, 'full_restart', 'Service fully restarted'),
])
def test_a_watched_change(host, options, call, comment):
    assert told(host, 'mod_watch', 'b', sfun='running', **options) == (True, comment, {'b': True})
    assert WORLD['calls'] == [(call, 'b')]


def test_a_watched_change_of_what_does_not_run(host):
    assert told(host, 'mod_watch', 'a', sfun='running', reload=True) == (True, 'Service started', {'a': True})
    assert WORLD['calls'] == [('stop', 'a'), ('start', 'a')]
    assert told(host, 'mod_watch', 'on', sfun='dead') == (True, 'Service is already stopped', {})
    assert told(host, 'mod_watch', 'b', sfun='dead') == (True, 'Service stopped', {'b': True})
    assert told(host, 'mod_watch', 'a', sfun='enabled') == (False, 'Unable to trigger watch for service.enabled', {})
    WORLD['failing'] = set(['restart'])
    assert told(host, 'mod_watch', 'a', sfun='running') == (False, 'Failed to restart the service', {'a': False})
    WORLD['broken'] = set(['restart'])
    assert told(host, 'mod_watch', 'a', sfun='running') == (False, 'restart is broken', {})


@pytest.mark.parametrize('value, expected', [
    (True, True), ('True', True), ('yes', False), ('1', True), ('0', False), (2, True)])
def test_words_for_true(value, expected):
    assert state_service.is_true(value) is expected
