# -*- coding: utf-8 -*-
"""One plug-in: importing it, __virtual__, its functions."""
from __future__ import absolute_import, division, print_function

import logging
import os
import threading

import pytest

from minion import compat, errors
from minion.plugin import Plugin
from tests.support.plugins import Folder


@pytest.fixture
def synced(tmpdir):
    return Folder(str(tmpdir.mkdir('extmods')))


NOTE = "__opts__['imported'].append('%s')\ndef f(): return '%s'\n"


# ---- __virtual__ and what is a function

@pytest.mark.parametrize('source, name, missing', [
    ('', 'm', None),
    ('def __virtual__(): return True', 'm', None),
    ('def __virtual__(): return "n"', 'n', "'m.f' is not available."),
    ('__virtualname__ = "n"\ndef __virtual__(): return True', 'n', "'m.f' is not available."),
    ('__virtualname__ = "n"', 'm', "'n.f' is not available."),
    ('def __virtual__(): return (True, "fine")', 'm', None),
    ('def __virtual__(): return False', None, "'m' __virtual__ returned False"),
    ('def __virtual__(): return None', None, "'m' __virtual__ returned False"),
    ('def __virtual__(): return (False, "no such program")', None, "'m' __virtual__ returned False: no such program"),
    ('def __virtual__(): return (False, ["a"])', None, "'m' __virtual__ returned False: ['a']"),
    ('def __virtual__(): raise ValueError("oh")', None, "'m' __virtual__ returned False: oh"),
    ('__virtualname__ = "n"\ndef __virtual__(): return (False, "r")', None, "'n' __virtual__ returned False: r"),
    ('raise SystemExit("bye")', None, "'m' __virtual__ returned False: bye"),
    ('import not_there_at_all', None, "'m' __virtual__ returned False: No module named 'not_there_at_all'"),
    ('def f(:', None, "'m' __virtual__ returned False: invalid syntax (m.py, line 1)"),
    ('def __init__(opts): raise KeyError("x")', None, "'m' __virtual__ returned False: 'x'"),
    ('assert False', None, "'m' __virtual__ returned False: AssertionError"),
])
def test_virtual(synced, source, name, missing):
    synced.add('m.py', source + '\ndef f(): return 1\n')
    functions = synced.loader().functions
    if name:
        assert functions[name + '.f']() == 1
    if missing:
        absent = missing.split("'")[1].split('.')[0] + '.f'
        assert functions.get(absent) is None
        assert functions.missing(absent) == missing


def test_functions_of_a_module(synced):
    synced.add('m.py', '''
import os
from functools import partial
__func_alias__ = {'list_': 'list'}
__outputter__ = {'list_': 'txt', 'two': 5}
CONSTANT = 5
class Kind(object): pass
def list_(): return 'l'
def _private(): return 'p'
def two(): return 2
three = partial(int, '3')
''')
    functions = synced.loader().functions
    assert functions.like('m.*') == ['m.list', 'm.three', 'm.two']
    assert (functions.outputter('m.list'), functions.outputter('m.two')) == ('txt', None)
    assert functions['m.three']() == 3
    for name in ('m.list_', 'm._private', 'm.Kind', 'm.CONSTANT', 'm.os', 'm.__virtual__', 'm', 'm.', '', None, 5):
        with pytest.raises(KeyError):
            functions[name]


def test_load_names_the_only_functions(synced):
    synced.add('m.py', "__load__ = ['f', '_g', 'h']\ndef f(): pass\ndef _g(): pass\ndef i(): pass\n")
    assert synced.loader().functions.like('m.*') == ['m.f']


def test_init_gets_the_settings_once(synced):
    synced.add('m.py', "def __init__(opts): opts['imported'].append('init')\ndef f(): pass\ndef g(): pass\n")
    loader = synced.loader()
    assert loader.functions['m.f'] and loader.functions['m.g'] and loader.opts['imported'] == ['init']


def test_functions_are_attributes_too(synced):
    synced.add('m.py', NOTE % ('m', 'value'))
    functions = synced.loader().functions
    assert functions.m.f() == 'value'
    with pytest.raises(AttributeError):
        functions.m.absent
    with pytest.raises(AttributeError):
        functions._absent


# ---- importing

def test_an_import_failure_is_one_line_in_the_log(synced, caplog):
    caplog.set_level(logging.INFO)
    path = synced.add('m.py', "import not_there_at_all\n")
    functions = synced.loader().functions
    for _ in range(3):
        assert functions.get('m.f') is None
    lines = [record.getMessage() for record in caplog.records]
    assert lines == ["%s: not loaded: No module named 'not_there_at_all'" % path]


def test_stale_bytecode_is_not_looked_at_and_none_is_written(synced):
    path = synced.add('m.py', "def f(): return 'new'\n")
    synced.add('m.pyc', b'rubbish')
    synced.add(os.path.join('__pycache__', 'm.cpython-311.pyc'), b'rubbish')
    synced.add('notes.txt', 'no plug-in')
    before = sorted(os.listdir(os.path.dirname(path)))
    loader = synced.loader()
    assert loader.functions['m.f']() == 'new'
    assert sorted(os.listdir(os.path.dirname(path))) == before
    assert [plugin.name for plugin in loader.plugins() if not plugin.core] == ['m']


@pytest.mark.parametrize('source, value', [
    (u'# -*- coding: latin-1 -*-\ndef f(): return u"\u00e9"\n'.encode('latin-1'), u'\u00e9'),
    (u'# coding: utf-8\ndef f(): return u"\u00e9"\n'.encode('utf-8'), u'\u00e9'),
    (b'\xef\xbb\xbfdef f(): return u"bom"\n', u'bom'),
    (b'def f():\r\n    return u"crlf"\r\n', u'crlf'),
    (b'def f(): return u"no newline at end"', u'no newline at end'),
])
def test_encodings_of_a_source(synced, source, value):
    synced.add('m.py', source)
    assert synced.loader().functions['m.f']() == value


def test_division_is_the_modules_own_affair(synced):
    synced.add('m.py', 'def f(): return 3 / 2\n')
    assert synced.loader().functions['m.f']() == (1 if compat.PY2 else 1.5)


def test_a_package_with_relative_imports(synced):
    synced.add('p/__init__.py', 'from .part import value\ndef f(): return value\n')
    synced.add('p/part.py', 'value = 7\n')
    synced.add('empty/readme', 'no package')
    loader = synced.loader()
    assert loader.functions['p.f']() == 7
    assert 'empty' not in [plugin.name for plugin in loader.plugins()]


def test_virtual_may_ask_for_itself_and_for_others(synced):
    synced.add('a.py', "def __virtual__(): return 'b.f' in __salt__\ndef f(): return 'a'\n")
    synced.add('b.py', "def __virtual__(): return 'a.f' not in __salt__\ndef f(): return 'b'\n")
    functions = synced.loader().functions
    assert functions['a.f']() == 'a' and functions['b.f']() == 'b'


def test_a_plug_in_is_imported_once_by_many_threads(synced):
    synced.add('m.py', "import threading\n__opts__['imported'].append(1)\n__opts__['gate'].wait(10)\ndef f(): pass\n")
    loader = synced.loader()
    gate = loader.opts['gate'] = threading.Event()
    found = []
    threads = [threading.Thread(target=lambda: found.append(loader.functions['m.f'])) for _ in range(8)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(10)
    assert len(set(found)) == 1 and len(found) == 8 and loader.opts['imported'] == [1]


def test_loaded_functions_are_found_while_another_module_is_being_imported(synced):
    synced.add('slow.py', "__opts__['begun'].set()\n__opts__['gate'].wait(10)\ndef f(): pass\n")
    loader = synced.loader()
    loader.opts.update(begun=threading.Event(), gate=threading.Event())
    assert loader.functions['test.ping']()
    thread = threading.Thread(target=lambda: loader.functions['slow.f'])
    thread.start()
    assert loader.opts['begun'].wait(10)
    assert loader.functions['test.ping']()
    loader.opts['gate'].set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_job_ended_during_an_import_does_not_lose_the_module(synced):
    synced.add('m.py', "__opts__['imported'].append(1)\n"
                       "if len(__opts__['imported']) == 1: raise __opts__['error']\ndef f(): return 1\n")
    loader = synced.loader()
    loader.opts['error'] = errors.JobEnded()
    with pytest.raises(errors.JobEnded):
        loader.functions['m.f']
    assert loader.functions['m.f']() == 1


def test_exceptions_under_their_salt_names(synced):
    synced.add('m.py', '''
from salt.exceptions import CommandExecutionError, SaltException, SaltInvocationError, SaltRenderError
def f():
    caught = []
    for kind in (CommandExecutionError, SaltInvocationError, SaltRenderError):
        try:
            raise kind('text')
        except SaltException as exc:
            caught.append('%s %s' % (type(exc).__name__, exc))
    return caught
''')
    synced.add('n.py', 'import salt.exceptions, salt.not_there\n')
    functions = synced.loader().functions
    assert functions['m.f']() == ['CommandExecutionError text', 'SaltInvocationError text', 'SaltRenderError text']
    assert functions.get('n.f') is None
    assert 'not_there' in functions.missing('n.f')


def test_an_unreadable_file_and_folder(synced, caplog):
    path = synced.add('m.py', 'def f(): pass\n')
    loader = synced.loader(module_dirs=[path, os.path.join(synced.top, 'absent')])
    os.remove(path)
    os.symlink(os.path.join(synced.top, 'nowhere'), path)
    assert loader.functions.get('m.f') is None
    assert 'No such file' in loader.functions.missing('m.f')


def test_core_bytecode_cache_is_used_only_when_fresh(tmpdir):
    path = tmpdir.join('c.py')
    path.write('def f(): return 1\n')
    code = compat.installed_code('c', str(path))
    space = {}
    exec(code, space)
    assert space['f']() == 1
    path.write('def f(): return 22\n')                       # another length and time
    os.utime(str(path), (1, 1))
    exec(compat.installed_code('c', str(path)), space)
    assert space['f']() == 22


def test_names_before_loading(tmpdir):
    path = tmpdir.join('m.py')
    path.write("__virtualname__ = 'n'\n")
    assert Plugin('m', str(path), 'modules', False).possible_names() == ('m', 'n')
    path.write("def __virtual__(): return something()\n")
    assert Plugin('m', str(path), 'modules', False).possible_names() is None
    assert Plugin('m', str(path), 'modules', True).possible_names() == ('m',)
    assert Plugin('m', str(tmpdir.join('absent.py')), 'modules', False).possible_names() == ('m',)
