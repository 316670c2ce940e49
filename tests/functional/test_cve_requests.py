"""Advisories against the reference and what each asks of a minion: requests, and what stays on the disk."""
from __future__ import absolute_import, division, print_function

import os
import stat

import pytest

from minion import compat, crypticle, payload, protocol
from tests.support import faults, testkeys
from tests.support.liveagent import LiveAgent
from tests.support.minionprocess import MinionProcess
from tests.support.waiting import wait_until

KEY, OTHER = testkeys.private('master'), testkeys.private('other')
MINE = testkeys.private('minion').public
START = 'salt/minion/m1/start'


@pytest.fixture
def master(tmpdir):
    with faults.FaultyMaster(str(tmpdir.join('master')), 3, KEY, auto_accept=True) as made:
        yield made


def agent(tmpdir, master, **settings):
    return LiveAgent(tmpdir.join('minion'), master, **settings)


def works(minion):
    assert minion.call('test.ping')['return'] is True


def starts(master):
    return sum(event['tag'] == START for event in master.events)


# ---- requests

@pytest.mark.parametrize('field', ['tok', 'id', 'ts'])
def test_cve_2024_38822_a_master_that_asks_for_every_proof_is_served(tmpdir, master, field):
    """And one whose requests lack a field is refused by it, which shows that it does ask."""
    master.settings['request_server_ttl'] = 60
    with agent(tmpdir, master).ready() as minion:
        works(minion)
        assert minion.agent._way.request({'cmd': '_master_opts', 'env_only': True})
        minion.agent._way.close_channel()
        assert master.requests['refused'] == 0
        for command in ('_return', '_minion_event', '_pillar', '_master_opts'):
            assert master.requests[command] > 0
        dress = protocol.Generation3.dress
        protocol.Generation3.dress = lambda *given: dict(item for item in dress(*given).items() if item[0] != field)
        try:
            master.publish('test.ping', [])
            master.wait(lambda: master.journal.refusals, 20, 'a refusal')
        finally:
            protocol.Generation3.dress = dress


def test_cve_2024_38823_a_retry_is_another_request(tmpdir, master):
    """Answers get lost: what is sent again has another nonce, and differs in every byte of its load."""
    seen = master.add(faults.Note()).seen
    with agent(tmpdir, master).ready() as minion:
        del seen[:]
        master.add(faults.Drop(command='_return', times=2))
        works(minion)
        master.wait(lambda: master.requests['_return'] >= 3, 20, 'two more tries')
        box = crypticle.Crypticle(compat.to_bytes(master.session('m1')))
        loads = [box.loads(payload.unpack(frame)[b'load']) for frame in seen]
        tries = [load for load in loads if load[b'cmd'] == b'_return']
        assert len(tries) == 3 and len(set(load[b'nonce'] for load in tries)) == 3
        assert len(set(load[b'jid'] for load in tries)) == 1 and tries[0][b'ts'] <= tries[1][b'ts'] <= tries[2][b'ts']
        assert len(set(seen)) == len(seen)


def test_cve_2022_22936_an_answer_belongs_to_its_question(tmpdir, master):
    """The answer to one request is put in the place of the answer to the next."""
    numbers = iter(range(1000))
    with agent(tmpdir, master).ready() as minion:
        ask, load = minion.agent._way.request, {'cmd': '_master_opts', 'env_only': True}
        master.add(faults.Change('reply', lambda value: {'answer': next(numbers)}, command='_master_opts', times=None))
        fault = master.add(faults.Replay(command='_master_opts', times=2))
        try:
            first, second = ask(load), ask(load)
        finally:
            minion.agent._way.close_channel()
        assert fault.acted == 2 and (first['answer'], second['answer']) == (0, 2)     # asked anew after the wrong answer 0


def pillar_of(minion):
    return minion.agent._world.loader().pillar.get('kept')


def test_cve_2022_22934_a_pillar_that_was_not_made_for_this_request(tmpdir, master):
    """An older one of the same minion, and one that nobody signed."""
    master.settings['pillar'] = {'kept': 'old'}
    replayed = master.add(faults.Replay(command='_pillar', times=None))
    with agent(tmpdir, master).ready() as minion:
        assert pillar_of(minion) == 'old'
        master.clear()
        master.settings['pillar'] = {'kept': 'new'}
        assert minion.call('saltutil.refresh_pillar')['return'] is True
        wait_until(lambda: pillar_of(minion) == 'new', 10, 'the new pillar')
        once = compat.to_bytes(crypticle.new_key())
        forged = {'key': MINE.encrypt(once, 'OAEP-SHA1'), 'pillar': crypticle.Crypticle(once).dumps({'kept': 'forged'})}
        body = payload.pack({'key': forged['key'], 'pillar': {'kept': 'forged'}, 'nonce': 'x' * 32})
        foreign = dict(forged, pillar=crypticle.Crypticle(once).dumps(
            {'data': body, 'sig': OTHER.sign(body, 'PKCS1v15-SHA1')}))
        for wrong in (replayed, faults.Replace(forged, command='_pillar', times=None),
                      faults.Replace(foreign, command='_pillar', times=None)):
            master.add(wrong)
            mark = minion.mark()
            minion.call('saltutil.refresh_pillar')
            minion.wait_log('the pillar cannot be had.*the last one stays in force', after=mark)
            assert pillar_of(minion) == 'new'
            master.clear()
        works(minion)


def test_cve_2023_20897_every_frame_that_is_sent_is_whole(tmpdir, master):
    """Also where answers are late, cut or missing: no half message, no second question on a socket that waits."""
    seen = master.add(faults.Note()).seen
    with agent(tmpdir, master).ready() as minion:
        master.add(faults.Drop(command='_return', times=5), faults.Truncate(keep=5, command='_return', times=3))
        jids = [master.publish('test.echo', ['x' * size]) for size in (0, 10, 70000, 1 << 20)]
        for jid in jids:
            master.wait_return(jid, 'm1', 40)
        works(minion)
    assert len(seen) > 10
    for frame in seen:
        outer = payload.unpack(frame)
        assert sorted(outer) in ([b'enc', b'load', b'version'],
                                 [b'enc', b'enc_algo', b'id', b'load', b'sig_algo', b'version'])
    assert None not in master.journal.refusals and master.requests['refused'] == 0


# ---- what stays text, what stays closed, what stays unsaid

def test_cve_2021_25283_what_looks_like_a_template_stays_text(tmpdir, master):
    path = tmpdir.join('ran')
    text = "{{ ''.__class__.__mro__[1].__subclasses__() }}{{ salt['cmd.run']('touch %s') }}{%% raw %%}" % path
    master.settings['pillar'] = {'kept': text}
    with agent(tmpdir, master, grains={'kept': text}).ready() as minion:
        assert minion.call('grains.get', ['kept'])['return'] == text
        assert minion.call('config.get', ['kept'])['return'] == text
        assert minion.call('test.echo', [text])['return'] == text
        assert minion.call('cmd.run', ['printf %s "$0" ' + "'x'"])['retcode'] == 0
        assert pillar_of(minion) == text
    assert not path.check()


def test_cve_2015_8034_nothing_that_is_kept_can_be_read_by_others(tmpdir, master):
    """After a whole run under umask 000."""
    before = os.umask(0)
    try:
        with MinionProcess(str(tmpdir.join('minion')), master, key=testkeys.path('minion')) as minion:
            master.wait_event(START, 40)
            jid = master.publish('cmd.run', ['echo x; umask'])
            assert master.wait_return(jid, 'm1', 10)['return'] == 'x\n0022'
            master.publish('test.sleep', [60])
            wait_until(lambda: os.listdir(os.path.join(minion.folder, 'cache', 'proc')), 10, 'a proc file')
            open_to_all = walk(minion.folder)
            assert minion.stop() == 0
            open_to_all += walk(minion.folder)
            assert stat.S_IMODE(os.stat(minion.log).st_mode) == 0o640
    finally:
        os.umask(before)
    assert open_to_all == []


# public keys, the file for monitors, the log (whose group may read it), and what the test itself has put there
NO_SECRET = ('minion.pub', 'minion_master.pub', 'minion.status', 'log', 'minion.pid', 'output', 'conf')


def walk(top):
    """[(path, mode)] of what others may read or enter below a folder, but what is no secret."""
    found = []
    for folder, folders, names in os.walk(top):
        for name in folders + names:
            path = os.path.join(folder, name)
            mode = stat.S_IMODE(os.lstat(path).st_mode)
            if mode & 0o077 and name not in NO_SECRET and os.path.basename(folder) not in NO_SECRET:
                found.append((path, oct(mode)))
    return found


@pytest.mark.parametrize('level', ['all', 'debug', 'info'])
def test_cve_2015_6918_cve_2021_25284_no_secret_in_log_or_what_stays_on_disk(tmpdir, master, level):
    marks = ['hunter%d' % number for number in range(6)]
    master.settings['pillar'] = {'mysql': {'password': marks[0]}}
    settings = {'log_level': level, 'log_level_logfile': level, 'proxy_password': marks[1]}
    with MinionProcess(str(tmpdir.join('minion')), master, key=testkeys.path('minion'), **settings) as minion:
        master.wait_event(START, 40)
        for fun, arg in (('test.echo', ['password=' + marks[2]]), ('test.arg', [{'password': marks[3], '__kwarg__': True}]),
                         ('cmd.run', ['true', {'env': {'DB_PASS': marks[4]}, '__kwarg__': True}]),
                         ('config.get', ['mysql']), ('saltutil.refresh_pillar', []),
                         ('cmd.run', ['echo ' + marks[5], {'output_loglevel': 'quiet', '__kwarg__': True}])):
            master.wait_return(master.publish(fun, arg), 'm1', 10)
        spool = os.path.join(minion.folder, 'cache', 'spool')
        wait_until(lambda: not os.listdir(spool), 10, 'an empty spool')
        assert minion.stop() == 0
        for mark in marks:
            assert mark not in minion.text(), mark
    assert os.listdir(os.path.join(minion.folder, 'cache', 'proc')) == []


def test_cve_2016_9639_a_new_key_is_a_new_minion(tmpdir, master):
    """What the old key was owed stays in the spool and is not sent under the new one."""
    with agent(tmpdir, master).ready() as minion:
        master.add(faults.Drop(stage='arrive', times=None))
        master.publish('test.echo', ['of the old key'])
        minion.wait_log('a return was not taken')
    master.clear()
    count, known = len(master.returns), starts(master)
    pki = tmpdir.join('minion', 'etc', 'salt', 'pki', 'minion')
    for name in ('minion.pem', 'minion.pub'):
        pki.join(name).remove()
    pki.join('minion.pem').write_binary(OTHER.to_pem())
    os.chmod(str(pki.join('minion.pem')), 0o400)
    master.delete('m1')
    with agent(tmpdir, master) as minion:
        master.wait(lambda: starts(master) > known, 20, 'its start under the new key')
        works(minion)
        assert len(master.returns) == count + 1 and 'of the old key' not in [load['return'] for load in master.returns]
        assert len(os.listdir(os.path.join(minion.cache, 'spool'))) >= 1
