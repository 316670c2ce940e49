"""Whatever comes as a publication or as an answer is refused in one line or is what it should be."""
from __future__ import absolute_import, division, print_function

import pytest
from hypothesis import given, strategies as some

from minion import crypticle, errors, payload, pillar, protocol, publication, request, session
from tests.support import fuzz, testkeys

NONCE = '0123456789abcdef' * 2
MASTER, MINION = testkeys.private('small-master'), testkeys.private('small-minion')
IDENTITY = protocol.Identity('web1', MINION, MINION.public.pem, MINION.sign_x931(b'salt'), 'OAEP-SHA1', 'PKCS1v15-SHA1')
AES, SESSION = crypticle.new_key(), crypticle.new_key()
FIELDS = some.one_of(fuzz.TREES, fuzz.BYTES.filter(lambda one: len(one) < 60).map(
    lambda one: MINION.public.encrypt(one, 'OAEP-SHA1')))


def made_session(generation=3):
    return session.Session(
        1, 'm', 'tcp://127.0.0.1:1', 'tcp://127.0.0.1:2', protocol.GENERATIONS[generation], crypticle.Crypticle(AES),
        crypticle.Crypticle(SESSION), MASTER.public, 'ab', 'digest', 0, 0.0)


# ---- publications

PACKAGE = ('enc', 'load', 'sig', 'sig_algo')
JOB = {'fun': 'test.ping', 'arg': [], 'tgt': '*', 'jid': '20260101000000000001', 'tgt_type': 'glob', 'ret': '',
       'user': 'root'}


def package(job, key=MASTER):
    blob = crypticle.Crypticle(AES).dumps(job)
    return {'enc': 'aes', 'load': blob, 'sig': key.sign(blob, 'PKCS1v15-SHA1'), 'sig_algo': 'PKCS1v15-SHA1'}


def read_publication(frame, must_sign=True):
    """The job in it; None when it is refused."""
    try:
        load, was_signed = publication.open_package(publication.read_package(frame), made_session(), must_sign)
    except (publication.Refused, publication.Undecipherable) as exc:
        fuzz.one_line(exc)
        return None
    assert was_signed or not must_sign
    assert publication.JID.match(load['jid']) and '/' not in load['jid'] and '\n' not in load['jid']
    publication.Serials().check(dict(load, serial=1), 'digest')
    return load


def test_the_package_that_is_spoilt_below_is_a_good_one():
    assert read_publication(payload.pack(package(JOB)))['fun'] == 'test.ping'


@fuzz.examples(100)
@given(fuzz.FRAMES, some.booleans())
def test_any_bytes_as_publication(frame, must_sign):
    assert read_publication(frame, must_sign) is None


@fuzz.examples(80)
@given(fuzz.odd_map(PACKAGE), some.booleans())
def test_any_map_as_publication(outer, must_sign):
    assert read_publication(payload.pack(outer), must_sign) is None


GOOD = package(JOB)


@fuzz.examples(80)
@given(fuzz.changes(PACKAGE), some.booleans())
def test_any_envelope_of_a_good_package(wanted, must_sign):
    read_publication(payload.pack(fuzz.changed(GOOD, wanted)), must_sign)


@pytest.mark.parametrize('name', [7, [b'PKCS1v15-SHA1'], {1: 2}, 1.5, True, b'\xff'], ids=repr)
def test_a_name_of_the_signature_that_is_no_text_is_refused(name):
    assert read_publication(payload.pack(dict(GOOD, sig_algo=name))) is None


@fuzz.examples(80)
@given(fuzz.DAMAGE)
def test_any_damage_to_a_good_package(cuts):
    frame = payload.pack(GOOD)
    spoilt = fuzz.damaged(frame, cuts)
    assert read_publication(spoilt) in (None, dict(JOB))


@fuzz.examples(80)
@given(some.one_of(fuzz.TREES, fuzz.changes(sorted(JOB) + ['serial', 'delimiter']).map(
    lambda wanted: fuzz.changed(JOB, wanted))))
def test_any_object_under_the_right_keys(job):
    read_publication(payload.pack(package(job)))


@pytest.mark.parametrize('serial', [None, -1, 2 ** 64 - 1, 1.5, b'7', [], {}, True])
def test_any_serial(serial):
    try:
        assert publication.Serials().check({'serial': serial}, 'a') in (0, serial)
    except publication.Refused as exc:
        fuzz.one_line(exc)


def test_a_line_break_behind_a_job_id_is_refused():
    """It would be part of a file's name and end a line of the file of recent jobs."""
    assert read_publication(payload.pack(package(dict(JOB, jid='20260101000000000001\n')))) is None


# ---- answers to requests

ANSWER = crypticle.Crypticle(SESSION)


def opened(frame, generation=3):
    try:
        return request.readable(protocol.open_answer(made_session(generation), frame, NONCE if generation else None))
    except errors.RequestRefused as exc:
        fuzz.one_line(exc)
        return None


@fuzz.examples(100)
@given(fuzz.FRAMES, some.sampled_from([0, 2, 3]))
def test_any_bytes_as_answer(frame, generation):
    assert opened(frame, generation) is None


@fuzz.examples(80)
@given(fuzz.TREES, some.sampled_from([NONCE, '', '0' * 32, 'abc']))
def test_any_object_as_answer(tree, nonce):
    found = opened(payload.pack(ANSWER.dumps(tree, nonce)))
    assert nonce == NONCE or found is None


@fuzz.examples(80)
@given(some.binary(max_size=60))
def test_any_authentic_bytes_as_answer(plain):
    opened(payload.pack(ANSWER.seal(plain)))


PRIVATE_KEY = crypticle.new_key()
PRIVATE_BOX = MINION.public.encrypt(PRIVATE_KEY.encode(), 'OAEP-SHA1')


def private_answer(body=None, inside=None, outer=None):
    """The answer of `_pillar`; each argument changes one of its shells."""
    plain = payload.pack(fuzz.changed({'key': PRIVATE_BOX, 'nonce': NONCE, 'pillar': {'role': 'web'}}, body or {}))
    shell = fuzz.changed({'data': plain, 'sig': MASTER.sign(plain, 'PKCS1v15-SHA1')}, inside or {})
    return payload.pack(fuzz.changed(
        {'key': PRIVATE_BOX, 'pillar': crypticle.Crypticle(PRIVATE_KEY).dumps(shell)}, outer or {}))


def pillar_of(frame, generation=3):
    """The pillar, through all that reads it; None when it is refused."""
    try:
        found = pillar.fetch(lambda load: request.readable(
            protocol.open_private(made_session(generation), IDENTITY, frame, NONCE)), 'web1', {})
    except errors.RequestRefused as exc:
        fuzz.one_line(exc)
        return None
    assert isinstance(found, dict)
    return found


def test_the_pillar_that_is_spoilt_below_is_a_good_one():
    assert pillar_of(private_answer()) == {u'role': u'web'}


@fuzz.examples(80)
@given(fuzz.FRAMES, some.sampled_from([0, 2, 3]))
def test_any_bytes_as_pillar(frame, generation):
    assert pillar_of(frame, generation) is None


@fuzz.examples(80)
@given(some.one_of(
    some.tuples(fuzz.changes(('key', 'nonce', 'pillar')), some.just({}), some.just({})),
    some.tuples(some.just({}), fuzz.changes(('data', 'sig')), some.just({})),
    some.tuples(some.just({}), some.just({}), fuzz.changes(('key', 'pillar'), FIELDS))), some.sampled_from([0, 3]))
def test_any_shell_of_a_pillar(changes, generation):
    pillar_of(private_answer(*changes), generation)


@fuzz.examples(40)
@given(fuzz.TREES)
def test_any_object_under_the_key_of_a_pillar(tree):
    blob = crypticle.Crypticle(PRIVATE_KEY).dumps(tree)
    for generation in (0, 3):
        pillar_of(payload.pack({'key': PRIVATE_BOX, 'pillar': blob}), generation)


@fuzz.examples(60)
@given(fuzz.TREES)
def test_any_errors_in_a_pillar(tree):
    """What the master reports as `_errors` is for the log only."""
    assert b'_errors' in pillar.fetch(lambda load: {'_errors': tree, b'_errors': 1}, 'web1', {})
