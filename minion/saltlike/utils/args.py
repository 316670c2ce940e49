"""`salt.utils.args`: arguments of functions."""
from __future__ import absolute_import, division, print_function

import shlex

from minion import compat
from minion.errors import SaltInvocationError


def clean_kwargs(**kwargs):
    """The keywords that a caller gave: without those that begin with two underscores."""
    return dict((name, value) for name, value in kwargs.items() if not name.startswith('__'))


def invalid_kwargs(invalid, raise_exc=True):
    """Refuse keywords, or return the text that says so."""
    if not invalid:
        return ''
    text = 'The following keyword arguments are not valid: ' + ', '.join(
        '%s=%s' % (name, invalid[name]) for name in invalid)
    if raise_exc:
        raise SaltInvocationError(text)
    return text


def split_input(val, mapper=None):
    """A list from a list or from a text with commas."""
    change = mapper or (lambda item: item)
    if isinstance(val, list):
        return [change(item) for item in val]
    return [change(item.strip()) for item in str(val).split(',')]


def shlex_split(text, **kwargs):
    """The words of a command line."""
    return shlex.split(compat.to_native(text), **kwargs) if compat.is_text(text) else text


def get_function_argspec(func, is_class_method=None):
    """args, varargs, keywords and defaults of a function."""
    spec = compat.getargspec(func)
    return spec._replace(args=spec.args[1:]) if is_class_method else spec


def arg_lookup(fun, aspec=None):
    """{args: names without a default, kwargs: {name: default}}."""
    spec = aspec or get_function_argspec(fun)
    first = len(spec.args) - len(spec.defaults or ())
    return {'args': list(spec.args[:first]), 'kwargs': dict(zip(spec.args[first:], spec.defaults or ()))}
