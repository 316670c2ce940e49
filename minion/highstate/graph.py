r"""High data as a graph in the language of Graphviz: who comes before whom, by which requisite.

    digraph G {
      "test_|-a_|-a_|-nop" [label="test.nop\na"];
      "test_|-a_|-a_|-nop" -> "test_|-b_|-b_|-nop" [label="require"];
    }

A state that others have as their prereq has a second node, of the call that only tells what would change.
"""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.highstate import chunks, targets, words

ORDER = ('require', 'require_any', 'watch', 'watch_any', 'onfail', 'onfail_any', 'onfail_all', 'onchanges', 'onchanges_any',
         'prereq')
_TOLD = '_|-__prereq_test__'


class _Graph(object):
    """Nodes with their labels; edges by the node that they come from: {node: [(node, requisite)]}."""

    def __init__(self):
        self.labels, self.edges = compat.Ordered(), {}

    def node(self, name, label):
        self.labels[name], self.edges[name] = label, []

    def edge(self, first, second, requisite):
        if (second, requisite) not in self.edges[first]:
            self.edges[first].append((second, requisite))

    def told(self, name):
        """The node of the first call of a state that is somebody's prereq; it needs what the second needs so far."""
        made = name + _TOLD
        if made not in self.labels:
            self.node(made, self.labels[name])
            for first in self.labels:
                for second, requisite in list(self.edges[first]):
                    if second == name and requisite != 'prereq':
                        self.edge(first, made, requisite)
        return made

    def text(self):
        lines = ['  "%s" [label="%s"];' % (name, label) for name, label in self.labels.items()]
        lines += ['  "%s" -> "%s" [label="%s"];' % (first, second, requisite)
                  for first in self.labels for second, requisite in self.edges[first]]
        return '\n'.join(['digraph G {'] + lines + ['}'])


def of_high(high, disabled=()):
    """The graph of high data as it stands: what it says of other ids (`extend`, `require_in`...) is not heeded.

    :param disabled: names of requisites that do not count.
    """
    found, _ = chunks.of_high(high)
    graph, known = _Graph(), targets.Targets(found, disabled)
    for chunk in found:
        graph.node(words.tag_of(chunk), _label(chunk))
    for chunk in found:
        _link(graph, chunk, known)
    return graph.text()


def _label(chunk):
    label = '%s.%s\\n%s' % (chunk['state'], chunk['fun'], chunk['__id__'])
    return label if chunk['name'] == chunk['__id__'] else label + '\\n(%s)' % chunk['name']


def _link(graph, chunk, known):
    own, rows = words.tag_of(chunk), [row for row in known.requisites(chunk) if row[0] in ORDER and compat.is_text(row[2])]
    for name, _, _, found in sorted(rows, key=lambda row: ORDER.index(row[0])):
        for required in found:
            there = words.tag_of(required)
            if name != 'prereq':
                _both(graph, there, own, name)
                continue
            told = graph.told(there)
            graph.edge(own, there, 'require')
            graph.edge(told, own, name)
            if own + _TOLD in graph.labels:
                graph.edge(told, own + _TOLD, name)


def _both(graph, first, second, requisite):
    """`second` needs `first`, and so does its first call."""
    if second + _TOLD in graph.labels:
        graph.edge(first, second + _TOLD, requisite)
    graph.edge(first, second, requisite)
