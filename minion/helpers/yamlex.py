"""The renderer `yamlex`: YAML in which a key may stand several times, and `!aggregate` values of one key go together.

    pkgs: !aggregate [vim]                       pkgs: [vim, git]
    pkgs: !aggregate [git]

Values without the tag replace what stands before, and so does what has the tag `!reset`.
"""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import slsyaml

AGGREGATE, RESET = u'!aggregate', u'!reset'
_loaders = []                                    # the class, made when first needed


class Series(list):
    """An aggregated list; a single value is one of length 1."""


class Map(compat.Ordered):
    """An aggregated mapping."""


def read(text):
    """What a document holds, None for an empty one.  :raises SaltRenderError: it is none."""
    if not _loaders:
        _loaders.append(_made(compat.import_yaml(), slsyaml.safe_loader()))
    return _plain(slsyaml.load(text, _loaders[0]))


def _plain(value):
    if isinstance(value, dict):
        return compat.Ordered((key, _plain(item)) for key, item in value.items())
    return [_plain(item) for item in value] if isinstance(value, list) else value


def together(old, new):
    """What two values of one key give."""
    if isinstance(old, Map) and isinstance(new, Map):
        found = Map(old)
        for key, value in new.items():
            found[key] = together(old[key], value) if key in old else value
        return found
    if isinstance(old, Series) and isinstance(new, Series):
        return Series(list(old) + [item for item in new if item not in old])
    return new


def _made(yaml, base):
    class Loader(base):
        """The loader of SLS files, with these rules instead of that of keys that stand twice."""

        def construct_mapping(self, node, deep=False):
            slsyaml.check_mapping(yaml, node)
            found = compat.Ordered()
            for key_node, value_node in self.pairs(node):
                key, value = self.key(key_node, node), self.value(key_node, value_node)
                found[key] = together(found[key], value) if key in found and key_node.tag != RESET else value
            return found

        def pairs(self, node):
            """The pairs of a mapping, those that `<<` brings first."""
            merged, own = slsyaml.merged_and_own(yaml, self, node)
            return merged + own

        def flatten_mapping(self, node):
            node.value = self.pairs(node)

        def key(self, key_node, around):
            plain = self.untagged(key_node)
            return slsyaml.checked_key(yaml, self.construct_object(plain, deep=True), key_node, around)

        def value(self, key_node, value_node):
            if key_node.tag == AGGREGATE and value_node.tag != AGGREGATE:
                return self.aggregate(value_node)
            return self.construct_object(value_node, deep=True)

        def untagged(self, node):
            """A node as it would be without our tag."""
            if node.tag not in (AGGREGATE, RESET):
                return node
            tag = self.resolve(type(node), node.value if isinstance(node, yaml.ScalarNode) else None, (True, False))
            return type(node)(tag, node.value, node.start_mark, node.end_mark)

        def reset(self, node):
            return self.construct_object(self.untagged(node), deep=True)

        def aggregate(self, node):
            value = self.construct_object(self.untagged(node), deep=True)
            if isinstance(value, dict):
                return Map(value)
            if isinstance(value, list):
                return Series(value)
            return Series([] if value is None or value == '' else [value])

    Loader.add_constructor(AGGREGATE, Loader.aggregate)
    Loader.add_constructor(RESET, Loader.reset)
    return Loader
