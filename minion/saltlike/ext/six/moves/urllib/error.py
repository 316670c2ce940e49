"""`salt.ext.six.moves.urllib.error`."""
from __future__ import absolute_import, division, print_function

import sys

if sys.version_info[0] == 2:
    from urllib2 import HTTPError, URLError   # noqa: F401
else:
    from urllib.error import HTTPError, URLError   # noqa: F401
