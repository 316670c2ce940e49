"""Events about results: `fire_event` of a chunk, and `state_events` for all of them."""
from __future__ import absolute_import, division, print_function

from minion import compat


def tell(world, chunk, result, count):
    """Send an event about a result, if the chunk or the settings ask for one and a master is there.

    :param int count: of the chunks of the run.
    """
    asked = chunk.get('fire_event')
    if not asked and not world.opts.get('state_events') or world.opts.get('file_client') == 'local':
        return
    data, id_ = {'ret': result}, compat.to_native(world.opts.get('id') or '')
    if asked:
        name = asked if compat.is_text(asked) else result['name']
        tag = 'salt/state_result/%s/%s/%s' % (world.jid, id_, compat.to_native(name))
    else:
        tag = 'salt/job/%s/prog/%s/%s' % (world.jid, id_, result['__run_num__'])
        data['len'] = count
    world.functions['event.fire_master'](data, tag)
