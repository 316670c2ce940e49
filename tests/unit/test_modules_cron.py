"""cron.*: what a fake crontab is given, what masters find in one, and what never becomes an entry of its own."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import SaltInvocationError
from minion.helpers import crontab
from tests.support.hostmodules import Host

MARKER = '# Lines below here are managed by Salt, do not edit\n'
MINE = '# my own\nSHELL=/bin/sh\n5 4 * * * echo old\n'
ANSWERS = [                                       # calls on one crontab after each other: (function, arguments, answer)
    ('set_job', ['*', '*', '*', '*', 1, '/w'], {}, 'new'),
    ('set_job', ['*', '*', '*', '*', 1, '/w'], {}, 'updated'),
    ('set_job', [5, 4, '*', '*', '*', 'echo hi'], {'comment': 'my c', 'identifier': 'abc'}, 'new'),
    ('set_job', [5, 4, '*', '*', '*', 'echo hi'], {'comment': 'my c', 'identifier': 'abc'}, 'present'),
    ('set_job', ['random', 4, '*', '*', '*', 'echo hi'], {'identifier': 'abc'}, 'present'),
    ('set_job', [5, 6, '*', '*', '*', 'echo new'], {'comment': 'a\nb', 'identifier': 'abc'}, 'updated'),
    ('set_job', [5, 6, '*', '*', '*', 'echo new'], {'identifier': 'abc', 'commented': True}, 'updated'),
    ('set_special', ['@reboot', 'echo boot'], {}, 'new'),
    ('set_special', ['@daily', 'echo boot'], {'identifier': 'sp'}, 'updated'),
    ('set_special', ['@daily', 'echo boot'], {'identifier': 'sp'}, 'present'),
    ('set_env', ['MAILTO', 'x'], {}, 'new'), ('set_env', ['MAILTO', 'x'], {}, 'present'),
    ('set_env', ['MAILTO', 'y'], {}, 'updated'), ('set_env', ['EMPTY'], {}, 'new'),
]
RESULT = MARKER + ('MAILTO=y\nEMPTY=""\n* * * * 1 /w\n# a\n# b SALT_CRON_IDENTIFIER:abc\n#DISABLED#5 6 * * * echo new\n'
                   '# SALT_CRON_IDENTIFIER:sp\n@daily echo boot\n')
REMOVALS = [
    ('rm_job', ['echo new', 9], {'identifier': 'abc'}, 'absent'), ('rm_job', ['echo new'], {}, 'absent'),
    ('rm_job', ['x', 5, 6], {'identifier': 'abc'}, 'removed'), ('rm', ['/w', '*'], {}, 'removed'),
    ('rm_special', ['echo boot', '@weekly'], {'identifier': 'sp'}, 'absent'),
    ('rm_special', ['echo boot'], {'identifier': 'sp'}, 'removed'),
    ('rm_env', ['MAILTO'], {}, 'removed'), ('rm_env', ['MAILTO'], {}, 'absent'), ('rm_env', ['EMPTY'], {}, 'removed'),
]


@pytest.fixture
def host(tmpdir, monkeypatch):
    made = Host(str(tmpdir), monkeypatch)
    made.programs.add('crontab', stdin=True)
    made.given = 0
    return made


def tab(host, text):
    """Let the fake list this crontab."""
    host.programs.answer('crontab -u root -l', text)


def written(host):
    """What the fake was given since the last time."""
    text = host.programs.given('crontab')[host.given:]
    host.given += len(text)
    return text


def replay(host, rows, start):
    text = start
    for name, args, kwargs, answer in rows:
        tab(host, text)
        host.programs.calls()
        assert (name, args, host.call('cron.' + name, 'root', *args, **kwargs)) == (name, args, answer)
        if ['crontab', '-u', 'root', '-'] in host.programs.calls():
            text = written(host)
    return text


def test_entries_come_and_go(host):
    assert replay(host, ANSWERS, '') == RESULT
    assert replay(host, ANSWERS, MINE) == MINE + RESULT
    assert replay(host, REMOVALS, MINE + RESULT) == MINE + MARKER


def test_listing(host):
    tab(host, MINE + MARKER + 'A=b c\n# one\n# two SALT_CRON_IDENTIFIER:x y\n1 2 3 4 5  a=b  c\n#DISABLED#@daily off\n\nbad\n'
                              '1\t2 3 4 5 tabs\n# SALT_CRON_NO_IDENTIFIER:NO ID SET\n@hourly on\n# left over\n')
    found = host.call('cron.list_tab', 'root')
    assert host.call('cron.ls', 'root') == found
    assert found['pre'] == MINE.splitlines() and found['env'] == [{'name': 'A', 'value': 'b c'}]
    assert found['crons'][0] == {'minute': '1', 'hour': '2', 'daymonth': '3', 'month': '4', 'dayweek': '5', 'cmd': 'a=b  c',
                                 'comment': 'one\ntwo', 'identifier': 'x y', 'commented': False}
    assert found['crons'][1]['cmd'] == 'tabs'
    assert found['special'] == [
        {'spec': '@daily', 'cmd': 'off', 'comment': None, 'identifier': None, 'commented': True},
        {'spec': '@hourly', 'cmd': 'on', 'comment': 'SALT_CRON_NO_IDENTIFIER:NO ID SET', 'identifier': None,
         'commented': False}]
    assert host.call('cron.get_entry', 'root', 'x y')['cmd'] == 'a=b  c'
    assert host.call('cron.get_entry', 'root', cmd='on')['spec'] == '@hourly'
    assert host.call('cron.get_entry', 'root', 'nosuch') is False


def test_header_of_old_crontabs_is_none_of_it(host):
    tab(host, crontab.HEADER + '\n# (x installed on y)\n# (Cron version z)\n1 2 3 4 5 x\n')
    assert host.call('cron.raw_cron', 'root') == '1 2 3 4 5 x\n'


def test_times_at_random_are_kept(host):
    host.call('cron.set_job', 'root', 'random', 'random', 'random', 'random', 'random', 'x', identifier='r')
    text = written(host)
    numbers = [int(word) for word in text.splitlines()[-1].split()[:5]]
    assert all(low <= number <= high for number, (low, high) in zip(numbers, [(0, 59), (0, 23), (1, 28), (1, 12), (0, 6)]))
    tab(host, text)
    assert host.call('cron.set_job', 'root', 'random', 'random', 'random', 'random', 'random', 'y', identifier='r') == 'updated'
    assert written(host).splitlines()[-1].split()[:5] == text.splitlines()[-1].split()[:5]
    tab(host, MARKER + '# SALT_CRON_IDENTIFIER:r\n* * * * * x\n')
    assert host.call('cron.set_job', 'root', 'random', '*', '*', '*', '*', 'x', identifier='r') == 'updated'
    assert written(host).splitlines()[-1].split()[0].isdigit()


def test_no_crontab_and_no_user(host):
    host.programs.answer('crontab', err="no crontab for root\n", code=1)
    assert host.job('cron.raw_cron', 'root') == ('', 0)
    assert host.job('cron.rm_job', 'root', 'x') == ('absent', 0)
    for name, args in (('set_job', [1, 1, 1, 1, 1, 'x']), ('set_special', ['@daily', 'x']), ('set_env', ['A', 'b']),
                       ('rm_env', ['A']), ('rm_special', ['x'])):
        assert host.job('cron.' + name, 'nosuch', *args) == ('no crontab for root', 1)
    assert host.job('cron.write_cron_file', 'root', '/x') == (False, 1)
    assert host.job('cron.write_cron_file_verbose', 'root', '/x')[0]['retcode'] == 1


def test_a_file_as_crontab(host):
    assert host.call('cron.write_cron_file', 'fred', '/tmp/x y') is True
    assert host.programs.calls() == [['crontab', '-u', 'fred', '/tmp/x y']]


@pytest.mark.parametrize('name, args, kwargs', [
    ('set_job', [1, 1, 1, 1, 1, 'a\n* * * * * evil'], {}), ('set_job', ['1\n', 1, 1, 1, 1, 'a'], {}),
    ('set_job', [1, 1, 1, 1, 1, 'a'], {'identifier': 'a\nb'}), ('set_special', ['@daily', 'a\nb'], {}),
    ('set_env', ['A', 'b\nc'], {}), ('set_env', ['A\nB', 'c'], {}),
])
def test_one_value_is_one_line(name, args, kwargs, host):
    with pytest.raises(SaltInvocationError):
        host.call('cron.' + name, 'root', *args, **kwargs)
    assert ['crontab', '-u', 'root', '-'] not in host.programs.calls()


def test_without_crontab(tmpdir, monkeypatch):
    host = Host(str(tmpdir), monkeypatch)
    monkeypatch.setattr('minion.helpers.environment.which', lambda program, path=None: None)
    assert host.job('cron.list_tab', 'root') == (
        "'cron' __virtual__ returned False: Cannot load cron module: crontab command not found", 1)
