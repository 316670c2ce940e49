"""What plug-ins written for Salt import of it, on a host without Salt."""
from __future__ import absolute_import, division, print_function

import importlib
import io
import os
import stat

import pytest

from minion import errors, saltnames

saltnames.provide()

import salt.utils                                                                                       # noqa: E402
import salt.utils.args                                                                                  # noqa: E402
import salt.utils.beacons                                                                               # noqa: E402
import salt.utils.data                                                                                  # noqa: E402
import salt.utils.decorators                                                                            # noqa: E402
import salt.utils.decorators.path                                                                       # noqa: E402
import salt.utils.dictupdate                                                                            # noqa: E402
import salt.utils.files                                                                                 # noqa: E402
import salt.utils.functools                                                                             # noqa: E402
import salt.utils.hashutils                                                                             # noqa: E402
import salt.utils.json                                                                                  # noqa: E402
import salt.utils.path                                                                                  # noqa: E402
import salt.utils.stringutils                                                                           # noqa: E402
import salt.utils.versions                                                                              # noqa: E402
import salt.utils.yaml                                                                                  # noqa: E402
from salt.ext import six                                                                                # noqa: E402
from salt.returners import get_returner_options                                                         # noqa: E402


def names():
    found = []
    for folder, _, files in os.walk(saltnames.FOLDER):
        for name in files:
            if name.endswith('.py'):
                path = os.path.relpath(os.path.join(folder, name[:-3]), saltnames.FOLDER).replace(os.sep, '.')
                found.append(path[:-len('.__init__')] if path.endswith('.__init__') else path)
    return sorted(name for name in found if name != '__init__')


@pytest.mark.parametrize('name', names())
def test_every_part_can_be_imported_and_says_what_it_is(name):
    assert importlib.import_module('salt.' + name).__doc__.startswith('`salt.' + name)


@pytest.mark.parametrize('source, wanted', [
    (b'import salt.utils.files\n', True), (b'    from salt.ext import six\n', True), (b'import salt\n', True),
    (b'# import of salt\nimport saltation\n', False), (b'x = "salt"\n', False)])
def test_who_wants_it(source, wanted):
    assert saltnames.wanted_by(source) is wanted


def test_what_is_not_there_is_said():
    with pytest.raises(ImportError) as caught:
        importlib.import_module('salt.utils.nosuch')
    assert 'nosuch' in str(caught.value)


def test_old_names_of_salt_utils():
    assert salt.utils.which('sh') == salt.utils.path.which('sh') and salt.utils.which('no such program') is None
    assert salt.utils.is_linux() and not salt.utils.is_windows() and not salt.utils.is_proxy()
    assert salt.utils.path.which_bin(['no such', 'sh']) == salt.utils.path.which('sh')
    assert salt.utils.fopen is salt.utils.files.fopen


def test_files(tmpdir):
    path = str(tmpdir.join('f'))
    with salt.utils.files.fopen(path, 'w') as stream:
        stream.write('gr\xc3\xbc\xc3\x9f' if six.PY2 else u'gr\xfc\xdf')
    with io.open(path, 'rb') as stream:
        assert stream.read() == u'gr\xfc\xdf'.encode('utf-8')
    with salt.utils.files.fpopen(path, 'ab', mode=0o640) as stream:
        stream.write(b'\0')
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o640 and salt.utils.files.is_binary(path)
    salt.utils.files.copyfile(path, path + '2')
    assert sorted(salt.utils.files.list_files(str(tmpdir))) == [str(tmpdir), path, path + '2']
    assert salt.utils.hashutils.get_hash(path) == salt.utils.hashutils.get_hash(path + '2')
    salt.utils.files.rm_rf(path + '2')
    salt.utils.files.safe_rm(path + '2')
    made = salt.utils.files.mkstemp(dir=str(tmpdir))
    assert os.path.isfile(made)
    with salt.utils.files.set_umask(0o077):
        assert salt.utils.files.get_umask() == 0o077
    assert [salt.utils.files.normalize_mode(mode) for mode in (644, '0o755', None, '0')] == ['0644', '0755', None, '0000']


def test_text():
    utils = salt.utils.stringutils
    assert utils.to_str(b'a') == utils.to_str(u'a') == 'a' and utils.to_bytes(u'\xfc') == b'\xc3\xbc'
    assert utils.to_unicode(b'\xc3\xbc') == u'\xfc' and utils.to_num('1.5') == 1.5 and utils.to_num('x') == 'x'
    with pytest.raises(TypeError):
        utils.to_str(5)
    assert utils.dequote('"x"') == 'x' and utils.is_quoted("'x'") == "'" and utils.to_none(' ') is None
    assert utils.expr_match('web1', 'web*') and utils.check_whitelist_blacklist('a', ['a'], ['b'])


def test_data():
    data = salt.utils.data
    assert data.traverse_dict_and_list({'a': [{'b': 1}]}, 'a:0:b') == 1 and data.traverse_dict({'a': 1}, 'a:b', 5) == 5
    assert data.is_true('True') and not data.is_true('no') and data.is_true(1)
    assert data.compare_dicts({'a': 1}, {'a': 2, 'b': 3}) == {'a': {'old': 1, 'new': 2}, 'b': {'old': '', 'new': 3}}
    assert data.repack_dictlist(['a', {'b': 1}]) == {'a': None, 'b': 1} and data.is_dictlist([{'a': 1}])
    assert data.decode({b'a': [b'\xc3\xbc']}) == {u'a': [u'\xfc']} and data.encode([u'\xfc']) == [b'\xc3\xbc']
    assert data.filter_falsey({'a': 0, 'b': {'c': ''}, 'd': 1}, recurse_depth=1) == {'d': 1}
    assert data.compare_lists([1], [2]) == {'new': [2], 'old': [1]}
    assert data.CaseInsensitiveDict({'Key': 1})['kEY'] == 1
    assert data.filter_by({'x*': 1}, 'os', {'os': 'xy'}) == 1


def test_formats():
    assert salt.utils.json.loads(salt.utils.json.dumps({'a': u'\xfc'})) == {'a': u'\xfc'.encode('utf-8') if six.PY2 else
                                                                            u'\xfc'}
    assert salt.utils.json.find_json('noise\n{"a":\n1}\nmore') == {'a': 1}
    assert salt.utils.yaml.safe_load('a: [1]') == {'a': [1]} and salt.utils.yaml.dump({'a': 1}) == 'a: 1\n'
    with pytest.raises(salt.utils.yaml.YAMLError):
        salt.utils.yaml.load('!!python/object/apply:os.system ["true"]')


def test_mappings_and_versions():
    assert salt.utils.dictupdate.update({'a': {'b': [1]}}, {'a': {'b': [2]}}, merge_lists=True) == {'a': {'b': [1, 2]}}
    assert salt.utils.dictupdate.set_dict_key_value({}, 'a:b', 1) == {'a': {'b': 1}}
    assert salt.utils.dictupdate.merge({'a': 1}, {'b': 2}) == {'a': 1, 'b': 2}
    newer = salt.utils.versions.LooseVersion('1.10')
    assert newer > '1.9' and newer == '1.10' and newer >= salt.utils.versions.LooseVersion('1.9.9') and '1.2' < newer
    assert salt.utils.versions.version_cmp('1:1.0', '1.0', ignore_epoch=True) == 0
    assert salt.utils.versions.compare('2', '>=', '10') is False


def test_functions():
    assert salt.utils.args.clean_kwargs(a=1, __pub_fun='x') == {'a': 1}
    with pytest.raises(errors.SaltInvocationError):
        salt.utils.args.invalid_kwargs({'a': 1})
    assert salt.utils.args.split_input('a, b') == ['a', 'b']
    there = salt.utils.functools.namespaced_function(test_functions, {'__salt__': 1})
    assert there.__globals__ == {'__salt__': 1}
    assert salt.utils.functools.alias_function(names, 'other').__doc__.startswith('This function is an alias')


def test_decorators():
    @salt.utils.decorators.depends('os')
    def works():
        return 1

    @salt.utils.decorators.depends('no_such_name')
    def fails():
        return 1

    @salt.utils.decorators.depends('no_such_name', fallback_function=works)
    def falls():
        return 2

    @salt.utils.decorators.path.which('no such program')
    def needs():
        return 1
    assert works() == falls() == 1
    for function in (fails, needs):
        with pytest.raises(errors.CommandNotFoundError):
            function()
    calls = []

    @salt.utils.decorators.memoize
    def once(value):
        calls.append(value)
        return value
    assert [once(1), once(1)] == [1, 1] and calls == [1]


def test_six():
    from salt.ext.six.moves import range, zip                                                           # noqa: A004
    from salt.ext.six.moves.urllib.parse import urlparse
    assert isinstance(u'', six.string_types) and dict(six.iteritems({1: 2})) == {1: 2} and list(zip(range(1), 'a'))
    assert urlparse('http://h/').netloc == 'h' and six.ensure_str(b'a') == 'a' and six.text_type(1) == u'1'


def test_beacons_and_returners():
    assert salt.utils.beacons.list_to_dict([{'a': 1}, {'b': 2}]) == {'a': 1, 'b': 2}
    assert salt.utils.beacons.remove_hidden_options([{'_x': 1}, {'a': 1}], []) == [{'a': 1}]
    settings = {'redis.host': 'h', 'other.redis.host': 'o'}.get
    found = get_returner_options('redis', {'ret_config': 'other', 'ret_kwargs': {'port': 2}}, {'host': 'host', 'port': 'port'},
                                 __salt__={'config.option': settings}, defaults={'port': 1})
    assert found == {'host': 'o', 'port': 2}
    assert get_returner_options('redis', {}, {'host': 'host', 'db': 'db'}, __salt__={'config.option': settings},
                                defaults={'db': 0}) == {'host': 'h', 'db': 0}


def test_commands():
    from salt.modules import cmdmod
    assert cmdmod._run_quiet('echo "a b"') == 'a b' and cmdmod._run_quiet('echo $((1+1))', python_shell=True) == '2'
    assert cmdmod._run_all_quiet('sh -c "exit 3"')['retcode'] == 3
