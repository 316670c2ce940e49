"""The beacons status, swapusage, pkg and salt_monitor; configurations and events are those of the reference (3008.3)."""
from __future__ import absolute_import, division, print_function

import re

import pytest

from minion import errors
from minion.beacons import pkg, status, swapusage
from minion.loader import Loader
from tests.support import replay

VALID = (True, 'Valid beacon configuration')


@pytest.fixture
def loader():
    link = replay.Link()
    link.loader = Loader({'extension_modules': '', 'id': 'm1'}, {'kernel': 'Linux', 'os_family': 'Debian'}, {}, link)
    return link.loader


@pytest.fixture
def look(loader):
    """look(name, config): what a beacon sees; its `__context__` lasts for the test."""
    functions = loader.other('beacons').functions
    return lambda name, config: functions[name + '.beacon'](config)


@pytest.fixture
def packages(monkeypatch):
    """({name: (installed, newest)} that pkg.version and pkg.latest_version tell, their calls)."""
    known, calls = {}, []

    def telling(place):
        def tell(*names, **named):
            calls.append((names, named))
            found = dict((name, known.get(name, ('', ''))[place]) for name in names)
            return found if len(names) == 2 else found[names[0]]       # the module of Debian, too, may tell one of several
        return tell
    given = {'pkg.version': telling(0), 'pkg.latest_version': telling(1)}
    monkeypatch.setattr(pkg, '__salt__', given, raising=False)
    monkeypatch.setattr(pkg, '__context__', {}, raising=False)
    return known, calls


@pytest.mark.parametrize('name, config, expected', [
    ('status', [], VALID), ('status', {}, (False, 'Configuration for status beacon must be a list.')),
    ('status', [{'nosuch': ['all']}], VALID),
    ('swapusage', {}, (False, 'Configuration for swapusage beacon must be a list.')),
    ('swapusage', [], (False, 'Configuration for swapusage beacon requires percent.')),
    ('swapusage', [{'percent': 'x'}], VALID),
    ('salt_monitor', [{'salt_fun': ['test.ping']}], (True, 'valid config')),
    ('salt_monitor', [{'salt_fun': 'test.ping'}], (True, 'valid config')),
    ('salt_monitor', [{'salt_fun': []}, {'interval': 5}], (True, 'valid config')),
    ('salt_monitor', [], (False, 'Configuration for salt_monitor beacon requires salt_fun.')),
    ('salt_monitor', [{'salt_fun': ['nosuch.fun']}], (False, 'nosuch.fun not in __salt__')),
    ('salt_monitor', [{'salt_fun': [5]}], (False, '5 not in __salt__')),
    ('salt_monitor', [{'salt_fun': [{'test.echo': {'args': 'hi'}}]}], (False, 'args key for fun test.echo must be list')),
    ('salt_monitor', [{'salt_fun': [{'test.arg': {'kwargs': {'a': 1}}}]}],
     (False, 'kwargs key for fun test.arg must be list of key value pairs')),
    ('salt_monitor', [{'salt_fun': [{'test.arg': {'args': [1], 'x': 2}}]}], (False, 'key x not allowed under fun test.arg')),
    ('salt_monitor', [{'salt_fun': [{'test.arg': None}]}], (False, 'fun test.arg must have a mapping of args and kwargs')),
])
def test_configurations(loader, name, config, expected):
    assert loader.other('beacons').functions[name + '.validate'](config) == expected


# ---- status

LOAD = {'1-min': 1.0, '5-min': 2.0}


@pytest.fixture
def figures(monkeypatch):
    """Fixed values."""
    known = {'loadavg': LOAD, 'time': 'Thursday', 'cpustats': {}, 'meminfo': {}, 'vmstats': {}}
    given = dict(('status.' + name, lambda value=value: value) for name, value in known.items())
    monkeypatch.setattr(status, '__salt__', given, raising=False)


@pytest.mark.parametrize('config, data', [
    ([{'loadavg': ['all']}], {'loadavg': LOAD}), ([{'loadavg': 'all'}], {'loadavg': LOAD}),
    ([{'loadavg': ['1-min']}, {'time': ['all']}, {'interval': 5}, {'_beacon_name': 'status'}],
     {'loadavg': {'1-min': 1.0}, 'time': 'Thursday'}),
    ([{'loadavg': '1-min'}], {'loadavg': {'1-min': 1.0}}), ([{'loadavg': []}], {'loadavg': {}}),
    ([{'loadavg': ['nosuch']}], {'loadavg': "Status beacon is incorrectly configured: 'nosuch'"}),
    ([{'loadavg': None}], {'loadavg': 'Status beacon is incorrectly configured: None'}),
    ([{'time': [0]}], {'time': {0: 'T'}}), ([{'interval': 5}],
     {'loadavg': LOAD, 'time': 'Thursday', 'cpustats': {}, 'meminfo': {}, 'vmstats': {}}),
])
def test_status(figures, config, data):
    (event,) = status.beacon(config)
    assert event['data'] == data and re.match(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$', event['tag'])


def test_status_of_this_host(look):
    (event,) = look('status', [{'uptime': ['days', 'seconds']}, {'meminfo': ['MemTotal']}, {'nproc': ['all']}])
    assert event['data']['uptime']['seconds'] > 0 and event['data']['nproc'] >= 1
    assert sorted(event['data']['meminfo']['MemTotal']) == ['unit', 'value']


def test_a_figure_that_is_not_there(look):
    with pytest.raises(errors.CommandExecutionError) as caught:
        look('status', [{'nosuch': ['all']}])
    assert str(caught.value) == "'status.nosuch' is not available."


# ---- swapusage

@pytest.mark.parametrize('total, free, limit, told', [
    (1000, 250, '75%', 75.0), (1000, 250, 75.1, None), (1000, 1000, 0, 0.0), (1000, 999, '0.1', 0.1), (0, 0, '0%', 0.0),
    (0, 0, 1, None)])
def test_swapusage(monkeypatch, total, free, limit, told):
    monkeypatch.setattr(swapusage.hoststats, 'memory_bytes', lambda root: {'SwapTotal': total, 'SwapFree': free})
    assert swapusage.beacon([{'percent': limit}]) == ([] if told is None else [{'swapusage': told}])


def test_swapusage_of_this_host(look):
    (event,) = look('swapusage', [{'percent': '0%'}])
    assert 0 <= event['swapusage'] <= 100


# ---- pkg

@pytest.mark.parametrize('names', [['bash'], ['bash', 'vim'], ['bash', 'vim', 'git']])
def test_pkg_tells_what_has_changed(packages, names):
    known, beacon, config = packages[0], pkg.beacon, [{'pkgs': names}]
    assert pkg.validate(config) == VALID and beacon(config) == []
    for state, told in ((('1.0', ''), ('1.0', 'installed')), (('1.0', '1.1'), ('1.1', 'upgrade')), (('1.0', '1.2'), None),
                        (('1.2', ''), ('1.2', 'installed')), (('', '1.2'), (None, 'not-installed'))):
        known['bash'] = state
        assert beacon(config) == ([{'pkg': 'bash', 'version': told[0], 'status': told[1]}] if told else [])
        assert beacon(config) == []


@pytest.mark.parametrize('rows, refresh', [([], False), ([{'refresh': True}], True), ([{'refresh': 'x'}], False)])
def test_pkg_reads_the_index_anew_when_asked_to(packages, rows, refresh):
    pkg.beacon([{'pkgs': ['bash']}] + rows)
    assert packages[1] == [(('bash',), {'use_context': False}), (('bash',), {'refresh': refresh})]
    assert pkg.beacon([{'pkgs': []}]) == []


@pytest.mark.parametrize('config, why', [
    ({}, 'must be a list.'), ([], 'requires list of pkgs.'), ([{'pkgs': 'bash'}], 'requires list of pkgs.')])
def test_configurations_of_pkg(config, why):
    assert pkg.validate(config) == (False, 'Configuration for pkg beacon ' + why)


# ---- salt_monitor

@pytest.mark.parametrize('calls, found', [
    (['test.ping', 'test.false', {'test.echo': {'args': ['x']}}],
     [{'salt_fun': 'test.ping', 'ret': True}, {'salt_fun': 'test.echo', 'ret': 'x', 'args': ['x']}]),
    ('test.ping', [{'salt_fun': 'test.ping', 'ret': True}]), ({'test.ping': {}}, [{'salt_fun': 'test.ping', 'ret': True}]),
    ([{'test.kwarg': {'kwargs': [{'a': 1}, {'b': 2}]}}],
     [{'salt_fun': 'test.kwarg', 'ret': {'a': 1, 'b': 2}, 'kwargs': {'a': 1, 'b': 2}}]), ([], []),
])
def test_salt_monitor(look, calls, found):
    assert look('salt_monitor', [{'salt_fun': calls}, {'interval': 5}]) == found
