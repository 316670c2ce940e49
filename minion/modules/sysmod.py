"""What this minion offers: functions, modules, their documentation and arguments. Results: tests/data/parity/returns/sys.json.

Runners belong to the master: their lists are empty here. `__minion__.functions()` is the loader of execution modules;
its other() gives those of returners, states and renderers.
"""
from __future__ import absolute_import, division, print_function

import fnmatch

from minion import compat
from minion.helpers import rendering

__virtualname__ = 'sys'
_SIMPLE = ('boolean', 'integer', 'number', 'string')        # any of them, as a state says nothing about kinds


def __virtual__():
    return __virtualname__


# ---- execution modules

def doc(*args):
    """Mapping of function names to docstrings; `args` are modules, functions or globs, none means all.

    CLI: salt '*' sys.doc test.ping 'cmd.*'
    """
    return _docs('modules', args)


def argspec(module=''):
    """Mapping of function names to {'args', 'defaults', 'varargs', 'kwargs'}, None for what a function has not.

    `module` is a module, function or glob; '' means none. CLI: salt '*' sys.argspec pkg.install
    """
    return _argspecs('modules', module)


def list_functions(*args, **kwargs):
    """Sorted names of all functions, or those of the modules or globs `args`. CLI: salt '*' sys.list_functions sys"""
    return _names('modules', args)


def list_modules(*args):
    """Sorted names of all modules, or those that match the globs in `args`. CLI: salt '*' sys.list_modules 's*'"""
    return _modules('modules', args)


def reload_modules(initial_load=False, context=None):
    """Have the minion look for new and changed execution modules. CLI: salt '*' sys.reload_modules"""
    __minion__.refresh('modules')


# ---- other kinds of plug-in

def list_returners(*args):
    """As list_modules, for returners. CLI: salt '*' sys.list_returners"""
    return _modules('returners', args)


def list_returner_functions(*args, **kwargs):
    """As list_functions, for returners. CLI: salt '*' sys.list_returner_functions"""
    return _names('returners', args)


def returner_doc(*args):
    """As doc, for returners. CLI: salt '*' sys.returner_doc"""
    return _docs('returners', args)


def returner_argspec(module=''):
    """As argspec, for returners. CLI: salt '*' sys.returner_argspec"""
    return _argspecs('returners', module)


def list_state_modules(*args):
    """As list_modules, for state modules. CLI: salt '*' sys.list_state_modules"""
    return _modules('states', args)


def list_state_functions(*args, **kwargs):
    """As list_functions, for states. CLI: salt '*' sys.list_state_functions file"""
    return _names('states', args)


def state_doc(*args):
    """As doc, for states. CLI: salt '*' sys.state_doc file.managed"""
    return _docs('states', args)


def state_argspec(module=''):
    """As argspec, for states. CLI: salt '*' sys.state_argspec pkg.installed"""
    return _argspecs('states', module)


def state_schema(module=''):
    """List of JSON schemas, one for each state function that `module` (module, function or glob) names: its arguments.

    CLI: salt '*' sys.state_schema pkg.installed
    """
    specs = state_argspec(module)
    return [_schema(name, specs[name]['args'] or [], specs[name]['defaults'] or []) for name in sorted(specs)]


def _schema(name, arguments, defaults):
    given = dict(zip(arguments[len(arguments) - len(defaults):], defaults))
    shown = {}
    for each in arguments:
        default = {} if given.get(each) is None else {'default': given[each]}
        shown[each] = {'oneOf': [dict(default, type=kind, title=each, description=each) for kind in _SIMPLE]}
    return {'$schema': 'http://json-schema.org/draft-04/schema#', 'title': name, 'description': name, 'type': 'object',
            'properties': shown, 'x-ordering': arguments, 'additionalProperties': False}


def list_renderers(*args):
    """Sorted names of the renderers, or those that match the globs in `args`. CLI: salt '*' sys.list_renderers"""
    found = set(_modules('renderers', args))
    found.update(name for name in rendering.NAMES if any(fnmatch.fnmatchcase(name, one) for one in args or ('*',)))
    return sorted(found)


def renderer_doc(*args):
    """Mapping of renderer functions to docstrings. CLI: salt '*' sys.renderer_doc"""
    return _docs('renderers', args)


def list_runners(*args):
    """An empty list: runners belong to the master. CLI: salt '*' sys.list_runners"""
    return []


def list_runner_functions(*args, **kwargs):
    """An empty list: runners belong to the master. CLI: salt '*' sys.list_runner_functions"""
    return []


def runner_doc(*args):
    """An empty mapping: runners belong to the master. CLI: salt '*' sys.runner_doc"""
    return {}


def runner_argspec(module=''):
    """An empty mapping: runners belong to the master. CLI: salt '*' sys.runner_argspec"""
    return {}


# ---- how it is found out

def _functions(kind):
    loader = __minion__.functions()
    return loader.functions if kind == 'modules' else loader.other(kind).functions


def _names(kind, wanted):
    """Sorted names of the functions that are, or belong to, or match one of the `wanted`."""
    functions, found = _functions(kind), set()
    for one in wanted or ('*',):
        one = compat.to_native(one) if compat.is_text(one) else str(one)
        found.update(functions.like(one if '.' in one or '*' in one else one + '.*'))
    return sorted(found)


def _modules(kind, wanted):
    functions, found = _functions(kind), set()
    for one in wanted or ('*',):
        found.update(name.split('.', 1)[0] for name in functions.like(one + '.*'))
    return sorted(found)


def _docs(kind, wanted):
    functions = _functions(kind)
    return dict((name, functions[name].__doc__) for name in _names(kind, wanted))


def _argspecs(kind, wanted):
    functions = _functions(kind)
    return dict((name, _argspec(functions[name])) for name in _names(kind, [wanted]))


def _argspec(function):
    try:
        spec = compat.getargspec(function)
    except TypeError:                            # something callable without a signature
        return {'args': None, 'defaults': None, 'varargs': True, 'kwargs': True}
    return {'args': list(spec.args) or None, 'defaults': [_plain(value) for value in spec.defaults or ()] or None,
            'varargs': True if spec.varargs else None, 'kwargs': True if spec.keywords else None}


def _plain(value):
    """A default value, in its text form if it is of a type that is not sent."""
    if value is None or compat.is_text(value) or isinstance(value, (bool, float) + compat.integer_types):
        return value
    return list(value) if isinstance(value, (list, tuple)) and not value else repr(value)
