"""pkg.installed and its like, on packages that are only names; what they say is what the reference says."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import dpkgversion, state_pkg, state_pkgdone
from tests.support import fakeworld
from tests.support.fakeworld import WORLD

ALL_THERE = 'All specified packages are already installed'
DONE = 'The following packages were installed/updated: '
WOULD = 'The following packages would be installed/updated: '


@pytest.fixture
def host(tmpdir, monkeypatch):
    return fakeworld.make(str(tmpdir), monkeypatch, installed={'a': '1.0', 'b': '1:2.0', 'm': '1.0,2.0'},
                          available={'a': ['1.0'], 'b': ['1:3.0', '1:2.0'], 'c': ['1.5', '1.4'], 'd': ['2']})


def told(host, fun, name, **kwargs):
    ret = host.state('pkg.' + fun, name, **kwargs)
    return ret['result'], ret['comment'], ret['changes']


def change(new, old=''):
    return {'old': old, 'new': new}


@pytest.mark.parametrize('options, expected', [
    ({'name': 'a'}, (True, ALL_THERE, {})),
    ({'name': 'a', 'version': '1.0'}, (True, ALL_THERE + ' and are at the desired version', {})),
    ({'name': 'a', 'version': '1*'}, (True, ALL_THERE + ' and are at the desired version', {})),
    ({'name': 'b', 'version': '2.0'}, (True, ALL_THERE + ' and are at the desired version', {})),
    ({'name': 'b', 'version': '>=1:2.0,<1:3'}, (True, ALL_THERE + ' and are at the desired version', {})),
    ({'name': 'a', 'version': 'latest'}, (True, ALL_THERE + ' and are at the desired version', {})),
    ({'name': 'm', 'version': '2.0'}, (True, ALL_THERE + ' and are at the desired version', {})),
    ({'name': 'b', 'version': '1:1.0', 'allow_updates': True}, (True, ALL_THERE + ' and are at the desired version', {})),
    ({'name': 'c'}, (True, DONE + 'c', {'c': change('1.5')})),
    ({'name': 'c', 'version': '1.4'}, (True, DONE + 'c=1.4', {'c': change('1.4')})),
    ({'name': 'c', 'version': 'latest'}, (True, DONE + 'c=1.5', {'c': change('1.5')})),
    ({'name': 'b', 'version': '>1:2.0'}, (True, DONE + 'b>1:2.0', {'b': change('1:3.0', '1:2.0')})),
    ({'name': 'x', 'pkgs': ['a', 'b']}, (True, ALL_THERE, {})),
    ({'name': 'x', 'pkgs': ['a', {'c': 1.4}]}, (
        True, DONE + 'c=1.4\nThe following packages were already installed: a', {'c': change('1.4')})),
    ({'name': 'x', 'pkgs': []}, (True, 'No packages to install provided', {})),
    ({'name': 'x', 'sources': [{'s': '/nowhere/s.deb'}]}, (True, DONE + 's', {'s': change('9.9')})),
    ({'name': 'x', 'sources': [{'a': '/nowhere/a.deb'}]}, (False, '/nowhere/a.deb does not exist on minion', {})),
    ({'name': 'x', 'sources': ['a']}, (False, "Invalidly formatted 'sources' parameter. See minion log.", {})),
    ({'name': 'x', 'sources': [{'a': '/x'}], 'pkgs': ['a']}, (
        False, 'Only one of "pkgs" and "sources" is permitted.', {})),
    ({'name': 'a', 'reinstall': True}, (True, 'Package a was reinstalled.', {'a': change('1.0', '1.0')})),
])
def test_installed(host, options, expected):
    assert told(host, 'installed', **options) == expected


def test_what_cannot_be_installed(host):
    WORLD['idle'] = set(['c'])
    assert told(host, 'installed', 'x', pkgs=['a', 'c', 'd']) == (
        False, 'The following packages failed to install/update: c\n%sd\nThe following packages were already installed: a'
        % DONE, {'d': change('2')})
    WORLD['broken'] = set(['c'])
    del WORLD['installed']['d']
    assert told(host, 'installed', 'x', pkgs=['c', 'd']) == (
        False, 'Problem encountered installing package(s). Additional info follows:\n\nerrors:\n    - no c', {'d': change('2')})


@pytest.mark.parametrize('options, expected', [
    ({'name': 'c'}, (WOULD + 'c', {'c': change('1.5')})),
    ({'name': 'c', 'version': '1.4'}, (WOULD + 'c', {'c': change('1.4')})),
    ({'name': 'c', 'version': '>1'}, (WOULD + 'c', {'c': change('installed')})),
    ({'name': 'x', 'pkgs': ['a', 'c', 'zz']}, (WOULD + 'c, zz', {'c': change('1.5'), 'zz': change('installed')})),
    ({'name': 'a', 'reinstall': True}, ('The following packages would be reinstalled: a', {'a': change('installed')})),
])
def test_installed_only_tells_in_a_test_run(host, options, expected):
    before = dict(WORLD['installed'])
    assert told(host, 'installed', test=True, **options) == (None,) + expected
    assert WORLD['installed'] == before


def test_altered_files(host):
    WORLD['altered'] = {'a': {'/etc/a': {'mismatch': ['size']}}}
    files = '/etc/a:\n    ----------\n    mismatch:\n        - size'
    assert told(host, 'installed', 'a', pkg_verify=True, test=True) == (
        None, "Package 'a' would be reinstalled because the following files have been altered:\n" + files, {'a': {}})
    assert told(host, 'installed', 'a', pkg_verify=[{'ignore_types': ['config']}])[:2] == (
        False, 'Reinstall was not successful for package a. The following files could not be remediated:\n' + files)
    assert told(host, 'installed', 'b', pkg_verify=True) == (True, ALL_THERE, {})


def test_holding_what_is_installed(host):
    held = {'old': 'install', 'new': 'hold'}
    assert told(host, 'installed', 'a', hold=True) == (True, ALL_THERE + '.\na: hold', {'a': held})
    assert told(host, 'installed', 'a', hold=True) == (True, ALL_THERE + '.\na: nothing to do', {})
    assert told(host, 'installed', 'c', hold=True) == (True, DONE + 'c\nc: hold', {'c': {'old': 'install', 'new': '1.5\nhold'}})
    assert told(host, 'installed', 'a', hold=False)[2] == {'a': {'old': 'hold', 'new': 'install'}}
    WORLD['failing'] = set(['d', 'b'])
    assert told(host, 'installed', 'd', hold=True) == (False, DONE + 'd\nd: no', {'d': change('2')})
    assert told(host, 'installed', 'b', hold=True) == (False, ALL_THERE + '.\nb: no', {})


def test_the_index_is_fetched_once_in_a_run(host):
    world = host.loader.apart({'test': False})
    states = world.other('states').functions
    assert states['pkg.mod_init']({'fun': 'installed'}) is True
    assert states['pkg.mod_init']({'fun': 'removed'}) is False
    states['pkg.installed']('a')
    states['pkg.installed']('c')
    states['pkg.installed']('d')
    states['pkg.installed']('e', refresh=True)
    assert WORLD['calls'] == [('install', True), ('install', False), ('install', True)]


@pytest.mark.parametrize('options, expected', [
    ({'name': 'a'}, (True, 'Package a is already up-to-date', {})),
    ({'name': 'zz'}, (False, "No information found for 'zz'.", {})),
    ({'name': 'b'}, (True, 'The following packages were successfully installed/upgraded: b', {'b': change('1:3.0', '1:2.0')})),
    ({'name': 'x', 'pkgs': ['a', 'c']}, (
        True, 'The following packages were successfully installed/upgraded: c The following packages were already '
        'up-to-date: a', {'c': change('1.5')})),
    ({'name': 'x', 'pkgs': ['a', 'm']}, (True, 'All packages are up-to-date (a, m).', {})),
    ({'name': 'x', 'pkgs': []}, (True, 'No packages to install provided', {})),
    ({'name': 'x', 'sources': ['s']}, (False, 'The "sources" parameter is not supported.', {})),
    ({'name': 'x', 'pkgs': ['a', 'b'], 'test': True}, (
        None, 'The following packages would be installed/upgraded: b\nThe following packages are already up-to-date: a (1.0)',
        {'b': change('1:3.0', '1:2.0')})),
])
def test_latest(host, options, expected):
    assert told(host, 'latest', **options) == expected


def test_what_cannot_be_updated(host):
    WORLD['idle'] = set(['b', 'd'])
    assert told(host, 'latest', 'b') == (False, 'Package b failed to update.', {})
    assert told(host, 'latest', 'x', pkgs=['a', 'b', 'd'])[1] == (
        'The following targeted packages failed to update. See debug log for details: (b, d). The following packages were '
        'already up-to-date: a')
    assert told(host, 'latest', 'x', pkgs=['b', 'c'])[:2] == (
        False, 'The following packages failed to update: b The following packages were successfully installed/upgraded: c')


@pytest.mark.parametrize('fun, options, expected', [
    ('removed', {'name': 'zz'}, (True, 'All specified packages are already absent', {})),
    ('removed', {'name': 'a', 'version': '9'}, (
        True, 'All specified packages (matching specified versions) are already absent', {})),
    ('removed', {'name': 'a', 'test': True}, (None, 'The following packages will be removed: a.', {'a': change('removed')})),
    ('removed', {'name': 'a'}, (True, 'All targeted packages were removed.', {'a': change('', '1.0')})),
    ('removed', {'name': 'x', 'pkgs': ['a', 'zz']}, (
        True, 'The following packages were not installed: zz The following packages were removed: a.',
        {'a': change('', '1.0')})),
    ('purged', {'name': 'zz'}, (True, 'None of the targeted packages are installed or partially installed', {})),
    ('purged', {'name': 'r'}, (True, 'All targeted packages were purged.', {'installed': {}, 'removed': {}})),
    ('purged', {'name': 'a'}, (
        True, 'All targeted packages were purged.', {'installed': {'a': change('', '1.0')}, 'removed': {}})),
])
def test_removed_and_purged(host, fun, options, expected):
    WORLD['leftover'] = {'r': '1'}
    assert told(host, fun, **options) == expected


def test_what_cannot_be_removed(host):
    WORLD['idle'], WORLD['broken'] = set(['a']), set(['b'])
    assert told(host, 'removed', 'a') == (False, 'The following packages failed to remove: a.', {})
    assert told(host, 'removed', 'b') == (False, 'An error was encountered while removing package(s): b stays', {})


def test_uptodate(host):
    expected = {'b': change('1:3.0', '1:2.0')}
    assert told(host, 'uptodate', 'x', refresh=1)[:2] == (False, 'refresh must be either True or False')
    assert told(host, 'uptodate', 'x', test=True) == (None, 'System update will be performed', expected)
    assert told(host, 'uptodate', 'x', pkgs=['a']) == (True, 'System is already up-to-date', {})
    WORLD['idle'] = set(['b'])
    assert told(host, 'uptodate', 'x', pkgs=['b']) == (False, 'The following package(s) failed to update: b', {})
    WORLD['broken'] = set(['upgrade'])
    assert told(host, 'uptodate', 'x') == (False, 'An error was encountered while updating packages: no upgrade', {})
    WORLD['broken'], WORLD['idle'] = set(), set()
    assert told(host, 'uptodate', 'x') == (True, 'Upgrade ran successfully', expected)


def test_held_and_unheld(host):
    assert told(host, 'held', 'a', test=True) == (True, 'The following package would be held: a', {})
    result, comment, changes = told(host, 'held', 'x', pkgs=['a', {'b': '1:2.0'}])
    assert (result, comment, sorted(changes)) == (True, 'Package a is now being held\nPackage b is now being held', ['a', 'b'])
    assert told(host, 'held', 'a') == (True, 'No changes made', {})
    assert told(host, 'held', 'a', replace=True)[:2] == (True, 'b: unhold')
    assert told(host, 'unheld', 'x', all=True)[:2] == (True, 'a: unhold')
    assert told(host, 'unheld', 'a') == (True, 'No changes made', {})
    WORLD['failing'] = set(['m'])
    assert told(host, 'held', 'm')[:2] == (False, 'Package m was not held')


def test_downloaded(host):
    assert told(host, 'downloaded', 'c', test=True) == (None, 'The following packages would be downloaded: c', {})
    assert told(host, 'downloaded', 'c') == (True, '', {'c': change('1.5')})
    assert told(host, 'downloaded', 'c') == (True, 'All specified packages are already downloaded', {})
    assert told(host, 'downloaded', 'c', version='1.5')[1] == (
        'All specified packages (matching specified versions) are already downloaded')
    assert told(host, 'downloaded', 'x', pkgs=[]) == (True, 'No packages to download provided', {})
    WORLD['idle'] = set(['d'])
    assert told(host, 'downloaded', 'd', version='2') == (False, 'The following packages failed to download: d=2', {})


def test_groups(host):
    kinds = ('mandatory', 'default', 'optional', 'conditional')
    diff = dict((kind, {'installed': [], 'not installed': [kind[0]]}) for kind in kinds)
    WORLD['groups'] = {'g': diff}
    assert told(host, 'group_installed', 'no') == (
        False, "An error was encountered while installing/updating group 'no': Group 'no' not found.", {})
    assert told(host, 'group_installed', 'g', test=True) == (None, "Group 'g' will be installed", {})
    assert told(host, 'group_installed', 'g', skip=['m'])[1] == 'The following mandatory packages cannot be skipped: m'
    diff['default']['installed'] = ['a']
    diff['mandatory'] = {'installed': [], 'not installed': ['q']}
    result, comment, changes = told(host, 'group_installed', 'g', include=['o'])
    assert (result, comment, sorted(changes)) == (True, "Group 'g' was updated", ['d', 'o', 'q'])
    WORLD['groups'] = {'g': dict((kind, {'installed': ['a'], 'not installed': []}) for kind in kinds)}
    assert told(host, 'group_installed', 'g') == (True, "Group 'g' is already installed", {})


def test_advisories(host):
    assert told(host, 'patch_installed', 'old-patch') == (True, 'Advisory patch old-patch is already installed', {})
    assert told(host, 'patch_installed', 'x', advisory_ids=['old-patch'])[1] == (
        'All specified advisory patches are already installed')
    assert told(host, 'patch_installed', 'x', advisory_ids=[]) == (True, 'No advisory ids provided', {})
    assert told(host, 'patch_downloaded', 'new', test=True) == (
        None, 'The following advisory patches would be downloaded: new', {})


def test_a_watched_change(host):
    assert told(host, 'mod_watch', 'a', sfun='installed') == (True, ALL_THERE, {})
    assert told(host, 'mod_watch', 'a', sfun='held') == (False, 'pkg.held does not work with the watch requisite', {})
    assert told(host, 'mod_beacon', 'a', sfun='held')[1] == 'pkg.held does not work with the mod_beacon state function'


def chunk(id_, fun='installed', **more):
    return dict({'state': 'pkg', 'fun': fun, '__id__': id_, 'name': id_}, **more)


def test_several_states_install_at_once():
    rows = [chunk('a'), chunk('b', version='1'), chunk('x', pkgs=['c', 'd']), chunk('h', hold=True), chunk('gone', 'removed'),
            chunk('s', sources=[{'s': '/s'}]), chunk('ran')]
    rows[0]['__agg__'] = True                        # as the engine marks the one that it asks for
    low = state_pkgdone.aggregated(rows[0], rows, {'pkg_|-ran_|-ran_|-installed': {}})
    assert low['pkgs'] == ['a', {'b': '1'}, 'c', 'd']
    assert [row['__id__'] for row in rows if row.get('__agg__')] == ['a', 'b', 'x']
    assert state_pkgdone.aggregated(chunk('a', version='1'), [], {}) == chunk('a', version='1')
    assert state_pkgdone.aggregated(chunk('h', hold=True), rows, {}) == chunk('h', hold=True)


@pytest.mark.parametrize('wanted, ignore_epoch, expected', [
    ('2.0', None, True), ('1:2.0', None, True), ('2:2.0', None, False), ('>=2.0', False, True), ('<2.0', None, False),
    ('!=2.0', None, False), ('=2.0', None, True), ('>1.0, <3.0', None, True), ('2.*', None, False), ('1:2.*', None, True)])
def test_versions(wanted, ignore_epoch, expected):
    assert state_pkg.fulfils(['1:2.0'], wanted, dpkgversion.compare, ignore_epoch) is expected
