"""Runs that are held up or ended between two states (state.pause, state.soft_kill): files in cachedir/state_pause."""
from __future__ import absolute_import, division, print_function

import os
import time

from minion import compat
from minion.helpers import state_cache

FOLDER, ALL = 'state_pause', '__all__'
PAUSE = 0.2                                      # seconds between two looks at the file


def path(jid):
    """The name below cachedir of what is said about a run.  :raises ValueError: this is no job id."""
    text = compat.to_native(compat.shown(jid))
    if not text.isdigit():
        raise ValueError('%s is no job id' % text)
    return os.path.join(FOLDER, text)


def ended(world, chunk):
    """Wait while the run, or this id of it, is paused; True if the run is to end before this chunk."""
    if not world.jid:
        return False
    name, began = path(world.jid), compat.monotonic()
    while os.path.exists(os.path.join(world.opts['cachedir'], name)):
        said = state_cache.load(world.opts['cachedir'], name)
        mine = said.get(chunk['__id__'], said.get(ALL))
        if mine is None:
            return False
        if mine.get('kill'):
            return True
        if 'duration' in mine and compat.monotonic() - began > mine['duration']:
            return False
        time.sleep(PAUSE)                        # in short steps: a job is ended between two of them
    return False
