# -*- coding: utf-8 -*-
"""hashutil, random, ini, temp and locate, with the returns that the reference gave to the same calls."""
from __future__ import absolute_import, division, print_function

import os
import stat

import pytest

from minion import compat
from tests.support import calling


@pytest.fixture(scope='module')
def loader(tmpdir_factory):
    return calling.loader(tmpdir_factory.mktemp('cache'))


@pytest.fixture
def call(loader):
    return calling.caller(loader)


@pytest.mark.parametrize('fun, arg, expected', [
    ('hashutil.base64_b64encode', [u'€'], '4oKs'),
    ('hashutil.base64_b64decode', ['Z2V0IHNhbHRlZA==\n'], 'get salted'),
    ('hashutil.base64_b64decode', ['/w=='], b'\xff'),
    ('hashutil.base64_encodestring', ['a' * 60], 'YWFh' * 19 + '\nYWFh\n'),
    ('hashutil.base64_decodestring', ['YWJj'], 'abc'),
    ('hashutil.md5_digest', ['get salted'], '2aacf29e92feaf528fb738bcf9d647ac'),
    ('hashutil.sha256_digest', [''], 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'),
    ('hashutil.digest', ['x', 'sha1'], "ERROR: Hash func 'sha1' is not supported."),
    ('hashutil.hmac_signature', ['get salted', 'shared secret', 'eBWf9bstXg+NiP5AOwppB5HMvZiYMPzEM9W5YMm/AmQ='], True),
    ('hashutil.hmac_signature', ['a', 'b', 'c'], False),
    ('hashutil.hmac_compute', ['', ''], 'b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad'),
    ('hashutil.md5_digest', [5],
     "Passed invalid arguments to hashutil.md5_digest: expected str, bytes, or bytearray not <class 'int'>"),
    ('random.hash', ['x', 'md5'], '9dd4e461268c8034f5c8564e155c67a6'),
    ('random.str_encode', ['I am'], 'SSBhbQ=='),
    ('random.str_encode', ['I am', 'hex'], "ERROR executing 'random.str_encode': Value must be an encode-able string"),
    ('random.rand_int', [1, 100, 'x'], 81),
    ('random.rand_int', [1, 10, 5], 10),
    ('random.seed', [10, 'x'], 5),
    ('random.seed', [100, 'abc'], 98),
    ('random.sample', [[1, 2, 3], 2, 'x'], [2, 3]),
    ('random.shuffle', [['a', 'b', 'c', 'd'], 'seed'], ['b', 'a', 'c', 'd']),
    ('random.get_str', ['x'], "ERROR: invalid literal for int() with base 10: 'x'"),
    ('random.get_str', [5, 'a'], 'aaaaa'),
    ('random.get_str', [0], ''),
])
def test_values_of_the_reference(call, fun, arg, expected):
    assert call(fun, *arg) == expected


def test_a_sample_of_many_has_no_item_twice(call):
    items = list(range(500))
    found = call('random.sample', items, 40)
    assert len(set(found)) == 40 and set(found) <= set(items)
    assert sorted(call('random.shuffle', items)) == items
    assert call('random.sample', items, 9, 'x') == call('random.sample', items, 9, 'x')


def test_random_texts_hold_the_kinds_that_are_wanted(call):
    found = call('random.get_str', 200, lowercase=False, uppercase=False, punctuation=False)
    assert len(found) == 200 and found.isdigit()
    assert len(call('random.get_str')) == 20


def test_shadow_hash(call):
    assert call('random.shadow_hash', 'abc', 'pw', 'md5') == '$1$abc$Kb85XxsXB.VXinPhbS4431'
    assert call('random.shadow_hash').startswith('$6$')


def test_base64_of_files(call, tmpdir):
    path = str(tmpdir.join('out'))
    assert call('hashutil.base64_decodefile', 'AAH//gphYmMK', path) is True
    with open(path, 'rb') as stream:
        assert stream.read() == b'\x00\x01\xff\xfe\nabc\n'
    assert call('hashutil.base64_encodefile', path) == 'AAH//gphYmMK\n'
    assert call('hashutil.digest_file', path, 'sha256') == call('hashutil.sha256_digest', b'\x00\x01\xff\xfe\nabc\n')
    assert call('hashutil.digest_file', str(tmpdir)) == "ERROR: File path '%s' not found." % tmpdir


def test_github_signature(call):
    digits = call('hashutil.hmac_compute', 'body', 'key')
    assert call('hashutil.github_signature', string='body', shared_secret='key', challenge_hmac='sha256=' + digits) is True
    assert call('hashutil.github_signature', string='body', shared_secret='key', challenge_hmac='sha256=' + 64 * '0') is False


# ---- ini

CONF = u'# comment\nkey = value\n#opt = 1\n  indented = yes\n[sec]\nkey = other\n\nlast = 1\n'


@pytest.fixture
def ini(tmpdir):
    path = tmpdir.join('conf')
    path.write_text(CONF, 'utf-8')
    os.chmod(str(path), 0o640)
    return path


def text_of(path):
    return path.read_text('utf-8')


@pytest.mark.parametrize('options, changes, text', [
    ({'sec': {'key': 'new'}}, {'sec': {'key': {'before': 'other', 'after': 'new'}}},
     u'# comment\nkey = value\n#opt = 1\n  indented = yes\n\n[sec]\nkey = new\n\nlast = 1\n'),
    ({'newsec': {'a': 1}}, {'newsec': {'before': None, 'after': {'a': '1'}}},
     u'# comment\nkey = value\n#opt = 1\n  indented = yes\n\n[sec]\nkey = other\n\nlast = 1\n\n[newsec]\na = 1\n'),
    ({'top': 'v'}, {'top': {'before': None, 'after': 'v'}},
     u'# comment\nkey = value\n#opt = 1\n  indented = yes\ntop = v\n\n[sec]\nkey = other\n\nlast = 1\n'),
    ({'sec': {'key': 'other'}}, {}, u'# comment\nkey = value\n#opt = 1\n  indented = yes\n\n[sec]\nkey = other\n\nlast = 1\n'),
])
def test_ini_set_option(call, ini, options, changes, text):
    assert call('ini.set_option', str(ini), options) == changes
    assert text_of(ini) == text
    assert stat.S_IMODE(os.stat(str(ini)).st_mode) == 0o640


def test_ini_reads_and_removes(call, ini):
    assert call('ini.get_ini', str(ini)) == {'key': 'value', 'sec': {'key': 'other', 'last': '1'}}
    assert call('ini.get_option', str(ini), 'sec', 'key') == 'other'
    assert call('ini.get_option', str(ini), 'nosec', 'key') is None
    assert call('ini.get_section', str(ini), 'nosec') == {}
    assert call('ini.remove_option', str(ini), 'sec', 'key') == 'other'
    assert call('ini.remove_section', str(ini), 'sec') == {'last': '1'}
    assert text_of(ini) == u'# comment\nkey = value\n#opt = 1\n  indented = yes\n'


@pytest.mark.parametrize('text, tree', [
    (u'[s]\nkey = a\n  b\n  c\nx = y\n', {'s': {'key': 'a\n  b\n  c', 'x': 'y'}}),
    (u' [ s ] \nk=v=w\nk2 =\n=x\nk3\n;c = 1\nk4 : v\n', {' s ': {'k': 'v=w', 'k2': ''}}),
    (u'[s]\nk = v\n[s]\nk = w\nj = 1\n', {'s': {'k': 'w', 'j': '1'}}),
    (u'k = v\r\n[s]\r\nx = ä\r\n', {'k': 'v', 's': {'x': compat.to_native(u'ä')}}),
    (u'', {}),
])
def test_ini_odd_files(call, ini, text, tree):
    ini.write_binary(text.encode('utf-8'))
    assert call('ini.get_ini', str(ini)) == tree


def test_ini_that_cannot_be_read_or_written(call, tmpdir):
    path = str(tmpdir)
    assert call('ini.get_ini', path) == "ERROR: Unable to open file '%s'. Exception: [Errno 21] Is a directory: '%s'" % (
        path, path)
    missing = os.path.join(path, 'no', 'x')
    assert call('ini.set_option', missing, {'s': {'a': 1}}).startswith(
        "ERROR: Unable to write file '%s'. Exception: [Errno 2]" % missing)


# ---- temp, locate

def test_temporary_files_are_for_us_alone(call, tmpdir):
    folder = call('temp.dir', parent=str(tmpdir), prefix='p', suffix='s')
    path = call('temp.file', parent=folder)
    assert os.path.basename(folder).startswith('p') and folder.endswith('s')
    assert [stat.S_IMODE(os.stat(one).st_mode) for one in (folder, path)] == [0o700, 0o600]


def test_locate_runs_the_program_with_words(loader, monkeypatch):
    asked = []

    def run(argv, python_shell=True):
        asked.append(argv)
        return 'Database /var/lib/x.db:\n\t12 directories\n\t3,400 files' if argv[-1] == '-S' else '/a\n/b'
    entry = loader.functions.plugin_of('locate.locate')
    monkeypatch.setitem(entry.functions['locate'].__globals__, '__salt__', {'cmd.run': run})
    assert loader.functions['locate.locate']('a b', limit=2, ignore=True, count=True) == ['/a', '/b']
    assert loader.functions['locate.stats']() == {'database': '/var/lib/x.db', 'directories': '12', 'files': '3,400'}
    assert asked == [['locate', '-ci', '-l', '2', 'a b'], ['locate', '-S']]
