"""What an authentic master publishes may still be odd: a job that is ours ends in one return that can be sent."""
from __future__ import absolute_import, division, print_function

import os

import pytest
from hypothesis import given, strategies as some

from minion import (address, arguments, compat, compound, config, crypticle, desk, errors, execution, gate, jobs, matchers,
                    nodegroups, payload, protocol, publication, recent, returned, running, session, settings, spool)
from tests.support import fuzz, testkeys

MASTER = testkeys.private('small-master')
BOX = crypticle.Crypticle(crypticle.new_key())
SESSION = session.Session(1, 'm', 'tcp://127.0.0.1:1', 'tcp://127.0.0.1:2', protocol.GENERATIONS[3], BOX, BOX,
                          MASTER.public, 'ab', 'cd', 0, 0.0)
GRAINS = {'os': 'Debian', 'roles': ['web', 'db'], 'nested': {'a': {'b': 1}}, 'ipv4': ['127.0.0.1']}


class Link(object):
    """Stands in for minion.link.Link."""
    jobs = None

    def pillar(self, load):
        return {'role': 'web'}

    def request(self, load):
        return {}

    def bind(self, place):
        return None

    def close_channel(self):
        return None


class Inline(object):
    """A pool whose only thread is the caller's."""

    def __init__(self, run):
        self._run = run

    def busy(self):
        return False

    def submit(self, item):
        self._run(item)
        return True


class Trusting(object):
    """Stands in for Trust."""

    def signs(self, key):
        return True

    def note_signed(self, key):
        return None


def made_world():
    """An Execution with fixed grains, collected from nowhere."""
    conf = config.Config(dict(settings.defaults(), conf_file='/none/minion', id='m1', cachedir='/none',
                              extension_modules='/none/extmods'))
    world = execution.Execution(conf, 'm1', Link())
    world._view = matchers.make_view('m1', lambda: GRAINS, lambda: {'role': 'web'}, {'g': 'L@m1', 'h': ['N@h']})
    world._ready.set()
    return world


WORLD = made_world()


def life(job):
    """One publication from its decrypted map to the spool: None when it is refused, else the returns."""
    with fuzz.folder() as folder:
        for name in ('proc', 'spool'):
            os.mkdir(os.path.join(folder, name))
        store = spool.Spool(os.path.join(folder, 'spool'), 'm1 aa', 'aa11', 1 << 20, 3600.0, lambda: None)
        queue = jobs.Jobs('m1', WORLD, running.RunningJobs(os.path.join(folder, 'proc')),
                          recent.RecentJobs(os.path.join(folder, 'recent'), 10),
                          returned.Returned(os.path.join(folder, 'returned')), 1, 1)
        queue._pool = queue._quick = Inline(queue._run)
        entrance = gate.Gate(queue, Trusting(), True, lambda current: desk.Desk(None, 'aa11', 'm', 'ab', store))
        blob = BOX.dumps(job)
        frame = payload.pack({'enc': 'aes', 'load': blob, 'sig': MASTER.sign(blob, 'PKCS1v15-SHA1')})
        try:
            load, _ = publication.open_package(publication.read_package(frame), SESSION, True)
            ours = WORLD.matches(load)
            entrance.offer(load, SESSION)
        except publication.Refused as exc:
            fuzz.one_line(exc)
            return None
        assert os.listdir(os.path.join(folder, 'proc')) == []
        assert (entrance.last_job[0] is not None) is (ours is not False)     # the status names no job of others
        found = taken(store)
        assert len(found) == (1 if ours else 0)
        return found


def taken(store):
    found = []
    item = store.take('ab')
    while item is not None:
        protocol.seal(SESSION, protocol.Identity('m1', None, '', b'proof', 'OAEP-SHA1', 'PKCS1v15-SHA1'), item[1], 0.0)
        found.append(item[1])
        store.done(item[0])
        item = store.take('ab')
    return found


JOB = {'fun': 'test.arg', 'arg': [1, 'k=v'], 'tgt': '*', 'jid': '20260101000000000001', 'tgt_type': 'glob', 'ret': '',
       'user': 'root'}


def test_the_job_that_is_spoilt_below_is_a_good_one():
    found, = life(JOB)
    assert payload.to_text_tree(found['return']) == {u'args': [1], u'kwargs': dict(
        [(u'k', u'v')] + [item for item in payload.to_text_tree(found['return'])['kwargs'].items()
                          if item[0].startswith('__pub_')])}
    assert found['retcode'] == 0


FUNCTIONS = some.one_of(fuzz.TREES, some.sampled_from(
    [b'test.arg', b'test.ping', b'test.echo', b'test.kwarg', b'no.such', b'sys.argspec', b'']))
TARGETS = some.one_of(fuzz.TREES, some.sampled_from(
    [b'*', b'm1', b'os:Debian', b'nested:a:b:1', b'G@os:Debian and m1', b'( ( not', b'g', b'h', b'127.0.0.0/8',
     b'm[1-']))
KINDS = some.one_of(fuzz.TREES, some.sampled_from([name.encode('ascii') for name in sorted(matchers.known_types())]))
KEYWORDS = some.dictionaries(some.one_of(fuzz.BYTES, some.just(b'__kwarg__'), some.just(b'k'), some.integers(0, 3)),
                             some.one_of(some.just(True), fuzz.TREES), max_size=3)
ARGUMENTS = some.lists(some.one_of(fuzz.TREES, KEYWORDS, some.sampled_from(
    [b'k=v', b'k=[1, {a: !!python/none x}]', b'\xff=\xff', b'__pub_jid=5', b'k=!!binary x', b'=',
     b'a b=c'])), max_size=3)
FIELDS = ['fun', 'arg', 'tgt', 'jid', 'tgt_type', 'ret', 'user', 'delimiter', 'metadata', 'master_id', 'serial', 'id',
          'cmd', 'module_executors', 'executor_opts', 'kwargs']


@fuzz.examples(60)
@given(fuzz.changes(FIELDS))
def test_any_field_of_a_job(wanted):
    life(fuzz.changed(JOB, wanted))


@fuzz.examples(60)
@given(FUNCTIONS, ARGUMENTS)
def test_any_functions_and_arguments(fun, arg):
    life(dict(JOB, fun=fun, arg=arg))


@fuzz.examples(60)
@given(some.lists(FUNCTIONS, min_size=1, max_size=3), some.one_of(ARGUMENTS, some.lists(ARGUMENTS, max_size=3)))
def test_any_job_of_several_functions(fun, arg):
    life(dict(JOB, fun=fun, arg=arg))


@fuzz.examples(80)
@given(KINDS, TARGETS, some.one_of(some.just(b':'), fuzz.TREES))
def test_any_target(kind, tgt, delimiter):
    life(dict(JOB, tgt_type=kind, tgt=tgt, delimiter=delimiter))


@fuzz.examples(40)
@given(fuzz.odd_map(['more', 'id', 'kwargs']))
def test_any_further_names_in_a_job(more):
    job = dict(more)
    job.update((name.encode('ascii'), value) for name, value in JOB.items())
    assert len(life(job)) == 1


@pytest.mark.parametrize('kind', [[], [b'glob'], {b'a': 1}, 5, b'\xff'], ids=repr)
def test_a_kind_of_target_that_is_no_text_is_nobodys(kind):
    found = life(dict(JOB, tgt_type=kind))
    assert found == [] or (not kind and len(found) == 1)


def test_a_name_in_a_job_that_is_no_text_is_no_keyword():
    found, = life({b'fun': b'test.kwarg', b'arg': [], b'tgt': b'*', b'jid': b'1', 5: 6, b'\xff': 1})
    assert found['success'] is True


# ---- the pieces by themselves, with more of the same

TEXTS = some.one_of(some.text(max_size=20), some.text(u'ab=[]{}:,!&*#\'"\n |>-?%@`~0x1', max_size=20))
VALUES = some.recursive(
    some.one_of(some.none(), some.booleans(), some.integers(), some.floats(), TEXTS, some.binary(max_size=5)),
    lambda inner: some.one_of(some.lists(inner, max_size=3), some.dictionaries(
        some.one_of(TEXTS, some.just(u'__kwarg__'), some.integers(0, 2)), inner, max_size=3)), max_leaves=6)
SPECS = some.sampled_from([None, compat.ArgSpec(['a', 'b'], None, None, (1,)),
                           compat.ArgSpec([], 'args', 'kwargs', None)])


def function(a, b=1):
    return a, b


@fuzz.examples(120)
@given(some.one_of(VALUES, some.lists(VALUES, max_size=4)), SPECS)
def test_any_arguments_are_a_call_or_refused(arg, spec):
    try:
        values, named = arguments.parse(arg, spec)
    except errors.SaltInvocationError as exc:
        assert compat.error_text(exc).startswith('The following keyword arguments are not valid: ')
        return
    assert all(isinstance(name, str) for name in named)
    assert arguments.mismatch(function, spec, values, named) is None or spec is not None
    payload.pack(arguments.echo(arg))


@fuzz.examples(60)
@given(some.lists(TEXTS, max_size=5))
def test_any_words_of_a_command_line_can_be_published(words):
    payload.pack(arguments.from_words([compat.to_native(word) for word in words]))


WORDS = some.one_of(TEXTS, some.sampled_from(
    ['and', 'or', 'not', '(', ')', 'G@a:b', 'N@g', 'N@h', 'N@none', 'X@y', 'E@[', '*']))


@fuzz.examples(80)
@given(some.lists(some.one_of(WORDS, some.none(), some.integers(), some.lists(TEXTS, max_size=2)), max_size=8))
def test_any_sentence_is_true_false_or_no_sentence(words):
    try:
        value = compound.evaluate(words, lambda letter, pattern, delimiter: len(pattern) % 2 == 0, lambda name: [name])
    except errors.BadTarget as exc:
        fuzz.one_line(exc)
        return
    assert value in (True, False)


GROUPS = some.one_of(
    TEXTS, some.none(), some.integers(), some.lists(some.one_of(TEXTS, some.integers()), max_size=2),
    some.lists(some.sampled_from(['N@a', 'N@b', 'N@c', 'and', 'x*', 'x', '(']), max_size=4))


@fuzz.examples(60)
@given(some.dictionaries(some.sampled_from(['a', 'b', 'c']), GROUPS, max_size=3))
def test_any_nodegroups_unfold(groups):
    words = nodegroups.expand('a', groups)
    assert all(compat.is_text(word) for word in words)


@fuzz.examples(120)
@given(some.one_of(some.text(max_size=30), some.text(u'[]:%0123456789abf.', max_size=20)))
def test_any_address_of_a_master_is_one_or_refused(text):
    try:
        host, port = address.parse_address(compat.to_native(text), 4506)
    except errors.ConfigError as exc:
        fuzz.one_line(exc)
        return
    assert host and 0 < port < 65536 and not set(host) & set(' /\n\0')
