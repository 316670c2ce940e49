"""The module and the states debconf, over fake programs of debconf-utils."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support.hoststates import States

SET = """
grep -q REFUSED "$1" && { echo 'error: Cannot find a question' >&2; exit 1; }
while read -r package question type value; do
    printf '%%s\\t%%s\\t%%s\\t%%s\\n' "$package" "$question" "$type" "$value" >> "%(answers)s"
done < "$1"
"""


@pytest.fixture
def host(tmp_path, monkeypatch):
    host = States(str(tmp_path), monkeypatch)
    host.answers, host.source = tmp_path / 'known', tmp_path / 'source'
    host.answers.write_text(u'# Where?\ntzdata\ttzdata/Areas\tselect\tEurope\nunknown\tfoo/empty\tstring\t\n')
    host.programs.script('debconf-get-selections', 'cat "%s"\n' % host.answers)
    host.programs.script('debconf-set-selections', SET % {'answers': host.answers})
    return host


def told(host, function, *args, **kwargs):
    answer = host.state('debconf.' + function, *args, **kwargs)
    return answer['result'], answer['comment'], answer['changes']


def test_selections(host):
    known = {'tzdata': [['tzdata/Areas', 'select', 'Europe']]}
    assert host.job('debconf.get_selections') == (dict(known, unknown=[['foo/empty', 'string', '']]), 0)
    assert host.job('debconf.get_selections', fetchempty=False) == (known, 0)
    assert host.job('debconf.show', 'tzdata') == (known['tzdata'], 0)
    assert host.job('debconf.show', 'other') == (None, 0)


def test_setting(host):
    assert host.job('debconf.set', 'mtst', 'mtst/x', 'string', 'two', 'words') == (True, 0)
    assert host.job('debconf.show', 'mtst') == ([['mtst/x', 'string', 'two words']], 0)
    assert host.job('debconf.set', 'mtst', 'mtst/x', 'string', 'REFUSED') == (False, 1)
    assert host.job('debconf.set', 'mtst', 'mtst/x', 'string', 'a\nother other/x string b')[1] == 1
    host.source.write_text(u'mtst mtst/{{ key }} string v\n')
    assert host.call('debconf.set_template', str(host.source), 'jinja', {'key': 'y'}, {}) is True
    assert host.call('debconf.show', 'mtst')[-1] == ['mtst/y', 'string', 'v']
    assert host.call('debconf.set_file', str(host.source) + '.none') is False


def test_state_set(host):
    there = {'tzdata/Areas': {'type': 'select', 'value': 'Europe'}}
    assert told(host, 'set', 'tzdata', there) == (True, 'All specified answers are already set', {})
    wanted = dict(there, b={'type': 'boolean', 'value': True}, p={'type': 'password', 'value': 'secret'})
    shown = {'b': 'true', 'p': '(password hidden)'}
    assert told(host, 'set', 'tzdata', wanted, test=True) == (
        None, 'Unchanged answers: tzdata/Areas ', dict((key, 'New value: ' + shown[key]) for key in shown))
    assert told(host, 'set', 'tzdata', wanted) == (True, 'Unchanged answers: tzdata/Areas ', shown)
    assert told(host, 'set', 'tzdata', wanted) == (True, 'All specified answers are already set', {})
    assert told(host, 'set', 'tzdata', {'x': {'type': 'string', 'value': 'REFUSED'}}) == (False, 'Unable to set: x', {})
    assert told(host, 'set', 'tzdata', {'x': {'type': 'string'}}) == (False, 'The answer to x needs a type and a value', {})
    assert told(host, 'set', 'tzdata', ['x']) == (False, 'data must be formed as a dict', {})


def test_state_set_file(host):
    host.source.write_text(u'mtst mtst/x string v\n')
    assert told(host, 'set_file', 'n', str(host.source), test=True) == (None, 'Debconf selections would have been set.', {})
    assert host.call('debconf.show', 'mtst') is None
    assert told(host, 'set_file', 'n', str(host.source)) == (True, 'Debconf selections were set.', {})
    assert host.call('debconf.show', 'mtst') == [['mtst/x', 'string', 'v']]
    assert told(host, 'set_file', 'n', str(host.source) + '.none') == (
        False, 'Unable to set debconf selections from file.', {})
    assert told(host, 'set_file', 'n', 'x', context='a') == (False, 'Context must be formed as a dict', {})
