"""Packet filter rules of Linux, through iptables and ip6tables (iptables.*). family: ipv4, or ipv6 for ip6tables."""
from __future__ import absolute_import, division, print_function

import os
import re
import shlex
import threading

from minion import compat, files
from minion.helpers import environment, iptablesrule, tool

_FILES = {'RedHat': '/etc/sysconfig/%stables', 'Arch': '/etc/iptables/%stables.rules',
          'Gentoo': '/var/lib/%stables/rules-save', 'Suse': '/etc/sysconfig/scripts/SuSEfirewall2-custom',
          'Void': '/etc/iptables/%stables.rules'}
_NO_CHAIN, _NO_RULE = 'Error: Chain needs to be specified', 'Error: Rule needs to be specified'


def __virtual__():
    if environment.which('iptables'):
        return True
    return False, 'The iptables execution module cannot be loaded: iptables not installed.'


def _program(family):
    return environment.which('ip6tables' if family == 'ipv6' else 'iptables')


def _save_program(family):
    return environment.which('ip6tables-save' if family == 'ipv6' else 'iptables-save')


def _file(family):
    """Where the distribution keeps the rules over a start."""
    os_family = __grains__.get('os_family')
    if os_family in _FILES:
        return _FILES[os_family].replace('%s', 'ip6' if family == 'ipv6' else 'ip')
    return '/etc/iptables/rules.v6' if family == 'ipv6' else '/etc/iptables/rules.v4'


def _has_option(option, family):
    return option in tool.run(__salt__, [_program(family), '--help'])['stdout']


def _wait(family):
    return '--wait' if _has_option('--wait', family) else ''


def _run(text):
    """What a command answers whose rule may have words in quotation marks."""
    return tool.run(__salt__, [compat.to_native(word) for word in shlex.split(compat.to_native(text))])


def _change(table, rest, family):
    return _run('%s %s -t %s %s' % (_program(family), _wait(family), table, rest))


# ---- asking

def version(family='ipv4'):
    """The version of iptables. CLI: iptables.version"""
    return tool.output(__salt__, [_program(family), '--version']).split()[1]


def build_rule(table='filter', chain=None, command=None, position='', full=None, family='ipv4', **kwargs):
    """A rule as text, from options of iptables by name. full: as the whole command, with table, chain, command, position.

    `connstate` is the option --state, `if` and `of` the interfaces; !VALUE or `not VALUE` turns an option; an option
    without a value has an empty one. CLI: iptables.build_rule match=state connstate=RELATED,ESTABLISHED jump=ACCEPT
    """
    try:
        rule = iptablesrule.build(kwargs)
    except iptablesrule.NoProtocol:
        return 'Error: protocol must be specified'
    if not full:
        return rule
    for value, title in ((table, 'Table'), (chain, 'Chain'), (command, 'Command')):
        if not value:
            return 'Error: %s needs to be specified' % title
    dashes = '-' if len(command) == 1 else '--'
    return '%s %s -t %s %s%s %s %s %s' % (_program(family), _wait(family), table, dashes, command, chain, position, rule)


def get_saved_rules(conf_file=None, family='ipv4'):
    """Mapping of tables, chains and rules in the file that a start reads. CLI: iptables.get_saved_rules"""
    with open(conf_file or _file(family), 'rb') as stream:
        return iptablesrule.parse(compat.to_native(stream.read()))


def get_rules(family='ipv4'):
    """Mapping of the tables, chains and rules that are in force. CLI: iptables.get_rules"""
    return iptablesrule.parse(tool.output(__salt__, [_save_program(family)]))


def get_saved_policy(table='filter', chain=None, conf_file=None, family='ipv4'):
    """The policy of a chain in the file that a start reads. CLI: iptables.get_saved_policy filter INPUT"""
    return _policy(get_saved_rules(conf_file, family), table, chain) if chain else _NO_CHAIN


def get_policy(table='filter', chain=None, family='ipv4'):
    """The policy of a chain. CLI: iptables.get_policy filter INPUT"""
    return _policy(get_rules(family), table, chain) if chain else _NO_CHAIN


def _policy(tables, table, chain):
    return tables.get(table, {}).get(chain, {}).get('policy')


def check(table='filter', chain=None, rule=None, family='ipv4'):
    """True if a chain has this rule. CLI: iptables.check filter INPUT rule='-p tcp --dport 22 -j ACCEPT'"""
    if not chain:
        return _NO_CHAIN
    if not rule:
        return _NO_RULE
    if _has_option('--check', family):
        return not _run('%s -t %s -C %s %s' % (_program(family), table, chain, rule))['retcode']
    return _is_in(table, chain, rule, family)


def _is_in(table, chain, rule, family):
    """For programs that cannot tell (before 1.4.11): a chain that lives shortly shows how iptables writes the rule."""
    begin = '%s -t %s' % (_program(family), table)
    trial = 'minion%x%x' % (os.getpid(), threading.current_thread().ident % 4096)
    _run('%s -N %s' % (begin, trial))
    try:
        _run('%s -A %s %s' % (begin, trial, rule))
        lines = _of_table(tool.output(__salt__, [_save_program(family)]), table)
    finally:
        _run('%s -F %s' % (begin, trial))
        _run('%s -X %s' % (begin, trial))
    written = [line for line in lines if line.startswith('-A %s ' % trial)]
    return any(line.replace(trial, chain, 1) in lines for line in written)


def _of_table(text, table):
    found = re.search(r'(?ms)^\*%s$(.*?)^COMMIT' % re.escape(table or 'filter'), text)
    return [line.rstrip() for line in found.group(1).splitlines()] if found else []


def check_chain(table='filter', chain=None, family='ipv4'):
    """True if a table has this chain. CLI: iptables.check_chain filter INPUT"""
    if not chain:
        return _NO_CHAIN
    text = _run('%s -t %s' % (_save_program(family), table))['stdout']
    return any(line.split()[0] == ':%s' % chain for line in text.splitlines() if line.startswith(':'))


# ---- changing

def set_policy(table='filter', chain=None, policy=None, family='ipv4'):
    """Set the policy of a chain; what iptables complains of. CLI: iptables.set_policy filter INPUT ACCEPT"""
    if not chain:
        return _NO_CHAIN
    if not policy:
        return 'Error: Policy needs to be specified'
    return _change(table, '-P %s %s' % (chain, policy), family)['stderr']


def save(filename=None, family='ipv4'):
    """Write the rules in force into the file that a start reads, or into this one. CLI: iptables.save /root/rules"""
    path = filename or _file(family)
    text = tool.run(__salt__, [_save_program(family)])['stdout']
    files.write(path, compat.to_bytes(text + '\n'), mode=_mode(path), make_folder=True)
    return 'Wrote 1 lines to "%s"' % path


def _mode(path):
    return os.stat(path).st_mode & 0o777 if os.path.exists(path) else 0o644


def new_chain(table='filter', chain=None, family='ipv4'):
    """Make a chain; True, or what iptables complains of. CLI: iptables.new_chain filter CUSTOM_CHAIN"""
    return (_change(table, '-N %s' % chain, family)['stderr'] or True) if chain else _NO_CHAIN


def delete_chain(table='filter', chain=None, family='ipv4'):
    """Remove a chain; True, or what iptables complains of. CLI: iptables.delete_chain filter CUSTOM_CHAIN"""
    return (_change(table, '-X %s' % chain, family)['stderr'] or True) if chain else _NO_CHAIN


def append(table='filter', chain=None, rule=None, family='ipv4'):
    """Add a rule to the end of a chain; True if that was done. CLI: iptables.append filter INPUT rule='-i lo -j ACCEPT'"""
    if not chain:
        return _NO_CHAIN
    if not rule:
        return _NO_RULE
    wait = _wait(family)
    if check(table, chain, rule, family) is True:
        return False
    return not _run('%s %s -t %s -A %s %s' % (_program(family), wait, table, chain, rule))['stderr']


def insert(table='filter', chain=None, position=None, rule=None, family='ipv4'):
    """Put a rule into a chain at a position, from 1, or counted from the end; what iptables complains of.

    False if the chain has the rule. CLI: iptables.insert filter INPUT position=3 rule='-i lo -j ACCEPT'
    """
    if not chain:
        return _NO_CHAIN
    if not position:
        return 'Error: Position needs to be specified or use append (-A)'
    if not rule:
        return _NO_RULE
    if compat.is_text(position):
        raise TypeError("'<' not supported between instances of 'str' and 'int'")
    if position < 0:
        position += len(get_rules(family)[table][chain]['rules']) + 1
        position = position or 1
    wait = _wait(family)
    if check(table, chain, rule, family) is True:
        return False
    command = '%s %s -t %s -I %s %s %s' % (_program(family), wait, table, chain, position, rule)
    return _run(command)['stderr']


def delete(table, chain=None, position=None, rule=None, family='ipv4'):
    """Remove a rule from a chain, by its position or its text; what iptables complains of.

    CLI: iptables.delete filter INPUT position=3
    """
    if position and rule:
        return 'Error: Only specify a position or a rule, not both'
    return _change(table, '-D %s %s' % (chain, rule or position or None), family)['stderr']


def flush(table='filter', chain='', family='ipv4'):
    """Remove all rules of a chain, or of all chains of a table; what iptables complains of. CLI: iptables.flush filter INPUT"""
    return _change(table, '-F %s' % (chain,), family)['stderr']
