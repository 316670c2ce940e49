"""Filling in templates, as the argument `template` asks for; Jinja2 is an extra that is loaded when a text has marks."""
from __future__ import absolute_import, division, print_function

import re
from collections import namedtuple

from minion import compat
from minion.errors import CommandExecutionError

ENGINES = ('jinja',)
_OTHERS = ('mako', 'genshi', 'wempy', 'cheetah', 'py')
_JINJA = re.compile(r'\{\{|\{%|\{#')

Space = namedtuple('Space', 'functions opts grains pillar files saltenv variables')
"""What templates see: `__salt__` and its like, the file client (or None), and the variables of the call."""


def space_of(module, saltenv=None, variables=None):
    """The Space of an execution module.

    :param dict module: its globals(); parts may be missing outside of a job.
    :raises ValueError, TypeError: `variables` is no mapping.
    """
    opts = module.get('__opts__') or {}
    return Space(module.get('__salt__') or {}, opts, module.get('__grains__') or {}, module.get('__pillar__') or {},
                 module.get('__file_client__'), saltenv or opts.get('saltenv') or 'base', dict(variables or {}))


def merged(context, defaults):
    """The variables of file.*: `context` over `defaults`.  :raises ValueError, TypeError: one is no mapping."""
    variables = dict(defaults or {})
    variables.update(context or {})
    return variables


def render(text, engine, space):
    """`text` with the marks of its template engine filled in.

    :param str text: to fill in.  :param engine: None or '' (the text is none), or the name of an engine.
    :raises CommandExecutionError: there is no such engine here. Text without a mark needs none.
    :raises SaltRenderError: the template is wrong, or its package is not installed.
    """
    if not engine:
        return text
    if engine not in ENGINES:
        raise CommandExecutionError('Attempted to render file paths with unavailable engine %s' % (engine,))
    if not _JINJA.search(text):
        return text
    from minion.helpers import jinja
    return compat.to_native(jinja.render(text, variables(space), space.files, space.saltenv, space.opts))


def variables(space):
    """All names that a template knows."""
    from minion.helpers import jinja
    known = {'salt': jinja.Functions(space.functions), 'grains': space.grains, 'pillar': space.pillar, 'opts': space.opts,
             'saltenv': space.saltenv, 'proxy': {}}
    known.update(space.variables)
    return known


def unsupported(engine):
    """Why an engine cannot be used."""
    if engine in _OTHERS:
        return 'template: the engine %s is not part of this minion; jinja is' % engine
    return 'Specified template format %s is not supported' % engine
