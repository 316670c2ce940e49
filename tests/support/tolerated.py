"""In what our returns may differ from the reference's, rule by rule; each names its reason.

A rule that stands for a difference in behaviour, not for a value that changes by itself, is told in docs/differences.md.
"""
from __future__ import absolute_import, division, print_function

import fnmatch
import re
from collections import namedtuple

from minion import compat
from tests.support import twins

# pattern: glob for `fun`, or for the name of a case; path: of the values in the answer, see twins.at; how: GONE (not
# compared), SHAPE (types and keys only), or a function that brings either side to one form.
Rule = namedtuple('Rule', 'pattern path how reason')
GONE, SHAPE = 'gone', 'shape'

TEMPORARY = re.compile(r'(/tmp/)?(minion-\w+/)?(__salt\.tmp\.|/tmp/tmp|tmp)[\w]{6,8}')
PIDS, CLOCK, COUNTER = 'a pid', 'a time stamp', 'a counter that runs on'
OTHER = 'other modules are there: salt-minion brings many that belong to one product, and those of the state system'
PYTHON = 'tells of the Python that the minion runs on'
PROSE = 'texts of our own'
WORSE = 'the reference ends in an error inside itself here; we say what is wrong, or do it'


def unnamed(value):
    """Texts without the random parts of names of temporary files."""
    if isinstance(value, dict):
        return dict((key, unnamed(item)) for key, item in value.items())
    if isinstance(value, list):
        return [unnamed(item) for item in value]
    return TEMPORARY.sub('<temporary>', value) if compat.is_text(value) else value


def unordered(value):
    """A list in an order of its own: that of mappings differs between Pythons."""
    return sorted(value, key=repr) if isinstance(value, list) else value


def kinds(value):
    """The type only, however deep the value is."""
    return type(value).__name__ if not compat.is_text(value) else 'text'


def words_of(*wanted):
    """Those of the wanted words that a list or mapping holds."""
    return lambda value: sorted(word for word in wanted if word in value) if hasattr(value, '__iter__') else value


def values_of(value):
    """The values of a mapping by minion, each of which has another id."""
    return sorted(value.values(), key=repr) if isinstance(value, dict) else value


def without(*names):
    """A mapping without some of its keys."""
    def change(value):
        return dict(item for item in value.items() if item[0] not in names) if isinstance(value, dict) else value
    return change


def untimed(value):
    """Results of states without the times at which they ran and the pids of what they ran."""
    if not isinstance(value, dict):
        return value
    return dict((key, untimed(item)) for key, item in value.items()
                if not (key in ('duration', 'start_time') and '__run_num__' in value or key == 'pid' and 'retcode' in value))


def rules(patterns, path, how, reason):
    """One Rule for each of the patterns, in one text."""
    return [Rule(pattern, path, how, reason) for pattern in patterns.split()]


RULES = (
    # ---- values that change by themselves
    rules('cmd.run_all cmd.exec_code_all cmd.script cmd.run_bg cmd.run_chroot file.grep file.sed file.patch', 'ret/pid', SHAPE,
          PIDS)
    + rules('file.stats file.lstat', 'ret/*', lambda value: 'number' if isinstance(value, float) else value, CLOCK)
    + rules('file.stats', 'ret/inode', SHAPE, 'each side has its own copy of the files')
    + rules('file.statvfs disk.usage disk.inodeusage disk.percent ps.disk_usage status.diskusage', 'ret', SHAPE,
            'the disk is at work')
    + rules('status.uptime status.meminfo status.vmstats status.netdev status.netstats status.diskstats status.cpustats '
            'status.time status.loadavg status.w ps.virtual_memory ps.network_io_counters ps.disk_io_counters ps.cpu_times '
            'ps.cpu_percent ps.swap_memory system.get_system_date_time system.get_system_time disk.fstype', 'ret', SHAPE,
            COUNTER)
    + rules('state.*', 'ret', untimed, CLOCK)
    + rules('schedule.job_status', 'ret', SHAPE, CLOCK)
    + rules('schedule.show_next_fire_time', 'ret/next_fire_time', lambda value: str(value)[:-4], CLOCK)
    + rules('ps.proc_info', 'ret', SHAPE, COUNTER)
    + rules('status.pid status.all_status status.procs ps.get_pid_list ps.top network.netstat network.active_tcp ps.psaux '
            'ps.ss network.connect sysctl.show', 'ret', kinds, 'processes and connections come and go')
    + rules('test.fib test.collatz', 'ret', lambda value: value[0], 'the time that it took')
    + rules('test.rand_str test.random_hash random.* shadow.gen_password', 'ret', kinds, 'random')
    + rules('temp.dir temp.file cmd.script cmd.exec_code', 'ret', unnamed, 'a random name')
    + rules('pkg.list_downloaded pkg.list_pkgs', 'ret', kinds, 'other tests download and install packages meanwhile')
    + rules('pkg.hold pkg.unhold', 'retcode', GONE, 'the sides contend for the lock of one package database')
    + rules('key.finger key.finger_master', 'ret', kinds, 'each side has a key of its own')
    + rules('mine.get', 'ret', values_of, 'each minion sees the ids of the others')
    + rules('mine.*', 'ret', unordered, 'the order of mappings')

    # ---- what tells of the program itself
    + rules('sys.list_modules sys.list_functions test.providers', 'ret', words_of('cmd', 'cmd.run', 'file', 'test.ping'), OTHER)
    + rules('test.not_loaded test.module_report sys.list_returners sys.list_renderers sys.list_state_modules '
            'sys.list_state_functions beacons.list_available sys.state_argspec sys.state_doc sys.list_runners', 'ret', kinds,
            OTHER)
    + rules('sys.doc sys.returner_doc', 'ret/*', kinds, PROSE)
    + rules('sys.runner_doc', 'ret', kinds, 'runners belong to the master')
    + rules('test.versions test.versions_information test.versions_report test.stack', 'ret', kinds, PYTHON)
    + rules('test.get_opts test.opts_pkg config.items', 'ret', words_of('id', 'master', 'cachedir', 'pki_dir', 'grains'),
            'the reference has settings for parts that we do not have')
    + rules('test.attr_call grains.items config.get', 'ret/*', kinds, PYTHON)
    + rules('grains_006_* grains_007_*', 'ret', kinds, PYTHON)
    + rules('test.attr_call grains.items config_022_*', 'ret', words_of('os', 'osfinger', 'id', 'kernel', 'ipv4', 'mem_total'),
            'the reference lists programs and Python paths of its own installation')
    + rules('grains.ls', 'ret', words_of('os', 'osfinger', 'id', 'kernel', 'ipv4', 'mem_total'), 'as grains.items')

    # ---- differences that stay; docs/differences.md has them all
    + rules('cmd_016_* cmd_143_* cmd_148_* grains_024_* pkgsvc_088_* saltutil_031_*', '', GONE, WORSE)
    + rules('cmd_033_* cmd_046_* environ.items', 'ret', GONE, 'commands get one fixed environment, however we were started')
    + rules('cmd_037_*', 'ret', GONE, 'folders that stand in PATH twice are named once')
    + rules('cmd_043_* cmd_044_*', '', GONE, 'group works without sudo')
    + rules('test.arg test.arg_repr', 'ret/kwargs/__pub_tgt', GONE, 'one target among others')
    + rules('test.kwarg', 'ret/__pub_tgt', GONE, 'one target among others')
    + rules('hosts.* states_*_host.*', 'effect', lambda value: [line.split() for line in value.splitlines()],
            'only the lines that a change is about are written anew')
    + rules('ssh.set_auth_key', 'effect', lambda value: [line.rstrip() for line in value.splitlines()],
            'no blank at the end of a line')
    + rules('cp.recv_chunked', 'effect', GONE, 'what cannot be unpacked leaves nothing behind')
    + rules('cp.recv_chunked', 'ret', lambda value: str(value).partition(' (')[0], 'the reason is zlib\'s own')
    + rules('cmd_147_*', 'retcode', GONE, 'a failed command in a chroot fails the job')
    + rules('cmd_079_* system_208_*', 'ret', kinds, 'the reference shows two errors, one above the other')
    + rules('cp_012_*', 'effect', GONE, 'ids are of different length')
    + rules('cp_018_* cp_019_*', 'effect', GONE, 'a failed download leaves nothing behind')
    + rules('file_111_*', '', GONE, 'text and bytes are one on Python 2')
    + rules('cmd_132_*', 'ret', lambda value: value.replace("<type 'list'>", "<class 'list'>"), 'types of Python 2')
    + rules('test_029_test.try', '', GONE, WORSE)
    + rules('own_024_*', 'ret/*/changes/diff', lambda value: sorted(value.splitlines()),
            'Python 2 hands over named arguments without an order')
    + rules('pillar.raw', 'ret', without('schedule'), 'the reference puts an empty schedule into its pillar')
    + rules('schedule.list', 'ret', without('__mine_interval'), 'there is no such job where no mine_functions are set')
    + rules('schedule.reload', 'ret/comment', GONE, 'the reference loads the schedule that it put into its pillar')
    + rules('service.get_all service.get_enabled service.get_disabled', 'ret', kinds, 'names of services stay whole')
    + rules('system.get_computer_desc', '', GONE, 'without systemd we read its file instead of failing')
    + rules('pillar.ls', 'ret', unordered, 'the order of mappings')
    + rules('saltutil.runner saltutil.wheel', '', GONE, 'runners and wheel functions belong to the master')
)


def levelled(row, theirs, ours):
    """Both answers with the rules applied that fit a case."""
    for rule in RULES:
        if fnmatch.fnmatchcase(row['fun'], rule.pattern) or fnmatch.fnmatchcase(row['case'], rule.pattern):
            change = {GONE: lambda value: '<gone>', SHAPE: twins.shape}.get(rule.how, rule.how)
            theirs, ours = twins.at(theirs, rule.path, change), twins.at(ours, rule.path, change)
    return theirs, ours
