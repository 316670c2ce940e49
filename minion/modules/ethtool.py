"""Network devices: their driver, rings, interrupts and offloads (ethtool.*)."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import ethernet, tool

_FEATURES = ('rx', 'tx', 'sg', 'tso', 'ufo', 'gso', 'gro', 'lro', 'rxvlan', 'txvlan', 'ntuple', 'rxhash')
_PAUSE = ('autoneg', 'rx', 'tx')
_WORDS = {'on': 1, 'off': 0}
_FRAMES_IRQ = 'rx_frames_irg'           # the name that clients know it by


def __virtual__():
    if __grains__.get('kernel') == 'Linux':
        return True
    return False, 'The ethtool execution module can only be loaded on Linux.'


# ---- asked of the kernel

def _table(devname, kind):
    found = ethernet.table(devname, kind)
    if kind == 'coalesce':
        found[_FRAMES_IRQ] = found.pop('rx_frames_irq')
    return found


def _shown(devname, kind):
    try:
        return _table(devname, kind)
    except EnvironmentError:
        return 'Not supported'


def show_ring(devname):
    """Mapping of the sizes of a device's rings. CLI: ethtool.show_ring eth0"""
    return _shown(devname, 'ring')


def show_coalesce(devname):
    """Mapping of how long a device gathers packets before it interrupts. CLI: ethtool.show_coalesce eth0"""
    return _shown(devname, 'coalesce')


def show_driver(devname):
    """Mapping of the `driver` of a device and its `bus_info`. CLI: ethtool.show_driver eth0"""
    try:
        return dict(zip(('driver', 'bus_info'), ethernet.driver(devname)))
    except EnvironmentError:
        return 'Not implemented'


def show_offload(devname):
    """Mapping of offloads to on, off or `not supported`. CLI: ethtool.show_offload eth0"""
    return dict((name, _offload(devname, name)) for name in ethernet.OFFLOADS)


def _offload(devname, name):
    try:
        return 'on' if ethernet.offload(devname, name) else 'off'
    except EnvironmentError:
        return 'not supported'


# ---- told to the kernel

def _number(value):
    """The number of 32 bits that on, off, a bool, a number or its text means.  :raises ValueError: none."""
    if compat.is_text(value):
        value = compat.to_native(value)
        value = _WORDS[value] if value in _WORDS else int(value)
    if not isinstance(value, compat.integer_types) or not 0 <= value < 1 << 32:
        raise ValueError(value)
    return int(value)


def _set_table(devname, kind, wanted):
    try:
        numbers = _table(devname, kind)
    except EnvironmentError:
        return 'Not supported'
    try:
        changes = dict((name, _number(wanted[name])) for name in numbers if name in wanted)
        if changes:
            numbers.update(changes)
            numbers['rx_frames_irq'] = numbers.get(_FRAMES_IRQ)
            ethernet.set_table(devname, kind, numbers)
    except (EnvironmentError, ValueError):
        return 'Invalid arguments'
    return _shown(devname, kind)


def set_ring(devname, **kwargs):
    """Set the sizes of rings: rx, tx, rx_mini, rx_jumbo; the mapping of show_ring. CLI: ethtool.set_ring eth0 rx=256"""
    return _set_table(devname, 'ring', kwargs)


def set_coalesce(devname, **kwargs):
    """Set what show_coalesce names; its mapping afterwards. CLI: ethtool.set_coalesce eth0 adaptive_rx=on rx_usecs=5"""
    return _set_table(devname, 'coalesce', kwargs)


def set_offload(devname, **kwargs):
    """Turn on or off what show_offload names; its mapping afterwards.

    CLI: ethtool.set_offload eth0 tcp_segmentation_offload=on
    """
    try:
        for name, value in [(name, _number(kwargs[name])) for name in sorted(ethernet.OFFLOADS) if name in kwargs]:
            ethernet.set_offload(devname, name, value)
    except ValueError:
        return 'Invalid arguments'
    except EnvironmentError:
        return 'Not supported'
    return show_offload(devname)


# ---- through the program

def _ethtool(*words):
    """What the program prints.  :raises CommandExecutionError: it says that it cannot."""
    text = tool.output(__salt__, [tool.required('ethtool')] + list(words), ignore_retcode=True)
    if text.startswith('Cannot'):
        raise CommandExecutionError(text)
    return text


def _rows(text):
    """(name, value) of all lines but the first, which names the device."""
    for line in text.splitlines()[1:]:
        name, colon, value = line.strip().partition(':')
        if colon:
            yield name, value.strip()


def show_features(devname):
    """Mapping of features to whether they are `on`, and `fixed`. CLI: ethtool.show_features eth0"""
    return dict((name, {'on': value.split()[:1] == ['on'], 'fixed': 'fixed' in value})
                for name, value in _rows(_ethtool('-k', devname)))


def show_pause(devname):
    """Mapping of the pause parameters to True and False. CLI: ethtool.show_pause eth0"""
    return dict((name, value == 'on') for name, value in _rows(_ethtool('-a', devname)))


def _set(option, devname, known, wanted):
    words = []
    for name in known:
        if name in wanted:
            value = wanted[name]
            words += [name, {True: 'on', False: 'off'}[value] if isinstance(value, bool) else value]
    if not words:
        raise CommandExecutionError('None of the valid parameters were provided: %s' % (list(known),))
    return _ethtool(option, devname, *words)


def set_feature(devname, **kwargs):
    """Turn features on or off: rx, tx, sg, tso, gso, gro, lro, ...; True, or what ethtool says.

    CLI: ethtool.set_feature eth0 sg=off
    """
    return _set('-K', devname, _FEATURES, kwargs) or True


def set_pause(devname, **kwargs):
    """Set the pause parameters autoneg, rx and tx; True, or the lines that ethtool says. CLI: ethtool.set_pause eth0 rx=off"""
    return _set('-A', devname, _PAUSE, kwargs).splitlines() or True
