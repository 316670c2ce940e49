"""npm.* states over execution functions that a test holds in its hands."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import CommandExecutionError
from minion.helpers import environment
from tests.support import hoststates


class Packages(object):
    """What npm has; `broken`: the functions that fail."""

    def __init__(self):
        self.there = {'coffee': {'version': '1.0.1'}, 'npm': {'version': '9.2.0'}, '@scope/x': {'version': '2.0.0'}}
        self.calls, self.broken, self.told, self.cached = [], (), '', ''

    def functions(self):
        return {'npm.list': self.list, 'npm.install': self.install, 'npm.uninstall': self.uninstall,
                'npm.cache_list': self.cache_list, 'npm.cache_clean': self.cache_clean}

    def _note(self, function, kwargs):
        self.calls.append((function, dict((key, kwargs[key]) for key in kwargs if kwargs[key] is not None)))
        if function in self.broken:
            raise CommandExecutionError('npm ERR! bad')

    def list(self, **kwargs):
        self._note('list', kwargs)
        return self.there

    def install(self, **kwargs):
        self._note('install', kwargs)
        return self.told

    def uninstall(self, **kwargs):
        self.calls.append(('uninstall', kwargs))
        return 'uninstall' not in self.broken

    def cache_list(self, **kwargs):
        self._note('cache_list', kwargs)
        return self.cached

    def cache_clean(self, **kwargs):
        self.calls.append(('cache_clean', kwargs))
        return 'cache_clean' not in self.broken


@pytest.fixture
def npm(tmpdir, monkeypatch):
    """npm(state, ...) -> (result, comment, changes); npm.packages."""
    host, packages = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch), Packages()

    def run(name, *args, **kwargs):
        return host.over(packages.functions(), 'npm.' + name, *args, **kwargs)
    run.packages = packages
    return run


@pytest.mark.parametrize('name, kwargs, comment', [
    ('coffee', {}, "Package(s) 'coffee' satisfied by coffee@1.0.1"),
    ('coffee@1.0.1', {}, "Package(s) 'coffee@1.0.1' satisfied by coffee@1.0.1"),
    ('@scope/x', {}, "Package(s) '@scope/x' satisfied by @scope/x@2.0.0"),
    ('x', {'pkgs': ['npm', 'coffee@1.0.1']}, "Package(s) 'npm, coffee@1.0.1' satisfied by npm@9.2.0, coffee@1.0.1"),
    ('x', {'pkgs': 'npm'}, "Package(s) 'npm' satisfied by npm@9.2.0"),
])
def test_what_is_there(npm, name, kwargs, comment):
    assert npm('installed', name, **kwargs) == (True, comment, {})
    assert [call[0] for call in npm.packages.calls] == ['list']


@pytest.mark.parametrize('name, kwargs, missing', [
    ('b', {}, ['b']), ('coffee@1.0.2', {}, ['coffee@1.0.2']), ('@scope/x@1', {}, ['@scope/x@1']),
    ('coffee', {'force_reinstall': True}, ['coffee']), ('git://github.com/x/y.git', {}, ['git://github.com/x/y.git']),
    ('x', {'pkgs': ['npm', 'b']}, ['b']),
])
def test_what_is_not(npm, name, kwargs, missing):
    changes, named = {'new': missing, 'old': []}, ', '.join(missing)
    result, comment, told = npm('installed', name, test=True, **kwargs)
    assert (result, told) == (None, changes)
    assert comment.startswith("NPM package(s) '%s' are set to be installed" % named)
    assert npm('installed', name, **kwargs) == (True, "Package(s) '%s' successfully installed" % named, changes)
    assert [call[0] for call in npm.packages.calls] == ['list', 'list', 'install']


def test_where_and_how(npm):
    npm('installed', 'b', dir='/srv/app', user='app', registry='http://r', env=[{'A': 'b'}, {'C': 'd'}])
    env = {'A': 'b', 'C': 'd'}
    assert npm.packages.calls == [
        ('list', {'dir': '/srv/app', 'runas': 'app', 'env': env, 'depth': 0}),
        ('install', {'dir': '/srv/app', 'runas': 'app', 'env': env, 'registry': 'http://r', 'pkgs': ['b']})]
    assert npm('installed', 'x', pkgs=['npm', 'b'], test=True)[1] == (
        "NPM package(s) 'b' are set to be installed. Package(s) 'npm, b' satisfied by npm@9.2.0")


def test_installing_fails(npm):
    npm.packages.broken = ('install',)
    assert npm('installed', 'x', pkgs=['a', 'b']) == (False, "Error installing 'a, b': npm ERR! bad", {})
    npm.packages.broken = ('list',)
    assert npm('installed', 'a') == (False, "Error looking up 'a': npm ERR! bad", {})
    npm.packages.broken = ()
    assert npm('installed', 'x', pkgs=[{'a': 1}])[:2] == (
        False, "Error looking up '{'a': 1}': this is no name of a package: {'a': 1}")


def test_removed(npm):
    assert npm('removed', 'b') == (True, "Package 'b' is not installed", {})
    assert npm('removed', 'coffee', test=True) == (None, "Package 'coffee' is set to be removed", {})
    assert [call[0] for call in npm.packages.calls] == ['list', 'list']
    assert npm('removed', 'coffee', dir='/srv', user='app') == (
        True, "Package 'coffee' was successfully removed", {'coffee': 'Removed'})
    assert npm.packages.calls[-1] == ('uninstall', {'pkg': 'coffee', 'dir': '/srv', 'runas': 'app'})
    npm.packages.broken = ('uninstall',)
    assert npm('removed', 'coffee') == (False, "Error removing package 'coffee'", {})
    npm.packages.broken = ('list',)
    assert npm('removed', 'coffee') == (False, "Error uninstalling 'coffee': npm ERR! bad", {})


def test_bootstrap(npm):
    assert npm('bootstrap', '/srv/app') == (True, 'Directory is already bootstrapped', {})
    assert npm('bootstrap', '/srv/app', test=True) == (True, '/srv/app is already bootstrapped', {})
    npm.packages.told = {'added': 0, 'removed': 0, 'changed': 0, 'audited': 3}
    assert npm('bootstrap', '/srv/app')[2] == {}
    npm.packages.told = {'added': 2, 'removed': 0, 'changed': 0}
    assert npm('bootstrap', '/srv/app', test=True) == (
        None, '/srv/app is set to be bootstrapped', {'old': [], 'new': npm.packages.told})
    assert npm('bootstrap', '/srv/app', user='app', silent=False) == (
        True, 'Directory was successfully bootstrapped', {'/srv/app': 'Bootstrapped'})
    assert npm.packages.calls[-2:] == [
        ('install', {'dir': '/srv/app', 'silent': True, 'dry_run': True}),
        ('install', {'dir': '/srv/app', 'silent': False, 'dry_run': False, 'runas': 'app'})]
    npm.packages.broken = ('install',)
    assert npm('bootstrap', '/srv/app') == (False, "Error Bootstrapping '/srv/app': npm ERR! bad", {})


def test_the_cache(npm):
    assert npm('cache_cleaned', 'a') == (True, 'Package a is not in the cache', {})
    assert npm('cache_cleaned', test=True) == (None, 'Cached packages set to be removed', {})
    assert npm('cache_cleaned', force=True) == (True, 'Cached packages successfully removed', {'cache': 'Removed'})
    assert npm.packages.calls[-1] == ('cache_clean', {'path': None, 'runas': None, 'force': True})
    npm.packages.cached = '/root/.npm/a/1.0.0/package.tgz'
    assert npm('cache_cleaned', 'a') == (True, 'Cached package a successfully removed', {'a': 'Removed'})
    npm.packages.broken = ('cache_clean',)
    assert npm('cache_cleaned', 'a') == (False, 'Error cleaning cached package a', {})
    npm.packages.broken = ('cache_list',)
    assert npm('cache_cleaned', 'a') == (False, 'Error looking up cached a: npm ERR! bad', {})


def test_without_npm(tmpdir, monkeypatch):
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    assert 'npm.installed' not in host.loader.apart({}).other('states').functions
