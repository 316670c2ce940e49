"""Sending events to the master (event.*)."""
from __future__ import absolute_import, division, print_function

import logging

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import jobenv, traverse

log = logging.getLogger(__name__)


def fire_master(data, tag, preload=None):
    """Send an event to the master; True once it is kept for sending, False without an agent to do it.

    data: mapping. tag: text. preload: fields of the request itself, of which none can be chosen here.
    CLI: event.fire_master '{"a": 1}' my/tag
    """
    _check(data, tag)
    if __minion__ is None:
        log.warning('event %s is not sent: no minion runs that could send it', tag)
        return False
    if preload:
        log.debug('event %s: preload is left out', tag)
    return bool(__minion__.fire_event(tag, data))


def fire(data, tag):
    """Check an event and return True. It reaches nobody: this minion is one process and has no event bus of its own.

    Events for the master: event.send. CLI: event.fire '{"a": 1}' my/tag
    """
    _check(data, tag)
    log.debug('event %s: nobody listens on this host', tag)
    return True


def _check(data, tag):
    if not isinstance(data, compat.Mapping):
        raise SaltInvocationError('the data of an event must be a mapping, not %s' % type(data).__name__)
    if not compat.is_text(tag) or not tag:
        raise SaltInvocationError('the tag of an event must be a text, not %r' % (tag,))


def send(tag, data=None, preload=None, with_env=False, with_grains=False, with_pillar=False, with_env_opts=False,
         **kwargs):
    """Send an event with what else is wanted in it to the master; see event.fire_master.

    data: mapping; wins over all others. with_env, with_grains, with_pillar: True for all variables, grains, pillar,
    or a list of names. with_env_opts: saltenv and pillarenv of the settings. kwargs: further entries.
    CLI: event.send my/tag '{"a": 1}' with_grains='[os]'
    """
    sent = {}
    for name, wanted, source in (('environ', with_env, lambda: jobenv.seen(__context__)),
                                 ('grains', with_grains, lambda: __grains__),
                                 ('pillar', with_pillar, lambda: __pillar__)):
        if wanted:
            sent[name] = _chosen(source(), wanted)
    if with_env_opts:
        sent.update((name, __opts__.get(name)) for name in ('saltenv', 'pillarenv'))
    sent.update(kwargs)
    sent.update(data if isinstance(data, compat.Mapping) else {})
    return fire_master(sent, tag, preload)


def _chosen(source, wanted):
    """All of a mapping, or what is found under a list of names (`a:b` reaches inside)."""
    if not isinstance(wanted, (list, tuple)):
        return dict(source)
    return dict((name, traverse.get(source, name, '')) for name in wanted)
