"""The minion's key folder: `minion.pem`, `minion.pub` and the pinned `minion_master.pub`.

A private key that exists is never replaced, whatever its state. Source of names, modes and forms: docs/protocol.md section 2.
"""
from __future__ import absolute_import, division, print_function

import logging
import os
import stat

from minion import compat, files, keys
from minion.errors import KeyFileError, UnsafePermissions
from minion.record import record

log = logging.getLogger(__name__)

PRIVATE, PUBLIC, MASTER = 'minion.pem', 'minion.pub', 'minion_master.pub'

# private: PrivateKey; pem: the public key exactly as it goes over the wire (native str, LF line ends). Masters before
# 3006 compare that text byte for byte with what they accepted.
KeyPair = record('KeyPair', 'private pem')


def load_or_create(pki_dir, bits=2048, progress=None):
    """The minion's key pair, made if there is none.

    :param str pki_dir: folder; made with mode 0700 if missing.
    :param int bits: size of a new key.
    :param progress: called without arguments now and then while a new key is made.
    :raises KeyFileError: a key file is damaged, too weak, or cannot be read or written.
    :raises UnsafePermissions: others may write the private key.
    """
    path = os.path.join(pki_dir, PRIVATE)
    data = read(path)
    if data is None:
        _create(pki_dir, bits, progress)
        data = read(path)
        if data is None:
            raise KeyFileError('%s points to a file that is not there: restore that file or remove the link' % path)
    _check_mode(path)
    private = _private_key(path, data)
    return KeyPair(private, _public_text(os.path.join(pki_dir, PUBLIC), path, private))


def look(pki_dir):
    """The key pair as it lies there, None when there is no private key; nothing is made or written.

    :raises: as load_or_create.
    """
    path = os.path.join(pki_dir, PRIVATE)
    data = read(path)
    if data is None:
        return None
    _check_mode(path)
    private = _private_key(path, data)
    public = read(os.path.join(pki_dir, PUBLIC))
    try:
        same = public is not None and keys.PublicKey.from_pem(public) == private.public
    except KeyFileError:
        same = False
    return KeyPair(private, _lines(public) if same else private.public.pem)


def _lines(data):
    return compat.to_native(data).replace('\r\n', '\n').replace('\r', '\n')


def _private_key(path, data):
    if not data.strip(b'\x00\r\n\t '):
        raise KeyFileError('%s is empty: restore it from a backup, or remove it so that a new key is made (which an '
                           'operator must then accept on the master)' % path)
    try:
        return keys.PrivateKey.from_pem(data, path)
    except KeyFileError as exc:
        raise KeyFileError('%s; restore it from a backup, or remove it so that a new key is made (which an operator '
                           'must then accept on the master)' % exc)


def _check_mode(path):
    try:
        mode = stat.S_IMODE(os.stat(path).st_mode)
    except OSError as exc:
        raise KeyFileError('%s: cannot be looked at: %s' % (path, files.reason(exc)))
    if mode & 0o022:
        raise UnsafePermissions('%s can be written by others (mode %04o): make sure that it is still your key, then '
                                'run: chmod 0400 %s' % (path, mode, path))
    if mode & 0o044:
        log.warning('%s can be read by others (mode %04o): run: chmod 0400 %s', path, mode, path)


def _create(pki_dir, bits, progress):
    """Make a pair, the private key first: a crash between the two leaves what the next start completes."""
    path, public = os.path.join(pki_dir, PRIVATE), os.path.join(pki_dir, PUBLIC)
    try:
        compat.make_dirs(pki_dir)
        if os.path.lexists(public):
            log.warning('%s has no private key beside it: set aside as %s', public, files.set_aside(public))
        private = keys.generate(bits, progress)
        if os.path.lexists(path):                    # another process was quicker; its key stands
            return
        files.write(path, private.to_pem(), 0o400)
        files.write(public, compat.to_bytes(private.public.pem), 0o644)
    except EnvironmentError as exc:
        raise KeyFileError('%s: the new key cannot be written: %s' % (exc.filename or pki_dir, files.reason(exc)))
    log.info('made a key of %d bits: %s', bits, path)


def _public_text(path, private_path, private):
    """The text of `minion.pub`, which must be the public half of the private key; derived where it is not there or torn."""
    if os.path.isdir(path):
        return _renew(path, private_path, private, '%s is a folder' % path)
    data = read(path)
    if data is None:
        return _derive(path, private)
    if not data.strip(b'\x00\r\n\t '):
        log.warning('%s is empty: made anew from %s', path, private_path)
        return _derive(path, private)
    try:
        public = keys.PublicKey.from_pem(data, path)
    except KeyFileError as exc:
        return _renew(path, private_path, private, exc)
    if public != private.public:
        raise KeyFileError('%s is not the public half of %s: remove %s so that it is made anew, or restore the pair '
                           'from a backup' % (path, private_path, path))
    return _lines(data)


def _renew(path, private_path, private, why):
    try:
        log.warning('%s: set aside as %s, made anew from %s', why, files.set_aside(path), private_path)
    except OSError as exc:
        log.warning('%s: used is what %s says; it cannot be set aside: %s', why, private_path, files.reason(exc))
        return private.public.pem
    return _derive(path, private)


def _derive(path, private):
    try:
        files.write(path, compat.to_bytes(private.public.pem), 0o644)
    except EnvironmentError as exc:                  # only a copy for people: the key works without it
        log.warning('%s: the public key cannot be written: %s', path, files.reason(exc))
    return private.public.pem


def load_master_key(path):
    """The pinned PublicKey of the master, None when there is none yet.

    :raises KeyFileError: the file is there but unusable; the message names it and the remedy.
    """
    data = read(path)
    if data is None:
        return None
    try:
        return keys.PublicKey.from_pem(data, path)
    except KeyFileError as exc:
        raise KeyFileError('%s; restore it, or remove it so that the master\'s key is learnt anew' % exc)


def store_master_key(path, pem):
    """Pin a master's key: its text as received but with LF line ends, mode 0644.

    :param pem: text or bytes.
    :raises KeyFileError: it is no usable key (nothing is written then), or it cannot be written.
    """
    keys.PublicKey.from_pem(pem, 'the master\'s key')
    text = compat.to_native(pem).replace('\r\n', '\n').replace('\r', '\n')
    try:
        files.write(path, compat.to_bytes(text), 0o644)
    except EnvironmentError as exc:
        raise KeyFileError('%s: the master\'s key cannot be written: %s' % (path, files.reason(exc)))


def read(path):
    """Bytes of a key file, None when there is none.  :raises KeyFileError: it cannot be read."""
    try:
        return files.read(path)
    except EnvironmentError as exc:
        raise KeyFileError('%s: cannot be read: %s' % (path, files.reason(exc)))
