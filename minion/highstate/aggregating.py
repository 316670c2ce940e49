"""`mod_aggregate`: a state module takes what other chunks ask for into the first one (`state_aggregate`)."""
from __future__ import absolute_import, division, print_function


def aggregated(world, chunk, chunks, results):
    """The chunk, changed by `mod_aggregate` of its state module if that is wanted; the same object."""
    wanted = chunk.get('aggregate', world.opts.get('state_aggregate'))
    if not wanted or isinstance(wanted, list) and chunk['state'] not in wanted:
        return chunk
    name = '%s.mod_aggregate' % chunk['state']
    if '__agg__' in chunk or name not in world.states:
        return chunk
    changed = world.states[name](chunk, chunks, results)
    if isinstance(changed, dict) and changed is not chunk:
        chunk.update(changed)
    chunk['__agg__'] = True
    return chunk
