"""What a requisite names: chunks by state and id or name, by id, by SLS file; each may be a glob."""
from __future__ import absolute_import, division, print_function

import fnmatch

from minion import compat
from minion.highstate import words


class Targets(object):
    """The chunks of a run, to be looked up.

    :param disabled: names of requisites that do not count.
    :param callable watches: called as watches(state module): does it have `mod_watch`? One without it is only required.
    """

    def __init__(self, chunks, disabled=(), watches=None):
        self._chunks, self._disabled, self._watches = chunks, disabled, watches or (lambda state: True)

    def requisites(self, chunk):
        """(requisite, kind, name, chunks that it names) of all that a chunk requires."""
        for declared in words.RUNTIME:
            if declared in self._disabled or not isinstance(chunk.get(declared), list):
                continue
            name = declared
            if declared in words.WITHOUT_MOD_WATCH and not self._watches(chunk['state']):
                name = words.WITHOUT_MOD_WATCH[declared]
            for item in chunk[declared]:
                kind, value = ('id', item) if compat.is_text(item) else words.single(item)
                if kind is not None:
                    yield name, kind, value, self.named(kind, value)

    def links(self, chunk):
        """{requisite: [chunks]} of a chunk, each of them once."""
        found = {}
        for name, _, _, chunks in self.requisites(chunk):
            known = found.setdefault(name, [])
            known += [other for other in chunks if not any(other is one for one in known)]
        return found

    def named(self, kind, value):
        """The chunks that `kind: value` names."""
        if not compat.is_text(value):
            return []
        if kind == 'sls':
            return [chunk for chunk in self._chunks if _like(chunk.get('__sls__'), value)]
        return [chunk for chunk in self._chunks if kind in ('id', chunk['state'])
                and (_like(chunk['name'], value) or _like(chunk['__id__'], value))]


def _like(text, pattern):
    if not compat.is_text(text):
        return False
    return text == pattern or fnmatch.fnmatchcase(text, pattern)
