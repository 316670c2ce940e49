"""Every command in a real terminal: 80 columns, colour only there, Ctrl-C; and the README's picture of one."""
from __future__ import absolute_import, division, print_function

import importlib
import os
import re
import socket
import subprocess
import sys

import pytest

from docs import picture
from minion import cli, compat
from minion.commands import status, terminal as commands_terminal
from tests.support import terminal
from tests.support.minionprocess import PROGRAM
from tests.support.terminal import Terminal, plain

HELP = [[]] + [[name] for name in sorted(cli.COMMANDS)]
for _name in sorted(cli.COMMANDS):
    _click = getattr(importlib.import_module(cli.COMMANDS[_name][0]), 'command' if _name != 'demo' else 'demo', None)
    HELP += [[_name, below] for below in sorted(getattr(_click, 'commands', {}))]


@pytest.fixture
def home(tmpdir):
    """A configuration folder; everything of its minion lies below `tmpdir`."""
    tmpdir.join('etc', 'minion').write('id: m1\nroot_dir: %s\nmaster: 127.0.0.1\nlog_level: info\nmaster_port: 1\n' % tmpdir,
                                       ensure=True)
    return str(tmpdir.join('etc'))


def piped(words, **env):
    """(exit code, standard output and error) without a terminal."""
    process = subprocess.Popen(list(PROGRAM) + words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env=dict(os.environ, TERM='xterm', **env))
    out = process.communicate()[0]
    return process.returncode, compat.to_native(out)


def test_help_fits_into_80_columns():
    """All at once: each takes a part of a second to start."""
    started = [(words, Terminal(list(PROGRAM) + words + ['--help'])) for words in HELP]
    outcomes = []
    for words, one in started:
        with one:
            outcomes.append((words,) + one.end())
    for words, code, shown in outcomes:
        assert code == 0 and '--help' in shown and '\033' not in shown, (words, shown)
        assert [line for line in shown.split('\n') if len(line) > 80] == [], words


COLOURED = [
    (['status'], 3), (['config'], 0), (['doctor', '-q'], 2), (['call', '--local', '--skip-grains', 'test.ping'], 0),
]


@pytest.mark.parametrize('words, code', COLOURED, ids=[row[0][0] for row in COLOURED])
def test_colour_is_for_terminals(home, words, code):
    words = [words[0], '-c', home] + words[1:]
    with Terminal(list(PROGRAM) + words, env={'NO_COLOR': None}) as one, \
            Terminal(list(PROGRAM) + words, env={'NO_COLOR': '1'}) as other:
        found, out = piped(words)
        assert found == code and '\033' not in out
        found, shown = one.end()
        assert found == code and '\033[' in shown
        found, bare = other.end()
        assert found == code and '\033' not in bare
    if words[0] != 'config':                     # what is in files is shown as it is
        assert [line for line in plain(shown).split('\n') if len(line) > 80 and ' ' in line[9:].strip()] == []


def test_colour_of_a_call_as_asked_for(home):
    call = ['call', '-c', home, '--local', '--skip-grains', 'test.ping']
    assert '\033' not in terminal.show(list(PROGRAM) + call + ['--no-color'], env={'NO_COLOR': None})[1]
    assert '\033[' in piped(call + ['--force-color'])[1]


# ---- Ctrl-C

def ended_by_ctrl_c(words, sign, env=None):
    """(exit code, shown) of a command that is stopped once it shows `sign`."""
    with Terminal(list(PROGRAM) + words, env=env) as one:
        one.until(sign)
        one.type(b'\x03')
        code, shown = one.end()
    assert 'Traceback' not in shown
    return code, plain(shown)


@pytest.mark.parametrize('sign', ['starting as m1', 'making a key', 'signing in'])
def test_ctrl_c_ends_the_minion_with_zero(home, sign):
    code, shown = ended_by_ctrl_c(['-c', home, '-l', 'info'], sign)
    assert code == 0, shown


def test_ctrl_c_ends_a_call(home):
    code, shown = ended_by_ctrl_c(['call', '-c', home, '--local', '--skip-grains', 'cmd.run',
                                   'sleep 100'], 'running sleep')
    assert code == 130 and shown.endswith('\nExiting gracefully on Ctrl-c\n')


def test_ctrl_c_ends_the_demo(tmpdir):
    code, shown = ended_by_ctrl_c(['demo', '--dir', str(tmpdir.join('d'))], 'process ')
    assert code == 1 and '\nstopping\n' in shown and shown.endswith(' is left there\n')


def test_ctrl_c_ends_the_doctor(tmpdir, home):
    """While it waits for a master that takes the connection and says nothing."""
    silent = socket.socket()
    try:
        silent.bind(('127.0.0.1', 0))
        silent.listen(1)
        silent.settimeout(60)
        pki = tmpdir.join('etc', 'salt', 'pki', 'minion')
        path = tmpdir.join('etc', 'minion')
        path.write(path.read().replace('master_port: 1\n', 'master_port: %d\n' % silent.getsockname()[1]))
        assert terminal.show(list(PROGRAM) + ['key', '-c', home, 'generate'])[0] == 0 and pki.join('minion.pem').check()
        with Terminal(list(PROGRAM) + ['doctor', '-c', home]) as one:
            silent.accept()[0].close()
            one.type(b'\x03')
            code, shown = one.end()
    finally:
        silent.close()
    assert code == 130 and 'Traceback' not in shown and shown.endswith('\nminion doctor: stopped\n')


def test_ctrl_c_ends_a_wait_for_the_status(home, monkeypatch, capfd):
    def press(seconds):
        raise KeyboardInterrupt()
    monkeypatch.setattr(status.time, 'sleep', press)
    assert status.main(['-c', home, '--wait', '60']) == commands_terminal.STOPPED == cli.STOPPED
    assert capfd.readouterr()[1] == '\nminion status: stopped\n'


# ---- the picture

def test_the_picture_of_the_readme_is_current():
    shown = re.sub(r'^.*minion.{0,9}    says: .*\n', '', picture.record(), flags=re.MULTILINE)     # of a host that is slow
    with open(picture.PATH, 'rb') as stream:
        there = stream.read().decode('utf-8')
    assert picture.words_of(there) == picture.words_of(picture.draw(picture.lines(shown))), 'run: python -m docs.picture'
    assert '$ minion demo' in picture.words_of(there)[0]
    with open(os.path.join(picture.ROOT, 'README.md'), 'rb') as stream:
        assert b'](docs/picture.svg)' in stream.read()


def test_the_picture_is_the_same_on_a_host_that_has_just_started():
    pictures = [picture.draw(picture.lines('$ minion demo\nminion    starts as demo, process %d\n' % number))
                for number in (7, 1132, 1187921)]
    assert len(set(tuple(picture.words_of(each)) for each in pictures)) == 1


@pytest.mark.skipif(sys.version_info < (3, 0), reason='xml of Python 2 takes bytes only; once is enough')
def test_the_picture_is_well_formed():
    from xml.etree import ElementTree
    assert ElementTree.parse(picture.PATH).getroot().tag.endswith('svg')
