"""What a job changed in its environment (environ.*): seen by the rest of the job and by its commands, by nobody else.

A job of the reference is a process of its own whose environment ends with it; ours share one process, so that a job
keeps its changes in its context.
"""
from __future__ import absolute_import, division, print_function

from minion import compat

KEY = 'environ.changes'


def changes(context):
    """{name: value, or None for a variable that the job took away}, to be changed by change() alone."""
    return context.get(KEY) or {}


def change(context, name, value):
    """Set a variable for the rest of the job; None takes it away."""
    context[KEY] = dict(changes(context), **{name: value})


def apply(env, context):
    """`env`, {str: str}, as the job sees it."""
    changed = changes(context)
    seen = dict(env, **changed)
    return dict((name, value) for name, value in seen.items() if value is not None)


def seen(context):
    """All variables of this process as the job sees them, as text that every receiver can decode."""
    shown = apply(compat.environment(), context)
    return dict((clean(name), clean(value)) for name, value in shown.items())


def clean(value):
    """`str` in which bytes that are no UTF-8 are replaced."""
    return compat.to_native(compat.decode_lossy(compat.to_bytes(value)))
