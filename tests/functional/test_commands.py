"""The commands for administrators as they are typed: status, key, config, service; in a terminal and out of it."""
from __future__ import absolute_import, division, print_function

import errno
import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
import time

import pytest

from minion import cli, compat, files, keys, status
from minion.commands import config as config_command
from minion.commands import key, service, service_files, service_state
from minion.commands import status as status_command
from minion.commands import terminal
from tests.support import groups, testkeys
from tests.support.minionprocess import PROGRAM, ROOT
from tests.support.waiting import wait_until

KEY = testkeys.private('minion').public
ESCAPE = '\033['


class Place(object):
    """A root_dir with a configuration."""

    def __init__(self, tmpdir):
        self.root = tmpdir
        self.conf = str(tmpdir.join('conf').ensure(dir=True))
        self.pidfile = str(tmpdir.join('var', 'run', 'salt-minion.pid'))
        self.pki = tmpdir.join('etc', 'salt', 'pki', 'minion').ensure(dir=True)
        tmpdir.join('var', 'run').ensure(dir=True)
        self.write('id: m1\n')

    def write(self, text, name='minion'):
        self.root.join('conf', name).write(text + ('root_dir: %s\n' % self.root if name == 'minion' else ''), ensure=True)

    def key(self):
        files.write(str(self.pki.join('minion.pem')), files.read(testkeys.path('minion')), 0o400, sync=False)

    def status(self, pid, state='listening', written=None, **way):
        way = dict({'master': 'salt', 'state': 'listening', 'protocol': 3, 'since': 1700000000.0, 'spool': 0, 'disk': None,
                    'trouble': None, 'ready': True, 'last_publish': None, 'last_jid': None, 'last_job_at': None}, **way)
        facts = {'minion_id': 'm1', 'pid': pid, 'state': state, 'masters': [way] if state != 'without master' else [],
                 'written': written or time.time(), 'jobs': {'running': 1, 'waiting': 2}, 'version': '1.0',
                 'descriptors': 9, 'rss_kb': 20480}
        files.write(self.pidfile, b'%d' % pid, sync=False)
        files.write(status.path(self.pidfile), compat.to_bytes(json.dumps(facts)), sync=False)


@pytest.fixture
def place(tmpdir):
    return Place(tmpdir.mkdir('host'))


@pytest.fixture
def run(place, capfd):
    """run(command module, *words) -> (exit code, output, errors)."""
    def call(module, *words):
        code = module.main(['-c', place.conf] + list(words))
        out, err = capfd.readouterr()
        return code, out, err
    return call


@pytest.fixture
def alive(place):
    """Pid of a process that passes for a minion."""
    process = subprocess.Popen([sys.executable, '-c', '__import__("sys").stdin.read()', 'minion'], stdin=subprocess.PIPE)
    wait_until(lambda: service_state.process.is_minion(process.pid), 10, 'the process')
    yield process.pid
    process.communicate()


# ---- status

def test_it_does_not_run(place, run):
    assert run(status_command)[:2] == (3, 'The minion does not run.\n')
    files.write(place.pidfile, b'99999999', sync=False)
    assert run(status_command)[:2] == (1, 'The minion is dead, but its pid file %s is there.\n' % place.pidfile)
    os.unlink(place.pidfile)
    os.mkdir(place.pidfile)
    assert run(status_command)[0] == 4
    assert run(status_command, '--wait', '0')[1].startswith('cannot be looked for')
    assert run(status_command, '--nosuch')[0] == 64


def test_what_it_does(place, run, alive):
    place.status(alive, last_publish=time.time() - 200, last_jid='20250101000000000000', spool=3, disk='full')
    code, out, _ = run(status_command)
    assert code == 0 and max(len(line) for line in out.splitlines()) <= 80
    for words in ('Minion m1 runs as process %d.' % alive, 'master     salt: listening, protocol version 3, since 20',
                  'last publication 3 minutes ago, last job 20250101000000000000', '3 returns not delivered yet',
                  'the disk takes no more: full', '1 running, 2 waiting', '20 MB of memory, 9 descriptors'):
        assert words in out
    code, out, _ = run(status_command, '--json')
    assert code == 0 and json.loads(out)['running'] is True and json.loads(out)['minion_id'] == 'm1'


@pytest.mark.parametrize('way, words', [
    ({}, 'listens to salt\n'),
    ({'ready': False, 'trouble': 'salt: the key waits'}, 'does not listen yet: salt: the key waits\n'),
    ({'ready': False}, 'has not said within 0 s whether it listens\n')])
def test_one_line_for_scripts(place, run, alive, way, words):
    place.status(alive, **way)
    assert run(status_command, '--wait', '0')[:2] == (0, words)


def test_other_states(place, run, alive):
    place.status(alive, 'without master')
    assert run(status_command, '--wait', '0')[:2] == (0, 'works without a master\n')
    files.write(status.path(place.pidfile), b'{"torn', sync=False)
    assert run(status_command)[:2] == (0, 'The minion runs as process %d and has not written its status yet.\n' % alive)
    place.status(alive)
    assert run(status_command, '--pid-file', place.pidfile)[0] == 0
    assert [status_command.ago(age) for age in (5, 300, 9000, 999999, -3)] == [
        '5 seconds ago', '5 minutes ago', '2 hours ago', '11 days ago', '0 seconds ago']


@pytest.mark.skipif(os.geteuid() != 0, reason='only root changes accounts')
def test_everybody_may_ask(place, tmpdir):
    """Without root, with the status file of a minion that runs as root."""
    for folder in [place.root] + place.root.parts()[1:]:
        folder.chmod(folder.stat().mode & 0o7777 | 0o055)
    one = status.Status(status.path(place.pidfile), 'm1')
    one.stopped()
    files.write(place.pidfile, b'99999999', 0o644, sync=False)
    script = ('import os, sys; sys.path.insert(0, %r)\nfrom minion.commands import status, terminal\n'
              'import click, difflib, gettext, json, locale, yaml, minion.config\nos.setgid(65534); os.setuid(65534)\n'
              'sys.exit(status.main(["--pid-file", %r]))' % (ROOT, place.pidfile))
    outcome = groups.call([sys.executable, '-c', script], str(tmpdir.join('log')), '/')
    assert outcome[0] == 1 and b'is dead' in outcome[1], tmpdir.join('log').read()


@pytest.mark.skipif(os.geteuid() != 0, reason='only root changes accounts')
def test_the_status_of_an_account_that_may_not_make_files_there(tmpdir):
    path = str(tmpdir.mkdir('run').join('x.status'))
    tmpdir.join('run').chmod(0o755)
    for folder in [tmpdir] + tmpdir.parts()[1:]:
        folder.chmod(folder.stat().mode & 0o7777 | 0o011)
    status.give(path, (65534, 65534))
    child = os.fork()
    if not child:
        os.setuid(65534)
        try:
            status._replace(path, b'{"masters": [], "a": "long"}\n')
            status._replace(path, b'{"masters": []}\n')
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert status.read(path) == {'masters': []}


# ---- key

def test_a_key_is_shown_and_made(place, run):
    assert run(key)[::2] == (1, 'minion key: there is no key in %s yet; the first start makes one, or: minion key '
                             'generate\n' % place.pki)
    place.key()
    code, out, _ = run(key)
    assert code == 0 and KEY.fingerprint() in out and keys.text_fingerprint(KEY.pem) in out
    place.pki.join('minion_master.pub').write(testkeys.private('master').public.pem)
    assert testkeys.private('master').public.fingerprint() in run(key, 'show')[1]
    assert run(key, 'generate')[0] == 1
    place.pki.join('minion.pem').remove()
    place.pki.join('minion.pem').write('x')
    assert run(key)[0] == 78


def test_a_key_is_generated_and_rotated(place, run):
    place.write('id: m1\nkeysize: 1024\n')
    assert run(key, 'rotate')[0] == 1
    code, out, _ = run(key, 'generate')
    assert code == 0 and 'made: %s' % place.pki.join('minion.pem') in out
    first = place.pki.join('minion.pem').read()
    assert place.pki.join('minion.pem').stat().mode & 0o777 == 0o400
    code, out, err = run(key, 'rotate')                      # no terminal, not confirmed
    assert code == 1 and 'takes --yes' in err and place.pki.join('minion.pem').read() == first
    code, out, err = run(key, 'rotate', '--yes')
    assert code == 0 and 'salt-key -d m1; salt-key -a m1' in ' '.join(err.split()) and 'service minion restart' in out
    assert place.pki.join('minion.pem').read() != first
    kept, = [name for name in os.listdir(str(place.pki)) if name.startswith('minion.pem.old-')]
    assert place.pki.join(kept).read() == first


# ---- config

def test_settings_and_their_files(place, run):
    place.write('id: m1\nmaster: [a, b]\nmy_password: secret\nstuff: {token: hidden, x: 1}\n')
    place.write('log_level: info\n', 'minion.d/a.conf')
    code, out, _ = run(config_command)
    assert code == 0 and 'id: m1  # %s/minion\n' % place.conf in out
    assert 'log_level: info  # %s/minion.d/a.conf\n' % place.conf in out
    assert 'secret' not in out and 'hidden' not in out and 'auth_timeout' not in out
    assert '# default' in run(config_command, '--all')[1]
    code, out, _ = run(config_command, '--json', 'log_level', 'auth_timeout')
    assert json.loads(out) == {'log_level': {'value': 'info', 'origin': '%s/minion.d/a.conf' % place.conf},
                               'auth_timeout': {'value': 5.0, 'origin': None}}
    assert run(config_command, 'no_such_setting')[::2] == (1, 'minion config: there is no setting no_such_setting\n')
    place.write('id: [\n')
    assert run(config_command)[0] == 78 and run(config_command, '--nosuch')[0] == 64


# ---- service

FOLDERS = {'sysv': ['etc/init.d', 'etc/rc3.d', 'etc/rc0.d', 'etc/default', 'etc/logrotate.d'],
           'systemd': ['lib/systemd'], 'upstart': ['sbin', 'etc/init'], 'openrc': ['sbin']}
FILES = {'systemd': ['lib/systemd/systemd'], 'upstart': ['sbin/initctl'], 'openrc': ['sbin/openrc-run'], 'sysv': []}
EXPECTED = {
    'sysv': ['etc/default/minion', 'etc/init.d/minion', 'etc/logrotate.d/minion', 'etc/rc0.d/K03minion', 'etc/rc3.d/S97minion'],
    'systemd': ['etc/systemd/system/minion.service', 'etc/systemd/system/multi-user.target.wants/minion.service'],
    'upstart': ['etc/init/minion.conf'],
    'openrc': ['etc/conf.d/minion', 'etc/init.d/minion', 'etc/runlevels/default/minion']}


def tree(root):
    return sorted(os.path.relpath(os.path.join(folder, name), root) for folder, _, names in os.walk(root) for name in names)


@pytest.mark.parametrize('kind', sorted(EXPECTED))
def test_a_service_is_made_and_removed(tmpdir, capfd, kind):
    root = str(tmpdir.mkdir('root'))
    for name in FOLDERS[kind]:
        tmpdir.join('root', name).ensure(dir=True)
    for name in FILES[kind]:
        tmpdir.join('root', name).write('')
    words = ['--root', root]
    assert service.main(['install', '--daemon', '/opt/minion/bin/minion', '-c', '/opt/etc'] + words) == 0     # finds the kind
    out = capfd.readouterr()[0]
    made = [name for name in tree(root) if name not in FILES[kind]]
    assert made == EXPECTED[kind]
    assert all(os.path.join(root, name) in out for name in made)
    assert any(b'/opt/minion/bin/minion' in files.read(os.path.join(root, name)) and
               b'/opt/etc' in files.read(os.path.join(root, name)) for name in made if os.path.isfile(os.path.join(root, name)))
    assert service.main(['install', '--init', kind] + words) == 0            # once more: nothing is in the way
    assert service.main(['uninstall'] + words) == 0
    left = [name for name in tree(root) if name not in FILES[kind]]
    assert left == [name for name in EXPECTED[kind] if name in ('etc/default/minion', 'etc/conf.d/minion')]   # was changed
    capfd.readouterr()


def test_a_file_of_somebody_else_stays(tmpdir, capfd):
    tmpdir.join('etc', 'init.d', 'minion').write('#!/bin/sh\n', ensure=True)
    assert service.main(['install', '--init', 'sysv', '--root', str(tmpdir)]) == 1
    assert service.main(['uninstall', '--init', 'sysv', '--root', str(tmpdir)]) == 1
    assert capfd.readouterr()[1].count('is not a file of this program') == 2
    assert tmpdir.join('etc', 'init.d', 'minion').read() == '#!/bin/sh\n'
    assert service.main(['install', '--init', 'other']) == 64 and service.main(['install', '--root', '/nonexistent']) == 1
    assert service.main([]) in (0, 64)


def test_every_file_of_the_service_is_marked_as_ours():
    folder = service_files.source_folder()
    assert folder == os.path.join(ROOT, 'conf')
    for name in ('init.d/minion', 'init.d/minion.openrc', 'minion.service', 'minion.upstart', 'logrotate.d/minion',
                 'default/minion', 'completion/minion.bash', 'completion/minion.zsh'):
        assert service_files.MARK in files.read(os.path.join(folder, name)), name
    for name in ('minion.service', 'minion.upstart'):
        assert compat.to_bytes('%s -c %s' % service_files.USUAL) in files.read(os.path.join(folder, name))
    for name in ('init.d/minion', 'init.d/minion.openrc', 'minion.service', 'minion.upstart'):
        data = files.read(os.path.join(folder, name))
        assert b'/usr/bin/minion' in data and b'/etc/salt' in data


# ---- completion

@pytest.mark.parametrize('line, wanted', [
    ('minion doc', ['doctor']), ('minion key ro', ['rotate']), ('minion -l inf', ['info']), ('minion service --i', ['--init']),
    ('minion service install --init sys', ['sysv', 'systemd']), ('minion --disable', ['--disable-keepalive'])])
def test_bash_completes(tmpdir, line, wanted):
    words = line.split(' ')
    script = ('source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _minion; echo "${COMPREPLY[@]}"'
              % (os.path.join(ROOT, 'conf', 'completion', 'minion.bash'), ' '.join(words), len(words) - 1))
    try:
        code, out = groups.call(['bash', '-c', script], str(tmpdir.join('log')), '/')
    except OSError:
        pytest.skip('there is no bash here')
    assert (code, compat.to_native(out).split()) == (0, wanted)


def test_completion_knows_every_command_and_option():
    bash, zsh = [compat.to_native(files.read(os.path.join(ROOT, 'conf', 'completion', 'minion.' + shell)))
                 for shell in ('bash', 'zsh')]
    for name in cli.COMMANDS:
        assert ' %s ' % name in bash and "'%s:" % name in zsh
    for row in cli.options.ROWS:
        assert row.names[-1] in bash and row.names[-1] in zsh


# ---- in a terminal

def in_terminal(words, columns=80, **environment):
    """(exit code, what a terminal of that width shows) of bin/minion."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 25, columns, 0, 0))
    env = dict(os.environ, TERM='xterm', **environment)
    env.pop('COLUMNS', None)
    process = subprocess.Popen(list(PROGRAM) + words, stdin=slave, stdout=slave, stderr=slave, env=env,
                               preexec_fn=groups.alone, close_fds=True)
    os.close(slave)
    data = b''
    try:
        while True:
            try:
                more = os.read(master, 4096)
            except OSError as exc:
                if exc.errno != errno.EIO:                   # how a terminal says that nobody is there any more
                    raise
                break
            if not more:
                break
            data += more
    finally:
        os.close(master)
    return process.wait(), compat.to_native(data).replace('\r\n', '\n')


@pytest.mark.parametrize('words', [['--help'], ['doctor', '-h'], ['status', '-h'], ['key', '-h'], ['config', '-h'],
                                   ['service', 'install', '-h'], ['key', 'rotate', '-h']])
def test_help_fits_into_80_columns(words):
    code, shown = in_terminal(words)
    assert code == 0 and ESCAPE not in shown and shown.startswith('Usage: minion ')
    assert [line for line in shown.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize('environment, colours', [({}, True), ({'NO_COLOR': '1'}, False)])
def test_colours_on_terminals_only(place, environment, colours):
    place.write('id: m1\nmaster: no-such-master.invalid\n')
    for word, code in (('doctor', 2), ('status', 3), ('config', 0)):
        outcome = in_terminal([word, '-c', place.conf], **environment)
        assert outcome[0] == code and (ESCAPE in outcome[1]) == colours
        long_lines = [line for line in terminal.plain(outcome[1]).splitlines() if len(line) > 80]
        assert all('/' in line for line in long_lines)       # paths are not broken


def test_no_colours_for_a_dumb_terminal(monkeypatch):
    class Screen(object):
        def isatty(self):
            return True
    for name, shown in (('xterm', True), ('dumb', False)):
        monkeypatch.setenv('TERM', name)
        monkeypatch.delenv('NO_COLOR', raising=False)
        assert terminal.colourful(Screen()) is shown


def test_a_reader_who_goes_away(place):
    process = subprocess.Popen(list(PROGRAM) + ['doctor', '-c', place.conf, '--json'], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    process.stdout.close()
    assert process.stderr.read() == b'' and process.wait() in (0, 1, 2)
    process.stderr.close()


def test_the_folder_before_the_command_counts(place):
    out = subprocess.Popen(list(PROGRAM) + ['-c', place.conf, 'config', 'id'], stdout=subprocess.PIPE).communicate()[0]
    assert out == compat.to_bytes('id: m1  # %s/minion\n' % place.conf)
