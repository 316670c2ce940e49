"""Makes virtual environments: venv where Python has it, virtualenv for Python 2.7, and what pip puts into them.

An environment that was made whole holds the file `.complete` with a digest of its recipe; any other is made anew.
"""
from __future__ import absolute_import, division, print_function

import glob
import hashlib
import os
import shutil

from minion import compat
from tests.support import groups
from tests.support.environments.steps import StepFailed, command

STAMP = '.complete'
MAKE_SECONDS = 300
INSTALL_SECONDS = 1200
# The pip that comes with these Pythons does not know today's wheels; the newest that runs on them does.
NEWER_PIP = {'2.7': 'pip<21', '3.6': 'pip<22', '3.7': 'pip<24.1'}
# The last virtualenv that runs on 2.7, and the last line that makes environments for it.
ON_2_7, FOR_2_7 = 'virtualenv<20.16', 'virtualenv<20.22'


class Environment(object):
    """A folder that holds a Python of its own.

    :param str folder: where; `interpreter`: the Interpreter that it is made from.
    :param lists: lists of pip arguments, each for one call of `pip install`.
    """

    def __init__(self, folder, interpreter, lists):
        self.folder, self.interpreter, self.lists = folder, interpreter, lists
        self.python = os.path.join(folder, 'bin', 'python')

    @property
    def _stamp(self):
        return os.path.join(self.folder, STAMP)

    def _digest(self):
        recipe = repr((self.interpreter.version, os.path.realpath(self.interpreter.path),
                       [[str(word) for word in words] for words in self.lists]))
        return hashlib.sha256(compat.to_bytes(recipe)).hexdigest()

    def ready(self):
        """True if it was made whole, from this recipe."""
        if not (os.path.exists(self._stamp) and os.access(self.python, os.X_OK)):
            return False
        with open(self._stamp) as stream:
            return stream.read().strip() == self._digest()

    def make(self, log, others, tools):
        """A step's work: make it unless it is ready.

        :param str log: file to append to.  :param others: Interpreters that may help with 2.7.
        :param str tools: folder for a virtualenv of our own.
        """
        if self.ready():
            return
        if os.path.isdir(self.folder):
            shutil.rmtree(self.folder)
        compat.make_dirs(os.path.dirname(self.folder), 0o755)
        if self.interpreter.name == '2.7' or not has_modules(self.interpreter, 'venv', 'ensurepip'):
            yield self._by_virtualenv(log, others, tools)
        else:
            status = yield command([self.interpreter.path, '-m', 'venv', self.folder], log, MAKE_SECONDS)
            expect(status, 'the virtual environment cannot be made', log)
        newer = NEWER_PIP.get(self.interpreter.name)
        for words in ([['--upgrade', newer]] if newer else []) + self.lists:
            status = yield command([self.python, '-m', 'pip', 'install'] + words, log, INSTALL_SECONDS)
            expect(status, 'pip install %s failed' % ' '.join(words)[:60], log)
        with open(self._stamp, 'w') as stream:
            stream.write(self._digest())

    def _by_virtualenv(self, log, others, tools):
        for python, preparation, path in virtualenvs(self.interpreter, others, tools):
            statuses = []
            for words in preparation:
                statuses.append((yield command(words, log, INSTALL_SECONDS, path)))
            if any(statuses):
                continue
            status = yield command([python, '-m', 'virtualenv', '-p', self.interpreter.path, self.folder], log,
                                   MAKE_SECONDS, path)
            if not status:
                return
        raise StepFailed('no virtualenv for Python %s: none is installed and pip could get none'
                         % self.interpreter.version, log)


def expect(status, text, log):
    """:raises StepFailed: a command ended with another status than 0."""
    if status:
        raise StepFailed('%s (exit status %s)' % (text, status), log)


def has_modules(interpreter, *names):
    """True if an interpreter can import all these modules."""
    status, _ = groups.call([interpreter.path, '-E', '-c', 'import ' + ', '.join(names)], os.devnull, None)
    return status == 0


def virtualenvs(interpreter, others, tools):
    """Ways to a virtualenv that makes environments of `interpreter`, the least costly first.

    :return: (python, commands to run before, environment additions) of each.
    """
    if has_modules(interpreter, 'virtualenv'):
        yield interpreter.path, [], {}
    folder = os.path.join(tools, 'virtualenv-' + interpreter.name)
    there = os.path.isdir(os.path.join(folder, 'virtualenv'))
    pip, path = own_pip(interpreter)
    if pip:
        wanted = ON_2_7 if interpreter.name == '2.7' else FOR_2_7
        get = [] if there else [[interpreter.path] + pip + ['install', '--target', folder, wanted]]
        yield interpreter.path, get, {'PYTHONPATH': os.pathsep.join([folder] + path)}
    for other in others:
        if has_modules(other, 'venv', 'ensurepip') and other.name != '3.6':      # 3.6 gets an older virtualenv only
            helper = os.path.join(tools, 'python-' + other.name)
            python = os.path.join(helper, 'bin', 'python')
            yield python, [[other.path, '-m', 'venv', helper], [python, '-m', 'pip', 'install', FOR_2_7]], {}


def own_pip(interpreter):
    """(arguments that run pip, PYTHONPATH entries) of an interpreter; (None, []) if it has none.

    Where no pip is, the wheel inside ensurepip serves.
    """
    if has_modules(interpreter, 'pip'):
        return ['-m', 'pip'], []
    where = 'import ensurepip, os; print(os.path.dirname(ensurepip.__file__))'
    status, output = groups.call([interpreter.path, '-E', '-c', where], os.devnull, None)
    wheels = [] if status else glob.glob(os.path.join(compat.to_native(output).strip(), '_bundled', '*.whl'))
    pips = [wheel for wheel in wheels if os.path.basename(wheel).startswith('pip-')]
    return ([os.path.join(pips[0], 'pip')], wheels) if pips else (None, [])
