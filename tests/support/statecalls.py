"""State functions called with execution modules that the test makes up."""
from __future__ import absolute_import, division, print_function

import importlib


class Module(object):
    """A state module as the loader fills it: `salt` is its `__salt__`, a dict of functions, in which calls are noted.

    :ivar list calls: (name, positional arguments) of the execution functions that were called and change something.
    """

    def __init__(self, monkeypatch, name, **functions):
        self.calls, self.salt = [], {}
        self._module, self._monkeypatch = importlib.import_module('minion.states.' + name), monkeypatch
        for dunder, value in (('__salt__', self.salt), ('__grains__', {'os': 'Debian', 'kernel': 'Linux'}),
                               ('__env__', 'base')):
            monkeypatch.setattr(self._module, dunder, value, raising=False)
        self.name = name
        self.gives(name, **functions)

    def gives(self, module, **functions):
        """Execution functions of a module: each a value to return, a callable, or an exception to raise."""
        for function, answer in functions.items():
            self.salt['%s.%s' % (module, function)] = self._noted('%s.%s' % (module, function), answer)

    def _noted(self, name, answer):
        def call(*args, **kwargs):
            self.calls.append((name, args))
            if isinstance(answer, Exception):
                raise answer
            return answer(*args, **kwargs) if callable(answer) else answer
        return call

    def called(self, name):
        """Positional arguments of every call of a function."""
        return [args for called, args in self.calls if called == name]

    def __call__(self, function, *args, **kwargs):
        """(result, comment, changes) of a state function; `test` is the setting of that name."""
        self._monkeypatch.setattr(self._module, '__opts__', {'test': kwargs.pop('test', False)}, raising=False)
        answer = getattr(self._module, function)(*args, **kwargs)
        assert answer['name'] in ('', args[0] if args else kwargs['name'])
        return answer['result'], answer['comment'], answer['changes']
