"""Odd input for decoders: what hypothesis makes of bytes and of trees, how often, and a folder for each example.

The examples are the same in every run. MINION_FUZZ=20 looks further: other ones each time, twenty times as many.
MINION_FUZZ_SHARE=0.2 is content with a fifth, where other runs have tried them all.
"""
from __future__ import absolute_import, division, print_function

import contextlib
import os
import shutil
import tempfile

from hypothesis import HealthCheck, settings, strategies as some

from minion import payload

FURTHER = int(os.environ.get('MINION_FUZZ') or 0)
SHARE = float(os.environ.get('MINION_FUZZ_SHARE') or 1)


def examples(count):
    """Decorator: how many examples a property is tried with; no example has a time limit of its own."""
    kinds = [kind for kind in (getattr(HealthCheck, name, None) for name in ('too_slow', 'data_too_large')) if kind]
    return settings(max_examples=max(1, int(count * (FURTHER or SHARE))), deadline=None, derandomize=not FURTHER, database=None,
                    suppress_health_check=kinds)


# ---- what the wire can carry

BYTES = some.one_of(some.binary(max_size=20), some.sampled_from(
    [b'', b'\xff', b'\xed\xa0\x80', b'\0', b'../../x', b'x\n', b'aes', b'clear', b'PKCS1v15-SHA1', b'a' * 300]))
SCALARS = some.one_of(some.none(), some.booleans(), some.integers(-2 ** 63, 2 ** 64 - 1), some.floats(), BYTES)
TREES = some.recursive(SCALARS, lambda inner: some.one_of(
    some.lists(inner, max_size=3), some.dictionaries(SCALARS, inner, max_size=3)), max_leaves=6)


FRAMES = some.one_of(some.binary(max_size=200), TREES.map(payload.pack))


def odd_map(names, values=TREES):
    """Maps with some of these names (text) and any values, now and then with a name that nobody expects."""
    keys = some.one_of(some.sampled_from([name.encode('ascii') for name in names]), SCALARS)
    return some.dictionaries(keys, values, max_size=5)


def changes(names, values=TREES):
    """Maps {name: (True, value)} or {name: (False, None)}: fields to replace and to drop, for changed()."""
    one = some.one_of(some.tuples(some.just(True), values), some.just((False, None)))
    return some.dictionaries(some.sampled_from(sorted(names)), one, min_size=1, max_size=3)


def changed(fields, wanted):
    """A copy of a map with what changes() says."""
    result = dict(fields)
    for name, (there, value) in wanted.items():
        if there:
            result[name] = value
        else:
            result.pop(name, None)
    return result


# ---- damage to bytes that were whole

DAMAGE = some.lists(some.tuples(some.integers(0, 100000), some.integers(0, 4), some.binary(max_size=4)),
                    min_size=1, max_size=3)


def damaged(data, cuts):
    """`data` with cuts as DAMAGE gives them: (where, how many bytes go, what comes in their place)."""
    for at, drop, insert in cuts:
        at %= len(data) + 1
        data = data[:at] + insert + data[at + drop:]
    return data


@contextlib.contextmanager
def folder():
    """The path of an empty folder that is gone afterwards: fixtures are made once a test, not once an example."""
    path = tempfile.mkdtemp(prefix='fuzz-')
    try:
        yield path
    finally:
        shutil.rmtree(path)


def put(path, data):
    """Write bytes; the path."""
    with open(path, 'wb') as stream:
        stream.write(data)
    return path


def one_line(error):
    """What the log is to say of an error is short and does not break the line."""
    assert '\n' not in str(error) and len(str(error)) < 1000
