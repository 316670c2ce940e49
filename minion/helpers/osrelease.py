"""The grains that name the distribution, from the release files of a root folder.

Source: tests/data/parity/grains.json, os_detection: what the reference (3008.3) makes of the files of 47 systems.
"""
from __future__ import absolute_import, division, print_function

import re

from minion.helpers import osnames, releasefiles

_IN_BRACKETS = ('Rocky', 'AlmaLinux', 'AstraLinuxSE')     # their code name is taken out of the brackets
_BY_OWN_NAME = ('Debian', 'Raspbian', 'AlmaLinux')        # osfinger begins with `os`, elsewhere with `osfullname`
_BY_WHOLE_RELEASE = ('Ubuntu', 'Pop', 'NixOS')            # osfinger ends with the whole release
_OLD_DEBIAN = {'3': 'sarge', '4': 'etch', '5': 'lenny', '6': 'squeeze'}


def grains(root):
    """Grains os, os_family, osfullname, oscodename, osrelease, os(major)release(_info), osfinger, lsb_distrib_*.

    :param Root root: of the system to look at.
    :return dict: osrelease_info is a tuple; it, osmajorrelease and osfinger are missing without a release number.
    """
    info = releasefiles.os_release(root)
    found = releasefiles.lsb_release(root)
    if info:
        found['os'] = osnames.short_name(info['NAME'], info['ID'])
        found['osfullname'] = info['NAME'].strip()
    _complete_lsb(root, info, found)
    _name_and_number(root, info or {}, found)
    found['os_family'] = osnames.family(found['os'])
    if found['osrelease']:
        found.update(numbers(found['os'], found['osfullname'], found['osrelease']))
    return found


def old_debian(root):
    """The same grains for a Debian before 7, whose only release file holds a number; {} for anything else.

    The reference finds nothing there since it no longer asks Python; its older versions found `Debian`.
    """
    release = root.line('/etc/debian_version')
    if not release or not release[0].isdigit():
        return {}
    found = {'os': 'Debian', 'os_family': 'Debian', 'osfullname': 'Debian GNU/Linux', 'osrelease': release,
             'oscodename': _OLD_DEBIAN.get(release.split('.')[0], '')}
    found.update(numbers('Debian', found['osfullname'], release))
    return found


def numbers(name, full_name, release):
    """osrelease_info, osmajorrelease and osfinger of a release such as '7.9.2009'."""
    parts = tuple(int(part) if part.isdigit() else part for part in release.split('.'))
    beginning = name if name in _BY_OWN_NAME else full_name
    found = {'osrelease_info': parts,
             'osfinger': '%s-%s' % (beginning, release if name in _BY_WHOLE_RELEASE else parts[0])}
    if isinstance(parts[0], int):
        found['osmajorrelease'] = parts[0]
    return found


def _complete_lsb(root, info, found):
    """Fill in lsb_distrib_* where lsb-release is missing or has no id."""
    if found.get('lsb_distrib_description', '').lower().startswith('antergos'):
        found['osfullname'] = 'Antergos Linux'            # its lsb-release says Arch
    elif 'lsb_distrib_id' in found:
        return
    elif info:
        _lsb_from_os_release(info, found)
    elif root.has('/etc/SuSE-release'):
        _lsb_from_suse(root.lines('/etc/SuSE-release'), found)
    elif root.has('/etc/altlinux-release'):
        _lsb_from_alt(root.lines('/etc/altlinux-release'), found)
    elif root.has('/etc/centos-release'):
        _lsb_from_centos(root.lines('/etc/centos-release'), found)
    elif root.has('/etc.defaults/VERSION') and root.has('/etc.defaults/synoinfo.conf'):
        _synology(root.lines('/etc.defaults/VERSION'), found)


def _lsb_from_os_release(info, found):
    found['lsb_distrib_id'] = info['NAME'].strip()
    if 'VERSION_ID' in info:
        found['lsb_distrib_release'] = info['VERSION_ID']
    found['lsb_distrib_codename'] = info.get('VERSION_CODENAME', info['PRETTY_NAME'])
    vendor, version = _cpe(info.get('CPE_NAME', ''))
    if vendor.lower() in ('suse', 'opensuse'):
        found['os'] = 'SUSE'
        if info['NAME'] == 'openSUSE Leap':
            found['osfullname'] = 'Leap'
        elif info.get('VERSION') == 'Tumbleweed':
            found['osfullname'] = 'Tumbleweed'
        if vendor == 'opensuse' and version:
            found['lsb_distrib_release'] = version
    words = info['PRETTY_NAME'].split()
    if info['ID'].strip() == 'mendel' and len(words) > 2:
        found['lsb_distrib_release'] = words[2]


def _cpe(name):
    """(vendor, version) of `cpe:/o:opensuse:leap:15.4` and of `cpe:2.3:o:amazon:amazon_linux:2`."""
    parts = name.split(':')
    if len(parts) > 4 and parts[0] == 'cpe' and parts[1].startswith('/'):
        return parts[2], parts[4]
    if len(parts) > 5 and parts[:2] == ['cpe', '2.3']:
        return parts[3].replace('*', ''), parts[5].replace('*', '')
    return '', ''


def _lsb_from_suse(lines, found):
    found.update(lsb_distrib_id='SUSE', lsb_distrib_codename='')
    version = patch = ''
    for line in lines:
        if 'enterprise' in line.lower():
            found['lsb_distrib_id'] = 'SLES'
            found['lsb_distrib_codename'] = re.sub(r'\(.+\)', '', line).strip()
        elif 'version' in line.lower():
            version = re.sub(r'[^0-9]', '', line)
        elif 'patchlevel' in line.lower():
            patch = re.sub(r'[^0-9]', '', line)
    name = found['lsb_distrib_codename']
    if name and patch and 'SP' + patch not in name:
        name += ' SP' + patch
    found['lsb_distrib_codename'] = name or 'n.a'
    found['lsb_distrib_release'] = version + '.' + patch if patch else version


def _lsb_from_alt(lines, found):
    found['lsb_distrib_id'] = 'altlinux'
    for words in (line.split() for line in lines):
        if len(words) > 3 and words[0] == 'ALT':
            found['lsb_distrib_release'] = words[2]
            found['lsb_distrib_codename'] = words[3].strip('()')


def _lsb_from_centos(lines, found):
    found['lsb_distrib_id'] = 'CentOS'
    for line in lines:
        release, codename = re.search(r'\d+\.\d+', line), re.search(r'\((.*?)\)', line)
        if release:
            found['lsb_distrib_release'] = release.group()
        if codename:
            found['lsb_distrib_codename'] = codename.group(1)


def _synology(lines, found):
    found['osfullname'] = 'Synology'
    known = dict(line.split('=', 1) for line in lines if '=' in line)
    parts = [known.get(key, '').strip('"') for key in ('majorversion', 'minorversion', 'buildnumber')]
    if all(parts):
        found['osrelease'] = '%s.%s-%s' % tuple(parts)


def _name_and_number(root, info, found):
    """os, osfullname, osrelease and oscodename, from what is known and from the release files of single systems."""
    release = _told(root, info)
    if 'osfullname' not in found:
        found['osfullname'] = found.get('lsb_distrib_id', release.name).strip()
        if found['osfullname'].lower().startswith('nilrt'):
            found['osfullname'] = 'nilrt'
    if 'osrelease' not in found:
        code = found.get('lsb_distrib_codename', '')
        if 'CentOS Linux 7' in code or 'CentOS Linux 8' in code:      # their VERSION_ID lacks the minor number
            found.pop('lsb_distrib_release', None)
        found['osrelease'] = found.get('lsb_distrib_release', release.version).strip()
    if found.get('os') in _IN_BRACKETS:
        _take_out_of_brackets(found)
    found['oscodename'] = found.get('lsb_distrib_codename', '').strip() or release.codename
    if 'Red Hat' in found['oscodename']:
        found['oscodename'] = release.codename
    found.setdefault('os', osnames.short_name(found['osfullname']))
    if 'SUSE_SUPPORT_PRODUCT' in info and 'SUSE_SUPPORT_PRODUCT_VERSION' in info:
        _suse_micro(info, found)


def _told(root, info):
    """Name, most precise number and code name from os-release and the release files of single systems."""
    alone = releasefiles.release_file(root)
    pretty = releasefiles.parse_release(info.get('PRETTY_NAME', '')).version
    versions = [info.get('VERSION_ID'), alone.version, pretty]
    if info and 'debian' in [info['ID']] + info.get('ID_LIKE', '').split():
        versions.append(root.line('/etc/debian_version'))
    code = releasefiles.codename(info) if info else ''
    return releasefiles.Release(info.get('NAME') or alone.name, releasefiles.most_precise(versions),
                                code if code or 'VERSION_CODENAME' in info else alone.codename)


def _take_out_of_brackets(found):
    before, bracket, rest = found.get('lsb_distrib_codename', '').partition('(')
    if bracket:
        inside = rest.partition(')')[0]
        if found['os'] == 'AstraLinuxSE':                 # `Smolensk 1.6`
            inside = (inside.split() or [''])[0].lower()
        found['lsb_distrib_codename'] = inside


def _suse_micro(info, found):
    """SL Micro from 6.2 calls itself SLES in NAME."""
    product, version = info['SUSE_SUPPORT_PRODUCT'], info['SUSE_SUPPORT_PRODUCT_VERSION']
    found['oscodename'] = info.get('SUSE_PRETTY_NAME', '%s %s' % (product, version))
    found['osrelease'] = version
    if product == 'SUSE Linux Micro':
        found['osfullname'] = 'SL-Micro'
