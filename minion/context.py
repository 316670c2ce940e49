"""`__context__`: what the modules of one job share, and no other job sees."""
from __future__ import absolute_import, division, print_function

import threading

from minion import compat


class JobContext(compat.MutableMapping):
    """A mapping with separate content in each thread, so that module objects may be shared by jobs that run at once.

    The executor calls fresh() before a job and again after it, on the job's thread.
    """

    def __init__(self):
        self._local = threading.local()

    def fresh(self):
        """Start with an empty mapping in this thread."""
        self._local.data, self._local.function = {}, None

    def adopt(self, data):
        """From here on `data` (a dict) is what this thread sees and changes."""
        self._local.data = data

    @property
    def function(self):
        """Name of the function that the job of this thread calls, None outside of jobs."""
        return getattr(self._local, 'function', None)

    @function.setter
    def function(self, name):
        self._local.function = name

    def _data(self):
        try:
            return self._local.data
        except AttributeError:           # a thread that a module started by itself
            self._local.data = {}
            return self._local.data

    def __getitem__(self, key):
        return self._data()[key]

    def __setitem__(self, key, value):
        self._data()[key] = value

    def __delitem__(self, key):
        del self._data()[key]

    def __iter__(self):
        return iter(self._data())

    def __len__(self):
        return len(self._data())

    def __repr__(self):
        return repr(self._data())
