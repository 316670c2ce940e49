"""A real salt-minion, accepted on a real master, is taken over under the same id and key, and comes back."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion import files
from tests.support import realmaster
from tests.support.oldhost import OldHost
from tests.support.waiting import wait_until
from tests.real.conftest import NEWEST, PYTHONS, WHOLE

LIVE = 60
PEM = '/etc/salt/pki/minion/minion.pem'


def test_the_key_is_taken_over_and_given_back(master, python, tmpdir):
    if not WHOLE and (master.version != NEWEST or python not in (PYTHONS[0][0], PYTHONS[-1][0])):
        pytest.skip('what is moved is the same for all of them')
    name = 'moving-' + python
    settings = {'minimum_auth_version': 0} if realmaster.generation(master.version) == 0 else {}
    with OldHost(str(tmpdir.join('host')), os.path.join(master.home, 'bin', 'salt-minion'), id=name, master='127.0.0.1',
                 master_port=master.ret_port, python=dict(PYTHONS)[python], **settings) as host:
        assert host.call('service', 'salt-minion', 'start')[0] == 0
        master.wait_for_key(name)
        master.salt_key('-a', name)
        accepted = master.fingerprint(name)
        wait_until(lambda: master.salt(name, 'test.ping', timeout=3) == {name: True}, LIVE, 'the salt-minion')
        key, theirs = files.read(PEM), master.salt(name, 'test.version')[name]

        code, output = host.migrate('--run')
        assert code == 0, output
        assert 'listens to 127.0.0.1' in output and set(host.running()) == set(['minion'])
        assert master.salt(name, 'test.ping', timeout=10) == {name: True}
        assert files.read(PEM) == key and master.fingerprint(name) == accepted and name in master.keys()['minions']

        code, output = host.migrate('--back')
        assert code == 0, output
        assert set(host.running()) == set(['salt-minion'])
        wait_until(lambda: master.salt(name, 'test.ping', timeout=3) == {name: True}, LIVE, 'the salt-minion again')
        assert master.salt(name, 'test.version')[name] == theirs
        assert files.read(PEM) == key and master.fingerprint(name) == accepted and name not in master.keys()['minions_pre']
