"""Runs the minion as bin/minion does and notes how long each part of its start took, up to the connection.

Started by the bench `start`: MINION_BENCH_BEGUN is the moment of the exec (Unix seconds), MINION_BENCH_STAGES the file
for the result (JSON, milliseconds by part), MINION_BENCH_ROOT where the program lies.
"""
from __future__ import absolute_import, division, print_function

import os
import sys
import time

UP = time.time()
sys.path[0] = os.environ['MINION_BENCH_ROOT']

import minion.lean  # noqa: E402,F401  first, as in bin/minion

from minion.cli import main  # noqa: E402
from minion import agent, config, connector, graincollect, identity, keys, logs, prepare, req  # noqa: E402,F401

IMPORTED = time.time()
TOOK = {}                        # {part: seconds}, a part within another taken out of that
OPEN = [0.0]                     # seconds of the parts inside, one for each part that is open


def timed(owner, name, part):
    """Have owner.name() counted as `part`."""
    function = getattr(owner, name)

    def counted(*args, **named):
        begun = time.time()
        OPEN.append(0.0)
        try:
            return function(*args, **named)
        finally:
            whole = time.time() - begun
            TOOK[part] = TOOK.get(part, 0.0) + whole - OPEN.pop()
            OPEN[-1] += whole
    setattr(owner, name, counted)


def _tell(self, way, moved):
    import json
    now, begun = time.time(), float(os.environ['MINION_BENCH_BEGUN'])
    found = dict((part, seconds * 1000) for part, seconds in TOOK.items())
    found.update({'the interpreter': (UP - begun) * 1000, 'imports': (IMPORTED - UP) * 1000, 'all': (now - begun) * 1000})
    with open(os.environ['MINION_BENCH_STAGES'] + '.new', 'w') as stream:
        json.dump(found, stream)
    os.rename(stream.name, os.environ['MINION_BENCH_STAGES'])
    return STARTED(self, way, moved)


STARTED = agent.Agent._started

if __name__ == '__main__':
    timed(config, 'load', 'reading the configuration, in a child')
    timed(agent.Agent, 'prepare', 'reading keys and putting together')
    timed(keys.PrivateKey, '_raw', 'RSA with the private key')
    for each in ('encrypt', 'verify', 'recover'):
        timed(keys.PublicKey, each, 'RSA with public keys')
    timed(req.ReqChannel, 'exchange', 'round trip of the sign-in, the master\'s work in it')
    timed(connector.Connector, 'connect', 'the rest of the sign-in')
    agent.Agent._started = _tell
    sys.argv[0] = 'minion'
    sys.exit(main())
