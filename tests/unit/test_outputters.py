"""What a return looks like: every line that the reference prints for the same data, options and colours."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion import compat, showcase
from minion.loader import Loader
from tests.support import replay

ROWS = replay.read('outputters.json')
# Python 2 has no order of keys to keep, wraps no long text in pprint and marks unicode text
PY2_CANNOT = ('json', 'txt', 'raw', 'pprint', 'key')


def text_of(data, out=None, retcode=0, **opts):
    """The text, as a native str."""
    return showcase.render(Loader({}), dict({'color': False}, **opts), data, out, retcode)


@pytest.mark.parametrize('out', sorted(set(row[0] for row in ROWS)))
def test_as_the_reference_prints_it(out):
    compared = 0
    for _, data, opts, expected in [row for row in ROWS if row[0] == out]:
        if compat.PY2 and (out in PY2_CANNOT and isinstance(data, dict) or out == 'pprint'):
            continue
        assert text_of(compat.native_tree(data), out, **compat.native_tree(opts)) == compat.to_native(expected), data
        compared += 1
    assert compared > 5 or compat.PY2


@pytest.mark.parametrize('out, expected', [
    ('quiet', ''), ('newline_values_only', '1\nx\n2'), ('grains', 'a:\n    1\nb:\n    - x\n    - 2'),
])
def test_outputters_of_older_releases(out, expected):
    assert text_of({'a': 1, 'b': ['x', 2]}, out) == expected


def test_both_kinds_of_text_of_python_2():
    found = compat.to_text(text_of({'local': {u'k': u'gr\u00fc\u00df'}, b'x': b'y'} if compat.PY2 else {
        'local': {'k': u'gr\u00fc\u00df'}}, 'json'))
    assert u'{\n        "k": "gr\u00fc\u00df"\n    }' in found
    assert text_of({'local': u'gr\u00fc\u00df'}, 'txt') == compat.to_native(u'local: gr\u00fc\u00df')


def test_an_unknown_outputter_is_told_and_replaced(caplog):
    assert text_of({'local': True}, 'nosuch') == 'local:\n    True'
    assert 'Invalid outputter nosuch specified, fall back to nested' in caplog.text


def test_a_failed_command_has_red_names():
    assert text_of({'local': True}, None, 7, color=True) == '\033[0;31mlocal\033[0;0m:\n    \033[0;1;33mTrue\033[0;0m'


def test_an_outputter_of_the_host_is_found(tmpdir):
    tmpdir.join('shout.py').write('def output(data, **kwargs):\n    return str(data["local"]).upper() + __opts__["mark"]\n')
    loader = Loader({'outputter_dirs': [str(tmpdir)], 'mark': '!'})
    assert showcase.render(loader, {}, {'local': 'x'}, 'shout') == 'X!'


@pytest.mark.parametrize('opts, expected', [
    ({}, True), ({'color': False}, False), ({'no_color': True}, False), ({'output_file': '/x'}, False),
    ({'force_color': True, 'no_color': True}, True),
])
def test_colour_on_terminals_only(opts, expected):
    master, slave = os.openpty()
    try:
        with os.fdopen(slave, 'wb') as terminal:
            assert showcase.wants_color(opts, terminal) is expected
    finally:
        os.close(master)
    with open(os.devnull) as stream:
        assert showcase.wants_color(opts, stream) is bool(opts.get('force_color'))
    assert showcase.wants_color({}, None) is False
