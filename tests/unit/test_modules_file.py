# -*- coding: utf-8 -*-
"""file.*: what the captured calls do not show; the returns are those that the reference gave to the same calls."""
from __future__ import absolute_import, division, print_function

import errno
import os
import stat

import pytest

from minion import compat
from minion.helpers import file_open
from tests.support import calling

CONF = '# comment\nkey = value\n#opt = 1\n  indented = yes\n[sec]\nkey = other\n\nlast = 1\n'
ROOT = pytest.mark.skipif(os.geteuid() != 0, reason='only root may give files away')


@pytest.fixture(scope='module')
def loader(tmpdir_factory):
    return calling.loader(tmpdir_factory.mktemp('cache'))


@pytest.fixture
def call(loader):
    return calling.caller(loader)


@pytest.fixture
def conf(tmpdir):
    path = tmpdir.join('conf')
    path.write(CONF)
    os.chmod(str(path), 0o640)
    return path


def diff(*lines):
    return '--- \n+++ \n' + ''.join(line + '\n' for line in lines)


# ---- line

@pytest.mark.parametrize('content, how, added', [
    ('new', {'mode': 'insert', 'before': 'last'}, ['@@ -5,4 +5,5 @@', ' [sec]', ' key = other', ' ', '+new', ' last = 1']),
    ('new', {'mode': 'insert', 'after': 'indented'},
     ['@@ -2,6 +2,7 @@', ' key = value', ' #opt = 1', '   indented = yes', '+  new', ' [sec]', ' key = other', ' ']),
    ('new', {'mode': 'ensure', 'before': 'indented'},
     ['@@ -1,6 +1,7 @@', ' # comment', ' key = value', ' #opt = 1', '+new', '   indented = yes', ' [sec]', ' key = other']),
    ('key = new', {'mode': 'replace', 'match': 'key'},
     ['@@ -1,5 +1,5 @@', ' # comment', '-key = value', '+key = new', ' #opt = 1', '   indented = yes', ' [sec]']),
    ('key', {'mode': 'delete', 'match': 'other'},
     ['@@ -3,6 +3,5 @@', ' #opt = 1', '   indented = yes', ' [sec]', '-key = other', ' ', ' last = 1']),
])
def test_line(call, conf, content, how, added):
    assert call('file.line', str(conf), content, **how) == diff(*added)


@pytest.mark.parametrize('how, error', [
    ({'mode': 'ensure', 'after': 'key'}, 'ERROR: Found more than expected occurrences in "after" expression'),
    ({'mode': 'insert', 'before': '('}, "ERROR: missing ), unterminated subpattern at position 0: '('"),
    ({'mode': 'insert'}, 'ERROR: On insert either "location" or "before/after" conditions are required.'),
    ({'mode': 'ensure'},
     'ERROR: Wrong conditions? Unable to ensure line without knowing where to put it before and/or after.'),
    ({'mode': 'bogus'}, 'ERROR: Unknown mode: "bogus"'),
    ({'mode': 'ensure', 'after': 'sec', 'before': 'last'},
     'ERROR: Found more than one line between boundaries "before" and "after".'),
])
def test_line_refuses(call, conf, how, error):
    found = call('file.line', str(conf), 'new', **how)
    assert found == error or compat.PY2 and '(' in error and found.startswith('ERROR: ') and found.endswith(": '('")
    assert conf.read() == CONF


def test_line_that_is_there_is_not_added(call, conf):
    assert call('file.line', str(conf), 'key = other', mode='ensure', after='\\[sec') is False
    assert call('file.line', str(conf), 'last = 1', mode='replace', match='last') is False
    assert call('file.line', str(conf.dirpath('nope')), 'x', mode='insert', location='end', quiet=True) is False


# ---- replace, blockreplace, comments

def test_replace_keeps_owner_mode_and_names(call, conf):
    other = str(conf.dirpath('other'))
    os.link(str(conf), other)
    assert call('file.replace', str(conf), '^last.*', 'last = 2', backup='.orig') == diff(
        '@@ -5,4 +5,4 @@', ' [sec]', ' key = other', ' ', '-last = 1', '+last = 2')
    assert os.path.samefile(str(conf), other) and stat.S_IMODE(os.stat(other).st_mode) == 0o640
    assert conf.dirpath('conf.orig').read() == CONF
    call('file.replace', str(conf), 'last', 'first', preserve_inode=False, backup=False)
    assert not os.path.samefile(str(conf), other) and stat.S_IMODE(os.stat(str(conf)).st_mode) == 0o640


def test_replace_appends_what_is_not_found_once(call, conf):
    how = {'append_if_not_found': True, 'backup': False}
    assert call('file.replace', str(conf), '^zz', 'zz = 1', **how) == diff(
        '@@ -6,3 +6,4 @@', ' key = other', ' ', ' last = 1', '+zz = 1')
    assert call('file.replace', str(conf), '^nope', 'zz = 1', **how) == ''
    assert call('file.replace', str(conf), '^nope', 'x', dry_run=True, **how) != ''
    assert conf.read() == CONF + 'zz = 1\n'


@pytest.mark.parametrize('flags, found', [(0, False), (2, True), ('IGNORECASE', True), (['IGNORECASE', 'MULTILINE'], True)])
def test_flags(call, conf, flags, found):
    assert call('file.search', str(conf), 'LAST', flags=flags) is found
    assert call('file.replace', str(conf), 'LAST', 'x', flags=flags, search_only=True) is found


def test_what_is_no_text_is_refused(call, tmpdir):
    path = str(tmpdir.join('bin'))
    with open(path, 'wb') as stream:
        stream.write(b'\x00\xff')
    text = 'Cannot perform string replacements on a binary file: ' + path
    assert call('file.replace', path, 'a', 'b') == "ERROR executing 'file.replace': " + text
    assert call('file.comment', path, 'a') == "ERROR executing 'file.comment': " + text
    assert call('file.blockreplace', path, 'a', 'b') == "ERROR executing 'file.blockreplace': " + text


def test_blocks(call, conf):
    how = {'marker_start': '#s', 'marker_end': '#e', 'backup': False}
    assert call('file.blockreplace', str(conf), content='x\n', **how) == (
        'ERROR: Cannot edit marked block. Markers were not found in file.')
    call('file.blockreplace', str(conf), content='x\n', insert_after_match='^\\[sec', **how)
    assert conf.read() == CONF.replace('[sec]\n', '[sec]\n#s\nx\n#e\n')
    assert call('file.blockreplace', str(conf), content='y', append_newline=True, show_changes=False, **how) is True
    assert call('file.blockreplace', str(conf), content='y\n', show_changes=False, **how) is False
    assert conf.read() == CONF.replace('[sec]\n', '[sec]\n#s\ny\n#e\n')
    conf.write('#s\nx\n')
    assert 'Unterminated marked block' in call('file.blockreplace', str(conf), **how)


def test_a_wrong_expression_empties_no_file(call, conf):
    assert call('file.psed', str(conf), '(', 'x').startswith('The minion function caused an exception')
    assert call('file.psed', str(conf), 'value', 'x', flags='q').startswith('The minion function caused an exception')
    assert conf.read() == CONF
    call('file.psed', str(conf), 'key', 'k', limit='other', backup='')
    assert conf.read() == CONF.replace('key = other', 'k = other')


# ---- find

@pytest.fixture
def tree(tmpdir):
    top = tmpdir.mkdir('tree')
    top.join('a.txt').write('alpha\n')
    top.join('b c.TXT').write('beta\n' * 300)
    top.mkdir('sub').mkdir('deep').join('d.log').write('x')
    os.utime(str(top.join('a.txt')), (1600000000, 1600000000))
    os.symlink(str(tmpdir), str(top.join('up')))
    return str(top)


@pytest.mark.parametrize('how, names', [
    ({'name': '*.txt'}, ['a.txt']),
    ({'iname': '*.TXT'}, ['a.txt', 'b c.TXT']),
    ({'regex': '^[ad]\\.'}, ['a.txt', 'sub/deep/d.log']),
    ({'type': 'f', 'size': '+1k'}, ['b c.TXT']),
    ({'type': 'f', 'size': '-6'}, ['a.txt', 'sub/deep/d.log']),
    ({'type': 'f', 'mtime': '+1d'}, ['a.txt']),
    ({'type': 'f', 'grep': '^beta'}, ['b c.TXT']),
    ({'type': 'd', 'mindepth': 1}, ['sub', 'sub/deep', 'up']),
    ({'maxdepth': 1, 'type': 'f'}, ['a.txt', 'b c.TXT']),
    ({'mindepth': 3}, ['sub/deep/d.log']),
])
def test_find(call, tree, how, names):
    assert call('file.find', tree, **how) == [os.path.join(tree, name) for name in names]


@pytest.mark.parametrize('how, error', [
    ({'bogus': 1}, 'error: invalid option "bogus"'), ({'type': 'x'}, 'error: invalid file type "x"'),
    ({'name': ''}, 'error: missing value for "name" option'), ({'size': 'x'}, 'error: invalid size: "x"'),
    ({'mtime': 'x'}, "error: invalid time interval: 'x'"), ({'owner': 'nosuch'}, 'error: no such user "nosuch"'),
    ({'regex': '('}, 'error: invalid regular expression: "("'),
])
def test_find_refuses(call, tree, how, error):
    assert call('file.find', tree, **how) == error


def test_find_acts(call, tree):
    path = os.path.join(tree, 'b c.TXT')
    assert call('file.find', tree, name='*.TXT', **{'exec': 'basename {}'}) == ['basename %s:\nb c.TXT\n\n' % path]
    assert call('file.find', tree, name='*.TXT', **{'exec': 'nosuchprogram {}'}) == [path + ': Failed']
    assert call('file.find', tree, type='f', print='name,size,type', maxdepth=1) == [['a.txt', 6, 'f'], ['b c.TXT', 1500, 'f']]
    assert call('file.find', tree, name='up', delete='d') == [os.path.join(tree, 'up')]
    assert call('file.find', tree, name='sub', delete='d') == [os.path.join(tree, 'sub')]
    assert sorted(os.listdir(tree)) == ['a.txt', 'b c.TXT'] and os.path.isdir(os.path.dirname(tree))


# ---- owners, links, folders, removing

@ROOT
def test_check_perms(call, conf):
    ret, perms = call('file.check_perms', str(conf), {}, 'nobody', None, '0600')
    assert ret == {'name': str(conf), 'changes': {'user': 'nobody', 'mode': '0600'}, 'comment': '', 'result': True}
    assert perms == {'luser': 'root', 'lgroup': 'root', 'lmode': '0640', 'cuser': 'nobody', 'cmode': '0600'}
    ret, perms = call('file.check_perms', str(conf), {}, 'nosuch', None, '0600')
    assert ret['comment'] == 'User does not exist\n; Failed to change user to nosuch' and ret['result'] is False


def test_test_mode_changes_nothing(call, loader, conf, monkeypatch):
    monkeypatch.setitem(loader.opts, 'test', True)
    ret, _ = call('file.check_perms', str(conf), {}, None, None, '0600')
    assert ret['changes'] == {'mode': '0600'} and ret['result'] is None
    assert stat.S_IMODE(os.stat(str(conf)).st_mode) == 0o640


def test_what_is_made_has_a_mode_of_its_own(call, tmpdir):
    before = os.umask(0o077)
    try:
        call('file.write', str(tmpdir.join('new')), 'x')
        call('file.touch', str(tmpdir.join('touched')))
        call('file.mkdir', str(tmpdir.join('a', 'b')))
        call('file.manage_file', str(tmpdir.join('m')), '', {}, '', {}, None, None, None, '', 'base', '', contents='x')
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(os.stat(str(tmpdir.join(name))).st_mode) for name in ('new', 'touched', 'a', 'a/b', 'm')]
    assert modes == [0o644, 0o644, 0o755, 0o755, 0o644]


@ROOT
def test_no_link_of_a_stranger_is_written_through(call, tmpdir):
    folder, target = tmpdir.mkdir('tmp'), tmpdir.join('target')
    os.chmod(str(folder), 0o1777)
    target.write('kept\n')
    trap = str(folder.join('trap'))
    os.symlink(str(target), trap)
    os.lchown(trap, 65534, 65534)
    for fun in ('file.write', 'file.append', 'file.prepend'):
        assert call(fun, trap, 'x').startswith('The minion function caused an exception')
    with pytest.raises(OSError) as caught:
        file_open.write_over(trap, b'x')
    assert caught.value.errno in (errno.ELOOP, errno.EACCES)       # the kernel may see it first
    assert target.read() == 'kept\n'
    os.lchown(trap, os.geteuid(), -1)
    assert call('file.write', trap, 'mine') == 'Wrote 1 lines to "%s"' % trap
    assert target.read() == 'mine\n'


def test_remove_refuses_the_root_and_follows_no_link(call, tmpdir):
    assert call('file.remove', '//') == "ERROR: Could not remove '//': it is the root of all files"
    kept, link = tmpdir.mkdir('kept'), str(tmpdir.join('link'))
    kept.join('x').write('x')
    os.symlink(str(kept), link)
    assert call('file.remove', link) is True and kept.join('x').check()


def test_rmdir_looks_at_the_age(call, tmpdir):
    top = tmpdir.mkdir('top')
    old, new = top.mkdir('old'), top.mkdir('new')
    os.utime(str(old), (1600000000, 1600000000))
    told = call('file.rmdir', str(top), recurse=True, verbose=True, older_than=1)
    assert told == {'deleted': [str(old)], 'errors': [], 'result': True} and new.check()


def test_symlinks(call, tmpdir):
    link = str(tmpdir.join('l'))
    assert call('file.symlink', '/one', link) is True
    assert call('file.symlink', '/two', link) == 'ERROR: Found existing symlink: ' + link
    assert call('file.symlink', '/two', link, atomic=True) is True
    assert call('file.symlink', '/three', link, force=True) is True
    assert os.listdir(str(tmpdir)) == ['l'] and call('file.readlink', link) == '/three'


# ---- backups, managed files

def test_backups(call, conf):
    path = str(conf)
    arguments = [path, '', {}, '', {}, None, None, None, '', 'base', 'minion']
    for text in ('one\n', 'two\n'):
        assert call('file.manage_file', *arguments, contents=text)['comment'] == 'File %s updated' % path
    kept = call('file.list_backups', path)
    assert sorted(kept) == [0, 1] and [kept[number]['Size'] for number in (0, 1)] == [4, len(CONF)]
    assert call('file.list_backups', path, 1) == {0: kept[0]}
    assert call('file.list_backups_dir', str(conf.dirpath()))['conf'] == kept
    done = call('file.restore_backup', path, 1)
    assert done == {'result': True, 'comment': 'Successfully restored %s to %s' % (kept[1]['Location'], path)}
    assert conf.read() == CONF and len(call('file.list_backups', path)) == 3
    assert call('file.delete_backup', path, 0)['result'] is True
    assert call('file.delete_backup', path, 7) == {
        'result': False, 'comment': "backup_id '7' does not exist for " + path}
    assert call('file.restore_backup', path, 'x') == {'result': False, 'comment': "Invalid backup_id 'x'"}


def test_managed_file_of_a_source(call, conf, tmpdir):
    source, name = str(conf), str(tmpdir.join('deep', 'managed'))
    sfn, digest, wrong = call('file.get_managed', name, None, source, '', '', None, None, None, '', 'base', None, None)
    assert (sfn, wrong, digest['hash_type']) == (source, '', 'sha256')
    arguments = [name, sfn, {}, source, digest, None, None, '0600', '', 'base', '']
    assert call('file.manage_file', *arguments)['comment'] == 'Parent directory not present'
    assert call('file.manage_file', *arguments, makedirs=True)['changes'] == {'diff': 'New file'}
    assert call('file.manage_file', *arguments)['comment'] == 'File %s is in the correct state' % name
    wrong = dict(digest, hsum='0' * 64)
    ret = call('file.manage_file', *(arguments[:4] + [wrong] + arguments[5:]))
    assert ret['result'] is False and 'does not match actual checksum' in ret['comment']
    assert call('file.check_managed_changes', name, source, '', '', None, None, '0644', '', None, None, None, 'base') == {
        'mode': '0644'}
    assert call('file.check_managed', name, source, '', '', None, None, '0644', '', None, None, None, 'base') == (
        True, 'The file %s is in the correct state' % name)


def test_checksums(call, tmpdir):
    sums = tmpdir.join('sums')
    digits = 'a' * 64, 'b' * 64
    sums.write('%s  other\n%s *path/f\nsha1 (f) = %s\n' % (digits + ('c' * 40,)))
    path = str(sums)
    assert call('file.get_source_sum', '/x/path/f', source_hash=path) == {'hsum': digits[1], 'hash_type': 'sha256'}
    assert call('file.extract_hash', path, 'sha1', '/etc/f') == {'hsum': 'c' * 40, 'hash_type': 'sha1'}
    assert call('file.extract_hash', path, 'md5') is None
    assert call('file.get_source_sum', source_hash='md5=' + digits[0]).startswith(
        "ERROR: Invalid length (64) for hash type 'md5'")
    assert call('file.get_source_sum', source_hash='xyz').startswith('ERROR: Source hash xyz format is invalid.')
    assert call('file.source_list', [path + 'x', {path: 'h'}], '', 'base') == (path, 'h')
    assert call('file.get_diff', path, path, ignore_whitespace=True) == (False, '')


def test_text_beyond_ascii(call, tmpdir):
    path = str(tmpdir.join('t'))
    assert call('file.write', path, u'grüße', u'€') == 'Wrote 2 lines to "%s"' % path
    assert call('file.read', path) == compat.to_native(u'grüße\n€\n')
    assert call('file.contains_regex', path, u'^€') is True and call('file.contains', path, u'grü') is True
    assert call('file.replace', path, u'ü', u'ue', backup=False) == compat.to_native(
        u'--- \n+++ \n@@ -1,2 +1,2 @@\n-grüße\n+grueße\n €\n')
