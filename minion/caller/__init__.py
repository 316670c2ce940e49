"""`minion call`: one function on this host, now, as `salt-call` runs it. Loaded only when it is called."""
from __future__ import absolute_import, division, print_function
