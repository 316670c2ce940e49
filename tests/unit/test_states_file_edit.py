"""States that edit text files: append, prepend, replace, line, blockreplace, comment, keyvalue, accumulated."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from tests.support import hoststates

DIFF = '--- \n+++ \n'


@pytest.fixture
def states(tmpdir, monkeypatch):
    return hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)


@pytest.fixture
def path(tmpdir):
    made = tmpdir.join('file')
    made.write('a\nb\nc\n')
    return made


def told(ret):
    return ret['result'], ret['comment'], ret['changes']


def test_append_adds_what_is_missing(states, path):
    name = str(path)
    diff = {'diff': '--- \n\n+++ \n\n@@ -1,3 +1,4 @@\n\n a\n b\n c\n+x'}
    assert told(states.state('file.append', name, text=['b', 'x'], test=True)) == (
        None, 'File %s is set to be updated' % name, diff)
    assert path.read() == 'a\nb\nc\n'
    assert told(states.state('file.append', name, text=['b', 'x'])) == (True, 'Appended 1 lines', diff)
    assert told(states.state('file.append', name, text=['b', 'x'])) == (True, 'File %s is in correct state' % name, {})
    assert path.read() == 'a\nb\nc\nx\n'


def test_append_disregards_white_space_unless_told(states, path):
    path.write('one   two\n')
    assert states.state('file.append', str(path), text=' one two')['changes'] == {}
    assert states.state('file.append', str(path), text='one two', ignore_whitespace=False)['comment'] == 'Appended 1 lines'


def test_append_makes_a_file(states, tmpdir):
    name = str(tmpdir.join('no', 'file'))
    assert told(states.state('file.append', name, text='x', test=True)) == (
        None, 'File %s is set to be created' % name, {'new': name})
    assert told(states.state('file.append', name, text='x')) == (False, '%s: file not found' % name, {})
    assert states.state('file.append', name, text='x', makedirs=True)['comment'] == 'Appended 1 lines'


def test_lines_from_other_files(states, path, tmpdir):
    source = tmpdir.join('source')
    source.write('x\ny\n')
    assert states.state('file.append', str(path), source=str(source))['comment'] == 'Appended 2 lines'
    ret = states.state('file.append', str(path), sources=[str(tmpdir.join('none'))])
    assert (ret['name'], ret['data'], ret['result']) == (str(tmpdir.join('none')), [], False)
    assert ret['comment'] == 'Failed to load template file %s' % tmpdir.join('none')
    assert states.state('file.append', str(path), source='x', sources=['y'])['comment'] == (
        'source and sources are mutually exclusive')


def test_prepend(states, path):
    name = str(path)
    diff = {'diff': DIFF + '@@ -1,3 +1,4 @@\n+x\n a\n b\n c\n'}
    assert told(states.state('file.prepend', name, text=['a', 'x'], test=True)) == (
        None, 'File %s is set to be updated' % name, diff)
    assert told(states.state('file.prepend', name, text=['a', 'x'])) == (True, 'Prepended 1 lines', diff)
    assert states.state('file.prepend', name, text=['x', 'a'], header=True)['comment'] == (
        'File %s is in correct state' % name)
    assert states.state('file.prepend', name, text=['a'], header=True)['comment'] == 'Prepended 1 lines'
    assert path.read() == 'a\nx\na\nb\nc\n'


@pytest.mark.parametrize('function', ['append', 'prepend', 'replace', 'line', 'blockreplace', 'comment', 'uncomment'])
def test_names_that_cannot_be(states, function):
    given = {'replace': {'pattern': 'a', 'repl': 'b'}, 'line': {'content': 'x', 'mode': 'ensure'}, 'comment': {'regex': 'x'},
             'uncomment': {'regex': 'x'}}.get(function, {})
    ret = states.state('file.' + function, '', **given)
    assert told(ret) == (False, 'Must provide name to file.%s' % function, {})
    ret = states.state('file.' + function, 'relative', **given)
    assert told(ret) == (False, 'Specified file relative is not an absolute path', {})


def test_replace(states, path):
    name, diff = str(path), {'diff': DIFF + '@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n'}
    assert told(states.state('file.replace', name, 'b', 'B', test=True)) == (None, 'Changes would have been made', diff)
    assert told(states.state('file.replace', name, 'b', 'B')) == (True, 'Changes were made', diff)
    assert told(states.state('file.replace', name, 'b', 'B')) == (True, 'No changes needed to be made', {})
    assert path.read() == 'a\nB\nc\n'
    assert states.state('file.replace', name + 'x', 'b', 'B')['comment'] == '%sx: file not found' % name
    assert states.state('file.replace', name + 'x', 'b', 'B', ignore_if_missing=True)['result'] is True


def test_line(states, path):
    name, diff = str(path), {'diff': DIFF + '@@ -1,3 +1,4 @@\n a\n b\n+x\n c\n'}
    wanted = {'content': 'x', 'mode': 'ensure', 'after': 'b'}
    assert told(states.state('file.line', name, test=True, **wanted)) == (None, 'Changes would be made', diff)
    assert path.read() == 'a\nb\nc\n'
    assert told(states.state('file.line', name, **wanted)) == (True, 'Changes were made', diff)
    assert told(states.state('file.line', name, **wanted)) == (True, 'No changes needed to be made', {})
    assert states.state('file.line', name, content='x')['comment'] == 'Mode was not defined. How to process the file?'
    assert states.state('file.line', name, mode='replace')['comment'] == (
        "Content can only be empty if mode is ['delete']")


def test_line_makes_a_file(states, tmpdir):
    name = str(tmpdir.join('made'))
    wanted = {'content': 'x', 'mode': 'insert', 'location': 'end', 'create': True, 'file_mode': '0600'}
    assert states.state('file.line', name, test=True, **wanted)['comment'] == '%s: file not found' % name
    assert states.state('file.line', name, **wanted)['comment'] == 'Changes were made'
    assert os.stat(name).st_mode & 0o777 == 0o600


def test_blockreplace(states, path):
    path.write('a\n# b\nold\n# e\n')
    wanted = {'marker_start': '# b', 'marker_end': '# e', 'content': 'new'}
    diff = {'diff': DIFF + '@@ -1,4 +1,4 @@\n a\n # b\n-old\n+new\n # e\n'}
    assert told(states.state('file.blockreplace', str(path), test=True, **wanted)) == (None, 'Changes would be made', diff)
    assert told(states.state('file.blockreplace', str(path), **wanted)) == (True, 'Changes were made', diff)
    assert told(states.state('file.blockreplace', str(path), **wanted)) == (True, 'No changes needed to be made', {})
    path.write('none\n')
    assert states.state('file.blockreplace', str(path), **wanted)['comment'] == (
        'Encountered error managing block: Cannot edit marked block. Markers were not found in file.. '
        'See the log for details.')


def test_comments(states, path):
    name = str(path)
    assert told(states.state('file.comment', name, '^b', test=True)) == (
        None, 'File %s is set to be updated' % name, {name: 'updated'})
    assert told(states.state('file.comment', name, '^b')) == (
        True, 'Commented lines successfully', {'diff': DIFF + '@@ -1,3 +1,3 @@\n a\n-b\n+#b\n c\n'})
    assert told(states.state('file.comment', name, '^b')) == (True, 'Pattern already commented', {})
    assert told(states.state('file.comment', name, '^z')) == (False, 'z: Pattern not found', {})
    assert states.state('file.comment', name, '^z', ignore_missing=True)['result'] is True
    assert states.state('file.uncomment', name, '^b')['comment'] == 'Uncommented lines successfully'
    assert told(states.state('file.uncomment', name, '^b')) == (True, 'Pattern already uncommented', {})
    assert told(states.state('file.uncomment', name, 'z')) == (False, 'z: Pattern not found', {})
    assert path.read() == 'a\nb\nc\n'


def test_keyvalue(states, path):
    path.write('a=1\nb=2\n#c=3\na=4\n')
    name = str(path)
    wanted = {'key_values': {'a': '5'}, 'append_if_not_found': True}
    diff = '- a=1\n+ a=5\n- a=4\n'
    assert told(states.state('file.keyvalue', name, test=True, **wanted)) == (
        None, 'File %s is set to be changed (2 lines modified, 0 deleted)\nPredicted diff:\n\r\t\t- a=1\n\r\t\t+ a=5\n'
        '\r\t\t- a=4\n' % name, {'diff': diff})
    assert told(states.state('file.keyvalue', name, **wanted)) == (True, 'Changed 2, deleted 0 lines', {'diff': diff})
    assert told(states.state('file.keyvalue', name, **wanted)) == (True, '', {})
    assert states.state('file.keyvalue', name, 'c', 7, uncomment='#')['changes'] == {
        'diff': '- #c=3\n+ c=7 (from int type)\n'}
    assert states.state('file.keyvalue', name, 'z', 'x', append_if_not_found=True)['changes'] == {
        'diff': '- <EOF>\n+ z=x\n+ <EOF>\n'}
    assert path.read() == 'a=5\nb=2\nc=7\nz=x\n'
    assert states.state('file.keyvalue', name, 'a', '5', prune=True)['comment'] == 'Changed 0, deleted 3 lines'


def test_keyvalue_arguments(states, tmpdir):
    name = str(tmpdir.join('made'))
    assert told(states.state('file.keyvalue', name, 'a', '1')) == (False, 'unable to open %s' % name, {})
    assert states.state('file.keyvalue', name, 'a', '1', ignore_if_missing=True)['result'] is True
    assert states.state('file.keyvalue', name, 'a')['comment'] == (
        'file.keyvalue key and value not supplied and key_values is empty')
    assert states.state('file.keyvalue', name, 'a', 1, key_values={'a': 2})['comment'] == (
        'file.keyvalue can not combine key_values with key and value')
    assert states.state('file.keyvalue', name, 'a', '1', create_if_missing=True)['comment'] == 'Changed 1, deleted 0 lines'


def test_accumulated_texts_reach_the_block_of_the_same_run(states, path):
    path.write('# b\n# e\n')
    name, world = str(path), states.loader.apart({'test': False})
    functions = world.other('states').functions
    plugin = functions.plugin_of('file.accumulated')
    plugin.fill({'__low__': {'__id__': 'texts', '__sls__': 'x', 'require_in': [{'file': 'block'}]}})
    assert functions['file.accumulated']('texts', name, ['one', 'two'])['comment'] == (
        'Accumulator texts for file %s was charged by text' % name)
    assert functions['file.accumulated']('texts', name, 'one')['comment'] == ''
    plugin.fill({'__low__': {'__id__': 'block', '__sls__': 'x'}})
    functions['file.blockreplace'](name, '# b', '# e')
    assert path.read() == '# b\none\ntwo\n# e\n'
    assert functions['file.accumulated']('lost', name, 'x')['comment'] == 'Orphaned accumulator lost in x:block'
    assert functions['file.accumulated']('lost', name, None)['comment'] == 'No text supplied for accumulator'
