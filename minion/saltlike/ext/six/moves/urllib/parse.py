"""`salt.ext.six.moves.urllib.parse`."""
from __future__ import absolute_import, division, print_function

import sys

if sys.version_info[0] == 2:
    from urlparse import parse_qs, parse_qsl, urljoin, urlparse, urlsplit, urlunparse, urlunsplit   # noqa: F401
    from urllib import quote, quote_plus, unquote, unquote_plus, urlencode   # noqa: F401
else:
    from urllib.parse import (parse_qs, parse_qsl, quote, quote_plus, unquote, unquote_plus, urlencode, urljoin,  # noqa: F401
                                  urlparse, urlsplit, urlunparse, urlunsplit)
