"""Names of the caller that stand where a program would also take an option."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import SaltInvocationError


def names(**values):
    """Let pass what no program takes for an option; None passes, too.

    :raises SaltInvocationError: a value is empty or begins with a dash; it says which.
    """
    for name in sorted(values):
        if values[name] is not None:
            text = compat.to_native(compat.shown(values[name]))
            if not text or text.startswith('-'):
                raise SaltInvocationError('%s: %r is no name' % (name, text))
