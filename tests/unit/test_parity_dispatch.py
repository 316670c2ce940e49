"""Captured jobs of the reference, run by our executors: every case agrees or is listed below with the reason.

Source: tests/data/parity/returns, captured from 3008.3. What never counts: see tests/support/replay.normal.
"""
from __future__ import absolute_import, division, print_function

import pytest

from minion.compat import PY2, is_text
from tests.support import replay

FILES = ('dispatch', 'values', 'test', 'sys', 'config', 'saltutil')


# ---- checks for cases that differ, each called as check(ours, theirs)

def failed_with(text):
    """The reference returns nothing; we return a failure that says why."""
    def check(ours, theirs):
        return not theirs.get('return') and not ours['success'] and ours['retcode'] == 1 and text in ours['return']
    return check


def returned(value):
    """We return this with success."""
    return lambda ours, theirs: ours['success'] and ours['retcode'] == 0 and ours['return'] == value


def same_but_return(test):
    """All but the value agrees, and the value passes `test`."""
    def check(ours, theirs):
        rest = [dict((key, side[key]) for key in side if key not in ('return', 'items')) for side in (ours, theirs)]
        return rest[0] == rest[1] and test(ours['return'])
    return check


def documented(*names):
    """A mapping of at least these names to docstrings."""
    return same_but_return(lambda value: all(is_text(value[name]) and value[name] for name in names))


def exactly_documented(*names):
    return same_but_return(lambda value: sorted(value) == sorted(names) and all(value.values()))


def holds(*items):
    return same_but_return(lambda value: all(item in value for item in items))


def depth(value):
    levels = 0
    while not is_text(value):
        levels, value = levels + 1, value['l'] if isinstance(value, dict) else value[0]
    return levels


def is_text_with(part):
    return same_but_return(lambda value: is_text(value) and part in value)


REFUSED = 'its return is refused: '
NOTHING = 'the reference returns nothing at all; we return a failure that says why'
OTHER_MODULES = 'other modules are there: ours, not those of the captured host'
OF_THE_MASTER = 'runners belong to the master: our list is empty, the reference shows its copies of the master\'s'
LATER = 'we have no modules of this kind yet'
DOCS = 'the capture holds a mark in the place of each docstring'
OWN_HOST = 'tells of the host and process that answers'

TOLERATED = {
    # dispatch
    'dispatch_028_': ('the capture is cut, and ' + DOCS, documented('', 'test.arg', 'sys.doc')),
    'dispatch_029_test.': ('the capture is cut, and ' + DOCS, documented('test.', 'test.arg', 'test.arg_clean')),
    'dispatch_058_pt.raise_exit': (NOTHING, failed_with('SystemExit: 3')),
    'dispatch_059_pt.raise_kbd': (NOTHING, failed_with('KeyboardInterrupt')),
    'dispatch_060_pt.raise_base': (NOTHING, failed_with('B: base')),
    'multi_unknown': ('the reference shows an error inside itself; we say what is wrong',
                      lambda ours, theirs: ours['return'] == {'nosuch.fn': "'nosuch.fn' is not available.",
                                                              'test.ping': True}
                      and ours['success'] == theirs['success'] and ours['retcode'] == theirs['retcode']),
    'multi_generator': ('the reference returns nothing at all; we gather the items as for a single function',
                        lambda ours, theirs: ours['return'] == {'pt.gen': [0, 1], 'test.ping': True}
                        and ours['success'] == {'pt.gen': True, 'test.ping': True} and ours['items'] == [0, 1]),
    'dispatch_123_pt.dunders': ('the types behind the names are our own',
                                same_but_return(lambda value: sorted(key for key in value if value[key] != 'MISSING')
                                                == ['__context__', '__file_client__', '__grains__', '__opts__', '__pillar__',
                                                    '__proxy__', '__salt__', '__utils__'])),
    'dispatch_124_pt.opts_keys': ('the capture is cut, and the replay has few settings', holds('id', 'master')),
    'dispatch_125_pt.environ': (OWN_HOST, same_but_return(lambda value: isinstance(value, dict))),
    'dispatch_126_pt.proc_info': (OWN_HOST, same_but_return(lambda value: 'cwd' in value and 'umask' in value)),
    'dispatch_127_pt.proctitle': (OWN_HOST, same_but_return(is_text)),
    # values
    'values_003_pt.gen_mixed': ('the reference fails on its own append; we return all items',
                                returned([{'a': 1}, 'text'])),
    'values_021_pt.ret_tuplekeys': (NOTHING, failed_with(REFUSED)),
    'values_038_pt.ret_frozenset': ('the reference returns nothing at all; we send a frozenset as we send a set',
                                    returned(['only'])),
    'values_042_pt.ret_surrogate': ('the reference returns nothing at all; we send the bytes that it stands for',
                                    returned(u'x\udcffy' if PY2 else {'__bytes_hex__': '78ff79'})),
    'values_044_pt.ret_object': (NOTHING, failed_with(REFUSED)),
    'values_045_pt.ret_func': (NOTHING, failed_with(REFUSED)),
    'values_046_pt.ret_iterator': (NOTHING, failed_with(REFUSED)),
    'values_047_pt.ret_map': (NOTHING + '; a list on Python 2', returned(['1', '2']) if PY2 else failed_with(REFUSED)),
    'values_048_pt.ret_range': (NOTHING + '; a list on Python 2', returned([0, 1, 2]) if PY2 else failed_with(REFUSED)),
    'values_049_pt.ret_dictkeys': (NOTHING + '; a list on Python 2', returned(['a']) if PY2 else failed_with(REFUSED)),
    'values_050_pt.ret_exception': (NOTHING, failed_with(REFUSED)),
    'values_051_pt.ret_complex': (NOTHING, failed_with(REFUSED)),
    'values_052_pt.ret_decimal': (NOTHING, failed_with(REFUSED)),
    'values_055_pt.ret_no_return': ('every job ends in one return; 2016.11.10 returned this one, too',
                                    returned({'__no_return__': True, 'a': 1})),
    'values_061_pt.ret_nested': ('the capture holds the depth in the place of the value',
                                 same_but_return(lambda value: depth(value) == 200)),
    'values_062_pt.ret_nested': ('the reference fails on its own recursion; we name the bound that is passed',
                                 lambda ours, theirs: not ours['success'] and ours['retcode'] == 1
                                 and REFUSED in ours['return'] and ours['out'] == theirs['out']),
    # test
    'test_003_test.versions': (OWN_HOST, is_text_with('Salt: 3008.3\n')),
    'test_004_test.versions_information': (OWN_HOST, same_but_return(
        lambda value: value['Salt Version'] == {'Salt': '3008.3'} and value['System Versions']['system'] == 'Linux')),
    'test_005_test.versions_report': (OWN_HOST, is_text_with('Salt: 3008.3\n')),
    'test_009_test.stack': (OWN_HOST, is_text_with('in stack')),
    'test_011_test.providers': (OTHER_MODULES, same_but_return(
        lambda value: value['cmdmod'] == 'cmd' and value['ptvirt2'] == 'ptname' and 'ptvirt' not in value)),
    'test_015_test.fib': ('the time that it took', same_but_return(lambda value: value[0] == 55 and value[1] < 60)),
    'test_016_test.collatz': ('the time that it took',
                              same_but_return(lambda value: value[0] == [6, 3, 10, 5, 16, 8, 4, 2] and value[1] < 60)),
    'test_017_test.get_opts': ('the capture is cut, and the replay has few settings', holds('id', 'grains', 'pillar')),
    'test_018_test.opts_pkg': ('the capture is cut, and the replay has few settings', holds('id', 'grains')),
    'test_021_test.not_loaded': (OTHER_MODULES, holds('ptimp', 'ptsyn', 'ptvirt')),
    'test_022_test.module_report': (OTHER_MODULES, same_but_return(
        lambda value: len(value) == 7 and 'test.ping' in value['functions'] and value['missing_attrs'] == [])),
    'test_023_test.attr_call': ('the replay has few grains', holds('id', 'os')),
    'test_027_test.rand_str': ('random', same_but_return(lambda value: len(value) == 64)),
    'test_028_test.random_hash': ('random', same_but_return(lambda value: len(value) == 64)),
    'test_029_test.try': ('the reference stumbles over its own __pub_ keywords; ours calls the function',
                          returned(True)),
    'test_036_test.raise_exception': ('Python 2 has no FileNotFoundError', same_but_return(
        lambda value: value.replace('OSError', 'FileNotFoundError').endswith(
            "FileNotFoundError: [Errno 2] No such file: 'x'\n"))),
    # sys
    'sys_001_sys.doc': (DOCS, exactly_documented('test.ping')),
    'sys_003_sys.doc': (DOCS, exactly_documented('test.ping', 'test.provider', 'test.providers')),
    'sys_004_sys.doc': (DOCS, exactly_documented('test.ping', 'test.echo')),
    'sys_006_sys.argspec': ('a stand-in is in the place of cmd', holds('cmd.run')),
    'sys_008_sys.argspec': ('the capture is cut', same_but_return(
        lambda value: len(value) == 93 and value['pt.args_only'] == {
            'args': ['a', 'b', 'c'], 'defaults': [3], 'varargs': None, 'kwargs': None})),
    'sys_009_sys.argspec': ('the capture is cut', same_but_return(
        lambda value: len(value) == 93 and value['pt.cross'] == dict.fromkeys(
            ('args', 'defaults', 'varargs', 'kwargs')))),
    'sys_014_sys.list_modules': (OTHER_MODULES, same_but_return(
        lambda value: value == sorted(value) and set(['config', 'pt', 'ptname', 'saltutil', 'sys', 'test'])
        <= set(value))),
    'sys_015_sys.list_modules': (OTHER_MODULES, same_but_return(
        lambda value: 'test' in value and all(name.startswith('t') for name in value))),
    'sys_029_sys.list_functions': ('the capture is cut', holds('test.ping', 'sys.doc', 'pt.gen')),
    'sys_020_sys.list_runners': (OF_THE_MASTER, returned([])),
    'sys_027_sys.runner_doc': (OF_THE_MASTER, returned({})),
    'sys_030_sys.state_schema': ('the capture is cut', same_but_return(lambda value: len(value) == 9)),
    # saltutil
    'saltutil_031_saltutil.list_extmods': (OTHER_MODULES, same_but_return(lambda value: 'ptvirt2' in value['modules'])),
}
for _case in ('sys_016_sys.list_returners', 'sys_017_sys.list_returner_functions', 'sys_018_sys.list_renderers',
              'sys_021_sys.list_state_modules', 'sys_022_sys.list_state_functions'):
    TOLERATED[_case] = (LATER, same_but_return(lambda value: isinstance(value, list)))
for _case in ('sys_023_sys.state_argspec', 'sys_024_sys.state_doc', 'sys_025_sys.returner_doc',
              'sys_026_sys.returner_argspec'):
    TOLERATED[_case] = (LATER, same_but_return(lambda value: isinstance(value, dict)))

# Cases of a function of config that reads all grains: the replay has three.
TOLERATED['config_019_config.items'] = ('the capture is cut, and the replay has few settings', holds('id', 'grains'))
TOLERATED['config_022_config.get'] = ('the replay has few grains', holds('id', 'os'))


def cases():
    """(file, row) of all captures; of saltutil those whose function is offered."""
    offered = ('saltutil.sync_', 'saltutil.runner', 'saltutil.wheel', 'saltutil.mmodule', 'saltutil.find_cached_job',
               'saltutil.clear_job_cache', 'saltutil.refresh_beacons')
    for name in FILES:
        for row in replay.rows(name):
            if not (name == 'saltutil' and row['fun'].startswith(offered)):
                yield name, row


CASES = list(cases())


@pytest.fixture(scope='module')
def loader(tmpdir_factory):
    return replay.make_loader(str(tmpdir_factory.mktemp('extmods')))


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """test.sleep and its like return at once: a clock that only sleeping moves."""
    now = [0.0]
    monkeypatch.setattr('minion.compat.monotonic', lambda: now[0])
    monkeypatch.setattr('time.sleep', lambda seconds: now.__setitem__(0, now[0] + seconds))


def agrees(loader, row):
    """(True if both sides are the same, ours, theirs)"""
    ours, theirs = replay.answer(loader, row), replay.expectation(row)
    return ours == theirs, ours, theirs


@pytest.mark.filterwarnings('ignore:this is a test')
@pytest.mark.parametrize('row', [row for _, row in CASES], ids=[row['case'] for _, row in CASES])
def test_as_the_reference(loader, row):
    same, ours, theirs = agrees(loader, row)
    if same:
        return
    assert row['case'] in TOLERATED, '%r\ninstead of\n%r' % (ours, theirs)
    reason, check = TOLERATED[row['case']]
    assert check(ours, theirs), 'tolerated (%s), but not like this: %r' % (reason, ours)


@pytest.mark.filterwarnings('ignore:this is a test')
def test_count_of_agreeing_cases(loader, capsys):
    counts = dict((name, [0, 0]) for name in FILES)
    for name, row in CASES:
        counts[name][0] += agrees(loader, row)[0]
        counts[name][1] += 1
    with capsys.disabled():
        for name in FILES:
            print('\n%s: %d of %d cases agree with the reference' % (name, counts[name][0], counts[name][1]), end='')
    least = {'dispatch': 116, 'values': 59, 'test': 23, 'sys': 9, 'config': 27, 'saltutil': 16}
    assert all(counts[name][0] >= least[name] for name in FILES), counts


def test_nothing_is_tolerated_that_is_not_captured():
    assert set(TOLERATED) <= set(row['case'] for _, row in CASES)
