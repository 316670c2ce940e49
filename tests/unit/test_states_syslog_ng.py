"""syslog_ng.* states, with programs that only note their calls."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support import hoststates

SOURCE = 'source s {\n    file(\n        "/a"\n    );\n};\n'
NOTHING = {'new': '', 'old': ''}


@pytest.fixture
def run(tmpdir, monkeypatch):
    """run(state, ...): (result, comment, changes) of a state in a run that has set the file; run.conf: it."""
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)

    def state(name, *args, **kwargs):
        world = host.loader.apart({'test': kwargs.pop('test', False)})
        world.functions['syslog_ng.set_config_file'](str(state.conf))
        if 'pids' in kwargs:
            pids = kwargs.pop('pids')
            world.functions['syslog_ng.stop'].__globals__['__salt__'] = {
                'ps.pgrep': lambda name: pids, 'ps.pkill': lambda name: {'killed': pids}}
        told = world.other('states').functions['syslog_ng.' + name](*args, **kwargs)
        assert sorted(told) == ['changes', 'comment', 'name', 'result'] and told['name'] == args[0]
        return told['result'], told['comment'], told['changes']
    state.conf, state.programs = tmpdir.join('syslog-ng.conf'), host.programs
    host.programs.add('syslog-ng', 'syslog-ng-ctl')
    return state


def test_configuration(run):
    config = [{'file': '"/a"'}]
    assert run('config', 'source.s', config, test=True) == (
        None, "State syslog_ng will write '%s' into %s" % (SOURCE, run.conf), NOTHING)
    assert not run.conf.check()
    assert run('config', 'source.s', config, False) == (False, '', {'new': SOURCE, 'old': ''})
    assert not run.conf.check()
    assert run('config', 's', {'source': config}) == (True, '', {'new': SOURCE, 'old': ''})
    assert run.conf.read() == SOURCE + '\n\n'


def test_started(run):
    command = ['syslog-ng', '--user=u', '--debug', '--cfgfile=%s' % run.conf, '--worker-threads=3']
    kwargs = {'user': 'u', 'debug': True, 'worker_threads': 3}
    assert run('started', 'x', test=True, **kwargs) == (
        None, 'Syslog_ng state module will start %s' % command, NOTHING)
    assert run.programs.calls() == []
    assert run('started', 'x', **kwargs) == (True, '', {'new': ' '.join(command), 'old': ''})
    assert run.programs.calls() == [command]


def test_stopped(run):
    assert run('stopped', 'x', pids=[5], test=True) == (None, 'Syslog_ng state module will kill [5] pids', NOTHING)
    assert run('stopped', 'x', pids=[5]) == (True, '', {'new': [], 'old': [5]})
    assert run('stopped', 'x', pids=None) == (False, 'Syslog-ng is not running', NOTHING)


def test_reloaded(run):
    run.programs.answer('syslog-ng-ctl', 'Config reload successful\n')
    assert run('reloaded', 'x', test=True) == (None, 'Syslog-ng would be reloaded', NOTHING)
    assert run.programs.calls() == []
    assert run('reloaded', 'x') == (True, 'Config reload successful', NOTHING)
    assert run.programs.calls() == [['syslog-ng-ctl', 'reload']]
