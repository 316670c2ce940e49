"""What the modules kernelpkg share: order of kernels, which may go, the report of an upgrade."""
from __future__ import absolute_import, division, print_function

from minion.errors import CommandExecutionError
from minion.helpers import looseversion


class _Key(object):
    """Sorts releases."""

    def __init__(self, release):
        self._release = release

    def __lt__(self, other):
        return (looseversion.compare(self._release, other._release) or 0) < 0


def ordered(releases):
    """Releases, the oldest first."""
    return sorted(set(releases), key=_Key)


def later(left, right):
    """True if the release `left` is later than `right`.

    :raises CommandExecutionError: there is no kernel package to compare with.
    """
    if left is None or right is None:
        raise CommandExecutionError('No kernel package is installed that could be compared with')
    return looseversion.compare(left, right) == 1


def removable(release, installed, active):
    """
    :raises CommandExecutionError: a release that is not installed, or runs.
    """
    if release not in installed:
        raise CommandExecutionError("Kernel release '%s' is not installed" % release)
    if release == active:
        raise CommandExecutionError('Active kernel cannot be removed')


def old_ones(installed, active, keep_latest):
    """Releases that a clean-up takes away."""
    latest = installed[-1:] if keep_latest else []
    return [release for release in installed if release != active and release not in latest]


def report(upgrades, active, latest, reboot, needed):
    """The return of kernelpkg.upgrade."""
    return {'upgrades': upgrades, 'active': active, 'latest_installed': latest, 'reboot_requested': reboot,
            'reboot_required': needed}
