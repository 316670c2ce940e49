"""python -m tests.bench [NAME...] [OPTIONS]: run the benches that are named, without a name all that compare."""
from __future__ import absolute_import, division, print_function

import argparse
import importlib
import os
import subprocess
import sys
import traceback

from minion import compat, errors
from tests.bench import figures, sides
from tests.bench.host import Host

# each is a module here with run(Figures, options): adds its rows
COMPARED = (
    ('start', 'Exec to listening with a cold and a warm cache; the sign-in and its shares.'),
    ('footprint', 'Memory, threads, descriptors of the idle minion; CPU and context switches while idle.'),
    ('latency', 'Publication to return, the minion\'s own share.'),
    ('foreign', 'CPU for a publication that is for others.'),
    ('throughput', 'A thousand jobs at once, sleepers, large returns.'),
    ('growth', 'What ten thousand jobs leave behind.'),
    ('burst', 'A thousand jobs of a real master, and a restart of that master.'),
    ('fleet', 'Many minions on this host at one real master.'),
)
# each is a module here with main(arguments) -> exit code
OTHERS = (
    ('soak', 'What thousands of failed sign-ins, pending answers, jobs and lookups leave behind in the process.'),
    ('costs', 'Where memory, start time and CPU go.'),
    ('floors', 'What no minion with these libraries can fall below.'),
    ('steps', 'CPU of each step of one job, on one thread and without sockets.'),
    ('report', 'Markdown tables of kept results: report FILE...'),
)


def _parser():
    rows = '\n'.join('  %-12s %s' % row for row in COMPARED)
    others = '\n'.join('  %-12s %s' % row for row in OTHERS)
    parser = argparse.ArgumentParser(
        prog='python -m tests.bench', formatter_class=argparse.RawDescriptionHelpFormatter,
        description='Measure this minion, beside salt-minion where MINION_REAL_MASTERS="3008.3=FOLDER" names one.',
        epilog='benches:\n%s\n\nwith options of their own, only by name:\n%s' % (rows, others))
    parser.add_argument('names', nargs='*', metavar='NAME', help='which; all by default')
    parser.add_argument('--quick', action='store_true', help='fewer turns: twenty minutes for all')
    parser.add_argument('--python', default=sys.executable, help='the Python that our minion runs on')
    parser.add_argument('--json', metavar='FILE', help='keep all numbers there')
    return parser


def main(arguments):
    """The exit code: 1 if a bench failed."""
    others = dict(OTHERS)
    if arguments and arguments[0] in others:
        return importlib.import_module('tests.bench.' + arguments[0]).main(arguments[1:])
    parser = _parser()
    options = parser.parse_args(arguments)
    known = [name for name, _ in COMPARED]
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error('%s: no such bench' % ', '.join(unknown))
    reference = sides.reference()
    if reference is None:
        print('MINION_REAL_MASTERS names no salt-minion: ours alone, and no bench with a real master')
    about = figures.about(python_version(options.python), reference and reference[0])
    about['command'] = 'python -m tests.bench' + (' --quick' if options.quick else '')
    found = figures.Figures(about)
    print(', '.join('%s: %s' % item for item in sorted(about.items())))
    host, failed = Host(), []
    host.sample()
    for name in options.names or known:
        if not attempt(name, found, options):
            failed.append(name)
        host.sample()
    host.tell(found)
    if options.json:
        found.save(options.json)
    if failed:
        sys.stderr.write('failed: %s\n' % ', '.join(failed))
    return 1 if failed else 0


def attempt(name, found, options):
    """Run one bench and keep what it found; False if it failed, which is no reason to lose the others."""
    begun = compat.monotonic()
    print('---- ' + name)
    sys.stdout.flush()
    try:
        importlib.import_module('tests.bench.' + name).run(found, options)
    except (AssertionError, EnvironmentError, LookupError, RuntimeError, ValueError, errors.MinionError):
        traceback.print_exc()
        return False
    finally:
        if options.json:
            found.save(options.json)
    print('     %.0f s' % (compat.monotonic() - begun))
    sys.stdout.flush()
    return True


def python_version(python):
    """Version of a Python, as text."""
    script = 'import platform; print(platform.python_version())'
    return compat.to_native(subprocess.check_output([python, '-c', script], cwd=os.sep)).strip()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
