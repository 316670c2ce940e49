"""What state functions return."""
from __future__ import absolute_import, division, print_function


def returned(name, result, comment='', changes=None):
    """The dict that every state function returns.

    :param result: True, False, or None for what test mode would do.  :param dict changes: None for none.
    """
    return {'name': name, 'result': result, 'comment': comment, 'changes': {} if changes is None else changes}


def ensured(name, test, there, texts, do):
    """The return of a state of one step, whose change is {'locale': name}.

    :param bool test: only tell what would be done.  :param bool there: nothing has to be done.
    :param texts: what is said when nothing has to be done, before it is done, once it is done.
    :param do: callable that does it; None, or what is said when it failed.
    """
    if there:
        return returned(name, True, texts[0])
    if test:
        return returned(name, None, texts[1])
    failed = do()
    return returned(name, True, texts[2], {'locale': name}) if failed is None else returned(name, False, failed)
