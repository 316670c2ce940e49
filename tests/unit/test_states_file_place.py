"""States of whole files: touch, rename, copy, decode, tidied, patch, serialize."""
from __future__ import absolute_import, division, print_function

import os
import time

import pytest

from minion.errors import CommandExecutionError
from minion.helpers import environment
from tests.support import hoststates

needs_patch = pytest.mark.skipif(environment.which('patch') is None, reason='the program patch is not installed')


@pytest.fixture
def states(tmpdir, monkeypatch):
    return hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)


def told(ret):
    return ret['result'], ret['comment'], ret['changes']


def test_touch(states, tmpdir):
    name = str(tmpdir.join('no', 'file'))
    assert told(states.state('file.touch', name, test=True)) == (None, 'File %s is set to be created' % name, {'new': name})
    assert told(states.state('file.touch', name)) == (False, 'Directory not present to touch file %s' % name, {})
    assert told(states.state('file.touch', name, makedirs=True)) == (True, 'Created empty file %s' % name, {'new': name})
    assert told(states.state('file.touch', name, mtime=5, atime=5)) == (
        True, 'Updated times on file %s' % name, {'touched': name})
    assert os.stat(name).st_mtime == 5
    assert told(states.state('file.touch', name, mtime=6, atime=5, test=True)) == (
        None, 'Times set to be updated on file %s' % name, {'touched': name})


def test_rename(states, tmpdir):
    source, name = str(tmpdir.join('source')), str(tmpdir.join('name'))
    moved = 'Source file "%s" has already been moved out of place' % source
    assert told(states.state('file.rename', name, source)) == (True, moved, {})
    tmpdir.join('source').write('new')
    assert told(states.state('file.rename', name, source, test=True)) == (
        None, 'File "%s" is set to be moved to "%s"' % (source, name), {})
    tmpdir.join('name').write('old')
    assert states.state('file.rename', name, source)['comment'] == (
        'The target file "%s" exists and will not be overwritten' % name)
    assert told(states.state('file.rename', name, source, force=True)) == (
        True, 'Moved "%s" to "%s"' % (source, name), {name: source})
    assert tmpdir.join('name').read() == 'new' and not os.path.exists(source)


def test_copy(states, tmpdir):
    source, name = str(tmpdir.join('source')), str(tmpdir.join('name'))
    assert told(states.state('file.copy', name, source)) == (False, 'Source file "%s" is not present' % source, {})
    tmpdir.join('source').write('x')
    os.chmod(source, 0o640)
    assert told(states.state('file.copy', name, source, test=True)) == (
        None, 'File "%s" is set to be copied to "%s"' % (source, name), {})
    assert told(states.state('file.copy', name, source, user='mtstnobody')) == (
        False, 'User mtstnobody is not available ', {})
    copied = 'Copied "%s" to "%s"' % (source, name)
    assert told(states.state('file.copy', name, source)) == (True, copied, {name: source})
    assert os.stat(name).st_mode & 0o777 == 0o640
    assert states.state('file.copy', name, source)['comment'] == (
        'The target file "%s" exists and will not be overwritten' % name)
    assert told(states.state('file.copy', name, source, force=True, mode='0600')) == (
        True, copied + ' - files are identical but force flag is set', {name: source, 'mode': '0600'})


def test_copy_of_a_folder(states, tmpdir):
    tmpdir.mkdir('source').join('x').write('1')
    name = str(tmpdir.join('no', 'name'))
    assert states.state('file.copy', name, str(tmpdir.join('source')))['comment'] == (
        'The target directory %s is not present' % tmpdir.join('no'))
    assert states.state('file.copy', name, str(tmpdir.join('source')), makedirs=True)['result'] is True
    assert tmpdir.join('no', 'name', 'x').read() == '1'


def test_decode(states, tmpdir):
    name, digest = str(tmpdir.join('name')), '5d41402abc4b2a76b9719d911017c592'
    assert told(states.state('file.decode', name, 'aGVsbG8=', test=True)) == (None, 'File is set to be updated.', {})
    assert told(states.state('file.decode', name, 'aGVsbG8=')) == (True, 'File was updated.', {'old': None, 'new': digest})
    assert told(states.state('file.decode', name, 'aGVsbG8=')) == (True, 'File is in the correct state.', {})
    with pytest.raises(CommandExecutionError, match='Specify either'):
        states.state('file.decode', name)


@pytest.fixture
def old(tmpdir):
    """A folder with a file of ten days ago, a new one of twenty bytes, and a folder with one of ten days."""
    folder = tmpdir.mkdir('folder')
    folder.mkdir('below').join('old2').write('')
    folder.join('old').write('')
    folder.join('big').write('1' * 20)
    for path in (folder.join('old'), folder.join('below', 'old2')):
        os.utime(str(path), (time.time() - 10 * 86400,) * 2)
    return folder


@pytest.mark.parametrize('wanted, gone', [
    ({'age': 10, 'age_size_only': 'age'}, ['below/old2', 'old']),
    ({'age': 11, 'age_size_only': 'age'}, []),
    ({'size': '20b', 'age_size_only': 'size'}, ['big']),
    ({'size': '1k', 'age': 5}, ['below/old2', 'old']),
    ({'size': 1, 'age': 5, 'age_size_logical_operator': 'AND'}, []),
    ({'matches': ['old'], 'exclude': ['old2']}, ['old']),
    ({'matches': ['.*/below/'], 'full_path_match': True}, ['below/old2']),
    ({'rmdirs': True, 'exclude': ['big']}, ['below', 'below/old2', 'old']),
])
def test_tidied(states, old, wanted, gone):
    name = str(old)
    expected = sorted(os.path.join(name, path) for path in gone)
    ret = states.state('file.tidied', name, test=True, **wanted)
    assert sorted(ret['changes'].get('removed', [])) == expected
    assert ret['result'] is (None if gone else True)
    ret = states.state('file.tidied', name, **wanted)
    assert sorted(ret['changes'].get('removed', [])) == expected
    assert ret['comment'] == ('Removed %d files or directories from directory %s' % (len(gone), name) if gone
                              else 'Nothing to remove from directory %s' % name)
    assert not any(os.path.exists(path) for path in expected) and os.path.isdir(name)


def test_tidied_needs_a_folder(states, tmpdir):
    assert states.state('file.tidied', 'x')['comment'] == 'Specified file x is not an absolute path'
    name = str(tmpdir.join('none'))
    assert told(states.state('file.tidied', name)) == (False, '%s does not exist or is not a directory.' % name, {})


@needs_patch
def test_patch(states, tmpdir):
    path, source = tmpdir.join('file'), tmpdir.join('patch')
    path.write('a\nb\nc\n')
    source.write('--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n')
    name = str(path)
    ret = states.state('file.patch', name, str(source), test=True)
    assert (ret['result'], ret['comment'], path.read()) == (None, 'The patch would be applied', 'a\nb\nc\n')
    ret = states.state('file.patch', name, str(source))
    assert (ret['result'], ret['comment'], path.read()) == (True, 'Patch successfully applied', 'a\nB\nc\n')
    assert ret['changes']['retcode'] == 0
    assert told(states.state('file.patch', name, str(source))) == (True, 'Patch was already applied', {})
    path.write('other\n')
    ret = states.state('file.patch', name, str(source))
    assert ret['result'] is False and ret['comment'].startswith('Patch would not apply cleanly, no changes made.')
    assert 'Hunk #1 FAILED at 1.' in ret['comment'] and path.read() == 'other\n'
    assert [str(found) for found in tmpdir.listdir() if 'rej' in str(found) or 'orig' in str(found)] == []


def test_serialize(states, tmpdir):
    name, data = str(tmpdir.join('name')), {'b': [1, 'x', None], 'a': {'z': 'q: r', 'y': ''}}
    assert told(states.state('file.serialize', name, data, test=True)) == (
        None, 'Dataset will be serialized and stored into %s' % name, {'newfile': name})
    assert told(states.state('file.serialize', name, data)) == (True, 'File %s updated' % name, {'diff': 'New file'})
    assert tmpdir.join('name').read() == "a:\n  y: ''\n  z: 'q: r'\nb:\n- 1\n- x\n- null\n"
    assert told(states.state('file.serialize', name, data)) == (True, 'File %s is in the correct state' % name, {})
    states.state('file.serialize', name, data, formatter='json')
    assert tmpdir.join('name').read() == (
        '{\n  "a": {\n    "y": "",\n    "z": "q: r"\n  },\n  "b": [\n    1,\n    "x",\n    null\n  ]\n}\n')


def test_serialize_over_what_is_there(states, tmpdir):
    name = str(tmpdir.join('name'))
    tmpdir.join('name').write('{"b": 1, "c": {"d": 2}}')
    wanted = {'serializer': 'json', 'merge_if_exists': True}
    changes = {'diff': {'b': {'new': 2, 'old': 1}, 'c': {'e': {'new': 3, 'old': '<_null_>'}}}}
    assert told(states.state('file.serialize', name, {'b': 2, 'c': {'e': 3}}, **wanted)) == (
        True, 'File %s updated' % name, changes)
    assert told(states.state('file.serialize', name, {'b': 2}, **wanted)) == (
        True, 'The file %s is in the correct state' % name, {})
    tmpdir.join('name').write('{{')
    assert states.state('file.serialize', name, {'b': 2}, **wanted)['comment'].startswith(
        'Failed to deserialize existing data: ')


def test_serialize_arguments_and_check(states, tmpdir):
    name = str(tmpdir.join('name'))
    assert states.state('file.serialize', name)['comment'] == "Neither 'dataset' nor 'dataset_pillar' was defined"
    assert states.state('file.serialize', name, {}, dataset_pillar='x')['comment'] == (
        "Only one of 'dataset' and 'dataset_pillar' is permitted")
    assert states.state('file.serialize', name, {}, serializer='nope')['comment'] == (
        'The nope serializer could not be found. It either does not exist or its prerequisites are not installed.')
    assert states.state('file.serialize', name, {}, create=False)['result'] is True
    ret = states.state('file.serialize', name, {'a': 1}, check_cmd='grep -q 3')
    assert (ret['result'], ret['comment'], ret['skip_watch']) == (False, 'check_cmd execution failed', True)
    assert not os.path.exists(name)
    assert states.state('file.serialize', name, {'a': 3}, check_cmd='grep -q 3')['result'] is True
    states.state('file.serialize', name, {'s': {'A': 'b'}}, serializer='configparser')
    assert tmpdir.join('name').read() == '[s]\na = b\n\n\n'
