"""gpg.* states over execution functions that a test holds in its hands."""
from __future__ import absolute_import, division, print_function

import datetime

import pytest

from minion.errors import CommandExecutionError
from tests.support import hoststates

KEY, OTHER, PRINT = '3FAD9F1E53255890', 'A' * 16, 'B' * 24 + '3FAD9F1E53255890'
THERE = 'Key %s:\n  * GPG Public Key %s already in keychain' % (KEY, KEY)


class Chain(object):
    """The functions of gpg over `keys`, {keyid: mapping}; `offered`: ids that texts, files and keyservers have."""

    def __init__(self):
        self.keys, self.offered, self.done, self.refused = {}, [], [], {}

    def add(self, keyid=KEY, **more):
        self.keys[keyid] = dict({'keyid': keyid, 'fingerprint': 'B' * 24 + keyid, 'ownerTrust': 'Unknown'}, **more)

    def __contains__(self, name):
        return name.startswith('gpg.')

    def __getitem__(self, name):
        return getattr(self, name.partition('.')[2])

    def list_keys(self, **where):
        return list(self.keys.values())

    def get_key(self, keyid=None, fingerprint=None, **where):
        if where['user'] == 'nosuch':
            raise CommandExecutionError("User 'nosuch' is not available")
        return next((key for key in self.keys.values() if keyid == key['keyid'] or fingerprint == key['fingerprint']), False)

    def read_key(self, keyid=None, fingerprint=None, user=None, gnupghome=None, **what):
        self.done.append(['read'] + sorted(what))
        return [{'keyid': keyid}] if (keyid or fingerprint[-16:]) in self.offered else []

    def import_key(self, select, **options):
        self.done.append(['import', select] + sorted(set(options) & set(['text', 'filename'])))
        return self._came(select)

    def receive_keys(self, keys, keyserver, **where):
        self.done.append(['receive', keyserver] + keys)
        if self.refused.get('receive'):
            return {'res': False, 'message': ['Unable to add key', 'GPG said\nno\n']}
        return dict(self._came(keys[0]), message=['Key added'])

    def _came(self, keyid):
        if keyid[-16:] in self.offered:
            self.add(keyid[-16:])
        return {'res': True, 'message': 'fine'}

    def trust_key(self, fingerprint, trust_level, **where):
        self.done.append(['trust', fingerprint, trust_level])
        return {'res': 'trust' not in self.refused, 'message': 'bad'}

    def delete_key(self, fingerprint, **where):
        self.done.append(['delete', fingerprint])
        if 'delete' in self.refused:
            return {'res': False, 'message': 'Secret key exists'}
        self.keys = dict((name, self.keys[name]) for name in self.keys if self.keys[name]['fingerprint'] != fingerprint)
        return {'res': True, 'message': 'gone'}


@pytest.fixture
def run(tmpdir, monkeypatch):
    """run(state, ...) -> (result, comment, changes); run.chain: the Chain."""
    host, chain = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch), Chain()

    def run(name, *args, **kwargs):
        del chain.done[:]
        return host.over(chain, 'gpg.' + name, *args, **kwargs)
    run.chain = chain
    return run


@pytest.mark.parametrize('name', [KEY, KEY.lower(), '0x' + KEY, PRINT, ' '.join([PRINT[:20], PRINT[20:]])])
def test_a_key_is_there(run, name):
    run.chain.add()
    told = 'Key %s:\n  * GPG Public Key %s already in keychain' % (name, name)
    assert run('present', name) == run('present', 'x', keys=name, test=True) == (True, told, {})
    assert run.chain.done == []


def test_a_short_id_is_no_key(run):
    run.chain.add()
    assert run('present', KEY[-8:], text='x')[0] is False and run('absent', KEY[-8:])[2] == {}


@pytest.mark.parametrize('options, done', [
    ({'text': 'x'}, [['read', 'text'], ['import', KEY, 'text']]), ({}, [['receive', None, KEY]]),
    ({'keyserver': 'ks', 'source': '/no'}, [['receive', 'ks', KEY]])])
def test_a_key_is_added(run, options, done):
    run.chain.offered.append(KEY)
    change = {KEY: {'added': True}}
    assert run('present', KEY, test=True, **options) == (
        None, 'Key %s:\n  * Would have added %s to GPG keychain' % (KEY, KEY), change)
    assert run.chain.done == []
    assert run('present', KEY, **options) == (True, 'Key %s:\n  * Added %s to GPG keychain' % (KEY, KEY), change)
    assert run.chain.done == done


def test_a_key_of_a_file(run, tmpdir):
    run.chain.offered.append(KEY)
    run.chain.refused['receive'] = True
    tmpdir.join('key').write('x')
    sources = [str(tmpdir.join('no')), str(tmpdir.join('key'))]
    assert run('present', KEY, source=sources)[0] is True
    assert run.chain.done == [['receive', None, KEY], ['read', 'path'], ['import', KEY, 'filename']]
    run.chain.keys.clear()
    assert run('present', KEY, source=sources, skip_keyserver=True)[0] is True
    assert run.chain.done == [['read', 'path'], ['import', KEY, 'filename']]
    told = 'Key %s:\n  * none of the specified sources were found or contained the (unexpired) key %s.' % (OTHER, OTHER)
    assert run('present', OTHER, source=sources, skip_keyserver=True) == (False, told, {})


def test_a_key_cannot_be_had(run):
    assert run('present', KEY, text='x') == (
        False, 'Key %s:\n  * Passed text did not contain the requested key %s' % (KEY, KEY), {})
    assert run('present', KEY) == (
        False, 'Key %s:\n  * Key added\n  * The new key %s could not be retrieved though.' % (KEY, KEY), {})
    run.chain.refused['receive'] = True
    assert run('present', KEY) == (False, 'Key %s:\n  * Unable to add key\n  * GPG said\n  * no' % KEY, {})
    assert run('present', KEY, trust='bogus') == (False, 'Invalid trust level bogus', {})
    assert run('present', KEY, skip_keyserver=True) == (
        False, 'When skipping keyservers, you must provide at least one source', {})
    for state in ('present', 'absent'):
        assert run(state, KEY, user='nosuch') == (False, "User 'nosuch' is not available", {})


def test_several_keys(run):
    run.chain.add()
    result, comment, changes = run('present', 'x', keys=[OTHER, KEY], text='x')
    assert (result, changes) == (False, {}) and comment.endswith('\n' + THERE)


def test_a_key_that_has_expired(run):
    run.chain.add(expired=True)
    assert run('present', KEY, test=True) == (
        None, 'Key %s:\n  * Would have attempted to update %s because it is expired' % (KEY, KEY), {KEY: {'refresh': True}})
    result, comment, changes = run('present', KEY, text='x')
    assert (result, changes) == (False, {}) and 'Existing key is expired, tried to fetch updated one' in comment
    run.chain.offered.append(KEY)
    assert run('present', KEY, text='x') == (
        True, 'Key %s:\n  * Updated %s in GPG keychain' % (KEY, KEY), {KEY: {'refresh': True}})


def test_a_subkey_that_has_expired(run):
    for days, limit, changed in ((10, 100, True), (10, 5, False), (10, None, False), (200, 100, False)):
        day = (datetime.date.today() - datetime.timedelta(days=days)).isoformat()
        run.chain.add(subkeys=[{'expired': True, 'expires': day}, {'keyid': 'x'}])
        assert bool(run('present', KEY, subkey_maxage=limit, test=True)[2]) is changed


def test_trust(run):
    run.chain.add(ownerTrust='Fully Trusted')
    assert run('present', KEY, trust='fully') == (
        True, THERE + '\n  * GPG Public Key %s already in correct trust state' % KEY, {})
    change = {KEY: {'trust': 'ultimately'}}
    assert run('present', KEY, trust='ultimately', test=True) == (
        None, THERE + '\n  * Would have set trust level for %s to ultimately' % KEY, change)
    assert run.chain.done == []
    assert run('present', KEY, trust='ultimately') == (
        True, THERE + '\n  * Set trust level for %s to ultimately' % KEY, change)
    assert run.chain.done == [['trust', PRINT, 'ultimately']]
    run.chain.refused['trust'] = True
    assert run('present', KEY, trust='never_heard')[0] is False
    assert run('present', KEY, trust='unknown') == (
        False, THERE + '\n  * Failed to set trust level for %s: bad' % KEY, {})


def test_keys_are_not_there(run):
    run.chain.add()
    both, missing = [OTHER, KEY], '%s not found in GPG keychain' % OTHER
    assert run('absent', 'x', keys=both, test=True) == (
        None, missing + '\nWould have deleted %s from GPG keychain' % KEY, {'deleted': [KEY]})
    assert run.chain.done == []
    assert run('absent', 'x', keys=both) == (True, missing + '\nDeleted %s from GPG keychain' % KEY, {'deleted': [KEY]})
    assert run.chain.done == [['delete', PRINT]]
    assert run('absent', OTHER) == (True, missing, {})
    run.chain.add()
    run.chain.refused['delete'] = True
    assert run('absent', KEY) == (False, 'Secret key exists', {})


def test_an_empty_file_of_keys(run, tmpdir):
    path = tmpdir.join('ring')
    path.write('x')
    options = {'keyring': str(path), 'keyring_absent_if_empty': True}
    run.chain.add(OTHER)
    assert run('absent', KEY, **options)[2] == {} and path.check()
    assert run('absent', OTHER, test=True, **options)[2] == {'deleted': [OTHER]} and path.check()
    assert run('absent', OTHER, **options) == (
        True, 'Deleted %s from GPG keychain\nRemoved empty keyring file %s' % (OTHER, path), {
            'deleted': [OTHER], 'removed': str(path)})
    assert not path.check()
