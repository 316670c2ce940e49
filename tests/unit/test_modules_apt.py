"""Packages of Debian: reading apt and dpkg, plans of an installation, source lists, and a package for real."""
from __future__ import absolute_import, division, print_function

import io
import os

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import aptcommand, aptinstall, aptkeys, aptsources, dpkgversion, environment, looseversion, pkgtools
from minion.helpers import programs
from minion.loader import Loader
from tests.support.fakeprograms import Programs


def make_loader(**grains):
    return Loader({'id': 'm'}, dict({'os': 'Debian', 'os_family': 'Debian', 'osarch': 'amd64', 'cpuarch': 'x86_64',
                                     'kernel': 'Linux'}, **grains), {}, None)


@pytest.fixture
def call():
    functions = make_loader().functions
    return lambda name, *args, **kwargs: functions[name](*args, **kwargs)


@pytest.fixture
def fake(tmpdir, monkeypatch):
    return Programs(tmpdir.mkdir('bin'), monkeypatch)


# ---- versions

@pytest.mark.parametrize('left, right, order', [
    ('1.0', '1.0', 0), ('1.0~rc1', '1.0', -1), ('1.0', '1.0-1', -1), ('1:0', '9', 1), ('1.10', '1.9', 1), ('1.0a', '1.0', 1),
    ('1.0+b', '1.0a', 1), ('1.0~~', '1.0~', -1), ('1.0-1', '1.0-1.1', -1), ('2.36-9+deb12u14', '2.36-9+deb12u4', 1),
    ('', '', 0), (1, 1, 0), ('x y', '1', None), ('1.0-0', '1.0', 0), ('1.0.', '1.0', 1), ('09', '9', 0)])
def test_order_of_versions(left, right, order):
    assert dpkgversion.compare(left, right) == order
    assert dpkgversion.compare(right, left) == (None if order is None else -order)


def test_order_without_epoch_and_of_unknown_kind():
    assert dpkgversion.compare('1:1.0', '1.1', ignore_epoch=True) == -1
    assert [looseversion.compare(*pair) for pair in (('1.0', '1.0'), ('1.10', '1.9'), ('1.0-1', '1.0'), ('1a', '1.1'))] \
        == [0, 1, 1, 1]


@pytest.mark.skipif(not environment.which('dpkg'), reason='needs dpkg')
def test_dpkg_agrees():
    for left, right in (('1.0~rc1', '1.0'), ('1.0+b', '1.0a'), ('1.0-1', '1.0-1.1'), ('1:0', '9'), ('1.2.', '1.2'),
                        ('1.0a~', '1.0a'), ('2:1-1', '2:1')):
        operator = {-1: 'lt', 0: 'eq', 1: 'gt'}[dpkgversion.compare(left, right)]
        assert programs.ask('dpkg', '--compare-versions', left, operator, right).code == 0, (left, operator, right)


@pytest.mark.parametrize('condition, version', [
    ('>=1.0', '2.0'), ('<2.0', '1.5'), ('>1.0,<2.0', '1.5'), ('==1.0', '1.0'), ('1.*', '1.5'), ('>=3', None), ('!=2.0', '1.5')])
def test_conditions(condition, version):
    assert pkgtools.best(condition, ['2.0', '1.5', '1.0'], dpkgversion.compare) == version


# ---- reading apt

def test_an_update():
    text = ('Hit:1 http://a.b/debian bookworm InRelease\nGet:2 http://a.b/debian sid InRelease [55.4 kB]\n'
            'Ign:3 http://c.d stable InRelease\nErr:4 http://c.d stable Release\n  404  Not Found\nReading lists...\n')
    assert aptcommand.fetched(text) == ({
        'http://a.b/debian bookworm InRelease': None, 'http://a.b/debian sid InRelease': True,
        'http://c.d stable InRelease': False, 'http://c.d stable Release': False}, ['http://c.d stable Release'])


def test_old_forms_of_an_update():
    text = 'Hit http://a.b wheezy Release\nGet:1 http://a.b wheezy/main [10 B]\nIgn http://a.b wheezy/main Translation-en\n'
    assert aptcommand.fetched(text)[0] == {'http://a.b wheezy Release': None, 'http://a.b wheezy/main': True,
                                           'http://a.b wheezy/main Translation-en': False}


def test_other_lists():
    assert aptcommand.upgradable('Inst a [1] (2 D)\nConf a (2 Debian:12 [amd64])\nConf b (1:3-1 x)\n') == {
        'a': '2', 'b': '1:3-1'}
    assert aptcommand.candidates('a:\n  Installed: 1\n  Candidate: 2\nb:\n  Candidate: (none)\n') == {'a': '2', 'b': ''}
    assert aptcommand.to_be_removed('Reading\nRemv libx [1.0]\nPurg liby [2]\n') == ['libx', 'liby']
    show = 'Package: a\nVersion: 2\nTag: x::y\n more::tags\n\nPackage: a\nVersion: 1\nSize: 3\n'
    assert aptcommand.records(show) == {'a': {'2': {'Tag': 'x::y', 'more': ':tags'}, '1': {'Size': '3'}}}
    assert aptcommand.records(show, ['size']) == {'a': {'2': {}, '1': {'Size': '3'}}}
    assert aptcommand.versions(show) == {'a': ['2', '1']}

@pytest.mark.parametrize('names, answer', [
    (['nosuch', 'bash'], '5.2-2+b13'), (['bash', 'nosuch'], '5.2-2+b13'), (['bash'], '5.2-2+b13'), (['nosuch', 'dash'], ''),
    (['nosuch'], {'nosuch': ''}), (['nosuch', 'bash', 'dash'], {'nosuch': '', 'bash': '5.2-2+b13', 'dash': ''})])
def test_latest_version_is_a_text_when_apt_knows_one(fake, call, names, answer):
    """The one that apt knows, wherever it stands among those that it does not."""
    known = {'bash': 'bash:\n  Installed: 5.2-2+b8\n  Candidate: 5.2-2+b13\n',
             'dash': 'dash:\n  Installed: 0.5\n  Candidate: 0.5\n'}
    fake.add('apt-cache', '-q policy %s' % ' '.join(names), ''.join(known.get(name, '') for name in names))
    fake.add('dpkg-query', out='install ok installed bash 5.2-2+b8 amd64\ninstall ok installed dash 0.5 amd64\n')
    assert call('pkg.latest_version', *names, refresh=False) == answer


def test_a_lock_is_waited_for():
    answers = [{'retcode': 100, 'stderr': 'E: Could not get lock /var/lib/dpkg/lock', 'stdout': ''},
               {'retcode': 0, 'stderr': '', 'stdout': ''}]
    calls, pauses = [], []

    def run(argv, **options):
        calls.append((argv, options['env']['DEBIAN_FRONTEND'], options['env'].get('A')))
        return answers.pop(0)
    reply = aptcommand.call(['apt-get', 'x'], {'cmd.run_all': run}, env=[{'A': 1}], scope=False, pause=pauses.append)
    assert reply['retcode'] == 0 and pauses == [aptcommand.PAUSE]
    assert calls == [(['apt-get', 'x'], 'noninteractive', '1')] * 2


def test_a_lock_that_stays_is_the_answer():
    pauses, locked = [], {'retcode': 100, 'stderr': 'E: Could not get lock /x', 'stdout': ''}
    reply = aptcommand.call(['apt-get'], {'cmd.run_all': lambda argv, **options: locked}, scope=False, pause=pauses.append)
    assert reply is locked and len(pauses) == aptcommand.TRIES


# ---- plans

def test_what_is_installed_how():
    planner = aptinstall.Planner({'a': '2', 'b': '1', 'c': '1'}, ['apt-get', 'install'], reinstall=True)
    for name, version in (('a', '1'), ('b', '2'), ('c', None), ('d', None)):
        planner.add(name, '%s=%s' % (name, version) if version else name, version)
    plan = planner.plan(True)
    assert plan.commands == [['apt-get', 'install', 'b=2', 'd'], ['apt-get', '--allow-downgrades', 'install', 'a=1'],
                             ['apt-get', 'install', '--reinstall', 'c']]
    assert plan.names == ['b', 'd', 'a'] and plan.again == ['c']


def test_words_before_the_packages():
    options = {'install_recommends': False, 'force_conf_new': True, 'only_upgrade': True, 'force_yes': True}
    assert aptinstall.prefix(options, True, 'sid') == [
        'apt-get', '-q', '-y', '--force-yes', '-o', 'DPkg::Options::=--force-confnew', '--no-install-recommends',
        '--only-upgrade', '--allow-unauthenticated', '-t', 'sid', 'install']
    assert aptinstall.file_prefix({}, True) == ['dpkg', '-i', '--force-confold', '--force-bad-verify']


def test_names_of_packages_reach_no_shell(fake, call):
    fake.add('apt-get').add('dpkg-query').add('dpkg')
    call('pkg.install', 'a;reboot $(x)')
    assert [line for line in fake.calls() if line.endswith(' install a;reboot $(x)')]


def test_a_failed_installation_tells_what_it_changed_all_the_same(fake, call):
    fake.add('dpkg-query', out='install ok installed a 1 amd64\n').add('dpkg').add('apt-get', code=100, err='E: no\n')
    with pytest.raises(CommandExecutionError) as caught:
        call('pkg.install', 'b')
    assert caught.value.info == {'errors': ['E: no'], 'changes': {}}


def test_what_is_held_is_let_go_for_its_installation(fake, call):
    fake.add('dpkg-query', out='hold ok installed a 1 amd64\n').add('apt-get')
    fake.add('dpkg', '--get-selections*', out='a hold\n').add('dpkg')
    call('pkg.install', 'a', version='2')
    calls = [line for line in fake.calls() if 'get-selections' not in line and not line.startswith('dpkg-query')]
    assert calls[0] == 'dpkg --set-selections' and calls[1].endswith('install a=2')


# ---- source lists

@pytest.fixture
def lists(tmpdir, monkeypatch):
    parts = tmpdir.mkdir('sources.list.d')
    monkeypatch.setattr(aptsources, 'MAIN', str(tmpdir.join('sources.list')))
    monkeypatch.setattr(aptsources, 'PARTS', str(parts))
    tmpdir.join('sources.list').write('# words about deb lines\ndeb [arch=amd64] http://h/debian/ sid main contrib #mine\n'
                                      '# deb http://h/debian old main\n')
    parts.join('x.sources').write('# top\nTypes: deb deb-src\nURIs: http://d/debian\nSuites: sid sid-updates\n'
                                  'Components: main\nSigned-By: /k.gpg\n\nTypes: deb\nURIs: http://e\nSuites: a\n'
                                  'Components: b\nEnabled: no\n')
    return tmpdir


def test_both_forms_are_read(lists, call):
    found = call('pkg.list_repos')
    assert sorted(found) == ['http://d/debian', 'http://e', 'http://h/debian', 'http://h/debian/']
    first = found['http://h/debian/'][0]
    assert (first['comps'], first['architectures'], first['enabled']) == (['main', 'contrib'], ['amd64'], True)
    assert found['http://h/debian'][0]['disabled'] and found['http://e'][0]['disabled']
    assert [(one['type'], one['dist']) for one in found['http://d/debian']] == [
        ('deb', 'sid'), ('deb', 'sid-updates'), ('deb-src', 'sid'), ('deb-src', 'sid-updates')]
    assert found['http://d/debian'][1]['line'] == 'deb [signed-by=/k.gpg] http://d/debian sid-updates main'
    assert call('pkg.get_repo', 'deb http://h/debian sid contrib') == first
    assert call('pkg.get_repo', 'deb http://h/debian sid other') == call('pkg.get_repo', 'bogus') == {}


def test_a_repository_is_changed_where_it_stands(lists, call):
    changed = call('pkg.mod_repo', 'deb http://h/debian sid main', refresh=False, comps='main,extra', disabled=True)
    entry = changed['deb http://h/debian sid main']
    assert entry['line'] == '# deb http://h/debian/ sid main extra #mine' and not entry['enabled']
    assert io.open(aptsources.MAIN).read().splitlines()[1] == entry['line']
    call('pkg.mod_repo', 'deb http://d/debian sid main', refresh=False, architectures=['arm64'])
    text = lists.join('sources.list.d', 'x.sources').read()
    assert 'Architectures: arm64\n' in text and 'Signed-By: /k.gpg\n' in text and text.startswith('# top\n')
    assert text.endswith('Enabled: no\n')


def test_a_repository_comes_and_goes(lists, call):
    path, line = str(lists.join('sources.list.d', 'n.list')), 'deb http://n/ sid main'
    added = call('pkg.mod_repo', line, refresh=False, file=path, comments=['by', 'us'])
    assert added[line]['file'] == path and io.open(path).read() == 'deb http://n/ sid main #by us\n'
    with pytest.raises(CommandExecutionError):
        call('pkg.del_repo', 'deb http://n/ sid', refresh=False)
    assert call('pkg.del_repo', line, refresh=False) == "File %s containing repo '%s' has been removed." % (path, line)
    assert not os.path.exists(path)
    call('pkg.del_repo', 'deb http://d/debian sid main', refresh=False)
    assert lists.join('sources.list.d', 'x.sources').read().startswith('Types: deb\nURIs: http://e\n')


@pytest.mark.parametrize('repo, error', [('bogus', SaltInvocationError), ('ppa:a/b', CommandExecutionError)])
def test_what_is_no_repository(lists, call, repo, error):
    with pytest.raises(error):
        call('pkg.mod_repo', repo, refresh=False)
    with pytest.raises(CommandExecutionError):
        call('pkg.del_repo', repo, refresh=False)


def test_keys_are_read():
    text = ('pub:-:4096:1:225629DF75B188BD:1743339029:2058699029::-:::scSC::::::23::0:\nfpr:::::::::04B5:\n'
            'uid:-::::1743339029::AE4F::A \\x3a key <a@b>::::::::::0:\n'
            'sub:-:4096:1:78DBA3BC47EF2265:1743339029:::::: s::::::23:\nfpr:::::::::B8E5:\n')
    key = aptkeys.parse(text)['225629DF75B188BD']
    assert key['uid'] == 'A : key <a@b>' and key['fingerprint'] == '04B5' and key['bits'] == 4096
    assert key['subkey']['fingerprint'] == 'B8E5' and key['subkey']['date_expiration'] is None


def test_a_key_comes_and_goes(fake, tmpdir, call):
    folder = tmpdir.mkdir('keys')
    fake.add('gpg', '*bad.gpg.new*', code=2).add('gpg', '*--list-public-keys*', 'pub:-:1:1:AB12:1:::-:::scSC:\n').add('gpg')
    assert call('pkg.add_repo_key', text='abc', aptkey=False, keydir=str(folder), keyfile='bad.gpg') is False
    binary = tmpdir.join('k.gpg')
    binary.write_binary(b'\x99\x01')
    assert call('pkg.add_repo_key', path=str(binary), aptkey=False, keydir=str(folder)) is True
    assert [path.basename for path in folder.listdir()] == ['k.gpg'] and folder.join('k.gpg').read_binary() == b'\x99\x01'
    assert list(call('pkg.get_repo_keys', aptkey=False, keydir=str(folder))) == ['AB12']
    assert call('pkg.del_repo_key', keyid='B12', aptkey=False, keydir=str(folder)) == 'B12' and not folder.listdir()
    assert call('pkg.del_repo_key', keyid='B12', aptkey=False, keydir=str(folder)) is False


# ---- other packages of the family, and the real thing

def test_it_is_not_offered_elsewhere():
    loader = make_loader(os_family='Arch')
    assert 'pkg.install' not in loader.functions and 'lowpkg.info' not in loader.functions


def test_lists_of_names():
    assert [pkgtools.listed(value) for value in ('a,b', '[a, b]', ['a'], 'a')] == [['a', 'b'], ['a', 'b'], ['a'], ['a']]
    assert pkgtools.named_packages(['a', {'b': '1'}]) == {'a': None, 'b': '1'} and pkgtools.named_packages([{}]) == {}


def test_names_with_architectures(call):
    assert [call('pkg.normalize_name', name) for name in ('a:amd64', 'a:all', 'a:i386', 'a')] == ['a', 'a', 'a:i386', 'a']
    assert call('pkg.parse_arch', 'a:i386') == {'name': 'a', 'arch': 'i386'}


@pytest.mark.skipif(os.geteuid() != 0 or not environment.which('dpkg-deb'), reason='needs root and dpkg-deb')
def test_a_file_is_installed_for_real(tmpdir, call):
    tree, path = tmpdir.mkdir('tree'), str(tmpdir.join('mtst.deb'))
    tree.mkdir('DEBIAN').join('control').write('Package: mtst-tiny\nVersion: 1.2-3\nArchitecture: all\nMaintainer: a <a@b>\n'
                                               'Description: of a test\n More.\n')
    os.chmod(str(tree.join('DEBIAN')), 0o755)
    assert programs.output('dpkg-deb', '--build', str(tree), path) is not None
    assert call('lowpkg.bin_pkg_info', path) == {'name': 'mtst-tiny', 'version': '1.2-3', 'arch': 'all'}
    try:
        assert call('pkg.install', sources=[{'mtst-tiny': path}]) == {'mtst-tiny': {'old': '', 'new': '1.2-3'}}
        assert call('pkg.version', 'mtst-tiny') == '1.2-3' and call('lowpkg.file_list', 'mtst-tiny')['files'] == ['/.']
        held = call('pkg.hold', 'mtst-tiny')['mtst-tiny']
        assert held['changes'] == {'old': 'install', 'new': 'hold'} and held['comment'].endswith('is now being held.')
        assert call('pkg.unhold', 'mtst-tiny')['mtst-tiny']['changes'] == {'old': 'hold', 'new': 'install'}
    finally:
        programs.ask('dpkg', '--purge', 'mtst-tiny')
    assert call('pkg.version', 'mtst-tiny') == '' and call('pkg.remove', 'mtst-tiny') == {}
