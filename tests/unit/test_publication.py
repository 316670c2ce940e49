"""Between a frame of the publish port and a job: recordings of real masters, and each check that can fail."""
from __future__ import absolute_import, division, print_function

import base64
import json
import os

import pytest

from minion import crypticle, keys, payload, protocol, publication, session
from tests.support import testkeys

VECTORS = os.path.join(os.path.dirname(os.path.dirname(__file__)), 'data', 'vectors')
VERSIONS = ['2016.11.10', '2019.2.8', '3000.9', '3004.2', '3006.24', '3007.13', '3008.3']
MASTER, OTHER = testkeys.private('master'), testkeys.private('other')
AES = crypticle.new_key()


def made_session(aes=AES, key=MASTER.public):
    return session.Session(1, 'm', 'tcp://127.0.0.1:1', 'tcp://127.0.0.1:2', protocol.GENERATIONS[3],
                           crypticle.Crypticle(aes), None, key, 'ab', 'digest', 0, 0.0)


def packed(load=None, key=MASTER, aes=AES, **outer):
    load = dict({'fun': 'test.ping', 'arg': [], 'tgt': '*', 'jid': '20260101000000000001'}, **(load or {}))
    blob = crypticle.Crypticle(aes).dumps(load)
    package = {'enc': 'aes', 'load': blob}
    if key is not None:
        package['sig'] = key.sign(blob, 'PKCS1v15-SHA1')
    package.update(outer)
    return payload.pack(dict((name, value) for name, value in package.items() if value is not None))


def opened(frame, must_sign=True, **kind):
    return publication.open_package(publication.read_package(frame), made_session(**kind), must_sign)


@pytest.mark.parametrize('version', VERSIONS)
def test_recorded_publications_open(version):
    with open(os.path.join(VECTORS, 'transcript-%s.json' % version)) as stream:
        recorded = json.load(stream)
    master = keys.PublicKey.from_pem(recorded['keys']['master_public_pem'])
    assert recorded['publishes']
    for publish in recorded['publishes']:
        frame = base64.b64decode(publish['frames'][-1])
        load, signed = opened(frame, aes=publish['aes'], key=master)
        assert signed
        assert (load['jid'], load['fun']) == (publish['load']['jid'], publish['load']['fun'])


def test_a_job_comes_out_as_text():
    load, signed = opened(packed({'arg': [u'gr\u00fc\u00df', b'\xff', 1], 'serial': 4}))
    assert signed and load['arg'] == [u'gr\u00fc\u00df', b'\xff', 1] and load['serial'] == 4


@pytest.mark.parametrize('frame, words', [
    (b'', 'msgpack'), (b'\xc1', 'msgpack'), (payload.pack([1]), 'check of enc'),
    (packed(enc='clear'), 'check of enc'), (packed(enc='pub'), 'check of enc'), (packed(load=None, enc=None), 'check of enc'),
    (payload.pack({'enc': 'aes', 'load': {'fun': 'test.ping'}}), 'check of enc'),
    (packed(key=OTHER), 'check of signature'), (packed(key=None), 'check of signature'),
    (packed(sig=b'x'), 'check of signature'), (packed(sig=5), 'check of signature'),
    (packed(sig_algo='MD5'), 'check of signature'), (packed({'jid': '../../etc/passwd'}), 'job id'),
    (packed({'jid': ''}), 'job id'), (packed({'jid': {}}), 'job id'), (packed({'arg': 'x'}), 'type'),
    (packed({'fun': 7}), 'type'), (packed({'fun': []}), 'type'), (packed({'fun': ['test.ping', 7]}), 'type'),
])
def test_refused(frame, words):
    with pytest.raises(publication.Refused) as caught:
        opened(frame)
    assert words in str(caught.value)


def test_a_job_without_a_needed_field_is_refused():
    for name in publication.NEEDED:
        load = {'fun': 'test.ping', 'arg': [], 'tgt': '*', 'jid': '20260101000000000001'}
        del load[name]
        blob = crypticle.Crypticle(AES).dumps(load)
        with pytest.raises(publication.Refused) as caught:
            opened(payload.pack({'enc': 'aes', 'load': blob, 'sig': MASTER.sign(blob, 'PKCS1v15-SHA1')}))
        assert name in str(caught.value)


def test_another_key_and_torn_bytes_may_mean_a_rotation():
    for frame in (packed(aes=crypticle.new_key()), packed(load=None, sig=None) and
                  payload.pack({'enc': 'aes', 'load': b'x' * 10})):
        with pytest.raises(publication.Undecipherable):
            opened(frame)


def test_unsigned_is_taken_only_where_it_may_be():
    assert opened(packed(key=None), must_sign=False)[1] is False


def test_serials_rise_under_one_key():
    serials = publication.Serials()
    assert [serials.check({'serial': serial}, 'a') for serial in (1, 2, 5)] == [1, 2, 5]
    for serial in (5, 4, 0, -1, '6', True):
        with pytest.raises(publication.Refused):
            serials.check({'serial': serial}, 'a')
    assert serials.check({}, 'a') == 0              # clusters send none
    assert serials.check({'serial': 1}, 'b') == 1   # rotation starts anew
    again = publication.Serials({'b': 7}.get)
    with pytest.raises(publication.Refused):
        again.check({'serial': 7}, 'b')


def test_the_serial_is_not_part_of_the_job():
    load = {'serial': 1, 'fun': 'x'}
    publication.Serials().check(load, 'a')
    assert load == {'fun': 'x'}
