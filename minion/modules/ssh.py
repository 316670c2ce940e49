"""Keys and hosts of OpenSSH (ssh.*).

`config` is everywhere the file, below the home of the user if it is no absolute path; `fingerprint_hash_type` md5 or
sha256, the default; `enc` the type of a key: rsa, dsa, ecdsa, ed25519 or its full name.
"""
from __future__ import absolute_import, division, print_function

import os
import re

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import environment, etcfile, knownhosts, sshkeys, tool, userdb

_KINDS = ('id_rsa', 'id_dsa', 'id_ecdsa', 'id_ed25519')
_HOST_KEY = re.compile(r'ssh_host_(?P<type>.+)_key(?P<pub>(?P<cert>-cert)?\.pub)?\Z')
_SCANS = 5                      # ssh-keyscan sometimes comes back with nothing


def __virtual__():
    if environment.which('ssh') or environment.which('ssh-keygen'):
        return True
    return False, 'The ssh execution module cannot be loaded: the ssh binary is not in the path.'


# ---- keys of hosts and users

def host_keys(keydir=None, private=True, certs=True):
    """Mapping of names, such as rsa.pub, to the keys of this host. private, certs: these, too. CLI: ssh.host_keys"""
    folder, found = keydir or '/etc/ssh', {}
    if keydir is None and not os.path.isdir(folder):
        return found
    for name in sorted(os.listdir(folder)):
        match = _HOST_KEY.match(name)
        if match and (private or match.group('pub')) and (certs or not match.group('cert')):
            found[match.group('type') + (match.group('pub') or '')] = _content(os.path.join(folder, name))
    return found


def _content(path):
    return compat.to_native(etcfile.text(path)).strip()


def user_keys(user=None, pubfile=None, prvfile=None):
    """Mapping of users to their keys by the names of the files. user: one, a list, default all.

    pubfile, prvfile: name or names of files in ~/.ssh, or paths; False for none. CLI: ssh.user_keys user1 prvfile=False
    """
    found = {}
    for name in tool.listed(user) or [entry.pw_name for entry in userdb.users()]:
        entry = userdb.user(name)
        wanted = [] if entry is None else _names(pubfile, '.pub') + _names(prvfile, '')
        paths = [os.path.join(entry.pw_dir, '.ssh', one.replace('~', entry.pw_dir)) for one in wanted]
        keys = dict((os.path.basename(path), _content(path)) for path in paths if os.path.isfile(path))
        if keys:
            found[name] = keys
    return found


def _names(given, ending):
    if given is False:
        return []
    return tool.listed(given) if given else [kind + ending for kind in _KINDS]


def key_is_encrypted(key):
    """True if a private key, a path, needs a passphrase. CLI: ssh.key_is_encrypted /root/id_rsa"""
    if not os.path.isfile(key):
        raise CommandExecutionError('%s does not exist' % key)
    answer = sshkeys.private_key_is_encrypted(_content(key))
    if answer is None:
        raise CommandExecutionError('%s is not a private key' % key)
    return answer


# ---- authorized keys

def auth_keys(user=None, config='.ssh/authorized_keys', fingerprint_hash_type=None):
    """Mapping of the keys with which somebody may log in to enc, comment, options and fingerprint.

    user: one; for a list, or all by default, a mapping by user. CLI: ssh.auth_keys root
    """
    names = user if isinstance(user, list) else [user] if user else [entry.pw_name for entry in userdb.users()]
    found = {}
    for name in names:
        keys = _keys_of(name, config, fingerprint_hash_type)
        if keys:
            found[name] = keys
    return found.get(user, {}) if compat.is_text(user) and user else found


def _keys_of(user, config, hash_type):
    if userdb.user(user) is None:
        return {}
    _, path = sshkeys.path_of(user, config)
    return _parsed(etcfile.lines(path, missing=True) if os.path.isfile(path) else [], hash_type)


def _parsed(lines, hash_type):
    found = {}
    for entry in filter(None, map(sshkeys.parse, lines)):
        key = entry.pop('key')
        fingerprint = sshkeys.fingerprint(key, hash_type)
        if fingerprint is not None:
            found[key] = dict(entry, fingerprint=fingerprint)
    return found


def check_key(user, key, enc, comment, options, config='.ssh/authorized_keys', cache_keys=None, fingerprint_hash_type=None):
    """What setting a key would do: 'add', 'update' or nothing ('exists'). cache_keys: without effect here.

    CLI: ssh.check_key root AAAAB3Nza... ssh-rsa comment options
    """
    line = sshkeys.line_of(key, sshkeys.encryption(enc), comment, _options(options))
    there = _keys_of(user, config, fingerprint_hash_type).get(key)
    if there is None:
        return 'add'
    return 'exists' if line == sshkeys.line_of(key, there['enc'], there['comment'], there['options']) else 'update'


def _options(options):
    return [options] if compat.is_text(options) and options else list(options or [])


def check_key_file(user, source, config='.ssh/authorized_keys', saltenv='base', fingerprint_hash_type=None):
    """Mapping of the keys in a file (salt:// or a path) to what ssh.check_key says. CLI: ssh.check_key_file root salt://k"""
    path = _fetched(source, saltenv)
    keys = _parsed(etcfile.lines(path), fingerprint_hash_type) if path else {}
    return dict((key, check_key(user, key, keys[key]['enc'], keys[key]['comment'], keys[key]['options'], config, None,
                                fingerprint_hash_type)) for key in keys)


def _fetched(source, saltenv):
    path = source if os.path.isabs(source) else __salt__['cp.cache_file'](source, saltenv)
    return path if path and os.path.isfile(path) else None


def set_auth_key(user, key, enc='ssh-rsa', comment='', options=None, config='.ssh/authorized_keys', cache_keys=None,
                 fingerprint_hash_type=None):
    """Let somebody log in with a key: 'new', 'replace', 'no change', 'invalid' or 'fail' (no such user).

    options: list, or the text of one. CLI: ssh.set_auth_key root AAAAB3Nza... enc=rsa comment=me
    """
    if len(key.split()) > 1:
        return 'invalid'
    enc, options = sshkeys.encryption(enc), _options(options)
    if userdb.user(user) is None:
        return 'fail'
    status = check_key(user, key, enc, comment, options, config, cache_keys, fingerprint_hash_type)
    if status == 'exists':
        return 'no change'
    if sshkeys.fingerprint(key, fingerprint_hash_type) is None:
        return 'Invalid public key'
    _write(user, config, key, sshkeys.line_of(key, enc, comment, options))
    return 'new' if status == 'add' else 'replace'


def _write(user, config, key, line):
    """Put `line` in place of those with the key, or at the end; None: only remove them. True if there was one."""
    entry, path = sshkeys.path_of(user, config)
    kept, found = [], False
    for old in etcfile.lines(path, missing=True):
        if (sshkeys.parse(old) or {}).get('key') != key:
            kept.append(old if old.endswith('\n') else old + '\n')
        elif not found:
            found = True
            kept += [line] if line else []
    if line and not found:
        kept.append(line)
    if line or found:
        sshkeys.write(path, entry, ''.join(kept), 0o600)
    return found


def set_auth_key_from_file(user, source, config='.ssh/authorized_keys', saltenv='base', fingerprint_hash_type=None,
                           **kwargs):
    """Let somebody log in with the keys in a file (salt:// or a path): 'new', 'replace', 'no change' or 'fail'.

    options: list, in place of those that stand in the file.

    CLI: ssh.set_auth_key_from_file root salt://ssh_keys/root.id_rsa.pub
    """
    options = kwargs.get('options')
    said = _with_keys(source, saltenv, fingerprint_hash_type, lambda key, about: set_auth_key(
        user, key, about['enc'], about['comment'], options or about['options'], config, None, fingerprint_hash_type))
    return next((word for word in ('fail', 'replace', 'new') if word in said), 'no change')


def _with_keys(source, saltenv, hash_type, act):
    """What `act` says of each key in a file, called as act(key, what is known of it)."""
    path = _fetched(source, saltenv)
    if path is None:
        raise CommandExecutionError('Failed to pull key file from salt file server')
    keys = _parsed(etcfile.lines(path), hash_type)
    if not keys:
        raise CommandExecutionError('No keys detected in %s. Is file properly formatted?' % source)
    return [act(key, keys[key]) for key in keys]


def rm_auth_key(user, key, config='.ssh/authorized_keys', fingerprint_hash_type=None):
    """Let somebody log in no longer with a key: 'Key removed' or 'Key not present'. CLI: ssh.rm_auth_key root AAAAB3Nza..."""
    removed = userdb.user(user) is not None and _write(user, config, key, None)
    return 'Key removed' if removed else 'Key not present'


def rm_auth_key_from_file(user, source, config='.ssh/authorized_keys', saltenv='base', fingerprint_hash_type=None):
    """The same for all keys in a file (salt:// or a path). CLI: ssh.rm_auth_key_from_file root salt://ssh_keys/old.pub"""
    said = _with_keys(source, saltenv, fingerprint_hash_type,
                      lambda key, about: rm_auth_key(user, key, config, fingerprint_hash_type))
    return 'Key removed' if 'Key removed' in said else 'Key not present'


# ---- known hosts

def get_known_host_entries(user, hostname, config=None, port=None, fingerprint_hash_type=None):
    """List of what is stored of a host: hostname, enc, key and fingerprint; None for an unknown one.

    CLI: ssh.get_known_host_entries root github.com
    """
    _, path = knownhosts.path_of(user, config)
    if isinstance(path, dict):
        return path
    if not os.path.isfile(path):
        return None
    argv = ['ssh-keygen', '-F', knownhosts.name_of(hostname, port), '-f', path]
    return knownhosts.parse(tool.output(__salt__, argv, ignore_retcode=True), fingerprint_hash_type) or None


def recv_known_host_entries(hostname, enc=None, port=None, hash_known_hosts=True, timeout=5, fingerprint_hash_type=None):
    """The same of the host itself, asked with ssh-keyscan; None if it does not answer. timeout: seconds.

    CLI: ssh.recv_known_host_entries github.com enc=rsa
    """
    argv = ['ssh-keyscan'] + (['-p', port] if port else []) + (['-t', enc] if enc else [])
    argv += (['-H'] if hash_known_hosts else []) + ['-T', timeout, hostname]
    for _ in range(_SCANS):
        answer = tool.run(__salt__, argv)
        found = knownhosts.parse(answer['stdout'], fingerprint_hash_type)
        if found:
            return found
    return None


def check_known_host(user=None, hostname=None, key=None, fingerprint=None, config=None, port=None,
                     fingerprint_hash_type=None):
    """What setting a host would do: 'add', 'update' or nothing ('exists'). CLI: ssh.check_known_host root h key=AAAA..."""
    if not hostname:
        return knownhosts.error('hostname argument required')
    stored = get_known_host_entries(user, hostname, config, port, fingerprint_hash_type)
    if not stored or isinstance(stored, dict):
        return 'add'
    if key:
        return 'exists' if any(entry['key'] == key for entry in stored) else 'update'
    if fingerprint:
        return 'exists' if any(entry['fingerprint'] == fingerprint for entry in stored) else 'update'
    return 'exists'


def set_known_host(user=None, hostname=None, fingerprint=None, key=None, port=None, enc=None, config=None,
                   hash_known_hosts=True, timeout=5, fingerprint_hash_type=None):
    """Store the key of a host, asked of it if none is given; mapping of status, old and new. fingerprint: it must have.

    CLI: ssh.set_known_host root host.example.com fingerprint=xx:xx:..:xx
    """
    if not hostname:
        return knownhosts.error('hostname argument required')
    if port is not None and hash_known_hosts:
        return knownhosts.error('argument port can not be used in conjunction with argument hash_known_hosts')
    entry, path = knownhosts.path_of(user, config)
    if isinstance(path, dict):
        return path
    old = get_known_host_entries(user, hostname, config, port, fingerprint_hash_type)
    if old and _is_stored(old, key, fingerprint):
        return {'status': 'exists', 'keys': [one['key'] for one in old]}
    fresh = _fresh(hostname, fingerprint, key, port, enc, hash_known_hosts, timeout, fingerprint_hash_type)
    if isinstance(fresh, dict):
        return fresh
    if old:
        rm_known_host(user, hostname, config, port)
    lines = etcfile.text(path, missing='')
    lines += '' if not lines or lines.endswith('\n') else '\n'
    for one in fresh:
        name = knownhosts.name_of(hostname, port) if key else one['hostname']
        lines += sshkeys.line_of(one['key'], _encryption(one), '', [name])
    sshkeys.write(path, entry, lines, 0o644)
    if hash_known_hosts:
        globals()['hash_known_hosts'](user, config)
    return {'status': 'updated', 'old': old, 'new': fresh}


def _is_stored(old, key, fingerprint):
    if key:
        return any(one['key'] == key for one in old)
    return not fingerprint or any(one['fingerprint'] == fingerprint for one in old)


def _encryption(entry):
    return sshkeys.type_inside(entry['key']) or sshkeys.encryption(entry['enc'])


def _fresh(hostname, fingerprint, key, port, enc, hash_known_hosts, timeout, hash_type):
    """List of what is to be stored, or an error."""
    if key:
        if not sshkeys.type_inside(key) and not enc:
            return knownhosts.error('the key does not tell its type, and no enc is given')
        return [dict({'hostname': hostname, 'enc': enc, 'key': key}, **({'port': port} if port else {}))]
    found = recv_known_host_entries(hostname, enc, port, hash_known_hosts, timeout, hash_type)
    if not found:
        return knownhosts.error('Unable to receive remote host keys')
    if fingerprint and all(one['fingerprint'] != fingerprint for one in found):
        return knownhosts.error('Remote host public keys found but none of their fingerprints match the one you have '
                                'provided')
    return found


def rm_known_host(user=None, hostname=None, config=None, port=None):
    """Forget the keys of a host; mapping of status and comment. CLI: ssh.rm_known_host root github.com"""
    if not hostname:
        return knownhosts.error('hostname argument required')
    return _keygen(user, config, ['-R', knownhosts.name_of(hostname, port)], 'removed')


def hash_known_hosts(user=None, config=None):
    """Hide the names of all hosts; mapping of status and comment. CLI: ssh.hash_known_hosts root"""
    return _keygen(user, config, ['-H'], 'updated')


def _keygen(user, config, words, done):
    entry, path = knownhosts.path_of(user, config)
    if isinstance(path, dict):
        return path
    if not os.path.isfile(path):
        return knownhosts.error('Known hosts file %s does not exist' % path)
    before = os.stat(path)
    said = tool.output(__salt__, ['ssh-keygen'] + words + ['-f', path])
    if os.stat(path).st_uid != before.st_uid:
        os.chown(path, before.st_uid, before.st_gid)           # ssh-keygen puts a new file in its place
    return {'status': done, 'comment': said}
