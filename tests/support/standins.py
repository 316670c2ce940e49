"""Small programs in the place of those that a host may lack, for tests of modules that run them."""
from __future__ import absolute_import, division, print_function

import os


class Programs(object):
    """A folder in front of PATH: add() puts a shell script there, calls() tells how it was called."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        monkeypatch.setenv('PATH', folder + os.pathsep + os.environ.get('PATH', ''))

    def add(self, name, output='', code=0, script=''):
        """A program that notes its arguments, prints `output` and ends with `code`, unless `script` does before."""
        path = os.path.join(self.folder, name)
        with open(path + '.out', 'w') as stream:
            stream.write(output)
        with open(path, 'w') as stream:
            stream.write('#!/bin/sh\nprintf "%%s\\n" "$*" >> "$0.calls"\n%s\ncat "$0.out"\nexit %d\n' % (script, code))
        os.chmod(path, 0o755)

    def calls(self, name):
        """The argument lists of all calls, each as one text."""
        path = os.path.join(self.folder, name + '.calls')
        if not os.path.exists(path):
            return []
        with open(path) as stream:
            return stream.read().splitlines()
