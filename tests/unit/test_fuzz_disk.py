"""Whatever stands in a file of ours: it is used, passed over with a log line, or named in one error."""
from __future__ import absolute_import, division, print_function

import hashlib
import json
import os

import pytest
from hypothesis import given, strategies as some

from minion import (auth, compat, config, errors, files, grainfiles, identity, payload, pki, recent, returned, running,
                    settings, spool, trust)
from tests.support import fuzz, testkeys

JID = '20260101000000000001'
ANY = some.one_of(some.binary(max_size=200), fuzz.TREES.map(payload.pack))
KEY = testkeys.private('small-master').public


# ---- the spool and the returns that are kept

RECORD = {'owner': 'web1 aa', 'master': 'm', 'created': 1000.0,
          'load': {'cmd': '_return', 'jid': JID, 'return': b'\xff'}}


def spooled(record):
    body = payload.pack(record)
    return spool.MAGIC + hashlib.sha256(body).digest() + body


def opened(data):
    """The record, checked for what the returner relies on; None when it is refused."""
    try:
        record = spool.checked(data)
    except errors.BadPayload as exc:
        fuzz.one_line(exc)
        return None
    assert isinstance(record['created'], float) and isinstance(record['load']['cmd'], str)
    assert isinstance(record['owner'], str) and isinstance(record['master'], str)
    assert all(isinstance(name, str) for name in record['load'])
    payload.pack(record['load'])
    return record


def test_the_record_that_is_spoilt_below_is_a_good_one():
    assert opened(spooled(RECORD))['load']['cmd'] == '_return'


@fuzz.examples(80)
@given(some.one_of(ANY, fuzz.DAMAGE.map(lambda cuts: fuzz.damaged(spooled(RECORD), cuts))))
def test_any_bytes_as_spool_file(data):
    assert opened(data) is None or data == spooled(RECORD)


LOADS = fuzz.changes(('cmd', 'jid', 'return')).map(lambda wanted: fuzz.changed(RECORD['load'], wanted))
RECORDS = some.one_of(fuzz.TREES, fuzz.changes(sorted(RECORD), some.one_of(fuzz.TREES, LOADS)).map(
    lambda wanted: fuzz.changed(RECORD, wanted)))


@fuzz.examples(80)
@given(RECORDS)
def test_any_record_with_a_right_checksum(record):
    opened(spooled(record))


@fuzz.examples(40)
@given(some.lists(some.one_of(ANY, RECORDS.map(spooled)), max_size=3))
def test_a_spool_goes_on_behind_any_file(contents):
    with fuzz.folder() as folder:
        store = spool.Spool(folder, 'web1 aa', 'aa11', 1 << 20, 3600.0, lambda: None, lambda: 1000.0)
        for number, data in enumerate(contents):
            fuzz.put(os.path.join(folder, '%015d-%06d-ab-aa11.msg' % (number, number)), data)
        fuzz.put(os.path.join(folder, '000000000000009-000009-ab-aa11.msg'), spooled(RECORD))
        store.load(())
        found = []
        item = store.take('m')
        while item is not None:
            found.append(item[1])
            store.done(item[0])
            item = store.take('m')
        assert found[-1]['jid'] == JID.encode('ascii')
        left = [name for name in os.listdir(folder) if '.corrupt-' not in name]
        assert len(left) == len(store)                      # those of other masters and identities


@fuzz.examples(60)
@given(some.one_of(ANY, RECORDS.map(spooled)), some.booleans())
def test_any_file_as_a_kept_return(data, before):
    """Also one that appeared after the folder was looked at."""
    with fuzz.folder() as folder:
        kept = returned.Returned(folder) if not before else None
        fuzz.put(os.path.join(folder, JID), data)
        kept = kept or returned.Returned(folder)
        load = kept.load(JID)
        assert load is None or isinstance(load['cmd'], str)
        assert load is not None or not os.path.exists(os.path.join(folder, JID))


# ---- jobs that an earlier process had under way

JOB = {'jid': JID, 'fun': 'test.ping', 'arg': [], 'tgt': '*', 'ret': '', 'pid': 7}
PROC = some.one_of(ANY, some.one_of(fuzz.TREES, fuzz.changes(sorted(JOB)).map(
    lambda wanted: fuzz.changed(JOB, wanted))).map(payload.pack))
NAMES = some.sampled_from([JID, '7', 'a b', 'x\n', '.x', JID + '.corrupt-1', '-', 'a' * 200])


def leftovers(contents):
    """What is found; each must be fit to be returned as interrupted."""
    with fuzz.folder() as folder:
        for name, data in contents.items():
            fuzz.put(os.path.join(folder, name), data)
        found = running.RunningJobs(folder).leftovers()
        for load in found:
            assert publishable(load)
        return found


def publishable(load):
    functions = load['fun'] if isinstance(load['fun'], list) else [load['fun']]
    return (isinstance(load['arg'], list) and functions and all(compat.is_text(name) for name in functions)
            and recent.LINE.match('%s - 0 - -' % compat.to_native(load['jid'])))


def test_the_job_that_is_spoilt_below_is_a_good_one():
    assert [load['fun'] for load in leftovers({JID: payload.pack(JOB)})] == ['test.ping']


@fuzz.examples(80)
@given(some.dictionaries(NAMES, PROC, max_size=3))
def test_any_file_of_a_running_job(contents):
    leftovers(contents)


@pytest.mark.parametrize('field, value', [('fun', 5), ('fun', [5]), ('fun', []), ('jid', 5), ('jid', []), ('arg', {}),
                                          ('jid', None)])
def test_a_field_of_another_type_sets_the_file_of_a_job_aside(tmpdir, field, value):
    fuzz.put(str(tmpdir.join(JID)), payload.pack(dict(JOB, **{field: value})))
    assert running.RunningJobs(str(tmpdir)).leftovers() == []
    assert [path.basename for path in tmpdir.listdir() if '.corrupt-' in path.basename]


@pytest.mark.parametrize('name', ['x\n', 'a b', '-', 'a' * 200])
def test_a_file_whose_name_is_no_job_id_is_set_aside(tmpdir, name):
    fuzz.put(str(tmpdir.join(name)), payload.pack(dict(JOB, jid=name)))
    assert running.RunningJobs(str(tmpdir)).leftovers() == []


def test_a_damaged_file_of_a_job_that_cannot_be_moved_does_not_end_the_start(tmpdir, monkeypatch, caplog):
    def refuse(path, now=None):
        raise OSError(30, 'Read-only file system', path)
    fuzz.put(str(tmpdir.join(JID)), b'damaged')
    monkeypatch.setattr(files, 'set_aside', refuse)
    assert running.RunningJobs(str(tmpdir)).leftovers() == []
    assert 'cannot be moved' in caplog.text and 'Read-only' in caplog.text


# ---- recent jobs

KNOWN = JID.encode('ascii') + b' - 0 - -'
LINES = some.one_of(some.binary(max_size=40), some.sampled_from(
    [KNOWN, b'x ab 7 aa ff', b'x ab 99999999999999999999 aa ff', b'x ab 7 aa', b'\0' * 30]))


@fuzz.examples(80)
@given(some.lists(LINES, max_size=5))
def test_any_lines_as_recent_jobs(lines):
    with fuzz.folder() as folder:
        path = fuzz.put(os.path.join(folder, 'recent'), b'\n'.join(lines))
        ring = recent.RecentJobs(path, 3)
        assert (JID in ring) == (KNOWN in b'\n'.join(lines).split(b'\n')[:-1]) or len(lines) > 3
        assert ring.last_serial('ab') in (0, 7)
        ring.add('new', recent.Seen('cd', 5, 'aa', 'ff'))
        again = recent.RecentJobs(path, 3)
        assert 'new' in again and again.last_serial('cd') == 5


# ---- what is known of the master

ENTRIES = some.recursive(
    some.one_of(some.none(), some.booleans(), some.integers(), some.floats(), some.text(max_size=5)),
    lambda inner: some.one_of(some.lists(inner, max_size=3), some.dictionaries(
        some.sampled_from(['version', 'signs', 'x', KEY.fingerprint()]), inner, max_size=3)), max_leaves=6)


@fuzz.examples(80)
@given(some.one_of(some.binary(max_size=100), ENTRIES.map(lambda tree: json.dumps(tree).encode('ascii')),
                   some.sampled_from([b'[' * 100000, b'{"a":' * 100000, b'9' * 5000, b'NaN'])))
def test_any_memory_of_the_master(data):
    with fuzz.folder() as folder:
        path = fuzz.put(os.path.join(folder, 'minion_master.seen'), data)
        store = trust.Trust(folder)
        assert isinstance(store.signs(KEY), bool)
        assert 0 <= store.version(KEY) <= trust.MOST        # else no master would ever do
        store.note_version(KEY, trust.MOST)
        store.note_signed(KEY)
        again = trust.Trust(folder)
        assert again.version(KEY) == trust.MOST and again.signs(KEY) and os.path.exists(path)


@pytest.mark.parametrize('version', [-1, 10 ** 30, True, 1.5, None])
def test_a_version_that_no_master_can_have_is_damage(tmpdir, version):
    text = json.dumps({KEY.fingerprint(): {'version': version, 'signs': True}})
    fuzz.put(str(tmpdir.join('minion_master.seen')), text.encode('ascii'))
    assert trust.Trust(str(tmpdir)).version(KEY) == 0
    assert [path.basename for path in tmpdir.listdir() if '.corrupt-' in path.basename]


@fuzz.examples(60)
@given(some.one_of(some.binary(max_size=100), fuzz.DAMAGE.map(
    lambda cuts: fuzz.damaged(KEY.pem.encode('ascii'), cuts))))
def test_any_file_as_the_masters_key(data):
    with fuzz.folder() as folder:
        path = fuzz.put(os.path.join(folder, 'minion_master.pub'), data)
        store = trust.Trust(folder)
        try:
            store.master_key()
        except errors.KeyFileError as exc:
            fuzz.one_line(exc)
            assert path in str(exc)
        rules = auth.Rules(2, '', 'sha256', False, False, False, None)
        with pytest.raises((errors.SignInError, errors.KeyFileError)):
            auth.SignIn(None, store, rules).read(b'\x80', '0' * 32)


@fuzz.examples(60)
@given(some.one_of(some.binary(max_size=100), fuzz.DAMAGE.map(
    lambda cuts: fuzz.damaged(testkeys.private('small-minion').to_pem(), cuts))),
    some.one_of(some.none(), some.binary(max_size=100)))
def test_any_file_as_our_own_key(private, public):
    """A key, or one line that names the file; what is there is never written over."""
    with fuzz.folder() as folder:
        path = fuzz.put(os.path.join(folder, 'minion.pem'), private)
        os.chmod(path, 0o400)
        if public is not None:
            fuzz.put(os.path.join(folder, 'minion.pub'), public)
        try:
            pki.load_or_create(folder, 1024)
        except errors.KeyFileError as exc:
            fuzz.one_line(exc)
            assert folder in str(exc)
        assert files.read(path) == private


# ---- the id and the grains

class Names(object):
    """Stands in for hostnames.Host."""

    def candidates(self):
        return ['guessed'], True


PARTS = some.sampled_from([
    b'web1', b'.', b'..', b'/', b'\\', b'\0', b'\n', b'\xff', b'\xef\xbb\xbf', b' ', b'localhost', b'\xed\xa0\x80',
    b'a' * 260, u'\u2028'.encode('utf-8'), u'gr\u00fc'.encode('utf-8')])


@fuzz.examples(80)
@given(some.one_of(some.binary(max_size=100), some.lists(PARTS, max_size=4).map(b''.join)))
def test_any_file_as_minion_id(data):
    with fuzz.folder() as folder:
        conf = config.Config(dict(DEFAULTS, root_dir=folder))
        path = identity.path_of_file(conf)
        os.makedirs(os.path.dirname(path))
        fuzz.put(path, data)
        try:
            found = identity.resolve(conf, host=Names())[0]
        except errors.ConfigError as exc:
            fuzz.one_line(exc)
            assert path in str(exc)
            return
        identity.check(found)
        assert isinstance(found, str)


DEFAULTS = dict(settings.defaults(), conf_file='/none/minion')
WORDS = some.sampled_from([
    u'a', u': ', u'\n', u' ', u'- ', u'[', u']', u'{', u'}', u',', u'&x ', u'*x ', u'<<: ', u'? ', u'!!int ',
    u'!!binary ', u'!!timestamp ', u'!!set ', u'!!omap ', u'!!pairs ', u'!!python/object/apply:os.system ',
    u'2019-13-45', u'0x', u'.inf', u'=', u'|', u'>', u'"', u"'", u'\t', u'#', u'%YAML 1.1\n', u'---\n', u'...\n',
    u'\ud800', u'1:2:3', u'@', u'`', u'~'])


def grains_in(data):
    with fuzz.folder() as folder:
        return grainfiles.read_static(fuzz.put(os.path.join(folder, 'grains'), data))


@fuzz.examples(150)
@given(some.one_of(some.binary(max_size=100), some.lists(WORDS, max_size=12).map(
    lambda words: u''.join(words).encode('utf-8', compat.SURROGATES if u'\ud800' not in words else 'replace'))))
def test_any_file_as_grains(data):
    """A mapping that can be sent to the master."""
    payload.pack(grains_in(data))


LAUGHS = b'a: &a [x, x]\n' + b''.join(
    b'%s: &%s [%s]\n' % (name, name, b', '.join([b'*' + before] * 10))
    for before, name in zip(b'a b c d e f g h i'.split(), b'b c d e f g h i j'.split()))


@pytest.mark.parametrize('data', [
    b'a: &x [*x]', b'a: &x {k: *x}', LAUGHS, b'a: ' + b'[' * 1000, b'a: ' + b'[' * 300 + b']' * 300,
    b'a: !!python/object/apply:os.system [x]'], ids=['list', 'map', 'laughs', 'open', 'deep', 'python'])
def test_grains_without_end_are_left_out(data):
    assert grains_in(data) == {}


@fuzz.examples(60)
@given(ANY)
def test_any_file_as_cache_of_grains(data):
    with fuzz.folder() as folder:
        path = fuzz.put(os.path.join(folder, 'grains.cache.p'), data)
        found = grainfiles.read_cache(path, 300)
        assert found is None or isinstance(found, dict)
        payload.pack(found)
