"""The arithmetic of liveness: what the defaults promise, and how it scales."""
from __future__ import absolute_import, division, print_function

import pytest

from minion import liveness, settings

IDS = ['m%d' % number for number in range(400)]


def timing(minion_id='m1', **values):
    return liveness.timing(dict(settings.defaults(), **values), minion_id)


def test_a_master_that_moved_is_followed_within_a_minute_by_default():
    """Known after liveness_interval and two answers; what is left is for the name service and the sign-in."""
    worst = max(liveness.found_within(timing(name)) for name in IDS)
    assert worst <= 45 + 5 + 2.5
    assert 60 - worst >= settings.defaults()['auth_timeout']


def test_heartbeats_by_default():
    times = timing()
    assert (times.ping, times.pong) == (10, 20)
    assert times.ping + times.pong + times.grace <= 60          # a broken subscription, too


@pytest.mark.parametrize('interval, ping, pong', [
    (4, 1, 2), (20, 5, 10), (45, 10, 20), (3600, 10, 20), (0.01, 0.25, 0.5)])
def test_heartbeats_follow_the_interval_up_to_a_limit(interval, ping, pong):
    times = timing(liveness_interval=interval)
    assert (times.ping, times.pong) == (ping, pong)
    assert times.grace <= min(10, max(1, interval))


def test_the_shorter_of_both_intervals_holds():
    assert timing(liveness_interval=20, master_alive_interval=10) == timing(liveness_interval=10)
    assert timing(liveness_interval=10, master_alive_interval=20) == timing(liveness_interval=10)
    assert timing(liveness_interval=0, master_alive_interval=10) == timing(liveness_interval=10)


def test_failover_keeps_its_promise():
    """A silent master is known within master_alive_interval and 7.5 s; 2.5 s are left for the next one's sign-in."""
    worst = max(liveness.found_within(timing(name, master_alive_interval=30)) for name in IDS)
    assert worst <= 30 + 7.5


def test_0_is_never():
    times = timing(liveness_interval=0)
    assert (times.quiet, times.ping, times.pong) == (0, 0, 0)
    assert times.grace > 5                                      # a broken connection is no matter of opinion


def test_a_fleet_is_spread_over_the_last_quarter_and_an_id_stays_where_it_is():
    quiet = [timing(name).quiet for name in IDS]
    assert min(quiet) >= 45 * 0.75 and max(quiet) <= 45
    assert max(quiet) - min(quiet) > 0.9 * 45 / 4
    assert timing('m7') == timing('m7') and timing(u'm7') == timing('m7')


def test_answers_follow_return_retry_timer():
    assert timing(return_retry_timer=8).answers == (8, 4)
    assert timing(return_retry_timer=0).answers == (0.5, 0.25)
