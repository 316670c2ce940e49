"""What happens to masters and keys while minions run: they recover by themselves. The last test ends them."""
from __future__ import absolute_import, division, print_function

import os
import shutil
import threading

import pytest

from minion import compat
from tests.support.waiting import wait_until

OUTAGE = float(os.environ.get('MINION_REAL_OUTAGE', 3))            # seconds that a killed master stays away
RECONNECT_SECONDS = 30


@pytest.fixture(scope='module')
def after_outage(master, crew):
    """{id: answer} to the first ping after the master was killed and started again."""
    crew.wait_answering()
    master.kill()
    threading.Event().wait(OUTAGE)                                 # the length of the outage is what is tested
    master.start()
    crew.wait_listening(RECONNECT_SECONDS)
    return crew.ping()


@pytest.fixture(scope='module')
def after_rotation(master, crew):
    """({id: answer} to the first ping after a new AES key, {id: sign-ins that it took})."""
    crew.wait_answering()
    before = dict((name, master.sign_ins(name)) for name in crew.ids)
    master.rotate_aes()
    answers = crew.ping()
    return answers, dict((name, master.sign_ins(name) - before[name]) for name in crew.ids)


@pytest.fixture(scope='module')
def after_rejection(master, crew):
    """{id: process was alive all the time} once all keys were rejected, deleted and accepted again."""
    crew.wait_answering()
    before = dict((name, master.sign_ins(name)) for name in crew.ids)
    shutil.copy(master.pki('master.pub'), master.pki('minions', 'decoy'))     # or nothing would be published
    master.salt_key('-r', crew.everybody, '--include-accepted')
    master.wait_rotated()
    master.run('*', 'test.ping', timeout=1)                        # whoever has the old AES key notices by this
    for name in crew.ids:
        wait_until(lambda: master.sign_ins(name) > before[name], 60,
                   lambda: 'another sign-in of %s\n%s' % (name, '\n'.join(each.tail() for each in crew)))
    master.salt_key('-d', crew.everybody)
    for name in crew.ids:
        master.wait_for_key(name, seconds=90)
    master.salt_key('-a', crew.everybody)
    try:
        crew.wait_answering(30)
    except AssertionError:                           # seen with 3008.3: a sign-in that the master was just working on
        master.salt_key('-a', crew.everybody)        # had put an accepted key among the waiting ones again
        crew.wait_answering()
    return dict((each.minion_id, each.running()) for each in crew)


def test_first_ping_after_the_master_was_killed(after_outage, minion):
    assert after_outage.get(minion.minion_id) is True, minion.tail()


def test_first_ping_after_a_new_aes_key(after_rotation, minion):
    answers, sign_ins = after_rotation
    assert answers.get(minion.minion_id) is True, minion.tail()
    assert sign_ins[minion.minion_id] == 1


def test_key_rejected_deleted_and_accepted(after_rejection, minion):
    assert after_rejection[minion.minion_id]


def test_sigterm_ends_it_within_two_seconds(crew, minion):
    start = compat.monotonic()
    assert minion.stop(seconds=10) == 0, minion.tail()
    assert compat.monotonic() - start < 2
    assert minion.leftovers() == []
