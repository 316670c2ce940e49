"""States of crontabs over a fake program crontab; the texts are those that are documented."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support.hoststates import States



@pytest.fixture
def host(tmp_path, monkeypatch):
    host = States(str(tmp_path), monkeypatch)
    host.tab = {'crons': [], 'special': [], 'env': []}
    return host


def shown(host, state, *args, **kwargs):
    """The state over a table in memory whose writing functions answer `host.done`."""
    world = host.loader.apart({'test': kwargs.pop('test', False)})
    host.asked = []

    def write(name):
        return lambda *args, **kwargs: host.asked.append((name, args, kwargs)) or host.done
    functions = dict(('cron.' + name, write(name)) for name in ('set_job', 'set_special', 'rm_job', 'rm_special', 'set_env',
                                                                 'rm_env'))
    functions['cron.list_tab'] = lambda user: host.tab
    loader = world.other('states')
    loader._dunders = lambda given=loader._dunders(): dict(given, __salt__=functions)
    returned = loader.functions[state](*args, **kwargs)
    return returned['result'], returned['comment'], returned['changes']


@pytest.mark.parametrize('state, word, answers', [
    ('present', 'Cron x', {'new': "added to root's crontab", 'updated': 'updated', 'present': 'already present'}),
    ('absent', 'Cron x', {'removed': "removed from root's crontab", 'absent': 'already absent'}),
    ('env_present', 'Cron env x', {'new': "added to root's crontab", 'updated': 'updated', 'present': 'already present'}),
    ('env_absent', 'Cron env x', {'removed': "removed from root's crontab", 'absent': 'already absent'})])
def test_what_was_done(host, state, word, answers):
    for host.done, said in sorted(answers.items()):
        changes = {} if host.done in ('present', 'absent') else {'root': 'x'}
        assert shown(host, 'cron.' + state, 'x') == (True, '%s %s' % (word, said), changes)
    host.done = 'no such user'
    assert shown(host, 'cron.' + state, 'x') == (
        False, '%s for user root failed to commit with error \nno such user' % word, {})


def test_what_is_asked_for(host):
    host.done = 'new'
    shown(host, 'cron.present', 'x', minute=5, comment='c', commented=True)
    assert host.asked == [('set_job', ('root', '5', '*', '*', '*', '*', 'x', True, 'c', 'x'), {})]
    shown(host, 'cron.present', 'x', user='u', special='@daily', identifier='i')
    assert host.asked == [('set_special', ('u', '@daily', 'x', False, None, 'i'), {})]
    shown(host, 'cron.absent', 'x', special='@daily')
    assert host.asked == [('rm_special', ('root', 'x'), {'special': '@daily', 'identifier': 'x'})]


def test_test_mode(host):
    assert shown(host, 'cron.present', 'x', test=True) == (None, 'Cron x is set to be added', {})
    assert shown(host, 'cron.absent', 'x', test=True) == (True, 'Cron x is absent', {})
    assert shown(host, 'cron.env_present', 'A', 'v', test=True) == (None, 'Cron env A is set to be added', {})
    assert shown(host, 'cron.env_absent', 'A', test=True) == (True, 'Cron env A is absent', {})
    host.tab = {'env': [{'name': 'A', 'value': 'v'}], 'special': [], 'crons': [
        {'cmd': 'x', 'minute': '5', 'hour': '*', 'daymonth': '*', 'month': '*', 'dayweek': '*', 'comment': None,
         'identifier': 'x', 'commented': False}]}
    assert shown(host, 'cron.present', 'x', minute=5, test=True) == (True, 'Cron x already present', {})
    assert shown(host, 'cron.present', 'x', minute=6, test=True) == (None, 'Cron x is set to be updated', {})
    assert shown(host, 'cron.absent', 'x', test=True) == (None, 'Cron x is set to be removed', {})
    assert shown(host, 'cron.env_present', 'A', 'v', test=True) == (True, 'Cron env A already present', {})
    assert shown(host, 'cron.env_present', 'A', 'w', test=True) == (None, 'Cron env A is set to be updated', {})
    assert shown(host, 'cron.env_absent', 'A', test=True) == (None, 'Cron env A is set to be removed', {})
    assert not host.asked
