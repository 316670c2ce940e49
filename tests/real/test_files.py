"""Files, pillar and plug-ins of real masters on every Python: text, binary, empty and 200 MB; lists, hashes, pushes, syncs."""
from __future__ import absolute_import, division, print_function

import hashlib
import os
import shutil
import tempfile

import pytest

from minion import compat
from tests.real import conftest
from tests.support import realmaster
from tests.support.waiting import wait_until

BIG = 200 << 20
FILES = {'text': u'gr\xfc\xdfe\n'.encode('utf-8'), 'sub/bin': bytes(bytearray(range(256))) * 40, 'empty': b''}
PLUGINS = {
    '_modules/own.py': u'''
import logging
import salt.utils.files
import salt.utils.path
import salt.utils.platform
from salt.exceptions import CommandExecutionError
from salt.ext import six
from salt.utils.decorators import depends

log = logging.getLogger(__name__)
__virtualname__ = 'mine_own'
__func_alias__ = {'list_': 'list'}


def __virtual__():
    if not salt.utils.platform.is_linux():
        return False, 'only on Linux'
    return __virtualname__


def list_(path='/etc/hostname'):
    with salt.utils.files.fopen(path) as stream:
        return [isinstance(stream.read(), six.string_types), salt.utils.path.which('sh') is not None,
                __grains__['own_grain'], __pillar__['role'], __salt__['own_util.double'](2)]


def fail():
    raise CommandExecutionError('on purpose')
''',
    '_modules/own_util.py': u'def double(value):\n    return __utils__["own_helper.twice"](value)\n',
    '_utils/own_helper.py': u'def twice(value):\n    return 2 * value\n',
    '_grains/own_grain.py': u'def own(grains=None):\n    return {"own_grain": "on " + (grains or __grains__)["kernel"]}\n',
    '_returners/own_returner.py': u'''
import json
import salt.utils.files


def returner(ret):
    with salt.utils.files.fopen(__opts__['cachedir'] + '/own_returner', 'w') as stream:
        json.dump([ret['fun'], ret['return']], stream)
''',
    '_beacons/own_beacon.py': u'''
import logging
import salt.utils.beacons
import salt.utils.path

log = logging.getLogger(__name__)
__virtualname__ = 'own_watch'
LAST = {}


def __virtual__():
    return __virtualname__ if salt.utils.path.which('sh') else (False, 'no shell')


def validate(config):
    if not isinstance(config, list):
        return False, 'Configuration for own_watch beacon must be a list.'
    if 'word' not in salt.utils.beacons.list_to_dict(config):
        return False, 'Configuration for own_watch beacon requires word.'
    return True, 'Valid beacon configuration'


def beacon(config):
    config = salt.utils.beacons.list_to_dict(config)
    LAST['count'] = __context__['count'] = __context__.get('count', 0) + 1
    return [{'tag': config['tag'], 'word': config['word'], 'count': LAST['count'], 'kernel': __grains__['kernel'],
             'echo': __salt__['test.echo'](config['word'])}]
''',
}


@pytest.fixture
def nothing_left_behind():
    """Replaces the check after every test: a master and its minions live for the whole file."""


@pytest.fixture(scope='module')
def home():
    folder = tempfile.mkdtemp(prefix='roots-')
    for name, data in list(FILES.items()) + [(name, text.encode('utf-8')) for name, text in PLUGINS.items()]:
        put(folder, 'salt/' + name, data)
    put(folder, 'pillar/top.sls', b"base: {'*': [common]}\n")
    put(folder, 'pillar/common.sls', b'role: web\nnested: {a: [1, 2]}\n')
    with open(os.path.join(folder, 'salt', 'big'), 'wb') as stream:
        for number in range(BIG >> 20):
            stream.write(hashlib.sha256(b'%d' % number).digest() * (1 << 15))
    yield folder
    shutil.rmtree(folder)


def put(folder, name, data):
    path = os.path.join(folder, name)
    compat.make_dirs(os.path.dirname(path), 0o755)
    with open(path, 'wb') as stream:
        stream.write(data)


@pytest.fixture(scope='module', params=conftest.MASTERS)
def served(request, home):
    """(master, Crew) with files, pillar and `file_recv`."""
    master = realmaster.RealMaster(request.param, {
        'file_roots': {'base': [os.path.join(home, 'salt')]}, 'pillar_roots': {'base': [os.path.join(home, 'pillar')]},
        'file_recv': True, 'file_recv_max_size': 300})
    folder = tempfile.mkdtemp(prefix='minions-')
    try:
        master.start()
        with conftest.Crew(master, folder) as crew:
            crew.sign_in()
            crew.wait_answering()
            yield master, crew
    finally:
        master.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def call(served, python):
    """call(fun, *arg, **named): what the function returned on the minion of this test."""
    master, crew = served
    minion = crew.minions[python]

    def run(fun, *arg, **named):
        whole = master.run(minion.minion_id, fun, *arg, kwarg=named, timeout=60)
        assert list(whole) == [minion.minion_id], minion.tail()
        assert whole[minion.minion_id]['retcode'] == 0, whole
        return whole[minion.minion_id]['ret']
    run.minion, run.master = minion, master
    return run


def content(path):
    with open(path, 'rb') as stream:
        return stream.read()


def memory(pid, name):
    """kB of a line such as VmHWM of a process."""
    with open('/proc/%d/status' % pid) as stream:
        return next(int(line.split()[1]) for line in stream if line.startswith(name + ':'))


def resident(pids):
    return max(memory(pid, 'VmHWM') for pid in pids)


def test_files(call):
    for name, data in FILES.items():
        target = os.path.join(call.minion.folder, 'got')
        assert call('cp.get_file', 'salt://' + name, target) == target and content(target) == data
        assert call('cp.hash_file', 'salt://' + name)['hsum'] == hashlib.sha256(data).hexdigest()
        os.remove(target)
    assert call('cp.get_file', 'salt://sub/bin', target, gzip=5) == target and content(target) == FILES['sub/bin']
    assert call('cp.get_file', 'salt://nosuch', target) == ''
    assert call('cp.get_file_str', 'salt://text') == FILES['text'].decode('utf-8')
    assert call('cp.cache_file', 'salt://text') == os.path.join(call.minion.folder, 'cache', 'files', 'base', 'text')


def test_lists(call):
    assert set(FILES) | set(PLUGINS) | set(['big']) == set(call('cp.list_master'))
    assert call('cp.list_master', prefix='sub') == ['sub/bin']
    assert set(['sub', '_modules']) <= set(call('cp.list_master_dirs')) and call('cp.envs') == ['base']
    assert call('cp.list_master', saltenv='nosuch') == []


def test_200_mb_in_bounded_memory(call, python):
    if python != conftest.PYTHONS[0][0]:
        pytest.skip('one Python is enough for the time that it takes')
    target = os.path.join(call.minion.folder, 'big')
    pids = [int(pid) for pid in call.minion.children()] + [call.minion.pid]
    before = resident(pids)
    assert call('cp.get_file', 'salt://big', target) == target
    grown = resident(pids) - before
    print('%s: 200 MB took %d kB more memory' % (call.minion.minion_id, grown))
    assert os.path.getsize(target) == BIG and grown < 30 << 10
    os.remove(target)


def test_push(call):
    path = os.path.join(call.minion.folder, 'conf', 'minion')
    assert call('cp.push', path) is True
    kept = os.path.join(call.master.folder, 'var', 'cache', 'salt', 'master', 'minions', call.minion.minion_id, 'files')
    assert content(kept + path) == content(path)


def test_pillar(call):
    assert call('pillar.items', unmask=True) == {'role': 'web', 'nested': {'a': [1, 2]}}
    assert call('pillar.get', 'nested:a') == ['*' * 10] * 2
    assert call('pillar.items', pillar={'extra': 1}, unmask=True)['role'] == 'web'


def test_plug_ins_written_for_salt(call):
    synced = call('saltutil.sync_all')
    assert synced['modules'] == ['modules.own', 'modules.own_util'] and synced['grains'] == ['grains.own_grain']
    assert synced['returners'] == ['returners.own_returner'] and synced['beacons'] == ['beacons.own_beacon']
    assert call('grains.get', 'own_grain') == 'on Linux'
    assert call('mine_own.list') == [True, True, 'on Linux', 'web', 4]
    whole = call.master.run(call.minion.minion_id, 'mine_own.fail')[call.minion.minion_id]
    assert whole['ret'] == 'ERROR: on purpose' and whole['retcode'] == 1
    assert call('saltutil.list_extmods')['beacons'] == ['own_beacon']
    assert all(names == [] for names in call('saltutil.sync_all').values())


def test_returner_that_a_job_names(call):
    call.master.run(call.minion.minion_id, 'test.echo', 'kept', ret='own_returner')
    path = os.path.join(call.minion.folder, 'cache', 'own_returner')
    wait_until(lambda: os.path.exists(path) and content(path), 20, lambda: 'the returner; ' + call.minion.tail())
    assert content(path) == b'["test.echo", "kept"]'


def test_beacon_written_for_salt(call):
    call('saltutil.sync_beacons')
    assert 'own_watch' in call('beacons.list_available', return_yaml=False)
    name = u'gr\xfc\xdfe' if realmaster.tags_beyond_ascii(call.master.version) else u'greetings'
    config = [{'word': u'gr\xfc\xdfe'}, {'tag': name}, {'interval': 1}]
    refused = call.master.salt(call.minion.minion_id, 'beacons.add', 'own_watch', [{'interval': 1}])
    assert 'requires word' in refused[call.minion.minion_id]['comment']
    assert call('beacons.add', 'own_watch', config) == {'result': True, 'comment': 'Added beacon: own_watch.'}
    tag = u'salt/beacon/%s/own_watch/' % call.minion.minion_id
    first = call.master.next_event(tag)
    assert first and first['tag'] == tag + name, call.minion.tail()
    assert dict((name, first['data'][name]) for name in ('id', 'word', 'kernel', 'echo')) == {
        'id': call.minion.minion_id, 'word': u'gr\xfc\xdfe', 'kernel': 'Linux', 'echo': u'gr\xfc\xdfe'}
    call('saltutil.refresh_modules')
    assert call.master.next_event(tag)['data']['count'] > first['data']['count']       # it has not forgotten
    assert call('beacons.delete', 'own_watch')['result'] is True
    assert 'beacon own_watch failed' not in call.minion.text()
