"""Groups of this system (group.*), through groupadd, groupmod, groupdel and gpasswd.

`root` is everywhere a folder with another system, which is then read and changed instead of this one.
"""
from __future__ import absolute_import, division, print_function

from minion.helpers import tool, userdb

__virtualname__ = 'group'


def __virtual__():
    if __grains__.get('kernel') in ('Linux', 'OpenBSD', 'NetBSD'):
        return __virtualname__
    return False, 'The groupadd execution module cannot be loaded:  only available on Linux, OpenBSD and NetBSD'


def add(name, gid=None, system=False, root=None, non_unique=False, local=False):
    """Make a group; True if that was done. non_unique: `gid` may be taken; local: with lgroupadd. CLI: group.add staff 50"""
    argv = [tool.required('lgroupadd' if local else 'groupadd')]
    argv += (['-g', gid] + (['-o'] if non_unique else [])) if gid else []
    argv += (['-r'] if system else []) + _root(root) + [name]
    return tool.succeeds(__salt__, argv)


def _root(root):
    return [] if root is None else ['-R', root]


def delete(name, root=None, local=False):
    """Remove a group; True if that was done. local: with lgroupdel. CLI: group.delete staff"""
    return tool.succeeds(__salt__, [tool.required('lgroupdel' if local else 'groupdel')] + _root(root) + [name])


def info(name, root=None):
    """Mapping of gid, members, name and passwd of a group, empty for an unknown one. CLI: group.info root"""
    userdb.need_text("getgrnam() argument 'name'", name)
    found = userdb.group(name, root)
    return {} if found is None else userdb.shown_group(found)


def getent(refresh=False, root=None):
    """A list of group.info of all groups, in the order of the database. CLI: group.getent"""
    if not refresh and 'group.getent' in __context__:
        return __context__['group.getent']
    found = [userdb.shown_group(entry) for entry in userdb.groups(root)]
    __context__['group.getent'] = found
    return found


def chgid(name, gid, root=None, non_unique=False):
    """Change the number of a group; True if it has it now, False for an unknown group. CLI: group.chgid staff 51"""
    userdb.need_text("getgrnam() argument 'name'", name)
    before = userdb.group(name, root)
    if before is None:
        return False
    if before.gr_gid == gid:
        return True
    tool.run(__salt__, ['groupmod'] + _root(root) + ['-g', gid] + (['-o'] if non_unique else []) + [name])
    after = userdb.group(name, root)
    return after is not None and after.gr_gid == gid


def adduser(name, username, root=None):
    """Put a user into the group `name`; True if that was done. CLI: group.adduser staff fred"""
    return tool.succeeds(__salt__, ['gpasswd'] + _gpasswd_root(root) + ['-a', username, name])


def deluser(name, username, root=None):
    """Take a user out of the group `name`; True if they are not in it now. CLI: group.deluser staff fred"""
    found = userdb.group(name, root)
    if found is None or username not in found.gr_mem:
        return True
    return tool.succeeds(__salt__, ['gpasswd'] + _gpasswd_root(root) + ['-d', username, name])


def members(name, members_list, root=None):
    """Let these users, a comma-separated text, be all further members of a group; True if that was done.

    CLI: group.members staff fred,anna
    """
    return tool.succeeds(__salt__, ['gpasswd'] + _gpasswd_root(root) + ['-M', members_list, name])


def _gpasswd_root(root):
    return [] if root is None else ['-Q', root]
