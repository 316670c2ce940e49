"""States of iptables, with a program that only notes how it was called."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from tests.support import hoststates

RULES = '*filter\n:INPUT ACCEPT [5:300]\n:mychain - [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n'
LO, NEW = {'chain': 'INPUT', 'if': 'lo', 'jump': 'ACCEPT'}, {'chain': 'INPUT', 'if': 'eth9', 'jump': 'DROP'}


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)
    host.programs.answer('iptables')
    host.programs.answer('iptables --help', '--check --wait')
    host.programs.answer('iptables-save', RULES)
    host.programs.answer('iptables -t', err='iptables: Bad rule.', code=1)
    host.programs.answer('iptables -t filter -C INPUT -i lo --jump ACCEPT')
    return host


def run(host, name, *args, **kwargs):
    """(result, comment, changes, the calls that change something) of a state."""
    host.programs.calls()
    ret = host.state('iptables.' + name, *args, **kwargs)
    path = os.path.join(host.programs.bin, '')
    changing = [' '.join(call[3:]) for call in host.programs.calls() if '--wait' in call]
    return ret['result'], ret['comment'].replace(path, ''), ret['changes'], changing


def failing(host):
    host.programs.answer('iptables --wait', err='iptables: wrong', code=1)


def test_append(host):
    text = 'iptables --wait -t filter -A INPUT  -i eth9 --jump DROP'
    assert run(host, 'append', 'nm', test=True, **NEW) == (
        None, 'iptables rule for nm needs to be set (%s) for ipv4' % text, {}, [])
    assert run(host, 'append', 'nm', **NEW) == (
        True, 'Set iptables rule for nm to: %s for ipv4' % text, {'locale': 'nm'}, ['filter -A INPUT -i eth9 --jump DROP'])
    assert run(host, 'append', 'nm', **LO) == (True, 'iptables rule for nm already set (iptables --wait -t filter -A INPUT  '
                                               '-i lo --jump ACCEPT) for ipv4', {}, [])
    failing(host)
    assert run(host, 'append', 'nm', **NEW)[:3] == (
        False, 'Failed to set iptables rule for nm.\nAttempted rule was %s for ipv4' % text, {})


def test_insert(host):
    text = 'iptables --wait -t filter -I INPUT 1 -i eth9 --jump DROP'
    assert run(host, 'insert', 'nm', test=True, position=1, **NEW) == (
        None, 'iptables rule for nm needs to be set for ipv4 (%s)' % text, {}, [])
    assert run(host, 'insert', 'nm', position=1, **NEW) == (
        True, 'Set iptables rule for nm to: %s for ipv4' % text, {'locale': 'nm'}, ['filter -I INPUT 1 -i eth9 --jump DROP'])
    assert run(host, 'insert', 'nm', position=1, **LO)[:2] == (
        True, 'iptables rule for nm already set for ipv4 (iptables --wait -t filter -I INPUT 1 -i lo --jump ACCEPT)')
    failing(host)
    assert run(host, 'insert', 'nm', position=1, **NEW)[:3] == (
        False, 'Failed to set iptables rule for nm.\nAttempted rule was %s' % text, {})
    with pytest.raises(KeyError):
        run(host, 'insert', 'nm', **NEW)


def test_delete(host):
    text = 'iptables --wait -t filter -D INPUT  -i lo --jump ACCEPT'
    assert run(host, 'delete', 'nm', test=True, **LO) == (
        None, 'iptables rule for nm needs to be deleted for ipv4 (%s)' % text, {}, [])
    assert run(host, 'delete', 'nm', **LO) == (
        True, 'Delete iptables rule for nm %s' % text, {'locale': 'nm'}, ['filter -D INPUT -i lo --jump ACCEPT'])
    assert run(host, 'delete', 'nm', **NEW) == (True, 'iptables rule for nm already absent for ipv4 (iptables --wait -t filter '
                                                '-D INPUT  -i eth9 --jump DROP)', {}, [])
    assert run(host, 'delete', 'nm', chain='INPUT', position=2) == (
        True, 'Delete iptables rule for nm iptables --wait -t filter -D INPUT 2', {'locale': 'nm'}, ['filter -D INPUT 2'])
    failing(host)
    assert run(host, 'delete', 'nm', **LO)[:3] == (
        False, 'Failed to delete iptables rule for nm.\nAttempted rule was %s' % text, {})


def test_saving(host, tmpdir):
    path = tmpdir.join('rules')
    wrote = 'Wrote 1 lines to "%s"' % path
    assert run(host, 'append', 'nm', save=str(path), **NEW)[1] == (
        'Set and saved iptables rule nm for ipv4\niptables --wait -t filter -A INPUT  -i eth9 --jump DROP\n' + wrote)
    assert path.read() == RULES
    assert 'aved' not in run(host, 'append', 'nm', save=str(path), **LO)[1]          # nothing else is in force
    path.write('*filter\nCOMMIT\n')
    assert 'aved' not in run(host, 'append', 'nm', test=True, save=str(path), **LO)[1]
    assert path.read() == '*filter\nCOMMIT\n'
    assert run(host, 'append', 'nm', save=str(path), **LO)[1].endswith(
        '\nSaved iptables rule nm for ipv4\niptables --wait -t filter -A INPUT  -i lo --jump ACCEPT\n' + wrote)
    path.remove()
    assert wrote in run(host, 'insert', 'nm', save=str(path), position=1, **LO)[1] and path.read() == RULES
    assert run(host, 'delete', 'nm', save=str(path), **LO)[1] == (
        'Deleted and saved iptables rule nm for ipv4\niptables --wait -t filter -D INPUT  -i lo --jump ACCEPT\n' + wrote)


def test_several_rules_as_one_state(host, tmpdir):
    path = tmpdir.join('rules')
    rules = [dict(LO, name='a', save=str(path)), dict(NEW, name='b')]
    result, comment, changes, changing = run(host, 'append', 'nm', rules=rules)
    assert (result, changes, len(comment.splitlines()), len(changing)) == (True, {'locale': ['b']}, 2, 1)
    assert path.read() == RULES
    assert run(host, 'append', 'nm', rules=rules, test=True)[0] is None
    failing(host)
    assert run(host, 'append', 'nm', rules=rules[::-1])[0] is False
    assert run(host, 'append', 'nm', rules=[])[:3] == (None, '', {})


def test_policies(host):
    about = 'iptables default policy for chain INPUT on table filter for ipv4 '
    assert run(host, 'set_policy', 'nm', chain='INPUT', policy='ACCEPT') == (True, about + 'already set to ACCEPT', {}, [])
    assert run(host, 'set_policy', 'nm', chain='INPUT', policy='DROP', test=True) == (
        None, about + 'needs to be set to DROP', {}, [])
    assert run(host, 'set_policy', 'nm', chain='INPUT', policy='DROP') == (
        True, 'Set default policy for INPUT to DROP family ipv4', {'locale': 'nm'}, ['filter -P INPUT DROP'])
    failing(host)
    assert run(host, 'set_policy', 'nm', chain='INPUT', policy='DROP')[:3] == (
        False, 'Failed to set iptables default policy', {})


def test_saving_a_policy(host, tmpdir):
    path = tmpdir.join('rules')
    assert run(host, 'set_policy', 'nm', chain='INPUT', policy='DROP', save=str(path))[1] == (
        'Set and saved default policy for INPUT to DROP family ipv4')
    assert path.read() == RULES


def test_flushing(host):
    assert run(host, 'flush', 'nm', test=True) == (
        None, 'iptables rules in nm table filter chain ipv4 family needs to be flushed', {}, [])
    assert run(host, 'flush', 'nm', chain='INPUT') == (
        True, 'Flush iptables rules in filter table INPUT chain ipv4 family', {'locale': 'nm'}, ['filter -F INPUT'])
    failing(host)
    assert run(host, 'flush', 'nm')[:3] == (False, 'Failed to flush iptables rules', {})


def test_chains(host):
    there = 'iptables mychain chain is already exist in filter table for ipv4'
    assert run(host, 'chain_present', 'mychain')[:2] == (True, there)
    assert run(host, 'chain_present', 'c', test=True)[:2] == (None, 'iptables c chain in filter table needs to be set for ipv4')
    assert run(host, 'chain_present', 'c') == (
        True, 'iptables c chain in filter table create success for ipv4', {'locale': 'c'}, ['filter -N c'])
    assert run(host, 'chain_absent', 'c')[:2] == (True, 'iptables c chain is already absent in filter table for ipv4')
    assert run(host, 'chain_absent', 'mychain', test=True)[:2] == (
        None, 'iptables mychain chain in filter table needs to be removed ipv4')
    assert run(host, 'chain_absent', 'mychain') == (True, 'iptables mychain chain in filter table delete success for ipv4',
                                                    {'locale': 'mychain'}, ['filter -F mychain', 'filter -X mychain'])
    failing(host)
    assert run(host, 'chain_present', 'c')[:3] == (
        False, 'Failed to create c chain in filter table: iptables: wrong for ipv4', {})
    assert run(host, 'chain_absent', 'mychain')[:3] == (
        False, 'Failed to flush mychain chain in filter table: iptables: wrong for ipv4', {})
    host.programs.answer('iptables --wait -t filter -F mychain')
    assert run(host, 'chain_absent', 'mychain')[:2] == (
        False, 'Failed to delete mychain chain in filter table: iptables: wrong for ipv4')


def test_rules_stay_with_their_own_states(host):
    assert run(host, 'append', 'nm', aggregate=True, **NEW)[3] == ['filter -A INPUT -i eth9 --jump DROP']
    world = host.loader.apart({'test': False}).other('states').functions
    low = dict(NEW, state='iptables', fun='append')
    assert world['iptables.mod_aggregate'](low, [low, dict(low)], {}) == low
