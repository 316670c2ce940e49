# -*- coding: utf-8 -*-
"""The command line as users meet it: a process, its exit code, what it prints; and what surrounds a running minion."""
from __future__ import absolute_import, division, print_function

import os
import pwd
import signal
import stat
import subprocess
import sys

import hypothesis
import hypothesis.strategies as some
import pytest

from minion import cli, compat, options, versions
from tests.support import fuzz, leaks
from tests.support.waiting import wait_until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = [sys.executable, os.path.join(ROOT, 'bin', 'minion')]
STUB = [sys.executable, os.path.join(ROOT, 'tests', 'support', 'stubagent.py')]
LIVE = 20                                                    # seconds that anything may take on a busy machine
as_root = pytest.mark.skipif(os.geteuid() != 0, reason='only root changes accounts')


class Home(object):
    """A configuration folder and a root_dir of a test's own."""

    def __init__(self, tmpdir):
        self.etc, self.root = tmpdir.mkdir('etc'), tmpdir.join('root')
        self.environment = dict((name, value) for name, value in os.environ.items() if not name.startswith('SALT_'))
        self.environment['HOME'] = str(tmpdir)
        self.processes = []
        self.log = self.root.join('var', 'log', 'salt', 'minion')
        self.pidfile = self.root.join('var', 'run', 'salt-minion.pid')
        self.seen = self.root.join('var', 'cache', 'salt', 'minion', 'seen')
        self.config(u'')

    def config(self, text, name='minion'):
        """Write a file: settings of the test, then those that keep it in its folder."""
        data = text if isinstance(text, bytes) else (text + u'root_dir: %s\n' % self.root).encode('utf-8')
        self.etc.join(name).write_binary(data, ensure=True)

    def run(self, *words, **more):
        """(exit code, stdout, stderr) of bin/minion, or of `program`."""
        process = self.start(*words, **more)
        out, err = process.communicate()
        return process.returncode, compat.to_native(out), compat.to_native(err)

    def start(self, *words, **more):
        command = more.get('program', PROGRAM) + list(words)
        process = subprocess.Popen(command, env=dict(self.environment, **more.get('env', {})), cwd=str(self.etc),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, close_fds=True)
        self.processes.append(process)
        return process

    def clean_up(self):
        """End what a failed test left, the one in the background too."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.communicate()
        pid = int(self.pidfile.read() or 0) if self.pidfile.check() else 0
        if pid and os.path.exists('/proc/%d' % pid):
            with open('/proc/%d/cmdline' % pid, 'rb') as stream:
                if str(self.etc).encode('ascii') in stream.read():
                    os.kill(pid, signal.SIGKILL)

    def serve(self, how='wait', *words, **more):
        """run() of the stub with this configuration."""
        return self.run(how, '-c', str(self.etc), *words, program=STUB, **more)

    def started(self, *words):
        """The process of a stub that waits, once it does."""
        process = self.start('wait', '-c', str(self.etc), *words, program=STUB)
        wait_until(lambda: self.pid(), LIVE, 'pid file')
        return process

    def pid(self):
        """What the pid file says, once the minion works; None."""
        return int(self.pidfile.read()) if self.pidfile.check() and self.seen.check() else None

    def end(self, process, number=signal.SIGTERM):
        """Send a signal; the exit code."""
        process.send_signal(number)
        out, err = process.communicate()
        assert b'Traceback' not in out + err
        return process.returncode


@pytest.fixture
def home(tmpdir):
    found = Home(tmpdir)
    yield found
    found.clean_up()


def one_line(outcome, code, *words):
    """Nothing on standard output, one line on standard error with `words`, that exit code."""
    assert outcome[1] == '' and outcome[0] == code, outcome
    assert len(outcome[2].splitlines()) == 1 and outcome[2].startswith('minion: '), outcome[2]
    for word in words:
        assert word in outcome[2], outcome[2]
    return True


# ---- words

@pytest.mark.parametrize('words, expected', [
    (['--nosuch'], 'no such option: --nosuch'), (['-l', 'bogus'], 'bogus'), (['--log-file-level', 'x'], "'x'"),
    (['-c'], '-c'), (['nosuchcommand'], 'nosuchcommand'), (['--pid-file'], '--pid-file')])
def test_a_wrong_word_is_told_with_the_usage(home, words, expected):
    code, out, err = home.run(*words)
    assert code == 64 and out == ''
    assert err.startswith('Usage: minion ') and err.splitlines()[-1].startswith('minion: error: ')
    assert expected.strip("'") in err.splitlines()[-1]


@pytest.mark.parametrize('locale', ['C', 'POSIX', 'de_DE.ISO-8859-1', 'C.UTF-8', ''])
def test_it_works_in_any_locale(home, locale):
    env = {'LC_ALL': locale, 'LANG': locale, 'PYTHONCOERCECLOCALE': '0'}
    assert home.run('--version', env=env)[:2] == (0, versions.version() + '\n')
    code, out, _ = home.run('--help', env=env)
    assert code == 0 and '--config-dir' in out and 'demo' in out and '--disable-keepalive' in out
    home.config(u'id: h\xe9/x\n')
    one_line(home.run('-c', str(home.etc), env=env), 78, 'id: the id ', 'contains a slash')


def test_the_report_of_versions(home):
    code, out, err = home.run('-V')
    assert code == 0 and err == '' and out == home.run('--versions-report')[1]
    for name in ('minion', 'Python', 'pyzmq', 'libzmq', 'rsa', 'PyYAML', 'click', 'msgpack', 'AES', 'system'):
        assert ' %s: ' % name in out
    assert 'pkg_resources' not in modules_of('-V')


def modules_of(*words):
    """Names of the modules that are loaded at the end of a command."""
    script = ('import sys; sys.path.insert(0, %r); from minion.cli import main; code = main(%r); '
              'sys.stderr.write(" ".join(sys.modules))') % (ROOT, list(words))
    return compat.to_native(subprocess.Popen([sys.executable, '-c', script], stdout=subprocess.PIPE,
                                             stderr=subprocess.PIPE).communicate()[1]).split()


def test_nothing_large_is_loaded_for_a_small_question():
    loaded = set(modules_of('--version'))
    assert not loaded & set(['zmq', 'yaml', 'rsa', 'msgpack', 'minion.agent', 'logging.handlers', 'pkg_resources'])


# ---- what is wrong before anything starts: one line that names file and key

BAD = [
    (b'master: [unclosed\nid: x\n', ['etc/minion: line 2: not valid YAML: ']),
    (b'master: a\n\tx: 1\n', ['etc/minion: line 2: not valid YAML: ']),
    (b'id: a\nid: b\n', ['etc/minion: line 2: not valid YAML: the key id stands twice']),
    (b'- a\n- b\n', ['etc/minion: holds a list where a mapping']),
    (b'\0' * 300, ['etc/minion: line 1: NUL bytes: the file is damaged']),
    (b'id: \xe4\n', ['etc/minion: line 1: not UTF-8']),
    (b'a: !!python/object/apply:os.getpid []\n', ['etc/minion: line 1: not valid YAML: could not determine']),
    (u'master_port: abc\n', ["etc/minion: master_port: 'abc' should be a whole number from 1 to 65535"]),
    (u'auth_timeout: [1]\n', ['etc/minion: auth_timeout: [1] should be a number']),
    (u'log_level: loud\n', ["etc/minion: log_level: 'loud' should be one of all, "]),
    (u'master: ""\n', ['etc/minion: master: needs the address of a master']),
    (u'master: "a:b"\n', ["etc/minion: master: the address 'a:b' has a port that should be"]),
    (u'multiprocessing: perhaps\n', ['etc/minion: multiprocessing: ']),
    (u'id: a/b\n', ["etc/minion: id: the id 'a/b' contains a slash"]),
    (u'id: ../../x\n', ['etc/minion: id: the id ']), (u'id: "a\\x07b"\n', ['etc/minion: id: the id ', 'control']),
    (u'id: .hidden\n', ['etc/minion: id: the id ']), (u'id: [x]\n', ['etc/minion: id: ', 'should be a text']),
    (u'id: %s\n' % (u'x' * 300), ['etc/minion: id: the id ', 'longer than 253 bytes']),
    (u'id_function: some.thing\n', ["etc/minion: id_function: some.thing: 'some.thing' is not available."]),
    (u'id_function: {test.exception: {}}\n', ['etc/minion: id_function: test.exception: ']),
    (u'log_fmt_console: "%(nosuch)s"\n', ['etc/minion: log_fmt_console: ']),
    (u'cachedir: /dev/null/x\n', ['cachedir: the folder ', '/dev/null/x cannot be made']),
]


@pytest.mark.parametrize('data, words', BAD)
@pytest.mark.parametrize('mode', [[], ['-d'], ['-l', 'debug']])
def test_a_bad_configuration(home, data, words, mode):
    if b'/dev/null' in compat.to_bytes(data):
        data = compat.to_bytes(data)                         # without a root_dir in front of it
        data += ('id: x\nlog_file: /dev/null\npki_dir: %s\npidfile: %s\n' % (home.root, home.root.join('p'))).encode('ascii')
    home.config(data)
    code, out, err = home.run('-c', str(home.etc), *mode)
    if mode == ['-l', 'debug']:                              # the log may say more, but the last line is still the one
        err = err.splitlines(True)[-1]
    one_line((code, out, err), 78, *words)


@pytest.mark.parametrize('mode', [[], ['-d']])
def test_a_file_that_cannot_be_read(home, mode):
    home.etc.join('minion').remove()
    home.etc.mkdir('minion')
    one_line(home.run('-c', str(home.etc), *mode), 78, str(home.etc.join('minion')), 'cannot be read')


@pytest.mark.skipif(os.geteuid() == 0, reason='root reads everything')
def test_a_file_that_we_may_not_read(home):
    home.etc.join('minion').chmod(0)
    one_line(home.run('-c', str(home.etc)), 78, str(home.etc.join('minion')), 'Permission denied')


@as_root
def test_a_file_that_the_account_may_not_read(home, tmpdir):
    """The libraries are loaded before the change: that account need not be able to read where they lie."""
    home.etc.join('minion').chmod(0o600)
    script = ('import os, sys; sys.path.insert(0, %r)\nimport click, difflib, locale, yaml\n'
              'from minion import agent, apart, cli, config, identity, logs, prepare, process\n'
              'os.setgid(65534); os.setuid(65534)\nsys.exit(cli.main(["-c", %r]))') % (ROOT, str(home.etc))
    for folder in [home.etc] + home.etc.parts()[1:]:
        folder.chmod(folder.stat().mode & 0o7777 | 0o011)
    outcome = home.run('-c', script, program=[sys.executable])
    one_line(outcome, 78, str(home.etc.join('minion')), 'Permission denied')


def test_a_broken_file_in_minion_d(home):
    home.config(b'master: [\n', 'minion.d/x.conf')
    one_line(home.run('-c', str(home.etc)), 78, 'minion.d/x.conf: line ')


def test_an_id_from_the_cache(home):
    home.root.join('etc', 'salt', 'minion_id').write('a/b', ensure=True)
    one_line(home.run('-c', str(home.etc)), 78, "etc/salt/minion_id: the id 'a/b' contains a slash")


@pytest.mark.parametrize('mode', [[], ['-d']])
def test_an_unknown_account(home, mode):
    home.config(u'user: no-such-account\nid: x\n')
    one_line(home.run('-c', str(home.etc), *mode), 67, 'no-such-account', 'The user is not available.')


@as_root
@pytest.mark.parametrize('mode', [[], ['-d']])
def test_a_configuration_that_others_may_write(home, mode):
    home.config(u'id: x\n')
    home.etc.join('minion').chmod(0o666)
    one_line(home.run('-c', str(home.etc), *mode), 77, str(home.etc.join('minion')), 'chmod')
    assert '][ERROR   ]' in home.log.read() and 'can be written by others' in home.log.read()


def test_a_wrong_word_of_the_command_line(home):
    one_line(home.run('-c', str(home.etc), '-u', 'no-such-account'), 67, 'no-such-account')


# ---- a running minion

def test_a_function_gives_the_id(home):
    home.config(u'id_function: {test.echo: {text: from-function}}\nlog_level_logfile: info\n')
    one_line(home.serve('MasterUnusable'), 69)
    assert 'starting as from-function (id from %s: id_function)' % home.etc.join('minion') in home.log.read()


@as_root
def test_a_function_that_others_could_have_written_is_not_called(home, tmpdir):
    home.config(u'id_function: {mine.name: {}}\nmodule_dirs: [%s]\n' % tmpdir.mkdir('modules'))
    tmpdir.join('modules', 'mine.py').write('def name():\n    open(%r, "w").close()\n' % str(tmpdir.join('called')))
    tmpdir.join('modules').chmod(0o777)
    one_line(home.run('-c', str(home.etc)), 77, str(tmpdir.join('modules')))
    assert not tmpdir.join('called').check()


def test_it_serves_until_told_to_stop(home):
    home.config(u'id: web1\nlog_level_logfile: info\n')
    process = home.started()
    assert home.pid() == process.pid
    assert stat.S_IMODE(home.pidfile.stat().mode) == 0o644
    assert home.seen.read().startswith('web1 ')
    assert home.end(process) == 0
    assert not home.pidfile.check() and 'starting as web1' in home.log.read()


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_with_zero(home, number):
    home.config(u'id: web1\n')
    assert home.end(home.started(), number) == 0


def test_a_signal_during_the_imports_waits_for_their_end(home):
    """Nothing may be raised in the middle of an import: pyzmq's ends the process with SIGSEGV then."""
    home.config(u'id: web1\n')
    assert home.serve('early')[:2] == (0, '')
    assert home.root.join('var', 'cache', 'salt', 'minion', 'made').check() and not home.pidfile.check()


def test_other_signals_do_not(home):
    home.config(u'id: web1\n')
    process = home.started()
    for number in (signal.SIGUSR2, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1):
        process.send_signal(number)
    wait_until(lambda: 'asked by SIGUSR1' in home.log.read() and 'in run' in home.log.read(), LIVE, 'stacks in the log')
    assert 'nothing waits' in home.log.read() and 'thread MainThread (' in home.log.read()
    assert home.end(process) == 0


def test_a_hang_up_opens_the_log_anew(home):
    home.config(u'id: web1\nlog_level_logfile: info\n')
    process = home.started()
    home.log.rename(str(home.log) + '.1')
    process.send_signal(signal.SIGHUP)
    wait_until(home.log.check, LIVE, 'a new log')
    assert home.end(process) == 0


def test_a_second_start_is_refused_and_leaves_the_first_alone(home):
    home.config(u'id: web1\n')
    process = home.started()
    one_line(home.serve(), 1, 'runs as process %d' % process.pid, 'minion.lock')
    one_line(home.serve('wait', '-d'), 1, 'runs as process %d' % process.pid)
    assert home.pid() == process.pid
    process.kill()
    process.communicate()
    home.seen.remove()
    again = home.started()                                   # what kill -9 left is in nobody's way
    wait_until(lambda: home.pid() == again.pid, LIVE, 'the new pid')
    assert home.end(again) == 0


def test_of_many_starts_one_survives(home):
    home.config(u'id: web1\n')
    processes = [home.start('wait', '-c', str(home.etc), program=STUB) for _ in range(6)]
    wait_until(lambda: sum(process.poll() is None for process in processes) == 1, 60, 'one survivor')
    survivor, = [process for process in processes if process.poll() is None]
    wait_until(lambda: home.pid() == survivor.pid, LIVE, 'its pid file')
    assert [process.returncode for process in processes if process is not survivor] == [1] * 5
    for process in processes:
        if process is not survivor:
            process.communicate()
    assert home.end(survivor) == 0


@pytest.mark.parametrize('how, code, words', [
    ('KeyRejected', 77, 'the stub was told so'), ('FingerprintMismatch', 42, 'told so'),
    ('MasterUnusable', 69, 'told so'), ('bug', 1, 'ZeroDivisionError: an odd fault')])
def test_the_end_of_an_agent_is_one_line_and_its_code(home, how, code, words):
    home.config(u'id: web1\n')
    one_line(home.serve(how), code, words)
    assert not home.pidfile.check() and words in home.log.read()
    assert ('Traceback' in home.log.read()) == (how == 'bug')


# ---- in the background

def test_in_the_background(home):
    home.config(u'id: web1\n')
    assert home.serve('wait', '-d') == (0, '', '')
    pid = wait_until(home.pid, LIVE, 'pid file')
    try:
        with open('/proc/%d/status' % pid) as stream:
            status = stream.read()
        assert 'Umask:\t0077' in status or 'Umask' not in status
        assert [os.readlink('/proc/%d/fd/%d' % (pid, handle)) for handle in (0, 1, 2)] == ['/dev/null'] * 3
        assert os.readlink('/proc/%d/cwd' % pid) == '/' and os.getpgid(pid) != os.getpgid(0)
        assert os.getsid(pid) != pid                         # not a session leader: it never gets a terminal
        assert not [target for target in leaks.descriptors(pid).values() if 'pytest' in target
                    and not target.startswith(str(home.root))]
    finally:
        os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not os.path.exists('/proc/%d' % pid), LIVE, 'its end')
    assert not home.pidfile.check()


def test_a_relative_folder_means_the_one_of_the_caller(home):
    home.config(u'id: web1\n')
    assert home.run('wait', '-d', '-c', '.', program=STUB)[0] == 0
    pid = wait_until(home.pid, LIVE, 'pid file')
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not os.path.exists('/proc/%d' % pid), LIVE, 'its end')


# ---- as another account

@as_root
def test_it_becomes_the_account(home, tmpdir):
    try:
        nobody = pwd.getpwnam('nobody')
    except KeyError:
        pytest.skip('no account nobody')
    for folder in [tmpdir] + tmpdir.parts()[1:]:
        folder.chmod(folder.stat().mode & 0o7777 | 0o011)
    home.config(u'id: web1\nuser: nobody\n')
    process = home.started()
    seen = home.root.join('var', 'cache', 'salt', 'minion', 'seen')
    assert seen.read() == 'web1 %d %s' % (nobody.pw_uid, nobody.pw_dir)
    for path in (seen, home.log, home.log.dirpath(), home.root.join('etc', 'salt', 'pki', 'minion')):
        assert path.stat().uid == nobody.pw_uid, path
    assert home.end(process) == 0
    assert not home.pidfile.check() or home.pidfile.read() == ''


# ---- defaults from a Saltfile

def test_a_saltfile_gives_defaults(home, tmpdir):
    home.config(u'id: web1\n')
    saltfile = tmpdir.join('Saltfile')
    saltfile.write('salt-minion:\n  config_dir: %s\n  user: no-such-account\n' % home.etc)
    one_line(home.run('--saltfile', str(saltfile)), 67, 'no-such-account')
    one_line(home.run(env={'SALT_SALTFILE': str(saltfile)}), 67, 'no-such-account')
    one_line(home.run('--saltfile', str(saltfile), '-u', 'not-this-one'), 67, 'not-this-one')
    tmpdir.join('.salt', 'Saltfile').write(saltfile.read(), ensure=True)
    one_line(home.run(), 67, 'no-such-account')
    saltfile.write('salt-minion: [\n')
    one_line(home.run('--saltfile', str(saltfile)), 78, str(saltfile))
    one_line(home.run('--saltfile', str(saltfile) + 'x'), 78, 'does not exist')


# ---- the short way past click

WORDS = [
    '-c', 'x', '-d', '--daemon', '--config-dir=y', '--config-dir', '-l', 'info', '--log-level=quiet', 'bogus', '-u', '',
    '-', '--pid-file', '--pid-file=', '-dc', '-cx', '--', '-V', '-h', '--version', '--log-file-level', '--nosuch',
    'demo', '-l=info', '--daemon=1', '--disable-keepalive', '--saltfile']


@fuzz.examples(300)
@hypothesis.given(some.lists(some.sampled_from(WORDS), max_size=5))
def test_the_short_way_reads_as_click_does(words):
    import click
    short = options.plain(words)
    if short is None:
        return
    chosen = cli._command(click).make_context('minion', list(words)).params
    assert short == dict((name, value) for name, value in chosen.items() if value)


def test_a_plain_start_loads_neither_click_nor_yaml(home):
    home.config(u'master: [\n')
    loaded = modules_of('-c', str(home.etc))
    assert 'minion.config' in loaded and 'yaml' not in loaded and 'click' not in loaded
    assert options.plain(['-d', '-c', 'x', '--log-file-level=info']) == {
        'daemon': True, 'config_dir': 'x', 'log_level_logfile': 'info'}
    assert options.plain([]) == {} and options.plain(['--daemo']) is None


# ---- subcommands

def test_a_subcommand_gets_its_own_words(monkeypatch):
    class Module(object):
        got = []

        @classmethod
        def main(cls, arguments):
            cls.got.append(arguments)
            return 5

    monkeypatch.setitem(cli.COMMANDS, 'other', ('the.module', 'help'))
    monkeypatch.setattr(cli.importlib, 'import_module', lambda name: Module)
    assert cli.main(['other', '--flag', '-c', 'x', '--', '-h']) == 5
    assert Module.got == [['--flag', '-c', 'x', '-h']] or Module.got == [['--flag', '-c', 'x', '--', '-h']]
    assert all(type(word) is str for word in Module.got[0])


WITHOUT = """
import sys
class Missing(object):
    def find_module(self, name, path=None):
        if name in ('zmq', 'click'):
            raise ImportError("No module named '%s'" % name)
    def find_spec(self, name, path=None, target=None):
        self.find_module(name)
sys.meta_path.insert(0, Missing())
from minion import cli
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.parametrize('words', [[], ['demo'], ['--help']])
def test_a_library_that_is_not_installed_is_one_line(home, words):
    program = [sys.executable, '-c', WITHOUT, '-c', str(home.etc)]
    code, out, err = home.run(*words, program=program, env={'PYTHONPATH': ROOT})
    assert (code, out) == (1, '')
    assert 'is not installed for it: run ' in err and err.count('\n') == 1
