"""Which processes have which files open (file.open_files), from /proc."""
from __future__ import absolute_import, division, print_function

import os


def open_files(by_pid=False):
    """The open files of all processes: {path: [pids]}, or with `by_pid` {pid: [paths]}. CLI: file.open_files by_pid=True"""
    pids, files = {}, {}
    for name in os.listdir('/proc'):
        if name.isdigit():
            paths = _paths(name)
            if paths is not None:
                pids[int(name)] = paths
                for path in paths:
                    files.setdefault(path, []).append(int(name))
    return pids if by_pid else files


def _paths(pid):
    """Sorted paths of a process, None when it is gone or not ours to look at."""
    found, folder = set(), '/proc/%s/fd' % pid
    try:
        links = [os.path.join(folder, number) for number in os.listdir(folder)]
    except OSError:
        return None
    for link in links + ['/proc/%s/exe' % pid]:
        try:
            path = os.readlink(link)
        except OSError:                              # closed meanwhile
            continue
        if path.startswith('/') and os.path.exists(path) and not path.startswith('/proc/'):
            found.add(path)
    return sorted(found)
