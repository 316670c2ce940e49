"""States of the kernel and the system's clock and language: sysctl, kmod, sysfs, timezone, locale."""
from __future__ import absolute_import, division, print_function

import importlib
import types

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from tests.support.statecalls import Module


# ---- sysctl

@pytest.fixture
def sysctl(monkeypatch):
    shown = {'vm.swappiness': '60', 'net.ipv4.tcp_rmem': '4096\t131072\t6291456'}
    kept = {'vm.swappiness': '9', 'vm.nosuch': '4'}
    return Module(monkeypatch, 'sysctl', default_config='/etc/sysctl.conf', persist='Updated',
                  show=lambda config_file=None: kept if config_file == 'kept' else [] if config_file else shown)


@pytest.mark.parametrize('name, value, config, result, comment', [
    ('vm.swappiness', 10, None, None, 'Sysctl option vm.swappiness set to be changed to 10'),
    ('vm.swappiness', 60, None, None, 'Sysctl value is currently set on the running system but not in a config file. '
     'Sysctl option vm.swappiness set to be changed to 60 in config file.'),
    ('vm.swappiness', 60, 'kept', True, 'Sysctl value vm.swappiness = 60 is already set'),
    ('vm.swappiness', 9, 'kept', None, 'Sysctl option vm.swappiness would be changed to 9'),
    ('vm.nosuch', 4, 'kept', None, 'Sysctl option vm.nosuch would be changed to 4'),
    ('net.ipv4.tcp_rmem', '4096 131072 6291456', None, None, 'Sysctl value is currently set on the running system but not '
     'in a config file. Sysctl option net.ipv4.tcp_rmem set to be changed to 4096 131072 6291456 in config file.')])
def test_test_mode_says_what_sysctl_would_change(sysctl, name, value, config, result, comment):
    assert sysctl('present', name, value, config, test=True) == (result, comment, {})
    assert not sysctl.called('sysctl.persist')


def test_a_setting_of_the_kernel_is_kept_in_the_file_of_the_platform(sysctl):
    assert sysctl('present', 'vm.swappiness', 20) == (True, 'Updated sysctl value vm.swappiness = 20', {'vm.swappiness': 20})
    assert sysctl.called('sysctl.persist') == [('vm.swappiness', 20, '/etc/sysctl.conf')]
    sysctl.gives('sysctl', persist='Already set')
    assert sysctl('present', 'vm.swappiness', 20) == (True, 'Sysctl value vm.swappiness = 20 is already set', {})
    sysctl.gives('sysctl', persist=CommandExecutionError('sysctl vm.no does not exist'))
    assert sysctl('present', 'vm.no', 1) == (False, 'Failed to set vm.no to 1: sysctl vm.no does not exist', {})


# ---- kmod

@pytest.fixture
def kmod(monkeypatch):
    def load(mod, persist):
        return {'good': ['good', 'needed'], 'silent': []}.get(mod, 'Error loading module %s: x' % mod)

    return Module(monkeypatch, 'kmod', available=['good', 'silent', 'bad'], load=load,
                  mod_list=lambda only_persist=False: ['kept', 'off'] if only_persist else ['loop', 'kept'],
                  remove=lambda mod, persist, comment: [mod] if mod != 'bad' else 'Error removing module bad: y')


@pytest.mark.parametrize('name, options, wanted', [
    ('loop', {}, (True, 'Kernel module loop is already present', {})),
    ('loop', {'persist': True, 'test': True}, (None, 'Kernel module loop is set to be loaded', {})),
    ('kept', {'persist': True}, (True, 'Kernel module kept is already present', {})),
    ('good', {}, (True, 'Loaded kernel module good', {'good': 'loaded', 'needed': 'loaded'})),
    ('none', {}, (False, 'Kernel module none is unavailable', {})),
    ('none', {'test': True}, (None, 'Kernel module none is set to be loaded', {})),
    ('silent', {}, (False, 'Failed to load kernel module silent', {})),
    ('bad', {}, (False, 'Failed to load kernel module bad: Error loading module bad: x', {})),
    ('x', {'mods': ['loop', 'kept']}, (True, 'Kernel modules loop, kept are already present', {})),
    ('x', {'mods': ['loop', 'good', 'none'], 'test': True},
     (None, 'Kernel module loop is already present\nKernel modules good, none are set to be loaded', {})),
    ('x', {'mods': ['loop', 'good', 'none']},
     (False, 'Kernel module loop is already present\nKernel module none is unavailable\nLoaded kernel module good',
      {'good': 'loaded', 'needed': 'loaded'})),
    ('x', {'mods': []}, (True, '', {}))])
def test_modules_of_the_kernel_are_loaded(kmod, name, options, wanted):
    assert kmod('present', name, **options) == wanted


@pytest.mark.parametrize('name, options, wanted', [
    ('none', {}, (True, 'Kernel module none is already removed', {})),
    ('loop', {'test': True}, (None, 'Kernel module loop is set to be removed', {})),
    ('loop', {}, (True, 'Removed kernel module loop', {'loop': 'removed'})),
    ('off', {}, (True, 'Kernel module off is already removed', {})),
    ('off', {'persist': True}, (True, 'Removed kernel module off', {'off': 'removed'})),
    ('x', {'mods': ['none', 'other']}, (True, 'Kernel modules none, other are already removed', {})),
    ('x', {'mods': ['loop', 'kept', 'none']},
     (True, 'Removed kernel modules loop, kept', {'loop': 'removed', 'kept': 'removed'}))])
def test_modules_of_the_kernel_are_removed(kmod, name, options, wanted):
    assert kmod('absent', name, **options) == wanted
    assert not options.get('test') or not kmod.called('kmod.remove')


# ---- sysfs

@pytest.mark.parametrize('value, options, wanted', [
    ('madvise', {}, (True, 'SysFS attribute mm/thp is already set.', {})),
    ('never', {'test': True}, (None, 'SysFS attribute mm/thp set to be changed.', {})),
    ('never', {}, (True, 'Updated SysFS attribute mm/thp to never', {'mm/thp': 'never'})),
    ('bad', {}, (False, 'Failed to set mm/thp to bad', {}))])
def test_a_value_of_sysfs_is_set(monkeypatch, value, options, wanted):
    sysfs = Module(monkeypatch, 'sysfs', read='always [madvise] never', write=lambda name, value: value == 'never')
    assert sysfs('present', 'mm/thp', value, **options) == wanted


def test_what_is_no_value_of_sysfs_is_refused(monkeypatch):
    assert Module(monkeypatch, 'sysfs', read=False)('present', 'mm/x', 1)[:2] == (False, "SysFS attribute mm/x doesn't exist.")
    assert Module(monkeypatch, 'sysfs', read={'a': 1})('present', 'mm', 1)[:2] == (False, 'mm is not a SysFS attribute.')


# ---- timezone

@pytest.mark.parametrize('zone, clock, options, wanted', [
    (True, 'UTC', {}, (True, 'Timezone CET already set, UTC already set to CET', {})),
    (True, 'localtime', {'utc': False}, (True, 'Timezone CET already set', {})),
    (False, 'UTC', {'test': True}, (None, 'Timezone CET needs to be set', {})),
    (False, 'localtime', {'test': True}, (None, 'Timezone CET needs to be set, UTC needs to be set to True', {})),
    (True, 'localtime', {}, (True, 'Set UTC to True', {'utc': True})),
    (False, 'localtime', {}, (True, 'Set timezone CET, Set UTC to True', {'timezone': 'CET', 'utc': True})),
    (False, 'localtime', {'utc': False}, (True, 'Set timezone CET', {'timezone': 'CET'}))])
def test_the_time_zone_is_set(monkeypatch, zone, clock, options, wanted):
    timezone = Module(monkeypatch, 'timezone', zone_compare=zone, get_hwclock=clock, set_zone=True, set_hwclock=True)
    assert timezone('system', 'CET', **options) == wanted
    assert not options.get('test') or not timezone.called('timezone.set_zone')


def test_a_time_zone_that_cannot_be_set_fails(monkeypatch):
    timezone = Module(monkeypatch, 'timezone', zone_compare=False, get_hwclock='localtime', set_hwclock=False,
                      set_zone='Zone does not exist: /usr/share/zoneinfo/CET')
    assert timezone('system', 'CET') == (False, 'Failed to set timezone, Failed to set UTC to True', {})
    timezone.gives('timezone', zone_compare=SaltInvocationError('Can\'t find a local timezone "CET"'))
    assert timezone('system', 'CET')[:2] == (
        False, "Unable to compare desired timezone 'CET' to system timezone: Can't find a local timezone \"CET\"")


# ---- locale

def test_locales_are_made_and_chosen(monkeypatch):
    locale = Module(monkeypatch, 'locale', avail=lambda name: name == 'C', gen_locale=lambda name: name == 'de',
                    get_locale='C', set_locale=lambda name: name == 'de')
    assert locale('present', 'C') == (True, 'Locale C is already present', {})
    assert locale('present', 'de', test=True) == (None, 'Locale de needs to be generated', {})
    assert locale('present', 'de') == (True, 'Generated locale de', {'locale': 'de'})
    assert locale('present', 'xx') == (False, 'Failed to generate locale xx', {})
    assert locale('system', 'C') == (True, 'System locale C already set', {})
    assert locale('system', 'de', test=True) == (None, 'System locale de needs to be set', {})
    assert locale('system', 'de') == (True, 'Set system locale de', {'locale': 'de'})
    assert locale('system', 'xx') == (False, 'Failed to set system locale to xx', {})


@pytest.mark.parametrize('module, functions', [
    ('kmod', ['absent', 'present']), ('locale', ['present', 'system']), ('network', ['managed', 'routes', 'system']),
    ('mount', ['fstab_absent', 'fstab_present', 'mod_watch', 'mounted', 'swap', 'unmounted']), ('sysctl', ['present']),
    ('ssh_auth', ['absent', 'manage', 'present']), ('ssh_known_hosts', ['absent', 'present']), ('sysfs', ['present']),
    ('timezone', ['system'])])
def test_what_states_import_is_no_state(module, functions):
    plugin = importlib.import_module('minion.states.' + module)
    assert sorted(name for name, value in vars(plugin).items()
                  if isinstance(value, types.FunctionType) and not name.startswith('_')) == functions
