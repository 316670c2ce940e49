"""`salt.utils.data`: mappings, lists, truth."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import lookup, traverse
from salt.utils.stringutils import to_bytes, to_str, to_unicode


def traverse_dict(data, key, default=None, delimiter=':'):
    """The value at `a:b` in nested mappings."""
    found = data
    for part in key.split(delimiter):
        try:
            found = found[part]
        except (KeyError, IndexError, TypeError):    # the way ends here
            return default
    return found


def traverse_dict_and_list(data, key, default=None, delimiter=':'):
    """The value at `a:0:b` in nested mappings and lists."""
    return traverse.get(data, key, default, delimiter)


def is_true(value=None):
    """Is it a true value, or a text that says so?"""
    if isinstance(value, (compat.text_type, bytes)):
        return to_str(value).strip().lower() == 'true'
    return bool(value)


def is_list(value):
    """Is it a list?"""
    return isinstance(value, list)


def is_iter(thing, ignore=(bytes, compat.text_type)):
    """Can one loop over it? Texts do not count."""
    return hasattr(thing, '__iter__') and not isinstance(thing, ignore)


def is_dictlist(data):
    """Is it a list of mappings with one key each?"""
    return isinstance(data, list) and bool(data) and all(isinstance(row, dict) and len(row) == 1 for row in data)


def repack_dictlist(data, strict=False, recurse=False, key_cb=None, val_cb=None):
    """One mapping from a list of names and of mappings with one key, {} for anything else."""
    key_of, value_of = key_cb or (lambda key: key), val_cb or (lambda key, value: value)
    rows = [data] if compat.is_text(data) else data
    result = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and len(row) == 1:
            key, value = list(row.items())[0]
            if recurse and is_dictlist(value):
                value = repack_dictlist(value, recurse=True)
            result[key_of(key)] = value_of(key, value)
        elif strict or isinstance(row, (dict, list)):
            return {}
        else:
            result[key_of(row)] = value_of(row, None)
    return result


def compare_dicts(old=None, new=None):
    """{key: {old, new}} of what differs; '' where one side has no such key."""
    keys = set(old or {}) | set(new or {})
    return dict((key, {'old': (old or {}).get(key, ''), 'new': (new or {}).get(key, '')}) for key in keys
                if (key in (old or {})) != (key in (new or {})) or old[key] != new[key])


def compare_lists(old=None, new=None):
    """{new: items, old: items} of what is in one list only."""
    found = {'new': [item for item in new or () if item not in (old or ())],
             'old': [item for item in old or () if item not in (new or ())]}
    return dict((side, items) for side, items in found.items() if items)


def filter_by(lookup_dict, lookup, traverse, merge=None, default='default', base=None):
    """The value whose key fits what `traverse` has at `lookup`."""
    return _filter_by(lookup_dict, lookup, traverse, merge, default, base)


_filter_by = lookup.filter_by


def exactly_n(items, amount=1):
    """Are exactly so many of them true?"""
    return sum(1 for item in items if item) == amount


def exactly_one(items):
    """Is exactly one of them true?"""
    return exactly_n(items)


def sorted_ignorecase(to_sort):
    """A sorted list, capitals as small letters."""
    return sorted(to_sort, key=lambda item: item.lower())


def filter_falsey(data, recurse_depth=None, ignore_types=()):
    """A list or mapping without what is false in it."""
    def kept(value):
        return value or type(value) in ignore_types

    def below(value):
        again = recurse_depth and isinstance(value, (dict, list))
        return filter_falsey(value, recurse_depth - 1, ignore_types) if again else value
    if isinstance(data, dict):
        pairs = [(key, below(value)) for key, value in data.items()]
        return type(data)((key, value) for key, value in pairs if kept(value))
    return type(data)(value for value in map(below, data) if kept(value)) if isinstance(data, list) else data


def _mapped(data, change, keep):
    def one(value):
        if isinstance(value, dict):
            return dict((one(key), one(item)) for key, item in value.items())
        if isinstance(value, (list, set)):
            return type(value)(one(item) for item in value)
        if isinstance(value, tuple):
            return tuple(one(item) for item in value)
        if isinstance(value, (bytes, compat.text_type)):
            try:
                return change(value)
            except UnicodeDecodeError:
                if not keep:
                    raise
        return value
    return one(data)


def decode(data, encoding=None, errors='strict', keep=False, normalize=False, preserve_dict_class=False,
           preserve_tuples=False, to_str=False):
    """All bytes in nested lists and mappings as text; with `to_str` as native text."""
    change = _native if to_str else to_unicode
    return _mapped(data, lambda value: change(value, encoding, errors), keep)


_native = to_str
decode_dict = decode_list = decode


def encode(data, encoding=None, errors='strict', keep=False, preserve_dict_class=False, preserve_tuples=False):
    """All text in nested lists and mappings as bytes."""
    return _mapped(data, lambda value: to_bytes(value, encoding, errors), keep)


encode_dict = encode_list = encode


def stringify(data):
    """A list with everything in it as text."""
    return [item if isinstance(item, str) else str(item) for item in data]


class CaseInsensitiveDict(compat.MutableMapping):
    """A mapping whose text keys fit in capitals and small letters."""

    def __init__(self, init=None, **kwargs):
        self._data = {}
        self.update(init or {}, **kwargs)

    @staticmethod
    def _folded(key):
        return key.lower() if compat.is_text(key) else key

    def __len__(self):
        return len(self._data)

    def __setitem__(self, key, value):
        self._data[self._folded(key)] = key, value

    def __delitem__(self, key):
        del self._data[self._folded(key)]

    def __getitem__(self, key):
        return self._data[self._folded(key)][1]

    def __iter__(self):
        return (pair[0] for pair in self._data.values())

    def copy(self):
        """Another one with the same entries."""
        return CaseInsensitiveDict(dict(self))
