"""States of the minion itself, its schedule and its beacons, over fake ones; the texts are those that are documented."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import beaconconfig
from tests.support.hoststates import States


class Kept(object):
    """Execution modules that keep things by name, and what they were called with."""

    def __init__(self, module, rows):
        self.rows, self.asked, self.fails = rows, [], None
        self._module = module
        self.functions = {module + '.list': lambda **kwargs: dict(self.rows)}

    def answers(self, *names, **more):
        for name in names:
            self.functions['%s.%s' % (self._module, name)] = self._answering(name, more)

    def _answering(self, function, more):
        def answer(*args, **kwargs):
            self.asked.append((function, args, kwargs))
            if self.fails:
                return {'result': False, 'comment': self.fails}
            return dict({'result': True, 'comment': '%s would be' % function}, **more)
        return answer


@pytest.fixture
def host(tmp_path, monkeypatch):
    return States(str(tmp_path), monkeypatch)


# ---- schedule

@pytest.fixture
def schedule():
    kept = Kept('schedule', {'there': {'function': 'test.ping', 'seconds': 60, 'saved': True}})
    kept.answers('add', 'modify', 'delete', 'enable_job', 'disable_job', changes={'some': 'change'})
    kept.functions['schedule.build_schedule_item'] = lambda name, **kwargs: kwargs
    return kept


def test_schedule_present(host, schedule):
    def told(name, **kwargs):
        return host.over(schedule.functions, 'schedule.present', name, **dict({'function': 'test.ping'}, **kwargs))
    assert told('there', seconds=60) == (True, 'Job there in correct state', {})
    assert schedule.asked == []
    assert told('there', seconds=5) == (True, 'Modifying job there in schedule', {'some': 'change'})
    assert told('there', seconds=5, test=True) == (True, 'modify would be', {'some': 'change'})
    assert told('new', seconds=5) == (True, 'Adding new job new to schedule', {'new': 'added'})
    assert told('new', seconds=5, test=True) == (True, 'add would be', {'new': 'added'})
    assert schedule.asked[-1] == ('add', ('new',), {'function': 'test.ping', 'seconds': 5, 'test': True})
    schedule.fails = 'no such time'
    assert told('new', when='x') == (False, 'no such time', {})
    schedule.functions['schedule.build_schedule_item'] = lambda name, **kwargs: {'result': False, 'comment': 'no'}
    assert told('there', when='x') == (False, 'no', {})


@pytest.mark.parametrize('state, function, said', [
    ('absent', 'delete', 'Removed job there from schedule'), ('enabled', 'enable_job', 'Enabled job there from schedule'),
    ('disabled', 'disable_job', 'Disabled job there from schedule')])
def test_schedule_absent_enabled_disabled(host, schedule, state, function, said):
    changes = {'some': 'change'} if state == 'absent' else {}
    state = 'schedule.' + state
    assert host.over(schedule.functions, state, 'other') == (True, 'Job other not present in schedule', {})
    assert schedule.asked == []
    assert host.over(schedule.functions, state, 'there', persist=False) == (True, said, changes)
    assert schedule.asked == [(function, ('there',), {'persist': False})]
    assert host.over(schedule.functions, state, 'there', test=True) == (True, '%s would be' % function, changes)
    schedule.fails = 'Job there is in pillar.'
    assert host.over(schedule.functions, state, 'there') == (False, 'Job there is in pillar.', {})


def test_times_of_a_job_are_looked_at(host):
    assert host.call('schedule.build_schedule_item', 'x', function='test.ping', when=['5pm', 'soon']) == {
        'result': False, 'comment': 'Schedule item soon for "when" in invalid.'}
    host.loader.update(pillar={'whens': {'soon': '5pm'}})
    assert host.call('schedule.build_schedule_item', 'x', function='test.ping', when='soon')['when'] == 'soon'


# ---- beacon

@pytest.fixture
def beacons():
    kept = Kept('beacons', {'there': [{'services': {'cron': {}}}]})
    kept.answers('add', 'modify', 'delete', 'save', 'enable_beacon', 'disable_beacon', changes={'diff': 'a difference'})
    return kept


def test_beacon_present(host, beacons):
    def told(name, **kwargs):
        return host.over(beacons.functions, 'beacon.present', name, **kwargs)
    assert told('there', services={'cron': {}}) == (True, 'Job there in correct state', {})
    assert told('there', services={'cron': {}}, save=True) == (True, 'Job there in correct state\nBeacon there saved', {})
    assert told('there', services={}) == (True, 'Modifying there in beacons', {'diff': 'a difference'})
    assert told('there', services={}, test=True) == (True, 'modify would be', {'diff': 'a difference'})
    assert told('new', a=1)[:2] == (True, 'Adding new to beacons')
    assert told('new', a=1, test=True, save=True)[:2] == (True, 'add would be\nBeacon new would be saved')
    assert [(name, args, kwargs) for name, args, kwargs in beacons.asked if name != 'save'][-1] == (
        'add', ('new', [{'a': 1}]), {'test': True})
    assert sum(name == 'save' for name, _, _ in beacons.asked) == 1
    beacons.fails = 'Beacon "new" is not available.'
    assert told('new', a=1, save=True) == (False, 'Beacon "new" is not available.', {})


def test_a_disabled_beacon_is_enabled_by_present(host, beacons):
    beacons.rows = {'there': [{'a': 1}, {'enabled': False}]}
    assert beaconconfig.flat(beacons.rows['there']) == {'a': 1, 'enabled': False}
    assert host.over(beacons.functions, 'beacon.present', 'there', a=1)[1] == 'Modifying there in beacons'


def test_beacon_absent(host, beacons):
    def told(name, **kwargs):
        return host.over(beacons.functions, 'beacon.absent', name, **kwargs)
    assert told('other', save=True) == (True, 'other not configured in beacons\nBeacon other saved', {})
    assert told('there') == (True, 'Removed there from beacons', {})
    assert told('there', test=True) == (True, 'delete would be', {})
    beacons.fails = 'no'
    assert told('there') == (False, 'no', {})
    assert told('other', save=True) == (False, 'other not configured in beacons\nno', {})


@pytest.mark.parametrize('state, unknown, foreseen, done', [
    ('enabled', 'other not a configured beacon', 'Beacon there would be enabled.', 'Enabled there from beacons'),
    ('disabled', 'Job other is not configured.', 'Beacons would be disabled.', 'Disabled beacon there.')])
def test_beacon_enabled_and_disabled(host, beacons, state, unknown, foreseen, done):
    assert host.over(beacons.functions, 'beacon.' + state, 'other') == (True, unknown, {})
    assert host.over(beacons.functions, 'beacon.' + state, 'there', test=True) == (True, foreseen, {})
    assert beacons.asked == []
    assert host.over(beacons.functions, 'beacon.' + state, 'there') == (True, done, {})
    beacons.fails = 'no'
    assert host.over(beacons.functions, 'beacon.' + state, 'there') == (False, 'no', {})
