"""The least that a minion can be: its libraries, its two connections, its cryptography, and nothing else.

Run by the bench `floors`: bare.py MODE REQUEST-PORT PUBLISH-PORT KEY-FILE; MINION_BENCH_ROOT is where the program lies.
`libraries`: as anybody imports them. `idle`: with our measures for memory. `start`: what no start can do without.
`serve`: each publication is checked, opened and answered.
"""
from __future__ import absolute_import, division, print_function

import os
import sys
import threading

MODE = sys.argv[1]
sys.path[0] = os.environ['MINION_BENCH_ROOT']

if MODE == 'libraries':
    import logging  # noqa: F401
    import msgpack  # noqa: F401
    import rsa  # noqa: F401
    import zmq
    from Cryptodome.Cipher import AES  # noqa: F401
else:
    import minion.lean
    import logging  # noqa: F401,F811
    from minion import memory
    memory.few_arenas()
    minion.lean.import_zmq()
    import msgpack  # noqa: F401,F811
    import zmq
    from minion import aes  # noqa: F401
    minion.lean.parts('rsa', ('common', 'core', 'transform'))

WAITING = []                     # sockets of threads that wait for ever


def connect(context, kind, port):
    socket = context.socket(kind)
    socket.setsockopt(zmq.LINGER, 0)
    if kind == zmq.SUB:
        socket.setsockopt(zmq.SUBSCRIBE, b'')
    socket.connect('tcp://127.0.0.1:%s' % port)
    return socket


def exchange(socket, data):
    socket.send(data)
    return socket.recv()


def idle(context):
    """Three threads, as a minion has: this one, one at each connection."""
    def wait(kind, port):
        WAITING.append(connect(context, kind, port))
        if kind == zmq.REQ:
            exchange(WAITING[-1], b'here')
            WAITING[-1].poll()
        else:
            WAITING[-1].recv()
    for kind, port in ((zmq.SUB, sys.argv[3]), (zmq.REQ, sys.argv[2])):
        thread = threading.Thread(target=wait, args=(kind, port))
        thread.daemon = True
        thread.start()
    sys.stdin.readline()             # both are connected
    if MODE == 'idle':
        memory.trim()
        memory.release_files()
    sys.stdin.read()


def start(context):
    """The key read, two exchanges and three operations with the private key, then the publish connection."""
    from minion import keys
    with open(sys.argv[4], 'rb') as stream:
        key = keys.PrivateKey.from_pem(stream.read())
    socket = connect(context, zmq.REQ, sys.argv[2])
    socket.send(b'one')
    key.sign_x931(b'salt')
    socket.recv()
    for _ in range(2):
        key.sign_x931(b'salt')
    exchange(socket, b'two')
    WAITING.append(connect(context, zmq.SUB, sys.argv[3]))
    sys.stdin.read()


def serve(context):
    """Receive, unpack, signature, HMAC, AES; pack, AES, HMAC, send; the answer likewise. On one thread, nothing on disk."""
    from minion import crypticle, keys, payload
    with open(sys.argv[4], 'rb') as stream:
        key = keys.PrivateKey.from_pem(stream.read()).public
    ear, mouth = connect(context, zmq.SUB, sys.argv[3]), connect(context, zmq.REQ, sys.argv[2])
    box = crypticle.Crypticle(exchange(mouth, b'here'))
    while True:
        package = payload.unpack(ear.recv())
        job = box.loads(package[b'load'])
        key.verify(package[b'load'], package[b'sig'], 'PKCS1v15-SHA224')
        made = {'cmd': '_return', 'id': 'bare', 'jid': job[b'jid'], 'fun': job[b'fun'], 'fun_args': [], 'return': True,
                'retcode': 0, 'success': True}
        box.loads(payload.unpack(exchange(mouth, payload.pack({'enc': 'aes', 'load': box.dumps(made)}))))


if __name__ == '__main__':
    {'libraries': idle, 'idle': idle, 'start': start, 'serve': serve}[MODE](zmq.Context(1))
