"""archive.*: what is made, unpacked and listed, and that nothing unpacked lies outside the folder that was named."""
from __future__ import absolute_import, division, print_function

import os
import stat
import tarfile
import zipfile

import pytest

from minion.helpers import environment
from tests.support import calling

LISTED = ['d/', 'd/one.txt', 'd/sub/', 'd/sub/two.txt', 'f', 'l']


@pytest.fixture(scope='module')
def loader(tmpdir_factory):
    return calling.loader(tmpdir_factory.mktemp('cache'))


@pytest.fixture
def call(loader):
    return calling.caller(loader)


@pytest.fixture
def folder(tmpdir):
    top = tmpdir.mkdir('t')
    top.join('f').write('alpha\n')
    top.mkdir('d').join('one.txt').write('1\n')
    top.join('d').mkdir('sub').join('two.txt').write('22\n')
    os.chmod(str(top.join('f')), 0o640)
    os.chmod(str(top.join('d', 'one.txt')), 0o755)
    os.symlink('f', str(top.join('l')))
    return str(top)


def make_zip(path, members):
    """A zip archive of (name, data, st_mode or None) rows."""
    with zipfile.ZipFile(path, 'w') as archive:
        for name, data, mode in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = (mode or 0) << 16
            archive.writestr(info, data)
    return path


def make_tar(path, folder):
    archive = tarfile.open(path, 'w:gz')
    for name in ('f', 'd', 'l'):
        archive.add(os.path.join(folder, name), name)
    archive.close()
    return path


def below(folder):
    return sorted(os.path.relpath(os.path.join(where, name), folder)
                  for where, folders, names in os.walk(folder) for name in folders + names)


def test_zip_and_back(call, folder, tmpdir):
    path, dest = str(tmpdir.join('a.zip')), str(tmpdir.join('new'))
    names = call('archive.zip', path, 'f,d', cwd=folder)
    assert sorted(names) == ['d/', 'd/one.txt', 'd/sub/', 'd/sub/two.txt', 'f']
    assert sorted(call('archive.unzip', path, dest, excludes='d/one.txt')) == ['d/', 'd/sub/', 'd/sub/two.txt', 'f']
    assert below(dest) == ['d', 'd/sub', 'd/sub/two.txt', 'f']
    assert stat.S_IMODE(os.stat(os.path.join(dest, 'f')).st_mode) == 0o640
    call('archive.unzip', path, dest, extract_perms=False)
    assert stat.S_IMODE(os.stat(os.path.join(dest, 'd', 'one.txt')).st_mode) == 0o644
    assert call('archive.zip', path, os.path.join(folder, 'f')) == [os.path.join(folder, 'f').lstrip('/')]
    assert len(zipfile.ZipFile(path).namelist()) == 6


def test_zip_refuses(call, folder, tmpdir):
    path = str(tmpdir.join('a.zip'))
    assert call('archive.zip', path, 'f') == (
        "ERROR executing 'archive.zip': Relative paths require the 'cwd' parameter")
    assert call('archive.zip', path, folder, cwd='rel') == "ERROR executing 'archive.zip': cwd must be absolute"
    assert call('archive.zip', path, folder, runas='nosuchuser') == (
        "ERROR executing 'archive.zip': User 'nosuchuser' does not exist")
    assert call('archive.zip', str(tmpdir.join('no', 'a.zip')), folder).startswith(
        'ERROR: Exception encountered creating zipfile: [Errno 2]')


def test_unzip_of_what_is_none(call, folder, tmpdir):
    assert call('archive.unzip', os.path.join(folder, 'f'), str(tmpdir)) == (
        'ERROR: Exception encountered unpacking zipfile: File is not a zip file')
    assert 'No such file' in call('archive.unzip', str(tmpdir.join('no')), str(tmpdir))


def test_trimmed_output(call, tmpdir):
    path = make_zip(str(tmpdir.join('a.zip')), [('n%03d' % number, b'', None) for number in range(101)])
    dest = str(tmpdir.join('new'))
    assert call('archive.unzip', path, dest, trim_output=2) == ['n000', 'n001', 'List trimmed after 2 files.']
    assert call('archive.unzip', path, dest, trim_output=True)[-1] == 'List trimmed after 100 files.'
    assert len(os.listdir(dest)) == 101


@pytest.mark.parametrize('name', ['../out', 'a/../../out', '..'])
def test_no_name_leads_out(call, tmpdir, name):
    path, dest = make_zip(str(tmpdir.join('a.zip')), [(name, b'x', None)]), str(tmpdir.join('in', 'dest'))
    assert 'leads out of' in call('archive.unzip', path, dest)
    assert below(str(tmpdir)) == ['a.zip', 'in', 'in/dest']


def test_an_absolute_name_is_taken_as_one_below(call, tmpdir):
    path, dest = make_zip(str(tmpdir.join('a.zip')), [('/etc/x', b'x', None)]), str(tmpdir.join('dest'))
    call('archive.unzip', path, dest)
    assert below(dest) == ['etc', 'etc/x']


def test_no_member_goes_through_a_link(call, tmpdir):
    outside, dest = tmpdir.mkdir('outside'), str(tmpdir.join('dest'))
    link = stat.S_IFLNK | 0o777
    path = make_zip(str(tmpdir.join('a.zip')), [('x', str(outside).encode(), link), ('x/file', b'x', None)])
    call('archive.unzip', path, dest)                # the link comes last: it finds a folder in its place
    assert os.listdir(str(outside)) == []
    os.symlink(str(outside), os.path.join(dest, 'y'))
    path = make_zip(str(tmpdir.join('b.zip')), [('y/file', b'x', None)])
    assert 'a link leads out of' in call('archive.unzip', path, dest)
    path = make_zip(str(tmpdir.join('c.zip')), [('y', b'x', None)])
    assert call('archive.unzip', path, dest) == ['y']
    assert os.listdir(str(outside)) == [] and not os.path.islink(os.path.join(dest, 'y'))


def test_list(call, folder, tmpdir):
    tar = make_tar(str(tmpdir.join('a.tar.gz')), folder)
    assert call('archive.list', tar) == LISTED
    assert call('archive.list', 'file://' + tar, strip_components=1) == ['one.txt', 'sub/', 'sub/two.txt']
    told = call('archive.list', tar, verbose=True)
    assert told == {'dirs': ['d/', 'd/sub/'], 'files': ['d/one.txt', 'd/sub/two.txt', 'f'], 'links': ['l'],
                    'top_level_dirs': ['d/'], 'top_level_files': ['f'], 'top_level_links': ['l']}
    path = make_zip(str(tmpdir.join('a.zip')), [('d/', b'', None), ('l', b'f', stat.S_IFLNK | 0o777)])
    assert call('archive.list', path, verbose=True)['top_level_links'] == ['l']
    assert call('archive.is_encrypted', path) is False


@pytest.mark.parametrize('kwargs, error', [
    ({}, "Unable to guess archive format, please pass an 'archive_format' argument."),
    ({'archive_format': 'bogus'}, "Unsupported archive format 'bogus'."),
    ({'archive_format': 'zip'}, '%s is not a ZIP file.'),
    ({'archive_format': 'tar'}, 'Unable to list contents of %s.'),
])
def test_list_of_what_is_none(call, folder, kwargs, error):
    path = os.path.join(folder, 'f')
    expected = 'ERROR: ' + (error % path if '%s' in error else error)
    assert call('archive.list', path, **kwargs).startswith(expected)
    assert call('archive.list', 'rel.tar') == "ERROR: Path 'rel.tar' is not absolute"


def test_programs_are_run_with_words(call, folder, tmpdir):
    path = str(tmpdir.join('a b.tar'))
    assert call('archive.tar', 'cf', path, 'f,d', cwd=folder) == []
    assert sorted(call('archive.tar', '-t -f', path)) == ['d/', 'd/one.txt', 'd/sub/', 'd/sub/two.txt', 'f']
    assert call('archive.tar', 'xf', path, dest=str(tmpdir.mkdir('new'))) == []
    assert below(str(tmpdir.join('new'))) == ['d', 'd/one.txt', 'd/sub', 'd/sub/two.txt', 'f']
    assert call('archive.tar', '', path) == "ERROR executing 'archive.tar': Tar options can not be empty"
    assert call('archive.gzip', os.path.join(folder, 'f')) == []
    assert call('archive.gunzip', os.path.join(folder, 'f.gz')) == []
    assert os.path.isfile(os.path.join(folder, 'f'))


def test_programs_that_are_missing(call, monkeypatch):
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    assert call('archive.rar', '/x', '/y') == (
        "Command required for 'archive.rar' not found: The 'rar' binary was not found in $PATH.")
    assert 'None of provided binaries(["\'unrar\'", "\'rar\'"])' in call('archive.unrar', '/x', '/y')
