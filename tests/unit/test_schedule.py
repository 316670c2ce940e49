"""The schedule: when jobs are due, what schedule.* answers, how changes are kept."""
from __future__ import absolute_import, division, print_function

import datetime
import os

import pytest

from minion import compat, executors, scheduler, timetable
from minion.helpers import cron, schedulefile, whentime
from minion.loader import Loader
from tests.support import replay

NOW = datetime.datetime(2026, 11, 25, 12, 30, 15)                 # a Wednesday


def at(text):
    return datetime.datetime.strptime(text, '%Y-%m-%d %H:%M')


# ---- times

@pytest.mark.parametrize('text, expected', [
    ('* * * * *', '2026-11-25 12:31'), ('*/5 * * * *', '2026-11-25 12:35'), ('30 12 * * *', '2026-11-26 12:30'),
    ('0 8 1 * *', '2026-12-01 08:00'), ('0 8 * * 1', '2026-11-30 08:00'), ('0 8 * * mon-fri', '2026-11-26 08:00'),
    ('0 8 29 2 *', '2028-02-29 08:00'), ('15,45 3-4 * jan sun', '2027-01-03 03:15'), ('@daily', '2026-11-26 00:00'),
    ('0 0 13 * 5', '2026-11-27 00:00'), ('0 0 * * 7', '2026-11-29 00:00'), ('10/20 * * * *', '2026-11-25 12:50'),
])
def test_cron(text, expected):
    assert cron.Cron(text).after(NOW) == at(expected)


def test_cron_never():
    assert cron.Cron('0 0 31 2 *').after(NOW) is None


@pytest.mark.parametrize('text', ['', '* * * *', '60 * * * *', '* 24 * * *', '*/0 * * * *', 'x * * * *', '5-1 * * * *',
                                  '* * 0 * *', '* * * 13 *', '-1 * * * *'])
def test_no_cron(text):
    with pytest.raises(ValueError):
        cron.Cron(text)


@pytest.mark.parametrize('text, expected, recurs', [
    ('5:00pm', '2026-11-25 17:00', 'day'), ('5pm', '2026-11-25 17:00', 'day'), ('12:00 am', '2026-11-25 00:00', 'day'),
    ('17:30', '2026-11-25 17:30', 'day'), ('Monday 5:00pm', '2026-11-30 17:00', 'week'),
    ('wed 08:00', '2026-11-25 08:00', 'week'), ('2026-12-24 18:00', '2026-12-24 18:00', None),
    ('2026-12-24T18:00:00', '2026-12-24 18:00', None), ('12/24/2026 6:00pm', '2026-12-24 18:00', None),
    ('Dec 24, 2026 6pm', '2026-12-24 18:00', None), ('24 December 2026', '2026-12-24 00:00', None),
])
def test_times_as_people_write_them(text, expected, recurs):
    assert whentime.parse(text, NOW) == (at(expected), recurs)


@pytest.mark.parametrize('text', ['', 'soon', '25:00', '13:00pm', '2026-13-01', None, True])
def test_no_time(text):
    with pytest.raises(ValueError):
        whentime.parse(text, NOW)


# ---- one entry

def entry(wall=NOW, mono=100.0, **data):
    return timetable.Entry('j', dict({'function': 'test.ping'}, **data), wall, mono, draw=lambda low, high: high)


def after(seconds):
    return NOW + datetime.timedelta(seconds=seconds)


def test_an_interval_is_counted_on_the_monotonic_clock():
    one = entry(minutes=1, seconds=30)
    assert (one.seconds, one.wait(NOW, 100.0), one.on_wall()) == (90, 90.0, False)
    assert one.wait(after(-86400), 130.0) == 60.0            # the clock was set back
    assert not one.take(after(86400), 189.0)
    assert one.take(after(90), 190.0) and one.wait(after(90), 190.0) == 90.0


def test_splay_comes_on_top():
    assert entry(seconds=10, splay=5).wait(NOW, 100.0) == 15.0
    assert entry(seconds=10, splay={'start': 2, 'end': 3}).wait(NOW, 100.0) == 13.0


@pytest.mark.parametrize('data, seconds', [
    ({'cron': '31 12 * * *'}, 45), ({'when': '12:31'}, 45), ({'when': ['13:00', '12:31']}, 45),
    ({'when': '12:30'}, 86385), ({'once': '2026-11-25T12:30:25'}, 10), ({'when': '2026-11-25 12:00'}, None),
    ({'once': '25.11.2026', 'once_fmt': '%d.%m.%Y'}, None), ({}, None),
])
def test_times_of_the_wall_clock(data, seconds):
    one = entry(**data)
    assert one.wait(NOW, 100.0) == seconds
    assert one.on_wall() is (seconds is not None)


def test_a_host_that_slept_does_not_catch_up():
    one = entry(cron='31 12 * * *')
    assert not one.take(after(3600), 100.0)
    assert one.wait(after(3600), 100.0) == 86400 - 3600 + 45


@pytest.mark.parametrize('data, allowed', [
    ({'range': {'start': '12:00', 'end': '13:00'}}, True), ({'range': {'start': '13:00', 'end': '14:00'}}, False),
    ({'range': {'start': '13:00', 'end': '14:00', 'invert': True}}, True),
    ({'range': {'start': '22:00', 'end': '6:00'}}, False),
    ({'range': {'start': '12:00', 'end': '1:00'}}, True), ({'until': '2026-11-25 12:00'}, False),
    ({'until': '2026-11-26'}, True), ({'after': '2026-11-26'}, False), ({'after': '2026-11-25'}, True),
    ({'skip_during_range': {'start': '12:00', 'end': '13:00'}}, False),
])
def test_what_keeps_a_job_from_running(data, allowed):
    assert entry(seconds=1, **data).take(NOW, 101.0) is allowed


def test_run_on_start():
    one = entry(seconds=60, run_on_start=True)
    assert one.wait(NOW, 100.0) == 0.0 and one.take(NOW, 100.0) and one.wait(NOW, 100.0) == 60.0


def test_skipped_and_postponed():
    one = entry(when='12:31')
    one.data.update(skip_explicit=[{'time': '2026-11-25T12:31:00', 'time_fmt': timetable.FORMAT}],
                    run_explicit=[{'time': '2026-11-25T12:33:00', 'time_fmt': timetable.FORMAT}])
    assert not one.take(after(45), 145.0)
    assert one.wait(after(45), 145.0) == 120.0 and one.take(after(165), 265.0)
    assert one.data['run_explicit'] == [] and one.data['skip_explicit'] == []


@pytest.mark.parametrize('data, message', [
    ({'function': None}, 'it names no function'), ({'seconds': 'x'}, 'seconds should be numbers'),
    ({'seconds': 1, 'cron': '* * * * *'}, 'Unable to use "seconds"'), ({'when': '1pm', 'cron': '* * * * *'}, 'together'),
    ({'cron': 'x'}, 'cron: '), ({'when': 'x'}, 'is no time'), ({'once': 'x'}, 'once: '), ({'until': 'x'}, 'is no time'),
    ({'range': 5, 'seconds': 1}, 'range needs'), ({'seconds': -1}, 'negative'),
])
def test_entries_that_can_never_run(data, message):
    with pytest.raises(timetable.Unusable) as caught:
        entry(**data)
    assert message in str(caught.value)


# ---- the scheduler, on clocks of the test

class World(object):
    """A scheduler whose jobs are noted instead of run."""

    def __init__(self, folder, **opts):
        self.wall, self.mono, self.started, self.pillar, self.ended = NOW, 100.0, [], {}, []
        opts = dict({'id': 'm1', 'conf_file': os.path.join(str(folder), 'minion'), 'default_include': 'minion.d/*.conf'},
                    **opts)
        self.made = scheduler.Scheduler(opts, self._run, lambda: ({'whens': {'tea': '12:31'}}, self.pillar),
                                        scheduler.Clocks(lambda: self.wall, lambda: self.mono))
        self.made.renew()

    def _run(self, load, ended, data):
        self.started.append(load)
        self.ended.append(ended)

    def later(self, seconds):
        self.wall += datetime.timedelta(seconds=seconds)
        self.mono += seconds
        self.made._start_due()
        return [load['schedule'] for load in self.started]


def test_maxrunning(tmpdir):
    world = World(tmpdir, schedule={'j': {'function': 'test.sleep', 'args': [9], 'kwargs': {'a': 1}, 'seconds': 10}})
    assert world.later(10) == world.later(10) == ['j']
    world.ended[0]()
    assert world.later(10) == ['j', 'j']
    assert world.started[0]['arg'] == [9, {'a': 1, '__kwarg__': True}]
    assert world.started[0]['jid'] != world.started[1]['jid']


def test_jobs_of_one_moment_have_jids_of_their_own(tmpdir):
    world = World(tmpdir, schedule=dict((str(number), {'function': 'test.ping', 'seconds': 1}) for number in range(5)))
    world.later(1)
    assert len(set(load['jid'] for load in world.started)) == 5


def test_what_changes_keeps_the_time_of_the_others(tmpdir):
    world = World(tmpdir, schedule={'a': {'function': 'test.ping', 'seconds': 10}})
    world.later(6)
    world.made.change('b', {'function': 'test.ping', 'seconds': 10}, False)
    assert world.later(4) == ['a'] and world.later(6) == ['a', 'b']
    world.made.change('enabled', False, False)
    assert world.later(60) == ['a', 'b']


def test_names_of_times(tmpdir):
    world = World(tmpdir, schedule={'a': {'function': 'test.ping', 'when': 'tea'}})
    assert world.later(45) == ['a']


def test_settings_that_stand_for_jobs(tmpdir):
    opts = {'id': 'm1', 'mine_enabled': True, 'mine_interval': 60, 'ping_interval': 1, 'grains_refresh_every': 2}
    assert sorted(scheduler.internal_jobs(opts, {})) == ['__grains_refresh', '__ping_interval']
    assert scheduler.internal_jobs(opts, {'mine_functions': ['test.ping']})['__mine_interval']['run_on_start'] is True
    assert scheduler.internal_jobs({'id': 'm1'}, {}) == {}


# ---- schedule.*

def call(opts, fun, *arg):
    outcome = executors.run(Loader(opts), {'fun': fun, 'arg': list(arg), 'jid': '20261123041652229848'})
    return {'return': outcome.value, 'retcode': outcome.retcode, 'success': outcome.success}


def test_without_a_running_minion_as_the_reference(tmpdir):
    opts = {'conf_file': str(tmpdir.join('minion')), 'default_include': 'minion.d/*.conf', 'id': 'm1'}
    different = []
    for row in replay.read('schedule.json'):
        expected = compat.native_tree(row['sent'])
        if row['fun'] == 'schedule.list' and compat.is_text(expected['return']):
            expected['return'] = compat.native_tree(compat.import_yaml().safe_load(expected['return']))
        found = call(opts, row['fun'], *compat.native_tree(row['arg']))
        if row['fun'] == 'schedule.list' and compat.is_text(found['return']):
            found['return'] = compat.native_tree(compat.import_yaml().safe_load(found['return']))
        if compat.native_tree(found) != expected:
            different.append((row['fun'], row['arg'], expected, found))
    # switching a job that is only in the file is possible here; the reference asks the minion that does not run
    assert [row[0] for row in different] == ['schedule.disable_job', 'schedule.enable_job', 'schedule.enable_job']
    assert os.stat(str(tmpdir.join('minion.d', '_schedule.conf'))).st_mode & 0o777 == 0o600


def test_a_damaged_file_is_told(tmpdir):
    tmpdir.join('minion.d', '_schedule.conf').write('schedule: [\n', ensure=True)
    opts = {'conf_file': str(tmpdir.join('minion')), 'default_include': 'minion.d/*.conf', 'id': 'm1'}
    with pytest.raises(ValueError):
        schedulefile.read(schedulefile.path(opts))
    assert call(opts, 'schedule.reload')['return']['result'] is False
