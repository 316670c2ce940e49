"""States of software RAID over execution functions that a test holds in its hands."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support import hoststates


class Raids(object):
    """What mdadm has: {device: uuid} of members, {name: uuid} of RAIDs; `works`: whether it can change anything."""

    def __init__(self):
        self.members, self.arrays, self.works, self.calls = {}, {}, True, []

    def functions(self):
        return dict(('raid.' + name.rstrip('_'), getattr(self, name)) for name in (
            'list_', 'examine', 'create', 'assemble', 'add', 'destroy', 'save_config'))

    def list_(self):
        return dict((name, {'device': name, 'uuid': self.arrays[name]}) for name in self.arrays)

    def examine(self, device, quiet=False):
        return {'MD_UUID': self.members[device]} if device in self.members else {}

    def _start(self, name, words, test_mode):
        if test_mode:
            return words
        self.calls.append(words)
        if self.works:
            self.arrays[name] = 'u1'
        return 'started'

    def create(self, name, level, devices, test_mode=False, **kwargs):
        return self._start(name, ['create', level, devices, kwargs], test_mode)

    def assemble(self, name, devices, test_mode=False, **kwargs):
        return self._start(name, ['assemble', devices, kwargs], test_mode)

    def add(self, name, device):
        return self.works

    def destroy(self, name):
        return self.works

    def save_config(self):
        self.calls.append('saved')


@pytest.fixture
def raid(tmpdir, monkeypatch):
    """raid(state, ...) -> (result, comment, changes); raid.raids, raid.devices."""
    host, raids = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch), Raids()

    def run(name, *args, **kwargs):
        return host.over(raids.functions(), 'raid.' + name, *args, **kwargs)
    run.raids, run.devices = raids, []
    for name in ('sda', 'sdb'):
        tmpdir.join(name).write('')
        run.devices.append(str(tmpdir.join(name)))
    return run


MADE = {'device': '/dev/md0', 'uuid': 'u1'}


def test_making_a_raid(raid):
    devices = raid.devices + ['missing']
    plan = ['create', 1, raid.devices + ['missing'], {'chunk': 256}]
    assert raid('present', '/dev/md0', 1, devices, chunk=256, test=True) == (
        None, "Raid will be created with: %r Missing devices: ['missing']" % (plan,), {})
    assert raid('present', '/dev/md0', 1, devices, chunk=256) == (
        True, "Raid /dev/md0 created. Missing devices: ['missing']", MADE)
    assert raid.raids.calls == [plan, 'saved']


def test_a_raid_that_cannot_be_made(raid):
    assert raid('present', '/dev/md0', 1, ['/dev/nosuch']) == (False, "All devices are missing: ['/dev/nosuch'].", {})
    raid.raids.works = False
    assert raid('present', '/dev/md0', 1, raid.devices) == (False, 'Raid /dev/md0 failed to be created.', {})
    raid.raids.members = {raid.devices[0]: 'u1'}
    assert raid('present', '/dev/md0', 1, raid.devices) == (False, 'Raid /dev/md0 failed to be assembled.', {})


def test_assembling_a_raid(raid):
    old, new = raid.devices
    raid.raids.members = {old: 'u1'}
    plan = ['assemble', [old], {}]
    assert raid('present', '/dev/md0', 1, raid.devices, test=True) == (
        None, 'Raid will be assembled with: %r New devices will be added: %r' % (plan, [new]), {})
    assert raid('present', '/dev/md0', 1, raid.devices) == (
        True, 'Raid /dev/md0 assembled. Added new device %s to /dev/md0.\n' % new, dict(MADE, added=[new]))
    assert raid.raids.calls == [plan, 'saved']


def test_a_raid_that_is_there(raid):
    old, new = raid.devices
    raid.raids.members, raid.raids.arrays = {old: 'u1'}, {'/dev/md0': 'u1'}
    assert raid('present', '/dev/md0', 1, [old]) == (True, 'Raid /dev/md0 already present.', {})
    assert raid('present', '/dev/md0', 1, '%s,%s' % (old, new), test=True) == (
        None, 'Raid /dev/md0 already present. New devices will be added: %r' % ([new],), {})
    assert raid('present', '/dev/md0', 1, [old, new]) == (
        True, 'Raid /dev/md0 already present. Added new device %s to /dev/md0.\n' % new, {'added': [new]})
    raid.raids.works = False
    assert raid('present', '/dev/md0', 1, [old, new]) == (
        False, 'Raid /dev/md0 already present. Unable to add %s to /dev/md0.\n' % new, {})
    assert raid.raids.calls == []


def test_members_of_other_raids(raid):
    raid.raids.members = dict(zip(raid.devices, ('u2', 'u1')))
    assert raid('present', '/dev/md0', 1, raid.devices) == (
        False, "Devices are a mix of RAID constituents with multiple MD_UUIDs: ['u1', 'u2'].", {})
    raid.raids.arrays = {'/dev/md0': 'u1'}
    assert raid('present', '/dev/md0', 1, raid.devices[:1]) == (
        False, 'Devices MD_UUIDs: u2 differs from present RAID uuid u1.', {})


def test_a_raid_that_goes(raid):
    assert raid('absent', '/dev/md0') == (True, 'Raid /dev/md0 already absent', {})
    raid.raids.arrays = {'/dev/md0': 'u1'}
    assert raid('absent', '/dev/md0', test=True) == (None, 'Raid /dev/md0 is set to be destroyed', {})
    assert raid('absent', '/dev/md0') == (True, 'Raid /dev/md0 has been destroyed', {})
    raid.raids.works = False
    assert raid('absent', '/dev/md0') == (False, 'Raid /dev/md0 failed to be destroyed', {})
