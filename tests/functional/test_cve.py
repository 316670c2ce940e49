"""Advisories against the reference and what each asks of a minion: publications and sign-ins.

Requests and what is kept: test_cve_requests.py; what needs no wire: unit/test_cve.py.
"""
from __future__ import absolute_import, division, print_function

import pytest

from minion import compat, crypticle, payload
from tests.support import faults, testkeys
from tests.support.liveagent import LiveAgent
from tests.support.waiting import wait_until

KEY, OTHER = testkeys.private('master'), testkeys.private('other')
START = 'salt/minion/m1/start'


@pytest.fixture
def master(tmpdir, request):
    with faults.FaultyMaster(str(tmpdir.join('master')), getattr(request, 'param', 3), KEY, auto_accept=True) as made:
        yield made


def agent(tmpdir, master, **settings):
    return LiveAgent(tmpdir.join('minion'), master, **settings)


def works(minion):
    assert minion.call('test.ping')['return'] is True


def starts(master):
    return sum(event['tag'] == START for event in master.events)


def run_nothing(master, minion, count):
    """Since `count` returns nothing was run but this ping."""
    works(minion)
    assert len(master.returns) == count + 1 and minion.alive()


# ---- the publish port

JOB = {'fun': 'test.ping', 'arg': [], 'tgt': '*', 'jid': '20260101000000000001', 'user': 'root', 'ret': ''}
NESTED = b'\x81' + b'\xa1a\x81' * 5000 + b'\xa1a\xc0'


@pytest.mark.parametrize('frame', [
    payload.pack({'enc': 'clear', 'load': JOB}), payload.pack({'enc': 'pub', 'load': JOB}), payload.pack(JOB),
    payload.pack({'enc': 'clear', 'load': payload.pack(JOB)}), payload.pack({'enc': 'pub', 'load': payload.pack(JOB)}),
    payload.pack({'enc': 'aes', 'load': JOB}), payload.pack({'enc': 'aes', 'load': payload.pack(JOB)}),
    payload.pack({'enc': 'aes', 'load': crypticle.Crypticle(compat.to_bytes(crypticle.new_key())).dumps(JOB)}),
    b'', b'\x00', b'\xc1' * 1000, b'\xdf\xff\xff\xff\xff', b'x' * (4 << 20), NESTED], ids=[
        'clear', 'pub', 'bare', 'clear-packed', 'pub-packed', 'aes-map', 'aes-plain', 'other-key', 'empty', 'zero', 'never',
        'long-map', 'huge', 'nested'])
def test_cve_2016_1866_what_is_not_under_the_aes_key_runs_nothing(tmpdir, master, frame):
    with agent(tmpdir, master).ready() as minion:
        works(minion)
        count = len(master.returns)
        fault = master.add(faults.Replace(frame, stage='emit'))
        master.publish('test.ping', [])
        minion.wait_log('a publication (is refused|cannot be read)')
        assert fault.acted == 1
        run_nothing(master, minion, count)


@pytest.mark.parametrize('change', [
    lambda package: package.pop('sig') and None, lambda package: dict(package, sig=b''),
    lambda package: dict(package, sig=OTHER.sign(package['load'], 'PKCS1v15-SHA1'), sig_algo='PKCS1v15-SHA1'),
    lambda package: dict(package, sig_algo='none'), lambda package: dict(package, sig=package['sig'][:-1] + b'\0'),
    lambda package: dict(package, sig=True)], ids=['none', 'empty', 'foreign', 'algorithm', 'spoilt', 'odd'])
def test_cve_2017_7893_a_minion_that_knows_the_aes_key_is_no_master(tmpdir, master, change):
    with agent(tmpdir, master).ready() as minion:
        works(minion)
        count = len(master.returns)
        master.add(faults.Change('package', change))
        master.publish('cmd.run', ['touch %s' % tmpdir.join('ran')])
        minion.wait_log('a publication is refused.*check of signature')
        run_nothing(master, minion, count)
    assert not tmpdir.join('ran').check()


@pytest.mark.parametrize('later', ['at once', 'an older one', 'after a reconnect', 'after a restart'])
def test_cve_2022_22936_a_publication_replayed(tmpdir, master, later):
    path, kept = tmpdir.join('ran'), []
    master.add(faults.Change('package', lambda package: kept.append(package), times=None))
    with agent(tmpdir, master).ready() as minion:
        minion.call('cmd.run', ['echo x >> %s' % path])
        if later == 'an older one':
            works(minion)
            works(minion)
        if later == 'after a reconnect':
            known = len(master.journal.subscriptions)
            master.stop()
            master.start()
            master.journal.wait_subscriptions(known + 1, 10)
        if later != 'after a restart':
            replay(master, kept)
            minion.wait_log('check of replay')
            works(minion)
    if later == 'after a restart':
        known = starts(master)
        with agent(tmpdir, master) as minion:
            master.wait(lambda: starts(master) > known, 10, 'its start')
            replay(master, kept)
            minion.wait_log('check of replay')
            works(minion)
    assert path.read().split() == ['x']
    assert len(set(load['jid'] for load in master.returns)) == len(master.returns)


def replay(master, kept):
    """Send the first package once more."""
    package = kept[0]
    master.clear()
    master.add(faults.Change('package', lambda outer: package))
    master.publish('test.ping', [])


def test_cve_2022_22941_cve_2022_22967_the_target_is_checked_here_too(tmpdir, master):
    with agent(tmpdir, master).ready() as minion:
        count = len(master.returns)
        for target, kind in (('other*', 'glob'), ('^other', 'pcre'), (['other', 'm2'], 'list'), ('os:NoSuch', 'grain'),
                             ('a:b', 'pillar'), ('not m1', 'compound'), ('G@os:NoSuch or other', 'compound'),
                             ('10.99.0.0/24', 'ipcidr'), ('nosuch', 'nodegroup'), ('*', 'nosuchtype')):
            master.publish('test.ping', [], tgt=target, tgt_type=kind)
        run_nothing(master, minion, count)


def test_cve_2020_11651_cve_2020_11652_what_is_denied_here_is_denied_to_the_master(tmpdir, master):
    """A master that was taken over meets the local lists; who asked for what is in the log."""
    path = tmpdir.join('ran')
    with agent(tmpdir, master, whitelist_modules=['test', 'saltutil']).ready() as minion:
        found = minion.call('cmd.run', ['echo x >> %s' % path], user='sudo_mallory')
        assert "'cmd.run' is not available." in found['return'] and found['success'] is False
        assert minion.call('test.echo', ['x'], user='sudo_mallory')['return'] == 'x'
        for fun in ('cmd.run', 'test.echo'):
            minion.wait_log(r'INFO job \d{20} from sudo_mallory at 127.0.0.1: %s' % fun)
    assert not path.check()


def test_cve_2025_22236_events_and_answers_are_data(tmpdir, master):
    """Whatever a master answers, jobs come from the publish port alone: there is no local bus that takes any."""
    job = dict(JOB, tag='minion_event', data={'fun': 'test.ping', 'jid': JOB['jid']}, cmd='minion_event')
    with agent(tmpdir, master).ready() as minion:
        works(minion)
        count = len(master.returns)
        master.add(faults.Change('reply', lambda value: job, times=None))
        for _ in range(3):
            works(minion)
        assert minion.call('event.send', ['salt/job/1/publish', job])['return'] is True
        assert len(master.returns) == count + 4
        assert all(load['jid'] != JOB['jid'] for load in master.returns)


# ---- sign-in

def lie(ret):
    """A verdict that anybody on the way can make up."""
    return lambda: faults.Replace(payload.pack({'enc': 'clear', 'load': {'ret': ret}}), command='_auth', times=None)


@pytest.mark.parametrize('wrong', [
    lie(False), lie('full'), lie(True), lambda: faults.wrong_nonce(times=None),
    lambda: faults.signed_by(OTHER, times=None), lambda: faults.garbage(command='_auth', times=None),
    lambda: faults.Change('signed sign-in', lambda outer: dict(
        outer, load=payload.pack({'ret': False, 'nonce': 'x'})), times=None),
    lambda: faults.set_field('sign-in', 'pub_key', OTHER.public.pem, times=None),
], ids=['rejected', 'full', 'pending', 'nonce', 'foreign', 'garbage', 'unsigned-verdict', 'other-key'])
@pytest.mark.parametrize('contact', ['later', 'first'])
def test_cve_2022_22935_no_lie_at_sign_in_ends_the_process(tmpdir, master, wrong, contact):
    """`rejected_retry: False` asks to end at a rejection: at one that the master has signed."""
    if contact == 'later':
        with agent(tmpdir, master).ready():
            pass
    fault = master.add(wrong())
    asked, known = master.requests['_auth'], starts(master)
    with agent(tmpdir, master, rejected_retry=False, auth_timeout=0.5) as minion:
        wait_until(lambda: master.requests['_auth'] >= asked + 3, 20, 'tries that go on')
        assert minion.alive() and fault.acted >= 2 and starts(master) == known
        master.clear()
        master.wait(lambda: starts(master) > known, 20, 'its start with the real master')
        works(minion)


@pytest.mark.parametrize('lower', [0, 2])
@pytest.mark.parametrize('allowed', [0, 2], ids=lambda number: 'minimum %d' % number)
def test_cve_2025_62349_no_way_back_to_an_older_protocol(tmpdir, lower, allowed):
    """The same key, on the same ports, speaks as an old master would: refused whatever the settings allow."""
    with faults.FaultyMaster(str(tmpdir.join('new')), 3, KEY, auto_accept=True) as new:
        with agent(tmpdir, new, minimum_auth_version=allowed).ready():
            pass
        ports = dict(ret_port=new.ret_port, publish_port=new.publish_port)
        new.stop()
        with faults.FaultyMaster(str(tmpdir.join('old')), lower, KEY, auto_accept=True, **ports) as old:
            seen = old.add(faults.Note()).seen
            with agent(tmpdir, new, minimum_auth_version=allowed) as minion:
                minion.wait_log('a downgrade is refused|has signed before|the answer is not signed')
                old.wait(lambda: old.requests['_auth'] >= 3, 20, 'more tries')
                assert old.returns == old.events == [] and minion.alive()
        assert set(payload.unpack(frame)[b'version'] for frame in seen) == {3}
        new.start()
        known = starts(new)
        with agent(tmpdir, new, minimum_auth_version=allowed) as minion:
            new.wait(lambda: starts(new) > known, 20, 'its start with the real master')
            works(minion)


def test_cve_2025_62349_bad_load_is_no_reason_to_speak_an_older_protocol(tmpdir, master):
    seen = master.add(faults.Note()).seen
    with agent(tmpdir, master).ready() as minion:
        master.add(faults.refusal(times=20))
        jid = master.publish('test.ping', [])
        minion.wait_log('bad load')
        assert master.wait_return(jid, 'm1', 30)['return'] is True
    assert len(seen) > 5 and set(payload.unpack(frame)[b'version'] for frame in seen) == {3}
