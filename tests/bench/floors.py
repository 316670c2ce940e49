"""python -m tests.bench floors: what no minion with these libraries can fall below, beside ours; for docs/performance.md.

Processes of bare.py at ports that answer at once, our minion at the embedded master, by turns. Memory and CPU hold on a
busy host too, where of times only the least says something.
"""
from __future__ import absolute_import, division, print_function

import argparse
import contextlib
import os
import select
import shutil
import subprocess
import sys

import zmq

from minion import compat, crypticle, payload, repairs
from tests.bench import measure, sides, timing
from tests.bench.figures import OURS, median
from tests.support import testkeys
from tests.support.minionprocess import ROOT
from tests.support.waiting import wait_until

BARE = os.path.join(ROOT, 'tests', 'bench', 'bare.py')
WAIT = 60000                     # milliseconds for anything that has to come
PAUSE = 0.01                     # seconds between two jobs


class Ports(object):
    """The two ports of a master that knows nothing."""

    def __init__(self):
        self._context = zmq.Context()
        self.router, self.publisher = self._context.socket(zmq.ROUTER), self._context.socket(zmq.XPUB)
        self.publisher.setsockopt(zmq.SNDHWM, 0)             # a burst is to be received, however late
        self.numbers = [socket.bind_to_random_port('tcp://127.0.0.1') for socket in (self.router, self.publisher)]

    def hear(self):
        """(route, data) of the next request."""
        assert self.router.poll(WAIT), 'no request'
        frames = self.router.recv_multipart()
        return frames[:-1], frames[-1]

    def answer(self, data):
        """Answer the next request with `data`."""
        route, _ = self.hear()
        self.router.send_multipart(route + [data])

    def subscribed(self):
        """Wait for a subscription."""
        assert self.publisher.poll(WAIT), 'no subscription'
        self.publisher.recv()

    def close(self):
        self.router.close(linger=0)
        self.publisher.close(linger=0)
        self._context.term()


@contextlib.contextmanager
def bare(python, mode, ports):
    """The process of bare.py in this mode."""
    process = subprocess.Popen([python, BARE, mode] + [str(number) for number in ports.numbers] + [testkeys.path('minion')],
                               stdin=subprocess.PIPE, env=dict(sides.environment(), MINION_BENCH_ROOT=sides.installed(python)))
    try:
        yield process
    finally:
        process.kill()
        process.stdin.close()
        process.wait()


def idle(python, mode):
    """Holding of a connected process that waits."""
    ports = Ports()
    try:
        with bare(python, mode, ports) as process:
            ports.answer(b'yes')
            ports.subscribed()
            process.stdin.write(b'\n')
            process.stdin.flush()
            select.select([], [], [], 1.0)
            return measure.take(process.pid)
    finally:
        ports.close()


def start(python):
    """(milliseconds from the exec to the subscription, milliseconds of CPU) of one bare start."""
    ports = Ports()
    try:
        begun = compat.monotonic()
        with bare(python, 'start', ports) as process:
            ports.answer(b'yes')
            ports.answer(b'yes')
            ports.subscribed()
            return (compat.monotonic() - begun) * 1000, measure.cpu(process.pid) * 1000
    finally:
        ports.close()


def serve(python, count):
    """([milliseconds of single jobs], jobs a second in a burst, milliseconds of CPU of each of those)"""
    ports, key = Ports(), crypticle.new_key()
    box, frames = crypticle.Crypticle(key), []
    with open(testkeys.path('minion'), 'rb') as stream:
        signer = timing.QuickKey.from_pem(stream.read())
    for number in range(2 * count):
        blob = box.dumps({'tgt': '*', 'jid': '%020d' % number, 'fun': 'test.ping', 'arg': [], 'tgt_type': 'glob', 'ret': '',
                          'user': 'root', 'serial': number})
        frames.append(payload.pack({'enc': 'aes', 'load': blob, 'sig': signer.sign(blob, 'PKCS1v15-SHA224'),
                                    'sig_algo': 'PKCS1v15-SHA224'}))
    reply = payload.pack(box.dumps(True))
    try:
        with bare(python, 'serve', ports) as process:
            ports.answer(compat.to_bytes(key))
            ports.subscribed()
            took = [_one(ports, frame, reply) for frame in frames[:count]]
            begun, spent = compat.monotonic(), measure.cpu(process.pid)
            for frame in frames[count:]:
                ports.publisher.send(frame)
            for _ in range(count):
                ports.answer(reply)
            seconds = compat.monotonic() - begun
            return took, count / seconds, (measure.cpu(process.pid) - spent) * 1000 / count
    finally:
        ports.close()


def _one(ports, frame, reply):
    select.select([], [], [], PAUSE)
    begun = compat.monotonic()
    ports.publisher.send(frame)
    route, _ = ports.hear()
    took = (compat.monotonic() - begun) * 1000
    ports.router.send_multipart(route + [reply])
    return took


def ours(python, folder, count):
    """The same of our minion: (start as of start(), Holding, result as of serve())."""
    with timing.TimingMaster(folder + '/master') as master:
        process = sides.minion(OURS, folder, master, python)
        begun = compat.monotonic()
        with process:
            wait_until(lambda: master.journal.subscriptions, 60, process.tail, pause=0.001)
            started = (compat.monotonic() - begun) * 1000, measure.cpu(process.pid) * 1000
            master.wait_event('salt/minion/%s/start' % OURS, 60)
            master.fire(master.prepare(1, 'test.ping'))
            select.select([], [], [], repairs.PAUSE + 2.0)       # when it has given back what its start took
            held, took = measure.take(process.pid), []
            for one in master.prepare(count, 'test.ping'):
                select.select([], [], [], PAUSE)
                took.append(master.fire([one]) * 1000)
            prepared, spent = master.prepare(count, 'test.ping'), sides.cpu(process.pid)
            rate = count / master.fire(prepared)
            return started, held, (took, rate, (sides.cpu(process.pid) - spent) * 1000 / count)


ROWS = (                         # title, key, form, which is best
    ('connected and idle, libraries as they come: PSS, MB', 'plain_pss', '%.2f', min),
    ('connected and idle, libraries with our measures: PSS, MB', 'pss', '%.2f', min),
    ('of it without a file behind, MB', 'anonymous', '%.2f', min),
    ('exec to subscription (imports, key, two exchanges, three private operations), ms', 'start', '%.0f', min),
    ('CPU of that, ms', 'start_cpu', '%.0f', min),
    ('publication to return, one job after the other, p50 of a turn, ms', 'p50', '%.2f', min),
    ('publication to return, the quickest, ms', 'quickest', '%.2f', min),
    ('burst, jobs a second', 'rate', '%.0f', max),
    ('CPU of one job in a burst, ms', 'cpu', '%.2f', min))


def _named(started, held, served):
    return {'start': started[0], 'start_cpu': started[1], 'pss': held.pss / 1024, 'anonymous': held.anonymous / 1024,
            'p50': median(served[0]), 'quickest': min(served[0]), 'rate': served[1], 'cpu': served[2]}


def main(arguments):
    """Print the table."""
    parser = argparse.ArgumentParser(prog='python -m tests.bench floors', description=__doc__.partition(': ')[2])
    parser.add_argument('--python', default=sys.executable, help='the Python that is looked at')
    parser.add_argument('--turns', type=int, default=5)
    parser.add_argument('--jobs', type=int, default=500)
    options = parser.parse_args(arguments)
    folder, floor, minion = sides.new_folder('floors'), [], []
    try:
        ours(options.python, folder, 1)              # a first start fills the caches
        for _ in range(options.turns):
            floor.append(_named(start(options.python), idle(options.python, 'idle'), serve(options.python, options.jobs)))
            floor[-1]['plain_pss'] = idle(options.python, 'libraries').pss / 1024
            minion.append(_named(*ours(options.python, folder, options.jobs)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print('| | floor, median | floor, best | ours, median | ours, best |\n| --- | --- | --- | --- | --- |')
    for title, key, form, best in ROWS:
        cells = [form % how([turn[key] for turn in turns]) if key in turns[0] else ''
                 for turns in (floor, minion) for how in (median, best)]
        print('| %s | %s |' % (title, ' | '.join(cells)))
    return 0
