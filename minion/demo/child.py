"""The minion of the demo: a process of its own, configured in one folder, its log read as it grows."""
from __future__ import absolute_import, division, print_function

import errno
import os
import pwd
import signal
import subprocess
import sys
import time

import minion
from minion import compat, errors, files, keys

LEVELS = ('DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL')
GRACE = 10.0                      # seconds from SIGTERM to SIGKILL
LONGEST = 1 << 16                 # bytes of the log taken at once


def program():
    """Words that start this program's minion: bin/minion beside the package, or the script that was called.

    :raises MinionError: it is neither here nor there.
    """
    beside = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(minion.__file__))), 'bin', 'minion')
    called = os.path.abspath(sys.argv[0])
    for path in (beside, called):
        if os.path.basename(path) == 'minion' and os.path.isfile(path):
            return [sys.executable, path]
    raise errors.MinionError('%s: not found, and the demo was not called through it' % beside)


class Child(object):
    """:param str folder: for everything of this minion; made when missing, mode 0700.
    :param dict settings: of the minion, besides its paths.
    :param words: command that takes `-c FOLDER`; None: program().
    """

    def __init__(self, folder, settings, words=None):
        self._folder, self._words = folder, list(words or program())
        self._conf = os.path.join(folder, 'conf')
        self.log, self.output = os.path.join(folder, 'log'), os.path.join(folder, 'output')
        self._process, self._read = None, 0
        compat.make_dirs(self._conf)
        paths = {'pki_dir': 'pki', 'cachedir': 'cache', 'sock_dir': 'run', 'extension_modules': 'extmods',
                 'log_file': 'log', 'pidfile': 'minion.pid'}
        chosen = dict((name, os.path.join(folder, path)) for name, path in paths.items())
        chosen.update(user=pwd.getpwuid(os.geteuid()).pw_name, log_level='quiet', log_level_logfile='info',
                      log_fmt_logfile='%(levelname)s %(message)s')
        chosen.update(settings)
        text = compat.import_yaml().safe_dump(chosen, default_flow_style=False)
        files.write(os.path.join(self._conf, 'minion'), compat.to_bytes(text), sync=False)

    def start(self):
        """Start the process, in a session of its own: Ctrl-C reaches only us, and we end it in order.

        :return int: its pid.  :raises MinionError: it cannot be started.
        """
        with open(self.output, 'ab') as output, open(os.devnull, 'rb') as nothing:
            try:
                self._process = subprocess.Popen(self._words + ['-c', self._conf], stdin=nothing, stdout=output,
                                                 stderr=output, preexec_fn=os.setsid, close_fds=True)
            except OSError as exc:
                raise errors.MinionError('%s cannot be started: %s' % (' '.join(self._words), files.reason(exc)))
        return self._process.pid

    def check(self):
        """:raises MinionError: the process ended; with the last that it said."""
        code = self._process.poll()
        if code is not None:
            said = (files.read(self.output, 1 << 24) or b'').decode('utf-8', 'replace').strip()
            raise errors.MinionError('the minion ended with exit code %d%s; its log: %s' % (
                code, ': ' + compat.to_native(said.splitlines()[-1]) if said else '', self.log))

    def ended(self):
        """True if the process is not running any more."""
        return self._process.poll() is not None

    def news(self):
        """[(level, text)] of the lines that came into the log since the last call; level '' goes on a line before."""
        data = _read_from(self.log, self._read)
        if b'\n' not in data and len(data) == LONGEST:
            data += b'\n'                        # a line beyond all measure comes in pieces
            self._read -= 1
        whole, newline, _ = data.rpartition(b'\n')
        self._read += len(whole) + len(newline)
        return [_parted(compat.to_native(line)) for line in whole.splitlines()]

    def fingerprints(self):
        """(usual, as salt-key of a 3008 master shows it) of the minion's key; None as long as there is none."""
        try:
            pem = files.read(os.path.join(self._folder, 'pki', 'minion.pub'))
        except OSError as exc:
            if exc.errno != errno.EACCES:        # being made by an older minion: not readable for a moment
                raise
            return None
        return (keys.fingerprint(pem), keys.text_fingerprint(compat.to_native(pem))) if pem else None

    def stop(self):
        """SIGTERM, and SIGKILL to its whole session after GRACE seconds; True if the first was enough."""
        if self._process is None or self.ended():
            return True
        self._process.terminate()
        deadline = compat.monotonic() + GRACE
        while not self.ended() and compat.monotonic() < deadline:
            time.sleep(0.05)
        if self.ended():
            return True
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        return False


def _read_from(path, start):
    try:
        with open(path, 'rb') as stream:
            stream.seek(start)
            return stream.read(LONGEST)
    except (IOError, OSError) as exc:
        if exc.errno != errno.ENOENT:            # the minion has not come to its log yet
            raise
        return b''


def _parted(line):
    level, _, text = line.partition(' ')
    return (level, text) if level in LEVELS else ('', line)
