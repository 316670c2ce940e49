"""Routes of an interface and the host's network settings on Red Hat, as lines of their files."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import debianoptions, rhfile

# name of the setting: (name in the file, whether it is yes or no, whether it stands in quotes), in the order of the file
_ROWS = (
    ('networking', 'NETWORKING', True, False), ('networking_ipv6', 'NETWORKING_IPV6', True, False),
    ('hostname', 'HOSTNAME', False, False), ('gateway', 'GATEWAY', False, False), ('gatewaydev', 'GATEWAYDEV', False, False),
    ('nisdomain', 'NISDOMAIN', False, False), ('networkdelay', 'NETWORKDELAY', False, False),
    ('nozeroconf', 'NOZEROCONF', True, False), ('enable_ipv6', 'IPV6INIT', True, True),
    ('ipv6gateway', 'IPV6_DEFAULTGW', False, True))
_NEEDED = ('networking', 'hostname')


def _wrong(name, expected):
    return AttributeError('Invalid network setting -- Setting: %s, Expected: [%s]' % (name, expected))


def settings_lines(settings, present):
    """The lines of /etc/sysconfig/network.

    :param dict settings: of the caller.  :param dict present: {NAME: value} of the file as it is; what the host cannot be
        without is taken from it, and with `retain_settings` the rest that is known, too.
    :raises AttributeError: a setting is missing or wrong.  :raises SaltInvocationError: one has more than one line.
    """
    given = dict((name, _bare(name, value)) for name, value in settings.items() if name in [row[0] for row in _ROWS])
    given.pop('networking', None)                      # callers call it `enabled`
    if 'enabled' in settings:
        given['networking'] = _bare('enabled', settings['enabled'])
    lines = []
    for name, shown, is_switch, in_quotes in _ROWS:
        value = given.get(name)
        if name not in given and (name in _NEEDED or settings.get('retain_settings')):
            value = present.get(shown)
        if is_switch and (value is not None or name == 'networking'):
            value = _yes(name, value)
        if name == 'hostname' and not value:
            raise _wrong('hostname', 'server1.example.com')
        if value:
            lines.append((rhfile.quoted if in_quotes else rhfile.plain)(shown, value))
    return lines


def _bare(name, value):
    return None if value is None else rhfile.text(name, value).strip('"\'')


def _yes(name, value):
    if value in debianoptions.ON or value in debianoptions.OFF:
        return 'yes' if value in debianoptions.ON else 'no'
    raise _wrong(name, '|'.join(debianoptions.ON + debianoptions.OFF))


# ---- routes

def route_lines(iface, routes):
    """(lines for IPv4, lines for IPv6) of a list of mappings with ipaddr, netmask, gateway, metric, name.

    :raises AttributeError: it is no such list.  :raises SaltInvocationError: a word has more than one line.
    """
    if not isinstance(routes, (list, tuple)) or not all(isinstance(one, dict) and one.get('ipaddr') for one in routes):
        raise AttributeError('Invalid option -- Route interface: %s, Option: routes, Expected: [List of routes]' % iface)
    found = [], []
    for route in routes:
        words = dict((name, rhfile.text(name, route[name])) for name in ('name', 'ipaddr', 'netmask', 'gateway', 'metric')
                     if route.get(name))
        is_six = ':' in words['ipaddr'] or words['ipaddr'] == 'default' and ':' in words.get('gateway', '')
        found[is_six].extend(_route(iface, words))
    return found


def _route(iface, words):
    if any('=' in words[name] for name in words if name != 'name'):        # a shell would read the file as assignments
        raise AttributeError('Invalid option -- Route interface: %s, Option: routes, Expected: [List of routes]' % iface)
    target = '%s/%s' % (words['ipaddr'], words['netmask']) if 'netmask' in words else words['ipaddr']
    way = 'via %s' % words['gateway'] if 'gateway' in words else 'dev %s' % compat.to_native(iface)
    return ['# %s' % words['name'] if 'name' in words else '',
            '%s %s metric %s' % (target, way, words['metric']) if 'metric' in words else '%s %s' % (target, way)]
