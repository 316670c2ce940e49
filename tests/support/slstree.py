"""A minion without a master on a folder of SLS files: `state.*` called as a job calls them."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat, executors, payload
from minion.helpers import command
from minion.loader import Loader
from tests.support import replay

JID = '20261123041652229848'


class Jobs(replay.Jobs, command.NoTie):
    """`__minion__.jobs`; `others` are the loads of jobs that run besides."""
    others = ()

    def running(self):
        return list(self.others)


class Minion(object):
    """:param folder: a py.path; its `base` and `dev` are the environments' roots.  :param files: {path: text}."""

    def __init__(self, folder, files, pillar=None, **settings):
        self.folder, self.cache = folder, str(folder.join('cache'))
        for name, text in files.items():
            place = folder.join(name)
            place.dirpath().ensure(dir=True)
            place.write_binary(compat.to_bytes(text))
        roots = dict((name, [str(folder.join(name))]) for name in ('base', 'dev') if folder.join(name).check())
        opts = dict({'id': 'ref1', 'cachedir': self.cache, 'file_client': 'local', 'hash_type': 'sha256',
                     'renderer': 'jinja|yaml', 'file_buffer_size': 262144,
                     'file_roots': roots, 'test': False, 'state_top': 'top.sls',
                     'extension_modules': os.path.join(self.cache, 'extmods'),
                     'conf_file': str(folder.join('conf', 'minion'))}, **settings)
        folder.join('conf').ensure(dir=True)
        link = replay.Link()
        link.jobs = self.jobs = Jobs()
        self.link = link
        link.loader = Loader(opts, {'os': 'Debian', 'id': 'ref1', 'kernel': 'Linux'}, pillar or {'a': {'b': 'c'}}, link)

    def job(self, fun, *args, **kwargs):
        """(return, retcode) of a job, as a master gets them."""
        arg = list(args) + ([dict(kwargs, __kwarg__=True)] if kwargs else [])
        load = {'fun': fun, 'arg': arg, 'jid': JID, 'ret': '', 'user': 'root'}
        outcome = executors.run(self.link.loader, load, lambda item: None)
        assert outcome.success is (outcome.retcode == 0)
        return compat.native_tree(payload.to_text_tree(payload.unpack(payload.pack(outcome.value)))), outcome.retcode

    def call(self, fun, *args, **kwargs):
        """The return of a job that succeeds."""
        returned, retcode = self.job(fun, *args, **kwargs)
        assert retcode == 0, (retcode, returned)
        return returned

    def wrong(self, fun, *args, **kwargs):
        """The return of a job with the return code 1."""
        returned, retcode = self.job(fun, *args, **kwargs)
        assert retcode == 1, (retcode, returned)
        return returned
