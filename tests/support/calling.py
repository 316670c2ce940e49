"""Functions of execution modules called as jobs, for tests that compare with what the reference returned."""
from __future__ import absolute_import, division, print_function

from minion import compat, executors
from minion.loader import Loader
from tests.support import replay


def loader(folder):
    """A Loader of execution modules whose cache lies below `folder`."""
    opts = {'id': 'ref1', 'cachedir': str(folder), 'module_executors': ['direct_call'], 'test': False}
    link = replay.Link()
    link.jobs = None
    link.loader = Loader(opts, {'id': 'ref1'}, {}, link)
    return link.loader


def caller(loader):
    """call(fun, argument, ..., keyword=value) -> the value, or the first line of the error."""
    def call(fun, *args, **kwargs):
        arg = list(args) + ([dict(kwargs, __kwarg__=True)] if kwargs else [])
        outcome = executors.run(loader, {'fun': fun, 'arg': arg, 'jid': '20261123041652229848'})
        assert outcome.success or outcome.retcode
        text = not outcome.success and compat.is_text(outcome.value)
        return outcome.value.split('\n')[0] if text else outcome.value
    return call
