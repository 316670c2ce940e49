"""Packet filter rules of Linux, through nft (nftables.*). family: ipv4, ipv6, inet, arp, bridge or netdev.

What is changed or looked for is answered with {'result': True or False, 'comment': text}.
"""
from __future__ import absolute_import, division, print_function

import json
import os
import re

from minion import compat, files
from minion.errors import CommandExecutionError
from minion.helpers import environment, nftrules, tool

_NUMERIC = ['--numeric'] * 3                      # 0.9 and older count them
_NAME = re.compile(r'\A[A-Za-z_][\w./\\-]*\Z')
_VALUE = re.compile(r'\A[\w.+-][\w .+-]*\Z')
_MISSING = '%s needs to be specified'


def __virtual__():
    if environment.which('nft'):
        return True
    return False, 'The nftables execution module failed to load: nftables is not installed.'


def _nft(*words):
    """The command line. What is no option follows `--`: nft joins it into one text."""
    return [environment.which('nft')] + list(words)


def _family(family):
    if family not in nftrules.FAMILIES:
        raise CommandExecutionError('%s is no family of nftables' % (family,))
    return nftrules.FAMILIES[family]


def _name(value):
    """A name of a table or chain.  :raises CommandExecutionError: it would be read as a command."""
    text = compat.to_native(value if compat.is_text(value) else compat.shown(value))
    if not _NAME.match(text):
        raise CommandExecutionError('%s is no name of nftables' % text)
    return text


def _change(*words):
    return tool.succeeds(__salt__, _nft('--', *words))


def _answer(result, comment, **more):
    return dict(more, result=result, comment=comment)


def _about(table, family, chain=None, rule=None):
    text = 'table %s in family %s' % (table, family)
    for kind, value in (('chain', chain), ('rule', rule)):
        text = '%s %s in %s' % (kind, value, text) if value else text
    return text[0].upper() + text[1:]


def _exists(there, about):
    return _answer(there, about + (' exists' if there else ' does not exist'))


def _found(function, *arguments):
    """None if what a function looks for is there, else its answer."""
    answer = function(*arguments)
    return None if answer['result'] else answer


def _place(table, chain, family):
    """None if there are this table and chain, else the answer that one of them is not."""
    return _found(check_table, table, family) or _found(check_chain, table, chain, family)


def _unsaid(*pairs):
    """The answer of the first value that is missing, of pairs (value, title), else None."""
    return next((_answer(False, _MISSING % title) for value, title in pairs if not value), None)


# ---- asking

def version():
    """The version of nft. CLI: nftables.version"""
    return tool.output(__salt__, _nft('--version')).split()[1]


def build_rule(table=None, chain=None, command=None, position='', full=None, family='ipv4', **kwargs):
    """A rule as text, under the key rule, from options by their names of iptables. full: as the whole command.

    Known are if, of, connstate, icmp-type, icmpv6-type, counter, source, destination, proto with dport, dports, sport or
    sports, jump, reject-with, to-source, to-destination and to-ports; others are passed over.
    CLI: nftables.build_rule connstate=related,established jump=accept
    """
    nft = _family(family)
    rule = nftrules.build(kwargs, nft)
    if full not in (True, 'True'):
        return _answer(True, 'Successfully built rule' if rule else '', rule=rule)
    wrong = _unsaid((table, 'Table'), (chain, 'Chain'), (command, 'Command'))
    if wrong:
        return dict(wrong, rule=rule)
    at = 'position %s ' % position if position and command == 'insert' else ''
    whole = 'nft %s rule %s %s %s %s%s' % (command, nft, table, chain, at, rule)
    return _answer(True, 'Successfully built rule', rule=whole)


def get_saved_rules(conf_file=None):
    """The lines of the file that save() writes, without comments and empty ones. CLI: nftables.get_saved_rules"""
    with open(conf_file or _file(None), 'rb') as stream:
        lines = compat.to_native(stream.read()).splitlines(True)
    return [line for line in lines if line.strip() and not line.strip().startswith('#')]


def _file(filename):
    path = filename or '/etc/nftables'
    return os.path.join(path, 'salt-all-in-one.nft') if os.path.isdir(path) else path


def _json(*words):
    """What nft tells of its objects in JSON, a list of mappings."""
    try:
        told = json.loads(tool.run(__salt__, _nft(*words))['stdout'])
        return [compat.native_tree(item) for item in told['nftables'] if isinstance(item, dict)]
    except (ValueError, KeyError, TypeError):
        return []


def list_tables(family='ipv4'):
    """The tables of a family, each a mapping. CLI: nftables.list_tables"""
    told = _json('--json', *(_NUMERIC + ['list', 'tables', _family(family)]))
    return [item['table'] for item in told if 'table' in item]


def get_rules(family='ipv4'):
    """The tables of a family as nft prints them, a list of texts. CLI: nftables.get_rules"""
    nft = _family(family)
    return [tool.output(__salt__, _nft(*(_NUMERIC + ['--', 'list', 'table', nft, table['name']])))
            for table in list_tables(family)]


def get_rules_json(family='ipv4'):
    """All objects of a family, a list of mappings. CLI: nftables.get_rules_json"""
    return _json(*(_NUMERIC + ['--json', 'list', 'ruleset', _family(family)]))


def _chain(table, chain, family):
    chains = [item['chain'] for item in get_rules_json(family) if 'chain' in item]
    return next((one for one in chains if (one.get('table'), one.get('name')) == (table, chain)), {})


def get_policy(table='filter', chain=None, family='ipv4'):
    """The policy of a chain, None of one that has none. CLI: nftables.get_policy filter input"""
    return _chain(table, chain, family).get('policy') if chain else 'Error: ' + _MISSING % 'Chain'


def check_table(table=None, family='ipv4'):
    """Is there this table? CLI: nftables.check_table nat"""
    if not table:
        return _answer(False, _MISSING % 'Table')
    nft = _family(family)
    there = nftrules.has_table(tool.output(__salt__, _nft('list', 'tables', nft)), nft, _name(table))
    return _exists(there, _about(table, family))


def check_chain(table='filter', chain=None, family='ipv4'):
    """Has a table this chain? CLI: nftables.check_chain filter input"""
    if not chain:
        return _answer(False, _MISSING % 'Chain')
    text = tool.output(__salt__, _nft('--', 'list', 'table', _family(family), _name(table)))
    return _exists(nftrules.has_chain(text, _name(chain)), _about(table, family, chain))


def check(table='filter', chain=None, rule=None, family='ipv4'):
    """Has a chain this rule? CLI: nftables.check filter input rule='tcp dport 22 log accept'"""
    wrong = _unsaid((chain, 'Chain'), (rule, 'Rule')) or _place(table, chain, family)
    return wrong or _exists(bool(_handle(table, chain, rule, family)), _about(table, family, chain, rule))


def _handle(table, chain, rule, family):
    for options in ([], _NUMERIC):                # rules may be written with names of ports, or with numbers
        argv = _nft(*(options + ['--handle', '--', 'list', 'chain', _family(family), _name(table), _name(chain)]))
        found = nftrules.handle(tool.output(__salt__, argv), rule)
        if found:
            return found
    return None


def get_rule_handle(table='filter', chain=None, rule=None, family='ipv4'):
    """The handle of a rule, under the key handle. CLI: nftables.get_rule_handle filter input rule='tcp dport 22 accept'"""
    wrong = _found(check, table, chain, rule, family)
    return wrong or {'result': True, 'handle': _handle(table, chain, rule, family)}


# ---- changing tables and chains

def new_table(table, family='ipv4'):
    """Make a table; it is well if there is one. CLI: nftables.new_table filter"""
    there = check_table(table, family)
    if there['result'] or not table:
        return there
    done = _change('add', 'table', _family(family), _name(table))
    return _answer(done, _about(table, family) + (' created' if done else ' could not be created'))


def delete_table(table, family='ipv4'):
    """Remove a table, and all that is in it. CLI: nftables.delete_table filter"""
    return _found(check_table, table, family) or _deleted(_about(table, family), 'table', family, _name(table))


def _deleted(about, kind, family, *names):
    done = _change('delete', kind, _family(family), *names)
    return _answer(done, about + (' deleted' if done else ' could not be deleted'))


def new_chain(table='filter', chain=None, table_type=None, hook=None, priority=None, family='ipv4'):
    """Make a chain; with table_type, hook and priority one that packets come to by themselves.

    CLI: nftables.new_chain filter input table_type=filter hook=input priority=0
    """
    wrong = _unsaid((chain, 'Chain')) or _found(check_table, table, family)
    if wrong:
        return wrong
    about = _about(table, family, chain)
    if check_chain(table, chain, family)['result']:
        return _answer(False, about + ' already exists')
    base = [table_type, hook, priority]
    if base != [None] * 3 and (None in base or not (table_type and hook)):
        return _answer(False, 'Table_type, hook, and priority required.')
    words = [] if base == [None] * 3 else _base(*base)
    done = _change('add', 'chain', _family(family), _name(table), _name(chain), *words)
    return _answer(done, about + (' created' if done else ' could not be created'))


def _base(kind, hook, priority, policy=None):
    values = tool.words([kind, hook, priority] + ([policy] if policy else []))
    wrong = [value for value in values if not _VALUE.match(value)]
    if wrong:
        raise CommandExecutionError('%s is no word of nftables' % wrong[0])
    words = ['{', 'type', values[0], 'hook', values[1], 'priority', values[2] + ';']
    return words + (['policy', values[3] + ';'] if policy else []) + ['}']


def delete_chain(table='filter', chain=None, family='ipv4'):
    """Remove a chain that has no rules. CLI: nftables.delete_chain filter input"""
    wrong = _unsaid((chain, 'Chain')) or _place(table, chain, family)
    return wrong or _deleted(_about(table, family, chain), 'chain', family, _name(table), _name(chain))


def set_policy(table='filter', chain=None, policy=None, family='ipv4'):
    """Set the policy of a chain, accept or drop; True if that was done. CLI: nftables.set_policy filter input accept"""
    for value, title in ((chain, 'Chain'), (policy, 'Policy')):
        if not value:
            return 'Error: ' + _MISSING % title
    there = _chain(table, chain, family)
    if 'hook' not in there:
        return False
    words = _base(there['type'], there['hook'], there['prio'], policy)
    return _change('add', 'chain', _family(family), _name(table), _name(chain), *words)


def flush(table='filter', chain='', family='ipv4'):
    """Remove all rules of a chain, or of all chains of a table. CLI: nftables.flush filter input"""
    wrong = _place(table, chain, family) if chain else _found(check_table, table, family)
    if wrong:
        return wrong
    kind, names = ('chain', [_name(table), _name(chain)]) if chain else ('table', [_name(table)])
    done = _change('flush', kind, _family(family), *names)
    of = ('chain %s in table %s' % (chain, table) if chain else 'table %s' % table) + ' in family %s.' % family
    return _answer(done, ('Flushed rules from ' if done else 'Failed to flush rules from ') + of)


def save(filename=None, family='ipv4'):
    """Write the rules of all families into a file, or salt-all-in-one.nft of a folder; what was written.

    CLI: nftables.save /etc/nftables
    """
    rules = []
    for one in ('ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'):
        rules += get_rules(one)
    text, path = '\n'.join(['#! nft -f\n'] + rules) + '\n', _file(filename)
    files.write(path, compat.to_bytes(text), mode=os.stat(path).st_mode & 0o777 if os.path.exists(path) else 0o644)
    return text


# ---- changing rules

def append(table='filter', chain=None, rule=None, family='ipv4'):
    """Add a rule to the end of a chain. CLI: nftables.append filter input rule='tcp dport 22 log accept'"""
    return _added('add', table, chain, rule, family)


def insert(table='filter', chain=None, position=None, rule=None, family='ipv4'):
    """Put a rule into a chain, before that with the handle `position`, else first.

    CLI: nftables.insert filter input position=3 rule='tcp dport 22 log accept'
    """
    return _added('insert', table, chain, rule, family, position)


def _added(command, table, chain, rule, family, position=None):
    wrong = _unsaid((chain, 'Chain'), (rule, 'Rule')) or _place(table, chain, family)
    if wrong:
        return wrong
    of = 'chain %s in table %s in family %s' % (chain, table, family)
    if check(table, chain, rule, family)['result']:
        return _answer(False, 'Rule %s %s already exists' % (rule, of))
    at = ['position', '%d' % int(position)] if position else []
    done = _change(command, 'rule', _family(family), _name(table), _name(chain), *(at + rule.split()))
    return _answer(done, '%s rule "%s" %s.' % ('Added' if done else 'Failed to add', rule, of))


def delete(table, chain=None, position=None, rule=None, family='ipv4'):
    """Remove a rule from a chain, by its handle, `position`, or its text.

    CLI: nftables.delete filter input rule='tcp dport 22 log accept'
    """
    if position and rule:
        return _answer(False, 'Only specify a position or a rule, not both')
    wrong = _place(table, chain, family)
    if wrong:
        return wrong
    handle = '%d' % int(position) if position else _handle(table, chain, rule, family) if rule else None
    of = 'chain %s in table %s in family %s' % (chain, table, family)
    if not handle:
        return _answer(False, 'Rule %s %s does not exist' % (rule, of))
    done = _change('delete', 'rule', _family(family), _name(table), _name(chain), 'handle', handle)
    about = 'rule "%s" in %s.' % (rule, of) if rule else 'rule with handle %s in %s.' % (handle, of)
    return _answer(done, ('Deleted ' if done else 'Failed to delete ') + about)
