"""Execution modules test and config, beyond what the captured cases show."""
from __future__ import absolute_import, division, print_function

import pytest

import minion
from minion import compat, errors
from tests.support import replay

ROWS = replay.read('argspecs.json')
MORE = [row for row in replay.read('argspecs_files.json') if not row['name'].startswith('saltutil.')]
NOT_OFFERED = {
    'config.gather_bootstrap_script': 'fetches and keeps an installer of Salt',
}


@pytest.fixture
def loader(tmpdir):
    return replay.make_loader(str(tmpdir.mkdir('extmods')))


def argspec(loader, name):
    return loader.functions['sys.argspec'](name).get(name)


@pytest.mark.parametrize('row', ROWS + MORE, ids=[row['name'] for row in ROWS + MORE])
def test_arguments_are_those_of_the_reference(loader, row):
    found = argspec(loader, row['name'])
    if found is None:
        assert row['name'] in NOT_OFFERED
    else:
        assert found == row['argspec']


def test_test_offers_every_function_of_the_reference(loader):
    theirs = sorted(row['name'] for row in ROWS if row['name'].startswith('test.'))
    assert loader.functions['sys.list_functions']('test') == theirs


def test_every_function_of_ours_has_a_docstring_with_a_call(loader):
    for name in loader.functions['sys.list_functions']('test', 'sys', 'config', 'saltutil', 'cp', 'pillar'):
        assert 'CLI: salt ' in loader.functions[name].__doc__ and name in loader.functions[name].__doc__, name


def test_versions(loader):
    found = loader.functions['test.versions_information']()
    assert found['Salt Version']['Salt'] == loader.functions['test.version']() == minion.SALT_VERSION
    assert found['Minion Version'] == {'Minion': minion.__version__}
    assert found['Dependency Versions']['PyYAML'][0].isdigit() and found['Dependency Versions']['PyZMQ'][0].isdigit()
    assert found['Dependency Versions']['rsa'][0].isdigit() and found['Dependency Versions']['click'][0].isdigit()
    report = loader.functions['test.versions_report']()
    for names in found.values():
        for name, version in names.items():
            assert '%s: %s\n' % (name, version or 'Not Installed') in report


@pytest.mark.parametrize('value, shown', [(1, 'int'), (True, 'bool'), (None, 'NoneType'), ('x', 'str'), (u'x', 'str'),
                                          (1 << 40, 'int'), (1.5, 'float'), ([], 'list')])
def test_types_have_the_names_of_python_3(loader, value, shown):
    assert loader.functions['test.arg_type'](value) == {'args': ["<class '%s'>" % shown], 'kwargs': {}}


def test_text_forms_are_those_of_python_3(loader):
    assert loader.functions['test.arg_repr'](u'x', [u'y', None], k=u'\u00e9') == {
        'args': u"('x', ['y', None])", 'kwargs': u"{'k': '\u00e9'}"}


@pytest.mark.parametrize('num, value', [(0, 0), (1, 1), (2, 1), ('3', 2), (30, 832040)])
def test_fib(loader, num, value):
    assert loader.functions['test.fib'](num)[0] == value


def test_try_swallows_and_shows(loader):
    call = loader.functions['test.try']
    assert call('test.echo', text='x', __pub_jid='1') == 'x'
    assert call('test.exception') is None
    assert call('test.exception', return_try_exception=True, message='oh') == 'Exception: oh'


def test_random_hash(loader):
    one, other = loader.functions['test.random_hash'](), loader.functions['test.rand_str']()
    assert one != other and len(one) == 64
    assert len(loader.functions['test.random_hash'](hash_type=u'sha512')) == 128


def test_assertion(loader):
    with pytest.raises(AssertionError):
        loader.functions['test.assertion'](0)


def test_errors_of_salt_by_name(loader):
    raising = loader.functions['test.raise_exception']
    with pytest.raises(errors.SaltInvocationError) as caught:
        raising('salt.exceptions.SaltInvocationError', 'no such thing')
    assert str(caught.value) == 'no such thing'
    for kind, name in ((errors.CommandExecutionError, 'CheckError'), (errors.SaltException, 'SaltRenderError'),
                       (errors.FileClientError, 'MinionError')):
        with pytest.raises(kind) as caught:
            raising('salt.exceptions.' + name, 'no')
        assert type(caught.value).__name__ == name
    assert [raising(name) for name in ('salt.exceptions.ConfigError', 'SaltInvocationError', 'x.y', 'AttributeError', 5,
                                       'BaseException')] == [False] * 6


def test_cross_test_hands_on_what_it_got(loader):
    cross = loader.functions['test.cross_test']
    assert [cross('test.arg', 'ab')['args'], cross('test.arg', [1])['args'], cross('test.ping')] == [['a', 'b'], [1], True]
    with pytest.raises(TypeError):
        cross('file.gid_to_group', 0)


def test_provider(loader):
    provider = loader.functions['test.provider']
    assert [provider(name) for name in ('sys', 'ptname', 'nosuch')] == ['sysmod', 'ptvirt2', '']


# ---- config

SOURCES = {
    'opts': {'a': {'b': 1}, 'list': [1], 'both.x': 'opts', 'text': 'o'},
    'pillar': {'a': {'c': 2}, 'list': [2], 'both.y': 'pillar', 'role': 'web', 'master': {'m': 5, 'a': {'d': 3}}},
    'grains': {'os': 'Debian', 'role': 'grain', 'a': {'b': 'grain'}},
}


@pytest.fixture
def config(tmpdir):
    loader = replay.make_loader(str(tmpdir.mkdir('extmods')), **SOURCES['opts'])
    loader.update(SOURCES['grains'], SOURCES['pillar'])
    return lambda name, *args, **kwargs: loader.functions['config.' + name](*args, **kwargs)


@pytest.mark.parametrize('args, kwargs, value', [
    (['a:b'], {}, 1), (['a:c'], {}, 2), (['a:d'], {}, 3), (['a'], {}, {'b': 1}), (['role'], {}, 'grain'),
    (['role'], {'omit_grains': True}, 'web'), (['m'], {}, 5), (['m', 'none'], {'omit_master': True}, 'none'),
    (['a.b'], {'delimiter': '.'}, 1), (['a:x', 7], {}, 7), (['hosts.file'], {}, '/etc/hosts'),
    (['a'], {'merge': 'recurse'}, {'b': 1, 'c': 2, 'd': 3}), (['a'], {'merge': 'overwrite'}, {'b': 1}),
    (['nosuch', 1], {'merge': 'recurse'}, 1),
])
def test_config_get(config, args, kwargs, value):
    assert config('get', *args, **kwargs) == value


@pytest.mark.parametrize('args, kwargs, value', [
    (['text'], {}, 'o'), (['role'], {}, 'grain'), (['m'], {}, 5), (['a:b'], {}, ''), (['x', 1], {}, 1),
    (['text', 1], {'omit_all': True}, 1), (['test.foo'], {'omit_all': True}, 'unconfigured'),
    (['both.*'], {'wildcard': True}, {'both.x': 'opts', 'both.y': 'pillar'}), (['x*'], {'wildcard': True}, {}),
    (['x*', 5], {'wildcard': True}, 5),
])
def test_config_option(config, args, kwargs, value):
    assert config('option', *args, **kwargs) == value


def test_config_merge(config):
    assert config('merge', 'a') == {'b': 1, 'c': 2, 'd': 3}
    assert config('merge', 'list') == [1, 2]
    assert config('merge', 'text') == 'o' and config('merge', 'role') == 'web' and config('merge', 'none', 5) == 5
    assert config('get', 'a') == {'b': 1} and config('get', 'list') == [1]         # nothing was changed by merging


def test_config_dot_vals(config):
    assert config('dot_vals', 'both') == {'both.x': 'opts', 'both.y': 'pillar'}


@pytest.mark.parametrize('mode, text', [('644', '0644'), ('0644', '0644'), (1755, '1755'), ('0o640', '0640'),
                                        (0, '0000'), (None, None), ('"600"', '0600')])
def test_config_manage_mode(config, mode, text):
    assert config('manage_mode', mode) == text


def test_config_backup_mode(config):
    assert config('backup_mode', 'minion') == 'minion' and config('backup_mode') == ''


def test_shown_settings_are_a_copy(config):
    config('items')['id'] = 'changed'
    assert config('items')['id'] == 'ref1'
    assert compat.is_text(config('get', 'extension_modules'))
