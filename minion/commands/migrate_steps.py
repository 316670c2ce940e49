"""The switch from salt-minion to this minion and back: steps that may be repeated, and the journal that they go by."""
from __future__ import absolute_import, division, print_function

import json
import os
import signal
import stat
import time
from collections import namedtuple

from minion import compat, errors, files, pki
from minion.commands import migrate_host, service_files, service_state
from minion.commands.migrate_host import OLD, OURS

JOURNAL = 'migration.json'                       # beside the configuration, 0600
STEPS = ('stop', 'disable', 'close', 'install', 'start')
HALF = 2                                         # exit code of this command: neither done nor taken back
STOPPING = 60.0                                  # seconds that a salt-minion may take to end; it waits for its jobs
STARTING = 30.0                                  # seconds until a process of the started salt-minion is there
KEYS = ((pki.PRIVATE, 0o400), ('', 0o700))       # below pki_dir; the wanted modes

# pki_dir, pidfile, log: of the configuration; daemon: the program that our service starts; seconds: until it listens
Host = namedtuple('Host', 'root kind config_dir pki_dir pidfile log daemon seconds')


class Journal(object):
    """What was there before and which steps were begun.

    `facts`: None before a migration; else {version, began, state: 'under way' or 'done', begun: list of STEPS, host:
    what Host said, before: see Switch.measure()}.
    """

    def __init__(self, config_dir):
        self.path = os.path.join(config_dir, JOURNAL)
        self.facts = self._read()

    def _read(self):
        try:
            data = files.read(self.path)
            facts = None if data is None else compat.native_tree(json.loads(compat.to_text(data)))
            if facts is not None and (facts['version'] != 1 or set(facts['begun']) - set(STEPS) or not facts['before']):
                raise ValueError('not of this version')
        except EnvironmentError as exc:
            kind = errors.Forbidden if os.geteuid() else errors.MinionError
            raise kind('%s: cannot be read: %s' % (self.path, files.reason(exc)))
        except (ValueError, KeyError, TypeError) as exc:
            raise errors.ConfigError('%s is damaged (%s): see which service is to run, then remove it' % (self.path, exc))
        return facts

    def begin(self, host, before):
        """Before the first change."""
        self.facts = {'version': 1, 'began': int(time.time()), 'state': 'under way', 'begun': [], 'before': before,
                      'host': dict(host._asdict())}
        self._write()

    def note(self, step):
        """A step begins."""
        if step not in self.facts['begun']:
            self.facts['begun'].append(step)
            self._write()

    def forget(self, step):
        """A step was taken back."""
        self.facts['begun'].remove(step)
        self.facts['state'] = 'under way'
        self._write()

    def done(self):
        """All steps are done."""
        self.facts['state'] = 'done'
        self._write()

    def close(self):
        """All is as it was before."""
        files.remove(self.path)
        self.facts = None

    def _write(self):
        try:
            files.write(self.path, compat.to_bytes(json.dumps(self.facts, sort_keys=True, indent=1) + '\n'), 0o600)
        except EnvironmentError as exc:
            kind = errors.Forbidden if os.geteuid() else errors.MinionError
            raise kind('%s: the journal cannot be written: %s' % (self.path, files.reason(exc)))


class Switch(object):
    """:param Host host:  :param Journal journal:  :param callable say: told each step.

    :param callable run: as migrate_host.run.  :param callable look: as migrate_host.processes.
    """

    def __init__(self, host, journal, say, run=migrate_host.run, look=migrate_host.processes):
        self._host, self._journal, self._say, self._run = host, journal, say, run
        self.old = migrate_host.InitService(host.root, host.kind, OLD, run)
        self.ours = migrate_host.InitService(host.root, host.kind, OURS, run)
        self.plan = service_files.Plan(host.root, host.kind, host.daemon, host.config_dir, self._told, host.pidfile)
        self.look = lambda: look(host.config_dir)

    def _told(self, text):
        self._say('         %s' % text)

    def measure(self):
        """{running, words: of a process that no service started, boot, enabled, modes: {path: mode}, ours: installed}."""
        running = self.look()
        words = running[min(running)] if running and self.old.definition() is None else []
        place = migrate_host.program(words)
        return {'running': bool(running), 'words': words[:place + 1] if words else [], 'boot': self.old.boot(),
                'enabled': self.old.enabled(), 'modes': self.loose(), 'ours': self.plan.installed()}

    def loose(self):
        """{path: mode} of the private key and its folder where others may look into them."""
        found = {}
        for name, wanted in KEYS:
            path = os.path.join(self._host.pki_dir, name).rstrip('/')
            try:
                mode = stat.S_IMODE(os.stat(path).st_mode)
            except OSError:                      # no key yet
                continue
            if mode & 0o077 & ~(0o050 if not name else 0):
                found[path] = mode
        return found

    # ---- there

    def forward(self):
        """Take the host over; all is taken back when that fails.

        :raises MinionError: why it failed; all is as before.  :raises HalfMigrated: nor could it be taken back.
        """
        if self._journal.facts is None:
            self._journal.begin(self._host, self.measure())
        try:
            for step in STEPS:
                self._journal.note(step)
                getattr(self, '_' + step)(self._journal.facts['before'])
            self._journal.done()
        except (errors.MinionError, EnvironmentError, KeyboardInterrupt) as exc:
            reason = 'interrupted' if isinstance(exc, KeyboardInterrupt) else str(exc)
            self._say('failed:  %s' % reason)
            hear_nothing()
            self.back()
            raise errors.MinionError('%s; all is as it was before, %s' % (reason, self._old_state()))

    def _old_state(self):
        running = self.look()
        return '%s runs as process %d' % (OLD, min(running)) if running else 'no %s runs' % OLD

    def _stop(self, before):
        if not self.look():
            return
        if self.old.definition() is not None:
            self._do('stop', self.old, 'stop')
            migrate_host.ends(lambda: not self.look(), STOPPING)
        for pid in sorted(self.look()):
            self._say('stop:    kill -TERM %d' % pid)
            self._signal(pid)
        if not migrate_host.ends(lambda: not self.look(), STOPPING):
            raise errors.MinionError('process %d of %s does not end' % (min(self.look() or [0]), OLD))

    @staticmethod
    def _signal(pid):
        try:
            os.kill(pid, signal.SIGTERM)
        except OSError:                          # it has ended meanwhile
            return

    def _disable(self, before):
        if self.old.enabled():
            self._say('disable: %s' % how_disabled(self.old))
            self.old.disable()

    def _close(self, before):
        for name, wanted in KEYS:
            path = os.path.join(self._host.pki_dir, name).rstrip('/')
            if path in before['modes'] and path in self.loose():
                self._say('key:     chmod %04o %s' % (wanted, path))
                os.chmod(path, wanted)

    def _install(self, before):
        if not before['ours']:
            self._say('install: the service %s' % OURS)
            self.plan.install()

    def _start(self, before):
        if self.look():
            raise errors.MinionError('process %d of %s has been started meanwhile' % (min(self.look()), OLD))
        code, output = self._do('start', self.ours, 'start')
        if code:
            raise errors.MinionError('this minion did not start: %s' % last_line(output))
        state = [service_state.look(self._host.pidfile)]

        def listens():
            state[0] = service_state.look(self._host.pidfile)
            return service_state.listens(state[0])
        if not migrate_host.ends(listens, self._host.seconds):
            raise errors.MinionError('this minion does not listen within %g s: %s' % (
                self._host.seconds, self._why_not(state[0])))
        self._say('ready:   process %d %s' % (state[0].pid, service_state.news(state[0])))

    def _why_not(self, state):
        if state.code != service_state.RUNS:
            return 'it does not run, see its log %s' % self._host.log
        return (service_state.news(state) or 'it has not said why, see its log %s' % self._host.log).replace(
            'does not listen yet: ', '')

    def _do(self, label, service, action):
        self._say('%-8s %s' % (label + ':', ' '.join(service.words(action))))
        code, output = service.act(action)
        if code:
            self._told('exit code %d: %s' % (code, last_line(output)))
        return code, output

    # ---- and back

    def back(self):
        """Undo the steps of the journal, the last one first.

        :raises HalfMigrated: a step cannot be undone; the journal stays.
        """
        before = self._journal.facts['before']
        try:
            for step in reversed(STEPS):
                if step in self._journal.facts['begun']:
                    getattr(self, '_un' + step)(before)
                    self._journal.forget(step)
            self._journal.close()
        except (errors.MinionError, EnvironmentError) as exc:
            half = errors.HalfMigrated('going back to %s failed: %s; correct that, then: minion migrate --back' % (OLD, exc))
            half.exit_code = HALF
            raise half

    def _unstart(self, before):
        if service_state.look(self._host.pidfile).code == service_state.RUNS or self.ours.definition() is not None:
            self._do('stop', self.ours, 'stop')
        if not migrate_host.ends(lambda: service_state.look(self._host.pidfile).code != service_state.RUNS, STOPPING):
            raise errors.MinionError('process %s of this minion does not end' % service_state.look(self._host.pidfile).pid)

    def _uninstall(self, before):
        if not before['ours']:
            self._say('remove:  the service %s' % OURS)
            self.plan.uninstall()

    def _unclose(self, before):
        for path, mode in sorted(before['modes'].items()):
            if os.path.exists(path):
                self._say('key:     chmod %04o %s' % (mode, path))
                os.chmod(path, mode)

    def _undisable(self, before):
        if before['enabled']:
            self._say('enable:  %s is started at boot again' % OLD)
        self.old.put_back(before['boot'])

    def _unstop(self, before):
        if not before['running'] or self.look():
            return
        if before['words']:
            words = before['words'] + ['-c', self._host.config_dir, '-d']
            self._say('start:   %s' % ' '.join(words))
            code, output = self._run(words)
        else:
            code, output = self._do('start', self.old, 'start')
        if not migrate_host.ends(self.look, STARTING):
            raise errors.MinionError('%s did not start: %s' % (OLD, last_line(output or 'exit code %s' % code)))


def hear_nothing():
    """No signal ends what goes on now. Handlers and not SIG_IGN, which the services that are started would inherit."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)


def how_disabled(service):
    """What is done so that it does not start at boot, in words."""
    known = [' '.join(words) for words in service.disabling() if migrate_host.installed(words[0])]
    if service.kind == 'upstart':
        return 'a line `manual` in /etc/init/%s.override' % service.name
    return known[0] if known else 'the links that start it are removed'


def last_line(text):
    """The last line of an output."""
    return (text.strip().splitlines() or ['it said nothing'])[-1].strip()
