"""Chunks in the order in which they run: by `order`, and behind what they require.

A chunk that another one has as `prereq` is in the list twice: before that one, to tell what it would change, and behind it.
"""
from __future__ import absolute_import, division, print_function

import heapq

from minion import compat
from minion.highstate import chunks as numbering

_MISSING = 'Referenced state does not exist for requisite [%s: (%s: %s)] in state [%s] in SLS [%s]'
_NO_TEXT = 'Requisite [%s: %s] in state [%s] in SLS [%s] must have a string as the value'


# What draws a required state forward, the weakest first.
_WEIGHT = dict((name, weight) for weight, name in enumerate((
    'onfail', 'onfail_any', 'onfail_all', 'require', 'require_any', 'onchanges', 'onchanges_any', 'watch', 'watch_any',
    'prereq')))


class _Graph(object):
    """Who comes before whom. A node is (number of a chunk, does it only tell what it would change?)."""

    def __init__(self, chunks):
        self.chunks = chunks
        self._number = dict((id(chunk), number) for number, chunk in enumerate(chunks))
        self.after, self.before, self.kinds = compat.Ordered(), {}, {}
        self.asked = set()                       # numbers of chunks that are somebody's prereq
        for number in range(len(chunks)):
            self._node((number, False))

    def _node(self, node):
        self.after.setdefault(node, [])
        self.before.setdefault(node, [])

    def edge(self, first, second, kind):
        """`second` needs `first`."""
        self._node(first)
        self._node(second)
        kinds = self.kinds.setdefault((first, second), [])
        if not kinds:
            self.after[first].append(second)
            self.before[second].append(first)
        kinds.append(kind)

    def add(self, chunk, name, required):
        """`chunk` has `required` as a requisite of this name."""
        here, there = self._number[id(chunk)], self._number[id(required)]
        if name == 'prereq':
            self.asked.add(there)
            self.edge((there, True), (here, False), name)
            self.edge((here, False), (there, False), name)
        else:
            self.edge((there, False), (here, False), name)

    def complete(self):
        """What a chunk needs it needs, too, to tell what it would change."""
        for number in sorted(self.asked):
            for first in list(self.before[number, False]):
                for kind in self.kinds[first, (number, False)]:
                    if kind != 'prereq':
                        self.edge(first, (number, True), kind)


def ordered(chunks, targets, orders):
    """(list of chunks, errors).

    :param chunks: with a number as `order`.  :param Targets targets: of the same chunks.
    :param list orders: those numbers as they were asked for, negative where they count from the end.
    """
    graph, errors = _Graph(chunks), []
    for chunk in chunks:
        errors += _linked(graph, chunk, targets)
    graph.complete()
    circle = _circle(graph)
    if circle:
        errors.append('Recursive requisites were found: ' + ', '.join(circle))
    if errors:
        return [], errors
    for number in graph.asked:
        chunks[number]['__prereq__'] = True
    return [chunks[number] for number, _ in _sorted(graph, orders)], []


def _linked(graph, chunk, targets):
    """Enter the requisites of a chunk; the first error as a list."""
    where = chunk['name'], chunk.get('__sls__')
    for name, kind, value, found in targets.requisites(chunk):
        if not compat.is_text(value):
            return [_NO_TEXT % ((name, kind) + where)]
        if not found:
            return [_MISSING % ((name, kind, value) + where)]
        if name == 'prereq':
            chunk['__prerequiring__'] = True
        for required in found:
            graph.add(chunk, name, required)
    return []


# ---- circles

def _circle(graph):
    """The edges of a circle, shown, or None."""
    state = {}                                       # node -> 1: on the way, 2: done
    for start in graph.after:
        way, stack = [], [(start, iter(graph.after[start]))]
        if state.get(start):
            continue
        state[start] = 1
        while stack:
            node, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[node] = 2
                stack.pop()
                if way:
                    way.pop()
            elif state.get(following) == 1:
                way.append((node, following))
                begin = [edge[0] for edge in way].index(following)
                return [_shown_edge(graph, edge) for edge in way[begin:]]
            elif not state.get(following):
                state[following] = 1
                way.append((node, following))
                stack.append((following, iter(graph.after[following])))
    return None


def _shown_edge(graph, edge):
    first, second = (_shown_node(graph.chunks[number]) for number, _ in edge)
    return "(%s, '%s', %s)" % (second, graph.kinds[edge][0], first)


def _shown_node(chunk):
    shown = "'SLS': %s, 'ID': %s" % (_quoted(chunk.get('__sls__')), _quoted(chunk['__id__']))
    if chunk['name'] != chunk['__id__']:
        shown += ", 'NAME': %s" % _quoted(chunk['name'])
    return '{%s}' % shown


def _quoted(value):
    return repr(compat.to_native(value) if compat.is_text(value) else value)


# ---- order

def _drawn(graph, node, orders):
    """The orders of those that need a node; as in the reference, only of those whose requisite is not weaker than one before.

    One that is to run last (a negative order) draws what it needs to the very front.
    """
    strongest = 0
    for following in graph.after[node]:
        weight = max(_WEIGHT[kind] for kind in graph.kinds[node, following])
        if weight >= strongest:
            strongest = weight
            yield orders[following[0]]


def _sorted(graph, orders):
    """The nodes, each behind those that it needs; among those that can run the one with the lowest order is next.

    What is needed counts as early as the earliest that needs it (see _drawn): no further, so that it stays near its place.
    """
    rank = dict((id(chunk), number) for number, chunk in enumerate(sorted(graph.chunks, key=numbering.sort_key)))
    key = {}
    for node in graph.after:
        own = graph.chunks[node[0]]
        key[node] = min([own['order']] + list(_drawn(graph, node, orders))), rank[id(own)], not node[1]
    waiting = dict((node, len(graph.before[node])) for node in graph.after)
    ready = [(key[node], node) for node in waiting if not waiting[node]]
    heapq.heapify(ready)
    while ready:
        node = heapq.heappop(ready)[1]
        yield node
        for following in graph.after[node]:
            waiting[following] -= 1
            if not waiting[following]:
                heapq.heappush(ready, (key[following], following))
