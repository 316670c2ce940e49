"""`salt.utils.functools`: functions under other names and in other modules."""
from __future__ import absolute_import, division, print_function

import types


def namespaced_function(function, global_dict, defaults=None, preserve_context=None):
    """A function of another module that reads its names, such as __salt__, in `global_dict`."""
    space = dict(function.__globals__, **global_dict) if preserve_context else global_dict
    made = types.FunctionType(function.__code__, space, function.__name__, defaults or function.__defaults__,
                              function.__closure__)
    made.__dict__.update(function.__dict__)
    made.__doc__ = function.__doc__
    return made


def alias_function(fun, name, doc=None):
    """The same function under another name."""
    made = types.FunctionType(fun.__code__, fun.__globals__, str(name), fun.__defaults__, fun.__closure__)
    made.__dict__.update(fun.__dict__)
    made.__doc__ = doc if doc and isinstance(doc, str) else 'This function is an alias of ``%s``.' % fun.__name__
    return made
