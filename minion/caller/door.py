"""`__minion__` of a call: what a module reaches when no minion is around it."""
from __future__ import absolute_import, division, print_function

import logging
import os
import signal

from minion import compat, errors, files, payload, pillar, running

log = logging.getLogger(__name__)


class HostJobs(running.RunningJobs):
    """The jobs of the minion that runs on this host, as its files in `proc` tell; they can be looked at only.

    As the tie of what the call itself starts (see helpers.command.NoTie) it has Ctrl-C wait until a program that was just
    being started is known, and can be ended with the call.
    """

    def __init__(self, proc_dir):
        running.RunningJobs.__init__(self, proc_dir)
        self._holds, self._holder, self._pressed, self._before = 0, None, False, None

    def hold(self):
        """Until go_on() Ctrl-C is only noted. On other threads, which never hear of it, this does nothing."""
        if not self._holds:
            try:
                self._before = signal.signal(signal.SIGINT, self._press)
            except ValueError:                       # not the main thread
                return
            self._holder = compat.low_thread.get_ident()
        elif self._holder != compat.low_thread.get_ident():
            return
        self._holds += 1

    def _press(self, signum, frame):
        self._pressed = True

    def told(self):
        """True if Ctrl-C was pressed since this thread's hold()."""
        return self._pressed and self._holder == compat.low_thread.get_ident()

    def go_on(self):
        """Take one hold() back.  :raises KeyboardInterrupt: Ctrl-C was pressed meanwhile."""
        if not self._holds or self._holder != compat.low_thread.get_ident():
            return
        self._holds -= 1
        if not self._holds:
            signal.signal(signal.SIGINT, self._before)
            if self._pressed:
                self._pressed = False
                raise KeyboardInterrupt()

    def running(self):
        """The loads of jobs whose process lives."""
        try:
            names = sorted(os.listdir(self._proc_dir))
        except OSError:                              # no minion has run here
            return []
        return [load for load in (self._load(name) for name in names) if load]

    def _load(self, name):
        try:
            load = payload.to_text_tree(payload.unpack(files.read(self._path(name), limit=64 << 20) or b''))
        except (EnvironmentError, errors.BadPayload):          # being written, or just removed
            return None
        alive = isinstance(load, dict) and os.path.isdir('/proc/%s' % load.get('pid'))
        return compat.native_tree(load) if alive else None

    def find(self, jid):
        """The load of one of them, or {}."""
        wanted = compat.to_native(jid) if compat.is_text(jid) else str(jid)
        return next((load for load in self.running() if load.get('jid') == wanted), {})

    def signal(self, jid, signum):
        """'': a job is a thread of the minion, which only that process can end."""
        log.warning('job %s: ask the minion itself to end it, through its master', jid)
        return ''


class LocalDoor(object):
    """Without a master.

    :param jobs: HostJobs.
    """

    def __init__(self, jobs):
        self.jobs, self._functions = jobs, None

    def serve(self, loader):
        """The Loader that `functions` gives."""
        self._functions = loader

    def request(self, load):
        """There is nobody to ask.  :raises CommandExecutionError:"""
        raise errors.CommandExecutionError('this call has no master (--local)')

    pillar = request
    fresh = True                                     # the pillar in force was made for this call: a run need not make it anew

    def compiled_pillar(self, grains, **wanted):
        """The pillar of this host as it is now: saltenv, pillarenv, override, external as localpillar.compiled takes them."""
        from minion import localpillar
        return localpillar.compiled(self._functions, **wanted)

    def fire_event(self, tag, data):
        """False: an event has nowhere to go."""
        log.warning('Local mode detected. Event with tag %s will NOT be sent.', tag)
        return False

    def refresh(self, kind):
        """Read the pillar anew, where it is that which is asked for: each call reads everything else anew.

        False, as in the reference: it is not a minion at work that is told.
        """
        loader = self._functions
        if kind == 'pillar' and pillar.has_own(loader.opts):
            loader.update(pillar=self.compiled_pillar(loader.grains, saltenv=loader.opts.get('saltenv'),
                                                      pillarenv=loader.opts.get('pillarenv')))
        return False

    def close_channel(self):
        """Nothing is open."""

    def functions(self):
        """The Loader of execution modules."""
        return self._functions
