"""A host whose nft has a table `filter` with the chains `input` and `plain`, and a table `nat`."""
from __future__ import absolute_import, division, print_function

import json

from tests.support import hoststates

CHAIN = {'family': 'ip', 'table': 'filter', 'name': 'input', 'handle': 1, 'type': 'filter', 'hook': 'input', 'prio': 0,
         'policy': 'accept'}
OBJECTS = [{'metainfo': {'version': '1.0.6'}}, {'table': {'family': 'ip', 'name': 'filter', 'handle': 1}}, {'chain': CHAIN},
           {'chain': {'family': 'ip', 'table': 'filter', 'name': 'plain', 'handle': 2}},
           {'rule': {'family': 'ip', 'table': 'filter', 'chain': 'input', 'handle': 4, 'expr': []}}]
TABLE = '''table ip filter { # handle 1
\tchain input { # handle 1
\t\ttype filter hook input priority 0; policy accept;
\t\ttcp dport 22 accept # handle 4
\t\tct state { established, related } counter packets 5 bytes 6 accept # handle 9
\t\tiifname "lo" accept # handle 11
\t}
\tchain plain { # handle 2
\t}
}
'''
RULE = {'table': 'filter', 'chain': 'input', 'jump': 'accept'}
NUMERIC = '--numeric --numeric --numeric '


def made(folder, monkeypatch):
    """The States; said(): what nft was told to change since the last time; refuse(words): nft fails when it is called so."""
    host = hoststates.States(folder, monkeypatch)
    for call, out in (('list tables ip', 'table ip filter\ntable ip nat\n'), ('-- list table ip filter', TABLE),
                      ('--json %slist tables ip' % NUMERIC, json.dumps({'nftables': OBJECTS[:2]})),
                      (NUMERIC + '--json list ruleset ip', json.dumps({'nftables': OBJECTS})),
                      (NUMERIC + '-- list table ip filter', 'table ip filter {\n}\n'),
                      ('--handle -- list chain ip filter input', TABLE), ('--version', 'nftables v1.0.6 (Lester Gooch #5)\n')):
        host.programs.answer('nft ' + call, out)
    host.said = lambda: [' '.join(call[2:]) for call in host.programs.calls() if call[1] == '--' and call[2] != 'list']

    def refuse(*words):
        for one in words:
            host.programs.answer('nft ' + one, err='Error: no\n', code=1)
    host.refuse = refuse
    return host
