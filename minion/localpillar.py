"""The pillar of a minion that asks no master (`file_client: local`, `master_type: disable`), from `pillar_roots`.

Nothing of this is imported by a minion that has a master.
"""
from __future__ import absolute_import, division, print_function

import logging

from minion import fileclient, matchers
from minion.helpers import rendering, templating
from minion.highstate import decrypting, extpillars, pillars, reading

log = logging.getLogger(__name__)


class _InPlace(fileclient.FileClient):
    """Files that are read where they lie: a copy below cachedir could be mixed up with one of file_roots."""

    def cache_file(self, path, saltenv='base', *unused, **named):
        """The path of a file, False when there is none."""
        answer = self._door({'cmd': '_file_find', 'path': path[len('salt://'):], 'saltenv': saltenv})
        return answer.get('path') or False


class _Room(object):
    """What SLS files are rendered in, and what targets are compared with: settings, grains, and no pillar."""

    def __init__(self, loader, settings, files):
        self._loader, self._settings, self._files = loader, settings, files
        self.see({})

    def see(self, pillar):
        """From now on modules, templates and targets know this pillar."""
        self._apart = self._loader.apart(dict(self._settings, pillar=pillar), pillar)
        groups = self._apart.opts.get('nodegroups') or {}
        self._view = matchers.make_view(self._apart.opts['id'], lambda: self._apart.grains, lambda: pillar, groups)

    @property
    def opts(self):
        """The settings in force."""
        return self._apart.opts

    def fits(self, kind, target):
        """Does a target of the top file name this minion?"""
        return matchers.matches(kind, target, self._view, published=False)

    def groups(self):
        """Sorted names of the nodegroups that this minion belongs to."""
        return sorted(name for name in self.opts.get('nodegroups') or {} if self.fits('nodegroup', name))

    def _space(self, env, variables):
        return templating.Space(self._apart.functions, self.opts, self._apart.grains, self._apart.pillar, self._files, env,
                                variables)

    @property
    def _renderers(self):
        return self._apart.other('renderers').functions

    def render(self, env, path, variables):
        """What a file says."""
        return rendering.rendered(rendering.text_of(path), self._space(env, variables), self._renderers)

    def render_as(self, text, names):
        """What renderers make of a text."""
        return rendering.render(text, names, self._space(self.opts.get('pillarenv') or 'base', {'sls': ''}), self._renderers)

    def decrypt(self, value, name):
        """A value as a renderer decrypts it.  :raises SaltRenderError:"""
        return decrypting.decrypted(value, name, self._space('base', {}), self._renderers)

    def run(self, command):
        """What a command prints; no shell reads it."""
        return self._apart.functions['cmd.run_stdout'](command, python_shell=False)


def _with_asked(opts, external):
    """The rows of external pillars, with that of the call."""
    wanted = opts.get('ext_pillar') or []
    refused = sorted(set(external or ()) - set(opts.get('on_demand_ext_pillar') or ()))
    if refused:
        log.error('the external pillar %s is not for pillar.ext; on_demand_ext_pillar names those that are', ', '.join(refused))
    return wanted + [external] if external and not refused and isinstance(wanted, list) else wanted


def compiled(loader, saltenv=None, pillarenv=None, override=None, external=None):
    """The pillar now.

    :param Loader loader: of the minion: its settings, grains and modules.
    :param saltenv, pillarenv: None: none.  :param dict override: pillar data of the call.
    :param dict external: asked behind those of `ext_pillar`, if the settings let calls ask it (`pillar.ext`).
    """
    opts = loader.opts
    if not pillarenv and opts.get('pillarenv_from_saltenv'):
        pillarenv = saltenv
    files = _InPlace(opts, None).over(opts.get('pillar_roots') or {})
    room = _Room(loader, {'saltenv': saltenv, 'pillarenv': pillarenv}, files)
    made = pillars.Pillar(room.opts, reading.Tree(files), room)
    wanted = _with_asked(opts, external)

    def ask(pillar):
        return extpillars.laid_over(pillar, wanted, room, made.merged)
    return made.compiled(override, ask if wanted else None)
