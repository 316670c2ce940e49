"""Facts about this host, and those that administrators add; what is set lies in CONFIG_DIR/grains."""
from __future__ import absolute_import, division, print_function

import contextlib
import copy

from minion import compat
from minion.errors import CommandExecutionError, SaltException
from minion.helpers import lookup, staticgrains, traverse

__outputter__ = {'item': 'nested', 'items': 'nested', 'setval': 'nested'}

_STANDS_FOR = {'id': 'MINION.DOMAINNAME', 'fqdn': 'MINION.DOMAINNAME', 'domain': 'DOMAINNAME', 'host': 'MINION',
               'localhost': 'MINION', 'nodename': 'MINION'}


# ---- reading

def get(key, default='', delimiter=':', ordered=True):
    """The grain `key`, nested keys and list indexes joined by `delimiter`, or `default`.

    `ordered` is taken for the sake of older callers and changes nothing. CLI: salt '*' grains.get ip4_interfaces:lo:0
    """
    return traverse.get(__grains__, key, default, delimiter)


fetch = get


def has_value(key):
    """True if there is a grain `key`, nested keys joined by colons. CLI: salt '*' grains.has_value os"""
    return traverse.get(__grains__, key, traverse.MISSING) is not traverse.MISSING


def equals(key, value):
    """True if the grain `key` shows as the same text as `value`. CLI: salt '*' grains.equals os Debian"""
    return compat.shown(value) == compat.shown(get(key))


def item(*args, **kwargs):
    """Mapping of the named grains; those that are not there have the value `default`, or ''.

    Further keywords: delimiter (colon), sanitize (as of grains.items). CLI: salt '*' grains.item os osrelease
    """
    default, delimiter = kwargs.get('default', ''), kwargs.get('delimiter', ':')
    found = dict((name, traverse.get(__grains__, name, default, delimiter)) for name in args)
    return _sanitized(found) if _is_true(kwargs.get('sanitize')) else found


def items(sanitize=False):
    """Mapping of all grains; with `sanitize` names and serial numbers are made unrecognisable.

    CLI: salt '*' grains.items
    """
    return _sanitized(dict(__grains__)) if _is_true(sanitize) else dict(__grains__)


def ls():
    """Sorted names of all grains. CLI: salt '*' grains.ls"""
    return sorted(__grains__, key=compat.shown)


def _sanitized(grains):
    for name in grains:
        grains[name] = _STANDS_FOR.get(name, grains[name])
    if 'serialnumber' in grains:
        serial = compat.shown(grains['serialnumber'])
        kept = len(serial) * 3 // 4
        grains['serialnumber'] = serial[:kept] + 'X' * (len(serial) - kept)
    return grains


def _is_true(value):
    """What a command line means by true: numbers above zero, `true` in any case, anything else that is not empty."""
    try:
        return float(value) > 0
    except (TypeError, ValueError):
        return value.lower() == 'true' if compat.is_text(value) else bool(value)


def filter_by(lookup_dict, grain='os_family', merge=None, default='default', base=None):
    """The value in the mapping `lookup_dict` whose key, a glob, fits the grain `grain`.

    Without one that of the key `default`, or None. A list of grains fits by its first item that does. The value of the
    key `base` is put under what was found, the mapping `merge` over it.

    CLI: salt '*' grains.filter_by '{Debian: apache2, RedHat: httpd, default: web}'
    """
    return lookup.filter_by(lookup_dict, grain, __grains__, merge, default, base)


# ---- writing

def setvals(grains, destructive=False, refresh_pillar=True):
    """Set several grains, given as a mapping, in CONFIG_DIR/grains and return them; nested keys are not split.

    With `destructive` a grain that is to be None is removed. CLI: salt '*' grains.setvals '{role: web, dc: 2}'
    """
    if not isinstance(grains, compat.Mapping):
        raise SaltException('setvals grains must be a dictionary.')
    with _changing(refresh_pillar) as change:
        return change.write(grains, destructive)


def setval(key, val, destructive=False, refresh_pillar=True):
    """Set one grain, as grains.setvals does. CLI: salt '*' grains.setval role web"""
    return setvals({key: val}, destructive, refresh_pillar)


def append(key, val, convert=False, delimiter=':'):
    """Append `val`, or each item of a list, to the list in the grain `key`, and return the grain as it is then.

    A list that is not there is made; with `convert` a value that is no list becomes the first item of one.
    CLI: salt '*' grains.append roles web
    """
    with _changing() as change:
        values = traverse.get(change.tree, key, [], delimiter)
        if convert and not isinstance(values, list):
            values = [] if values is None else [values]
        if not isinstance(values, list):
            return 'The key %s is not a valid list' % key
        if val in values:
            return 'The val %s was already in the list %s' % (_shown(val), key)
        values.extend(val if isinstance(val, list) else [val])
        return change.write_list(key, values, delimiter)


def remove(key, val, delimiter=':'):
    """Remove `val` from the list in the grain `key`, and return the grain as it is then.

    CLI: salt '*' grains.remove roles web
    """
    with _changing() as change:
        values = traverse.get(change.tree, key, [], delimiter)
        if not isinstance(values, list):
            return 'The key %s is not a valid list' % key
        if val not in values:
            return 'The val %s was not in the list %s' % (_shown(val), key)
        values.remove(val)
        return change.write_list(key, values, delimiter)


def delkey(key, force=False):
    """Remove the grain `key`; one that is a list or mapping with `force` only. See grains.set.

    CLI: salt '*' grains.delkey role
    """
    return delval(key, True, force)


def delval(key, destructive=False, force=False):
    """Set the grain `key` to None, or remove it with `destructive`. See grains.set. CLI: salt '*' grains.delval role"""
    return set(key, None, force, destructive)


def set(key, val='', force=False, destructive=False, delimiter=':'):
    """Set a grain, also one inside others: the keys are joined by `delimiter`.

    A list or mapping is neither replaced nor put in the place of something else, unless `force` is given. With
    `destructive` the value None removes the key. Returns {'result': bool, 'comment': text, 'changes': mapping}.
    CLI: salt '*' grains.set apps:web:port 8080
    """
    with _changing() as change:
        old = traverse.get(change.tree, key, traverse.MISSING, delimiter)
        if old is not traverse.MISSING and old == val and not (val is None and destructive):
            return _outcome('Grain is already set', True)
        refusal = None if force or old is None else _refusal(key, old, val)
        if refusal is None:
            key, val, refusal = _nested(change.tree, key, val, force, destructive, delimiter)
        if refusal is not None:
            return _outcome(refusal, False)
        changes = change.write({key: val}, destructive)
        return _outcome('', True, changes) if isinstance(changes, dict) else _outcome(changes, False)


def _outcome(comment, result, changes=None):
    return {'comment': comment, 'changes': changes or {}, 'result': result}


def _refusal(key, old, new):
    """Why `old` (MISSING: nothing) is not replaced by `new`, or None."""
    if isinstance(old, (dict, list)):
        return "The key '%s' exists but is a dict or a list. Use 'force=True' to overwrite." % key
    if old is not traverse.MISSING and isinstance(new, (dict, list)):
        return "The key '%s' exists and the given value is a dict or a list. Use 'force=True' to overwrite." % key
    return None


def _nested(tree, key, value, force, destructive, delimiter):
    """(top key, its new value, why not): puts `value` into its parents, from the inside outwards."""
    while delimiter in key:
        key, last = key.rsplit(delimiter, 1)
        parent = traverse.get(tree, key, {}, delimiter)
        if isinstance(parent, dict):
            if value is None and destructive:
                parent.pop(last, None)
            else:
                parent[last] = value
        elif isinstance(parent, list):
            _put_into_list(parent, last, value)
        elif parent == last or force:
            parent = {last: value}
        else:
            return key, value, ("The key '%s' value is '%s', which is different from the provided key '%s'. "
                                "Use 'force=True' to overwrite." % (key, _shown(parent), last))
        value = parent
    return key, value, None


def _put_into_list(items, key, value):
    """Set `key` in the mappings of a list that have it, turn items equal to it into such mappings, or add one."""
    found = False
    for at, entry in enumerate(items):
        if entry == key:
            items[at], found = {key: value}, True
        elif isinstance(entry, dict) and key in entry:
            entry[key], found = value, True
    if not found:
        items.append({key: value})


def _shown(value):
    return compat.to_native(compat.shown(value))


# ---- the file

class _Change(object):
    """One change of CONFIG_DIR/grains: `tree` is a copy of all grains to work on, write() keeps what is new."""

    def __init__(self, path):
        self.tree, self.written = copy.deepcopy(dict(__grains__)), False
        self._path = path

    def write(self, new, destructive=False):
        """Write grains and have the minion collect all of them anew; they are returned, or a text that says why not.

        :raises CommandExecutionError: the file cannot be written.
        """
        try:
            grains = staticgrains.read(self._path)
        except ValueError as exc:                 # it is somebody's file: not overwritten
            return 'Unable to read existing grains file: %s' % exc
        _lay_over(grains, new, destructive)
        staticgrains.write(self._path, grains)
        self.written = True
        if __minion__ is None:                    # a call without a running minion
            _lay_over(__grains__, new, destructive)
        else:
            __minion__.refresh('grains')
        return new

    def write_list(self, key, values, delimiter):
        """Put a list into the parents of `key` in the tree and write the outermost."""
        while delimiter in key:
            key, last = key.rsplit(delimiter, 1)
            parent = traverse.get(self.tree, key, {}, delimiter)
            if isinstance(parent, dict):
                parent[last] = values
            values = parent
        return self.write({key: values})


def _lay_over(grains, new, destructive):
    for key in new:
        if new[key] is None and destructive:
            grains.pop(key, None)
        else:
            grains[key] = new[key]


@contextlib.contextmanager
def _changing(refresh_pillar=True):
    """A _Change, while no other job and no other process changes the file; the pillar follows what was written."""
    path = staticgrains.path(__opts__)
    if path is None:
        raise CommandExecutionError('conf_file: not set, so that there is no folder for the file `grains`')
    with staticgrains.locked(path):
        change = _Change(path)
        yield change
    if change.written and refresh_pillar and __minion__ is not None:
        __minion__.refresh('pillar')
