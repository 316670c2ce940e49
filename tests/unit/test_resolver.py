"""Names to addresses: order, doubles, failures, a name service that says nothing."""
from __future__ import absolute_import, division, print_function

import socket
import threading

import pytest

from minion import errors, resolver
from minion.wake import Bell
from tests.support.names import FakeNames


@pytest.fixture
def bell():
    made = Bell()
    yield made
    made.close()


@pytest.mark.parametrize('address', ['127.0.0.1', '::1', u'10.1.2.3'])
def test_an_address_is_not_looked_up(bell, address):
    names = FakeNames()
    assert resolver.addresses(address, bell, None, names) == [address]
    assert names.asked == 0


@pytest.mark.parametrize('ipv6, order', [
    (None, ['::2', '10.0.0.1', '::1', '10.0.0.2']),              # as the system has them
    (True, ['::2', '::1', '10.0.0.1', '10.0.0.2']),
    (False, ['10.0.0.1', '10.0.0.2', '::2', '::1']),
])
def test_all_addresses_once_in_the_order_asked_for(bell, ipv6, order):
    names = FakeNames(salt=['::2', '10.0.0.1', '10.0.0.1', '::1', '10.0.0.2'])
    assert resolver.addresses('salt', bell, ipv6, names) == order


def test_each_call_asks_anew(bell):
    names = FakeNames(salt=['10.0.0.1'])
    assert resolver.addresses('salt', bell, None, names) == ['10.0.0.1']
    names.addresses['salt'] = ['10.0.0.2']
    assert resolver.addresses('salt', bell, None, names) == ['10.0.0.2']


def test_an_unknown_name(bell):
    with pytest.raises(resolver.NameNotResolved) as caught:
        resolver.addresses('salt', bell, None, FakeNames())
    assert 'the name salt cannot be resolved' in str(caught.value)


def test_a_name_without_usable_addresses(bell):
    with pytest.raises(resolver.NameNotResolved):
        resolver.addresses('salt', bell, None, lambda *args: [(getattr(socket, 'AF_UNIX'), 1, 0, '', ('/x', 0))])


def test_a_silent_name_service_ends_by_its_deadline_or_by_a_stop(bell, monkeypatch):
    free = threading.Event()

    def silent(*args):
        free.wait(30)
        return []
    try:
        monkeypatch.setattr(resolver, 'DEADLINE', 0.05)
        with pytest.raises(resolver.NameNotResolved) as caught:
            resolver.addresses('salt', bell, None, silent)
        assert 'no answer within' in str(caught.value)
        monkeypatch.setattr(resolver, 'DEADLINE', 30.0)
        bell.stop()
        with pytest.raises(errors.Interrupted):
            resolver.addresses('salt', bell, None, silent)
    finally:
        free.set()
