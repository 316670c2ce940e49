"""Values kept elsewhere, named by `sdb://profile/key` (sdb.*); the drivers are plug-ins of the kind `sdb`."""
from __future__ import absolute_import, division, print_function

import random

from minion import compat
from minion.errors import SaltInvocationError

__func_alias__ = {'set_': 'set'}

_PREFIX = 'sdb://'


def _driver(uri, function, strict=False):
    """(function of the driver, key, profile) for a URI, None if it does not lead to one."""
    if not compat.is_text(uri) or not uri.startswith(_PREFIX):
        return None
    name, slash, key = compat.to_native(uri)[len(_PREFIX):].partition('/')
    if not slash or not name:
        if strict:
            raise SaltInvocationError('SDB uri must have a profile name as a first part of the uri before the /')
        return None
    profile = __salt__['config.get'](name, {})
    if not profile or 'driver' not in profile:
        if strict:
            raise SaltInvocationError('SDB profile "%s" wasnt found in the minion configuration' % name)
        return None
    drivers = __minion__.functions().other('sdb').functions
    return drivers['%s.%s' % (profile['driver'], function)], key, profile


def get(uri, strict=False):
    """The value behind a URI; what leads nowhere is returned as it is, or is an error with strict. CLI: sdb.get sdb://m/k"""
    found = _driver(uri, 'get', strict)
    return uri if found is None else found[0](found[1], profile=found[2])


def set_(uri, value):
    """Keep a value; False if the URI leads nowhere. CLI: sdb.set sdb://m/k bar"""
    found = _driver(uri, 'set')
    return False if found is None else found[0](found[1], value, profile=found[2])


def delete(uri):
    """Forget a value; False if the URI leads nowhere. CLI: sdb.delete sdb://m/k"""
    found = _driver(uri, 'delete')
    return False if found is None else found[0](found[1], profile=found[2])


def get_or_set_hash(uri, length=8, chars='abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)'):
    """The value behind a URI; without one a random text is made and kept. CLI: sdb.get_or_set_hash sdb://m/k"""
    if not compat.is_text(uri) or not uri.startswith(_PREFIX):
        return False
    value = get(uri)
    if value is None:
        chosen = random.SystemRandom()
        value = ''.join(chosen.choice(chars) for _ in range(length))
        set_(uri, value)
    return value
