"""SELinux contexts of files: asked from stat, set with chcon and semanage, restored with restorecon."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.errors import CommandExecutionError

_CONTEXT = re.compile(r'\w+:\w+:\w+:\w+')
FIELDS = ('user', 'role', 'type', 'range')


def get_context(path, host):
    """See file.get_selinux_context."""
    text = host.functions['cmd.run'](['stat', '-c', '%C', compat.shown(path)], python_shell=False)
    found = _CONTEXT.search(text)
    if found:
        return found.group(0)
    return 'No selinux context information is available for %s' % (path,)


def set_context(path, wanted, persist, host):
    """See file.set_selinux_context.  :param tuple wanted: (user, role, type, range)."""
    if not any(wanted):
        return False
    if persist:
        argv = ['semanage', 'fcontext', '-a']
        for flag, value in zip(('-s', None, '-t', '-r'), wanted):
            argv += [flag, value] if flag and value else []
        host.functions['cmd.run'](argv + [re.escape(path)], python_shell=False)
        return restore(path, False, host)
    argv = ['chcon']
    for flag, value in zip(('-u', '-r', '-t', '-l'), wanted):
        argv += [flag, value] if value else []
    done = not host.functions['cmd.retcode'](argv + [path], python_shell=False)
    return get_context(path, host) if done else done


def restore(path, recursive, host):
    """See file.restorecon."""
    argv = ['restorecon', '-FR' if recursive else '-F', path]
    return not host.functions['cmd.retcode'](argv, python_shell=False)


def fields(path, host):
    """{user, role, type, range} of a path, None where there is no SELinux."""
    context = get_context(path, host)
    return dict(zip(FIELDS, context.split(':', 3))) if _CONTEXT.search(context) else None


def check(check, wanted):
    """The part of file.check_perms that looks at the context."""
    have = fields(check.name, check.host)
    if have is None:
        check.fail('Failed to get selinux attributes')
        return
    change = dict((field, value) for field, value in zip(FIELDS, wanted) if value and value != have[field])
    if not change:
        return
    old = dict((field, have[field]) for field in change)
    if not check.test:
        try:
            done = set_context(check.name, tuple(change.get(field) for field in FIELDS), False, check.host)
        except CommandExecutionError:
            done = False
        if not done:
            check.fail('Failed to set selinux context')
            return
    changes = check.ret['changes'].setdefault('selinux', {})
    changes['New'] = ' '.join('%s: %s' % (field.title(), change[field]) for field in FIELDS if field in change)
    changes['Old'] = ' '.join('%s: %s' % (field.title(), old[field]) for field in FIELDS if field in old)
