"""Copying files: from the master, the web and this host to this host, and back to the master.

Results: tests/data/parity/returns/cp.json.

The client (`__file_client__`) knows addresses, the cache and the wire; here are only what callers see.
"""
from __future__ import absolute_import, division, print_function

import base64
import errno
import fnmatch
import os
import zlib

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import salturl, templating
from minion.helpers.draft import Draft


def _client():
    if __file_client__ is None:
        raise CommandExecutionError('this minion has no file client')
    return __file_client__


def _saltenv(saltenv):
    return saltenv or __opts__.get('saltenv') or 'base'


def _space(saltenv, kwargs=None):
    given = dict((name, value) for name, value in (kwargs or {}).items() if not name.startswith('__'))
    variables = templating.merged(given.pop('context', None), given.pop('defaults', None))
    return templating.space_of(globals(), saltenv, dict(variables, **given))


def _named(path, dest, template, space):
    """Both names with their template marks filled in."""
    return templating.render(path, template, space), templating.render(dest, template, space)


# ---- fetching

def get_file(path, dest, saltenv=None, makedirs=False, template=None, gzip=None, **kwargs):
    """Copy the file `path` (salt://...) to `dest`, a file or a folder; the path of the copy, '' if there is no such file,
    False if its folder is missing and `makedirs` is not set. `gzip`: level from 1 to 9 for the way.

    CLI: salt '*' cp.get_file salt://path/to/file /minion/dest
    """
    path, dest = _named(path, dest, template, _space(saltenv, kwargs))
    path, named = salturl.split_env(path)
    saltenv = named or _saltenv(saltenv)
    if not _client().hash_file(path, saltenv):
        return ''
    return _client().get_file(path, dest, makedirs, saltenv, gzip)


def get_dir(path, dest, saltenv=None, template=None, gzip=None, **kwargs):
    """Copy the folder `path` (salt://...) into the folder `dest`; list of what was copied.

    CLI: salt '*' cp.get_dir salt://path/to/dir/ /minion/dest
    """
    path, dest = _named(path, dest, template, _space(saltenv, kwargs))
    return _client().get_dir(path, dest, _saltenv(saltenv), gzip)


def get_url(path, dest='', saltenv=None, makedirs=False, source_hash=None):
    """Copy the file of any address to `dest`; its path. Without `dest` into the cache; with None the content is returned.

    CLI: salt '*' cp.get_url http://example.com/file /tmp/file
    """
    given = compat.is_text(dest)
    result = _client().get_url(path, dest if given else None, makedirs, _saltenv(saltenv), no_cache=not given,
                               source_hash=source_hash)
    return compat.to_text(result) if result and isinstance(result, bytes) else result


def get_file_str(path, saltenv=None):
    """The content of the file of any address, which must be UTF-8; False if there is none.

    CLI: salt '*' cp.get_file_str salt://path/to/file
    """
    cached = cache_file(path, saltenv)
    try:
        return compat.to_text(_read(cached)) if cached else False
    except (OSError, IOError) as exc:
        if exc.errno != errno.ENOENT:
            raise
        return False


def _read(path):
    with open(path, 'rb') as stream:
        return stream.read()


def get_template(path, dest, template='jinja', saltenv=None, makedirs=False, **kwargs):
    """Copy a file to `dest` with its template marks filled in; '' if it cannot be had or filled in.

    CLI: salt '*' cp.get_template salt://path/to/template /minion/dest
    """
    source = cache_file(path, saltenv)
    if not source:
        return ''
    if template not in templating.ENGINES:
        return ''
    text = templating.render(compat.to_escaped(_read(source)), template, _space(saltenv, kwargs))
    target = dest or salturl.cached_web(__opts__['cachedir'], _saltenv(saltenv), salturl.split_env(path)[0])
    folder = os.path.dirname(target)
    if not os.path.isdir(folder):
        if dest and not makedirs or not folder:
            return ''
        compat.make_dirs(folder, 0o755)
    inside = os.path.join(target, os.path.basename(source)) if os.path.isdir(target) else target
    with Draft(inside, 0o600, hand_on=False) as draft:
        draft.write(compat.to_bytes(text))
        draft.keep()
    return target


# ---- the cache

def cache_file(path, saltenv=None, source_hash=None, verify_ssl=True, use_etag=False):
    """Have the file of any address in the cache; its path there, False if there is none.

    CLI: salt '*' cp.cache_file salt://path/to/file; cp.cache_file_ssh is the same
    """
    path, named = salturl.split_env(path)
    return _client().cache_file(path, named or _saltenv(saltenv), source_hash=source_hash, verify_ssl=verify_ssl)


cache_file_ssh = cache_file


def cache_files(paths, saltenv=None):
    """cache_file for each of a list, or of a text with commas. CLI: salt '*' cp.cache_files salt://a,salt://b"""
    return _client().cache_files(paths, _saltenv(saltenv))


def cache_dir(path, saltenv=None, include_empty=False, include_pat=None, exclude_pat=None):
    """Have all files below the folder `path` (salt://...) in the cache; their paths. The patterns are globs of whole paths,
    or expressions behind `E@`.

    CLI: salt '*' cp.cache_dir salt://path/to/dir include_pat='*.conf'
    """
    return _client().cache_dir(path, _saltenv(saltenv), include_empty, include_pat, exclude_pat)


def cache_master(saltenv=None):
    """Have all files of the master in the cache; their paths. CLI: salt '*' cp.cache_master"""
    return _client().cache_master(_saltenv(saltenv))


def cache_local_file(path):
    """Copy a file of this host into the cache; its path there, '' if there is none.

    CLI: salt '*' cp.cache_local_file /etc/hosts
    """
    return _client().cache_local_file(path)


def cache_dest(url, saltenv=None):
    """Where in the cache the file of an address would lie. CLI: salt '*' cp.cache_dest https://foo.com/bar.rpm"""
    return _client().cache_dest(url, _saltenv(saltenv))


def is_cached(path, saltenv=None):
    """Where in the cache the file of an address lies, '' if it is not there. CLI: salt '*' cp.is_cached salt://path"""
    return _client().is_cached(path, _saltenv(saltenv))


def list_minion(saltenv=None):
    """Paths of all files in the cache. CLI: salt '*' cp.list_minion"""
    return _client().file_local_list(_saltenv(saltenv))


# ---- what the master has

def hash_file(path, saltenv=None):
    """Mapping with the digest (`hsum`) and its kind (`hash_type`) of a file of the master or of this host; '' for what the
    master has not. CLI: salt '*' cp.hash_file salt://path/to/file; cp.hash_file_ssh is the same
    """
    path, named = salturl.split_env(path)
    return _client().hash_file(path, named or _saltenv(saltenv))


hash_file_ssh = hash_file


def stat_file(path, saltenv=None, octal=True):
    """The permissions of a file of the master or of this host as a text like 0644; without `octal` its whole mode as a
    number. CLI: salt '*' cp.stat_file salt://path/to/file
    """
    path, named = salturl.split_env(path)
    status = _client().hash_and_stat_file(path, named or _saltenv(saltenv))[1]
    if status is None:
        return None
    return '0%o' % (status[0] & 0o7777) if octal else status[0]


def list_master(saltenv=None, prefix=''):
    """Paths of all files of the master that begin with `prefix`. CLI: salt '*' cp.list_master"""
    return _client().file_list(_saltenv(saltenv), prefix)


def list_master_dirs(saltenv=None, prefix=''):
    """Paths of all folders of the master that begin with `prefix`. CLI: salt '*' cp.list_master_dirs"""
    return _client().dir_list(_saltenv(saltenv), prefix)


def list_master_symlinks(saltenv=None, prefix=''):
    """Mapping of the master's symbolic links to what they lead to. CLI: salt '*' cp.list_master_symlinks"""
    return _client().symlink_list(_saltenv(saltenv), prefix)


def list_states(saltenv=None):
    """Names of all SLS files of the master. CLI: salt '*' cp.list_states"""
    return _client().list_states(_saltenv(saltenv))


def envs():
    """Names of the environments of the master. CLI: salt '*' cp.envs"""
    return _client().envs()


# ---- to the master

def push(path, keep_symlinks=False, upload_path=None, remove_source=False):
    """Send the file `path` (absolute) to the master, which keeps it in its cache if its setting `file_recv` allows it; True,
    or False. `upload_path`: the name there. `remove_source`: remove the file here when that worked.

    CLI: salt '*' cp.push /etc/fstab
    """
    if '../' in path or not os.path.isabs(path):
        return False
    source = path if keep_symlinks else os.path.realpath(path)
    if not os.path.isfile(source):
        return False
    parts = _upload_parts(upload_path or source)
    if not parts:
        return False
    done = _send(source, parts)
    if done and remove_source:
        os.remove(source)
    return done


def _upload_parts(path):
    """The components that the master is told, [] for a path with some that lead up."""
    parts = [part for part in compat.to_native(path).split(os.sep) if part not in ('', '.')]
    return [] if '..' in parts else parts


def _send(source, parts):
    load = {'cmd': '_file_recv', 'id': __opts__['id'], 'path': parts, 'size': os.path.getsize(source)}
    with open(source, 'rb') as stream:
        position = 0
        while True:
            piece = stream.read(int(__opts__.get('file_buffer_size') or 262144))
            if not piece and position:
                return True
            if not __minion__.request(dict(load, loc=position, data=piece)):
                return False
            if not piece:
                return True
            position += len(piece)


def push_dir(path, glob=None, upload_path=None):
    """Send all files below the folder `path` whose names match `glob`; True when all were taken. See push.

    CLI: salt '*' cp.push_dir /etc/modprobe.d/ glob='*.conf'
    """
    if '../' in path or not os.path.isabs(path):
        return False
    top = os.path.realpath(path)
    if os.path.isfile(top):
        return push(path, upload_path=upload_path)
    names = [os.path.join(folder, name) for folder, _, found in os.walk(top) for name in sorted(found)
             if glob is None or fnmatch.fnmatch(name, glob)]
    results = [push(name, upload_path=upload_path and os.path.join(upload_path, os.path.relpath(name, top)))
               for name in names]
    return bool(results) and all(results)


# ---- from salt-cp

def recv(files, dest):
    """Write files that salt-cp sends: {path there: content}; mapping of paths here to True.

    CLI: salt '*' cp.recv '{/there/f: text}' /here/
    """
    written = {}
    for path, data in files.items():
        if os.path.isdir(dest) or dest.endswith(os.sep):
            target = os.path.join(dest, os.path.basename(path))
        elif os.path.isdir(os.path.dirname(dest)):
            target = dest
        else:
            return 'Destination unavailable'
        try:
            _write(target, compat.to_bytes(data))
            written[target] = True
        except (OSError, IOError):
            written[target] = False
    return written


def recv_chunked(dest, chunk, append=False, compressed=True, mode=None):
    """Write one piece (base64) of a file that salt-cp sends; None makes a folder. True, or a text that says what failed.

    CLI: salt '*' cp.recv_chunked /here/f aGVsbG8= compressed=False
    """
    try:
        if chunk is None:
            compat.make_dirs(dest, 0o755)
            return True
        return _receive(dest, base64.b64decode(compat.to_bytes(chunk)), append, compressed, mode)
    except (OSError, IOError) as exc:
        return compat.to_native(str(exc))
    except zlib.error as exc:
        __context__['retcode'] = 1
        return 'Not a gzipped file (%s)' % exc


def _receive(dest, data, append, compressed, mode):
    folder = os.path.dirname(dest)
    if not os.path.isdir(folder):
        compat.make_dirs(folder, 0o755)
    data = zlib.decompress(data, 16 + zlib.MAX_WBITS) if compressed and data else data
    if append:
        with open(dest, 'ab') as stream:
            stream.write(data)
    else:
        _write(dest, data)
    if mode is not None:
        os.chmod(dest, mode)
    return True


def _write(path, data):
    with Draft(path) as draft:
        draft.write(data)
        draft.keep()
