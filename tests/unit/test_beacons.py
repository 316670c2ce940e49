"""Beacons: what each sees, its configuration as the reference takes it, and what it remembers from look to look."""
from __future__ import absolute_import, division, print_function

import os
import subprocess
import sys
import types

import pytest

from minion import beaconing
from minion.loader import Loader
from tests.support.waiting import wait_until

VALID = (True, 'Valid beacon configuration')
BOTH = {'1m': [0, 1], '5m': [0, 1], '15m': [0, 1]}
LOAD = 'Configuration for load beacon: 1m, 5m and 15m items must be a list of two items.'
FILES = 'Configuration for inotify beacon '


def loaded(**settings):
    return Loader(dict({'extension_modules': '', 'id': 'm1'}, **settings), {'kernel': 'Linux', 'init': 'unknown'})


@pytest.fixture
def look():
    """look(name, config): what a beacon sees; its `__context__` lasts for the test."""
    functions = loaded().other('beacons').functions
    return lambda name, config: functions[name + '.beacon'](config)


@pytest.fixture
def pyinotify(monkeypatch):
    """A stand-in for pyinotify; `events` are read at the next look."""
    fake = types.ModuleType('pyinotify')
    fake.IN_CREATE, fake.IN_DELETE, fake.IN_MODIFY, fake.events, fake.added, fake.stopped = 256, 512, 2, [], [], []

    class WatchManager(object):
        def __init__(self):
            self.watched = {}

        def get_wd(self, path):
            return self.watched.get(path)

        def add_watch(self, path, mask, **options):
            fake.added.append((path, mask, options))
            self.watched[path] = 1

    class Notifier(object):
        def __init__(self, manager, tell):
            self._tell = tell

        def check_events(self, milliseconds):
            return bool(fake.events)

        def read_events(self):
            pass

        def process_events(self):
            self._tell(fake.events.pop(0))

        def stop(self):
            fake.stopped.append(self)
    fake.WatchManager, fake.Notifier = WatchManager, Notifier
    monkeypatch.setitem(sys.modules, 'pyinotify', fake)
    monkeypatch.delitem(sys.modules, 'minion.beacons.inotify', False)
    return fake


# ---- configurations

@pytest.mark.parametrize('name, config, expected', [
    ('ps', {}, (False, 'Configuration for ps beacon must be a list.')),
    ('ps', [], (False, 'Configuration for ps beacon requires processes.')),
    ('ps', [{'processes': ['a']}], (False, 'Processes for ps beacon must be a dictionary.')),
    ('ps', [{'processes': {'a': 'bogus'}}], VALID),
    ('service', {}, (False, 'Configuration for service beacon must be a list.')),
    ('service', [], (False, 'Configuration for service beacon requires services.')),
    ('service', [{'services': ['a']}], (False, 'Services configuration item for service beacon must be a dictionary.')),
    ('service', [{'services': {'a': {}}}], VALID), ('service', [{'services': {'a': {'bogus': 1}}}], VALID),
    ('service', [{'services': {'a': None}}], (False, 'Configuration for service beacon must be a list of dictionaries.')),
    ('log', {}, (False, 'Configuration for log beacon must be a list.')),
    ('log', [{'tags': {}}], (False, 'Configuration for log beacon must contain file option.')),
    ('log', [{'file': '/x'}], VALID), ('log', [{'file': '/x'}, {'tags': {'a': {}}}], VALID),
    ('log', [{'file': '/x'}, {'tags': ['a']}], VALID),
    ('network_info', {}, (False, 'Configuration for network_info beacon must be a list.')), ('network_info', [], VALID),
    ('network_info', [{'interfaces': {'lo': {'type': 'equal'}}}], VALID),
    ('network_info', [{'interfaces': {'lo': {'bogus': 1}}}], (False, 'Invalid configuration item in Beacon configuration.')),
    ('network_info', [{'interfaces': {'lo': {}}}], (False, 'Invalid configuration item in Beacon configuration.')),
    ('network_info', [{'interfaces': ['lo']}], (False, 'Interfaces for network_info beacon must be a dictionary.')),
    ('sh', {}, (False, 'Configuration for sh beacon must be a list.')), ('sh', [], VALID), ('sh', [{'x': 1}], VALID),
    ('load', {}, (False, 'Configuration for load beacon must be a list.')),
    ('load', [], (False, 'Averages configuration is required for load beacon.')),
    ('load', [{'averages': []}], (False, 'Averages configuration for load beacon must contain 1m, 5m or 15m items.')),
    ('load', [{'averages': {}}], (False, 'Averages configuration for load beacon must contain 1m, 5m or 15m items.')),
    ('load', [{'averages': BOTH}], VALID), ('load', [{'averages': dict(BOTH, x=[0, 1])}], VALID),
    ('load', [{'averages': dict(BOTH, **{'1m': [0]})}], (False, LOAD)),
    ('load', [{'averages': dict(BOTH, **{'1m': 1})}], (
        False, 'Averages configuration for load beacon: 1m, 5m and 15m items must be a list of two items.')),
    ('diskusage', {}, (False, 'Configuration for diskusage beacon must be a list.')), ('diskusage', [], VALID),
    ('memusage', {}, (False, 'Configuration for memusage beacon must be a list.')),
    ('memusage', [], (False, 'Configuration for memusage beacon requires percent.')), ('memusage', [{'percent': 'x'}], VALID),
])
def test_configurations(name, config, expected):
    assert loaded().other('beacons').functions[name + '.validate'](config) == expected


@pytest.mark.parametrize('config, expected', [
    ({}, 'must be a list.'), ([], 'must include files.'), ([{'files': []}], 'invalid, files must be a dict.'),
    ([{'files': {}}], None), ([{'files': {'/x': {'mask': ['create']}}}], None),
    ([{'files': {'/x': {'mask': ['bogus']}}}], 'invalid mask option bogus.'),
    ([{'files': {'/x': {'mask': 'create'}}}], 'mask must be list.'),
    ([{'files': {'/x': ['mask']}}], 'must be a list of dictionaries.'),
    ([{'files': {'/x': None}}], 'must be a list of dictionaries.'),
    ([{'files': {'/x': {'recurse': 'x'}}}], 'recurse must be boolean.'),
    ([{'files': {'/x': {'auto_add': 1}}}], 'auto_add must be boolean.'),
    ([{'files': {'/x': {'exclude': 'x'}}}], 'must contain mask, recurse or auto_add items.'),
    ([{'files': {'/x': {}}}], 'must contain mask, recurse or auto_add items.'),
])
def test_configurations_of_inotify(pyinotify, config, expected):
    found = loaded().other('beacons').functions['inotify.validate'](config)
    assert found == (VALID if expected is None else (False, FILES + expected))


# ---- ps, network_info, load

def test_ps(look):
    child = subprocess.Popen(['sleep', '60'])
    try:
        assert look('ps', [{'processes': {'sleep': 'Running'}}]) == [{'sleep': 'Running'}]
        assert look('ps', [{'processes': {'sleep': 'stopped'}}]) == []
    finally:
        child.kill()
        child.wait()
    for wanted, expected in (('stopped', [{'mtst-none': 'Stopped'}]), ('running', []), ('x', [{'mtst-none': False}])):
        assert look('ps', [{'processes': {'mtst-none': wanted}}]) == expected


@pytest.mark.parametrize('rows, told', [
    ({'type': 'greater', 'bytes_sent': 1}, True), ({'type': 'greater', 'errin': 0}, False),
    ({'type': 'equal', 'errin': 0}, True), ({'errin': 0}, True), ({'bytes_sent': 1}, False),
    ({'type': 'equal', 'errin': 0, 'bytes_sent': 1}, True)])
def test_network_info(look, monkeypatch, rows, told):
    seen = dict(zip(('bytes_recv', 'packets_recv', 'errin', 'dropin', 'bytes_sent', 'packets_sent', 'errout', 'dropout'),
                    (100, 10, 0, 0, 200, 20, 0, 0)))
    functions = loaded().other('beacons').functions
    monkeypatch.setitem(functions['network_info.beacon'].__globals__, '_counters', lambda: {'lo': seen})
    found = functions['network_info.beacon']([{'interfaces': {'lo': rows, 'mtst-none': rows}}])
    assert found == ([{'interface': 'lo', 'network_info': seen}] if told else [])


def test_network_info_reads_this_host(look):
    (event,) = look('network_info', [{'interfaces': {'lo': {'type': 'greater', 'bytes_sent': -1}}}])
    assert set(event['network_info']) == set(['bytes_recv', 'packets_recv', 'errin', 'dropin', 'bytes_sent', 'packets_sent',
                                              'errout', 'dropout'])


def test_load(look, monkeypatch):
    low, high = [{'averages': {'1m': [0, 900]}}], [{'averages': {'1m': [800, 900], 'x': [800, 900]}}]
    monkeypatch.setattr(os, 'getloadavg', lambda: (1.0, 2.0, 3.0))
    seen = [{'1m': 1.0, '5m': 2.0, '15m': 3.0}]
    assert (look('load', low), look('load', high), look('load', high)) == ([], seen, seen)
    change = [{'onchangeonly': True}]
    assert [look('load', config + change) for config in (low, high, high, low, low)] == [[], seen, [], seen, []]


# ---- service

def test_service(monkeypatch, tmpdir):
    loader, running = loaded(), {'a': False}
    functions = loader.other('beacons').functions
    space = functions['service.beacon'].__globals__
    monkeypatch.setitem(space, '__salt__', {'service.status': lambda name: running[name]})

    def look(**rows):
        return functions['service.beacon']([{'services': {'a': rows}}])

    def event(**state):
        return [{'service_name': 'a', 'tag': 'a', 'a': state}]
    assert look() == look() == event(running=False)
    marker = tmpdir.join('pid')
    assert look(uncleanshutdown=str(marker)) == event(running=False, uncleanshutdown=False)
    marker.write('1')
    assert look(uncleanshutdown=str(marker)) == event(running=False, uncleanshutdown=True)
    running['a'] = True
    assert look(uncleanshutdown=str(marker)) == event(running=True)
    assert look(onchangeonly=True) == []
    running['a'] = False
    assert look(onchangeonly=True) == event(running=False)
    loader.other('beacons').context.adopt({})
    assert look(onchangeonly=True, emitatstartup=False) == []
    running['a'] = True
    now = [100.0]
    monkeypatch.setattr(space['time'], 'time', lambda: now[0])
    assert look(onchangeonly=True, delay=30) == []
    now[0] += 31
    assert look(onchangeonly=True, delay=30) == event(running=True)


# ---- log

def test_log(look, tmpdir):
    path = tmpdir.join('log')
    path.write('old foo\n')
    config = [{'file': str(path)}, {'tags': {'x': {'regex': r'(\w+) foo'}, 'y': {'regex': 'foo'}, 'z': {}}}]

    def seen():
        return [(event['tag'], event['raw']) for event in look('log', config)]
    assert seen() == []
    with path.open('a') as stream:
        stream.write('a foo\nfoo b\nrest')
    assert seen() == [('x', 'a foo'), ('y', 'foo b')]
    with path.open('a') as stream:
        stream.write(' foo\n')
    assert look('log', config) == [{'tag': 'x', 'match': 'yes', 'raw': 'rest foo', 'error': ''}]
    path.write('c foo\n')                                       # emptied and written anew
    assert seen() == [('x', 'c foo')]
    path.rename(tmpdir.join('log.1'))
    assert seen() == []
    path.write('d foo\nlonger than before foo\n')               # rotated
    assert seen() == [('x', 'd foo')]
    path.write('e foo\n', 'a')
    bad = [{'file': str(path)}, {'tags': {'b': {'regex': '['}}}]
    assert look('log', bad) == [{'tag': 'b', 'match': 'no', 'raw': '', 'error': 'bad regex'}]
    assert look('log', [{'file': str(path)}]) == [] and look('log', [{'file': str(path)}, {'tags': ['x']}]) == []


# ---- inotify

def test_inotify(pyinotify, tmpdir):
    loader = loaded().other('beacons')
    config = [{'files': {str(tmpdir): {'mask': ['create'], 'recurse': True, 'exclude': [
        '*.swp', {r'/\d+$': {'regex': True}}]}, '/mtst-none': {'mask': ['delete']}}}]

    def happen(*names):
        for name in names:
            pyinotify.events.append(Event(str(tmpdir), str(tmpdir.join(name))))
    assert loader.functions['inotify.beacon'](config) == []
    assert pyinotify.added == [(str(tmpdir), 256, {'rec': True, 'auto_add': False})]
    happen('a', 'b.swp', '123')
    assert loader.functions['inotify.beacon'](config) == [
        {'tag': str(tmpdir), 'path': str(tmpdir.join('a')), 'change': 'IN_CREATE'}]
    loader.context['inotify'][2].watched.clear()                # the folder was removed and made anew
    loader.functions['inotify.beacon'](config)
    assert len(pyinotify.added) == 2 and pyinotify.stopped == []
    loader.functions['inotify.beacon']([{'files': {str(tmpdir): {'mask': ['create', 'delete']}}}])
    assert pyinotify.added[-1][1] == 768 and len(pyinotify.stopped) == 1
    loader.functions['inotify.close']([])
    loader.functions['inotify.close']([])
    assert len(pyinotify.stopped) == 2


class Event(object):
    def __init__(self, path, pathname):
        self.path, self.pathname, self.maskname = path, pathname, 'IN_CREATE'


# ---- sh

def test_sh(monkeypatch):
    functions = loaded().other('beacons').functions
    space, processes = functions['sh.beacon'].__globals__, {}
    monkeypatch.setitem(space, '_processes', lambda: dict(processes))
    monkeypatch.setitem(space, '_has_terminal', lambda pid: pid != 9)
    processes.update({5: (1, ['-bash'], 'root'), 9: (1, ['sh', '-c', 'x'], 'root'), 6: (5, ['vi', 'old'], 'root')})
    assert functions['sh.beacon']([]) == []
    processes.update({7: (5, ['ls', '-l'], 'bob'), 8: (9, ['cron-child'], 'root'), 10: (1, ['daemon'], 'root')})
    assert functions['sh.beacon']([]) == [{'tag': '7', 'user': 'bob', 'cmd': 'ls', 'args': ['-l']}]
    assert functions['sh.beacon']([]) == []


def test_sh_reads_this_host(look):
    assert look('sh', []) == []
    found = loaded().other('beacons').functions['sh.beacon'].__globals__['_processes']()
    assert found[os.getpid()][0] == os.getppid()


# ---- what each remembers

class World(object):
    """Loaders as of the minion: refresh() makes new ones."""

    def __init__(self, folder):
        self._settings = {'extension_modules': folder, 'id': 'm1', 'beacons': {}}
        self.refresh()

    def refresh(self):
        self._loader = loaded(**self._settings)

    def loader(self):
        return self._loader

    def view(self):
        return {}, {}


class Desk(object):
    def __init__(self):
        self.found = []

    def put(self, load):
        self.found += [(event['tag'], event['data']) for event in load['events']]


class Link(object):
    def __init__(self):
        self.desk = Desk()
        self.own_desk, self.close_channel = lambda: self.desk, lambda: None

    def bounded(self, tag, data):
        return data


SOURCE = '''
def beacon(config):
    __context__['count'] = __context__.get('count', 0) + 1
    __salt__['mtst_module.touch']()
    return [{'count': __context__['count'], 'keys': sorted(__context__)}]


def close(config):
    with open(config[0]['file'], 'a') as stream:
        stream.write('%s %s;' % (config[-1]['_beacon_name'], __context__['count']))
'''
MODULE = 'def touch():\n    assert list(__context__) == []\n    __context__["module"] = 1\n'


def test_each_beacon_keeps_its_own_state_over_refreshes(tmpdir):
    tmpdir.mkdir('beacons').join('mtst.py').write(SOURCE)
    tmpdir.mkdir('modules').join('mtst_module.py').write(MODULE)
    closed = tmpdir.join('closed')
    config = [{'file': str(closed)}, {'beacon_module': 'mtst'}]
    world, link = World(str(tmpdir)), Link()
    one = beaconing.Beacons({'id': 'm1', 'beacons': {'a': config, 'b': config}}, world, link)
    one.renew()

    def counts():
        for beacon in sorted(one._beacons.values(), key=lambda beacon: beacon.name):
            one._look(beacon)
        found, link.desk.found = link.desk.found, []
        assert all(data['keys'] == ['count'] for _, data in found)
        return [(tag.split('/')[3], data['count']) for tag, data in found]
    assert counts() == [('a', 1), ('b', 1)]
    world.refresh()
    one.renew()
    assert counts() == [('a', 2), ('b', 2)]
    one.change('b', config + [{'interval': 5}])                 # another configuration, the same memory
    assert counts() == [('a', 3), ('b', 3)]
    one.change('a', None)
    assert not closed.check()                                   # nobody but the thread of the beacons may do that
    one._close_gone()
    assert closed.read() == 'a 3;'
    one.change('a', config)
    assert counts() == [('a', 1), ('b', 4)]


def test_the_thread_comes_and_goes_and_closes_what_it_leaves(tmpdir):
    tmpdir.mkdir('beacons').join('mtst.py').write(SOURCE)
    tmpdir.mkdir('modules').join('mtst_module.py').write(MODULE)
    closed = tmpdir.join('closed')
    world, link = World(str(tmpdir)), Link()
    one = beaconing.Beacons({'id': 'm1', 'beacons': {}}, world, link)
    one.start()
    assert one._thread is None
    one.change('a', [{'file': str(closed)}, {'beacon_module': 'mtst'}, {'interval': 0.01}])
    wait_until(lambda: len(link.desk.found) > 1, 10, 'two looks')
    assert one.stop(10) and one._thread is None
    assert closed.read() == 'a %d;' % len(link.desk.found)
