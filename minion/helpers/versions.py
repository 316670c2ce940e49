"""What test.versions_report and its like say: our version, the Salt release we stand in for, libraries, the system."""
from __future__ import absolute_import, division, print_function

import importlib
import sys

import minion
from minion import compat

# name in the report, module, how the module tells its version
_LIBRARIES = (
    ('click', 'click', () if sys.version_info >= (3, 8) else ('__version__',)),       # an attribute that is to go away
    ('Jinja2', 'jinja2', ('__version__',)),
    ('msgpack', 'msgpack', ('version',)),
    ('psutil', 'psutil', ('__version__',)),
    ('pycryptodome', 'Crypto', ('__version__', 'version_info')),
    ('pycryptodomex', 'Cryptodome', ('__version__', 'version_info')),
    ('PyYAML', 'yaml', ('__version__',)),
    ('PyZMQ', 'zmq', ('__version__',)),
    ('rsa', 'rsa', ('__version__',)),
    ('ZMQ', 'zmq', ('zmq_version',)),
)


def information():
    """{section: {name: version text, None for what is not installed}}, sections as the reference has them."""
    return {
        'Salt Version': {'Salt': minion.SALT_VERSION},
        'Minion Version': {'Minion': minion.__version__},
        'Python Version': {'Python': sys.version.replace('\n', ' ')},
        'Dependency Versions': dict((name, _library(module, attributes)) for name, module, attributes in _LIBRARIES),
        'Salt Package Information': {'Package Type': None},
        'System Versions': _system(),
    }


def report(found):
    """The text form of information(): sections one below the other, names right-aligned."""
    sections = ('Salt Version', 'Minion Version', 'Python Version', 'Dependency Versions', 'Salt Package Information',
                'System Versions')
    width = max(len(name) for names in found.values() for name in names) + 2
    lines = []
    for section in sections:
        lines.append(section + ':')
        for name in sorted(found[section], key=lambda name: name.lower()):
            lines.append('%s: %s' % (name.rjust(width), found[section][name] or 'Not Installed'))
        lines.append(' ')
    return '\n'.join(lines)


def _library(module, attributes):
    """Version text of an installed library; compat loads yaml, for which Python 2 needs help."""
    try:
        loaded = compat.import_yaml() if module == 'yaml' else importlib.import_module(module)
    except ImportError:
        return None
    for attribute in attributes:
        value = getattr(loaded, attribute, None)
        if callable(value):
            value = value()
        if value is not None:
            return '.'.join(str(part) for part in value) if isinstance(value, tuple) else str(value)
    return _metadata_version(module)


def _metadata_version(module):
    """From the package's metadata, as some libraries stopped to carry their version."""
    try:
        return importlib.import_module('importlib.metadata').version(module)
    except (ImportError, ValueError):                  # no such library, no such package (a kind of ImportError)
        return 'unknown'


def _system():
    import locale                                      # 0.2 MB that test.ping, whose module loads this one, does not need
    import platform
    release = _os_release()
    kernel = platform.uname()
    dist = ' '.join(part for part in (release.get('ID'), release.get('VERSION_ID'), release.get('VERSION_CODENAME'))
                    if part)
    version = ' '.join(part for part in (release.get('NAME'), release.get('VERSION_ID'),
                                         release.get('VERSION_CODENAME')) if part)
    return {'dist': dist, 'locale': locale.getpreferredencoding(False).lower(), 'machine': kernel[4],
            'release': kernel[2], 'system': kernel[0], 'version': version}


def _os_release():
    """The settings of /etc/os-release, {} on hosts older than that file."""
    try:
        with open('/etc/os-release', 'rb') as stream:
            lines = compat.to_native(stream.read(65536)).splitlines()
    except (IOError, OSError):
        return {}
    pairs = (line.split('=', 1) for line in lines if '=' in line)
    return dict((name.strip(), value.strip().strip('"\'')) for name, value in pairs)
