"""States of archives: archive.extracted."""
from __future__ import absolute_import, division, print_function

import os
import shutil
import tarfile

import pytest

from tests.support import hoststates


@pytest.fixture
def states(tmpdir, monkeypatch):
    return hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)


@pytest.fixture
def made(tmpdir):
    """(a folder, a tar of one folder, a zip of it, a tar of two paths)"""
    top = tmpdir.mkdir('made').mkdir('top')
    top.join('a').write('1')
    top.mkdir('sub').join('b').write('2')
    for name, at in (('x.tar.gz', 'top'), ('flat.tgz', None)):
        with tarfile.open(str(tmpdir.join(name)), 'w:gz') as archive:
            if at:
                archive.add(str(top), 'top')
            else:
                archive.add(str(top.join('a')), 'a')
                archive.add(str(top.join('sub')), 'sub')
    shutil.make_archive(str(tmpdir.join('x')), 'zip', str(tmpdir.join('made')), 'top')
    return tmpdir


def told(ret):
    return ret['result'], ret['comment'], ret['changes']


def test_a_tar_is_unpacked_once(states, made):
    name, source = str(made.join('d')), str(made.join('x.tar.gz'))
    due = ', due to absence of one or more files/dirs'
    assert told(states.state('archive.extracted', name, source, test=True)) == (
        None, 'Archive %s would be extracted to %s/%s' % (source, name, due), {})
    assert not os.path.exists(name)
    ret = states.state('archive.extracted', name, source)
    assert (ret['result'], ret['comment']) == (True, '%s extracted to %s/%s' % (source, name, due))
    assert ret['changes']['directories_created'] == [name + '/']
    assert sorted(ret['changes']['extracted_files']) == ['top', 'top/a', 'top/sub', 'top/sub/b']
    assert made.join('d', 'top', 'sub', 'b').read() == '2'
    present = (True, 'All files in archive are already present', {})
    assert told(states.state('archive.extracted', name, source)) == present
    assert told(states.state('archive.extracted', name, source, test=True)) == present


def test_a_zip_and_trimmed_output(states, made):
    ret = states.state('archive.extracted', str(made.join('d')), str(made.join('x.zip')), trim_output=1)
    assert len(ret['changes']['extracted_files']) == 1
    assert ret['comment'].endswith('files/dirs. Output was trimmed to 1 number of lines')
    assert made.join('d', 'top', 'a').read() == '1'


def test_more_than_one_folder(states, made):
    name, source = str(made.join('d')), str(made.join('flat.tgz'))
    ret = states.state('archive.extracted', name, source)
    assert ret['result'] is False and not os.path.exists(name)
    assert ret['comment'].startswith('Archive does not have a single top-level directory.')
    assert states.state('archive.extracted', name, source, enforce_toplevel=False)['result'] is True


def test_cleaning(states, made):
    made.mkdir('d').mkdir('top').join('old').write('x')
    name, source = str(made.join('d')), str(made.join('x.tar.gz'))
    assert ', after cleaning destination path(s), ' in states.state(
        'archive.extracted', name, source, clean=True, test=True)['comment']
    ret = states.state('archive.extracted', name, source, clean=True)
    assert [path.rstrip('/') for path in ret['changes']['removed']] == [os.path.join(name, 'top')]
    assert not os.path.exists(os.path.join(name, 'top', 'old')) and os.path.exists(os.path.join(name, 'top', 'a'))


def test_what_is_of_another_kind(states, made):
    made.mkdir('d').mkdir('top').mkdir('a')
    name, source = str(made.join('d')), str(made.join('x.tar.gz'))
    ret = states.state('archive.extracted', name, source)
    assert ret['result'] is False and ret['comment'].endswith('\n\n- top/a')
    would = states.state('archive.extracted', name, source, clean=True, test=True)
    assert would['result'] is None and "Since the 'clean' option is enabled" in would['comment']
    assert states.state('archive.extracted', name, source, force=True)['result'] is True
    assert made.join('d', 'top', 'a').read() == '1'


def test_a_file_in_the_place_of_the_folder_stays(states, made):
    made.join('d').write('mine')
    name = str(made.join('d'))
    ret = states.state('archive.extracted', name, str(made.join('x.tar.gz')), force=True)
    assert told(ret) == (False, '%s exists and is not a directory' % name, {}) and made.join('d').read() == 'mine'


def test_overwriting_and_removing_the_folder(states, made):
    name, source = str(made.join('d')), str(made.join('x.tar.gz'))
    assert states.state('archive.extracted', name, source, options='-k')['changes']['extracted_files'][0] == 'top/'
    again = states.state('archive.extracted', name, source, overwrite=True, options='v')
    assert again['comment'] == '%s extracted to %s/' % (source, name) and 'top/a' in again['changes']['extracted_files']
    made.join('d', 'top', 'a').remove()
    again = states.state('archive.extracted', name, source, clean_parent=True)
    assert again['changes']['removed'] == 'Directory %s/ was removed prior to the extraction' % name


@pytest.mark.parametrize('wanted, comment', [
    ({'user': 'mtstnobody'}, 'User mtstnobody does not exist'),
    ({'group': 'mtstnobody'}, 'Group mtstnobody does not exist'),
    ({'archive_format': 'bogus'}, "Invalid archive_format 'bogus'. Either set it to a supported value (tar, rar, zip) or "
                                  'remove this argument and the archive format will be guessed based on file extension.'),
    ({'source': '/mtstnone.tar'}, "Source file '/mtstnone.tar' does not exist"),
    ({'name': 'rel'}, 'rel is not an absolute path'),
])
def test_what_cannot_be(states, made, wanted, comment):
    given = dict({'name': str(made.join('d')), 'source': str(made.join('x.tar.gz'))}, **wanted)
    assert told(states.state('archive.extracted', given.pop('name'), **given)) == (False, comment, {})


def test_checksums_and_if_missing(states, made):
    name, source = str(made.join('d')), str(made.join('x.tar.gz'))
    ret = states.state('archive.extracted', name, source, source_hash='a' * 64)
    assert ret['result'] is False and 'does not match actual checksum' in ret['comment']
    right = states.call('file.get_hash', source, 'sha256')
    assert told(states.state('archive.extracted', name, source, source_hash=right, if_missing=source)) == (
        True, 'Path %s exists' % source, {})
    assert states.state('archive.extracted', name, source, source_hash=right)['result'] is True
