"""States that call execution modules, in both forms: comments and changes as in the reference 3008.3."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support.hoststates import States


@pytest.fixture
def host(tmp_path, monkeypatch):
    return Named(str(tmp_path), monkeypatch)


class Named(States):
    """Takes `name` as an argument of the state, too."""

    def state(self, function, *args, **kwargs):
        world = self.loader.apart({'test': kwargs.pop('test', False)})
        return world.other('states').functions[function](*args, **kwargs)


def shown(returned):
    return returned['result'], returned['comment'], returned['changes']


@pytest.mark.parametrize('functions, expected', [
    ({'test.ping': None}, (True, 'test.ping: True', {'test.ping': True})),
    ({'test.echo': ['hi']}, (True, 'test.echo: hi', {'test.echo': 'hi'})),
    ({'test.echo': [{'text': None}]}, (True, 'test.echo: None', {'test.echo': None})),
    ({'test.echo:again': ['hi']}, (True, 'test.echo:again: hi', {'test.echo:again': 'hi'})),
    ({'test.arg': [1, {'a': 2}]}, (True, 'test.arg: Success', {'test.arg': {'args': [1], 'kwargs': {'a': 2}}})),
    ({'test.echo': [{'text': {'comment': 'c'}}]}, (True, 'test.echo: c', {'test.echo': {'comment': 'c'}})),
    ({'test.echo': [['l']]}, (True, "test.echo: ['l']", {'test.echo': ['l']})),
    ({'test.false': []}, (False, "'test.false': False", {})),
    ({'test.echo': [{'text': {'retcode': 3}}]}, (False, "'test.echo' failed: (error message N/A)", {})),
    ({'test.echo': [{'text': {'a': {'result': False}}}]}, (False, "'test.echo' failed: (error message N/A)", {})),
    ({'test.echo': [{'text': {'result': False, 'comment': 'c'}}]}, (False, "'test.echo' failed: c", {})),
    ({'test.echo': []}, (False, "'test.echo' failed: Missing arguments: text", {})),
    ({'test.nonesuch': []}, (False, 'Unavailable function: test.nonesuch.', {}))])
def test_functions_as_keys(host, functions, expected):
    returned = host.state('module.run', name='x', **functions)
    assert shown(returned) == expected and returned['name'] == list(functions)


def test_several_functions(host):
    result, comment, changes = shown(host.state('module.run', name='x', **{'test.ping': [], 'test.false': []}))
    assert (result, comment, changes) == (False, "'test.false': False, test.ping: True", {'test.ping': True})
    result, comment, changes = shown(host.state('module.run', name='x', test=True, **{'test.ping': [], 'test.false': []}))
    assert result is None and comment in ('FunctionTrue test.ping, test.false to be executed.',
                                          'FunctionTrue test.false, test.ping to be executed.')
    result, comment, changes = shown(host.state('module.run', name='x', test=True, **{'test.ping': [], 'a.b': []}))
    assert (result, comment) == (False, 'Unavailable function: a.b. Function test.ping to be executed.')


def test_a_function_in_test_mode(host):
    assert shown(host.state('module.run', name='x', test=True, **{'test.echo': []})) == (
        None, 'Function test.echo to be executed.', {})
    assert shown(host.state('module.run', name='test.ping', test=True)) == (
        None, 'Module function test.ping is set to execute', {})


@pytest.mark.parametrize('name, options, expected', [
    ('test.ping', {}, (True, 'Module function test.ping executed', {'ret': True})),
    ('test.echo', {'text': 'hi', 'foo': 5}, (True, 'Module function test.echo executed', {'ret': 'hi'})),
    ('test.arg', {'args': [1], 'kwargs': {'a': 2}, 'b': 3},
     (True, 'Module function test.arg executed', {'ret': {'args': [1], 'kwargs': {'a': 2}}})),
    ('group.info', {'m_name': 'mtst-none'}, (True, 'Module function group.info executed', {'ret': {}})),
    ('group.info', {'args': ['root']}, (False, 'The following arguments are missing: m_name', {})),
    ('test.false', {}, (False, 'Module function test.false executed', {'ret': False})),
    ('test.echo', {'text': {'retcode': 2}}, (False, 'Module function test.echo executed', {'ret': {'retcode': 2}})),
    ('test.exception', {'message': 'boo'},
     (False, 'Module function test.exception threw an exception. Exception: boo', {})),
    ('test.arg', {'args': 'x'}, (False, "'args' must be a list.", {})),
    ('a.b', {}, (False, 'Module function a.b is not available', {})),
    ('x', {'test.ping': [], 'foo': 'bar'}, (False, 'Module function x is not available', {}))])
def test_a_function_as_the_name(host, name, options, expected):
    assert shown(host.state('module.run', name=name, **options)) == expected


def test_watching(host):
    assert shown(host.state('module.wait', 'test.ping')) == (True, '', {})
    assert shown(host.state('module.watch', 'x', **{'test.ping': []})) == (True, '', {})
    returned = host.state('module.mod_watch', name='x', sfun='wait', **{'test.ping': []})
    assert shown(returned) == (True, 'test.ping: True', {'test.ping': True})
    assert sorted(returned['name']) == ['sfun', 'test.ping']
    assert shown(host.state('module.mod_watch', name='test.ping', sfun='wait'))[1] == 'Module function test.ping executed'
