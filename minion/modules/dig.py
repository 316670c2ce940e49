"""Questions to name servers, asked with the program dig (dig.*)."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.helpers import addresses, environment


def __virtual__():
    if environment.which('dig') is None:
        return False, 'The dig execution module cannot be loaded: the dig binary is not in the path.'
    return True


def check_ip(addr):
    """True for an address, also with /length. CLI: dig.check_ip 127.0.0.1"""
    if not compat.is_text(addr):
        return False
    try:
        addresses.network(addr) if '/' in addr else addresses.parse(addr)
    except ValueError:
        return False
    return True


def _ask(words, nameserver):
    """What dig prints, [] where it fails; its exit code becomes that of the job."""
    words = ['dig', '+short'] + [compat.shown(word) for word in words]
    if nameserver is not None:
        words.append('@%s' % nameserver)
    result = __salt__['cmd.run_all'](words, python_shell=False)
    return [] if result['retcode'] else result['stdout']


def _lines(words, nameserver):
    answer = _ask(words, nameserver)
    return answer.split('\n') if answer else []


def A(host, nameserver=None):
    """The IPv4 addresses of a name. CLI: dig.A www.google.com"""
    return [line for line in _lines([host, 'A'], nameserver) if check_ip(line)]


def PTR(host, nameserver=None):
    """The names of an address. CLI: dig.PTR 1.2.3.4"""
    return _lines(['-x', host], nameserver)


def AAAA(host, nameserver=None):
    """The IPv6 addresses of a name. CLI: dig.AAAA www.google.com"""
    return [line for line in _lines([host, 'AAAA'], nameserver) if check_ip(line)]


def CNAME(host, nameserver=None):
    """The name that a name stands for, as dig prints it. CLI: dig.CNAME mail.google.com"""
    return _ask([host, 'CNAME'], nameserver)


def NS(domain, resolve=True, nameserver=None):
    """The name servers of a domain; their addresses with `resolve`. CLI: dig.NS google.com"""
    names = _lines([domain, 'NS'], nameserver)
    return [address for name in names for address in A(name, nameserver)] if resolve else names


def SPF(domain, record='SPF', nameserver=None):
    """The networks that may send mail for a domain, those of included domains, too. CLI: dig.SPF google.com"""
    return _senders(domain, record, nameserver, set())


def _senders(domain, record, nameserver, seen):
    seen.add(domain)
    answer = _ask([domain, record], nameserver)
    if answer == '' and record == 'SPF':
        answer = _ask([domain, 'TXT'], nameserver)
    found = []
    for line in answer.split('\n') if answer else []:
        words = re.sub('"', '', line).split()
        if words[:1] != ['v=spf1']:
            continue
        for kind, _, value in (word.lstrip('+').partition(':') for word in words[1:]):
            if kind in ('ip4', 'ip6') and check_ip(value):
                found.append(value)
            elif kind == 'include' and value not in seen:
                found += _senders(value, 'SPF', nameserver, seen)
    return found


def MX(domain, resolve=False, nameserver=None):
    """The mail servers of a domain, each with its preference; with `resolve` the first address of each.

    CLI: dig.MX google.com
    """
    rows = [line.split() for line in _lines([domain, 'MX'], nameserver)]
    return [[row[0], A(row[1], nameserver)[0]] for row in rows] if resolve else rows


def TXT(host, nameserver=None):
    """The texts of a name, in quotes as dig prints them. CLI: dig.TXT google.com"""
    return _lines([host, 'TXT'], nameserver)


a, aaaa, cname, ns, spf, mx, ptr = A, AAAA, CNAME, NS, SPF, MX, PTR
