# -*- coding: utf-8 -*-
"""The state file.managed; the comments and changes are those that the reference returned to the same calls."""
from __future__ import absolute_import, division, print_function

import os
import stat

import pytest

from tests.support.hoststates import States

ROOT = pytest.mark.skipif(os.geteuid() != 0, reason='only root may give files away')
DIFF = '--- \n+++ \n@@ -1 +1 @@\n-old\n+new\n'
SHA256_OF_HELLO = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03'
SET = 'The file %s is set to be changed\nNote: No changes made, actual changes may\nbe different due to other states.'
SOURCES = {'plain': 'hello\n', 'marks': 'a={{ pillar.get("a", 1) }} c={{ c }}\n', 'empty': ''}


@pytest.fixture
def host(tmpdir, monkeypatch):
    roots = tmpdir.mkdir('roots')
    for name in SOURCES:
        roots.join(name).write(SOURCES[name])
        roots.join(name).chmod(0o600)
    host = States(str(tmpdir.mkdir('host')), monkeypatch)
    host.loader.opts.update(file_client='local', hash_type='sha256', file_buffer_size=262144, file_roots={'base': [str(roots)]})
    return host


@pytest.fixture
def path(tmpdir):
    return tmpdir.join('file')


def old(path, mode=0o640):
    path.write('old\n')
    path.chmod(mode)
    return path


def mode(path):
    return stat.S_IMODE(os.lstat(str(path)).st_mode)


def managed(host, path, **wanted):
    """(result, changes, comment with FILE for the path)"""
    ret = host.state('file.managed', str(path), **wanted)
    assert ret['name'] == str(path)
    return ret['result'], ret['changes'], ret['comment'].replace(str(path) or 'FILE', 'FILE')


# ---- content

def test_a_new_file(host, path):
    assert managed(host, path, contents='new') == (True, {'diff': 'New file'}, 'File FILE updated')
    assert (path.read(), mode(path)) == ('new\n', 0o644)
    assert managed(host, path, contents='new') == (True, {}, 'File FILE is in the correct state')
    assert managed(host, path, contents=b'new') == (True, {}, 'File FILE is in the correct state')      # `!!binary` of YAML


def test_another_content_keeps_the_mode(host, path):
    assert managed(host, old(path), contents='new') == (True, {'diff': DIFF}, 'File FILE updated')
    assert (path.read(), mode(path)) == ('new\n', 0o640)


def test_test_mode_changes_nothing(host, path):
    assert managed(host, path, contents='new', test=True) == (None, {'newfile': str(path)}, SET % 'FILE')
    assert not path.check()
    wanted = {'contents': 'new', 'mode': '0600', 'test': True}
    assert managed(host, old(path), **wanted) == (None, {'diff': DIFF, 'mode': '0600'}, SET % 'FILE')
    wanted = {'contents': 'new', 'show_changes': False, 'test': True}
    assert managed(host, path, **wanted)[1] == {'diff': '<show_changes=False>'}
    assert managed(host, path, contents='old', test=True) == (True, {}, 'The file FILE is in the correct state')
    assert (path.read(), mode(path)) == ('old\n', 0o640)


@pytest.mark.parametrize('contents, more, text', [
    ('a\n\n\n', {}, 'a\n\n\n'),
    ('a\n\n', {'contents_newline': False}, 'a'),
    ('a\r\nb', {}, 'a\nb\n'),
    (['one', 2, True, None], {}, 'one\n2\nTrue\nNone\n'),
    (['a\nb', 'c\n'], {'contents_newline': False}, 'a\nb\nc'),
    ({'a': 1}, {}, "{'a': 1}\n"),
    (5.0, {}, '5.0\n'),
    ('', {}, ''),
])
def test_contents(host, path, contents, more, text):
    assert managed(host, path, contents=contents, **more)[0] is True
    assert path.read() == text


def test_contents_of_pillar_and_grains(host, path):
    host.loader.update(pillar={'a': {'b': 'from pillar'}})
    assert managed(host, path, contents_pillar='a/b', contents_delimiter='/')[0] and path.read() == 'from pillar\n'
    assert managed(host, path, contents_grains='id')[0] and path.read() == 'ref1\n'


@pytest.mark.parametrize('wanted, comment', [
    ({'contents': 'x', 'source': 'salt://plain'},
     "'source' cannot be used in combination with 'contents', 'contents_pillar', or 'contents_grains'"),
    ({'contents': 'x', 'mode': 'keep'},
     "Mode preservation cannot be used in combination with 'contents', 'contents_pillar', or 'contents_grains'"),
    ({'contents': '', 'contents_pillar': 'a'}, "Only one of 'contents', 'contents_pillar', and 'contents_grains' is permitted"),
    ({'contents_pillar': 'no:such'}, 'Pillar no:such does not exist'),
    ({'contents_grains': 'no'}, 'Grain no does not exist'),
    ({'contents': 0, 'allow_empty': False},
     "'contents' value would result in empty contents. Set allow_empty to True to allow the managed file to be empty."),
    ({'contents': []}, 'Contents specified by contents/contents_pillar/contents_grains is not a string or list of strings, '
                       'and is not binary data. SLS is likely malformed.'),
    ({'contents': 'x', 'user': 'no-such', 'group': 'no-such'}, 'User no-such is not available Group no-such is not available'),
    ({'contents': 'x', 'context': 'c'}, 'Context must be formed as a dict'),
    ({'contents': 'x', 'defaults': ['c']}, 'Defaults must be formed as a dict'),
    ({'contents': 'x', 'template': 'nosuch'}, 'Specified template format nosuch is not supported'),
    ({'source': 'salt://nosuch'}, "Unable to manage file: Source file salt://nosuch not found in saltenv 'base'"),
    ({'source': ['salt://no1', 'salt://no2']}, 'Unable to manage file: none of the specified sources were found'),
    ({'source': '/no/such'}, 'Unable to manage file: Local file source /no/such does not exist'),
    ({'source': 'http://127.0.0.1:9/x'}, 'Unable to manage file: Unable to verify upstream hash of source file '
                                         'http://127.0.0.1:9/x, please set source_hash or set skip_verify to True'),
    ({'contents': 'x', 'encoding': 'nosuch'}, 'Unable to manage file: unknown encoding: nosuch'),
    ({'source': 'salt://plain', 'signature': '/x.sig'},
     'Unable to manage file: signature, source_hash_sig: this minion cannot check signatures of files'),
])
def test_what_is_refused(host, path, wanted, comment):
    assert managed(host, old(path), **wanted) == (False, {}, comment)
    assert path.read() == 'old\n'


def test_paths_that_are_refused(host, path):
    assert managed(host, '', contents='x')[2] == 'Destination file name is required'
    assert managed(host, 'a/b', contents='x') == (False, {}, 'Specified file FILE is not an absolute path')
    assert managed(host, path.join('below'), contents='x') == (False, {}, 'Parent directory not present')
    assert managed(host, path.mkdir(), contents='x') == (False, {}, 'Specified target FILE is a directory')


def test_unknown_accounts_may_come_later_in_test_mode(host, path):
    assert managed(host, old(path), contents='old', user='no-such', test=True)[:2] == (None, {'user': 'no-such'})


# ---- sources

def test_a_source_of_the_master(host, path):
    wanted = {'source': ['salt://nosuch', 'salt://plain']}
    assert managed(host, path, **wanted) == (True, {'diff': 'New file', 'mode': '0644'}, 'File FILE updated')
    assert (path.read(), mode(path)) == ('hello\n', 0o644)
    assert managed(host, path, source='salt://plain', mode='keep')[1] == {'mode': '0600'}
    assert mode(path) == 0o600


def test_a_template(host, path):
    pytest.importorskip('jinja2')
    wanted = {'source': 'salt://marks', 'template': 'jinja', 'defaults': {'c': 3}}
    assert managed(host, path, **wanted)[0] and path.read() == 'a=1 c=3\n'
    assert managed(host, path, contents=['{{ 1 + 1 }}', 'b'], template='jinja')[0] and path.read() == '2\nb\n'
    wanted['context'] = {'c': 4}
    assert managed(host, path, **wanted)[0] and path.read() == 'a=1 c=4\n'
    result, changes, comment = managed(host, path, source='salt://marks', template='jinja')
    assert (result, changes) == (False, {}) and "Unable to manage file: Jinja variable 'c' is undefined" in comment


def test_a_local_source_with_its_checksum(host, path, tmpdir):
    source = tmpdir.join('source')
    source.write('hello\n')
    assert managed(host, path, source=str(source), source_hash='sha256=' + SHA256_OF_HELLO)[0] and path.read() == 'hello\n'
    wrong = managed(host, tmpdir.join('other'), source='file://%s' % source, source_hash='0' * 64)
    assert wrong == (False, {}, 'Specified sha256 checksum for FILE (%s) does not match actual checksum (%s)'
                     % ('0' * 64, SHA256_OF_HELLO))
    assert not tmpdir.join('other').check()


def test_a_file_that_has_the_checksum_is_not_fetched(host, path):
    path.write('hello\n')
    wanted = {'source': 'http://127.0.0.1:9/x', 'source_hash': SHA256_OF_HELLO}
    assert managed(host, path, **wanted) == (True, {}, 'File FILE exists with proper permissions. No changes made.')


def test_a_source_can_leave_the_cache(host, path):
    managed(host, path, source='salt://plain')
    path.remove()
    managed(host, path, source='salt://plain', keep_source=False)
    assert host.call('cp.is_cached', 'salt://plain') == '' and path.read() == 'hello\n'


# ---- only owner and mode

def test_without_a_content(host, path):
    assert managed(host, path) == (True, {'new': 'file %s created' % path}, 'Empty file')
    assert managed(host, old(path)) == (True, {}, 'File FILE exists with proper permissions. No changes made.')
    assert managed(host, path, contents='new', replace=False, mode='0600') == (True, {'mode': '0600'}, '')
    assert (path.read(), mode(path)) == ('old\n', 0o600)
    assert managed(host, path, mode='0644', test=True) == (
        None, {'mode': '0644'}, 'File FILE will be updated with permissions 0644 from its current state of 0600')
    assert managed(host, path, test=True) == (True, {}, 'File FILE not updated')


@ROOT
def test_the_owner(host, path):
    wanted = {'contents': 'new', 'user': 'nobody', 'mode': 600}
    assert managed(host, path, **wanted) == (True, {'diff': 'New file', 'user': 'nobody'}, 'File FILE updated')
    assert host.call('file.get_user', str(path)) == 'nobody' and mode(path) == 0o600


def test_nothing_is_created_if_so_wanted(host, path):
    comment = 'File FILE is not present and is not set for creation'
    assert managed(host, path, contents='x', create=False) == (True, {}, comment)
    assert not path.check()


def test_folders_are_made(host, tmpdir):
    path = tmpdir.join('a', 'b', 'file')
    assert managed(host, path, contents='x', makedirs=True, dir_mode='0700', mode='0640') == (
        True, {'diff': 'New file', 'mode': '0640'}, 'File FILE updated')
    assert (mode(tmpdir.join('a')), mode(path)) == (0o700, 0o640)


def test_a_link_is_followed_to_what_is_there(host, path, tmpdir):
    path.mksymlinkto(old(tmpdir.join('target')))
    assert managed(host, path, contents='new') == (True, {'diff': DIFF}, 'File FILE updated')
    assert path.islink() and tmpdir.join('target').read() == 'new\n'
    tmpdir.join('target').remove()
    assert managed(host, path, contents='new')[0] is False and not tmpdir.join('target').check()


# ---- check_cmd, and what is not looked at

def test_a_command_decides(host, path, tmpdir):
    failure = (False, {}, 'check_cmd execution failed')
    assert managed(host, old(path), contents='new', check_cmd='grep nothing') == failure
    assert host.state('file.managed', str(path), contents='new', check_cmd='grep nothing')['skip_watch'] is True
    assert path.read() == 'old\n'
    drafts = tmpdir.mkdir('drafts')
    wanted = {'contents': 'new', 'check_cmd': 'grep -r new', 'tmp_dir': str(drafts), 'tmp_ext': '.conf'}
    assert managed(host, path, **wanted) == (True, {'diff': DIFF}, 'File FILE updated')
    assert (path.read(), mode(path)) == ('new\n', 0o640) and not drafts.listdir()
    said = managed(host, path, contents='again', check_cmd='ls /no/such')
    assert said[0] is False and said[2].startswith('check_cmd execution failed\n')
    assert managed(host, path, contents='new', check_cmd='false') == (True, {}, 'File FILE is in the correct state')


def test_differences_that_are_not_looked_at_skip_requisites(host, path):
    path.write('a\nb\n')
    for test in (True, False):
        assert host.state('file.managed', str(path), contents='b\na', ignore_ordering=True, test=test)['skip_req'] is True
    assert path.read() == 'b\na\n'
    assert 'skip_req' not in host.state('file.managed', str(path), contents='c', ignore_ordering=True)


def test_an_argument_that_is_easily_confused(host, path):
    assert host.state('file.managed', str(path), contents='x', file_mode='0600')['warnings'] == [
        "The 'file_mode' argument will be ignored.  Please use 'mode' instead to set file permissions."]
