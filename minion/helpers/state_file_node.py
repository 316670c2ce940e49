"""The states file.mknod and file.pruned."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers.state_file import failed, new

_KINDS = {'c': ('Character device', 'file.is_chrdev'), 'b': ('Block device', 'file.is_blkdev'),
          'p': ('Fifo pipe', 'file.is_fifo')}


def mknod(name, ntype, number, user, group, mode, world):
    """See the state file.mknod.  :param tuple number: (major, minor)."""
    name = os.path.expanduser(name)
    ret, functions = new(name, result=False), world.functions
    if not name:
        return failed(ret, 'Must provide name to file.mknod')
    if ntype not in _KINDS:
        return failed(ret, "Node type unavailable: '%s'. Available node types are character ('c'), block ('b'), and pipe ('p')"
                      % (ntype,))
    kind, test = _KINDS[ntype]
    if os.path.isfile(name):
        return failed(ret, 'File %s exists and is not a %s. Refusing to continue' % (name, kind.lower()))
    if not functions[test](name):
        if not world.opts['test']:
            return functions['file.mknod'](name, ntype, number[0], number[1], user, group, mode)
        ret.update(result=None, comment='%s %s is set to be created' % (kind, name))
        return ret
    if ntype != 'p':
        found = tuple(functions['file.get_devmm'](name))
        if found != tuple(number):
            return failed(ret, '%s %s exists and has a different major/minor %s/%s. Refusing to continue'
                          % (kind, name, found[0], found[1]))
    ret = functions['file.check_perms'](name, None, user, group, mode)[0]
    if not ret['changes']:
        ret['comment'] = '%s %s is in the correct state' % (kind, name)
    elif isinstance(ret['comment'], list):
        ret['comment'] = '; '.join(ret['comment'])
    return ret


def pruned(name, recurse, ignore_errors, older_than, world):
    """See the state file.pruned."""
    name = os.path.expanduser(name)
    ret = new(name)
    if not os.path.isdir(name):
        ret['comment'] = 'Directory %s is not present' % name
        return ret
    if world.opts['test']:
        ret.update(result=None, changes={'deleted': name}, comment='Directory %s is set for removal' % name)
        return ret
    told = world.functions['file.rmdir'](name, recurse=recurse, verbose=True, older_than=older_than)
    done = told.pop('result')
    if done and not recurse:
        ret.update(changes={'deleted': name}, comment='Removed directory %s' % name)
    elif done or ignore_errors and told['deleted']:
        if told['deleted']:
            ret.update(changes={'deleted': sorted(told['deleted'])},
                       comment='Recursively removed empty directories under %s' % name)
    else:
        ret['changes'] = told
        failed(ret, 'Failed to remove directory %s' % name)
    return ret
