"""`salt.utils.dictdiffer`: in what two mappings differ."""
from __future__ import absolute_import, division, print_function

import copy

from minion import compat


class DictDiffer(object):
    """Keys that are new, gone, other and the same: sets of keys of two mappings, the later one first."""

    def __init__(self, current_dict, past_dict):
        self.current_dict, self.past_dict = current_dict, past_dict
        self.set_current, self.set_past = set(current_dict), set(past_dict)
        self.intersect = self.set_current & self.set_past

    def added(self):
        """Keys of the later one only."""
        return self.set_current - self.intersect

    def removed(self):
        """Keys of the earlier one only."""
        return self.set_past - self.intersect

    def changed(self):
        """Keys with other values."""
        return set(key for key in self.intersect if self.past_dict[key] != self.current_dict[key])

    def unchanged(self):
        """Keys with the same values."""
        return self.intersect - self.changed()


def diff(current_dict, past_dict):
    """A DictDiffer."""
    return DictDiffer(current_dict, past_dict)


def deep_diff(old, new, ignore=None):
    """{'old': what differs as it was, 'new': as it is}, without empty ones; equal parts at any depth are left out.

    :param list ignore: keys of the outermost mappings that do not count.
    """
    before, after = _differing(old, new, ignore or ())
    found = {'old': before, 'new': after}
    return dict((key, found[key]) for key in found if found[key])


def _differing(old, new, ignore=()):
    before, after = {}, {}
    for key in list(old) + [key for key in new if key not in old]:
        if key in ignore or key in old and key in new and old[key] == new[key]:
            continue
        if isinstance(old.get(key), compat.Mapping) and isinstance(new.get(key), compat.Mapping):
            parts = _differing(old[key], new[key])
        else:
            parts = copy.deepcopy(old.get(key)), copy.deepcopy(new.get(key))
        if key in old and (parts[0] != {} or not isinstance(new.get(key), compat.Mapping)):
            before[key] = parts[0]
        if key in new and (parts[1] != {} or not isinstance(old.get(key), compat.Mapping)):
            after[key] = parts[1]
    return before, after
