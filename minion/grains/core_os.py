"""Kernel, distribution, first process, security and service frameworks."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import environment, initsystem, osrelease, programs
from minion.helpers.rootfs import Root

_PACKAGERS = {'Debian': ('dpkg', '--print-architecture'), 'RedHat': ('rpm', '--eval', '%{_host_cpu}'),
              'Suse': ('rpm', '--eval', '%{_host_cpu}')}


def kernel():
    """kernel, nodename, kernelrelease, kernelversion, cpuarch: what uname tells."""
    names = os.uname()
    return dict(zip(('kernel', 'nodename', 'kernelrelease', 'kernelversion', 'cpuarch'), names))


def distribution():
    """os, os_family, osfullname, osrelease, osmajorrelease, osfinger, oscodename, osrelease_info, lsb_distrib_*."""
    found = osrelease.grains(Root())
    return found if found['os'] else dict(found, **osrelease.old_debian(Root()))


def init():
    """init: the program that is process 1."""
    return {'init': initsystem.name(Root())}


def _machine():
    return {'osarch': os.uname()[4]}


def osarch():
    """osarch: the architecture that packages are for; the machine's where no package manager tells one."""
    question = _PACKAGERS.get(distribution()['os_family'])
    name = programs.output(*question) if question else None
    return {'osarch': name} if name else _machine()


osarch.brings, osarch.meanwhile = ('osarch',), _machine


def systemd():
    """systemd: {'version', 'features'} where systemctl and localectl are installed."""
    if environment.which('systemctl') is None or environment.which('localectl') is None:
        return {}
    lines = (programs.output('systemctl', '--version') or '').splitlines()
    found = {'version': 'UNDEFINED', 'features': ''}
    if len(lines) > 1 and lines[0].startswith('systemd '):
        found = {'version': lines[0].split()[1], 'features': lines[1]}
    return {'systemd': found}


systemd.brings = ('systemd',)


def selinux():
    """selinux: {'enabled': bool, 'enforced': text} where its programs are installed."""
    answer = programs.ask('selinuxenabled')
    if answer is None:
        return {}
    found = {'enabled': answer.code == 0}
    mode = programs.output('getenforce')
    if mode is not None:
        found['enforced'] = mode
    return {'selinux': found}


selinux.brings = ('selinux',)
