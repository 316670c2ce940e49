"""`salt.utils.platform`: which system this is."""
from __future__ import absolute_import, division, print_function

import os
import sys


def linux_distribution(full_distribution_name=True):
    """('name', 'version', '') from os-release."""
    found = {}
    try:
        with open('/etc/os-release') as stream:
            for line in stream:
                key, _, value = line.strip().partition('=')
                found[key] = value.strip('"\'')
    except (IOError, OSError):                   # no such file on old systems
        pass
    return found.get('NAME' if full_distribution_name else 'ID', ''), found.get('VERSION_ID', ''), ''


def is_linux():
    """Is this Linux?"""
    return sys.platform.startswith('linux')


def is_windows():
    """Is this Windows?"""
    return sys.platform.startswith('win')


def is_darwin():
    """Is this macOS?"""
    return sys.platform.startswith('darwin')


def is_freebsd():
    """Is this FreeBSD?"""
    return sys.platform.startswith('freebsd')


def is_netbsd():
    """Is this NetBSD?"""
    return sys.platform.startswith('netbsd')


def is_openbsd():
    """Is this OpenBSD?"""
    return sys.platform.startswith('openbsd')


def is_sunos():
    """Is this Solaris or one of its kin?"""
    return sys.platform.startswith('sunos')


def is_aix():
    """Is this AIX?"""
    return sys.platform.startswith('aix')


def is_aarch64():
    """Is the processor a 64-bit ARM?"""
    return os.uname()[4].startswith('aarch64')


def is_fedora():
    """Is this Fedora?"""
    return linux_distribution(False)[0] == 'fedora'


def is_photonos():
    """Is this Photon OS?"""
    return linux_distribution(False)[0] == 'photon'


def _never():
    return False


is_proxy = is_smartos = is_smartos_globalzone = is_smartos_zone = is_junos = _never
