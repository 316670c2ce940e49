"""Services (service.*) and other units of systemd, also where it is installed but not running (a container)."""
from __future__ import absolute_import, division, print_function

import glob
import logging
import os

from minion.errors import CommandExecutionError
from minion.helpers import environment, initscripts, pkgtools, systemdunits

log = logging.getLogger(__name__)

__func_alias__ = {'reload_': 'reload', 'unmask_': 'unmask'}
__virtualname__ = 'service'


def __virtual__():
    if __grains__.get('kernel') == 'Linux' and (initscripts.booted_with_systemd() or offline()):
        return __virtualname__
    return False, 'The systemd execution module failed to load: only available on Linux systems which have been booted ' \
                  'with systemd.'


def offline():
    """The path of systemctl where systemd is installed but not running, else False. CLI: service.offline"""
    return False if initscripts.booted_with_systemd() else environment.which('systemctl') or False


# ---- asking systemctl

def _command(action, name=None, scope=False, no_block=False, root=None):
    words = ['systemctl'] + (['--no-block'] if no_block else []) + (['--root', root] if root else [])
    words += action.split() + ([systemdunits.unit(name)] if name else [])
    return pkgtools.isolated(words, __salt__) if scope else words


def _all(*args, **options):
    quiet = options.pop('ignore_retcode', False)
    return __salt__['cmd.run_all'](_command(*args, **options), python_shell=False, ignore_retcode=quiet)


def _retcode(*args, **options):
    quiet = options.pop('ignore_retcode', False)
    return __salt__['cmd.retcode'](_command(*args, **options), python_shell=False, ignore_retcode=quiet)


def _do(*args, **options):
    reply = _all(*args, **options)
    if reply['retcode'] != 0:
        lines = [line for line in reply['stderr'].splitlines() if not line.startswith('Running scope as unit')]
        raise CommandExecutionError('\n'.join(lines))
    return True


def _unit_files(state, root):
    text = __salt__['cmd.run'](_command('--full --no-legend --no-pager list-unit-files', root=root), python_shell=False,
                               ignore_retcode=True)
    return systemdunits.in_state(text, state)


def _sysv(root=None):
    """Init scripts that no unit hides."""
    folder = (root or '') + initscripts.SCRIPTS
    units = systemdunits.files(root or '')
    return set(name for name in initscripts.scripts(folder)
               if os.access(os.path.join(folder, name), os.X_OK) and name not in units)


def _sysv_enabled(name, root=None):
    level = initscripts.runlevel(__salt__, '3')
    return bool(glob.glob('%s/etc/rc%s.d/S??%s' % (root or '', level, initscripts.literal(name))))


def _known(name):
    if offline():
        raise CommandExecutionError("Cannot run in offline mode. Failed to get information on unit '%s'" % name)
    reply = _all('status -n 0', name, ignore_retcode=True)
    if reply['retcode'] == 4:
        return False
    for line in (reply['stdout'] + '\n' + reply['stderr']).splitlines():
        words = line.split()
        if words[:1] == ['Loaded:']:
            return 'not-found' not in words[1:2]
    return reply['retcode'] in (0, 1, 2, 3) and 'could not be found' not in reply['stderr']


def _refresh_units(name):
    """Let systemd read its units again where a file is newer than what it knows."""
    custom = '/etc/systemd/system/%s' % systemdunits.unit(name)
    if os.access(custom, os.R_OK) and not _known(name):
        systemctl_reload()
    elif not offline():
        shown = _all('show -p NeedDaemonReload', name, ignore_retcode=True)['stdout']
        if shown.strip() == 'NeedDaemonReload=yes':
            systemctl_reload()


def _before_start(name, unmask, unmask_runtime):
    _refresh_units(name)
    if unmask:
        unmask_(name, runtime=False)
    if unmask_runtime:
        unmask_(name, runtime=True)


# ---- what there is

def systemctl_reload():
    """Let systemd read its units again. CLI: service.systemctl_reload"""
    reply = _all('--system daemon-reload')
    if reply['retcode'] != 0:
        raise CommandExecutionError('Problem performing systemctl daemon-reload: %s' % reply['stderr'])
    return True


def get_running():
    """Units that run. CLI: service.get_running"""
    text = __salt__['cmd.run'](_command('--full --no-legend --no-pager'), python_shell=False, ignore_retcode=True)
    return sorted(systemdunits.running(text))


def get_enabled(root=None):
    """Services that are started at boot. CLI: service.get_enabled"""
    return sorted(_unit_files('enabled', root) | set(name for name in _sysv(root) if _sysv_enabled(name, root)))


def get_disabled(root=None):
    """Services that are not started at boot. CLI: service.get_disabled"""
    return sorted(_unit_files('disabled', root) | set(name for name in _sysv(root) if not _sysv_enabled(name, root)))


def get_static(root=None):
    """Units that cannot be enabled, as others need them. CLI: service.get_static"""
    return sorted(_unit_files('static', root))


def get_all(root=None):
    """All services and other units. CLI: service.get_all"""
    return sorted(systemdunits.files(root or '') | _sysv(root))


def available(name):
    """True if there is such a unit. CLI: service.available sshd"""
    _refresh_units(name)
    return _known(name)


def missing(name):
    """True if there is no such unit. CLI: service.missing sshd"""
    return not available(name)


def show(name, root=None):
    """The properties of a unit. CLI: service.show sshd"""
    return systemdunits.properties(__salt__['cmd.run'](_command('show', name, root=root), python_shell=False))


def execs(root=None):
    """The programs that services start: name to path. CLI: service.execs"""
    found = {}
    for name in get_all(root=root):
        command = show(name, root=root).get('ExecStart')
        if command:
            found[name] = command['path'] if isinstance(command, dict) else command
    return found


# ---- changing

def unmask_(name, runtime=False, root=None):
    """Let a masked unit be started again. runtime: masked until the next boot. CLI: service.unmask sshd"""
    _refresh_units(name)
    if not masked(name, runtime, root=root):
        return True
    if _retcode('unmask --runtime' if runtime else 'unmask', name, scope=True, root=root):
        raise CommandExecutionError("Failed to unmask service '%s'" % name)
    return True


def mask(name, runtime=False, root=None):
    """Keep a unit from being started at all. runtime: until the next boot. CLI: service.mask sshd"""
    _refresh_units(name)
    reply = _all('mask --runtime' if runtime else 'mask', name, scope=True, root=root)
    if reply['retcode'] != 0:
        raise CommandExecutionError("Failed to mask service '%s'" % name, info=reply['stderr'])
    return True


def masked(name, runtime=False, root=None):
    """True if a unit is masked, with runtime until the next boot. CLI: service.masked sshd"""
    path = '%s%s/systemd/system/%s' % (root or '', '/run' if runtime else '/etc', systemdunits.unit(name))
    return os.path.islink(path) and os.readlink(path) == '/dev/null'


def start(name, no_block=False, unmask=False, unmask_runtime=False):
    """Start a unit. no_block: do not wait; unmask, unmask_runtime: first. CLI: service.start sshd"""
    _before_start(name, unmask, unmask_runtime)
    return _do('start', name, scope=True, no_block=no_block)


def stop(name, no_block=None):
    """Stop a unit; True on success. no_block: do not wait. CLI: service.stop sshd"""
    _refresh_units(name)
    return _retcode('stop', name, scope=True, no_block=bool(no_block)) == 0


def restart(name, no_block=None, unmask=False, unmask_runtime=False):
    """Restart a unit; the minion's own without waiting. Arguments: see service.start. CLI: service.restart sshd"""
    if no_block is None:
        no_block = systemdunits.unit(name) in ('salt-minion.service', 'minion.service')
    _before_start(name, unmask, unmask_runtime)
    return _do('restart', name, scope=True, no_block=no_block)


def reload_(name, no_block=False, unmask=False, unmask_runtime=False):
    """Let a service read its configuration. Arguments: see service.start. CLI: service.reload sshd"""
    _before_start(name, unmask, unmask_runtime)
    return _do('reload', name, scope=True, no_block=no_block)


def force_reload(name, no_block=True, unmask=False, unmask_runtime=False):
    """Reload a unit, or restart it where it cannot. Arguments: see service.start. CLI: service.force_reload sshd"""
    _before_start(name, unmask, unmask_runtime)
    return _do('force-reload', name, scope=True, no_block=no_block)


def status(name, sig=None):
    """True if a unit runs; for a glob a mapping. sig: words of a command line to look for instead.

    CLI: service.status sshd
    """
    if sig:
        return initscripts.by_signature(__salt__, sig)

    def check(one):
        _refresh_units(one)
        return _retcode('is-active', one, ignore_retcode=True) == 0
    return initscripts.answer(name, get_all, check)


def enable(name, no_block=False, unmask=False, unmask_runtime=False, root=None, **kwargs):
    """Have a unit started at boot. Arguments: see service.start. CLI: service.enable sshd"""
    _before_start(name, unmask, unmask_runtime)
    return _do('enable', name, scope=True, no_block=no_block, root=root)


def disable(name, no_block=False, root=None, **kwargs):
    """Have a unit not started at boot; True on success. CLI: service.disable sshd"""
    _refresh_units(name)
    return _retcode('disable', name, scope=True, no_block=no_block, root=root) == 0


def enabled(name, root=None, **kwargs):
    """True if a unit is started at boot. CLI: service.enabled sshd"""
    if _retcode('is-enabled', name, root=root, ignore_retcode=True) == 0:
        return True
    if '@' in name:
        wants = '%s/etc/systemd/system/*.wants/%s' % (root or '', initscripts.literal(systemdunits.unit(name)))
        return bool(glob.glob(wants))
    return name in _sysv(root) and _sysv_enabled(name, root)


def disabled(name, root=None):
    """True if a unit is not started at boot. CLI: service.disabled sshd"""
    return not enabled(name, root=root)


def firstboot(locale=None, locale_message=None, keymap=None, timezone=None, hostname=None, machine_id=None, root=None):
    """Set what a new image does not know yet. CLI: service.firstboot keymap=us root=/mnt"""
    given = (('locale', locale), ('locale-message', locale_message), ('keymap', keymap), ('timezone', timezone),
             ('hostname', hostname), ('machine-ID', machine_id), ('root', root))
    words = ['systemd-firstboot'] + ['--%s=%s' % pair for pair in given if pair[1]]
    reply = __salt__['cmd.run_all'](words, python_shell=False)
    if reply['retcode'] != 0:
        raise CommandExecutionError('systemd-firstboot error: %s' % reply['stderr'])
    return True
