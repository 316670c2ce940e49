"""States that fetch custom modules from the master."""
from __future__ import absolute_import, division, print_function

_KINDS = ('beacons', 'clouds', 'engines', 'executors', 'grains', 'log_handlers', 'matchers', 'modules', 'output', 'outputters',
          'pillar', 'proxymodules', 'renderers', 'resources', 'returners', 'sdb', 'serializers', 'states', 'thorium', 'tops',
          'utils', 'wrapper')


def _sync(name, kind, kwargs):
    ret = {'name': name, 'result': None, 'changes': {}, 'comment': ''}
    function = 'saltutil.sync_%s' % kind
    if __opts__['test']:
        return dict(ret, comment='%s would have been run' % function)
    try:
        synced = __salt__[function](**kwargs)
    except (KeyError, TypeError) as exc:
        return dict(ret, result=False, comment='Failed to run sync_%s: %s' % (kind, exc))
    changes = dict((key, value) for key, value in synced.items() if value) if isinstance(synced, dict) else {}
    if synced and not isinstance(synced, dict):
        changes = {kind: synced}
    return dict(ret, result=True, changes=changes, comment='Sync performed' if changes else 'No updates to sync')


def sync_all(name, **kwargs):
    """Fetch custom modules of all kinds.

    sync_everything:
      saltutil.sync_all:
        - refresh: True
    """
    return _sync(name, 'all', kwargs)


def _one(kind):
    def sync(name, **kwargs):
        return _sync(name, kind, kwargs)
    sync.__name__, sync.__doc__ = 'sync_%s' % kind, 'Fetch custom modules of this kind, as sync_all does: %s.' % kind
    return sync


for _kind in _KINDS:
    globals()['sync_%s' % _kind] = _one(_kind)
