"""A job that may not run, or for which there is no room, is returned as refused; those that wait have their turn."""
from __future__ import absolute_import, division, print_function

import os
import resource

import pytest

from tests.support import faults, testkeys
from tests.support.liveagent import LiveAgent
from tests.support.waiting import wait_until

BLACKOUT = ("ERROR executing '%s': Minion in blackout mode. Set 'minion_blackout' to False in pillar or grains to resume "
            "operations. Only saltutil.refresh_pillar allowed in blackout mode.")


@pytest.fixture(params=[0, 3], ids=['generation 0', 'generation 3'])
def master(tmpdir, request):
    with faults.FaultyMaster(str(tmpdir.join('master')), request.param, testkeys.private('master'), auto_accept=True) as made:
        yield made


def agent(tmpdir, master, **settings):
    return LiveAgent(tmpdir.join('minion'), master, **dict({'minimum_auth_version': 0 if master.generation == 0 else 2},
                                                           **settings))


def refused(found, text):
    """This return says that the job was not run, and why."""
    assert text in found['return']
    assert (found['retcode'], found['success'], found['out']) == (1, False, 'nested')


# ---- blackout

CLOSED = {'minion_blackout': True, 'minion_blackout_whitelist': ['test.echo']}


@pytest.mark.parametrize('source', ['pillar', 'grains'])
def test_blackout(tmpdir, master, source):
    path = tmpdir.join('ran')
    master.settings['pillar'] = CLOSED if source == 'pillar' else {}
    with agent(tmpdir, master, grains=CLOSED if source == 'grains' else {}).ready() as minion:
        for fun, arg in (('test.ping', []), ('saltutil.find_job', ['1']), ('cmd.run', ['echo x > %s' % path])):
            found = minion.call(fun, arg)
            refused(found, BLACKOUT % fun)
            assert found['return'] == BLACKOUT % fun and found['fun_args'] == arg
        assert minion.call('test.echo', ['w'])['return'] == 'w'
        assert minion.call('saltutil.refresh_pillar')['return'] is True
    assert not path.check()


def test_blackout_ends_with_the_pillar_that_asked_for_it(tmpdir, master):
    master.settings['pillar'] = {'minion_blackout': True}
    with agent(tmpdir, master).ready() as minion:
        refused(minion.call('test.ping'), BLACKOUT % 'test.ping')
        master.settings['pillar'] = {}
        assert minion.call('saltutil.refresh_pillar')['return'] is True
        assert minion.call('test.ping')['return'] is True


# ---- modules that are switched off

@pytest.mark.parametrize('settings', [{'disable_modules': ['cmdmod']}, {'whitelist_modules': ['test', 'saltutil']}],
                         ids=['disabled', 'not among the allowed'])
def test_a_disabled_module(tmpdir, master, settings):
    path = tmpdir.join('ran')
    with agent(tmpdir, master, **settings).ready() as minion:
        refused(minion.call('cmd.run', ['echo x > %s' % path]), "'cmd.run' is not available.")
        assert minion.call('test.ping')['return'] is True
    assert not path.check()


# ---- room

def test_low_memory(tmpdir, master):
    path = tmpdir.join('ran')
    with agent(tmpdir, master, job_free_memory=1000000).ready() as minion:
        refused(minion.call('cmd.run', ['echo x > %s' % path]), 'ERROR: this minion is short of memory: ')
        assert minion.call('test.ping')['return'] is True        # what tells how the minion is needs no room
        assert 'is refused: this minion is short of memory' in minion.text()
        wait_until(lambda: os.listdir(os.path.join(minion.cache, 'proc')) == [], 10, 'an empty proc folder')
    assert not path.check()


def test_too_many_descriptors_until_there_are_few(tmpdir, master):
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    with agent(tmpdir, master).ready() as minion:
        assert minion.call('test.echo', ['before'])['return'] == 'before'
        used = len(os.listdir('/proc/self/fd'))
        resource.setrlimit(resource.RLIMIT_NOFILE, (int(used * 1.6), limits[1]))
        held = []
        try:
            held += [os.open(os.devnull, os.O_RDONLY) for _ in range(int(used * 0.4))]
            refused(minion.call('test.echo', ['now']), 'ERROR: this minion is short of file descriptors: ')
            assert minion.call('test.ping')['return'] is True
        finally:
            for each in held:
                os.close(each)
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        assert minion.call('test.echo', ['after'])['return'] == 'after'


def test_a_refused_job_is_published_again(tmpdir, master):
    """It is known, so that it does not run now; its stored return is the answer."""
    with agent(tmpdir, master, job_free_memory=1000000).ready() as minion:
        found = minion.call('test.echo', ['x'])
        count = len(master.returns)
        master.publish('test.echo', ['x'], jid=found['jid'])
        master.wait(lambda: len(master.returns) > count, 10, 'the stored return')
        assert master.returns[-1]['return'] == found['return']


# ---- process_count_max

def test_process_count_max_lets_the_others_wait_in_order(tmpdir, master):
    path = tmpdir.join('ran')
    arg = 'echo begin >> %s; sleep 0.2; echo %%d >> %s' % (path, path)
    with agent(tmpdir, master, process_count_max=1).ready() as minion:
        jids = [master.publish('cmd.run', [arg % number]) for number in range(4)]
        for jid in jids:
            assert master.wait_return(jid, 'm1', 10)['retcode'] == 0
        assert minion.alive()
    assert path.read().split() == ['begin', '0', 'begin', '1', 'begin', '2', 'begin', '3']


@pytest.mark.parametrize('fun, signum', [('saltutil.kill_all_jobs', 9), ('saltutil.term_all_jobs', 15)])
def test_all_jobs_are_ended_and_each_is_returned(tmpdir, master, fun, signum):
    path = tmpdir.join('ran')
    with agent(tmpdir, master).ready() as minion:
        jids = [master.publish('cmd.run', ['echo x >> %s; sleep 300' % path]), master.publish('test.sleep', [300])]
        wait_until(lambda: path.check() and len(minion.agent._running) == 2, 10, 'two running jobs')
        said = minion.call(fun)['return']
        assert sorted(said) == ['Signal %d sent to job %s at pid %d' % (signum, jid, os.getpid()) for jid in jids]
        for jid in jids:
            found = master.wait_return(jid, 'm1', 10)
            assert (found['success'], found['retcode']) == (False, 1)
            assert 'interrupted by signal %d' % signum in found['return']
        wait_until(lambda: not len(minion.agent._running), 10, 'no running job')
        assert minion.call('saltutil.running')['return'] == []
        assert minion.call('saltutil.is_running', ['*'])['return'] == []


# it calls something, as Python 3.10 else never leaves such a loop for another thread: docs/promises.md
LOOP = '''
def forever(path):
    """Never leaves Python code."""
    with open(path, 'w') as stream:
        stream.write('x')
    number = 0
    while True:
        try:
            number = abs(number) + 1
        except Exception:
            pass
'''


def test_a_job_in_a_python_loop_is_ended(tmpdir, master):
    path, folder = tmpdir.join('ran'), tmpdir.join('own').ensure(dir=True)
    folder.join('endless.py').write(LOOP)
    with agent(tmpdir, master, module_dirs=[str(folder)]).ready() as minion:
        jid = master.publish('endless.forever', [str(path)])
        wait_until(lambda: path.check() and path.read(), 10, 'the job to begin')
        assert minion.call('saltutil.kill_job', [jid])['return'] == 'Signal 9 sent to job %s at pid %d' % (jid, os.getpid())
        found = master.wait_return(jid, 'm1', 10)
        assert found['success'] is False and 'interrupted by signal 9' in found['return']
        wait_until(lambda: not len(minion.agent._running), 10, 'no running job')
        assert minion.call('saltutil.find_job', [jid])['return'] == {}
        assert minion.call('test.echo', ['still here'])['return'] == 'still here'
