"""A running agent inside the test's process: quick to start, its log in a list."""
from __future__ import absolute_import, division, print_function

import logging
import os
import re
import threading

import minion
from minion import agent, compat, config
from tests.support import testkeys
from tests.support.waiting import wait_until


class _Lines(logging.Handler):
    def __init__(self):
        logging.Handler.__init__(self, logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append('%s %s' % (record.levelname, record.getMessage()))


class LiveAgent(object):
    """:param str folder: everything lies below it.  :param Master embedded: started.
    :param bool own_key: use the fixed test key instead of making one.  :param settings: further ones.
    :param callable lookup: name service, see minion.resolver.
    """

    def __init__(self, folder, embedded, minion_id='m1', own_key=True, lookup=None, **settings):
        self._lookup = lookup
        self.folder, self.master, self.minion_id = str(folder), embedded, minion_id
        self.pki = os.path.join(self.folder, 'etc', 'salt', 'pki', 'minion')
        self.cache = os.path.join(self.folder, 'cache')
        for path in [self.pki] + [os.path.join(self.cache, name) for name in ('proc', 'spool', 'jobs')]:
            compat.make_dirs(path)
        if own_key and not os.path.exists(os.path.join(self.pki, 'minion.pem')):
            self._install_key()
        self.settings = dict({
            'id': minion_id, 'master': '127.0.0.1', 'master_port': embedded.ret_port, 'root_dir': self.folder,
            'cachedir': '/cache', 'pki_dir': '/etc/salt/pki/minion', 'acceptance_wait_time': 0.2, 'auth_timeout': 1,
            'auth_tries': 1, 'recon_default': 50, 'recon_max': 100, 'random_reauth_delay': 0, 'return_retry_timer': 1,
            'return_retry_timer_max': 1}, **settings)
        self._log = _Lines()
        self.exit_code, self.error, self.agent, self._thread = None, None, None, None

    def _install_key(self):
        with open(testkeys.path('minion'), 'rb') as source:
            path = os.path.join(self.pki, 'minion.pem')
            with open(path, 'wb') as target:
                target.write(source.read())
            os.chmod(path, 0o400)

    def start(self):
        """Start it; does not wait for the sign-in."""
        folder = os.path.join(self.folder, 'conf')
        compat.make_dirs(folder)
        with open(os.path.join(folder, 'minion'), 'wb') as stream:
            text = compat.import_yaml().safe_dump(self.settings, default_flow_style=False)
            stream.write(compat.to_bytes(text))
        self.agent = agent.Agent(config.load(folder).with_id(self.minion_id), self.minion_id, self._lookup)
        logger = logging.getLogger(minion.__name__)
        logger.addHandler(self._log)
        self._level = logger.level
        logger.setLevel(logging.DEBUG)
        self._thread = threading.Thread(target=self._run, name='agent')
        self._thread.start()
        return self

    def _run(self):
        try:
            self.exit_code = self.agent.run()
        except Exception as exc:               # the thread's outermost function; tests look at it
            self.error = exc

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, error, trace):
        self.stop()

    def stop(self, seconds=10):
        """Stop it. :raises AssertionError: it does not end, or left threads behind."""
        self.agent.stop()
        self._thread.join(seconds)
        logging.getLogger(minion.__name__).removeHandler(self._log)
        logging.getLogger(minion.__name__).setLevel(self._level)
        assert not self._thread.is_alive(), 'the agent does not end'
        assert not self.agent.abandoned()

    def alive(self):
        """True while the main thread runs."""
        return self._thread.is_alive()

    def wait_ready(self, seconds=15):
        """Wait until the start event reached the master."""
        self.master.wait_event('salt/minion/%s/start' % self.minion_id, seconds)
        return self

    def ready(self):
        """Start and wait; for use in `with`."""
        return _Started(self)

    def call(self, fun, arg=(), seconds=10, **more):
        """Publish a job and return the load of its return."""
        return self.master.wait_return(self.master.publish(fun, list(arg), **more), self.minion_id, seconds)

    def text(self, after=0):
        """All log lines but the first `after`."""
        return '\n'.join(self._log.lines[after:])

    def mark(self):
        """How many lines there are now."""
        return len(self._log.lines)

    def wait_log(self, pattern, seconds=10, after=0):
        """Wait until the log has a line that matches; the match."""
        return wait_until(lambda: re.search(pattern, self.text(after)), seconds,
                          lambda: '%r in the log:\n%s' % (pattern, self.text()))


class _Started(object):
    """Enters a LiveAgent once it is ready."""

    def __init__(self, live):
        self._live = live

    def __enter__(self):
        self._live.start()
        try:
            return self._live.wait_ready()
        except BaseException:
            self._live.stop()
            raise

    def __exit__(self, kind, error, trace):
        self._live.stop()
