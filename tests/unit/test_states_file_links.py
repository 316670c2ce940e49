"""The states file.symlink, hardlink, absent, exists, missing, mknod, pruned, cached, not_cached, retention_schedule."""
from __future__ import absolute_import, division, print_function

import os
import stat

import pytest

from tests.support.hoststates import States

ROOT = pytest.mark.skipif(os.geteuid() != 0, reason='only root may give links away')
SHA256_OF_HELLO = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03'


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = States(str(tmpdir.mkdir('host')), monkeypatch)
    tmpdir.mkdir('roots').join('plain').write('hello\n')
    host.loader.opts.update(file_client='local', file_roots={'base': [str(tmpdir.join('roots'))]}, hash_type='sha256',
                            file_buffer_size=262144)
    return host


@pytest.fixture
def path(tmpdir):
    return tmpdir.join('l')


@pytest.fixture
def target(tmpdir):
    return tmpdir.ensure('t')


def called(host, state, path, *args, **wanted):
    """(result, changes, comment), with L for the path"""
    ret = host.state('file.' + state, str(path), *args, **wanted)
    changes = dict((key, 'L' if value == str(path) else value) for key, value in ret['changes'].items())
    return ret['result'], changes, ret['comment'].replace(str(path) or 'L', 'L')


# ---- symlink

def test_a_new_link(host, path, target):
    assert called(host, 'symlink', path, 't', test=True) == (None, {'new': 'L'}, 'Symlink L to t is set for creation')
    assert called(host, 'symlink', path, 't') == (True, {'new': 'L'}, 'Created new symlink L -> t')
    assert os.readlink(str(path)) == 't'
    assert called(host, 'symlink', path, './t', test=True) == (True, {}, 'The symlink L is present')
    whose = '%s:%s' % (host.call('file.get_user', str(path)), host.call('file.get_group', str(path)))
    assert called(host, 'symlink', path, './t') == (True, {}, 'Symlink L is present and owned by ' + whose)


def test_another_target(host, path):
    path.mksymlinkto('elsewhere')
    assert called(host, 'symlink', path, 't', test=True) == (
        None, {'change': 'L'}, 'Link L target is set to be changed to t')
    assert called(host, 'symlink', path, 't') == (True, {'new': 'L'}, 'Created new symlink L -> t')
    assert os.readlink(str(path)) == 't'


def test_what_is_in_the_way_of_a_link(host, path, tmpdir):
    path.write('x')
    did_you = 'File or directory exists where the symlink L should be. Did you mean to use force?'
    assert called(host, 'symlink', path, 't', test=True) == (False, {}, did_you)
    assert called(host, 'symlink', path, 't') == (False, {}, 'File exists where the symlink L should be')
    assert called(host, 'symlink', path, 't', backupname='sub/b') == (
        False, {}, 'Backupname must be an absolute path or a file name: sub/b')
    assert called(host, 'symlink', path, 't', backupname='b')[0] is True and tmpdir.join('b').read() == 'x'
    path.remove()
    path.write('y')
    assert called(host, 'symlink', path, 't', backupname='b') == (
        False, {}, 'Symlink & backup dest exists and Force not set. L -> t - backup: %s' % tmpdir.join('b'))
    assert called(host, 'symlink', path, 't', force=True, test=True) == (
        None, {}, 'The file or directory L is set for removal to make way for a new symlink targeting t')
    assert called(host, 'symlink', path, 't', force=True)[0] is True and path.islink()
    path.remove()
    path.mkdir()
    assert called(host, 'symlink', path, 't') == (False, {}, 'Directory exists where the symlink L should be')
    result, changes, comment = called(host, 'symlink', path, 't', force=True)
    assert (result, changes) == (False, {}) and comment.startswith('Unable to create new symlink L -> t: [Errno 21]')


def test_links_that_are_refused(host, path):
    assert called(host, 'symlink', '', 't')[2] == 'Must provide name to file.symlink'
    assert called(host, 'symlink', 'rel', 't') == (False, {}, 'Specified file L is not an absolute path')
    assert called(host, 'symlink', path, 't', user='no-such', test=True) == (False, {}, 'User no-such does not exist')
    deep = path.join('link')
    told = 'Symlink L to t is set for creation\nDirectory %s for symlink is not present' % path
    assert called(host, 'symlink', deep, 't', test=True) == (None, {'new': 'L'}, told)
    assert called(host, 'symlink', deep, 't') == (False, {}, 'Directory %s for symlink is not present' % path)
    assert called(host, 'symlink', deep, 't', makedirs=True, mode='0711')[0] is True
    assert stat.S_IMODE(os.stat(str(path)).st_mode) == 0o711


@ROOT
def test_owner_of_a_link(host, path, target):
    assert called(host, 'symlink', path, 't', user='nobody')[2] == 'Created new symlink L -> t'
    whose = 'nobody:%s' % host.call('file.get_group', str(path), follow_symlinks=False)
    assert host.call('file.get_user', str(target)) != 'nobody'
    os.lchown(str(path), 0, 0)
    comment = 'The symlink L is present, but the ownership of the symlink would be changed from root:root to ' + whose
    assert called(host, 'symlink', path, 't', user='nobody', test=True) == (None, {'ownership': 'root:root'}, comment)
    assert called(host, 'symlink', path, 't', user='nobody') == (
        True, {'ownership': whose}, 'Set ownership of symlink L to ' + whose)
    assert called(host, 'symlink', path, 't', inherit_user_and_group=True) == (
        True, {}, 'Symlink L is present and owned by ' + whose)


# ---- hardlink

def test_a_second_name(host, path, target):
    name = str(target)
    assert called(host, 'hardlink', path, name, test=True) == (
        None, {'new': 'L'}, 'Hard link L to %s is set for creation' % name)
    assert called(host, 'hardlink', path, name) == (True, {'new': 'L'}, 'Created new hard link L -> %s' % name)
    assert os.stat(str(path)).st_ino == os.stat(name).st_ino
    assert called(host, 'hardlink', path, name) == (
        True, {}, 'Target of hard link L is already pointing to %s' % name)
    other = str(target.dirpath().ensure('other'))
    assert called(host, 'hardlink', path, other, test=True) == (
        None, {'change': 'L'}, 'Link L target is set to be changed to %s' % other)
    assert called(host, 'hardlink', path, other) == (True, {'new': 'L'}, 'Set target of hard link L -> %s' % other)


def test_second_names_that_are_refused(host, path, target):
    name, folder = str(target), str(target.dirpath())
    assert called(host, 'hardlink', path, 't') == (False, {}, 'Specified target t is not an absolute path')
    assert called(host, 'hardlink', path, '/no/such') == (False, {}, 'Target /no/such for hard link does not exist')
    assert called(host, 'hardlink', path, folder) == (False, {}, 'Unable to hard link from directory %s' % folder)
    assert called(host, 'hardlink', folder, name) == (False, {}, 'Unable to hard link to directory L')
    path.write('x')
    assert called(host, 'hardlink', path, name) == (False, {}, 'File exists where the hard link L should be')
    assert called(host, 'hardlink', path, name, force=True) == (
        True, {'new': 'L', 'forced': 'File for hard link was forcibly replaced'},
        'Created new hard link L -> %s' % name)


# ---- there or not

def test_absent(host, path, tmpdir):
    gone = 'File L is not present'
    assert called(host, 'absent', path) == (True, {}, gone)
    path.write('x')
    assert called(host, 'absent', path, test=True) == (None, {'removed': 'L'}, 'File L is set for removal') and path.check()
    assert called(host, 'absent', path) == (True, {'removed': 'L'}, 'Removed file L') and not path.check()
    path.mkdir().join('out').mksymlinkto(tmpdir.ensure('kept', 'x').dirpath())
    assert called(host, 'absent', path) == (True, {'removed': 'L'}, 'Removed directory L')
    assert tmpdir.join('kept', 'x').check()
    path.mksymlinkto('nowhere')
    assert called(host, 'absent', path) == (True, {'removed': 'L'}, 'Removed file L') and not path.islink()


def test_what_is_never_removed(host):
    assert called(host, 'absent', '')[2] == 'Must provide name to file.absent'
    assert called(host, 'absent', 'rel') == (False, {}, 'Specified file L is not an absolute path')
    assert host.state('file.absent', '/')['comment'] == 'Refusing to make "/" absent'
    assert host.state('file.absent', '//tmp/..')['result'] is False


def test_exists_and_missing(host, path, target):
    assert called(host, 'exists', target) == (True, {}, 'Path L exists')
    assert called(host, 'missing', target) == (False, {}, 'Specified path L exists')
    path.mksymlinkto('nowhere')
    assert called(host, 'exists', path) == (False, {}, 'Specified path L does not exist')
    assert called(host, 'missing', path) == (True, {}, 'Path L is missing')
    assert called(host, 'shortcut', path, 't') == (False, {}, 'Shortcuts are only supported on Windows')


# ---- devices and pipes, empty folders

def test_a_pipe(host, path):
    assert called(host, 'mknod', path, 'p', test=True) == (None, {}, 'Fifo pipe L is set to be created')
    assert called(host, 'mknod', path, 'p') == (True, {'new': 'Fifo pipe %s created.' % path}, '')
    assert stat.S_ISFIFO(os.stat(str(path)).st_mode)
    assert called(host, 'mknod', path, 'p', mode='0640') == (True, {'mode': '0640'}, '')
    assert called(host, 'mknod', path, 'p', mode='0640') == (True, {}, 'Fifo pipe L is in the correct state')


def test_nodes_that_are_refused(host, path):
    assert called(host, 'mknod', path, 'x')[2] == (
        "Node type unavailable: 'x'. Available node types are character ('c'), block ('b'), and pipe ('p')")
    assert called(host, 'mknod', '', 'p')[2] == 'Must provide name to file.mknod'
    path.write('x')
    assert called(host, 'mknod', path, 'c', 1, 3) == (
        False, {}, 'File L exists and is not a character device. Refusing to continue')
    assert host.state('file.mknod', '/dev/null', 'c', 1, 4)['comment'] == (
        'Character device /dev/null exists and has a different major/minor 1/3. Refusing to continue')


def test_empty_folders(host, path):
    assert called(host, 'pruned', path) == (True, {}, 'Directory L is not present')
    path.ensure('a', 'x')
    path.mkdir('b').mkdir('c')
    assert called(host, 'pruned', path, test=True) == (None, {'deleted': 'L'}, 'Directory L is set for removal')
    result, changes, comment = called(host, 'pruned', path)
    assert (result, changes['deleted'], comment) == (False, [], 'Failed to remove directory L')
    assert called(host, 'pruned', path, recurse=True, ignore_errors=True) == (
        True, {'deleted': [str(path.join('b')), str(path.join('b', 'c'))]},
        'Recursively removed empty directories under L')
    path.join('a', 'x').remove()
    assert called(host, 'pruned', path.join('a')) == (True, {'deleted': 'L'}, 'Removed directory L')


# ---- the cache

def test_a_file_of_the_master_is_cached(host):
    source = 'salt://plain'
    assert called(host, 'cached', source, test=True) == (None, {}, 'File will be cached: L')
    result, changes, comment = called(host, 'cached', source)
    kept = host.call('cp.is_cached', source)
    assert (result, changes, comment) == (
        True, {'hash': {'old': None, 'new': SHA256_OF_HELLO}}, 'File is cached to ' + kept)
    assert called(host, 'cached', source, SHA256_OF_HELLO) == (
        True, {}, 'File is already cached to %s with hash %s' % (kept, SHA256_OF_HELLO))
    wrong = called(host, 'cached', source, '0' * 64)
    assert wrong[0] is False and 'does not match the specified hash' in wrong[2]
    assert called(host, 'cached', source, SHA256_OF_HELLO, test=True)[2] == 'File already cached: L'
    assert called(host, 'not_cached', source) == (True, {'deleted': True}, '%s was deleted' % kept)
    assert called(host, 'not_cached', source) == (True, {}, 'L is not cached')
    assert called(host, 'cached', 'salt://no')[2] == 'Failed to cache L, check minion log for more information'


def test_a_file_of_this_host_needs_no_copy(host, path):
    assert called(host, 'cached', path) == (False, {}, 'File L is not present on the minion')
    path.write('hello\n')
    assert called(host, 'cached', path, SHA256_OF_HELLO) == (
        True, {}, 'File L is present on the minion and has hash ' + SHA256_OF_HELLO)
    assert called(host, 'not_cached', path) == (True, {}, 'File L is a local path, no action taken') and path.check()
    assert called(host, 'cached', 'http://127.0.0.1:9/x')[2] == (
        'Unable to verify upstream hash of source file L, please set source_hash or set skip_verify or use_etag to True')


# ---- copies that stay

@pytest.mark.parametrize('retain, stay', [
    ({'most_recent': 2}, ['20200115', '20200301']),
    ({'first_of_month': 'all'}, ['20191231', '20200101', '20200301']),
    ({'first_of_year': 1, 'first_of_week': 1}, ['20200101', '20200301']),
    ({'first_of_day': 3}, ['20200102', '20200115', '20200301']),
    ({}, []),
])
def test_some_copies_stay(host, path, retain, stay):
    names = ['20191231', '20200101', '20200102', '20200115', '20200301']
    for name in names + ['other']:
        path.ensure(name)
    gone = sorted(set(names) - set(stay), reverse=True)
    changes = {'retained': sorted(stay, reverse=True), 'deleted': gone, 'ignored': ['other', '..', '.']}
    wanted = {'retain': retain, 'strptime_format': '%Y%m%d'}
    assert called(host, 'retention_schedule', path, test=True, **wanted) == (
        None, changes, '%d backups would have been removed from L.\n' % len(gone))
    assert called(host, 'retention_schedule', path, **wanted) == (
        True, changes, '%d backups were removed from L.\n' % len(gone))
    assert sorted(os.listdir(str(path))) == stay + ['other']


def test_copies_without_a_folder(host, path):
    comment = 'Name provided to file.retention must be a directory'
    assert called(host, 'retention_schedule', path, {'most_recent': 1}) == (False, {}, comment)
