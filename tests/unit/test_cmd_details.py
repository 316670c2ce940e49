"""cmd.* beyond the captured calls: what may run, what is logged, scripts and their files, terminals, chroot."""
from __future__ import absolute_import, division, print_function

import logging
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import threading

import pytest

from minion import compat
from minion.errors import CommandExecutionError, JobEnded, SaltException, SaltInvocationError
from minion.helpers import cmd_chroot, cmd_request, environment, processes, templating
from minion.running import RunningJobs
from tests.support.waiting import wait_until
from tests.unit.test_modules_cmd import make_loader

MASTER = {'__pub_jid': '20261123041652229848'}         # what a call from the master has and one of a module has not
SLACK = 5.0


@pytest.fixture
def cmd(tmpdir, monkeypatch):
    """cmd(name, ...) calls cmd.NAME; cmd.context is the job's, cmd.jobs notes process groups, cmd.opts the settings."""
    monkeypatch.setattr(tempfile, 'tempdir', str(tmpdir.mkdir('tmp')))
    loader = make_loader(str(tmpdir))

    def call(name, *args, **kwargs):
        return loader.functions['cmd.' + name](*args, **kwargs)
    call.context, call.opts, call.link = loader.context, loader.opts, loader.functions.plugin_of('cmd.run')._module
    call.jobs, call.temporary = call.link.__minion__.jobs, lambda: os.listdir(tempfile.tempdir)
    return call


# ---- shell or not

def test_calls_of_modules_are_not_read_by_a_shell(cmd):
    assert cmd('run', 'echo $HOME | cat') == '$HOME | cat'
    assert cmd('run', 'echo "a  b" c') == 'a  b c'
    assert cmd('run', ['echo', 'a b', 3]) == 'a b 3'


def test_calls_of_masters_are_read_by_a_shell(cmd):
    assert cmd('run', 'echo $((1 + 1)) | cat', **MASTER) == '2'
    assert cmd('run', 'echo $HOME', python_shell=False, **MASTER) == '$HOME'


def test_cmd_safe_off_makes_the_shell_the_default(cmd):
    cmd.opts['cmd_safe'] = False
    assert cmd('run', 'echo $((1 + 1))') == '2'


@pytest.mark.parametrize('value', [u'h\xe9', b'h\xc3\xa9'])
def test_text_beyond_ascii(value, cmd):
    for python_shell in (True, False):
        assert cmd('run', value.replace(value[:1], type(value)(b'echo h' if value[:1] == b'h' else u'echo h'), 1),
                   python_shell=python_shell) == compat.to_native(u'h\xe9')


def test_unclosed_quotes(cmd):
    with pytest.raises(SaltInvocationError) as caught:
        cmd('run', "echo 'a")
    assert 'cannot be split' in str(caught.value)


def test_a_host_without_bash(monkeypatch):
    monkeypatch.setattr(cmd_request, 'DEFAULT_SHELL', '/no/bash')
    assert cmd_request.usable_shell('/no/bash') == '/bin/sh'
    with pytest.raises(CommandExecutionError):
        cmd_request.usable_shell('/no/ksh')


# ---- arguments

@pytest.mark.parametrize('arguments, error', [
    ({'timeout': 'x'}, 'timeout x must be a number'), ({'timeout': -1}, 'timeout -1'), ({'timeout': [1]}, 'timeout'),
    ({'umask': 0}, 'Zero umask'), ({'umask': '8'}, "Invalid umask: '8'"), ({'umask': '0o27'}, 'Invalid umask'),
    ({'output_encoding': 'nosuch'}, 'output_encoding nosuch'), ({'success_retcodes': 'a'}, 'success_retcodes must be'),
    ({'env': {'A=B': 1}}, "'A=B'"), ({'cwd': 'etc'}, 'either not absolute'), ({'runas': 'nosuchuser'}, 'nosuchuser'),
    ({'shell': '/no/shell'}, '/no/shell'), ({'template': 'mako'}, 'unavailable engine mako'), ({'cmd': []}, 'empty'),
    ({'cmd': 'echo a\0b'}, 'NUL'),
])
def test_wrong_arguments_are_named(arguments, error, cmd):
    with pytest.raises((CommandExecutionError, SaltInvocationError)) as caught:
        cmd('run', **dict({'cmd': 'echo'}, **arguments))
    assert error in str(caught.value)


@pytest.mark.parametrize('arguments, expected', [
    ({'timeout': '20'}, 0), ({'success_retcodes': 3}, 0), ({'success_retcodes': '3,4'}, 0),
    ({'success_stdout': 'x,out'}, 0), ({'success_stdout': ['no']}, 3), ({'ignore_retcode': True}, 3),
    ({'umask': 27, 'cmd': 'test $(umask) = 0027'}, 0), ({'stdin': 12, 'cmd': 'test $(cat) = 12'}, 0),
    ({'prepend_path': '/opt/x', 'clean_env': True, 'cmd': 'case $PATH in /opt/x:/usr*) ;; *) false; esac'}, 0),
])
def test_arguments_in_every_form(arguments, expected, cmd):
    given = dict({'cmd': 'true' if 'timeout' in arguments else 'echo my output; exit 3'}, **arguments)
    assert cmd('retcode', **dict(given, **MASTER)) == expected


def test_a_command_line_can_pass_lines_as_stdin(cmd):
    assert cmd('run', 'cat', stdin='a\\nb\\t\nc') == 'a\nb\\t\nc'


def test_context_holds_the_last_retcode(cmd):
    cmd('run', 'false')
    assert cmd.context['retcode'] == 1
    cmd('run', 'false', ignore_retcode=True)
    assert cmd.context['retcode'] == 0


def test_process_groups_are_tied_to_the_job(cmd):
    pid = cmd('run_all', 'true')['pid']
    assert cmd.jobs.adopted == cmd.jobs.released == [pid]


def test_without_an_agent(cmd, monkeypatch):
    monkeypatch.setitem(vars(cmd.link), '__minion__', None)
    assert cmd('run', 'echo hi') == 'hi'


def test_time_limit_of_a_shown_fraction(cmd):
    assert cmd('run', 'sleep 300', timeout=0.2) == 'sleep 300 : Timed out after 0.2 seconds'
    assert cmd('run_all', ['sleep', '300'], timeout='0.2', hide_output=True)['stdout'] == ''


# ---- what may run

@pytest.mark.parametrize('settings, command, allowed', [
    ({'cmd_blacklist_glob': ['rm *']}, 'rm -rf x', False), ({'cmd_blacklist_glob': ['rm *']}, 'echo rm x', True),
    ({'cmd_blacklist_glob': 'rm *,echo *'}, 'echo x', False), ({'cmd_blacklist_glob': ['rm *']}, ['rm', 'x'], False),
    ({'cmd_whitelist_glob': ['echo *']}, 'echo x', True), ({'cmd_whitelist_glob': ['echo *']}, 'printf x', False),
    ({'cmd_whitelist_glob': ['echo *'], 'cmd_blacklist_glob': ['*;*']}, 'echo x; rm y', False),
])
def test_globs_of_commands(settings, command, allowed, cmd):
    cmd.opts.update(settings)
    if allowed:
        assert cmd('retcode', command) == 0
        return
    with pytest.raises(CommandExecutionError) as caught:
        cmd('retcode', command)
    assert re.match('The shell command ".*" is not permitted$', str(caught.value))


def test_output_limit(cmd):
    cmd.opts['cmd_output_limit'] = 1000
    assert len(cmd('run', 'head -c 1000 /dev/zero', rstrip=False)) == 1000
    with pytest.raises(CommandExecutionError) as caught:
        cmd('run', 'head -c 1001 /dev/zero')
    assert 'cmd_output_limit' in str(caught.value)
    cmd.opts['cmd_output_limit'] = '1k'
    with pytest.raises(SaltInvocationError):
        cmd('run', 'true')


# ---- what comes back

def test_undecodable_output_is_replaced_and_valid(cmd):
    output = cmd('run', ['printf', r'\355\240\200-\377-\303\251-\360\237\230\200'], rstrip=False)
    assert compat.to_bytes(output).decode('utf-8') == u'\ufffd\ufffd\ufffd-\ufffd-\xe9-\U0001f600'


def test_all_bytes_in_another_encoding(cmd, tmpdir):
    data = bytes(bytearray(range(1, 256)))
    tmpdir.join('all').write_binary(data)
    output = cmd('run', ['cat', str(tmpdir.join('all'))], output_encoding='latin-1', rstrip=False)
    assert compat.to_bytes(output).decode('utf-8') == data.decode('latin-1')


# ---- what is logged

def test_arguments_and_output_are_no_log_lines_where_told(cmd, caplog):
    caplog.set_level(1)
    for arguments in ({'output_loglevel': 'quiet'}, {'hide_output': True}):
        arguments.update(MASTER)
        cmd('run', 'echo marker; echo marker >&2; exit 1', stdin='marker', env={'A': 'marker'}, **arguments)
        cmd('run', 'sleep 300; echo marker', timeout=0.2, **arguments)
    assert 'marker' not in caplog.text
    assert 'echo failed with return code 1' in caplog.text


def test_output_is_logged_at_its_level(cmd, caplog):
    caplog.set_level(logging.INFO)
    cmd('run', 'echo marker')
    assert 'marker' not in caplog.text
    cmd('run', 'echo marker', output_loglevel='info', log_callback=lambda output: output.replace('k', '*'))
    assert 'echo: stdout: mar*er' in caplog.text


def test_hidden_arguments_of_a_program_that_is_missing(cmd):
    with pytest.raises(CommandExecutionError) as caught:
        cmd('run', 'nosuchprogram marker', hide_output=True)
    assert 'marker' not in str(caught.value) and 'nosuchprogram' in str(caught.value)


# ---- scripts and code

@pytest.fixture
def script(tmpdir):
    path = tmpdir.join('it is.sh')
    path.write('#!/bin/sh\necho "$1,$2"; pwd; ls -ld "$0" | cut -c1-10\n')
    return str(path)


@pytest.mark.parametrize('args, shown', [
    (None, ','), ('a b', 'a,b'), (['a b', "c'd"], "a b,c'd"), ('"a b" $((1+1))', 'a b,2'), (5, '5,'),
])
def test_script(args, shown, script, cmd):
    for source in (script, 'file://' + script):
        reply = cmd('script', source, args, cwd='/', **MASTER)
        assert reply['stdout'] == shown + '\n/\n-r-x------'
    assert cmd.temporary() == []


def test_script_in_the_background_is_kept_until_it_ran(script, cmd, tmpdir):
    out = tmpdir.join('out')
    reply = cmd('script', script, 'a b > %s' % out, bg=True)
    assert reply['pid'] > 1 and reply['retcode'] is None
    wait_until(lambda: out.check() and out.read().startswith('a,b\n'), SLACK, 'output of the script')
    wait_until(lambda: not cmd.temporary(), SLACK, 'removal of the script')


def test_script_that_fails_to_start_is_removed(script, cmd):
    for arguments in ({'cwd': '/no/such'}, {'bg': True, 'shell': '/no/shell'}):
        with pytest.raises(CommandExecutionError):
            cmd('script', script, **arguments)
    assert cmd.temporary() == []


def test_script_with_marks_of_a_template(script, cmd, monkeypatch):
    with open(script, 'a') as stream:
        stream.write('echo {{ grains.id }}\n')
    assert cmd('script', script)['retcode'] == 0
    monkeypatch.setitem(sys.modules, 'jinja2', None)
    with pytest.raises(SaltException) as caught:
        cmd('script_retcode', script)
    assert 'Jinja2 is not installed' in str(caught.value)


@pytest.mark.parametrize('source', ['/etc', 'file:///no/such', '/no/such'])
def test_script_that_is_not_there(source, cmd):
    assert cmd('script', source)['cache_error'] is True


def test_script_without_a_file_client(cmd, monkeypatch):
    monkeypatch.setitem(vars(cmd.link), '__salt__', {})
    with pytest.raises(CommandExecutionError) as caught:
        cmd('script', 'salt://script.sh')
    assert 'cp.cache_file' in str(caught.value)


def test_code(cmd):
    assert cmd('exec_code', 'sh', 'echo "$1,$2"; pwd', '/', ['a b', 'c']) == 'a b,c\n/'
    assert cmd('exec_code', 'sh', 'echo "$1,$2"', args='a b') == 'a b,'
    assert cmd.temporary() == []


def test_templates():
    assert templating.render('a {b} %', 'jinja', None) == 'a {b} %'
    assert templating.render('{{ a }}', None, None) == '{{ a }}'


# ---- the rest

def test_a_terminal_is_written_to(cmd):
    ours, theirs = pty.openpty()
    try:
        name = os.ttyname(theirs).replace('/dev/', '')
        assert cmd('tty', name, 'hello') == {'Success': 'Message was successfully echoed to /dev/' + name}
        assert os.read(ours, 100) == b'hello'
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize('device', ['pts/99999', 'ttyNOSUCH', 'pts'])
def test_what_is_no_terminal_is_not_written_to(device, cmd):
    assert 'Error' in cmd('tty', device, 'x')


@pytest.mark.parametrize('device', ['tty/../../tmp/x', 'null', '', None, 'pts/../null', 'tty\0'])
def test_what_is_no_name_of_a_terminal(device, cmd):
    assert cmd('tty', device, 'x') == {'Error': 'The specified device is not a valid TTY'}


def test_background_pid(cmd):
    pid = cmd('run_bg', 'sleep 300')['pid']
    assert processes.look(pid).name == 'sleep'
    assert cmd.jobs.adopted == [] and 'retcode' not in cmd.context
    os.kill(pid, 9)


@pytest.mark.parametrize('shell', ['perl', 'nosuch', u'bash'])
def test_shell_info_never_raises(shell, cmd):
    assert 'installed' in cmd('shell_info', shell)


@pytest.fixture
def root(tmpdir):
    """A folder with three programs and an empty proc. No dev: it would be the host's own."""
    if os.geteuid() != 0:
        pytest.skip('mounts')
    inside = tmpdir.mkdir('root')
    for name in ('proc', 'bin', 'tmp'):
        inside.mkdir(name)
    for program in ('/bin/sh', environment.which('sleep'), environment.which('setsid')):
        shutil.copy(program, str(inside.join('bin')))
        listed = subprocess.Popen(['ldd', program], stdout=subprocess.PIPE).communicate()[0].decode('ascii')
        for library in re.findall(r'(/\S+)', listed):
            target = str(inside) + library
            if not os.path.isdir(os.path.dirname(target)):
                os.makedirs(os.path.dirname(target))
            shutil.copy(library, target)
    yield str(inside)
    assert not [line for line in open('/proc/mounts').read().splitlines() if str(inside) in line]


def test_chroot(root, cmd, tmpdir):
    shared = tmpdir.mkdir('shared')
    shared.join('note').write('from outside')
    earlier = subprocess.Popen(['chroot', root, 'sleep', '300'])
    try:
        wait_until(lambda: processes.rooted(root), SLACK, 'start of the earlier process')
        script = 'setsid -f sleep 300; read a < note; echo "$a"; echo /proc/1/sta? >&2; exit 3'
        reply = cmd('run_chroot', root, script, cwd=str(shared), binds=[str(shared)])
        assert (reply['retcode'], reply['stdout'], reply['stderr']) == (3, 'from outside', '/proc/1/stat')
        assert [process.pid for process in processes.rooted(root)] == [earlier.pid]
    finally:
        earlier.kill()
        earlier.wait()


@pytest.mark.parametrize('root', ['/', '//', '/../', '/no/such'])
def test_chroot_without_a_root_of_its_own_ends_and_mounts_nothing(root, monkeypatch):
    done = []
    monkeypatch.setattr(processes, 'signal_one', lambda pid, signum: done.append(pid))
    monkeypatch.setattr(cmd_chroot, '_run', lambda words: done.append(words))
    with cmd_chroot.prepared(root, ['/tmp']):
        pass
    assert done == []
    assert processes.rooted('/') == []


# ---- ending a job

@pytest.mark.parametrize('signum', [15, 9])
def test_a_job_that_is_killed_takes_its_commands_with_it(signum, tmpdir):
    running = RunningJobs(str(tmpdir.mkdir('proc')))
    loader = make_loader(str(tmpdir))
    loader.functions.plugin_of('cmd.run')._module.__minion__.jobs = running
    pids, ended = tmpdir.join('pids'), []
    pids.write('')

    def work():
        running.begin({'jid': '1', 'fun': 'cmd.run'})
        try:
            loader.functions['cmd.run']('sleep 300 & echo $$ $! > %s; wait' % pids, python_shell=True)
        except JobEnded:
            ended.append(running.leave('1'))
    thread = threading.Thread(target=work)
    thread.start()
    try:
        started = wait_until(lambda: pids.read().split(), SLACK, 'start of the command')
    finally:
        assert running.signal('1', signum)
    thread.join(10)
    assert ended == [signum]
    wait_until(lambda: not [pid for pid in started if _lives(pid)], SLACK, 'end of the command')


def _lives(pid):
    found = processes.look(pid)
    return found is not None and found.state not in processes.DEAD
