"""Which master is asked how often, in which order, with which pauses; what ends the process. No sockets."""
from __future__ import absolute_import, division, print_function

import pytest

from minion import auth, compat, config, connector, crypticle, errors, masterlink, protocol, settings, sockets
from minion.wake import Bell
from tests.support import testkeys
from tests.support.names import FakeNames

SILENCE = errors.RequestTimeout('no answer')
WRONG_KEY = errors.UntrustedMaster('another key')
PENDING = errors.KeyPending('waits')
MASTER_KEY = testkeys.private('master').public


def grant():
    aes, session = [compat.to_bytes(crypticle.new_key()) for _ in range(2)]
    return auth.Grant(protocol.GENERATIONS[3], aes, session, 4505, MASTER_KEY)


class Scripted(connector.Connector):
    """Its masters answer as `answers` says: a map of host to a list of outcomes, the last of which holds for good."""

    def __init__(self, bell, answers, masters, minion_id='m1', names=None, **given):
        values = config.Config(dict(settings.defaults(), **given), dict.fromkeys(given, 'test'))
        key = testkeys.private('minion')
        identity = protocol.Identity(minion_id, key, key.public.pem, b'', 'OAEP-SHA1', 'PKCS1v15-SHA1')
        parts = dict(dict.fromkeys(masterlink.Office._fields), config=values, minion_id=minion_id, identity=identity,
                     tuning=sockets.options(values, 0, 0), lookup=names)
        office = masterlink.Office(**parts)
        connector.Connector.__init__(self, office, bell, masters)
        self.answers, self.asked, self.pauses = answers, [], []

    def _grant(self, uri):
        host = uri.split('//')[1].rpartition(':')[0]
        self.asked.append(host)
        outcomes = self.answers[host]
        outcome = outcomes.pop(0) if len(outcomes) > 1 else outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return grant()

    def pause(self, seconds):
        self.pauses.append(seconds)


@pytest.fixture
def bell():
    made = Bell()
    yield made
    made.close()


@pytest.fixture
def script(bell):
    return lambda answers, masters=('10.0.0.1',), **given: Scripted(bell, answers, masters, **given)


def rejected(signed):
    error = errors.KeyRejected('rejected')
    error.signed = signed
    return error


# ---- one master

@pytest.mark.parametrize('given, factors', [
    ({}, [1, 1, 1, 1]), ({'acceptance_wait_time_max': 60}, [1, 2, 4, 6]),
    ({'acceptance_wait_time_max': 5}, [1, 1, 1, 1]),
])
def test_the_pause_doubles_up_to_its_limit(script, given, factors):
    asked = script({'10.0.0.1': [PENDING] * 4 + [None]}, acceptance_wait_time=10, **given)
    asked.connect()
    assert [pause / asked.pauses[0] for pause in asked.pauses] == pytest.approx(factors)
    assert 7.5 <= asked.pauses[0] <= 12.5


def test_the_pause_is_spread_by_id(script):
    pauses = {}
    for name in ('m1', 'm2', 'm3', 'm4', 'm1'):
        asked = script({'10.0.0.1': [PENDING, None]}, minion_id=name)
        asked.connect()
        assert pauses.setdefault(name, asked.pauses) == asked.pauses
    assert len(set(pause for pause, in pauses.values())) == 4


def test_no_pause_is_no_spinning(script):
    asked = script({'10.0.0.1': [PENDING, None]}, acceptance_wait_time=0)
    asked.connect()
    assert asked.pauses[0] >= 0.75


def test_auth_tries_in_a_row_then_a_pause(script):
    asked = script({'10.0.0.1': [SILENCE] * 7 + [None]}, auth_tries=3)
    asked.connect()
    assert len(asked.asked) == 8 and len(asked.pauses) == 2


@pytest.mark.parametrize('outcome', [
    WRONG_KEY, PENDING, errors.SignInRefused('bad load'), errors.BadPayload('garbage')])
def test_an_answer_that_is_no_silence_is_not_asked_for_again_at_once(script, outcome):
    asked = script({'10.0.0.1': [outcome, None]}, auth_tries=7)
    asked.connect()
    assert len(asked.asked) == 2 and len(asked.pauses) == 1


def test_random_reauth_delay_is_spread_by_id(script):
    found = [script({}, minion_id='m%d' % number, random_reauth_delay=60).spread() for number in range(50)]
    assert 0 <= min(found) < 10 and 50 < max(found) <= 60
    assert script({}).spread() <= connector.SMALL_FLEET_SPREAD


# ---- addresses of one name

def test_every_address_is_tried_in_each_try_and_a_fault_does_not_hide_the_next(script):
    names = FakeNames(salt=['10.0.0.1', '10.0.0.2', '10.0.0.3'])
    asked = script({'10.0.0.1': [SILENCE], '10.0.0.2': [WRONG_KEY], '10.0.0.3': [None]}, ['salt'], names=names)
    assert asked.connect().ret_uri == 'tcp://10.0.0.3:4506'
    assert asked.asked == ['10.0.0.1', '10.0.0.2', '10.0.0.3'] and asked.pauses == []


def test_a_verdict_of_our_master_is_not_asked_for_elsewhere(script):
    names = FakeNames(salt=['10.0.0.1', '10.0.0.2'])
    asked = script({'10.0.0.1': [PENDING, None], '10.0.0.2': [WRONG_KEY]}, ['salt'], names=names)
    asked.connect()
    assert asked.asked == ['10.0.0.1', '10.0.0.1']


def test_the_address_that_was_lost_is_tried_last_and_names_are_looked_up_anew(script):
    names = FakeNames(salt=['10.0.0.1', '10.0.0.2'])
    asked = script({'10.0.0.1': [None], '10.0.0.2': [SILENCE], '10.0.0.3': [None]}, ['salt'], names=names)
    first = asked.connect()
    again = asked.connect(lost=True)
    assert asked.asked == ['10.0.0.1', '10.0.0.2', '10.0.0.1'] and again.line == first.line + 1
    names.addresses['salt'] = ['10.0.0.3']
    assert asked.connect(lost=True).ret_uri == 'tcp://10.0.0.3:4506'


def test_an_unknown_name_waits_for_retry_dns_alone(script):
    names = FakeNames()
    asked = script({'10.0.0.1': [None]}, ['salt'], names=names, retry_dns=30)
    asked.pause = lambda seconds: (asked.pauses.append(seconds), names.addresses.update(salt=['10.0.0.1']))
    asked.connect()
    assert asked.pauses == [30]


def test_retry_dns_0_is_this_host_but_never_one_of_several(script):
    assert script({'127.0.0.1': [None]}, ['salt'], names=FakeNames(), retry_dns=0).connect().master == 'salt'
    asked = script({'10.0.0.2': [None]}, ['salt', '10.0.0.2'], names=FakeNames(), retry_dns=0)
    asked.connect()
    assert asked.asked == ['10.0.0.2'] and asked.pauses == []


# ---- several masters

THREE = ('10.0.0.1', '10.0.0.2', '10.0.0.3')


def test_one_try_for_each_in_order(script):
    asked = script({'10.0.0.1': [SILENCE], '10.0.0.2': [WRONG_KEY], '10.0.0.3': [None]}, THREE)
    assert asked.connect().master == '10.0.0.3'
    assert asked.asked == list(THREE) and asked.pauses == []


def test_a_lost_master_comes_last(script):
    asked = script(dict((name, [None]) for name in THREE), THREE)
    masters = [asked.connect().master] + [asked.connect(lost=True).master for _ in range(3)]
    assert masters == ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.1']


def test_a_new_key_is_no_reason_to_leave_a_master_for_one_lost_answer(script):
    asked = script({'10.0.0.1': [None, SILENCE, None, SILENCE], '10.0.0.2': [None]}, THREE)
    assert [asked.connect().master for _ in range(3)] == ['10.0.0.1', '10.0.0.1', '10.0.0.2']
    assert asked.asked == ['10.0.0.1'] * 5 + ['10.0.0.2']


def test_failback_looks_at_the_first_after_its_interval(script, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(compat, 'monotonic', lambda: now[0])
    asked = script({'10.0.0.1': [SILENCE, SILENCE, None], '10.0.0.2': [None]}, THREE, master_failback=True,
                   master_failback_interval=30)
    asked.connect()
    assert asked.until_failback() == 30 and not asked.failback_due()
    now[0] += 30
    assert asked.failback_due() and asked.failback() is None
    assert asked.until_failback() == 30                     # not at once again
    now[0] += 30
    assert asked.failback().master == '10.0.0.1' and asked.until_failback() is None


def test_a_first_master_that_does_not_last_is_looked_at_ever_later(script, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(compat, 'monotonic', lambda: now[0])
    asked = script({'10.0.0.1': [None], '10.0.0.2': [None]}, THREE, master_failback=True, master_alive_interval=10)
    asked.connect()
    gaps = []
    for _ in range(4):
        asked.connect(lost=True)
        gaps.append(asked.until_failback())
        now[0] += gaps[-1]
        assert asked.failback().master == '10.0.0.1'
        now[0] += 1
    assert gaps == [10, 20, 40, 80]
    now[0] += 1000                                          # it has proved itself
    asked.connect(lost=True)
    assert asked.until_failback() == 10


def test_without_master_failback_it_stays_where_it_is(script):
    asked = script({'10.0.0.1': [SILENCE], '10.0.0.2': [None]}, THREE)
    asked.connect()
    assert asked.until_failback() is None


# ---- giving up

@pytest.mark.parametrize('name', ['master_tries', 'auth_retries'])
def test_so_many_rounds_before_the_first_sign_in(script, name):
    asked = script({'10.0.0.1': [SILENCE], '10.0.0.2': [SILENCE], '10.0.0.3': [WRONG_KEY]}, THREE, **{name: 2})
    with pytest.raises(errors.MasterUnusable) as caught:
        asked.connect()
    assert caught.value.exit_code == 69 and name in str(caught.value)
    assert asked.asked == list(THREE) * 2


@pytest.mark.parametrize('given', [{}, {'master_tries': -1}, {'auth_retries': 0}, {'master_tries': 2, 'auth_safemode': True}])
def test_by_default_never(script, given):
    asked = script({'10.0.0.1': [SILENCE] * 40 + [None]}, auth_tries=1, **given)
    asked.connect()
    assert len(asked.pauses) == 40


def test_rounds_with_an_answer_of_the_master_do_not_count(script):
    asked = script({'10.0.0.1': [PENDING] * 5 + [None]}, master_tries=1)
    assert asked.connect().master == '10.0.0.1'


def test_never_after_the_first_sign_in(script):
    asked = script({'10.0.0.1': [None] + [SILENCE] * 10 + [None]}, master_tries=1, auth_tries=1)
    asked.connect()
    assert asked.connect(lost=True).number == 2


def test_a_signed_rejection_ends_it_where_asked_once_no_other_master_takes_us(script):
    asked = script({'10.0.0.1': [rejected(True)], '10.0.0.2': [None], '10.0.0.3': [None]}, THREE, rejected_retry=False)
    assert asked.connect().master == '10.0.0.2'
    with pytest.raises(errors.KeyRejected):
        script({'10.0.0.1': [rejected(True)]}, rejected_retry=False).connect()


@pytest.mark.parametrize('given, signed', [
    ({}, True), ({'rejected_retry': True}, True), ({'rejected_retry': False}, False)])
def test_any_other_rejection_does_not(script, given, signed):
    asked = script({'10.0.0.1': [rejected(signed)] * 3 + [None]}, **given)
    asked.connect()
    assert len(asked.pauses) == 3
