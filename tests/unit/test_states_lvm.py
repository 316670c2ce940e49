"""States of LVM over execution functions that a test holds in its hands."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import SaltInvocationError
from minion.helpers import state_lvm
from tests.support import hoststates


class Volumes(object):
    """What LVM has: {device: group}, groups, and {path: (sectors, extents)}; `broken`: nothing can be changed."""

    def __init__(self):
        self.devices, self.groups, self.volumes = {'/dev/sda1': 'vg', '/dev/sdb1': 'other', '/dev/sdc1': ''}, ['vg'], {}
        self.volumes['/dev/vg/root'] = (204800, 25)
        self.broken, self.calls = False, []

    def functions(self):
        return dict(('lvm.' + name, getattr(self, name)) for name in dir(self) if name[:2] in ('pv', 'vg', 'lv'))

    def pvdisplay(self, name, real=False, quiet=False):
        return {name: {'Volume Group Name': self.devices[name]}} if name in self.devices else {}

    def vgdisplay(self, name, quiet=False):
        return {name: {}} if name in self.groups else {}

    def lvdisplay(self, path, quiet=False):
        if path not in self.volumes:
            return {}
        size, extents = self.volumes[path]
        return {path: {'Logical Volume Size': str(size), 'Current Logical Extents Associated': str(extents)}}

    def _do(self, *call):
        self.calls.append(call)
        return not self.broken

    def pvcreate(self, name, **kwargs):
        if self._do('pvcreate', name, kwargs):
            self.devices[name] = ''
        return True

    def pvremove(self, name):
        if self._do('pvremove', name):
            del self.devices[name]
        return True

    def vgcreate(self, name, devices, **kwargs):
        if self._do('vgcreate', name, devices, kwargs):
            self.groups.append(name)
        return {'Output from vgcreate': 'made'}

    def vgextend(self, name, device):
        if self._do('vgextend', name, device):
            self.devices[device] = name

    def vgremove(self, name):
        if self._do('vgremove', name):
            self.groups.remove(name)
        return 'gone'

    def lvcreate(self, name, vgname, **kwargs):
        if not kwargs['size'] and not kwargs['extents']:
            return 'Error: Either size or extents must be specified'
        if self._do('lvcreate', name, vgname, kwargs['snapshot'], kwargs['size'] or kwargs['extents']):
            self.volumes['/dev/%s/%s' % (vgname.split('/')[0], name)] = (1, 1)
        return {'Output from lvcreate': 'no room' if self.broken else 'made'}

    def lvresize(self, size, path, extents, **kwargs):
        if self._do('lvresize', size, path, extents, kwargs):
            self.volumes[path] = (1, 1)
        return {'Output from lvresize': 'no room' if self.broken else 'resized'}

    def lvremove(self, name, vgname):
        if self._do('lvremove', name, vgname):
            del self.volumes['/dev/%s/%s' % (vgname, name)]
        return 'gone'


@pytest.fixture
def lvm(tmpdir, monkeypatch):
    """lvm(state, ...) -> (result, comment, changes); lvm.volumes."""
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)
    volumes = Volumes()

    def run(name, *args, **kwargs):
        functions = dict(volumes.functions(), **{'lvm.version': lambda: '2.02'})
        return host.over(functions, 'lvm.' + name, *args, **kwargs)
    run.volumes = volumes
    return run


def test_physical_volumes(lvm):
    assert lvm('pv_present', '/dev/sda1') == (True, 'Physical Volume /dev/sda1 already present', {})
    assert lvm('pv_present', '/dev/new', test=True) == (None, 'Physical Volume /dev/new is set to be created', {})
    assert lvm('pv_present', '/dev/new', metadatasize='1M') == (True, 'Created Physical Volume /dev/new', {'created': True})
    assert lvm('pv_absent', '/dev/none') == (True, 'Physical Volume /dev/none does not exist', {})
    assert lvm('pv_absent', '/dev/new', test=True) == (None, 'Physical Volume /dev/new is set to be removed', {})
    assert lvm('pv_absent', '/dev/new') == (True, 'Removed Physical Volume /dev/new', {'removed': True})
    assert lvm.volumes.calls == [('pvcreate', '/dev/new', {'metadatasize': '1M'}), ('pvremove', '/dev/new')]
    lvm.volumes.broken = True
    assert lvm('pv_present', '/dev/new') == (False, 'Failed to create Physical Volume /dev/new', {})
    assert lvm('pv_absent', '/dev/sda1') == (False, 'Failed to remove Physical Volume /dev/sda1', {})


def test_volume_groups(lvm):
    there = 'Volume Group vg already present\n'
    assert lvm('vg_present', 'vg', '/dev/sda1') == (True, there + '/dev/sda1 is part of Volume Group', {})
    assert lvm('vg_present', 'vg', '/dev/none') == (False, there + 'pv /dev/none is not present', {})
    assert lvm('vg_present', 'vg', ['/dev/sdb1']) == (False, there + '/dev/sdb1 is part of other', {})
    assert lvm('vg_present', 'vg', '/dev/sdc1', test=True)[0] is None
    assert lvm('vg_present', 'vg', '/dev/sda1,/dev/sdc1') == (
        True, there + '/dev/sda1 is part of Volume Group', {'/dev/sdc1': 'added to vg'})
    assert lvm('vg_present', 'new', '/dev/sdc1', test=True) == (None, 'Volume Group new is set to be created', {})
    assert lvm('vg_present', 'new', '/dev/sdc1', clustered='y') == (
        True, 'Created Volume Group new', {'created': {'Output from vgcreate': 'made'}})
    assert lvm('vg_absent', 'none') == (True, 'Volume Group none already absent', {})
    assert lvm('vg_absent', 'new', test=True) == (None, 'Volume Group new is set to be removed', {})
    assert lvm('vg_absent', 'new') == (True, 'Removed Volume Group new', {'removed': 'gone'})


def test_volume_groups_that_cannot_be_changed(lvm):
    lvm.volumes.broken = True
    assert lvm('vg_present', 'vg', '/dev/sdc1') == (
        False, 'Volume Group vg already present\n/dev/sdc1 could not be added', {})
    assert lvm('vg_present', 'new', '/dev/sdc1') == (False, 'Failed to create Volume Group new', {})
    assert lvm('vg_absent', 'vg') == (False, 'Failed to remove Volume Group vg', {})


def test_logical_volumes_that_are_made(lvm):
    assert lvm('lv_present', 'new', 'vg', size='1G', test=True) == (None, 'Logical Volume new is set to be created', {})
    assert lvm('lv_present', 'new', 'vg', size='1G') == (
        True, 'Created Logical Volume new', {'created': {'Output from lvcreate': 'made'}})
    assert lvm('lv_present', 'root', 'vg', snapshot='snap', extents='10%ORIGIN')[1] == 'Created Logical Volume snap'
    assert lvm('lv_present', 'thin', 'vg/pool', size='1G', thinvolume=True)[:2] == (True, 'Created Logical Volume thin')
    assert lvm.volumes.calls == [('lvcreate', 'new', 'vg', None, '1G'), ('lvcreate', 'snap', 'vg', 'root', '10%ORIGIN'),
                                 ('lvcreate', 'thin', 'vg/pool', None, '1G')]
    assert lvm('lv_present', 'n', 'vg', size='1G', extents=3) == (False, 'Only one of extents or size can be specified.', {})
    assert lvm('lv_present', 'n', 'vg') == (
        False, 'Failed to create Logical Volume n. Error: Error: Either size or extents must be specified', {})


@pytest.mark.parametrize('options, outcome', [
    ({'size': '100M'}, (True, 'Logical Volume root already present')), ({}, (True, 'Logical Volume root already present')),
    ({'extents': 25}, (True, 'Logical Volume root already present')),
    ({'extents': '50%FREE'}, (True, "Logical Volume root already present, 50%FREE won't be resized.")),
    ({'size': '50M'}, (False, "To reduce a Logical Volume option 'force' must be True.")),
    ({'size': '50M', 'force': True}, (True, 'Resized Logical Volume root')),
    ({'size': '1G', 'test': True}, (None, 'Logical Volume root is set to be resized')),
    ({'size': '1G'}, (True, 'Resized Logical Volume root')), ({'extents': '30'}, (True, 'Resized Logical Volume root')),
])
def test_logical_volumes_that_are_there(lvm, options, outcome):
    assert lvm('lv_present', 'root', 'vg', **options)[:2] == outcome
    assert bool(lvm.volumes.calls) is outcome[1].startswith('Resized')


def test_logical_volumes_that_go(lvm):
    assert lvm('lv_absent', 'none', 'vg') == (True, 'Logical Volume none already absent', {})
    assert lvm('lv_absent', 'root', 'vg', test=True) == (None, 'Logical Volume root is set to be removed', {})
    lvm.volumes.broken = True
    assert lvm('lv_absent', 'root', 'vg') == (False, 'Failed to remove Logical Volume root', {})
    assert lvm('lv_present', 'root', 'vg', size='1G') == (
        False, 'Failed to resize Logical Volume root.\nError: no room', {})
    assert lvm('lv_present', 'new', 'vg', size='1G') == (False, 'Failed to create Logical Volume new. Error: no room', {})
    lvm.volumes.broken = False
    assert lvm('lv_absent', 'root', 'vg') == (True, 'Removed Logical Volume root', {'removed': 'gone'})


def test_sizes_in_sectors():
    assert [state_lvm.sectors(size) for size in ('3s', '4K', 100, '100M', '1gB', '1T', '1p')] == [
        3, 8, 204800, 204800, 2097152, 2147483648, 2199023255552]
    for size in ('junk', '1x', '1 G', '100MiB'):
        with pytest.raises(SaltInvocationError):
            state_lvm.sectors(size)
    with pytest.raises(ValueError):
        state_lvm.sectors('0.5G')
