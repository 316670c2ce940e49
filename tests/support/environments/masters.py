"""Recipes of the real Salt masters that the tests run against."""
from __future__ import absolute_import, division, print_function

import os
from collections import namedtuple

from tests.support.environments.virtual import Environment

# pythons: names of Pythons that it runs on, the best first; lists: arguments of each pip install
Recipe = namedtuple('Recipe', 'version pythons lists')

# Salt of these years says only which libraries are too old for it, not which are too new.
_OLD = ['pyzmq<20', 'tornado<5', 'msgpack<1.0', 'pycryptodome']
# 3007.13 from the index brings none of its dependencies: what its master and client import.
_OF_3007 = ['aiohttp', 'certifi', 'cheroot', 'cherrypy', 'contextvars', 'croniter', 'cryptography', 'distro',
            'immutables', 'Jinja2', 'jaraco.text', 'jmespath', 'looseversion', 'MarkupSafe<3', 'msgpack>=1.0',
            'packaging==24.0', 'psutil', 'pycryptodomex', 'pyopenssl', 'python-dateutil', 'python-gnupg', 'PyYAML',
            'pyzmq>=25.1.2', 'requests', 'setproctitle', 'tornado>=6.3', 'urllib3']


def _modern(version):
    return [['--upgrade', 'setuptools<70', 'wheel'], ['salt==' + version]]


RECIPES = (
    Recipe('3008.3', ('3.11', '3.10', '3.12', '3.13'), _modern('3008.3')),
    Recipe('3007.13', ('3.10', '3.11'), _modern('3007.13') + [_OF_3007]),
    Recipe('3006.24', ('3.10', '3.9', '3.11'), _modern('3006.24')),
    Recipe('3004.2', ('3.8', '3.7', '3.9'), _modern('3004.2')),
    Recipe('3000.9', ('2.7',), [['salt==3000.9'] + _OLD]),
    Recipe('2019.2.8', ('2.7',), [['salt==2019.2.8'] + _OLD]),
    Recipe('2016.11.10', ('2.7',), [['salt==2016.11.10'] + _OLD]),
)
REDUCED = ('3008.3', '3004.2', '2019.2.8')


def environment(recipe, found, folder):
    """The Environment of a master in `folder`/masters, None if none of the Pythons that it runs on is there."""
    for name in recipe.pythons:
        if name in found:
            return Environment(os.path.join(folder, 'masters', recipe.version), found[name], recipe.lists)
    return None
