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


# ---- while the disk cannot be written; a file in the place of the folder is such a disk, for root too

@pytest.fixture
def blocked(tmpdir):
    """A folder that cannot be used until the file in its place is removed, and a list of what was told of it."""
    folder, told = tmpdir.join('spool'), []
    folder.write('in the way')
    store = spool.Spool(str(folder), 'web1 aa', 'aa11', 1 << 20, 3600.0, lambda: None, Clock(), changed=told.append)
    return folder, store, told


def test_a_disk_that_cannot_be_written_is_replaced_by_memory(blocked, caplog):
    folder, store, told = blocked
    for number in range(3):
        store.put(load(number), 'm')
    assert len(store) == 3 and store.disk_trouble and not store.flush()
    assert taken(store) == ['0', '1', '2']
    assert told == [store.disk_trouble]                 # one word for each change
    assert caplog.text.count('cannot be written') == 1


def test_what_memory_holds_is_written_once_that_works(blocked):
    folder, store, told = blocked
    for number in range(3):
        store.put(load(number), 'm')
    store.defer(store.take('m')[0])
    folder.remove()
    assert store.flush() and store.disk_trouble is None
    assert len(files_in(folder)) == 3 and told[1:] == [None]
    assert [entry.data for entry in list(store._fresh) + list(store._backlog)] == [None] * 3
    assert taken(made(folder)) == ['0', '1', '2']


def test_what_was_taken_before_the_flush_leaves_no_file(blocked):
    folder, store, _ = blocked
    store.put(load(1), 'm')
    entry, _ = store.take('m')
    folder.remove()
    assert store.flush()
    store.done(entry)
    assert files_in(folder) == []


def test_space_for_one_small_entry_is_not_yet_recovery(blocked, monkeypatch):
    folder, store, told = blocked
    store.put(dict(load(1), big='x' * 5000), 'm')
    taken(store)
    folder.remove()
    create = spool.files.create

    def nearly_full(path, data):
        if len(data) > 1000:
            raise OSError(28, 'No space left on device')
        create(path, data)
    monkeypatch.setattr(spool.files, 'create', nearly_full)
    store.put(load(2), 'm')
    assert len(files_in(folder)) == 1                   # it is used while it works
    assert not store.flush() and store.disk_trouble and len(told) == 1
    monkeypatch.undo()
    assert store.flush() and told[1:] == [None]


def test_a_file_that_cannot_be_removed_is_removed_later(tmpdir, monkeypatch):
    told = []
    store = spool.Spool(str(tmpdir), 'web1 aa', 'aa11', 1 << 20, 3600.0, lambda: None, Clock(), changed=told.append)
    for number in range(2):
        store.put(load(number), 'm')

    def refused(path):
        raise OSError(30, 'Read-only file system')
    monkeypatch.setattr(spool.files, 'remove', refused)
    assert taken(store) == ['0', '1'] and len(files_in(tmpdir)) == 2
    assert told == ['Read-only file system'] and not store.flush()
    monkeypatch.undo()
    assert store.flush() and files_in(tmpdir) == []


def test_the_end_writes_what_it_can_and_names_what_is_lost(blocked, caplog):
    folder, store, _ = blocked
    store.put(load(1), 'm')
    store.close()
    assert '1 returns or events could be neither delivered nor written' in caplog.text
    folder.remove()
    store.close()
    assert len(files_in(folder)) == 1


def test_a_folder_that_was_removed_is_made_anew(tmpdir):
    store = made(tmpdir.join('cache', 'spool'))
    store.put(load(1), 'm')
    assert len(files_in(tmpdir.join('cache', 'spool'))) == 1 and store.disk_trouble is None


def test_copies_in_memory_are_few(tmpdir, monkeypatch):
    monkeypatch.setattr(spool, 'COPIES', 1000)
    store = made(tmpdir)
    for number in range(40):
        store.put(load(number), 'm')
    copies = [entry.size for entry in store._fresh if entry.data is not None]
    assert copies and 1000 - copies[0] < sum(copies) <= 1000
    assert taken(store) == [str(number) for number in range(40)]
    store.put(load(40), 'm')                         # what was delivered makes room again
    assert store._fresh[-1].data is not None


def test_the_files_of_others_are_read_once(tmpdir, monkeypatch):
    for number in range(3):
        made(tmpdir).put(load(number), 'other')
    store, read, count = made(tmpdir), spool.files.read, []
    monkeypatch.setattr(spool.files, 'read', lambda *args, **more: count.append(args) or read(*args, **more))
    for _ in range(5):
        assert store.take('m') is None
    assert len(count) == 3 and len(store) == 3


def test_a_folder_in_the_place_of_an_entry_is_set_aside(tmpdir, caplog):
    tmpdir.mkdir('000000000001000-000001-00-aa11.msg')
    assert taken(made(tmpdir)) == []
    assert '.corrupt-' in files_in(tmpdir)[0] and 'set aside' in caplog.text


def test_what_cannot_be_packed_is_an_error_of_the_caller(tmpdir):
    with pytest.raises(errors.BadPayload):
        made(tmpdir).put({'cmd': '_return', 'return': object()}, 'm')
