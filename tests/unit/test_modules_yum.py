"""Packages of RHEL and its kin: what yum 3, dnf and rpm print, with fake programs."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, pkgtools, rpmquery, rpmversion, yumoutput
from minion.loader import Loader
from tests.support.fakeprograms import Programs

RPM = ''.join('%s\n' % '_|-'.join(row.split()) for row in (
    'bash (none) 4.2.46 34.el7 x86_64 1500000000', 'glibc (none) 2.17 317.el7 x86_64 1500000001',
    'glibc (none) 2.17 317.el7 i686 1500000002', 'bind-utils 32 9.11.4 26.P2.el7 x86_64 1500000003',
    'kernel (none) 3.10.0 1160.el7 x86_64 1', 'kernel (none) 3.10.0 1127.el7 x86_64 1', 'tzdata (none) 2021a 1.el7 noarch 1',
    'yum-plugin-versionlock (none) 1.1.31 54.el7_8 noarch 1', 'gpg-pubkey (none) f4a80eb5 53a7ff4b (none) 1'))
AVAILABLE = ('Available Packages\nbash.x86_64              4.2.46-35.el7_9            updates\n'
             'java-1.8.0-openjdk-headless-slowdebug.x86_64\n                         1:1.8.0.412-1.el7_9        updates\n'
             'glibc.i686               2.17-326.el7_9             updates\n')
CENTOS = {'os': 'CentOS', 'os_family': 'RedHat', 'osarch': 'x86_64', 'cpuarch': 'x86_64', 'kernel': 'Linux',
          'osmajorrelease': 7, 'kernelrelease': '3.10.0-1127.el7.x86_64'}


@pytest.fixture
def fake(tmpdir, monkeypatch):
    monkeypatch.setattr(pkgtools, 'isolated', lambda argv, functions: list(argv))
    programs = Programs(tmpdir.mkdir('bin'), monkeypatch)
    which = environment.which
    monkeypatch.setattr(environment, 'which', lambda name, path=None: None if name.startswith('dnf') else which(name, path))
    return programs.add('rpm', '-qa --nodigest*', RPM)


@pytest.fixture
def yum(fake):
    fake.add('yum', '--quiet *list available*', AVAILABLE)
    fake.add('yum', '--quiet list updates', AVAILABLE.replace('Available', 'Updated'))
    fake.add('yum', '--quiet versionlock list', '0:bash-4.2.46-34.el7.*\n').add('yum', '*check-update*', code=100)
    return fake.add('yum')


@pytest.fixture
def call():
    functions = Loader({'id': 'm'}, CENTOS, {}, None).functions
    return lambda function, *args, **kwargs: functions[function](*args, **kwargs)


@pytest.mark.parametrize('left, right, order', [
    ('1.0', '1.0', 0), ('1.0~rc1', '1.0', -1), ('1.0^git', '1.0', 1), ('1.10', '1.9', 1),
    ('1.0a', '1.0', 1), ('1.0.1', '1.0a', 1), ('1:1.0', '2.0', 1),
    ('1.0-1', '1.0', 0), ('1.0-1.el7', '1.0-2.el7', -1), ('2.6.32-754.el6', '2.6.32-71.el6', 1),
    ('0:1', '1', 0), ('1_0', '1.0', 0)])
def test_order_of_versions(left, right, order):
    assert rpmversion.compare(left, right) == order and rpmversion.compare(right, left) == -order


def test_what_is_installed(yum, call):
    found = call('pkg.list_pkgs')
    assert found['bash'] == '4.2.46-34.el7' and found['bind-utils'] == '32:9.11.4-26.P2.el7'
    assert found['kernel'] == '3.10.0-1127.el7,3.10.0-1160.el7' and found['glibc.i686'] == '2.17-317.el7'
    assert call('pkg.version', 'glibc') == '2.17-317.el7' and call('pkg.version', 'nosuch') == ''
    details = call('pkg.list_pkgs', attr='arch,install_date')['tzdata'][0]
    assert details == {'arch': 'noarch', 'version': '2021a', 'install_date': '1970-01-01T00:00:01Z'}
    assert call('kernelpkg.list_installed') == ['3.10.0-1127.el7', '3.10.0-1160.el7'] and call('kernelpkg.needs_reboot')
    assert call('pkg.list_pkgs', removed=True) == {}


def test_what_could_be_installed(yum, call):
    assert call('pkg.latest_version', 'bash', refresh=False) == '4.2.46-35.el7_9'
    assert call('pkg.latest_version', 'java-1.8.0-openjdk-headless-slowdebug', 'nosuch', refresh=False) == {
        'java-1.8.0-openjdk-headless-slowdebug': '1:1.8.0.412-1.el7_9', 'nosuch': ''}
    assert call('pkg.upgrade_available', 'bash') is True and call('pkg.upgrade_available', 'tzdata') is False
    assert call('pkg.list_upgrades', refresh=False)['glibc.i686'] == '2.17-326.el7_9'
    assert call('pkg.refresh_db', fromrepo='base') is True
    assert yum.calls()[-1] == 'yum --quiet --assumeyes check-update --disablerepo=* --enablerepo=base'
    repos = call('pkg.list_repo_pkgs', 'bash', byrepo=True)
    assert repos['updates']['bash'] == ['4.2.46-35.el7_9']


def test_installing(yum, call):
    def run(*args, **kwargs):
        yum.forget()
        call('pkg.' + args[0], *args[1:], **kwargs)
        return [line[len('yum '):] for line in yum.calls() if line.startswith('yum') and ' list ' not in line]
    assert run('install', 'vim,bash') == ['-y install vim bash'] or run('install', 'vim,bash') == ['-y install bash vim']
    assert run('install', 'bash', version='4.1-1') == ['-y downgrade bash-4.1-1']
    assert run('install', 'bash', version='>=4.2.46-34', skip_verify=True, enablerepo='a,b') == [
        '-y --enablerepo=a --enablerepo=b --nogpgcheck install bash-4.2.46-35.el7_9']
    assert run('install', 'bash', reinstall=True, setopt='x=1', downloadonly=True) == [
        '-y --setopt=x=1 --downloadonly reinstall bash']
    assert run('install', 'glibc.i686', version='2.17-326.el7_9') == ['-y install glibc-2.17-326.el7_9.i686']
    assert run('remove', 'ba*;x,bash') == ['-y remove bash'] and run('remove', 'nosuch') == []
    assert run('upgrade', refresh=False, security=True, minimal=True) == ['--quiet -y --security upgrade-minimal']
    assert run('update', 'bash', refresh=False) == ['--quiet -y update bash']
    with pytest.raises(CommandExecutionError) as caught:
        call('pkg.install', pkgs=[{'bash': '>99'}])
    assert caught.value.info['errors'] == ["No version matching 'bash>99' could be found (available: 4.2.46-35.el7_9)"]


def test_locks(yum, call):
    assert call('pkg.list_holds') == ['bash-4.2.46-34.el7'] and call('pkg.list_holds', full=False) == ['bash']
    assert call('pkg.hold', 'bash')['bash']['comment'] == 'Package bash is already set to be held.'
    assert call('pkg.hold', 'glibc')['glibc']['changes'] == {'new': 'hold', 'old': ''}
    assert call('pkg.unhold', 'bash')['bash']['comment'] == 'Package bash is no longer held.'
    assert yum.calls()[-1] == 'yum versionlock delete *:bash-4.2.46-34.el7*'
    with pytest.raises(SaltInvocationError):
        call('pkg.hold')
    assert yumoutput.held('bash-0:5.1.8-6.el9.*\nLast metadata expiration check: 0:01\n', True) == ['bash-0:5.1.8-6.el9']


def test_groups(yum, fake, call):
    fake.add('yum', 'never').add('rpm')
    text = ('\nGroup: Base\n Group-Id: base\n Description: The basic installation.\n Mandatory Packages:\n   =bash\n   +at\n'
            ' Default Packages:\n    acpid\n Optional Packages:\n   -PyPAM\n')
    assert yumoutput.group(text) == {
        'type': 'package group', 'group': 'Base', 'id': 'base', 'description': 'The basic installation.',
        'mandatory': ['bash', 'at'], 'default': ['acpid'], 'optional': ['PyPAM'], 'conditional': []}
    lists = yumoutput.groups('Available Environment Groups:\n   Minimal Install\nInstalled Groups:\n   Base\n'
                             'Available Language Groups:\n   Afrikaans Support [af]\n')
    assert lists['installed'] == ['Base'] and lists['available environments'] == ['Minimal Install']
    assert lists['available languages'] == {'Afrikaans Support': {'name': 'Afrikaans Support', 'language': 'af'}}
    assert yumoutput.patches('i CESA-2021:1 security bash-4.2-1\n  CESA-2021:2 bugfix glibc-2-1\n') == {
        'CESA-2021:1': {'installed': True, 'summary': ['bash-4.2-1']},
        'CESA-2021:2': {'installed': False, 'summary': ['glibc-2-1']}}


def test_repositories(yum, tmpdir, call):
    folder = tmpdir.mkdir('repos')
    folder.join('base.repo').write('# ours\n[base]\nname=Base\nbaseurl=http://a/\n  http://b/\nenabled=1\n\n[other]\nname=O\n')
    where = str(folder)
    assert call('pkg.get_repo', 'base', basedir=where) == {'name': 'Base', 'baseurl': 'http://a/\nhttp://b/', 'enabled': '1'}
    path = str(folder.join('base.repo'))
    changed = call('pkg.mod_repo', 'base', basedir=where, enabled=False, baseurl='http://c/', gpgcheck=True)
    assert changed[path]['base'] == {'name': 'Base', 'baseurl': 'http://c/', 'enabled': '0', 'gpgcheck': '1'}
    assert folder.join('base.repo').read() == (
        '# ours\n[base]\nname=Base\nbaseurl=http://c/\nenabled=0\ngpgcheck=1\n\n[other]\nname=O\n')
    with pytest.raises(SaltInvocationError):
        call('pkg.mod_repo', 'new', basedir=where, baseurl='http://n')
    call('pkg.mod_repo', 'new', basedir=where, baseurl='http://n', name='N')
    assert folder.join('new.repo').read() == '[new]\nbaseurl=http://n\nname=N\n'
    assert call('pkg.del_repo', 'new', basedir=where).startswith('File ') and not folder.join('new.repo').exists()
    assert call('pkg.del_repo', 'other', basedir=where) == 'Repo other has been removed from %s' % path
    assert 'does not exist' in call('pkg.del_repo', 'nosuch', basedir=where)


def test_dnf(fake, call, monkeypatch):
    which = environment.which
    monkeypatch.setattr(environment, 'which', lambda name, path=None: '/usr/bin/dnf' if name == 'dnf' else which(name, path))
    fake.add('dnf', '--quiet list upgrades', AVAILABLE.replace('Available Packages', 'Available Upgrades')).add('dnf')
    assert call('pkg.list_upgrades', refresh=False)['bash'] == '4.2.46-35.el7_9'
    call('pkg.install', 'vim')
    assert 'dnf -y install vim' in fake.calls()


# ---- lowpkg

INFO = ('name: bash\nversion: 4.2.46\nvendor: CentOS\nrelease: 34.el7\nepoch: (none)\nbuild_date_time_t: 1585705757\n'
        'install_date_time_t: 1500000000\narch: x86_64\nlicense: GPLv3+\nurl: http://g\nsummary: A shell\n'
        'description:\nThe shell.\n\nMore.\n-----\n')


def test_details(yum, fake, call):
    fake.add('rpm', '-q nosuch*', 'package nosuch is not installed\n', 1).add('rpm', '-q bash --queryformat*', INFO)
    found = call('pkg.info_installed', 'bash')['bash']
    assert (found['version'], found['release'], found['description']) == ('4.2.46', '34.el7', 'The shell.\n\nMore.')
    assert found['install_date'] == '2017-07-14T02:40:00Z' and 'epoch' not in found
    assert call('lowpkg.info', 'bash', attr='version,arch') == {'bash': {'version': '4.2.46', 'arch': 'x86_64'}}
    assert call('lowpkg.info', 'bash', all_versions=True)['bash'][0]['vendor'] == 'CentOS'
    with pytest.raises(CommandExecutionError) as caught:
        call('lowpkg.info', 'nosuch')
    assert str(caught.value) == 'Error getting packages information: package nosuch is not installed'


def test_files(yum, fake, tmpdir, call):
    fake.add('rpm', '-ql bash', '/bin/bash\n/etc/skel\n').add('rpm', '-ql nosuch', 'package nosuch is not installed\n', 1)
    fake.add('rpm', '-qf --queryformat %{name} /bin/bash', 'bash').add('rpm', '-qf*', 'file is not owned\n', 1)
    fake.add('rpm', '-V*', 'S.5....T.  c /etc/a b\nmissing     /usr/x\n.M.......  g /var/y\n', 1)
    assert call('lowpkg.file_list', 'bash', 'nosuch') == {'errors': ['package nosuch is not installed'],
                                                          'files': ['/bin/bash', '/etc/skel']}
    assert call('pkg.owner', '/bin/bash') == 'bash' and call('pkg.owner', '/bin/bash', '/x') == {'/bin/bash': 'bash', '/x': ''}
    assert call('lowpkg.verify', 'a', ignore_types='ghost') == {
        '/etc/a b': {'type': 'config', 'mismatch': ['size', 'md5', 'mtime']}, '/usr/x': {'missing': True}}
    assert call('lowpkg.modified', 'a', mode=True) == {'/var/y': ['mode']}
    path = tmpdir.join('a.rpm').ensure()
    fake.add('rpm', '-qp*', RPM.splitlines()[3] + '\n')
    assert call('lowpkg.bin_pkg_info', str(path)) == {'name': 'bind-utils', 'version': '32:9.11.4-26.P2.el7',
                                                      'arch': 'x86_64'}
    assert call('lowpkg.version_cmp', '1.0-1', '1.0-2') == call('pkg.version_cmp', '1', '2') == -1
    assert call('lowpkg.checksum', '/no/such.rpm') == {'/no/such.rpm': False}


def test_names(call, yum):
    assert call('pkg.normalize_name', 'zsh.x86_64') == 'zsh' and call('pkg.normalize_name', 'zsh.i686') == 'zsh.i686'
    assert call('pkg.parse_arch', 'python3.9') == {'name': 'python3.9', 'arch': None}
    assert rpmquery.newest(['1.0', '1:0.1', '1.10']) == ['1:0.1', '1.10', '1.0']
