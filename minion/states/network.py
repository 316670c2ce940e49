"""Network interfaces (network.*) as the files of the distribution have them, by the module ip."""
from __future__ import absolute_import, division, print_function

import difflib

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers.state_return import returned as _returned


def __virtual__():
    if 'ip.get_interface' in __salt__:
        return True
    return False, 'ip module could not be loaded'


def _differing(old, new):
    return '\n'.join(difflib.unified_diff(old, new, lineterm=''))


def _compared(name, what, plural, old, new):
    """(answer, what changed or None) of the lines of a file before and after."""
    are, test = 'are' if plural else 'is', __opts__['test']
    if old == new:
        return _returned(name, True, '%s %s up to date.' % (what, are)), None
    if not old and new:
        text = '%s %s set to be added.' % (what, are) if test else '%s added.' % what
        return _returned(name, None if test else True, text), 'Added'
    change = _differing(old, new)
    text = '%s %s set to be updated:\n%s' % (what, are, change) if test else '%s updated.' % what
    return _returned(name, None if test else True, text), change


def _failed(name, exc):
    return _returned(name, False, exc.args[0] if isinstance(exc, KeyError) else compat.error_text(exc))


def managed(name, enabled=True, **kwargs):
    """An interface is written so, and up if it is enabled. type: eth by default; noifupdown: write only.

    eth0:
      network.managed:
        - type: eth
        - proto: static
        - ipaddr: 10.1.0.2
        - netmask: 255.255.255.0
    """
    kwargs['test'] = __opts__['test']
    kind = kwargs.setdefault('type', 'eth')
    try:
        old = __salt__['ip.get_interface'](name)
        new = __salt__['ip.build_interface'](name, kind, enabled, **kwargs)
        answer, change = _compared(name, 'Interface %s' % name, False, old, new)
        if kind == 'bond':
            answer, change = _with_bond(answer, change, name, kwargs)
    except (AttributeError, KeyError, CommandExecutionError) as exc:
        return _failed(name, exc)
    if __opts__['test']:
        return answer
    if change:
        answer['changes']['interface'] = 'Added network interface.' if change == 'Added' else change
    return answer if 'noifupdown' in kwargs else _switched(answer, name, kind, enabled, bool(answer['changes']))


def _with_bond(answer, change, name, kwargs):
    """The same with what the bond's own file needs."""
    old = __salt__['ip.get_bond'](name)
    new = __salt__['ip.build_bond'](name, **kwargs)
    bond, bond_change = _compared(name, 'Bond interface %s' % name, False, old or [], new or [])
    if bond_change is None:
        return answer, change
    bond['changes'] = {} if __opts__['test'] else {
        'bond': 'Added bond %s.' % name if bond_change == 'Added' else bond_change}
    return bond, change


def _switched(answer, name, kind, enabled, changed):
    """Bring the interface up or down as it shall be."""
    is_up = (__salt__['network.interfaces']().get(name) or {}).get('up')
    try:
        if enabled and is_up and changed:
            __salt__['ip.down'](name, kind)
            __salt__['ip.up'](name, kind)
            answer['changes']['status'] = 'Interface %s restart to validate' % name
        elif enabled and not is_up:
            __salt__['ip.up'](name, kind)
            answer['changes']['status'] = 'Interface %s is up' % name
        elif not enabled and is_up:
            __salt__['ip.down'](name, kind)
            answer['changes']['status'] = 'Interface %s down' % name
    except CommandExecutionError as exc:
        answer.update(result=False, comment=compat.error_text(exc))
    return answer


def routes(name, **kwargs):
    """An interface has these static routes.

    eth0:
      network.routes:
        - routes:
          - name: office
            ipaddr: 10.2.0.0
            netmask: 255.255.0.0
            gateway: 10.1.0.1
    """
    kwargs['test'] = __opts__['test']
    try:
        old = __salt__['ip.get_routes'](name)
        new = __salt__['ip.build_routes'](name, **kwargs)
    except (AttributeError, KeyError, CommandExecutionError) as exc:
        return _failed(name, exc)
    answer, change = _compared(name, 'Interface %s routes' % name, True, old, new)
    if change and not __opts__['test']:
        answer['changes']['network_routes'] = 'Added interface %s routes.' % name if change == 'Added' else change
        return _applied(answer, kwargs)
    return answer


def system(name, **kwargs):
    """The settings of the whole host's network are these.

    system:
      network.system:
        - enabled: True
        - hostname: server1.example.com
    """
    kwargs['test'] = __opts__['test']
    try:
        old = __salt__['ip.get_network_settings']()
        new = __salt__['ip.build_network_settings'](**kwargs)
    except (AttributeError, KeyError, CommandExecutionError) as exc:
        return _failed(name, exc)
    answer, change = _compared(name, 'Global network settings', True, old, new)
    if change and not __opts__['test']:
        answer['changes']['network_settings'] = 'Added global network settings.' if change == 'Added' else change
        return _applied(answer, kwargs)
    return answer


def _applied(answer, kwargs):
    try:
        __salt__['ip.apply_network_settings'](**kwargs)
    except (AttributeError, CommandExecutionError) as exc:
        answer.update(result=False, comment=compat.error_text(exc))
    return answer
