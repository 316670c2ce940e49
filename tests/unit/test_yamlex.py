"""The renderer yamlex: keys that stand several times, as the reference (3008.3) reads them."""
from __future__ import absolute_import, division, print_function

import pytest

from minion import compat
from minion.helpers import yamlex
from minion.helpers.rendererror import SaltRenderError
from tests.support import replay, slstree

ROWS = compat.native_tree(replay.read('yamlex.json')['rows'])


def read(text):
    """JSON has only text as keys of mappings."""
    found = yamlex.read(text)
    return dict((str(key), value) for key, value in found.items()) if isinstance(found, dict) else found


@pytest.mark.parametrize('row', ROWS, ids=[repr(row['text']) for row in ROWS])
def test_as_the_reference(row):
    if row.get('fails'):
        with pytest.raises(SaltRenderError):
            yamlex.read(row['text'])
    else:
        assert (read(row['text']) or {}) == row['found']


def test_the_order_of_keys_and_kinds_of_values():
    found = yamlex.read('z: !aggregate {b: 1}\na: !aggregate [x]\nz: !aggregate {a: 2}\na: !aggregate [y]\n')
    assert list(found) == ['z', 'a'] and list(found['z']) == ['b', 'a']
    assert type(found['a']) is list and type(found['z']) is type(found) is compat.Ordered


def test_in_an_sls_file(tmpdir):
    text = ('#!jinja|yamlex\na: !aggregate {test: [nop]}\n'
            'a: !aggregate {cmd.run: [{name: "true"}]}\nb: test.nop\nb: test.fail_without_changes\n')
    minion = slstree.Minion(tmpdir, {'base/x.sls': text, 'base/bad.sls': '#!yamlex\na: !nosuch 1\n'})
    assert sorted(chunk['fun'] for chunk in minion.call('state.show_low_sls', 'x')) == ['fail_without_changes', 'nop', 'run']
    assert "could not determine a constructor for the tag '!nosuch'" in minion.wrong('state.apply', 'bad')[0]
    assert 'yamlex' in minion.call('sys.list_renderers')
