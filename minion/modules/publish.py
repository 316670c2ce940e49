"""Jobs on other minions, through the master, where its setting `peer` lets this minion ask for them."""
from __future__ import absolute_import, division, print_function

import logging
import time

from minion import compat
from minion.errors import SaltInvocationError

log = logging.getLogger(__name__)
SHORTEST = 0.1                   # seconds between two questions for returns, doubled up to
LONGEST = 1.0


def publish(tgt, fun, arg=None, tgt_type='glob', returner='', timeout=5, via_master=None):
    """Run `fun` on other minions; mapping of their ids to the values. Nothing is found where the master does not allow it.

    arg: list, or text with commas. timeout: seconds for all returns. CLI: salt web1 publish.publish '*' test.ping
    """
    return _publish(tgt, fun, arg, tgt_type, returner, timeout, 'clean')


def full_data(tgt, fun, arg=None, tgt_type='glob', returner='', timeout=5):
    """As publish, with the whole entry {'ret': value, ...} of each minion. CLI: salt web1 publish.full_data '*' test.ping"""
    return _publish(tgt, fun, arg, tgt_type, returner, timeout, 'full')


def runner(fun, arg=None, timeout=5):
    """Run a runner on the master, where its setting `peer_run` allows that. CLI: salt web1 publish.runner manage.down"""
    if __opts__.get('file_client') == 'local' and not __opts__.get('use_master_when_local'):
        return {}
    answer = __minion__.request({'cmd': 'minion_runner', 'fun': fun, 'arg': _arguments(arg), 'tmo': timeout,
                                 'id': __opts__['id'], 'no_parse': __opts__.get('no_parse', [])})
    return answer


def _arguments(arg):
    """A list; a text is split at its commas."""
    if arg is None:
        return []
    if compat.is_text(arg):
        return [word for word in arg.split(',')] if arg else []
    return list(arg) if isinstance(arg, (list, tuple)) else [arg]


def _publish(tgt, fun, arg, tgt_type, returner, timeout, form):
    if fun == 'publish.publish':
        log.info('publish: a job that publishes jobs is refused')
        return {}
    if not compat.is_text(fun):
        raise SaltInvocationError('fun must be the name of a function, not %s' % type(fun).__name__)
    answer = __minion__.request({
        'cmd': 'minion_pub', 'fun': fun, 'arg': _arguments(arg), 'tgt': tgt, 'tgt_type': tgt_type, 'ret': returner,
        'tmo': timeout, 'form': form, 'id': __opts__['id'], 'no_parse': __opts__.get('no_parse', [])})
    if not isinstance(answer, dict) or not answer.get('jid'):
        return {}
    return _gathered(answer, float(timeout), form)


def _gathered(job, timeout, form):
    """The returns that came within the time."""
    wanted, found, pause = set(job.get('minions') or ()), {}, SHORTEST
    deadline = compat.monotonic() + timeout
    while True:
        back = __minion__.request({'cmd': 'pub_ret', 'id': __opts__['id'], 'jid': str(job['jid'])})
        found.update(back if isinstance(back, dict) else {})
        left = deadline - compat.monotonic()
        if left <= 0 or wanted and wanted <= set(found):
            break
        time.sleep(min(pause, left))
        pause = min(pause * 2, LONGEST)
    if form == 'full':
        return found
    return dict((minion_id, entry.get('ret') if isinstance(entry, dict) else entry) for minion_id, entry in found.items())
