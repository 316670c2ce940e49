"""Between people and jobs: arguments as typed, values as shown."""
from __future__ import absolute_import, division, print_function

import re
import sys

from minion import compat, showcase

KEYWORD = re.compile(r'([A-Za-z_][A-Za-z0-9_]*)=(.*)\Z', re.DOTALL)
COLOURS = {'master': '36', 'minion': '32', 'job': '1', 'return': '33', 'ready': '32'}


def say(text):
    """One or more lines to standard output, at once, whatever its encoding is; on a terminal with who speaks in colour."""
    stream = getattr(sys.stdout, 'buffer', sys.stdout)
    data = compat.to_bytes(_painted(text) if showcase.wants_color({}, sys.stdout) else text) + b'\n'
    stream.write(data if compat.PY2 or stream is not sys.stdout else compat.to_native(data))
    stream.flush()


def _painted(text):
    word = text.partition(' ')[0]
    return '\033[%sm%s\033[0m%s' % (COLOURS[word], word, text[len(word):]) if word in COLOURS else text


def arguments(typed):
    """Job arguments of what was typed: YAML where it is some, `name=value` as keywords in one map at the end.

    :param typed: native texts.  :return list: as a publication carries them.
    """
    plain, named = [], {}
    for word in typed:
        match = KEYWORD.match(word)
        if match:
            named[match.group(1)] = _value(match.group(2))
        else:
            plain.append(_value(word))
    return plain + [dict(named, __kwarg__=True)] if named else plain


def _value(word):
    """Numbers, booleans, null, lists and maps in brackets; anything else stays the text that it is."""
    yaml = compat.import_yaml()
    try:
        value = yaml.safe_load(word)
    except yaml.YAMLError:
        return word
    if isinstance(value, (bool, float) + compat.integer_types) or word in ('null', '~'):
        return value
    if isinstance(value, (list, dict)) and word[:1] in '[{':
        return value
    return word


def shown(value):
    """The value of a return in lines like YAML: texts as they are, everything else as a block."""
    if compat.is_text(value):
        return compat.to_native(value)
    text = compat.import_yaml().safe_dump(value, default_flow_style=False, allow_unicode=True, encoding='utf-8')
    lines = compat.to_native(text).rstrip('\n').split('\n')
    return '\n'.join(lines[:-1] if lines[-1] == '...' else lines)


def indented(text, by='    '):
    """The text with every line moved to the right."""
    return '\n'.join(by + line for line in text.split('\n'))
