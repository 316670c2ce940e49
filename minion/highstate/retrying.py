"""`retry`: a chunk is called again until its result is the wanted one."""
from __future__ import absolute_import, division, print_function

import logging
import random
import time

from minion import compat

log = logging.getLogger(__name__)

_DEFAULTS = (('attempts', 2), ('until', True), ('interval', 30), ('splay', 0))
_STEP = 0.1                              # seconds: a job is ended between two steps


def tried(world, chunk, attempt):
    """The result of attempt(), or of the last of several."""
    if not chunk.get('retry'):
        return attempt()
    wanted = settings(chunk['retry'])
    if world.opts.get('test'):
        return _told(attempt(), wanted)
    comments, number = [], 1
    result = attempt()
    while result['result'] is not wanted['until'] and number < wanted['attempts']:
        comments.append('Attempt %d: Returned a result of "%s", with the following comment: "%s"'
                        % (number, result['result'], result['comment']))
        _pause(wanted['interval'] + (random.randint(0, wanted['splay']) if wanted['splay'] else 0))
        number += 1
        result = attempt()
    if comments:
        result['comment'] = '\n'.join(comments + ['%s' % (result['comment'],)])
    return result


def settings(retry):
    """The four values of `retry`, those that are none replaced by what counts without them."""
    found = dict(_DEFAULTS)
    if not isinstance(retry, dict):
        if retry is not True:
            log.warning('retry: %r is neither True nor a mapping; the usual values are used', retry)
        return found
    for name, default in _DEFAULTS:
        value = retry.get(name, default)
        fits = isinstance(value, bool) if name == 'until' else isinstance(value, compat.integer_types + (float,))
        if fits:
            found[name] = value
        else:
            log.warning('retry: %s is %r; %r is used', name, value, default)
    return found


def _told(result, wanted):
    result['comment'] = '%s  The state would be retried every %s seconds (with a splay of up to %s seconds) a maximum of %s ' \
        'times or until a result of %s is returned' % (result['comment'], wanted['interval'], wanted['splay'],
                                                       wanted['attempts'], wanted['until'])
    return result


def _pause(seconds):
    end = compat.monotonic() + seconds
    while compat.monotonic() < end:
        time.sleep(min(_STEP, max(0, end - compat.monotonic())))
