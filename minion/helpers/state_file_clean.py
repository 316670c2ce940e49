"""What `clean` of file.directory and file.recurse takes away, and what other states of the run keep."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.helpers.state_file import below, chosen


def parents(paths, folder):
    """Set of these paths, of the folder, and of all folders above them that lie in it."""
    found = set([folder])
    for path in paths:
        path = os.path.normpath(path)
        while below(path, folder) and path not in found:
            found.add(path)
            path = os.path.dirname(path)
    return found


def kept(folder, require, world):
    """Set of the paths in a folder that the states of files in `require` stand for, with the folders above them."""
    names = [one['file'] for one in require if isinstance(one, dict) and 'file' in one] if isinstance(require, list) else []
    found = []
    for chunk in world.chunks:
        if chunk.get('state') == 'file' and (chunk.get('name') in names or chunk.get('__id__') in names):
            path = compat.to_native(chunk['name'])
            found.append(path)
            if os.path.isdir(path) and not os.path.islink(path):
                found += _content(path)
    return parents(found, folder)


def _content(folder):
    return [os.path.join(where, one) for where, folders, names in os.walk(folder) for one in folders + names]


def clean(folder, keep, exclude, world):
    """Remove what lies in a folder and is not to be kept (set of paths); list of what was removed, or would be.

    :param exclude: pattern, or list of them, of paths relative to the folder that stay.
    :raises CommandExecutionError: something cannot be removed.
    """
    removed = []
    for where, folders, names in os.walk(folder):
        for path in [os.path.join(where, one) for one in folders + names]:
            if path not in keep and chosen(os.path.relpath(path, folder), None, exclude):
                removed.append(path)
                if not world.opts['test']:
                    world.functions['file.remove'](path)
    return removed
