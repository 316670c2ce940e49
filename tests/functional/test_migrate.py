"""`minion migrate` on a host of the test's own: there, back, and what happens when it does not work."""
from __future__ import absolute_import, division, print_function

import json
import os
import stat

import pytest

from minion import files
from minion.demo.master import Master
from tests.support import testkeys
from tests.support.oldhost import OldHost
from tests.support.waiting import wait_until

LIVE = 30
JOURNAL = '/etc/salt/migration.json'
PEM = '/etc/salt/pki/minion/minion.pem'


@pytest.fixture
def master(tmpdir):
    with Master(str(tmpdir.join('master')), 3, testkeys.private('master'), auto_accept=True) as found:
        yield found


@pytest.fixture
def host(tmpdir, master):
    with OldHost(str(tmpdir.join('host')), id='m1', master='127.0.0.1', master_port=master.ret_port, auth_timeout=1,
                 auth_tries=1) as found:
        found.key(testkeys.path('minion'), 0o644)
        yield found


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def said(outcome, code, *words):
    """That exit code, and the words in the output, in this order."""
    text = ' '.join(outcome[1].split())
    places = [text.find(word) for word in words]
    assert outcome[0] == code and -1 not in places and places == sorted(places), outcome[1]
    return True


def test_there_and_back(host, master):
    assert host.call('service', 'salt-minion', 'start')[0] == 0
    wait_until(lambda: host.running() == ['salt-minion'], LIVE, 'the salt-minion')
    before, key = host.links(), files.read(PEM)
    assert any('/S' in link for link in before)

    outcome = host.migrate()
    assert said(outcome, 0, 'started at boot; runs as process', 'This minion is m1', 'Both halves match, 2048 bits',
                '1. service salt-minion stop', '2. update-rc.d salt-minion disable', '3. chmod 0400 ' + PEM,
                '4. minion service install', '/etc/init.d/minion', '5. service minion start', 'minion migrate --run')
    assert (host.links(), mode(PEM), host.running()) == (before, 0o644, ['salt-minion']) and not os.path.exists(JOURNAL)

    assert said(host.migrate('--run'), 0, 'service salt-minion stop', 'service minion start', 'listens to 127.0.0.1', 'Done')
    assert host.running() == ['minion'] and files.read(PEM) == key and mode(PEM) == 0o400 and mode(JOURNAL) == 0o600
    assert not any('/S' in link and 'salt' in link for link in host.links())
    assert any(link.endswith('S97minion') or link.endswith('S01minion') for link in host.links())
    assert master.wait_return(master.publish('test.ping'), 'm1', LIVE)['return'] is True
    assert said(host.migrate('--run'), 0, 'was taken over') and said(host.migrate(), 0, 'was taken over', '--back')
    assert host.running() == ['minion']

    assert said(host.migrate('--back'), 0, 'service minion stop', 'service salt-minion start', 'as it was before, salt-minion')
    assert (host.links(), mode(PEM), host.running()) == (before, 0o644, ['salt-minion'])
    assert not os.path.exists(JOURNAL) and not os.path.exists('/etc/init.d/minion')
    assert said(host.migrate('--back'), 1, 'minion migrate: there is no ' + JOURNAL)


def test_a_minion_that_does_not_listen_gives_the_host_back(host, master):
    assert host.call('service', 'salt-minion', 'start')[0] == 0
    before = host.links()
    host.impatient()
    master.stop()
    outcome = host.migrate('--run', '--wait', '6')
    master.start()
    assert said(outcome, 1, 'failed: this minion does not listen within 6 s', 'no answer from tcp://127.0.0.1',
                'minion migrate: this minion does not listen', 'all is as it was before, salt-minion runs as process')
    assert (host.links(), mode(PEM), host.running()) == (before, 0o644, ['salt-minion']) and not os.path.exists(JOURNAL)


def test_an_interrupted_migration_goes_on(host, master):
    """The power went after the salt-minion was stopped: the journal names the steps that were begun."""
    assert host.call('service', 'salt-minion', 'start')[0] == 0
    assert said(host.migrate('--run'), 0)
    with open(JOURNAL) as stream:
        facts = json.load(stream)
    assert host.call('service', 'minion', 'stop')[0] == 0
    facts.update(state='under way', begun=['stop', 'disable'])
    files.write(JOURNAL, json.dumps(facts).encode('utf-8'))
    assert said(host.migrate(), 0, 'was interrupted (stop, disable)')
    assert said(host.migrate('--run'), 0, 'going on', 'listens to') and host.running() == ['minion']
    assert said(host.migrate('--back'), 0) and host.running() == ['salt-minion']


def test_a_job_of_the_salt_minion_migrates_it(host, master):
    assert host.call('service', 'salt-minion', 'start')[0] == 0
    outcome = host.call(host.old, '--job', host.program, 'migrate', '--run')
    assert said(outcome, 0, 'begins when the job has returned')
    log = os.path.join(host.folder, 'minion-migrate.log')
    wait_until(lambda: b'Done. To undo it' in (files.read(log) or b''), LIVE, lambda: repr(files.read(log)))
    wait_until(lambda: host.running() == ['minion'], LIVE, lambda: repr(host.running()))
    assert mode(log) == 0o600


def test_what_is_in_the_way(host, master):
    os.unlink('/etc/init.d/salt-minion')
    assert said(host.migrate(), 1, 'There is no service salt-minion', 'Nothing can be done')
    assert said(host.migrate('--run'), 1, 'minion migrate: salt-minion: There is no service')
    assert said(host.migrate('--run', '--back'), 64, 'exclude each other')
    files.write(JOURNAL, b'{')
    assert said(host.migrate('--back'), 78, JOURNAL + ' is damaged')
