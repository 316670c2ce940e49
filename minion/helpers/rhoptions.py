"""Settings of ip.build_interface as lines of /etc/sysconfig/network-scripts/ifcfg-NAME, in the order that callers know."""
from __future__ import absolute_import, division, print_function

import json
import re

from minion import compat
from minion.helpers import addresses, debianoptions, rhbonds
from minion.helpers.debianoptions import wrong
from minion.helpers.rhfile import named, quoted, text

TYPES = ('eth', 'bond', 'team', 'alias', 'clone', 'ipsec', 'dialup', 'bridge', 'slave', 'teamport', 'vlan', 'ipip', 'ib')
_NAMES = {'eth': 'Ethernet', 'bond': 'Bond', 'bridge': 'Bridge', 'ipip': 'IPIP', 'ib': 'InfiniBand'}
_OWN_CARD = ('eth', 'teamport', 'ib', 'alias')        # these are told apart by the address of their card
_PROTOCOLS = ('none', 'bootp', 'dhcp')
_MAC = re.compile(r'([0-9a-fA-F]{1,2}[:-]){5}[0-9a-fA-F]{1,2}\Z')
_OFFLOADS = ('rx', 'tx', 'sg', 'tso', 'ufo', 'gso', 'gro', 'lro')
_LINKS = ('0x001', '0x002', '0x004', '0x008', '0x010', '0x020', '0x20000', '0x8000', '0x1000', '0x40000', '0x80000',
          '0x200000', '0x400000', '0x800000', '0x1000000', '0x2000000', '0x4000000')


def lines(iface, kind, enabled, settings, card):
    """The lines of an interface.

    :param kind: one of TYPES, in small letters.  :param card: {'hwaddr': ..., 'cpus': number}.
    :raises AttributeError: a setting is missing or wrong.  :raises SaltInvocationError: one has more than one line.
    """
    found = [quoted('DEVICE', named(iface))] + _some(settings, ('nickname', 'NAME')) + _hardware(iface, kind, settings, card)
    found += _some(settings, ('uuid', 'UUID')) + [quoted('USERCTL', _yes(iface, settings.get('userctl', False)))]
    found += _belonging(iface, kind, settings) + _of_type(iface, kind, settings) + _start(iface, kind, enabled, settings)
    found += _inet(iface, settings) + _inet6(iface, settings) + _some(settings, ('srcaddr', 'SRCADDR'))
    found += _taken_over(iface, settings) + _link(iface, kind, settings)
    if kind == 'ipip':
        found += _tunnel(iface, settings)
    if kind == 'bond':
        found.append(quoted('BONDING_OPTS', rhbonds.options(iface, settings)))
    card_options = '' if kind == 'bridge' else _ethtool(iface, settings, card)
    found += [quoted('ETHTOOL_OPTS', card_options)] if card_options else []
    if settings.get('domain'):
        found.append(quoted('DOMAIN', ' '.join(debianoptions.listed(settings['domain']))))
    found.append(quoted('NM_CONTROLLED', _yes(iface, settings.get('nm_controlled', False))))
    return found + [quoted('DNS%d' % (number + 1), one) for number, one in enumerate(_words(settings.get('dns')))]


def _yes(iface, value):
    """'yes' or 'no'.  :raises AttributeError: it is neither."""
    return debianoptions.switched(iface, compat.shown(value), value, 'yes', 'no')


def _words(value):
    return debianoptions.listed(value) if value else []


def _some(settings, *pairs):
    """NAME="value" of the settings that have a value."""
    return [quoted(name, settings[setting]) for setting, name in pairs if settings.get(setting)]


def _switches(iface, settings, *names):
    return [quoted(name.upper(), _yes(iface, settings[name])) for name in names if name in settings]


def _hardware(iface, kind, settings, card):
    if 'hwaddr' in settings and 'macaddr' in settings:
        raise AttributeError('Cannot pass both hwaddr and macaddr. Must use either hwaddr or macaddr')
    if settings.get('hwaddr') is not None:
        address = compat.shown(settings['hwaddr'])
        if address not in ('auto', 'none') and not _MAC.match(address):
            raise wrong(iface, address, ('AA:BB:CC:DD:EE:FF', 'auto', 'none'))
        return [quoted('HWADDR', address)]
    known = [quoted('HWADDR', card['hwaddr'])] if kind in _OWN_CARD and card.get('hwaddr') else []
    return known + _some(settings, ('macaddr', 'MACADDR'))


def _belonging(iface, kind, settings):
    if kind == 'slave' and 'master' not in settings:
        raise AttributeError('master is a required setting for slave interfaces')
    found = [] if kind == 'teamport' else _some(settings, ('master', 'MASTER'))
    found += [quoted('SLAVE', 'yes')] if kind == 'slave' else _switches(iface, settings, 'slave')
    return found + ([quoted('VLAN', 'yes')] if kind == 'vlan' else _switches(iface, settings, 'vlan'))


def _of_type(iface, kind, settings):
    if kind in ('team', 'teamport'):
        return _team(iface, settings) if kind == 'team' else _team_port(iface, settings)
    return _vlan(iface, settings) if kind == 'vlan' else [quoted('TYPE', _NAMES[kind])] if kind in _NAMES else []


def _vlan(iface, settings):
    found = []
    if 'reorder_hdr' in settings:
        found.append(quoted('REORDER_HDR', debianoptions.switched(iface, 'reorder_hdr', settings['reorder_hdr'], 'yes', 'no')))
    if 'vlan_id' in settings:
        if not compat.shown(settings['vlan_id']).isdigit() or int(settings['vlan_id']) < 1:
            raise wrong(iface, 'vlan_id', 'Positive integer')
        found.append(quoted('VID', settings['vlan_id']))
    found += _some(settings, ('phys_dev', 'PHYSDEV'))
    return found + ([quoted('TYPE', 'Vlan')] if found else [])


def _team(iface, settings):
    return [quoted('DEVICETYPE', 'Team')] + _json(iface, settings, 'team_config')


def _team_port(iface, settings):
    master = settings.get('team_master') or settings.get('master')
    if not master:
        raise AttributeError('master or team_master is a required setting for teamport interfaces')
    return ([quoted('DEVICETYPE', 'TeamPort')] + _json(iface, settings, 'team_port_config') + [quoted('TEAM_MASTER', master)])


def _json(iface, settings, name):
    """NAME='{...}' of a mapping, or of a text with one."""
    value = settings.get(name)
    if value in (None, '', {}):
        return []
    try:
        value = json.loads(value) if compat.is_text(value) else value
    except ValueError:
        raise wrong(iface, name, 'JSON mapping')
    if not isinstance(value, dict):
        raise wrong(iface, name, 'JSON mapping')
    return ["%s='%s'" % (name.upper(), json.dumps(value).replace("'", '\\u0027'))]


def _start(iface, kind, enabled, settings):
    if 'proto' in settings and settings['proto'] not in _PROTOCOLS:
        raise wrong(iface, settings['proto'], _PROTOCOLS)
    proto = 'none' if kind == 'slave' else settings.get('proto')
    found = [quoted('BOOTPROTO', proto)] if proto else []
    found.append(quoted('ONBOOT', 'yes' if enabled and enabled not in debianoptions.OFF else 'no'))
    if 'onparent' in settings:
        found.append('ONPARENT=%s' % _yes(iface, settings['onparent']))
    return found + _switches(iface, settings, 'ipv4_failure_fatal')


def _inet(iface, settings):
    if settings.get('prefix') and settings.get('netmask'):
        raise AttributeError('Cannot use prefix and netmask together')
    found = _some(settings, ('ipaddr', 'IPADDR'), ('ipaddr_start', 'IPADDR_START'), ('ipaddr_end', 'IPADDR_END'),
                  ('clonenum_start', 'CLONENUM_START'), ('netmask', 'NETMASK'), ('prefix', 'PREFIX'))
    for number, one in enumerate(_words(settings.get('ipaddrs'))):
        address, slash, prefix = one.partition('/')
        if not slash or not prefix.isdigit() or not _is_network(one, 4):
            raise AttributeError('ipv4 CIDR is invalid')
        found += [quoted('IPADDR%d' % (number + 1), address), quoted('PREFIX%d' % (number + 1), prefix)]
    found += _some(settings, ('gateway', 'GATEWAY'))
    off = 'arpcheck' in settings and compat.shown(settings['arpcheck']) in debianoptions.OFF
    return found + ([quoted('ARPCHECK', 'no')] if off else [])


def _is_network(value, version):
    try:
        return addresses.network(value)[0] == version
    except ValueError:
        return False


def _inet6(iface, settings):
    """All is looked at, and written if IPv6 is on."""
    found = [quoted('IPV6INIT', 'yes')] + _switches(iface, settings, 'ipv6_autoconf', 'dhcpv6c')
    found += _some(settings, ('ipv6addr', 'IPV6ADDR'), ('ipv6gateway', 'IPV6_DEFAULTGW'))
    more = _words(settings.get('ipv6addrs'))
    if not all(_is_network(one, 6) for one in more):
        raise AttributeError('ipv6 CIDR is invalid')
    found += [quoted('IPV6ADDR_SECONDARIES', ' '.join(more))] if more else []
    found += _switches(iface, settings, 'ipv6_peerdns', 'ipv6_defroute', 'ipv6_peerroutes')
    return found if _yes(iface, settings.get('enable_ipv6') or False) == 'yes' else []


def _taken_over(iface, settings):
    """What of the answer of a DHCP server is used."""
    if settings.get('dns') is not None and 'peerdns' not in settings:
        settings = dict(settings, peerdns=True)
    return _switches(iface, settings, 'peerdns', 'peerroutes', 'defroute')


def _link(iface, kind, settings):
    found = [] if kind == 'bridge' else _some(settings, ('bridge', 'BRIDGE'))
    found += _switches(iface, settings, 'stp')
    if settings.get('delay') not in (None, ''):
        found.append(quoted('DELAY', settings['delay']))
    if settings.get('mtu') is not None:
        found += _mtu(iface, settings['mtu'])
    return found + _some(settings, ('zone', 'ZONE'))


def _mtu(iface, value):
    try:
        value = int(value)
    except (TypeError, ValueError):
        raise wrong(iface, 'mtu', 'integer')
    return [quoted('MTU', value)] if value else []


def _tunnel(iface, settings):
    found = []
    for name in ('my_inner_ipaddr', 'my_outer_ipaddr'):
        if not settings.get(name) or set(text(name, settings[name])) - set('0123456789abcdefABCDEF.:/'):
            raise wrong(iface, name, '1.2.3.4')
        found.append('%s=%s' % (name.upper(), text(name, settings[name])))
    return found


def _ethtool(iface, settings, card):
    """The text 'autoneg on speed 1000 ...' of the settings about the card itself."""
    found = debianoptions.ethtool(iface, settings)           # which checks them
    words = [(name, found.get(key)) for name, key in (('autoneg', 'ethernet-autoneg'), ('duplex', 'link-duplex'),
                                                      ('speed', 'link-speed'))]
    if 'advertise' in settings:
        if settings['advertise'] not in _LINKS:
            raise wrong(iface, 'advertise', _LINKS)
        words.append(('advertise', settings['advertise']))
    words.append(('-L', _channels(iface, settings.get('channels'), card.get('cpus', 1))))
    words += [(name, found.get('offload-' + name)) for name in _OFFLOADS]
    return ' '.join('%s %s' % (name, compat.shown(value)) for name, value in words if value is not None)


def _channels(iface, channels, most):
    """'eth0 rx 2 tx 2' of a mapping; None without any."""
    if not channels:
        return None
    if not isinstance(channels, dict):
        raise wrong(iface, 'channels', 'mapping of rx, tx, other, combined')
    valid = [str(number + 1) for number in range(most)]
    words = []
    for name in ('rx', 'tx', 'other', 'combined'):
        if name in channels:
            if compat.shown(channels[name]) not in valid:
                raise wrong(iface, compat.shown(channels[name]), valid)
            words += [name, compat.shown(channels[name])]
    return ' '.join([named(iface)] + words) if words else None
