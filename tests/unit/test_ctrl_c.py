"""Ctrl-C while sockets are made: it waits until they are known to somebody, and ends what waits for an answer."""
from __future__ import absolute_import, division, print_function

import os
import signal
import threading

import pytest

from minion import compat, errors, wake
from minion.caller import door
from minion.helpers import command
from tests.support.waiting import wait_until


@pytest.fixture
def bell():
    one = wake.Bell()
    yield one
    one.close()


def press():
    os.kill(os.getpid(), signal.SIGINT)


def test_it_comes_at_the_end_and_the_handler_is_back(bell):
    before, steps = signal.getsignal(signal.SIGINT), []
    with pytest.raises(KeyboardInterrupt):
        with wake.ctrl_c_rings(bell):
            press()
            assert bell.wait(10) and bell.stopping
            steps.append('went on')
    assert steps == ['went on'] and signal.getsignal(signal.SIGINT) is before


def test_what_it_interrupts_is_not_told_besides(bell):
    with pytest.raises(KeyboardInterrupt):
        with wake.ctrl_c_rings(bell):
            press()
            bell.wait(10)
            raise errors.Interrupted('stopped while waiting')


@pytest.mark.parametrize('fault', [errors.Interrupted('by another bell'), errors.RequestTimeout('silence')])
def test_other_ends_are_as_they_were(bell, fault):
    with pytest.raises(type(fault)) as raised:
        with wake.ctrl_c_rings(bell):
            raise fault
    assert raised.value is fault and not bell.stopping


def test_other_threads_hear_no_signals(bell):
    before, found = signal.getsignal(signal.SIGINT), []

    def work():
        with wake.ctrl_c_rings(bell):
            found.append(signal.getsignal(signal.SIGINT))
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert found == [before]


def test_a_wait_at_the_bell_ends_at_once(bell):
    started = compat.monotonic()
    timer = threading.Timer(0.1, press)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        with wake.ctrl_c_rings(bell):
            bell.wait(60)
    timer.join()
    assert compat.monotonic() - started < 30


# ---- a call, while it starts a program

def test_a_program_that_a_call_starts_is_ended_with_it(tmpdir):
    jobs, before = door.HostJobs(str(tmpdir)), signal.getsignal(signal.SIGINT)
    timer = threading.Timer(0.2, press)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        command.run(['sleep', '100'], tie=jobs)
    timer.join()
    assert signal.getsignal(signal.SIGINT) is before


def test_holds_of_a_call_may_be_nested(tmpdir):
    jobs, steps = door.HostJobs(str(tmpdir)), []
    with pytest.raises(KeyboardInterrupt):
        with command.held(jobs):
            with command.held(jobs):
                assert not jobs.told()
                press()
                wait_until(jobs.told, 10, 'Ctrl-C')
            steps.append('still held')
    assert steps == ['still held'] and not jobs.told()
    with command.held(jobs):
        assert not jobs.told()


def test_other_threads_of_a_call_hold_nothing(tmpdir):
    jobs, before, found = door.HostJobs(str(tmpdir)), signal.getsignal(signal.SIGINT), []

    def work():
        with command.held(jobs):
            found.append((signal.getsignal(signal.SIGINT), jobs.told()))
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert found == [(before, False)]
    with pytest.raises(KeyboardInterrupt):
        with command.held(jobs):
            press()
            wait_until(jobs.told, 10, 'Ctrl-C')
            other = threading.Thread(target=work)
            other.start()
            other.join(10)
    assert found[1][1] is False
