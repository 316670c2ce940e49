"""Returns to the returners that a job, a schedule or the settings name. A returner that fails is one line in the log."""
from __future__ import absolute_import, division, print_function

import logging

from minion import compat

log = logging.getLogger(__name__)


def names(*settings):
    """Distinct names, in order, from lists and comma-separated texts; what is none of these counts as nothing."""
    found = []
    for setting in settings:
        for name in setting.split(',') if compat.is_text(setting) else setting or ():
            name = compat.to_native(name).strip() if compat.is_text(name) else ''
            if name and name not in found:
                found.append(name)
    return found


def hand_on(loader, wanted, ret):
    """Call each returner with a copy of its own.

    :param Loader loader: of execution modules.  :param list wanted: names.
    :param dict ret: the return as the master gets it, with `id`.
    """
    for name in wanted:
        functions = loader.other('returners').functions
        try:
            returner = functions[name + '.returner']
        except KeyError:
            log.error('the returner %s gets no return: %s', name, functions.missing(name + '.returner'))
            continue
        try:
            returner(dict(ret))
        except (Exception, SystemExit) as exc:       # code of others, as in a job
            log.error('the returner %s failed with the return of job %s: %s: %s', name, ret.get('jid'),
                      type(exc).__name__, compat.error_text(exc).split('\n')[0])
            log.debug('returner %s:', name, exc_info=True)
