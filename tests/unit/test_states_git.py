"""The module and the states git, over the program git and repositories in temporary folders."""
from __future__ import absolute_import, division, print_function

import os
import shutil
import subprocess

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, gitcommand
from tests.support.hoststates import States

pytestmark = pytest.mark.skipif(environment.which('git') is None, reason='needs the program git')
SETTINGS = '-c user.name=tester -c user.email=tester@example.com -c init.defaultBranch=master'


SCRIPT = """
set -e
git %(settings)s init -q source
cd source
git symbolic-ref HEAD refs/heads/master
for text in one two three; do
    test $text != three || git checkout -q -b dev
    echo $text > file
    git add file
    git %(settings)s commit -q -m $text
    test $text != one || git tag v1
done
git checkout -q master
"""


@pytest.fixture(scope='module')
def made(tmpdir_factory):
    """A repository: master with two commits, the first of them v1, and dev with one more."""
    folder = str(tmpdir_factory.mktemp('made'))
    script = SCRIPT % {'settings': SETTINGS}
    subprocess.check_call(['sh', '-c', script], cwd=folder, env=dict(os.environ, HOME=folder))
    return os.path.join(folder, 'source')


@pytest.fixture
def host(tmp_path, monkeypatch, made):
    monkeypatch.setenv('HOME', str(tmp_path))
    host = States(str(tmp_path), monkeypatch)
    host.source, host.target = str(tmp_path / 'source'), str(tmp_path / 'target')
    shutil.copytree(made, host.source, symlinks=True)
    refs = host.call('git.ls_remote', host.source, '.')
    host.commits = {'v1': refs['refs/tags/v1'], 'master': refs['refs/heads/master'], 'dev': refs['refs/heads/dev']}
    return host


def grow(host, text):
    """One commit more in the source."""
    with open(os.path.join(host.source, 'file'), 'w') as stream:
        stream.write(text + '\n')
    host.call('git.add', host.source, 'file')
    host.call('git.commit', host.source, text, git_opts=SETTINGS)
    return host.call('git.revision', host.source)


def latest(host, **kwargs):
    answer = host.state('git.latest', kwargs.pop('name', host.source), host.target, **kwargs)
    return answer['result'], answer['comment'].replace(host.source, 'SOURCE').replace(host.target, 'TARGET'), answer['changes']


def test_latest_clones_and_follows(host):
    assert latest(host, test=True)[:2] == (None, 'Repository SOURCE would be cloned to TARGET')
    result, comment, changes = latest(host)
    assert (result, comment) == (True, 'SOURCE cloned to TARGET')
    assert changes == {'new': '%s => %s' % (host.source, host.target), 'revision': {'old': None, 'new': host.commits['master']}}
    assert latest(host) == latest(host, test=True) == (True, 'Repository TARGET is up-to-date', {})
    new = grow(host, 'four')
    moved = {'revision': {'old': host.commits['master'], 'new': new}}
    assert latest(host, test=True) == (
        None, "Remote 'origin' would be fetched. Repository would be updated from %s to %s." % (
            host.commits['master'][:7], new[:7]), moved)
    assert latest(host) == (True, 'SOURCE was fetched, resulting in updated refs. Repository was fast-forwarded to remote HEAD '
                            '(%s).' % new[:7], moved)


def test_latest_of_branches_and_tags(host):
    latest(host)
    result, comment, changes = latest(host, rev='dev', test=True)
    assert (result, comment) == (None, 'Repository would be fast-forwarded from %s to %s. Tracking branch would be updated to '
                                 'origin/dev.' % (host.commits['master'][:7], host.commits['dev'][:7]))
    assert latest(host, rev='dev') == (True, 'Tracking branch was updated to origin/dev. Repository was fast-forwarded to '
                                       'origin/dev (%s).' % host.commits['dev'][:7], changes)
    result, comment, changes = latest(host, rev='v1')
    assert (result, changes) == (False, {})
    assert comment.startswith('Repository would be updated to %s, but this is not a fast-forward merge. ' % (
        host.commits['v1'][:7],))
    assert latest(host, rev='v1', force_reset=True)[1] == (
        'Repository was hard-reset to v1 (%s). Tracking branch was unset.' % host.commits['v1'][:7])
    start = 'origin/dev (%s) as a starting point' % host.commits['dev'][:7]
    assert latest(host, rev='dev', branch='mine')[1] == "New branch 'mine' was checked out, with " + start
    assert host.call('git.current_branch', host.target) == 'mine'
    assert latest(host, rev='nosuch')[:2] == (False, "No revision matching 'nosuch' exists in the remote repository")


def test_latest_keeps_changes_that_are_only_there(host):
    latest(host)
    with open(os.path.join(host.target, 'file'), 'w') as stream:
        stream.write('mine\n')
    assert latest(host)[0] is True
    grow(host, 'four')
    result, comment, changes = latest(host)
    assert result is False and 'there are uncommitted changes' in comment
    assert host.call('git.status', host.target) == {'modified': ['file']}
    result, comment, changes = latest(host, force_reset=True)
    assert result is True and changes['forced update'] is True
    assert comment.startswith('Uncommitted changes were discarded. Repository was hard-reset to remote HEAD ')
    assert host.call('git.status', host.target) == {}


def test_latest_refuses(host, tmp_path):
    assert host.state('git.latest', host.source, 'relative')['comment'] == "target 'relative' is not an absolute path"
    assert latest(host, rev='')[1] == "'' is not a valid value for the 'rev' argument"
    assert latest(host, rev='dev', bare=True)[1] == "'rev' is not compatible with the 'mirror' and 'bare' arguments"
    assert latest(host, name=host.source + '.none')[1].startswith('Failed to check remote refs: fatal: ')
    assert latest(host, identity='/nonexistent')[1].endswith('The following identity file(s) were not found: /nonexistent')
    os.mkdir(host.target)
    (tmp_path / 'target' / 'other').write_text(u'x')
    assert latest(host)[1].startswith("Target 'TARGET' exists, is non-empty and is not a git repository.")
    assert (tmp_path / 'target' / 'other').exists()
    assert latest(host, force_clone=True)[2]['forced clone'] is True
    assert not (tmp_path / 'target' / 'other').exists()


def test_latest_of_bare_ones(host):
    assert latest(host, mirror=True)[1] == 'SOURCE cloned to TARGET as mirror'
    grow(host, 'four')
    assert latest(host, mirror=True, test=True)[0] is None
    assert latest(host, mirror=True)[1] == ('Repository TARGET is up-to-date\n\nChanges made: Bare repository at TARGET was '
                                            'fetched, resulting in updated refs')
    assert latest(host, mirror=True, test=True)[0] is True


def test_present(host):
    def told(**kwargs):
        answer = host.state('git.present', host.target, **kwargs)
        return answer['result'], answer['comment'].replace(host.target, 'TARGET')
    assert told(test=True) == (None, 'New bare repository would be created')
    assert told() == (True, 'Initialized bare repository in TARGET')
    assert told() == (True, '')
    assert told(bare=False)[0] is False


def test_cloned(host):
    def told(**kwargs):
        answer = host.state('git.cloned', host.source, host.target, **kwargs)
        return answer['result'], answer['comment'].replace(host.source, 'SOURCE').replace(host.target, 'TARGET')
    assert told(test=True) == (None, 'SOURCE would be cloned to TARGET')
    assert told() == (True, 'SOURCE cloned to TARGET')
    assert told() == (True, 'Repository already exists at TARGET')
    assert told(branch='dev', test=True) == (None, "Branch would be changed to 'dev'")
    assert told(branch='dev') == (True, "Branch changed to 'dev'")
    assert told(branch='nosuch')[1].startswith("Failed to change branch to 'nosuch': Command 'git checkout -b nosuch ")
    assert host.state('git.cloned', host.source + '.none', host.target + '2')['comment'].startswith('Clone failed: fatal: ')


def test_detached(host):
    def told(**kwargs):
        answer = host.state('git.detached', host.source, target=host.target, **kwargs)
        return answer['result'], answer['comment'].replace(host.source, 'SOURCE').replace(host.target, 'TARGET')
    assert told(rev='v1', test=True) == (None, 'Repository SOURCE would be cloned to TARGET')
    assert told(rev='v1') == (True, 'SOURCE cloned to TARGET. Commit ID %s was checked out at TARGET.' % host.commits['v1'])
    assert told(rev='v1') == (True, 'Already checked out at correct revision')
    assert told(rev='dev', test=True) == (None, 'Repository remote origin would be fetched')
    assert told(rev='dev') == (True, 'Commit ID %s was checked out at TARGET' % host.commits['dev'])
    assert told(rev='nosuch') == (False, "Revision 'nosuch' does not exist")


def test_settings(host):
    def told(function, name, **kwargs):
        answer = host.state('git.' + function, name, **dict({'repo': host.source}, **kwargs))
        return answer['result'], answer['comment'], answer['changes']
    assert told('config_set', 'a.b', value=1, test=True) == (None, "'a.b' would be added as '1'", {'old': None, 'new': ['1']})
    assert told('config_set', 'a.b', value=1) == (True, "'a.b' was added as '1'", {'a.b': {'old': None, 'new': ['1']}})
    assert told('config_set', 'a.b', value=1) == (True, "'a.b' is already set to '1'", {})
    assert told('config_set', 'a.b', multivar=['x', 'y'])[1] == "'a.b' was set to ['x', 'y']"
    assert told('config_set', 'a.b', value=1, multivar=['x'])[0] is False
    assert told('config_set', 'a.b', value=1, repo=None)[0] is False
    assert told('config_unset', 'a.b') == (
        False, "Multivar(s) matched by the key expression (set 'all' to True to force removal): a.b (x, y)", {})
    assert told('config_unset', 'a.b', all=True) == (True, 'a.b had value(s) unset', {'a.b': {'old': ['x', 'y'], 'new': None}})
    assert told('config_unset', 'a.b') == (True, 'No matching keys are set', {})
    with pytest.raises(CommandExecutionError):
        host.call('git.config_unset', 'a.b', cwd=host.source)


def test_functions(host):
    host.call('git.clone', host.target, host.source)
    assert host.call('git.list_branches', host.source) == ['dev', 'master']
    assert host.call('git.list_tags', host.target) == ['v1']
    assert host.call('git.merge_base', host.source, ['master', 'dev']) == host.commits['master']
    assert host.job('git.merge_base', host.source, ['dev', 'master'], is_ancestor=True) == (False, 1)
    assert host.call('git.remote_refs', host.source, tags=True) == {'refs/tags/v1': host.commits['v1']}
    assert host.call('git.remote_set', host.target, 'https://example.com/y', 'up', https_user='me', https_pass='p@ss') == {
        'fetch': 'https://<redacted>@example.com/y', 'push': 'https://<redacted>@example.com/y'}
    assert host.call('git.remote_get', host.target, 'up', redact_auth=False)['fetch'] == 'https://me:p%40ss@example.com/y'
    assert host.job('git.remote_get', host.target, 'nosuch')[1] == 1
    new = grow(host, 'four')
    assert host.call('git.fetch', host.target) == {'updated branches': {'origin/master': {
        'old': host.commits['master'][:7], 'new': new[:7]}}}
    assert host.job('git.current_branch', host.target + '.none') == (
        "ERROR: Specified cwd '%s.none' either not absolute or does not exist" % host.target, 1)
    with pytest.raises(SaltInvocationError):
        host.call('git.checkout', host.target)


def test_passwords_stay_hidden():
    assert gitcommand.redacted('at https://me:secret@example.com/y') == 'at https://<redacted>@example.com/y'
    with pytest.raises(SaltInvocationError):
        gitcommand.with_login('git@example.com:y', 'me', 'secret')
