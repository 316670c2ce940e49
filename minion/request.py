"""Requests to the master under the current session: one channel a thread, signing in again asked for where needed."""
from __future__ import absolute_import, division, print_function

import time

from minion import errors, payload, protocol, req


class Requester(object):
    """The request channel of one thread.

    :param zmq.Context context:  :param SessionBoard board:  :param Identity identity:  :param SocketOptions tuning:
    :param Bell bell: of the thread that owns this object; listening at the board.
    :param float seconds: time for one answer (`request_channel_timeout`).
    """

    def __init__(self, context, board, identity, tuning, bell, seconds):
        self._context, self._board, self._identity = context, board, identity
        self._tuning, self._bell, self._seconds = tuning, bell, seconds
        self._channel = None

    def ask(self, load, patience, seconds=None):
        """Send one load and return the decrypted answer, strings as bytes.

        A refusal is met with one new sign-in and one more try under the new keys, with a new nonce.

        :param dict load: PROTOCOL section 6.3.  :param float patience: seconds to wait for the new sign-in.
        :param float seconds: for one answer, where it is not the usual time.
        :raises RequestTimeout: no answer, or no new session in time.  :raises RequestRefused: refused twice.
        :raises BadPayload: the load cannot be packed.  :raises Interrupted: the thread is to stop.
        """
        session = self._session(patience)
        try:
            return self._once(session, load, seconds)
        except errors.RequestRefused as exc:
            session = self._board.renewed(session, 'a request was refused: %s' % exc.text, self._bell, patience)
        return self._once(session, load, seconds)

    def _session(self, patience):
        session = self._board.current()
        if session is None:
            session = self._board.renewed(None, 'a request needs a session', self._bell, patience)
        return session

    def _once(self, session, load, seconds):
        frame, nonce = protocol.seal(session, self._identity, load, time.time())
        return protocol.open_answer(session, self._exchange(session, frame, seconds), nonce)

    def ask_private(self, load, patience):
        """Like `ask` for `_pillar`, whose answer has a key of its own (PROTOCOL section 6.4).

        :return dict: the pillar, strings as bytes.  :raises: as `ask`.
        """
        session = self._session(patience)
        try:
            return self._private_once(session, load)
        except errors.RequestRefused as exc:
            session = self._board.renewed(session, 'pillar was refused: %s' % exc.text, self._bell, patience)
        return self._private_once(session, load)

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
