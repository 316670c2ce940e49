"""Signed returns (`minion_sign_messages`) at real masters that demand them and drop what does not verify."""
from __future__ import absolute_import, division, print_function

import os
import shutil
import tempfile

import pytest

from tests.real.conftest import MASTERS, PYTHONS, ROOT
from tests.support import realmaster
from tests.support.minionprocess import MinionProcess
from tests.support.waiting import wait_until

SETTINGS = {'require_minion_sign_messages': True, 'drop_messages_signature_fail': True,
            'signing_algorithm': 'PKCS1v15-SHA1'}
VALUES = ['x', u'gr\xfc\xdfe', {'b': {'c': [1, 2.5, None, {'d': 'y' * 300}]}, 'a': ['z'] * 20}]


@pytest.mark.parametrize('version', [version for version in MASTERS if realmaster.generation(version) >= 2])
def test_signed_returns_are_taken_and_others_are_not(version):
    folder = tempfile.mkdtemp(prefix='signing-')
    master = realmaster.RealMaster(version, SETTINGS)
    made = []
    try:
        master.start()
        for name, program in PYTHONS:
            for kind, signs in (('signs', True), ('plain', False)):
                made.append(MinionProcess(os.path.join(folder, name + kind), master, '%s-py%s' % (kind, name),
                                          (program, os.path.join(ROOT, 'bin', 'minion')), minion_sign_messages=signs).start())
        for one in made:
            master.wait_for_key(one.minion_id, seconds=90)
        master.salt_key('-a', '*-py*')
        signing = dict.fromkeys(['signs-py' + name for name, _ in PYTHONS], True)
        wait_until(lambda: master.salt('*', 'test.ping', timeout=5) == signing, 90,
                   lambda: '\n'.join(one.tail() for one in made), pause=1.0)
        for value in VALUES:
            assert master.salt('signs-*', 'test.echo', value) == dict.fromkeys(signing, value)
        log = realmaster.text_of(master.log)
        assert 'Failed to verify event signature' not in log and 'plain-py' in log
    finally:
        for one in made:
            one.__exit__(None, None, None)
        master.stop()
        shutil.rmtree(folder)
