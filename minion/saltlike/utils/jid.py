"""`salt.utils.jid`: numbers of jobs."""
from __future__ import absolute_import, division, print_function

import datetime


def gen_jid(opts=None):
    """A number for a job, from the time."""
    return datetime.datetime.now().strftime('%Y%m%d%H%M%S%f')


def is_jid(jid):
    """Is it the number of a job?"""
    return isinstance(jid, str) and len(jid) in (20, 23) and jid[:20].isdigit()


def jid_to_time(jid):
    """The time in the number of a job, '' if it is none."""
    jid = str(jid)
    if not is_jid(jid):
        return ''
    return '%s, %s %s %s:%s:%s.%s' % (jid[:4], datetime.date(2000, int(jid[4:6]), 1).strftime('%b'), jid[6:8], jid[8:10],
                                      jid[10:12], jid[12:14], jid[14:20])
