"""When a silent connection counts as dead: all arithmetic behind `liveness_interval`, in one place. Pure.

A connection can be dead without any sign of it: an address translator has forgotten it, a host has lost power.

Requests (4506): after `quiet` seconds without an answer the master is asked for something cheap, twice, the second time
over a new connection, for `answers` seconds each. Without an answer the minion signs in anew, its names looked up anew.

Publications (4505): libzmq pings after `ping` idle seconds and drops the connection when nothing came for another
`pong`. Where the master's libzmq may be too old to answer pings, the connection is replaced after `quiet` seconds of
silence, the old one being listened to until the new one stands. A broken one gets `grace` seconds to come back.

The default of 45 seconds: found within 45 + 5 + 2.5 = 52.5 s (with the default `return_retry_timer` of 5 s), so that a
master that moved to another address is followed within a minute, and below the minute for which even mean address
translators remember an idle connection. It costs each master about one request a minute for each minion; whoever has
tens of thousands of them takes a longer one.
"""
from __future__ import absolute_import, division, print_function

import hashlib

from minion import compat
from minion.record import record

PING, PONG = 10.0, 20.0          # seconds; longest times between pings and for their answer
GRACE = 10.0                     # seconds; the longest that a broken connection gets to come back: most restarts
SHORTEST = 1.0                   # seconds; a smaller interval would be a burden and prove nothing more
EARLIEST = 0.75                  # of the interval: where in the last quarter a minion asks depends on its id

Timing = record('Timing', 'quiet answers ping pong grace')
# Seconds, see above; quiet, ping and pong are 0 where the settings want no proof of life; answers is a pair.


def timing(config, minion_id):
    """The Timing of a configuration (`liveness_interval`, `master_alive_interval`, `return_retry_timer`)."""
    wanted = [float(config[name]) for name in ('liveness_interval', 'master_alive_interval') if config[name]]
    interval, spread = max(SHORTEST, min(wanted)) if wanted else 0.0, EARLIEST + (1.0 - EARLIEST) * share(minion_id)
    answer = shortest_wait(config)
    return Timing(interval * spread, (answer, answer / 2), min(PING, interval / 4), min(PONG, interval / 2),
                  (min(GRACE, interval) or GRACE) * spread)


def shortest_wait(config):
    """Seconds for the answer to a small request (`return_retry_timer`, where that is no time at all, half a second)."""
    return max(0.5, float(config['return_retry_timer']))


def found_within(times):
    """Seconds after which a dead connection is known at the latest, by the requests alone."""
    return times.quiet + sum(times.answers)


def share(minion_id):
    """A number from 0 to 1 that belongs to this id: a fleet never moves at once."""
    digest = bytearray(hashlib.sha256(compat.to_bytes(minion_id)).digest())
    return (digest[0] * 256 + digest[1]) / 65536.0
