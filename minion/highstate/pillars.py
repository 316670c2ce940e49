"""The pillar of a minion without a master: SLS files of pillar_roots -> one mapping, with its errors.

    Pillar(opts, tree, room).compiled(override, external) -> mapping

Results: tests/data/parity/pillar_roots.json.
"""
from __future__ import absolute_import, division, print_function

import copy
import fnmatch
import logging

from minion import compat
from minion.helpers import merging
from minion.highstate import decrypting, pillartops, reading

log = logging.getLogger(__name__)

NOT_THERE = "Specified SLS '%s' in environment '%s' is not available on the salt master"
NO_LIST = "Include Declaration in SLS '%s' is not formed as a list"


class Pillar(object):
    """One pillar; made for each.

    :param opts: settings in force, with pillarenv and saltenv as asked for.
    :param Tree tree: of pillar_roots.
    :param room: what files are rendered in: room.render(env, copy, variables) -> what a file says, which may raise anything;
        room.fits(kind of target, target) -> bool; room.see(pillar): both know this pillar from now on;
        room.decrypt(value, renderer) -> value, or raises SaltRenderError.
    """

    def __init__(self, opts, tree, room):
        self._opts, self._tree, self._room = opts, tree, room
        self._ignored, self.errors = {}, []

    def compiled(self, override=None, external=None):
        """The pillar; what could not be had is told below `_errors`.

        :param dict override: laid under all that the files say and over it again.
        :param callable external: external(pillar) -> (pillar, errors) with the external pillars in it, or None.
        """
        override, first = override or {}, bool(external and self._opts.get('ext_pillar_first'))
        tops = pillartops.PillarTops(self._opts, self._tree, self._render_top)
        top, self._ignored = tops.top(), tops.ignored
        pillar = copy.deepcopy(override)
        if first:
            pillar = self._with_external(pillar, external)
            self._room.see(pillar)
        wanted = pillartops.chosen(top, self._room.fits, self._opts.get('pillarenv'))
        found = self._of_files(wanted, copy.deepcopy(override))
        pillar = self.merged(pillar, found) if first else found
        if external and not first:
            pillar = self._with_external(pillar, external)
        return self._finished(pillar, self.errors + tops.errors, override)

    def _with_external(self, pillar, external):
        pillar, errors = external(pillar)
        self.errors += errors
        return pillar

    def _finished(self, pillar, errors, override):
        if self._opts.get('pillar_opts'):
            pillar['master'] = shown_settings(self._opts)
        if errors:
            log.critical('errors in the pillar: %d; its key _errors names them', len(errors))
            pillar['_errors'] = errors
        pillar = self.merged(pillar, override) if override else pillar
        pillar, wrong = decrypting.of_settings(pillar, self._opts, self._room.decrypt)
        if wrong:                                    # told twice, by chance of the reference's way of keeping them
            pillar['_errors'] = errors + wrong if errors or override else wrong * 2
        return pillar

    def merged(self, below, above):
        """Two pillars in one, in the way that the settings say."""
        return merging.merged(below, above, self._opts.get('pillar_source_merging_strategy') or 'smart',
                              bool(self._opts.get('pillar_merge_lists')))

    def _render_top(self, env, path):
        copied = self._tree.copy(path, env)
        return self._room.render(env, copied, reading.variables('', path, copied)) if copied else None

    def _of_files(self, wanted, pillar):
        for env, patterns in wanted.items():
            done = set()                             # names of files of this environment that were read
            for pattern in patterns:
                names = self._tree.names(env)
                if names is None:
                    self.errors.append("No matching pillar environment for environment '%s' found" % env)
                    continue
                for sls in fnmatch.filter(names, pattern) or [pattern]:
                    found, errors = self._read(sls, env, done, {})
                    self.errors += errors
                    pillar = pillar if found is None else self.merged(pillar, found)
        return pillar

    # ---- one file

    def _read(self, sls, env, done, defaults):
        """(mapping or None, errors) of one file and of what it includes."""
        done.add(sls)
        place = self._tree.find(sls, env)
        if place is None:
            if sls in self._ignored.get(env, ()) or not (self._opts.get('pillar_roots') or {}).get(env):
                log.debug("the pillar's SLS %s of the environment %s is not there, and need not be", sls, env)
                return None, []
            return None, [NOT_THERE % (sls, env)]
        try:
            found = self._room.render(env, place[1], dict(defaults, **reading.variables(sls, *place)))
        except Exception as exc:                     # foreign code: a renderer, or what a template calls
            return None, [self._refusal(sls, compat.to_native(compat.error_text(exc)))]
        if not found:
            return None, []
        if not isinstance(found, dict):
            return None, ["SLS '%s' does not render to a dictionary" % sls]
        if 'include' not in found:
            return found, []
        if not isinstance(found['include'], list):
            return found, [NO_LIST % sls]
        return self._with_included(found, sls, env, place[0], done, defaults)

    def _refusal(self, sls, reason):
        """What the pillar says about a file that cannot be rendered. Lines of it are for neither pillar nor log: secrets."""
        if self._opts.get('pillar_safe_render_error', True):
            log.critical("pillar: rendering SLS '%s' failed: %s", sls, reason.partition('\n---\n')[0])
            return "Rendering SLS '%s' failed. Please see master log for details." % sls
        return "Rendering SLS '%s' failed, render error:\n%s" % (sls, reason)

    def _with_included(self, found, sls, env, path, done, defaults):
        own = compat.Ordered(item for item in found.items() if item[0] != 'include')
        parts, errors = [], []
        for item in found['include']:
            wanted, defaults, key = _declared(item, defaults)
            if wanted is None:
                errors.append(NO_LIST % sls)
                continue
            for name in self._named(wanted, sls, env, path):
                if name in done:
                    continue
                known = name in self._tree.names(env)
                part, wrong = self._read(name, env, done, defaults)
                errors += wrong * 2 if known else wrong          # the reference tells errors of included files twice
                parts += [_below(key, part)] if part else []
        parts = [own] + parts if self._opts.get('pillar_includes_override_sls') else parts + [own]
        whole = parts[0]
        for part in parts[1:]:
            whole = self.merged(whole, part)
        return whole, errors

    def _named(self, wanted, sls, env, path):
        """Names of the files that an item of an `include` means."""
        matching = fnmatch.filter(self._tree.names(env), wanted.lstrip('.').replace('/', '.'))
        if matching or not wanted.startswith('.'):
            return matching or [wanted]
        folder = sls if path.endswith('/init.sls') else sls.rpartition('.')[0]
        return ['%s.%s' % (folder, wanted[1:]) if folder else wanted[1:]]


def _declared(item, defaults):
    """(name, variables for its templates, key to put it below) of an item of an `include`; no name for what is none.

    Variables hold for what is listed behind it, too, as in the reference.
    """
    key = None
    if isinstance(item, dict) and item:
        item, more = next(iter(item.items()))
        if not isinstance(more, dict):
            return None, defaults, None
        defaults, key = more.get('defaults') or {}, more.get('key')
    if not compat.is_text(item) or not (key is None or compat.is_text(key)) or not isinstance(defaults, dict):
        return None, {}, None
    return compat.to_native(item), defaults, key


def _below(key, part):
    for one in reversed(compat.to_native(key).split(':') if key else ()):
        part = {one: part}
    return part


def shown_settings(opts):
    """What `pillar_opts` has in the pillar."""
    return dict((name, value) for name, value in opts.items() if name not in ('grains', 'pillar'))
