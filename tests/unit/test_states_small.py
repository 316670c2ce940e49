"""States of aliases, ini files, disks, processes, logrotate and web servers."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support import hoststates


@pytest.fixture
def states(tmpdir, monkeypatch):
    return hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)


@pytest.fixture
def ini(tmpdir):
    path = tmpdir.join('app.ini')
    path.write('top=1\n[s]\na = b\nc=d\n')
    return path


def told(ret):
    return ret['result'], ret['comment'], ret['changes']


def test_ini_options_present(states, ini):
    wanted = {'s': {'a': 'z', 'c': 'd'}, 'new': 5}
    assert told(states.state('ini.options_present', str(ini), {'s': {'a': 'z', 'c': 'd'}}, test=True)) == (
        None, 'Changed key a in section s.\nUnchanged key c in section s.\n', {})
    ret = states.state('ini.options_present', str(ini), wanted)
    assert told(ret) == (True, 'Changes take effect', {'s': {'a': {'before': 'b', 'after': 'z'}},
                                                       'new': {'before': None, 'after': '5'}})
    assert told(states.state('ini.options_present', str(ini), wanted)) == (True, 'No anomaly detected', {})
    assert states.state('ini.options_present', str(ini), wanted, test=True)['result'] is True


def test_ini_options_present_and_no_others(states, ini):
    ret = states.state('ini.options_present', str(ini), {'s': {'a': 'b'}}, strict=True, test=True)
    assert told(ret) == (None, 'Removed key top.\nDeleted key c in section s.\nUnchanged key a in section s.\n', {})
    ret = states.state('ini.options_present', str(ini), {'s': {'a': 'b'}}, strict=True)
    assert ret['changes'] == {'top': {'before': '1', 'after': None}, 's': {'c': {'before': 'd', 'after': None}}}
    assert ini.read() == '[s]\na = b\n'


def test_ini_options_absent(states, ini):
    wanted = {'s': ['a', 'zz']}
    assert told(states.state('ini.options_absent', str(ini), wanted, test=True)) == (
        None, 'Deleted key a in section s.\nKey zz in section s does not exist.\n', {})
    assert told(states.state('ini.options_absent', str(ini), wanted)) == (True, 'Changes take effect', {'s': {'a': 'b'}})
    assert told(states.state('ini.options_absent', str(ini), wanted)) == (True, 'No anomaly detected', {})


def test_ini_sections(states, ini):
    assert states.state('ini.sections_present', str(ini), ['s'], test=True)['comment'] == 'Section unchanged s.\n'
    assert told(states.state('ini.sections_present', str(ini), ['s', 'new'])) == (
        True, 'Changes take effect', {'new': {'before': None, 'after': {}}})
    assert '[new]' in ini.read()
    assert told(states.state('ini.sections_absent', str(ini), ['s', 'none'], test=True)) == (
        None, 'Deleted section s.\nSection none does not exist.\n', {})
    assert told(states.state('ini.sections_absent', str(ini), ['s', 'none'])) == (
        True, 'Changes take effect', {'s': {'a': 'b', 'c': 'd'}})
    assert '[s]' not in ini.read()


def test_logrotate(states, tmpdir):
    path = tmpdir.join('logrotate.conf')
    path.write('weekly\nrotate 4\n/var/log/x {\n    rotate 1\n}\n')
    name = str(path)
    assert told(states.state('logrotate.set', 'x', 'rotate', 5, conf_file=name, test=True)) == (
        None, "Command 'rotate' will be set to value: 5", {'old': 4, 'new': 5})
    assert told(states.state('logrotate.set', 'x', 'rotate', 5, conf_file=name)) == (
        True, "Set command 'rotate' value: 5", {'old': 4, 'new': 5})
    assert told(states.state('logrotate.set', 'x', 'rotate', 5, conf_file=name)) == (
        True, "Command 'rotate' already has value: 5", {})
    assert told(states.state('logrotate.set', 'x', '/var/log/x', 'rotate', 2, conf_file=name)) == (
        True, "Set block '/var/log/x' command 'rotate' value: 2", {'old': 1, 'new': 2})
    assert path.read() == 'weekly\nrotate 5\n/var/log/x {\n    rotate 2\n}\n'


class Given(object):
    """Execution modules that answer with what a test says."""

    def __init__(self, states):
        self.world = states.loader.apart({'test': False})
        self.states = self.world.other('states').functions

    def plugin(self, name, answers, **opts):
        """The state function `name`, whose `__salt__` is `answers`."""
        function = self.states[name]
        self.states.plugin_of(name).fill({'__salt__': answers, '__opts__': dict({'test': False}, **opts)})
        return function


def test_aliases(states):
    added = []
    answers = {'aliases.has_target': lambda name, target: False, 'aliases.get_target': lambda name: '',
               'aliases.set_target': lambda name, target: added.append(name) or True}
    assert told(Given(states).plugin('alias.present', answers)('a', 'b')) == (
        True, 'Set email alias a -> b', {'alias': 'a'})
    assert added == ['a']
    assert told(Given(states).plugin('alias.present', answers, test=True)('a', 'b'))[0] is None
    assert told(Given(states).plugin('alias.absent', answers)('a')) == (True, 'Alias a already absent', {})
    answers = {'aliases.has_target': lambda name, target: True, 'aliases.get_target': lambda name: 'b',
               'aliases.rm_alias': lambda name: True}
    assert told(Given(states).plugin('alias.present', answers)('a', 'b')) == (True, 'Alias a already present', {})
    assert told(Given(states).plugin('alias.absent', answers)('a')) == (True, 'Removed alias a', {'alias': 'a'})


@pytest.mark.parametrize('wanted, result, comment', [
    ({}, True, 'Disk used space in acceptable range'),
    ({'maximum': 1}, False, 'Disk used space is above maximum of 1 % at 25 %'),
    ({'minimum': '99%'}, False, 'Disk used space is below minimum of 99 % at 25 %'),
    ({'minimum': 'x'}, False, 'minimum must be an integer '),
    ({'minimum': 90, 'maximum': 10}, False, 'minimum must be less than maximum '),
    ({'maximum': 101}, False, 'maximum must be in the range [0, 100] '),
    ({'maximum': '1K', 'absolute': True}, False, 'Disk used space is above maximum of 1 KB at 250 KB'),
    ({'minimum': 80, 'free': True}, False, 'Disk available space is below minimum of 80 % at 75 %'),
])
def test_disk(states, wanted, result, comment):
    usage = {'/': {'1K-blocks': '1000', 'used': '250', 'available': '750', 'capacity': '25%', 'filesystem': 'x'}}
    function = Given(states).plugin('disk.status', {'disk.usage': lambda: usage})
    ret = function('/', **wanted)
    assert (ret['result'], ret['comment'], ret['changes']) == (result, comment, {})
    assert ret['data'] == ({} if 'must' in comment else usage['/'])
    assert 'Directory /mtstnone does not exist' in function('/mtstnone')['comment']


def test_processes(states):
    answers = {'ps.pgrep': lambda name, user: [4, 5], 'ps.pkill': lambda name, **options: {'killed': [4, 5]}}
    assert told(Given(states).plugin('process.absent', answers, test=True)('x')) == (None, '2 processes will be killed', {})
    assert told(Given(states).plugin('process.absent', answers)('x', signal=9)) == (
        True, 'Killed 2 processes', {'killed': [4, 5]})
    answers = {'ps.pgrep': lambda name, user: None, 'ps.pkill': lambda name, **options: None}
    assert told(Given(states).plugin('process.absent', answers)('x')) == (True, 'No matching processes running', {})


@pytest.mark.parametrize('wanted, result, comment', [
    ({'status': 200}, True, 'Status 200 was found.'),
    ({'status': '404'}, False, 'Status 404 was not found.'),
    ({'status': '20.', 'status_type': 'pcre'}, True, 'Status 20. was found.'),
    ({'match': 'ell'}, True, 'Match text "ell" was found.'),
    ({'match': 'e.+o', 'match_type': 'pcre', 'status': 200}, True, 'Match text "e.+o" was found. Status 200 was found.'),
    ({'match': 'q'}, False, 'Match text "q" was not found.'),
    ({}, False, ' Either match text (match) or a status code (status) is required.'),
])
def test_http(states, wanted, result, comment):
    answers = {'http.query': lambda name, **options: {'status': 200, 'text': 'hello'}}
    ret = Given(states).plugin('http.query', answers)('http://x/', **wanted)
    assert (ret['result'], ret['comment'], ret['changes']) == (result, comment, {})


def test_http_until_it_answers(states):
    answered = [{'error': 'refused'}, {'status': 200}]
    function = Given(states).plugin('http.wait_for_successful_query', {'http.query': lambda name, **opt: answered.pop(0)})
    assert function('http://x/', 60, status=200, request_interval=0)['result'] is True and answered == []
    function = Given(states).plugin('http.query', {}, test=True)
    assert told(function('http://x/', status=200)) == (None, 'Status 200 was not found. (TEST MODE)', {})
