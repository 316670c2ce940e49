"""python -m tests.bench [NAME [OPTIONS]]: run one of the benches, or list them."""
from __future__ import absolute_import, division, print_function

import importlib
import sys

# name: what it measures; each is a module here with main(arguments) -> exit code
BENCHES = {
    'footprint': 'Memory, start and idleness beside salt-minion on one real master, with the ratios.',
    'soak': 'What thousands of failed sign-ins, pending answers, jobs and lookups leave behind in the process.',
}


def main(arguments):
    """Exit code of the bench that is named, or 0 after the list."""
    if not arguments or arguments[0] in ('-h', '--help'):
        print('python -m tests.bench NAME [--help]\n')
        for name in sorted(BENCHES):
            print('  %-10s %s' % (name, BENCHES[name]))
        return 0
    if arguments[0] not in BENCHES:
        sys.stderr.write('%s: no such bench; without a name they are listed\n' % arguments[0])
        return 64
    return importlib.import_module('tests.bench.' + arguments[0]).main(arguments[1:])


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
