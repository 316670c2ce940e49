"""What outputters share: text of any value, names in order, trees that a serialiser takes."""
from __future__ import absolute_import, division, print_function

from minion import compat


def native(value):
    """The text that print() of Python 3 would show."""
    return compat.to_native(compat.shown(value))


def ordered(mapping):
    """The keys of a mapping in order, by their text where they cannot be compared."""
    try:
        return sorted(mapping)
    except TypeError:
        return sorted(mapping, key=native)


def texts(value):
    """A copy for json: on Python 2 every text is unicode, so that both of its kinds may stand side by side."""
    if isinstance(value, compat.Mapping):
        return dict((texts(key), texts(item)) for key, item in value.items()) if compat.PY2 else value
    if isinstance(value, (list, tuple)):
        return [texts(item) for item in value] if compat.PY2 else value
    return compat.to_text(value) if compat.PY2 and isinstance(value, bytes) else value


def plain(value):
    """A copy made of dict, list and what they hold: a safe YAML dumper refuses types derived from these."""
    if isinstance(value, compat.Mapping):
        return dict((key, plain(item)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value
