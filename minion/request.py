"""Requests to the master under the current session: one channel a thread, signing in again asked for where needed."""
from __future__ import absolute_import, division, print_function

import logging
import time

from minion import errors, payload, protocol, req

log = logging.getLogger(__name__)


class Requester(object):
    """The request channel of one thread.

    :param zmq.Context context:  :param SessionBoard board:  :param Identity identity:  :param SocketOptions tuning:
    :param Bell bell: of the thread that owns this object; listening at the board.
    :param float seconds: time for one answer (`request_channel_timeout`).
    :param int tries: how often a request is sent that finds no answer in this time (`request_channel_tries`).
    """

    def __init__(self, context, board, identity, tuning, bell, seconds, tries=1):
        self._context, self._board, self._identity = context, board, identity
        self._tuning, self._bell, self._seconds, self._tries = tuning, bell, seconds, tries
        self._channel = None

    def ask(self, load, patience, seconds=None):
        """Send one load and return the decrypted answer, strings as bytes.

        A refusal is met with one new sign-in and one more try under the new keys, with a new nonce.

        :param dict load: docs/protocol.md section 6.3.  :param float patience: seconds to wait for the new sign-in.
        :param float seconds: for one answer, where it is not the usual time; the request is then sent once.
        :raises RequestTimeout: no answer, or no new session in time.  :raises RequestRefused: refused twice.
        :raises BadPayload: the load cannot be packed.  :raises Interrupted: the thread is to stop.
        """
        return self._ask(lambda session: self._once(session, load, seconds), patience, 'a request was refused',
                         1 if seconds else self._tries)

    def _ask(self, once, patience, what, tries):
        """once(session), again where no answer came or the answer was a refusal."""
        session, refused = self._session(patience), False
        while True:
            try:
                return once(session)
            except errors.RequestTimeout as exc:
                tries -= 1
                if tries <= 0:
                    raise
                log.info('%s; asking again', exc)
                session = self._board.current() or session
            except errors.RequestRefused as exc:
                if refused:
                    raise
                refused = True
                session = self._board.renewed(session, '%s: %s' % (what, exc.text), self._bell, patience)

    def _session(self, patience):
        session = self._board.current()
        if session is None:
            session = self._board.renewed(None, 'a request needs a session', self._bell, patience)
        return session

    def _once(self, session, load, seconds):
        frame, nonce = protocol.seal(session, self._identity, load, time.time())
        return protocol.open_answer(session, self._exchange(session, frame, seconds), nonce)

    def ask_private(self, load, patience):
        """Like `ask` for `_pillar`, whose answer has a key of its own (docs/protocol.md section 6.4).

        :return dict: the pillar, strings as bytes.  :raises: as `ask`.
        """
        return self._ask(lambda session: self._private_once(session, load), patience, 'pillar was refused', self._tries)

    def _private_once(self, session, load):
        frame, nonce = protocol.seal(session, self._identity, load, time.time())
        return protocol.open_private(session, self._identity, self._exchange(session, frame), nonce)

    def _exchange(self, session, frame, seconds=None):
        if self._channel is None or self._channel.address != session.ret_uri:
            self.close()
            self._channel = req.ReqChannel(self._context, session.ret_uri, self._tuning, self._bell)
        return self._channel.exchange(frame, seconds or self._seconds)

    def close(self):
        """Close the socket; the next request opens another."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None


def readable(answer):
    """An answer with text where its bytes are UTF-8; file and key material stays bytes."""
    return payload.to_text_tree(answer, keep=('data', 'key', 'pillar', 'aes', 'session', 'token', 'sig', 'tok', 'load'))
