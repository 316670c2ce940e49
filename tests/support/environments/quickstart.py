"""bin/quickstart: from a fresh clone to a minion at work, with nothing installed by hand."""
from __future__ import absolute_import, division, print_function

import hashlib
import io
import os
import sys

import setup
from minion import compat
from tests.support.environments import interpreters, plan
from tests.support.environments.check import tell
from tests.support.environments.steps import Runner, Step, command
from tests.support.environments.virtual import INSTALL_SECONDS, Environment, expect

USAGE = """Usage: bin/quickstart [--master HOST] [OPTION...]

Makes a virtual environment in .quickstart, installs this checkout into it and runs `minion demo`
with all arguments: against a small master of its own, or with --master HOST against a real one.
PYTHON=python2.7 bin/quickstart chooses the Python. MINION_QUICKSTART_DIR names another folder.

The options of the demo:
"""


def main(argv):
    """Prepare and become `minion demo`; returns an exit status only if that cannot be."""
    folder = os.path.abspath(os.environ.get('MINION_QUICKSTART_DIR') or os.path.join(plan.ROOT, '.quickstart'))
    interpreter = interpreters.ask(sys.executable)
    if interpreter is None:
        tell('Python 2.7 or 3.6 to 3.14 is needed; %s is another one' % sys.executable)
        return 1
    environment = prepare(folder, interpreter)
    if environment is None:
        return 1
    if set(argv) & set(['-h', '--help']):
        tell(USAGE)
    sys.stdout.flush()
    os.execv(environment.python, [environment.python, program(environment), 'demo'] + argv)


def program(environment):
    """Path of the installed minion."""
    return os.path.join(environment.folder, 'bin', 'minion')


def prepare(folder, interpreter):
    """An Environment with this checkout installed; None if that failed, which was told."""
    wanted = setup.requirements('options', 'install_requires', plan.version(interpreter.name))
    environment = Environment(os.path.join(folder, interpreter.name), interpreter, [wanted])
    compat.make_dirs(folder, 0o755)
    log = os.path.join(folder, 'log')
    source = os.path.join(folder, 'source-' + interpreter.name)
    plan.export(source)
    if installed(environment) == digest(source):
        return environment
    tell('Installing for Python %s into %s (log: %s)' % (interpreter.version, environment.folder, log))
    step = Step('installation', install(environment, source, folder, log))
    Runner([step], 1, lambda text: None).run()
    if step.state == 'done':
        return environment
    with io.open(log, encoding='utf-8', errors='replace') as stream:
        tell('\n'.join(compat.to_native(line) for line in stream.read().splitlines()[-40:]))
    tell('The installation failed: %s. All of it: %s' % (step.text, log))
    return None


def install(environment, source, folder, log):
    """A step's work: the environment, then the checkout in it."""
    others = [] if environment.ready() else plan.helpers(interpreters.find())
    yield environment.make(log, others, os.path.join(folder, 'tools'))
    words = [environment.python, '-m', 'pip', 'install', '--no-deps', '--force-reinstall', source]
    expect((yield command(words, log, INSTALL_SECONDS)), 'pip cannot install the checkout', log)
    with open(_stamp(environment), 'w') as stream:
        stream.write(digest(source))


def _stamp(environment):
    return os.path.join(environment.folder, '.installed')


def installed(environment):
    """Digest of the sources that were installed into an environment; None if none were."""
    if not environment.ready() or not os.path.exists(_stamp(environment)):
        return None
    with open(_stamp(environment)) as stream:
        return stream.read().strip()


def digest(folder):
    """One text that changes with any file below a folder."""
    whole = hashlib.sha256()
    for top, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(top, name)
            whole.update(compat.to_bytes(os.path.relpath(path, folder)) + b'\0')
            with open(path, 'rb') as stream:
                whole.update(hashlib.sha256(stream.read()).digest())
    return whole.hexdigest()
