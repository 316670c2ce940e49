"""Public keys of OpenSSH: their lines, names, fingerprints, and the files of users that hold them."""
from __future__ import absolute_import, division, print_function

import base64
import binascii
import hashlib
import os
import re
import struct

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import etcfile, userdb

DEFAULT_HASH = 'sha256'
_HASHES = ('md5', 'sha256')
_NAMES = {'ssh-rsa': ('r', 'rsa', 'ssh-rsa'), 'ssh-dss': ('d', 'dsa', 'dss', 'ssh-dss'),
          'ecdsa-sha2-nistp256': ('e', 'ecdsa', 'ecdsa-sha2-nistp256'), 'ecdsa-sha2-nistp384': ('ecdsa-sha2-nistp384',),
          'ecdsa-sha2-nistp521': ('ecdsa-sha2-nistp521',), 'ssh-ed25519': ('ed25519', 'ssh-ed25519'),
          'sk-ssh-ed25519@openssh.com': ('sk-ssh-ed25519@openssh.com',),
          'sk-ecdsa-sha2-nistp256@openssh.com': ('sk-ecdsa-sha2-nistp256@openssh.com',)}
_TYPE = re.compile(r'(?:sk-)?(?:ssh-|ecdsa-)[\w@.-]+\Z')
_OPTIONS = re.compile(r'((?:"(?:\\.|[^"\\])*"|[^\s"])+)\s+(.*)')
_OPTION = re.compile(r'((?:"(?:\\.|[^"\\])*"|[^,"])+)')


def encryption(name):
    """The full name of a type of key.

    :raises CommandExecutionError: there is no such type.
    """
    for full, names in _NAMES.items():
        if name in names:
            return full
    raise CommandExecutionError("Incorrect encryption key type '%s'." % name)


_BASE64 = re.compile(br'[A-Za-z0-9+/]*={0,2}\Z')


def fingerprint(key, hash_type=None):
    """Hex numbers between colons, None when the key cannot be decoded.

    :raises CommandExecutionError: an unknown `hash_type`.
    """
    hash_type = hash_type or DEFAULT_HASH
    if str(hash_type).lower() not in _HASHES:
        raise CommandExecutionError('The fingerprint_hash_type %s is not supported.' % hash_type)
    text = compat.to_bytes(key)
    if len(text) % 4 or not _BASE64.match(text):              # more than enough `=` is wrong, too
        return None
    raw = base64.b64decode(text)
    digest = hashlib.new(str(hash_type).lower(), raw).hexdigest()
    return ':'.join(digest[at:at + 2] for at in range(0, len(digest), 2))


def type_inside(key):
    """The name of the type that stands in a key itself, None when there is none."""
    try:
        raw = base64.b64decode(compat.to_bytes(key))
        name = compat.to_native(raw[4:4 + struct.unpack('>I', raw[:4])[0]])
    except (binascii.Error, TypeError, ValueError, struct.error):
        return None
    return name if _TYPE.match(name) else None


# ---- lines of authorized_keys

def parse(line):
    """{'options', 'enc', 'key', 'comment'} of a line, None when there is no key of protocol 2 in it."""
    line, options = line.strip(), []
    words = line.split(None, 2)
    if line.startswith('#') or len(words) < 2:
        return None
    if not _TYPE.match(words[0]):
        found = _OPTIONS.match(line)
        if not found:
            return None
        options, words = _OPTION.findall(found.group(1)), found.group(2).split(None, 2)
    if len(words) < 2 or not _TYPE.match(words[0]):
        return None
    return {'options': options, 'enc': words[0], 'key': words[1], 'comment': words[2] if len(words) > 2 else ''}


def line_of(key, enc, comment, options):
    """The line of a key, with its end.

    :raises SaltInvocationError: one of the values would end it.
    """
    values = etcfile.one_line(key=key, enc=enc, comment=comment or '', options=','.join(options or []))
    words = [values[name] for name in ('options', 'enc', 'key', 'comment') if values[name]]
    return ' '.join(words) + '\n'


# ---- files of users

def path_of(user, config):
    """(entry of the user, path of the file `config`): below their home, with %h, %u and %% as sshd reads them.

    :raises CommandExecutionError: there is no such user.
    """
    entry = userdb.user(user)
    if entry is None:
        raise CommandExecutionError("User '%s' does not exist" % user)
    signs = {'%h': entry.pw_dir, '%u': entry.pw_name, '%%': '%'}
    path = re.sub('%.', lambda found: signs.get(found.group(0), found.group(0)), config)
    return entry, os.path.join(entry.pw_dir, path)


def write(path, entry, content, mode):
    """Let the file of a user hold `content`; it and its folder are made theirs.

    :param entry: of the user, None: ours.
    :raises CommandExecutionError: it is a link to a file of somebody else.
    """
    folder, fresh = os.path.dirname(path), not os.path.exists(path)
    if entry is not None and os.path.islink(path) and not fresh and os.stat(path).st_uid != entry.pw_uid:
        raise CommandExecutionError('%s leads to a file that is not owned by %s' % (path, entry.pw_name))
    if not os.path.isdir(folder):
        compat.make_dirs(folder, 0o700, entry and (entry.pw_uid, entry.pw_gid))
    etcfile.rewrite(path, content, mode)
    if fresh and entry is not None:
        os.chown(path, entry.pw_uid, entry.pw_gid)


def private_key_is_encrypted(text):
    """True for a private key that needs a passphrase, None for what is no private key."""
    if 'BEGIN OPENSSH PRIVATE KEY' in text:
        body = ''.join(line for line in text.splitlines() if line and not line.startswith('-----'))
        try:
            raw = base64.b64decode(compat.to_bytes(body))
        except (binascii.Error, TypeError, ValueError):
            return None
        return not raw[15:].startswith(b'\0\0\0\4none')
    if 'PRIVATE KEY' not in text:
        return None
    return 'ENCRYPTED' in text
