"""The reference minion and ours side by side on one master: the same calls to all, and the same answers.

Cases: tests/data/parity/cases. What may differ stands in tests/support/tolerated.py, each with its reason; the reasons for
differences that stay are in docs/differences.md, too. Only with a 3008.3 master: its environment holds the reference.
"""
from __future__ import absolute_import, division, print_function

import collections
import io
import json
import os
import shutil
import tempfile

import pytest

from tests.real import conftest
from tests.support import realmaster, replay, tolerated, twins
from tests.support.minionprocess import ROOT
from tests.support.waiting import wait_until

VERSION = '3008.3'
REFERENCE = 'twin-of-salt'
SECONDS = 60
TRIES = 3                                        # the reference loses jobs on a busy host; ours must not
SILENT = {'nothing': True}
FOLDER = os.path.join(replay.DATA, 'cases')

pytestmark = [
    pytest.mark.skipif(VERSION not in conftest.MASTERS, reason='needs the environment of a %s master' % VERSION),
    pytest.mark.skipif(os.geteuid() != 0 or not twins.possible(), reason='needs mount namespaces'),
]


def all_cases():
    """Rows of all case files, in their order."""
    found = []
    for name in sorted(os.listdir(FOLDER)):
        with io.open(os.path.join(FOLDER, name), encoding='utf-8') as stream:
            found += json.load(stream)
    return found


CASES = all_cases()
PYTHONS = [name for name, _ in conftest.PYTHONS]


class Stage(object):
    """Master and twins, and what they answered so far."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='twins-')
        self.place = tempfile.mkdtemp(prefix='place-')
        os.chmod(self.folder, 0o755)
        os.chmod(self.place, 0o755)
        roots = twins.fill_roots(self.folder)
        self.master = realmaster.RealMaster(VERSION, dict(
            roots, auto_accept=True, file_recv=True, fileserver_list_cache_time=3600))    # while it refreshes, a list is empty
        self.twins, self._answers = {}, {}
        self.figures = collections.OrderedDict()

    def start(self):
        """Start all of it and wait until all answer."""
        self.master.start()
        programs = dict((name, (program, os.path.join(ROOT, 'bin', 'minion'))) for name, program in conftest.PYTHONS)
        home = os.path.join(self.master.home, 'bin')
        programs[REFERENCE] = (os.path.join(home, 'python'), os.path.join(home, 'salt-minion'))
        for name, program in programs.items():
            minion_id = name if name == REFERENCE else 'twin-of-py%s' % name
            self.twins[name] = twins.Twin(os.path.join(self.folder, minion_id), self.place, self.master, minion_id, program,
                                          log_level='warning', log_level_logfile='warning')
            self.twins[name].start()
        wait_until(self._all_answer, 120,
                   lambda: 'all twins answer\n' + '\n'.join(twin.tail() for twin in self.twins.values()))
        self.master.salt(self.twins[REFERENCE].minion_id, 'cp.list_master', timeout=SECONDS)      # fills the master's list
        return self

    def _all_answer(self):
        try:
            return len(self.master.salt('*', 'test.ping', timeout=5)) == len(self.twins)
        except AssertionError:                       # a master that has just started may be too busy to take an order
            return False

    def stop(self):
        """End it and remove what it made."""
        for twin in self.twins.values():
            twin.__exit__(None, None, None)
        self.master.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.rmdir(self.place)

    def answers(self, row):
        """{name of a twin: {'ret', 'retcode', ..., 'effect'}} for a case; run once."""
        for _ in range(TRIES):
            if row['case'] not in self._answers or self._answers[row['case']][REFERENCE] == SILENT:
                self._answers[row['case']] = self._ask(row)
        return self._answers[row['case']]

    def _ask(self, row):
        words = {'<work_dir>': os.path.join(self.place, 'work'), '<root_dir>': self.place}
        for twin in self.twins.values():
            if row.get('prep'):
                twin.shell(twins.substituted(row['prep'], words))
        by_id = dict((twin.minion_id, name) for name, twin in self.twins.items())
        whole = self.master.run(','.join(sorted(by_id)), row['fun'], *twins.substituted(row['arg'], words),
                                tgt_type='list', timeout=SECONDS)
        found = dict((name, dict(SILENT)) for name in self.twins)
        for minion_id, answer in whole.items():
            found[by_id[minion_id]] = twins.comparable(answer, minion_id)
        for name, twin in self.twins.items():
            if row.get('post'):
                found[name]['effect'] = twins.replace(twin.shell(twins.substituted(row['post'], words)), twin.minion_id)
        return found

    def note(self, row, python, same):
        """Count a case for the table of figures."""
        module = row['fun'].split('.')[0]
        counts = self.figures.setdefault(module, collections.defaultdict(lambda: [0, 0]))[python]
        counts[0] += same
        counts[1] += 1


@pytest.fixture(scope='module')
def stage():
    running = Stage()
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.mark.parametrize('row', CASES, ids=[row['case'] for row in CASES])
def test_same_as_the_reference(stage, row):
    answers, wrong = stage.answers(row), []
    for python in PYTHONS:
        theirs, ours = tolerated.levelled(row, answers[REFERENCE], answers[python])
        stage.note(row, python, answers[REFERENCE] == answers[python])
        if ours != theirs:
            wrong.append('Python %s: %s\ninstead of\n%s' % (python, _shown(ours), _shown(theirs)))
    assert not wrong, '%s %s\n%s' % (row['fun'], row['arg'], '\n'.join(wrong))


def _shown(value):
    return json.dumps(value, sort_keys=True, indent=1, default=repr)[:3000]


def test_figures(stage, capsys):
    """Prints, for each module, how many cases agree to the letter before anything is tolerated."""
    lines = ['%-14s %s' % ('module', ' '.join('%12s' % ('Python ' + python) for python in PYTHONS))]
    for module in sorted(stage.figures):
        lines.append('%-14s %s' % (module, ' '.join(
            '%12s' % ('%d of %d' % tuple(stage.figures[module][python])) for python in PYTHONS)))
    with capsys.disabled():
        print('\n' + '\n'.join(lines))
    assert stage.figures
