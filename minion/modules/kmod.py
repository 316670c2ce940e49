"""Modules of the Linux kernel (kmod.*)."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion.helpers import etcfile, tool


def __virtual__():
    if __grains__.get('kernel') == 'Linux':
        return True
    return False, 'The kmod execution module cannot be loaded: only available on Linux.'


# ---- what is there

def available():
    """Sorted names of all modules of the running kernel, those built in included. CLI: kmod.available"""
    top, found = os.path.join('/lib/modules', os.uname()[2]), set()
    builtin = etcfile.lines(os.path.join(top, 'modules.builtin'), missing=True)
    found.update(_name(line.strip()) for line in builtin if line.strip())
    for _, _, names in os.walk(top):
        found.update(_name(name) for name in names if '.ko' in name)
    return sorted(found)


def _name(path):
    return os.path.basename(path).split('.ko')[0].replace('-', '_')


def check_available(mod):
    """True if the running kernel has a module. CLI: kmod.check_available kvm"""
    return mod in available()


def lsmod():
    """List of the modules that are loaded: module, size, depcount and deps. CLI: kmod.lsmod"""
    tool.required('lsmod')
    rows = [line.split() for line in tool.output(__salt__, ['lsmod']).splitlines()]
    return [{'module': row[0], 'size': row[1], 'depcount': row[2], 'deps': row[3].split(',') if len(row) > 3 else []}
            for row in rows if len(row) > 2 and row[0] != 'Module']


def mod_list(only_persist=False):
    """Sorted names of the modules that are loaded, or of those that are loaded at boot. CLI: kmod.mod_list"""
    if only_persist:
        lines = [line.split() for line in etcfile.lines(_path(), missing=True)]
        return sorted(set(words[0] for words in lines if words and words[0][0] not in '#;'))
    return sorted(set(row['module'] for row in lsmod()))


def is_loaded(mod):
    """True if a module is loaded. CLI: kmod.is_loaded kvm"""
    return mod in mod_list()


def _path():
    """The file with what is loaded at boot."""
    if os.path.isdir('/run/systemd/system') or __grains__.get('systemd'):
        return '/etc/modules-load.d/salt_managed.conf'
    return '/etc/modules'


# ---- changing

def load(mod, persist=False):
    """Load a module; sorted names of all that are new, or why not. persist: also at boot. CLI: kmod.load kvm"""
    before = set(mod_list())
    answer = tool.run(__salt__, ['modprobe', mod])
    if answer['retcode']:
        return 'Error loading module %s: %s' % (mod, answer['stderr'])
    return sorted(set(mod_list()) - before | (_keep(mod) if persist else set()))


def _keep(mod):
    name = mod.split()[0] if mod.split() else ''
    if not name or name in mod_list(True) or name not in available():
        return set()
    lines = etcfile.lines(_path(), missing=True)
    off = re.compile(r'#[\t ]*%s[\t ]*$' % re.escape(name))
    for number, line in enumerate(lines):
        if off.match(line.rstrip('\n')):
            lines[number] = name + '\n'
            break
    else:
        lines = [line if line.endswith('\n') else line + '\n' for line in lines] + [mod + '\n']
    etcfile.rewrite(_path(), ''.join(lines))
    return set([name])


def remove(mod, persist=False, comment=True):
    """Remove a module; sorted names of all that are gone, or why not.

    persist: do not load it at boot; comment: keep its line there as a comment. CLI: kmod.remove kvm
    """
    before = set(mod_list())
    answer = tool.run(__salt__, ['rmmod', mod])
    if answer['retcode']:
        return 'Error removing module %s: %s' % (mod, answer['stderr'])
    return sorted(before - set(mod_list()) | (_forget(mod, comment) if persist else set()))


def _forget(mod, comment):
    name = mod.split()[0] if mod.split() else ''
    if name not in mod_list(True):
        return set()
    lines = []
    for line in etcfile.lines(_path()):
        if line.split()[:1] != [name]:
            lines.append(line)
        elif comment:
            lines.append('#' + line)
    etcfile.rewrite(_path(), ''.join(lines))
    return set([name])
