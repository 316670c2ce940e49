"""`salt.ext.six.moves`: what Python 3 moved or renamed."""
from __future__ import absolute_import, division, print_function

import sys

if sys.version_info[0] == 2:
    from itertools import ifilter as filter, imap as map, izip as zip, izip_longest as zip_longest     # noqa: F401,A004
    from pipes import quote as shlex_quote                                                              # noqa: F401
    from StringIO import StringIO                                                                       # noqa: F401
    import ConfigParser as configparser                                                                 # noqa: F401
    import cPickle                                                                                      # noqa: F401
    import httplib as http_client                                                                       # noqa: F401
    import Queue as queue                                                                               # noqa: F401
    input, range, reduce = raw_input, xrange, reduce                                                    # noqa: F821
else:
    from functools import reduce                                                                        # noqa: F401
    from io import StringIO                                                                             # noqa: F401
    from itertools import zip_longest                                                                   # noqa: F401
    from shlex import quote as shlex_quote                                                              # noqa: F401
    import configparser                                                                                 # noqa: F401
    import http.client as http_client                                                                   # noqa: F401
    import pickle as cPickle                                                                            # noqa: F401
    import queue                                                                                        # noqa: F401
    filter, input, map, range, zip = filter, input, map, range, zip
