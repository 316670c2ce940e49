"""The layout of the keyboard, of the console and of X11 (keyboard.*)."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat, files
from minion.errors import CommandExecutionError
from minion.helpers import environment, tool

_FILES = {'RedHat': ('/etc/sysconfig/keyboard', 'LAYOUT'), 'Debian': ('/etc/default/keyboard', 'XKBLAYOUT'),
          'Gentoo': ('/etc/conf.d/keymaps', 'keymap')}
_UNKNOWN = 'The layout of the keyboard is not known here: there is neither localectl nor %s'


def __virtual__():
    if any(environment.which(program) for program in ('localectl', 'setxkbmap')) or __grains__.get('os_family') in _FILES:
        return True
    return False, 'The keyboard execution module cannot be loaded: there is neither localectl nor setxkbmap'


def _file():
    """(path, name of the variable)"""
    return _FILES.get(__grains__.get('os_family'), ('a file of settings', ''))


def get_sys():
    """The layout of the console. CLI: keyboard.get_sys"""
    if environment.which('localectl'):
        answer = tool.run(__salt__, ['localectl'])
        found = re.search(r'^\s*VC Keymap:\s*(.*?)\s*$', answer['stdout'], re.MULTILINE)
        if not found:
            raise CommandExecutionError(answer['stderr'] or answer['stdout'] or 'localectl tells of no keymap')
        return found.group(1).replace('"', '')
    path, name = _file()
    for line in _lines(path):
        key, equals, value = line.partition('=')
        if equals and key.strip() == name:
            return value.strip().replace('"', '')
    raise CommandExecutionError(_UNKNOWN % path)


def _lines(path):
    return compat.to_native(compat.decode_lossy(files.read(path) or b'')).splitlines()


def set_sys(layout):
    """Set the layout of the console, which is what is returned. CLI: keyboard.set_sys dvorak"""
    if environment.which('localectl'):
        tool.run(__salt__, ['localectl', 'set-keymap', layout])
        return layout
    path, name = _file()
    if not name:
        raise CommandExecutionError(_UNKNOWN % path)
    __salt__['file.replace'](path, '^%s=.*' % name, '%s="%s"' % (name, layout), append_if_not_found=True)
    return layout


def get_x():
    """The layout of X11. CLI: keyboard.get_x"""
    tool.required('setxkbmap')
    answer = tool.run(__salt__, ['setxkbmap', '-query'])
    found = re.search(r'^layout:\s*(\S+)', answer['stdout'], re.MULTILINE)
    if not found:
        raise CommandExecutionError(answer['stderr'] or answer['stdout'] or 'setxkbmap tells of no layout')
    return found.group(1)


def set_x(layout):
    """Set the layout of X11, which is what is returned. CLI: keyboard.set_x dvorak"""
    tool.required('setxkbmap')
    tool.run(__salt__, ['setxkbmap', layout])
    return layout
