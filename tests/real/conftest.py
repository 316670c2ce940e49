"""One real master for each version that the run was given, and one minion for each Python, all at the same time.

bin/check says which: MINION_REAL_MASTERS (see realmaster.py), MINION_REAL_PYTHONS as `2.7=PROGRAM 3.6=PROGRAM ...`,
MINION_REAL_OUTAGE, the seconds that a killed master stays away, and MINION_REAL_WHOLE, set where time does not matter.
"""
from __future__ import absolute_import, division, print_function

import os
import shutil
import tempfile
from collections import OrderedDict

import pytest

from tests.support import leaks, realmaster
from tests.support.minionprocess import ROOT, MinionProcess
from tests.support.waiting import wait_until

MASTERS = [version for version, _ in realmaster.installed()]
PYTHONS = [item.partition('=')[::2] for item in os.environ.get('MINION_REAL_PYTHONS', '').split()]
START_SECONDS = 90
WHOLE = bool(os.environ.get('MINION_REAL_WHOLE'))
NEWEST, OLDEST = '3008.3', '2019.2.8'                # of the reduced matrix


def pytest_generate_tests(metafunc):
    """A test that takes `minion` runs once for each Python, one that takes `master` once for each master."""
    if 'master' in metafunc.fixturenames:
        metafunc.parametrize('master', MASTERS, indirect=True, scope='session')
    if 'python' in metafunc.fixturenames:
        metafunc.parametrize('python', [name for name, _ in PYTHONS], ids=['py' + name for name, _ in PYTHONS])


@pytest.fixture(scope='session', autouse=True)
def nothing_left_at_the_end():
    """Masters and minions of this folder live longer than a test; at the end nothing of them is left."""
    before = leaks.take()
    yield
    leaks.check(before)


@pytest.fixture
def nothing_left_behind():
    """Replaces the check after every test: masters are started and killed within tests here."""


@pytest.fixture(scope='session')
def master(request, nothing_left_at_the_end):
    """A running RealMaster with its default security settings; ended before the last look at what is left."""
    running = realmaster.RealMaster(request.param)
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(scope='session')
def crew(master):
    """The Crew of this master: its minions are accepted and listen."""
    folder = tempfile.mkdtemp(prefix='minions-')
    try:
        with Crew(master, folder) as minions:
            minions.sign_in()
            yield minions
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def minion(crew, python):
    """The MinionProcess that runs on the Python of this test; `minion.minion_id` is its name on the master."""
    return crew.minions[python]


class Crew(object):
    """The minions of one master, one for each Python, named by it.

    `pending`: {id: what the minion had said while its key waited}; `fingerprints`: {id: what salt-key -F showed then}.
    """

    def __init__(self, master, folder):
        self.master = master
        self.pending, self.fingerprints = {}, {}
        self.minions = OrderedDict()
        settings = {'minimum_auth_version': 0} if realmaster.generation(master.version) == 0 else {}
        for name, program in PYTHONS:
            self.minions[name] = MinionProcess(os.path.join(folder, name), master, 'py' + name,
                                               (program, os.path.join(ROOT, 'bin', 'minion')), **settings)

    def __enter__(self):
        try:
            for each in self:
                each.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error):
        for each in self:
            each.__exit__(None, None, None)

    def __iter__(self):
        return iter(list(self.minions.values()))

    @property
    def ids(self):
        """Ids of all its minions."""
        return [each.minion_id for each in self]

    @property
    def everybody(self):
        """A target that names them all, whatever else the master knows."""
        return 'py*'

    def sign_in(self):
        """Wait for their keys, note what both sides say of them, accept them, and wait until all listen."""
        for each in self:
            self._wait_pending(each)
        for each in self:
            self.fingerprints[each.minion_id] = self.master.fingerprint(each.minion_id)
            self.pending[each.minion_id] = self._said(each, self.fingerprints[each.minion_id])
        self.master.salt_key('-a', self.everybody)
        self.wait_listening()

    def _wait_pending(self, minion):
        def pending():
            assert minion.running(), 'the minion ended with %s; %s' % (minion.process.returncode, minion.tail())
            return os.path.exists(self.master.pki('minions_pre', minion.minion_id))
        wait_until(pending, START_SECONDS, lambda: 'key on the master; ' + minion.tail())

    @staticmethod
    def _said(minion, fingerprint):
        try:
            wait_until(lambda: fingerprint in minion.text(), 15, 'the fingerprint in the log')
        except AssertionError:                       # the test that looks for it tells
            pass
        return minion.text()

    def wait_listening(self, seconds=START_SECONDS):
        """Wait until every minion has its connection to the publish port."""
        wait_until(lambda: self.master.subscribers() >= len(self.minions), seconds,
                   lambda: 'all minions listen\n' + '\n'.join(each.tail() for each in self))

    def ping(self, seconds=20):
        """{id: answer} of one test.ping to all."""
        return self.master.salt(self.everybody, 'test.ping', timeout=seconds)

    def wait_answering(self, seconds=START_SECONDS):
        """Ping until all answer."""
        expected = dict.fromkeys(self.ids, True)
        wait_until(lambda: self.ping(5) == expected, seconds,
                   lambda: 'all minions answer\n' + '\n'.join(each.tail() for each in self))
