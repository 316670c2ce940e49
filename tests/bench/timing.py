"""The embedded master with a clock: publications made and signed beforehand, the moment when each return's frame came."""
from __future__ import absolute_import, division, print_function

import contextlib
import shutil
import threading

from minion import compat
from minion.demo.master import Master
from minion.keys import PrivateKey
from tests.bench import sides
from tests.support import testkeys

AT_ONCE = 500                    # messages given to the socket in one go; then what has come is answered


class QuickKey(PrivateKey):
    """A key of no secret: signs without the care that a secret needs, in half the time."""

    def _raw(self, number):
        one, two = pow(number, self._dp, self._p), pow(number, self._dq, self._q)
        return two + (one - two) * self._coefficient % self._p * self._q


class TimingMaster(Master):
    """`arrived`: {jid: moment (monotonic) when the frame of its return came}; `sent`: {jid: when it was published}."""

    def __init__(self, folder, **settings):
        with open(testkeys.path('master'), 'rb') as stream:
            key = QuickKey.from_pem(stream.read())
        Master.__init__(self, folder, key=key, auto_accept=True, **settings)
        self.sent, self.arrived = {}, {}
        self._now, self._kept = 0.0, None
        self._wanted, self._all_there = set(), threading.Event()

    # ---- before the clock runs

    def prepare(self, count, fun, arg=(), tgt='*'):
        """[(jid, frames)] of so many publications, to be sent by fire() in this order."""
        made = []
        for _ in range(count):                       # one call each: the thread answers the minion in between
            made += self._station.call(self._prepare, fun, arg, tgt)
        return made

    def _prepare(self, fun, arg, tgt):
        self._kept = []
        self._publish(fun, arg, tgt, 'glob')
        kept, self._kept = self._kept, None
        return kept

    def emit(self, frames, load):
        if self._kept is None:
            Master.emit(self, frames, load)
        else:
            self._kept.append((load['jid'], frames))

    # ---- while it runs

    def fire(self, prepared, seconds=120):
        """Publish them as fast as the socket takes them and wait for all returns; seconds from first frame to last."""
        self.launch(prepared)
        self.await_all(seconds)
        return max(self.arrived[jid] for jid, _ in prepared) - min(self.sent[jid] for jid, _ in prepared)

    def launch(self, prepared):
        """Publish them without waiting; await_all() waits for what the last launch() published."""
        self._all_there.clear()
        self._wanted = set(jid for jid, _ in prepared)
        for start in range(0, len(prepared), AT_ONCE):
            self._station.call(self._send, prepared[start:start + AT_ONCE])

    def _send(self, prepared):
        for jid, frames in prepared:
            self.sent[jid] = compat.monotonic()
            self._station.publish(frames)

    def await_all(self, seconds):
        """Wait for the returns.  :raises AssertionError: some lack after `seconds`."""
        if not self._all_there.wait(seconds):
            raise AssertionError('%d returns lack after %g s' % (len(self._wanted), seconds))

    def send_only(self, prepared):
        """Publish what nobody will answer."""
        for start in range(0, len(prepared), AT_ONCE):
            self._station.call(self._send, prepared[start:start + AT_ONCE])

    def arrive(self, route, data):
        self._now = compat.monotonic()
        Master.arrive(self, route, data)

    def answer(self, route, reply, load):
        Master.answer(self, route, reply, load)
        if load.get('cmd') == '_return':
            jid = compat.to_native(load['jid'])
            self.arrived.setdefault(jid, self._now)
            self._wanted.discard(jid)
            if not self._wanted:
                self._all_there.set()


@contextlib.contextmanager
def connected(name, folder=None, python=None, place=None):
    """(TimingMaster, MinionProcess) of one side, signed in and ready; in `folder`, else in a new one in `place`."""
    own = folder is None
    folder = folder or sides.new_folder('bench', place)
    try:
        with TimingMaster(folder + '/master') as master:
            with sides.minion(name, folder, master, python) as process:
                try:
                    master.wait_event('salt/minion/%s/start' % name, 60)
                    master.fire(master.prepare(1, 'test.ping'))
                    yield master, process
                except BaseException:
                    print(process.tail())
                    raise
    finally:
        if own:
            shutil.rmtree(folder, ignore_errors=True)
