"""A minion as a process of its own, with a configuration made for the test: its log, its end, what it leaves behind."""
from __future__ import absolute_import, division, print_function

import json
import os
import re
import signal
import sys

from minion import compat, files
from tests.support import groups, leaks
from tests.support.waiting import wait_until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = (sys.executable, os.path.join(ROOT, 'bin', 'minion'))


class MinionProcess(object):
    """:param str folder: everything of this minion lies below it; made when missing.
    :param master: object with `ret_port` (a Master, a Proxy's stand-in), or None when `config` names masters.
    :param str minion_id:  :param program: words of the command; a reference minion will do, too.
    :param str key: path of a private key file to start with; None lets the minion make one.
    :param config: further settings, see settings().
    """

    def __init__(self, folder, master=None, minion_id='m1', program=PROGRAM, key=None, **config):
        self.folder, self.minion_id, self.program = folder, minion_id, tuple(program)
        self.output = os.path.join(folder, 'output')
        self.log = os.path.join(folder, 'log')
        self.pki = os.path.join(folder, 'pki')
        self.environment = dict(os.environ)
        self.process = None
        for path in (folder, os.path.join(folder, 'conf'), self.pki):
            compat.make_dirs(path)
        if key is not None:
            self._install(key)
        self.settings = {
            'id': minion_id, 'master': '127.0.0.1', 'user': None, 'pki_dir': self.pki, 'log_file': self.log,
            'log_level': 'debug', 'log_level_logfile': 'debug', 'acceptance_wait_time': 1, 'auth_timeout': 5,
            'cachedir': os.path.join(folder, 'cache'), 'sock_dir': os.path.join(folder, 'run'),
            'pidfile': os.path.join(folder, 'minion.pid'), 'extension_modules': os.path.join(folder, 'extmods'),
            'random_reauth_delay': 0, 'recon_default': 100, 'recon_max': 500, 'recon_randomize': False,
        }
        if master is not None:
            self.settings['master_port'] = master.ret_port
        self.settings.update(config)

    def _install(self, key):
        data = files.read(key)
        files.write(os.path.join(self.pki, 'minion.pem'), data, 0o400, sync=False)

    def write_config(self):
        """Put `settings` (None: leave out) into the file `minion` of the configuration folder."""
        chosen = dict(item for item in self.settings.items() if item[1] is not None)
        text = compat.import_yaml().safe_dump(chosen, default_flow_style=False)
        files.write(os.path.join(self.folder, 'conf', 'minion'), compat.to_bytes(text), sync=False)

    @property
    def hears(self):
        """True while its status file says that jobs of its (first) master reach it."""
        try:
            with open(os.path.join(self.folder, 'minion.status')) as stream:
                masters = json.load(stream)['masters']
        except (IOError, OSError, ValueError):       # not there yet
            return False
        return bool(masters and masters[0]['ready'])

    # ---- life

    def start(self, *words):
        """Write the configuration and start; `words` follow `-c FOLDER` on the command line."""
        self.write_config()
        command = self.program + ('-c', os.path.join(self.folder, 'conf')) + words
        self.process = groups.start(list(command), self.output, self.folder, self.environment)
        return self

    def __enter__(self):
        return self if self.process else self.start()

    def __exit__(self, kind, error, trace):
        if self.process is not None:
            groups.end(self.process)

    @property
    def pid(self):
        """Pid of the process that was started."""
        return self.process.pid

    def send(self, number):
        """Send a signal to the process itself."""
        os.kill(self.pid, number)

    def stop(self, number=signal.SIGTERM, seconds=15):
        """Send a signal; the exit status (as Popen gives it). :raises AssertionError: it does not end in time."""
        self.send(number)
        return self.wait_end(seconds)

    def kill(self):
        """SIGKILL to the whole process group; nothing of it is left afterwards."""
        groups.end(self.process)

    def wait_end(self, seconds=15):
        """Wait for the end; the exit status."""
        wait_until(lambda: self.process.poll() is not None, seconds, lambda: 'end of the minion; ' + self.tail())
        return self.process.returncode

    def running(self):
        """True while the process lives."""
        return self.process.poll() is None

    def leftovers(self):
        """Pids of its process group that outlived it, and files that only a running minion should have."""
        files_left = [name for name in ('minion.pid',) if os.path.exists(os.path.join(self.folder, name))]
        return groups.members(self.pid) + files_left

    def children(self):
        """{pid: name and state} of its direct children."""
        return leaks.children(self.pid)

    def descriptors(self):
        """{number: target} of its open descriptors."""
        return leaks.descriptors(self.pid)

    # ---- what it says

    def mark(self):
        """Where log and output end now; for text() and wait_log()."""
        return len(_read(self.log)), len(_read(self.output))

    def text(self, after=(0, 0)):
        """Log and output, what came before the mark `after` left out."""
        return _read(self.log)[after[0]:] + _read(self.output)[after[1]:]

    def tail(self, lines=25):
        """The last lines of it, for error messages."""
        return 'it said:\n' + '\n'.join(self.text().splitlines()[-lines:])

    def wait_log(self, pattern, seconds=15, after=(0, 0)):
        """Wait until what log and output say after a mark matches the regular expression; the match object.

        :raises AssertionError: they do not in time, or the process ended without.
        """
        expression = re.compile(pattern, re.MULTILINE)

        def found():
            ended = not self.running()
            match = expression.search(self.text(after))
            if ended and not match:
                raise AssertionError('the minion ended before it said %r; %s' % (pattern, self.tail()))
            return match
        return wait_until(found, seconds, lambda: '%r; %s' % (pattern, self.tail()))


def _read(path):
    if not os.path.exists(path):
        return ''
    with open(path, 'rb') as stream:
        return compat.to_native(stream.read())
