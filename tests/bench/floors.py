"""python -m tests.bench floors: what no minion with these libraries can fall below; for docs/performance.md.

Processes of bare.py beside a port that answers at once. CPU and memory hold on a busy host too; of times the least of many
turns is shown besides the median.
"""
from __future__ import absolute_import, division, print_function

import argparse
import contextlib
import os
import select
import subprocess
import sys

import zmq

from minion import compat, crypticle, payload
from tests.bench import measure, sides
from tests.bench.figures import median
from tests.bench.timing import QuickKey
from tests.support import testkeys
from tests.support.minionprocess import ROOT

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
        signer = QuickKey.from_pem(stream.read())
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


def main(arguments):
    """Print the table."""
    parser = argparse.ArgumentParser(prog='python -m tests.bench floors', description=__doc__.partition(': ')[2])
    parser.add_argument('--python', default=sys.executable, help='the Python that is looked at')
    parser.add_argument('--turns', type=int, default=5)
    parser.add_argument('--jobs', type=int, default=500)
    options = parser.parse_args(arguments)
    python, turns = options.python, range(options.turns)
    print('| what is bare of all that is ours | median | least |\n| --- | --- | --- |')

    def row(text, values, form='%.1f', best=min):
        print('| %s | %s | %s |' % (text, form % median(values), form % best(values)))
        sys.stdout.flush()
    for mode, text in (('libraries', 'libraries as they come'), ('idle', 'libraries with our measures')):
        held = [idle(python, mode) for _ in turns]
        row('connected and idle, %s: PSS, MB' % text, [each.pss / 1024 for each in held], '%.2f')
        row('of it without a file behind, MB', [each.anonymous / 1024 for each in held], '%.2f')
    started = [start(python) for _ in turns]
    row('exec to subscription: imports, key, two exchanges, three private operations, ms', [one[0] for one in started])
    row('CPU of that, ms', [one[1] for one in started])
    served = [serve(python, options.jobs) for _ in turns]
    row('publication to return, one after the other, p50 of a turn, ms', [median(one[0]) for one in served], '%.2f')
    row('publication to return, the quickest, ms', [min(one[0]) for one in served], '%.2f')
    row('burst, jobs a second', [one[1] for one in served], '%.0f', max)
    row('CPU of each of these, ms', [one[2] for one in served], '%.2f')
    return 0
