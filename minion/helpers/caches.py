"""What lies below cachedir for speed or for looking it up later, and may go: never jobs, returns or keys."""
from __future__ import absolute_import, division, print_function

import os
import shutil

CACHES = ('files', 'extrn_files', 'localfiles', 'minion_jobs', 'roots', 'file_lists')
JOBS = 'minion_jobs'


def clear(cachedir, extension_modules):
    """Remove the files of all caches, and the synced plug-ins where they lie below cachedir.

    :raises OSError: something cannot be removed.
    """
    folders = [os.path.join(cachedir, name) for name in CACHES]
    if extension_modules.startswith(cachedir.rstrip(os.sep) + os.sep):
        folders.append(extension_modules)
    for folder in folders:
        if os.path.islink(folder):
            os.unlink(folder)
        elif os.path.isdir(folder):
            shutil.rmtree(folder)


def clear_jobs(cachedir, before):
    """Remove kept jobs that are older than the Unix time `before`."""
    home = os.path.join(cachedir, JOBS)
    for name in os.listdir(home) if os.path.isdir(home) else ():
        folder = os.path.join(home, name)
        if os.path.isdir(folder) and not os.path.islink(folder) and os.lstat(folder).st_mtime < before:
            shutil.rmtree(folder)


def clear_surplus(cachedir, most):
    """Remove the oldest kept jobs beyond `most`; their names are their times."""
    home = os.path.join(cachedir, JOBS)
    names = sorted(os.listdir(home)) if os.path.isdir(home) else []
    for name in names[:max(0, len(names) - most)]:
        shutil.rmtree(os.path.join(home, name))


def job_path(cachedir, jid):
    """Where the return of a job is kept; `jid` is one name."""
    return os.path.join(cachedir, JOBS, jid, 'return.p')


def kept_job(cachedir, jid):
    """Path of the kept return of a job, None without one; `jid` is one name."""
    if jid in ('', '.', '..') or os.sep in jid or '\0' in jid:
        return None
    path = job_path(cachedir, jid)
    return path if os.path.isfile(path) else None
