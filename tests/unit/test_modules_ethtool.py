"""ethtool.*, with a kernel that a test plays, and a program that only prints what ethtool prints."""
from __future__ import absolute_import, division, print_function

import errno
import os
import struct

import pytest

from minion import compat
from minion.helpers import environment, ethernet
from tests.support import hostmodules

FEATURES = '''Features for eth7:
rx-checksumming: on [fixed]
\ttx-checksum-ipv4: off [fixed]
scatter-gather: on
\ttx-scatter-gather: off [requested on]
'''
PAUSE = 'Pause parameters for eth7:\nAutonegotiate:\ton\nRX:\t\toff\nTX:\t\ton\n\n'
NO_PARAMETERS = "ERROR: None of the valid parameters were provided: ['%s']"


class Kernel(object):
    """Answers ethernet.exchange: tables by the number of their command; `refused`: {device: error number}."""

    def __init__(self):
        self.tables, self.told, self.refused = {}, [], {}

    def exchange(self, device, data):
        command = struct.unpack('=I', data[:4])[0]
        number = self.refused.get((device, command)) or self.refused.get(device)
        if number:
            raise OSError(number, os.strerror(number))
        if command in self.tables:
            return data[:4] + self.tables[command]
        self.told.append((command,) + struct.unpack('=%dI' % (len(data) // 4 - 1), data[4:]))
        self.tables[command - 1] = data[4:]
        return data


@pytest.fixture
def kernel(monkeypatch):
    kernel = Kernel()
    monkeypatch.setattr(ethernet, 'exchange', kernel.exchange)
    names = b''.join(text.ljust(32, b'\0') for text in (b'virtio_net', b'1.0', b'', b'0000:00:03.0'))
    kernel.tables = {0x03: names + b'\0' * 64,
                     0x0e: struct.pack('=22I', *range(22)), 0x10: struct.pack('=8I', *range(100, 108)),
                     0x18: struct.pack('=I', 1), 0x1e: struct.pack('=I', 1), 0x21: struct.pack('=I', 0),
                     0x23: struct.pack('=I', 1)}
    kernel.refused = {'gone': errno.ENODEV}
    return kernel


@pytest.fixture
def host(tmpdir, monkeypatch):
    return hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)


def test_looking(host, kernel):
    assert host.call('ethtool.show_driver', 'eth7') == {'driver': 'virtio_net', 'bus_info': '0000:00:03.0'}
    assert host.call('ethtool.show_ring', 'eth7') == {
        'rx_max': 100, 'rx_mini_max': 101, 'rx_jumbo_max': 102, 'tx_max': 103, 'rx': 104, 'rx_mini': 105, 'rx_jumbo': 106,
        'tx': 107}
    assert host.call('ethtool.show_coalesce', 'eth7') == {
        'rx_usecs': 0, 'rx_frames': 1, 'rx_usecs_irq': 2, 'rx_frames_irg': 3, 'tx_usecs': 4, 'tx_frames': 5,
        'tx_usecs_irq': 6, 'tx_frames_irq': 7, 'stats_block_usecs': 8, 'adaptive_rx': 9, 'adaptive_tx': 10,
        'pkt_rate_low': 11, 'rx_usecs_low': 12, 'rx_frames_low': 13, 'tx_usecs_low': 14, 'tx_frames_low': 15,
        'pkt_rate_high': 16, 'rx_usecs_high': 17, 'rx_frames_high': 18, 'tx_usecs_high': 19, 'tx_frames_high': 20,
        'sample_interval': 21}
    assert host.call('ethtool.show_offload', 'eth7') == {
        'scatter_gather': 'on', 'tcp_segmentation_offload': 'on', 'udp_fragmentation_offload': 'off',
        'generic_segmentation_offload': 'on'}


def test_looking_at_a_device_that_does_not_answer(host, kernel):
    assert host.job('ethtool.show_driver', 'gone') == ('Not implemented', 0)
    assert host.job('ethtool.show_ring', 'gone') == host.job('ethtool.show_coalesce', 'gone') == ('Not supported', 0)
    assert host.job('ethtool.set_ring', 'gone', rx=1) == host.job('ethtool.set_coalesce', 'gone') == ('Not supported', 0)
    assert set(host.call('ethtool.show_offload', 'gone').values()) == set(['not supported'])


def test_rings(host, kernel):
    assert host.call('ethtool.set_ring', 'eth7', rx=256, tx='512', junk=1)['tx'] == 512
    assert kernel.told == [(0x11, 100, 101, 102, 103, 256, 105, 106, 512)]
    assert host.call('ethtool.set_ring', 'eth7')['rx'] == 256 and len(kernel.told) == 1
    for bad in ('abc', -1, 1 << 32, None, 1.5, [1]):
        assert host.call('ethtool.set_ring', 'eth7', rx=bad) == 'Invalid arguments'
    assert len(kernel.told) == 1
    kernel.refused['eth7', 0x11] = errno.EPERM
    assert host.job('ethtool.set_ring', 'eth7', rx=1) == ('Invalid arguments', 0)


def test_coalescing(host, kernel):
    found = host.call('ethtool.set_coalesce', 'eth7', adaptive_rx=True, adaptive_tx='off', rx_usecs=50, rx_frames_irg=33)
    assert (found['adaptive_rx'], found['adaptive_tx'], found['rx_usecs'], found['rx_frames_irg']) == (1, 0, 50, 33)
    assert kernel.told == [(0x0f, 50, 1, 2, 33, 4, 5, 6, 7, 8, 1, 0) + tuple(range(11, 22))]


def test_offloads(host, kernel):
    found = host.call('ethtool.set_offload', 'eth7', tcp_segmentation_offload='off', udp_fragmentation_offload=True)
    assert (found['tcp_segmentation_offload'], found['udp_fragmentation_offload']) == ('off', 'on')
    assert kernel.told == [(0x1f, 0), (0x22, 1)]
    assert host.call('ethtool.set_offload', 'eth7', tcp_segmentation_offload='junk') == 'Invalid arguments'
    kernel.refused['eth7', 0x1f] = errno.EOPNOTSUPP
    assert host.call('ethtool.set_offload', 'eth7', tcp_segmentation_offload='on') == 'Not supported'
    assert host.call('ethtool.set_offload', 'eth7', junk=1) == found


def test_a_device_that_no_kernel_has():
    for name in ('minion-nosuch', '', 'x' * 16, 'a\0b', 5):
        with pytest.raises(EnvironmentError) as info:
            ethernet.driver(name)
        assert info.value.errno == errno.ENODEV
        with pytest.raises(EnvironmentError):
            ethernet.table(name, 'ring')


def test_features(host):
    host.programs.answer('ethtool -k', FEATURES)
    assert host.call('ethtool.show_features', 'eth7') == {
        'rx-checksumming': {'on': True, 'fixed': True}, 'tx-checksum-ipv4': {'on': False, 'fixed': True},
        'scatter-gather': {'on': True, 'fixed': False}, 'tx-scatter-gather': {'on': False, 'fixed': False}}
    host.programs.answer('ethtool -k', err='netlink error: No such device\n', code=1)
    assert host.job('ethtool.show_features', 'gone') == ({}, 0)
    host.programs.answer('ethtool -k', err='Cannot get device settings: Operation not supported\n', code=76)
    assert host.job('ethtool.show_features', 'lo') == ('ERROR: Cannot get device settings: Operation not supported', 1)


def test_pause(host):
    host.programs.answer('ethtool -a', PAUSE + 'RX negotiated: on\nodd\n')
    assert host.call('ethtool.show_pause', 'eth7') == {
        'Autonegotiate': True, 'RX': False, 'TX': True, 'RX negotiated': True}


def test_setting_through_the_program(host):
    host.programs.add('ethtool')
    assert host.job('ethtool.set_feature', 'eth7', gso=False, tso=True, sg='off', junk=1) == (True, 0)
    assert host.job('ethtool.set_pause', 'eth7', tx=False, autoneg=True) == (True, 0)
    assert host.programs.calls() == [['ethtool', '-K', 'eth7', 'sg', 'off', 'tso', 'on', 'gso', 'off'],
                                     ['ethtool', '-A', 'eth7', 'autoneg', 'on', 'tx', 'off']]
    host.programs.answer('ethtool -K', 'Actual changes:\ntso: off\n')
    assert host.call('ethtool.set_feature', 'eth7', tso=False) == 'Actual changes:\ntso: off'
    host.programs.answer('ethtool -A', err='rx unmodified, ignoring\nno pause parameters changed\n', code=79)
    assert host.job('ethtool.set_pause', 'eth7', rx=True) == (['rx unmodified, ignoring', 'no pause parameters changed'], 0)
    host.programs.answer('ethtool -A', err='Cannot set device pause parameters: Operation not supported\n', code=79)
    assert host.job('ethtool.set_pause', 'eth7', rx=True) == (
        'ERROR: Cannot set device pause parameters: Operation not supported', 1)


def test_what_is_missing(host, monkeypatch):
    assert host.job('ethtool.set_pause', 'eth7', junk=1) == (NO_PARAMETERS % "', '".join(['autoneg', 'rx', 'tx']), 1)
    assert host.job('ethtool.set_feature', 'eth7') == (NO_PARAMETERS % "', '".join(
        'rx tx sg tso ufo gso gro lro rxvlan txvlan ntuple rxhash'.split()), 1)
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    for name, named in (('show_pause', {}), ('show_features', {}), ('set_pause', {'rx': 1}), ('set_feature', {'tso': 1})):
        assert host.job('ethtool.' + name, 'eth7', **named) == ("ERROR: Command 'ethtool' cannot be found", 1)


def test_only_on_linux(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch, kernel='FreeBSD')
    assert 'ethtool.show_ring' not in host.loader.functions


def test_text_of_both_kinds(host, kernel):
    assert host.call('ethtool.set_coalesce', 'eth7', adaptive_rx=compat.to_text('on'))['adaptive_rx'] == 1
