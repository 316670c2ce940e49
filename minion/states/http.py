"""Asking web servers (http.*)."""
from __future__ import absolute_import, division, print_function

import re
import time

from minion import compat
from minion.helpers.state_edit import answer as _answer


def query(name, match=None, match_type='string', status=None, status_type='string', wait_for=None, **kwargs):
    """A web address answers with this text, or this status.

    match_type: string or pcre; status_type: string, list or pcre. More arguments are those of the function http.query.

    .. code-block:: yaml

        http://example.com/:
          http.query:
            - status: 200
    """
    ret = dict(_answer(name), data={})
    if match is None and status is None:
        return dict(ret, result=False, comment=' Either match text (match) or a status code (status) is required.')
    if wait_for:
        return wait_for_successful_query(name, wait_for, match=match, match_type=match_type, status=status,
                                         status_type=status_type, **kwargs)
    options = dict((key, kwargs[key]) for key in kwargs if not key.startswith('__'))
    if match is not None:
        options['text'] = True
    if status is not None:
        options['status'] = True
    data = {} if __opts__['test'] else __salt__['http.query'](name, **options)
    if 'error' in data:
        data.setdefault('status', 0)
    wrong, told = [], []
    if match is not None:
        found = _matches(match, match_type, data.get('text', ''))
        (told if found else wrong).append('Match text "%s" was %sfound.' % (match, '' if found else 'not '))
    if status is not None:
        found = _has_status(status, status_type, data.get('status', ''))
        (told if found else wrong).append('Status %s was %sfound.' % (_listed(status), '' if found else 'not '))
    ret.update(data=data, result=not wrong, comment=' '.join(told + wrong))
    if __opts__['test']:
        ret.update(result=None, comment=ret['comment'] + ' (TEST MODE)')
        return ret
    return ret


def _listed(status):
    return ', '.join(compat.to_native(compat.shown(one)) for one in status) if isinstance(status, list) else status


def _matches(match, kind, text):
    text, match = compat.to_text(text), compat.to_text(compat.shown(match))
    return bool(re.search(match, text)) if kind == 'pcre' else match in text


def _has_status(status, kind, found):
    found = compat.to_native(compat.shown(found))
    wanted = [compat.to_native(compat.shown(one)) for one in (status if isinstance(status, list) else [status])]
    return any(re.search(one, found) for one in wanted) if kind == 'pcre' else found in wanted


def wait_for_successful_query(name, wait_for=300, **kwargs):
    """http.query until it succeeds, for so many seconds; `request_interval`: seconds between, 1 unless given.

    .. code-block:: yaml

        http://example.com/:
          http.wait_for_successful_query:
            - status: 200
    """
    start, pause = compat.monotonic(), kwargs.pop('request_interval', 1)
    while True:
        ret = query(name, **kwargs)
        if ret['result'] is not False or compat.monotonic() - start > wait_for:
            return ret
        time.sleep(pause)
