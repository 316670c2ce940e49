"""Tags that Salt adds to Jinja (load_yaml, import_yaml and their like), and templates of the master. Needs Jinja2."""
from __future__ import absolute_import, division, print_function

import posixpath

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension

from minion import compat, files as disk

LIMIT = 64 << 20           # bytes of one template


class Loader(jinja2.BaseLoader):
    """Finds templates among the files of the master.

    :param str folder: where the template itself lies (`tpldir`), for './name' and '../name'; None: it has no place there.
    """

    def __init__(self, client, saltenv, folder=None):
        self._client, self._saltenv, self._folder = client, saltenv, folder
        self.sources = {}                            # path of each copy -> its text

    def get_source(self, environment, template):
        name = compat.to_native(template)
        name = name[len('salt://'):] if name.startswith('salt://') else name
        if name.split('/', 1)[0] in ('.', '..') and self._folder is not None:
            name = posixpath.normpath(posixpath.join(self._folder, name))
        path = None
        if self._client is not None and not name.startswith('/') and '..' not in name.split('/'):
            path = self._client.cache_file('salt://' + name, self._saltenv)
        data = disk.read(path, LIMIT) if path else None
        if data is None:
            raise jinja2.TemplateNotFound(template)
        self._folder = posixpath.dirname(name) or '.'
        environment.globals.update(tplfile=name, tpldir=self._folder, tplpath=compat.to_native(path))
        self.sources[path] = compat.to_text(data)
        return self.sources[path], compat.to_text(path), lambda: True


_with_context = getattr(jinja2, 'pass_context', None) or jinja2.contextfunction      # the name before Jinja 3


@_with_context
def show_full_context(context):
    """All variables that a template sees."""
    return dict(context.items())


def undefined(variables):
    """The class of names that are not there: what is missing in grains, pillar or opts is told as the reference tells it."""
    known = [('salt.utils.optsdict.%s object' % kind, variables.get(name))
             for name, kind in (('pillar', 'DictProxy'), ('grains', 'DictProxy'), ('opts', 'OptsDict'))]

    def said(owner, name):
        for kind, mapping in known:
            if owner is mapping and mapping is not None:
                return "'%s' has no attribute %r" % (kind, compat.to_native(name)) if compat.is_text(name) else (
                    '%s has no element %r' % (kind, name))

    class Missing(jinja2.StrictUndefined):
        """Raises an error where it is used."""
        __slots__ = ()

        def __init__(self, hint=None, *more, **named):
            super(Missing, self).__init__(hint or said(named.get('obj'), named.get('name')), *more, **named)
    return Missing


class Serialized(Extension):
    """{% load_yaml as name %}..{% endload %} and {% import_yaml 'path' as name %}, also for json and text."""
    tags = set(verb + kind for verb in ('load_', 'import_') for kind in ('yaml', 'json', 'text'))

    def parse(self, parser):
        tag = parser.stream.current.value
        verb, _, kind = tag.partition('_')
        line = parser.stream.current.lineno
        made = self._load(parser) if verb == 'load' else self._import(parser)
        source, target = made[-1]
        value = source if kind == 'text' else nodes.Filter(source, 'load_' + kind, [], [], None, None)
        return [node.set_lineno(line) for node in made[:-1] + [nodes.Assign(target, value)]]

    def _load(self, parser):
        line = next(parser.stream).lineno
        parser.stream.expect('name:as')
        target = parser.parse_assign_target()
        body = parser.parse_statements(('name:endload',), drop_needle=True)
        name = '_loaded_%d' % line
        block = nodes.AssignBlock(lineno=line)
        block.target, block.body = nodes.Name(name, 'store', lineno=line), body
        if 'filter' in block.fields:
            block.filter = None
        return [block, (nodes.Name(name, 'load'), target)]

    def _import(self, parser):
        node = parser.parse_import()
        source = nodes.Name(node.target, 'load')
        return [node, (source, nodes.Name(node.target, 'store'))]
