"""The command line of bin/check: plan, run, report."""
from __future__ import absolute_import, division, print_function

import argparse
import io
import os
import sys

from minion import compat
from tests.support import locks
from tests.support.environments import plan, results
from tests.support.environments.steps import Runner

SHOWN_LINES = 400                                  # of the log of a step that failed
INTERRUPTED = 130                                  # what shells answer for a command that Ctrl-C ended


def options(argv):
    """The parsed command line."""
    parser = argparse.ArgumentParser(prog='bin/check', description=(
        'Run the tests on every Python that is found, then with real Salt masters. Makes all that it needs in .check '
        '(or in the folder that MINION_CHECK_DIR names).'))
    parser.add_argument('--all', action='store_true',
                        help='the whole matrix: 7 masters, Python 2.7, 3.6, 3.9, 3.11, 3.13')
    parser.add_argument('--unit', action='store_true', help='only tests/unit and tests/functional')
    parser.add_argument('--real', action='store_true', help='only tests/real')
    parser.add_argument('--python', action='append', metavar='X.Y', help='only this Python; may be given again')
    parser.add_argument('--master', action='append', metavar='VERSION', help='only this master; may be given again')
    parser.add_argument('-k', metavar='EXPRESSION', help='only tests that match, as in pytest')
    parser.add_argument('--jobs', type=int, default=min(3, _cores() + 1), metavar='N',
                        help='steps at a time (default: %(default)s)')
    parser.add_argument('--list', action='store_true', help='show what would be run, run nothing')
    chosen = parser.parse_args(argv)
    if chosen.unit and chosen.real:
        parser.error('--unit and --real exclude each other')
    return chosen


def _cores():
    return max(1, os.sysconf('SC_NPROCESSORS_ONLN'))


def tell(text):
    """Print a line at once."""
    print(text)
    sys.stdout.flush()


def main(argv):
    """Run bin/check; its exit status: 0 if all that was run passed, and something was run."""
    chosen = options(argv)
    folder = os.path.abspath(os.environ.get('MINION_CHECK_DIR') or os.path.join(plan.ROOT, '.check'))
    if chosen.list:
        return _list(plan.Plan(chosen, folder))
    compat.make_dirs(os.path.join(folder, 'logs'), 0o755)
    lock = locks.take(os.path.join(folder, 'lock'))
    if lock is None:
        tell('another run uses %s: wait for its end or set MINION_CHECK_DIR' % folder)
        return 1
    with lock:
        planned = plan.Plan(chosen, folder)
        steps = planned.steps()
        for name in os.listdir(planned.logs):
            os.remove(os.path.join(planned.logs, name))
        try:
            Runner(steps, max(1, chosen.jobs), tell).run()
        except KeyboardInterrupt:
            tell('interrupted')
            report(planned, steps)
            return INTERRUPTED
        return report(planned, steps)


def _list(planned):
    steps = planned.steps()
    for step in steps:
        tell(step.name)
    _tell_left_out(planned)
    return 0 if steps else 1


def report(planned, steps):
    """Print the logs of what failed, the tables and the sum; the exit status."""
    for step in steps:
        if step.state == 'failed':
            _show(step)
    lines, table, total = [('step', 'passed', 'failed', 'skipped', 'seconds', 'outcome')], {}, results.NONE
    for step in steps:
        counts, found = _counts(planned, step)
        table.update(results.cells(found))
        total = results.add(total, counts)
        lines.append((step.name,) + tuple('%d' % number for number in counts)
                     + ('%d' % step.seconds, step.state + (': ' + step.text if step.text else '')))
    tell('\nWhat was run (logs in %s)' % planned.logs)
    tell('\n'.join(results.rows(lines)))
    if table:
        tell('\nReal masters and Pythons, with the number of tests\n' + '\n'.join(results.matrix(table)))
    if planned.again:
        tell('\nFailed at first, passed when run once more')
        tell('\n'.join(results.rows(planned.again)))
    _tell_left_out(planned)
    tell('\n%d passed, %d failed, %d skipped' % total)
    return 0 if total.passed and not total.failed else 1


def _counts(planned, step):
    """(Counts, cases) of a step; one that failed for another reason than a failed test counts as one failed."""
    found = results.cases(planned.reports[step.name]) if step.name in planned.reports else []
    counts = results.count(found)
    if step.state != 'done' and not counts.failed:
        counts = counts._replace(failed=1)
    return counts, found


def _show(step):
    tell('\n==== %s failed: %s' % (step.name, step.text))
    if step.log and os.path.exists(step.log):
        with io.open(step.log, encoding='utf-8', errors='replace') as stream:
            lines = stream.read().splitlines()
        if len(lines) > SHOWN_LINES:
            tell('(%d lines before these are in %s)' % (len(lines) - SHOWN_LINES, step.log))
        for line in lines[-SHOWN_LINES:]:
            tell(compat.to_native(line) if compat.PY2 else line.encode('ascii', 'backslashreplace').decode('ascii'))


def _tell_left_out(planned):
    if planned.left_out:
        tell('\nNot run, and why')
        tell('\n'.join(results.rows(planned.left_out)))
