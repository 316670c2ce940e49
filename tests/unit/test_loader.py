# -*- coding: utf-8 -*-
"""Finding plug-ins, and what they get."""
from __future__ import absolute_import, division, print_function

import logging
import os
import threading

import pytest

from minion import loader as loading
from minion.loader import Loader
from tests.support.plugins import Folder


@pytest.fixture
def synced(tmpdir):
    return Folder(str(tmpdir.mkdir('extmods')))


NOTE = "__opts__['imported'].append('%s')\ndef f(): return '%s'\n"


# ---- only what is needed

def test_a_lookup_imports_only_the_file_of_that_name(synced):
    for name in 'ab':
        synced.add(name + '.py', NOTE % (name, name))
    loader = synced.loader()
    assert loader.functions['a.f']() == 'a'
    assert loader.opts['imported'] == ['a']


def test_a_lookup_imports_what_says_to_be_called_so(synced):
    synced.add('a.py', NOTE % ('a', 'a'))
    synced.add('other.py', "__virtualname__ = 'wanted'\ndef __virtual__(): return 'wanted'\n" + NOTE % ('o', 'o'))
    synced.add('secret.py', "def __virtual__(): return 'want' + 'ed2'\n" + NOTE % ('s', 's'))
    loader = synced.loader()
    assert loader.functions['wanted.f']() == 'o'
    assert loader.opts['imported'] == ['o']
    assert loader.functions['wanted2.f']() == 's'
    assert loader.opts['imported'] == ['o', 's']


def test_core_modules_are_found_under_their_virtual_names():
    loader = Loader({})
    assert loader.functions['sys.doc'].__name__ == 'doc'
    assert [plugin.name for plugin in loader.plugins() if plugin.loaded] == ['sysmod']


def test_a_core_module_is_called_what_its_source_says():
    """Or a lookup would not find it: our own files are not imported to see what they are called."""
    loader = Loader({}, {}, {})
    loader.providers()
    for plugin in loader.plugins():
        assert set(plugin.names) <= set(plugin.possible_names()), plugin.path


def test_no_core_module_fails_to_load(caplog):
    caplog.set_level(logging.WARNING)
    loader = Loader({'id': 'x', 'extension_modules': '/nonexistent'}, {}, {})
    loader.providers()
    assert [record.getMessage() for record in caplog.records if record.name == 'minion.plugin'] == []


# ---- what hides what

def test_a_synced_file_hides_the_core_file_as_a_whole(synced):
    synced.add('test.py', 'def extra(): return "e"\n')
    functions = synced.loader().functions
    assert functions['test.extra']() == 'e'
    assert 'test.ping' not in functions


def test_module_dirs_come_before_synced_files(synced, tmpdir):
    synced.add('m.py', NOTE % ('synced', 'synced'))
    tmpdir.mkdir('own').join('m.py').write(NOTE % ('own', 'own'))
    loader = synced.loader(module_dirs=[str(tmpdir.join('own')), str(tmpdir.join('absent'))])
    assert loader.functions['m.f']() == 'own'
    assert loader.opts['imported'] == ['own']


def test_a_synced_module_of_the_same_virtual_name_comes_before_ours(synced):
    synced.add('mine.py', "__virtualname__ = 'sys'\ndef __virtual__(): return True\ndef doc(): return 'mine'\n")
    assert synced.loader().functions['sys.doc']() == 'mine'
    assert synced.loader().functions.like('sys.doc') == ['sys.doc']


@pytest.mark.parametrize('value', [['test', 'm'], 'test, m'])
def test_disabled_files_are_not_there(synced, value):
    synced.add('m.py', NOTE % ('m', 'm'))
    loader = synced.loader(disable_modules=value)
    assert 'test.ping' not in loader.functions and 'm.f' not in loader.functions
    assert loader.functions.missing('test.ping') == "'test.ping' is not available."
    assert 'sys.doc' in loader.functions                     # by file name: `sysmod` would have to be named
    assert 'sys.doc' not in synced.loader(disable_modules=['sysmod']).functions
    assert 'sys.doc' in synced.loader(disable_modules=['sys']).functions


def test_only_white_files_answer_jobs_but_modules_reach_all(synced):
    synced.add('m.py', "def f(): return __salt__['sys.list_runners']()\n")
    loader = synced.loader(whitelist_modules=['m', 'sysmod-not'])
    assert 'sys.list_runners' not in loader.functions and 'test.ping' not in loader.functions
    assert loader.functions.like('test.*') == []
    assert loader.functions['m.f']() == []
    assert sorted(loader.functions) == ['m.f']


# ---- what a module gets

def test_dunders(synced):
    synced.add('m.py', '''
__salt__ = __grains__ = {}
def f(): return [__grains__['os'], __pillar__['role'], __opts__['grains']['os'], __salt__['test.echo']('hi'),
                 __utils__['u.g'](), __minion__, __name__, __proxy__, len(__context__)]
''')
    synced.add('u.py', "def g(): return 'u of ' + __grains__['os'] + __salt__['test.echo']('!')\n", 'utils')
    assert synced.loader().functions['m.f']() == ['Debian', 'web', 'Debian', 'hi', 'u of Debian!', 'the link',
                                                  'salt.loaded.ext.modules.m', {}, 0]


def test_settings_are_a_copy(synced):
    opts = {'extension_modules': synced.top, 'list': [1]}
    synced.add('m.py', "def f(): __opts__['list'].append(2); return __opts__['list']\n")
    assert Loader(opts).functions['m.f']() == [1, 2]
    assert opts == {'extension_modules': synced.top, 'list': [1]}


def test_new_grains_and_pillar_reach_loaded_modules(synced):
    synced.add('m.py', "def f(): return [__grains__, __pillar__, __opts__['pillar']]\n")
    synced.add('r.py', "def f(): return __grains__\n", 'returners')
    loader = synced.loader()
    functions, returners = loader.functions, loader.other('returners').functions
    assert functions['m.f']() and returners['r.f']()
    loader.update(grains={'os': 'SUSE'})
    assert functions['m.f']() == [{'os': 'SUSE'}, {'role': 'web'}, {'role': 'web'}]
    loader.update(pillar={})
    assert functions['m.f']() == [{'os': 'SUSE'}, {}, {}] and returners['r.f']() == {'os': 'SUSE'}


def test_two_loaders_do_not_share_modules(synced):
    synced.add('m.py', "def f(): return __grains__['os']\n")
    one, other = synced.loader(), Loader({'extension_modules': synced.top}, {'os': 'other'})
    assert (one.functions['m.f'](), other.functions['m.f'](), one.functions['m.f']()) == ('Debian', 'other', 'Debian')
    first, second = (found.functions['test.get_opts'] for found in (one, other))
    assert 'imported' in first() and 'imported' not in second()


def test_context_is_the_jobs_own(synced):
    synced.add('m.py', "def f(n): __context__['n'] = n; return __context__\n")
    loader = synced.loader()
    seen, first, second = [], threading.Event(), threading.Event()

    def other_job():
        loader.context.fresh()
        loader.functions['m.f']('other')
        first.set()
        second.wait(10)
        seen.append(dict(loader.context))

    thread = threading.Thread(target=other_job)
    thread.start()
    assert first.wait(10)
    loader.context.fresh()
    seen.append(dict(loader.context))
    loader.functions['m.f']('mine')
    second.set()
    thread.join(10)
    assert seen == [{}, {'n': 'other'}]
    assert dict(loader.context) == {'n': 'mine'}
    loader.context.fresh()
    assert dict(loader.context) == {}


# ---- kinds

def test_kinds_share_settings_context_and_modules(synced):
    synced.add('r.py', "def returner(ret): return __salt__['test.echo'](ret)\n", 'returners')
    loader = synced.loader(disable_returners=['gone'])
    synced.add('gone.py', "def returner(ret): pass\n", 'returners')
    returners = loader.other('returners')
    assert returners is loader.other('returners') and returners.context is loader.context
    assert returners.functions['r.returner']('x') == 'x'
    assert 'gone.returner' not in returners.functions
    assert returners.other('modules') is loader


def test_a_kind_alone_has_execution_modules(synced):
    synced.add('g.py', "def f(): return {'g': __salt__['test.ping']()}\n", 'grains')
    loader = Loader({'extension_modules': synced.top, 'disable_grains': 'off'}, {}, {}, kind='grains')
    assert loader.functions['g.f']() == {'g': True}


def test_the_folder_of_ours_is_beside_the_loader():
    assert os.path.isfile(os.path.join(loading.HERE, 'modules', 'test.py'))


def test_jobs_that_need_the_same_module_at_once_all_find_it():
    found, gate = [], threading.Event()
    shared = Loader({}, {}, {})

    def look():
        gate.wait(10)
        found.append('cmd.run' in shared.functions)
    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert found == [True] * 8


# ---- settings

def test_providers_put_a_file_behind_a_name_whatever_its_virtual_says(synced):
    synced.add('one.py', "def __virtual__(): return 'pkg'\ndef f(): return 'one'\ndef only(): return 1\n")
    synced.add('two.py', "def __virtual__(): return False, 'not here'\ndef f(): return 'two ' + __grains__['os']\n")
    loader = synced.loader(providers={'pkg': 'two', 'gone': 'nosuch'})
    assert loader.functions['pkg.f']() == 'two Debian' and loader.functions['pkg.only']() == 1
    assert 'two.f' not in loader.functions and 'gone.f' not in loader.functions
    loader.update(grains={'os': 'Other'})
    assert loader.functions['pkg.f']() == 'two Other'
    assert sorted(loader.functions.like('pkg.*')) == ['pkg.f', 'pkg.only']


def test_outputters_from_the_folder_that_masters_sync(synced):
    synced.add('own.py', "def output(data, **kwargs): return 'own'\n", 'output')
    assert synced.loader().other('outputters').functions['own.output']({}) == 'own'


def test_the_file_client_is_the_one_of_the_link(synced):
    class Link(object):
        files = 'the client'
    synced.add('a.py', "def f(): return __file_client__\n")
    assert Loader({'extension_modules': synced.top}, {}, {}, Link()).functions['a.f']() == 'the client'
    assert synced.loader().functions['a.f']() is None
