"""Between one master's publications and the jobs: what has to be signed, serials, the way back."""
from __future__ import absolute_import, division, print_function

import time

from minion import compat, publication


class Gate(object):
    """The checks of one connection that need to remember something. Its subscriber's thread only.

    :param Jobs jobs:  :param Trust trust:  :param bool must_sign: `sign_pub_messages`.
    :param callable desk: desk(session) -> Desk.
    """

    def __init__(self, jobs, trust, must_sign, desk):
        self._jobs, self._trust, self._must_sign, self._desk = jobs, trust, must_sign, desk
        self.last_job = None, None               # jid of the last job for this minion, and when it came (Unix seconds)
        self._serials = publication.Serials(jobs.last_serial)

    def must_sign(self, session):
        """True when an unsigned publication of this master is to be refused."""
        return self._must_sign or self._trust.signs(session.master_key)

    def note_signed(self, session):
        """The master signs what it publishes; from now on it has to."""
        self._trust.note_signed(session.master_key)

    def offer(self, load, session):
        """Hand on a job whose serial is new.  :raises Refused: a replay."""
        serial = self._serials.check(load, session.aes_digest)

        def for_us():
            self.last_job = compat.to_native(load['jid']), round(time.time(), 3)
        self._jobs.offer(load, self._desk(session), session.aes_digest, serial, for_us)
