"""Captured jobs about accounts, disks and the system's tables, run by our executors.

Source: tests/data/parity/returns/system.json, captured from 3008.3 on a Debian 12 in which most programs are missing. The
programs that it had are fakes with what they printed there; what else depends on the host is compared by its shape.
"""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion.compat import PY2, is_text
from minion.helpers import environment
from tests.support import replay
from tests.support.hostmodules import Host

ROWS = replay.rows('system')
MISSING = ('iostat', 'lsmod', 'at', 'getenforce', 'semanage')
NO_BUS = ("System has not been booted with systemd as init system (PID 1). Can't operate.\n"
          'Failed to connect to bus: Host is down\n')


def entries(*names):
    """A check: a mapping of texts to mappings that have these names."""
    def check(ours):
        assert ours['retcode'] == 0 and ours['return']
        assert all(is_text(key) and set(names) <= set(entry) for key, entry in ours['return'].items())
    return check


def mapping(ours):
    assert ours['retcode'] == 0 and isinstance(ours['return'], dict)


def text(ours):
    assert is_text(ours['return'])


def root_has_days(ours):
    if os.geteuid() == 0:
        assert ours['return']['name'] == 'root' and isinstance(ours['return']['max'], int)


# Cases that depend on the host, and how far they agree
SHAPES = {
    'system_024_disk.usage': entries('filesystem', '1K-blocks', 'used', 'available', 'capacity'),
    'system_026_disk.inodeusage': entries('filesystem', 'inodes', 'used', 'free', 'use'),
    'system_027_disk.percent': mapping,
    'system_028_disk.percent': text,
    'system_030_disk.fstype': text,
    'system_109_sysctl.show': mapping,                    # the capture holds the number of settings
    'system_110_mount.active': entries('alt_device', 'device', 'fstype', 'opts'),
    'system_111_mount.fstab': mapping,
    'system_114_mount.swaps': mapping,
    'system_115_locale.get_locale': text,
    'system_126_shadow.info': root_has_days,
    'system_156_ssh.host_keys': mapping,
    'system_157_ssh.auth_keys': mapping,
    'system_158_ssh.user_keys': mapping,
}


@pytest.fixture
def host(tmpdir, monkeypatch):
    made = Host(str(tmpdir), monkeypatch)
    tmpdir.join('hosts').write('127.0.0.1 localhost\n127.0.0.1 runsc\n127.0.0.1 vm\n')
    made.loader.opts.update({'hosts.file': str(tmpdir.join('hosts')), 'aliases.file': str(tmpdir.join('aliases'))})
    which = environment.which
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None if program in MISSING else which(program, path))
    programs = made.programs
    programs.answer('timedatectl', err=NO_BUS, code=1)
    programs.answer('sysctl -a', 'a.b = 1\n')
    programs.answer('sysctl -n kernel.ostype', 'Linux\n')
    programs.answer('sysctl -n no.such', err='sysctl: cannot stat /proc/sys/no/such: No such file or directory\n', code=1)
    programs.answer('locale', 'C\nC.utf8\nPOSIX\n')
    programs.answer('date', '+0000\n')
    programs.answer('blkid')
    programs.answer('blockdev', err='blockdev: cannot open /dev/nosuch: No such file or directory\n', code=1)
    programs.answer('ssh')
    return made


def compared(side):
    """What counts, `out` only for failures: Python 2 names the error of a missing file otherwise."""
    shown = dict((key, side[key]) for key in ('return', 'retcode', 'success', 'out') if key in side)
    if PY2 and is_text(shown['return']):
        shown['return'] = shown['return'].replace('FileNotFoundError', 'IOError')
    return shown


@pytest.mark.parametrize('row', ROWS, ids=[row['case'] for row in ROWS])
def test_case_of_the_reference(row, host):
    if row['fun'] == 'logrotate.show_conf' and os.path.exists('/etc/logrotate.conf'):
        pytest.skip('the capture is of a host without /etc/logrotate.conf')
    if row['fun'] == 'shadow.info' and os.geteuid() != 0:
        pytest.skip('only root reads the password file')
    ours, theirs = compared(replay.answer(host.loader, row)), compared(replay.expectation(row))
    if row['case'] in SHAPES:
        SHAPES[row['case']](ours)
    else:
        assert ours == theirs


def test_lists_name_only_cases_that_are_there():
    assert set(SHAPES) <= set(row['case'] for row in ROWS)
