"""Reading YAML files that people write: safe tags only, bounded, duplicate keys refused, native texts inside."""
from __future__ import absolute_import, division, print_function

import codecs
import re

from minion import compat, errors, files
from minion.helpers import textform

LIMIT = 1 << 20                      # bytes of one file

# what the constructors of the safe loader let through for `!!int x`, `2019-13-45` and the like
LEAKS = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError)
UNUSUAL = re.compile(u'[^\t\n\r -~]')
MERGE, VALUE, TEXT = [u'tag:yaml.org,2002:' + name for name in (u'merge', u'value', u'str')]


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
    try:
        return textform.tree(tree)
    except ValueError as exc:
        raise errors.ConfigError('%s: %s' % (name, exc))


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

        def check_printable(self, data):
            if UNUSUAL.search(data):                 # only then: to compile PyYAML's own pattern takes 9 ms
                yaml.SafeLoader.check_printable(self, data)

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

        def flatten_mapping(self, node):
            """Put what `<<` names in front of the mapping's own keys, which win; of several sources the first wins.

            PyYAML 6.0.4 mixes up keys of one character here and drops the winner.
            """
            merged, own = [], []
            for key, value in node.value:
                if key.tag != MERGE:
                    key.tag = TEXT if key.tag == VALUE else key.tag
                    own.append((key, value))
                    continue
                for source in value.value[::-1] if isinstance(value, yaml.SequenceNode) else [value]:
                    if not isinstance(source, yaml.MappingNode):
                        raise _problem(yaml, source, u'<< needs a mapping, or a list of mappings')
                    self.flatten_mapping(source)
                    merged += source.value
            if merged:
                node.value = _last_ones(merged + own, yaml)

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


def _last_ones(pairs, yaml):
    """Of pairs with equal scalar keys the last one each, so that merging again and again cannot multiply them."""
    kept, seen = [], set()
    for key, value in reversed(pairs):
        name = (key.tag, key.value) if isinstance(key, yaml.ScalarNode) else id(key)
        if name not in seen:
            seen.add(name)
            kept.append((key, value))
    return kept[::-1]


def _problem(yaml, node, words):
    return yaml.constructor.ConstructorError(None, None, words, node.start_mark)
