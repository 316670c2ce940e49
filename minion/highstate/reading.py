"""SLS files and what they include -> high data, with its errors. Pure but for what the tree and the renderer do.

    Tree(client)                    which SLS files there are, and their texts
    Reader(tree, render).high({'base': ['web', 'db.*']}) -> (high data, errors)
"""
from __future__ import absolute_import, division, print_function

import fnmatch
import re
import sys

from minion import compat
from minion.helpers.rendererror import SaltRenderError
from minion.highstate import declaring

FIRST = 10000                                    # `order` of the first state of a run


class Tree(object):
    """The SLS files of the file server, asked for once a run.

    :param client: the FileClient.
    """

    def __init__(self, client):
        self._client, self._names, self._envs = client, {}, None

    def environments(self):
        """Names of all environments."""
        if self._envs is None:
            self._envs = list(self._client.envs())
        return self._envs

    def names(self, saltenv):
        """Names of the SLS files of an environment; None if there is none of its name."""
        if saltenv not in self.environments() and saltenv != '__env__':
            if '__env__' not in self.environments():
                return None
        if saltenv not in self._names:
            self._names[saltenv] = self._client.list_states(saltenv)
        return self._names[saltenv]

    def matching(self, saltenv, pattern):
        """Those that match a glob, or the one that the name of a file means (`web/conf`, `web.init`); [] also where there
        is no such environment."""
        names = self.names(saltenv) or ()
        return fnmatch.filter(names, pattern) or ([pattern] if names and self.find(pattern, saltenv) else [])

    def copy(self, path, saltenv):
        """Where the file of a path lies here, False for none."""
        return self._client.cache_file('salt://' + path, saltenv)

    def find(self, sls, saltenv):
        """(its salt:// path without the scheme, the path of its copy here), None for none."""
        base = sls.replace('.', '/').lstrip('/')
        for path in (base + '.sls', base + '/init.sls'):
            copy = self.copy(path, saltenv)
            if copy:
                return path, copy
        return None


def variables(sls, path, copy):
    """What an SLS file knows of itself.

    :param str sls: its name.  :param str path: below the root of its environment.  :param str copy: where it lies here.
    """
    folder = path.rpartition('/')[0]
    return {'sls': sls, 'tplpath': copy, 'tplfile': path, 'tpldir': folder or '.', 'tpldot': folder.replace('/', '.'),
            'slspath': folder, 'slsdotpath': folder.replace('/', '.'), 'slscolonpath': folder.replace('/', ':'),
            'sls_path': folder.replace('/', '_')}


class Reader(object):
    """Reads for one run.

    :param Tree tree:
    :param callable render: render(sls, saltenv, path, copy) -> what the file says; raises SaltException.
    :param bool ordered: number the states in the order of the files (`state_auto_order`).
    """

    def __init__(self, tree, render, ordered=True):
        self._tree, self._render = tree, render
        self._order = FIRST if ordered else None
        self._done = set()                           # 'env:sls' of what has been read

    def high(self, wanted):
        """(high data, errors) of `wanted`: names or globs of SLS files by environment."""
        high, errors = compat.Ordered(), []
        for saltenv, patterns in wanted.items():
            for pattern in patterns:
                if self._tree.names(saltenv) is None:
                    errors.append("No matching salt environment for environment '%s' found" % saltenv)
                found = self._tree.matching(saltenv, pattern)
                if not found:
                    errors.append("No matching sls found for '%s' in env '%s'" % (pattern, saltenv))
                for sls in found:
                    if '%s:%s' % (saltenv, sls) not in self._done:
                        state, wrong = self._read(sls, saltenv)
                        errors += wrong + declaring.merge(high, state)
        return high, errors

    def _read(self, sls, saltenv):
        """(high data, errors) of one file and of what it includes."""
        self._done.add('%s:%s' % (saltenv, sls))
        found = self._tree.find(sls, saltenv)
        if found is None:
            return {}, ['Specified SLS %s in saltenv %s is not available on the salt master or through a configured '
                        'fileserver' % (sls, saltenv)]
        return self.one(sls, saltenv, *found)

    def one(self, sls, saltenv, path, copy=None):
        """(high data, errors) of the file `copy`, and of what it includes."""
        try:
            state = self._render(sls, saltenv, path, copy or path)
        except SaltRenderError as exc:
            return {}, [compat.to_native("Rendering SLS '%s:%s' failed: %s" % (saltenv, sls, compat.error_text(exc)))]
        except Exception as exc:                     # foreign code: a renderer, or what a template calls
            return {}, [compat.to_native('Rendering SLS %s failed, render error: %s\n%s' % (
                sls, compat.error_text(exc), compat.traceback_text(*sys.exc_info())))]
        if not state:
            return {}, []
        if not isinstance(state, dict):
            return {}, ['SLS %s does not render to a dictionary' % sls,
                        'Error when rendering state with contents: %s' % compat.to_native(compat.shown(state))]
        state = compat.Ordered(state)
        errors, included = self._include(state, sls, saltenv, path)
        errors += declaring.settle(state, sls, saltenv)
        self._number(state)
        for one in included:
            errors += declaring.merge(state, one)
        return state, errors

    # ---- include

    def _include(self, state, sls, saltenv, path):
        """(errors, list of high data) of the files that `state` includes; the declaration is taken out of it."""
        if 'include' not in state:
            return [], []
        declared, errors, included = state.pop('include'), [], []
        if not isinstance(declared, list):
            errors.append('Include Declaration in SLS %s is not formed as a list' % sls)
            if declared is None:
                errors.append('ID include in SLS %s is not a dictionary' % sls)
            return errors, []
        for item in declared:
            names, wrong = self._included(item, sls, saltenv, path)
            errors += wrong
            for env, name in names:
                if '%s:%s' % (env, name) in self._done:
                    continue
                found, wrong = self._read(name, env)
                errors += wrong
                declaring.note_includer(found, sls)
                if found:
                    included.append(found)
        return errors, included

    def _included(self, item, sls, saltenv, path):
        """([(environment, name)], errors) that one item of an `include` means."""
        env, wanted = list(item.items())[-1] if isinstance(item, dict) and item else (saltenv, item)
        if self._tree.names(env) is None:
            return [], ["Nonexistent saltenv '%s' found in include of '%s' within SLS '%s:%s'" % (env, wanted, saltenv, sls)]
        if not compat.is_text(wanted):
            return [], ['Include Declaration in SLS %s is not formed as a list' % sls]
        wanted = compat.to_native(wanted)
        if wanted.startswith('.'):
            dots, rest = re.match(r'(\.+)(.*)\Z', wanted, re.DOTALL).groups()
            parts = sls.split('.') + ['init'] * path.endswith('/init.sls')
            if len(dots) > len(parts):
                return [], ["Attempted relative include of '%s' within SLS '%s:%s' goes beyond top level package "
                            % (wanted, saltenv, sls)]
            wanted = '.'.join(parts[:len(parts) - len(dots)] + [rest])
        return [(env, name) for name in self._tree.matching(env, wanted) or [wanted]], []

    def _number(self, state):
        if self._order is not None:
            self._order = declaring.number(state, self._order)

