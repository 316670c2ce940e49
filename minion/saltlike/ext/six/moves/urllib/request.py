"""`salt.ext.six.moves.urllib.request`."""
from __future__ import absolute_import, division, print_function

import sys

if sys.version_info[0] == 2:
    from urllib2 import HTTPBasicAuthHandler, HTTPHandler, HTTPPasswordMgrWithDefaultRealm, HTTPSHandler   # noqa: F401
    from urllib2 import build_opener, install_opener, ProxyHandler, Request, urlopen   # noqa: F401
else:
    from urllib.request import (HTTPBasicAuthHandler, HTTPHandler, HTTPPasswordMgrWithDefaultRealm, HTTPSHandler,  # noqa: F401
                                    ProxyHandler, Request, build_opener, install_opener, urlopen)
