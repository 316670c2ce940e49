"""The id of the minion: where it comes from, how it is shaped and kept, which ids are refused."""
from __future__ import absolute_import, division, print_function

import logging
import os
import stat
import threading

import hypothesis
import hypothesis.strategies as some
import pytest

from minion import compat, config, errors, hostnames, identity


class Names(object):
    """Stands in for hostnames.Host."""

    def __init__(self, *names, **more):
        self.names, self.complete = list(names), more.get('complete', True)

    def candidates(self):
        return self.names, self.complete


@pytest.fixture
def conf(tmpdir):
    """A configuration with everything below an empty folder."""
    return config.load(str(tmpdir.mkdir('etc'))).with_values(root_dir=str(tmpdir.mkdir('root')))


def cache(conf, data=None):
    path = identity.path_of_file(conf)
    if data is not None:
        compat.make_dirs(os.path.dirname(path))
        with open(path, 'wb') as stream:
            stream.write(data)
    if not os.path.exists(path):
        return None
    with open(path, 'rb') as stream:
        return stream.read()


# ---- order

def test_the_configured_id_comes_first(conf):
    cache(conf, b'cached')
    found = identity.resolve(conf.with_values(id='given'), host=Names('guessed'))
    assert found == ('given', 'id') and cache(conf) == b'cached'


@pytest.mark.parametrize('data', [b'web1', b'\xef\xbb\xbfweb1\r\n', b'web1\n\n', b'  web1  ', b'web1\0\0\0'])
def test_the_cached_id_comes_next(conf, data):
    cache(conf, data)
    assert identity.resolve(conf, lambda name, keywords: 'called', Names('guessed')) == (
        'web1', identity.path_of_file(conf))
    assert identity.path_of_file(conf).endswith('/root/etc/salt/minion_id')


@pytest.mark.parametrize('data', [
    b'', b'\n', b'\0' * 20, b'localhost', b'localhost.localdomain\n', b'\xef\xbb\xbf\r\n'])
def test_a_cached_id_that_says_nothing_is_guessed_anew(conf, data):
    cache(conf, data)
    assert identity.resolve(conf, host=Names('guessed'))[0] == 'guessed'
    assert cache(conf) == b'guessed'


def test_without_caching_the_file_is_neither_read_nor_written(conf):
    cache(conf, b'cached')
    conf = conf.with_values(minion_id_caching=False)
    assert identity.resolve(conf, host=Names('guessed'))[0] == 'guessed'
    assert cache(conf) == b'cached'


def test_a_guess_is_kept_whole_and_readable(conf):
    old = os.umask(0o077)
    try:
        assert identity.resolve(conf, host=Names('web1.example', 'other')) == ('web1.example', 'host name')
    finally:
        os.umask(old)
    path = identity.path_of_file(conf)
    assert cache(conf) == b'web1.example' and stat.S_IMODE(os.stat(path).st_mode) == 0o644
    assert os.listdir(os.path.dirname(path)) == ['minion_id']


def test_a_guess_that_cannot_be_kept_is_used(conf, caplog):
    with caplog.at_level(logging.WARNING):
        assert identity.resolve(conf.with_values(root_dir='/proc'), host=Names('web1'))[0] == 'web1'
    assert '/proc/etc/salt/minion_id: the id web1 cannot be kept there: ' in caplog.text


def test_a_file_in_the_way_is_named(conf):
    folder = os.path.dirname(identity.path_of_file(conf))
    os.makedirs(os.path.dirname(folder))
    with open(folder, 'w'):
        pass
    with pytest.raises(errors.ConfigError, match='minion_id: cannot be read: Not a directory'):
        identity.resolve(conf, host=Names('web1'))


def test_an_incomplete_guess_is_not_kept(conf, caplog):
    with caplog.at_level(logging.WARNING):
        assert identity.resolve(conf, host=Names('web1', complete=False))[0] == 'web1'
    assert cache(conf) is None and 'name server did not answer' in caplog.text


def test_a_host_without_a_name_is_localhost_and_that_is_not_kept(conf):
    assert identity.resolve(conf, host=Names())[0] == 'localhost'
    assert cache(conf) is None


@pytest.mark.parametrize('data', [b'a\nb', b'a/b', b'../x', b'a\0b', b'\xff\xfe', b'x' * 300, b'x' * 5000])
def test_a_cached_id_that_cannot_be_names_its_file(conf, data):
    cache(conf, data)
    with pytest.raises(errors.ConfigError) as caught:
        identity.resolve(conf, host=Names('guessed'))
    assert str(caught.value).startswith(identity.path_of_file(conf) + ': ') and '\n' not in str(caught.value)


# ---- id_function

def test_a_function_gives_the_id(conf):
    calls = []

    def function(name, keywords):
        calls.append((name, keywords))
        return u'From.Function'

    conf = conf.with_values(id_function={'my.fun': {'a': 1}}, minion_id_lowercase=True)
    assert identity.resolve(conf, function, Names('guessed')) == ('from.function', 'id_function')
    assert calls == [('my.fun', {'a': 1})] and cache(conf) is None


def fails(name, keywords):
    raise errors.FunctionNotAvailable('no such function')


@pytest.mark.parametrize('wanted, function, words', [
    ('my.fun', None, 'cannot be called here'), ('my.fun', fails, 'no such function'),
    ('my.fun', lambda name, keywords: None, 'returned None'), ('my.fun', lambda name, keywords: ' ', 'which is no id'),
    ('nodot', None, 'of the form module.function'), ({'a.b': {}, 'c.d': {}}, None, 'one name'),
    ({'a.b': 5}, None, 'arguments as a mapping'),
])
def test_a_function_that_gives_none(conf, wanted, function, words):
    with pytest.raises(errors.ConfigError, match='^id_function: .*' + words):
        identity.resolve(conf.with_values(id_function=wanted), function, Names('guessed'))


# ---- shape

@pytest.mark.parametrize('values, given, expected', [
    ({'minion_id_lowercase': True}, 'WEB1.Example', 'web1.example'),
    ({'minion_id_remove_domain': True}, 'web1.sub.example', 'web1'),
    ({'minion_id_remove_domain': 'example'}, 'web1.sub.example', 'web1.sub'),
    ({'minion_id_remove_domain': '.example'}, 'web1.example', 'web1'),
    ({'minion_id_remove_domain': 'example'}, 'web1.other', 'web1.other'),
    ({'minion_id_remove_domain': True}, '10.0.0.1', '10.0.0.1'),
    ({'append_domain': 'example'}, 'web1', 'web1.example'),
    ({'append_domain': 'example'}, 'web1.example', 'web1.example'),
    ({'append_domain': 'example'}, '10.0.0.1', '10.0.0.1'),
    ({'append_domain': 'example', 'minion_id_remove_domain': True}, 'web1.old', 'web1.example'),
])
def test_a_guess_is_shaped(conf, values, given, expected):
    assert identity.resolve(conf.with_values(**values), host=Names(given))[0] == expected


def test_a_configured_id_only_gets_the_domain(conf):
    conf = conf.with_values(id='WEB1', minion_id_lowercase=True, minion_id_remove_domain=True, append_domain='example')
    assert identity.resolve(conf)[0] == 'WEB1.example'


# ---- what is refused

@pytest.mark.parametrize('minion_id', [
    'web1', 'a b', 'a*b', '5', compat.to_native(u'h\xe9'), 'a-b_c.d', 'x' * 253, 'a,b', '~'])
def test_ids_that_masters_take(minion_id):
    identity.check(minion_id)


@pytest.mark.parametrize('minion_id', [
    '', ' ', 'a/b', 'a\\b', '..', '../x', 'a..b', '.hidden', 'a\0b', 'a\nb', 'a\rb', 'a\tb', 'a\x1b[0m', 'a\x7f',
    compat.to_native(u'a\x85b'), compat.to_native(u'a\u2028b'), 'x' * 254, compat.to_native(u'\xe9' * 127)])
def test_ids_that_are_refused(minion_id):
    with pytest.raises(errors.ConfigError) as caught:
        identity.check(minion_id, 'FILE: id')
    assert str(caught.value).startswith('FILE: id: the id ') and caught.value.exit_code == 78
    assert '\n' not in str(caught.value) and '\0' not in str(caught.value)


def test_an_id_from_the_configuration_names_file_and_key(tmpdir):
    tmpdir.join('minion').write('id: a/b\n')
    with pytest.raises(errors.ConfigError, match='^%s: id: the id .* contains a slash' % tmpdir.join('minion')):
        identity.resolve(config.load(str(tmpdir)))


@hypothesis.given(some.text(max_size=300))
def test_no_id_that_passes_can_leave_its_folder(text):
    try:
        minion_id = compat.to_native(text)
        identity.check(minion_id)
    except (errors.ConfigError, UnicodeError):
        return
    assert os.path.normpath(os.path.join('/pki/minions', minion_id)) == '/pki/minions/' + minion_id
    assert not minion_id.startswith('.') and '\n' not in minion_id


# ---- guessing

def host(tmpdir, fqdn, nodename, **names):
    for name, text in names.items():
        tmpdir.join('etc' if name in ('hosts', 'hostname', 'nodename') else 'proc', name).write(text, ensure=True)
    return hostnames.Host(str(tmpdir), 5.0, lambda: fqdn, lambda: nodename)


@pytest.mark.parametrize('fqdn, nodename, names, expected', [          # the answers of the reference 3008.3
    ('a.example.com', 'a', {'hostname': 'a\n'}, ['a.example.com', 'a']),
    ('localhost', 'a', {'hostname': 'b\n', 'hosts': '127.0.0.1 localhost c c.d\n'}, ['a', 'b', 'c', 'c.d']),
    ('localhost.localdomain', 'localhost', {'hosts': '127.0.0.1 localhost\n127.0.1.1 zz.d zz # no\n'}, ['zz.d', 'zz']),
    ('localhost', 'localhost', {'hostname': '# x\n'}, []),
    ('short', 'other.dom', {}, ['short', 'other.dom']), ('127.0.1.1', 'mach', {}, ['mach']),
    ('ip6-localhost', 'localhost4', {'hosts': '::1 q\n127.0.0.1 w\n10.0.0.9 e\n'}, ['q', 'w']),
    ('10.1.2.3', 'mach', {}, ['10.1.2.3', 'mach']), ('::1', 'mach', {}, ['mach']), ('', 'mach', {}, ['mach']),
])
def test_candidates(tmpdir, fqdn, nodename, names, expected):
    assert host(tmpdir, fqdn, nodename, **names).candidates() == (expected, True)


def test_addresses_come_last(tmpdir):
    table = ('  |-- 127.0.0.1\n     /32 host LOCAL\n  |-- 10.0.0.9\n     /32 host LOCAL\n'
             '  |-- 10.0.0.0\n     /24 link UNICAST\n')
    tmpdir.join('proc', 'net', 'fib_trie').write(table, ensure=True)
    assert host(tmpdir, 'localhost', 'localhost').candidates() == (['10.0.0.9'], True)


def test_a_dead_resolver_costs_no_more_than_its_deadline(tmpdir):
    released = threading.Event()

    def resolve():
        released.wait()
        return 'late.example'

    started = compat.monotonic()
    found = hostnames.Host(str(tmpdir), 0.1, resolve, lambda: 'mach').candidates()
    took = compat.monotonic() - started
    released.set()
    assert found == (['mach'], False) and took < 2.0


def test_a_resolver_that_fails_is_one_source_less(tmpdir):
    def resolve():
        raise UnicodeError('label too long')
    assert hostnames.Host(str(tmpdir), 5.0, resolve, lambda: 'mach').candidates() == (['mach'], True)


def test_this_host_has_a_name_or_none_in_time():
    names, _ = hostnames.Host().candidates()
    assert all(name and not hostnames.is_loopback(name) for name in names)
