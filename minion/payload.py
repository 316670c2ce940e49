"""msgpack both ways, in the dialect of the wire: the old raw family only, bounded reading, one kind of error.

Text and bytes share one wire type there, so `unpack` gives bytes everywhere and `to_text_tree` makes text of them
where text is meant. Sources: docs/protocol.md section 1.4 and the captured frames in tests/data/vectors.
"""
from __future__ import absolute_import, division, print_function

import datetime
import struct
from collections import OrderedDict

import msgpack

from minion import compat
from minion.errors import BadPayload

LIMIT = 64 << 20            # bytes of one message; file chunks are 1 MiB, pillars of several MiB occur
MAX_DEPTH = 250             # nested lists and maps; what walks such a tree recursively stays within Python's own limit,
                            # and msgpack 0.6 without C code ends at 255 maps
MAX_ITEMS = 1 << 21         # values in one message: bounds the memory that a small message can claim (an empty map is
                            # one byte on the wire and some 280 in Python 2)

DATETIME = 78               # extension type; body is ASCII YYYYMMDDTHH:MM:SS.ffffff, without time zone

_OPTIONS = (('raw', True), ('strict_map_key', False), ('use_list', True), ('max_str_len', 0x7fffffff),
            ('max_bin_len', 0x7fffffff), ('max_array_len', 0x7fffffff), ('max_map_len', 0x7fffffff),
            ('max_ext_len', 0x7fffffff))


def _accepted(options):
    """Those of the `options` that the installed msgpack knows: `raw` from 0.5.2, `strict_map_key` from 0.6, ..."""
    known = {}
    for name, value in options:
        try:
            msgpack.unpackb(b'\xc0', **{name: value})
        except TypeError:
            continue
        known[name] = value
    return known


def _read_datetime(body):
    """The datetime of an extension body; by hand, as strptime is slow and imports on first use in any thread."""
    text = body.decode('ascii')
    if len(text) != 24 or text[8] + text[11] + text[14] + text[17] != 'T::.':
        raise ValueError('not a datetime')
    cuts = ((0, 4), (4, 6), (6, 8), (9, 11), (12, 14), (15, 17), (18, 24))
    return datetime.datetime(*[int(text[start:end]) for start, end in cuts])


def _read_extension(code, body):
    """A datetime for type 78; every other type stays what it is, an opaque msgpack.ExtType."""
    return _read_datetime(body) if code == DATETIME else msgpack.ExtType(code, body)


if not hasattr(msgpack, 'ExtType'):
    raise ImportError('msgpack 0.4 or newer is needed, this one has no extension types')     # see versions.FLOORS

_UNPACK = dict(_accepted(_OPTIONS), ext_hook=_read_extension)
_PACK = {'use_bin_type': False, 'unicode_errors': compat.SURROGATES}

# What msgpack raises on bytes or objects that it does not take, over all its versions and both its implementations.
# RuntimeError holds Python 3's RecursionError; AttributeError is what 1.0 says to a memoryview on Python 2.
_REFUSALS = (ValueError, TypeError, OverflowError, MemoryError, RuntimeError, AttributeError, struct.error,
             msgpack.UnpackException)


# ---- the survey: bounds are checked on the bytes, before anything is made of them

_UINT = dict((width, struct.Struct(code).unpack_from) for width, code in ((1, '>B'), (2, '>H'), (4, '>I')))


def _fixed_sizes():
    """For each first byte the bytes of the whole value, 0 where that depends on what follows."""
    sizes = [1] * 0x80 + [0] * 0x20 + [1 + length for length in range(0x20)] + [0] * 0x20 + [1] * 0x20
    for first, size in ((0xc0, 1), (0xc2, 1), (0xc3, 1), (0xca, 5), (0xcb, 9)):
        sizes[first] = size
    for number, size in enumerate((2, 3, 5, 9)):
        sizes[0xcc + number] = sizes[0xd0 + number] = size
    for number, size in enumerate((3, 4, 6, 10, 18)):
        sizes[0xd4 + number] = size
    return sizes


_FIXED = _fixed_sizes()
# first byte -> (width of the length field, bytes of head and type in all)
_STRINGS = {0xc4: (1, 2), 0xc5: (2, 3), 0xc6: (4, 5), 0xc7: (1, 3), 0xc8: (2, 4), 0xc9: (4, 6),
            0xd9: (1, 2), 0xda: (2, 3), 0xdb: (4, 5)}
_CONTAINERS = {0xdc: (2, 1), 0xdd: (4, 1), 0xde: (2, 2), 0xdf: (4, 2)}     # (width, values per counted item)


def _variable(data, at):
    """For a value whose head does not tell all: (bytes to step over, values inside or None, True for a map)."""
    first = data[at]
    if first in _STRINGS:
        width, head = _STRINGS[first]
        return head + _UINT[width](data, at + 1)[0], None, False
    if first in _CONTAINERS:
        width, each = _CONTAINERS[first]
        return 1 + width, _UINT[width](data, at + 1)[0] * each, each == 2
    if first == 0xc1:
        raise BadPayload('not msgpack: no value starts with byte 0xc1')
    each = 2 if first < 0x90 else 1                             # 0x8n: n pairs, 0x9n: n values
    return 1, (first & 0x0f) * each, each == 2


def _survey(data):
    """Walk once over the heads of all values: exactly one whole value, bounded in depth, in number, and in claims.

    Every value takes a byte at least, so no list may claim more values than there are bytes: no version of msgpack
    reserves more memory than that. Maps and lists as map keys, which no receiver can take, are refused too.

    :param bytearray data: one message.  :raises BadPayload:  :raises IndexError, struct.error: cut short.
    """
    fixed, most = _FIXED, min(len(data), MAX_ITEMS)
    at, left, in_map, claimed, outer = 0, 1, False, 0, []
    while True:
        while left:
            left -= 1
            size = fixed[data[at]]
            if not size:
                size, values, is_map = _variable(data, at)
                if values is not None:
                    claimed += values
                    if in_map and left & 1:
                        raise BadPayload('a list or map (or a tuple or set) as key of a map')
                    if claimed > most:
                        raise BadPayload('more than %d values claimed in a message of %d bytes' % (most, len(data)))
                    if len(outer) == MAX_DEPTH:
                        raise _too_deep()
                    outer.append((left, in_map))
                    left, in_map = values, is_map
            at += size
        if not outer:
            break
        left, in_map = outer.pop()
    if at != len(data):
        raise BadPayload('not msgpack: %s' % ('cut short' if at > len(data) else 'more than one value'))


def _too_deep():
    return BadPayload('nested deeper than %d levels' % MAX_DEPTH)


# ---- both directions

def unpack(data, limit=LIMIT):
    """The one object in `data`: every string as bytes, lists for arrays, datetime for extension type 78.

    :param bytes data: one whole message.
    :param int limit: bytes that it may have.
    :raises BadPayload: for anything that is not exactly one value within our bounds.
    """
    if not isinstance(data, bytes):
        raise BadPayload('not msgpack: %s instead of bytes' % type(data).__name__)
    if len(data) > limit:
        raise BadPayload('a message of %d bytes, more than the limit of %d' % (len(data), limit))
    try:
        _survey(bytearray(data))
        return msgpack.unpackb(data, **_UNPACK)
    except (IndexError, struct.error):
        raise BadPayload('not msgpack: cut short')
    except _REFUSALS as exc:
        raise BadPayload('not msgpack: %s' % type(exc).__name__)


def pack(obj):
    """`obj` as bytes that masters of every version read, and that `unpack` takes.

    Text becomes UTF-8 (names that came from the file system with undecodable bytes get these back), tuples and sets
    become lists, dates become extension 78, whole numbers beyond 64 bit become decimal text.

    :raises BadPayload: naming the type that cannot be sent, or the bound that is passed.
    """
    try:
        data = _encode(obj)
    except BadPayload:
        raise
    except _REFUSALS as exc:
        raise BadPayload('cannot be sent: %s' % (compat.to_native(str(exc)) or type(exc).__name__))
    if len(data) > LIMIT:
        raise BadPayload('cannot be sent: %d bytes, more than the limit of %d' % (len(data), LIMIT))
    _survey(bytearray(data))
    return data


def pack_known(obj):
    """The same for what needs no survey: a map of texts, numbers and bytes, in which may lie what unpack() gave."""
    return _encode(obj)


def unpack_own(data):
    """What unpack() gives, for bytes that pack() made in this process and nothing else has had."""
    return msgpack.unpackb(data, **_UNPACK)


def repacked(obj):
    """What a master of today makes of `obj` once it has it: the same order, but text and bytes told apart.

    :raises BadPayload: as `pack`.
    """
    data = pack(obj)
    tree = msgpack.unpackb(data, **dict(_UNPACK, object_pairs_hook=_texts))
    return msgpack.packb(_texts_of(tree), default=_plain, use_bin_type=True)


def _texts(pairs):
    return OrderedDict((_texts_of(key), _texts_of(value)) for key, value in pairs)


def _texts_of(value):
    """Text for bytes that are UTF-8, in lists too; the maps have been through _texts()."""
    if type(value) is bytes:
        return _text(value)
    return [_texts_of(item) for item in value] if type(value) is list else value


def _encode(obj):
    try:
        return msgpack.packb(obj, default=_plain, **_PACK)
    except (OverflowError, ValueError):  # msgpack below 0.4.7 does not ask `default` about large numbers
        return msgpack.packb(_without_large_numbers(obj), default=_plain, **_PACK)


def _plain(obj):
    """What to send in place of something that msgpack does not know."""
    if isinstance(obj, datetime.datetime):
        return _extension(obj, obj.hour, obj.minute, obj.second, obj.microsecond)
    if isinstance(obj, datetime.date):
        return _extension(obj, 0, 0, 0, 0)
    if isinstance(obj, (set, frozenset)):
        return list(obj)
    if isinstance(obj, compat.Mapping):
        return dict(obj)
    if isinstance(obj, compat.integer_types):
        return str(obj)
    if isinstance(obj, (bytearray, memoryview)):
        return bytes(bytearray(obj))
    raise BadPayload('cannot be sent: a value of type %s' % type(obj).__name__)


def _extension(day, hour, minute, second, microsecond):
    body = '%04d%02d%02dT%02d:%02d:%02d.%06d' % (day.year, day.month, day.day, hour, minute, second, microsecond)
    return msgpack.ExtType(DATETIME, body.encode('ascii'))


def _without_large_numbers(obj, room=MAX_DEPTH):
    """A copy with decimal text for large numbers. Also reached by what is nested too deeply, so it counts the levels:
    running into Python's own limit here would abort the whole process on Python 3.8 and older.
    """
    if isinstance(obj, msgpack.ExtType) or not isinstance(obj, (dict, list, tuple, set, frozenset)):
        return _decimal(obj)
    if not room:
        raise _too_deep()
    if isinstance(obj, dict):
        found = {}
        for key, value in obj.items():
            found[_decimal(key)] = _without_large_numbers(value, room - 1)
        return found
    items = []
    for item in obj:
        items.append(_without_large_numbers(item, room - 1))
    return items


def _decimal(value):
    large = isinstance(value, compat.integer_types) and not -1 << 63 <= value < 1 << 64
    return str(value) if large else value


def to_text_tree(obj, keep=()):
    """A copy of a tree from `unpack` with text for the bytes that are valid UTF-8, map keys included.

    :param keep: names (text) of map keys whose value, if it is bytes, stays bytes: ciphertexts, signatures, file data.
    """
    kind = type(obj)
    if kind is bytes:
        return _text(obj)
    if kind is list:
        items = []                       # a loop, as a comprehension would double the recursion on Python 3
        for item in obj:
            items.append(to_text_tree(item, keep))
        return items
    if kind is dict:
        return _text_map(obj, keep)
    return obj


def _text_map(tree, keep):
    found = {}
    for key, value in tree.items():
        if type(key) is bytes:
            key = _text(key)
        kind = type(value)
        if kind is bytes:
            found[key] = value if key in keep else _text(value)
        else:
            found[key] = to_text_tree(value, keep) if kind is dict or kind is list else value
    return found


def _text(value):
    try:
        return compat.text_type(value, 'utf-8')          # on Python 2 four times as fast as decode()
    except UnicodeDecodeError:
        return value
