"""Zones and services of firewalld, in the configuration; it is taken over at the end."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import firewallcmd
from minion.helpers.state_return import returned as _returned

# key of the changes, argument, function that lists, function that adds, function that removes
_LISTS = (
    ('icmp_types', 'block_icmp', 'list_icmp_block', 'block_icmp', 'allow_icmp'),
    ('ports', 'ports', 'list_ports', 'add_port', 'remove_port'),
    ('port_fwd', 'port_fwd', 'list_port_fwd', 'add_port_fwd', 'remove_port_fwd'),
    ('services', 'services', 'list_services', 'add_service', 'remove_service'),
    ('interfaces', 'interfaces', 'get_interfaces', 'add_interface', 'remove_interface'),
    ('sources', 'sources', 'get_sources', 'add_source', 'remove_source'),
    ('rich_rules', 'rich_rules', 'get_rich_rules', 'add_rich_rule', 'remove_rich_rule'))
_FORWARD = ('Source port', 'Destination port', 'Protocol', 'Destination address')


def __virtual__():
    if 'firewalld.get_zones' in __salt__:
        return True
    return False, 'firewall-cmd is not available, firewalld is probably not installed.'


def _call(function, *args, **kwargs):
    return __salt__['firewalld.' + function](*args, **kwargs)


def present(name, block_icmp=None, prune_block_icmp=False, default=None, masquerade=None, ports=None, prune_ports=False,
            port_fwd=None, prune_port_fwd=False, services=None, prune_services=False, interfaces=None,
            prune_interfaces=False, sources=None, prune_sources=False, rich_rules=None, prune_rich_rules=False):
    """A zone is there, and these are in it. prune_...: and no others. port_fwd: SOURCE:DESTINATION:PROTOCOL[:ADDRESS].

        public:
          firewalld.present:
            - default: True
            - ports: [22/tcp, 8080/tcp]
            - prune_services: False
            - services: [http, https]
    """
    given = dict(locals())
    try:
        changes = _zone(name, default, masquerade, given)
        if not changes:
            return _returned(name, True, "'%s' is already in the desired state." % name)
        if __opts__['test']:
            shown = __salt__['out.string_format'](changes, 'nested')
            return _returned(name, None, "Configuration for '%s' will change:\n%s" % (name, shown))
        _call('reload_rules')
    except (CommandExecutionError, ValueError) as exc:
        return _returned(name, False, 'Error: %s' % exc)
    return _returned(name, True, "'%s' was configured." % name, changes)


def _zone(name, default, masquerade, given):
    """The changes, which are made unless in test mode."""
    changes, test, zones = {}, __opts__['test'], _call('get_zones', permanent=True)
    new = name not in zones
    if new:
        changes[name] = {'old': zones, 'new': name}
        if not test:
            _call('new_zone', name)
    there = not (new and test)                    # in test mode firewalld cannot be asked about a new zone
    if default and _call('default_zone') != name:
        changes['default'] = {'old': _call('default_zone'), 'new': name}
        if not test:
            _call('set_default_zone', name)
    if masquerade is not None:
        current = _call('get_masquerade', name, permanent=True) if there else False
        if current is not bool(masquerade):
            changes['masquerade'] = {'old': current, 'new': 'Masquerading successfully %s.' % (
                'set' if masquerade else 'disabled')}
            if not test:
                _call('add_masquerade' if masquerade else 'remove_masquerade', name, permanent=True)
    for row in _LISTS:
        change = _list(name, row, there, given)
        if change:
            changes[row[0]] = change
    return changes


def _list(name, row, there, given):
    """The change of one of _LISTS, or None."""
    key, argument, looking, adding, removing = row
    wanted, prune = given[argument], given['prune_' + argument]
    if not (wanted or prune):
        return None
    wanted = [wanted] if compat.is_text(wanted) else list(wanted or ())
    if key == 'port_fwd':
        wanted = [firewallcmd.parsed_forward(text) for text in wanted]
    current = _call(looking, name, permanent=True) if there else []
    extra = [item for item in wanted if item not in current]
    surplus = [item for item in current if item not in wanted] if prune else []
    if not (extra or surplus):
        return None
    if not __opts__['test']:
        for function, items in ((adding, extra), (removing, surplus)):
            for item in items:
                _change(function, name, item)
    return {'old': current, 'new': wanted if prune else _in_order(current + extra)}


def _change(function, zone, item):
    if isinstance(item, dict):
        done = _call(function, zone, *[item[key] for key in _FORWARD], permanent=True)
    elif function.endswith('_service'):
        done = _call(function, item, zone, permanent=True)
    else:
        done = _call(function, zone, item, permanent=True)
    if done is False:
        raise CommandExecutionError('%s is not known to firewalld' % item)


def _in_order(items):
    return sorted(items, key=lambda item: [item[key] for key in _FORWARD] if isinstance(item, dict) else item)


def service(name, ports=None, protocols=None):
    """A service is there, with these ports and protocols and no others.

        foo:
          firewalld.service:
            - ports: [80/tcp, 8080/tcp]
    """
    try:
        new, test = name not in _call('get_services', permanent=True), __opts__['test']
        if new and not test:
            _call('new_service', name)
        changes = {}
        for key, wanted in (('ports', ports), ('protocols', protocols)):
            wanted = [wanted] if compat.is_text(wanted) else list(wanted or ())
            current = [] if new and test else _call('get_service_' + key, name)
            if set(wanted) != set(current):
                changes[key] = {'old': current, 'new': wanted}
                if not test:
                    _service(name, key[:-1], wanted, current)
        if new:
            changes['service'] = {'old': None, 'new': name}
        if not changes:
            return _returned(name, True, "'%s' is already in the desired state." % name)
        if test:
            return _returned(name, None, "Configuration for '%s' will change." % name, changes)
        _call('reload_rules')
    except CommandExecutionError as exc:
        return _returned(name, False, 'Error: %s' % exc)
    return _returned(name, True, "'%s' was configured." % name, changes)


def _service(name, kind, wanted, current):
    for item in wanted:
        if item not in current:
            _call('add_service_' + kind, name, item)
    for item in current:
        if item not in wanted:
            _call('remove_service_' + kind, name, item)
