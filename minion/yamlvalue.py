"""One text argument of a command line into a typed value, by the rules that Salt's command line has.

YAML 1.1 scalars and flow collections, with exceptions; source: the table `arg_parsing` measured on the reference
(tests/data/parity/arg_parsing.json). Plain words and numbers do not need the YAML library, so that a minion which is
asked for nothing else never loads it.
"""
from __future__ import absolute_import, division, print_function

import datetime
import re

from minion import compat

LIMIT = 1 << 18             # characters given to the YAML parser, which takes seconds for that many; longer stays text

_WORDS = {'null': None, 'Null': None, 'NULL': None, 'None': None, '~': None}
for _name, _value in (('true', True), ('yes', True), ('on', True), ('false', False), ('no', False), ('off', False)):
    for _word in (_name, _name.capitalize(), _name.upper()):
        _WORDS[_word] = _value

_PLAIN_WORD = re.compile(r'[A-Za-z_/][A-Za-z0-9_./-]*\Z')
_PLAIN_INT = re.compile(r'(?:0+[0-7]*|[-+]?[1-9][0-9]*)\Z')
_PLAIN_FLOAT = re.compile(r'[-+]?[0-9]+\.[0-9]*\Z')
_DIGITS = re.compile(r'[0-9_]*_[0-9_]*\Z')
_BLANKS = u' \t\r\n'


def value_of(text):
    """The value that a text argument stands for: '5' -> 5, '[1, 2]' -> list, 'None' -> None, 'a: b' -> itself.

    What is not YAML, or YAML of a kind that no function expects (dates, mappings without braces), stays the text.
    Anchors and references are not followed. Everything but text passes.
    """
    if not compat.is_text(text):
        return text
    text = compat.to_native(text)
    inner = text.strip(compat.to_native(_BLANKS))
    if not inner or _DIGITS.match(inner):
        return text
    if inner in _WORDS:
        return _WORDS[inner]
    if _PLAIN_WORD.match(inner):
        return inner
    if _PLAIN_INT.match(inner):
        return int(inner)
    if _PLAIN_FLOAT.match(inner):
        return float(inner)
    return _parsed(text)


def _parsed(text):
    yaml = compat.import_yaml()
    if len(text) > LIMIT:
        return text
    try:
        value = compat.native_tree(yaml.load(text, Loader=_loader_class(yaml)))
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RuntimeError):
        return text         # not YAML, a number or date that does not exist, nested too deep: then it is text
    return value if _wanted(text, value) else text


def _wanted(text, value):
    """False where the text means itself although YAML reads something else."""
    if isinstance(value, dict):
        return text.startswith('{')
    if isinstance(value, list):
        return text.startswith('[')
    if isinstance(value, datetime.date):
        return False
    if value is None:
        return not ('#' in text or text.strip() == '!')
    if compat.is_text(value):
        return not ('#' in text or '\n' in text.strip() or (not value and text.strip() in ('|', '!')))
    return True


def _loader_class(yaml):
    class Loader(yaml.SafeLoader):
        """Safe YAML in which 0777 is seven hundred seventy-seven and nothing refers to anything."""

        def compose_node(self, parent, index):
            if self.check_event(yaml.events.AliasEvent):
                raise yaml.composer.ComposerError(None, None, 'references are not taken', None)
            return yaml.SafeLoader.compose_node(self, parent, index)

        def construct_number(self, node):
            value = node.value
            if value.startswith('0') and not value.startswith(('0b', '0x')):
                node.value = value.lstrip('0') or '0'
            return self.construct_yaml_int(node)

    Loader.add_constructor('tag:yaml.org,2002:int', Loader.construct_number)
    return Loader
