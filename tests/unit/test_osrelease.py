"""Which distribution is this? Against what the reference makes of the release files of 47 systems."""
from __future__ import absolute_import, division, print_function

import io
import json
import os

import pytest

from minion.helpers import osrelease, releasefiles
from minion.helpers.rootfs import Root

DATA = os.path.join(os.path.dirname(__file__), '..', 'data', 'parity', 'grains.json')
with io.open(DATA, encoding='utf-8') as stream:
    SYSTEMS = json.load(stream)['os_detection']


def make_root(folder, content):
    for name, text in content.items():
        path = os.path.join(str(folder), name)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with io.open(path, 'w', encoding='utf-8') as stream:
            stream.write(u'' + text)
    return Root(str(folder))


def as_json(grains):
    return json.loads(json.dumps(grains))


@pytest.mark.parametrize('system', SYSTEMS, ids=lambda system: system['name'])
def test_systems(system, tmpdir):
    assert as_json(osrelease.grains(make_root(tmpdir, system['files']))) == system['3008.3']


def test_number_of_systems():
    assert len(SYSTEMS) == 47


@pytest.mark.parametrize('line, expected', [
    ('Fedora Core release 6 (Zod)', ('Fedora Core', '6', 'Zod')),
    ('Oracle Linux Server release 6.9', ('Oracle Linux Server', '6.9', '')),
    ('Ubuntu 14.04.6 LTS', ('Ubuntu', '14.04.6', '')),
    ('Red Hat Linux release 7.0 beta (Maipo)', ('Red Hat Linux release 7.0 beta (Maipo)', '', '')),
    ('3.16.2', ('', '3.16.2', '')),
    ('Slackware 14.2', ('Slackware', '14.2', '')),
    ('nothing', ('nothing', '', '')),
])
def test_release_lines(line, expected):
    assert tuple(releasefiles.parse_release(line)) == expected


def test_old_debian(tmpdir):
    root = make_root(tmpdir, {'etc/debian_version': u'6.0.10\n'})
    assert osrelease.old_debian(root) == {
        'os': 'Debian', 'os_family': 'Debian', 'osfullname': 'Debian GNU/Linux', 'osrelease': '6.0.10',
        'oscodename': 'squeeze', 'osrelease_info': (6, 0, 10), 'osmajorrelease': 6, 'osfinger': 'Debian-6'}


@pytest.mark.parametrize('content', [{}, {'etc/debian_version': u'squeeze/sid\n'}, {'etc/debian_version': u'\n'}])
def test_no_old_debian(content, tmpdir):
    assert osrelease.old_debian(make_root(tmpdir, content)) == {}


def test_damaged_files(tmpdir):
    root = make_root(tmpdir, {'etc/os-release': u'NAME="\x01\nID=\n=x\nVERSION_ID="\n',
                              'etc/lsb-release': u'DISTRIB_ID="\n'})
    with open(root.at('/etc/redhat-release'), 'wb') as stream:
        stream.write(b'\xff\xfe\x00 release 5')
    assert osrelease.grains(root)['os_family'] == osrelease.grains(root)['os']
