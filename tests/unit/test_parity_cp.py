"""Captured returns of the reference's cp.*: the same calls to ours over the same files, and the files that they leave."""
from __future__ import absolute_import, division, print_function

import io
import json
import os
import stat

import pytest

from minion import compat
from minion.fileroots import FileRoots
from minion.helpers import templating
from tests.support import jinja, replay

FILES = {
    'file.txt': b'line1\nline2 {{ grains["id"] }}\n', 'empty': b'', 'sub/a.txt': b'aaa\n', 'sub/deep/b.txt': b'bbbb\n',
    'bin.dat': bytes(bytearray([65, 66, 0xde, 0x41])) + b'\0' * 296, 'script.sh': b'#!/bin/sh\n',
    '_modules/pt.py': b'', '_modules/ptimp.py': b'', '_modules/ptsyn.py': b'', '_modules/ptvirt.py': b'',
    '_modules/ptvirt2.py': b'', '_returners/ptbad.py': b'', '_returners/ptret.py': b'', 'bad.sls': b'',
    'filest.sls': b'', 'one.sls': b'', 'syntax.sls': b'', 'top.sls': b'',
}
HASH = 'a10ad68a6ffd6d4b373c2455d5a0acc1d2fb83ef01c6b01d9670ea7d4518ec29'
JINJA = 'marks of Jinja cannot be filled in without Jinja2, and this is said'


def same_but_return(test):
    """All but the value agrees, and the value passes `test`."""
    def check(ours, theirs):
        rest = [dict((key, side[key]) for key in side if key not in ('return', 'items')) for side in (ours, theirs)]
        return rest[0] == rest[1] and test(ours['return'])
    return check


def says_jinja(ours, theirs):
    return not ours['success'] and 'Jinja' in ours['return']


def last_line(text):
    """Python 2 tells of the position and the byte in other words."""
    return same_but_return(lambda value: value.rstrip().split('\n')[-1].startswith(text))


TOLERATED = {
    'cp_010_cp.get_file_str': ('Python 2 words it otherwise', last_line("UnicodeDecodeError: 'utf")),
    'cp_031_cp.hash_file': ('another host has another /etc/hosts',
                            same_but_return(lambda value: value['hash_type'] == 'sha256' and len(value['hsum']) == 64)),
    'cp_036_cp.list_minion': ('a replayed row leaves its own files in the cache',
                              same_but_return(lambda value: value == sorted(value))),
}
TOLERATED.update(jinja.unless({'cp_012_cp.get_template': (JINJA, says_jinja), 'cp_045_cp.get_file': (JINJA, says_jinja)}))


class Here(object):
    """A minion over a folder of files."""

    def __init__(self, top):
        self.work, self.root, self.pushed = os.path.join(top, 'work'), os.path.join(top, 'root'), []
        for name, data in FILES.items():
            path = os.path.join(top, 'srv', name)
            compat.make_dirs(os.path.dirname(path), 0o755)
            with io.open(path, 'wb') as stream:
                stream.write(data)
            os.chmod(path, 0o644)
        os.makedirs(os.path.join(top, 'srv', '_grains'))
        os.makedirs(self.work)
        os.makedirs(os.path.join(top, 'extmods'))
        cache = os.path.join(self.root, 'var', 'cache', 'salt', 'minion')
        self.served = FileRoots({'base': [os.path.join(top, 'srv')]},
                                {'hash_type': 'sha256', 'file_buffer_size': 100})
        self.loader = replay.make_loader(os.path.join(top, 'extmods'), cachedir=cache)
        self.loader.link.request = self.request

    def request(self, load):
        if load['cmd'] == '_file_recv':
            self.pushed.append(load)
            return True
        return self.served.answer(load)

    def filled(self, value):
        text = json.dumps(value).replace('<work_dir>', self.work).replace('<root_dir>', self.root)
        return json.loads(text)


@pytest.fixture
def here(tmpdir):
    return Here(str(tmpdir))


ROWS = replay.rows('cp')


def answers(here, row):
    row = here.filled(row)
    if 'is_cached' in row['case']:                   # what earlier rows had left
        here.loader.functions['cp.cache_file']('salt://file.txt')
    return replay.answer(here.loader, row), replay.expectation(row), row


@pytest.mark.parametrize('row', ROWS, ids=[row['case'] for row in ROWS])
def test_as_the_reference(here, row):
    ours, theirs, row = answers(here, row)
    if row['case'] in TOLERATED:
        assert ours == theirs or TOLERATED[row['case']][1](ours, theirs), ours
        return
    assert ours == theirs
    for line in (row.get('effect') or '').splitlines():
        mode, _, _, _, size, name = line.split()
        if mode.startswith('-') and theirs['return'] == os.path.join(here.work, name):
            status = os.stat(os.path.join(here.work, name))
            wanted = 0o600 if mode == '-rw-------' else 0o644
            assert (stat.S_IMODE(status.st_mode), status.st_size) == (wanted, int(size))


def test_nothing_is_tolerated_that_is_not_captured():
    assert set(TOLERATED) <= set(row['case'] for row in ROWS)


def test_what_is_pushed(here):
    path = os.path.join(here.work, 'sent')
    with open(path, 'wb') as stream:
        stream.write(b'x' * 300000)
    push = here.loader.functions['cp.push']
    assert push(path) is True
    assert [(load['loc'], len(load['data'])) for load in here.pushed] == [(0, 262144), (262144, 37856)]
    assert here.pushed[0]['path'] == path.strip('/').split('/') and here.pushed[0]['size'] == 300000
    del here.pushed[:]
    assert push(path, upload_path='/x/../y') is False and here.pushed == []
    assert push(path, upload_path='/x/y', remove_source=True) is True
    assert here.pushed[0]['path'] == ['x', 'y'] and not os.path.exists(path)


def test_an_empty_file_is_pushed(here):
    path = os.path.join(here.work, 'void')
    open(path, 'wb').close()
    assert here.loader.functions['cp.push'](path) is True
    assert [(load['loc'], load['data'], load['size']) for load in here.pushed] == [(0, b'', 0)]


def test_push_dir(here):
    for name in ('a.conf', 'b.txt', 'deep/c.conf'):
        path = os.path.join(here.work, 'd', name)
        compat.make_dirs(os.path.dirname(path))
        open(path, 'wb').close()
    push_dir = here.loader.functions['cp.push_dir']
    assert push_dir(os.path.join(here.work, 'd'), glob='*.conf', upload_path='/up') is True
    assert sorted(load['path'] for load in here.pushed) == [['up', 'a.conf'], ['up', 'deep', 'c.conf']]


def test_pieces_of_salt_cp(here):
    call, path = here.loader.functions['cp.recv_chunked'], os.path.join(here.work, 'new', 'f')
    assert call(path, 'aGVs', compressed=False, mode=0o640) is True
    assert call(path, 'bG8=', append=True, compressed=False) is True
    with open(path, 'rb') as stream:
        assert stream.read() == b'hello'
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o640
    assert 'irectory' in call(here.work, 'bG8=', compressed=False)
    assert call(os.path.join(here.work, 'folder'), None) is True and os.path.isdir(os.path.join(here.work, 'folder'))


def test_a_template_without_marks(here):
    target = os.path.join(here.work, 't')
    assert here.loader.functions['cp.get_template']('salt://sub/a.txt', target) == target
    with open(target, 'rb') as stream:
        assert stream.read() == b'aaa\n'
    assert 'jinja' in templating.ENGINES
    assert here.loader.functions['cp.get_template']('salt://sub/a.txt', target, template='nosuch') == ''
