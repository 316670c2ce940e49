"""chroot.* in a folder of the test's own."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion.helpers import environment
from tests.support import hostmodules


@pytest.fixture
def chroot(tmpdir, monkeypatch):
    """chroot(function, ...) -> (return, retcode)"""
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    return lambda name, *args: host.job('chroot.' + name, *args)


def test_making_one(chroot, tmpdir):
    root = str(tmpdir.join('a', 'b'))
    assert chroot('exist', root) == (False, 0)
    before = os.umask(0o077)
    try:
        assert chroot('create', root) == (True, 0)
    finally:
        os.umask(before)
    assert chroot('exist', root) == chroot('create', root) == (True, 0)
    assert [(name, os.stat(os.path.join(root, name)).st_mode & 0o777) for name in sorted(os.listdir(root))] == [
        ('dev', 0o755), ('proc', 0o555), ('sys', 0o555)]
    os.rmdir(os.path.join(root, 'sys'))
    assert chroot('exist', root) == (False, 0)


def test_a_file_is_in_the_way(chroot, tmpdir):
    tmpdir.join('dev').write('x')
    told, code = chroot('create', str(tmpdir))
    assert told.startswith('ERROR: ') and 'File exists' in told and code == 1


def test_where_we_are(chroot, monkeypatch):
    stat = os.stat
    monkeypatch.setattr(os, 'stat', lambda path, **kwargs: stat('/' if path == '/proc/1/root/.' else path, **kwargs))
    assert chroot('in_chroot') == (False, 0)
    monkeypatch.setattr(os, 'stat', lambda path, **kwargs: stat('/dev' if path == '/proc/1/root/.' else path, **kwargs))
    assert chroot('in_chroot') == (True, 0)
    monkeypatch.setattr(os, 'stat', lambda path, **kwargs: stat('/nonexistent' if path == '/proc/1/root/.' else path, **kwargs))
    assert chroot('in_chroot') == (False, 0)


def test_calling(chroot, tmpdir):
    root = str(tmpdir.join('root'))
    assert chroot('call', root, 'test.ping') == ('ERROR: Chroot environment not found', 1)
    assert chroot('call', root, '') == ('ERROR: Missing function parameter', 1)
    chroot('create', root)
    assert chroot('call', root, 'test.ping', 'x') == (
        'ERROR: chroot.call takes salt-thin, which is not here; cmd.run_chroot runs commands', 1)


def test_without_the_program(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    assert host.job('chroot.exist', '/')[0] == (
        "'chroot' __virtual__ returned False: The chroot execution module cannot be loaded: chroot is not in the path.")
