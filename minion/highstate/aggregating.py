"""`mod_aggregate`: a state module takes what other chunks ask for into the first one (`state_aggregate`)."""
from __future__ import absolute_import, division, print_function


def aggregated(world, chunk, chunks, results):
    """The chunk, changed by `mod_aggregate` of its state module if it and others of that module are to be taken together.

    `mod_aggregate(low, chunks, running)` gets those others, and marks each that it takes with `__agg__`.
    """
    name = '%s.mod_aggregate' % chunk['state']
    if '__agg__' in chunk or not _wanted(world, chunk) or name not in world.states:
        return chunk
    together = [other for other in chunks if other['state'] == chunk['state'] and _wanted(world, other)]
    if len(together) > 1:
        chunk['__agg__'] = True
        changed = world.states[name](chunk, together, results)
        if isinstance(changed, dict) and changed is not chunk:
            chunk.update(changed)
    return chunk


def _wanted(world, chunk):
    wanted = chunk.get('aggregate', world.opts.get('state_aggregate'))
    return chunk['state'] in wanted if isinstance(wanted, list) else bool(wanted)
