"""The outer map of a request, read the way masters of each protocol generation read it (PROTOCOL sections 1.1, 5.1)."""
from __future__ import absolute_import, division, print_function

from collections import namedtuple

from minion import compat, errors, payload

SHA1_OAEP, SHA1_SIGNATURE = 'OAEP-SHA1', 'PKCS1v15-SHA1'
ENCRYPTIONS = (SHA1_OAEP, 'OAEP-SHA224')
SIGNATURES = (SHA1_SIGNATURE, 'PKCS1v15-SHA224')
BAD_LOAD = 'bad load'

# enc: 'clear' or 'aes'; version: as this generation understands it; load: map with bytes keys, or ciphertext;
# minion_id, enc_algo, sig_algo: text of an encrypted request of version 3, else None or the SHA-1 names.
Envelope = namedtuple('Envelope', 'enc version load minion_id enc_algo sig_algo')


class Refused(Exception):
    """The request gets `answer` (any object, packed in clear) and nothing else."""

    def __init__(self, answer):
        Exception.__init__(self, answer)
        self.answer = answer


class NoAnswer(Exception):
    """A real master of this generation loses a worker over this request and never answers."""


def read(data, generation, minimum_version):
    """The Envelope in the bytes of one request.

    :param int generation: 0, 2 or 3: the master's.  :param int minimum_version: `minimum_auth_version`.
    :raises Refused: not a request, or its version is too low.  :raises NoAnswer: see there.
    """
    try:
        outer = payload.unpack(data)
    except errors.BadPayload:
        raise Refused({'msg': BAD_LOAD} if generation == 3 else BAD_LOAD)
    load = outer.get(b'load') if isinstance(outer, dict) else None
    if not isinstance(load, (dict, bytes)):
        raise Refused('payload and load must be a dict')
    version = _version(outer.get(b'version', 0), generation)
    if generation == 3 and version < min(minimum_version, 3):
        raise Refused(BAD_LOAD)
    return Envelope(text(outer.get(b'enc')), version, load, text(outer.get(b'id')),
                    text(outer.get(b'enc_algo')) or SHA1_OAEP, text(outer.get(b'sig_algo')) or SHA1_SIGNATURE)


def _version(value, generation):
    if generation == 0:
        return 0
    if generation == 2:
        if not isinstance(value, compat.integer_types):
            raise NoAnswer()
        return min(value, 2)
    try:
        return min(int(value), 3)
    except (TypeError, ValueError):
        return 0


def text(value):
    """Native text of a UTF-8 byte string; None for anything else."""
    try:
        return compat.to_native(value, errors='strict') if isinstance(value, bytes) else None
    except UnicodeDecodeError:
        return None
