"""monit.*, with a program that only prints what monit prints."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import environment
from tests.support import hostmodules

OLD = "The Monit daemon 5.17 uptime: 2m\n\nProcess 'tomcat'                    Running\nFilesystem 'data fs'   Accessible\n"
NEW = '''Monit 5.27.2 uptime: 1d 2h
 Service Name                     Status                      Type
 web                              OK                          Process
 api                              Not monitored               Remote Host
'''
STATUS = '''Monit 5.27.2 uptime: 1d 2h

Process 'nginx'
  status                       OK
  data collected               Thu, 26 Nov 2026 16:00:00

Remote Host 'api'
  status                       Online

System 'host.name'
  load average                 [0.00] [0.01] [0.05]

'''


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    host.programs.answer('monit')
    return host


@pytest.mark.parametrize('name', ['start', 'stop', 'restart', 'unmonitor', 'monitor'])
def test_services(host, name):
    assert host.job('monit.' + name, 'web') == (True, 0)
    assert host.programs.calls() == [['monit', name, 'web']]
    host.programs.answer('monit %s' % name, err='There is no service named "web"\n', code=1)
    assert host.job('monit.' + name, 'web') == (False, 1)


def test_the_daemon(host):
    assert host.call('monit.reload') is True and host.call('monit.validate') is True
    assert host.programs.calls() == [['monit', 'reload'], ['monit', 'validate']]
    host.programs.answer('monit -V', 'This is Monit version 5.27.2\nBuilt with ssl\n')
    assert host.call('monit.version') == '5.27.2'
    host.programs.answer('monit -t', 'Control file syntax OK\n')
    assert host.job('monit.configtest') == (
        {'result': True, 'comment': 'Syntax OK', 'stdout': 'Control file syntax OK'}, 0)
    host.programs.answer('monit -t', err='monitrc:1: syntax error\n', code=1)
    assert host.job('monit.configtest') == (
        {'result': False, 'comment': 'Syntax Error', 'stderr': 'monitrc:1: syntax error'}, 1)


def test_summary(host):
    host.programs.answer('monit summary', OLD)
    assert host.call('monit.summary') == {'Process': {'tomcat': 'Running'}, 'Filesystem': {'data fs': 'Accessible'}}
    assert host.call('monit.summary', 'tomcat') == {'Process': {'tomcat': 'Running'}}
    host.programs.answer('monit summary', NEW)
    assert host.call('monit.summary') == {'Process': {'web': 'OK'}, 'Remote Host': {'api': 'Not monitored'}}
    assert host.call('monit.summary', 'nosuch') == {}


def test_status(host):
    host.programs.answer('monit status', STATUS)
    nginx = {'Process': 'nginx', 'status': 'OK', 'data collected': 'Thu, 26 Nov 2026 16:00:00'}
    assert host.call('monit.status') == {
        'nginx': nginx, 'api': {'Remote Host': 'api', 'status': 'Online'},
        'host.name': {'System': 'host.name', 'load average': '[0.00] [0.01] [0.05]'}}
    assert host.call('monit.status', 'nginx') == nginx
    assert host.call('monit.status', 'nosuch') == 'No such service'


def test_id(host):
    host.programs.add('monit', stdin=True)
    host.programs.answer('monit -i', 'Monit id: d3b1aba4\n')
    host.programs.answer('monit -r', 'Reset Monit Id? [y/n]\nMonit id abc\n')
    assert host.call('monit.id') == 'd3b1aba4'
    assert host.call('monit.id', reset=True) == 'abc'
    assert host.programs.given('monit') == 'y'
    host.programs.answer('monit -i', err='monit: cannot\n', code=1)
    assert host.job('monit.id') == ('ERROR: monit tells no id: monit: cannot', 1)


def test_it_is_not_there_without_the_program(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    assert host.job('monit.version') == (
        "'monit' __virtual__ returned False: "
        'The monit execution module cannot be loaded: the monit binary is not in the path.', 1)
