"""Owner and number of the process."""
from __future__ import absolute_import, division, print_function

import grp
import os
import pwd


def process():
    """username, groupname, uid, gid, pid: the effective user, the group that the user database has for it."""
    uid = os.geteuid()
    found = {'uid': uid, 'gid': os.getegid(), 'pid': os.getpid(), 'username': str(uid), 'groupname': ''}
    try:
        user = pwd.getpwuid(uid)
        found['username'] = user.pw_name
        found['groupname'] = grp.getgrgid(user.pw_gid).gr_name
    except KeyError:                              # a number without a name, as containers have
        pass
    return found
