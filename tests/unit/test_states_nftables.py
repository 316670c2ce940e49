"""nftables.* states, with an nft that only notes its calls and prints what a test wrote for it."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from tests.support import nfthost
from tests.support.nfthost import RULE


@pytest.fixture
def host(tmpdir, monkeypatch):
    return nfthost.made(str(tmpdir.mkdir('host')), monkeypatch)


@pytest.mark.parametrize('call, options, comment', [
    (['table_present', 'filter'], {}, 'nftables table filter already exists in family ipv4'),
    (['table_absent', 'x'], {}, 'nftables table x is already absent from family ipv4'),
    (['chain_present', 'input'], {}, 'nftables input chain is already exist in filter table for ipv4'),
    (['chain_absent', 'x'], {}, 'nftables x chain is already absent in filter table for ipv4'),
    (['append', 'r'], dict(RULE, proto='tcp', dport=22), 'nftables rule for r already set (tcp dport { 22 } accept) for ipv4'),
    (['insert', 'r'], dict(RULE, proto='tcp', dport=22), 'nftables rule for r already set for ipv4 (tcp dport { 22 } accept)'),
    (['delete', 'r'], dict(RULE, jump='drop'), 'nftables rule for r already absent for ipv4 (drop)'),
    (['delete', 'r'], dict(RULE, position=5), 'nftables rule for r already absent for ipv4 ()'),
    (['set_policy', 'p'], {'chain': 'input', 'policy': 'ACCEPT'},
     'nftables default policy for chain input on table filter for ipv4 already set to ACCEPT')])
def test_states_that_are_reached(host, call, options, comment):
    name, state = call[1], 'nftables.' + call[0]
    fine = {'name': name, 'result': True, 'changes': {}, 'comment': comment}
    assert host.state(state, name, **options) == host.state(state, name, test=True, **options) == fine
    assert host.said() == []


@pytest.mark.parametrize('call, options, would, did, words', [
    (['table_present', 'x'], {}, 'nftables table x would be created in family ipv4',
     'nftables table x successfully created in family ipv4', ['add table ip x']),
    (['table_absent', 'nat'], {}, 'nftables table nat would be deleted from family ipv4',
     'nftables table nat successfully deleted from family ipv4', ['delete table ip nat']),
    (['chain_present', 'x'], {}, 'nftables chain x would be created in table filter for family ipv4',
     'nftables x chain in filter table create success for ipv4', ['add chain ip filter x']),
    (['chain_absent', 'plain'], {}, 'nftables chain plain would be deleted from table filter for ipv4',
     'nftables plain chain in filter table delete success for ipv4',
     ['flush chain ip filter plain', 'delete chain ip filter plain']),
    (['append', 'r'], RULE, 'nftables rule for r needs to be set (accept) for ipv4',
     'Set nftables rule for r to: accept for ipv4',
     ['add rule ip filter input accept']),
    (['insert', 'r'], dict(RULE, position=4), 'nftables rule for r needs to be set for ipv4 (accept)',
     'Set nftables rule for r to: accept for ipv4', ['insert rule ip filter input position 4 accept']),
    (['delete', 'r'], dict(RULE, proto='tcp', dport=22),
     'nftables rule for r needs to be deleted for ipv4 (tcp dport { 22 } accept)',
     'Delete nftables rule for r tcp dport { 22 } accept', ['delete rule ip filter input handle 4']),
    (['delete', 'r'], dict(RULE, position=4), 'nftables rule for r needs to be deleted for ipv4 ()',
     'Delete nftables rule for r 4', ['delete rule ip filter input handle 4']),
    (['flush', 'f'], {'chain': 'input'}, 'nftables flush not performed in test mode.',
     'Flush nftables rules in filter table input chain ipv4 family', ['flush chain ip filter input']),
    (['set_policy', 'p'], {'chain': 'input', 'policy': 'drop'},
     'nftables default policy for chain input on table filter for ipv4 needs to be set to drop',
     'Set default policy for input to drop family ipv4',
     ['add chain ip filter input { type filter hook input priority 0; policy drop; }'])])
def test_states_that_change_something(host, call, options, would, did, words):
    name, state = call[1], 'nftables.' + call[0]
    assert host.state(state, name, test=True, **options) == {'name': name, 'result': None, 'changes': {}, 'comment': would}
    assert host.said() == []
    assert host.state(state, name, **options) == {
        'name': name, 'result': True, 'changes': {'locale': name}, 'comment': did}
    assert host.said() == words
    host.refuse('-- ' + words[0])
    assert host.state(state, name, **options)['result'] is False


def test_a_flush_of_what_is_not_there(host):
    for options, told in (({'table': 'x'}, 'table x in family ipv4, table'),
                          ({'chain': 'x'}, 'chain x in table filter in family ipv4, chain')):
        returned = host.state('nftables.flush', 'f', **options)
        assert (returned['result'], returned['comment']) == (False, 'Failed to flush %s does not exist.' % told)
        returned = host.state('nftables.flush', 'f', ignore_absence=True, **options)
        assert (returned['result'], returned['changes']) == (True, {})
    assert host.said() == []


def test_states_that_save(host, tmpdir):
    host.programs.answer('nft -- add rule ip filter input drop')
    path = str(tmpdir.join('rules'))
    returned = host.state('nftables.set_policy', 'p', chain='input', policy='drop', save=True, save_filename=path)
    assert returned['comment'] == 'Set and saved default policy for input to drop family ipv4' and os.path.exists(path)
