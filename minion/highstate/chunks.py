"""High data to chunks: one for each function and name, with the place that `order` gives it."""
from __future__ import absolute_import, division, print_function

import copy

from minion import compat
from minion.highstate import words

LAST = 1000000


def of_high(high):
    """(chunks in the order of the ids, with a number as `order` in each; the numbers as they were asked for, see numbered)."""
    return numbered([chunk for id_, body, state, run in words.states_of(high) for chunk in _of_state(id_, body, state, run)])


def _of_state(id_, body, state, run):
    """The chunks of one id and state module."""
    chunk, names, functions = {'state': state, 'name': id_}, [], []
    for key in ('__sls__', '__env__', '__sls_included_from__'):
        if key in body:
            chunk[key] = body[key]
    chunk['__id__'] = id_
    for item in run:
        if compat.is_text(item):
            functions.append(item)
        for key, value in (item.items() if isinstance(item, dict) else ()):
            if key == 'names':
                names += value
            elif key != 'state' and (key != 'name' or compat.is_text(value)):
                chunk[key] = value
    return [dict(each, fun=function) for each in _named(chunk, names) for function in functions]


def _named(chunk, names):
    """The chunk once for each of `names`; a name with arguments of its own is a mapping."""
    if not names:
        return [chunk]
    found = []
    for number, entry in enumerate([name for place, name in enumerate(names) if name not in names[:place]], 1):
        each = copy.deepcopy(chunk)
        each['name'] = next(iter(entry)) if isinstance(entry, dict) and entry else entry
        each['name_order'] = number
        if isinstance(entry, dict):
            own = entry.get(each['name'])
            for arguments in [own] if isinstance(own, dict) else own or ():
                each.update(arguments)
        found.append(each)
    return found


def numbered(chunks):
    """(chunks with a number as `order`: first and last, negative ones, names one after the other; the same numbers, but
    negative where they count from the end)."""
    cap, asked = 1, []
    for chunk in chunks:
        order = chunk.get('order')
        if isinstance(order, compat.integer_types) and not isinstance(order, bool) and order > cap - 1 and order > 0:
            cap = order + 100
    for chunk in chunks:
        order = chunk.get('order', cap)
        if not isinstance(order, compat.integer_types + (float,)):
            order = cap + LAST if order == 'last' else 0 if order == 'first' else cap
        if 'name_order' in chunk:
            order += chunk.pop('name_order') / 10000.0
        asked.append(order)
        chunk['order'] = cap + LAST + order if order < 0 else order
    return chunks, asked


def sort_key(chunk):
    """By order, then by state, name and function."""
    return chunk['order'], '%s%s%s' % (chunk['state'], chunk['name'], chunk['fun'])
