"""What returners keep on this host."""
from __future__ import absolute_import, division, print_function


def get_jid(returner, jid):
    """The returns of one job. CLI: salt '*' ret.get_jid local_cache 20260101000000000000"""
    return _function(returner, 'get_jid')(jid)


def get_fun(returner, fun):
    """The last return of `fun` of each minion. CLI: salt '*' ret.get_fun local_cache network.interfaces"""
    return _function(returner, 'get_fun')(fun)


def get_jids(returner):
    """All jobs that the returner keeps. CLI: salt '*' ret.get_jids local_cache"""
    return _function(returner, 'get_jids')()


def get_minions(returner):
    """The minions whose returns it keeps. CLI: salt '*' ret.get_minions local_cache"""
    return _function(returner, 'get_minions')()


def _function(returner, name):
    return __minion__.functions().other('returners').functions['%s.%s' % (returner, name)]
