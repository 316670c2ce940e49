"""Settings that change what becomes of returns, events and requests."""
from __future__ import absolute_import, division, print_function

import os
import resource
import threading
from collections import OrderedDict, namedtuple

import msgpack
import pytest

from minion import (compat, config, errors, executors, files, jobs, keptjobs, outgoing, payload, protocol, request,
                    returns)
from minion.helpers import webfetch
from minion.link import Link
from minion.loader import Loader
from tests.support import testkeys

JID = '2026010100000000%04d'
LOAD = {'cmd': '_return', 'id': 'm1', 'jid': JID % 1, 'fun': 'test.ping', 'fun_args': [], 'return': True, 'retcode': 0,
        'success': True}


def kept(folder):
    path = os.path.join(folder, 'minion_jobs')
    return sorted(os.listdir(path)) if os.path.isdir(path) else []


# ---- cache_jobs

def test_a_return_is_kept_as_find_cached_job_reads_it(tmpdir):
    keptjobs.KeptJobs(str(tmpdir), 60).keep(LOAD)
    found = payload.to_text_tree(payload.unpack(files.read(str(tmpdir.join('minion_jobs', JID % 1, 'return.p')))))
    assert found == dict((name, value) for name, value in LOAD.items() if name not in ('cmd', 'id'))
    assert kept(str(tmpdir)) == [JID % 1]


def test_old_returns_are_removed(tmpdir, monkeypatch):
    now = [1e9]
    monkeypatch.setattr(keptjobs, 'MOST', 3)
    store = keptjobs.KeptJobs(str(tmpdir), 86400, lambda: now[0])
    for number in range(6):
        store.keep(dict(LOAD, jid=JID % number))
    assert len(kept(str(tmpdir))) == 6                      # nothing was due yet
    os.utime(str(tmpdir.join('minion_jobs', JID % 5)), (0, 0))
    for number in range(5):
        os.utime(str(tmpdir.join('minion_jobs', JID % number)), (now[0], now[0]))
    now[0] += 3601
    store.keep(dict(LOAD, jid=JID % 6))
    assert kept(str(tmpdir)) == [JID % number for number in (3, 4, 6)]
    monkeypatch.setattr(keptjobs, 'EVERY', 2)
    store.keep(dict(LOAD, jid=JID % 7))
    store.keep(dict(LOAD, jid=JID % 8))
    assert kept(str(tmpdir)) == [JID % number for number in (6, 7, 8)]


@pytest.mark.parametrize('opts, expected', [
    ({}, 86400), ({'keep_jobs': 2}, 7200), ({'keep_jobs': 2, 'keep_jobs_seconds': 5}, 5), ({'keep_jobs_seconds': 'x'}, 86400)])
def test_how_long_returns_are_kept(opts, expected):
    assert keptjobs.seconds(opts) == expected


def test_a_disk_that_refuses_is_told_once(tmpdir, caplog):
    tmpdir.join('minion_jobs').write('in the way')
    store = keptjobs.KeptJobs(str(tmpdir), 60)
    store.keep(LOAD)
    store.keep(LOAD)
    assert len([line for line in caplog.records if 'returns are not kept there' in line.getMessage()]) == 1


# ---- pub_ret

class World(object):
    def matches(self, load):
        return True

    def await_ready(self):
        return None

    def run(self, load, progress, desk):
        return executors.Outcome('value', 0, True, None)

    def hand_on(self, load, ret, entry=None):
        self.handed = ret


class Nothing(object):
    """Instead of running and recent jobs, returned ones and a desk."""
    link, master, master_id = 'l', 'm', ''

    def __init__(self):
        self.calls = []

    def __contains__(self, jid):
        return False

    def __getattr__(self, name):
        return lambda *args: self.calls.append((name,) + args)


@pytest.mark.parametrize('publish', [True, False])
def test_returns_stay_here_without_pub_ret(publish):
    world, desk, store, done = World(), Nothing(), [], threading.Event()
    queue = jobs.Jobs('m1', world, Nothing(), Nothing(), Nothing(), 1, 10, keep=store.append, publish=publish)
    queue.changed = lambda: done.set() if hasattr(world, 'handed') else None
    queue.offer({'jid': JID % 1, 'fun': 'test.x', 'arg': []}, desk, 'd', 0)
    assert done.wait(10)
    queue.close()
    assert queue.end(5, 15) == []
    assert len([call for call in desk.calls if call[0] == 'put']) == publish
    assert store == [world.handed] and world.handed['return'] == 'value'


# ---- max_event_size

def test_a_large_event_loses_its_largest_values():
    data = {'a': 'x' * 2000, 'b': {'c': ['y' * 600], 'd': 'z' * 100}, 'e': 1}
    assert returns.bounded(data, 4096) == (data, 0)
    assert returns.bounded(data, 1024) == (dict(data, a='VALUE_TRIMMED'), 1)
    assert returns.bounded(data, 500) == ({'a': 'VALUE_TRIMMED', 'b': {'c': 'VALUE_TRIMMED', 'd': 'z' * 100}, 'e': 1}, 2)
    assert returns.bounded('x' * 2000, 1024) == ('VALUE_TRIMMED', 1)
    with pytest.raises(errors.BadPayload):
        returns.bounded({'a': object()}, 1024)


def test_an_event_of_a_job_is_bounded_and_the_log_says_so(caplog):
    desk = Nothing()
    link = Link('m1', None, 1.0, 1024)
    link.default(desk)
    assert link.fire_event('my/tag', {'a': 'x' * 5000, 'b': 1}) is True
    assert desk.calls[0][1]['data'] == {'a': 'VALUE_TRIMMED', 'b': 1}
    assert 'event my/tag: larger than max_event_size (1024 bytes)' in caplog.text


# ---- request_channel_tries

class Board(object):
    def __init__(self):
        self.renewals = 0

    def current(self):
        return 'session'

    def renewed(self, session, why, bell, patience):
        self.renewals += 1
        return 'new'


def asked(outcomes, tries, seconds=None):
    """(answer or error class, sessions used, renewals) of one request that meets these outcomes."""
    board, used = Board(), []
    one = request.Requester(None, board, None, None, None, 60.0, tries)

    def once(session, load, seconds):
        used.append(session)
        outcome = outcomes[len(used) - 1]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome
    one._once = once
    try:
        return one.ask({}, 1.0, seconds), used, board.renewals
    except errors.MinionError as exc:
        return type(exc), used, board.renewals


@pytest.mark.parametrize('outcomes, tries, seconds, expected', [
    (['yes'], 3, None, ('yes', 1, 0)),
    ([errors.RequestTimeout('a'), errors.RequestTimeout('b'), 'yes'], 3, None, ('yes', 3, 0)),
    ([errors.RequestTimeout('a')] * 3, 3, None, (errors.RequestTimeout, 3, 0)),
    ([errors.RequestTimeout('a')], 3, 5.0, (errors.RequestTimeout, 1, 0)),
    ([errors.RequestTimeout('a'), errors.RequestRefused('b'), 'yes'], 2, None, ('yes', 3, 1)),
    ([errors.RequestRefused('b')] * 2, 3, None, (errors.RequestRefused, 2, 1)),
])
def test_requests_are_tried_again(outcomes, tries, seconds, expected):
    answer, used, renewals = asked(outcomes, tries, seconds)
    assert (answer, len(used), renewals) == expected


# ---- no_proxy, environment

@pytest.mark.parametrize('names, target, through', [
    ([], 'a.example', True), (['a.example'], 'a.example', False), (['A.example'], 'a.EXAMPLE', False),
    (['example'], 'a.example', True), ('a.example', 'a.example', False)])
def test_hosts_that_are_reached_without_the_proxy(names, target, through):
    module = compat.import_urllib()[0]
    settings = {'proxy_host': 'p', 'proxy_port': 3128, 'no_proxy': names}
    handler, = webfetch.proxies(module, settings, target)
    assert handler.proxies == ({'http': 'http://p:3128', 'https': 'http://p:3128'} if through else {})
    assert webfetch.proxies(module, {'no_proxy': names}, target) == []


@pytest.mark.parametrize('text, expected, note', [
    ('environment: dev\n', 'dev', 'taken as that'), ('environment: dev\nsaltenv: prod\n', 'prod', 'ignored'),
    ('id: x\n', None, None)])
def test_the_older_name_of_saltenv(tmpdir, text, expected, note):
    tmpdir.join('minion').write(text)
    conf = config.load(str(tmpdir))
    assert conf['saltenv'] == expected and conf.plain().get('saltenv') == expected
    assert [note for _, line in conf.notes if 'environment' in line] == ([note] if note else [])
    assert note is None or note in [line for _, line in conf.notes if 'environment' in line][0]


# ---- minion_sign_messages

def as_a_master(wire):
    """What a master checks the signature against: what came, less three fields, packed by msgpack of today."""
    tree = msgpack.unpackb(wire, raw=True, object_pairs_hook=lambda pairs: OrderedDict(
        (texts(key), texts(value)) for key, value in pairs))
    bare = OrderedDict((name, value) for name, value in tree.items() if name not in ('tok', 'nonce', 'sig'))
    return tree, msgpack.packb(bare, use_bin_type=True)


def texts(value):
    if isinstance(value, bytes):
        try:
            return value.decode('utf-8')
        except UnicodeDecodeError:
            return value
    return [texts(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize('value', [
    True, u'gr\xfc\xdfe' * 50, b'\xff\xfe' * 200, {'b': {'c': [1, 2.5, None, {'d': 'x' * 300}]}, 'a': 'y'}])
def test_returns_are_signed_as_masters_check_it(value):
    private = testkeys.private('minion')
    load = protocol.GENERATIONS[3].dress(dict(LOAD, **{'return': value}), protocol.Identity(
        'm1', private, '', b'proof', '', 'PKCS1v15-SHA1'), 'n' * 32, 1234.5)
    tree, checked = as_a_master(payload.pack(protocol.signed(load, private, 'PKCS1v15-SHA1')))
    assert list(tree)[-1] == 'sig' and tree['ts'] == 1234 and tree['nonce'] == 'n' * 32
    private.public.verify(checked, tree['sig'], 'PKCS1v15-SHA1')
    with pytest.raises(errors.BadSignature):
        private.public.verify(checked + b'x', tree['sig'], 'PKCS1v15-SHA1')


@pytest.mark.parametrize('signs, cmd, expected', [
    (True, '_return', True), (True, '_minion_event', True), (True, '_pillar', False), (False, '_return', False)])
def test_what_is_signed(signs, cmd, expected):
    private, sent = testkeys.private('minion'), []

    class Box(object):
        def dumps(self, load):
            sent.append(load)
            return b''
    session = namedtuple('Session', 'generation session_crypticle')(protocol.GENERATIONS[3], Box())
    protocol.seal(session, protocol.Identity('m1', private, '', b'proof', '', 'PKCS1v15-SHA1', signs), {'cmd': cmd}, 1.0)
    assert ('sig' in sent[0]) is expected


# ---- source_interface_name

CARDS = {'eth0': {'up': True, 'inet': [{'address': '10.0.0.5'}, {'address': '10.0.0.6'}],
                  'inet6': [{'address': 'fe80::1', 'scope': 'link'}, {'address': '2001:db8::5', 'scope': 'global'}]},
         'eth1': {'up': False, 'inet': [{'address': '10.0.0.7'}]}, 'eth2': {'up': True, 'inet': [{'address': '10.0.0.8'}]}}


@pytest.mark.parametrize('name, address, target, expected, told', [
    ('', '', '10.0.0.1', '', ''), ('', '10.0.0.9', '10.0.0.1', '10.0.0.9', ''),
    ('eth0', '10.0.0.9', '10.0.0.1', '10.0.0.5', ''),
    ('eth0', '', '2001:db8::1', '2001:db8::5', ''), ('eth1', '', '10.0.0.1', '', 'eth1 is down'),
    ('eth9', '', '10.0.0.1', '', 'eth9 is not there'), ('eth2', '', '2001:db8::1', '', 'eth2 has no address of the kind'),
])
def test_the_address_that_connections_come_from(name, address, target, expected, told, caplog):
    source = outgoing.Source(name, address, lambda: CARDS)
    assert [source.address_for(target) for _ in range(3)] == [expected] * 3
    assert caplog.text.count('source_interface_name') == bool(told) and told in caplog.text


def test_the_loopback_has_its_address():
    assert outgoing.Source('lo', '').address_for('127.0.0.1') == '127.0.0.1'


# ---- modules_max_memory

HUNGRY = 'taken = bytearray(400 << 20)\n\n\ndef f():\n    return 1\n'


@pytest.mark.parametrize('most, expected', [(-1, True), (64 << 20, False)])
def test_the_import_of_a_module_takes_so_much_memory(tmpdir, most, expected):
    before = resource.getrlimit(resource.RLIMIT_AS)
    tmpdir.mkdir('modules').join('mtst_hungry.py').write(HUNGRY)
    functions = Loader({'extension_modules': str(tmpdir), 'modules_max_memory': most}).functions
    assert ('mtst_hungry.f' in functions) is expected
    assert expected or 'MemoryError' in functions.missing('mtst_hungry.f')
    assert resource.getrlimit(resource.RLIMIT_AS) == before and functions['test.ping']() is True


# ---- settings of which nothing comes

def test_a_setting_without_effect_is_named_in_the_log(tmpdir):
    tmpdir.join('minion').write('pillar_cache: true\npillar_opts: false\n')
    said = [line for level, line in config.load(str(tmpdir)).notes if 'no effect here' in line]
    assert [line.split(': ')[1] for line in said] == ['pillar_cache']
    assert said[0].endswith('no effect here: each call renders what lies there now')
