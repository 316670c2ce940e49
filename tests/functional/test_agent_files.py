"""Files, pillar and plug-ins of the master over the wire, in every generation of the protocol."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion import compat
from tests.support import faults, testkeys
from tests.support.liveagent import LiveAgent
from tests.support.waiting import wait_until

KEY = testkeys.private('master')
MODULE = u"""
from salt.exceptions import CommandExecutionError
from . import part
def answer():
    return [part.VALUE, __grains__.get('custom'), __pillar__.get('role'), __salt__['pillar.get']('role')]
"""
GRAIN = u"""
def custom(grains):
    return {'custom': 'on ' + grains['kernel']}
"""


@pytest.fixture
def master(tmpdir, request):
    generation = getattr(request, 'param', 3)
    with faults.FaultyMaster(str(tmpdir.join('master')), generation, KEY, auto_accept=True, file_recv=True,
                             pillar={'role': u'w\xfcb'}) as made:
        yield made


def put(master, path, data):
    path = os.path.join(master.files, path)
    compat.make_dirs(os.path.dirname(path))
    with open(path, 'wb') as stream:
        stream.write(compat.to_bytes(data))


def agent(tmpdir, master, **settings):
    return LiveAgent(tmpdir.join('minion'), master, minimum_auth_version=0 if master.generation == 0 else 2, **settings)


def content(path):
    with open(path, 'rb') as stream:
        return stream.read()


@pytest.mark.parametrize('master', [0, 2, 3], indirect=True)
def test_files_pillar_and_plug_ins(tmpdir, master):
    data = bytes(bytearray(range(256))) * 10000
    put(master, 'sub/big', data)
    put(master, '_modules/mine/__init__.py', MODULE)
    put(master, '_modules/mine/part.py', u'VALUE = 1\n')
    put(master, '_grains/own.py', GRAIN)
    target = str(tmpdir.join('big'))
    with agent(tmpdir, master).ready() as minion:
        def call(fun, *arg, **named):
            found = minion.call(fun, list(arg) + ([dict(named, __kwarg__=True)] if named else []))
            assert found['success'], found['return']
            return found['return']
        assert call('cp.get_file', 'salt://sub/big', target) == target and content(target) == data
        assert call('cp.get_file', 'salt://sub/big', target + '.gz', gzip=3) and content(target + '.gz') == data
        assert call('cp.list_master', prefix='sub') == ['sub/big']
        assert call('cp.push', target) is True
        assert content(os.path.join(master.folder, 'received', 'm1', 'files') + target) == data
        assert call('pillar.items', unmask=True) == {'role': u'w\xfcb'}
        synced = call('saltutil.sync_all')
        assert synced['modules'] == ['modules.mine.__init__', 'modules.mine.part'] and synced['grains'] == ['grains.own']
        assert call('mine.answer') == [1, 'on Linux', u'w\xfcb', u'w\xfcb']
        put(master, '_modules/mine/part.py', u'VALUE = 2\n')
        assert call('saltutil.sync_modules') == ['modules.mine.part']
        assert call('mine.answer')[0] == 2


def test_a_master_that_restarts_during_a_transfer(tmpdir, master):
    data = os.urandom(1 << 20)
    put(master, 'big', data)
    master.settings['file_buffer_size'] = 1 << 18
    lost = master.add(faults.Drop(command='_serve_file', skip=2))
    target = str(tmpdir.join('out'))
    with agent(tmpdir, master, request_channel_timeout=1).ready() as minion:
        jid = master.publish('cp.get_file', ['salt://big', target])
        wait_until(lambda: lost.acted, 10, lambda: 'the third piece\n' + minion.text())
        master.restart()
        found = master.wait_return(jid, 'm1', 20)
        assert found['return'] == target and content(target) == data


def test_a_master_that_stays_away_during_a_transfer(tmpdir, master):
    put(master, 'big', os.urandom(1 << 20))
    master.settings['file_buffer_size'] = 1 << 18
    lost = master.add(faults.Drop(command='_serve_file', skip=2, times=None))
    target = tmpdir.join('out')
    target.write('precious')
    with agent(tmpdir, master, request_channel_timeout=0.3).ready() as minion:
        found = minion.call('cp.get_file', ['salt://big', str(target)])
        assert 'ERROR: the master does not answer _serve_file' in found['return'] and found['retcode'] == 1
        assert lost.acted == 3 and target.read() == 'precious'
        assert [path.basename for path in tmpdir.listdir() if path.basename.startswith('.minion')] == []
