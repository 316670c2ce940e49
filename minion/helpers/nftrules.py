"""Rules of nftables: built from named options, and found in what nft lists."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat

FAMILIES = {'ipv4': 'ip', 'ip4': 'ip', 'ip': 'ip', 'ipv6': 'ip6', 'ip6': 'ip6', 'inet': 'inet', 'arp': 'arp',
            'bridge': 'bridge', 'netdev': 'netdev'}
_HANDLE = re.compile(r'\s*# handle (\d+)\s*\Z')


# ---- building

def build(given, family):
    """The words of a rule as one text, such as 'tcp dport { 22 } accept'; options that are not known are left out.

    :param dict given: options of iptables, without their dashes.  :param str family: of nft.
    """
    rule = [text % _shown(given[name]) for name, text in (
        ('if', 'meta iifname %s'), ('of', 'meta oifname %s'), ('connstate', 'ct state { %s }'),
        ('icmp-type', 'icmp type { %s }'), ('icmpv6-type', 'icmpv6 type { %s }')) if name in given]
    rule += ['counter'] if 'counter' in given else []
    rule += _addresses(given, family) + _ports(given) + _verdict(given)
    return ' '.join(part for part in rule if part)


def _shown(value):
    if isinstance(value, (list, tuple)):
        return ','.join(_shown(one) for one in value)
    return '' if value is None else compat.to_native(value if compat.is_text(value) else compat.shown(value))


def _addresses(given, family):
    rule = []
    for side, names in (('saddr', ('saddr', 'source')), ('daddr', ('daddr', 'destination'))):
        value = next((_shown(given[name]) for name in names if name in given), None)
        if value is not None:
            turned, address = ('!= ', value[1:].strip()) if value.startswith('!') else ('', value)
            protocol = family if family in ('ip', 'ip6') else 'ip6' if ':' in address else 'ip'
            rule.append('%s %s %s%s' % (protocol, side, turned, address))
    return rule


def _ports(given):
    protocol = _shown(given.get('proto'))
    rule = ['%s %s { %s }' % (protocol, name, _shown(given[name]).replace(':', '-'))
            for name in ('dport', 'sport') if name in given]
    for name in ('dports', 'sports'):
        if name in given:
            ports = [port.strip().replace(':', '-') for port in _shown(given[name]).split(',')]
            ports.sort(key=_number, reverse=True)
            rule.append('%s %s { %s }' % (protocol, name[:-1], ', '.join(ports)))
    return rule


def _number(port):
    found = re.match(r'\d+', port)
    return int(found.group()) if found else -1


def _verdict(given):
    jump = _shown(given.get('jump', given.get('target')))
    rule = [jump] if jump else []
    if 'reject-with' in given:
        rule += [] if jump == 'reject' else ['reject']
        rule.append('with ' + _shown(given['reject-with']))
    rule += [_shown(given[name]) for name in ('to-source', 'to-destination') if name in given]
    return rule + ['to :%s' % _shown(given[name]) for name in ('to-port', 'to-ports') if name in given]


# ---- finding

def has_table(text, family, table):
    """True if `nft list tables` names this table."""
    return 'table %s %s' % (family, table) in [line.strip() for line in text.splitlines()]


def has_chain(text, chain):
    """True if `nft list table` shows this chain."""
    return re.search(r'(?m)^\s*chain %s \{' % re.escape(chain), text) is not None


def handle(text, rule):
    """The handle, as text, of a rule in what `nft --handle list chain` prints, else None."""
    wanted = _same_for_all(rule)
    for line in text.splitlines():
        found = _HANDLE.search(line)
        if found and _same_for_all(line[:found.start()]) == wanted:
            return found.group(1)
    return None


def _same_for_all(rule):
    """A rule in one of the forms that mean the same: nft prints sets, counters and names otherwise than it is told them."""
    rule = re.sub(r'counter packets \d+ bytes \d+', 'counter', compat.to_native(rule).replace('"', ''))
    rule = re.sub(r'\{\s*([^{}]*?)\s*\}', r'\1', re.sub(r'\s*,\s*', ',', rule))
    words = [','.join(sorted(word.split(','))) for word in rule.split()]
    return ' '.join(words).replace('meta iifname', 'iifname').replace('meta oifname', 'oifname')
