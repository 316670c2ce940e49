"""What this program consists of here, as people put it into a report of a fault."""
from __future__ import absolute_import, division, print_function

import os
import platform
import re
import sys

import minion
from minion import aes, compat, errors

MISSING = 'not installed'

# (shown name, module, attribute or dotted call)
LIBRARIES = (('click', 'click'), ('msgpack', 'msgpack'), ('PyYAML', 'yaml'), ('pyzmq', 'zmq'), ('rsa', 'rsa'),
             ('Jinja2', 'jinja2'))

# The oldest release of each that works, on some Python. setup.cfg has the ranges for each, which pip holds to; there msgpack
# begins with 0.5.2, as it has that name for pip since 0.5 only. What distributions package as 0.4 works as well.
FLOORS = (('pyzmq', 'zmq', '14.0'), ('rsa', 'rsa', '3.4'), ('PyYAML', 'yaml', '3.10'), ('click', 'click', '3.0'),
          ('msgpack', 'msgpack', '0.4'))


def floors():
    """(name, oldest release that works, installed one or None) of each library that is needed."""
    found = [(shown, floor, _library(name)) for shown, name, floor in FLOORS]
    return [(shown, floor, None if installed == MISSING else installed) for shown, floor, installed in found]


def number(text):
    """The numbers of a release, for comparing; one that does not tell its version counts as new."""
    found = [int(part) for part in re.findall(r'\d+', text)[:3]]
    return found or [1 << 30]


def aes_provider():
    """Who does AES here.  :raises ImportError, OSError, MinionError: nobody."""
    return aes.provider_name()


def version():
    """One line for --version."""
    return 'minion %s' % minion.__version__


def report():
    """Text of several lines: program, libraries, system."""
    parts = (('Minion', [('minion', minion.__version__)]),
             ('Dependencies', sorted(_libraries(), key=lambda row: row[0].lower())),
             ('System', _system()))
    lines = []
    for title, rows in parts:
        lines.append('%s:' % title)
        lines += ['%14s: %s' % row for row in rows]
        lines.append('')
    return '\n'.join(lines[:-1])


def _libraries():
    rows = [(shown, _library(name)) for shown, name in LIBRARIES]
    rows.append(('Python', ' '.join(sys.version.split())))
    rows.append(('libzmq', _libzmq()))
    rows.append(('AES', _aes()))
    return rows


def _aes():
    try:
        return aes.provider_name()
    except (ImportError, OSError, errors.MinionError) as exc:
        return str(exc)


def _library(name):
    """Version of an installed module, from the module itself or its installed metadata, without pkg_resources."""
    try:
        module = compat.import_yaml() if name == 'yaml' else __import__(name)
    except ImportError:
        return MISSING
    found = module.__dict__.get('__version__') or module.__dict__.get('version')
    if isinstance(found, tuple):
        return '.'.join(str(part) for part in found)
    return str(found) if compat.is_text(found) else _metadata(name)


def _metadata(name):
    try:
        from importlib import metadata
        return metadata.version(name)
    except (ImportError, ValueError):            # Python before 3.8; PackageNotFoundError is an ImportError
        return 'unknown'


def _libzmq():
    try:
        import zmq
        return zmq.zmq_version()
    except ImportError:
        return MISSING


def _system():
    system, node, release, _, machine = os.uname()[:5]
    return [('system', '%s %s' % (system, release)), ('machine', machine), ('libc', ' '.join(platform.libc_ver())),
            ('encoding', '%s, files %s' % (getattr(sys.stdout, 'encoding', None), sys.getfilesystemencoding())),
            ('program', os.path.abspath(sys.argv[0]))]
