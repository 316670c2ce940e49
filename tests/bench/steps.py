"""python -m tests.bench steps: CPU of each step of one test.ping, on one thread and without sockets.

The objects are those of a running minion; this thread does the work of subscriber, executor and returner in turn. From
Python 3.7 on, in CPU of this thread; the least of many jobs says most on a busy host.
"""
from __future__ import absolute_import, division, print_function

import argparse
import collections
import logging
import os
import shutil
import time

from minion import agent, config, crypticle, files, payload, prepare, protocol, session
from tests.bench import sides, timing
from tests.bench.figures import median
from tests.support import testkeys

ALGORITHM = 'PKCS1v15-SHA224'
CLOCK = getattr(time, 'thread_time', time.time)
WARM = 20                        # jobs that are not counted


class Steps(object):
    """One minion, put together and not started, and a master's keys."""

    def __init__(self, folder):
        self._write_settings(folder)
        conf = config.load(os.path.join(folder, 'conf')).with_id('steps')
        prepare.prepare(conf)
        self.agent = agent.Agent(conf, 'steps')
        self.agent.prepare()
        self._link, self._jobs, self._queue = self.agent._links[0], self.agent._jobs, collections.deque()
        with open(testkeys.path('master'), 'rb') as stream:
            self._key = timing.QuickKey.from_pem(stream.read())
        self._publish, self._own = [crypticle.Crypticle(crypticle.new_key()) for _ in range(2)]
        self._session = session.Session(1, 'master', 'tcp://127.0.0.1:1', 'tcp://127.0.0.1:2', protocol.GENERATIONS[3],
                                        self._publish, self._own, self._key.public, 'ab' * 8, 'cd' * 8, 0, time.time())
        self._link.board.put(self._session)
        self._subscriber = self._link._new_subscriber()
        self._link.returner._spool, self._link.returner._requester.ask = self._link.spool, self._ask
        self._jobs._pool.submit = self._jobs._quick.submit = lambda job: self._queue.append(job) or True
        self.agent._world._ready.set()
        self._not_ours = 0.0

    @staticmethod
    def _write_settings(folder):
        os.makedirs(os.path.join(folder, 'conf', 'pki'), 0o700)
        files.write(os.path.join(folder, 'conf', 'pki', 'minion.pem'), files.read(testkeys.path('minion')), 0o400)
        with open(os.path.join(folder, 'conf', 'minion'), 'w') as stream:
            stream.write('\n'.join(['master: 127.0.0.1', 'root_dir: ' + folder, 'pki_dir: %s/conf/pki' % folder,
                                    'cachedir: %s/cache' % folder, 'pidfile: %s/pid' % folder, 'log_file: %s/log' % folder]))

    def frame(self, number):
        """A publication as it comes."""
        blob = self._publish.dumps({'tgt': '*', 'jid': '2026%016d' % number, 'fun': 'test.ping', 'arg': [], 'ret': '',
                                    'tgt_type': 'glob', 'user': 'root', 'serial': number})
        return payload.pack({'enc': 'aes', 'load': blob, 'sig': self._key.sign(blob, ALGORITHM), 'sig_algo': ALGORITHM})

    def _ask(self, load, patience, seconds):
        """In the place of Requester.ask: all of it but the sockets; the master's part is taken out of the time."""
        frame, nonce = protocol.seal(self._session, self._link.office.identity, load, time.time())
        begun = CLOCK()
        answer = payload.pack(self._own.dumps(True, nonce))
        self._not_ours += CLOCK() - begun
        return protocol.open_answer(self._session, answer, nonce)

    def job(self, frame):
        """Milliseconds of (subscriber, executor, returner)."""
        self._not_ours, moments = 0.0, [CLOCK()]
        self._subscriber._package(frame, self._session)
        moments.append(CLOCK())
        self._jobs._run(self._queue.popleft())
        moments.append(CLOCK())
        assert self._link.returner._deliver()
        moments.append(CLOCK() - self._not_ours)
        return [(after - before) * 1000 for before, after in zip(moments, moments[1:])]

    def close(self):
        """Give all back."""
        self._subscriber.bell.close()
        self.agent.close()


def main(arguments):
    """Print the table."""
    parser = argparse.ArgumentParser(prog='python -m tests.bench steps', description=__doc__.partition(': ')[2])
    parser.add_argument('--jobs', type=int, default=500)
    options = parser.parse_args(arguments)
    logging.getLogger().setLevel(logging.WARNING)
    folder = sides.new_folder('steps')
    try:
        steps = Steps(folder)
        try:
            frames = [steps.frame(number) for number in range(1, options.jobs + WARM)]
            found = [steps.job(frame) for frame in frames][WARM - 1:]
        finally:
            steps.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print('| step | least, ms | median, ms |\n| --- | --- | --- |')
    for name, column in zip(('subscriber', 'executor', 'returner'), zip(*found)):
        print('| %s | %.3f | %.3f |' % (name, min(column), median(column)))
    whole = [sum(row) for row in found]
    print('| all | %.3f | %.3f |' % (min(whole), median(whole)))
    return 0
