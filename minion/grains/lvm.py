"""Logical volumes."""
from __future__ import absolute_import, division, print_function

from minion.helpers import environment, programs


def lvm():
    """lvm: names of the logical volumes by volume group, where lvm is installed."""
    if environment.which('lvm') is None:
        return {}
    text = programs.output('lvm', 'lvs', '-o', 'vg_name,lv_name', '--noheadings', '--separator', ':') or ''
    groups = programs.output('lvm', 'vgs', '-o', 'vg_name', '--noheadings') or ''
    found = dict((group.strip(), []) for group in groups.splitlines())
    for line in text.splitlines():
        group, _, volume = line.strip().partition(':')
        found.setdefault(group, []).append(volume)
    return {'lvm': found}


lvm.brings = ('lvm',)
