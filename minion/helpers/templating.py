"""Filling in templates, as the argument `template` of cmd.* asks for."""
from __future__ import absolute_import, division, print_function

import re

from minion.errors import CommandExecutionError

ENGINES = ('jinja',)                             # known by name, whether or not marks can be filled in here
_JINJA = re.compile(r'\{\{|\{%|\{#')


def render(text, engine):
    """`text` with the marks of its template engine filled in.

    :param str text: to fill in.  :param engine: None or '' (the text is none), or the name of an engine.
    :raises CommandExecutionError: there is no such engine here. Text without a mark needs none.
    """
    if not engine:
        return text
    if engine != 'jinja':
        raise CommandExecutionError('Attempted to render file paths with unavailable engine %s' % (engine,))
    if _JINJA.search(text):
        raise CommandExecutionError('template: this minion cannot fill in Jinja marks yet; send the finished text')
    return text
