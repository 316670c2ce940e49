"""Keys of GnuPG, and what is signed and encrypted with them, through the program gpg (gpg.*).

user: whose keys, `salt` for those of the renderer gpg. gnupghome: their folder. keyring: one file of keys alone.
use_passphrase: that of the pillar, gpg_passphrase. bare: the data itself, not a mapping of res and comment.
"""
from __future__ import absolute_import, division, print_function

import errno
import os
import socket

from minion import compat, files
from minion.errors import SaltInvocationError
from minion.helpers import environment, gpgkeyring, gpgstatus, tool

_LIMIT = 1 << 28                                  # bytes of a file that is read
_LEVELS = (('expired', '1', 'Expired'), ('unknown', '2', 'Unknown'), ('not_trusted', '3', 'Not Trusted'),
           ('marginally', '4', 'Marginally'), ('fully', '5', 'Fully Trusted'), ('ultimately', '6', 'Ultimately Trusted'))
_MODELS = ('pgp', 'classic', 'tofu', 'tofu+pgp', 'direct', 'always', 'auto')
_SERVER = 'keys.openpgp.org'


def __virtual__():
    if environment.which('gpg'):
        return True
    return False, 'The gpg execution module cannot be loaded: gpg binary is not in the path.'


def _ring(user, gnupghome, keyring=None):
    return gpgkeyring.opened(__opts__, user, gnupghome, keyring)


def _passphrase(wanted):
    """The passphrase of the pillar, None if it is not wanted.  :raises SaltInvocationError: there is none."""
    if not wanted:
        return None
    found = __salt__['pillar.get']('gpg_passphrase')
    if not found:
        raise SaltInvocationError('gpg_passphrase not available in pillar.')
    return found


def _data(text, filename):
    """The bytes of a text, else of a file."""
    if text:
        return compat.to_bytes(text)
    if not filename:
        raise SaltInvocationError('filename or text must be passed.')
    data = files.read(filename, _LIMIT)
    if data is None:
        raise IOError(errno.ENOENT, os.strerror(errno.ENOENT), filename)
    return data


def _given(data):
    """Text of bytes, as far as they are text."""
    try:
        return compat.to_native(compat.to_text(data))
    except UnicodeDecodeError:
        return data


def _out(told, output, bare, what):
    """The answer about data that gpg wrote, which goes to `output` if that is given."""
    if told.code and not _worked(told.status):
        why = '%s.\nPlease check the salt-minion log.' % gpgstatus.reason(told.status)
        return False if bare else {'res': False, 'comment': why}
    if output:
        files.write(output, told.out, mode=0o600)
    if bare:
        return _given(told.out)
    return {'res': True, 'comment': '%s data has been written to %s' % (what, output) if output else _given(told.out)}


def _worked(status):
    """True if gpg did it all, and failed at something else only, as at the trust of a signature's key."""
    said = set(words[0] for words in status)
    failed = said & set(['DECRYPTION_FAILED', 'INV_RECP', 'INV_SGNR'])
    return bool(said & set(['DECRYPTION_OKAY', 'END_ENCRYPTION'])) and not failed


# ---- asking

def list_keys(user=None, gnupghome=None, keyring=None):
    """All public keys, each a mapping. CLI: gpg.list_keys"""
    return _ring(user, gnupghome, keyring).keys()


def list_secret_keys(user=None, gnupghome=None, keyring=None):
    """All secret keys, each a mapping. CLI: gpg.list_secret_keys"""
    return _ring(user, gnupghome, keyring).keys(True)


def get_key(keyid=None, fingerprint=None, user=None, gnupghome=None, keyring=None):
    """A public key, False for none. CLI: gpg.get_key keyid=3FAD9F1E"""
    return _one(list_keys(user, gnupghome, keyring), keyid, fingerprint)


def get_secret_key(keyid=None, fingerprint=None, user=None, gnupghome=None, keyring=None):
    """A secret key, False for none. CLI: gpg.get_secret_key keyid=3FAD9F1E"""
    return _one(list_secret_keys(user, gnupghome, keyring), keyid, fingerprint)


def _one(keys, keyid, fingerprint):
    return next((key for key in keys if _is(key, keyid, fingerprint)), False)


def _is(key, keyid, fingerprint):
    if keyid and keyid in (key['keyid'], key['keyid'][8:]):
        return True
    return bool(fingerprint) and key.get('fingerprint') == fingerprint


def read_key(path=None, text=None, fingerprint=None, keyid=None, user=None, gnupghome=None):
    """The keys in a file or text, each a mapping; nothing is imported. CLI: gpg.read_key /tmp/key.asc"""
    if not path and not text:
        raise SaltInvocationError('Either `path` or `text` is required.')
    if path and text:
        raise SaltInvocationError('`path` and `text` are mutually exclusive.')
    if path and not os.path.isfile(path):
        return []
    keys = _ring(user, gnupghome).shown(_data(text, path))
    return [key for key in keys if _is(key, keyid, fingerprint)] if keyid or fingerprint else keys


def export_key(keyids=None, secret=False, user=None, gnupghome=None, use_passphrase=False, output=None, bare=False,
               keyring=None):
    """Keys as armored text, or written to `output`. CLI: gpg.export_key keyids="['3FAD9F1E','3FBD8F1E']" """
    passphrase = _passphrase(use_passphrase)
    data = _ring(user, gnupghome, keyring).export(_names(keyids, 'keyids'), secret, passphrase)
    if output and data:
        files.write(output, data, mode=0o600 if secret else 0o644)
    if bare:
        return _given(data)
    if not data:
        return {'res': False}
    return {'res': True, 'comment': 'Exported key data has been written to %s' % output if output else _given(data)}


def _names(value, what):
    names = tool.listed(value)
    if not names:
        raise SaltInvocationError('%s must be passed.' % what)
    return gpgkeyring.checked(names)


# ---- changing the keys

def create_key(key_type='RSA', key_length=1024, name_real='Autogenerated Key', name_comment='Generated by SaltStack',
               name_email=None, subkey_type=None, subkey_length=None, expire_date=None, use_passphrase=False, user=None,
               gnupghome=None, keyring=None):
    """Make a key. expire_date: 2030-01-02, or a number of days, weeks (4w), months or years.

    CLI: gpg.create_key key_length=4096 name_real='Ann' name_email=ann@example.com
    """
    answer = {'res': False, 'fingerprint': '', 'message': ''}
    try:
        passphrase = _passphrase(use_passphrase)
    except SaltInvocationError as exc:
        return dict(answer, message=str(exc))
    ring = _ring(user, gnupghome, keyring)
    account = os.environ.get('LOGNAME') or os.environ.get('USERNAME') or 'unspecified'
    email = name_email or '%s@%s' % (account, socket.gethostname())
    rows = [('Key-Type', key_type), ('Key-Length', key_length), ('Subkey-Type', subkey_type), ('Subkey-Length', subkey_length),
            ('Name-Real', name_real), ('Name-Comment', name_comment), ('Name-Email', email), ('Expire-Date', expire_date),
            ('Passphrase', passphrase)]
    lines = ['%s: %s' % (name, _line(name, value)) for name, value in rows if value]
    lines += ['%no-protection'] if passphrase is None and ring.version() >= (2, 1) else []
    ring.prepare()
    told = ring.run(['--gen-key'], compat.to_bytes('\n'.join(lines + ['%commit', ''])))
    made = next((words[2] for words in told.status if words[0] == 'KEY_CREATED'), None)
    if made is None:
        return dict(answer, message='Unable to generate GPG key pair.')
    return {'res': True, 'fingerprint': made, 'message': 'GPG key pair successfully generated.'}


def _line(name, value):
    text = compat.to_native(value if compat.is_text(value) else compat.shown(value))
    if '\n' in text or '\r' in text:
        raise SaltInvocationError('%s has more than one line' % name)
    return text


def delete_key(keyid=None, fingerprint=None, delete_secret=False, user=None, gnupghome=None, use_passphrase=True, keyring=None):
    """Remove a key; delete_secret: its secret key, too. CLI: gpg.delete_key keyid=3FAD9F1E"""
    if keyid and fingerprint:
        return _message(False, 'Only specify one argument, fingerprint or keyid')
    if not (keyid or fingerprint):
        return _message(False, 'Required argument, fingerprint or keyid')
    key = get_key(keyid, fingerprint, user, gnupghome, keyring)
    if not key:
        return _message(False, 'Key not available in keychain.')
    name, ring, done = key['fingerprint'], _ring(user, gnupghome, keyring), []
    kinds = [('--delete-keys', 'Public')]
    if get_secret_key(keyid, fingerprint, user, gnupghome, keyring):
        if not delete_secret:
            return _message(False, 'Secret key exists, delete first or pass delete_secret=True.')
        try:
            _passphrase(use_passphrase and ring.version() >= (2, 1))
        except SaltInvocationError as exc:
            return _message(False, 'Failed to delete secret key for %s: %s' % (name, exc))
        kinds.insert(0, ('--delete-secret-keys', 'Secret'))
    for option, kind in kinds:
        told = ring.run(['--yes', option, '--', name])
        if told.code:
            return _message(False, 'Failed to delete %s key for %s: %s' % (kind.lower(), name, gpgstatus.reason(told.status)))
        done.append('%s key for %s deleted' % (kind, name))
    return _message(True, '\n'.join(done))


def _message(result, text, **more):
    return dict(more, res=result, message=text)


def import_key(text=None, filename=None, user=None, gnupghome=None, keyring=None, select=None):
    """Import the keys of a text or a file; select: of these names alone. CLI: gpg.import_key filename=/tmp/key.asc"""
    if filename and not text and not os.path.isfile(filename):
        raise SaltInvocationError('filename does not exist.')
    data, ring = _data(text, filename), _ring(user, gnupghome, keyring)
    if select:
        data = _selected(data, gpgkeyring.checked(tool.listed(select)))
        if not data:
            return _message(True, 'After filtering, no keys to import were left.', fingerprints=[])
    ring.prepare()
    order, _, counts = gpgstatus.imported(ring.run(['--import'], data).status)
    if counts['imported']:
        return _message(True, 'Successfully imported key(s).', fingerprints=order)
    if counts['unchanged'] or order:
        return _message(True, 'Key(s) already exist in keychain.', fingerprints=order)
    return _message(False, 'Unable to import key.', fingerprints=[])


def _selected(data, names):
    """The public keys of `data` that gpg knows by these names, armored."""
    with gpgkeyring.trial(data) as ring:
        return ring.export(names)


def trust_key(keyid=None, fingerprint=None, trust_level=None, user=None, gnupghome=None, keyring=None):
    """Set how far the owner of a key is trusted: expired, unknown, not_trusted, marginally, fully or ultimately.

    CLI: gpg.trust_key keyid=3FAD9F1E trust_level=marginally
    """
    level = next((row for row in _LEVELS if row[0] == trust_level), None)
    if level is None and (keyid or fingerprint):
        raise SaltInvocationError('ERROR: Valid trust levels - %s' % ','.join(row[0] for row in _LEVELS))
    if bool(keyid) == bool(fingerprint):
        raise SaltInvocationError('Exactly one of keyid or fingerprint is required')
    key = get_key(keyid, fingerprint, user, gnupghome, keyring)
    if not key:
        return {'res': False, 'message': 'Key %s not in GPG keychain' % (keyid or fingerprint)}
    line = '%s:%s:\n' % (key['fingerprint'], level[1])
    told = _ring(user, gnupghome, keyring).run(['--import-ownertrust'], compat.to_bytes(line))
    if told.code:
        return _message(False, told.err, fingerprint=key['fingerprint'])
    return _message(True, 'Setting ownership trust to %s.' % level[2], fingerprint=key['fingerprint'])


# ---- keyservers

def search_keys(text, keyserver=None, user=None, gnupghome=None):
    """The keys that a keyserver finds, each a mapping. CLI: gpg.search_keys ann@example.com keyserver=keys.example.com"""
    words = ['--fingerprint', '--keyserver', gpgkeyring.checked([keyserver or _SERVER])[0], '--search-keys', '--', text]
    told = _ring(user, gnupghome).run(words)
    return gpgstatus.searched(compat.to_native(compat.decode_lossy(told.out)))


def receive_keys(keyserver=None, keys=None, user=None, gnupghome=None, keyring=None):
    """Import keys from a keyserver. CLI: gpg.receive_keys keys=3FAD9F1E keyserver=keys.example.com"""
    names, ring = _names(keys, 'keys'), _ring(user, gnupghome, keyring)
    ring.prepare()
    told = ring.run(['--keyserver', gpgkeyring.checked([keyserver or _SERVER])[0], '--recv-keys', '--'] + names)
    order, flags, _ = gpgstatus.imported(told.status)
    if not order:
        return _message(False, ['Unable to add key to keychain: Other failure', 'GPG reported failure: %s' % told.err])
    return _message(True, [_received(name, flags[name]) for name in sorted(set(order), key=order.index)])


def _received(name, flags):
    if not flags:
        return 'Key %s already exists in keychain' % name
    if flags & 1:
        return 'Key %s added to keychain' % name
    kinds = ('user IDs', 'signatures', 'subkeys', 'secret')
    return 'Key %s updated: %s' % (name, ', '.join('new ' + kind for at, kind in enumerate(kinds) if flags & 2 << at))


# ---- data

def sign(user=None, keyid=None, text=None, filename=None, output=None, use_passphrase=False, gnupghome=None, keyring=None):
    """A text or file with a signature, as text; '' if that fails. CLI: gpg.sign text='Hello there.'"""
    passphrase, data = _passphrase(use_passphrase), _data(text, filename)
    words = ['--local-user', gpgkeyring.checked([keyid])[0]] if keyid else []
    told = _ring(user, gnupghome, keyring).run(words + ['--clearsign'], data, passphrase)
    if output and not told.code:
        files.write(output, told.out, mode=0o600)
    return '' if told.code else _given(told.out)


def verify(text=None, user=None, filename=None, gnupghome=None, signature=None, trustmodel=None, signed_by_any=None,
           signed_by_all=None, keyring=None):
    """Is a text or file signed? signature: path of a detached one. signed_by_any, signed_by_all: by which fingerprints.

    CLI: gpg.verify filename=/path/to/file signature=/path/to/file.asc
    """
    if trustmodel and trustmodel not in _MODELS:
        return _message(False, 'Invalid trustmodel defined: %s. Use one of: %s' % (trustmodel, ', '.join(_MODELS)))
    words = ['--trust-model', trustmodel] if trustmodel else []
    if signature:
        if text or not filename:
            raise SaltInvocationError('filename must be passed with a signature.')
        for path in (signature, filename):
            open(path, 'rb').close()              # a named error for a file that is not there
        words, data = words + ['--verify', '--', os.path.abspath(signature), os.path.abspath(filename)], b''
    else:
        words, data = words + ['--verify'], _data(text, filename)
    found = gpgstatus.signatures(_ring(user, gnupghome, keyring).run(words, data).status)
    if signed_by_any or signed_by_all:
        return _signed(found, tool.listed(signed_by_any), tool.listed(signed_by_all))
    if not found or found[-1]['status'] != 'signature valid' or any(one['status'] == 'signature bad' for one in found):
        return _message(False, 'The signature could not be verified.')
    last = found[-1]
    return _message(True, 'The signature is verified.', username=last['username'], key_id=last['key_id'],
                    trust_level=last['trust_level'] or 'Undefined')


def _signed(found, some, all_of):
    """The answer about who signed."""
    valid = set(one[name] for one in found if one['status'] == 'signature valid' for name in ('fingerprint', 'primary'))
    told = [dict((name, one[name]) for name in one if name != 'primary') for one in found]
    missing = [name for name in all_of if name not in valid]
    if missing:
        text = 'Public key %s has not provided a valid signature, but was listed in signed_by_all' % missing[0]
    elif some and not valid & set(some):
        text = 'None of the public keys listed in signed_by_any provided a valid signature'
    else:
        return _message(True, 'All required keys have provided a signature', signatures=told)
    return _message(False, text, signatures=told)


def encrypt(user=None, recipients=None, text=None, filename=None, output=None, sign=None, use_passphrase=False,
            always_trust=False, gnupghome=None, bare=False, keyring=None):
    """Encrypt a text or file for others, as armored text. sign: True, or the key to sign with.

    CLI: gpg.encrypt text='Hello there.' recipients=recipient@example.com
    """
    passphrase, data, words = _passphrase(use_passphrase), _data(text, filename), ['--armor']
    for name in _names(recipients, 'recipients'):
        words += ['--recipient', name]
    if sign:
        words += ['--sign'] + ([] if sign is True else ['--local-user', gpgkeyring.checked([sign])[0]])
    words += ['--trust-model', 'always'] if always_trust else []
    return _out(_ring(user, gnupghome, keyring).run(words + ['--encrypt'], data, passphrase), output, bare, 'Encrypted')


def decrypt(user=None, text=None, filename=None, output=None, use_passphrase=False, gnupghome=None, bare=False, keyring=None):
    """Decrypt a text or file. CLI: gpg.decrypt filename=/path/to/important.file.gpg"""
    passphrase, data = _passphrase(use_passphrase), _data(text, filename)
    return _out(_ring(user, gnupghome, keyring).run(['--decrypt'], data, passphrase), output, bare, 'Decrypted')
