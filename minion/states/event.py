"""States that send events."""
from __future__ import absolute_import, division, print_function


def send(name, data=None, preload=None, with_env=False, with_grains=False, with_pillar=False, show_changed=True, **kwargs):
    """Send an event with the tag `name` to the master; further arguments become part of its data.

    deployed:
      event.send:
        - name: app/deployed
        - data: {version: 3}
    """
    ret = {'name': name, 'result': None, 'changes': {'tag': name, 'data': data} if show_changed else {}, 'comment': ''}
    if __opts__['test']:
        return dict(ret, comment='Event would have been fired')
    result = __salt__['event.send'](name, data, preload, with_env=with_env, with_grains=with_grains,
                                    with_pillar=with_pillar, **kwargs)
    return dict(ret, result=result, comment='Event fired')


fire_master = mod_watch = send


def wait(name, sfun=None, data=None):
    """Send an event only when a watched state changes something."""
    return {'name': name, 'result': True, 'changes': {}, 'comment': ''}
