"""nftables.*, with an nft that only notes its calls and prints what a test wrote for it."""
from __future__ import absolute_import, division, print_function

import io
import os

import pytest

from tests.support import nfthost
from tests.support.nfthost import OBJECTS, RULE

IN = 'chain input in table filter in family ipv4'


@pytest.fixture
def host(tmpdir, monkeypatch):
    return nfthost.made(str(tmpdir.mkdir('host')), monkeypatch)


@pytest.mark.parametrize('options, rule', [
    ({}, ''), ({'jump': 'accept'}, 'accept'), ({'proto': 'tcp'}, ''),
    ({'match': 'state', 'comment': 'x', 'target': 'drop'}, 'drop'),
    (dict(RULE, connstate='NEW,ESTABLISHED'), 'ct state { NEW,ESTABLISHED } accept'),
    ({'if': 'a', 'of': 'b', 'counter': '', 'proto': 'tcp', 'dport': 22, 'sport': '1025:65535', 'source': '1.1.1.1',
      'destination': '10.0.0.0/8', 'icmp-type': 'echo-request', 'jump': 'drop'},
     'meta iifname a meta oifname b icmp type { echo-request } counter ip saddr 1.1.1.1 ip daddr 10.0.0.0/8 tcp dport { 22 } '
     'tcp sport { 1025-65535 } drop'),
    ({'proto': 'tcp', 'dports': '80,443,1:5'}, 'tcp dport { 443, 80, 1-5 }'),
    ({'proto': 'udp', 'sports': [1, 20]}, 'udp sport { 20, 1 }'),
    ({'source': '! 1.1.1.1', 'jump': 'drop'}, 'ip saddr != 1.1.1.1 drop'),
    ({'family': 'inet', 'saddr': '::1'}, 'ip6 saddr ::1'),
    ({'family': 'ipv6', 'daddr': 'fe80::1'}, 'ip6 daddr fe80::1'),
    ({'jump': 'reject', 'reject-with': 'tcp-reset'}, 'reject with tcp-reset'),
    ({'jump': 'dnat', 'to-destination': '10.0.0.1'}, 'dnat 10.0.0.1'),
    ({'jump': 'redirect', 'to-ports': 80}, 'redirect to :80')])
def test_rules_from_options(host, options, rule):
    options = dict((name, options[name]) for name in options if name not in ('table', 'chain'))
    told = 'Successfully built rule' if rule else ''
    assert host.call('nftables.build_rule', **options) == {'result': True, 'comment': told, 'rule': rule}


def test_whole_commands(host):
    def build(**kwargs):
        return host.call('nftables.build_rule', full='True', **kwargs)
    assert build(command='insert', position=3, **RULE)['rule'] == 'nft insert rule ip filter input position 3 accept'
    assert build(command='add', position=3, **RULE)['rule'] == 'nft add rule ip filter input accept'
    for missing in ('table', 'chain', 'command'):
        answer = build(**dict(dict(RULE, command='add'), **{missing: None}))
        assert (answer['result'], answer['comment']) == (False, missing.capitalize() + ' needs to be specified')


def test_what_is_there(host):
    assert host.call('nftables.version') == 'v1.0.6'
    assert host.call('nftables.list_tables') == [OBJECTS[1]['table']]
    assert host.call('nftables.get_rules') == ['table ip filter {\n}']
    assert host.call('nftables.get_rules_json') == OBJECTS and host.call('nftables.get_rules_json', 'inet') == []
    assert [host.call('nftables.get_policy', 'filter', chain) for chain in ('input', 'plain', None)] == [
        'accept', None, 'Error: Chain needs to be specified']
    assert host.job('nftables.list_tables', 'bogus') == ('ERROR: bogus is no family of nftables', 1)


@pytest.mark.parametrize('call, result, comment', [
    (['check_table'], False, 'Table needs to be specified'), (['check_table', 'nat'], True, 'Table nat in family ipv4 exists'),
    (['check_table', 'fil'], False, 'Table fil in family ipv4 does not exist'),
    (['check_chain', 'filter', 'input'], True, 'Chain input in table filter in family ipv4 exists'),
    (['check_chain', 'filter', 'in'], False, 'Chain in in table filter in family ipv4 does not exist'),
    (['check', 'filter', 'input'], False, 'Rule needs to be specified'),
    (['check', 'nosuch', 'input', 'x'], False, 'Table nosuch in family ipv4 does not exist'),
    (['check', 'filter', 'input', 'tcp dport { 22 } accept'], True, 'Rule tcp dport { 22 } accept in %s exists' % IN),
    (['check', 'filter', 'input', 'tcp dport 2 accept'], False, 'Rule tcp dport 2 accept in %s does not exist' % IN),
    (['check', 'filter', 'input', 'dport 22 accept'], False, 'Rule dport 22 accept in %s does not exist' % IN),
    (['new_table', 'filter'], True, 'Table filter in family ipv4 exists'),
    (['new_chain', 'filter', 'input'], False, 'Chain input in table filter in family ipv4 already exists'),
    (['new_chain', 'filter', 'c', None, 'input'], False, 'Table_type, hook, and priority required.'),
    (['append', 'filter', 'input', 'tcp dport 22 accept'], False, 'Rule tcp dport 22 accept %s already exists' % IN),
    (['delete', 'filter', 'input', 3, 'x'], False, 'Only specify a position or a rule, not both'),
    (['delete', 'filter', 'input'], False, 'Rule None %s does not exist' % IN),
    (['flush', 'filter', 'nosuch'], False, 'Chain nosuch in table filter in family ipv4 does not exist')])
def test_answers(host, call, result, comment):
    assert host.call('nftables.' + call[0], *call[1:]) == {'result': result, 'comment': comment}
    assert host.said() == []


@pytest.mark.parametrize('rule, handle', [
    ('ct state { related,established } counter accept', '9'), ('meta iifname lo accept', '11'), ('tcp dport 22 accept', '4')])
def test_handles(host, rule, handle):
    assert host.call('nftables.get_rule_handle', 'filter', 'input', rule) == {'result': True, 'handle': handle}
    assert host.call('nftables.delete', 'filter', 'input', rule=rule)['result'] is True
    assert host.said() == ['delete rule ip filter input handle ' + handle]


@pytest.mark.parametrize('call, words, done, failed', [
    (['new_table', 'x'], 'add table ip x', 'Table x in family ipv4 created', 'Table x in family ipv4 could not be created'),
    (['delete_table', 'nat'], 'delete table ip nat', 'Table nat in family ipv4 deleted',
     'Table nat in family ipv4 could not be deleted'),
    (['new_chain', 'filter', 'c', 'filter', 'input', -150],
     'add chain ip filter c { type filter hook input priority -150; }', 'Chain c in table filter in family ipv4 created',
     'Chain c in table filter in family ipv4 could not be created'),
    (['delete_chain', 'filter', 'plain'], 'delete chain ip filter plain', 'Chain plain in table filter in family ipv4 deleted',
     'Chain plain in table filter in family ipv4 could not be deleted'),
    (['append', 'filter', 'input', 'log prefix "a b"'], 'add rule ip filter input log prefix "a b"',
     'Added rule "log prefix "a b"" %s.' % IN, 'Failed to add rule "log prefix "a b"" %s.' % IN),
    (['insert', 'filter', 'input', 4, 'drop'], 'insert rule ip filter input position 4 drop', 'Added rule "drop" %s.' % IN,
     'Failed to add rule "drop" %s.' % IN),
    (['delete', 'filter', 'input', 4], 'delete rule ip filter input handle 4', 'Deleted rule with handle 4 in %s.' % IN,
     'Failed to delete rule with handle 4 in %s.' % IN),
    (['flush', 'filter', 'input'], 'flush chain ip filter input', 'Flushed rules from %s.' % IN,
     'Failed to flush rules from %s.' % IN),
    (['flush'], 'flush table ip filter', 'Flushed rules from table filter in family ipv4.',
     'Failed to flush rules from table filter in family ipv4.')])
def test_changes(host, call, words, done, failed):
    assert host.call('nftables.' + call[0], *call[1:]) == {'result': True, 'comment': done}
    assert host.said() == [words]
    host.refuse('-- ' + words)
    assert host.call('nftables.' + call[0], *call[1:]) == {'result': False, 'comment': failed}


def test_policies(host):
    assert host.call('nftables.set_policy', 'filter', 'input', 'drop') is True
    assert host.call('nftables.set_policy', 'filter', 'plain', 'drop') is False
    assert host.call('nftables.set_policy', 'filter', 'input') == 'Error: Policy needs to be specified'
    assert host.said() == ['add chain ip filter input { type filter hook input priority 0; policy drop; }']


def test_names_are_no_commands(host):
    for call in (['new_table', 'x; flush ruleset'], ['delete_table', 'x }'], ['flush', 'filter', '-f']):
        assert host.job('nftables.' + call[0], *call[1:])[0].endswith(' is no name of nftables')
    for call in (['new_chain', 'filter', 'c', 'filter', 'input', '0; } ; flush ruleset'],
                 ['set_policy', 'filter', 'input', 'drop; }']):
        assert host.job('nftables.' + call[0], *call[1:])[0].endswith(' is no word of nftables')
    assert host.said() == []


def test_rules_are_saved(host, tmpdir):
    path = str(tmpdir.join('rules'))
    text = '#! nft -f\n\ntable ip filter {\n}\n'
    assert host.call('nftables.save', path) == text
    assert host.call('nftables.save', str(tmpdir)) == text and os.path.exists(str(tmpdir.join('salt-all-in-one.nft')))
    with io.open(path) as stream:
        assert stream.read() == text
    assert host.call('nftables.get_saved_rules', path) == ['table ip filter {\n', '}\n']
