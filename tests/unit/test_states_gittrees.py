"""git.archive, git.merge_tree and further working trees, over the program git in temporary folders."""
from __future__ import absolute_import, division, print_function

import os
import subprocess
import tarfile

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment
from tests.support.hoststates import States

pytestmark = pytest.mark.skipif(environment.which('git') is None, reason='needs the program git')
SCRIPT = """
set -e
git init -q source
cd source
git symbolic-ref HEAD refs/heads/master
commit() { git -c user.name=tester -c user.email=t@example.com commit -q -m "$1"; }
echo 1 > f; git add f; commit one; git branch old
echo 2 > g; git add g; commit two
"""


@pytest.fixture
def host(tmpdir, monkeypatch):
    monkeypatch.setenv('HOME', str(tmpdir))
    subprocess.check_call(['sh', '-c', SCRIPT], cwd=str(tmpdir))
    host = States(str(tmpdir), monkeypatch)
    host.source, host.tree = str(tmpdir.join('source')), str(tmpdir.join('tree'))
    return host


@pytest.mark.parametrize('more, expected', [
    ({}, ['source', 'source/f', 'source/g']), ({'prefix': 'x/', 'rev': 'old'}, ['x', 'x/f']),
    ({'prefix': '', 'format': 'tar'}, ['f', 'g'])])
def test_archive(host, tmpdir, more, expected):
    path = str(tmpdir.join('a.tar'))
    assert host.call('git.archive', host.source, path, **more) is True
    with tarfile.open(path) as stream:
        assert [name.rstrip('/') for name in stream.getnames()] == expected


def test_archive_that_cannot_be(host, tmpdir):
    with pytest.raises(SaltInvocationError) as wrong:
        host.call('git.archive', host.source, str(tmpdir.join('a.tar')), overwrite=False)
    assert str(wrong.value) == 'The following keyword arguments are not valid: overwrite=False'
    with pytest.raises(CommandExecutionError) as failed:
        host.call('git.archive', host.source, str(tmpdir.join('a.tar')), rev='nosuch')
    assert 'nosuch' in str(failed.value)


def test_merge_tree(host):
    said = host.call('git.merge_tree', host.source, 'old', 'HEAD')
    assert said.startswith('added in remote') and said.endswith('+2')
    assert host.call('git.merge_tree', host.source, 'old', 'HEAD', base='old') == said
    with pytest.raises(CommandExecutionError) as failed:
        host.call('git.merge_tree', host.source, 'old', 'nosuch')
    assert str(failed.value) == 'Unable to determine merge base for old and nosuch'


def test_the_life_of_a_working_tree(host):
    assert 'HEAD is now at' in host.call('git.worktree_add', host.source, host.tree, ref='old')
    assert host.call('git.is_worktree', host.tree) is True and os.listdir(host.tree).count('g') == 0
    assert host.call('git.current_branch', host.tree) == 'tree'
    assert host.call('git.worktree_rm', host.tree) is True and not os.path.exists(host.tree)
    told = host.call('git.worktree_prune', host.source, dry_run=True)
    assert 'worktrees/tree' in told and host.call('git.worktree_prune', host.source) == told
    assert host.call('git.worktree_prune', host.source) == ''


def test_branches_of_working_trees(host):
    host.call('git.worktree_add', host.source, host.tree, branch='new')
    assert host.call('git.current_branch', host.tree) == 'new'
    host.call('git.worktree_add', host.source, host.tree + '2', detach=True)
    assert host.call('git.current_branch', host.tree + '2') == 'HEAD'
    with pytest.raises(SaltInvocationError) as wrong:
        host.call('git.worktree_add', host.source, host.tree + '3', branch='b', detach=True)
    assert str(wrong.value) == "Only one of 'branch' and 'detach' is allowed"


def test_list_worktrees(host):
    one, two = host.tree, host.tree + '2'
    subprocess.check_call(['git', 'tag', 'v1', 'old'], cwd=host.source)
    host.call('git.worktree_add', host.source, one, ref='old', branch='feature/x')
    host.call('git.worktree_add', host.source, two, ref='old', detach=True)
    head, old = [host.call('git.revision', host.source, rev) for rev in ('master', 'old')]
    base = {host.source: {'HEAD': head, 'branch': 'master', 'detached': False, 'stale': False},
            two: {'HEAD': old, 'branch': None, 'detached': True, 'stale': False, 'tags': ['v1']}}
    first = {'HEAD': old, 'branch': 'feature/x', 'detached': False}
    assert host.call('git.list_worktrees', two) == dict(base, **{one: dict(first, stale=False)})
    host.call('git.worktree_rm', one)
    assert host.call('git.list_worktrees', host.source) == base
    assert host.call('git.list_worktrees', host.source, stale=True) == {one: dict(first, stale=True)}
    assert host.call('git.list_worktrees', host.source, all=True) == dict(base, **{one: dict(first, stale=True)})
    with pytest.raises(CommandExecutionError):
        host.call('git.list_worktrees', host.source, all=True, stale=True)
    host.call('git.clone', host.tree + '3', host.source, opts='--bare')
    assert host.call('git.list_worktrees', host.tree + '3') == {}


def test_what_is_no_working_tree_stays(host):
    for path, said in ((host.source, 'is not a git worktree'), (host.tree, 'does not exist')):
        with pytest.raises(CommandExecutionError) as failed:
            host.call('git.worktree_rm', path)
        assert str(failed.value) == '%s %s' % (path, said)
    assert os.path.isdir(host.source)
