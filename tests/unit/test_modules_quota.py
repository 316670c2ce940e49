"""Module and state quota, with programs that only print what those of quota print."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import environment
from tests.support import hoststates

REPORT = '''*** Report for user quotas on device /dev/vda1
Block grace time: 7days; Inode grace time: 8days
                        Block limits                File limits
User            used    soft    hard  grace    used  soft  hard  grace
----------------------------------------------------------------------
root      --      20       0       0      0       2     0     0      0
larry     +-     200     100     300   6days       5    10    20      0

Statistics:
Total blocks: 7
'''
ROOT = {'block-used': '20', 'block-soft-limit': '0', 'block-hard-limit': '0', 'block-grace': '0', 'file-used': '2',
        'file-soft-limit': '0', 'file-hard-limit': '0', 'file-grace': '0'}
LARRY = {'block-used': '200', 'block-soft-limit': '100', 'block-hard-limit': '300', 'block-grace': '6days', 'file-used': '5',
         'file-soft-limit': '10', 'file-hard-limit': '20', 'file-grace': '0'}
MODE = 'group quota on / (/dev/vda1) is %s\nuser quota on / (/dev/vda1) is %s\n'


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)
    host.programs.add('setquota', 'quotaon', 'quotaoff', 'warnquota')
    host.programs.answer('repquota', REPORT)
    return host


def test_report(host):
    times = {'Block Grace Time': ['7days'], 'Inode Grace Time': ['8days']}
    assert host.call('quota.report', '/') == {'/': {
        'User Quotas': dict(times, Users={'root': ROOT, 'larry': LARRY}),
        'Group Quotas': dict(times, Groups={'root': ROOT, 'larry': LARRY})}}
    assert host.programs.calls() == [['repquota', '-vp', '-u', '/'], ['repquota', '-vp', '-g', '/']]
    host.programs.answer('repquota', err='repquota: not found\n', code=1)
    assert host.job('quota.report', '/x') == (
        {'/x': {'User Quotas': {'Users': {}}, 'Group Quotas': {'Groups': {}}}}, 1)


@pytest.mark.parametrize('kwargs, words, key', [
    ({'user': 'larry', 'block-soft-limit': 50}, ['-u', 'larry', '50', '300', '10', '20'], 'User: larry'),
    ({'group': 'new', 'file-hard-limit': 9}, ['-g', 'new', '0', '0', '0', '9'], 'Group: new'),
])
def test_limits(host, kwargs, words, key):
    limits = dict(zip(('block-soft-limit', 'block-hard-limit', 'file-soft-limit', 'file-hard-limit'),
                      [int(word) for word in words[2:]]))
    assert host.call('quota.set', '/', **kwargs) == {key: limits}
    assert host.programs.calls()[1:] == [['setquota'] + words + ['/']]


def test_limits_fail(host):
    host.programs.answer('setquota', err='setquota: user x does not exist.\n', code=1)
    assert host.job('quota.set', '/', user='x') == (
        'ERROR: Unable to set desired quota. Error follows: \nsetquota: user x does not exist.', 1)
    assert host.job('quota.set', '/') == ('ERROR: A valid user or group was not found', 1)
    assert host.job('quota.set', '/', user='x', group='y') == (
        "ERROR executing 'quota.set': Please specify a user or group, not both.", 1)


def test_the_rest(host):
    host.programs.answer('quotastats', 'Kernel quota version: 6.5.1\nNumber of dquot lookups: 0\n\n')
    assert host.call('quota.stats') == {'Kernel quota version': '6.5.1', 'Number of dquot lookups': '0'}
    host.programs.answer('warnquota', code=3)
    assert host.job('quota.warn') == (None, 3)
    assert host.job('quota.on', '/') == host.job('quota.off', '/') == (True, 0)
    host.programs.answer('quotaon', MODE % ('off', 'on'), code=1)
    mode = {'/': {'device': '/dev/vda1', 'group': 'off', 'user': 'on'}}
    assert host.job('quota.get_mode', '/') == (mode, 1) and host.job('quota.on', '/') == (True, 1)
    host.programs.answer('quotaon', err='quotaon: not found or has no quota enabled.\n', code=1)
    assert host.job('quota.get_mode', '/x') == ({'/x': 'disabled'}, 1)


def test_it_is_not_there_without_the_program(host, monkeypatch):
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    assert host.job('quota.stats')[0].endswith('available on POSIX-like systems with the setquota binary available.')
    assert 'quota.mode' not in host.loader.apart({}).other('states').functions


class Quotas(object):
    """`__salt__` of the state: quotas of users are off, and on once they are turned on, if it works."""

    def __init__(self, works=True):
        self.word, self.works, self.calls = 'off', works, []

    def functions(self):
        return {'quota.report': None, 'quota.get_mode': self.get_mode, 'quota.on': lambda name: self.turn('on', name),
                'quota.off': lambda name: self.turn('off', name)}

    def get_mode(self, name):
        return {'/': {'device': '/dev/vda1', 'user': self.word}} if name in ('/', '/dev/vda1') else {name: 'disabled'}

    def turn(self, word, name):
        self.calls.append((word, name))
        self.word = word if self.works else self.word
        return True


def test_the_state(host):
    quotas = Quotas()

    def run(name, *args, **kwargs):
        return host.over(quotas.functions(), 'quota.mode', name, *args, **kwargs)
    assert run('/', False, 'user') == run('/', 'off', 'user', test=True) == (True, 'Quota for / already set to off', {})
    assert run('/dev/vda1', True, 'user', test=True) == (None, 'Quota for /dev/vda1 needs to be set to on', {})
    assert quotas.calls == []
    assert run('/', True, 'user') == (True, 'Set quota for / to on', {'quota': '/'})
    assert run('/', 'off', 'user') == (True, 'Set quota for / to off', {'quota': '/'})
    assert quotas.calls == [('on', '/'), ('off', '/')]
    assert run('/', True, 'group') == (False, 'There are no quotas of a group at /', {})
    assert run('/x', True, 'user') == (False, 'There are no quotas of a user at /x', {})
    assert run('/', 'junk', 'user') == (False, 'mode is either on or off, not junk', {})
    quotas.works = False
    assert run('/', True, 'user') == (False, 'Failed to set quota for / to on', {})
