"""The error of renderers, under the name that modules written for Salt know."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import SaltException

AROUND = 5                                       # lines of the text that an error shows before and after its own


class SaltRenderError(SaltException):
    """Text that a renderer cannot read."""
    __module__ = 'salt.exceptions'


def pointed(reason, text, line, path=None):
    """A SaltRenderError that shows the text around a line of it (from 1), or only the reason where that is None.

    :param path: of the file that the text stands in, None for the text that is rendered.
    """
    if line is None:
        return SaltRenderError(reason)
    lines = compat.to_native(text).splitlines()
    first, last = max(line - 1 - AROUND, 0), min(line + AROUND, len(lines))
    shown = [row + ('    <======================' if number == line else '')
             for number, row in enumerate(lines[first:last], first + 1)]
    shown = ['[...]'] * (first > 0) + shown + ['[...]'] * (last < len(lines))
    where = '; line %d\n' % line if path is None else '\n%s(%d):' % (path, line)
    return SaltRenderError('%s%s\n---\n%s\n---' % (reason, where, '\n'.join(shown)))
