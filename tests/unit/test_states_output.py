"""How results of states are shown: as the reference shows them, setting by setting, and by `minion call`."""
from __future__ import absolute_import, division, print_function

import json

import pytest

from minion import compat
from minion.loader import Loader
from tests.support import replay

KNOWN = replay.read('highstate.json')
CASES = KNOWN['cases']


def shown(data, settings):
    """The text of the outputter."""
    loader = Loader(dict({'id': 'ref1', 'color': False}, **settings))
    return loader.other('outputters').functions['highstate.output'](data).rstrip()


@pytest.mark.parametrize('row', CASES,
                         ids=['%s %s' % (row['data'], json.dumps(row['settings'], sort_keys=True)) for row in CASES])
def test_as_the_reference(row):
    data = compat.native_tree(KNOWN['data'][row['data']])
    assert shown(data, compat.native_tree(row['settings'])) == compat.native_tree(row['shown']).rstrip()


def test_other_letters():
    comment = 'gr\xc3\xbcn' if str is bytes else u'gr\xfcn'
    result = {'__id__': 'a', '__run_num__': 0, 'name': comment, 'result': True,
              'changes': {comment: comment}, 'comment': comment}
    text = shown({'local': {'test_|-a_|-a_|-nop': result}}, {})
    assert 'Name: ' + comment in text and 'Comment: ' + comment in text and '                  ' + comment in text


@pytest.mark.parametrize('lacking', ['__sls__', '__id__', 'name', 'duration'])
def test_results_that_lack_something_are_shown_one_by_one(lacking, caplog):
    results = {}
    for number in (0, 1):
        whole = {'__id__': 'a', '__sls__': 's', '__run_num__': number, 'name': 'n%d' % number, 'result': True, 'changes': {},
                 'comment': '', 'duration': 1}
        results['test_|-a_|-n%d_|-nop' % number] = dict(item for item in whole.items() if item[0] != lacking)
    assert shown({'local': results}, {'state_compress_ids': True}) == shown({'local': results}, {})
    assert 'states cannot be shown by id' in caplog.text
