"""Collects the grains of this host: ours, those of plug-ins, of CONFIG_DIR/grains and of the setting `grains`.

Order, later values win: our files core_*; plug-ins from extension_modules/grains, then from `grains_dirs`; our other
files; CONFIG_DIR/grains; the setting `grains`. Source: tests/data/parity/grains.json, static_and_custom.
"""
from __future__ import absolute_import, division, print_function

import copy
import logging
import os
import re
import threading

from minion import compat, errors, globbing, grainfiles, payload
from minion.helpers import lookup, staticgrains
from minion.plugin import Plugin

log = logging.getLogger(__name__)

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'grains')
DEADLINE = 5.0              # seconds that all() waits for name servers and programs
PATIENCE = 3.0              # seconds that it waits for a child that collects ahead


class Grains(object):
    """The grains of this host, collected when first asked for; any thread may ask.

    What asks name servers or programs runs on threads of its own. all() waits for them, but not longer than `deadline`
    after the collection began; until then, and when they need longer, a guess stands in their place.

    :param dict opts: settings; plug-ins see a copy.
    :param plugin_dirs: folders of plug-ins, before those that the settings name.
    :param callable static: gives the setting `grains` anew at each collection; default: the one in `opts`.
    :param float deadline: seconds.
    :param Apart ahead: a child that runs ahead() since the start of the process.
    """

    def __init__(self, opts, plugin_dirs=(), static=None, deadline=DEADLINE, ahead=None):
        self._opts, self._plugin_dirs, self._deadline = opts, list(plugin_dirs), deadline
        self._static = static or (lambda: opts.get('grains'))
        self._collection, self._ahead = None, ahead            # the first is replaced as a whole
        self._lock = threading.Lock()             # the first collection is made once

    def all(self):
        """All grains, as a dict of the caller's own whose values are shared."""
        return dict(self._current().merged(wait=True))

    def get(self, name, default=None):
        """One grain; does not wait for others that take longer."""
        collection = self._current()
        return collection.merged(wait=collection.awaits(name)).get(name, default)

    def guessing(self):
        """True while guesses stand in the place of grains that take longer."""
        return bool(self._current().pending())

    def refresh(self):
        """Collect anew; plug-ins are read anew, too. all() gives the old grains until this returns."""
        old = self._collection
        self._collection = self._collect(old.merged(wait=False) if old is not None else {})

    def _current(self):
        with self._lock:
            if self._collection is None:
                cached = grainfiles.read_cache(grainfiles.cache_path(self._opts),
                                               self._opts.get('grains_cache_expiration', 300))
                cached = self._from_ahead() if cached is None else cached
                self._collection = self._collect({}) if cached is None else _Collection.ready(cached)
            return self._collection

    def _from_ahead(self):
        """The grains that the child has collected meanwhile; None when there is no child, or it needs long."""
        ahead, self._ahead = self._ahead, None
        grains = ahead.result(PATIENCE, lambda: None) if ahead is not None else None
        if grains and 'pid' in grains:
            grains['pid'] = os.getpid()
        return grains

    def _collect(self, known):
        collection = _Collection(self._opts, self._static(), self._deadline, known)
        collection.run(self._folders())
        path = grainfiles.cache_path(self._opts)
        if path is not None:
            grains = collection.merged(wait=True)
            if not collection.pending():          # guesses are not kept
                grainfiles.write_cache(path, grains)
        return collection

    def _folders(self):
        extensions, named = self._opts.get('extension_modules'), self._opts.get('grains_dirs') or []
        synced = [os.path.join(extensions, 'grains')] if extensions else []
        return self._plugin_dirs + synced + ([named] if compat.is_text(named) else list(named))


def ahead(config):
    """All grains of a Config, None if some are not there in time.

    For a child (minion.apart): it works while its parent signs in, and what the collecting loads, 2 MB, ends with it.
    """
    grains = Grains(config.plain())
    found = grains.all()
    return None if grains.guessing() else found


class _Part(object):
    """What one function gave; until then `pending` holds the names of what it will bring, `grains` guesses of them."""

    def __init__(self, grains, pending=()):
        self.grains, self.pending = grains, pending


class _Collection(object):
    """One run through all sources. The parts are merged in their order whenever one of them has changed.

    :param dict known: grains of the run before, better guesses than those of the sources.
    """

    def __init__(self, opts, static, deadline, known):
        self._opts, self._static, self._known = opts, static if isinstance(static, compat.Mapping) else {}, known
        self._until = compat.monotonic() + deadline
        self._parts, self._merged, self._told = [], None, False
        self._news = threading.Condition()        # guards these and the parts' content; told when a part is there
        self._dunders = {'__context__': {}, '__grains__': {}, '__pillar__': {}, '__utils__': {}}

    @classmethod
    def ready(cls, grains):
        """A collection that consists of what the cache held."""
        collection = cls({}, None, 0, {})
        collection._parts.append(_Part(grains))
        return collection

    # ---- reading

    def merged(self, wait):
        """The grains as they are now; with `wait`, once all parts are there or the time is up."""
        with self._news:
            while wait and self._pending():
                left = self._until - compat.monotonic()
                if left <= 0:
                    self._tell()
                    break
                self._news.wait(left)
            if self._merged is None:
                self._merged = self._merge()
            return self._merged

    def awaits(self, name):
        """True if a part that is not there yet will bring this grain."""
        return name in self.pending()

    def pending(self):
        """Names of the grains that are not there yet."""
        with self._news:
            return self._pending()

    def _pending(self):
        return [name for part in self._parts for name in part.pending]

    def _tell(self):
        if not self._told:
            self._told = True
            log.warning('grains %s: no answer in time, going on with guesses; check the name servers and the programs '
                        'that tell them', ', '.join(self._pending()))

    def _merge(self):
        grains, deep = {}, self._opts.get('grains_deep_merge') is True
        for part in self._parts:
            if deep:
                grains = lookup.merged(grains, part.grains)
            else:
                grains.update(part.grains)
        grains.update(self._static)
        return grains

    # ---- collecting

    def run(self, folders):
        """Ask every source; slow ones are left to threads."""
        theirs = _plugins(folders, core=False)
        hidden = set(plugin.name for plugin in theirs)
        ours = [plugin for plugin in _plugins([HERE], core=True) if plugin.name not in hidden]
        first = [plugin for plugin in ours if plugin.name.startswith('core_')]
        for plugin in first + theirs + [plugin for plugin in ours if plugin not in first]:
            opts = self._opts if plugin.core else copy.deepcopy(dict(self._opts))
            plugin.load(dict(self._dunders, __opts__=opts))
            self._ask(plugin)
        self._add(_Part(self._allowed(grainfiles.read_static(staticgrains.path(self._opts)))))

    def _ask(self, plugin):
        slow = []
        for name in sorted(plugin.functions):
            function = plugin.functions[name]
            if getattr(function, 'brings', None):
                slow.append((_Part(self._guess(function), function.brings), name))
                self._add(slow[-1][0])
            else:
                self._add(_Part(self._answer(plugin, name)))
        if slow:
            thread = threading.Thread(target=self._ask_slowly, args=(plugin, slow), name='grains-' + plugin.name)
            thread.daemon = True                  # a resolver that hangs must not hold up the end of the process
            thread.start()

    def _guess(self, function):
        guess = dict(getattr(function, 'meanwhile', dict)())
        guess.update((name, self._known[name]) for name in function.brings if name in self._known)
        return self._allowed(guess)

    def _ask_slowly(self, plugin, slow):
        for part, name in slow:
            grains = self._answer(plugin, name)
            with self._news:
                part.grains, part.pending, self._merged = grains, (), None
                self._news.notify_all()

    def _add(self, part):
        with self._news:
            self._parts.append(part)
            self._merged = None

    def _answer(self, plugin, name):
        """The grains that a plug-in's function gives, {} if it fails: this is somebody's Python code."""
        function = plugin.functions[name]
        try:
            keywords = {'grains': dict(self.merged(wait=True))} if 'grains' in compat.getargspec(function).args else {}
            grains = function(**keywords)
            if isinstance(grains, dict) and not plugin.core:
                payload.pack(grains)              # or all grains could not be sent
        except errors.BadPayload as exc:
            log.critical('%s: the grains of %s are left out: %s', plugin.path, name, exc)
            return {}
        except (Exception, SystemExit) as exc:    # foreign code, see above
            log.critical('%s: the grains of %s are left out: %s: %s', plugin.path, name, type(exc).__name__, exc)
            log.debug('%s: %s:', plugin.path, name, exc_info=True)
            return {}
        return self._allowed(grains) if isinstance(grains, dict) else {}

    def _allowed(self, grains):
        patterns = self._opts.get('grains_blacklist') or ()
        patterns = [patterns] if compat.is_text(patterns) else patterns
        return dict((name, grains[name]) for name in grains if not any(_fits(name, pattern) for pattern in patterns))


def _fits(name, pattern):
    """True if a name is what a pattern says: itself, a glob, or a regular expression for all of it."""
    name, pattern = compat.to_text(compat.shown(name)), compat.to_text(compat.shown(pattern))
    if name == pattern or globbing.fits(name, pattern):
        return True
    try:
        return re.match(u'(?:%s)\\Z' % pattern, name, re.UNICODE) is not None
    except (re.error, RuntimeError, OverflowError):           # not one: then it was a glob
        return False


def _plugins(folders, core):
    """The Plugin files of folders, in their order; the first of a name hides the others."""
    found, seen = [], set()
    for folder in folders:
        for name, path in _files(folder):
            if name not in seen:
                seen.add(name)
                found.append(Plugin(name, path, 'grains', core))
    return found


def _files(folder):
    try:
        entries = sorted(os.listdir(folder))
    except OSError:                               # the synced ones have no folder before the first sync
        return
    for entry in entries:
        name, ending = os.path.splitext(entry)
        package = os.path.join(folder, entry, '__init__.py')
        if ending == '.py' and name[:1] not in ('_', '.') and '.' not in name:
            yield name, os.path.join(folder, entry)
        elif not ending and name[:1] not in ('_', '.') and os.path.isfile(package):
            yield name, package
