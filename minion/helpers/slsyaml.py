"""The YAML of SLS files: mappings are OrderedDicts, a key twice in one is an error, dates stay text, 0644 is 644.

Errors have the words and places of the reference, which reads with libyaml; where PyYAML has no libyaml they are its own.
"""
from __future__ import absolute_import, division, print_function

from collections import OrderedDict

from minion import compat
from minion.helpers.rendererror import SaltRenderError, pointed

_TAG = u'tag:yaml.org,2002:'
_PLAINER = {u"found character '\\t' that cannot start any token": 'Illegal tab character'}
_loaders = []                                    # the class, made when first needed


def load(text, loader=None):
    """What a YAML document holds, None for an empty one; text in it has the native type.

    :param loader: a class made of safe_loader().
    :raises SaltRenderError: it is none.
    """
    yaml, text = compat.import_yaml(), compat.to_text(text)
    try:
        return yaml.load(text, Loader=_loader_class(yaml) if loader is None else loader)
    except yaml.scanner.ScannerError as exc:
        problem, mark = compat.to_text(exc.problem or u''), exc.problem_mark
        line = mark.line + 1 if mark is not None and mark.buffer is not None else None
        raise pointed(_PLAINER.get(problem, compat.to_native(problem)), text, line)
    except yaml.YAMLError as exc:
        raise SaltRenderError(compat.to_native(exc.__str__()))
    except (ValueError, TypeError, OverflowError) as exc:      # of a constructor: `!!int x`, 2019-13-45
        raise SaltRenderError(compat.to_native(compat.error_text(exc)))


def safe_loader():
    """The class that reads SLS files, for others of its kind."""
    return _loader_class(compat.import_yaml())


def _loader_class(yaml):
    if not _loaders:
        _loaders.append(_made(yaml))
    return _loaders[0]


def _made(yaml):
    class Loader(getattr(yaml, 'CSafeLoader', yaml.SafeLoader)):
        """The safe loader with the rules of SLS files."""

        def construct_ordered(self, node):
            data = OrderedDict()
            yield data
            data.update(self.construct_mapping(node))

        def construct_mapping(self, node, deep=False):
            check_mapping(yaml, node)
            self.flatten_mapping(node)
            mapping = OrderedDict()
            for key_node, value_node in node.value:
                key = checked_key(yaml, self.construct_object(key_node, deep=True), key_node, node)
                if key in mapping:
                    raise _problem(yaml, u'while constructing a mapping', node,
                                   u"found conflicting ID '%s'" % compat.to_text(compat.shown(key)), key_node)
                mapping[key] = self.construct_object(value_node, deep=deep)
            return mapping

        def flatten_mapping(self, node):
            """Put what `<<` names in front of the mapping's own keys; those win."""
            merged, own = merged_and_own(yaml, self, node)
            node.value = _without(merged, own) + own if merged else own

        def construct_number(self, node):
            value = self.construct_scalar(node)
            if value.startswith(u'0') and value.isdigit():
                node.value = value.lstrip(u'0') or u'0'
            return self.construct_yaml_int(node)

        def construct_text(self, node):
            return compat.to_native(self.construct_scalar(node))

    for name, make in ((u'map', Loader.construct_ordered), (u'omap', Loader.construct_ordered),
                       (u'int', Loader.construct_number), (u'str', Loader.construct_text),
                       (u'timestamp', Loader.construct_text), (u'python/unicode', Loader.construct_text)):
        Loader.add_constructor(_TAG + name, make)
    return Loader


def check_mapping(yaml, node):
    """:raises ConstructorError: the node is none."""
    if not isinstance(node, yaml.MappingNode):
        raise _problem(yaml, None, None, u'expected a mapping node, but found %s' % node.id, node)


def checked_key(yaml, key, key_node, around):
    """A key of a mapping.  :raises ConstructorError: it cannot be one."""
    if not _hashable(key):
        raise _problem(yaml, u'while constructing a mapping', around,
                       u'found unacceptable key %s' % (key_node.value,), key_node)
    return key


def merged_and_own(yaml, loader, node):
    """(pairs of nodes that `<<` brings, the mapping's own)."""
    merged, own = [], []
    for key_node, value_node in node.value:
        if key_node.tag != _TAG + u'merge':
            own.append((key_node, value_node))
            continue
        for source in value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]:
            if not isinstance(source, yaml.MappingNode):
                raise _problem(yaml, u'while constructing a mapping', node, u'expected a mapping or list of '
                               u'mappings for merging, but found %s' % source.id, source)
            loader.flatten_mapping(source)
            merged += source.value
    return merged, own


def _without(merged, own):
    """Of pairs that `<<` brings the first ones of each key, without those that stand beside it."""
    seen, kept = set((key.tag, key.value) for key, _ in own if compat.is_text(key.value)), []
    for key, value in merged:
        name = (key.tag, key.value) if compat.is_text(key.value) else id(key)
        if name not in seen:
            seen.add(name)
            kept.append((key, value))
    return kept


def _hashable(key):
    try:
        hash(key)
    except TypeError:
        return False
    return True


def _problem(yaml, context, around, problem, node):
    return yaml.constructor.ConstructorError(context, around and around.start_mark, problem, node.start_mark)
