"""python -m tests.bench costs: where memory, start time, wake-ups and CPU of our minion go; for docs/performance.md."""
from __future__ import absolute_import, division, print_function

import argparse
import glob
import os
import pstats
import select
import shutil
import subprocess
import sys

from minion import compat
from tests.bench import measure, sides, timing
from tests.support.minionprocess import ROOT
from tests.support.waiting import wait_until

PROFILED = os.path.join(ROOT, 'tests', 'bench', 'profiled.py')
# the imports of the start in their order, each measured on top of the ones above
IMPORTS = ('minion.lean', 're', 'logging', 'minion.compat', 'minion.config', 'minion.cli', 'zmq', 'msgpack', 'minion.keys',
           'minion.aes', 'minion.auth', 'minion.execution', 'minion.agent')
PROBE = r'''
import sys, time
sys.path.insert(0, %r)
def held():
    with open('/proc/self/smaps_rollup') as stream:
        rows = dict((line.split()[0], int(line.split()[1])) for line in stream if line.endswith('kB\n'))
    return rows['Pss:'], rows['Anonymous:']
clock = getattr(time, 'process_time', time.clock if hasattr(time, 'clock') else None)
before = held()
print('interpreter %%d %%d %%.1f %%d' %% (before + (clock() * 1000, len(sys.modules))))
for name in sys.argv[1:]:
    before, began, modules = held(), clock(), len(sys.modules)
    sys.modules['minion.lean'].import_zmq() if name == 'zmq' else __import__(name)
    took, after = (clock() - began) * 1000, held()
    print('%%s %%d %%d %%.1f %%d' %% (name, after[0] - before[0], after[1] - before[1], took, len(sys.modules) - modules))
'''


def imports(python):
    """Print what each import of the start adds."""
    print('\n| import | PSS, KiB | without a file behind, KiB | CPU, ms | modules |\n| --- | --- | --- | --- | --- |')
    output = subprocess.check_output([python, '-c', PROBE % sides.installed(python)] + list(IMPORTS), cwd=os.sep,
                                     env=sides.environment())
    for line in compat.to_native(output).splitlines():
        print('| %s |' % ' | '.join(line.split()))


def threads(pid):
    """Print CPU and wake-ups of each thread so far."""
    print('\n| thread | CPU, ms | voluntary switches | involuntary |\n| --- | --- | --- | --- |')
    for thread in sorted(os.listdir('/proc/%d/task' % pid), key=int):
        folder = '/proc/%d/task/%s/' % (pid, thread)
        try:
            with open(folder + 'comm') as stream:
                name = stream.read().strip()
            with open(folder + 'schedstat') as stream:
                spent = int(stream.read().split()[0]) / 1e6
            with open(folder + 'status') as stream:
                counts = [line.split()[1] for line in stream if 'ctxt_switches' in line]
        except (IOError, OSError):                   # it has ended meanwhile
            continue
        print('| %s %s | %.1f | %s |' % (thread, name, spent, ' | '.join(counts)))


def mappings(pid):
    """Print which files and areas the PSS is of."""
    sums, name = {}, ''
    with open('/proc/%d/smaps' % pid) as stream:
        for line in stream:
            words = line.split()
            if '-' in words[0] and not words[0].endswith(':'):
                name = os.path.basename(words[5]) if len(words) > 5 else 'anonymous'
            elif words[0] == 'Pss:':
                sums[name] = sums.get(name, 0) + int(words[1])
    print('\n| area | PSS, KiB |\n| --- | --- |')
    for name in sorted(sums, key=lambda one: -sums[one])[:16]:
        print('| %s | %d |' % (name, sums[name]))


def functions(folder, count):
    """Print the functions that most CPU goes into, for each kind of thread."""
    for path in sorted(glob.glob(folder + '/prof.*')):
        print('\n%s thread, %d jobs, cProfile, CPU:\n' % (path.rpartition('.')[2], count))
        print('| function | calls | own ms | with what it calls, ms |\n| --- | --- | --- | --- |')
        rows = [(own, whole, calls, where) for where, (_, calls, own, whole, _) in pstats.Stats(path).stats.items()
                if where[2] not in ('poll', '<built-in method select.select>')
                and 'acquire' not in where[2]]
        for own, whole, calls, where in sorted(rows, reverse=True)[:14]:
            place = '' if where[0] == '~' else '%s: ' % os.path.basename(where[0])
            name = place + where[2].strip('<>').replace('|', '')
            print('| %s | %d | %.1f | %.1f |' % (name, calls, own * 1000, whole * 1000))


def idle_and_busy(python, seconds, count):
    """Print areas and threads of an idle minion, then the functions of one that works."""
    folder = sides.new_folder('costs')
    try:
        with timing.connected('ours', folder, python) as (_, process):
            select.select([], [], [], 5)
            mappings(process.pid)
            print('\nAfter the start:')
            threads(process.pid)
            before = measure.switches(process.pid)
            select.select([], [], [], seconds)
            print('\n%d context switches in %d idle seconds.' % (measure.switches(process.pid) - before, seconds))
        with timing.TimingMaster(folder + '/master') as master:
            process = sides.minion('ours', folder, master, python, 'profiled', PROFILED)
            process.environment['MINION_PROFILE'] = folder + '/prof'
            with process:
                wait_until(lambda: master.requests['_minion_event'], 60, process.tail)
                for one in master.prepare(count, 'test.ping'):
                    master.fire([one])
                process.stop()
        functions(folder, count)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments):
    """Print all of it."""
    parser = argparse.ArgumentParser(prog='python -m tests.bench costs', description=__doc__.partition(': ')[2])
    parser.add_argument('--python', default=sys.executable, help='the Python that our minion runs on')
    parser.add_argument('--idle', type=float, default=30, help='seconds of idleness that are looked at')
    parser.add_argument('--jobs', type=int, default=300, help='how many test.ping, one after the other')
    options = parser.parse_args(arguments)
    imports(options.python)
    idle_and_busy(options.python, options.idle, options.jobs)
    return 0
