"""Sources of grains and their order, slow sources, broken ones, the cache."""
from __future__ import absolute_import, division, print_function

import io
import json
import logging
import os
import threading

import pytest

from minion import compat, graincollect, grainfiles
from minion.helpers import staticgrains

DATA = os.path.join(os.path.dirname(__file__), '..', 'data', 'parity', 'grains.json')
with io.open(DATA, encoding='utf-8') as stream:
    MEASURED = json.load(stream)['static_and_custom']['experiments']

SLOW = u'''
import threading
gate = __opts__['gate']
def slow():
    assert gate.wait(30)
    return {'slow': 'real', 'os': 'Slow'}
slow.brings, slow.meanwhile = ('slow',), lambda: {'slow': 'guess'}
'''


class Gate(object):
    """An event that deep copies of the settings share."""

    def __init__(self):
        self.event = threading.Event()

    def __deepcopy__(self, memo):
        return self.event


@pytest.fixture
def host(tmpdir):
    """Function that makes a Grains of files: host(grains=text of CONFIG_DIR/grains, custom={name: source}, **opts)."""
    def make(static=None, custom=(), dirs=(), deadline=20, **opts):
        settings = {'id': 'm1', 'conf_file': str(tmpdir.join('minion')), 'cachedir': str(tmpdir),
                    'extension_modules': str(tmpdir.join('extmods')), 'grains_dirs': [str(tmpdir.join('more'))]}
        opts = dict(settings, **opts)
        if static is not None:
            tmpdir.join('grains').write_binary(static)
        for folder, sources in (('extmods/grains', dict(custom)), ('more', dict(dirs))):
            for name, source in sources.items():
                tmpdir.join(folder, name + '.py').write_binary(source.encode('utf-8'), ensure=True)
        return graincollect.Grains(opts, deadline=deadline)
    return make


def source(**values):
    return u'def f():\n    return %s\n' % compat.shown(values)


def test_our_own(host):
    grains = host().all()
    assert grains['id'] == 'm1' and grains['kernel'] == os.uname()[0] and grains['saltversion'] == '3008.3'
    assert grains['saltversioninfo'] == [3008, 3] and isinstance(grains['osrelease_info'], tuple)


def test_config_wins_over_all(host):
    grains = host(b'a: file\nonly_file: 2\nd: {x: file, z: file}\nos: FileOs\n',
                  grains={'a': 'conf', 'd': {'x': 'conf'}, 'os': 'Fake'},
                  custom={'cg': source(a='cg', os='CgOs')}).all()
    assert (grains['a'], grains['only_file'], grains['d'], grains['os']) == ('conf', 2, {'x': 'conf'}, 'Fake')


CONFIG = {'a': 'conf', 'only_conf': 1, 'd': {'x': 'conf', 'y': 'conf'}, 'os': 'Fake'}
FILE = b'a: file\nonly_file: 2\nd: {x: file, z: file}\nos: FromFile\n'
CUSTOM = {'cg': u'def a(): return {"cg1": "v", "os": "FromCustom", "d": {"x": "cg", "w": 1}}\n'
                u'def _b(): return {"hid": 1}\n',
          'cg2': u'def c(grains): return {"cg2_kernel": grains["kernel"], "cg2_salt": "__salt__" in globals(), '
                 u'"cg2_opts": "__opts__" in globals()}\n'}


@pytest.mark.parametrize('name, parts', [
    ('precedence', dict(static=FILE, grains=CONFIG)),
    ('deep_merge', dict(static=FILE, grains=CONFIG, grains_deep_merge=True)),
    ('custom', dict(custom=CUSTOM)),
    ('custom_vs_config', dict(custom=CUSTOM, grains={'os': 'FromConf'})),
    ('custom_vs_file', dict(custom=CUSTOM, static=b'os: FromFile\ncg1: file\n')),
    ('blacklist', dict(custom=CUSTOM, grains_blacklist=['cg1', 'cpu_*'])),
])
def test_what_was_measured_on_the_reference(host, name, parts):
    grains = host(**parts).all()
    for grain, value in MEASURED[name].items():          # '' is what grains.get gives for what is not there
        assert (grain, grains.get(grain, '')) == (grain, value)


@pytest.mark.parametrize('winner, parts', [
    ('file', dict(static=b'os: file\n', custom={'zz': source(os='zz')})),
    ('zz', dict(custom={'zz': source(os='zz'), 'aa': source(os='aa')})),
    ('more', dict(custom={'zz': source(os='zz')}, dirs={'aa': source(os='more')})),
    ('zz', dict(custom={'zz': source(os='zz')}, dirs={'zz': source(os='more')})),      # the synced file hides the other
])
def test_later_sources_win(host, winner, parts):
    assert host(**parts).all()['os'] == winner


def test_our_disks_win_over_custom_ones_and_a_file_of_that_name_over_ours(host):
    assert host(custom={'aa': source(disks='mine')}).all()['disks'] != 'mine'
    grains = host(custom={'disks': source(mine=1)}).all()
    assert grains['mine'] == 1 and 'ssds' not in grains


def test_deep_merge(host):
    parts = dict(static=b'd: {x: {b: 2}, l: [2]}\n', custom={'cg': source(d={'x': {'a': 1}, 'l': [1], 'k': 1})})
    assert host(**parts).all()['d'] == {'x': {'b': 2}, 'l': [2]}
    assert host(grains_deep_merge=True, **parts).all()['d'] == {'x': {'a': 1, 'b': 2}, 'l': [2], 'k': 1}
    assert host(grains_deep_merge=True, grains={'d': {'c': 3}}, **parts).all()['d'] == {'c': 3}


def test_custom_modules(host, caplog):
    caplog.set_level(logging.DEBUG)
    grains = host(custom={'cg': (
        u'import os\n'
        u'def a(): return {"cg1": "v", "pair": (1, 2)}\n'
        u'def b(grains): return {"seen": [grains["cg1"], grains["kernel"], "nodename" in grains]}\n'
        u'def _hidden(): return {"hidden": 1}\n'
        u'def number(): return 5\n'
        u'def dunders(): return {"d": ["__opts__" in globals(), "__salt__" in globals(), __opts__["id"]]}\n'
        u'def boom(): raise ValueError("no")\n'
        u'def leave(): raise SystemExit(3)\n'
        u'def odd(): return {"odd": object()}\n'), 'broken': u'def (:\n'}).all()
    assert grains['cg1'] == 'v' and grains['pair'] == (1, 2) and grains['d'] == [True, False, 'm1']
    assert grains['seen'] == ['v', os.uname()[0], True]
    assert 'hidden' not in grains and 'odd' not in grains
    lines = [record.getMessage() for record in caplog.records if record.levelno == logging.CRITICAL]
    assert len(lines) == 3 and all('cg.py' in line for line in lines)
    assert [line for line in lines if 'boom' in line and 'ValueError: no' in line]
    assert 'broken.py' in caplog.text


@pytest.mark.parametrize('patterns, gone, there', [
    (['cg1'], ['cg1'], ['cg2', 'os']), (['cg*', 'cpu_*'], ['cg1', 'cg2', 'cpu_model'], ['os']),
    (['cg[2'], [], ['cg1']), ([u'cg(1|2)'], ['cg1', 'cg2'], []), (['file'], ['file'], []), ('os', ['os'], []),
])
def test_blacklist(host, patterns, gone, there):
    grains = host(b'file: 1\n', custom={'cg': source(cg1=1, cg2=2)}, grains_blacklist=patterns).all()
    assert [name for name in gone if name in grains] == [] and [name for name in there if name not in grains] == []


def test_blacklist_does_not_touch_the_config(host):
    assert host(grains={'conf': 1}, grains_blacklist=['*']).all() == {'conf': 1}


# ---- CONFIG_DIR/grains

@pytest.mark.parametrize('content', [b'a: [1\n', b'- a\n', b'text', b'a: \xff\xfe\n', b'a: !!python/object:os.x {}\n',
                                     b'[' * 600, b'a: 2019-13-45\n', b'\x00'], ids=lambda content: repr(content[:8]))
def test_a_broken_static_file_costs_one_line(host, content, caplog, tmpdir):
    grains = host(content).all()
    assert 'a' not in grains and 'os' in grains
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(lines) == 1 and str(tmpdir.join('grains')) in lines[0]


@pytest.mark.parametrize('content', [b'', b'# nothing\n', b'---\n'])
def test_an_empty_static_file_costs_none(host, content, caplog):
    assert 'os' in host(content).all()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_types_of_the_static_file(host):
    grains = host(u'1: int\nn: null\nu: h\xe9\nb: yes\no: 0644\nt: 2020-01-02\n'.encode('utf-8')).all()
    assert grains[1] == 'int' and grains['n'] is None and grains['b'] is True and grains['o'] == 420
    assert compat.to_text(grains['u']) == u'h\xe9' and str(grains['t']) == '2020-01-02'


def test_a_key_that_stands_twice_has_its_last_value(host, caplog):
    assert host(b'a: 1\na: 2\n').all()['a'] == 2
    assert 'twice' in caplog.text


def test_where_the_static_file_is(tmpdir):
    assert staticgrains.path({'conf_file': str(tmpdir)}) == str(tmpdir.join('grains'))
    assert staticgrains.path({'conf_file': str(tmpdir.join('minion'))}) == str(tmpdir.join('grains'))
    assert staticgrains.path({}) is None and grainfiles.read_static(None) == {}


# ---- slow sources

def test_a_source_that_hangs_holds_nothing_up(host, caplog):
    gate = Gate()
    grains = host(custom={'late': SLOW, 'fast': source(fast=1)}, gate=gate, deadline=0.2)
    assert grains.get('fast') == 1
    assert grains.all()['slow'] == 'guess'
    assert 'slow' in caplog.text and 'no answer in time' in caplog.text
    gate.event.set()
    joined('grains-late')
    assert grains.all()['slow'] == 'real' and grains.get('os') == 'Slow'


def test_all_waits_for_slow_sources(host):
    gate = Gate()
    grains = host(custom={'late': SLOW}, gate=gate)
    threading.Timer(0.1, gate.event.set).start()
    assert grains.all()['slow'] == 'real'


def test_what_was_known_is_a_better_guess(host):
    gate = Gate()
    grains = host(custom={'late': SLOW}, gate=gate, deadline=0.2)
    gate.event.set()
    assert grains.get('slow') == 'real'
    gate.event.clear()
    grains.refresh()
    assert grains.all()['slow'] == 'real'
    gate.event.set()
    joined('grains-late')


def test_get_waits_for_nothing_else(host):
    gate = Gate()
    grains = host(custom={'late': SLOW}, gate=gate)
    assert grains.get('nodename') == os.uname()[1]
    gate.event.set()
    assert grains.get('slow') == 'real'


def joined(name):
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(20)
            assert not thread.is_alive()


# ---- again

def test_refresh_reads_everything_anew(host, tmpdir):
    now = {'a': 1}
    grains = host(b'f: 1\n', custom={'cg': source(cg=1)}, grains=now)
    assert (grains.all()['f'], grains.all()['cg'], grains.all()['a']) == (1, 1, 1)
    now['a'] = 2
    host(b'f: 2\n', custom={'cg': source(cg=2), 'new': source(new=1)})
    assert grains.all()['f'] == 1
    grains.refresh()
    assert [grains.all()[name] for name in ('f', 'cg', 'new', 'a')] == [2, 2, 1, 2]


def test_what_all_gives_is_the_callers_own(host):
    grains = host()
    grains.all()['os'] = 'mine'
    assert grains.all()['os'] != 'mine'


def test_threads_collect_once(host):
    grains = host(custom={'cg': u'import uuid\ndef f(): return {"once": uuid.uuid4().hex}\n'})
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(grains.all()['once'])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(seen) == 8 and len(set(seen)) == 1


# ---- the cache

def test_cache(host, tmpdir):
    first = host(b'late: 1\n', grains_cache=True).all()
    path = tmpdir.join('grains.cache.p')
    assert path.check() and os.stat(str(path)).st_mode & 0o777 == 0o600
    cached = host(b'late: 2\n', grains_cache=True)
    assert cached.all()['late'] == 1 and cached.get('osrelease_info') == first['osrelease_info']
    cached.refresh()
    assert cached.all()['late'] == 2
    assert host(b'late: 3\n', grains_cache=True).all()['late'] == 2
    os.utime(str(path), (0, 0))
    assert host(b'late: 3\n', grains_cache=True).all()['late'] == 3
    path.write_binary(b'\x80\xff')
    assert host(b'late: 4\n', grains_cache=True).all()['late'] == 4


def test_a_cache_that_cannot_be_written(host, caplog):
    assert 'os' in host(grains_cache=True, cachedir='/nonexistent').all()
    assert 'grains.cache.p' in caplog.text


def test_no_cache_of_guesses(host, tmpdir):
    gate = Gate()
    host(custom={'late': SLOW}, gate=gate, deadline=0.1, grains_cache=True).all()
    assert not tmpdir.join('grains.cache.p').check()
    gate.event.set()
    joined('grains-late')
