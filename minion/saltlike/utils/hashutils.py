"""`salt.utils.hashutils`: digests of texts and files."""
from __future__ import absolute_import, division, print_function

import base64
import hashlib
import hmac

from minion import compat, files


def _digest(kind, instr):
    return hashlib.new(kind, compat.to_bytes(instr)).hexdigest()


def md5_digest(instr):
    """MD5 of a text."""
    return _digest('md5', instr)


def sha1_digest(instr):
    """SHA-1 of a text."""
    return _digest('sha1', instr)


def sha256_digest(instr):
    """SHA-256 of a text."""
    return _digest('sha256', instr)


def sha512_digest(instr):
    """SHA-512 of a text."""
    return _digest('sha512', instr)


def get_hash(path, form='sha256', chunk_size=65536):
    """Digest of a file."""
    return files.digest(path, form)


def base64_b64encode(instr):
    """Base64 of a text."""
    return compat.to_native(base64.b64encode(compat.to_bytes(instr)))


def base64_b64decode(instr):
    """What a base64 text stands for."""
    data = base64.b64decode(compat.to_bytes(instr))
    try:
        return compat.to_native(data.decode('utf-8'))
    except UnicodeDecodeError:                   # no text
        return data


def hmac_signature(string, shared_secret, challenge_hmac):
    """Is the base64 text the HMAC-SHA256 of another?"""
    made = hmac.new(compat.to_bytes(shared_secret), compat.to_bytes(string), hashlib.sha256).digest()
    return compat.same_bytes(base64.b64encode(made), compat.to_bytes(challenge_hmac))
