"""POSIX access control lists of files and folders (acl.*)."""
from __future__ import absolute_import, division, print_function

from minion.errors import CommandExecutionError
from minion.helpers import environment, posixacl, tool

__virtualname__ = 'acl'


def __virtual__():
    if environment.which('getfacl'):
        return __virtualname__
    return False, 'The linux_acl execution module cannot be loaded: the getfacl binary is not in the path.'


def version():
    """The version of getfacl. CLI: acl.version"""
    return tool.output(__salt__, ['getfacl', '--version']).split()[-1]


def _checked(paths):
    if not paths:
        raise CommandExecutionError('You need to specify at least one file or directory to work with!')
    return ['--'] + list(paths)


def getfacl(*args, **kwargs):
    """Mapping of paths to their lists. recursive: and all below. CLI: acl.getfacl /tmp/house/kitchen /tmp/house/livingroom"""
    argv = ['getfacl', '--absolute-names'] + (['-R'] if kwargs.get('recursive') else [])
    return posixacl.parsed(tool.run(__salt__, argv + _checked(args))['stdout'])


def _setfacl(words, paths, kwargs):
    """True; `raise_err`: a failure is an error, else it shows in the retcode of the job only."""
    argv = ['setfacl'] + (['-R'] if kwargs.get('recursive') else []) + words + _checked(paths)
    result = tool.run(__salt__, argv)
    if result['retcode'] and kwargs.get('raise_err'):
        raise CommandExecutionError(result['stderr'])
    return True


def wipefacls(*args, **kwargs):
    """Remove all but the permissions of owner, group and others; True. CLI: acl.wipefacls /tmp/house/kitchen recursive=True"""
    return _setfacl(['-b'], args, kwargs)


def modfacl(acl_type, acl_name='', perms='', *args, **kwargs):
    """Add or change an entry: user, group, mask or other, with default: in front for that of new files; True.

    CLI: acl.modfacl user myuser rwx /tmp/house/kitchen
    """
    return _setfacl(['-m', posixacl.word(acl_type, acl_name, perms)], args, kwargs)


def delfacl(acl_type, acl_name='', *args, **kwargs):
    """Remove an entry; True. CLI: acl.delfacl user myuser /tmp/house/kitchen recursive=True"""
    return _setfacl(['-x', posixacl.word(acl_type, acl_name)], args, kwargs)
