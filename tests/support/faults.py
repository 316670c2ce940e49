"""Faults around the embedded master: what a network, an attacker or a broken master may do to messages.

A message fault changes bytes on their way (stages 'arrive', 'answer', 'emit'); a `Change` changes a map before it is
signed or encrypted (the stages of Master.shape). Each acts on the next `times` messages that fit, None for all.
"""
from __future__ import absolute_import, division, print_function

import os

from minion import keys, payload
from minion.demo.master import Master


class Fault(object):
    """:param str stage:  :param str command: only for loads with this `cmd` (a publication's: `fun`), None for all.
    :param int times: how often it acts.  :param int skip: how many fitting messages pass before.
    """
    stage = 'answer'

    def __init__(self, stage=None, command=None, times=1, skip=0):
        self.stage = stage or self.stage
        self.command, self.times, self.skip = command, times, skip
        self.acted = 0

    def due(self, stage, load):
        """True if it acts on this message; counts it."""
        if stage != self.stage or self.command not in (None, load.get('cmd', load.get('fun'))):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None and self.acted >= self.times:
            return False
        self.acted += 1
        return True

    def spread(self, data):
        """[(delay in seconds, bytes)] that go on instead of `data`."""
        return [(0.0, data)]


class Drop(Fault):
    """Nothing goes on."""

    def spread(self, data):
        return []


class Delay(Fault):
    """It goes on later."""

    def __init__(self, seconds, **fit):
        Fault.__init__(self, **fit)
        self.seconds = seconds

    def spread(self, data):
        return [(self.seconds, data)]


class Duplicate(Fault):
    """It goes on `copies` times, each `gap` seconds after the one before."""

    def __init__(self, copies=2, gap=0.0, **fit):
        Fault.__init__(self, **fit)
        self.copies, self.gap = copies, gap

    def spread(self, data):
        return [(number * self.gap, data) for number in range(self.copies)]


class Replay(Fault):
    """The first message is kept and passes; later ones are replaced by it."""

    def __init__(self, **fit):
        Fault.__init__(self, **dict({'times': 2}, **fit))
        self._kept = None

    def spread(self, data):
        if self._kept is None:
            self._kept = data
        return [(0.0, self._kept)]


class Tamper(Fault):
    """One bit is turned, at byte `at` (negative: from the end)."""

    def __init__(self, at=-40, **fit):
        Fault.__init__(self, **fit)
        self.at = at

    def spread(self, data):
        changed = bytearray(data)
        changed[self.at] ^= 1
        return [(0.0, bytes(changed))]


class Truncate(Fault):
    """Only the first `keep` bytes go on."""

    def __init__(self, keep=3, **fit):
        Fault.__init__(self, **fit)
        self.keep = keep

    def spread(self, data):
        return [(0.0, data[:self.keep])]


class Replace(Fault):
    """Something else goes on: `data`, bytes as they are, any other object packed."""

    def __init__(self, data, **fit):
        Fault.__init__(self, **fit)
        self.data = data if isinstance(data, bytes) else payload.pack(data)

    def spread(self, data):
        return [(0.0, self.data)]


class Note(Fault):
    """No fault: keeps all that arrives at the master in `seen`."""
    stage = 'arrive'

    def __init__(self):
        Fault.__init__(self, times=None)
        self.seen = []

    def spread(self, data):
        self.seen.append(data)
        return [(0.0, data)]


class Change(Fault):
    """function(value) -> value at one stage of Master.shape; a function that returns None changed it in place."""

    def __init__(self, stage, function, **fit):
        Fault.__init__(self, stage, **fit)
        self.function = function

    def change(self, value):
        changed = self.function(value)
        return value if changed is None else changed


def garbage(size=200, **fit):
    """Random bytes instead of a message."""
    return Replace(os.urandom(size), **fit)


def refusal(text=u'bad load', **fit):
    """A plain refusal instead of the answer."""
    return Replace(text, **fit)


def verdict(ret, **fit):
    """The sign-in answers `ret` (True: pending, False: rejected, 'full'), properly signed."""
    return Change('sign-in', lambda inner: dict([('ret', ret)] + _kept(inner, 'nonce')), **fit)


def unsigned(**fit):
    """The sign-in answers in the form of generation 0 (section 5.2, form U)."""
    def strip(outer):
        inner = payload.unpack(outer['load'])
        return inner if b'aes' in inner else {'enc': 'clear', 'load': inner}
    return Change('signed sign-in', strip, **fit)


def signed_by(key, **fit):
    """The sign-in is signed with another key (PrivateKey)."""
    return Change('signed sign-in', lambda outer: dict(outer, sig=key.sign(outer['load'], 'PKCS1v15-SHA1')), **fit)


def set_field(stage, name, value, **fit):
    """One field gets another value."""
    return Change(stage, lambda fields: dict(fields, **{name: value}), **fit)


def drop_field(stage, name, **fit):
    """One field is missing."""
    return Change(stage, lambda fields: dict(item for item in fields.items() if item[0] != name), **fit)


def wrong_nonce(stage='sign-in', **fit):
    """A nonce that nobody asked with: in the sign-in, or ('nonce') before every encrypted reply."""
    other = '0' * 32
    if stage == 'nonce':
        return Change('nonce', lambda nonce: other.encode('ascii'), **fit)
    return set_field(stage, 'nonce', other, **fit)


def wrong_token(minion_pem, **fit):
    """The sign-in proves knowledge of another token."""
    public = keys.PublicKey.from_pem(minion_pem)
    return set_field('sign-in', 'token', public.encrypt(b'some other token', 'OAEP-SHA1'), **fit)


def _kept(fields, *names):
    return [(name, fields[name]) for name in names if name in fields]


class FaultyMaster(Master):
    """The embedded master with a list of faults, which may be changed at any time with `add` and `clear`."""

    def __init__(self, folder, generation=3, key=None, faults=(), **settings):
        self._faults = list(faults)
        Master.__init__(self, folder, generation, key, **settings)

    def add(self, *faults):
        """Add faults; the first of them, for a test to ask how often it acted."""
        self._faults = self._faults + list(faults)
        return faults[0]

    def clear(self):
        """No faults from now on."""
        self._faults = []

    def arrive(self, route, data):
        self._pass('arrive', data, {}, lambda some: Master.arrive(self, route, some))

    def answer(self, route, reply, load):
        self._pass('answer', reply, load, lambda some: Master.answer(self, route, some, load))

    def emit(self, frames, load):
        self._pass('emit', frames[-1], load, lambda some: Master.emit(self, frames[:-1] + [some], load))

    def shape(self, stage, value, load):
        for fault in self._faults:
            if fault.due(stage, load):
                value = fault.change(value)
        return value

    def _pass(self, stage, data, load, send):
        messages = [(0.0, data)]
        for fault in self._faults:
            if fault.due(stage, load):
                messages = [(delay + more, changed) for delay, one in messages for more, changed in fault.spread(one)]
        for delay, one in messages:
            if delay:
                self.later(delay, send, one)
            else:
                send(one)
