"""Options of a bond on Red Hat, for BONDING_OPTS of its file: which its mode has, with defaults, in their order."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import debianbonds, debianoptions
from minion.helpers.rhfile import text

_RATES = {'fast': '1', '1': '1', 'slow': '0', '0': '0'}
_HASHES = {2: ('layer2', 'layer2+3', 'layer3+4'), 4: ('layer2', 'layer2+3', 'layer3+4', 'encap2+3', 'encap3+4')}


def options(iface, settings):
    """The text 'mode=1 miimon=100 ...'.  :raises AttributeError: a setting is missing or wrong."""
    if 'mode' not in settings:
        raise AttributeError('mode is required for bond interfaces')
    mode = _mode(iface, settings['mode'])
    found = [('mode', mode)]
    if mode in (0, 2) and 'miimon' not in settings and 'arp_interval' not in settings:
        raise debianoptions.wrong(iface, 'miimon or arp_interval', 'at least one of these is required')
    if mode not in (0, 2) or 'miimon' in settings:
        found += _watched(iface, settings)
    if mode in (0, 2) and 'arp_interval' in settings:
        found += _asked(iface, settings)
    if mode == 4:
        found += _aggregated(iface, settings)
    if mode in _HASHES and 'hashing-algorithm' in settings:
        if settings['hashing-algorithm'] not in _HASHES[mode]:
            raise debianoptions.wrong(iface, 'hashing-algorithm', _HASHES[mode])
        found.append(('xmit_hash_policy', settings['hashing-algorithm']))
    if mode in (1, 5, 6) and 'primary' in settings:
        found.append(('primary', _word(iface, 'primary', settings['primary'])))
    return ' '.join('%s=%s' % pair for pair in found)


def _mode(iface, value):
    value = compat.shown(value)
    if value in debianbonds.MODES:
        return debianbonds.MODES.index(value)
    if value in [str(number) for number in range(len(debianbonds.MODES))]:
        return int(value)
    raise debianoptions.wrong(iface, 'mode', tuple(str(one) for one in range(len(debianbonds.MODES))) + debianbonds.MODES)


def _number(iface, name, value):
    try:
        return int(value)
    except (TypeError, ValueError):
        raise debianoptions.wrong(iface, name, 'integer')


def _watched(iface, settings):
    """What looks at the link itself: the delays are multiples of the interval."""
    interval = _number(iface, 'miimon', settings.get('miimon'))
    if interval <= 0:
        raise debianoptions.wrong(iface, 'miimon', 'nonzero integer')
    found = [('miimon', interval)]
    for name in ('downdelay', 'updelay'):
        if name in settings:
            delay = _number(iface, name, settings[name])
            if delay < 0 or delay % interval:
                raise debianoptions.wrong(iface, name, '0 or a multiple of miimon (%d)' % interval)
            found.append((name, delay))
    if 'downdelay' not in settings:
        found.append(('downdelay', 2 * interval))
    carrier = settings.get('use_carrier', False)
    return found + [('use_carrier', debianoptions.switched(iface, 'use_carrier', carrier, '1', '0'))]


def _asked(iface, settings):
    """What asks other hosts by ARP."""
    interval = _number(iface, 'arp_interval', settings['arp_interval'])
    targets = settings.get('arp_ip_target')
    if not isinstance(targets, list) or not 1 <= len(targets) <= 16:
        raise debianoptions.wrong(iface, 'arp_ip_target', 'list of ips (up to 16)')
    return [('arp_interval', interval), ('arp_ip_target', ','.join(_word(iface, 'arp_ip_target', one) for one in targets))]


def _word(iface, name, value):
    value = text(name, value)
    if len(value.split()) > 1:
        raise debianoptions.wrong(iface, name, 'one word')
    return value


def _aggregated(iface, settings):
    rate = compat.shown(settings.get('lacp_rate', 'slow'))
    if rate not in _RATES:
        raise debianoptions.wrong(iface, 'lacp_rate', ('fast', '1', 'slow', '0'))
    return [('lacp_rate', _RATES[rate]), ('ad_select', _number(iface, 'ad_select', settings.get('ad_select', 0)))]
