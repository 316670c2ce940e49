"""Reading the configuration: order, includes, paths, types, addresses, and every way in which a file can be wrong."""
from __future__ import absolute_import, division, print_function

import logging
import os
import shutil
import tempfile

import hypothesis
import hypothesis.strategies as some
import pytest

from minion import address, config, errors, settings, yamlfile
from tests.support import fuzz


@pytest.fixture
def folder(tmpdir, monkeypatch):
    """An empty configuration folder; write(name, data) puts a file into it."""
    for name in ('SALT_CONFIG_DIR', 'SALT_MINION_CONFIG'):
        monkeypatch.delenv(name, raising=False)
    return tmpdir.mkdir('etc')


def write(folder, data, name='minion'):
    path = folder.join(name)
    path.write_binary(data if isinstance(data, bytes) else data.encode('utf-8'), ensure=True)
    return str(path)


def refusal(folder, data):
    """The message about a file with `data`, which must be one line that starts with the file's name."""
    path = write(folder, data)
    with pytest.raises(errors.ConfigError) as caught:
        config.load(str(folder))
    text = str(caught.value)
    assert text.startswith(path + ': ') and '\n' not in text
    return text[len(path) + 2:]


# ---- order, includes, where a value comes from

def test_without_a_file_the_defaults_hold(folder):
    conf = config.load(str(folder))
    assert (conf['master'], conf['master_port'], conf['publish_port']) == ('salt', 4506, 4505)
    assert conf.origin('master') is None and conf.files == ()
    assert conf.notes[0] == (logging.WARNING, '%s does not exist: the defaults hold' % folder.join('minion'))


@pytest.mark.parametrize('data', [u'', u'# only this\n', u'---\n', u'\ufeff', u'null\n'])
def test_an_empty_file_is_fine(folder, data):
    write(folder, data)
    assert config.load(str(folder))['master'] == 'salt'


def test_a_file_without_a_byte_is_told_of(folder):
    write(folder, u'')
    assert (logging.WARNING, '%s is empty: the defaults hold' % folder.join('minion')) in config.load(str(folder)).notes


def test_cut_off_anywhere_it_is_used_or_refused(folder):
    """A file that ends in the middle of a line may mean something else; it never ends in another error."""
    whole = u'id: web1\nmaster: [a, b]\ngrains: {role: "web", rack: 7}\nauth_timeout: 5\ninclude: more.conf\n'
    loaded = 0
    for end in range(len(whole)):
        write(folder, whole[:end])
        try:
            loaded += config.load(str(folder))['auth_timeout'] == 5
        except errors.ConfigError as exc:
            assert str(folder.join('minion')) in str(exc)
    assert 0 < loaded < len(whole)


def test_the_last_one_to_name_a_key_wins(folder):
    main = write(folder, u'id: a\nmaster: one\nuser: root\ngrains: {a: 1}\ninclude: more.conf\n')
    write(folder, u'master: two\ngrains: {b: 2}\n', 'minion.d/20.conf')
    write(folder, u'master: three\nlog_level: info\n', 'minion.d/30.conf')
    last = write(folder, u'log_level: debug\n', 'more.conf')
    conf = config.load(str(folder), {'user': 'daemon', 'pidfile': None})
    assert (conf['id'], conf['master'], conf['log_level'], conf['user']) == ('a', 'three', 'debug', 'daemon')
    assert conf['grains'] == {'b': 2}                          # whole top-level keys are replaced
    assert [conf.origin(name) for name in ('id', 'log_level', 'user', 'pidfile')] == [
        main, last, config.COMMAND_LINE, None]
    assert len(conf.files) == 4


def test_files_of_one_pattern_are_merged_as_the_reference_does(folder):
    write(folder, u'grains: {a: 1, l: [1]}\n')
    write(folder, u'grains: {b: 2, l: [2], n: {x: 1}}\nschedule: {j1: {function: f}}\n', 'minion.d/a.conf')
    write(folder, u'grains: {c: 3, l: [2, 3], n: {y: 2}}\nschedule: {j2: {function: f}}\n', 'minion.d/b.conf')
    conf = config.load(str(folder))
    assert conf['grains'] == {'b': 2, 'c': 3, 'l': [2, 3], 'n': {'x': 1, 'y': 2}}
    assert sorted(conf['schedule']) == ['j1', 'j2']


def test_an_included_file_includes_beside_itself(folder):
    write(folder, u'include: sub/a.conf\n')
    write(folder, u'include: b.conf\nmaster: a\n', 'sub/a.conf')
    write(folder, u'master: b\n', 'sub/b.conf')
    assert config.load(str(folder))['master'] == 'b'


def test_files_that_include_each_other_are_refused(folder):
    write(folder, u'include: a.conf\n')
    write(folder, u'include: a.conf\n', 'a.conf')
    with pytest.raises(errors.ConfigError, match='a.conf: include: the files include each other'):
        config.load(str(folder))


def test_an_include_without_a_match_is_noted(folder):
    write(folder, u'include: [nothing/*.conf]\ndefault_include: neither/*.conf\n')
    notes = config.load(str(folder)).notes
    assert [note for note in notes if 'nothing/*.conf' in note[1]] and not [n for n in notes if 'neither' in n[1]]


def test_a_damaged_schedule_written_by_the_program_does_not_end_the_start(folder):
    write(folder, u'master: one\n')
    write(folder, b'\0' * 64, 'minion.d/_schedule.conf')
    conf = config.load(str(folder))
    assert conf['master'] == 'one'
    assert [level for level, text in conf.notes if '_schedule.conf' in text] == [logging.ERROR]


def test_unknown_keys_are_kept_and_told_at_debug_only(folder):
    write(folder, u'my.own: {deep: [1]}\nmysql.user: x\n7: seven\n')
    conf = config.load(str(folder))
    assert conf['my.own'] == {'deep': [1]} and conf.plain()[7] == 'seven'
    assert set(level for level, _ in conf.notes) == {logging.DEBUG}


def test_what_is_not_offered_is_said_once(folder):
    write(folder, u'engines: [{a: {}}]\nlog_handlers_dirs: [/x]\n')
    told = [text for level, text in config.load(str(folder)).notes if level == logging.WARNING]
    assert len(told) == 2 and all('ignored' in text for text in told)


def test_the_environment_names_folder_and_file(folder, monkeypatch):
    other = write(folder, u'master: by-file\n', 'other')
    write(folder, u'master: by-folder\n')
    monkeypatch.setenv('SALT_CONFIG_DIR', str(folder))
    assert config.load()['master'] == 'by-folder'
    assert config.load(str(folder.mkdir('else')))['master'] == 'salt'          # -c wins
    monkeypatch.setenv('SALT_CONFIG_DIR', '')
    monkeypatch.setenv('SALT_MINION_CONFIG', other)
    assert config.load().conf_file == other and config.load()['master'] == 'by-file'
    assert config.load(str(folder))['master'] == 'by-folder'


# ---- values

@pytest.mark.parametrize('line, name, value', [
    (u"master_port: '4511'", 'master_port', 4511), (u'auth_timeout: null', 'auth_timeout', 5),
    (u'user: null', 'keysize', 2048), (u'id: 5', 'id', '5'), (u'id: 1.5', 'id', '1.5'), (u'id: null', 'id', ''),
    (u'hash_type: SHA512', 'hash_type', 'sha512'), (u'log_level: INFO', 'log_level', 'info'),
    (u'master: [a, b]', 'master', ['a', 'b']), (u'keysize: 1024', 'keysize', 2048),
    (u'disable_modules: cmdmod', 'disable_modules', ['cmdmod']), (u'open_mode: "False"', 'open_mode', False),
    (u'proxy_password: 12345', 'proxy_password', '12345'), (u'ping_interval: false', 'ping_interval', 0),
])
def test_values_are_taken_as_people_write_them(folder, line, name, value):
    write(folder, line + u'\n')
    taken = config.load(str(folder))[name]
    assert taken == value and type(taken) is type(value)


def test_text_is_native_everywhere(folder):
    write(folder, u'\ufeffid: h\xe9\r\ngrains:\r\n  n\xe4me: [\xfcber]\r\n')
    conf = config.load(str(folder))
    native = lambda text: text.encode('utf-8') if str is bytes else text       # noqa: E731
    assert conf['id'] == native(u'h\xe9') and conf['grains'] == {native(u'n\xe4me'): [native(u'\xfcber')]}
    assert type(conf['id']) is str


def test_paths_get_root_dir_once(folder):
    write(folder, u'root_dir: /r/\npki_dir: /r/pki\ncachedir: /c\nlog_file: logs/minion\n')
    conf = config.load(str(folder))
    assert [conf[name] for name in ('root_dir', 'pki_dir', 'cachedir', 'log_file', 'pidfile', 'extension_modules')] == [
        '/r', '/r/pki', '/r/c', '/r/logs/minion', '/r/var/run/salt-minion.pid', '/r/var/cache/salt/minion/extmods']
    assert conf['sock_dir'] == '/r/c/.salt-unix'               # as the reference, where the usual one is much longer
    assert conf['utils_dirs'] == ['/r/var/cache/salt/minion/extmods/utils']


def test_paths_of_the_command_line_are_taken_as_they_are(folder, monkeypatch):
    monkeypatch.chdir(str(folder))
    write(folder, u'root_dir: /r\n')
    conf = config.load(str(folder), {'pidfile': 'x.pid', 'log_file': 'udp://log:514'})
    assert conf['pidfile'] == str(folder.join('x.pid')) and conf['log_file'] == 'udp://log:514'


def test_a_log_address_is_no_path(folder):
    write(folder, u'root_dir: /r\nlog_file: file:///dev/log\n')
    assert config.load(str(folder))['log_file'] == 'file:///dev/log'


def test_what_modules_see(folder):
    write(folder, u'grains: {a: {b: 1}}\nautosign_grains: [role]\n')
    conf = config.load(str(folder))
    opts = conf.plain()
    opts['grains']['a']['b'] = 2
    assert conf['grains'] == {'a': {'b': 1}}
    assert opts['conf_file'] == str(folder.join('minion')) and opts['config_dir'] == str(folder)
    assert opts['autosign_grains'] == ['role'] and 'append_domain' not in opts and 'mine_functions' not in opts
    assert conf['append_domain'] is None                       # but the program may ask


def test_a_config_is_not_changed_but_made_anew(folder):
    conf = config.load(str(folder))
    with pytest.raises(TypeError):
        conf['id'] = 'x'
    other = conf.with_values(master='m2')
    assert (conf['master'], other['master']) == ('salt', 'm2') and len(other) == len(conf)
    assert 'master' in conf and conf.get('nosuch', 7) == 7 and 'hunter' not in repr(conf.with_values(x='hunter'))


def test_the_id_may_go_into_paths(folder):
    write(folder, u'append_minionid_config_dirs: [pki_dir, cachedir]\n')
    conf = config.load(str(folder)).with_id('web1')
    assert (conf['id'], conf['pki_dir'], conf['cachedir']) == (
        'web1', '/etc/salt/pki/minion/web1', '/var/cache/salt/minion/web1')


# ---- what is wrong

@pytest.mark.parametrize('data, words', [
    (u'master: [unclosed\nid: x\n', 'line 2: not valid YAML: '),
    (u'master: 127.0.0.1\ngrains:\n\ta: 1\n', 'line 3: not valid YAML: '),
    (u'id: a\nid: b\n', 'line 2: not valid YAML: the key id stands twice'),
    (u'grains:\n  a: 1\n  b: 2\n  "a": 3\n', 'line 4: not valid YAML: the key a stands twice'),
    (u'- a\n- b\n', 'holds a list where a mapping'), (u'just text\n', 'holds a text where a mapping'),
    (u'7\n', 'holds a int where a mapping'),
    (u'a: !!python/object/apply:os.system ["touch /tmp/never"]\n', 'line 1: not valid YAML: could not determine'),
    (u'a: 1\nb: !!int x\n', 'line 2: not valid YAML: this is no value'), (u'a: 2019-13-45\n', 'line 1: not valid YAML'),
    (u'a: !!bool x\n', 'line 1: not valid YAML'), (u'a: *b\n', 'line 1: not valid YAML: found undefined alias'),
    (u'a: 1\n--- {b: 2}\n', 'line 2: not valid YAML: expected a single document'),
    (u'a: &a [*a]\n', 'mappings and lists in it are nested too deep'), (u'a: "\\ud800"\n', ''),
    (u'[' * 5000, 'nested too deep'), (u'? [a]\n: 1\n', 'line 1: not valid YAML'),
    (u'a: 1\nb: \x07\n', 'line 2: not valid YAML: the character #x0007 is not allowed'),
    (b'\0' * 100, 'line 1: NUL bytes: the file is damaged'), (b'a: 1\nb: \0', 'line 2: NUL bytes'),
    (b'a: 1\nb: \xe4\n', 'line 2: not UTF-8 (byte 0xe4)'), (u'id: a\n'.encode('utf-16'), 'line 1: NUL bytes'),
    (b'# ' + b'x' * (1 << 20), 'cannot be read: longer than'),
])
def test_a_file_that_is_no_configuration(folder, data, words):
    assert words in refusal(folder, data)


def test_many_small_aliases_do_not_become_a_large_tree(folder):
    lines = [u'a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    lines += [u'a%d: &a%d [%s]' % (n, n, u', '.join([u'*a%d' % (n - 1)] * 10)) for n in range(1, 10)]
    assert 'too many once its aliases are written out' in refusal(folder, u'\n'.join(lines))


def test_merge_keys_still_work(folder):
    write(folder, u'base: &b {x: 1, y: 1}\ngrains:\n  one: &o {<<: *b, y: 2}\n  two: {<<: *o, z: 3}\n')
    assert config.load(str(folder))['grains'] == {'one': {'x': 1, 'y': 2}, 'two': {'x': 1, 'y': 2, 'z': 3}}


@pytest.mark.parametrize('text, expected', [
    (u'{<<: [{k: 1, l: 1}, {k: 2, m: 2}], l: 3}', {'k': 1, 'l': 3, 'm': 2}),
    (u'{name: 1, <<: {name: 2, other: 2}}', {'name': 1, 'other': 2}),
    (u'{=: 1}', {'=': 1}),
])
def test_what_merge_keys_mean(folder, text, expected):
    write(folder, u'grains: %s\n' % text)
    assert config.load(str(folder))['grains'] == expected


@pytest.mark.parametrize('text', [u'{<<: x}', u'{<<: [x]}'])
def test_what_cannot_be_merged(folder, text):
    assert '<< needs a mapping' in refusal(folder, u'grains: %s\n' % text)


@pytest.mark.parametrize('line, words', [
    (u'master_port: abc', "master_port: 'abc' should be a whole number from 1 to 65535"),
    (u'master_port: [1]', 'master_port: [1] should be'), (u'master_port: 99999', 'master_port: 99999'),
    (u'master: 5.5', 'master: 5.5 should be a text'), (u'master: {a: 1}', "master: {'a': 1} should be"),
    (u'master: []', 'master: needs the address'), (u'master: ""', 'master: needs the address'),
    (u'master: "a b"', "master: the address 'a b' is no host name"),
    (u'master: [ok, "x:y"]', "master: the address 'x:y' has a port"),
    (u'auth_timeout: -1', 'auth_timeout: -1 should be a number from 0.001 on'),
    (u'auth_timeout: 0', 'auth_timeout: 0 '),
    (u'log_level: bogus', "log_level: 'bogus' should be one of all, garbage"),
    (u'grains: [a]', "grains: ['a'] should be a mapping"), (u'multiprocessing: perhaps', 'multiprocessing: '),
    (u'minimum_auth_version: 4', 'minimum_auth_version: 4 should be a whole number from 0 to 3'),
    (u'id: [a]', "id: ['a'] should be a text"), (u'id: "a\\nb"', 'id: '),
    (u'transport: tcp', "transport: 'tcp' should be"),
    (u'hash_type: crc', 'hash_type: '), (u'pki_dir: 2019-01-01', 'pki_dir: '), (u'pki_dir: ""', 'pki_dir: '),
    (u'encryption_algorithm: ROT13', 'encryption_algorithm: '),
    (u'acceptance_wait_time: .nan', 'acceptance_wait_time: '),
    (u'include: {a: 1}', 'include: '), (u'default_include: 5', 'default_include: 5 should be a text'),
])
def test_a_setting_that_cannot_be(folder, line, words):
    assert words in refusal(folder, line + u'\n')


def test_an_included_file_is_named_itself(folder):
    write(folder, u'master: ok\n')
    path = write(folder, u'master_port: x\n', 'minion.d/x.conf')
    with pytest.raises(errors.ConfigError) as caught:
        config.load(str(folder))
    assert str(caught.value).startswith('%s: master_port: ' % path) and caught.value.exit_code == 78


def test_a_wrong_override_names_the_command_line(folder):
    with pytest.raises(errors.ConfigError, match='the command line: log_level_logfile: '):
        config.load(str(folder), {'log_level_logfile': 'loud'})


def test_a_folder_in_place_of_the_file(folder):
    folder.mkdir('minion')
    with pytest.raises(errors.ConfigError, match='minion: cannot be read: '):
        config.load(str(folder))


# ---- addresses

@pytest.mark.parametrize('text, expected', [
    ('salt', ('salt', 4506)), ('salt:4511', ('salt', 4511)), (' salt ', ('salt', 4506)),
    ('10.0.0.1:1', ('10.0.0.1', 1)),
    ('::1', ('::1', 4506)), ('[::1]', ('::1', 4506)), ('[2001:db8::5]:4511', ('2001:db8::5', 4511)),
    ('fe80::1%eth0', ('fe80::1%eth0', 4506)), ('under_score.example', ('under_score.example', 4506)),
])
def test_an_address(text, expected):
    assert address.parse_address(text, 4506) == expected


@pytest.mark.parametrize('text', [
    '', ' ', 'a:', ':4506', 'a:b', 'a:0', 'a:65536', 'a:-1', 'a b', 'tcp://a', 'a/b', '[::1', '[a]:5', '[]:5', '[::1]5',
    '[::1]:', 'a\0', 'a,b', '*', '1:2:3:x', 'x' * 300])
def test_no_address(text):
    with pytest.raises(errors.ConfigError) as caught:
        address.parse_address(text, 4506)
    assert '\n' not in str(caught.value)


def test_an_address_that_never_holds_a_port():
    with pytest.raises(errors.ConfigError):
        address.parse_address('a:1', 4506, 'ip_only')
    assert address.parse_address('fe80::1:4506', 4506, 'ip_only') == ('fe80::1:4506', 4506)


@pytest.mark.parametrize('line', [u'master_type: disable\nmaster: ""', u'master_type: func\nmaster: mod.fun()'])
def test_no_address_is_needed(folder, line):
    write(folder, line + u'\n')
    assert config.load(str(folder))['master_type'] in ('disable', 'func')


# ---- anything at all

WORDS = some.sampled_from([
    u'a', u'id', u'master', u'1', u'~', u'2019-01-01', u'{', u'}', u'[', u']', u':', u': ', u'- ', u'&a ', u'*a',
    u'!!int ', u'!!binary ', u'!!set ', u'!!omap ', u'!!timestamp ', u'!!float ', u'<<', u'"', u"'", u'|', u'>', u'\n', u'\n  ',
    u'#', u'%', u'\t', u'? ', u'---', u'...', u'\\u', u'\x85', u'\u2028', u'\ufeff', u'=', u'!'])


@fuzz.examples(300)
@hypothesis.given(some.one_of(some.binary(max_size=200), some.lists(WORDS, max_size=30).map(
    lambda words: u''.join(words).encode('utf-8'))))
def test_any_bytes_are_read_or_refused_in_one_line(data):
    try:
        yamlfile.parse(data, 'FILE')
    except errors.ConfigError as exc:
        assert str(exc).startswith('FILE: ') and '\n' not in str(exc)


PLAIN = some.recursive(
    some.one_of(some.none(), some.booleans(), some.integers(), some.floats(), some.text(max_size=20)),
    lambda inner: some.one_of(
        some.lists(inner, max_size=3), some.dictionaries(some.text(max_size=5), inner, max_size=3)), max_leaves=6)


@fuzz.examples(200)
@hypothesis.given(some.dictionaries(some.sampled_from(sorted(settings.TABLE)), PLAIN, max_size=4))
def test_any_value_of_a_setting_is_taken_or_refused_in_one_line(values):
    import yaml
    folder = tempfile.mkdtemp()
    try:
        with open(os.path.join(folder, 'minion'), 'wb') as stream:
            stream.write(yaml.safe_dump(values, encoding='utf-8', allow_unicode=False))
        config.load(folder).plain()
    except errors.ConfigError as exc:
        assert '\n' not in str(exc) and folder in str(exc)
    finally:
        shutil.rmtree(folder)
