"""The configuration of supervisord: which file, and what its sections say."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import etcfile

PATHS = ('supervisord.conf', 'etc/supervisord.conf', '/etc/supervisord.conf', '/etc/supervisor/supervisord.conf')
_SECTION = re.compile(r'\[([^]]+)\]')
_OPTION = re.compile(r'([^\s=:][^=:]*?)\s*[=:]\s*(.*)')


def sections(path=None):
    """{section: {option: value}}; values with signs of expansion stay as they are written.

    :param path: of the file; None: the first of the customary ones.  :raises CommandExecutionError: there is none of them.
    """
    if path is None:
        path = next((one for one in PATHS if os.path.exists(one)), None)
        if path is None:
            raise CommandExecutionError('No suitable config file found')
    found, current, last = {}, {}, None
    for line in etcfile.lines(path, missing=True):
        text = re.split(r'\s;', line.rstrip())[0].rstrip()
        if not text or text[0] in '#;':
            continue
        heading, option = _SECTION.match(text), _OPTION.match(text)
        if heading:
            current, last = found.setdefault(heading.group(1), {}), None
        elif text[0].isspace() and last:
            current[last] += '\n' + text.strip()
        elif option:
            last = option.group(1).lower()
            current[last] = option.group(2)
    return dict((name, dict((key, _value(text)) for key, text in options.items())) for name, options in found.items())


def _value(text):
    """A number or truth where the text is one."""
    if text.lower() in ('true', 'false'):
        return text.lower() == 'true'
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return compat.to_native(text)
