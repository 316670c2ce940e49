"""pkg.* of Debian with a package of the distribution: slow, as apt reads all of its lists each time."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion.helpers import command, environment, programs
from minion.loader import Loader
from tests.real.conftest import MASTERS, NEWEST

TINY = 'hello'


@pytest.fixture
def call():
    grains = {'os': 'Debian', 'os_family': 'Debian', 'kernel': 'Linux', 'cpuarch': os.uname()[4],
              'osarch': programs.output('dpkg', '--print-architecture')}
    functions = Loader({'id': 'm'}, grains, {}, None).functions
    return lambda name, *args, **kwargs: functions[name](*args, **kwargs)


@pytest.mark.skipif(bool(MASTERS) and NEWEST not in MASTERS, reason='once is enough: beside the newest master')
@pytest.mark.skipif(os.geteuid() != 0 or not environment.which('apt-get'), reason='needs root and apt-get')
def test_a_package_comes_and_goes_for_real(call):
    present = call('pkg.version', TINY)
    newest = call('pkg.latest_version', TINY, refresh=False, show_installed=True)
    if present or not newest or isinstance(newest, dict):
        pytest.skip('%s is installed or not known to apt' % TINY)
    if command.run(['apt-get', '-q', '-y', '--download-only', 'install', TINY], timeout=120).retcode:
        pytest.skip('apt cannot reach the package')
    try:
        assert call('pkg.install', TINY, version='>=1') == {TINY: {'old': '', 'new': newest}}
        assert call('pkg.version', TINY) == newest and call('pkg.install', TINY) == {}
        held = call('pkg.hold', TINY)[TINY]
        assert held['changes'] == {'old': 'install', 'new': 'hold'} and held['comment'].endswith('is now being held.')
        assert call('pkg.unhold', TINY)[TINY]['changes'] == {'old': 'hold', 'new': 'install'}
        assert call('pkg.remove', TINY) == {TINY: {'old': newest, 'new': ''}}
    finally:
        call('pkg.purge', TINY)
    assert call('pkg.version', TINY) == '' and call('pkg.remove', TINY) == {}
