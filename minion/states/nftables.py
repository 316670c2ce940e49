"""Rules, chains, tables and policies of nftables (nftables.*). A rule's options are arguments, as in nftables.build_rule."""
from __future__ import absolute_import, division, print_function

from minion.helpers.state_return import ensured as _ensured, returned as _returned

# what is said when nothing has to be done, before it is done, once it is done
_TABLE_MADE = ('nftables table %s already exists in family %s', 'nftables table %s would be created in family %s',
               'nftables table %s successfully created in family %s')
_TABLE_GONE = ('nftables table %s is already absent from family %s', 'nftables table %s would be deleted from family %s',
               'nftables table %s successfully deleted from family %s')
_CHAIN_MADE = ('nftables %s chain is already exist in %s table for %s',
               'nftables chain %s would be created in table %s for family %s',
               'nftables %s chain in %s table create success for %s')
_CHAIN_GONE = ('nftables %s chain is already absent in %s table for %s',
               'nftables chain %s would be deleted from table %s for %s',
               'nftables %s chain in %s table delete success for %s')


def __virtual__():
    if 'nftables.version' in __salt__:
        return True
    return False, 'nftables module could not be loaded'


def _done(name, text):
    return _returned(name, True, text, {'locale': name})


def _there(function, *arguments):
    """True if what an execution function looks for is there."""
    return __salt__['nftables.' + function](*arguments)['result'] is True


def _failure(function, text, *arguments):
    """None if an execution function did it, else a text about its arguments."""
    return None if _there(function, *arguments) else text % arguments


# ---- tables and chains

def table_present(name, family='ipv4', **kwargs):
    """A table is there.

    filter:
      nftables.table_present:
        - family: inet
    """
    return _ensured(
        name, __opts__['test'], _there('check_table', name, family), [text % (name, family) for text in _TABLE_MADE],
        lambda: _failure('new_table', 'Failed to create table %s for family %s', name, family))


def table_absent(name, family='ipv4', **kwargs):
    """A table is not there; all that is in it goes with it.

    filter:
      nftables.table_absent
    """
    return _ensured(
        name, __opts__['test'], not _there('check_table', name, family), [text % (name, family) for text in _TABLE_GONE],
        lambda: _failure('delete_table', 'Failed to delete table %s from family %s', name, family))


def chain_present(name, table='filter', table_type=None, hook=None, priority=None, family='ipv4'):
    """A chain is there; with table_type, hook and priority packets come to a new one by themselves.

    input:
      nftables.chain_present:
        - table_type: filter
        - hook: input
        - priority: 0
    """
    def make():
        said = __salt__['nftables.new_chain'](table, name, table_type=table_type, hook=hook, priority=priority, family=family)
        return None if said['result'] else 'Failed to create %s chain in %s table: %s for %s' % (
            name, table, said['comment'].strip(), family)
    return _ensured(name, __opts__['test'], _there('check_chain', table, name, family),
                    [text % (name, table, family) for text in _CHAIN_MADE], make)


def chain_absent(name, table='filter', family='ipv4'):
    """A chain is not there; its rules go with it.

    input:
      nftables.chain_absent
    """
    def remove():
        for function, verb in (('flush', 'flush'), ('delete_chain', 'delete')):
            said = __salt__['nftables.' + function](table, name, family)
            if not said['result']:
                return 'Failed to %s %s chain in %s table: %s for %s' % (verb, name, table, said['comment'], family)
        return None
    return _ensured(name, __opts__['test'], not _there('check_chain', table, name, family),
                    [text % (name, table, family) for text in _CHAIN_GONE], remove)


def flush(name, family='ipv4', ignore_absence=False, **kwargs):
    """A table, else the chain of it, has no rules, for each time that this runs.

    no rules:
      nftables.flush:
        - table: filter
        - chain: input
    """
    table, chain = kwargs.get('table', 'filter'), kwargs.get('chain', '')
    if __opts__['test']:
        return _returned(name, None, 'nftables flush not performed in test mode.')
    kind = None if _there('check_table', table, family) else 'table'
    if chain and not kind:
        kind = None if _there('check_chain', table, chain, family) else 'chain'
    if kind and not ignore_absence:
        what = 'table %s' % table if kind == 'table' else 'chain %s in table %s' % (chain, table)
        return _returned(name, False, 'Failed to flush %s in family %s, %s does not exist.' % (what, family, kind))
    text = 'Flush nftables rules in %s table %s chain %s family' % (table, chain, family)
    if kind:
        return _returned(name, True, text)
    return _done(name, text) if _there('flush', table, chain, family) else _returned(
        name, False, 'Failed to flush nftables rules')


def set_policy(name, table='filter', family='ipv4', **kwargs):
    """A chain has this policy. save: write the rules into save_filename, else the file of nftables.save.

    drop the rest:
      nftables.set_policy:
        - chain: input
        - policy: drop
    """
    chain, policy = kwargs['chain'], kwargs['policy']
    about = 'nftables default policy for chain %s on table %s for %s ' % (chain, table, family)
    if (__salt__['nftables.get_policy'](table, chain, family) or '').lower() == policy.lower():
        return _returned(name, True, about + 'already set to %s' % policy)
    if __opts__['test']:
        return _returned(name, None, about + 'needs to be set to %s' % policy)
    if not __salt__['nftables.set_policy'](table, chain, policy.lower(), family):
        return _returned(name, False, 'Failed to set nftables default policy')
    verb = 'Set'
    if kwargs.get('save'):
        __salt__['nftables.save'](kwargs.get('save_filename'), family)
        verb = 'Set and saved'
    return _done(name, '%s default policy for %s to %s family %s' % (verb, chain, policy, family))


# ---- rules

def append(name, family='ipv4', **kwargs):
    """A chain of a table has a rule, else it is added to its end. save: write all rules into the file of nftables.save.

    allow ssh:
      nftables.append:
        - table: filter
        - chain: input
        - proto: tcp
        - dport: 22
        - jump: accept
    """
    return _rule(name, family, kwargs, 'append', ' ({rule}) for {family}')


def insert(name, family='ipv4', **kwargs):
    """A chain of a table has a rule, else it is put before that with the handle `position`, or first.

    allow ssh first:
      nftables.insert:
        - table: filter
        - chain: input
        - proto: tcp
        - dport: 22
        - jump: accept
    """
    return _rule(name, family, kwargs, 'insert', ' for {family} ({rule})')


def _built(family, options):
    return __salt__['nftables.build_rule'](family=family, **options)['rule']


def _saved(options, family):
    """True if the rules were to be saved, which was done."""
    if options.get('save'):
        __salt__['nftables.save'](None, family)
    return bool(options.get('save'))


def _rule(name, family, options, verb, form):
    table, chain, rule = options['table'], options['chain'], _built(family, options)
    about = form.format(rule=rule, family=family)
    if _there('check', table, chain, rule, family):
        return _returned(name, True, 'nftables rule for %s already set%s' % (name, about))
    if __opts__['test']:
        return _returned(name, None, 'nftables rule for %s needs to be set%s' % (name, about))
    position = {'position': options.get('position')} if verb == 'insert' else {}
    said = __salt__['nftables.' + verb](table, chain, rule=rule, family=family, **position)
    if not said['result']:
        text = 'Failed to set nftables rule for %s.\nAttempted rule was %s' % (name, rule)
        return _returned(name, False, text + (' for %s.\n%s' % (family, said['comment']) if verb == 'append' else ''))
    done = 'Set and Saved' if _saved(options, family) else 'Set'
    return _done(name, '%s nftables rule for %s to: %s for %s' % (done, name, rule, family))


def delete(name, family='ipv4', **kwargs):
    """A chain of a table does not have a rule, told by its options or, as `position`, by its handle.

    no telnet:
      nftables.delete:
        - table: filter
        - chain: input
        - proto: tcp
        - dport: 23
        - jump: accept
    """
    table, chain, position = kwargs['table'], kwargs['chain'], kwargs.get('position')
    rule = '' if position else _built(family, kwargs)
    there = _has_handle(table, chain, position, family) if position else _there('check', table, chain, rule, family)
    if not there:
        return _returned(name, True, 'nftables rule for %s already absent for %s (%s)' % (name, family, rule))
    if __opts__['test']:
        return _returned(name, None, 'nftables rule for %s needs to be deleted for %s (%s)' % (name, family, rule))
    told = {'position': position} if position else {'rule': rule}
    if not __salt__['nftables.delete'](table, chain, family=family, **told)['result']:
        return _returned(name, False, 'Failed to delete nftables rule for %s.\nAttempted rule was %s' % (
            name, rule or position))
    if _saved(kwargs, family):
        return _done(name, 'Deleted and Saved nftables rule for %s for %s%s' % (name, rule or position, family))
    return _done(name, 'Delete nftables rule for %s %s' % (name, rule or position))


def _has_handle(table, chain, handle, family):
    rules = [item['rule'] for item in __salt__['nftables.get_rules_json'](family) if 'rule' in item]
    return any((one.get('table'), one.get('chain'), '%s' % one.get('handle')) == (table, chain, '%s' % handle) for one in rules)
