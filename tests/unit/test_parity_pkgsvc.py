"""pkg.*, lowpkg.* and service.*: captured jobs of the reference on Debian 12 without systemd as process 1.

Source: tests/data/parity/returns/pkgsvc.json, from 3008.3. What depends on the host is compared by its shape.
"""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion.helpers import environment, programs
from minion.loader import Loader
from tests.support import replay

ROWS = replay.rows('pkgsvc')
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not environment.which('dpkg-query') or os.path.isdir('/run/systemd/system')
    or not environment.which('systemctl'),
    reason='needs root on a Debian with systemd installed and not running, as the captured host was')

VERSIONS = 'versions and files of this host'
DIGITS = 'the reference cuts names of services after a digit: -common for x11-common, nothing for apache2; ours keeps them'
HOST = {
    '001': VERSIONS, '002': VERSIONS, '004': VERSIONS, '005': VERSIONS, '007': VERSIONS, '008': VERSIONS, '015': VERSIONS,
    '020': VERSIONS, '022': VERSIONS, '023': VERSIONS, '025': VERSIONS, '026': VERSIONS, '027': VERSIONS,
    '089': VERSIONS, '093': VERSIONS, '094': VERSIONS, '096': VERSIONS, '029': DIGITS, '039': DIGITS, '040': DIGITS,
    '035': 'services of this host', '042': 'units of this host', '049': 'words of this systemctl',
    '051': 'words of this systemctl',
}


@pytest.fixture(scope='module')
def loader():
    grains = {'os': 'Debian', 'os_family': 'Debian', 'kernel': 'Linux', 'cpuarch': os.uname()[4],
              'osarch': programs.output('dpkg', '--print-architecture')}
    return Loader({'id': 'ref1'}, grains, {}, None)


def shape(value):
    """Types of a value, of mappings and lists that of one item."""
    if isinstance(value, dict):
        return dict
    return [shape(value[0])] if isinstance(value, list) and value else type(value)


@pytest.mark.parametrize('row', ROWS, ids=[row['case'] for row in ROWS])
def test_case_of_the_reference(row, loader):
    if row['fun'] == 'pkg.list_upgrades' and programs.output('apt-get', '--just-print', 'upgrade') is None:
        pytest.skip('apt-get cannot tell of upgrades here')
    ours, theirs = replay.answer(loader, row), replay.expectation(row)
    if row['case'].split('_')[1] in HOST:
        assert (ours['retcode'], ours['success']) == (theirs['retcode'], theirs['success'])
        ours, theirs = ours['return'], theirs['return']
        assert shape(ours) == shape(theirs) or not ours and type(ours) is type(theirs)
    else:
        assert ours == theirs


def test_details_have_the_names_of_the_reference(loader):
    theirs = [row for row in ROWS if row['case'].startswith('pkgsvc_005')][0]['sent']['return']['dash']
    ours = loader.functions['pkg.info_installed']('dash')['dash']
    assert set(theirs) - set(('license',)) == set(ours) - set(('license',))
    entry = loader.functions['lowpkg.info']('dash')['dash']
    assert entry['status'] == 'ii' and entry['description'].endswith('\n') and entry['install_date'].endswith('Z')
