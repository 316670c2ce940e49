"""state.pkg: a run of states that came as an archive, as salt-ssh sends it. Results: docs/states.md."""
from __future__ import absolute_import, division, print_function

import os
import shutil
import tempfile

from minion import files
from minion.highstate import package, runner, world

__virtualname__ = 'state'
__outputter__ = {'pkg': 'highstate'}


def __virtual__():
    return __virtualname__


class _Door(object):
    """`__minion__` of the run: the files are those of the archive."""

    def __init__(self, minion, client):
        self._minion, self.files = minion, client

    def __getattr__(self, name):
        return getattr(self._minion, name)


def pkg(pkg_path, pkg_sum, hash_type, test=None, **kwargs):
    """Run the low data of a gzipped tar archive with its pillar, grains and files; {} if there is none of this sum.

    CLI: salt '*' state.pkg /tmp/salt_state.tgz 760a9353810e36f6d81416366fc426dc sha256
    """
    if not os.path.isfile(pkg_path) or files.digest(pkg_path, hash_type) != pkg_sum:
        return {}
    folder = tempfile.mkdtemp(prefix='minion-')
    try:
        found = package.unpacked(pkg_path, folder)
        loader = __minion__.functions()
        door = _Door(__minion__, __file_client__.over(found.roots))
        settings = {'file_client': 'local', 'file_roots': found.roots, 'test': world.test_flag(__opts__, test)}
        made = world.World(loader.apart(settings, found.pillar, dict(loader.grains, **found.grains), door), door,
                           lambda minions: found.pillar, kwargs.get('__pub_jid'))
        returned = runner.Run(made).chunks(found.chunks)
    finally:
        shutil.rmtree(folder)
    __context__['retcode'] = world.retcode(returned)
    return returned
