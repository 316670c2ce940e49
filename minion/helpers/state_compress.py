"""Results of states with the same id, function, SLS file and outcome as one (`state_compress_ids`)."""
from __future__ import absolute_import, division, print_function

import logging

from minion import compat

log = logging.getLogger(__name__)

_CHANGES = 'compressed changes'


def compressed(rows):
    """[(tag, result)] in the order of the run -> the same with one row for those that belong together.

    It has the name `state_compressed_SLS_ID_OUTCOME`, the number of its members behind its id, the comment and time of the
    first, the sum of the durations and the changes of each by its name. Rows that lack something of this stay as they are.
    """
    if not all(_is_whole(result) for _, result in rows):
        log.warning('states cannot be shown by id: a result lacks its id, its SLS file, its name or its duration')
        return rows
    groups = compat.Ordered()
    for tag, result in rows:
        parts = tag.split('_|-')
        key = parts[0], parts[-1], _text(result['__sls__']), _text(result['__id__']), str(result.get('result'))
        groups.setdefault(key, []).append((tag, result))
    return [_one(members, key) for key, members in groups.items()]


def _is_whole(result):
    duration = result.get('duration')
    number = isinstance(duration, compat.integer_types + (float,)) and not isinstance(duration, bool)
    return number and all(name in result for name in ('__sls__', '__id__', 'name'))


def _text(value):
    return compat.to_native(value) if compat.is_text(value) else str(value)


def _one(members, key):
    """The row of those that belong together; a single one stays as it is."""
    tag, first = members[0]
    if len(members) == 1:
        return tag, first
    named = '%s_%s_%s' % key[2:]
    return tag, dict(first, __id__='%s (%d)' % (key[3], len(members)), name='state_compressed_' + named,
                     duration=sum(result['duration'] for _, result in members), changes=_changes(members))


def _changes(members):
    """As the first has them where no other has any, else by name."""
    changed = [result for _, result in members if result.get('changes')]
    if not changed or changed == [members[0][1]]:
        return members[0][1].get('changes') or {}
    return {_CHANGES: compat.Ordered((_text(result['name']), result['changes']) for result in changed)}
