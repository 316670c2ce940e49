"""Every captured call of file.* on a fresh copy of the files that the reference had, its effect on them included."""
from __future__ import absolute_import, division, print_function

import os
import re
import stat

import pytest

from minion import compat
from minion.helpers import environment
from minion.loader import Loader
from tests.support import jinja, replay

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason='the captures were made by root')

ROWS = replay.rows('file')
TIMES = ('atime', 'ctime', 'mtime', 'st_atime', 'st_ctime', 'st_mtime', 'inode')
NO_PROGRAM = 'lsattr is not installed'


def one_of(check):
    return lambda ours, theirs: ours['success'] == theirs['success'] and check(ours['return'])


# case -> (reason, check of (our return, theirs)); every case that is not here agrees with the reference.
TOLERATED = {
    'file_102_file.statvfs': ('another file system', one_of(lambda value: sorted(value)[0] == 'f_bavail')),
    'file_105_file.lsattr': ('attributes are those of the file system of the test', one_of(
        lambda value: value is None or all(isinstance(names, list) for names in value.values()))),
}
TOLERATED.update(jinja.unless({'file_121_file.apply_template_on_contents': (
    'needs Jinja2', lambda ours, theirs: 'Jinja2 is not installed' in ours['return'])}))
if compat.PY2:
    TOLERATED['file_111_file.seek_write'] = ('a text of Python 2 is bytes', lambda ours, theirs: ours['return'] == 2)
# IOError and OSError of Python 2 have other names; the text behind them is the same.
CLASSES = re.compile('(FileNotFoundError|FileExistsError|IsADirectoryError|IOError|OSError): ')


@pytest.fixture
def folder(tmpdir):
    """The folder that stands in the captures as <work_dir>."""
    return str(tmpdir)


def prepare(folder, kind):
    """Make the files that a case starts with."""
    top = os.path.join(folder, 't')
    os.mkdir(top)
    contents = {'block': {'f': b'#s\nold\n#e\n'}, 'bytes': {'b': b'\xff\xfe'}}.get(
        kind, {'f': b'alpha\nbeta\ngamma\n', 'g': b'x=1\n'})
    for name, data in contents.items():
        with open(os.path.join(top, name), 'wb') as stream:
            stream.write(data)
        os.chmod(os.path.join(top, name), 0o644)
    if kind is None:
        os.mkdir(os.path.join(top, 'd'), 0o755)
        os.symlink('f', os.path.join(top, 'l'))
        os.chmod(os.path.join(top, 'f'), 0o640)


def effect(folder):
    """What the captures hold of a folder after a call: [kind and mode, uid, gid, size, name] rows, and the text of f."""
    rows, top = [], os.path.join(folder, 't')
    for name in os.listdir(top):
        found = os.lstat(os.path.join(top, name))
        target = ' -> ' + os.readlink(os.path.join(top, name)) if stat.S_ISLNK(found.st_mode) else ''
        rows.append([stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid, _size(found.st_mode, found.st_size),
                     name + target])
    path = os.path.join(top, 'f')
    text = ''
    if os.path.isfile(path):
        with open(path, 'rb') as stream:
            text = compat.to_native(stream.read())
    return sorted(rows, key=repr), text


def pieces(folder):
    """What the captures hold instead: the names, the text of a file, its time, or the permissions of a folder."""
    top = os.path.join(folder, 't')
    found = ['\n'.join(sorted(os.listdir(top))) + '\n']
    for name in os.listdir(top):
        path = os.path.join(top, name)
        if os.path.isfile(path):
            with open(path, 'rb') as stream:
                found.append(compat.to_native(stream.read(), errors='replace'))
        found.append('%d\n' % os.stat(path).st_mtime)
        if stat.S_IMODE(os.stat(path).st_mode) == 0o700:
            found.append('drwx------\n')
    return found


def _size(mode, size):
    return size if stat.S_ISREG(mode) else None


def captured_effect(text):
    """The same of the listing that was captured."""
    rows, lines = [], text.split('\n')
    while lines:
        found = re.match(r'([-dlpcb])([-rwxsStT]{9}) +\d+ +(\d+) +(\d+) +(\d+) (.*)\Z', lines[0])
        if found is None:
            break
        lines.pop(0)
        bits = sum(1 << (8 - at) for at, letter in enumerate(found.group(2)) if letter != '-')
        size = int(found.group(5)) if found.group(1) == '-' else None
        rows.append([bits, int(found.group(3)), int(found.group(4)), size, compat.to_native(found.group(6))])
    return sorted(rows, key=repr), compat.to_native('\n'.join(lines))


def made(value, folder):
    """One side without what cannot agree: times, the folder, pids, numbers of files, names of classes on Python 2."""
    if isinstance(value, dict):
        return dict((key, '<time>' if key in TIMES else '<pid>' if key == 'pid' else made(value[key], folder))
                    for key in value)
    if isinstance(value, list):
        return [made(item, folder) for item in value]
    if not compat.is_text(value):
        return value
    value = value.replace(folder, '<work_dir>').replace('/usr/bin/patch', 'patch')
    return CLASSES.sub('OSError: ', value).replace("'utf8' codec", "'utf-8' codec") if compat.PY2 else value


def placed(value, folder):
    if isinstance(value, dict):
        return dict((key, placed(value[key], folder)) for key in value)
    if isinstance(value, list):
        return [placed(item, folder) for item in value]
    return value.replace('<work_dir>', folder) if compat.is_text(value) else value


@pytest.fixture(scope='module')
def loader(tmpdir_factory):
    opts = {'id': 'ref1', 'cachedir': str(tmpdir_factory.mktemp('cache')), 'test': False, 'hash_type': 'sha256',
            'module_executors': ['direct_call'], 'file_client': 'local', 'file_roots': {'base': []}}
    link = replay.Link()
    link.jobs = None
    link.loader = Loader(opts, {'id': 'ref1', 'os': 'Debian'}, {}, link)
    return link.loader


def needs(fun):
    """The program that a function runs, if it is not installed."""
    program = {'file.patch': 'patch', 'file.lsattr': 'lsattr', 'file.grep': 'grep', 'file.sed': 'sed'}.get(fun)
    return program if program and environment.which(program) is None else None


@pytest.mark.parametrize('row', ROWS, ids=[row['case'] for row in ROWS])
def test_as_the_reference(row, loader, folder):
    if needs(row['fun']):
        pytest.skip('%s is not installed' % needs(row['fun']))
    prepare(folder, row.get('prep'))
    case = dict(row, arg=placed(row['arg'], folder))
    ours = made(replay.answer(loader, case), folder)
    theirs = made(replay.expectation(row), '<work_dir>')
    if row['case'] in TOLERATED:
        reason, check = TOLERATED[row['case']]
        assert check(ours, theirs), 'tolerated (%s), but not like this: %r' % (reason, ours)
        return
    if row['fun'] in ('file.readdir',) and isinstance(theirs['return'], list):
        ours['return'], theirs['return'] = sorted(ours['return']), sorted(theirs['return'])
    assert ours == theirs
    if 'effect' in row:
        rows, text = captured_effect(placed(row['effect'], folder))
        if rows:
            assert effect(folder) == (rows, text)
        else:
            assert text in pieces(folder)


def test_nothing_is_tolerated_that_is_not_captured():
    assert set(TOLERATED) <= set(row['case'] for row in ROWS)
