"""Top files of the pillar: which SLS files of pillar_roots are for this minion. Pure but for what `tree` and `render` do."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.highstate import tops

MALFORMED = 'Error encountered while rendering pillar top file.'


class PillarTops(object):
    """The top files of one pillar.

    :param opts: settings in force: pillarenv, saltenv, state_top, pillar_source_merging_strategy.
    :param Tree tree:  :param callable render: as for tops.Tops; it may raise anything.
    """

    def __init__(self, opts, tree, render):
        self._opts, self._tree, self._render = opts, tree, render
        self.errors, self.ignored = [], {}           # texts; {environment: SLS files that need not be there}

    def top(self):
        """{environment: {target: [SLS names and mappings]}}, targets in their order; what is wrong goes to `errors`."""
        found = [one for env in self.environments() for one in self._of(env)]
        try:
            return self._merged(found)
        except (TypeError, AttributeError):          # a list where a mapping has to be, and its like
            self.errors.append(MALFORMED)
            return compat.Ordered()

    def environments(self):
        """Those whose top files count."""
        known, chosen = self._tree.environments(), self._opts.get('pillarenv')
        if chosen:
            return [chosen] if chosen in known else []
        if self._opts.get('pillar_source_merging_strategy') == 'none':
            return [self._opts.get('saltenv') or 'base']
        return ['base'] + [env for env in known if env != 'base']

    def _of(self, env):
        """The top file of an environment, and the files that it includes; what these include does not count."""
        first = self._safely('Primary Top file', lambda: self._render(env, tops.path_of(self._opts)))
        if not isinstance(first, dict) or not isinstance(first.get('include'), (list, tuple)):
            return [first] if first else []
        included = []
        for sls in first['include']:
            place = self._tree.find(sls, env) if compat.is_text(sls) else None
            if place:
                included.append(self._safely('Top file %s' % compat.to_native(sls), lambda: self._render(env, place[0])))
        return [one for one in [first] + included if one]

    def _safely(self, what, read):
        try:
            return read()
        except Exception as exc:                     # foreign code: a renderer, or what a template calls
            self.errors.append('Rendering %s failed, render error:\n%s' % (what, compat.to_native(compat.error_text(exc))))
            return None

    def _merged(self, found):
        merged, orders = compat.Ordered(), {}
        for one in found:
            for env, targets in one.items():
                if env == 'include':
                    continue
                for target in targets:
                    wanted, order, names = _sorted_out(targets[target])
                    merged.setdefault(env, compat.Ordered())[target] = wanted
                    orders[env, target] = order
                    self.ignored.setdefault(env, set()).update(names)
        return compat.Ordered((env, _in_order(env, targets, orders)) for env, targets in merged.items())


def _sorted_out(listed):
    """(kinds of target, then names; its `order`; names that need not be there) of what a top file lists for a target."""
    kinds, names, order, ignored = [], compat.Ordered(), 0, False
    for one in listed:
        if isinstance(one, dict):
            kinds += [one] if 'match' in one else []
            order = _number(one['order']) if 'order' in one else order
            ignored = ignored or bool(one.get('ignore_missing'))
        elif compat.is_text(one):
            names[compat.to_native(one)] = True
    return kinds + list(names), order, list(names) if ignored else []


def _number(value):
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _in_order(env, targets, orders):
    return compat.Ordered(sorted(targets.items(), key=lambda item: orders[env, item[0]]))


def chosen(top, fits, pillarenv=None):
    """{environment: names of SLS files, each once} of a merged top file that are for this minion.

    :param callable fits: fits(kind of target, target) -> bool.
    """
    found = compat.Ordered()
    for env, targets in top.items():
        for target, wanted in targets.items() if not pillarenv or env == pillarenv else ():
            if fits(tops.kind_of(wanted), target):
                names = found.setdefault(env, [])
                names += [one for one in wanted if compat.is_text(one) and one not in names]
    return found
