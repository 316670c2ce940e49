"""Halt, reboot, clock and names of the host (system.*)."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat, files
from minion.helpers import clock, environment

WITNESS = '/var/volatile/tmp/salt/reboot_witnessed'
MACHINE = '/etc/machine-info'
PRETTY = 'PRETTY_HOSTNAME'


def __virtual__():
    if environment.which('shutdown'):
        return True
    return False, 'The system execution module failed to load: only available on Linux systems with shutdown command.'


def _run(*argv):
    return __salt__['cmd.run'](list(argv), python_shell=False)


# ---- ending

def halt():
    """Halt the host. CLI: system.halt"""
    return _run('halt')


def init(runlevel):
    """Change the run level. CLI: system.init 3"""
    return _run('init', str(runlevel))


def poweroff():
    """Switch the host off. CLI: system.poweroff"""
    return _run('poweroff')


def reboot(at_time=None):
    """Reboot the host, at once or at a time that `shutdown` knows, as minutes or hh:mm. CLI: system.reboot 5"""
    return _run('shutdown', '-r', _when(at_time))


def shutdown(at_time=None):
    """Shut the host down, at once or at a time that `shutdown` knows. CLI: system.shutdown 5"""
    return _run('shutdown', '-h', _when(at_time))


def _when(at_time):
    return str(at_time) if at_time else 'now'


# ---- the clock

def has_settable_hwclock():
    """True if there is a hardware clock that can be set. CLI: system.has_settable_hwclock"""
    if not environment.which('hwclock'):
        return False
    return __salt__['cmd.retcode'](['hwclock', '--test', '--systohc'], python_shell=False, ignore_retcode=True) == 0


def get_system_time(utc_offset=None):
    """The time, as 02:03:04 PM, here or at an offset as +0530. CLI: system.get_system_time"""
    return clock.now(utc_offset).strftime('%I:%M:%S %p')


def get_system_date(utc_offset=None):
    """The date, as Wed 11/25/2026, here or at an offset as +0530. CLI: system.get_system_date"""
    return clock.now(utc_offset).strftime('%a %m/%d/%Y')


def get_system_date_time(utc_offset=None):
    """Date and time, as 2026-11-25 14:03:04, here or at an offset as +0530. CLI: system.get_system_date_time"""
    return clock.now(utc_offset).strftime('%Y-%m-%d %H:%M:%S')


def set_system_time(newtime, utc_offset=None):
    """Set the time: 02:03:04 PM, 02:03 PM, 14:03:04 or 14:03. CLI: system.set_system_time 14:03"""
    new = clock.read(newtime, clock.TIMES)
    return set_system_date_time(hours=new.hour, minutes=new.minute, seconds=new.second, utc_offset=utc_offset)


def set_system_date(newdate, utc_offset=None):
    """Set the date: YYYY-MM-DD, MM-DD-YYYY, MM-DD-YY, or these with slashes. CLI: system.set_system_date 2026-11-25"""
    new = clock.read(newdate, clock.DATES)
    return set_system_date_time(years=new.year, months=new.month, days=new.day, utc_offset=utc_offset)


def set_system_date_time(years=None, months=None, days=None, hours=None, minutes=None, seconds=None, utc_offset=None):
    """Set parts of date and time, the others stay; the hardware clock follows. True on success.

    utc_offset: of these parts, as +0530; default that of the host. CLI: system.set_system_date_time 2026 11 25 14 3 0
    """
    new = clock.changed(clock.now(utc_offset), {'years': years, 'months': months, 'days': days, 'hours': hours,
                                                'minutes': minutes, 'seconds': seconds})
    words = ['date', '-s', new.strftime('%Y-%m-%d %H:%M:%S')]
    if utc_offset is not None:
        words = ['date', '-u', '-s', (new - clock.offset(utc_offset)).strftime('%Y-%m-%d %H:%M:%S')]
    if __salt__['cmd.retcode'](words, python_shell=False) != 0:
        return False
    if has_settable_hwclock():
        return __salt__['cmd.retcode'](['hwclock', '--systohc'], python_shell=False) == 0
    return True


# ---- names

def get_computer_desc():
    """The description of the host (PRETTY_HOSTNAME), False if it has none. CLI: system.get_computer_desc"""
    if environment.which('hostnamectl'):
        reply = __salt__['cmd.run_all'](['hostnamectl', 'status', '--pretty'], python_shell=False, ignore_retcode=True)
        if reply['retcode'] == 0:
            return reply['stdout'] or False
    for line in _machine_lines():
        if line.startswith(PRETTY + '='):
            return _unquoted(line.split('=', 1)[1]) or False
    return False


def _machine_lines():
    return compat.to_native(compat.decode_lossy(files.read(MACHINE) or b'')).splitlines()


def _unquoted(text):
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in '\'"':
        text = text[1:-1]
    return text.replace('\\"', '"').replace('\\\\', '\\')


def set_computer_desc(desc):
    """Set the description of the host; True on success. CLI: system.set_computer_desc 'Of Michael'"""
    desc = compat.to_native(compat.shown(desc)).replace('\n', '\\n')
    if environment.which('hostnamectl'):
        argv = ['hostnamectl', 'set-hostname', '--pretty', desc]
        if __salt__['cmd.retcode'](argv, python_shell=False, ignore_retcode=True) == 0:
            return True
    lines = [line for line in _machine_lines() if not line.startswith(PRETTY + '=')]
    lines.append('%s="%s"' % (PRETTY, desc.replace('\\', '\\\\').replace('"', '\\"')))
    files.write(MACHINE, compat.to_bytes('\n'.join(lines) + '\n'), 0o644)
    return True


def set_computer_name(hostname):
    """Set the name of the host. CLI: system.set_computer_name master.saltstack.com"""
    return __salt__['network.mod_hostname'](hostname)


def get_computer_name():
    """The name of the host. CLI: system.get_computer_name"""
    return __salt__['network.get_hostname']()


def set_reboot_required_witnessed():
    """Note that a reboot is needed, until the next one. CLI: system.set_reboot_required_witnessed"""
    files.write(WITNESS, b'', 0o644, sync=False, make_folder=True)
    return True


def get_reboot_required_witnessed():
    """True if it was noted that a reboot is needed. CLI: system.get_reboot_required_witnessed"""
    return os.path.exists(WITNESS)
