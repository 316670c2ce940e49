"""File systems of the kinds ext2, ext3 and ext4 (extfs.*)."""
from __future__ import absolute_import, division, print_function

from minion.helpers import diskinfo, tool

_MAKE = {'block_size': 'b', 'check': 'c', 'direct': 'D', 'ext_opts': 'E', 'fragment_size': 'f', 'force': 'F',
         'blocks_per_group': 'g', 'number_of_groups': 'G', 'bytes_per_inode': 'i', 'inode_size': 'I', 'journal': 'j',
         'journal_opts': 'J', 'blocks_file': 'l', 'label': 'L', 'reserved': 'm', 'last_dir': 'M', 'test': 'n',
         'number_of_inodes': 'N', 'creator_os': 'o', 'opts': 'O', 'revision': 'r', 'super': 'S', 'usage_type': 'T',
         'uuid': 'U'}
_TUNE = {'max': 'c', 'count': 'C', 'error': 'e', 'extended_opts': 'E', 'force': 'f', 'group': 'g', 'interval': 'i',
         'journal': 'j', 'journal_opts': 'J', 'label': 'L', 'last_dir': 'M', 'opts': 'o', 'feature': 'O', 'mmp_check': 'p',
         'quota_opts': 'Q', 'reserved': 'r', 'reserved_percentage': 'm', 'time': 'T', 'user': 'u', 'uuid': 'U'}
_PROGRESS = ('mke2fs', 'Discarding device blocks', 'Allocating group tables', 'Writing inode tables', 'Creating journal',
             'Writing superblocks')


def mkfs(device, fs_type, full_return=False, **kwargs):
    """Make a file system; a list of what mke2fs says besides its progress. full_return: what cmd.run_all answers.

    Options by name: block_size, check, direct, ext_opts, fragment_size, force, blocks_per_group, number_of_groups,
    bytes_per_inode, inode_size, journal, journal_opts, blocks_file, label, reserved, last_dir, test, number_of_inodes,
    creator_os, opts, revision, super, usage_type, uuid. CLI: extfs.mkfs /dev/sda1 fs_type=ext4 opts='acl,noexec'
    """
    answer = tool.run(__salt__, ['mke2fs', '-F', '-t', fs_type] + _options(kwargs, _MAKE) + [device])
    lines = [line for line in _said(answer).splitlines() if line and not line.startswith(_PROGRESS)]
    return dict(answer, comment=lines) if full_return else lines


def _options(kwargs, known):
    argv = []
    for name, value in kwargs.items():
        if name in known:
            argv += ['-' + known[name]] + ([] if value is True or value == 'True' else [value])
    return argv


def _said(answer):
    return '\n'.join(text for text in (answer['stdout'], answer['stderr']) if text)


def tune(device, full_return=False, **kwargs):
    """Change a file system; a list of what tune2fs says. full_return: what cmd.run_all answers.

    Options by name: max, count, error, extended_opts, force, group, interval, journal, journal_opts, label, reserved,
    reserved_percentage, last_dir, opts, feature, mmp_check, quota_opts, time, user, uuid. CLI: extfs.tune /dev/sda1 label=x
    """
    answer = tool.run(__salt__, ['tune2fs'] + _options(kwargs, _TUNE) + [device])
    lines = _said(answer).split('\n')
    return dict(answer, comment=lines) if full_return else lines


def attributes(device, args=None):
    """Mapping of the attributes of a file system. args: letters of options of dumpe2fs. CLI: extfs.attributes /dev/sda1"""
    return dump(device, args)['attributes']


def blocks(device, args=None):
    """Mapping of the block groups of a file system. args: letters of options of dumpe2fs. CLI: extfs.blocks /dev/sda1"""
    return dump(device, args)['blocks']


def dump(device, args=None):
    """Mapping of both. args: letters of options of dumpe2fs. CLI: extfs.dump /dev/sda1"""
    answer = tool.run(__salt__, ['dumpe2fs', device] + (['-' + args] if args else []))
    return diskinfo.dumpe2fs(_said(answer) if answer['retcode'] else answer['stdout'])
