"""Where returns go besides the master: one file a returner, whose `returner(ret)` gets the whole return of a job.

Those that keep returns also offer get_jid, get_fun, get_jids, get_minions for the functions ret.*.
"""
from __future__ import absolute_import, division, print_function
