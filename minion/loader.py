"""Finding plug-ins and giving out their functions by name; nothing is imported before it is asked for.

Search order: the folders that the settings name, `extension_modules` (what the master synced), our own. The first file
of a name hides the others. Described in docs/modules.md.
"""
from __future__ import absolute_import, division, print_function

import copy
import fnmatch
import logging
import os
import threading

from minion import compat, memory
from minion.context import JobContext
from minion.plugin import Plugin

log = logging.getLogger(__name__)

HERE = os.path.dirname(os.path.abspath(__file__))
DIRS_SETTING = {'modules': 'module_dirs', 'returners': 'returner_dirs', 'states': 'states_dirs',
                'renderers': 'render_dirs', 'grains': 'grains_dirs', 'utils': 'utils_dirs',
                'outputters': 'outputter_dirs', 'matchers': 'matchers_dirs', 'executors': 'executors_dirs'}
STATEFUL = ('states', 'renderers')   # kinds that see `__states__` and `__env__`
OWN_CONTEXT = ('beacons',)       # kinds whose `__context__` is not that of the execution modules


class Functions(compat.Mapping):
    """'module.function' -> callable; also `functions.module.function`. Looking up a name imports what may provide it.

    :param allowed: file names of the only plug-ins whose functions are given out (`whitelist_modules`), or None.
    """

    def __init__(self, loader, allowed=None):
        self._loader, self._allowed = loader, allowed

    def __getitem__(self, name):
        entry = self._loader.entry(name)
        if entry is None or not self._gives(entry[0]):
            raise KeyError(name)
        return entry[1]

    def _gives(self, plugin):
        return self._allowed is None or plugin.name in self._allowed

    def like(self, pattern):
        """Sorted names that match a glob; imports only modules that may match."""
        table = self._loader.table(pattern.split('.')[0] if '.' in pattern else pattern)
        return sorted(name for name, entry in table.items()
                      if self._gives(entry[0]) and fnmatch.fnmatchcase(name, pattern))

    def plugin_of(self, name):
        """The Plugin that a function comes from.  :raises KeyError:"""
        self[name]
        return self._loader.entry(name)[0]

    def outputter(self, name):
        """The outputter that its module names for a function, or None."""
        return self.plugin_of(name).outputters.get(name.split('.', 1)[1])

    def missing(self, name):
        """Why there is no such function: "'m.f' is not available.", or what its module said."""
        return self._loader.missing(name)

    def __iter__(self):
        return iter(self.like('*'))

    def __len__(self):
        return len(self.like('*'))

    def __bool__(self):
        return True                                  # without importing all of them to count them

    __nonzero__ = __bool__                           # its name on Python 2

    def __getattr__(self, module):
        if module.startswith('_'):
            raise AttributeError(module)
        return _Namespace(self, module)


class _Namespace(object):
    """Makes functions['cmd.run'] readable as functions.cmd.run, which templates do."""

    def __init__(self, functions, module):
        self._functions, self._module = functions, module

    def __getattr__(self, name):
        try:
            return self._functions['%s.%s' % (self._module, name)]
        except KeyError as exc:
            raise AttributeError(exc.args[0])


class Loader(object):
    """The plug-ins of one kind, imported on first use; any thread may ask.

    :param opts: mapping of all settings; modules see a copy.
    :param dict grains, pillar: what `__grains__` and `__pillar__` are.
    :param link: `__minion__`, the door to the agent, or None.
    :param str kind: 'modules', 'grains', 'utils', 'returners', 'states', ...: folder below ours and extension_modules.
    :param Loader parent: the loader of execution modules whose functions are `__salt__`; made when there is none.
    """

    def __init__(self, opts, grains=None, pillar=None, link=None, kind='modules', parent=None):
        if kind != 'modules' and parent is None:
            parent = Loader(opts, grains, pillar, link)
        self._root = parent or self
        self.kind, self.opts = kind, parent.opts if parent else copy.deepcopy(dict(opts))
        self.grains, self.pillar = {} if grains is None else grains, {} if pillar is None else pillar
        self.context = JobContext() if parent is None or kind in OWN_CONTEXT else parent.context
        # Guards all below, of all kinds: plug-ins of one kind call those of another while they are imported.
        self._lock = parent._lock if parent else threading.RLock()
        self._plugins, self._table, self._refusals, self._modules = None, {}, {}, set()
        self._link, self._others, self._shown = link, {}, {}
        self._root._others.setdefault(kind, self)
        self._show_in_opts()
        self._all = Functions(self)
        allowed = _names(self.opts.get('whitelist_%s' % kind))
        self.functions = Functions(self, allowed) if allowed else self._all

    # ---- what is given to modules

    def _dunders(self):
        given = {'__opts__': self.opts, '__grains__': self.grains, '__pillar__': self.pillar, '__proxy__': {},
                '__context__': self.context, '__minion__': self._link, '__salt__': self._root._all,
                '__utils__': self._root.other('utils')._all, '__file_client__': getattr(self._link, 'files', None)}
        if self.kind in STATEFUL:
            given.update(__states__=self._root.other('states')._all, __env__=self.opts.get('saltenv') or 'base')
        return dict(given, **self._shown)

    def show(self, given):
        """Have all modules of this kind see these names, too, those that are imported later included."""
        with self._lock:
            self._shown = dict(self._shown, **given)
            for plugin in self._plugins or ():
                plugin.fill(given)

    def apart(self, settings=None, pillar=None, grains=None, link=None):
        """A new Loader of execution modules, with settings, modules and `__context__` that no other one shares.

        A run of states changes its settings (`test`, `saltenv`, `pillar`) for all that it calls and for nobody else.

        :param dict settings: what differs from the settings of this one.  :param dict pillar, grains: None: the same.
        :param link: another door to the agent, None: the same.
        """
        return Loader(dict(self._root.opts, **(settings or {})), self.grains if grains is None else grains,
                      self.pillar if pillar is None else pillar, link or self._link)

    def update(self, grains=None, pillar=None):
        """Give new grains or pillar (None: the old stay) to this and all other kinds, loaded modules included."""
        with self._lock:
            self.grains = self.grains if grains is None else grains
            self.pillar = self.pillar if pillar is None else pillar
            self._show_in_opts()
            fresh = {'__grains__': self.grains, '__pillar__': self.pillar}
            for plugin in self._plugins or ():
                plugin.fill(fresh)
        if self._root is self:
            for other in list(self._others.values()):
                if other is not self:
                    other.update(grains, pillar)

    def _show_in_opts(self):
        """Modules read grains and pillar in the settings, too."""
        if self._root is self:
            self.opts.update(grains=self.grains, pillar=self.pillar)

    def other(self, kind):
        """The loader of another kind of plug-in, with the same settings and execution modules."""
        root = self._root
        with root._lock:
            if kind not in root._others:
                Loader(root.opts, root.grains, root.pillar, root._link, kind, root)
            return root._others[kind]

    # ---- finding

    def plugins(self):
        """All plug-in files that are not disabled, imported or not: list of Plugin, our own last."""
        with self._lock:
            if self._plugins is None:
                files = self._find()
                found = [Plugin(name, path, self.kind, core) for name, (path, core) in files.items()]
                self._plugins = self._provided(files) + sorted(found, key=lambda plugin: (plugin.core, plugin.name))
            return self._plugins

    def _provided(self, files):
        """The plug-ins that the setting `providers` puts in front of those that call themselves so."""
        chosen = self.opts.get('providers') if self.kind == 'modules' else None
        rows = [(compat.to_native(name), compat.to_native(file_name)) for name, file_name in (chosen or {}).items()
                if compat.is_text(name) and compat.is_text(file_name)]
        return [Plugin(file_name, files[file_name][0], self.kind, files[file_name][1], name)
                for name, file_name in sorted(rows) if file_name in files]

    def _synced(self):
        """Names of the folders below extension_modules: `_output` is the master's name for outputters."""
        return ('output', self.kind) if self.kind == 'outputters' else (self.kind,)

    def _find(self):
        setting = self.opts.get(DIRS_SETTING.get(self.kind)) or []
        extensions = self.opts.get('extension_modules')
        folders = [(folder, False) for folder in ([setting] if compat.is_text(setting) else setting)]
        folders += [(os.path.join(extensions, name), False) for name in self._synced()] if extensions else []
        disabled, found = _names(self.opts.get('disable_%s' % self.kind)), {}
        for folder, core in folders + [(os.path.join(HERE, self.kind), True)]:
            for name, path in _files(folder):
                if name not in disabled:
                    found.setdefault(name, (path, core))
        return found

    # ---- looking up

    def entry(self, name):
        """(Plugin, callable) for 'module.function', or None."""
        if not compat.is_text(name) or '.' not in name:
            return None
        name = compat.to_native(name)
        entry = self._table.get(name)
        if entry is not None:
            return entry
        with self._lock:
            if name in self._table:                  # another job's thread was first
                return self._table[name]
            for plugin in self._candidates(name.split('.', 1)[0]):
                self._load(plugin)
                if name in self._table:
                    return self._table[name]
        return None

    def table(self, pattern):
        """{name: (Plugin, callable)} with all modules imported whose name matches the glob; others may be in it."""
        with self._lock:
            for plugin in self.plugins():
                names = plugin.possible_names()
                if names is None or any(fnmatch.fnmatchcase(name, pattern) for name in names):
                    self._load(plugin)
            return dict(self._table)

    def _candidates(self, module):
        """Plug-ins that may provide `module`, the likeliest first; our own sources are read when these do not do."""
        left = []
        for plugin in self.plugins():
            if plugin.provides:
                if module == plugin.provides:
                    yield plugin
            elif module == plugin.name or not plugin.core and module in (plugin.possible_names() or ()):
                yield plugin
            else:
                left.append(plugin)
        for plugin in left:
            if not plugin.loaded and module in (plugin.possible_names() or (module,)):
                yield plugin

    def _load(self, plugin):
        if plugin.loaded:                            # or just being loaded, by a call from its own __virtual__
            return
        with memory.limit(self.opts.get('modules_max_memory', -1)):
            plugin.load(self._dunders())
        for module in plugin.names:
            self._modules.add(module)
            for name, function in plugin.functions.items():
                self._table.setdefault('%s.%s' % (module, name), (plugin, function))
        if not plugin.names:
            for module in plugin.claimed_names():
                self._refusals.setdefault(module, plugin.reason)

    # ---- what there is

    def missing(self, name):
        """See Functions.missing."""
        module = name.split('.', 1)[0]
        if module in self._modules or module not in self._refusals:
            return "'%s' is not available." % name
        reason = self._refusals[module]
        return "'%s' __virtual__ returned False%s" % (module, ': ' + reason if reason else '')

    def providers(self):
        """{file name: names of the modules that it provides} for every plug-in; empty names for those that refused."""
        self.table('*')
        return dict((plugin.name, plugin.names) for plugin in self.plugins() if not plugin.provides)


def _names(setting):
    """A set of names from a list or a comma-separated text."""
    if compat.is_text(setting):
        setting = setting.split(',')
    return set(compat.to_native(name).strip() for name in setting or ())


def _files(folder):
    """(name, path) of the plug-ins in a folder: `name.py`, or a package `name/__init__.py`."""
    try:
        entries = sorted(os.listdir(folder))
    except OSError as exc:
        if os.path.isdir(folder):
            log.warning('%s: cannot be searched for plug-ins: %s', folder, exc.strerror)
        return
    for entry in entries:
        name, ending = os.path.splitext(entry)
        if name[:1] in ('_', '.') or '.' in name:
            continue
        package = os.path.join(folder, entry, '__init__.py')
        if ending == '.py':
            yield name, os.path.join(folder, entry)
        elif not ending and os.path.isfile(package):
            yield name, package
