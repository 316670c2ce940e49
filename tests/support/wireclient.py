"""A tiny minion for testing the embedded master: one REQ and one SUB socket and the rules of docs/protocol.md, nothing clever.

It shares the wire rooms (payload, keys, crypticle) with the program, but none of its decisions.
"""
from __future__ import absolute_import, division, print_function

import hashlib
import time
import uuid

import zmq

from minion import compat, payload
from minion.crypticle import Crypticle
from minion.keys import PublicKey
from tests.support.waiting import wait_until

ANSWER_TIME = 5000                               # ms
KEEP = ('aes', 'session', 'token', 'sig', 'pub_sig', 'key', 'data')


class WireError(Exception):
    """The master's answer does not hold."""


class Silence(Exception):
    """The master did not answer in time."""


class WireClient(object):
    """:param Master master: running.  :param PrivateKey key:
    :param int generation: what it expects of the master; the sign-in is always of version 3.
    """

    def __init__(self, master, key, minion_id='m1', generation=3, algorithms=('OAEP-SHA1', 'PKCS1v15-SHA1')):
        self.master, self.key, self.minion_id, self.generation = master, key, minion_id, generation
        self.encryption, self.signature = algorithms
        self.token = b'T' * 76
        self.master_key = None                   # PublicKey after the first accepted sign-in
        self.aes = self.session = None
        self.answer_time = ANSWER_TIME
        self._context = zmq.Context()
        self._sub = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if self._sub is not None:
            self._sub.close(linger=0)
        self._context.term()

    # ---- one request

    def exchange(self, data):
        """Send bytes, return bytes. :raises Silence: no answer."""
        socket = self._context.socket(zmq.REQ)
        try:
            socket.set(zmq.LINGER, 0)
            socket.connect('tcp://127.0.0.1:%d' % self.master.ret_port)
            socket.send(data)
            if not socket.poll(self.answer_time):
                raise Silence()
            return socket.recv()
        finally:
            socket.close(linger=0)

    def ask(self, outer):
        """Send a map, return the unpacked answer (bytes strings)."""
        return payload.unpack(self.exchange(payload.pack(outer)))

    # ---- sign-in

    def sign_in(self, version=3, **changes):
        """Sign in, check everything, keep the keys; the inner map (text). `changes` override load fields, None drops.

        :raises WireError: a check failed.
        """
        load = {'cmd': '_auth', 'id': self.minion_id, 'pub': self.key.public.pem, 'nonce': uuid.uuid4().hex,
                'enc_algo': self.encryption, 'sig_algo': self.signature}
        if self.master_key is not None:
            load['token'] = self.master_key.encrypt(self.token, self._encryption())
        load.update(changes)
        load = dict(item for item in load.items() if item[1] is not None)
        answer = self.ask({'enc': 'clear', 'load': load, 'version': version})
        inner, signed = _unwrapped(answer)
        if signed != (self.generation >= 2 and version >= 2):
            raise WireError('signed: %r' % signed)
        if signed and inner.get('nonce') != load['nonce']:
            raise WireError('nonce')
        if 'ret' not in inner:
            self._keep(inner, 'token' in load)
        if signed and self.master_key is not None:
            self.master_key.verify(answer[b'load'], answer[b'sig'], self._signature())
        return inner

    def _keep(self, inner, proven):
        master_key = PublicKey.from_pem(inner['pub_key'])
        plain = self.key.decrypt(inner['aes'], self._encryption())
        if master_key.recover(inner['sig']) != compat.to_bytes(hashlib.sha256(plain).hexdigest()):
            raise WireError('inner sig')
        aes, _, token = plain.partition(b'_|-')
        if proven:
            if 'token' not in inner and not token:
                raise WireError('no token')
            if (token or self.key.decrypt(inner['token'], self._encryption())) != self.token:
                raise WireError('token')
        self.master_key, self.aes = master_key, Crypticle(aes)
        if self.generation == 3:
            self.session = Crypticle(self.key.decrypt(inner['session'], self._encryption()))

    def _encryption(self):
        return self.encryption if self.generation == 3 else 'OAEP-SHA1'

    def _signature(self):
        return self.signature if self.generation == 3 else 'PKCS1v15-SHA1'

    # ---- encrypted requests

    def envelope(self, load, changes=None):
        """(outer map, nonce) of a load made for this generation; `changes` override load fields, None drops one."""
        load = dict(load)
        if self.generation >= 2:
            load['nonce'] = uuid.uuid4().hex
        if self.generation == 3:
            load.update(id=self.minion_id, ts=int(time.time()), tok=self.key.sign_x931(b'salt'))
        load.update(changes or {})
        dropped = [name for name, value in (changes or {}).items() if value is None]
        load = dict(item for item in load.items() if item[0] not in dropped)
        outer = {'enc': 'aes', 'load': self._crypticle().dumps(load)}
        if self.generation >= 2:
            outer['version'] = self.generation
        if self.generation == 3:
            outer.update(id=self.minion_id, enc_algo=self.encryption, sig_algo=self.signature)
        return outer, load.get('nonce')

    def _crypticle(self):
        return self.session if self.generation == 3 else self.aes

    def request(self, command, changes=None, **fields):
        """The decrypted answer (text) to one command; a plain refusal comes as bytes."""
        outer, nonce = self.envelope(dict(fields, cmd=command), changes)
        answer = self.ask(outer)
        if not isinstance(answer, bytes) or len(answer) < 64:
            return answer
        return payload.to_text_tree(self._crypticle().loads(answer, nonce), keep=('data',))

    def proof(self):
        """Fields that some commands need before generation 3."""
        return {'id': self.minion_id, 'tok': self.key.sign_x931(b'salt')}

    def pillar(self, **grains):
        """The pillar map, all checks done. :raises WireError:"""
        outer, nonce = self.envelope({'cmd': '_pillar', 'id': self.minion_id, 'grains': grains, 'saltenv': None,
                                      'pillarenv': None, 'pillar_override': {}, 'ver': '2'})
        answer = self.ask(outer)
        inner = Crypticle(self.key.decrypt(answer[b'key'], self._encryption())).loads(answer[b'pillar'])
        if self.generation < 2:
            return payload.to_text_tree(inner)
        self.master_key.verify(inner[b'data'], inner[b'sig'], self._signature())
        body = payload.unpack(inner[b'data'])
        if body[b'key'] != answer[b'key'] or body[b'nonce'] != compat.to_bytes(nonce):
            raise WireError('pillar')
        return payload.to_text_tree(body[b'pillar'])

    # ---- publications

    def listen(self, *topics):
        """Connect SUB, wait until the master knows."""
        topics = topics or (b'',)
        known = len(self.master.journal.subscriptions)
        self._sub = self._context.socket(zmq.SUB)
        self._sub.connect('tcp://127.0.0.1:%d' % self.master.publish_port)
        for one in topics:
            self._sub.setsockopt(zmq.SUBSCRIBE, one)
        self.master.journal.wait_subscriptions(known + len(topics), 5)

    def listen_again(self, count):
        """Wait until the master has seen `count` subscriptions in all: SUB came back after its connection broke.

        libzmq sends subscriptions anew only while the owner of the socket calls into it, so waiting is not enough.
        """
        def seen():
            self._sub.poll(0)
            return len(self.master.journal.subscriptions) >= count
        wait_until(seen, 10, '%d subscriptions' % count, 0.02)

    def hear(self, milliseconds=5000):
        """(frames before the package, package (bytes keys)) of the next publication. :raises Silence:"""
        if not self._sub.poll(milliseconds):
            raise Silence()
        frames = self._sub.recv_multipart()
        return frames[:-1], payload.unpack(frames[-1])

    def job(self):
        """The decrypted map (text) of the next publication, its signature checked."""
        package = self.hear()[1]
        algorithm = compat.to_native(package.get(b'sig_algo', b'PKCS1v15-SHA1'))
        self.master_key.verify(package[b'load'], package[b'sig'], algorithm)
        return payload.to_text_tree(self.aes.loads(package[b'load']))

    def serve(self, value=True):
        """Take one job and return `value` for it; its map."""
        job = self.job()
        self.request('_return', id=self.minion_id, jid=job['jid'], fun=job['fun'], fun_args=job['arg'],
                     retcode=0, success=True, **{'return': value})
        return job


def _unwrapped(answer):
    """(inner map, signed) of any form of sign-in answer."""
    if not isinstance(answer, dict):
        raise WireError(answer)
    if b'sig' in answer and b'load' in answer:
        return payload.to_text_tree(payload.unpack(answer[b'load']), keep=KEEP), True
    whole = payload.to_text_tree(answer, keep=KEEP)
    return (whole if 'aes' in whole else whole['load']), False
