"""The file client over a door of ours: pieces, hashes, what is cut or changes on the way, and paths that would lead out."""
from __future__ import absolute_import, division, print_function

import errno
import hashlib
import os
import stat

import pytest

from minion import compat, errors, fileclient
from minion.fileroots import FileRoots
from minion.helpers import salturl
from minion.helpers.draft import Draft


class Door(object):
    """The answers of a master for the folder `top`; tests wrap `change(load, answer)` around them."""

    def __init__(self, top):
        self.top, self.asked, self.change = top, [], lambda load, answer: answer
        self._roots = FileRoots({'base': [os.path.join(top, 'base')], 'dev': [os.path.join(top, 'dev')]},
                                {'hash_type': 'sha256', 'file_buffer_size': 1000})

    def put(self, name, data, saltenv='base'):
        path = os.path.join(self.top, saltenv, name)
        compat.make_dirs(os.path.dirname(path))
        with open(path, 'wb') as stream:
            stream.write(data)
        return path

    def __call__(self, load):
        self.asked.append(load)
        return self.change(load, self._roots.answer(load))

    def commands(self):
        return [load['cmd'] for load in self.asked]


@pytest.fixture
def door(tmpdir):
    made = Door(str(tmpdir.join('srv')))
    made.put('big', bytes(bytearray(range(256))) * 20)
    made.put('a.txt', b'old')
    made.put('a.txt', b'of dev', 'dev')
    return made


@pytest.fixture
def client(door, tmpdir):
    return fileclient.FileClient({'cachedir': str(tmpdir.join('cache')), 'hash_type': 'sha256'}, door)


def content(path):
    with open(path, 'rb') as stream:
        return stream.read()


def leftovers(folder):
    return [name for name in os.listdir(folder) if name.startswith('.minion-')]


@pytest.mark.parametrize('gzip', [None, 9, '5', 'nonsense', 0])
def test_a_file_in_pieces(client, door, tmpdir, gzip):
    target = str(tmpdir.join('out'))
    assert client.get_file('salt://big', target, gzip=gzip) == target
    assert content(target) == content(os.path.join(door.top, 'base', 'big'))
    served = [load for load in door.asked if load['cmd'] == '_serve_file']
    assert [load['loc'] for load in served] == [0, 1000, 2000, 3000, 4000, 5000, 5120]
    assert set(load.get('gzip') for load in served) == set([int(gzip) if gzip in (9, '5') else None])
    assert stat.S_IMODE(os.stat(target).st_mode) == 0o644


def test_what_is_there_already_is_not_fetched(client, door, tmpdir):
    path = client.cache_file('salt://big')
    del door.asked[:]
    assert client.cache_file('salt://big') == path
    assert '_serve_file' not in door.commands()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


@pytest.mark.parametrize('url, saltenv, expected', [
    ('salt://a.txt', 'base', b'old'), ('salt://a.txt?saltenv=dev', 'base', b'of dev'), ('salt://a.txt', 'dev', b'of dev'),
    ('salt://a.txt?x=1&saltenv=dev', 'base', b'of dev'), ('salt:///a.txt', 'base', b'old'), ('salt://|a.txt', 'base', b'old')])
def test_environments(client, url, saltenv, expected):
    assert content(client.cache_file(url, saltenv)) == expected


def test_environments_have_caches_of_their_own(client):
    assert client.cache_file('salt://a.txt') != client.cache_file('salt://a.txt', 'dev')
    assert client.envs() == ['base', 'dev']


@pytest.mark.parametrize('where', ['out', 'no/folder/out', 'folder/', 'folder'])
def test_where_a_file_goes(client, tmpdir, where):
    tmpdir.mkdir('folder')
    target = os.path.join(str(tmpdir), where)
    expected = {'out': 'out', 'folder/': 'folder/a.txt', 'folder': 'folder/a.txt'}.get(where)
    assert client.get_file('salt://a.txt', target) == (expected and os.path.join(str(tmpdir), expected) or False)
    if expected is None:
        assert client.get_file('salt://a.txt', target, makedirs=True) == target


def test_a_transfer_that_is_cut_leaves_the_old_file(client, door, tmpdir):
    target = tmpdir.join('out')
    target.write('precious')

    def cut(load, answer):
        if load['cmd'] == '_serve_file' and load['loc'] >= 2000:
            raise errors.RequestTimeout('gone')
        return answer
    door.change = cut
    with pytest.raises(errors.CommandExecutionError) as caught:
        client.get_file('salt://big', str(target))
    assert 'does not answer _serve_file' in str(caught.value)
    assert target.read() == 'precious' and leftovers(str(tmpdir)) == []
    assert door.commands().count('_serve_file') == 2 + 1


def test_a_file_that_changes_meanwhile_is_fetched_again(client, door, tmpdir):
    changed = []

    def replace(load, answer):
        if load['cmd'] == '_serve_file' and load['loc'] == 1000 and not changed:
            changed.append(door.put('big', b'new' * 500))
        return answer
    door.change = replace
    assert client.get_file('salt://big', str(tmpdir.join('out')))
    assert content(str(tmpdir.join('out'))) == b'new' * 500


def test_data_that_never_fits_its_hash_is_refused(client, door, tmpdir):
    target = tmpdir.join('out')
    target.write('precious')

    def lie(load, answer):
        if load['cmd'] == '_serve_file' and load['loc'] == 0:
            return dict(answer, data=b'evil')
        return {'data': b'', 'dest': ''} if load['cmd'] == '_serve_file' else answer
    door.change = lie
    with pytest.raises(errors.CommandExecutionError) as caught:
        client.get_file('salt://big', str(target))
    assert 'not what the master announced' in str(caught.value)
    assert target.read() == 'precious' and leftovers(str(tmpdir)) == []


@pytest.mark.parametrize('answer', [b'bad load', {}, [], None, {'data': b'no gzip', 'gzip': 1, 'dest': 'big'}])
def test_answers_that_are_none(client, door, tmpdir, answer):
    door.change = lambda load, real: answer if load['cmd'] == '_serve_file' else real
    with pytest.raises(errors.CommandExecutionError):
        client.get_file('salt://big', str(tmpdir.join('out')))


def test_a_piece_that_unpacks_to_too_much(client, door, tmpdir, monkeypatch):
    monkeypatch.setattr(fileclient, 'LARGEST', 100)
    with pytest.raises(errors.CommandExecutionError) as caught:
        client.get_file('salt://big', str(tmpdir.join('out')), gzip=1)
    assert 'unpacks to more than 100 bytes' in str(caught.value)


def test_a_master_of_2016_has_no_hash_and_stat(client, door):
    door.change = lambda load, answer: False if load['cmd'] == '_file_hash_and_stat' else answer
    assert content(client.cache_file('salt://a.txt')) == b'old'


def test_progress(client, tmpdir):
    seen = []
    client.progress = lambda path, done, size: seen.append((done, size))
    client.get_file('salt://big', str(tmpdir.join('out')))
    assert seen[0] == (1000, 5120) and seen[-1] == (5120, 5120)


def test_a_big_file_in_bounded_memory(tmpdir):
    """Nothing that the client keeps grows with the file."""
    pieces = 2000                                    # of 100 kB; only one lies in memory at a time
    data = b'x' * 100000

    def ask(load):
        if load['cmd'] == '_file_hash_and_stat':
            return [{'hsum': digest, 'hash_type': 'sha256'}, None]
        return {'data': data if load['loc'] < pieces * len(data) else b'', 'dest': 'big'}
    made = hashlib.sha256()
    for _ in range(pieces):
        made.update(data)
    digest = made.hexdigest()
    client = fileclient.FileClient({'cachedir': str(tmpdir), 'hash_type': 'sha256'}, ask)
    before = peak()
    client.get_file('salt://big', str(tmpdir.join('out')))
    grown = peak() - before
    assert os.path.getsize(str(tmpdir.join('out'))) == pieces * len(data)
    tmpdir.join('out').remove()
    assert grown < 30 << 10                     # kB


def peak():
    """Most memory that this process has held so far, in kB."""
    with open('/proc/self/status') as stream:
        return next(int(line.split()[1]) for line in stream if line.startswith('VmHWM'))


def test_a_disk_that_is_full_leaves_the_old_file(client, tmpdir, monkeypatch):
    target = tmpdir.join('out')
    target.write('precious')

    def full(draft, data):
        raise OSError(errno.ENOSPC, 'No space left on device')
    monkeypatch.setattr(Draft, 'write', full)
    with pytest.raises(errors.CommandExecutionError) as caught:
        client.get_file('salt://big', str(target))
    assert str(caught.value) == '%s cannot be written: No space left on device' % target
    assert target.read() == 'precious' and leftovers(str(tmpdir)) == []


# ---- files of others

def test_a_replaced_file_keeps_mode_and_link(client, tmpdir):
    target = tmpdir.join('real')
    target.write('x')
    target.chmod(0o640)
    tmpdir.join('link').mksymlinkto(target)
    client.get_file('salt://a.txt', str(tmpdir.join('link')))
    assert tmpdir.join('link').islink() and target.read() == 'old'
    assert stat.S_IMODE(target.stat().mode) == 0o640


def test_a_device_stays_a_device(client):
    assert client.get_file('salt://a.txt', '/dev/null') == '/dev/null'
    assert stat.S_ISCHR(os.stat('/dev/null').st_mode)


def test_a_draft_that_is_not_kept_leaves_nothing(tmpdir):
    with Draft(str(tmpdir.join('x'))) as draft:
        draft.write(b'half')
    assert tmpdir.listdir() == []


# ---- what leads out of the cache

OUTSIDE = ['salt://../../etc/passwd', 'salt://a/../../../x', 'salt://..', 'salt://a/../../../files2/x', u'salt://a\0b']


@pytest.mark.parametrize('url', OUTSIDE)
def test_cve_2021_21996_paths_of_the_master_stay_in_the_cache(client, door, url, tmpdir):
    """Whatever a master says that it has."""
    door.change = lambda load, answer: {
        '_file_hash_and_stat': [{'hsum': 'f' * 64, 'hash_type': 'sha256'}, None],
        '_file_hash': {'hsum': 'f' * 64, 'hash_type': 'sha256'}}.get(load['cmd'], {'data': b'evil', 'dest': 'x'})
    before = everything(tmpdir)
    with pytest.raises(errors.CommandExecutionError):
        client.cache_file(url)
    assert client.cache_dest(url) == 'Invalid path' and client.is_cached(url) == ''
    assert everything(tmpdir) == before


@pytest.mark.parametrize('saltenv', ['..', '../..', '/etc', '.', 'a/b', 'a\0b'])
def test_cve_2021_21996_environments_stay_in_the_cache(client, saltenv):
    assert client.cache_dest('salt://a.txt', saltenv) == 'Invalid path'
    assert client.cache_dest('http://host/a.txt', saltenv) == 'Invalid path'


@pytest.mark.parametrize('url', [
    'http://host/../../../etc/passwd', 'http://../../etc/passwd', 'http://..', 'http://host/a?/../../../../x',
    'http://host/a/../../../..//etc/x', u'http://host/a\0b', 'https://user:x@../y', 'http://:80/../x'])
def test_cve_2021_21996_web_addresses_stay_in_the_cache(client, url, tmpdir):
    place = client.cache_dest(url)
    assert place == 'Invalid path' or place.startswith(str(tmpdir.join('cache', 'extrn_files', 'base')) + '/')
    assert '..' not in place.split('/')


@pytest.mark.parametrize('url, below', [
    ('http://host/%2e%2e/%2e%2e/etc/passwd', 'host/%2e%2e/%2e%2e/etc/passwd'),
    ('http://host/a\\..\\..\\b', 'host/a\\..\\..\\b'), ('http://u:p@host:8080/b/c.txt?x=1&y=a/b', 'host8080/b/c.txt-x=1&y=a/b'),
    ('http://host', 'host'), ('http://host/a#b', 'host/a'),
    ('http://host/' + 'a' * 300, 'host/' + hashlib.sha256(b'/' + b'a' * 300).hexdigest())])
def test_cve_2021_21996_odd_web_addresses(client, tmpdir, url, below):
    assert client.cache_dest(url) == str(tmpdir.join('cache', 'extrn_files', 'base', below))


def test_a_folder_of_the_master_stays_below_its_destination(client, door, tmpdir):
    door.change = lambda load, answer: ['sub/../../evil', 'sub/x'] if load['cmd'] == '_file_list' else answer
    before = everything(tmpdir)
    with pytest.raises(errors.CommandExecutionError):
        client.get_dir('salt://sub', str(tmpdir.join('dest')))
    assert everything(tmpdir) == before


def everything(tmpdir):
    return sorted(str(path) for path in tmpdir.visit() if 'cache' not in str(path))


@pytest.mark.parametrize('url, expected', [
    ('salt://a?saltenv=x', ('salt://a', 'x')), ('salt://a', ('salt://a', None)), ('/a?saltenv=x', ('/a?saltenv=x', None)),
    ('salt://|a?saltenv=x', ('salt://|a?saltenv=x', None)), ('salt://a?saltenv=', ('salt://a', None))])
def test_split_env(url, expected):
    assert salturl.split_env(url) == expected


@pytest.mark.parametrize('path', ['a', 'a/b', 'a?b'])
def test_addresses_are_made_and_read(path):
    assert salturl.relative(salturl.create(path)) == path


# ---- folders

def test_get_dir_and_cache_dir(client, door, tmpdir):
    for name in ('d/x.conf', 'd/deep/y.txt', 'dd/z'):
        door.put(name, b'1')
    os.makedirs(os.path.join(door.top, 'base', 'd', 'void'))
    dest = str(tmpdir.join('dest'))
    assert client.get_dir('salt://d', dest) == [dest + '/d/deep/y.txt', dest + '/d/void', dest + '/d/x.conf']
    assert [os.path.basename(path) for path in client.cache_dir('salt://d', include_empty=True)] == [
        'y.txt', 'x.conf', 'void']
    assert [os.path.basename(path) for path in client.cache_dir('salt://d/', include_pat='*.conf')] == ['x.conf']
    assert [os.path.basename(path) for path in client.cache_dir('salt://d', exclude_pat='E@^d/x')] == ['y.txt']


def test_list_states(client, door):
    for name in ('top.sls', 'web/init.sls', 'web/conf/x.sls', 'no.txt'):
        door.put(name, b'')
    assert client.list_states() == ['top', 'web', 'web.conf.x']


def test_local_roots_serve_without_a_master(tmpdir):
    tmpdir.mkdir('srv').join('a').write('local')
    opts = {'file_client': 'local', 'file_roots': {'base': [str(tmpdir.join('srv'))]}, 'cachedir': str(tmpdir),
            'hash_type': 'sha256', 'file_buffer_size': 1000, 'file_ignore_glob': ['*.bak']}
    client = fileclient.FileClient(opts, fileclient.door(opts, None))
    tmpdir.join('srv', 'b.bak').write('')
    assert content(client.cache_file('salt://a')) == b'local'
    assert client.file_list() == ['a'] and client.hash_file('salt://b.bak') == ''
