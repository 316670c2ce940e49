"""Keeps returns below cachedir, one folder a job, as masters keep them.

jobs/XX/REST/ID/return.p holds {return, retcode, success}, XX and REST being a digest of the jid; jobs/XX/REST/jid names
the job. Returns older than the setting keep_jobs_seconds (a day) are removed when another one comes.
"""
from __future__ import absolute_import, division, print_function

import hashlib
import os
import shutil
import time

from minion import compat, files

RETURN, OUT, JID = 'return.p', 'out.p', 'jid'
DAY = 86400


def returner(load):
    """Keep the return `load`."""
    folder = os.path.join(_folder(load['jid']), _name(load['id']))
    kept = dict((key, load[key]) for key in ('return', 'retcode', 'success', 'fun', 'fun_args') if key in load)
    files.write(os.path.join(_folder(load['jid']), JID), compat.to_bytes(load['jid']), sync=False, make_folder=True)
    files.write(os.path.join(folder, RETURN), _pack(kept), sync=False, make_folder=True)
    if 'out' in load:
        files.write(os.path.join(folder, OUT), _pack(load['out']), sync=False)
    clean_old_jobs()


def get_jid(jid):
    """{id: {return, out}} of a job. CLI: ret.get_jid local_cache 20260101000000000000"""
    found, folder = {}, _folder(jid)
    for minion in sorted(set(os.listdir(folder)) - set([JID])) if os.path.isdir(folder) else ():
        kept = _read(os.path.join(folder, minion, RETURN))
        if kept is not None:
            found[minion] = dict((key, kept[key]) for key in ('return', 'retcode', 'success') if key in kept)
            out = _read(os.path.join(folder, minion, OUT))
            if out is not None:
                found[minion]['out'] = out
    return found


def get_fun(fun):
    """{id: return} of the last job of each minion that ran `fun`. CLI: ret.get_fun local_cache test.ping"""
    found = {}
    for jid in sorted(get_jids()):
        for minion in get_jid(jid):
            kept = _read(os.path.join(_folder(jid), minion, RETURN)) or {}
            if kept.get('fun') == fun:
                found[minion] = kept.get('return')
    return found


def get_jids():
    """{jid: {Function}} of all jobs that are kept. CLI: ret.get_jids local_cache"""
    found = {}
    for folder in _folders():
        jid = files.read(os.path.join(folder, JID))
        if jid is not None:
            found[compat.to_native(jid)] = {}
    return found


def get_minions():
    """Ids of all minions whose returns are kept. CLI: ret.get_minions local_cache"""
    return sorted(set(name for folder in _folders() for name in os.listdir(folder) if name != JID))


def clean_old_jobs():
    """Remove what is older than the settings keep."""
    keep = __opts__.get('keep_jobs_seconds') or DAY
    for folder in _folders():
        if os.path.getmtime(folder) < time.time() - keep:
            shutil.rmtree(folder, True)


def _top():
    return os.path.join(__opts__['cachedir'], 'jobs', 'kept')


def _folders():
    top = _top()
    for first in sorted(os.listdir(top)) if os.path.isdir(top) else ():
        for rest in sorted(os.listdir(os.path.join(top, first))):
            yield os.path.join(top, first, rest)


def _folder(jid):
    digest = hashlib.new(str(__opts__.get('hash_type') or 'sha256'), compat.to_bytes(str(jid))).hexdigest()
    return os.path.join(_top(), digest[:2], digest[2:])


def _name(minion_id):
    """An id as the name of a folder; it cannot lead out of its place."""
    return compat.to_native(minion_id).replace('/', '_').replace('\0', '_').lstrip('.') or '_'


def _pack(value):
    import msgpack
    return msgpack.packb(value, use_bin_type=True)


def _read(path):
    import msgpack
    data = files.read(path, limit=64 << 20)
    return None if data is None else compat.native_tree(msgpack.unpackb(data, raw=False, strict_map_key=False))
