"""`salt.utils.decorators`: functions that are there only where they can work."""
from __future__ import absolute_import, division, print_function

import functools
import inspect
import subprocess
import sys

from minion.errors import CommandNotFoundError


class depends(object):                                                                                   # noqa: N801
    """Decorator: the function stays only if all of these are there: names in its module, true values.

    Others are replaced by `fallback_function`, or say what is missing when they are called.
    """

    def __init__(self, *dependencies, **kwargs):
        self._dependencies, self._fallback = dependencies, kwargs.get('fallback_function')
        self._command, self._retcode = dependencies[0] if 'retcode' in kwargs else None, kwargs.get('retcode')
        self._space = inspect.currentframe().f_back.f_globals

    def _missing(self):
        if self._command is not None:
            with open('/dev/null', 'r+b') as nowhere:
                status = subprocess.call(self._command, shell=True, stdout=nowhere, stderr=nowhere)
            return [] if status == self._retcode else [self._command]
        return [name for name in self._dependencies
                if not (name is True or isinstance(name, str) and (name in self._space or name in sys.modules))]

    def __call__(self, function):
        missing = self._missing()
        if not missing:
            return function
        if self._fallback is not None:
            return self._fallback

        @functools.wraps(function)
        def say(*args, **kwargs):
            raise CommandNotFoundError('%s needs %s' % (function.__name__, ', '.join(map(str, missing))))
        return say


def memoize(func):
    """Decorator: a function that is called once for each set of arguments."""
    known = {}

    @functools.wraps(func)
    def call(*args, **kwargs):
        key = repr((args, sorted(kwargs.items())))
        if key not in known:
            known[key] = func(*args, **kwargs)
        return known[key]
    return call


def timing(function):
    """Decorator: the function as it is."""
    return function


def ignores_kwargs(*names):
    """Decorator: keywords of these names are dropped."""
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            return function(*args, **dict(item for item in kwargs.items() if item[0] not in names))
        return call
    return decorate


def ensure_unicode_args(function):
    """Decorator: the function as it is; arguments are native text already."""
    return function
