"""The setting `mine_functions`: which function stands behind a name, with which arguments, and who may see it."""
from __future__ import absolute_import, division, print_function

from minion import compat

OF_ACL = ('allow_tgt', 'allow_tgt_type')


def all_of(setting):
    """{name: definition} of a mapping, or of a list of names and mappings."""
    if isinstance(setting, compat.Mapping):
        return dict(setting)
    found = {}
    for item in setting if isinstance(setting, (list, tuple)) else ():
        found.update(item if isinstance(item, compat.Mapping) else {item: []})
    return found


def read(definition):
    """(function or None, positional arguments, keyword arguments, who may see it) of one definition."""
    function, args, kwargs = None, [], {}
    if isinstance(definition, compat.Mapping):
        kwargs.update(definition)
    elif isinstance(definition, (list, tuple)):
        for item in definition:
            if isinstance(item, compat.Mapping):
                kwargs.update(item)
            else:
                args.append(item)
    function = kwargs.pop('mine_function', None)
    acl = dict((name, kwargs.pop(name)) for name in OF_ACL if name in kwargs)
    return function, args, kwargs, acl


def wrapped(value, acl):
    """The value as masters keep it: with the names of those who may see it, where there are any."""
    if not acl.get('allow_tgt'):
        return value
    made = {'__data__': value, '__saltmine_acl__': 1, 'allow_tgt': acl['allow_tgt']}
    if acl.get('allow_tgt_type'):
        made['allow_tgt_type'] = acl['allow_tgt_type']
    return made
