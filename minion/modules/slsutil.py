"""Tools for state files and pillars (slsutil.*): merging, rendering, banners, looking for files of the master."""
from __future__ import absolute_import, division, print_function

import os
import textwrap

from minion import compat, files
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import merging, rendering, serializing, templating

_TITLE = 'THIS FILE IS MANAGED BY SALT - DO NOT EDIT'
_TEXT = ('The contents of this file are managed by Salt. Any changes to this file may be overwritten automatically and '
         'without warning.')


# ---- merging

def update(dest, upd, recursive_update=True, merge_lists=False):
    """`dest` with the entries of `upd` in or over it. merge_lists: lists in both are joined.

    CLI: slsutil.update '{a: {b: 1}}' '{a: {c: 2}}'
    """
    return merging.update(dest, upd, recursive_update, merge_lists)


def merge(obj_a, obj_b, strategy='smart', renderer='yaml', merge_lists=False):
    """Two mappings in one. strategy: smart, recurse, overwrite, aggregate, list. CLI: slsutil.merge '{a: 1}' '{b: 2}'"""
    return merging.merged(obj_a, obj_b, strategy, merge_lists)


def merge_all(lst, strategy='smart', renderer='yaml', merge_lists=False):
    """A list of mappings in one, the later ones over the others. CLI: slsutil.merge_all '[{a: 1}, {b: 2}]'"""
    found = {}
    for one in lst:
        found = merging.merged(found, one, strategy, merge_lists)
    return found


# ---- rendering

def renderer(path=None, string=None, default_renderer='jinja|yaml', **kwargs):
    """What a file (of this host or salt://) or text is once rendered; {} for nothing. kwargs: variables for Jinja.

    CLI: slsutil.renderer salt://path/to/file
    """
    if not path and not string:
        raise SaltInvocationError('Must pass path or string.')
    if path and string:
        raise SaltInvocationError('Must not pass both path and string.')
    text = string if not path else _read(path)
    if text is None:
        return {}
    names = rendering.chain(text, default_renderer)
    given = dict((key, value) for key, value in kwargs.items() if not key.startswith('__'))
    found = rendering.render(text, names, templating.space_of(globals(), given.get('saltenv'), given))
    return {} if found is None else found


def _read(path):
    """The text of a file, None if there is none."""
    local = __salt__['cp.cache_file'](path) if '://' in path else path
    data = files.read(local, limit=64 << 20) if local else None
    return None if data is None else compat.to_native(data)


def _known(serializer):
    if serializer not in serializing.NAMES:
        raise CommandExecutionError("Serializer '%s' not found." % (serializer,))


def serialize(serializer, obj, **mod_kwargs):
    """The text of a value as json, yaml or configparser, or bytes as msgpack; further arguments go to that library.

    CLI: slsutil.serialize json '{a: [1, 2]}' indent=2
    """
    _known(serializer)
    return serializing.write(serializer, obj, _given(mod_kwargs))


def deserialize(serializer, stream_or_string, **mod_kwargs):
    """The value of a text in json, yaml, msgpack or configparser. CLI: slsutil.deserialize yaml 'a: [1, 2]'"""
    _known(serializer)
    if not isinstance(stream_or_string, compat.string_types):
        raise AttributeError("'%s' object has no attribute 'read'" % type(stream_or_string).__name__)
    return serializing.read(serializer, stream_or_string, _given(mod_kwargs))


def _given(keywords):
    return dict((key, value) for key, value in keywords.items() if not key.startswith('__'))


# ---- texts

def banner(width=72, commentchar='#', borderchar='#', blockstart=None, blockend=None, title=None, text=None,
           newline=False):
    """A framed comment for the top of a managed file. blockstart, blockend: lines around it. CLI: slsutil.banner"""
    inner = width - 2 * len(commentchar)
    if inner - 2 < 1:
        raise CommandExecutionError('Width is too small to render banner')
    title, text = _TITLE if title is None else title, _TEXT if text is None else text
    rule = (borderchar * inner)[:inner]
    lines = [''] + [line.center(inner) for line in textwrap.wrap(title, inner - 2)] + ['']
    lines += [' ' + line for line in textwrap.wrap(text, inner - 2)]
    framed = [commentchar + line.ljust(inner) + commentchar for line in [rule] + lines + [rule]]
    whole = ([blockstart] if blockstart is not None else []) + framed + ([blockend] if blockend is not None else [])
    return '\n'.join(whole) + ('\n' if newline else '')


def boolstr(value, true='true', false='false'):
    """`true` or `false`, whatever these are, for a value. CLI: slsutil.boolstr True yes no"""
    return true if value else false


# ---- files of the master

def file_exists(path, saltenv='base'):
    """True if the master has this file. CLI: slsutil.file_exists nginx/init.sls"""
    return path in __salt__['cp.list_master'](saltenv)


def dir_exists(path, saltenv='base'):
    """True if the master has this folder. CLI: slsutil.dir_exists nginx"""
    wanted = path.rstrip('/')
    return any(wanted == folder.rstrip('/') for folder in __salt__['cp.list_master_dirs'](saltenv))


def path_exists(path, saltenv='base'):
    """True if the master has this file or folder. CLI: slsutil.path_exists nginx"""
    return file_exists(path, saltenv) or dir_exists(path, saltenv)


def findup(startpath, filenames, saltenv='base'):
    """The path of the first of `filenames` that lies in `startpath` or, else, a folder above it.

    CLI: slsutil.findup formulas/shared/nginx map.jinja
    """
    if startpath and not path_exists(startpath, saltenv):
        raise SaltInvocationError('Starting path not found in the state tree: %s' % startpath)
    names = [filenames] if compat.is_text(filenames) else filenames
    if not isinstance(names, (list, tuple)) or not all(compat.is_text(name) for name in names):
        raise SaltInvocationError('Filenames argument must be a string or list of strings')
    folder, known = startpath.rstrip('/'), set(__salt__['cp.list_master'](saltenv))
    while True:
        for name in names:
            path = os.path.join(folder, name)
            if path in known:
                return path
        if not folder:
            raise CommandExecutionError('File pattern(s) not found in path ancestry')
        folder = os.path.dirname(folder)
