"""Security-Enhanced Linux: mode, booleans, policy modules, contexts of files and ports (selinux.*)."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, etcfile, semanage, tool

_PROGRAMS = ('semanage', 'setsebool', 'semodule')
_CONFIG = '/etc/selinux/config'
_MODES = {'enforcing': '1', 'permissive': '0', 'disabled': '0'}


def __virtual__():
    for program in _PROGRAMS:
        if not environment.which(program):
            return False, '%s is not in the path' % program
    if __grains__.get('kernel') == 'Linux':
        return 'selinux'
    return False, 'Module only works on Linux with selinux installed'


# ---- the mode

def selinux_fs_path():
    """Where the kernel shows SELinux, None where it does not. CLI: selinux.selinux_fs_path"""
    for path in ('/sys/fs/selinux', '/selinux'):
        if os.path.isdir(path) and os.path.isfile(os.path.join(path, 'enforce')):
            return path
    return None


def getenforce():
    """Enforcing, Permissive or Disabled. CLI: selinux.getenforce"""
    try:
        with open(os.path.join(selinux_fs_path() or '', 'enforce')) as stream:
            return 'Permissive' if stream.readline().strip() == '0' else 'Enforcing'
    except (IOError, OSError):
        return 'Disabled'


def getconfig():
    """The mode that the next start of the host takes; None if nothing says so. CLI: selinux.getconfig"""
    for line in etcfile.lines(_CONFIG, missing=True):
        if line.strip().startswith('SELINUX='):
            return line.partition('=')[2].strip().capitalize()
    return None


def setenforce(mode):
    """Set the mode (Enforcing, Permissive, Disabled), now and for the next start; the mode that is in force.

    CLI: selinux.setenforce Permissive
    """
    name = mode.lower() if compat.is_text(mode) else None
    if name not in _MODES:
        raise SaltInvocationError('Invalid mode %s' % compat.shown(mode))
    if getenforce() != 'Disabled':
        try:
            with open(os.path.join(selinux_fs_path(), 'enforce'), 'w') as stream:
                stream.write(_MODES[name])
        except (IOError, OSError) as error:
            raise CommandExecutionError('Could not write SELinux enforce file: %s' % error)
    try:
        lines = etcfile.lines(_CONFIG)
    except (IOError, OSError) as error:
        raise CommandExecutionError('Could not read SELinux config file: %s' % error)
    etcfile.rewrite(_CONFIG, ''.join(re.sub(r'^\s*SELINUX=\S*', 'SELINUX=' + name, line) for line in lines))
    return getenforce()


# ---- booleans

def list_sebool():
    """Mapping of the booleans to their state, default and description. CLI: selinux.list_sebool"""
    return semanage.booleans(tool.output(__salt__, ['semanage', 'boolean', '--list']))


def getsebool(boolean):
    """State, default and description of a boolean; nothing for an unknown one. CLI: selinux.getsebool virt_use_usb"""
    return list_sebool().get(boolean, {})


def setsebool(boolean, value, persist=False):
    """Set a boolean; True if that was done. persist: over a start. CLI: selinux.setsebool virt_use_usb off"""
    return tool.succeeds(__salt__, ['setsebool'] + (['-P'] if persist else []) + [boolean, value])


def setsebools(pairs, persist=False):
    """Set several booleans; True if that was done. persist: over a start. CLI: selinux.setsebools '{virt_use_usb: on}'"""
    words = ['%s=%s' % (compat.shown(name), compat.shown(value)) for name, value in pairs.items()]
    return tool.succeeds(__salt__, ['setsebool'] + (['-P'] if persist else []) + words)


# ---- policy modules

def list_semod():
    """Mapping of the policy modules to whether they are enabled, and their version where semodule tells. """
    answer = tool.run(__salt__, ['semodule', '--list-modules=full'], ignore_retcode=True)
    if answer['retcode'] == 0:
        return semanage.modules(answer['stdout'])
    return semanage.old_modules(tool.output(__salt__, ['semodule', '-l']))      # before 2.4


def getsemod(module):
    """What selinux.list_semod tells of a module; nothing for an unknown one. CLI: selinux.getsemod ssh_keygen"""
    return list_semod().get(module, {})


def setsemod(module, state):
    """Enable or disable a policy module; True if that was done. CLI: selinux.setsemod abrt disabled"""
    if state.lower() not in ('enabled', 'disabled'):
        raise SaltInvocationError('Invalid state %s' % state)
    return tool.succeeds(__salt__, ['semodule', '--enable' if state.lower() == 'enabled' else '--disable', module])


def install_semod(module_path):
    """Install a policy module from a file, or salt://; True if that was done. CLI: selinux.install_semod /root/my.pp"""
    path = module_path
    if path.startswith('salt://'):
        path = __salt__['cp.cache_file'](module_path)
        if not path:
            raise CommandExecutionError('Source file %s not found' % module_path)
    return tool.succeeds(__salt__, ['semodule', '--install', path])


def remove_semod(module):
    """Remove a policy module; True if that was done. CLI: selinux.remove_semod my"""
    return tool.succeeds(__salt__, ['semodule', '--remove', module])


# ---- contexts of files

def filetype_id_to_string(filetype='a'):
    """The words of a letter for a kind of file: a, f, d, c, b, s, l, p. CLI: selinux.filetype_id_to_string f"""
    return semanage.filetype(filetype)


def fcontext_get_policy(name, filetype=None, sel_type=None, sel_user=None, sel_level=None):
    """The rule for a pattern of paths, told also by its other parts if they are given. CLI: selinux.fcontext_get_policy /srv"""
    wanted = {'filespec': name, 'filetype': semanage.filetype(filetype) if filetype else None, 'sel_type': sel_type,
              'sel_user': sel_user, 'sel_level': sel_level}
    answer = tool.run(__salt__, ['semanage', 'fcontext', '--list'], ignore_retcode=True)
    if answer['retcode']:
        raise CommandExecutionError('Output from the fcontext command did not match the expected format')
    return semanage.first(semanage.contexts(answer['stdout']), wanted)


def fcontext_add_policy(name, filetype=None, sel_type=None, sel_user=None, sel_level=None):
    """Add or change the rule for a pattern of paths; what cmd.run_all returns.

    CLI: selinux.fcontext_add_policy /srv sel_type=x_t
    """
    action = '--modify' if fcontext_get_policy(name) else '--add'
    return _fcontext(action, name, filetype, sel_type, sel_user, sel_level)


def fcontext_delete_policy(name, filetype=None, sel_type=None, sel_user=None, sel_level=None):
    """Remove the rule for a pattern of paths; what cmd.run_all returns. CLI: selinux.fcontext_delete_policy /srv"""
    return _fcontext('--delete', name, filetype, sel_type, sel_user, sel_level)


def _fcontext(action, name, filetype, sel_type, sel_user, sel_level):
    if filetype is not None:
        semanage.filetype(filetype)
    given = (('--ftype', filetype if filetype != 'a' else None), ('--type', sel_type), ('--seuser', sel_user),
             ('--range', sel_level))
    words = [word for option, value in given if value is not None for word in (option, value)]
    return tool.run(__salt__, ['semanage', 'fcontext', action] + words + [name])


def fcontext_policy_is_applied(name, recursive=False):
    """What restorecon would change on a path, as it says so. CLI: selinux.fcontext_policy_is_applied /srv"""
    return tool.run(__salt__, ['restorecon', '-n', '-v'] + (['-R'] if recursive else []) + [name])['stdout']


def fcontext_apply_policy(name, recursive=False):
    """Give a path the contexts of the rules; what cmd.run_all returns, and the changes.

    CLI: selinux.fcontext_apply_policy /srv
    """
    planned = fcontext_policy_is_applied(name, recursive)
    answer = dict(tool.run(__salt__, ['restorecon', '-v', '-F'] + (['-R'] if recursive else []) + [name]))
    if answer['retcode'] == 0:
        answer['changes'] = semanage.relabelled(planned)
        if not answer['changes']:
            del answer['changes']
            answer.update(retcode=1, error='Unrecognized response from restorecon command.')
    return answer


# ---- ports

def port_get_policy(name, sel_type=None, protocol=None, port=None):
    """The type of a port, told as PROTOCOL/PORT or by both arguments. CLI: selinux.port_get_policy tcp/80"""
    protocol, port = semanage.port(name, protocol, port)
    rows = semanage.ports(tool.output(__salt__, ['semanage', 'port', '--list']))
    for row in rows:
        if row['protocol'] == protocol and port in re.split(r'[,\s]+', row['port']) and sel_type in (None, row['sel_type']):
            return row
    return None


def port_add_policy(name, sel_type=None, protocol=None, port=None, sel_range=None):
    """Give a port a type; what cmd.run_all returns. CLI: selinux.port_add_policy tcp/8080 http_port_t"""
    if not sel_type:
        raise SaltInvocationError('SELinux Type is required to add a policy')
    return _port('--add', name, sel_type, protocol, port, sel_range)


def port_modify_policy(name, sel_type=None, protocol=None, port=None, sel_range=None):
    """Give a port that has a type another one; what cmd.run_all returns. CLI: selinux.port_modify_policy tcp/8080 x_t"""
    return _port('--modify', name, sel_type, protocol, port, sel_range)


def port_delete_policy(name, protocol=None, port=None):
    """Remove a port's own type; what cmd.run_all returns. CLI: selinux.port_delete_policy tcp/8080"""
    return _port('--delete', name, None, protocol, port, None)


def _port(action, name, sel_type, protocol, port, sel_range):
    protocol, port = semanage.port(name, protocol, port)
    words = ['--proto', protocol] + (['--type', sel_type] if sel_type else [])
    words += ['--range', sel_range] if sel_range else []
    return tool.run(__salt__, ['semanage', 'port', action] + words + [port])
