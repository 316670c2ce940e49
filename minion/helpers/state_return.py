"""What state functions return."""
from __future__ import absolute_import, division, print_function


def returned(name, result, comment='', changes=None):
    """The dict that every state function returns.

    :param result: True, False, or None for what test mode would do.  :param dict changes: None for none.
    """
    return {'name': name, 'result': result, 'comment': comment, 'changes': {} if changes is None else changes}
