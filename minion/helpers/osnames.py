"""The names that masters know distributions by: grains `os` and `os_family`."""
from __future__ import absolute_import, division, print_function

import re

_LINUX = re.compile(r'\W(?:gnu/)?linux', re.IGNORECASE)

_BY_ID_AND_NAME = {
    ('astra', 'Astra Linux (Orel)'): 'AstraLinuxCE',
    ('astra', 'Astra Linux (Smolensk)'): 'AstraLinuxSE',
    ('pop', 'Pop!_OS'): 'Pop',
}

_BY_BEGINNING = {
    'alibabaclo': 'Alinux', 'almalinux': 'AlmaLinux', 'almalinuxk': 'AlmaLinux', 'alt': 'ALT', 'amazonami': 'Amazon',
    'antergos': 'Antergos', 'arch': 'Arch', 'archarm': 'Arch ARM', 'chapeau': 'Chapeau', 'cloudlinux': 'CloudLinux',
    'cloudserve': 'CloudLinux', 'debian': 'Debian', 'enterprise': 'OEL', 'fedoraremi': 'Fedora',
    'gentoobase': 'Gentoo', 'korora': 'Korora', 'linuxmint': 'Mint', 'manjaro': 'Manjaro', 'manjarolin': 'Manjaro',
    'mendel': 'Mendel', 'neon': 'KDE neon', 'nilrt': 'NILinuxRT', 'oracleserv': 'OEL', 'photon': 'VMware Photon OS',
    'pidora': 'Fedora', 'poky': 'Poky', 'pop': 'Pop', 'raspbian': 'Raspbian', 'redhatente': 'RedHat',
    'rocky': 'Rocky', 'scientific': 'ScientificLinux', 'sles': 'SUSE', 'slesexpand': 'RES', 'synology': 'Synology',
    'univention': 'Univention', 'virtuozzo': 'Virtuozzo', 'void': 'Void',
}
"""First ten letters of a full name, in lower case and without blanks and `Linux`, to the name for it."""

_FAMILIES = {
    'Arch': ('Antergos', 'Arch ARM', 'EndeavourOS', 'Manjaro', 'Manjaro ARM'),
    'Bluewhite': ('Bluewhite64',),
    'Debian': ('AstraLinuxCE', 'AstraLinuxSE', 'Cumulus', 'Deepin', 'Devuan', 'GCEL', 'IDMS', 'KDE neon', 'Kali',
               'Linaro', 'Mendel', 'Mint', 'OSMC', 'Parrot OS', 'Pop', 'Raspbian', 'Trisquel', 'TurnKey', 'Ubuntu',
               'Univention', 'antiX', 'elementary', 'elementary OS', 'neon'),
    'Gentoo': ('Funtoo',),
    'Mandriva': ('Mandrake',),
    'RedHat': ('ALT', 'Alinux', 'AlmaLinux', 'AlmaLinux Kitten', 'AlterOS', 'Amazon', 'CentOS', 'CentOS Stream',
               'Chapeau', 'CloudLinux', 'FedBerry', 'Fedora', 'GoOSe', 'Korora', 'OEL', 'OVS', 'RED OS', 'RES',
               'Rocky', 'Sangoma', 'Scientific', 'ScientificLinux', 'VMware Photon OS', 'Virtuozzo', 'XCP', 'XCP-ng',
               'XenServer', 'openEuler'),
    'Slackware': ('Slamd64',),
    'Suse': ('SLED', 'SLES', 'SLES_SAP', 'SUSE', 'SUSE  Enterprise Server', 'SUSE Enterprise Server', 'alfaLinux',
             'alfaLinux Rise', 'openSUSE', 'openSUSE Leap', 'openSUSE Tumbleweed'),
    'VMware': ('VMwareESX',),
}
_FAMILY_OF = dict((name, family) for family, names in _FAMILIES.items() for name in names)


def short_name(full_name, identifier=None):
    """The grain `os` for a distribution's own name: 'Red Hat Enterprise Linux Server' -> 'RedHat'.

    :param str identifier: `ID` of os-release, where there is one.
    """
    if (identifier, full_name) in _BY_ID_AND_NAME:
        return _BY_ID_AND_NAME[identifier, full_name]
    name = _LINUX.sub('', full_name).strip()
    return _BY_BEGINNING.get(name.replace(' ', '').lower()[:10], name)


def family(name):
    """The grain `os_family` for a grain `os`; the name itself if it has no family."""
    return _FAMILY_OF.get(name, name)
