"""gpg.*, with the real gpg in folders of keys that a test makes; a fake one where a keyserver would be asked."""
from __future__ import absolute_import, division, print_function

import io
import os
import shutil
import subprocess
import tempfile

import pytest

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import environment, gpgkeyring, gpgstatus
from tests.support import hostmodules

GPG = environment.which('gpg')
needs_gpg = pytest.mark.skipif(GPG is None, reason='gpg is not installed')
NAME = 'A' * 40


class Keys(object):
    """call(function, ...) with the folder `home`; further folders by folder()."""

    def __init__(self, host):
        self._host, self._folders = host, []
        self.home = self.folder()

    def folder(self):
        self._folders.append(tempfile.mkdtemp(prefix='mg-'))          # short: the sockets of the agent are in it
        return self._folders[-1]

    def call(self, name, *args, **kwargs):
        kwargs.setdefault('gnupghome', self.home)
        return self._host.call('gpg.' + name, *args, **kwargs)

    def made(self, real='Ann'):
        return self.call('create_key', name_real=real, name_comment='', name_email='ann@example.com')['fingerprint']

    def close(self):
        for folder in self._folders:
            if environment.which('gpgconf'):
                _quiet(folder)
            shutil.rmtree(folder, True)


def _quiet(folder):
    with io.open(os.devnull, 'wb') as nothing:
        subprocess.call(['gpgconf', '--homedir', folder, '--kill', 'all'], stdout=nothing, stderr=nothing)


@pytest.fixture
def host(tmpdir, monkeypatch):
    return hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)


@pytest.fixture
def keys(host):
    made = Keys(host)
    yield made
    made.close()


@needs_gpg
def test_a_key_is_made_and_removed(keys):
    assert keys.call('list_keys') == [] and keys.call('get_key', keyid='nosuch') is False
    name = keys.made()
    key = keys.call('get_key', fingerprint=name)
    assert (key['keyid'], key['uids'], key['keyLength'], key['ownerTrust']) == (
        name[-16:], ['Ann <ann@example.com>'], '1024', 'Ultimately Trusted')
    assert keys.call('get_key', keyid=name[-8:]) == keys.call('list_keys')[0] == key
    assert keys.call('get_secret_key', keyid=name[-16:])['fingerprint'] == name
    assert keys.call('delete_key', keyid=name[-16:]) == {
        'res': False, 'message': 'Secret key exists, delete first or pass delete_secret=True.'}
    assert keys.call('delete_key', fingerprint=name, delete_secret=True, use_passphrase=False) == {
        'res': True, 'message': 'Secret key for %s deleted\nPublic key for %s deleted' % (name, name)}
    assert keys.call('list_keys') == keys.call('list_secret_keys') == []
    assert keys.call('delete_key', keyid='nosuch')['message'] == 'Key not available in keychain.'


@needs_gpg
def test_a_key_with_a_subkey_that_expires(keys):
    name = keys.call('create_key', key_type='DSA', key_length=1024, subkey_type='ELG-E', subkey_length=1024,
                     expire_date='2090-01-02')['fingerprint']
    key = keys.call('get_key', fingerprint=name)
    assert (key['expires'], key['expired'], len(key['subkeys'])) == ('2090-01-02', False, 1)
    assert key['subkeys'][0]['fingerprint'].endswith(key['subkeys'][0]['keyid'])


@needs_gpg
def test_keys_that_cannot_be_made(keys):
    assert keys.call('create_key', key_type='BOGUS') == {
        'res': False, 'fingerprint': '', 'message': 'Unable to generate GPG key pair.'}
    assert keys.call('create_key', use_passphrase=True)['message'] == 'gpg_passphrase not available in pillar.'
    with pytest.raises(SaltInvocationError):
        keys.call('create_key', name_real='Ann\n%no-protection')


@needs_gpg
def test_export_read_and_import(keys, tmpdir):
    name, other = keys.made(), keys.made('Bob')
    text = keys.call('export_key', keyids=[name, other], bare=True)
    path = str(tmpdir.join('keys.asc'))
    assert keys.call('export_key', keyids='%s,%s' % (name, other), output=path) == {
        'res': True, 'comment': 'Exported key data has been written to %s' % path}
    assert keys.call('export_key', keyids='nosuch') == {'res': False}
    secret = str(tmpdir.join('secret.asc'))
    keys.call('export_key', keyids=name, secret=True, output=secret)
    assert os.stat(secret).st_mode & 0o777 == 0o600
    home = keys.folder()
    assert [key['fingerprint'] for key in keys.call('read_key', path, gnupghome=home)] == [name, other]
    assert [key['keyid'] for key in keys.call('read_key', text=text, keyid=other[-16:], gnupghome=home)] == [other[-16:]]
    assert keys.call('read_key', path + '.no') == keys.call('read_key', text='junk') == []
    assert keys.call('list_keys', gnupghome=home) == []
    for select, told, found in (('nosuch', 'After filtering, no keys to import were left.', []),
                                (other, 'Successfully imported key(s).', [other]),
                                (other, 'Key(s) already exist in keychain.', [other]),
                                (None, 'Successfully imported key(s).', [name, other])):
        assert keys.call('import_key', text, select=select, gnupghome=home) == {
            'res': True, 'message': told, 'fingerprints': found}
    assert keys.call('import_key', 'junk') == {'res': False, 'message': 'Unable to import key.', 'fingerprints': []}
    assert keys.call('list_secret_keys', gnupghome=home) == []
    keys.call('import_key', filename=secret, gnupghome=home)
    assert [key['fingerprint'] for key in keys.call('list_secret_keys', gnupghome=home)] == [name]


@needs_gpg
def test_trust(keys):
    name = keys.made()
    assert keys.call('trust_key', keyid=name[-16:], trust_level='marginally') == {
        'res': True, 'message': 'Setting ownership trust to Marginally.', 'fingerprint': name}
    assert keys.call('get_key', fingerprint=name)['ownerTrust'] == 'Marginally'
    assert keys.call('trust_key', keyid='nosuch', trust_level='fully') == {
        'res': False, 'message': 'Key nosuch not in GPG keychain'}
    for options in ({'keyid': 'x'}, {'keyid': 'x', 'trust_level': 'never'}, {'trust_level': 'fully'},
                    {'keyid': 'x', 'fingerprint': 'y', 'trust_level': 'fully'}):
        with pytest.raises(SaltInvocationError):
            keys.call('trust_key', **options)


@needs_gpg
def test_encrypt_and_decrypt(keys, tmpdir):
    name, path = keys.made(), str(tmpdir.join('out'))
    message = keys.call('encrypt', text='hello \xc3\xa4\n', recipients=name, sign=True, bare=True)
    assert message.startswith('-----BEGIN PGP MESSAGE-----')
    assert keys.call('decrypt', text=message) == {'res': True, 'comment': 'hello \xc3\xa4\n'}
    assert keys.call('decrypt', text=message, output=path) == {
        'res': True, 'comment': 'Decrypted data has been written to %s' % path}
    assert os.stat(path).st_mode & 0o777 == 0o600
    with io.open(path, 'rb') as stream:
        assert stream.read() == compat.to_bytes('hello \xc3\xa4\n')
    assert keys.call('encrypt', filename=path, recipients=name, output=path + '.gpg')['res'] is True
    assert keys.call('decrypt', filename=path + '.gpg', bare=True) == 'hello \xc3\xa4\n'
    failed = '%s.\nPlease check the salt-minion log.'
    other = keys.folder()
    for options, why in (({'text': message, 'gnupghome': other}, 'no secret key'), ({'text': 'junk'}, 'no data was provided')):
        assert keys.call('decrypt', **options) == {'res': False, 'comment': failed % why}
        assert keys.call('decrypt', bare=True, **options) is False
    assert keys.call('encrypt', text='x', recipients='nosuch')['comment'] == failed % 'invalid recipient'
    assert keys.call('encrypt', text='x', recipients=name, sign='nosuch')['res'] is False
    keys.call('import_key', keys.call('export_key', name, bare=True), gnupghome=other)
    for trusted in (False, True):
        assert keys.call('encrypt', text='x', recipients=name, gnupghome=other, always_trust=trusted)['res'] is trusted


@needs_gpg
def test_sign_and_verify(keys, tmpdir):
    name, other = keys.made(), keys.made('Bob')
    text = keys.call('sign', text='hello', keyid=name)
    fine = {'res': True, 'message': 'The signature is verified.', 'username': 'Ann <ann@example.com>', 'key_id': name[-16:],
            'trust_level': 'Ultimate'}
    assert keys.call('verify', text) == fine
    assert keys.call('sign', text='hello', keyid='nosuch') == ''
    bad = {'res': False, 'message': 'The signature could not be verified.'}
    assert keys.call('verify', text.replace('hello', 'jello')) == keys.call('verify', 'junk') == bad
    assert keys.call('verify', text, gnupghome=keys.folder()) == bad
    assert keys.call('verify', text, trustmodel='bogus')['message'].startswith('Invalid trustmodel defined: bogus.')
    one = {'username': 'Ann <ann@example.com>', 'key_id': name[-16:], 'fingerprint': name, 'trust_level': 'Ultimate',
           'status': 'signature valid'}
    for options, result in (({'signed_by_any': [other, name]}, True), ({'signed_by_any': other}, False),
                            ({'signed_by_all': [name]}, True), ({'signed_by_all': [name, other]}, False)):
        answer = keys.call('verify', text, **options)
        assert (answer['res'], answer['signatures']) == (result, [one])
    path = str(tmpdir.join('data'))
    tmpdir.join('data').write('hello')
    subprocess.check_call([GPG, '--homedir', keys.home, '--batch', '-q', '-u', name, '-u', other, '--detach-sign', path])
    assert keys.call('verify', filename=path, signature=path + '.sig', signed_by_all=[name, other])['res'] is True
    tmpdir.join('data').write('jello')
    assert keys.call('verify', filename=path, signature=path + '.sig') == bad
    assert keys.call('verify', filename=path, signature=path + '.sig', signed_by_any=name)['res'] is False


@needs_gpg
def test_a_passphrase(host, keys):
    host.loader.update(pillar={'gpg_passphrase': 'open sesame'})
    name = keys.call('create_key', use_passphrase=True)['fingerprint']
    message = keys.call('encrypt', text='x', recipients=name, bare=True)
    assert keys.call('decrypt', text=message, use_passphrase=True) == {'res': True, 'comment': 'x'}
    assert keys.call('sign', text='x', use_passphrase=True).startswith('-----BEGIN PGP SIGNED MESSAGE-----')
    assert 'PRIVATE' in keys.call('export_key', name, secret=True, use_passphrase=True, bare=True)
    _quiet(keys.home)                                                 # or the agent knows it still
    host.loader.update(pillar={'gpg_passphrase': 'wrong'})
    assert keys.call('decrypt', text=message, use_passphrase=True)['res'] is False
    host.loader.update(pillar={})
    with pytest.raises(SaltInvocationError):
        keys.call('sign', text='x', use_passphrase=True)


@needs_gpg
def test_a_file_of_keys_alone(keys):
    name = keys.made()
    ring, text = os.path.join(keys.home, 'other.gpg'), keys.call('export_key', name, bare=True)
    other = keys.folder()
    keys.call('import_key', text, gnupghome=other, keyring=ring)
    assert [key['fingerprint'] for key in keys.call('list_keys', gnupghome=other, keyring=ring)] == [name]
    assert keys.call('list_keys', gnupghome=other) == []


def test_what_is_missing(keys):
    for name, options in (('sign', {}), ('decrypt', {}), ('verify', {}), ('import_key', {}),
                          ('import_key', {'filename': '/no'}), ('encrypt', {'recipients': 'x'}),
                          ('encrypt', {'text': 'x'}), ('read_key', {}), ('export_key', {}),
                          ('read_key', {'path': 'x', 'text': 'y'}), ('receive_keys', {}), ('receive_keys', {'keys': ['-x']}),
                          ('export_key', {'keyids': '--output'}), ('encrypt', {'text': 'x', 'recipients': ['-x']})):
        with pytest.raises(SaltInvocationError):
            keys.call(name, **options)
    assert keys.call('delete_key')['message'] == 'Required argument, fingerprint or keyid'
    assert keys.call('delete_key', 'x', 'y')['message'] == 'Only specify one argument, fingerprint or keyid'


def test_keyservers(host, keys):
    found = 'info:1:1\npub:%s:1:2048:1700000000:1800000000:\nuid:Ann <a@e.c>:1700000000::\n' % NAME
    host.programs.script('gpg', u'echo "$@" >> {0}/calls\ncase "$*" in\n*search*) cat {0}/found;;\n'
                         u'*FAIL*) echo no >&2; exit 2;;\n*recv*) cat {0}/status >&2;;\nesac\n'.format(keys.home))
    for name, text in (('found', found), ('status', '[GNUPG:] IMPORT_OK 6 %s\n[GNUPG:] IMPORT_OK 1 %s\n' % (NAME, 'B' * 40))):
        with io.open(os.path.join(keys.home, name), 'w') as stream:
            stream.write(compat.to_text(text))
    answer = keys.call('search_keys', 'ann', keyserver='ks.example.com')
    assert [(key['keyid'], key['uids'], key['keyLength'], key['created']) for key in answer] == [
        (NAME, ['Ann <a@e.c>'], '2048', '2023-11-14')]
    assert keys.call('receive_keys', keys=[NAME, 'B' * 40]) == {'res': True, 'message': [
        'Key %s updated: new user IDs, new signatures' % NAME,
        'Key %s added to keychain' % ('B' * 40)]}
    assert keys.call('receive_keys', keys='FAIL') == {
        'res': False, 'message': ['Unable to add key to keychain: Other failure', 'GPG reported failure: no\n']}
    with io.open(os.path.join(keys.home, 'calls')) as stream:
        calls = stream.read().splitlines()
    assert [call.partition(keys.home + ' ')[2] for call in calls] == [
        '--fingerprint --keyserver ks.example.com --search-keys -- ann',
        '--keyserver keys.openpgp.org --recv-keys -- %s %s' % (NAME, 'B' * 40),
        '--keyserver keys.openpgp.org --recv-keys -- FAIL']


def test_old_forms_of_lists():
    text = ('tru::1:1:0:3:1:5\npub:e:1024:17:00112233AABBCCDD:2010-01-02:2011-01-02::-:::sc:\n'
            'fpr:::::::::%s:\nuid:e::::::::A\\x3a B:\nsub:e:512:16:1111222233334444:1262390400:1293926400:::::e:\n' % NAME)
    assert gpgstatus.keys(text, now=1400000000) == [
        {'keyid': '00112233AABBCCDD', 'keyLength': '1024', 'created': '2010-01-02', 'trust': 'Expired', 'expires': '2011-01-02',
         'expired': False, 'uids': ['A: B'], 'ownerTrust': 'Unknown', 'fingerprint': NAME, 'subkeys': [
             {'keyid': '1111222233334444', 'keyLength': '512', 'created': '2010-01-02', 'trust': 'Expired', 'expired': True,
              'expires': '2011-01-02'}]}]


@pytest.mark.parametrize('word, told', [('EXPKEYSIG', 'signing key has expired'), ('REVKEYSIG', 'signing key was revoked'),
                                        ('EXPSIG', 'signature expired'), ('GOODSIG', 'signature valid')])
def test_only_good_signatures_are_valid(word, told):
    status = gpgstatus.lines('gpg: x\n[GNUPG:] NEWSIG\n[GNUPG:] %s 0011 Ann <a@b>\n'
                             '[GNUPG:] VALIDSIG %s 2026-01-01 1 0 4 0 1 8 01 %s\n'
                             '[GNUPG:] TRUST_FULLY 0 pgp\n' % (word, NAME, 'B' * 40))
    assert gpgstatus.signatures(status) == [
        {'username': 'Ann <a@b>', 'key_id': '0011', 'fingerprint': NAME, 'primary': 'B' * 40, 'trust_level': 'Fully',
         'status': told}]


def test_whose_keys(monkeypatch):
    opts = {'gpg_keydir': '', 'conf_file': '/etc/salt/minion'}
    assert gpgkeyring.opened(opts, 'salt')._home == '/etc/salt/gpgkeys'
    assert gpgkeyring.opened(opts, 'root')._home.endswith('/.gnupg')
    assert gpgkeyring.opened(opts, 'root', '/x')._home == '/x'


def test_it_is_not_there_without_the_program(host, monkeypatch):
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    assert host.job('gpg.list_keys') == ("'gpg' __virtual__ returned False: The gpg execution module cannot be loaded: "
                                         'gpg binary is not in the path.', 1)
    assert 'gpg.present' not in host.loader.apart({}).other('states').functions
