"""incron.*, with an incrontab that prints the table that a test wrote for it and notes what it is given."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from tests.support import hostmodules

TABLE = '# c with four words\n/tmp IN_MODIFY,IN_CREATE echo $@/$#\n\nbad line\n/x\tIN_ATTRIB\ta  b\n'
CRONS = [{'path': '/tmp', 'mask': 'IN_MODIFY,IN_CREATE', 'cmd': 'echo $@/$#'},
         {'path': '/x', 'mask': 'IN_ATTRIB', 'cmd': 'a  b'}]


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    host.programs.add('incrontab', stdin=True)
    host.programs.answer('incrontab -l', TABLE)
    host.asked = []
    run, module = host.loader.functions['cmd.run_all'], host.loader.functions['incron.set_job'].__globals__

    def run_all(argv, **options):
        host.asked.append(options.pop('runas'))
        return run(argv, **options)
    host.system = tmpdir.mkdir('incron.d').join('salt')
    module.update(_SYSTEM=str(host.system), __salt__={'cmd.run_all': run_all})
    return host


def written(host):
    return host.programs.given('incrontab')


def test_tables(host):
    assert host.call('incron.raw_incron', 'joe') == TABLE
    assert host.call('incron.list_tab', 'joe') == host.call('incron.ls', 'joe') == {
        'crons': CRONS, 'pre': ['# c with four words', '', 'bad line']}
    assert host.programs.calls() == [['incrontab', '-l', 'joe']] * 3 and host.asked == ['joe'] * 3


@pytest.mark.parametrize('answer', [{'out': 'no table for joe\n'}, {'out': 'x y z\n', 'code': 1}])
def test_no_table(host, answer):
    host.programs.answer('incrontab -l', **answer)
    assert host.call('incron.list_tab', 'joe') == {'crons': [], 'pre': []}


def test_a_file_becomes_a_table(host):
    assert host.call('incron.write_incron_file', 'joe', '/f') is True
    host.programs.answer('incrontab', 'so', 'se', 1)
    assert host.call('incron.write_incron_file', 'joe', '/f') is False
    told = host.call('incron.write_incron_file_verbose', 'joe', '/f')
    assert (told['retcode'], told['stdout'], told['stderr']) == (1, 'so', 'se')
    assert host.programs.calls() == [['incrontab', '/f']] * 3 and host.asked == ['joe'] * 3


@pytest.mark.parametrize('args, outcome, old, new', [
    (['/new', 'in_open', 'cmd'], 'new', '', '/new IN_OPEN cmd\n'),
    (['/tmp', 'IN_MODIFY', 'other'], 'new', '', '/tmp IN_MODIFY other\n'),
    (['/tmp', 'IN_OPEN', 'echo $@/$#'], 'new', '', '/tmp IN_OPEN echo $@/$#\n'),
    (['/tmp', 'IN_MODIFY', 'echo $@/$#'], 'updated', '/tmp IN_MODIFY,IN_CREATE echo $@/$#\n',
     '/tmp IN_MODIFY echo $@/$#\n'),
    (['/x', 'IN_ATTRIB', 5], 'new', '', '/x IN_ATTRIB 5\n')])
def test_a_job_is_set(host, args, outcome, old, new):
    assert host.call('incron.set_job', 'joe', *args) == outcome
    assert host.programs.calls() == [['incrontab', '-l', 'joe'], ['incrontab', '-']] and host.asked == ['joe'] * 2
    assert written(host) == TABLE.replace(old, '') + new


@pytest.mark.parametrize('name, args, outcome', [
    ('set_job', ['/tmp', 'IN_CREATE,IN_MODIFY', 'echo $@/$#'], 'present'), ('set_job', ['/x', 'IN_ATTRIB', 'a  b'], 'present'),
    ('rm', ['/x', 'IN_OPEN', 'a  b'], 'absent'), ('rm_job', ['/y', 'IN_ATTRIB', 'a  b'], 'absent')])
def test_nothing_to_do(host, name, args, outcome):
    assert host.call('incron.' + name, 'joe', *args) == outcome
    assert host.programs.calls() == [['incrontab', '-l', 'joe']]


@pytest.mark.parametrize('name', ['rm', 'rm_job'])
def test_a_job_is_removed(host, name):
    assert host.call('incron.' + name, 'joe', '/tmp', 'IN_CREATE,IN_MODIFY', 'echo $@/$#') == 'removed'
    assert written(host) == TABLE.replace('/tmp IN_MODIFY,IN_CREATE echo $@/$#\n', '')


def test_incrontab_refuses(host):
    host.programs.answer('incrontab', err='se', code=1)
    assert host.call('incron.set_job', 'joe', '/n', 'IN_OPEN', 'cmd') == 'se'
    assert host.call('incron.rm', 'joe', '/x', 'IN_ATTRIB', 'a  b') == 'se'


@pytest.mark.parametrize('name', ['set_job', 'rm_job'])
@pytest.mark.parametrize('mask, wrong', [('IN_OPEN,IN_JUNK', 'IN_JUNK'), ('', ''), ('loopable', 'LOOPABLE'),
                                         ('IN_OPEN, IN_MODIFY', ' IN_MODIFY')])
def test_masks(host, name, mask, wrong):
    assert host.call('incron.' + name, 'joe', '/n', mask, 'cmd') == 'Invalid mask type: ' + wrong
    assert host.programs.calls() == []


@pytest.mark.parametrize('args, told', [
    (['/a b', 'IN_OPEN', 'cmd'], "path: '/a b' is not one word"), (['#a', 'IN_OPEN', 'cmd'], "path: '#a' is not one word"),
    (['/a', 'IN_OPEN', 'cmd\n/etc IN_OPEN x'], "cmd: 'cmd\\n/etc IN_OPEN x' does not fit into one line"),
    (['/a', 'IN_OPEN', ' '], 'cmd: an entry needs a command')])
def test_what_a_table_cannot_hold(host, args, told):
    answer, code = host.job('incron.set_job', 'joe', *args)
    assert answer.endswith(told) and code == 1
    assert ['incrontab', '-'] not in host.programs.calls()


def test_the_table_of_the_system(host):
    assert host.call('incron.raw_system_incron') == ''
    assert host.call('incron.set_job', 'system', '/s', 'IN_OPEN', 'a b') == 'new'
    assert host.call('incron.set_job', 'system', '/s', 'IN_OPEN', 'a b') == 'present'
    assert host.call('incron.list_tab', 'system')['crons'] == [{'path': '/s', 'mask': 'IN_OPEN', 'cmd': 'a b'}]
    assert host.system.read() == host.call('incron.raw_system_incron') == '/s IN_OPEN a b\n'
    assert host.call('incron.rm_job', 'system', '/s', 'IN_OPEN', 'a b') == 'removed' and host.system.read() == ''
    assert host.programs.calls() == []
    host.system.remove()
    os.rmdir(host.system.dirname)
    assert host.job('incron.set_job', 'system', '/s', 'IN_OPEN', 'a b') == (
        'ERROR: %s does not exist' % host.system.dirname, 1)
