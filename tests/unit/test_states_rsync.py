"""rsync.synchronized, and webutil.* for password files, with programs that only print what those print."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import SaltInvocationError
from tests.support import hoststates

FIGURES = '\nsent 178 bytes  received 57 bytes  470.00 bytes/sec\ntotal size is 0  speedup is 0.00\n'
COMMENT = '- sent 178 bytes\n- received 57 bytes\n- 470.00 bytes/sec\n- total size is 0\n- speedup is 0.00'
MUCH = 'sending incremental file list\nb/c\na\ndeleting old\ndeleting d/\n' + FIGURES
NOTHING = 'sending incremental file list\n' + FIGURES


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)
    host.programs.answer('rsync', MUCH)
    host.programs.answer('htpasswd', err='Adding password for user x\n')
    return host


@pytest.fixture
def run(host):
    """run(state, ...) -> (result, comment, changes)"""
    def run(*args, **kwargs):
        ret = host.state(*args, **kwargs)
        return ret['result'], ret['comment'], ret['changes']
    return run


def test_folders(host, run, tmpdir):
    target = str(tmpdir.mkdir('target'))
    changes = {'copied': 'a\nb/c', 'deleted': 'd/\nold'}
    assert run('rsync.synchronized', target, '/src/') == (True, COMMENT, changes)
    for kwargs in ({'test': True}, {'dryrun': True}):
        assert run('rsync.synchronized', target, '/src/', **kwargs) == (None, COMMENT, {})
    assert host.programs.calls() == [['rsync', '-avz', '/src/', target]] + [['rsync', '-avz', '--dry-run', '/src/', target]] * 2
    host.programs.answer('rsync', NOTHING)
    assert run('rsync.synchronized', target, '/src/') == (True, COMMENT, {})
    assert run('rsync.synchronized', target, '/src/', test=True) == (True, COMMENT, {})


def test_options(host, run, tmpdir):
    target = str(tmpdir.mkdir('target'))
    run('rsync.synchronized', target, '/src', delete=True, force=True, update=True, passwordfile='/p', exclude='*.o',
        additional_opts=['-X'])
    assert host.programs.calls() == [['rsync', '-avz', '--delete', '--force', '--update', '--password-file', '/p', '--exclude',
                                      '*.o', '-X', '/src', target]]


def test_a_folder_that_is_not_there(host, run, tmpdir):
    target = tmpdir.join('a', 'b')
    missing = (False, 'Destination directory %s was not found.' % target, {})
    assert run('rsync.synchronized', str(target), '/src') == missing
    assert run('rsync.synchronized', str(target), '/src', prepare=True, test=True)[0] is None and not target.exists()
    assert run('rsync.synchronized', str(target), '/src', prepare=True)[0] is True and target.isdir()


def test_rsync_fails(host, run, tmpdir):
    host.programs.answer('rsync', err='rsync: change_dir failed\n', code=23)
    for kwargs in ({}, {'test': True}):
        assert run('rsync.synchronized', str(tmpdir), '/src', **kwargs) == (False, 'rsync: change_dir failed', {})
    assert run('rsync.synchronized', str(tmpdir), '') == (False, 'src and dst cannot be empty', {})


# ---- webutil

@pytest.fixture
def users(tmpdir):
    path = tmpdir.join('users')
    path.write('larry:$apr1$x\n')
    return str(path)


def test_a_user(host, run, users):
    known, added = (True, 'User already known', {}), "User '%s' is set to be added to htpasswd file"
    assert run('webutil.user_exists', 'larry', 'p', users) == known
    assert run('webutil.user_exists', 'lar', 'p', users, test=True) == (None, added % 'lar', {'lar': True})
    assert run('webutil.user_exists', 'larry', 'p', users, force=True, test=True) == (None, added % 'larry', {'larry': True})
    assert host.programs.calls() == []
    assert run('webutil.user_exists', 'lar', 'p', users, 's') == (True, 'Adding password for user x', {'lar': True})
    assert run('webutil.user_exists', 'lar', 'p', users + '2')[0] is True
    assert run('webutil.user_exists', 'larry', 'p', users, update=True) == known
    assert host.programs.calls() == [['htpasswd', '-bs', users, 'lar', 'p'], ['htpasswd', '-bc', users + '2', 'lar', 'p'],
                                     ['htpasswd', '-bv', users, 'larry', 'p']]
    host.programs.answer('htpasswd -bv', err='password verification failed\n', code=3)
    assert run('webutil.user_exists', 'larry', 'q', users, update=True)[2] == {'larry': True}
    host.programs.answer('htpasswd', err='htpasswd: cannot\n', code=1)
    assert run('webutil.user_exists', 'new', 'p', users) == (False, 'htpasswd: cannot', {})
    with pytest.raises(SaltInvocationError):
        run('webutil.user_exists', 'new', 'p')


def test_no_user(host, run, users):
    assert run('webutil.user_absent', 'lar', users) == run('webutil.user_absent', 'larry', users + '2') == (
        True, 'User already not in file', {})
    assert run('webutil.user_absent', 'larry', users, test=True) == (
        None, "User 'larry' is set to be removed from htpasswd file", {'larry': True})
    assert host.programs.calls() == []
    assert run('webutil.user_absent', 'larry', users) == (True, 'Adding password for user x', {'larry': True})
    assert host.programs.calls() == [['htpasswd', '-D', users, 'larry']]
    host.programs.answer('htpasswd', err='htpasswd: cannot\n', code=1)
    assert run('webutil.user_absent', 'larry', users) == (False, 'htpasswd: cannot', {})
