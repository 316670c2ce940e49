"""High data to the chunks of a run, in their order, or to the errors that keep them from running."""
from __future__ import absolute_import, division, print_function

from minion.highstate import chunks


def low_of(high, disabled=()):
    """The chunks of high data.

    :param high: {id: {state module: [function, {argument: value}...], '__sls__': ..., '__env__': ...},
        '__extend__': [...], '__exclude__': [...]}; it may be changed.
    :param disabled: names of requisites that do not count (`disabled_requisites`).
    :return tuple: (chunks in the order in which they run, errors): one of the lists is empty.
    """
    if not isinstance(high, dict):
        return [], ['High data is not a dictionary and is invalid']
    return sorted(chunks.of_high(high), key=chunks.sort_key), []
