"""`salt.version`: the release that this program stands in for."""
from __future__ import absolute_import, division, print_function

import minion

__version__ = minion.SALT_VERSION
__version_info__ = tuple(int(part) for part in __version__.split('.'))
__saltstack_version__ = __version__
