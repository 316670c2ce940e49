"""A host without a master, its pillar and states in folders of a test."""
from __future__ import absolute_import, division, print_function

import json

from minion import compat, fileclient
from minion.caller import door
from minion.loader import Loader

GRAINS = {'id': 'mtst', 'color': 'red', 'size': {'w': 3}, 'kernel': 'Linux', 'os': 'Debian', 'ipv4': ['127.0.0.1'], 'ipv6': []}
GROUPS = {'mine': 'mtst', 'theirs': 'L@other'}


class Host(object):
    """:param folder: a py.path.  :param files: {path below it: text}; `base` and `dev` are the roots of the environments."""

    def __init__(self, folder, files, **settings):
        self.folder = folder
        for name in ('base', 'dev', 'salt'):
            folder.ensure(name, dir=True)
        for name, text in files.items():
            folder.join(name).write_binary(compat.to_bytes(text), ensure=True)
        opts = {'id': 'mtst', 'file_client': 'local', 'cachedir': str(folder.join('cache')), 'hash_type': 'sha256',
                'file_buffer_size': 262144, 'renderer': 'jinja|yaml', 'state_top': 'top.sls', 'nodegroups': GROUPS,
                'extension_modules': str(folder.join('ext')), 'file_roots': {'base': [str(folder.join('salt'))]},
                'pillar_roots': dict((name, [str(folder.join(name))]) for name in ('base', 'dev'))}
        opts.update(json.loads(json.dumps(settings).replace('@TOP@', str(folder))))
        self.door = door.LocalDoor(door.HostJobs(str(folder.join('cache', 'proc'))))
        self.door.files = fileclient.FileClient(opts, fileclient.door(opts, self.door.request))
        self.loader = Loader(compat.native_tree(opts), GRAINS, {}, self.door)
        self.door.serve(self.loader)

    def pillar(self, **wanted):
        return self.door.compiled_pillar(GRAINS, **wanted)
