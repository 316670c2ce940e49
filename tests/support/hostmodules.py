"""Execution modules about the host, called as a job calls them, with fake programs where the test has some."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat, executors, payload
from minion.helpers import command
from minion.loader import Loader
from tests.support import replay
from tests.support.hostprograms import Programs

GRAINS = {'os': 'Debian', 'os_family': 'Debian', 'kernel': 'Linux', 'init': 'sysvinit', 'id': 'ref1'}


class _Jobs(replay.Jobs, command.NoTie):
    """`__minion__.jobs`, to which no command is tied."""


class Host(object):
    """`call` returns what a function returns; `job` also its retcode and whether it succeeded."""

    def __init__(self, folder, monkeypatch, **grains):
        self.programs = Programs(folder)
        monkeypatch.setenv('PATH', self.programs.bin + os.pathsep + os.environ['PATH'])
        link = replay.Link()
        link.jobs = _Jobs()
        self.loader = link.loader = Loader({'id': 'ref1', 'cachedir': os.path.join(folder, 'cache'), 'test': False},
                                           dict(GRAINS, **grains), {}, link)

    def call(self, name, *args, **kwargs):
        """Call a function itself."""
        self.loader.context.fresh()
        return self.loader.functions[name](*args, **kwargs)

    def job(self, name, *args, **kwargs):
        """(return, retcode) of a job, as a master gets them."""
        arg = list(args) + ([dict(kwargs, __kwarg__=True)] if kwargs else [])
        load = {'fun': name, 'arg': arg, 'jid': '20261123041652229848', 'ret': '', 'user': 'root'}
        outcome = executors.run(self.loader, load, lambda item: None)
        assert outcome.success is (outcome.retcode == 0)
        return compat.native_tree(payload.to_text_tree(payload.unpack(payload.pack(outcome.value)))), outcome.retcode
