"""Several real masters of one version: one of them is killed, the other goes on giving jobs, and the first comes back.

Set up as a user would: both know the minion's key, and they have either one key pair in common or pairs of their own whose
public halves a common signing key has signed.
"""
from __future__ import absolute_import, division, print_function

import contextlib
import os
import shutil
import tempfile

import pytest

from minion import compat, files
from tests.real.conftest import MASTERS, NEWEST, OLDEST, PYTHONS, ROOT, WHOLE
from tests.support import realmaster
from tests.support.minionprocess import MinionProcess
from tests.support.waiting import wait_until

ALIVE = 5                                            # seconds; master_alive_interval
COMMON, SIGNED = 'one key', 'signed keys'
COPIES = {COMMON: ('master.pem', 'master.pub'), SIGNED: ('master_sign.pem', 'master_sign.pub')}


class Pair(object):
    """Two masters; `kind` says what their keys have to do with each other."""

    def __init__(self, version, kind):
        self.kind, self.version = kind, version
        settings = {'master_sign_pubkey': True} if kind == SIGNED else {}
        self.masters = [realmaster.RealMaster(version, settings) for _ in range(2)]

    def __enter__(self):
        try:
            self.masters[0].start()
            self._copy(*COPIES[self.kind])
            self.masters[1].start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error):
        for each in self.masters:
            each.stop()

    def _copy(self, *names):
        for name in names:
            path = self.masters[1].pki(name)
            compat.make_dirs(os.path.dirname(path))
            files.write(path, files.read(self.masters[0].pki(name)), 0o400 if name.endswith('.pem') else 0o644)

    def accept(self, name):
        """Accept the key of a minion on both, which it asks in turn until one takes it."""
        for each in self.masters:
            each.wait_for_key(name, seconds=90)
        for each in self.masters:
            each.salt_key('-a', name)

    @contextlib.contextmanager
    def without_first(self):
        """The first master is killed, and started again at the end."""
        self.masters[0].kill()
        try:
            yield
        finally:
            self.masters[0].start()

    def minion(self, folder, name, program, **settings):
        """A MinionProcess of both masters, not yet started."""
        made = MinionProcess(folder, None, name, (program, os.path.join(ROOT, 'bin', 'minion')), **settings)
        made.settings['master'] = ['127.0.0.1:%d' % each.ret_port for each in self.masters]
        if realmaster.generation(self.version) == 0:
            made.settings['minimum_auth_version'] = 0
        if self.kind == SIGNED:
            made.settings['verify_master_pubkey_sign'] = True
            shutil.copy(self.masters[0].pki('master_sign.pub'), os.path.join(made.pki, 'master_sign.pub'))
        return made


@pytest.fixture(scope='module', params=[(version, kind) for version in MASTERS for kind in (COMMON, SIGNED)
                                        if WHOLE or version in (NEWEST, OLDEST)],
                ids=lambda param: ' '.join(param))
def pair(request):
    with Pair(*request.param) as made:
        yield made


@pytest.fixture(autouse=True)
def only_the_ends(python):
    """Two masters for each test take their time: without --all the oldest and the newest Python do."""
    if not WHOLE and python not in (PYTHONS[0][0], PYTHONS[-1][0]):
        pytest.skip('the oldest and the newest Python are enough for the time that it takes')


@pytest.fixture
def folder():
    made = tempfile.mkdtemp(prefix='masters-')
    yield made
    shutil.rmtree(made)


def jobs_from(master, minion, seconds):
    """Wait until a job of this master is returned to it."""
    def answered():
        try:                                         # each time a new job: one that was sent before they met is no loss
            jid = master.publish(minion.minion_id, 'test.ping')
        except AssertionError as exc:                # a 3008 master that has just started is not ready for its own client
            if 'request timed out' not in str(exc):
                raise
            return False
        deadline = compat.monotonic() + 2
        while compat.monotonic() < deadline:
            if minion.minion_id in master.cached(jid):
                return True
        return False
    wait_until(answered, seconds, minion.tail)


def program_of(python):
    return dict(PYTHONS)[python]


def test_failover_and_failback(pair, folder, python):
    name = 'failover-py' + python
    first, second = pair.masters
    settings = {'master_type': 'failover', 'master_alive_interval': ALIVE, 'master_failback': True,
                'master_failback_interval': ALIVE}
    with pair.minion(folder, name, program_of(python), **settings) as minion:
        pair.accept(name)
        jobs_from(first, minion, 90)
        before = os.path.join(folder, 'ran')
        with pair.without_first():
            jobs_from(second, minion, ALIVE + 10)
            jid = second.publish(name, 'cmd.run', 'echo once >> %s; sleep 1; echo done' % before)
            wait_until(lambda: name in second.cached(jid), 30, minion.tail)
        jobs_from(first, minion, 4 * ALIVE + 30)
        assert 'the first master answers again' in minion.text()
        with open(before) as stream:
            assert stream.read().split() == ['once']


def test_both_at_once(pair, folder, python):
    name = 'list-py' + python
    first, second = pair.masters
    with pair.minion(folder, name, program_of(python)) as minion:
        pair.accept(name)
        for master in (first, second):
            jobs_from(master, minion, 90)
        with pair.without_first():
            jobs_from(second, minion, 15)
            jid = second.publish(name, 'cmd.run', 'echo done')
            wait_until(lambda: name in second.cached(jid), 30, minion.tail)
        jobs_from(first, minion, 60)
        jobs_from(second, minion, 15)
