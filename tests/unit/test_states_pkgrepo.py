"""pkgrepo.managed and absent: source lists of apt in a folder of the test, sections of yum."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import aptsources, environment, state_pkgrepo
from tests.support.hoststates import States

LINE = 'deb http://mirror.example.org/debian bookworm main'
WOULD = "Package repo '%s' would be configured. This may cause pkg states to behave differently than stated if this action " \
    'is repeated without test=True, due to the differences in the configured repositories.'


@pytest.fixture
def apt(tmpdir, monkeypatch):
    lists = tmpdir.mkdir('sources.list.d')
    monkeypatch.setattr(aptsources, 'MAIN', str(tmpdir.join('sources.list')))
    monkeypatch.setattr(aptsources, 'paths', lambda: sorted(str(path) for path in lists.listdir()))
    which = environment.which
    monkeypatch.setattr(environment, 'which', lambda name: None if name == 'apt-key' else which(name))
    host = States(str(tmpdir), monkeypatch)
    host.file = lists.join('x.list')
    return host


def told(host, fun, name, **kwargs):
    ret = host.state('pkgrepo.' + fun, name, **kwargs)
    return ret['result'], ret['comment'], ret['changes']


def managed(host, name, **kwargs):
    return told(host, 'managed', name, file=str(host.file), refresh=False, **kwargs)


def test_a_new_repository(apt):
    assert managed(apt, LINE, test=True) == (None, WOULD % LINE, {'repo': LINE})
    assert not apt.file.exists()
    assert managed(apt, LINE) == (True, "Configured package repo '%s'" % LINE, {'repo': LINE})
    assert apt.file.read() == LINE + '\n'
    assert managed(apt, LINE) == (True, "Package repo '%s' already configured" % LINE, {})
    assert managed(apt, LINE, test=True)[0] is True


def test_a_repository_that_changes(apt):
    apt.file.write(LINE + '\n')
    more = LINE + ' contrib'
    changes = {'comps': {'old': ['main'], 'new': ['main', 'contrib']}, 'line': {'old': LINE, 'new': more}}
    assert managed(apt, more, test=True) == (None, WOULD % more, changes)
    assert managed(apt, LINE, comps='main,contrib') == (True, "Configured package repo '%s'" % LINE, changes)
    assert apt.file.read() == more + '\n'
    result, _, changes = managed(apt, more, disabled=True, comments='why')
    assert result and changes['disabled'] == {'old': False, 'new': True}
    assert apt.file.read() == '# %s #why\n' % more
    assert managed(apt, more, enabled=False, comments='why') == (True, "Package repo '%s' already configured" % more, {})


def test_what_cannot_be_configured(apt):
    assert managed(apt, 'odd') == (False, "Failed to configure repo 'odd': Name odd is not valid. This must be the complete "
                                   'repo entry as seen in the sources file', {})
    assert managed(apt, LINE, enabled=True, disabled=True) == (False, 'Only one of enabled/disabled is allowed', {})
    assert managed(apt, 'x', ppa='who/what')[1] == (
        "Failed to configure repo 'x': cannot parse \"ppa:\" style repo definitions: ppa:who/what")
    assert managed(apt, LINE, keyid='0123ABCD')[1] == (
        "Failed to configure repo '%s': both keyserver and keyid options required." % LINE)
    assert managed(apt, LINE, key_url='/nowhere/x.gpg', aptkey=False)[0] is False
    assert not apt.file.exists()


def test_a_file_is_emptied_first(apt):
    apt.file.write('deb http://old.example.org/debian bookworm main\n')
    assert managed(apt, LINE, clean_file=True)[0] is True
    assert apt.file.read() == LINE + '\n'


def test_absent(apt):
    apt.file.write(LINE + '\n')
    assert told(apt, 'absent', LINE, test=True)[:2] == (None, WOULD.replace('would be configured', 'will be removed') % LINE)
    assert told(apt, 'absent', LINE, refresh=False) == (True, 'Removed repo %s' % LINE, {'repo': LINE})
    assert told(apt, 'absent', LINE) == (True, 'Package repo %s is absent' % LINE, {})
    assert told(apt, 'absent', 'ppa:who/what') == (True, 'Package repo ppa:who/what is absent', {})


@pytest.fixture
def yum(tmpdir, monkeypatch):
    host = States(str(tmpdir), monkeypatch, os='CentOS', os_family='RedHat')
    host.programs.add('yum', 'dnf', 'rpm')
    host.file = tmpdir.mkdir('yum.repos.d').join('base.repo')
    return host


def test_sections_of_yum(yum):
    base = {'basedir': yum.file.dirname, 'humanname': 'Base', 'baseurl': 'http://mirror.example.org', 'gpgcheck': 0}
    assert told(yum, 'managed', 'base', test=True, **base)[:2] == (None, WOULD % 'base')
    assert told(yum, 'managed', 'base', **base) == (True, "Configured package repo 'base'", {'repo': 'base'})
    assert 'name=Base' in yum.file.read() and 'baseurl=http://mirror.example.org' in yum.file.read()
    assert told(yum, 'managed', 'base', **base) == (True, "Package repo 'base' already configured", {})
    result, _, changes = told(yum, 'managed', 'base', **dict(base, gpgcheck=1, disabled=True))
    assert result and sorted(changes) == ['enabled', 'gpgcheck'] and changes['gpgcheck'] == {'old': '0', 'new': '1'}
    assert told(yum, 'managed', 'x', copr='who/what')[:2] == (
        False, "Failed to configure repo 'x': copr is not supported")
    assert told(yum, 'absent', 'base', basedir=yum.file.dirname)[:2] == (True, 'Removed repo base')
    assert told(yum, 'absent', 'base', basedir=yum.file.dirname)[1] == 'Package repo base is absent'


def test_what_counts_as_the_same():
    wanted = state_pkgrepo.of_rpm('base', {'gpgcheck': True})
    assert wanted == {'name': 'base', 'enabled': True, 'gpgcheck': True}
    assert state_pkgrepo.same(wanted, {'name': 'base', 'gpgcheck': '1'}, 'RedHat')
    assert not state_pkgrepo.same(wanted, {'name': 'base', 'gpgcheck': '1'}, 'Suse')
    assert not state_pkgrepo.same(wanted, {'name': 'base', 'gpgcheck': '0'}, 'RedHat')
    assert state_pkgrepo.of_apt('no line', {}) == {}
