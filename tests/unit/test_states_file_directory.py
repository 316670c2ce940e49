"""The states file.directory and file.recurse; comments and changes are those that the reference returned."""
from __future__ import absolute_import, division, print_function

import os
import stat

import pytest

from minion.helpers import state_file_clean
from minion.helpers.state_file import World
from tests.support.hoststates import States

ROOT = pytest.mark.skipif(os.geteuid() != 0, reason='only root may give files away')
CLEANED = {'removed': 'Removed due to clean'}


@pytest.fixture
def host(tmpdir, monkeypatch):
    tree = tmpdir.mkdir('roots').mkdir('tree')
    for name in ('one', 'sub/two', 'sub/deep/three'):
        tree.join(name).write(name + '\n', ensure=True)
    tree.join('one').chmod(0o755)
    tree.join('link').mksymlinkto('one')
    tree.mkdir('empty')
    host = States(str(tmpdir.mkdir('host')), monkeypatch)
    host.loader.opts.update(file_client='local', hash_type='sha256', file_buffer_size=262144, fileserver_followsymlinks=True,
                            file_roots={'base': [str(tmpdir.join('roots'))]})
    return host


@pytest.fixture
def folder(tmpdir):
    return tmpdir.join('d')


@pytest.fixture
def full(folder):
    for name in ('x', 'a/y', 'a/b/z'):
        folder.join(name).write(name, ensure=True)
    for name in ('.', 'a', 'a/b'):
        folder.join(name).chmod(0o755)
    for name in ('x', 'a/y', 'a/b/z'):
        folder.join(name).chmod(0o644)
    return folder


def mode(path):
    return stat.S_IMODE(os.lstat(str(path)).st_mode)


def called(host, state, path, **wanted):
    """(result, changes with paths relative to the folder, comment with DIR for the path)"""
    ret = host.state('file.' + state, str(path), **wanted)
    changes = {}
    for key, value in ret['changes'].items():
        if isinstance(value, list):
            value = sorted(os.path.relpath(one, str(path)) for one in value)
        elif isinstance(value, dict):
            value = dict((os.path.relpath(k, str(path)) if k[0] == '/' else k, v) for k, v in value.items())
        changes[os.path.relpath(key, str(path)) if key[0] == '/' else key] = value
    return ret['result'], changes, ret['comment'].replace(str(path), 'DIR')


# ---- directory

def test_a_new_folder(host, folder):
    new = {'.': {'directory': 'new'}}
    assert called(host, 'directory', folder, test=True) == (
        None, new, 'The following files will be changed:\nDIR: directory - new\n')
    assert not folder.check()
    assert called(host, 'directory', folder, mode=700) == (True, new, '') and mode(folder) == 0o700
    assert called(host, 'directory', folder) == (True, {}, 'The directory DIR is in the correct state')
    deep = folder.join('p', 'q')
    assert called(host, 'directory', deep) == (False, new, 'No directory to create DIR in')
    assert called(host, 'directory', deep, makedirs=True, mode='0711') == (True, new, '')
    assert mode(deep) == mode(folder.join('p')) == 0o711


def test_another_mode(host, folder):
    folder.mkdir().chmod(0o755)
    assert called(host, 'directory', folder, dir_mode='0700', test=True) == (
        None, {'.': {'mode': '0700'}}, 'The following files will be changed:\nDIR: mode - 0700\n')
    assert mode(folder) == 0o755
    assert called(host, 'directory', folder, dir_mode='0700') == (
        True, {'.': {'mode': '0700'}, 'mode': '0700'}, 'Directory DIR updated')
    assert mode(folder) == 0o700


@ROOT
def test_owners_of_all_below(host, full):
    links = {'l': 'x', 'nowhere': 'nothing'}
    for name in links:
        full.join(name).mksymlinkto(links[name])
    who = {'user': 'nobody'}
    assert called(host, 'directory', full, user='nobody', recurse=['user']) == (
        True, dict([(name, who) for name in ('.', 'x', 'a', 'a/y', 'a/b', 'a/b/z', 'l', 'nowhere')], **who),
        'Directory DIR updated')
    assert os.lstat(str(full.join('nowhere'))).st_uid == os.stat(str(full.join('a', 'b', 'z'))).st_uid != 0


def test_modes_of_all_below(host, full):
    wanted = {'dir_mode': '0711', 'file_mode': '0640', 'recurse': ['mode']}
    folders, files = {'mode': '0711'}, {'mode': '0640'}
    told = called(host, 'directory', full, test=True, **wanted)
    assert told[:2] == (None, {'.': folders, 'x': files, 'a': folders, 'a/y': files, 'a/b': folders, 'a/b/z': files})
    assert told[2].splitlines()[:2] == ['The following files will be changed:', 'DIR/x: mode - 0640']
    assert called(host, 'directory', full, max_depth=1, **wanted)[1] == {
        '.': folders, 'x': files, 'a': folders, 'mode': '0711'}
    assert (mode(full.join('a')), mode(full.join('a', 'b'))) == (0o711, 0o755)
    wanted['recurse'] = ['mode', 'ignore_dirs', 'silent']
    assert called(host, 'directory', full, **wanted) == (
        True, {'recursion': 'Changes silenced', 'mode': '0640'}, 'Directory DIR updated')
    wanted['recurse'] = ['mode', 'ignore_files']
    assert called(host, 'directory', full, children_only=True, **wanted) == (
        True, {'a/b': folders, 'mode': '0711'}, 'Directory DIR/* updated')


@pytest.mark.parametrize('wanted, comment', [
    ({'recurse': 'user'}, '"recurse" must be formed as a list of strings'),
    ({'recurse': ['bogus']},
     'Types for "recurse" limited to "user", "group", "mode", "ignore_files", "ignore_dirs", "silent".'),
    ({'recurse': ['ignore_files', 'ignore_dirs']},
     'Must not specify "recurse" options "ignore_files" and "ignore_dirs" at the same time.'),
    ({'clean': True, 'max_depth': 1}, 'Cannot specify both max_depth and clean'),
    ({'user': 'no-such'}, 'User no-such is not available '),
])
def test_what_is_refused(host, full, wanted, comment):
    assert called(host, 'directory', full, **wanted) == (False, {}, comment)
    assert full.join('x').check()


def test_names_that_are_refused(host):
    assert host.state('file.directory', '')['comment'] == 'Must provide name to file.directory'
    assert host.state('file.directory', 'rel')['comment'] == 'Specified file rel is not an absolute path'


def test_a_file_in_the_way(host, folder, tmpdir):
    folder.write('x')
    assert called(host, 'directory', folder) == (False, {}, 'Specified location DIR exists and is a file')
    backup = str(tmpdir.join('backup'))
    assert called(host, 'directory', folder, backupname=backup, test=True) == (
        None, {'backup': '%s would be renamed to %s' % (folder, backup), '.': {'directory': 'new'}},
        'DIR would be backed up and replaced with a new directory')
    assert called(host, 'directory', folder, backupname=backup) == (True, {'.': {'directory': 'new'}}, '')
    assert tmpdir.join('backup').read() == 'x'
    folder.remove()
    folder.write('y')
    assert called(host, 'directory', folder, backupname=backup) == (
        False, {}, 'File exists where the backup target %s should go' % backup)
    assert called(host, 'directory', folder, force=True) == (
        True, {'forced': 'File was forcibly replaced', '.': {'directory': 'new'}}, '')


def test_a_link_in_the_way(host, folder, tmpdir):
    folder.mksymlinkto(tmpdir.mkdir('real'))
    tmpdir.join('real').chmod(0o755)
    assert called(host, 'directory', folder, mode='0700') == (True, {}, 'The directory DIR is in the correct state')
    assert called(host, 'directory', folder, allow_symlink=False) == (
        False, {}, 'Specified location DIR exists and is a symlink')
    assert called(host, 'directory', folder, force=True) == (
        True, {'forced': 'Symlink was forcibly replaced', '.': {'directory': 'new'}}, '')
    assert not folder.islink() and tmpdir.join('real').check()


def test_clean(host, full, tmpdir):
    full.join('out').mksymlinkto(tmpdir.ensure('outside', 'kept').dirpath())
    wanted = {'clean': True, 'exclude_pat': ['a*', 'E@^nothing$']}
    told = called(host, 'directory', full, test=True, **wanted)
    assert told[:2] == (None, {'x': CLEANED, 'out': CLEANED}) and full.join('x').check()
    assert called(host, 'directory', full, **wanted) == (
        True, {'x': CLEANED, 'out': CLEANED, 'removed': ['out', 'x']}, 'Files cleaned from directory DIR')
    assert tmpdir.join('outside', 'kept').check() and full.join('a', 'b', 'z').check()
    assert called(host, 'directory', full, clean=True)[1]['removed'] == ['a']
    assert full.listdir() == []


def test_clean_keeps_what_required_states_stand_for(full):
    chunks = [{'state': 'file', '__id__': 'by id', 'name': str(full.join('a', 'b', 'z'))},
              {'state': 'file', '__id__': 'other', 'name': str(full.join('x'))}]
    world = World({'test': False}, {}, {}, {}, 'base', chunks)
    kept = state_file_clean.kept(str(full), [{'file': 'by id'}, {'pkg': 'other'}, 'odd'], world)
    assert kept == set(str(path) for path in (full, full.join('a'), full.join('a', 'b'), full.join('a', 'b', 'z')))


# ---- recurse

NEW = {'diff': 'New file', 'mode': '0644'}


def test_a_folder_of_the_master(host, folder):
    told = called(host, 'recurse', folder, source='salt://tree', test=True)
    assert told[0] is None and told[1]['sub/two'] == {'newfile': str(folder.join('sub', 'two'))} and not folder.check()
    assert '#### DIR/one ####\nThe file DIR/one is set to be changed\nNote:' in told[2]
    result, changes, comment = called(host, 'recurse', folder, source='salt://tree')
    assert (result, comment) == (True, 'Recursively updated DIR')
    assert changes['one'] == changes['sub/two'] == changes['sub/deep/three'] == changes['link'] == NEW
    assert folder.join('sub', 'deep', 'three').read() == 'sub/deep/three\n' and not folder.join('empty').check()
    assert called(host, 'recurse', folder, source='salt://tree') == (True, {}, 'The directory DIR is in the correct state')


@pytest.mark.parametrize('wanted, names', [
    ({'include_pat': '*two'}, ['sub/two']),
    ({'include_pat': 'E@two|three'}, ['sub/deep/three', 'sub/two']),
    ({'exclude_pat': ['*two', 'one', 'link']}, ['sub/deep/three']),
    ({'maxdepth': 0}, ['link', 'one']),
    ({'maxdepth': 0, 'include_empty': True}, ['empty', 'link', 'one', 'sub']),
])
def test_a_part_of_it(host, folder, wanted, names):
    assert called(host, 'recurse', folder, source='salt://tree', **wanted)[0] is True
    found = sorted(str(path.relto(folder)) for path in folder.visit() if path.check(file=True) or not path.listdir())
    assert found == names


def test_links_and_modes(host, folder):
    wanted = {'source': 'salt://tree', 'keep_symlinks': True, 'file_mode': 'keep', 'dir_mode': '0711'}
    assert called(host, 'recurse', folder, **wanted)[1]['link'] == {'new': str(folder.join('link'))}
    assert os.readlink(str(folder.join('link'))) == 'one'
    assert [mode(folder.join(name)) for name in ('.', 'sub', 'one')] == [0o711, 0o711, 0o755]
    folder.join('link').remove()
    folder.join('link').write('x')
    assert called(host, 'recurse', folder, **wanted) == (
        False, {}, '#### DIR/link ####\nFile exists where the symlink DIR/link should be')
    assert called(host, 'recurse', folder, force_symlinks=True, **wanted)[0] is True and folder.join('link').islink()


def test_what_is_not_from_there_is_cleaned(host, folder):
    for name in ('extra', 'sub/extra2', 'one/x'):
        folder.join(name).write('x', ensure=True)
    wanted = {'source': 'salt://tree', 'clean': True, 'exclude_pat': '*2'}
    told = called(host, 'recurse', folder, test=True, **wanted)
    assert told[0] is None and '#### DIR/one ####\nReplacing directory DIR/one with a file' in told[2]
    assert '#### removed ####' in told[2] and 'removed' not in told[1] and folder.join('extra').check()
    result, changes, comment = called(host, 'recurse', folder, **wanted)
    assert (result, changes['removed'], changes['one']) == (True, ['extra'], dict(NEW))
    assert folder.join('sub', 'extra2').check() and folder.join('one').read() == 'one\n'


@pytest.mark.parametrize('wanted, comment', [
    ({'source': '/tmp'}, "Recurse failed: Invalid source '/tmp' (must be a salt:// URI)"),
    ({'source': ['salt://no', 'salt://tree/one']}, 'Recurse failed: none of the specified sources were found'),
    ({'source': 'salt://tree', 'mode': '0644'},
     "'mode' is not allowed in 'file.recurse'. Please use 'file_mode' and 'dir_mode'."),
    ({'source': 'salt://tree', 'user': 'no-such'}, 'User no-such is not available '),
])
def test_sources_that_are_refused(host, folder, wanted, comment):
    assert called(host, 'recurse', folder, **wanted) == (False, {}, comment) and not folder.check()


def test_a_file_instead_of_the_folder(host, folder):
    folder.write('x')
    assert called(host, 'recurse', folder, source='salt://tree') == (
        False, {}, 'The path DIR exists and is not a directory')


def test_one_file_that_fails_does_not_stop_the_others(host, folder):
    folder.mkdir().join('sub').write('in the way')
    result, changes, comment = called(host, 'recurse', folder, source='salt://tree')
    assert result is False and changes['one'] == NEW and '#### DIR/sub ####\nSpecified location DIR/sub exists' in comment


def test_sources_are_merged_if_so_wanted(host, folder):
    wanted = {'source': ['salt://tree/sub/deep', 'salt://tree/sub', 'salt://no']}
    assert called(host, 'recurse', folder, **wanted)[1] == {'three': NEW}
    assert called(host, 'recurse', folder, merge=True, **wanted)[0] is True
    assert folder.join('two').check() and folder.join('deep', 'three').check()
