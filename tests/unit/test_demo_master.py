"""Whatever bytes arrive, the embedded master answers or keeps silent; it does not break."""
from __future__ import absolute_import, division, print_function

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minion import payload
from minion.crypticle import Crypticle
from minion.demo.master import Master
from tests.support import testkeys

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TOK = testkeys.private('minion').sign_x931(b'salt')

values = st.recursive(
    st.none() | st.booleans() | st.integers(-2 ** 40, 2 ** 65) | st.text(max_size=8) | st.binary(max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=6)
loads = st.dictionaries(
    st.sampled_from(['cmd', 'id', 'pub', 'token', 'nonce', 'enc_algo', 'sig_algo', 'ts', 'tok', 'jid', 'data', 'fun',
                     'path', 'loc', 'saltenv', 'prefix', 'tgt', 'events', 'return']),
    values | st.sampled_from(['_auth', '_return', '_pillar', '_mine', '_serve_file', 'm1', 'base']), max_size=8)


class Deaf(Master):
    """Keeps its answers."""

    def __init__(self, folder, generation):
        Master.__init__(self, folder, generation, testkeys.private('master'), auto_accept=True)
        self.said = []

    def answer(self, route, reply, load):
        self.said.append(payload.unpack(reply))


@pytest.fixture(scope='module', params=[0, 2, 3])
def master(request, tmpdir_factory):
    made = Deaf(str(tmpdir_factory.mktemp('master')), request.param)
    made.preaccept('m1', testkeys.private('minion').public.pem)
    return made


def one_answer(master, request):
    """Give it one request; it must answer once, or keep silent on purpose."""
    said, refused = len(master.said), len(master.journal.refusals)
    master.arrive([], request if isinstance(request, bytes) else payload.pack(request))
    silent = master.journal.refusals[refused:] == [None]
    assert len(master.said) == said + (0 if silent else 1)


@FEW
@given(data=st.binary(max_size=200))
def test_any_bytes(master, data):
    one_answer(master, data)


@FEW
@given(enc=st.sampled_from(['clear', 'aes', 'pub', None]), load=loads | values, version=values)
def test_any_envelope(master, enc, load, version):
    one_answer(master, {'enc': enc, 'load': load, 'version': version})


@FEW
@given(load=loads)
def test_any_sign_in(master, load):
    one_answer(master, {'enc': 'clear', 'load': dict(load, cmd='_auth'), 'version': 3})


@FEW
@given(load=loads)
def test_any_encrypted_request(master, load):
    load = dict(load, id='m1', tok=TOK)
    crypticle = Crypticle(master.session('m1') if master.generation == 3 else master.aes)
    one_answer(master, {'enc': 'aes', 'load': crypticle.dumps(load), 'version': 3, 'id': 'm1'})
