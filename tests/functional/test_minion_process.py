"""The program as a process of its own against the embedded master: from its start to a clean end."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.demo.master import Master
from tests.support import faults, proxy, testkeys
from tests.support.minionprocess import PROGRAM, MinionProcess

START = 60                                       # seconds


@pytest.mark.parametrize('generation', [0, 2, 3])
def test_it_serves_each_generation_and_leaves_nothing(tmpdir, generation):
    key, pinned = testkeys.private('master'), min(generation, 2)
    with Master(str(tmpdir.join('master')), generation, key, auto_accept=True) as master:
        minion = MinionProcess(str(tmpdir.join('minion')), master, key=testkeys.path('minion'),
                               minimum_auth_version=pinned, master_finger=master.fingerprint)
        with minion:
            master.wait_event('salt/minion/m1/start', START)
            assert master.wait_return(master.publish('test.ping'), 'm1', 30)['return'] is True
            assert minion.stop() == 0, minion.tail()
        assert minion.leftovers() == []


def test_it_comes_back_after_rotation_restart_and_a_cut(tmpdir):
    key = testkeys.private('master')
    with faults.FaultyMaster(str(tmpdir.join('master')), 3, key, auto_accept=True) as master:
        with proxy.Proxy(master.publish_port) as publish:
            master.add(faults.set_field('sign-in', 'publish_port', publish.port, times=None))
            with MinionProcess(str(tmpdir.join('minion')), master, key=testkeys.path('minion')) as minion:
                master.wait_event('salt/minion/m1/start', START)
                master.journal.wait_subscriptions(1, 30)         # it comes by another way, through the proxy
                master.rotate_aes()
                assert master.wait_return(master.publish('test.ping'), 'm1', 30)['return'] is True
                for trouble in (publish.cut, master.restart):
                    known = len(master.journal.subscriptions)
                    trouble()
                    master.journal.wait_subscriptions(known + 1, 30)
                    assert master.wait_return(master.publish('test.ping'), 'm1', 30)['return'] is True
                assert minion.stop() == 0, minion.tail()


def test_it_becomes_the_command_that_starts_it_anew(tmpdir):
    told, folder = tmpdir.join('told'), tmpdir.join('minion')
    again = ' '.join(PROGRAM + ('-c', str(folder.join('conf'))))
    with Master(str(tmpdir.join('master')), 3, testkeys.private('master'), auto_accept=True) as master:
        with MinionProcess(str(folder), master, key=testkeys.path('minion'), minion_restart_command=[
                'sh', '-c', 'echo $$ > %s; exec %s' % (told, again)]) as minion:
            master.wait_event('salt/minion/m1/start', START)
            known = len(master.events)
            comment, = master.wait_return(master.publish('minion.restart'), 'm1', 30)['return']['comment']
            assert comment == 'Restart using minion_restart_command: sh -c echo $$ > %s; exec %s' % (told, again)
            master.wait_event('salt/minion/m1/start', START, known)
            assert int(told.read()) == minion.pid
            assert master.wait_return(master.publish('test.ping'), 'm1', 30)['return'] is True
            assert minion.stop() == 0, minion.tail()
