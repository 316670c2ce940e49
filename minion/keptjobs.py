"""Returns kept below cachedir/minion_jobs (`cache_jobs`), for saltutil.find_cached_job and for whoever looks there."""
from __future__ import absolute_import, division, print_function

import os
import threading
import time

from minion import disk, errors, files, payload
from minion.helpers import caches

HOURLY, EVERY = 3600.0, 500      # seconds, and returns, after which old ones are removed again
MOST = 10000                     # jobs at most, whatever their age


class KeptJobs(object):
    """One folder a job, with the file return.p; any thread.

    :param float seconds: age at which a return is removed (`keep_jobs_seconds`).
    """

    def __init__(self, cachedir, seconds, clock=time.time):
        self._cachedir, self._seconds, self._clock = cachedir, seconds, clock
        self._disk = disk.Disk(os.path.join(cachedir, caches.JOBS), 'returns are not kept there')
        self._lock = threading.Lock()                # guards the two below
        self._cleaned, self._count = None, 0

    def keep(self, load):
        """Keep one `_return` load; a disk that refuses is told once."""
        try:
            data = payload.pack(dict((name, value) for name, value in load.items() if name != 'cmd'))
            files.write(caches.job_path(self._cachedir, load['jid']), data, sync=False, make_folder=True)
            if self._is_due():
                self._clean()
            self._disk.worked()
        except (OSError, IOError) as exc:
            self._disk.failed(exc)
        except errors.BadPayload:                    # it will not reach the master as it is either, which says why
            return

    def _is_due(self):
        """True when old ones are to be looked for: by one thread at a time."""
        with self._lock:
            self._count += 1
            now = self._clock()
            due = self._cleaned is None or self._count >= EVERY or not 0 <= now - self._cleaned < HOURLY
            if due:
                self._cleaned, self._count = now, 0
            return due

    def _clean(self):
        caches.clear_jobs(self._cachedir, self._clock() - self._seconds)
        caches.clear_surplus(self._cachedir, MOST)


def seconds(opts):
    """How long returns are kept: keep_jobs_seconds, or the older keep_jobs in hours; a day without either."""
    for name, unit in (('keep_jobs_seconds', 1), ('keep_jobs', 3600)):
        value = opts.get(name)
        if isinstance(value, (int, float)) and value > 0:
            return value * unit
    return 86400
