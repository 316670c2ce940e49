"""A minion whose agent only waits, for tests of what surrounds it: `python stubagent.py HOW ARGUMENTS...`.

HOW is `wait` (until told to stop), `early` (told so while it is being made), `bug`, or the name of an error of the
project that run() raises.
"""
from __future__ import absolute_import, division, print_function

import os
import signal
import sys
import types

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def agent_class(how):
    """A class with the interface of minion.agent.Agent."""
    from minion import compat, errors, files, wake

    class Agent(object):
        """Waits, or fails as it is told."""

        def __init__(self, config, minion_id):
            self.bell = wake.Bell()
            self.config, self.minion_id = config, minion_id
            self.restarting = False
            if how == 'early':
                os.kill(os.getpid(), signal.SIGTERM)
                for _ in range(1000):                                # a handler runs between two of these steps
                    os.getpid()
                files.write(os.path.join(self.config['cachedir'], 'made'), b'whole', sync=False)

        def prepare(self, ahead=None):
            """Nothing to look at."""

        def reload(self):
            """Nothing to read anew."""

        def lengths(self):
            """What the log is told beside the stacks."""
            return 'nothing waits'

        def close(self):
            """Nothing to give back."""

        def run(self):
            """0 when told to stop."""
            if how == 'bug':
                raise ZeroDivisionError('an odd fault')
            if how not in ('wait', 'early'):
                raise getattr(errors, how)('the stub was told so')
            seen = '%s %d %s' % (self.minion_id, os.getuid(), os.environ.get('HOME'))
            files.write(os.path.join(self.config['cachedir'], 'seen'), compat.to_bytes(seen), sync=False)
            while not self.bell.stopping:
                self.bell.wait(60)
            self.bell.close()
            return 0
    return Agent


def main():
    """Put the stub in place of the agent and call the command line."""
    sys.path.insert(0, ROOT)
    words, how = sys.argv[1:], os.environ.get('MINION_STUB')         # set: a daemon has started itself once more
    if how is None:
        how = os.environ['MINION_STUB'] = words.pop(0)
    stub = types.ModuleType('minion.agent')
    stub.Agent = agent_class(how)
    sys.modules['minion.agent'] = stub
    from minion import cli
    return cli.main(words)


if __name__ == '__main__':
    sys.exit(main())
