"""supervisord.* states, with a supervisorctl that only notes its calls and prints what a test wrote for it."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support import hoststates

STATUS = '''web                              RUNNING   pid 123, uptime 0:10:00
halt                             STOPPED   Nov 20 10:00 AM
broken                           FATAL     Exited too quickly (process log may have details)
soon                             STARTING
all:a                            RUNNING   pid 7, uptime 0:01:00
all:b                            RUNNING   pid 9, uptime 0:01:00
some:a                           RUNNING   pid 7, uptime 0:01:00
some:b                           STOPPED   Not started
none:a                           STOPPED   Not started
none:b                           EXITED    Nov 20 10:00 AM
'''


@pytest.fixture
def supervisor(tmpdir, monkeypatch):
    """supervisor(state, ...) -> (result, comment, changes); supervisor.calls(): what was done, without the looking."""
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)
    host.programs.answer('supervisorctl', 'done\n')
    host.programs.answer('supervisorctl status', STATUS)

    def run(name, *args, **kwargs):
        ret = host.state('supervisord.' + name, *args, **kwargs)
        run.name = ret['name']
        return ret['result'], ret['comment'], ret['changes']
    run.answer = host.programs.answer
    run.calls = lambda: [call[1:] for call in host.programs.calls() if call[1:] != ['status']]
    return run


@pytest.mark.parametrize('name, kwargs, comment, call', [
    ('web', {}, 'Not starting already running service: web', None),
    ('soon', {}, 'Not starting already running service: soon', None),
    ('web', {'restart': True}, 'Restarting service: web', ['restart', 'web']),
    ('halt', {}, 'Starting service: halt', ['start', 'halt']),
    ('halt', {'restart': True}, 'Starting service: halt', ['start', 'halt']),
    ('all:*', {}, 'Not starting already running group: all:', None),
    ('all:*', {'restart': True}, 'Restarting group: all:', ['restart', 'all:']),
    ('some:*', {'restart': True}, 'Starting group: some:', ['start', 'some:']),
    ('some:b', {}, 'Starting service: some:b', ['start', 'some:b']),
])
def test_running(supervisor, name, kwargs, comment, call):
    shown = name.replace('*', '')
    assert supervisor('running', name, **kwargs) == (True, comment, {shown: comment} if call else {})
    assert supervisor.calls() == ([call] if call else [])
    assert supervisor.name == shown


def test_a_new_program(supervisor):
    assert supervisor('running', 'new') == (True, 'Starting: new', {'new': 'Adding service: new Starting: new'})
    assert supervisor.calls() == [['reread'], ['add', 'new'], ['start', 'new']]
    assert supervisor('running', 'new:*')[2] == {'new:': 'Adding service: new: Starting: new:'}
    assert supervisor.calls() == [['reread'], ['add', 'new'], ['start', 'new:']]
    assert supervisor('running', 'new', update=True) == (True, 'Starting: new', {'new': 'Starting: new'})
    assert supervisor.calls() == [['update'], ['start', 'new']]
    supervisor.answer('supervisorctl add', 'ERROR: no such process/group: new\n')
    assert supervisor('running', 'new') == (False, 'ERROR: no such process/group: new', {})
    supervisor.answer('supervisorctl add', 'ERROR: process group already active\n')
    assert supervisor('running', 'new')[0] is True


def test_new_configuration(supervisor):
    supervisor.answer('supervisorctl update', 'web: stopped\nweb: updated process group\nhalt: changed\n')
    assert supervisor('running', 'web', update=True) == (True, 'Updating supervisor', {'web': 'Updating supervisor'})
    assert supervisor('running', 'halt', update=True)[1] == 'Starting service: halt'
    assert supervisor('running', 'all:a', update=True)[1] == 'Not starting already running service: all:a'
    assert supervisor.calls() == [['update'], ['update'], ['start', 'halt'], ['update']]


def test_starting_fails(supervisor):
    supervisor.answer('supervisorctl start', 'broken: ERROR (spawn error)\n', code=7)
    assert supervisor('running', 'broken') == (False, 'broken: ERROR (spawn error)', {})
    supervisor.answer('supervisorctl start', 'halt: ERROR (already started)\n')
    assert supervisor('running', 'halt')[0] is True
    supervisor.answer('supervisorctl start', err="error: <class 'ConnectionRefusedError'>\n", code=1)
    assert supervisor('running', 'halt') == (False, "error: <class 'ConnectionRefusedError'>", {})


def test_the_daemon_does_not_run(supervisor):
    text = 'unix:///var/run/supervisor.sock no such file'
    supervisor.answer('supervisorctl status', text + '\n', code=4)
    for state in ('running', 'dead'):
        assert supervisor(state, 'web') == (False, text, {})
    supervisor.answer('supervisorctl status', '')
    assert supervisor('running', 'web')[1] == 'Starting: web'


@pytest.mark.parametrize('name, kwargs, result, comment', [
    ('web', {}, True, 'Service web is already running'),
    ('web', {'restart': True}, None, 'Service web will be restarted'),
    ('halt', {}, None, 'Service halt will be started'),
    ('new', {'update': True}, None, 'Service new will be added and started'),
    ('all:*', {}, True, "All services in group 'all:' are already running"),
    ('some:*', {}, None, 'The following services will be started: some:b'),
    ('none:*', {}, None, "All services in group 'none:' will be started"),
    ('new:*', {}, None, "Group 'new:' will be added and started"),
])
def test_what_would_be_started(supervisor, name, kwargs, result, comment):
    assert supervisor('running', name, test=True, **kwargs) == (result, comment, {})
    assert supervisor.calls() == []


def test_dead(supervisor):
    assert supervisor('dead', 'web', test=True) == (None, 'Service web is set to be stopped', {})
    assert supervisor('dead', 'halt', test=True) == (True, 'Service halt is not running', {})
    assert supervisor.calls() == []
    assert supervisor('dead', 'web') == (True, 'Stopping service: web', {'web': 'Stopping service: web'})
    assert supervisor('dead', 'some:*')[2] == {'some:*': 'Stopping service: some:*'}
    assert supervisor('dead', 'none:*') == (True, 'Service none:* is not running', {})
    assert supervisor('dead', 'new') == (True, "Service new doesn't exist", {})
    assert supervisor.calls() == [['stop', 'web'], ['stop', 'some:*']]
    supervisor.answer('supervisorctl stop', 'web: ERROR (not running)\n')
    assert supervisor('dead', 'web')[0] is True
    supervisor.answer('supervisorctl stop', 'web: ERROR (cannot)\n')
    assert supervisor('dead', 'web') == (False, 'web: ERROR (cannot)', {})


def test_watching(supervisor):
    comment = 'Restarting service: web'
    assert supervisor('mod_watch', 'web', sfun='running') == (True, comment, {'web': comment})
    assert supervisor('mod_watch', 'web', restart=False)[2] == {}
    assert supervisor.calls() == [['restart', 'web']]


def test_another_program_and_configuration(supervisor, tmpdir):
    folder = tmpdir.mkdir('env')
    assert supervisor('running', 'web', bin_env=str(folder)) == (False, 'Could not find a `supervisorctl` binary', {})
    supervisor.answer('supervisorctl -c', STATUS)
    assert supervisor('running', 'halt', conf_file='/etc/s.conf')[0] is True
    assert supervisor.calls() == [['-c', '/etc/s.conf', 'status'], ['-c', '/etc/s.conf', 'start', 'halt']]
