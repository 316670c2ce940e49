"""Whether this host has room for one more job: memory and descriptors, looked at when a job comes and at no other time."""
from __future__ import absolute_import, division, print_function

import os
import re
import resource

SHARE = 0.8                      # of the descriptors that this process may have: beyond it no job is begun
MEGABYTE = 1024                  # in KiB, in which the kernel counts
_ROW = re.compile(r'^(MemAvailable|MemFree|Buffers|Cached|Shmem):\s+([0-9]+) kB', re.MULTILINE)


class Admission(object):
    """Says why a job cannot begin now; any thread.

    :param float free_memory: MiB that have to be available (`job_free_memory`), 0: memory is not looked at.
    :param str proc: where the kernel tells; for tests.
    """

    def __init__(self, free_memory, proc='/proc'):
        self._wanted = free_memory
        self._meminfo, self._open = os.path.join(proc, 'meminfo'), os.path.join(proc, 'self', 'fd')

    def refusal(self):
        """Text for the return of a job that is refused, '' when there is room (or nobody knows)."""
        return self._of_memory() or self._of_descriptors()

    def _of_memory(self):
        available = available_memory(self._meminfo) if self._wanted else None
        if available is None or available >= self._wanted * MEGABYTE:
            return ''
        return ('this minion is short of memory: %d MiB are available, job_free_memory asks for %.10g'
                % (available // MEGABYTE, self._wanted))

    def _of_descriptors(self):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        if most == resource.RLIM_INFINITY:
            return ''
        try:
            used = len(os.listdir(self._open)) - 1   # not the one of this listing
        except OSError:                              # no /proc, or not even a descriptor to look with
            used = most if os.path.isdir(self._open) else 0
        if used <= most * SHARE:
            return ''
        return 'this minion is short of file descriptors: %d of %d are in use' % (used, most)


def available_memory(path):
    """KiB that programs can have without swapping, None where the kernel does not tell.

    Kernels before 3.14 have no MemAvailable: what is free or holds only copies of the disk is counted instead.
    """
    try:
        with open(path) as stream:
            rows = dict((name, int(number)) for name, number in _ROW.findall(stream.read()))
    except EnvironmentError:
        return None
    if 'MemAvailable' in rows:
        return rows['MemAvailable']
    if 'MemFree' not in rows:
        return None
    return max(0, rows['MemFree'] + rows.get('Buffers', 0) + rows.get('Cached', 0) - rows.get('Shmem', 0))
