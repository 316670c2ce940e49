"""Checksums, base64 and signatures of texts and files (hashutil.*)."""
from __future__ import absolute_import, division, print_function

import base64
import hashlib
import hmac
import io
import os

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import file_hash, file_open

_DIGESTS = ('md5', 'sha256', 'sha512')
_LINE = 57                                    # bytes that fill a line of 76 characters


def _bytes(value):
    if not isinstance(value, compat.string_types):
        raise TypeError("expected str, bytes, or bytearray not <class '%s'>" % type(value).__name__)
    return compat.to_bytes(value)


def _text(data):
    """`str` of bytes that are UTF-8, other bytes as they are."""
    try:
        return compat.to_native(compat.to_text(data))
    except UnicodeDecodeError:
        return data


def _lines(data):
    return b''.join(base64.b64encode(data[at:at + _LINE]) + b'\n' for at in compat.range_(0, len(data), _LINE))


def _hash(data, name):
    return getattr(hashlib, name)(data).hexdigest()


def digest(instr, checksum='md5'):
    """The checksum of a text, by md5, sha256 or sha512. CLI: hashutil.digest 'get salted'"""
    if checksum not in _DIGESTS:
        raise CommandExecutionError("Hash func '%s' is not supported." % (checksum,))
    return _hash(_bytes(instr), checksum)


def digest_file(infile, checksum='md5'):
    """The checksum of a file; see hashutil.digest. CLI: hashutil.digest_file /path/to/file"""
    if not os.path.exists(_path(infile)) or os.path.isdir(infile):
        raise CommandExecutionError("File path '%s' not found." % infile)
    if checksum not in _DIGESTS:
        raise CommandExecutionError("Hash func '%s' is not supported." % (checksum,))
    return file_hash.get_hash(infile, checksum)


def _path(path):
    if not isinstance(path, compat.string_types):
        raise TypeError('expected str, bytes or os.PathLike object, not %s' % type(path).__name__)
    return path


def base64_b64encode(instr):
    """Base64 of a text, in one line. CLI: hashutil.base64_b64encode 'get salted'"""
    return compat.to_native(base64.b64encode(_bytes(instr)))


def base64_b64decode(instr):
    """The text that base64 stands for, bytes if it is none. CLI: hashutil.base64_b64decode 'Z2V0IHNhbHRlZA=='"""
    return _text(base64.b64decode(_bytes(instr)))


def base64_encodestring(instr):
    """Base64 of a text, in lines of 76 characters. CLI: hashutil.base64_encodestring 'get salted'"""
    return compat.to_native(_lines(_bytes(instr)))


def base64_decodestring(instr):
    """The same as hashutil.base64_b64decode. CLI: hashutil.base64_decodestring 'Z2V0IHNhbHRlZA=='"""
    return _text(base64.b64decode(_bytes(instr)))


def base64_encodefile(fname):
    """Base64 of a file, in lines of 76 characters. CLI: hashutil.base64_encodefile /path/to/binary_file"""
    with io.open(_path(fname), 'rb') as stream:
        return compat.to_native(_lines(stream.read()))


def base64_decodefile(instr, outfile):
    """Write what base64 stands for to a file. CLI: hashutil.base64_decodefile 'Z2V0IHNhbHRlZA==' /path/to/file"""
    data = base64.b64decode(_bytes(instr))
    file_open.write_over(outfile, data)
    return True


def md5_digest(instr):
    """The MD5 checksum of a text. CLI: hashutil.md5_digest 'get salted'"""
    return _hash(_bytes(instr), 'md5')


def sha256_digest(instr):
    """The SHA-256 checksum of a text. CLI: hashutil.sha256_digest 'get salted'"""
    return _hash(_bytes(instr), 'sha256')


def sha512_digest(instr):
    """The SHA-512 checksum of a text. CLI: hashutil.sha512_digest 'get salted'"""
    return _hash(_bytes(instr), 'sha512')


def _hmac(string, shared_secret, name='sha256'):
    return hmac.new(_bytes(shared_secret), _bytes(string), getattr(hashlib, name))


def hmac_signature(string, shared_secret, challenge_hmac):
    """True if the base64 in `challenge_hmac` is the HMAC-SHA256 of a text.

    CLI: hashutil.hmac_signature 'get salted' 'shared secret' 'eBWf9bstXg+NiP5AOwppB5HMvZiYMPzEM9W5YMm/AmQ='
    """
    return compat.same_bytes(base64.b64encode(_hmac(string, shared_secret).digest()), _bytes(challenge_hmac))


def hmac_compute(string, shared_secret):
    """The HMAC-SHA256 of a text in hexadecimal digits. CLI: hashutil.hmac_compute 'get salted' 'shared secret'"""
    return _hmac(string, shared_secret).hexdigest()


def github_signature(string, shared_secret, challenge_hmac):
    """True if `challenge_hmac`, `algorithm=digits`, is the signature that GitHub makes for a text.

    CLI: hashutil.github_signature '{"ref": ""}' 'shared secret' 'sha1=bc6550fc290acf5b42283fa8deaf55cea0f8c206'
    """
    name, challenge = challenge_hmac.split('=')
    return compat.same_bytes(_bytes(_hmac(string, shared_secret, name).hexdigest()), _bytes(challenge))
