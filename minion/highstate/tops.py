"""Top files: which SLS files of which environment are for this minion. Pure but for what `tree` and `render` do."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import SaltException
from minion.helpers.rendererror import SaltRenderError

_NO_TARGETS = 'Unable to render top file. No targets found.'


class Tops(object):
    """The top files of a run.

    :param opts: settings in force: saltenv, state_top, state_top_saltenv, top_file_merging_strategy, default_top, env_order,
        master_tops_first.
    :param Tree tree:  :param callable render: render(saltenv, path) -> what a file of the file server says, None for none.
    """

    def __init__(self, opts, tree, render):
        self._opts, self._tree, self._render = opts, tree, render

    def top(self):
        """The one mapping of all top files: {environment: {target: [SLS names and mappings]}}.

        :raises SaltRenderError: one cannot be read.
        """
        strategy = self._opts.get('top_file_merging_strategy') or 'merge'
        if strategy == 'same' and not self._opts.get('saltenv') and not self._opts.get('default_top'):
            raise SaltRenderError('top_file_merging_strategy set to same, but no default_top configuration option was set')
        found = self._found()
        merge = {'same': self._same, 'merge_all': _merge_all}.get(strategy, _merge)
        try:
            return merge(found)
        except (TypeError, AttributeError, KeyError, ValueError):
            raise SaltRenderError(_NO_TARGETS)

    def environments(self):
        """The environments whose top files count, in their order."""
        known, order = self._tree.environments(), []
        for env in self._opts.get('env_order') or ():
            if env not in order and (env in known or not known):
                order.append(env)
        if self._opts.get('env_order'):
            return order
        return ['base'] + [env for env in known if env != 'base']

    def _found(self):
        """{environment: list of top files}, with what they include."""
        chosen = self._opts.get('saltenv') or self._opts.get('state_top_saltenv')
        path, found = path_of(self._opts), compat.Ordered()
        for env in [chosen] if chosen else self.environments():
            found[env] = [self._render(env, path) or {}]
            done = set()
            for one in found[env]:
                for sls in one.pop('include', None) or () if isinstance(one, dict) else ():
                    if sls not in done:
                        done.add(sls)
                        found[env].append(self._included(sls, env))
        return found

    def _included(self, sls, env):
        place = self._tree.find(sls, env)
        return place and self._render(env, place[0]) or {}

    def _same(self, found):
        merged = compat.Ordered()
        for env, tops in found.items():
            if not any(tops):
                default = self._opts['default_top']
                tops = found.get(default) or [self._render(default, path_of(self._opts)) or {}]
            for top in tops:
                if env in top:
                    merged.setdefault(env, compat.Ordered()).update(top[env])
        return merged


def path_of(opts):
    """The path of the top file below the root of an environment."""
    path = compat.to_native(opts.get('state_top') or 'top.sls')
    return path[len('salt://'):] if path.startswith('salt://') else path.lstrip('/')


def kind_of(wanted):
    """The kind of target that a list of a top file says: the last `match` counts."""
    kinds = [compat.to_native(one['match']) for one in wanted if isinstance(one, dict) and 'match' in one]
    return kinds[-1] if kinds else 'compound'


def _sections(tops):
    for top in tops:
        for env, targets in top.items():
            yield env, targets


def _merge(found):
    """The base environment tells for all; another one only of itself, and only where base does not speak of it."""
    merged = compat.Ordered()
    for env, targets in _sections(found.get('base') or ()):
        merged.setdefault(env, compat.Ordered()).update(targets)
    settled = set(merged)
    for own, tops in found.items():
        for env, targets in _sections(tops):
            if own != 'base' and env == own and env not in settled:
                merged.setdefault(env, compat.Ordered()).update(targets)
    return merged


def _merge_all(found):
    merged = compat.Ordered()
    for tops in found.values():
        for env, targets in _sections(tops):
            for target, wanted in targets.items():
                held = merged.setdefault(env, compat.Ordered()).setdefault(target, [])
                held += [one for one in wanted if isinstance(one, dict) or one not in held]
    return merged


def wrong(top):
    """What is the matter with the form of a merged top file: list of texts."""
    if not isinstance(top, dict):
        return ['Top data was not formed as a dict']
    errors = []
    for env, targets in top.items():
        if not compat.is_text(env):
            errors.append('Environment %s in top file is not formed as a string' % compat.to_native(compat.shown(env)))
        elif not env:
            errors.append('Empty saltenv statement in top file')
        if not isinstance(targets, dict):
            errors.append('The top file matches for saltenv %s are not formatted as a dict' % env)
            continue
        for target, wanted in targets.items():
            errors += _wrong_names(env, target, wanted)
    return errors


def _wrong_names(env, target, wanted):
    if not isinstance(wanted, list):
        return ["Malformed topfile: state declarations for matcher '%s' in saltenv '%s' are not formed as a list (got %s)"
                % (target, env, 'str' if compat.is_text(wanted) else type(wanted).__name__)]
    errors = []
    for one in wanted:
        if isinstance(one, dict) and not all(one.values()):
            errors.append('Improperly formatted top file matcher in saltenv %s: %s file' % (env, list(one)[0] if one else ''))
        elif compat.is_text(one) and not one:
            errors.append('Environment %s contains an empty sls index' % env)
    return errors


def chosen(top, fits, environments, only=None):
    """{environment: names of SLS files} of a merged top file that are for this minion.

    :param callable fits: fits(kind of target, target) -> bool.
    :param environments: names of all.  :param str only: the only environment that counts, or None.
    """
    found = compat.Ordered()
    for env, targets in top.items():
        for target, wanted in targets.items() if not only or env == only else ():
            _choose(found, env, target, wanted, fits, environments)
    return found


def _choose(found, env, target, wanted, fits, environments):
    wanted = [wanted] if compat.is_text(wanted) else wanted
    if not fits(kind_of(wanted), target):
        return
    names = found.setdefault(env, [])
    for one in wanted:
        if compat.is_text(one):
            names.append(compat.to_native(one))
            continue
        if not isinstance(one, dict):
            continue
        for inner, below in (one.get('subfilter') or {}).items():
            _choose(found, env, inner, below, fits, environments)
        for key, sls in one.items():
            if key in environments and compat.is_text(sls):
                found.setdefault(key, []).append(compat.to_native(sls))


def with_master_tops(found, named, first):
    """`found` with the SLS files that the master names by its `master_tops`, in front or behind."""
    for env, names in (named if isinstance(named, dict) else {}).items():
        if not isinstance(names, list):
            raise SaltException('master_tops: the SLS files of the environment %s are no list' % env)
        own = found.get(env, [])
        one, other = (names, own) if first else (own, names)
        found[env] = list(one) + [name for name in other if name not in one]
    return found
