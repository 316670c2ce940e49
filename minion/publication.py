"""Reading a publication: every check between a frame of the publish port and a job (docs/protocol.md section 7). Pure."""
from __future__ import absolute_import, division, print_function

import collections
import re

from minion import compat, errors, payload
from minion.record import record

JID = re.compile(r'[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}\Z')
NEEDED = ('tgt', 'jid', 'fun', 'arg')

Package = record('Package', 'blob signature sig_algo')
# blob: bytes; signature, sig_algo: whatever stood there, checked by nobody yet; signature None without one.


class Undecipherable(errors.WireError):
    """The package does not open under the session's AES key; a new sign-in may help."""


class Refused(errors.WireError):
    """The package failed a check for good; the message names it."""


def read_package(frame):
    """The outer map of a frame.  :raises Refused: anything but an AES package."""
    try:
        outer = payload.unpack(frame)
    except errors.BadPayload as exc:
        raise Refused('it is no msgpack map (%s)' % exc)
    if not isinstance(outer, dict) or outer.get(b'enc') != b'aes' or not isinstance(outer.get(b'load'), bytes):
        raise Refused('it is not an AES package (check of enc)')
    return Package(outer[b'load'], outer.get(b'sig'), outer.get(b'sig_algo') or b'PKCS1v15-SHA1')


def open_package(package, session, must_sign):
    """Decrypt a package and check its signature.

    :param bool must_sign: refuse an unsigned one (`sign_pub_messages`, or this master has signed before).
    :return tuple: (job map with text where bytes are UTF-8, True if it was signed).
    :raises Undecipherable: HMAC or length do not fit the AES key.  :raises Refused: any other check.
    """
    try:
        load = session.publish_crypticle.loads(package.blob)
    except errors.CrypticleError as exc:
        if exc.reason in ('hmac', 'length'):
            raise Undecipherable('it does not open under the AES key (check of %s)' % exc.reason)
        raise Refused('what is inside does not hold (check of %s)' % exc.reason)
    _check_signature(package, session, must_sign)
    return _job(payload.to_text_tree(load)), package.signature is not None


def _check_signature(package, session, must_sign):
    if package.signature is None:
        if must_sign:
            raise Refused('it is not signed (check of signature): sign_pub_messages is set here, or this master has '
                          'signed before (minion_master.seen)')
        return
    try:
        session.master_key.verify(package.blob, package.signature, package.sig_algo)
    except (errors.MinionError, TypeError, ValueError):        # a ConfigError names an unknown sig_algo
        raise Refused('its signature is not that of the key in minion_master.pub (check of signature)')


def _job(load):
    if not isinstance(load, dict):
        raise Refused('it holds no job map')
    for name in NEEDED:
        if name not in load:
            raise Refused('the job has no %s' % name)
    jid = load['jid']
    jid = compat.to_native(jid) if compat.is_text(jid) else str(jid)
    if not JID.match(jid) or '..' in jid:
        raise Refused('the job id is not usable')
    if not is_function(load['fun']) or not isinstance(load['arg'], (list, tuple)):
        raise Refused('the function or its arguments have another type than they should')
    return dict(load, jid=jid)


def is_function(fun):
    """True for a name, or a list of names."""
    if isinstance(fun, (list, tuple)):
        return bool(fun) and all(compat.is_text(name) for name in fun)
    return compat.is_text(fun)


class Serials(object):
    """The last serial under each AES key of one master: a publish at or below it is a replay. Subscriber thread only.

    :param callable known: known(digest) -> highest serial that an earlier process took under that key, 0 for none.
    """

    KEYS = 4                                 # of the past that are remembered

    def __init__(self, known=lambda digest: 0):
        self._known, self._last = known, collections.OrderedDict()

    def check(self, load, digest):
        """Accept a job's serial and remove it from the job.

        :param str digest: short hash of the AES key that opened it; each key has a count of its own.
        :return int: the serial, 0 for a master that sends none.
        :raises Refused: the serial was seen already, or goes back.
        """
        serial = load.pop('serial', None)
        if digest not in self._last:
            self._last[digest] = self._known(digest)
            while len(self._last) > self.KEYS:
                self._last.popitem(last=False)
        if serial is None:
            return 0
        last = self._last[digest]
        if isinstance(serial, bool) or not isinstance(serial, compat.integer_types) or serial <= last:
            raise Refused('its serial %r is not above %d (check of replay)' % (serial, last))
        self._last[digest] = serial
        return serial
