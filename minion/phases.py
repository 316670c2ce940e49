"""The states of the main thread and the only ways between them."""
from __future__ import absolute_import, division, print_function

import logging

log = logging.getLogger(__name__)

PREPARING, KEYS, SIGNING_IN = 'preparing', 'keys', 'signing in'
LISTENING, FAILING_OVER, STOPPING = 'listening', 'failing over', 'stopping'

# (state, event): (next state, what the log says)
TABLE = {
    (PREPARING, 'prepared'): (KEYS, 'settings and folders are in order, looking at the keys'),
    (KEYS, 'keys ready'): (SIGNING_IN, 'keys are ready, signing in'),
    (SIGNING_IN, 'signed in'): (LISTENING, 'signed in, listening for jobs'),
    (LISTENING, 'sign in again'): (SIGNING_IN, 'signing in again'),
    (LISTENING, 'master lost'): (FAILING_OVER, 'the master is lost, trying the next one'),
    (FAILING_OVER, 'signed in'): (LISTENING, 'signed in, listening for jobs'),
}
ANYWHERE = {'stop': (STOPPING, 'stopping')}


class Machine(object):
    """Holds the state; main thread only, others may read `state`.

    :param callable changed: called as changed(new_state, detail) after each transition.  :param str first: state.
    """

    def __init__(self, changed=None, first=PREPARING):
        self.state = first
        self._changed = changed

    def on(self, event, detail=''):
        """Make the transition of `event`.  :raises ValueError: the table has none here, a programming error."""
        found = ANYWHERE.get(event) or TABLE.get((self.state, event))
        if found is None:
            raise ValueError('no transition for %r in state %r' % (event, self.state))
        self.state, words = found
        log.info('%s%s', words, ': ' + detail if detail else '')
        if self._changed is not None:
            self._changed(self.state, detail)
