"""Bonds and bridges among the settings of ip.build_interface on Debian, as options of /etc/network/interfaces."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import debianoptions

MODES = ('balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb', 'balance-alb')
_RATES = {'fast': '1', '1': '1', 'slow': '0', '0': '0'}
_HASHES = ('layer2', 'layer2+3', 'layer3+4')
_TARGETS = 'list of ips (up to 16)'


def bond(iface, settings):
    """{name: value} of a bond, the ones that its mode has, with defaults.  :raises AttributeError: a setting is wrong."""
    number = _mode(iface, settings)
    options = {'mode': str(number)}
    if number in (0, 2):
        options.update(_arp(iface, settings))
    else:
        options.update(_watched(iface, settings))
    if number == 4:
        options.update(_aggregated(iface, settings))
    if number in (1, 5, 6) and 'primary' in settings:
        options['primary'] = settings['primary']
    if number in (2, 4) and 'hashing-algorithm' in settings:
        if settings['hashing-algorithm'] not in _HASHES:
            raise debianoptions.wrong(iface, 'hashing-algorithm', _HASHES)
        options['xmit_hash_policy'] = settings['hashing-algorithm']
    return options


def _mode(iface, settings):
    mode = settings['mode']
    if mode in MODES:
        return MODES.index(mode)
    if compat.is_text(mode) and mode.isdigit() and int(mode) < len(MODES):
        return int(mode)
    raise debianoptions.wrong(iface, 'mode', tuple(str(one) for one in range(len(MODES))) + MODES)


def _arp(iface, settings):
    targets = settings.get('arp_ip_target')
    if not isinstance(targets, list) or not 1 <= len(targets) <= 16:
        raise debianoptions.wrong(iface, 'arp_ip_target', _TARGETS)
    return {'arp_ip_target': ','.join(targets), 'arp_interval': _number(iface, settings, 'arp_interval', '250')}


def _watched(iface, settings):
    options = dict((name, _number(iface, settings, name, default))
                   for name, default in (('miimon', '100'), ('downdelay', '200'), ('updelay', '0')))
    carrier = settings.get('use_carrier')
    options['use_carrier'] = 'on' if carrier is None else debianoptions.switched(iface, 'use_carrier', carrier, '1', '0')
    return options


def _aggregated(iface, settings):
    rate = compat.shown(settings.get('lacp_rate', 'slow'))
    if rate not in _RATES:
        raise debianoptions.wrong(iface, 'lacp_rate', ('fast', '1', 'slow', '0'))
    return {'lacp_rate': _RATES[rate], 'ad_select': _number(iface, settings, 'ad_select', '0')}


def _number(iface, settings, name, default, kind=int):
    value = settings.get(name, default)
    try:
        kind(value)
    except ValueError:
        raise debianoptions.wrong(iface, name, 'integer' if kind is int else 'float')
    return compat.shown(value)


def bond_options(iface, settings):
    """The options of a bond by their names in the file.

    :raises AttributeError: a setting is missing or wrong.  :raises KeyError: it has no mode.
    """
    if 'slaves' not in settings:
        raise AttributeError('slaves is a required setting for bond interfaces')
    options = dict(('bond-' + name, value) for name, value in bond(iface, settings).items())
    if settings['slaves'] is not None:
        options['bond-slaves'] = ' '.join(debianoptions.listed(settings['slaves']))
    return options


def module_options(iface, settings):
    """Lines for /etc/modprobe.d about a bond."""
    options = bond(iface, settings)
    names = ('mode', 'miimon', 'arp_interval', 'arp_ip_target', 'downdelay', 'updelay', 'lacp_rate', 'ad_select', 'use_carrier',
             'xmit_hash_policy', 'primary')
    words = ''.join('%s=%s ' % (name, options[name]) for name in names if name in options)
    return ['alias %s bonding\n' % iface, 'options %s %s' % (iface, words)]


# ---- bridges

def bridge_options(iface, settings):
    """The options of a bridge by their names in the file.  :raises AttributeError: a setting is missing or wrong."""
    if 'ports' not in settings:
        raise AttributeError('ports is a required setting for bridge interfaces on Debian or Ubuntu based systems')
    options = {'bridge_ports': ' '.join(debianoptions.listed(settings['ports']))}
    for name in ('ageing', 'fd', 'gcint', 'hello', 'maxage'):
        if name in settings:
            options['bridge_' + name] = _number(iface, settings, name, None, float)
    for name in ('bridgeprio', 'maxwait'):
        if name in settings:
            options['bridge_' + name] = _number(iface, settings, name, None)
    if 'hw' in settings:
        if not debianoptions.mac(settings['hw'].lower()):
            raise debianoptions.wrong(iface, 'hw', 'valid MAC address')
        options['bridge_hw'] = settings['hw']
    for name in ('pathcost', 'portprio'):
        if name in settings:
            words = settings[name].split()
            if len(words) != 2 or not words[1].isdigit():
                raise debianoptions.wrong(iface, name, 'interface integer')
            options['bridge_' + name] = settings[name]
    if 'stp' in settings:
        options['bridge_stp'] = debianoptions.switched(iface, 'stp', settings['stp'])
    if 'waitport' in settings:
        options['bridge_waitport'] = _waitport(iface, settings['waitport'])
    return options


def _waitport(iface, value):
    words = compat.shown(value).split()
    if isinstance(value, list) or not words or not words[0].isdigit():
        raise debianoptions.wrong(iface, 'portprio', 'integer [interfaces]')
    return compat.shown(value)
