# -*- coding: utf-8 -*-
"""The main job, with every master and every Python: sign in, run what is asked, return the outcome."""
from __future__ import absolute_import, division, print_function

import pytest

ECHO = u'gr\xfc\xdfe \u65e5\u672c \U0001f600'
COMMAND = 'echo out; echo err >&2; exit 3'


@pytest.fixture
def answer(master, minion):
    """Runs a function on the minion of this test; the whole return of it."""
    def run(fun, *arg, **options):
        target = options.pop('tgt', minion.minion_id)
        whole = master.run(target, fun, *arg, **options)
        assert list(whole) == [minion.minion_id], 'answers from %r\n%s' % (sorted(whole), minion.tail())
        return whole[minion.minion_id]
    return run


def test_pending_key_is_logged_with_its_fingerprint(crew, minion):
    fingerprint = crew.fingerprints[minion.minion_id]
    assert fingerprint and fingerprint in crew.pending[minion.minion_id]


def test_log_names_the_command_that_accepts_the_key(crew, minion):
    assert 'salt-key -a %s' % minion.minion_id in crew.pending[minion.minion_id]


def test_ping(answer):
    whole = answer('test.ping')
    assert (whole['ret'], whole['retcode']) == (True, 0)


def test_text_comes_back_as_it_went(answer):
    assert answer('test.echo', ECHO)['ret'] == ECHO


def test_command_with_output_error_and_status(answer):
    whole = answer('cmd.run_all', COMMAND, kwarg={'python_shell': True})
    ran = whole['ret']
    assert (ran['stdout'], ran['stderr'], ran['retcode']) == ('out', 'err', 3)
    assert whole['retcode'] == 3 and ran['pid'] > 0


def test_grains(answer, minion, python):
    grains = answer('grains.items', timeout=30)['ret']
    assert grains['id'] == minion.minion_id
    assert grains['kernel'] == 'Linux'
    assert '.'.join(str(number) for number in grains['pythonversion'][:2]) == python


def test_unknown_function(answer):
    whole = answer('no.such')
    assert whole['ret'] == "'no.such' is not available."
    assert whole['retcode'] != 0


def test_list_target(answer, minion):
    assert answer('test.ping', tgt='nobody,%s' % minion.minion_id, tgt_type='list')['ret'] is True


def test_compound_target(answer, minion):
    target = 'G@kernel:Linux and L@%s,nobody and not E@nob.*' % minion.minion_id
    assert answer('test.ping', tgt=target, tgt_type='compound')['ret'] is True


def test_master_keeps_the_return(master, answer, minion):
    jid = answer('test.echo', 'kept')['jid']
    assert master.jobs_lookup(jid) == {minion.minion_id: 'kept'}
