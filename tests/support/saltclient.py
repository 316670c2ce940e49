"""Publishes jobs on a real master, run by that master's own Python (2.7 to 3.13) with its own Salt.

Started as `python saltclient.py MASTER_CONFIG`. Reads one JSON map per line: {"tgt", "tgt_type", "fun", "arg",
"kwarg", "timeout", "ret", "no_wait"}, or {"cached": jid}, or {"event": start of a tag, "timeout"}; writes one JSON map per
line: {"answer": {id: {"ret", "retcode", "jid", ...}}}, with no_wait {"answer": jid}, for an event {"answer": {"tag", "data"}}
or None when none came, or {"error": text}.
One process serves a master for its whole life, since the `salt` command needs a second or two to start.
Source of the calls: salt.client.LocalClient; up to 2016.11 the target's type was `expr_form` and `cmd` gave no whole
returns.
"""
from __future__ import absolute_import, division, print_function

import json
import os
import sys


def publish(client, order):
    """Run one order and wait for its returns; a map of minion id to the whole return."""
    if 'cached' in order:
        return client.get_cache_returns(order['cached'])
    if 'event' in order:
        return next_event(client, order['event'], order['timeout'])
    if order.get('no_wait'):
        return client.cmd_async(order['tgt'], order['fun'], order.get('arg') or [])
    arguments = [order['tgt'], order['fun'], order.get('arg') or [], order.get('timeout') or 10]
    kind, keywords = order.get('tgt_type') or 'glob', order.get('kwarg') or {}
    if 'expr_form' in client.cmd.__code__.co_varnames:
        whole = {}
        for part in client.cmd_cli(*arguments, expr_form=kind, kwarg=keywords):
            for name, answer in (part or {}).items():
                whole[name] = dict(answer, jid=client.pub_data['jid'])
        return whole
    return client.cmd(*arguments, tgt_type=kind, kwarg=keywords, full_return=True, ret=order.get('ret') or '')


def next_event(client, tag, seconds):
    """The next event on the master's bus whose tag begins so."""
    import salt.utils.event
    bus = salt.utils.event.get_event('master', sock_dir=client.opts['sock_dir'], opts=client.opts, listen=True)
    try:
        return bus.get_event(wait=seconds, tag=str(tag), full=True)      # bytes on Python 2, as tags are there
    finally:
        bus.destroy()


def plain(value):
    """What json can carry of a value: bytes that are no text become their hexadecimal digits."""
    if isinstance(value, dict):
        return dict((plain(key), plain(each)) for key, each in value.items())
    if isinstance(value, (list, tuple, set)):
        return [plain(each) for each in value]
    if isinstance(value, bytes):
        try:
            return value.decode('utf-8')
        except UnicodeDecodeError:
            return {'bytes': ''.join('%02x' % number for number in bytearray(value))}
    return value


def main(config):
    """Serve orders from standard input until it ends."""
    answers = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)                                    # whatever Salt prints goes to the log, not among the answers
    import salt.client
    client = salt.client.LocalClient(config)
    answers.write('{"ready": true}\n')
    answers.flush()
    for line in iter(sys.stdin.readline, ''):
        try:
            reply = {'answer': plain(publish(client, json.loads(line)))}
        except Exception as exc:                     # whatever went wrong is the asker's to judge
            reply = {'error': '%s: %s' % (type(exc).__name__, exc)}
        answers.write(json.dumps(reply, default=repr) + '\n')
        answers.flush()


if __name__ == '__main__':
    main(sys.argv[1])
