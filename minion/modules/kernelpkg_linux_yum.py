"""Kernels of RHEL and its kin (kernelpkg.*). Releases are without the architecture, but for the active one."""
from __future__ import absolute_import, division, print_function

from minion.helpers import kernels

__virtualname__ = 'kernelpkg'


def __virtual__():
    if __grains__.get('os_family') == 'RedHat':
        return __virtualname__
    return False, 'Module kernelpkg_linux_yum: no YUM based system detected'


def _name():
    return 'kernel-core' if int(__grains__.get('osmajorrelease') or 0) >= 8 else 'kernel'


def _package(release):
    return '%s-%s' % (_name(), release)


def _running():
    ending = '.' + __grains__.get('cpuarch', '')
    return active()[:-len(ending)] if active().endswith(ending) else active()


def active():
    """The release of the kernel that runs. CLI: kernelpkg.active"""
    return __grains__['kernelrelease']


def list_installed():
    """Releases of all installed kernels, the oldest first. CLI: kernelpkg.list_installed"""
    return kernels.ordered(__salt__['pkg.version'](_name(), versions_as_list=True) or ())


def latest_available():
    """The latest release that the repositories have. CLI: kernelpkg.latest_available"""
    return __salt__['pkg.latest_version'](_name()) or latest_installed()



def latest_installed():
    """The latest release that is installed, None for none. CLI: kernelpkg.latest_installed"""
    found = list_installed()
    return found[-1] if found else None


def needs_reboot():
    """True if a later kernel is installed than the one that runs. CLI: kernelpkg.needs_reboot"""
    return kernels.later(latest_installed(), _running())


def upgrade_available():
    """True if the repositories have a later kernel than those installed. CLI: kernelpkg.upgrade_available"""
    return kernels.later(latest_available(), latest_installed())


def upgrade(reboot=False, at_time=None):
    """Install the latest kernel; what changed, and whether a reboot is needed.

    reboot: also reboot if it is needed, at_time: when, as system.reboot takes it. CLI: kernelpkg.upgrade reboot=True
    """
    upgrades = __salt__['pkg.install'](name=_name())
    needed = needs_reboot()
    if reboot and needed:
        __salt__['system.reboot'](at_time=at_time)
    return kernels.report(upgrades, active(), latest_installed(), reboot, needed)


def remove(release):
    """Remove a kernel that does not run: {'removed': [package]}. CLI: kernelpkg.remove 3.10.0-327.el7"""
    kernels.removable(release, list_installed(), _running())
    package = _package(release)
    __salt__['pkg.remove'](name=package)
    return {'removed': [package]}


def cleanup(keep_latest=True):
    """Remove all kernels but the one that runs, and the latest one unless keep_latest is False.

    CLI: kernelpkg.cleanup
    """
    old = kernels.old_ones(list_installed(), _running(), keep_latest)
    return {'removed': [package for release in old for package in remove(release)['removed']]}
