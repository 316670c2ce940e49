"""Whether something can be written to the disk: told when that changes, not at each failure."""
from __future__ import absolute_import, division, print_function

import logging
import threading

from minion import files

log = logging.getLogger(__name__)


class Disk(object):
    """The state of one file or folder; any thread.

    :param str path:  :param str without: how work goes on while it cannot be written; ends the line in the log.
    :param callable changed: called as changed(reason) at each change: text when writing fails, None when it works again.
    """

    def __init__(self, path, without, changed=None):
        self.path, self.reason = path, None          # reason: text while writing fails, else None
        self._without, self._changed = without, changed
        self._lock = threading.Lock()                # guards reason

    def failed(self, error):
        """Writing or removing failed with this OSError."""
        reason = files.reason(error)
        if self._change(reason):
            log.warning('%s: cannot be written (%s); %s', self.path, reason, self._without)
            self._tell(reason)

    def worked(self):
        """Writing works."""
        if self._change(None):
            log.info('%s: can be written again', self.path)
            self._tell(None)

    def _change(self, reason):
        with self._lock:
            changed = (self.reason is None) != (reason is None)
            self.reason = reason
        return changed

    def _tell(self, reason):
        if self._changed is not None:
            self._changed(reason)
