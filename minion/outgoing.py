"""The address that connections to masters come from: `source_address`, or that of the interface `source_interface_name`."""
from __future__ import absolute_import, division, print_function

import logging

log = logging.getLogger(__name__)


class Source(object):
    """Asked before each connection, as the addresses of an interface may change meanwhile. One thread.

    :param str interface: its name, '' for none.  :param str address: used where there is no name.
    :param callable read: read() -> interfaces, see minion.helpers.interfaces.
    """

    def __init__(self, interface, address, read=None):
        self._interface, self._address, self._read = interface, address, read
        self._told = None

    def address_for(self, target):
        """The local address for a connection to this numeric address, '' for any: also while the interface is down."""
        if not self._interface:
            return self._address
        found, trouble = self._of_interface('inet6' if ':' in target else 'inet')
        if trouble != self._told:
            self._told = trouble
            if trouble:
                log.warning('source_interface_name: %s %s; connections come from any address', self._interface, trouble)
        return found

    def _of_interface(self, kind):
        if self._read is None:
            from minion.helpers import interfaces         # a large import that most hosts do not need here
            self._read = interfaces.read
        entry = self._read().get(self._interface)
        if entry is None:
            return '', 'is not there'
        if not entry.get('up'):
            return '', 'is down'
        items = entry.get(kind) or []
        if kind == 'inet6':
            items = [item for item in items if item.get('scope') != 'link'] or items
        return (items[0]['address'], '') if items else ('', 'has no address of the kind that the master has')
