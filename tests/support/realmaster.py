"""A real Salt master of a chosen version for tests, with its default security settings, on loopback ports.

The masters stand in virtual environments that bin/check makes; the environment variable MINION_REAL_MASTERS names them
as `VERSION=FOLDER VERSION=FOLDER ...`.
"""
from __future__ import absolute_import, division, print_function

import getpass
import io
import json
import os
import re
import select
import shutil
import socket
import subprocess
import tempfile

import msgpack
import zmq

from minion import compat
from tests.support import groups, ports
from tests.support.waiting import wait_until

CLIENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'saltclient.py')
START_SECONDS = 90
ASK_SECONDS = 10


def installed():
    """Map of master version to the folder of its virtual environment, in the order given to the test run."""
    pairs = [item.partition('=') for item in os.environ.get('MINION_REAL_MASTERS', '').split()]
    return [(version, folder) for version, _, folder in pairs]


def generation(version):
    """The newest sign-in protocol that a master of this version speaks: 0 (unsigned), 2 or 3."""
    major = int(re.match(r'\d+', version).group())
    if major >= 3006:
        return 3
    return 2 if 3004 <= major < 3006 else 0


def tags_beyond_ascii(version):
    """True for a master that passes on events whose tag is more than ASCII; those that run on Python 2 drop them."""
    return int(re.match(r'\d+', version).group()) in range(3001, 3100)


class RealMaster(object):
    """A salt-master process tree with its configuration, keys and log in a short folder of its own.

    :param str version: as '3008.3'. `home`: folder of its virtual environment, by default from `installed()`.
    :param dict settings: entries of its configuration beyond what the harness needs.
    """

    def __init__(self, version, settings=None, home=None):
        self.version = version
        self.home = home or dict(installed())[version]
        # Its socket paths must stay below 108 bytes, which neither pytest's folders nor TMPDIR promise.
        self.folder = tempfile.mkdtemp(prefix='master-', dir='/tmp' if len(tempfile.gettempdir()) > 50 else None)
        self._ports = [ports.Port(), ports.Port()]
        self.publish_port, self.ret_port = [port.number for port in self._ports]
        self.log = os.path.join(self.folder, 'master.log')
        self._output = os.path.join(self.folder, 'output')
        self._process = self._client = None
        self._dummies = 0
        self._configure(settings or {})

    def _configure(self, settings):
        self.config_dir = os.path.join(self.folder, 'etc', 'salt')
        compat.make_dirs(self.config_dir)
        values = {'interface': '127.0.0.1', 'publish_port': self.publish_port, 'ret_port': self.ret_port,
                  'root_dir': self.folder, 'user': getpass.getuser(), 'worker_threads': 3, 'max_open_files': 4096,
                  'loop_interval': 1,               # seconds until a key rotation is noticed; 60 by default
                  'log_file': self.log, 'log_level_logfile': 'info'}
        values.update(settings)
        with io.open(os.path.join(self.config_dir, 'master'), 'wb') as stream:
            for key in sorted(values):              # JSON values are YAML as well
                stream.write(compat.to_bytes('%s: %s\n' % (key, json.dumps(values[key]))))

    # ---- life

    def start(self):
        """Start it (again, on the same ports) and wait until it answers requests and takes orders."""
        self._process = groups.start(self._command('salt-master', '-l', 'quiet'), self._output, self.folder,
                                     _environment())
        try:
            wait_until(self._ready, START_SECONDS, self._describe, pause=0.2)
            self._client = _Client(self._python(), os.path.join(self.config_dir, 'master'), self._output)
        except BaseException:
            self.kill()
            raise
        return self

    def kill(self):
        """SIGKILL for the whole tree at once, as a crashed host would look."""
        self._end(0)

    def stop(self):
        """An orderly end, and removal of its folder."""
        self._end(10)
        shutil.rmtree(self.folder, ignore_errors=True)
        for port in self._ports:
            port.close()

    def _end(self, grace):
        if self._client:
            self._client.close()
            self._client = None
        if self._process:
            groups.end(self._process, grace)
            self._process = None

    def _ready(self):
        if self._process.poll() is not None:
            raise AssertionError('the master ended: ' + self._describe())
        return listens(self.publish_port) and listens(self.ret_port) and answers(self.ret_port)

    def _describe(self):
        parts = ['master %s answers on ports %d, %d' % (self.version, self.publish_port, self.ret_port)]
        for path in (self._output, self.log):
            parts.append('---- end of %s\n%s' % (path, text_of(path)[-3000:]))
        return '\n'.join(parts)

    # ---- orders

    def run(self, tgt, fun, *arg, **options):
        """Publish a job and wait for its returns.

        :param options: tgt_type ('glob'), timeout (10 seconds), kwarg (map).
        :return dict: minion id to the whole return: {'ret', 'retcode', 'jid', ...}; minions that said nothing lack.
        """
        order = dict(options, tgt=tgt, fun=fun, arg=list(arg))
        reply = self._client.ask(order, options.get('timeout', 10) + 60)
        return dict((name, whole) for name, whole in reply.items()
                    if isinstance(whole, dict) and whole.get('out') != 'no_return')

    def salt(self, tgt, fun, *arg, **options):
        """As `run`, but only what the functions returned: a map of minion id to value."""
        return dict((name, whole['ret']) for name, whole in self.run(tgt, fun, *arg, **options).items())

    def publish(self, tgt, fun, *arg):
        """Publish a job for a glob and wait for nothing; its jid."""
        return self._client.ask({'tgt': tgt, 'fun': fun, 'arg': list(arg), 'no_wait': True}, 30)

    def cached(self, jid):
        """{id: whole return} that the master's job cache holds for a job."""
        return self._client.ask({'cached': jid}, 30)

    def next_event(self, tag, seconds=30):
        """{'tag', 'data'} of the next event on the master's bus whose tag begins with `tag`, None if none comes in time."""
        return self._client.ask({'event': tag, 'timeout': seconds}, seconds + 30)

    def salt_key(self, *arguments):
        """Output (text) of `salt-key ARGUMENTS -y`."""
        return self._call('salt-key', '--no-color', '-y', *arguments)

    def keys(self):
        """Map of 'minions', 'minions_pre', 'minions_rejected', 'minions_denied' to lists of ids."""
        found = json.loads(self.salt_key('-L', '--out=json'))
        return dict((kind, found.get(kind, [])) for kind in
                    ('minions', 'minions_pre', 'minions_rejected', 'minions_denied'))

    def fingerprint(self, minion_id):
        """What `salt-key -F` shows for the key of a minion, in whichever state it is; None if it has none."""
        found = json.loads(self.salt_key('-F', '--out=json'))
        for kind in found:
            if kind != 'local' and minion_id in found[kind]:
                return found[kind][minion_id]
        return None

    def wait_for_key(self, minion_id, kind='minions_pre', seconds=60):
        """Wait until the key of a minion lies in the folder `kind` of the master's key store."""
        path = self.pki(kind, minion_id)
        wait_until(lambda: os.path.exists(path), seconds, lambda: '%s in %s\n%s' % (minion_id, kind, self._describe()))

    def pki(self, *names):
        """Path in the master's key store."""
        return os.path.join(self.folder, 'etc', 'salt', 'pki', 'master', *names)

    def rotate_aes(self):
        """Have the master make a new AES key, as deleting any minion's key does."""
        self._dummies += 1
        name = 'gone-%d' % self._dummies
        shutil.copy(self.pki('master.pub'), self.pki('minions', name))
        self.salt_key('-d', name)
        self.wait_rotated()

    def wait_rotated(self):
        """After salt-key -d or -r: wait until the master has noticed that it is to make a new AES key.

        They leave the file .dfn in the cache folder; the master removes it when it makes the key.
        """
        drop = os.path.join(self.folder, 'var', 'cache', 'salt', 'master', '.dfn')
        wait_until(lambda: not os.path.exists(drop), 60, lambda: 'AES rotation\n' + self._describe())

    def sign_ins(self, minion_id):
        """How often a minion has asked to sign in, counted in the master's log over all its starts."""
        return text_of(self.log).count('Authentication request from %s\n' % minion_id)

    def subscribers(self):
        """Number of TCP connections that stand at the publish port."""
        with open('/proc/net/tcp') as stream:
            rows = [line.split() for line in stream.readlines()[1:]]
        return sum(1 for row in rows if row[1].endswith(':%04X' % self.publish_port) and row[3] == '01')

    def jobs_lookup(self, jid):
        """Map of minion id to returned value, as `salt-run jobs.lookup_jid` shows it."""
        found = json.loads(self._call('salt-run', '--out=json', 'jobs.lookup_jid', jid))
        return found.get('data', found) if isinstance(found, dict) else found

    def _python(self):
        return os.path.join(self.home, 'bin', 'python')

    def _command(self, name, *arguments):
        return [self._python(), os.path.join(self.home, 'bin', name), '-c', self.config_dir] + list(arguments)

    def _call(self, name, *arguments):
        status, output = groups.call(self._command(name, *arguments), self._output, self.folder, _environment())
        if status:
            raise AssertionError('%s %s ended with %d: %r\n%s' % (name, ' '.join(arguments), status, output,
                                                                  self._describe()))
        return compat.to_text(output)


class _Client(object):
    """The one process that publishes jobs on a running master (saltclient.py)."""

    def __init__(self, python, config, log):
        with open(log, 'ab') as errors:
            self._process = subprocess.Popen([python, CLIENT, config], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                             stderr=errors, env=_environment(), preexec_fn=groups.alone)
        try:
            assert self._read(60) == {'ready': True}
        except BaseException:
            self.close()
            raise

    def ask(self, order, seconds):
        self._process.stdin.write(compat.to_bytes(json.dumps(order)) + b'\n')
        self._process.stdin.flush()
        reply = self._read(seconds)
        if 'error' in reply:
            raise AssertionError('the order %r failed: %s' % (order, reply['error']))
        return reply['answer']

    def _read(self, seconds):
        if not select.select([self._process.stdout], [], [], seconds)[0]:
            raise AssertionError('the publishing process said nothing for %g s' % seconds)
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError('the publishing process ended; see the output of the master')
        return json.loads(compat.to_text(line))

    def close(self):
        for stream in (self._process.stdin, self._process.stdout):
            stream.close()
        groups.end(self._process)


def listens(port):
    """True if something accepts connections on a loopback port."""
    try:
        socket.create_connection(('127.0.0.1', port), 1).close()
        return True
    except (IOError, OSError):
        return False


def answers(port):
    """True if a worker of the master behind its request port answers anything at all."""
    context = zmq.Context()
    asking = context.socket(zmq.REQ)
    try:
        asking.setsockopt(zmq.LINGER, 0)
        asking.connect('tcp://127.0.0.1:%d' % port)
        asking.send(msgpack.packb({'enc': 'clear', 'load': {'cmd': 'ping'}}, use_bin_type=False))
        return bool(asking.poll(ASK_SECONDS * 1000))
    finally:
        asking.close()
        context.term()


def text_of(path):
    """Text of a log file so far; '' if it is not there."""
    try:
        with io.open(path, encoding='utf-8', errors='replace') as stream:
            return stream.read()
    except IOError:
        return u''


def _environment():
    """Surroundings of a master: nothing of the test run's own Python."""
    kept = dict(item for item in os.environ.items() if not item[0].startswith(('PYTHON', 'SALT_', 'PYTEST')))
    return dict(kept, LC_ALL='C.UTF-8')
