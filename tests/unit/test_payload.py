"""msgpack both ways: the dialect, the bounds, and BadPayload as the only error."""
from __future__ import absolute_import, division, print_function

import collections
import datetime
import struct

import msgpack
import msgpack.fallback
import pytest
from hypothesis import HealthCheck, given, settings, strategies

from minion import compat, payload
from minion.errors import BadPayload

FUZZ = settings(max_examples=200, deadline=None, database=None, suppress_health_check=[
    check for check in HealthCheck if check.name in ('too_slow', 'function_scoped_fixture')])


class PureMsgpack(object):
    """msgpack's Python implementation, whatever is installed."""
    unpackb = staticmethod(msgpack.fallback.unpackb)
    ExtType, UnpackException = msgpack.ExtType, msgpack.UnpackException

    @staticmethod
    def packb(obj, **options):
        return msgpack.fallback.Packer(**options).pack(obj)


@pytest.fixture(params=['installed', 'pure'], autouse=True)
def implementation(request, monkeypatch):
    if request.param == 'pure':
        monkeypatch.setattr(payload, 'msgpack', PureMsgpack)


def nested(depth, wrap=lambda inner: [inner]):
    value = 1
    for _ in range(depth):
        value = wrap(value)
    return value


# ---- what comes back

@pytest.mark.parametrize('value', [
    None, True, False, 0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 64) - 1,
    -1, -32, -33, -128, -129, -32768, -32769, -1 << 31, -1 << 63, 1.5, -0.0, 1e300, float('inf'),
    b'', b'x', b'x' * 31, b'x' * 32, b'x' * 255, b'x' * 256, b'x' * 65535, b'x' * 65536, b'\x00\xff\xc1',
    [], [[]], [1, [2, [3]]], list(range(15)), list(range(16)), list(range(70000)),
    {}, {b'a': {}}, {b'k': [1, {b'x': None}]}, dict((number, number) for number in range(16)),
    dict((number, b'') for number in range(70000)), {None: 1, 7: 2, b'a': 3, 1.5: 4, True: 5},
])
def test_both_ways(value):
    assert payload.unpack(payload.pack(value)) == value


@pytest.mark.parametrize('value, expected', [
    (u'text', b'text'), (u'caf\xe9', b'caf\xc3\xa9'), (u'\U0001f600', b'\xf0\x9f\x98\x80'),
    ({u'k': u'v'}, {b'k': b'v'}),
    ((1, (2, 3)), [1, [2, 3]]), (set([1]), [1]), (frozenset([b'a']), [b'a']),
    (collections.namedtuple('Point', 'x y')(1, 2), [1, 2]), (collections.OrderedDict([(b'a', 1)]), {b'a': 1}),
    (bytearray(b'ab'), b'ab'),
    (1 << 64, b'18446744073709551616'), ((-1 << 63) - 1, b'-9223372036854775809'), ([10 ** 30], [b'1' + b'0' * 30]),
    ({u'n': {u'm': (10 ** 30, set([10 ** 31]))}}, {b'n': {b'm': [b'1' + b'0' * 30, [b'1' + b'0' * 31]]}}),
    ({10 ** 30: 1}, {b'1' + b'0' * 30: 1}),
    (datetime.datetime(2016, 2, 29, 1, 2, 3, 45), datetime.datetime(2016, 2, 29, 1, 2, 3, 45)),
    (datetime.date(1999, 12, 31), datetime.datetime(1999, 12, 31)),
    (datetime.datetime(1, 1, 1), datetime.datetime(1, 1, 1)),
    (msgpack.ExtType(79, b'x'), msgpack.ExtType(79, b'x')),
], ids=repr)
def test_what_becomes_of(value, expected):
    found = payload.unpack(payload.pack(value))
    assert found == expected and type(found) is type(expected)


def test_memoryview():
    """Only msgpack 1.0 on Python 2, a pair outside our ranges, refuses it."""
    try:
        assert payload.unpack(payload.pack(memoryview(b'ab'))) == b'ab'
    except BadPayload:
        assert compat.PY2 and msgpack.version >= (1, 0)


class Settings(compat.Mapping):
    """A mapping that is no dict, as frozen settings are."""

    def __getitem__(self, key):
        return {u'a': 1}[key]

    def __iter__(self):
        return iter([u'a'])

    def __len__(self):
        return 1


def test_other_mappings():
    assert payload.unpack(payload.pack([Settings()])) == [{b'a': 1}]


def test_datetime_form():
    """Type 78 and its body, as masters write them."""
    packed = payload.pack(datetime.datetime(2026, 11, 23, 4, 5, 6, 7))
    assert packed == b'\xc7\x18\x4e' + b'20261123T04:05:06.000007'


@pytest.mark.parametrize('size', [0, 1, 31, 32, 255, 256, 65535, 65536])
def test_old_raw_family_only(size):
    for value in (b'x' * size, u'x' * size):
        head = ord(payload.pack(value)[:1])
        assert head in (0xda, 0xdb) or 0xa0 <= head <= 0xbf


def test_newer_families_are_read():
    """Masters never send them today, but nothing forbids it: bin8, bin16, bin32, str8."""
    for packed in (b'\xc4\x01a', b'\xc5\x00\x01a', b'\xc6\x00\x00\x00\x01a', b'\xd9\x01a'):
        assert payload.unpack(packed) == b'a'


def test_text_with_bytes_that_were_undecodable():
    """On Python 3 a file's name carries them as surrogates; the master is to get the name as it is."""
    name = b'caf\xe9'
    text = name.decode('utf-8', 'surrogateescape') if not compat.PY2 else name
    assert payload.unpack(payload.pack({text: [text]})) == {name: [name]}


def test_extensions_of_every_length():
    for size in (1, 2, 3, 4, 8, 16, 17, 255, 256, 65536):
        value = msgpack.ExtType(5, b'x' * size)
        assert payload.unpack(payload.pack([value])) == [value]


# ---- what cannot be sent

class Odd(object):
    pass


def endless():
    loop = []
    loop.append(loop)
    return loop


@pytest.mark.parametrize('value, word', [
    (Odd(), 'Odd'), ([Odd], 'type'), ({u'a': [complex(1, 1)]}, 'complex'), (ValueError('secret'), 'ValueError'),
    (compat.range_(3), 'range'), (len, 'builtin'), (iter([]), 'iterator'), ({(1, 2): 3}, 'key'),
    ({frozenset([1]): 3}, 'key'), ([{u'a': {(): 1}}], 'key'),
    (nested(payload.MAX_DEPTH + 1), 'deep'), (nested(600), ''), (nested(600, lambda inner: {u'a': inner}), ''),
    (endless(), ''),
])
def test_refused_with_the_type_named(value, word):
    with pytest.raises(BadPayload) as caught:
        payload.pack(value)
    assert word in str(caught.value) and '\n' not in str(caught.value) and 'secret' not in str(caught.value)


def test_lone_surrogates():
    """Python 2 has bytes for them, Python 3 has none: never anything but BadPayload."""
    for text in (u'\ud800', u'a\udfffb', {u'\ud800': 1}):
        try:
            assert payload.unpack(payload.pack(text))
            assert compat.PY2
        except BadPayload:
            assert not compat.PY2


def test_too_large_to_send(monkeypatch):
    monkeypatch.setattr(payload, 'LIMIT', 100)
    payload.pack(b'x' * 97)
    with pytest.raises(BadPayload) as caught:
        payload.pack(b'x' * 98)
    assert '101 bytes' in str(caught.value)


def test_endless_from_deep_in_the_stack():
    """Python 3.8 and older abort the process if code runs on past the recursion limit."""
    def refused_at(frames):
        if frames:
            return refused_at(frames - 1)
        for value in (endless(), nested(600), nested(600, lambda inner: {u'a': inner})):
            with pytest.raises(BadPayload):
                payload.pack(value)
        return True
    assert refused_at(0) and refused_at(150) and refused_at(300)


def test_depth_is_the_same_both_ways():
    for wrap in (lambda inner: [inner], lambda inner: {b'a': inner}):
        deepest = nested(payload.MAX_DEPTH, wrap)
        assert payload.unpack(payload.pack(deepest)) == deepest
        payload.to_text_tree(payload.unpack(payload.pack(deepest)))


def test_msgpack_that_does_not_ask_about_large_numbers(monkeypatch):
    """Before 0.4.7 the packer raised OverflowError without calling `default`."""
    real = payload.msgpack.packb

    def old_packb(obj, **options):
        if b'large' in repr(obj).encode('ascii') and str(10 ** 30) + "'" not in repr(obj):
            raise OverflowError('Integer value out of range')
        return real(obj, **options)

    class Old(PureMsgpack):
        packb = staticmethod(old_packb)
    monkeypatch.setattr(payload, 'msgpack', Old)
    tree = {u'large': [10 ** 30, 5, (10 ** 30,)], 10 ** 30: datetime.date(2000, 1, 1)}
    text = str(10 ** 30).encode('ascii')
    assert payload.unpack(payload.pack(tree)) == {b'large': [text, 5, [text]], text: datetime.datetime(2000, 1, 1)}


# ---- what is refused

MALFORMED = {
    'nothing': b'', 'no such byte': b'\xc1', 'no such byte inside': b'\x92\x01\xc1',
    'two values': b'\x01\x02', 'rest after a map': b'\x80\x00', 'text only': b'bad load',
    'string cut short': b'\xa5abcd', 'raw16 without length': b'\xda\x00', 'raw32 without length': b'\xdb\x00\x00\x00',
    'raw16 cut short': b'\xda\x00\x05abcd', 'raw32 of 4 GiB': b'\xdb\xff\xff\xff\xff',
    'bin of 4 GiB': b'\xc6\xff\xff\xff\xff',
    'array of 4 G': b'\xdd\xff\xff\xff\xff', 'map of 4 G': b'\xdf\xff\xff\xff\xff',
    'ext of 4 GiB': b'\xc9\xff\xff\xff\xff\x01',
    'array one short': b'\x92\x01', 'map without value': b'\x81\x01', 'int cut short': b'\xcf\x00\x00',
    'float cut short': b'\xcb\x00', 'fixext cut short': b'\xd8\x01abc', 'ext without type': b'\xc7\x01',
    'list as key': b'\x81\x90\x01', 'map as key': b'\x81\x80\x01', 'list as second key': b'\x82\xa1a\x90\x91\x01\x01',
    'datetime of another length': b'\xc7\x03\x4e' + b'abc', 'empty datetime': b'\xc7\x00\x4e',
    'datetime of letters': b'\xc7\x18\x4e' + b'abcdefghTij:kl:mn.opqrst',
    'datetime out of range': b'\xc7\x18\x4e' + b'20261323T04:05:06.000007',
    'datetime with other marks': b'\xc7\x18\x4e' + b'20261123 04:05:06.000007',
    'datetime not ASCII': b'\xc7\x18\x4e' + b'\xff' * 24,
}


@pytest.mark.parametrize('name', sorted(MALFORMED))
def test_malformed(name):
    with pytest.raises(BadPayload):
        payload.unpack(MALFORMED[name])


@pytest.mark.parametrize('value', [None, 7, u'text', [], bytearray(b'\xc0'), memoryview(b'\xc0')])
def test_not_bytes(value):
    with pytest.raises(BadPayload):
        payload.unpack(value)


def test_every_prefix_of_a_message():
    whole = payload.pack({u'a': [1, 2.5, None, u'x' * 300, {u'k': datetime.datetime(2000, 1, 1)}], u'n': 1 << 40})
    for length in range(len(whole)):
        with pytest.raises(BadPayload):
            payload.unpack(whole[:length])


def test_size_limit():
    packed = payload.pack(b'x' * 100)
    assert payload.unpack(packed, limit=len(packed)) == b'x' * 100
    with pytest.raises(BadPayload) as caught:
        payload.unpack(packed, limit=len(packed) - 1)
    assert '103 bytes' in str(caught.value)


@pytest.mark.parametrize('bomb', [
    b'\x91' * 100000 + b'\x01',                                     # deep lists
    b'\x81\xa1a' * 100000 + b'\x01',                                # deep maps
    (b'\xdd' + struct.pack('>I', 900000)) * 200 + b'\x01' * 900000,  # each of 200 lists claims nearly all there is
    (b'\xdf' + struct.pack('>I', 450000)) * 200 + b'\x01' * 900000,
    b'\xdd' + struct.pack('>I', 1 << 22) + b'\x80' * (1 << 22),     # honest, but a gigabyte as Python objects
], ids=['lists', 'maps', 'claims', 'map claims', 'too many'])
def test_bombs(bomb):
    with pytest.raises(BadPayload):
        payload.unpack(bomb)


def test_errors_do_not_repeat_the_message():
    with pytest.raises(BadPayload) as caught:
        payload.unpack(payload.pack(b'top secret') + b'\x00')
    assert 'secret' not in str(caught.value)


# ---- text

def test_text_tree():
    tree = {b'a': b'caf\xc3\xa9', b'b': [b'x', {b'\xff': b'\xfe'}, 1, None], 5: b'y', None: True}
    assert payload.to_text_tree(tree) == {
        u'a': u'caf\xe9', u'b': [u'x', {b'\xff': b'\xfe'}, 1, None], 5: u'y', None: True}
    assert tree[b'a'] == b'caf\xc3\xa9', 'the original stays'
    assert [type(key) for key in payload.to_text_tree({b'a': 1})] == [compat.text_type]


def test_text_tree_keeps_what_is_named():
    tree = {b'load': b'ascii', b'sig': [b'listed'], b'x': {b'load': b'deeper', b'y': b'z'}}
    assert payload.to_text_tree(tree, keep=('load', 'sig')) == {
        u'load': b'ascii', u'sig': [u'listed'], u'x': {u'load': b'deeper', u'y': u'z'}}


@pytest.mark.parametrize('value, expected', [
    (b'a', u'a'), (b'\xff', b'\xff'), (b'', u''), (7, 7), (None, None), (1.5, 1.5), ([], []), ({}, {}),
    (datetime.datetime(2000, 1, 1), datetime.datetime(2000, 1, 1)),
    (msgpack.ExtType(1, b'a'), msgpack.ExtType(1, b'a')),
])
def test_text_of_single_values(value, expected):
    found = payload.to_text_tree(value)
    assert found == expected and type(found) is type(expected)


# ---- anything at all

scalars = (strategies.none() | strategies.booleans() | strategies.integers(-1 << 63, (1 << 64) - 1)
           | strategies.floats(allow_nan=False) | strategies.binary(max_size=40))
keys = strategies.none() | strategies.integers(-1 << 63, (1 << 64) - 1) | strategies.binary(max_size=40)
trees = strategies.recursive(
    scalars, lambda inner: strategies.lists(inner, max_size=5) | strategies.dictionaries(keys, inner, max_size=5),
    max_leaves=20)


@FUZZ
@given(data=strategies.binary(max_size=200))
def test_any_bytes_are_an_object_or_bad(data):
    try:
        payload.to_text_tree(payload.unpack(data))
    except BadPayload:
        pass


@FUZZ
@given(tree=trees)
def test_any_tree_comes_back(tree):
    assert payload.unpack(payload.pack(tree)) == tree


@FUZZ
@given(tree=trees, cut=strategies.integers(0, 60), insert=strategies.binary(max_size=6))
def test_any_damage_is_an_object_or_bad(tree, cut, insert):
    data = payload.pack(tree)
    try:
        payload.unpack(data[:cut] + insert + data[cut + len(insert):])
    except BadPayload:
        pass


@FUZZ
@given(tree=strategies.recursive(strategies.text(max_size=10) | scalars,
                                 lambda inner: strategies.lists(inner, max_size=4)
                                 | strategies.dictionaries(strategies.text(max_size=5), inner, max_size=4)))
def test_text_survives(tree):
    """A tree of text and what is not valid UTF-8; other bytes cannot be told from text on this wire."""
    def as_text(value):
        if isinstance(value, dict):
            return dict((as_text(key), as_text(item)) for key, item in value.items())
        if isinstance(value, list):
            return [as_text(item) for item in value]
        if not isinstance(value, bytes):
            return value
        try:
            return value.decode('utf-8')
        except UnicodeDecodeError:
            return value
    try:
        packed = payload.pack(tree)
    except BadPayload:                              # surrogates on Python 3
        return
    assert payload.to_text_tree(payload.unpack(packed)) == as_text(tree)
