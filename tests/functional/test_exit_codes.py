"""Every exit code that a help text, the man page or docs/service.md names has a test; those that had none are here."""
from __future__ import absolute_import, division, print_function

import importlib
import os
import re

import pytest

from minion import cli, manual
from minion.commands import config as config_command
from minion.commands import key, service

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
as_root = pytest.mark.skipif(os.geteuid() != 0, reason='only root becomes somebody else')
HERE, COMMANDS = 'functional/test_exit_codes.py', 'functional/test_commands.py'
CLI, DOCTOR, MIGRATE = 'unit/test_cli.py', 'functional/test_doctor.py', 'unit/test_migrate.py'

# (command, exit code): where it is seen
SEEN = {
    ('minion', 0): (CLI, 'test_signals_end_it_with_zero'),
    ('minion', 1): (CLI, 'test_a_second_start_is_refused_and_leaves_the_first_alone'),
    ('minion', 42): (CLI, 'test_the_end_of_an_agent_is_one_line_and_its_code'),
    ('minion', 64): (CLI, 'test_a_wrong_word_is_told_with_the_usage'),
    ('minion', 67): (CLI, 'test_an_unknown_account'),
    ('minion', 69): (CLI, 'test_the_end_of_an_agent_is_one_line_and_its_code'),
    ('minion', 77): (CLI, 'test_a_configuration_that_others_may_write'),
    ('minion', 78): (CLI, 'test_a_bad_configuration'),
    ('config', 0): (COMMANDS, 'test_settings_and_their_files'),
    ('config', 1): (COMMANDS, 'test_settings_and_their_files'),
    ('config', 78): (HERE, 'test_a_configuration_that_does_not_load'),
    ('doctor', 0): ('functional/test_daemon.py', 'test_the_doctor_finds_a_running_minion_well'),
    ('doctor', 1): (DOCTOR, ': told\\(run\\(\\), 1'),
    ('doctor', 2): (DOCTOR, ': told\\(run\\(\\), 2'),
    ('key', 0): (COMMANDS, 'test_a_key_is_shown_and_made'),
    ('key', 1): (COMMANDS, 'test_a_key_is_shown_and_made'),
    ('key', 77): (HERE, 'test_who_may_not'),
    ('key', 78): (COMMANDS, 'test_a_key_is_shown_and_made'),
    ('migrate', 0): ('functional/test_migrate.py', 'test_there_and_back'),
    ('migrate', 1): (MIGRATE, 'test_what_does_not_listen_is_taken_back'),
    ('migrate', 2): (MIGRATE, 'test_neither_there_nor_back'),
    ('migrate', 77): (HERE, 'test_who_may_not'),
    ('migrate', 78): (MIGRATE, 'test_a_damaged_journal'),
    ('service', 0): (COMMANDS, 'test_a_service_is_made_and_removed'),
    ('service', 1): (COMMANDS, 'test_a_file_of_somebody_else_stays'),
    ('service', 77): (HERE, 'test_who_may_not'),
    ('status', 0): (COMMANDS, 'test_what_it_does'),
    ('status', 1): (COMMANDS, 'test_it_does_not_run'),
    ('status', 3): (COMMANDS, 'test_it_does_not_run'),
    ('status', 4): (COMMANDS, 'test_it_does_not_run'),
}


def documented():
    """(command, exit code) of the help texts and the man page."""
    found = set(('minion', code) for code, _ in manual.EXITS)
    for name in cli.COMMANDS:
        command = getattr(importlib.import_module(cli.COMMANDS[name][0]), 'command', None)
        text = (getattr(command, 'help', None) or '').partition('Exit codes:')[2]
        found.update((name, int(code)) for code in re.findall(r'^\s*(\d+) ', text, re.MULTILINE))
    return found


def test_every_documented_exit_code_is_seen_by_a_test():
    assert documented() == set(SEEN)
    for path, name in SEEN.values():
        with open(os.path.join(TESTS, path), 'rb') as stream:
            assert re.search('def %s' % name if name.startswith('test') else name.lstrip(': '),
                             stream.read().decode('utf-8')), (path, name)


def test_a_configuration_that_does_not_load(tmpdir, capfd):
    tmpdir.join('minion').write('master: [\n')
    assert config_command.main(['-c', str(tmpdir)]) == 78
    assert ': line ' in capfd.readouterr()[1]


def as_nobody(work):
    """The exit code of a child that runs `work()` as an account that may do nothing."""
    child = os.fork()
    if not child:
        code = 99
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            code = work()
        finally:
            os._exit(code)
    return os.WEXITSTATUS(os.waitpid(child, 0)[1])


@pytest.fixture
def open_folder(tmpdir):
    """A folder that everybody may enter, with a configuration that belongs to root."""
    for folder in [tmpdir] + tmpdir.parts()[1:]:
        if folder.stat().mode & 0o011 != 0o011:
            folder.chmod(folder.stat().mode & 0o7777 | 0o011)
    tmpdir.join('minion').write('id: m1\nuser: root\nroot_dir: %s\n' % tmpdir)
    tmpdir.join('minion').chmod(0o644)
    tmpdir.join('etc', 'init.d').ensure(dir=True)
    tmpdir.join('etc', 'systemd', 'system').ensure(dir=True)
    return str(tmpdir)


@as_root
@pytest.mark.parametrize('name', ['key', 'migrate', 'service'])
def test_who_may_not(open_folder, name, capfd):
    module, words = {'key': (key, ['-c', open_folder, 'generate']),
                     'migrate': (importlib.import_module('minion.commands.migrate'), ['-c', open_folder, '--run']),
                     'service': (service, ['install', '--init', 'systemd', '--root', open_folder])}[name]
    assert as_nobody(lambda: module.main(words)) == 77
    err = capfd.readouterr()[1]
    assert err.startswith('minion %s: ' % name) and len(err.splitlines()) == 1 and 'Traceback' not in err
