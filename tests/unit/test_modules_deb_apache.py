"""What Debian's Apache turns on and off: functions and states, with programs that only make and remove a link."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import apacheconf, environment
from tests.support import hoststates

KINDS = {'mod': ('apache_module', 'module', '.load'), 'site': ('apache_site', 'site', '.conf'),
         'conf': ('apache_conf', 'conf', '.conf')}
_PROGRAM = '''case "$1" in nosuch) exit 1;; broken) exit 7;; esac
%s "%s/$1%s"
'''


@pytest.fixture(params=sorted(KINDS))
def kind(request):
    return request.param


@pytest.fixture
def host(kind, tmpdir, monkeypatch):
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)
    etc = tmpdir.mkdir('etc')
    monkeypatch.setattr(apacheconf, 'FOLDER', str(etc))
    host.folder = etc.mkdir({'mod': 'mods', 'site': 'sites', 'conf': 'conf'}[kind] + '-enabled')
    host.programs.add('a2enmod')
    for word, action in (('en', 'ln -s ../available'), ('dis', 'rm')):
        host.programs.script('a2%s%s' % (word, kind), _PROGRAM % (action, host.folder, KINDS[kind][2]))
    return host


def test_functions(host, kind):
    title = kind.capitalize()

    def told(word, name, status):
        return {'Name': 'Apache2 %s %s' % (word, title), title: name, 'Status': status}
    assert host.call('apache.check_%s_enabled' % kind, 'web') is False
    assert host.job('apache.a2en' + kind, 'web') == (told('Enable', 'web', title + ' web enabled'), 0)
    for name in ('web', 'web' + KINDS[kind][2]):
        assert host.call('apache.check_%s_enabled' % kind, name) is True
    assert host.job('apache.a2dis' + kind, 'web') == (told('Disable', 'web', title + ' web disabled'), 0)
    assert host.call('apache.check_%s_enabled' % kind, 'web') is False
    assert host.job('apache.a2en' + kind, 'nosuch') == (told('Enable', 'nosuch', title + ' nosuch Not found'), 1)
    assert host.job('apache.a2en' + kind, 'broken') == (told('Enable', 'broken', 7), 7)
    assert host.job('apache.a2dis' + kind, 'nosuch') == (told('Disable', 'nosuch', 1), 1)


def test_only_links_count(host, kind):
    host.folder.join('web' + KINDS[kind][2]).write('')
    assert host.call('apache.check_%s_enabled' % kind, 'web') is False
    host.folder.join('000-default.conf').mksymlinkto('../available')
    assert host.call('apache.check_%s_enabled' % kind, 'default') is (kind == 'site')


def test_states(host, kind):
    state, noun = KINDS[kind][:2]

    def run(name, *args, **kwargs):
        ret = host.state('%s.%s' % (state, name), *args, **kwargs)
        return ret['result'], ret['comment'], ret['changes']
    changes = {'old': None, 'new': 'web'}
    assert run('enabled', 'web', test=True) == (None, 'Apache %s web is set to be enabled.' % noun, changes)
    assert host.folder.listdir() == []
    assert run('enabled', 'web') == (True, '', changes)
    assert run('enabled', 'web') == run('enabled', 'web', test=True) == (True, 'web already enabled.', {})
    changes = {'old': 'web', 'new': None}
    assert run('disabled', 'web', test=True) == (None, 'Apache %s web is set to be disabled.' % noun, changes)
    assert run('disabled', 'web') == (True, '', changes)
    assert run('disabled', 'web') == (True, 'web already disabled.', {})
    assert run('enabled', 'nosuch') == (False, 'Failed to enable nosuch Apache %s (%s nosuch Not found)' % (
        noun, kind.capitalize()), {})
    assert run('enabled', 'broken') == (False, 'Failed to enable broken Apache %s' % noun, {})
    host.folder.join('broken' + KINDS[kind][2]).mksymlinkto('../available')
    assert run('disabled', 'broken') == (False, 'Failed to disable broken Apache %s' % noun, {})


@pytest.mark.parametrize('grains', [{'os_family': 'RedHat'}, {}])
def test_they_are_there_with_debians_programs(tmpdir, monkeypatch, grains):
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch, **grains)
    host.programs.add('apachectl', 'a2enmod')
    if not grains:
        monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    assert 'apache.a2enmod' not in host.loader.functions
    assert 'apache_site.enabled' not in host.loader.apart({}).other('states').functions
