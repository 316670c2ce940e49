"""The mine: values of this minion that the master keeps for others.

`mine_functions` in the settings and the pillar says what goes there. Without a master (file_client: local) mine.get
answers from these functions of this minion alone.
"""
from __future__ import absolute_import, division, print_function

import logging
import traceback

from minion import compat
from minion.errors import MinionError
from minion.helpers import minefunctions

log = logging.getLogger(__name__)


def update(clear=False, mine_functions=None):
    """Send the values of all mine functions, or of those given, to the master. With `clear` they replace all others.

    None when there are none; else what the master answers. CLI: salt '*' mine.update
    """
    wanted = minefunctions.all_of(mine_functions) if mine_functions else _configured()
    if not wanted or _is_local():
        return None
    data = {}
    for name, definition in wanted.items():
        function, args, kwargs, acl = minefunctions.read(definition)
        try:
            data[name] = minefunctions.wrapped(_function(function or name)(*args, **kwargs), acl)
        except Exception:                            # around one function, as around one job
            log.error('mine: %s failed: %s', name, compat.to_native(traceback.format_exc()).strip().split('\n')[-1])
            log.debug('mine: %s', name, exc_info=True)
    if not data:
        return None
    return _send(data, clear)


def send(name, *args, **kwargs):
    """Send the value of one function to the master under `name`; False if there is no such function.

    mine_function: the function, if it is not `name`. allow_tgt, allow_tgt_type: who may see it. Other arguments are the
    function's. CLI: salt '*' mine.send eth0 mine_function=network.ip_addrs eth0
    """
    given = dict((key, value) for key, value in kwargs.items() if not key.startswith('__'))
    function, _, given, acl = minefunctions.read(given)
    try:
        call = _function(function or name)
    except KeyError:
        return False
    try:
        value = call(*args, **given)
    except Exception as exc:                         # around one function, as around one job
        log.error('mine: %s failed: %s', function or name, compat.error_text(exc))
        return False
    if _is_local():
        old = __salt__['data.get']('mine_cache') if 'data.get' in __salt__ else None
        return __salt__['data.update']('mine_cache', dict(old or {}, **{name: value}))
    return _send({name: minefunctions.wrapped(value, acl)}, False)


def get(tgt, fun, tgt_type='glob', exclude_minion=False):
    """Mapping of minion id to the value that the minion has in the mine under `fun`, for the minions of the target.

    fun: name, or several as a list or with commas; then a mapping of names to such mappings. exclude_minion: leave this
    minion out. CLI: salt '*' mine.get '*' network.ip_addrs
    """
    if _is_local():
        return _from_here(tgt, fun, tgt_type, exclude_minion)
    found = _request({'cmd': '_mine_get', 'tgt': tgt, 'fun': fun, 'tgt_type': tgt_type})
    if exclude_minion and isinstance(found, dict):
        found.pop(__opts__['id'], None)
    return found


def _from_here(tgt, fun, tgt_type, exclude_minion):
    here, found = __opts__['id'], {}
    if exclude_minion or not _matches(tgt, tgt_type):
        return found
    wanted = _configured()
    names = [name.strip() for name in fun.split(',')] if compat.is_text(fun) else list(fun)
    for name in names:
        if name in wanted:
            function, args, kwargs, _ = minefunctions.read(wanted[name])
            found[name] = {here: _function(function or name)(*args, **kwargs)}
    return found.get(names[0], {}) if len(names) == 1 and compat.is_text(fun) else found


def _matches(tgt, tgt_type):
    matcher = 'match.%s' % tgt_type
    if matcher in __salt__:
        return __salt__[matcher](tgt)
    return tgt in ('*', __opts__['id'])


def delete(fun):
    """Have the master forget this minion's value of `fun`; True. CLI: salt '*' mine.delete network.ip_addrs"""
    return _request({'cmd': '_mine_delete', 'fun': fun})


def flush():
    """Have the master forget all values of this minion; True. CLI: salt '*' mine.flush"""
    return _request({'cmd': '_mine_flush'})


def get_docker(interfaces=None, cidrs=None, with_container_id=False):
    """{image: {ipv4: {port: addresses}}} of containers whose minions have docker.ps in the mine.

    interfaces, cidrs: only addresses of these. CLI: salt '*' mine.get_docker
    """
    wanted = [interfaces] if compat.is_text(interfaces) else interfaces
    nets = [cidrs] if compat.is_text(cidrs) else cidrs
    found = {}
    states = get('*', 'docker.ps') or {}
    addresses = get('*', 'network.interfaces') or {} if states else {}
    for minion_id, containers in states.items():
        hosts = list(_addresses(addresses.get(minion_id) or {}, wanted, nets))
        for container in (containers or {}).values():
            _add_ports(found, container, hosts, with_container_id)
    for image in found.values():
        for port in image['ipv4'].values():
            port.sort()
    return found


def _addresses(known, wanted, nets):
    for name, interface in known.items():
        for row in interface.get('inet', ()):
            inside = not nets or any(__salt__['network.ip_in_subnet'](row['address'], net) for net in nets)
            if (not wanted or name in wanted) and inside and 'address' in row:
                yield row['address']


def _add_ports(found, container, hosts, with_container_id):
    key = container['Image'] if not with_container_id else '%s:%s' % (container['Image'], container['Id'])
    ports = found.setdefault(key, {'ipv4': {}})['ipv4']
    for port in container.get('Ports') or ():
        if 'PublicPort' in port:
            bound = port.get('IP', '0.0.0.0')
            for address in hosts if bound == '0.0.0.0' else [bound]:
                ports.setdefault(port['PrivatePort'], []).append('%s:%s' % (address, port['PublicPort']))


def valid():
    """Mapping of the names in `mine_functions` to the functions with arguments that stand behind them, None without.

    CLI: salt '*' mine.valid
    """
    found = {}
    for name, definition in _configured().items():
        function, args, kwargs, _ = minefunctions.read(definition)
        if function or args or kwargs:
            found[name] = {function or name: args + [{key: value} for key, value in kwargs.items()]}
        else:
            found[name] = {name: []}
    return found or None


# ---- shared

def _configured():
    return minefunctions.all_of(__salt__['config.merge']('mine_functions', {}))


def _function(name):
    return __salt__[name]


def _is_local():
    return __opts__.get('file_client') == 'local'


def _send(data, clear):
    return _request({'cmd': '_mine', 'data': data, 'clear': clear})


def _request(load):
    try:
        return __minion__.request(dict(load, id=__opts__['id']))
    except MinionError as exc:
        log.error('mine: the master does not answer: %s', exc)
        raise
