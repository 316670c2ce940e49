"""Checksums of files: computing them, and finding them in the files in which publishers write them."""
from __future__ import absolute_import, division, print_function

import hashlib
import io
import os

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers.file_paths import checked, expand

LENGTHS = (('md5', 32), ('sha1', 40), ('sha224', 56), ('sha256', 64), ('sha384', 96), ('sha512', 128))
BY_LENGTH = dict((length, name) for name, length in LENGTHS)


def maker(form):
    """The constructor of a hash.  :raises ValueError: no such hash.  :raises TypeError: no name."""
    if not compat.is_text(form):
        raise TypeError("attribute name must be string, not '%s'" % type(form).__name__)
    found = getattr(hashlib, form, None)
    if found is None:
        raise ValueError('Invalid hash type: %s' % form)
    return found


def get_hash(path, form='sha256', chunk_size=65536):
    """The checksum of a file, read in pieces of `chunk_size` bytes. CLI: file.get_hash /etc/shadow md5"""
    digest = maker(form)()
    if chunk_size is not None and not isinstance(chunk_size, compat.integer_types):
        raise TypeError("argument should be integer or None, not '%s'" % type(chunk_size).__name__)
    with io.open(expand(checked(path)), 'rb') as stream:
        for piece in iter(lambda: stream.read(-1 if chunk_size is None else chunk_size), b''):
            digest.update(piece)
    return digest.hexdigest()


def get_sum(path, form='sha256'):
    """The checksum of a file, 'File not found' if there is none. CLI: file.get_sum /etc/passwd sha512"""
    path = expand(path)
    return get_hash(path, form, 4096) if os.path.isfile(path) else 'File not found'


def check_hash(path, file_hash):
    """True if a file has this checksum.

    file_hash: the digits, or `type:digits` or `type=digits`. CLI: file.check_hash /etc/fstab md5:<digits>
    """
    path = expand(path)
    if not compat.is_text(file_hash):
        raise SaltInvocationError('hash must be a string')
    for mark in ':=':
        form, found, digits = file_hash.partition(mark)
        if found:
            return get_hash(path, form) == digits
    form = BY_LENGTH.get(len(file_hash))
    if form is None:
        raise SaltInvocationError(
            'Hash %s (length: %d) could not be matched to a supported hash type. The supported hash types and lengths '
            'are: %s' % (file_hash, len(file_hash), ', '.join('%s (%d)' % pair for pair in LENGTHS)))
    return get_hash(path, form) == file_hash
