"""state.graph and state.graph_highstate: the graphs of the reference (3008.3), line by line."""
from __future__ import absolute_import, division, print_function

import pytest

from minion import compat
from tests.support import replay, slstree

KNOWN = compat.native_tree(replay.read('state_graph.json'))
FILES = dict(('base/g/%s.sls' % name, text) for name, text in KNOWN['files'].items())


@pytest.mark.parametrize('name', sorted(KNOWN['graphs']))
def test_as_the_reference(tmpdir, name):
    minion = slstree.Minion(tmpdir, FILES)
    assert minion.call('state.graph', 'g.' + name).split('\n') == KNOWN['graphs'][name]


def test_of_the_highstate(tmpdir):
    minion = slstree.Minion(tmpdir, dict(FILES, **{'base/top.sls': 'base: {"*": [g.pre], "nobody": [g.g]}'}))
    assert minion.call('state.graph_highstate').split('\n') == KNOWN['graphs']['pre']
    assert slstree.Minion(tmpdir.mkdir('x'), FILES).call('state.graph_highstate') == 'digraph G {\n}'


def test_requisites_that_are_switched_off_are_left_out(tmpdir):
    minion = slstree.Minion(tmpdir, FILES, disabled_requisites=['require'])
    assert '->' not in minion.call('state.graph', 'g.circ')


def test_a_file_that_is_not_there(tmpdir):
    minion = slstree.Minion(tmpdir, {'base/top.sls': 'base: {"*": [g.nosuch]}'})
    reasons = ["No matching sls found for 'g.nosuch' in env 'base'"]
    assert minion.wrong('state.graph', 'g.nosuch') == reasons and minion.call('state.graph_highstate') == reasons


def test_there_is_no_bus_with_events(tmpdir):
    assert 'has no event bus' in slstree.Minion(tmpdir, {}).wrong('state.event', count=1)
