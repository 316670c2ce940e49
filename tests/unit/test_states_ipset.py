"""ipset.* states over execution functions that a test holds in its hands."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support import hoststates


@pytest.fixture
def run(tmpdir, monkeypatch):
    """run(state, ...) -> (result, comment, changes); run.answers: what execution functions return; run.done: their calls."""
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)
    answers = {'check_set': True, 'new_set': True, 'flush': True, 'delete_set': True, 'add': 'Success', 'delete': 'Success'}
    done = []

    def function(name):
        def call(*args, **kwargs):
            if not name.startswith('check'):
                done.append([name] + list(args))
            return args[1] in answers['entries'] if name == 'check' else answers[name]
        return call
    functions = dict(('ipset.' + name, function(name)) for name in list(answers) + ['check', 'version'])

    def run(name, *args, **kwargs):
        del done[:]
        return host.over(functions, 'ipset.' + name, *args, **kwargs)
    answers['entries'] = ['1.1.1.1']
    run.answers, run.done = answers, done
    return run


def test_a_set_is_there(run):
    assert run('set_present', 's', 'hash:ip') == (True, 'ipset set s already exists for ipv4', {})
    run.answers['check_set'] = False
    assert run('set_present', 's', 'hash:ip', test=True) == (None, 'ipset set s would be added for ipv4', {})
    assert run.done == []
    assert run('set_present', 's', 'hash:ip', 'ipv6') == (
        True, 'ipset set s created successfully for ipv6', {'locale': 's'})
    assert run.done == [['new_set', 's', 'hash:ip', 'ipv6']]
    run.answers['new_set'] = 'Error: bad\n'
    assert run('set_present', 's', 'hash:ip') == (False, 'Failed to create set s for ipv4: Error: bad', {})


def test_a_set_is_not_there(run):
    assert run('set_absent', 's', test=True) == (None, 'ipset set s for ipv4 would be removed', {}) and run.done == []
    assert run('set_absent', 's') == (True, 'ipset set s deleted successfully for family ipv4', {'locale': 's'})
    assert run.done == [['flush', 's', 'ipv4'], ['delete_set', 's', 'ipv4']]
    run.answers['delete_set'] = 'in use\n'
    assert run('set_absent', 's') == (False, 'Failed to delete set s for ipv4: in use', {})
    run.answers['flush'] = False
    assert run('set_absent', 's') == (False, 'Failed to flush set s for ipv4', {})
    run.answers['check_set'] = False
    assert run('set_absent', 's') == (True, 'ipset set s for ipv4 is already absent', {})


def test_flush(run):
    assert run('flush', 's', test=True) == (None, 'ipset entries in set s for ipv4 would be flushed', {}) and run.done == []
    assert run('flush', 's') == (True, 'Flushed ipset entries from set s for ipv4', {'locale': 's'})
    run.answers['flush'] = False
    assert run('flush', 's') == (False, 'Failed to flush ipset entries from set s for ipv4', {})
    run.answers['check_set'] = False
    assert run('flush', 's') == (False, 'ipset set s does not exist for ipv4', {})


def test_entries_are_there(run):
    there, added = 'entry for 1.1.1.1 already in set s for ipv4\n', 'entry 2.2.2.2 added to set s for family ipv4\n'
    assert run('present', 'e', '1.1.1.1', set_name='s') == (True, there, {}) and run.done == []
    both = ['1.1.1.1', '2.2.2.2']
    assert run('present', 'e', both, set_name='s', test=True) == (
        None, there + 'entry 2.2.2.2 would be added to set s for family ipv4\n', {}) and run.done == []
    assert run('present', 'e', both, set_name='s') == (True, there + added, {'locale': 'e'})
    assert run.done == [['add', 's', '2.2.2.2', 'ipv4']]
    assert run('present', 'e') == (False, 'ipset entry must be specified', {})


def test_options_of_all_entries(run):
    run('present', 'e', ['2.2.2.2', '3.3.3.3 timeout 9', 80], set_name='s', timeout=5, comment='a b')
    assert [call[2] for call in run.done] == [
        '2.2.2.2 timeout 5  comment a b', '3.3.3.3 timeout 9 comment a b', '80 timeout 5  comment a b']


def test_an_entry_fails(run):
    run.answers['add'] = 'Error: syntax'
    failed = 'Failed to add to entry %s to set s for family ipv4.\nError: syntax'
    assert run('present', 'e', ['2.2.2.2', '3.3.3.3', '1.1.1.1'], set_name='s') == (
        False, '\n'.join([failed % '2.2.2.2', failed % '3.3.3.3', 'entry for 1.1.1.1 already in set s for ipv4\n']), {})
    run.answers['delete'] = 'Error: in use'
    assert run('absent', 'e', ['1.1.1.1', '2.2.2.2'], set_name='s') == (
        False, 'Failed to delete ipset entry from set s for ipv4. Attempted entry was 1.1.1.1.\nError: in use\n'
        'ipset entry for 2.2.2.2 not present in set s for ipv4\n', {})


def test_entries_are_not_there(run):
    assert run('absent', 'e', '2.2.2.2', set_name='s') == (True, 'ipset entry for 2.2.2.2 not present in set s for ipv4\n', {})
    assert run('absent', 'e', '1.1.1.1', set_name='s', test=True) == (
        None, 'ipset entry 1.1.1.1 would be removed from set s for ipv4\n', {}) and run.done == []
    assert run('absent', 'e', '1.1.1.1', set_name='s') == (
        True, 'ipset entry 1.1.1.1 removed from set s for ipv4\n', {'locale': 'e'})
    assert run.done == [['delete', 's', '1.1.1.1', 'ipv4']]
    assert run('absent', 'e', entries='1.1.1.1') == (False, 'ipset entry must be specified', {})
