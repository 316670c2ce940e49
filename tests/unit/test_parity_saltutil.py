"""Captured returns of saltutil.sync_* and its neighbours, replayed in their order on one minion; what syncing does to disk."""
from __future__ import absolute_import, division, print_function

import io
import os
import shutil

import pytest

from minion import compat, payload
from minion.compat import PY2
from minion.fileroots import FileRoots
from minion.link import Link
from minion.loader import Loader
from tests.support import replay
from tests.support.pillarhost import Host

FUNCTIONS = ('saltutil.sync_', 'saltutil.runner', 'saltutil.wheel', 'saltutil.mmodule', 'saltutil.find_cached_job',
             'saltutil.clear_job_cache', 'saltutil.refresh_beacons')
ROWS = [row for row in replay.rows('saltutil') if row['fun'].startswith(FUNCTIONS)]


def said(text):
    return lambda ours: not ours['success'] and ours['retcode'] == 1 and text in ours['return']


OF_THE_MASTER = 'the captured host was the master, too; without Salt there are no runners to call'
TOLERATED = {
    'saltutil_049_saltutil.runner': (OF_THE_MASTER, said('runners belong to the master')),
    'saltutil_050_saltutil.wheel': (OF_THE_MASTER, said('wheel functions belong to the master')),
}
if PY2:
    TOLERATED['saltutil_051_saltutil.mmodule'] = ('Python 2 words it otherwise', said('noargs() takes no arguments'))


class Synced(object):
    """A minion with a master of its own: put() gives that master files."""

    def __init__(self, top):
        self.top, self.extmods = top, os.path.join(top, 'extmods')
        os.makedirs(self.extmods)
        roots = FileRoots({'base': [os.path.join(top, 'base')], 'dev': [os.path.join(top, 'dev')]},
                          {'hash_type': 'sha256', 'file_buffer_size': 100000})
        self.loader = replay.make_loader(self.extmods, cachedir=os.path.join(top, 'cache'))
        self.loader.link.request = roots.answer
        shutil.rmtree(os.path.join(self.extmods, 'modules'))

    def put(self, path, text, saltenv='base'):
        path = os.path.join(self.top, saltenv, path)
        compat.make_dirs(os.path.dirname(path))
        with io.open(path, 'wb') as stream:
            stream.write(compat.to_bytes(text))

    def remove(self, path):
        os.remove(os.path.join(self.top, 'base', path))

    def reload(self):
        """What a refresh of modules does to a running minion."""
        old = self.loader
        self.loader = old.link.loader = Loader(old.opts, old.grains, old.pillar, old.link)
        self.loader.link = old.link

    def call(self, fun, *arg, **named):
        return self.loader.functions['saltutil.' + fun](*arg, **named)

    def files(self):
        found = []
        for folder, _, names in os.walk(self.extmods):
            found += [os.path.relpath(os.path.join(folder, name), self.extmods) for name in names]
        return sorted(found)


@pytest.fixture(scope='module')
def captured(tmpdir_factory):
    here = Synced(str(tmpdir_factory.mktemp('captured')))
    source = os.path.join(replay.DATA, 'modules')
    for name in os.listdir(source):
        with io.open(os.path.join(source, name), 'rb') as stream:
            here.put('_modules/' + name.replace('.txt', ''), stream.read())
    for name in ('ptret', 'ptbad'):
        here.put('_returners/%s.py' % name, 'def returner(ret): pass\n')
    here.call('sync_all')
    return here


@pytest.mark.parametrize('row', ROWS, ids=[row['case'] for row in ROWS])
def test_as_the_reference(captured, row):
    captured.reload()
    ours, theirs = replay.answer(captured.loader, row), replay.expectation(row)
    if row['case'] in TOLERATED:
        assert ours == theirs or TOLERATED[row['case']][1](ours), ours
        return
    assert ours == theirs


@pytest.fixture
def here(tmpdir):
    return Synced(str(tmpdir))


def test_new_changed_and_gone(here):
    here.put('_modules/a.py', 'one')
    here.put('_modules/b.py', 'two')
    assert here.call('sync_modules') == ['modules.a', 'modules.b'] and here.loader.link.refreshed == ['modules']
    assert here.call('sync_modules') == [] and here.loader.link.refreshed == ['modules']
    here.put('_modules/a.py', 'uno')
    here.remove('_modules/b.py')
    assert here.call('sync_modules') == ['modules.a'] and here.loader.link.refreshed == ['modules'] * 2
    assert here.files() == ['modules/a.py']
    here.remove('_modules/a.py')
    assert here.call('sync_modules', refresh=False) == [] and here.files() == []
    assert here.loader.link.refreshed == ['modules'] * 2


def test_clean_dynamic_modules_off(here):
    here.put('_modules/a.py', 'one')
    here.call('sync_modules')
    here.remove('_modules/a.py')
    here.loader.opts['clean_dynamic_modules'] = False
    here.call('sync_modules')
    assert here.files() == ['modules/a.py']


def test_packages_and_folders(here):
    here.put('_modules/pack/__init__.py', 'from . import part\ndef f(): return part.VALUE\n')
    here.put('_modules/pack/part.py', 'VALUE = 1\n')
    assert here.call('sync_modules') == ['modules.pack.__init__', 'modules.pack.part']
    assert here.files() == ['modules/pack/__init__.py', 'modules/pack/part.py']
    os.unlink(os.path.join(here.top, 'base', '_modules/pack/__init__.py'))
    os.unlink(os.path.join(here.top, 'base', '_modules/pack/part.py'))
    here.put('_modules/pack.py', 'a file where a package was')
    assert here.call('sync_modules') == ['modules.pack'] and here.files() == ['modules/pack.py']


def test_bytecode_of_the_file_before_goes(here):
    here.put('_modules/a.py', 'one')
    here.call('sync_modules')
    home = os.path.join(here.extmods, 'modules')
    os.mkdir(os.path.join(home, '__pycache__'))
    for name in ('a.pyc', '__pycache__/a.cpython-311.pyc', '__pycache__/other.cpython-311.pyc', 'b.pyc'):
        open(os.path.join(home, name), 'wb').close()
    here.put('_modules/a.py', 'two')
    here.call('sync_modules')
    assert here.files() == ['modules/a.py']


def test_bytecode_that_belongs_to_a_file_is_no_change(here):
    here.put('_modules/a.py', 'one')
    here.call('sync_modules')
    open(os.path.join(here.extmods, 'modules', 'a.pyc'), 'wb').close()
    del here.loader.link.refreshed[:]
    assert here.call('sync_modules') == [] and here.loader.link.refreshed == []


def test_environments(here):
    here.put('_modules/a.py', 'of base')
    here.put('_modules/d.py', 'of dev', 'dev')
    assert here.call('sync_modules', 'base,dev') == ['modules.a', 'modules.d']
    assert here.call('sync_modules', ['dev']) == [] and here.files() == ['modules/d.py']
    here.loader.opts['saltenv'] = 'base'
    assert here.call('sync_modules') == ['modules.a']


@pytest.mark.parametrize('lists, expected', [
    ({'extmod_whitelist': 'a'}, ['a']), ({'extmod_whitelist': {'modules': ['a', 'c']}}, ['a', 'c']),
    ({'extmod_whitelist': {'grains': ['x']}}, ['a', 'b', 'c']), ({'extmod_blacklist': 'a,b'}, ['c']),
    ({'extmod_blacklist': {'modules': ['a']}}, ['b', 'c']), ({'extmod_blacklist': 5}, ['a', 'b', 'c'])])
def test_lists(here, lists, expected):
    for name in 'abc':
        here.put('_modules/%s.py' % name, name)
    assert here.call('sync_modules', **lists) == ['modules.' + name for name in expected]
    assert here.call('sync_all', **lists)['modules'] == []


def test_lists_of_the_settings(here):
    for name in 'abc':
        here.put('_modules/%s.py' % name, name)
    here.loader.opts.update(extmod_whitelist={'modules': ['a', 'b']}, extmod_blacklist={'modules': ['b']})
    assert here.call('sync_modules') == ['modules.a']


def test_kinds_with_folders_of_other_names(here):
    here.put('_proxy/p.py', '')
    here.put('_output/o.py', '')
    here.put('_grains/g.py', '')
    assert here.call('sync_proxymodules') == ['proxy.p'] and here.call('sync_outputters') == ['output.o']
    assert here.call('sync_grains') == ['grains.g']
    assert here.loader.link.refreshed[-3:] == ['modules', 'grains', 'pillar']
    assert here.call('list_extmods') == {'proxy': ['p'], 'output': ['o'], 'grains': ['g']}


def test_a_master_that_leads_out_of_the_folder(here):
    """Names of files come from the master: none may leave extension_modules."""
    request = here.loader.link.request

    def lie(load):
        return ['_modules/../../../evil.py'] if load['cmd'] == '_file_list' else request(load)
    here.loader.link.request = lie
    assert here.call('sync_modules') == [] and not os.path.exists(os.path.join(here.top, 'evil.py'))


def test_masterless(here):
    here.put('_tops/t.py', '')
    here.loader.opts.update(file_client='local', file_roots={'base': [os.path.join(here.top, 'base')]},
                            file_buffer_size=1000)
    assert here.call('sync_tops') == ['tops.t'] and here.call('sync_pillar') == []
    assert set(here.call('sync_all')) - set(replay.rows('saltutil')[5]['sent']['return']) == set(
        ['tops', 'pillar', 'wrapper'])


def test_clear_cache_leaves_what_is_owed(here):
    here.put('_modules/a.py', 'one')
    here.call('sync_modules')
    cache = os.path.join(here.top, 'cache')
    for name in ('spool/x', 'jobs/recent', 'files/base/f', 'extrn_files/base/h/f', 'minion_jobs/1/return.p'):
        compat.make_dirs(os.path.dirname(os.path.join(cache, name)))
        open(os.path.join(cache, name), 'wb').close()
    assert here.call('clear_cache') is True
    assert sorted(os.listdir(cache)) == ['jobs', 'spool']
    here.loader.opts['extension_modules'] = os.path.join(cache, 'extmods')
    here.call('sync_modules')
    here.call('clear_cache')
    assert not os.path.exists(os.path.join(cache, 'extmods'))


def test_kept_jobs(here):
    here.loader.opts['cache_jobs'] = True
    home = os.path.join(here.top, 'cache', 'minion_jobs')
    for jid in ('20260101000000000000', '20260101000000000001'):
        os.makedirs(os.path.join(home, jid))
        with open(os.path.join(home, jid, 'return.p'), 'wb') as stream:
            stream.write(payload.pack({'return': True, 'jid': jid}))

    here.loader.link.unpacked = Link.unpacked
    assert here.call('find_cached_job', 20260101000000000000) == {'return': True, 'jid': u'20260101000000000000'}
    assert here.call('find_cached_job', '../../x') == 'Local jobs cache directory %s/../../x not found' % home
    os.utime(os.path.join(home, '20260101000000000000'), (0, 0))
    assert here.call('clear_job_cache', 1) is True and os.listdir(home) == ['20260101000000000001']


def test_regen_keys_leaves_the_key_of_the_master(here, tmpdir):
    pki = tmpdir.mkdir('pki')
    for name in ('minion.pem', 'minion.pub', 'minion_master.pub'):
        pki.join(name).write('x')
    here.loader.opts['pki_dir'] = str(pki)
    assert here.call('regen_keys') is None and [path.basename for path in pki.listdir()] == ['minion_master.pub']
    assert here.call('regen_keys') is None


def test_revoke_auth(here):
    asked = []
    here.loader.link.request = asked.append
    assert here.call('revoke_auth', True) is True
    assert asked == [{'cmd': 'revoke_auth', 'id': 'ref1', 'preserve_minion_cache': True}]


def test_in_a_local_call_no_minion_is_told(tmpdir):
    functions = Host(tmpdir, {'base/top.sls': 'base: {"*": [a]}', 'base/a.sls': 'x: 1'}).loader.functions
    for name in ('pillar', 'modules', 'beacons', 'matchers'):
        assert functions['saltutil.refresh_' + name]() is False
    assert functions['saltutil.refresh_grains']() is True and functions['pillar.raw']('x') == 1
