"""The external pillar `file_tree`: files of a folder as values, `hosts/ID/...` and `nodegroups/GROUP/...` below it."""
from __future__ import absolute_import, division, print_function

import fnmatch
import logging
import os

from minion import compat, files
from minion.helpers import merging, rendering, rootfolders
from minion.helpers.rendererror import SaltRenderError

log = logging.getLogger(__name__)

NAMES = ('root_dir', 'follow_dir_links', 'debug', 'keep_newline', 'render_default', 'renderer_blacklist',
         'renderer_whitelist', 'template')


def pillar_of(host, given):
    """What the files say for a minion: {} without any; the log says why there is none.

    :param host: host.opts, host.groups() -> names of nodegroups, host.render_as(text, names of renderers).
    :param dict given: arguments of the row of `ext_pillar`, by the names in NAMES.
    :raises ValueError: they are wrong, or a file is no text.  :raises SaltRenderError: a template is wrong.
    """
    found, minion_id = {}, compat.to_native(host.opts['id'])
    for root in _roots(given.get('root_dir'), host.opts):
        if not isinstance(given.get('keep_newline', False), (bool, list)):
            log.error('file_tree: keep_newline is neither True, False nor a list of globs; %s is left out', root)
            continue
        for group in host.groups():
            found = _over(found, _branch(os.path.join(root, 'nodegroups', group), host, given))
        if '/' not in minion_id:
            found = _over(found, _branch(os.path.join(root, 'hosts', minion_id), host, given))
    return found


def _over(below, above):
    return merging.merged(below, above, 'recurse')


def _roots(root, opts):
    """The folders to look into; a relative one is below each of `pillar_roots`."""
    if not root:
        log.error('file_tree: there is no root_dir')
        return []
    if not compat.is_text(root):
        raise ValueError('expected str, bytes or os.PathLike object, not %s' % type(root).__name__)
    root = compat.to_native(root)
    if os.path.isabs(root):
        roots = [root]
    elif not opts.get('pillarenv'):
        log.error('file_tree: root_dir is relative, and there is no pillarenv: %s', root)
        return []
    else:
        folders = (opts.get('pillar_roots') or {}).get(opts['pillarenv'])
        roots = [os.path.join(folder, root) for folder in rootfolders.named(folders)]
    there = [folder for folder in roots if os.path.isdir(folder)]
    if not there:
        log.error('file_tree: root_dir %s is no folder', root)
    return there


def _branch(top, host, given):
    """The mapping of a folder, {} if it is not there."""
    return _folder(top, './', host, given, ()) if os.path.isdir(top) else {}


def _folder(path, inner, host, given, above):
    """:param str inner: the path below the top, with a slash.  :param above: real paths of the folders that it lies in."""
    found, real = {}, os.path.realpath(path)
    if real in above:
        log.error('file_tree: %s: the link leads to a folder that it lies in', path)
        return found
    for name in sorted(os.listdir(path)):
        entry = os.path.join(path, name)
        if os.path.isdir(entry):
            follow = given.get('follow_dir_links') or not os.path.islink(entry)
            found[name] = _folder(entry, inner + name + '/', host, given, above + (real,)) if follow else {}
        elif os.path.isfile(entry):
            found[name] = _file(entry, inner + name, host, given)
        else:
            log.error('file_tree: %s: not a regular file', entry)
    return found


def _file(path, inner, host, given):
    data = files.read(path, rendering.LIMIT) or b''
    if not _fits(given.get('keep_newline'), inner) and data.endswith(b'\n'):
        data = data[:-1]
    if _fits(given.get('template'), inner):
        return _template(compat.to_native(data.decode('utf-8')), host, given)
    try:
        return compat.to_native(data.decode('utf-8'))
    except UnicodeDecodeError:
        return data


def _fits(wanted, inner):
    """Is a file meant, by True or by one of the globs?"""
    if not isinstance(wanted, list):
        return wanted is True
    return any(fnmatch.fnmatch(inner, pattern) or fnmatch.fnmatch(inner[2:], pattern) for pattern in wanted)


def _template(text, host, given):
    """What the renderers that may be used make of a text; {} if none of them is named."""
    names = [name for name in rendering.chain(text, compat.to_native(given.get('render_default') or '')) if name]
    allowed, refused = given.get('renderer_whitelist'), given.get('renderer_blacklist') or ()
    names = [name for name in names if (name in allowed if allowed else name not in refused)]
    made = host.render_as(text, names) if text and names else None
    return {} if made is None else made


def arguments(given):
    """The arguments of a row of `ext_pillar` by name: it has a mapping of them, a list, or the first alone.

    :raises SaltRenderError: one that is not known.
    """
    if given is None:
        return {}
    if isinstance(given, dict):
        unknown = sorted(str(name) for name in given if name not in NAMES)
        if unknown:
            raise SaltRenderError("ext_pillar() got an unexpected keyword argument '%s'" % unknown[0])
        return given
    return dict(zip(NAMES, given if isinstance(given, list) else [given]))
