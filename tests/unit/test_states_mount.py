"""States of file systems and swap space."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion.helpers import state_mounts
from tests.support.statecalls import Module

ENTRY = {'device': '/dev/sdb1', 'alt_device': None, 'fstype': 'ext4', 'opts': ['rw', 'relatime'],
         'superopts': ['rw', 'size=1024k'], 'device_uuid': 'aa-bb', 'device_label': 'DATA'}


class Host(object):
    """A host with one mount, whose place is `point`; `table` is what its fstab holds."""

    def __init__(self, monkeypatch, folder):
        self.point, self.free, self.none = [os.path.join(folder, name) for name in ('point', 'free', 'none')]
        os.mkdir(self.point)
        os.mkdir(self.free)
        self.point, self.free = os.path.realpath(self.point), os.path.realpath(self.free)
        self.table, self.said, self.cache = 'present', True, {}
        self.state = Module(monkeypatch, 'mount', active=lambda extended: {self.point: ENTRY},
                            mount=lambda *args, **kwargs: self.said, umount=lambda *args, **kwargs: self.said,
                            remount=lambda *args, **kwargs: self.said, set_fstab=lambda *args, **kwargs: self.table,
                            read_mount_cache=lambda name: self.cache, write_mount_cache=None, delete_mount_cache=None,
                            fstab=lambda config: {self.point: {'device': '/dev/sdb1'}}, rm_fstab=True)
        self.state.gives('disk', blkid=lambda device=None: {'/dev/sdb1': {'UUID': 'aa-bb', 'LABEL': 'DATA'}})
        self.state.gives('file', mkdir=lambda name, user: os.mkdir(name))

    def mounted(self, name, device='/dev/sdb1', **options):
        return self.state('mounted', name, device, 'ext4', **options)

    def did(self):
        return [name for name, _ in self.state.calls if name in ('mount.mount', 'mount.umount', 'mount.remount')]


@pytest.fixture
def host(monkeypatch, tmpdir):
    return Host(monkeypatch, str(tmpdir))


def test_what_is_mounted_stays(host):
    assert host.mounted(host.point) == (True, 'Target was already mounted. Entry already exists in the fstab.', {})
    assert host.mounted(host.point, persist=False) == (True, 'Target was already mounted', {})
    for device in ('UUID=AA-BB', 'LABEL=DATA', 'UUID=aa-bb'):
        assert host.mounted(host.point, device, persist=False)[1] == 'Target was already mounted', device
    assert not host.did()


def test_what_is_not_mounted_is(host):
    assert host.mounted(host.free, persist=False) == (True, 'Target was successfully mounted', {'mount': True})
    host.table = 'new'
    assert host.mounted(host.free, opts='ro,noatime') == (
        True, 'Target was successfully mounted. Added new entry to the fstab.', {'mount': True, 'persist': 'new'})
    assert host.state.called('mount.mount')[-1] == (host.free, '/dev/sdb1', False, 'ext4', ['ro', 'noatime'])
    assert host.state.called('mount.write_mount_cache')
    assert host.mounted(host.none) == (False, 'Mount directory is not present', {})
    host.said = 'mount: no such device'
    assert host.mounted(host.free) == (False, 'mount: no such device', {})


def test_test_mode_mounts_nothing(host):
    host.table = 'new'
    assert host.mounted(host.free, test=True) == (None, host.free + ' would be mounted', {})
    assert host.mounted(host.none, test=True) == (None, host.none + ' does not exist and would not be created', {})
    assert host.mounted(host.none, mkmnt=True, test=True) == (None, host.none + ' would be created and mounted', {})
    assert host.mounted(host.point, test=True) == (
        None, 'Target was already mounted. %s is mounted, but needs to be written to the fstab in order to be made '
        'persistent.' % host.point, {})
    host.table = 'change'
    assert host.mounted(host.point, test=True)[1] == (
        'Target was already mounted. %s is mounted, but its fstab entry must be updated.' % host.point)
    assert not host.did()


def test_only_the_table_may_be_wanted(host):
    host.table = 'new'
    needs = '. %s needs to be written to the fstab in order to be made persistent.'
    assert host.mounted(host.free, mount=False) == (
        True, host.free + ' not mounted. Added new entry to the fstab.', {'persist': 'new'})
    assert host.mounted(host.free, mount=False, test=True)[:2] == (
        None, host.free + ' would not be mounted' + needs % host.free)
    assert host.mounted(host.none, mount=False, persist=False) == (True, host.none + ' not present and not mounted', {})
    assert host.mounted(host.none, mount=False, test=True)[1] == (
        '%s does not exist and would neither be created nor mounted' % host.none + needs % host.none)
    assert host.mounted(host.none, mount=False, mkmnt=True, test=True, persist=False) == (
        None, host.none + ' would be created, but not mounted', {})
    assert host.mounted(host.none, mount=False, mkmnt=True, persist=False) == (
        True, host.none + ' was created, not mounted', {}) and os.path.isdir(host.none)
    host.table = 'change'
    assert host.mounted(host.point, mount=False) == (True, '. Updated the entry in the fstab.', {'persist': 'update'})
    assert host.mounted(host.point, mount=False, test=True)[1] == '. The %s fstab entry must be updated.' % host.point
    assert not host.did()


def test_other_options_remount(host):
    assert host.mounted(host.point, opts='noatime,_netdev,size=1m,rw,ro', test=True) == (
        None, 'Remount would be forced because options (noatime,ro) changed', {}) and not host.did()
    assert host.mounted(host.point, opts='noatime', persist=False) == (
        True, 'Target was already mounted', {'umount': 'Forced remount because options (noatime) changed'})
    assert host.mounted(host.point, opts='noatime', hidden_opts='noatime', persist=False)[2] == {}
    host.cache = {'opts': ['noexec', 'defaults', 'sync']}
    assert host.mounted(host.point, test=True)[1] == 'Remount would be forced because options (noexec,sync)changed'
    host.cache, host.said = {}, 'mount: bad option'
    assert host.mounted(host.point, opts='bogus')[:2] == (False, 'mount: bad option')
    assert host.did() == ['mount.remount', 'mount.remount']


def test_network_file_systems_are_mounted_anew(host):
    changed = {'umount': 'Forced unmount and mount because options (vers=4) changed'}
    assert host.state('mounted', host.point, '/dev/sdb1', 'nfs', opts='vers=4', persist=False)[2] == changed
    assert host.did() == ['mount.umount', 'mount.mount']
    host.said = 'target is busy'
    assert host.state('mounted', host.point, '/dev/sdb1', 'fuse.x', opts='vers=4') == (
        False, 'Unable to unmount %s: target is busy.' % host.point, changed)


def test_another_device_makes_room(host):
    watched = 'An umount would have been forced because devices do not match.  Watched: /dev/sdc1'
    assert host.mounted(host.point, '/dev/sdc1', persist=False, test=True) == (None, watched, {}) and not host.did()
    assert host.mounted(host.point, '/dev/sdc1', persist=False, device_name_regex=['/dev/sd.1']) == (
        True, 'An umount will not be forced because device matched device_name_regex: /dev/sdb1', {})
    result, comment, changes = host.mounted(host.point, '/dev/sdc1', persist=False)
    assert (result, comment, changes['mount']) == (True, 'Target was successfully mounted', True)
    assert changes['umount'].startswith("Forced unmount because devices don't match. Wanted: /dev/sdc1, current: /dev/sdb1")
    assert host.did() == ['mount.umount', 'mount.mount']


@pytest.mark.parametrize('name, device, comment', [
    ('', '/dev/x', 'Must provide name to mount.mounted'), ('/mnt', '', 'Must provide device to mount.mounted'),
    ('/mnt', 'LABEL=no', 'Unable to find device with label no.')])
def test_what_cannot_be_mounted_is_refused(host, name, device, comment):
    assert host.mounted(name, device) == (False, comment, {})


def test_a_bind_mount_takes_the_options_of_what_it_shows(host):
    host.state('mounted', host.free, host.point, 'none', opts='bind', persist=False)
    assert host.state.called('mount.mount')[-1][-1] == ['bind', 'relatime', 'rw']
    host.state('mounted', host.free, host.point, 'none', opts='bind', persist=False, bind_mount_copy_active_opts=False)
    assert host.state.called('mount.mount')[-1][-1] == ['bind']


def test_options_are_compared_as_the_kernel_shows_them():
    rules = state_mounts.Rules('ramfs', keys='credentials2', translated={'foo': 'rw'})
    assert rules.differing(['size=9g', 'uid=root', 'tcp', 'foo', 'password=x', 'credentials2=y'], dict(ENTRY, opts=['rw'])) == [
        'proto=tcp', 'uid=0']


# ---- unmounted, watch, table, swap

def test_what_is_mounted_is_unmounted(host):
    assert host.state('unmounted', host.point, test=True) == (
        None, 'Mount point %s is mounted but should not be' % host.point, {}) and not host.did()
    assert host.state('unmounted', host.point, persist=True) == (
        True, 'Target was successfully unmounted. Removed target from fstab', {'umount': True, 'persist': 'purged'})
    assert host.state('unmounted', host.free, persist=True) == (
        True, 'Target was already unmounted. fstab entry not found', {})
    host.said = 'target is busy'
    assert host.state('unmounted', host.point) == (False, 'target is busy', {})


def test_the_table_of_what_is_not_mounted_is_purged(host):
    host.state.gives('mount', active=lambda extended: {})
    assert host.state('unmounted', host.point, device='/dev/x', persist=True)[1] == (
        'Target was already unmounted. fstab entry for device /dev/x not found')
    assert host.state('unmounted', host.point, persist=True, test=True)[:2] == (
        None, 'Mount point %s is unmounted but needs to be purged from /etc/fstab to be made persistent' % host.point)


def test_watch_remounts(host):
    kept = dict(sfun='mounted', device='/dev/sdb1', fstype='ext4', opts='defaults')
    assert host.state('mod_watch', host.point, **kept) == (True, host.point + ' remounted', {})
    assert host.state('mod_watch', '/x', sfun='swap')[1] == 'Watch not supported in swap at this time'
    host.said = 'busy'
    assert host.state('mod_watch', host.point, **kept)[:2] == (False, host.point + ' failed to remount: busy')


@pytest.mark.parametrize('done, options, wanted', [
    ('present', {}, (True, '/mnt/x entry was already in /etc/fstab.', {})),
    ('present', {'test': True}, (True, '/mnt/x entry is already in /etc/fstab.', {})),
    ('new', {'test': True}, (None, '/mnt/x entry will be written in /etc/fstab.\nWill mount /dev/sda1 on /mnt/x', {})),
    ('change', {'test': True}, (None, '/mnt/x entry will be updated in /etc/fstab.', {})),
    ('change', {}, (True, '/mnt/x entry updated in /etc/fstab.', {'persist': 'change'})),
    ('new', {'mount': False}, (True, '/mnt/x entry added in /etc/fstab.', {'persist': 'new'})),
    ('new', {'mount_by': 'uuid'}, (False, 'Device /dev/sda1 cannot be converted to uuid', {}))])
def test_a_line_of_the_table_is_there(host, done, options, wanted):
    host.table = done
    assert host.state('fstab_present', '/dev/sda1', '/mnt/x', 'ext4', **options) == wanted


def test_a_new_line_of_the_table_is_mounted(host):
    host.table = 'new'
    assert host.state('fstab_present', '/dev/sdb1', '/mnt/x', 'ext4', mount_by='uuid') == (
        True, '/mnt/x entry added in /etc/fstab.\nMounted /dev/sdb1 on /mnt/x', {'persist': 'new'})
    assert host.state.called('mount.set_fstab')[-1][1] == 'UUID=aa-bb'
    host.said = "mount: /mnt/x: can't find in /etc/fstab."
    assert host.state('fstab_present', '/dev/sdb1', '/mnt/x', 'ext4')[:2] == (
        False, "/mnt/x entry added in /etc/fstab.\nError while mounting  /mnt/x: can't find in /etc/fstab.")


def test_a_line_of_the_table_goes(host):
    assert host.state('fstab_absent', '/dev/sdb1', host.point, test=True)[:2] == (
        None, host.point + ' entry will be removed from /etc/fstab.')
    assert host.state('fstab_absent', '/dev/sdb1', host.point) == (
        True, host.point + ' entry removed from /etc/fstab.', {'persist': 'removed'})
    assert host.state('fstab_absent', '/dev/sdb1', '/no') == (True, '/no entry is already missing in /etc/fstab.', {})


def test_the_host_swaps(host):
    host.state.gives('mount', swaps={'/on': {'size': '1'}}, swapon={}, fstab={'none': {'device': '/kept'}})
    assert host.state('swap', '/off', test=True)[:2] == (None, 'Swap /off is set to be activated')
    assert host.state('swap', '/off', persist=False) == (False, 'Swap /off failed to activate', {})
    host.table = 'new'
    assert host.state('swap', '/on') == (True, 'Swap /on already active. Added new entry to the fstab.', {'persist': 'new'})
