"""Settings of network devices that the kernel gives and takes by ioctl, as the program ethtool asks for them."""
from __future__ import absolute_import, division, print_function

import array
import errno
import fcntl
import os
import socket
import struct

from minion import compat

_SIOCETHTOOL = 0x8946
_LONGEST_NAME = 15
_REQUEST = 40                   # bytes of a struct ifreq, where it is longest
_GDRVINFO, _GCOALESCE, _GRINGPARAM = 0x03, 0x0e, 0x10
_DRVINFO = '=I32s32s32s32s64s'  # command, driver, its version, firmware, bus; the rest is not looked at

RING = ('rx_max', 'rx_mini_max', 'rx_jumbo_max', 'tx_max', 'rx', 'rx_mini', 'rx_jumbo', 'tx')
COALESCE = (
    'rx_usecs', 'rx_frames', 'rx_usecs_irq', 'rx_frames_irq', 'tx_usecs', 'tx_frames', 'tx_usecs_irq', 'tx_frames_irq',
    'stats_block_usecs', 'adaptive_rx', 'adaptive_tx', 'pkt_rate_low', 'rx_usecs_low', 'rx_frames_low', 'tx_usecs_low',
    'tx_frames_low', 'pkt_rate_high', 'rx_usecs_high', 'rx_frames_high', 'tx_usecs_high', 'tx_frames_high',
    'sample_interval')
TABLES = {'ring': (_GRINGPARAM, RING), 'coalesce': (_GCOALESCE, COALESCE)}
OFFLOADS = {'scatter_gather': 0x18, 'tcp_segmentation_offload': 0x1e, 'udp_fragmentation_offload': 0x21,
            'generic_segmentation_offload': 0x23}


def exchange(device, data):
    """What the kernel leaves in place of `data` (bytes that start with a command).

    :raises EnvironmentError: as the driver answers: EOPNOTSUPP, ENODEV, EPERM, ...
    """
    name = compat.to_bytes(compat.shown(device))
    if not 0 < len(name) <= _LONGEST_NAME or b'\0' in name:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
    room = array.array('B', data)
    request = struct.pack('16sP', name, room.buffer_info()[0]).ljust(_REQUEST, b'\0')
    channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        fcntl.ioctl(channel.fileno(), _SIOCETHTOOL, request)
    finally:
        channel.close()
    return bytes(bytearray(room))


def table(device, kind):
    """{name: number} of one of TABLES.  :raises EnvironmentError: as of exchange()."""
    command, names = TABLES[kind]
    form = '=%dI' % (len(names) + 1)
    return dict(zip(names, struct.unpack(form, exchange(device, struct.pack(form, command, *[0] * len(names))))[1:]))


def set_table(device, kind, numbers):
    """Have the driver take a whole table.  :raises EnvironmentError: as of exchange()."""
    command, names = TABLES[kind]
    exchange(device, struct.pack('=%dI' % (len(names) + 1), command + 1, *[numbers[name] for name in names]))


def driver(device):
    """(name of the driver, place on the bus).  :raises EnvironmentError: as of exchange()."""
    found = struct.unpack(_DRVINFO, exchange(device, struct.pack(_DRVINFO, _GDRVINFO, *[b''] * 5)))
    return tuple(compat.to_native(field.partition(b'\0')[0]) for field in (found[1], found[4]))


def offload(device, name):
    """True if one of OFFLOADS is on.  :raises EnvironmentError: as of exchange()."""
    return bool(struct.unpack('=2I', exchange(device, struct.pack('=2I', OFFLOADS[name], 0)))[1])


def set_offload(device, name, value):
    """Turn one of OFFLOADS on (1) or off (0).  :raises EnvironmentError: as of exchange()."""
    exchange(device, struct.pack('=2I', OFFLOADS[name] + 1, value))
