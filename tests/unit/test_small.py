"""What keeps the process small: work done by children, imports without OpenSSL, signatures read without inspect."""
from __future__ import absolute_import, division, print_function

import functools
import copy
import hashlib
import inspect
import os
import subprocess
import sys

import pytest

from minion import apart, chance, compat, errors, graincollect, lean, memory, record

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


# ---- apart

def test_what_a_child_gives():
    tree = {'a': [1, 2.5, None, True, u'\xfc', b'\xff', {'b': 1 << 80}], 'pid': os.getpid()}
    found = apart.call(lambda: dict(tree, pid=os.getpid()))
    assert found.pop('pid') != tree.pop('pid') and found == tree


def test_more_than_a_pipe_holds():
    assert len(apart.call(lambda: 'x' * (1 << 20))) == 1 << 20


def test_an_error_of_ours_passes():
    def work():
        raise errors.ConfigError('/etc/x: line 3: wrong')
    with pytest.raises(errors.ConfigError) as caught:
        apart.call(work)
    assert str(caught.value) == '/etc/x: line 3: wrong'


@pytest.mark.parametrize('odd', [lambda: os._exit(7), lambda: object(), lambda: 1 // 0, lambda: os.kill(os.getpid(), 9)],
                         ids=['ends', 'no tree', 'fails', 'is killed'])
def test_without_an_answer_it_is_done_here(odd):
    here = os.getpid()
    assert apart.call(lambda: 'done' if os.getpid() == here else odd()) == 'done'


def test_without_room_for_a_process_it_is_done_here(monkeypatch):
    def no_room():
        raise OSError(11, 'no room')
    monkeypatch.setattr(os, 'fork', no_room)
    assert apart.call(os.getpid) == os.getpid()


def test_a_child_that_takes_too_long_is_ended():
    ear, mouth = os.pipe()
    child = apart.Apart(lambda: os.read(ear, 1))
    assert child.result(0.05, lambda: 'instead') == 'instead'
    child.end()
    os.close(ear)
    os.close(mouth)


# ---- grains collected ahead

class Config(object):
    def plain(self):
        return {'id': 'm1', 'grains': {'role': 'web'}}


def test_grains_of_a_child_are_taken_over_with_our_pid():
    child = apart.Apart(lambda: {'role': 'child', 'pid': os.getpid()})
    assert graincollect.Grains({}, ahead=child).all() == {'role': 'child', 'pid': os.getpid()}


def test_grains_are_collected_here_when_the_child_has_none(monkeypatch):
    monkeypatch.setattr(graincollect, 'PATIENCE', 0.05)
    ear, mouth = os.pipe()
    grains = graincollect.Grains({'grains': {'role': 'here'}}, ahead=apart.Apart(lambda: os.read(ear, 1)))
    assert grains.all()['role'] == 'here'
    os.close(ear)
    os.close(mouth)


def test_ahead_gives_what_all_gives():
    found, expected = graincollect.ahead(Config()), graincollect.Grains(Config().plain()).all()
    assert found is None or sorted(found) == sorted(expected) and found['role'] == 'web'


# ---- lean

LEAN = '''
from __future__ import print_function
import sys
sys.path.insert(0, %r)
import minion.lean
import hashlib, hmac, socket
hidden = '_ssl' if sys.version_info[0] == 2 else '_hashlib'
print(hmac.new(b'key', b'text', hashlib.sha256).hexdigest(), hidden if hidden in sys.modules else '')
full = minion.lean.full_hashlib()
print(full.sha512(b'x').hexdigest(), sorted(full.algorithms_guaranteed)[:1])
import ssl
''' % ROOT


def test_the_same_digests_without_openssl():
    lines = subprocess.check_output([sys.executable, '-c', LEAN]).decode('ascii').splitlines()
    import hmac
    assert hmac.new(b'key', b'text', hashlib.sha256).hexdigest() in lines[0]
    assert '_hashlib' not in lines[0].split() and '_ssl' not in lines[0].split()
    assert hashlib.sha512(b'x').hexdigest() in lines[1]


LATE = '''
sys.path.insert(0, %r)
import minion.lean
from minion import keys, aes
minion.lean.import_zmq()
names = ('platform', 'selectors', 'textwrap', 'pickle', 'rsa', 'rsa.core', 'random') + minion.lean.HINTS
print([name for name in names if name in sys.modules])
try:
    def outer():
        raise ValueError('told')
    outer()
except ValueError:
    import traceback
    print(traceback.format_exc().replace(chr(10), ' '))
import datetime, linecache, pickle, platform, rsa, rsa.core, selectors, socket, textwrap, tokenize
print(datetime.datetime.strptime('2026-01-02', '%%Y-%%m-%%d').date() + datetime.timedelta(1))
print(platform.architecture()[0], textwrap.wrap('a b', 1), rsa.core.encrypt_int(2, 3, 55), rsa.key.PublicKey(55, 3).n)
print(repr(linecache.getline(sys.argv[1], 1)), pickle.loads(pickle.dumps(datetime.timedelta(3))).days)
print(keys.common.inverse(3, 7), keys.core is rsa.core, getattr(traceback, 'textwrap', textwrap).indent is not None)
print(getattr(linecache, 'tokenize', tokenize).tokenize is tokenize.tokenize, socket.selectors.SelectSelector().close())
import random, typing, zmq
print(typing.List[int], zmq.Socket['x'] is not None, zmq.Context['x'] is not None, random.random() < 1,
      zmq.sugar.socket.random.random() < 1)
''' % ROOT


@pytest.mark.skipif(compat.PY2, reason='most of it is there for Python 3')
def test_what_is_imported_late_is_there_for_whoever_asks(tmpdir):
    first = tmpdir.join('first.py')
    first.write(u'first line\n')
    output = subprocess.check_output([sys.executable, '-S', '-c', 'import sys; sys.path += %r\n%s' % (sys.path, LATE),
                                      str(first)]).decode('ascii').splitlines()
    assert output[0] == '[]' and 'told' in output[1] and 'in outer' in output[1]
    assert output[2:] == ['2026-01-03', "64bit ['a', 'b'] 8 55" if sys.maxsize > 1 << 32 else "32bit ['a', 'b'] 8 55",
                          "'first line\\n' 3", '5 False True', 'True None', 'typing.List[int] True True True True']


PATTERNS = """
from __future__ import print_function
import re, sys, threading
sys.path.insert(0, %r)
compiled, over = re.compile, threading.Event()
import minion.lean
from minion import compat, yamlfile
if sys.argv[1] == 'threads':
    threading.Thread(target=over.wait).start()
yaml = compat.import_yaml()
over.set()
patterns = [pair[1] for pairs in yaml.SafeLoader.yaml_implicit_resolvers.values() for pair in pairs]
print(re.compile is compiled, set(isinstance(pattern, minion.lean.LatePattern) for pattern in patterns))
print([str(one) for one in yaml.safe_load('[1, 0x1f, 1_0, 1.5, 2001-02-03, 2001-02-03 04:05:06, yes, ~, a b, 1:30]')])
print(yamlfile.parse(u'a: {<<: {b: 2}, c: \u00e4}'.encode('utf-8'), 'n') == {'a': {'b': 2, 'c': compat.to_native(u'\u00e4')}})
try:
    yamlfile.parse(b'a: x\x07', 'n')
except Exception as exc:
    print(exc)
""" % ROOT


@pytest.mark.parametrize('how', ['alone', 'threads'])
def test_patterns_of_yaml_are_made_when_they_are_used(how):
    lines = subprocess.check_output([sys.executable, '-c', PATTERNS, how]).decode('ascii').splitlines()
    assert lines[0] == 'True %r' % set([how == 'alone'])
    assert lines[1] == str(['1', '31', '10', '1.5', '2001-02-03', '2001-02-03 04:05:06', 'True', 'None', 'a b', '90'])
    assert lines[2:] == ['True', 'n: line 1: not valid YAML: the character #x0007 is not allowed']


NAMES = """
import sys
sys.path.insert(0, %r)
if sys.argv[1] == 'without':
    import __builtin__
    intern, __builtin__.intern = intern, str
import minion.lean
kept = [intern('name%%d' %% number) for number in range(4000)]
with open('/proc/self/smaps_rollup') as stream:
    print(sum(int(line.split()[1]) for line in stream if line.startswith('Anonymous:')))
""" % ROOT


@pytest.mark.skipif(not compat.PY2, reason='Python 3 keeps its names in a smaller table')
@pytest.mark.skipif(not os.path.exists('/proc/self/smaps_rollup'), reason='the kernel does not tell')
def test_the_table_of_names_is_half_as_large():
    took = dict((how, int(subprocess.check_output([sys.executable, '-c', NAMES, how]))) for how in ('with', 'without'))
    assert took['without'] - took['with'] > 250      # KiB; 384 are the 16384 slots that are not there


def test_parts_of_a_package_that_is_not_there():
    with pytest.raises(ImportError):
        lean.parts('mtst_no_such_package', ('core',))


def test_memory_functions_can_be_called():
    memory.few_arenas()
    memory.trim()


# ---- chance

def test_numbers_by_chance():
    drawn = [chance.uniform(2, 3) for _ in range(200)]
    assert 2 <= min(drawn) < 2.2 and 2.8 < max(drawn) <= 3
    assert set(chance.whole(1, 3) for _ in range(200)) == {1, 2, 3} and chance.whole(5, 5) == 5
    assert set(chance.secret(2, 5) for _ in range(200)) == {2, 3, 4} and chance.secret(0, 1) == 0
    low = 1 << 2047
    assert all(low <= chance.secret(low, low + 256) < low + 256 for _ in range(50))
    assert len(set(chance.secret(2, low) for _ in range(50))) == 50


# ---- records

Point = record.record('Point', 'x y name')


class Named(Point):
    """With a default."""
    __slots__ = ()
    _defaults = {'name': 'origin'}


def test_a_record_is_a_tuple_with_names():
    point = Point(1, 2, name='a')
    assert point == (1, 2, 'a') == Point(*point) and (point.x, point.y, point.name) == (1, 2, 'a')
    assert repr(point) == "Point(x=1, y=2, name='a')" and hash(point) == hash((1, 2, 'a'))
    assert point._replace(x=3) == (3, 2, 'a') and type(point._replace()) is Point and point._asdict()['y'] == 2
    assert copy.deepcopy(point) == point and type(copy.copy(point)) is Point and not hasattr(point, '__dict__')
    assert Named(1, 2) == (1, 2, 'origin') and Named(y=2, x=1, name='b').name == 'b' and Named(1, 2, 'c').name == 'c'
    with pytest.raises(AttributeError):
        point.x = 2


@pytest.mark.parametrize('values, named', [((), {}), ((1, 2), {}), ((1, 2, 3, 4), {}), ((1, 2, 3), {'x': 1}),
                                           ((1, 2), {'other': 3}), ((1, 2, 3), {'other': 3})])
def test_a_record_takes_just_its_fields(values, named):
    with pytest.raises(TypeError, match='Point needs x, y, name'):
        Point(*values, **named)
    with pytest.raises(ValueError, match='Point has no other'):
        Point(1, 2, 3)._replace(other=4)


# ---- signatures

def plain(a, b=1, *rest, **more):
    """Every kind of argument that both Pythons have."""
    local = a
    return local, b, rest, more


def wrapped(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner


class Some(object):
    def method(self, one, two=None):
        return one, two

    def __call__(self, three):
        return three


SUBJECTS = [plain, lambda: None, lambda *a: a, lambda **k: k, wrapped(plain), Some().method, Some.method]
if not compat.PY2:
    space = {}
    exec('def only(a, b=2, *, c, d=4, **e): pass\ndef after(*a, c=1): pass', space)
    SUBJECTS += [space['only'], space['after']]


@pytest.mark.parametrize('function', SUBJECTS, ids=str)
def test_signature_as_inspect_reads_it(function):
    full = inspect.getargspec(function) if compat.PY2 else inspect.getfullargspec(function)
    found = compat.getargspec(function)
    only = [] if compat.PY2 else full.kwonlyargs
    assert [name for name in found.args if name not in only] == list(full.args)
    assert (found.varargs, found.keywords) == (full.varargs, full[2])
    assert len(found.defaults or ()) == len(full.defaults or ()) + (0 if compat.PY2 else len(full.kwonlydefaults or {}))


def test_what_has_no_signature():
    for odd in (1, 'text', None):
        with pytest.raises(TypeError):
            compat.getargspec(odd)


