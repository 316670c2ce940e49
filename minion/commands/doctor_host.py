"""What the doctor looks at on this host: libraries, configuration, id, disks, the process, the jobs. Changes nothing."""
from __future__ import absolute_import, division, print_function

import calendar
import os
import re
import time

from minion import accounts, compat, errors, files, identity, prepare, settingcall, versions
from minion.commands import service_state
from minion.commands.findings import ERROR, NOTE, OK, WARNING, finding

LOCK = 'minion.lock'
SCARCE = 20 << 20                                # bytes free below which a disk is called nearly full
SKEW = 30.0                                      # seconds between the clocks that are worth a warning
MANY = 100                                       # returns in the spool that are worth a warning
JID = re.compile(r'^[12]\d{19}')


def libraries():
    """One finding for all libraries, or one for each that is missing or too old."""
    found = []
    for name, floor, version in versions.floors():
        if version is None:
            found.append(finding('libraries', ERROR, 'The library %s is not installed for this Python.' % name,
                                 'Install %s %s or later.' % (name, floor)))
        elif versions.number(version) < versions.number(floor):
            found.append(finding('libraries', ERROR, '%s %s is older than %s, the oldest that works.' % (name, version, floor),
                                 'Install %s %s or later.' % (name, floor)))
    try:
        aes = versions.aes_provider()
    except (ImportError, OSError, errors.MinionError) as exc:
        return found + [finding('libraries', ERROR, 'Nothing here can do AES: %s.' % exc, 'Install pycryptodomex.')]
    text = '%s, AES by %s.' % (', '.join('%s %s' % (name, version) for name, _, version in versions.floors()), aes)
    return found or [finding('libraries', OK, text)]


def configuration(conf):
    """Which files were read, what is odd in them, and whether somebody else could change them."""
    if not conf.files:
        found = [finding('configuration', WARNING, '%s does not exist: the defaults hold.' % conf.conf_file,
                         'Write at least `master: ADDRESS` into it.')]
    else:
        found = [finding('configuration', OK, 'Read from %s.' % ', '.join(conf.files))]
    found += [finding('configuration', WARNING, '%s.' % text, 'Correct or remove it.')
              for level, text in conf.notes if level >= 30 and 'does not exist: the defaults' not in text]
    try:
        prepare.check(conf)
    except errors.MinionError as exc:
        text, _, remedy = str(exc).partition(': see ')
        found.append(finding('permissions', ERROR, text + '.', 'See %s.' % remedy if remedy else 'Correct that.'))
    else:
        found.append(finding('permissions', OK, 'Nobody else can change configuration, keys and modules.')
                     if os.geteuid() == 0 else
                     finding('permissions', NOTE, 'Not examined: that takes root.', 'Run this as root.'))
    return found


def minion_id(conf):
    """(id or None, findings)."""
    def call(name, keywords):
        return settingcall.call(conf, name, keywords)
    try:
        name, source = identity.resolve(conf, call, keep=False)
    except errors.MinionError as exc:
        return None, [finding('id', ERROR, '%s.' % exc, 'Set `id` in the configuration.')]
    level = WARNING if name in ('localhost', 'localhost.localdomain') else OK
    return name, [finding('id', level, 'This minion is %s (from %s).' % (name, source),
                          'Set `id`: every host is called so.' if level is WARNING else '')]


# ---- disks

def disks(conf):
    """Space and permission of every folder that the minion writes to; one finding if all is well."""
    wanted = [('cachedir', conf['cachedir']), ('pki_dir', conf['pki_dir']), ('pidfile', os.path.dirname(conf['pidfile']))]
    if '://' not in conf['log_file']:
        wanted.append(('log_file', os.path.dirname(conf['log_file'])))
    found = [one for name, path in wanted for one in _disk(name, path, conf['user'])]
    return found or [finding('disk', OK, 'There is room, and permission to write, in %s.'
                             % ', '.join(sorted(set(path for _, path in wanted))))]


def _disk(name, path, user):
    there = path
    while not os.path.isdir(there) and there != '/':
        there = os.path.dirname(there)
    try:
        facts = os.statvfs(there)
    except OSError as exc:
        return [finding('disk', ERROR, '%s: %s cannot be examined: %s.' % (name, there, files.reason(exc)),
                        'See what is mounted there.')]
    if getattr(facts, 'f_flag', 0) & 1:
        return [finding('disk', ERROR, '%s: %s is on a disk that is mounted read-only.' % (name, there),
                        'See the kernel log for why, and mount it anew for writing.')]
    free = facts.f_bavail * facts.f_frsize
    if not facts.f_bavail or facts.f_files and not facts.f_favail:
        return [finding('disk', ERROR, '%s: the disk of %s is full.' % (name, there),
                        'Make room; until then returns are kept in memory only.')]
    if free < SCARCE:
        return [finding('disk', WARNING, '%s: the disk of %s has only %d MB left.' % (name, there, free >> 20), 'Make room.')]
    if user == accounts.current() and not os.access(there, os.W_OK | os.X_OK):
        return [finding('disk', ERROR, '%s: %s may not be written by %s.' % (name, there, user),
                        'Change its owner or mode, or the setting.')]
    return []


# ---- the process

def process(conf):
    """Whether it runs, and who holds its lock."""
    state, holder = service_state.look(conf['pidfile']), _holder(os.path.join(conf['cachedir'], LOCK))
    runs = state.code == service_state.RUNS
    if holder and not runs:
        return [finding('process', WARNING, 'Process %d holds the lock %s, but the pid file %s does not name it.' % (
            holder, os.path.join(conf['cachedir'], LOCK), conf['pidfile']),
            'Two configurations may share one cachedir, or the pid file was removed: stop process %d.' % holder)]
    if runs:
        return [finding('process', OK, 'The minion runs as process %d%s.' % (
            state.pid, ' and holds its lock' if holder else ''))]
    if state.code == service_state.DEAD and os.path.exists('/proc/%d' % state.pid):
        return [finding('process', ERROR, 'The pid file %s names process %d, which is another program: %s.' % (
            conf['pidfile'], state.pid, _command(state.pid)),
            'If that is salt-minion, stop it before this one is started: both would run every job.')]
    if state.code == service_state.DEAD:
        return [finding('process', ERROR, 'The minion has died: process %d of the pid file %s is gone.' % (
            state.pid, conf['pidfile']), 'See its log %s, and start the service.' % conf['log_file'])]
    return [finding('process', WARNING, 'The minion does not run.', 'Start it: service minion start, or minion -d.')]


def _holder(path):
    """Pid of the process that holds the flock of a file, None."""
    try:
        entry = os.stat(path)
        with open('/proc/locks') as stream:
            lines = stream.readlines()
    except EnvironmentError:
        return None
    wanted = '%02x:%02x:%d' % (os.major(entry.st_dev), os.minor(entry.st_dev), entry.st_ino)
    for line in lines:
        words = line.split()
        if 'FLOCK' in words and wanted in words and words[-4].isdigit():
            return int(words[-4])
    return None


def _command(pid):
    try:
        with open('/proc/%d/cmdline' % pid, 'rb') as stream:
            return compat.to_native(stream.read(200).replace(b'\0', b' ')).strip() or 'a process that has ended'
    except EnvironmentError:
        return 'gone meanwhile'


# ---- jobs and clock

def work(conf, now=None):
    """Last job, returns that wait, difference of the clocks: from the status file."""
    facts = service_state.look(conf['pidfile']).facts
    ways = facts['masters'] if facts else []
    found = _spool(conf, ways)
    jobs = [way for way in ways if way.get('last_jid')]
    if not jobs:
        return found + [finding('jobs', NOTE, 'No job has come since the minion was started.' if facts else
                                'There is no status of a running minion.'),
                        finding('clock', NOTE, 'Not compared with the master\'s: that takes a job.')]
    last = max(jobs, key=lambda way: way.get('last_job_at') or 0)
    found.append(finding('jobs', OK, 'The last job was %s.' % last['last_jid']))
    return found + [_clock(last)]


def _spool(conf, ways):
    disk = [way['disk'] for way in ways if way.get('disk')]
    count = sum(way.get('spool') or 0 for way in ways)
    if not ways:
        try:
            count = len([name for name in os.listdir(os.path.join(conf['cachedir'], 'spool')) if not name.startswith('.')])
        except OSError:
            return []
    if disk:
        return [finding('spool', ERROR, 'Returns cannot be kept on the disk: %s.' % disk[0], 'Make room, or repair it.')]
    if count >= MANY:
        return [finding('spool', WARNING, '%d returns wait for a master that takes them.' % count,
                        'See the findings on the master; they are kept for %g hours.' % conf['spool_max_age'])]
    return [finding('spool', OK, '%d returns wait to be delivered.' % count)]


def _clock(way):
    if not JID.match(way['last_jid']) or not way.get('last_job_at') or not way.get('protocol'):
        return finding('clock', NOTE, 'Not compared with the master\'s: its last job does not tell its time.')
    try:                                             # jids are the master's clock, in UTC, since 3000.9
        sent = calendar.timegm(time.strptime(way['last_jid'][:14], '%Y%m%d%H%M%S'))
    except ValueError:
        return finding('clock', NOTE, 'Not compared with the master\'s: its last job does not tell its time.')
    skew = way['last_job_at'] - sent
    if abs(skew) < SKEW:
        return finding('clock', OK, 'The clock agrees with the master\'s.')
    return finding('clock', WARNING, 'The clock is %d s %s the master\'s, going by the last job.' % (
        abs(skew), 'ahead of' if skew > 0 else 'behind'),
        'Set the clocks (NTP): masters may refuse what seems too old (request_server_ttl).')
