"""Two publish connections for a moment: nothing lost, nothing doubled, nothing out of order."""
from __future__ import absolute_import, division, print_function

from collections import namedtuple

import pytest

from minion import compat, feed
from minion.wake import Bell

Session = namedtuple('Session', 'pub_uri line master_id aes_digest')
HERE = Session('tcp://10.0.0.1:4505', 0, 'key', 'aes')


class FakeChannel(object):
    def __init__(self, session):
        self.address, self.waiting, self.stood, self.closed = session.pub_uri, [], 0.0, False
        self.down_since = compat.monotonic()

    def stands(self):
        self.down_since = None

    def sockets(self):
        return []

    def packages(self):
        assert not self.closed
        found, self.waiting = self.waiting, []
        return found

    def close(self):
        self.closed = True


class Bench(object):
    """A Feed with channels to fill."""

    def __init__(self):
        self.bell, self.channels = Bell(), []
        self.feed = feed.Feed(self._open, HERE)
        self.channels[0].stands()

    def _open(self, session):
        self.channels.append(FakeChannel(session))
        return self.channels[-1]

    def receive(self):
        return self.feed.receive(self.bell, 0)


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.setattr(feed, 'OVERLAP', 60.0)
    made = Bench()
    yield made
    made.feed.close()
    assert all(channel.closed for channel in made.channels)
    made.bell.close()


def end_overlap(bench):
    bench.feed.old_until = 0.0


def test_what_the_new_connection_brings_waits_for_the_old_one(bench):
    bench.feed.renew(HERE)
    old, new = bench.channels
    new.stands()
    new.waiting += [b'6', b'7']                         # subscribed after 5 was sent
    assert bench.receive() == []
    old.waiting += [b'5', b'6']
    assert bench.receive() == [b'5', b'6']
    end_overlap(bench)
    assert bench.receive() == [b'7']
    assert old.closed and not new.closed and not bench.feed.overlapping()


def test_an_old_connection_is_kept_until_the_new_one_stands(bench):
    bench.feed.renew(HERE)
    old, new = bench.channels
    assert bench.receive() == [] and bench.feed.old_until is None
    old.waiting.append(b'1')
    assert bench.receive() == [b'1']
    new.stands()
    bench.receive()
    assert bench.feed.old_until is not None


def test_of_two_the_one_that_stood_is_kept_by_the_next_renewal(bench):
    bench.feed.renew(HERE)
    bench.feed.renew(HERE)
    first, second, third = bench.channels
    assert second.closed and not first.closed and not third.closed
    first.waiting.append(b'1')
    assert bench.receive() == [b'1']


def test_a_renewal_during_a_renewal_loses_nothing(bench):
    bench.feed.renew(HERE)
    bench.channels[1].stands()
    bench.channels[1].waiting.append(b'1')
    assert bench.receive() == []
    bench.feed.renew(HERE)
    assert bench.channels[0].closed and not bench.channels[1].closed
    assert bench.receive() == [b'1']


@pytest.mark.parametrize('other, kept', [
    (HERE._replace(line=1, aes_digest='new'), True),                 # same address: rotated meanwhile
    (HERE._replace(pub_uri='tcp://10.0.0.2:4505'), True),            # the same master at another address
    (HERE._replace(pub_uri='tcp://10.0.0.2:4505', aes_digest='other'), False),
])
def test_only_a_connection_to_the_same_master_is_kept(bench, other, kept):
    bench.feed.renew(other)
    assert bench.channels[0].closed != kept
    assert bench.feed.serves(other) and bench.feed.overlapping() == kept


def test_a_flood_ends_the_overlap(bench, monkeypatch):
    monkeypatch.setattr(feed, 'EARLY', 3)
    bench.feed.renew(HERE)
    bench.channels[1].stands()
    bench.channels[1].waiting += [b'1', b'2', b'3']
    assert bench.receive() == [b'1', b'2', b'3']
    assert bench.channels[0].closed
