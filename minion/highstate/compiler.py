"""High data to the chunks of a run, in their order, or to the errors that keep them from running."""
from __future__ import absolute_import, division, print_function

from minion.highstate import chunks, extend, injecting, ordering, targets, verify


def low_of(high, disabled=(), watches=None):
    """The chunks of high data.

    :param high: {id: {state module: [function, {argument: value}...], '__sls__': ..., '__env__': ...},
        '__extend__': [...], '__exclude__': [...]}; it is changed.
    :param disabled: names of requisites that do not count (`disabled_requisites`).
    :param callable watches: called as watches(state module): does it have `mod_watch`?
    :return tuple: (chunks in the order in which they run, errors): one of the lists is empty.
    """
    errors = [] if isinstance(high, dict) else verify.errors_of(high)
    if not errors:
        high, errors = extend.extended(high)
        errors = errors + verify.errors_of(high)
    if not errors:
        high, errors = injecting.injected(high)
    if errors:
        return [], errors
    return bare(extend.without_excluded(high), disabled, watches)


def bare(high, disabled=(), watches=None):
    """The same for high data as it stands: what it says of other ids (`extend`, `require_in`...) is not heeded."""
    found, orders = chunks.of_high(high)
    return ordering.ordered(found, targets.Targets(found, disabled, watches), orders)
