"""One plug-in file: what it may be called, importing it, asking its `__virtual__`, collecting its functions.

A plug-in is somebody's Python code: whatever it raises while it is imported is caught here and becomes the reason why
it is not there. Described in docs/modules.md.
"""
from __future__ import absolute_import, division, print_function

import logging
import os
import re
import sys
import types

from minion import compat

log = logging.getLogger(__name__)

_VIRTUAL_NAME = re.compile(br'^__virtualname__\s*=\s*[urb]?["\']([\w.-]+)["\']', re.MULTILINE)
NOTHING = {}                       # nobody writes into it
_MISSING_MODULE = re.compile(r"No module named ([^'\s]+)\Z")


class Plugin(object):
    """One file, not imported before load().

    :param str name: of the file, without `.py`.  :param str path: of the file, or of a package's `__init__.py`.
    :param str kind: 'modules', 'grains', ...  :param bool core: it was installed with us.
    :param str provides: the name that the setting `providers` gives it, whatever its `__virtual__` says.
    """
    __slots__ = ('name', 'path', 'kind', 'core', 'provides', 'loaded', 'names', 'functions', 'outputters', 'reason', '_module',
                 '_possible')                            # there is one for each file: 0.1 MB less on Python 2

    def __init__(self, name, path, kind, core, provides=None):
        self.name, self.path, self.kind, self.core, self.provides = name, path, kind, core, provides
        self.loaded = False
        self.names = ()            # what it is called once loaded; empty when it refused
        self.functions = NOTHING   # public name of each function -> callable
        self.outputters = NOTHING  # public name of a function -> name of an outputter
        self.reason = None         # why it refused, '' when it did not say
        self._module, self._possible = None, None

    def possible_names(self):
        """The names under which it may offer functions, None if only its code can tell. Does not import it."""
        if self._possible is None:
            self._possible = ((self.provides,) if self.provides else self._read_names(),)
        return self._possible[0]

    def _read_names(self):
        try:
            with open(self.path, 'rb') as stream:
                source = stream.read()
        except (IOError, OSError):
            return (self.name,)                         # load() reports it
        names = tuple(compat.to_native(found) for found in _VIRTUAL_NAME.findall(source))
        if not names and not self.core and b'__virtual__' in source:
            return None
        return (self.name,) + names

    def load(self, dunders):
        """Import it with the `dunders` in its namespace; sets `names` and `functions`, or `reason`."""
        self.loaded, self.functions, self.outputters = True, {}, {}
        try:
            self._module = self._import(dunders)
            self.fill(dunders)
            self._begin(dunders['__opts__'])
            self.names, self.reason = self._ask_virtual()
            if self.names:
                self._collect()
        except (Exception, SystemExit) as exc:          # foreign code, see above
            self.reason = _reason(exc)
            log.warning('%s: not loaded: %s', self.path, self.reason)
            log.debug('%s:', self.path, exc_info=True)
        except BaseException:                           # the job that asked was ended: the next one asks again
            self.loaded = False
            raise

    def claimed_names(self):
        """The names for which `reason` is an answer."""
        name = getattr(self._module, '__virtualname__', None)
        return (self.name, name) if compat.is_text(name) else (self.name,)

    def fill(self, dunders):
        """Put `__salt__` and its like into the module, in place of what was there."""
        if self._module is not None:
            self._module.__dict__.update(dunders)

    # ---- importing

    def _import(self, dunders):
        parent = ('minion.' if self.core else 'salt.loaded.ext.') + self.kind
        module = types.ModuleType('%s.%s' % (parent, self.name))
        module.__file__ = self.path
        module.__package__ = parent if self.core else ''        # Python 2 warns about a package that is not there
        if os.path.basename(self.path) == '__init__.py':
            folder = compat.to_native(os.path.dirname(self.path))
            module.__path__, module.__package__ = [folder], module.__name__
            compat.forget_package(module.__name__, folder)
        code = compat.installed_code(module.__name__, self.path) if self.core else self._compile()
        module.__dict__.update(dunders)
        if not self.core:
            sys.modules[module.__name__] = module       # pickle, dataclasses and relative imports look there
        exec(code, module.__dict__)
        return module

    def _compile(self):
        """Always from the source: bytecode beside a synced file may belong to the file before it."""
        from minion import saltnames
        with open(self.path, 'rb') as stream:
            source = stream.read()
        if saltnames.wanted_by(source):
            saltnames.provide()
        return compile(source, self.path, 'exec', dont_inherit=True)

    def _begin(self, opts):
        begin = self._module.__dict__.get('__init__')
        if compat.is_function(begin):
            begin(opts)

    # ---- what it is called

    def _ask_virtual(self):
        """(names, None), or ((), reason)."""
        if self.provides:
            return (self.provides,), None
        ask = self._module.__dict__.get('__virtual__')
        if not compat.is_function(ask):
            return (self.name,), None
        answer, reason = ask(), ''
        if isinstance(answer, (tuple, list)):
            answer, reason = (list(answer) + ['', ''])[:2]
        if answer is None:
            log.warning('%s: __virtual__ returned None instead of True or False; taken as False', self.path)
        if not answer:
            log.debug('%s: not loaded: %s', self.path, reason or '__virtual__ returned False')
            return (), compat.shown(reason)
        name = self._module.__dict__.get('__virtualname__')
        if answer is True:
            return (compat.to_native(name) if compat.is_text(name) else self.name,), None
        return (compat.to_native(answer),), None

    # ---- its functions

    def _collect(self):
        space = self._module.__dict__
        aliases, outputters = space.get('__func_alias__', {}), space.get('__outputter__', {})
        for attribute in space.get('__load__') or sorted(space):
            function = space.get(attribute)
            if attribute.startswith('_') or not callable(function) or compat.is_class(function):
                continue
            name = aliases.get(attribute, attribute)
            self.functions[name] = function
            out = outputters.get(attribute, outputters.get(name))
            if compat.is_text(out):
                self.outputters[name] = out


def _reason(error):
    """One line that says why an import failed, in the words of Python 3."""
    text = compat.error_text(error) or type(error).__name__
    return _MISSING_MODULE.sub(r"No module named '\1'", text) if isinstance(error, ImportError) else text
