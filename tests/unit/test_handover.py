"""From one image of the program to the next: what is handed over, and what a stranger's variable does not do."""
from __future__ import absolute_import, division, print_function

import fcntl
import os
import subprocess
import sys

import hypothesis
import hypothesis.strategies as some
import pytest

from minion import handover, options, process
from tests.support import fuzz
from tests.support.minionprocess import ROOT

PROGRAM = ('import os, sys; sys.path.insert(0, %r)\nfrom minion import handover\nhanded = handover.take()\n'
           'data = os.read(handed.lock, 10)\nos.write(1, data + repr(tuple(handed)[1:]).encode("ascii"))\n'
           'os.write(1, repr(os.environ.get(handover.NAME)).encode("ascii"))') % ROOT


def test_an_image_finds_what_the_one_before_held():
    ear, hammer = os.pipe()
    os.write(hammer, b'lock')
    child = os.fork()
    if not child:
        try:
            os.dup2(hammer, 1)
            handover.become([sys.executable, '-c', PROGRAM], handover.Handover(ear, None, None, 'a note of words'))
        finally:
            os._exit(9)
    assert os.waitpid(child, 0)[1] == 0
    os.close(hammer)
    assert os.read(ear, 1000) == b"lock(None, None, 'a note of words')None"
    os.close(ear)


@pytest.mark.parametrize('text, expected', [
    ('- - - -', (None, None, None, '-')), ('', (None, None, None, '-')), ('x y z w', (None, None, None, 'w')),
    ('0 1 2 -', (None, None, None, '-')), ('999999 -1 99999999999999999999 -', (None, None, None, '-'))])
def test_a_variable_that_somebody_else_set(monkeypatch, text, expected):
    monkeypatch.setenv(handover.NAME, text)
    assert tuple(handover.take()) == expected and handover.NAME not in os.environ
    assert handover.take() is None


def test_a_lock_is_taken_over_only_if_it_is_of_this_file(tmpdir):
    first = process.Lock(str(tmpdir.join('lock')))
    first.acquire()
    heir = process.Lock(str(tmpdir.join('lock')), handle=os.dup(first.handle))
    assert heir.acquire() and fcntl.fcntl(heir.handle, fcntl.F_GETFD) & fcntl.FD_CLOEXEC
    first.release()
    with pytest.raises(process.errors.AlreadyRunning):
        process.Lock(str(tmpdir.join('lock'))).acquire()
    stranger = process.Lock(str(tmpdir.join('other')), handle=os.dup(heir.handle))
    assert stranger.handle is None and stranger.acquire()
    for lock in (heir, stranger):
        lock.release()


def test_the_keeper_is_told_the_pid_file():
    ear, hammer = os.pipe()
    launch = process.Launch(keeper=hammer, again=True)
    launch.ready('/run/x.pid')
    os.close(hammer)
    assert os.read(ear, 100) == b'/run/x.pid\n' and not launch.again
    os.close(ear)


VALUES = {'flag': some.just(True), 'text': some.sampled_from(['a', '/x/y', 'info'])}


@fuzz.examples(100)
@hypothesis.given(some.fixed_dictionaries(dict((row.key, some.one_of(some.none(), VALUES.get(row.kind, some.just('info'))))
                                               for row in options.ROWS)))
def test_words_say_what_was_given(given):
    wanted = dict((key, value) for key, value in given.items() if value and key not in options.ASKING)
    assert options.plain(options.words(given)) == wanted


def test_the_script_is_plain_sh():
    for shell in ('dash', 'bash', 'sh'):
        for script in (handover.SCRIPT, os.path.join(ROOT, 'conf', 'init.d', 'minion')):
            try:
                assert subprocess.call([shell, '-n', script]) == 0
            except OSError:
                continue                                      # not here
    assert handover.keeper_can_be()
