"""Sets of ipset and their entries (ipset.*)."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers.state_return import ensured as _ensured, returned as _returned

_MADE = ('ipset set %s already exists for %s', 'ipset set %s would be added for %s', 'ipset set %s created successfully for %s')
_REMOVED = ('ipset set %s for %s is already absent', 'ipset set %s for %s would be removed',
            'ipset set %s deleted successfully for family %s')


def __virtual__():
    if 'ipset.version' in __salt__:
        return True
    return False, 'ipset module could not be loaded'


def set_present(name, set_type, family='ipv4', **kwargs):
    """A set is there, whatever its type; else it is made. Other arguments are options of the type; comment: True or False.

    blocked:
      ipset.set_present:
        - set_type: hash:net
        - timeout: 3600
        - comment: True
    """
    def make():
        said = __salt__['ipset.new_set'](name, set_type, family, **kwargs)
        return None if said is True else 'Failed to create set %s for %s: %s' % (name, family, said.strip())
    there = __salt__['ipset.check_set'](name) is True
    return _ensured(name, __opts__['test'], there, [text % (name, family) for text in _MADE], make)


def set_absent(name, family='ipv4', **kwargs):
    """A set is not there; its entries go with it.

    blocked:
      ipset.set_absent
    """
    def remove():
        if not __salt__['ipset.flush'](name, family):
            return 'Failed to flush set %s for %s' % (name, family)
        said = __salt__['ipset.delete_set'](name, family)
        return None if said is True else 'Failed to delete set %s for %s: %s' % (name, family, said.strip())
    gone = not __salt__['ipset.check_set'](name, family)
    return _ensured(name, __opts__['test'], gone, [text % (name, family) for text in _REMOVED], remove)


def flush(name, family='ipv4', **kwargs):
    """A set has no entries, for each time that this runs.

    blocked:
      ipset.flush
    """
    if __salt__['ipset.check_set'](name) is False:
        return _returned(name, False, 'ipset set %s does not exist for %s' % (name, family))
    if __opts__['test']:
        return _returned(name, None, 'ipset entries in set %s for %s would be flushed' % (name, family))
    if not __salt__['ipset.flush'](name, family):
        return _returned(name, False, 'Failed to flush ipset entries from set %s for %s' % (name, family))
    return _returned(name, True, 'Flushed ipset entries from set %s for %s' % (name, family), {'locale': name})


def present(name, entry=None, family='ipv4', **kwargs):
    """A set, set_name, has an entry, or a list of them. timeout, comment and other options hold for all that have none.

    blocked hosts:
      ipset.present:
        - set_name: blocked
        - entry: [192.0.2.3, 198.51.100.0/24]
        - comment: scanners
    """
    return _each(name, entry, family, kwargs, _add)


def absent(name, entry=None, entries=None, family='ipv4', **kwargs):
    """A set, set_name, does not have an entry, or a list of them.

    blocked hosts:
      ipset.absent:
        - set_name: blocked
        - entry: [192.0.2.3, 198.51.100.0/24]
    """
    return _each(name, entry, family, kwargs, _remove)


def _each(name, entry, family, options, function):
    """One return of all entries: function(base, whole, family, options) -> (result, comment) of one; True: it was changed."""
    if not entry:
        return _returned(name, False, 'ipset entry must be specified')
    results, comments, changed = [], '', False
    for one in entry if isinstance(entry, list) else [entry]:
        base, whole = _whole(one, options)
        result, comment = function(base, whole, family, options)
        changed = changed or result is True
        results.append(result)
        comments += ('\n' if comments and not comments.endswith('\n') else '') + comment
    result = False if False in results else None if None in results else True
    return _returned(name, result, comments, {'locale': name} if changed else {})


def _whole(entry, options):
    """(what it is, this with its options) of an entry; options of the state come to those that it has itself."""
    base, _, own = (entry if compat.is_text(entry) else compat.to_native(compat.shown(entry))).partition(' ')
    if 'timeout' in options and 'timeout' not in own:
        own = 'timeout %s %s' % (options['timeout'], own)
    if 'comment' in options and 'comment' not in own:
        own = '%s comment %s' % (own, options['comment'])
    return base, ('%s %s' % (base, own.lstrip())).strip()


_THERE = 'there'                                  # the result of an entry that is as it should be


def _add(base, whole, family, options):
    target = options['set_name']
    if __salt__['ipset.check'](target, whole, family) is True:
        return _THERE, 'entry for %s already in set %s for %s\n' % (base, target, family)
    if __opts__['test']:
        return None, 'entry %s would be added to set %s for family %s\n' % (base, target, family)
    said = __salt__['ipset.add'](target, whole, family, **options)
    if 'Error' in said:
        return False, 'Failed to add to entry %s to set %s for family %s.\n%s' % (whole, target, family, said)
    return True, 'entry %s added to set %s for family %s\n' % (whole, target, family)


def _remove(base, whole, family, options):
    target = options['set_name']
    if __salt__['ipset.check'](target, whole, family) is not True:
        return _THERE, 'ipset entry for %s not present in set %s for %s\n' % (whole, target, family)
    if __opts__['test']:
        return None, 'ipset entry %s would be removed from set %s for %s\n' % (base, target, family)
    said = __salt__['ipset.delete'](target, base, family, **options)
    if 'Error' in said:
        return False, 'Failed to delete ipset entry from set %s for %s. Attempted entry was %s.\n%s\n' % (
            target, family, whole, said)
    return True, 'ipset entry %s removed from set %s for %s\n' % (whole, target, family)
