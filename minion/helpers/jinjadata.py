"""Filters for mappings, lists and what itertools makes of them that Salt adds to Jinja."""
from __future__ import absolute_import, division, print_function

import fnmatch
import itertools
import pprint
import re
from collections import OrderedDict

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import merging, traverse


def defined(value):
    """The value; the error of Jinja if a variable in it is not defined."""
    if hasattr(type(value), '_fail_with_undefined_error'):
        value._fail_with_undefined_error()
    if isinstance(value, dict):
        for key, item in value.items():
            defined(key), defined(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            defined(item)
    return value


def printable(value):
    """What {{ }} shows: mappings in the plain form; on Python 2 as Python 3 writes them, and text in one kind."""
    if str is bytes:
        return compat.shown(value) if isinstance(value, (dict, list, tuple)) else compat.to_text(value) if isinstance(
            value, bytes) else value
    if isinstance(value, OrderedDict):
        return dict((key, printable(item)) for key, item in value.items())
    return type(value)(printable(item) for item in value) if type(value) in (list, tuple) else value


# ---- the way into nested mappings

def _last(mapping, keys, delimiter):
    """(the innermost mapping, last key) of a way through nested mappings, which is made where it is missing."""
    way = keys.split(delimiter)
    for key in way[:-1]:
        if not isinstance(mapping.get(key), dict):
            mapping[key] = {}
        mapping = mapping[key]
    return mapping, way[-1]


def set_value(mapping, keys, value, delimiter=':', ordered_dict=False):
    inner, key = _last(mapping, keys, delimiter)
    inner[key] = value
    return mapping


def _list_at(mapping, keys, delimiter, verb):
    """The list there, made where nothing is; `verb` is for the error."""
    inner, key = _last(mapping, keys, delimiter)
    if inner.get(key) is None:
        inner[key] = []
    if not isinstance(inner[key], list):
        raise CommandExecutionError('The last key contains a %s, which cannot %s.' % (type(inner[key]), verb))
    return inner[key]


def append_value(mapping, keys, value, delimiter=':', ordered_dict=False):
    _list_at(mapping, keys, delimiter, 'append').append(value)
    return mapping


def extend_value(mapping, keys, value, delimiter=':', ordered_dict=False):
    found = _list_at(mapping, keys, delimiter, 'extend')
    if not hasattr(value, '__iter__') and not compat.is_text(value):
        raise CommandExecutionError('Cannot extend %s with a %s.' % (type(found), type(value)))
    found.extend(value)
    return mapping


def update_value(mapping, keys, value, delimiter=':', ordered_dict=False):
    inner, key = _last(mapping, keys, delimiter)
    if inner.get(key) is None:
        inner[key] = {}
    if not isinstance(inner[key], dict):
        raise CommandExecutionError('The last key contains a %s, which cannot update.' % (type(inner[key]),))
    if not isinstance(value, dict):
        raise CommandExecutionError('Cannot update %s with a %s.' % (type(inner[key]), type(value)))
    merging.update(inner[key], value)
    return mapping


# ---- comparing, changing the form

def compare_dicts(old=None, new=None):
    found = {}
    for key in list(old) + [key for key in new if key not in old]:
        if key not in old or key not in new or old[key] != new[key]:
            found[key] = {'old': old.get(key, ''), 'new': new.get(key, '')}
    return found


def compare_lists(old=None, new=None):
    found = {'new': [one for one in new if one not in old], 'old': [one for one in old if one not in new]}
    return dict((side, values) for side, values in found.items() if values)


def to_entries(data):
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    return [{'key': key, 'value': value} for key, value in pairs]


def from_entries(entries):
    names = (('key', 'Key', 'name', 'Name', 'k'), ('value', 'Value', 'v'))
    return dict(tuple(next((entry[name] for name in kinds if entry.get(name) is not None), None) for kinds in names)
                for entry in entries)


def sls_parameters(value, flow_style=False):
    """The arguments of a state: a list of mappings with one key each, as YAML."""
    text = compat.import_yaml().safe_dump([{key: item} for key, item in value.items()], default_flow_style=flow_style,
                                          allow_unicode=True)
    return compat.to_text(text).strip()


def of_bytes(value):
    """The same tree with bytes for text."""
    if isinstance(value, dict):
        return dict((of_bytes(key), of_bytes(item)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return [of_bytes(item) for item in value]
    return compat.to_bytes(value) if compat.is_text(value) else value


def whitelisted(value, whitelist=None, blacklist=None):
    """May a value be used: some glob or pattern of the white list has it, and none of the black list."""
    def among(patterns):
        patterns = [patterns] if compat.is_text(patterns) else patterns or ()
        return any(value == one or fnmatch.fnmatch(value, one) or _matches(one, value) for one in patterns)
    return not among(blacklist) and (not whitelist or among(whitelist))


def _matches(pattern, value):
    try:
        return bool(re.match(r'^(?:%s)\Z' % pattern, value))
    except re.error:
        return False


def method_call(value, name, *args, **kwargs):
    """What a method gives, None for one that is not there."""
    method = None if name.startswith('_') or name in ('format', 'format_map') else getattr(value, name, None)
    return method(*args, **kwargs) if method is not None else None


def json_query(data, expression):
    """The part of data that an expression of JMESPath names; needs jmespath."""
    try:
        import jmespath
    except ImportError:
        raise CommandExecutionError('json_query requires jmespath module installed')
    return jmespath.search(expression, data)


def ignoring_case(values):
    return sorted(values, key=lambda value: value.lower())


FILTERS = {
    'set_dict_key_value': set_value, 'append_dict_key_value': append_value, 'extend_dict_key_value': extend_value,
    'update_dict_key_value': update_value, 'traverse': traverse.get, 'compare_dicts': compare_dicts,
    'compare_lists': compare_lists, 'to_entries': to_entries, 'from_entries': from_entries,
    'dict_to_sls_yaml_params': sls_parameters, 'json_encode_dict': of_bytes, 'json_encode_list': of_bytes,
    'json_decode_dict': of_bytes, 'json_decode_list': of_bytes, 'check_whitelist_blacklist': whitelisted,
    'method_call': method_call, 'json_query': json_query, 'sorted_ignorecase': ignoring_case,
    'python': lambda value: pprint.pformat(defined(value)).strip(), 'skip': lambda value: '',
    'zip': lambda *values: list(zip(*values)), 'product': itertools.product, 'permutations': itertools.permutations,
    'zip_longest': getattr(itertools, 'zip_longest', None) or getattr(itertools, 'izip_longest', None),
    'combinations': itertools.combinations, 'combinations_with_replacement': itertools.combinations_with_replacement,
    'compress': itertools.compress,
}
