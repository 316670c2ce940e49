"""Where what is meant for one master is handed in: jobs know desks, not spools and sessions."""
from __future__ import absolute_import, division, print_function


class Desk(object):
    """The way back to one master under one key; equal to another of the same connection and key.

    :param MasterLink way: the connection.  :param str link: its tag.  :param str master: its name, for the log.
    :param str master_id: names the master's key; '' for whichever key the connection's master shows.
    :param Spool spool:
    """

    def __init__(self, way, link, master, master_id, spool):
        self.way, self.link, self.master, self.master_id = way, link, master, master_id
        self._spool = spool

    def put(self, load, kept=None):
        """Store one load for the master; see Spool.put."""
        self._spool.put(load, self.master_id, kept)

    def __eq__(self, other):
        return isinstance(other, Desk) and (self.link, self.master_id) == (other.link, other.master_id)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash((self.link, self.master_id))
