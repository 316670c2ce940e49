"""How this host is doing (status.*). Results: tests/data/parity/returns/system.json."""
from __future__ import absolute_import, division, print_function

import datetime
import fnmatch
import logging
import os
import re
import socket
import time as clock

from minion.helpers import hostfiles, hoststats, lookups, mounted, nettests, procnet, proctable, programs
from minion.helpers.rootfs import Root

log = logging.getLogger(__name__)

_PATIENCE = 5.0                           # seconds for a master to take a connection


# ---- processors, memory, load

def loadavg():
    """Load averages of the last 1, 5 and 15 minutes. CLI: status.loadavg"""
    return hoststats.load()


def cpuinfo():
    """What the kernel knows of the processors. CLI: status.cpuinfo"""
    return hoststats.processor_info(Root())


def cpustats():
    """Counters of the processors: time, interrupts, processes. CLI: status.cpustats"""
    return hoststats.processor_counters(Root())


def nproc():
    """Number of the processors that this process may use. CLI: status.nproc"""
    answer = programs.output('nproc') or ''
    return int(answer) if answer.isdigit() else hostfiles.processors(Root())['num_cpus']


def meminfo():
    """What the kernel knows of the memory: value and unit of each figure. CLI: status.meminfo"""
    return hoststats.memory(Root())


def vmstats():
    """Counters of the virtual memory. CLI: status.vmstats"""
    return hoststats.pages(Root())


# ---- disks and network

def diskstats():
    """Counters of all block devices. CLI: status.diskstats"""
    return hoststats.disks(Root())


def diskusage(*args):
    """Total and available bytes of all file systems, or those in `args`: paths and kinds of file systems (globs).

    CLI: status.diskusage / 'ext?'
    """
    paths = [word for word in args if word.startswith('/')]
    kinds = [word for word in args if not word.startswith('/')]
    for mount in mounted.listed(Root()):
        if not args or any(fnmatch.fnmatchcase(mount.kind, kind) for kind in kinds):
            paths.append(mount.folder)
    found = {}
    for path in paths:
        try:
            room = os.statvfs(path)
        except OSError as exc:
            log.debug('%s: %s', path, exc)
            continue
        found[path] = {'available': room.f_bavail * room.f_frsize, 'total': room.f_blocks * room.f_frsize}
    return found


def netdev():
    """Counters of all network interfaces. CLI: status.netdev"""
    return hoststats.cards(Root())


def netstats():
    """Counters of the network protocols. CLI: status.netstats"""
    return hoststats.protocols(Root())


# ---- time and users

def uptime():
    """Since when the host runs: seconds, days, time, since_iso (UTC), since_t; and how many users are signed in.

    CLI: status.uptime
    """
    seconds = int(hoststats.uptime(Root()))
    since = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=clock.time() - seconds)
    return {'seconds': seconds, 'since_iso': since.isoformat(), 'since_t': int(clock.time() - seconds),
            'days': seconds // 86400, 'time': '%d:%02d' % (seconds % 86400 // 3600, seconds % 3600 // 60),
            'users': max(1, len((programs.output('who', '-s') or '').splitlines()))}


def time(format='%A, %d. %B %Y %I:%M%p'):
    """The time of this host. format: as of strftime. CLI: status.time '%s'"""
    return datetime.datetime.now().strftime(format)


def w():
    """List of who is signed in and what they do. CLI: status.w"""
    names, found = ('user', 'tty', 'login', 'idle', 'jcpu', 'pcpu'), []
    for line in (programs.output('w', '-fh') or '').splitlines():
        words = line.split()
        if len(words) >= len(names):
            found.append(dict(zip(names, words), what=' '.join(words[6:])))
    return found


def version():
    """The version of the kernel as it tells it. CLI: status.version"""
    return Root().line('/proc/version') or ''


# ---- processes

def procs():
    """Mapping of all processes to user and command. CLI: status.procs"""
    return dict((str(row.pid), {'user': row.user, 'cmd': proctable.shown(row)}) for row in proctable.rows())


def pid(sig):
    """Numbers, one a line, of the processes whose `user pid ppid command` has the regular expression `sig` in it.

    CLI: status.pid sshd
    """
    found = []
    for row in proctable.tree_order(proctable.rows()):
        line = '%s %d %d %s' % (row.user, row.pid, row.parent, proctable.shown(row))
        if 'status.pid' not in line and re.search(sig, line):
            found.append(str(row.pid))
    return '\n'.join(found)


# ---- several at once

def all_status():
    """All of cpuinfo, cpustats, diskstats, diskusage, loadavg, meminfo, netdev, netstats, uptime, vmstats and w.

    CLI: status.all_status
    """
    return dict((function.__name__, function()) for function in (
        cpuinfo, cpustats, diskstats, diskusage, loadavg, meminfo, netdev, netstats, uptime, vmstats, w))


_CUSTOM = (cpuinfo, cpustats, diskstats, diskusage, loadavg, meminfo, netdev, netstats, uptime, vmstats)


def custom():
    """What the settings `status.FUNCTION.custom` ask for, lists of names in the results of FUNCTION.

    CLI: status.custom
    """
    found = {}
    for function in _CUSTOM:
        wanted = __salt__['config.get']('status.%s.custom' % function.__name__, None)
        if wanted:
            known = function()
            found.update((name, known.get(name, 'UNKNOWN')) for name in wanted)
    return found


# ---- masters

def master(master=None, connected=True):
    """True if a connection to the publish port of this master (name or address) stands; None without a master.

    connected: without effect, the minion notices by itself. CLI: status.master 10.0.0.1
    """
    try:
        found = lookups.addresses(master, None) if master else []
    except socket.error as exc:
        log.info('status.master: %s: %s', master, exc)
        return None
    if not found:
        return None
    wanted, port = set(info[4][0] for info in found), int(__opts__.get('publish_port', 4505))
    return any(one.state == procnet.ESTABLISHED and one.remote[1] == port and one.remote[0] in wanted
               for one in procnet.sockets(Root(), ('tcp', 'tcp6')))


def ping_master(master):
    """True if this master (name or address) takes a connection at the port that minions ask at.

    CLI: status.ping_master 10.0.0.1
    """
    return bool(master) and nettests.connect(master, __opts__.get('master_port', 4506), timeout=_PATIENCE)['result']


def proxy_reconnect(proxy_name, opts=None):
    """False: this minion manages no proxied devices. CLI: status.proxy_reconnect rest_sample"""
    return False
