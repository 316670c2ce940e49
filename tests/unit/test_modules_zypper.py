"""Packages of SUSE: what zypper of SLES 12 and 15 prints, with fake programs."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import pkgtools, zypperoutput
from minion.loader import Loader
from tests.support.fakeprograms import Programs

RPM = ''.join('%s\n' % '_|-'.join(row.split()) for row in (
    'bash (none) 4.3 82.1 x86_64 1500000000', 'glibc-32bit (none) 2.22 15.3 x86_64 1500000001',
    'vim (none) 7.4 326 i586 5', 'gpg-pubkey (none) 39db7c82 510a966b (none) 1'))
UPDATES = ('<?xml version=\'1.0\'?>\n<stream>\n<message type="info">Loading</message>\n<update-status version="0.6">\n'
           '<update-list>\n<update kind="package" name="bash" edition="4.3-83.3.1" arch="x86_64" edition-old="4.3-82.1">\n'
           '<summary>A shell</summary><source url="http://h/x" alias="SLES12"/></update>\n'
           '<update kind="patch" name="SUSE-1" edition="1"/></update-list>\n</update-status>\n</stream>\n')
INFO = ('Loading repository data...\n\nInformation for package bash:\n-----------------------------\nRepository     : Main\n'
        'Name           : bash\nVersion        : 4.3-83.3.1\nArch           : x86_64\nInstalled      : Yes\n'
        'Status         : out-of-date (version 4.3-82.1 installed)\nDescription    : \n    The shell : it is.\n\n'
        'Information for package zsh:\nName: zsh\nVersion: 5.0-1\nInstalled: No\nStatus: not installed\n')
SEARCH = ('<?xml version=\'1.0\'?>\n<stream><search-result version="0.0"><solvable-list>\n'
          '<solvable status="other-version" name="bash" kind="package" edition="4.3-83.3.1" arch="x86_64" repository="Up"/>\n'
          '<solvable status="installed" name="bash" kind="package" edition="4.3-82.1" arch="x86_64" repository="Main"/>\n'
          '</solvable-list></search-result></stream>\n')
PATTERNS = ('<stream><solvable-list><solvable status="installed" name="base" kind="pattern" edition="1-2" arch="x86_64" '
            'summary="Base"/><solvable status="not-installed" name="kde" kind="pattern"/></solvable-list></stream>\n')
ERROR = '<stream><message type="error">Package &apos;nosuch&apos; not found.</message></stream>\n'
REFRESH = "Repository 'Main' is up to date.\nRetrieving repository 'Up' metadata [....done]\nBuilding repository 'Up' cache\n"
LOCKS = '# zypp::Locks\n\ntype: package\nmatch_type: glob\ncase_sensitive: on\nsolvable_name: vim*\n\nsolvable_name: a\n'
SUSE = {'os': 'SUSE', 'os_family': 'Suse', 'osarch': 'x86_64', 'cpuarch': 'x86_64', 'kernel': 'Linux'}


@pytest.fixture
def functions():
    return Loader({'id': 'm'}, SUSE, {}, None).functions


@pytest.fixture
def call(functions):
    return lambda function, *args, **kwargs: functions['pkg.' + function](*args, **kwargs)


@pytest.fixture
def fake(tmpdir, monkeypatch):
    monkeypatch.setattr(pkgtools, 'isolated', lambda argv, functions: list(argv))
    programs = Programs(tmpdir.mkdir('bin'), monkeypatch)
    programs.add('rpm', '-qa --nodigest*', RPM)
    for pattern, out in (('*list-updates*', UPDATES), ('* info -t package*', INFO), ('*--type pattern*', PATTERNS),
                         ('*search --details nosuch', '<stream/>'), ('*search*', SEARCH), ('* refresh*', REFRESH)):
        programs.add('zypper', pattern, out)
    return programs.add('zypper', '*install*nosuch', ERROR, 104).add('zypper')


def test_what_is_installed(fake, call):
    assert call('list_pkgs') == {'bash': '4.3-82.1', 'glibc-32bit': '2.22-15.3', 'vim.i586': '7.4-326'}
    assert call('list_pkgs', versions_as_list=True)['bash'] == ['4.3-82.1'] and call('version', 'bash') == '4.3-82.1'
    assert call('list_pkgs', includes=['pattern'])['pattern:base'] == '1-2'
    assert call('list_pkgs', attr='arch')['bash'] == [{'arch': 'x86_64', 'version': '4.3'}]


def test_what_could_be_installed(fake, call):
    assert call('list_upgrades', refresh=False) == {'bash': '4.3-83.3.1'}
    assert call('latest_version', 'bash', refresh=False) == '4.3-83.3.1' and call('upgrade_available', 'bash', refresh=False)
    assert call('latest_version', 'zsh', 'nosuch', refresh=False) == {'zsh': '5.0-1', 'nosuch': ''}
    found = call('info_available', 'bash', refresh=False)['bash']
    assert found['installed'] is True and found['repository'] == 'Main' and 'the shell' not in found
    assert call('list_repo_pkgs', 'bash') == {'bash': ['4.3-83.3.1', '4.3-82.1']}
    assert call('list_repo_pkgs', 'bash', byrepo=True)['Up'] == {'bash': ['4.3-83.3.1']}
    assert call('refresh_db', gpgautoimport=True) == {'Main': False, 'Up': True}
    assert fake.calls()[-1] == 'zypper --non-interactive --gpg-auto-import-keys refresh'


def test_installing(fake, call):
    def run(function, *args, **kwargs):
        fake.forget()
        call(function, *args, **kwargs)
        return [line[len('zypper --non-interactive --xmlout --no-refresh '):] for line in fake.calls() if 'zypper' in line]
    assert run('install', 'zsh') == ['install --auto-agree-with-licenses --name zsh']
    assert run('install', 'bash', version='4.2', fromrepo='Main', skip_verify=True) == [
        '--no-gpg-checks install --auto-agree-with-licenses --oldpackage --from Main bash=4.2']
    assert run('install', pkgs=[{'bash': '>=4;reboot'}], downloadonly=True) == [
        'install --auto-agree-with-licenses --download-only --oldpackage bash>=4;reboot']
    assert run('remove', 'bash') == ['remove bash'] and run('purge', 'bash') == ['remove -u bash']
    assert run('remove', 'nosuch') == []
    assert run('upgrade', refresh=False, dist_upgrade=True, novendorchange=True, dryrun=True) == [
        'dist-upgrade --auto-agree-with-licenses --dry-run --no-allow-vendor-change']
    with pytest.raises(CommandExecutionError) as caught:
        call('install', 'nosuch')
    assert caught.value.info['errors'] == ["Zypper command failure: Package 'nosuch' not found."]
    with pytest.raises(SaltInvocationError):
        call('install', 'bash', version='!=4')


def test_locks(fake, call, functions, monkeypatch, tmpdir):
    path = tmpdir.join('locks')
    path.write(LOCKS)
    monkeypatch.setitem(functions['pkg.list_locks'].__globals__, 'LOCKS', str(path))
    assert call('list_locks') == {'a': {}, 'vim*': {'type': 'package', 'match_type': 'glob', 'case_sensitive': 'on'}}
    assert call('list_holds') == ['vim.i586-7.4-326'] and call('list_holds', full=False) == ['vim.i586']
    assert call('hold', 'a')['a']['comment'] == 'Package a is already set to be held.'
    assert call('hold', 'b')['b']['changes'] == {'new': 'hold', 'old': ''} and fake.calls()[-1].endswith(' al b')
    assert call('unhold', 'a')['a']['result'] and not call('unhold', 'c')['c']['result']
    with pytest.raises(CommandExecutionError):
        call('hold')


def test_repositories(fake, call, functions, monkeypatch, tmpdir):
    folder = tmpdir.mkdir('repos')
    folder.join('m.repo').write('[Main]\nname=M\nenabled=1\nautorefresh=0\nbaseurl=http://h/\npriority=90\n')
    monkeypatch.setitem(functions['pkg.list_repos'].__globals__, 'REPOS', str(folder))
    assert call('get_repo', 'Main') == {'alias': 'Main', 'name': 'M', 'enabled': True, 'autorefresh': False,
                                        'baseurl': 'http://h/', 'priority': 90}
    call('mod_repo', 'Main', refresh=True, priority=5)
    assert fake.calls()[-1].endswith(' mr --refresh --priority=5 Main')
    call('mod_repo', 'New', url='http://n/')
    assert fake.calls()[-1].endswith(' ar http://n/ New')
    assert call('del_repo', 'Main')['message'] == "Repository 'Main' has been removed."
    for function in ('del_repo', 'mod_repo'):
        with pytest.raises(CommandExecutionError):
            call(function, 'nosuch')


def test_others(fake, call):
    fake.add('rpm', '-qa --queryformat *PROVIDES*', 'sh_|-bash\nsh_|-dash\nx_|-y\n')
    assert call('list_installed_patterns') == {'base': {'installed': True, 'summary': 'Base'}}
    assert call('search', 'bash')['bash']['repository'] == 'Main'
    with pytest.raises(CommandExecutionError) as caught:
        call('search', 'nosuch')
    assert str(caught.value) == "No packages found matching 'nosuch'"
    with pytest.raises(SaltInvocationError):
        call('search', 'a', match='fuzzy')
    assert call('list_provides') == {'sh': ['bash', 'dash'], 'x': ['y']}
    assert call('version_cmp', '4.3-82.1', '4.3-83') == -1 and call('normalize_name', 'zsh.x86_64') == 'zsh'
    products = '<stream><product-list><product name="SLES" isbase="1" installed="true"><endoflife time_t="0"/></product>' \
               '</product-list></stream>'
    assert zypperoutput.attributes(products, 'product')[0]['name'] == 'SLES'
    assert zypperoutput.attributes('no xml at all <', 'product') == []
