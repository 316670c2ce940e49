"""Small states over execution modules: grains, host, environ, event, saltutil, loop, status. Texts of the reference 3008.3."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support.hoststates import States


class Faked(States):
    """States whose `__salt__` is the mapping `functions`."""

    def __init__(self, folder, monkeypatch):
        States.__init__(self, folder, monkeypatch)
        self.functions = {}

    def shown(self, state, *args, **kwargs):
        world = self.loader.apart({'test': kwargs.pop('test', False)})
        function = world.other('states').functions[state]
        if self.functions:
            function.__globals__['__salt__'] = self.functions
        returned = function(*args, **kwargs)
        return returned['result'], returned['comment'], returned['changes']


@pytest.fixture
def host(tmp_path, monkeypatch):
    return Faked(str(tmp_path), monkeypatch)


# ---- grains

@pytest.fixture
def grains(host):
    known = {'l': ['x'], 'os': 'Debian', 'd': {'a': 1}, 'none': None}

    def change(name, value, force=False, destructive=False):
        if isinstance(known.get(name), (list, dict)) and not force:
            return {'result': False, 'comment': 'refused', 'changes': {}}
        known[name] = value
        if destructive:
            del known[name]
        return {'result': True, 'comment': '', 'changes': {name: value}}

    def append(name, value, convert=False):
        old = known.get(name) or []
        known[name] = (old if isinstance(old, list) else [old]) + (value if isinstance(value, list) else [value])
        return {name: known[name]}

    host.functions = {'grains.get': lambda name, default='': known.get(name, default), 'grains.set': change,
                      'grains.append': append, 'grains.remove': lambda name, value: known[name].remove(value)}
    host.known = known
    return host


@pytest.mark.parametrize('state, name, options, test, planned, done', [
    ('present', 'new', {'value': 1}, (None, 'Grain new is set to be added', {'new': 'new'}),
     (True, 'Set grain new to 1', {'new': 1}), (True, 'Grain is already set', {})),
    ('present', 'os', {'value': 'x'}, (None, 'Grain os is set to be changed', {'changed': {'os': 'x'}}),
     (True, 'Set grain os to x', {'os': 'x'}), (True, 'Grain is already set', {})),
    ('list_present', 'l', {'value': 'y'}, (None, 'Value y is set to be appended to grain l', {'new': ['x']}),
     (True, 'Append value y to grain l', {'new': {'l': ['x', 'y']}}),
     (True, 'Value y is already in grain l (or pending)', {})),
    ('list_present', 'l', {'value': ['x', 'y']}, (None, "Value ['y'] is set to be appended to grain l", {'new': ['x']}),
     (True, 'Removed value [\'x\'] from update due to value found in "l" (or pending).\nAppend value [\'y\'] to grain l',
      {'new': {'l': ['x', 'y']}}), (True, "Value ['x', 'y'] is already in grain l (or pending)", {})),
    ('list_present', 'new', {'value': 'y'}, (None, 'Grain new is set to be added', {'new': ''}),
     (True, 'Append value y to grain new', {'new': {'new': ['y']}}),
     (True, 'Value y is already in grain new (or pending)', {})),
    ('list_absent', 'l', {'value': ['x', 'q']},
     (None, 'Value x in grain l is set to be deleted\nValue q is absent from grain l', {'deleted': ['x']}),
     (True, 'Value x was deleted from grain l\nValue q is absent from grain l', {'deleted': ['x']}),
     (True, 'Grain l does not exist', {})),
    ('append', 'l', {'value': 'y'}, (None, 'Value y in grain l is set to be added', {'added': 'y'}),
     (True, 'Value y was added to grain l', {'added': 'y'}), (True, 'Value y is already in the list for grain l', {})),
    ('append', 'os', {'value': 'y', 'convert': True},
     (None, 'Grain os is set to be converted to list and value y will be added', {'added': 'y'}),
     (True, 'Value y was added to grain os', {'added': 'y'}), (True, 'Value y is already in the list for grain os', {})),
    ('absent', 'os', {'destructive': True}, (None, 'Grain os is set to be deleted', {'deleted': 'os'}),
     (True, 'Grain os was deleted', {'deleted': 'os'}), (True, 'Grain os does not exist', {})),
    ('absent', 'l', {'destructive': True, 'force': True}, (None, 'Grain l is set to be deleted', {'deleted': 'l'}),
     (True, 'Grain l was deleted', {'deleted': 'l'}), (True, 'Grain l does not exist', {}))])
def test_grains_that_change(grains, state, name, options, test, planned, done):
    assert grains.shown('grains.' + state, name, test=True, **options) == test
    assert grains.shown('grains.' + state, name, **options) == planned
    assert grains.shown('grains.' + state, name, **options) == done


@pytest.mark.parametrize('state, name, options, expected', [
    ('exists', 'os', {}, (True, 'Grain exists', {})),
    ('exists', 'none', {}, (False, 'Grain does not exist', {})),
    ('present', 'd', {'value': 1}, (False, 'refused', {})),
    ('absent', 'd', {}, (False, 'refused', {})),
    ('absent', 'os', {}, (True, 'Value for grain os was set to None', {'grain': 'os', 'value': None})),
    ('list_present', 'os', {'value': 'x'}, (False, 'Grain os is not a valid list', {})),
    ('list_absent', 'os', {'value': 'x'}, (False, 'Grain os is not a valid list', {})),
    ('list_absent', 'zz', {'value': 'x'}, (True, 'Grain zz does not exist', {})),
    ('append', 'os', {'value': 'x'}, (False, 'Grain os is not a valid list', {})),
    ('append', 'zz', {'value': 'x'}, (False, 'Grain zz does not exist', {}))])
def test_grains(grains, state, name, options, expected):
    assert grains.shown('grains.' + state, name, **options) == expected


def test_grains_within_one_run(tmp_path, monkeypatch):
    monkeypatch.setattr('minion.helpers.staticgrains.path', lambda opts: str(tmp_path / 'grains'))
    host = States(str(tmp_path), monkeypatch)
    host.loader._link.refresh = lambda *kinds: None
    states = host.loader.apart({'test': False}, grains={'id': 'ref1'}).other('states').functions
    assert states['grains.list_present']('a:l', 'x')['comment'] == 'Append value x to grain a:l'
    assert states['grains.list_present']('a:l', 'y')['changes'] == {'new': {'a': {'l': ['x', 'y']}}}
    assert states['grains.list_absent']('a:l', 'x')['changes'] == {'deleted': ['x']}
    assert states['grains.list_absent']('a:l', 'x')['comment'] == 'Value x is absent from grain a:l'
    assert states['grains.absent']('a', True, force=True)['changes'] == {'deleted': 'a'}
    assert states['grains.absent']('a')['comment'] == 'Grain a does not exist'


# ---- /etc/hosts

@pytest.fixture
def hosts(host):
    known = {'192.0.2.1': {'aliases': ['db']}, '192.0.2.2': {'aliases': ['db', 'web'], 'comment': 'old'}}

    def add(ip, name):
        known.setdefault(ip, {'aliases': []})['aliases'].append(name)
        return True

    def remove(ip, name):
        known[ip]['aliases'].remove(name)
        return True

    def put(ip, names):
        known[ip] = {'aliases': names.split()}
        return True

    def remark(ip, text):
        known[ip]['comment'] = text
        return True
    host.functions = {'hosts.list_hosts': lambda: known, 'hosts.add_host': add, 'hosts.rm_host': remove, 'hosts.set_host': put,
                      'hosts.set_comment': remark, 'hosts.get_alias': lambda ip: known.get(ip, {}).get('aliases', []),
                      'hosts.has_pair': lambda ip, name: name in known.get(ip, {}).get('aliases', [])}
    return host


def test_host_present(hosts):
    assert hosts.shown('host.present', 'web', '192.0.2.2') == (True, 'Host web (192.0.2.2) already present', {})
    added = {'added': {'192.0.2.9': ['web']}}
    assert hosts.shown('host.present', 'web', ['192.0.2.2', '192.0.2.9'], test=True) == (
        None, 'Host web (192.0.2.2) already present\nHost web (192.0.2.9) would be added', added)
    assert hosts.shown('host.present', 'web', ['192.0.2.2', '192.0.2.9']) == (
        True, 'Host web (192.0.2.2) already present\nAdded host web (192.0.2.9)', added)
    assert hosts.shown('host.present', 'web', '192.0.2.9', clean=True) == (
        True, 'Host web (192.0.2.9) already present\nRemoved host web (192.0.2.2)', {'removed': {'192.0.2.2': ['web']}})
    assert hosts.shown('host.present', 'web', '192.0.2.9', comment='c', test=True) == (
        True, 'Comment for 192.0.2.9 (c) would be added', {'comment_added': {'192.0.2.9': ['c']}})
    assert hosts.shown('host.present', 'web', '192.0.2.9', comment='c') == (
        True, 'Set comment for host 192.0.2.9 (c)', {'comment_added': {'192.0.2.9': ['c']}})


def test_host_present_warns_of_other_addresses(hosts):
    function = hosts.loader.apart({'test': False}).other('states').functions['host.present']
    function.__globals__['__salt__'] = hosts.functions
    returned = function('db', '192.0.2.1')
    assert len(returned['warnings']) == 1 and returned['warnings'][0].startswith(
        'Host db present for IP address 192.0.2.2. To get rid of this warning')


def test_host_that_cannot_be_written(hosts):
    hosts.functions.update({'hosts.add_host': lambda *args: False, 'hosts.rm_host': lambda *args: False,
                            'hosts.set_host': lambda *args: False})
    assert hosts.shown('host.present', 'x', '192.0.2.1') == (False, 'Failed to add host x (192.0.2.1)', {})
    assert hosts.shown('host.absent', 'db', '192.0.2.1') == (False, 'Failed to remove host', {})
    assert hosts.shown('host.only', '192.0.2.1', ['x'])[0] is False


def test_host_absent(hosts):
    assert hosts.shown('host.absent', 'db', '192.0.2.1', test=True) == (None, 'Host db (192.0.2.1) needs to be removed', {})
    assert hosts.shown('host.absent', 'db', ['192.0.2.1', '192.0.2.7']) == (
        True, 'Removed host db (192.0.2.1)\nHost db (192.0.2.7) already absent', {'host': 'db'})


def test_host_only(hosts):
    assert hosts.shown('host.only', '192.0.2.2', ['db', 'web']) == (
        True, 'IP address 192.0.2.2 already set to "db web"', {})
    assert hosts.shown('host.only', '192.0.2.2', 'db', test=True) == (
        None, 'Would change 192.0.2.2 from "db web" to "db"', {})
    assert hosts.shown('host.only', '192.0.2.2', 'db') == (
        True, 'successfully changed 192.0.2.2 from "db web" to "db"', {'192.0.2.2': {'old': 'db web', 'new': 'db'}})


# ---- environ, event, saltutil

def test_environ(host):
    assert host.shown('environ.setenv', 'MTST_A', 'x', test=True) == (
        True, 'Environ values will be changed', {'MTST_A': 'x'})
    assert host.shown('environ.setenv', 'n', {'MTST_A': 'x', 'MTST_B': False}) == (
        True, 'Environ values were set', {'MTST_A': 'x', 'MTST_B': ''})
    assert host.shown('environ.setenv', 'MTST_A', False, false_unsets=True) == (
        True, 'Environ values were already set with the correct values', {})
    assert host.shown('environ.setenv', 'MTST_A', 5) == (False, 'Environ value must be string, dict or False', {})
    assert host.shown('environ.setenv', 'n', {'MTST_A': 5})[:2] == (False, 'Failed to set environ variables')


def test_event(host):
    sent = []
    host.functions = {'event.send': lambda *args, **kwargs: not sent.append((args, kwargs))}
    told = {'tag': 'a/b', 'data': {'x': 1}}
    assert host.shown('event.send', 'a/b', {'x': 1}, test=True) == (None, 'Event would have been fired', told)
    assert host.shown('event.wait', 'a/b') == (True, '', {}) and not sent
    assert host.shown('event.send', 'a/b', {'x': 1}, more='m') == (True, 'Event fired', told)
    assert sent == [(('a/b', {'x': 1}, None), {'with_env': False, 'with_grains': False, 'with_pillar': False, 'more': 'm'})]
    assert host.shown('event.mod_watch', 'a/b', show_changed=False) == (True, 'Event fired', {})


def test_saltutil(host):
    host.functions = {'saltutil.sync_grains': lambda: ['grains.x'],
                      'saltutil.sync_all': lambda: {'grains': [], 'states': ['s']}, 'saltutil.sync_states': lambda: []}
    assert host.shown('saltutil.sync_grains', 'x', test=True) == (None, 'saltutil.sync_grains would have been run', {})
    assert host.shown('saltutil.sync_grains', 'x') == (True, 'Sync performed', {'grains': ['grains.x']})
    assert host.shown('saltutil.sync_all', 'x') == (True, 'Sync performed', {'states': ['s']})
    assert host.shown('saltutil.sync_states', 'x') == (True, 'No updates to sync', {})
    result, comment, changes = host.shown('saltutil.sync_states', 'x', foo=1)
    assert result is False and comment.startswith('Failed to run sync_states: ')


# ---- loop, status

@pytest.fixture
def clock(host, monkeypatch):
    """Pauses take no time, but the clock of the states goes on."""
    now = [0.0]
    functions = host.loader.other('states').functions
    compat = functions['loop.until'].__globals__['compat']
    monkeypatch.setattr(compat, 'monotonic', lambda: now[0])
    monkeypatch.setattr('time.sleep', lambda seconds: now.__setitem__(0, now[0] + seconds))
    return now


def test_no_condition_is_run_as_code(host):
    answers = iter(range(99))
    host.functions = {'a.b': lambda *args: next(answers)}
    assert host.shown('loop.until', 'x.y', condition='m_ret') == (False, 'Cannot find module x.y', {})
    assert host.shown('loop.until', 'a.b') == (False, 'An exit condition must be specified', {})
    result, comment, _ = host.shown('loop.until', 'a.b', condition='m_ret == 3')
    assert result is False and 'm_ret == 3' in comment and 'use loop.until_no_eval' in comment


def test_loop_without_expressions(host, clock):
    answers = iter(range(99))
    host.functions = {'a.b': lambda *args: next(answers), 'a.c': lambda **kwargs: 1 // 0}
    assert host.shown('loop.until_no_eval', 'x.y', 1) == (False, 'Module.function "x.y" is unavailable.', {})
    assert host.shown('loop.until_no_eval', 'a.b', 1, 'bad') == (False, 'Invalid operator "bad" supplied.', {})
    assert host.shown('loop.until_no_eval', 'a.b', 1, test=True) == (
        None, 'Would have waited for "a.b" to produce "1".', {})
    assert host.shown('loop.until_no_eval', 'a.b', 2) == (True, 'Call provided the expected results in 3 attempts', {})
    assert host.shown('loop.until_no_eval', 'a.b', 2, 'gt')[0] is True
    assert host.shown('loop.until_no_eval', 'a.b', 2, timeout=3) == (
        False, 'Call did not produce the expected result after 3 attempts', {})
    assert host.shown('loop.until_no_eval', 'a.c', 2)[1].startswith(
        "Exception occurred while executing a.c: <class 'ZeroDivisionError'>:")


def test_status(host):
    host.functions = {'status.loadavg': lambda: {'1-min': 2.5}, 'status.pid': lambda name: '7' if name == 'init' else ''}
    assert host.shown('status.loadavg', '1-min', maximum=3) == (True, 'Load avg in acceptable range', {})
    assert host.shown('status.loadavg', '1-min', maximum=2) == (False, 'Load avg above maximum of 2 at 2.5', {})
    assert host.shown('status.loadavg', '1-min', minimum=9) == (False, 'Load avg is below minimum of 9 at 2.5', {})
    assert host.shown('status.loadavg', 'x')[0] is False
    assert host.shown('status.process', 'init') == (True, 'Process signature "init" was found ', {})
    assert host.shown('status.process', 'x') == (False, 'Process signature "x" not found ', {})
