"""File systems of the kind XFS (xfs.*), through xfsprogs and xfsdump."""
from __future__ import absolute_import, division, print_function

import os
import re
import time

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import mounts, notoption, tool, xfsoutput

_EQUALS = re.compile(r'\s*=\s*')
_OPTION = re.compile(r'[A-Za-z][\w-]*(=[^=,\s]+)?$')


def _run(argv):
    """What a program prints.  :raises CommandExecutionError: it failed."""
    return tool.checked(__salt__, argv, '')['stdout']


# ---- asking

def info(device):
    """Mapping of the parts of a file system to their geometry. CLI: xfs.info /dev/sda1"""
    notoption.names(device=device)
    return xfsoutput.geometry(_run(['xfs_info', device]))


def devices():
    """Mapping of all devices with such a file system to labels and identifiers. CLI: xfs.devices"""
    return _devices([])


def _devices(words):
    answer = tool.run(__salt__, ['blkid', '-o', 'export'] + words, ignore_retcode=True)
    if answer['retcode'] not in (0, 2):              # 2: it found none
        raise CommandExecutionError(answer['stderr'] or 'blkid failed')
    return xfsoutput.devices(answer['stdout'])


def estimate(path):
    """The space that a folder would take in such a file system. CLI: xfs.estimate /path/to/dir"""
    if not os.path.exists(path):
        raise CommandExecutionError('Path "%s" was not found.' % path)
    notoption.names(path=path)
    return xfsoutput.estimate(_run(['xfs_estimate', '-v', path]))


# ---- dumps

def dump(device, destination, level=0, label=None, noerase=None):
    """Write a dump of a device; what xfsdump tells of it. noerase: what is on the tape stays.

    CLI: xfs.dump /dev/sda1 /path/to/dump label='Company accountancy'
    """
    notoption.names(device=device, destination=destination)
    label = label or time.strftime('XFS dump for "{0}" of %Y.%m.%d, %H:%M').format(device)
    argv = ['xfsdump', '-F'] + ([] if noerase else ['-E'])
    return xfsoutput.dump(_run(argv + ['-L', label, '-l', level, '-f', destination, device]))


def inventory():
    """Mapping of file systems to the sessions of their dumps. CLI: xfs.inventory"""
    return xfsoutput.inventory(_run(['xfsrestore', '-I']))


def prune_dump(sessionid):
    """Forget the session of a dump; what it was. CLI: xfs.prune_dump b74a3586-e52e-4a4a-8775-c3334fa8ea2c"""
    notoption.names(sessionid=sessionid)
    found = xfsoutput.pruned(_run(['xfsinvutil', '-s', sessionid, '-F']), sessionid)
    if not found:
        raise CommandExecutionError('Session UUID "%s" was not found.' % sessionid)
    return found


# ---- changing

def mkfs(device, label=None, ssize=None, noforce=None, bso=None, gmo=None, ino=None, lso=None, rso=None, nmo=None, dso=None):
    """Make a file system; its geometry. noforce: not over what is on the device.

    label; ssize: size of sectors; each as key=value,key=value, options of: bso blocks, gmo metadata, ino inodes, lso log,
    rso realtime, nmo names, dso data. CLI: xfs.mkfs /dev/sda1 dso='su=32k,sw=6' noforce=True
    """
    notoption.names(device=device)
    argv = ['mkfs.xfs'] + (['-L', label] if label else []) + (['-s', ssize] if ssize else [])
    for switch, options in (('-b', bso), ('-m', gmo), ('-n', nmo), ('-i', ino), ('-d', dso), ('-l', lso), ('-r', rso)):
        if options:
            argv += [switch, _options(switch, options)]
    return xfsoutput.geometry(_run(argv + ([] if noforce else ['-f']) + [device]))


def _options(switch, options):
    parts = [_EQUALS.sub('=', part.strip()) for part in compat.to_native(compat.shown(options)).split(',')]
    if not all(_OPTION.match(part) for part in parts):
        raise CommandExecutionError('Wrong parameters "%s" for option "%s"' % (options, switch))
    return ','.join(parts)


def modify(device, label=None, lazy_counting=None, uuid=None):
    """Change a file system; its label and identifier then. lazy_counting: True or False. uuid: True a new one, False none.

    CLI: xfs.modify /dev/sda1 label='My backup' lazy_counting=False
    """
    notoption.names(device=device)
    if not label and lazy_counting is None and uuid is None:
        raise CommandExecutionError('Nothing specified for modification for "%s" device' % device)
    argv = ['xfs_admin'] + (['-L', label] if label else [])
    if lazy_counting is not None:
        argv += ['-c', '1' if lazy_counting else '0']
    if uuid is not None:
        argv += ['-U', 'generate' if uuid else 'nil']
    _run(argv + [device])
    return _devices([device])


def defragment(device):
    """Put the files of a mounted device together; what xfs_fsr prints, as `log`. CLI: xfs.defragment /dev/sda1"""
    if device == '/':
        raise CommandExecutionError('Root is not a device.')
    if device not in [mount['device'] for mount in mounts.mounted().values()]:
        raise CommandExecutionError('Device "%s" is not mounted' % device)
    return {'log': _run(['xfs_fsr', device])}
