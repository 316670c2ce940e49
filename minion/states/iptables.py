"""Rules, chains and policies of the packet filter (iptables.*). A rule's options are arguments, as in iptables.build_rule."""
from __future__ import absolute_import, division, print_function

from minion.helpers import state_iptables
from minion.helpers.state_return import returned as _returned


def __virtual__():
    if 'iptables.version' in __salt__:
        return True
    return False, 'iptables module could not be loaded'


def chain_present(name, table='filter', family='ipv4'):
    """A chain is there.

    logdrop:
      iptables.chain_present
    """
    if __salt__['iptables.check_chain'](table, name, family) is True:
        return _returned(name, True, 'iptables %s chain is already exist in %s table for %s' % (name, table, family))
    if __opts__['test']:
        return _returned(name, None, 'iptables %s chain in %s table needs to be set for %s' % (name, table, family))
    said = __salt__['iptables.new_chain'](table, name, family)
    if said is not True:
        return _returned(name, False, 'Failed to create %s chain in %s table: %s for %s' % (name, table, said, family))
    text = 'iptables %s chain in %s table create success for %s' % (name, table, family)
    return _returned(name, True, text, {'locale': name})


def chain_absent(name, table='filter', family='ipv4'):
    """A chain is not there; its rules go with it.

    logdrop:
      iptables.chain_absent
    """
    if not __salt__['iptables.check_chain'](table, name, family):
        return _returned(name, True, 'iptables %s chain is already absent in %s table for %s' % (name, table, family))
    if __opts__['test']:
        return _returned(name, None, 'iptables %s chain in %s table needs to be removed %s' % (name, table, family))
    said = __salt__['iptables.flush'](table, name, family)
    if said:
        return _returned(name, False, 'Failed to flush %s chain in %s table: %s for %s' % (name, table, said, family))
    said = __salt__['iptables.delete_chain'](table, name, family)
    if said is not True:
        return _returned(name, False, 'Failed to delete %s chain in %s table: %s for %s' % (name, table, said, family))
    text = 'iptables %s chain in %s table delete success for %s' % (name, table, family)
    return _returned(name, True, text, {'locale': name})


def append(name, table='filter', family='ipv4', **kwargs):
    """A chain has a rule, else it is added to its end. save: keep it over a start, in the file of the distribution or this one.

    allow ssh:
      iptables.append:
        - chain: INPUT
        - proto: tcp
        - dport: 22
        - jump: ACCEPT
        - save: True
    """
    if 'rules' in kwargs:
        return _each(append, name, kwargs['rules'], family)
    rule, command = _rule(table, family, 'A', kwargs)
    if __salt__['iptables.check'](table, kwargs['chain'], rule, family) is True:
        text = 'iptables rule for %s already set (%s) for %s' % (name, command, family)
        return _returned(name, True, text + _save_again(name, command, family, kwargs))
    if __opts__['test']:
        return _returned(name, None, 'iptables rule for %s needs to be set (%s) for %s' % (name, command, family))
    if not __salt__['iptables.append'](table, kwargs['chain'], rule, family):
        text = 'Failed to set iptables rule for %s.\nAttempted rule was %s for %s' % (name, command, family)
        return _returned(name, False, text)
    return _returned(name, True, _set(name, command, family, kwargs), {'locale': name})


def insert(name, table='filter', family='ipv4', **kwargs):
    """A chain has a rule, else it is put in at a position, from 1, or from the end with a number below 0.

    allow ssh first:
      iptables.insert:
        - position: 1
        - chain: INPUT
        - proto: tcp
        - dport: 22
        - jump: ACCEPT
    """
    if 'rules' in kwargs:
        return _each(insert, name, kwargs['rules'], family)
    rule, command = _rule(table, family, 'I', kwargs)
    if __salt__['iptables.check'](table, kwargs['chain'], rule, family) is True:
        text = 'iptables rule for %s already set for %s (%s)' % (name, family, command)
        return _returned(name, True, text + _save_again(name, command, family, kwargs))
    if __opts__['test']:
        return _returned(name, None, 'iptables rule for %s needs to be set for %s (%s)' % (name, family, command))
    if __salt__['iptables.insert'](table, kwargs['chain'], kwargs['position'], rule, family):
        text = 'Failed to set iptables rule for %s.\nAttempted rule was %s' % (name, command)
        return _returned(name, False, text)
    return _returned(name, True, _set(name, command, family, kwargs), {'locale': name})


def delete(name, table='filter', family='ipv4', **kwargs):
    """A chain does not have a rule, told by its options, or by its position.

    no telnet:
      iptables.delete:
        - chain: INPUT
        - proto: tcp
        - dport: 23
        - jump: ACCEPT
    """
    if 'rules' in kwargs:
        return _each(delete, name, kwargs['rules'], family)
    rule, command = _rule(table, family, 'D', kwargs)
    position = kwargs.get('position')
    if 'position' not in kwargs and __salt__['iptables.check'](table, kwargs['chain'], rule, family) is not True:
        return _returned(name, True, 'iptables rule for %s already absent for %s (%s)' % (name, family, command))
    if __opts__['test']:
        return _returned(name, None, 'iptables rule for %s needs to be deleted for %s (%s)' % (name, family, command))
    named = {'position': position} if 'position' in kwargs else {'rule': rule}
    if __salt__['iptables.delete'](table, kwargs['chain'], family=family, **named):
        return _returned(name, False, 'Failed to delete iptables rule for %s.\nAttempted rule was %s' % (name, command))
    text = 'Delete iptables rule for %s %s' % (name, command)
    if kwargs.get('save'):
        text = 'Deleted and saved iptables rule %s for %s\n%s\n%s' % (name, family, command, _save(kwargs['save'], family))
    return _returned(name, True, text, {'locale': name})


def set_policy(name, table='filter', family='ipv4', **kwargs):
    """A chain has this policy.

    drop the rest:
      iptables.set_policy:
        - chain: INPUT
        - policy: DROP
    """
    chain = kwargs['chain']
    current, policy = __salt__['iptables.get_policy'](table, chain, family), kwargs['policy']
    about = 'iptables default policy for chain %s on table %s for %s ' % (chain, table, family)
    if current == policy:
        return _returned(name, True, about + 'already set to %s' % policy)
    if __opts__['test']:
        return _returned(name, None, about + 'needs to be set to %s' % policy)
    if __salt__['iptables.set_policy'](table, chain, policy, family):
        return _returned(name, False, 'Failed to set iptables default policy')
    done = 'Set'
    if kwargs.get('save'):
        _save(kwargs['save'], family)
        done = 'Set and saved'
    text = '%s default policy for %s to %s family %s' % (done, chain, policy, family)
    return _returned(name, True, text, {'locale': name})


def flush(name, table='filter', family='ipv4', **kwargs):
    """A chain, or every chain of a table, has no rules.

    no rules at all:
      iptables.flush:
        - table: nat
    """
    chain = kwargs.get('chain', '')
    if __opts__['test']:
        text = 'iptables rules in %s table %s chain %s family needs to be flushed' % (name, table, family)
        return _returned(name, None, text)
    if __salt__['iptables.flush'](table, chain, family):
        return _returned(name, False, 'Failed to flush iptables rules')
    text = 'Flush iptables rules in %s table %s chain %s family' % (table, chain, family)
    return _returned(name, True, text, {'locale': name})


def mod_aggregate(low, chunks, running):
    """Every rule stays with its own state, also under `state_aggregate`: rules that were moved together would change places."""
    return low


# ---- what the functions share

def _rule(table, family, command, options):
    options = _without(options, 'family', 'table', 'command', 'full', 'aggregate')
    rule = __salt__['iptables.build_rule'](family=family, **options)
    whole = __salt__['iptables.build_rule'](full='True', family=family, table=table, command=command, **options)
    return rule, whole.strip()


def _without(options, *names):
    return dict((name, options[name]) for name in options if name not in names)


def _save(wanted, family):
    """Save into the file that `save` names, True for that of the distribution; what iptables.save says."""
    return __salt__['iptables.save'](None if wanted is True else wanted, family=family)


def _set(name, command, family, options):
    if options.get('save'):
        said = _save(options['save'], family)
        return 'Set and saved iptables rule %s for %s\n%s\n%s' % (name, family, command, said)
    return 'Set iptables rule for %s to: %s for %s' % (name, command, family)


def _save_again(name, command, family, options):
    """Save where the rules that were saved last are others; what to say of it."""
    wanted = options.get('save')
    if not wanted or __opts__['test']:
        return ''
    try:
        saved = __salt__['iptables.get_saved_rules'](None if wanted is True else wanted, family)
    except (IOError, OSError):                    # nothing was saved yet
        saved = None
    if saved is not None and state_iptables.rules(saved) == state_iptables.rules(__salt__['iptables.get_rules'](family)):
        return ''
    return '\nSaved iptables rule %s for %s\n%s\n%s' % (name, family, command, _save(wanted, family))


def _each(function, name, rules, family):
    """The outcome of several rules as one; they are saved once, after the last."""
    outcomes, wanted = [], None
    for options in rules:
        options = _without(options, 'rules', '__agg__')
        wanted = options.pop('save', None) or wanted
        outcomes.append(function(**options))
    if wanted and not __opts__['test']:
        _save(wanted, family)
    return state_iptables.together(name, outcomes)
