"""Packages that were installed or removed, or for which an upgrade has come: `pkgs: [vim, openssl]`, `refresh: False`."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import beaconconfig


def __virtual__():
    return 'pkg.latest_version' in __salt__ or (False, 'there is no module pkg for this host')


def validate(config):
    """(True or False, why)"""
    if not isinstance(config, list):
        return False, 'Configuration for pkg beacon must be a list.'
    if not isinstance(beaconconfig.flat(config).get('pkgs'), list):
        return False, 'Configuration for pkg beacon requires list of pkgs.'
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{pkg, version, status}] of packages that are another way than at the last look; the first one says nothing.

    status: upgrade (version: the new one), installed (that which is), not-installed (version: None).
    """
    rows, known, found = beaconconfig.flat(config), __context__.setdefault('pkg.seen', {}), []
    names = list(rows.get('pkgs') or ())
    installed = _asked('pkg.version', names, use_context=False)
    newest = _asked('pkg.latest_version', names, refresh=rows.get('refresh') is True)
    for name in names:
        version, status = _state(installed.get(name), newest.get(name))
        if known.setdefault(name, status) != status:
            known[name] = status
            found.append({'pkg': name, 'version': version, 'status': status})
    return found


def _asked(function, names, **named):
    """{name: version} of all names, at once where the module says which version is whose."""
    found = __salt__[function](*names, **named) if len(names) > 1 else None
    if isinstance(found, compat.Mapping):
        return found
    return dict((name, __salt__[function](name, **named)) for name in names)


def _state(installed, newest):
    if not installed:
        return None, 'not-installed'
    return (newest, 'upgrade') if newest else (installed, 'installed')
