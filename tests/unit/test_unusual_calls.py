"""Calls that nobody makes by habit; the returns are those that the reference gave to the same calls."""
from __future__ import absolute_import, division, print_function

import os
import tempfile

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import cmd_perform, cmd_request, cmd_script, file_accounts, file_source
from tests.support import replay


@pytest.fixture
def loader(tmpdir, monkeypatch):
    monkeypatch.setattr(tempfile, 'tempdir', str(tmpdir.mkdir('tmp')))
    return replay.make_loader(str(tmpdir.mkdir('extmods')), cachedir=str(tmpdir.mkdir('cache')))


@pytest.fixture
def run(loader):
    return lambda fun, *args, **kwargs: loader.functions[fun](*args, **kwargs)


# ---- file

def test_find_with_delete_alone_removes_plain_files_only(run, tmpdir):
    folder = tmpdir.mkdir('top')
    folder.mkdir('below').join('f').write('')
    folder.join('g').write('')
    os.symlink('nowhere', str(folder.join('dead')))
    assert run('file.find', str(folder), 'delete', maxdepth=1) == [str(folder.join('g'))]
    assert sorted(os.listdir(str(folder))) == ['below', 'dead']
    assert run('file.find', str(folder), 'delete', type='d') == []
    assert run('file.find', str(folder), 'print', name='f') == [str(folder.join('below', 'f'))]


def test_what_stands_before_the_second_marker_goes(run, tmpdir):
    path = tmpdir.join('conf')
    path.write('key\n#com = 1\n  # END\n')
    assert run('file.blockreplace', str(path), 'key', '# END', 'new', append_newline=True, backup=False)
    assert path.read() == 'key\nnew\n# END\n'


@pytest.mark.parametrize('suffix, names', [
    ('.bak', ['a', 'a.bak', 'link', 'link.bak']), (False, ['a', 'link'])])
def test_the_backup_of_a_link_is_one_too(run, tmpdir, suffix, names):
    folder = tmpdir.mkdir('links')
    folder.join('a').write('one\n')
    os.symlink('a', str(folder.join('link')))
    for text in ('two', 'three'):
        assert '+' + text in run('file.replace', str(folder.join('link')), 'one|two', text, backup=suffix)
    assert sorted(os.listdir(str(folder))) == names
    assert os.readlink(str(folder.join('link'))) == 'a' and folder.join('a').read() == 'three\n'
    if suffix:
        assert os.readlink(str(folder.join('link.bak'))) == 'a.bak' and folder.join('link.bak').read() == 'two\n'


def test_a_relative_folder_is_not_made(run, tmpdir):
    with tmpdir.as_cwd():
        with pytest.raises(SaltInvocationError, match="Recursive creation for path '' would result in an infinite loop"):
            run('file.makedirs', 'new/folder/')
        assert not os.path.exists('new')


@pytest.mark.parametrize('uid, kind', [('', 'str'), (u'0', 'str'), (None, 'NoneType'), (1.5, 'float'), ([0], 'list')])
def test_the_number_of_a_user_is_one(uid, kind):
    with pytest.raises(TypeError, match='^uid should be integer, not %s$' % kind):
        file_accounts.uid_to_user(uid)


@pytest.mark.parametrize('given, digits', [('foo=abc', 'abc'), ('MD5=D41d', 'D41d'), ('foo =' + 32 * 'a', 32 * 'a')])
def test_kinds_of_checksums_are_known_ones(given, digits):
    with pytest.raises(CommandExecutionError) as caught:
        file_source.get_source_sum('', 'x', given, None, 'base', None)
    kind = given.partition('=')[0].strip()
    assert str(caught.value) == (
        "Invalid hash type '%s'. Supported hash types are: sha512, sha384, sha256, sha224, sha1, md5. Either remove the hash "
        "type and simply use '%s' as the source_hash, or change the hash type to a supported type." % (kind, digits))


# ---- cmd

def test_a_shell_takes_texts_only():
    with pytest.raises(TypeError, match='expected str, bytes or os.PathLike object, not int'):
        cmd_request.Request({'cmd': ['echo', 'a', 5], 'python_shell': True})
    assert cmd_request.Request({'cmd': ['echo', 'a', 5], 'python_shell': False}).argv() == ['echo', 'a', '5']


def test_return_codes_are_numbers():
    with pytest.raises(SaltInvocationError, match='^success_retcodes must be a list of integers$'):
        cmd_request.Request({'cmd': 'true', 'success_retcodes': 'abc'})


@pytest.mark.parametrize('source', ['', 's.sh', './s.sh'])
def test_a_script_has_a_whole_path(source):
    with pytest.raises(CommandExecutionError, match="^Path '%s' is not absolute$" % source):
        cmd_script.fetch(source, 'base', {})


def test_a_script_that_cannot_be_fetched_is_none():
    assert cmd_script.fetch('salt://nosuch', 'base', {'cp.cache_file': lambda source, saltenv: False}) is None
    assert cmd_script.fetch('/no/such/script', 'base', {}) is None


def test_what_a_command_in_the_background_was_started_with():
    request = cmd_request.Request({'cmd': ['nosuch'], 'bg': True, 'redirect_stderr': True, 'python_shell': False})
    told = cmd_perform._start_failed(request, '/', OSError(2, 'No such file or directory', 'nosuch'))
    assert "'stdout': None, 'stderr': None, 'with_communicate': False, 'timeout': None, 'bg': True" in told


# ---- the others

@pytest.mark.parametrize('name, reason', [
    ('test.fib', 'Negative number is not allowed!'), ('test.sleep', 'sleep length must be non-negative')])
def test_negative_numbers(run, name, reason):
    with pytest.raises(ValueError, match=reason):
        run(name, -1)


@pytest.mark.parametrize('name, called', [
    ('pillar.fetch', 'get'), ('saltutil.pillar_refresh', 'refresh_pillar'), ('saltutil.sync_outputters', 'sync_output'),
    ('cp.cache_file_ssh', 'cache_file'), ('cp.hash_file_ssh', 'hash_file')])
def test_second_names_are_told_by_the_first(run, name, called):
    with pytest.raises(TypeError, match=called + r'\(\)'):
        run(name, *range(20))


def test_protocols_in_capitals(run):
    assert run('config.valid_fileproto', 'HTTP://x') is True and run('config.valid_fileproto', 'GOPHER://x') is False


def test_the_pillar_is_matched_with_any_delimiter(loader, run):
    loader.functions.plugin_of('match.pillar_pcre')._module.__pillar__['mtst'] = {'b': 'cheese'}
    assert run('match.pillar_pcre', 'mtst/b/ch.*', delimiter='/') is True
    assert run('match.pillar_pcre', 'mtst/b/x.*', delimiter='/') is False


def test_renderers_that_need_no_plugin(run):
    assert run('sys.list_renderers', 'j*n', 'yaml') == ['json', 'yaml']


def test_a_signal_that_is_none_reaches_no_job(run):
    assert run('saltutil.signal_job', '20200101000000000000', 'abc') == ''


def test_clearing_requests(run, tmpdir):
    assert run('state.clear_request', 'nosuch') is True


def test_an_empty_name_of_an_sls_file(tmpdir):
    loader = replay.make_loader(str(tmpdir.mkdir('extmods')), cachedir=str(tmpdir.mkdir('cache')), file_client='local',
                                file_roots={'base': [str(tmpdir.mkdir('root'))]})
    for name, arguments in (('state.sls', ['']), ('state.sls_id', ['x', ''])):
        assert loader.functions[name](*arguments) == ["No matching sls found for '' in env 'base'"]


@pytest.mark.parametrize('states, told', [
    (5, 'Info: 5 state disabled.'), ('a, b', 'Info: a state disabled.\nInfo: b state disabled.')])
def test_what_is_switched_off_is_named(loader, states, told):
    module = loader.functions.plugin_of('state.disable')._module
    kept = {'grains.get': lambda name: [], 'grains.setval': lambda name, value: None, 'saltutil.refresh_modules': lambda: None}
    module.__salt__, before = kept, module.__salt__
    try:
        assert module.disable(states) == {'res': True, 'msg': told}
    finally:
        module.__salt__ = before
