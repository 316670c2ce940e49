"""Settings of ip.build_interface as lines of /etc/network/interfaces: which there are, what they may be, in which order."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.helpers import addresses

INET, INET6 = 'inet', 'inet6'
PROTOCOLS = {INET: ('loopback', 'static', 'manual', 'dhcp', 'bootp', 'ppp'),
             INET6: ('loopback', 'static', 'manual', 'dhcp', 'auto', '6to4', 'v4tunnel')}
ON, OFF = ('yes', 'on', 'true', '1', 'True'), ('no', 'off', 'false', '0', 'False')
_SHOWN = {'up_cmds': 'up', 'down_cmds': 'down', 'pre_up_cmds': 'pre-up', 'post_up_cmds': 'post-up',
          'pre_down_cmds': 'pre-down', 'post_down_cmds': 'post-down', 'addresses': 'address'}
_OTHER_NAMES = {'hwaddr': 'hwaddress', 'ipaddr': 'address', 'ipaddrs': 'addresses', 'dns': 'dns-nameservers',
                'addr': 'address', 'addrs': 'addresses'}
_OF_ONE_FAMILY = ('address', 'gateway')          # for inet6 only as ipv6address and so on
_MAC = re.compile(r'([0-9a-fA-F]{1,2}[:.-]?){5}[0-9a-fA-F]{1,2}\Z')


def wrong(iface, option, expected):
    """The error for a setting that cannot be."""
    text = '|'.join(expected) if isinstance(expected, (list, tuple)) else expected
    return AttributeError('Invalid option -- Interface: %s, Option: %s, Expected: [%s]' % (iface, option, text))


def _integer(value):
    try:
        int(value)
    except ValueError:
        return False
    return True


def _version(value):
    """4 or 6 of an address, with or without /length; None if it is none."""
    try:
        return addresses.parse(value.partition('/')[0])[0] if compat.is_text(value) else None
    except ValueError:
        return None


def _ipv4(value):
    return _version(value) == 4


def _ipv6(value):
    return _version(value) == 6


def _netmask(value):
    return _ipv4(value) or _integer(value)


def mac(value):
    """True for a hardware address.  :raises TypeError: it is no text."""
    return bool(_MAC.match(re.sub(r'^ether\s+', '', value)))


def _any(value):
    return True


def _of(*names):
    return lambda value: value in names


# name: (check for inet, check for inet6), None where the family has it not; in the order of the file
_ROWS = (
    ('autoconf', None, _integer), ('privext', None, _integer), ('hwaddress', mac, mac), ('vlan-raw-device', _any, _any),
    ('address', _ipv4, _ipv6), ('addresses', _any, _any),
    ('netmask', _netmask, _integer), ('metric', _integer, None), ('gateway', _ipv4, _ipv6), ('pointopoint', _ipv4, None),
    ('scope', _of('global', 'link', 'host'), _of('global', 'site', 'link', 'host')), ('hostname', _any, None),
    ('leasehours', _integer, None), ('leasetime', _integer, None), ('vendor', _any, None), ('client', _any, None),
    ('bootfile', _any, None), ('server', _ipv4, None), ('media', None, _any), ('endpoint', _ipv4, _ipv4),
    ('dstaddr', _ipv4, None), ('local', _ipv4, _ipv4), ('ttl', _integer, _integer), ('mtu', _integer, _integer),
    ('provider', _any, None), ('unit', _integer, None), ('options', _any, None), ('dns-nameservers', _any, _any),
    ('wireless-mode', _any, _any), ('wpa-conf', _any, _any), ('wpa-psk', _any, _any), ('wpa-ssid', _any, _any),
    ('accept_ra', None, _integer), ('up_cmds', _any, _any), ('down_cmds', _any, _any), ('pre_up_cmds', _any, _any),
    ('post_up_cmds', _any, _any), ('pre_down_cmds', _any, _any), ('post_down_cmds', _any, _any))
_ETHTOOL = re.compile(r'(ethernet|link|offload)-')


def stanza(iface, family, proto, options):
    """The lines of one stanza.  :param dict options: name in the file (or of a setting): value."""
    return ['iface %s %s %s\n' % (iface, family, proto)] + ['    %s\n' % line for line in _lines(options)]


def _lines(options):
    for name, _, _ in _ROWS:
        value = options.get(name)
        if value in (None, '', False, 0):
            continue
        if name == 'dns-nameservers':
            value = ' '.join(listed(value))
        for one in value if isinstance(value, (list, tuple)) else [value]:
            yield '%s %s' % (_SHOWN.get(name, name), compat.shown(one))
    for kind in (_ETHTOOL, re.compile('bond-'), re.compile('bridge_')):
        for name in sorted(name for name in options if kind.match(name)):
            yield '%s %s' % (name, compat.shown(options[name]))


def from_file(name):
    """The name of an option for a word of the file, None for one that is not shown."""
    for ours, shown in _SHOWN.items():
        if name == shown and ours != 'addresses':
            return ours
    if name in [row[0] for row in _ROWS] or _ETHTOOL.match(name) or name.startswith(('bond-', 'bridge_')):
        return name
    return 'bridge_' + name[len('bridge-'):] if name.startswith('bridge-') else None


def listed(value):
    """Words of a list, or of a text with blanks."""
    return [compat.shown(one) for one in (value if isinstance(value, (list, tuple)) else compat.shown(value).split())]


def chosen(settings, family):
    """{name in the file: value} of the settings that a family takes; what cannot be is left out."""
    options = {}
    for name, inet, inet6 in _ROWS:
        check = inet if family == INET else inet6
        value = _value(settings, name, family)
        if check is not None and value is not None and (isinstance(value, list) and check is _any or check(value)):
            options[name] = value
    return options


def _value(settings, name, family):
    names = [name] + sorted(other for other, real in _OTHER_NAMES.items() if real == name)
    if family == INET6:
        for given in names:
            if settings.get('ipv6' + given) is not None:
                return settings['ipv6' + given]
        if name in _OF_ONE_FAMILY:
            return None
    for given in names:
        if settings.get(given) is not None:
            return settings[given]
    return None


def switched(iface, name, value, on='on', off='off'):
    """`on` or `off`.  :raises AttributeError: it is neither."""
    text = compat.shown(value)
    if text in ON or text in OFF:
        return on if text in ON else off
    raise wrong(iface, name, ON + OFF)


def ethtool(iface, settings):
    """{'offload-tx': 'on', ...} of the settings about the card itself."""
    options = {}
    if 'autoneg' in settings:
        options['ethernet-autoneg'] = switched(iface, 'autoneg', settings['autoneg'])
    if 'duplex' in settings:
        if settings['duplex'] not in ('full', 'half'):
            raise wrong(iface, 'duplex', ('full', 'half'))
        options['link-duplex'] = settings['duplex']
    if 'speed' in settings:
        if compat.shown(settings['speed']) not in ('10', '100', '1000', '10000'):
            raise wrong(iface, compat.shown(settings['speed']), ('10', '100', '1000', '10000'))
        options['link-speed'] = settings['speed']
    for name in ('rx', 'tx', 'sg', 'tso', 'ufo', 'gso', 'gro', 'lro'):
        if name in settings:
            options['offload-' + name] = switched(iface, name, settings[name])
    return options
