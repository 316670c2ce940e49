"""Defaults for a program's options from its section of a Saltfile."""
from __future__ import absolute_import, division, print_function

import os

from minion import errors, yamlfile


def defaults(named, section, names):
    """{option: value} of the section; empty where there is no such file.

    :param str named: path from the command line; else SALT_SALTFILE or ~/.salt/Saltfile. Not the one in the working
        directory, which anybody may have put there.
    :param names: the options that count.  :raises ConfigError: the named file is not there, or what it holds is wrong.
    """
    named = named or os.environ.get('SALT_SALTFILE')
    path = named or os.path.join(os.path.expanduser('~'), '.salt', 'Saltfile')
    if not named and not os.path.exists(path):
        return {}
    values = yamlfile.read_mapping(path)
    if values is None:
        raise errors.ConfigError('%s: the file named by --saltfile does not exist' % path)
    found = values.get(section) or {}
    if not isinstance(found, dict):
        raise errors.ConfigError('%s: %s: should be a mapping' % (path, section))
    return dict((name, found[name]) for name in names if found.get(name) not in (None, ''))
