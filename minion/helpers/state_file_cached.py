"""The states file.cached and file.not_cached: what is in the cache of files of this minion."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.errors import MinionError
from minion.helpers import file_source
from minion.helpers.state_file import Failed, failed, new, text_of


def _local_path(name):
    """The path that a name stands for, None if it is an address."""
    kind = file_source.scheme(name)
    if kind not in ('', 'file'):
        return None
    return os.path.abspath(os.path.expanduser(name[7:] if kind else name))


def cached(name, wanted, world):
    """See the state file.cached; `wanted`: its other arguments by name."""
    ret = new(name)
    try:
        return _cached(name, wanted, ret, world)
    except Failed as exc:
        return failed(ret, text_of(exc))
    except (MinionError, EnvironmentError) as exc:
        return failed(ret, text_of(exc))


def _cached(name, wanted, ret, world):
    functions, saltenv = world.functions, wanted['saltenv']
    if wanted['source_hash_sig'] and wanted['source_hash']:
        raise Failed('source_hash_sig: this minion cannot check signatures of files')
    if (file_source.scheme(name) in ('http', 'https', 'ftp')
            and not (wanted['skip_verify'] or wanted['source_hash'] or wanted['use_etag'])):
        raise Failed('Unable to verify upstream hash of source file %s, please set source_hash or set skip_verify or use_etag '
                     'to True' % name)
    digest = {}
    if wanted['source_hash']:
        digest = functions['file.get_source_sum'](source=name, source_hash=wanted['source_hash'],
                                                  source_hash_name=wanted['source_hash_name'], saltenv=saltenv)
    if world.opts['test']:
        return _told(name, digest, saltenv, ret, functions)
    path = _local_path(name)
    if path is not None:
        return _present(path, digest, ret, functions)
    return _fetch(name, digest, wanted, ret, world)


def _hash(path, digest, world_functions, kind='sha256'):
    return world_functions['file.get_hash'](path, digest.get('hash_type') or kind)


def _told(name, digest, saltenv, ret, functions):
    kept = functions['cp.is_cached'](name, saltenv=saltenv)
    said = 'File will be cached: %s'
    if kept and not digest:
        said = 'No hash found. File will be cached: %s'
    elif kept:
        same = _hash(kept, digest, functions) == digest['hsum']
        said = 'File already cached: %s' if same else "Hashes don't match.\nFile will be cached: %s"
    ret.update(result=None, comment=said % name)
    return ret


def _present(path, digest, ret, functions):
    """A file of this host, which needs no copy."""
    if not os.path.exists(path):
        raise Failed('File %s is not present on the minion' % path)
    ret['comment'] = 'File %s is present on the minion' % path
    if digest:
        found = _hash(path, digest, functions)
        if found != digest['hsum']:
            raise Failed('%s, but the hash (%s) does not match the specified hash (%s)'
                         % (ret['comment'], found, digest['hsum']))
        ret['comment'] += ' and has hash %s' % found
    return ret


def _fetch(name, digest, wanted, ret, world):
    functions, saltenv, kind = world.functions, wanted['saltenv'], world.opts.get('hash_type') or 'sha256'
    kept = functions['cp.is_cached'](name, saltenv=saltenv)
    before = _hash(kept, digest, functions, kind) if kept else None
    if digest and before == digest['hsum']:
        ret['comment'] = 'File is already cached to %s with hash %s' % (kept, before)
        return ret
    kept = functions['cp.cache_file'](name, saltenv=saltenv, source_hash=digest.get('hsum'), use_etag=wanted['use_etag'])
    if not kept:
        raise Failed('Failed to cache %s, check minion log for more information' % name)
    after = _hash(kept, digest, functions, kind)
    if after != before:
        ret['changes']['hash'] = {'old': before, 'new': after}
    ret['comment'] = 'File is cached to %s' % kept
    if digest:
        if after != digest['hsum']:
            raise Failed('%s, but the hash (%s) does not match the specified hash (%s)'
                         % (ret['comment'], after, digest['hsum']))
        ret['comment'] += ' with hash %s' % after
    return ret


def not_cached(name, saltenv, world):
    """See the state file.not_cached."""
    ret, path = new(name), _local_path(name)
    if path is not None:
        ret['comment'] = 'File %s is a local path, no action taken' % path
        return ret
    kept = world.functions['cp.is_cached'](name, saltenv=saltenv)
    if not kept:
        ret['comment'] = '%s is not cached' % name
        return ret
    try:
        os.remove(kept)
    except OSError as exc:
        return failed(ret, 'Failed to delete %s, error message is as follows:\n\n%s' % (kept, compat.error_text(exc)))
    ret.update(changes={'deleted': True}, comment='%s was deleted' % kept)
    return ret
