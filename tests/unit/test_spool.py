"""The spool: nothing is lost, nothing goes to the wrong master, nothing damaged is sent."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion import errors, spool


class Clock(object):
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def made(folder, owner='web1 aa', size=1 << 20, age=3600.0, clock=None, tag='aa11', others=()):
    store = spool.Spool(str(folder), owner, tag, size, age, lambda: None, clock or Clock())
    store.load(others)
    return store


def load(number):
    return {'cmd': '_return', 'jid': str(number), 'return': u'gr\u00fc\u00df', 'raw': b'\xff'}


def taken(store, master='m'):
    found = []
    item = store.take(master)
    while item is not None:
        found.append(item[1]['jid'])
        store.done(item[0])
        item = store.take(master)
    return [text.decode() if isinstance(text, bytes) else text for text in found]


def files_in(folder):
    return sorted(name for name in os.listdir(str(folder)))


def test_written_before_it_is_taken_and_removed_when_done(tmpdir):
    store = made(tmpdir)
    store.put(load(1), 'm')
    assert len(files_in(tmpdir)) == 1
    entry, found = store.take('m')
    assert (found['cmd'], len(files_in(tmpdir))) == ('_return', 1)
    store.done(entry)
    assert files_in(tmpdir) == [] and len(store) == 0


def test_order_over_a_restart_and_new_ones_before_the_backlog(tmpdir):
    store = made(tmpdir)
    for number in (1, 2, 3):
        store.put(load(number), 'm')
    again = made(tmpdir)
    again.put(load(4), 'm')
    assert taken(again) == ['4', '1', '2', '3']


def test_deferred_is_first_again_postponed_is_last(tmpdir):
    store = made(tmpdir)
    for number in (1, 2, 3):
        store.put(load(number), 'm')
    store.defer(store.take('m')[0])
    store.postpone(store.take('m')[0])
    store.defer(store.take('m')[0])
    assert taken(store) == ['3', '1', '2']


def test_another_master_or_identity_gets_nothing(tmpdir):
    store = made(tmpdir)
    store.put(load(1), 'm')
    store.put(load(2), '')
    assert taken(made(tmpdir, owner='web1 bb')) == []
    other = made(tmpdir)
    assert taken(other, 'other') == ['2']
    assert len(other) == 1 and taken(other, 'm') == ['1']


def test_queues_share_a_folder_and_the_first_takes_over_those_of_masters_that_are_gone(tmpdir):
    for number, tag in ((1, 'aa11'), (2, 'bb22'), (3, 'cc33')):
        made(tmpdir, tag=tag, others=None).put(load(number), 'm')
    tags = ('aa11', 'bb22')
    assert taken(made(tmpdir, tag='bb22', others=None)) == ['2']
    assert sorted(taken(made(tmpdir, tag='aa11', others=tags))) == ['1', '3']


@pytest.mark.parametrize('damage', [b'', b'MSP1', b'\0' * 200, b'MSP1' + b'x' * 100, os.urandom(100)])
def test_damaged_files_are_set_aside(tmpdir, damage, caplog):
    store = made(tmpdir)
    store.put(load(1), 'm')
    store.put(load(2), 'm')
    tmpdir.join(files_in(tmpdir)[0]).write_binary(damage)
    again = made(tmpdir)
    assert taken(again) == ['2']
    assert [name for name in files_in(tmpdir) if '.corrupt-' in name]
    assert 'damaged' in caplog.text


def test_half_written_files_of_a_dead_process_are_removed(tmpdir):
    tmpdir.join('.000000000001000-000001-00-aa11.msg.abc').write('x')
    assert taken(made(tmpdir)) == [] and files_in(tmpdir) == []


def test_age_and_size_limits_drop_the_oldest_with_a_line(tmpdir, caplog):
    clock = Clock()
    store = made(tmpdir, age=10.0, clock=clock)
    store.put(load(1), 'm')
    clock.now += 11
    store.put(load(2), 'm')
    assert taken(store) == ['2'] and 'spool_max_age' in caplog.text
    small = made(tmpdir.mkdir('small'), size=400)
    for number in range(5):
        small.put(load(number), 'm')
    assert taken(small)[-1] == '4' and 'spool_max_size' in caplog.text


def test_a_disk_that_cannot_be_written_is_replaced_by_memory(tmpdir, caplog):
    folder = tmpdir.join('gone')
    store = made(folder)
    store.put(load(1), 'm')
    assert store.disk_trouble and len(store) == 1
    store.defer(store.take('m')[0])
    folder.mkdir()
    entry, _ = store.take('m')
    store.defer(entry)                              # the disk is back: now it is written
    assert store.disk_trouble is None and len(files_in(folder)) == 1
    assert taken(store) == ['1'] and files_in(folder) == []


def test_what_cannot_be_packed_is_an_error_of_the_caller(tmpdir):
    with pytest.raises(errors.BadPayload):
        made(tmpdir).put({'cmd': '_return', 'return': object()}, 'm')
