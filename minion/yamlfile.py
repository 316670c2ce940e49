"""Reading YAML files that people write: safe tags only, bounded, duplicate keys refused, native texts inside."""
from __future__ import absolute_import, division, print_function

import codecs
import re

from minion import compat, errors, files

LIMIT = 1 << 20                      # bytes of one file
NODES = 200000                       # values of one file once its aliases are written out
DEPTH = 100

# what the constructors of the safe loader let through for `!!int x`, `2019-13-45` and the like
LEAKS = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError)
SURROGATE = b'\xed\xa0\x80'
ENCODED_SURROGATE = re.compile(b'\xed[\xa0-\xbf]')
MERGE = u'tag:yaml.org,2002:merge'


def read_mapping(path, limit=LIMIT):
    """The mapping that a YAML file holds, {} for an empty file, None when there is no such file.

    Values are mappings, lists and the scalars of YAML 1.1; all text has the native type (UTF-8 bytes on Python 2).

    :raises ConfigError: unreadable, not a regular file, longer than `limit` bytes, no mapping, or as parse().
    """
    try:
        data = files.read(path, limit)
    except (OSError, IOError) as exc:
        raise errors.ConfigError('%s: cannot be read: %s' % (path, files.reason(exc)))
    if data is None:
        return None
    tree = parse(data, path)
    if tree is not None and not isinstance(tree, dict):
        raise errors.ConfigError('%s: holds a %s where a mapping (key: value) is needed' % (path, _kind(tree)))
    return tree or {}


def parse(data, name):
    """What a YAML document of bytes holds; `name` stands in the message.

    :raises ConfigError: not UTF-8, not YAML, a key twice in one mapping, an unsafe tag, too deep or too large.
    """
    text = _decode(data, name)
    yaml = compat.import_yaml()
    try:
        tree = _load(yaml, text)
    except yaml.reader.ReaderError as exc:
        line = text.count(u'\n', 0, exc.position) + 1
        raise _bad(name, line, 'the character #x%04x is not allowed' % exc.character)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        words = ' '.join(compat.to_native(part) for part in (exc.context, exc.problem) if part)
        raise _bad(name, mark.line + 1 if mark else 1, words)
    except RuntimeError:                                       # RecursionError, where that exists
        raise errors.ConfigError('%s: mappings and lists in it are nested too deep' % name)
    return _Copier(name).copy(tree, 0)


def _kind(tree):
    if isinstance(tree, list):
        return 'list'
    return 'text' if compat.is_text(tree) else type(tree).__name__


def _decode(data, name):
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8):]
    at = data.find(b'\x00')
    if at >= 0:
        line = data.count(b'\n', 0, at) + 1
        raise errors.ConfigError('%s: line %d: NUL bytes: the file is damaged, restore it' % (name, line))
    try:
        return data.decode('utf-8')
    except UnicodeDecodeError as exc:
        line = data.count(b'\n', 0, exc.start) + 1
        raise errors.ConfigError('%s: line %d: not UTF-8 (byte 0x%02x)' % (name, line, bytearray(data)[exc.start]))


def _bad(name, line, words):
    return errors.ConfigError('%s: line %d: not valid YAML: %s' % (name, line, ' '.join(words.split())))


def _load(yaml, text):
    """The only document of `text`, by the loader in Python: too deep a file ends in an error, not on the C stack."""
    class Loader(yaml.SafeLoader):
        """SafeLoader that refuses equal keys and turns what its constructors leak into errors with a line."""

        def compose_mapping_node(self, anchor):
            node = yaml.SafeLoader.compose_mapping_node(self, anchor)
            seen = set()
            for key, _ in node.value:
                if not isinstance(key, yaml.ScalarNode) or key.tag == MERGE:
                    continue
                if (key.tag, key.value) in seen:
                    raise _problem(yaml, key, u'the key %s stands twice in one mapping' % key.value)
                seen.add((key.tag, key.value))
            return node

        def construct_object(self, node, deep=False):
            try:
                return yaml.SafeLoader.construct_object(self, node, deep)
            except LEAKS as exc:
                raise _problem(yaml, node, u'this is no value of the type %s (%s)' % (node.tag, type(exc).__name__))

    loader = Loader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _problem(yaml, node, words):
    return yaml.constructor.ConstructorError(None, None, words, node.start_mark)


class _Copier(object):
    """Writes aliases out and makes texts native, within bounds: ten aliases of ten aliases of ... end here."""

    def __init__(self, name):
        self._name, self._left = name, NODES

    def copy(self, value, depth):
        self._left -= 1
        if depth > DEPTH or self._left < 0:
            what = 'nested too deep' if depth > DEPTH else 'too many once its aliases are written out'
            raise errors.ConfigError('%s: mappings and lists in it are %s' % (self._name, what))
        if isinstance(value, dict):
            return dict((self.copy(key, depth + 1), self.copy(item, depth + 1)) for key, item in value.items())
        if isinstance(value, (list, tuple, set)):
            return type(value)(self.copy(item, depth + 1) for item in value)
        if isinstance(value, compat.text_type):
            return self._native(value)
        return value

    def _native(self, value):
        try:
            encoded = value.encode('utf-8')
        except UnicodeEncodeError:
            encoded = SURROGATE
        if ENCODED_SURROGATE.search(encoded):                  # Python 2 encodes what must not be encoded
            raise errors.ConfigError('%s: %r is no text that can be written as UTF-8' % (self._name, value[:40]))
        return encoded if compat.PY2 else value
