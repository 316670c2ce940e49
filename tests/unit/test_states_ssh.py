"""States of keys: ssh_auth and ssh_known_hosts."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import CommandExecutionError
from tests.support.statecalls import Module

KEY, OTHER = 'AAAAC3NzaC1lZDI1NTE5AAAAIGDL', 'AAAAB3NzaC1yc2EAAAADAQABAAAA'


@pytest.fixture
def ssh_auth(monkeypatch):
    state = Module(monkeypatch, 'ssh_auth')
    state.gives('ssh', check_key='add', set_auth_key='new', rm_auth_key='Key removed', auth_keys={},
                check_key_file={}, set_auth_key_from_file='new', rm_auth_key_from_file='Key not present')
    state.gives('cp', hash_file={'hsum': 'x'})
    return state


@pytest.mark.parametrize('check, result, comment', [
    ('add', None, 'Key %s for user root is set to be added'), ('update', None, 'Key %s for user root is set to be updated'),
    ('exists', True, 'The authorized host key %s is already present for user root')])
def test_test_mode_says_what_happens_to_a_key(ssh_auth, check, result, comment):
    ssh_auth.gives('ssh', check_key=check)
    assert ssh_auth('present', KEY, 'root', test=True) == (result, comment % KEY, {})
    assert not ssh_auth.called('ssh.set_auth_key')


@pytest.mark.parametrize('said, wanted', [
    ('new', (True, 'The authorized host key %s for user root was added' % KEY, {KEY: 'New'})),
    ('replace', (True, 'The authorized host key %s for user root was updated' % KEY, {KEY: 'Updated'})),
    ('no change', (True, 'The authorized host key %s is already present for user root' % KEY, {})),
    ('fail', (False, 'Failed to add the ssh key. Is the home directory available, and/or does the key file exist?', {})),
    ('invalid', (False, 'Invalid public ssh key, most likely has spaces or invalid syntax', {})),
    ('Invalid public key', (False, 'Invalid public ssh key, most likely has spaces or invalid syntax', {}))])
def test_a_key_is_added(ssh_auth, said, wanted):
    ssh_auth.gives('ssh', set_auth_key=said)
    assert ssh_auth('present', KEY, 'root') == wanted


@pytest.mark.parametrize('name, wanted', [
    (KEY, (KEY, 'ed25519', 'said', ['no-pty'])), (KEY + ' me', (KEY, 'ed25519', 'me', ['no-pty'])),
    ('ssh-rsa %s a b' % OTHER, (OTHER, 'ssh-rsa', 'a b', ['no-pty'])),
    ('from="a,b",no-X ssh-rsa %s' % OTHER, (OTHER, 'ssh-rsa', 'said', ['from="a,b"', 'no-X']))])
def test_a_key_may_be_a_whole_line(ssh_auth, name, wanted):
    found = []
    ssh_auth.gives('ssh', set_auth_key=lambda user, key, **given: found.append(
        (key, given['enc'], given['comment'], given['options'])) or 'new')
    assert ssh_auth('present', name, 'root', 'ed25519', 'said', options=['no-pty'])[0] is True
    assert found == [wanted]


def test_keys_come_from_a_file(ssh_auth):
    source = 'salt://keys'
    assert ssh_auth('present', 'x', 'root', source=source) == (
        True, 'The authorized host key x for user root was added', {'x': 'New'})
    assert ssh_auth('present', 'x', 'root', source=source, test=True)[:2] == (
        False, 'No keys detected in salt://keys. Is file properly formatted?')
    ssh_auth.gives('ssh', check_key_file={KEY: 'update', OTHER: 'exists'})
    assert ssh_auth('present', 'x', 'root', source=source, test=True) == (None, 'Set to update: %s\n' % KEY, {})
    ssh_auth.gives('ssh', check_key_file={KEY: 'exists'})
    assert ssh_auth('present', 'x', 'root', source=source, test=True)[:2] == (
        True, 'All host keys in file salt://keys are already present')
    assert ssh_auth('absent', 'x', 'root', source=source, test=True) == (None, 'Set to remove: %s\n' % KEY, {})
    assert ssh_auth('absent', 'x', 'root', source=source) == (True, 'Key not present', {})


def test_a_file_that_is_not_there_fails(ssh_auth):
    gone = CommandExecutionError('Failed to pull key file from salt file server')
    ssh_auth.gives('ssh', set_auth_key_from_file=gone, rm_auth_key_from_file=gone)
    assert ssh_auth('present', 'x', 'root', source='salt://no')[:2] == (
        False, 'Failed to add the ssh key. Source file salt://no is missing')
    assert ssh_auth('absent', 'x', 'root', source='salt://no') == (True, '', {})
    ssh_auth.gives('ssh', set_auth_key_from_file=CommandExecutionError('No keys detected in x. Is file properly formatted?'))
    assert ssh_auth('present', 'x', 'root', source='x')[:2] == (False, 'No keys detected in x. Is file properly formatted?')


def test_a_key_is_removed(ssh_auth):
    assert ssh_auth('absent', 'ssh-rsa %s me' % KEY, 'root') == (True, 'Key removed', {KEY: 'Removed'})
    assert ssh_auth('absent', KEY, 'root', test=True) == (True, 'Key is already absent', {})
    ssh_auth.gives('ssh', rm_auth_key='Key not present', check_key='exists')
    assert ssh_auth('absent', KEY, 'root') == (True, 'Key not present', {})
    assert ssh_auth('absent', KEY, 'root', test=True) == (None, 'Key %s for user root is set for removal' % KEY, {})


def test_other_keys_go(ssh_auth):
    ssh_auth.gives('ssh', auth_keys={OTHER: {}, KEY: {}}, set_auth_key='no change', check_key='exists')
    assert ssh_auth('manage', 'm', [KEY], 'root', test=True) == (
        None, '%s Key set for removal\nThe authorized host key %s is already present for user root' % (OTHER, KEY), {})
    assert not ssh_auth.called('ssh.rm_auth_key')
    assert ssh_auth('manage', 'm', [KEY], 'root') == (
        True, 'The authorized host key %s is already present for user root' % KEY, {OTHER: 'Key removed'})
    ssh_auth.gives('ssh', auth_keys={}, set_auth_key='new')
    assert ssh_auth('manage', 'm', [KEY, OTHER], 'root') == (True, '', {KEY: 'New', OTHER: 'New'})
    ssh_auth.gives('ssh', set_auth_key='fail')
    assert ssh_auth('manage', 'm', KEY, 'nobody')[0] is False


# ---- known hosts

@pytest.fixture
def known(monkeypatch):
    state = Module(monkeypatch, 'ssh_known_hosts')
    state.gives('ssh', check_known_host='add', get_known_host_entries=[{'key': KEY}],
                set_known_host={'status': 'updated', 'old': None, 'new': [{'key': KEY, 'fingerprint': 'aa:bb'}]},
                rm_known_host={'status': 'removed', 'comment': 'gone'})
    return state


@pytest.mark.parametrize('check, result, comment', [
    ('add', None, 'Key for h is set to be added to .ssh/known_hosts'),
    ('exists', True, 'Host h is already in .ssh/known_hosts'),
    ('update', None, 'Key for h is set to be updated in .ssh/known_hosts')])
def test_test_mode_says_what_happens_to_a_host(known, check, result, comment):
    known.gives('ssh', check_known_host=check)
    assert known('present', 'h', 'root', test=True) == (result, comment, {}) and not known.called('ssh.set_known_host')


def test_a_host_becomes_known(known):
    changes = {'old': None, 'new': [{'key': KEY, 'fingerprint': 'aa:bb'}]}
    assert known('present', 'h', 'root', key=KEY, enc='rsa') == (
        True, "h's key saved to .ssh/known_hosts (key: %s)" % KEY, changes)
    assert known('present', 'h', fingerprint='aa:bb') == (
        True, "h's key saved to /etc/ssh/ssh_known_hosts (fingerprint: aa:bb)", changes)
    known.gives('ssh', set_known_host={'status': 'exists'})
    assert known('present', 'h', 'root') == (True, 'h already exists in .ssh/known_hosts', {})
    known.gives('ssh', set_known_host={'status': 'error', 'error': 'Unable to receive remote host keys'})
    assert known('present', 'h', 'root') == (False, 'Unable to receive remote host keys', {})


def test_what_cannot_be_known_is_refused(known):
    assert known('present', 'h', config='rel')[1] == 'If not specifying a "user", specify an absolute "config".'
    assert known('absent', 'h', config='rel')[0] is False
    assert known('present', 'h', 'root', key=KEY, fingerprint='a', test=True)[1] == (
        'Specify either "key" or "fingerprint", not both.')
    assert known('present', 'h', 'root', key=KEY, test=True)[1] == 'Required argument "enc" if using "key" argument.'


def test_a_host_is_forgotten(known):
    assert known('absent', 'h', 'root', test=True) == (None, 'Key for h is set to be removed from .ssh/known_hosts', {})
    assert known('absent', 'h', 'root') == (True, 'gone', {'old': [{'key': KEY}], 'new': None})
    known.gives('ssh', rm_known_host={'status': 'error', 'error': 'no'})
    assert known('absent', 'h', 'root') == (False, 'no', {})
    known.gives('ssh', get_known_host_entries=None)
    assert known('absent', 'h', 'root') == (True, 'Host is already absent', {})
