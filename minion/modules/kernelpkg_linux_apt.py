"""Kernels of Debian and its kin (kernelpkg.*)."""
from __future__ import absolute_import, division, print_function

import re

from minion.errors import CommandExecutionError
from minion.helpers import kernels

__virtualname__ = 'kernelpkg'
PREFIX = 'linux-image-'


def __virtual__():
    if __grains__.get('os_family') == 'Debian':
        return __virtualname__
    return False, 'Module kernelpkg_linux_apt: no APT based system detected'


def _kind():
    """What follows the numbers of the release that runs, as `amd64`."""
    found = re.match(r'[\d.+~-]+-(.+)\Z', active())
    return found.group(1) if found else active()


def _package(release):
    return PREFIX + release


def active():
    """The release of the kernel that runs. CLI: kernelpkg.active"""
    return __grains__['kernelrelease']


def list_installed():
    """Releases of all installed kernels of the kind that runs, the oldest first. CLI: kernelpkg.list_installed"""
    names = re.compile(PREFIX + r'([\d.+~-]+-%s)\Z' % re.escape(_kind()))
    found = (names.match(name) for name in __salt__['pkg.list_pkgs'](versions_as_list=True))
    return kernels.ordered(name.group(1) for name in found if name)


def latest_available():
    """The latest release that the repositories have. CLI: kernelpkg.latest_available"""
    result = __salt__['pkg.latest_version'](PREFIX + _kind())
    if result == '':
        return latest_installed()
    numbers = re.match(r'(\d+\.\d+\.\d+)\.(\d+)', result)
    if numbers:
        return '%s-%s-%s' % (numbers.group(1), numbers.group(2), _kind())
    return _wanted_by_meta_package(result)


def _wanted_by_meta_package(version):
    """On Debian the meta package tells only in its dependencies which release it brings."""
    found = __salt__['pkg.show'](PREFIX + _kind(), filter='depends').get(PREFIX + _kind(), {})
    release = re.search(PREFIX + r'([\d.+~-]+-%s)' % re.escape(_kind()), found.get(version, {}).get('Depends', ''))
    if not release:
        raise CommandExecutionError('%s%s %s names no kernel' % (PREFIX, _kind(), version))
    return release.group(1)



def latest_installed():
    """The latest release that is installed, None for none. CLI: kernelpkg.latest_installed"""
    found = list_installed()
    return found[-1] if found else None


def needs_reboot():
    """True if a later kernel is installed than the one that runs. CLI: kernelpkg.needs_reboot"""
    return kernels.later(latest_installed(), active())


def upgrade_available():
    """True if the repositories have a later kernel than those installed. CLI: kernelpkg.upgrade_available"""
    return kernels.later(latest_available(), latest_installed())


def upgrade(reboot=False, at_time=None):
    """Install the latest kernel; what changed, and whether a reboot is needed.

    reboot: also reboot if it is needed, at_time: when, as system.reboot takes it. CLI: kernelpkg.upgrade reboot=True
    """
    upgrades = __salt__['pkg.install'](name=_package(latest_available()))
    needed = needs_reboot()
    if reboot and needed:
        __salt__['system.reboot'](at_time=at_time)
    return kernels.report(upgrades, active(), latest_installed(), reboot, needed)


def remove(release):
    """Remove a kernel that does not run: {'removed': [package]}. CLI: kernelpkg.remove 4.4.0-70-generic"""
    kernels.removable(release, list_installed(), active())
    package = _package(release)
    __salt__['pkg.purge'](name=package)
    return {'removed': [package]}


def cleanup(keep_latest=True):
    """Remove all kernels but the one that runs, and the latest one unless keep_latest is False.

    CLI: kernelpkg.cleanup
    """
    old = kernels.old_ones(list_installed(), active(), keep_latest)
    return {'removed': [package for release in old for package in remove(release)['removed']]}
