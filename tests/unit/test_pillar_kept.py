"""The pillar that survives a restart without a master: for the same key only, and never from a damaged file."""
from __future__ import absolute_import, division, print_function

import os
import stat

import pytest

from minion import errors, pillar


class Asked(object):
    """A master that answers with `answer`, or does not."""

    def __init__(self, answer):
        self.answer = answer

    def __call__(self, load):
        if self.answer is None:
            raise errors.RequestTimeout('away')
        return self.answer


@pytest.fixture
def opts(tmpdir):
    tmpdir.mkdir('pki').join('minion.pub').write('key one')
    return {'cachedir': str(tmpdir.join('cache')), 'pki_dir': str(tmpdir.join('pki')), 'id': 'm1'}


def started(opts, answer):
    made = pillar.Pillar(Asked(answer), 'm1', None, None, pillar.Kept(opts))
    made.refresh({'os': 'x'})
    return made


def kept(opts):
    return os.path.join(opts['cachedir'], 'pillar', 'm1.p')


def test_used_when_no_master_answers_at_the_start(opts):
    assert started(opts, {'role': u'w\xfcb', 'n': [1]}).value['n'] == [1]
    assert stat.S_IMODE(os.stat(kept(opts)).st_mode) == 0o600
    again = started(opts, None)
    assert sorted(again.value) == ['n', 'role'] and again.value['n'] == [1]


def test_the_one_in_force_is_not_replaced_by_an_older_one(opts):
    minion = started(opts, {'n': 1})
    pillar.Kept(opts).save({'n': 0})
    minion._ask.answer = None
    assert minion.refresh({}) is False and minion.value == {'n': 1}


def test_cve_2016_9639_another_key_makes_it_void(opts, tmpdir):
    started(opts, {'n': 1})
    tmpdir.join('pki', 'minion.pub').write('key two')
    assert started(opts, None).value == {}


@pytest.mark.parametrize('data', [b'', b'\xc1', b'\x80', b'\x93\x01\x02\x03', b'\x81\xa5owner\xa1x'])
def test_a_damaged_file_is_no_pillar(opts, data):
    started(opts, {'n': 1})
    with open(kept(opts), 'wb') as stream:
        stream.write(data)
    assert started(opts, None).value == {}


def test_a_disk_that_refuses_leaves_the_pillar_in_force(opts, tmpdir):
    tmpdir.mkdir('cache').join('pillar').write('a file where the folder should be')
    assert started(opts, {'n': 1}).value == {'n': 1} and started(opts, None).value == {}
