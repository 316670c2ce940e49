"""Files that are used again: what is in them is whole, nothing of another entry is touched, and without them all goes on."""
from __future__ import absolute_import, division, print_function

import errno
import os

import pytest

from minion import files, returned, spares, spool


@pytest.fixture
def box(tmpdir):
    return spares.Spares(str(tmpdir.join('jobs', 'spare')))


def content(folder):
    return dict((path.basename, path.read_binary()) for path in folder.listdir() if path.check(file=True))


def test_a_file_that_is_over_becomes_the_next_one(tmpdir, box):
    path = str(tmpdir.join('one'))
    box.create(path, b'a long content')
    number = os.stat(path).st_ino
    assert box.remove(path) is True and content(tmpdir) == {}
    box.create(str(tmpdir.join('two')), b'short')
    assert content(tmpdir) == {'two': b'short'} and os.stat(str(tmpdir.join('two'))).st_ino == number
    assert os.stat(str(tmpdir.join('two'))).st_mode & 0o777 == 0o600
    assert os.listdir(str(tmpdir.join('jobs', 'spare'))) == []


@pytest.mark.parametrize('make', [files.create, None], ids=['new', 'without a spare'])
def test_what_has_to_be_whole_is_so_when_it_gets_its_name(tmpdir, box, make, monkeypatch):
    path, there = str(tmpdir.join('one')), []

    def look(handle, data, real=files._write_all):
        there.append(os.path.exists(path))
        real(handle, data)

    monkeypatch.setattr(files, '_write_all', look)
    (make or box.create)(path, b'a job', whole=True)
    assert there == [False] and content(tmpdir) == {'one': b'a job'}
    assert os.stat(path).st_mode & 0o777 == 0o600


def test_a_longer_content_fits_too_and_what_has_the_name_is_replaced(tmpdir, box):
    path = str(tmpdir.join('one'))
    for text in (b'1', b'22', b'x' * 9000, b'333'):
        box.create(str(tmpdir.join('other')), b'y')
        box.remove(str(tmpdir.join('other')))
        box.create(path, text)
        assert content(tmpdir) == {'one': text}


def test_a_file_of_two_names_is_left_to_the_other(tmpdir, box):
    one, other = str(tmpdir.join('one')), str(tmpdir.join('other'))
    box.create(one, b'a return')
    os.link(one, other)
    box.remove(one)
    assert os.listdir(str(tmpdir.join('jobs', 'spare'))) == []
    box.remove(other)
    os.link(os.path.join(str(tmpdir.join('jobs', 'spare')), os.listdir(str(tmpdir.join('jobs', 'spare')))[0]), other)
    box.create(one, b'another')                      # a second name that came later keeps its content, too
    assert content(tmpdir) == {'one': b'another', 'other': b'a return'}


def test_what_a_job_takes_is_made_beforehand(tmpdir, box):
    """As the returner asks for when all is delivered: two files, which a job then takes; no more of them."""
    folder = tmpdir.join('jobs', 'spare')
    box.stock()
    box.stock()
    assert len(content(folder)) == spares.STOCK and set(content(folder).values()) == set([b''])
    assert set(os.stat(str(path)).st_mode & 0o777 for path in folder.listdir()) == set([0o600])
    box.create(str(tmpdir.join('one')), b'a job', whole=True)
    box.create(str(tmpdir.join('two')), b'its return')
    assert content(tmpdir) == {'one': b'a job', 'two': b'its return'} and content(folder) == {}


def test_a_disk_that_takes_no_file_is_no_matter_for_the_stock(tmpdir, box, monkeypatch):
    def full(path, data, whole=False):
        raise OSError(errno.ENOSPC, 'No space left on device', path)

    monkeypatch.setattr(files, 'create', full)
    box.stock()
    monkeypatch.undo()
    box.create(str(tmpdir.join('one')), b'x')
    assert content(tmpdir) == {'one': b'x'}


def test_their_number_and_their_size_are_bounded(tmpdir, box, monkeypatch):
    monkeypatch.setattr(spares, 'MOST', 3)
    for number in range(5):
        files.create(str(tmpdir.join(str(number))), b'x')
    files.create(str(tmpdir.join('large')), b'x' * (spares.LARGEST + 1))
    for name in ('large', '0', '1', '2', '3', '4'):
        assert box.remove(str(tmpdir.join(name)))
    assert content(tmpdir) == {} and len(os.listdir(str(tmpdir.join('jobs', 'spare')))) == 3


def test_a_restart_uses_those_that_are_there_and_removes_what_is_too_many(tmpdir, box, monkeypatch):
    for number in range(5):
        files.create(str(tmpdir.join(str(number))), b'x')
        box.remove(str(tmpdir.join(str(number))))
    monkeypatch.setattr(spares, 'MOST', 2)
    again = spares.Spares(str(tmpdir.join('jobs', 'spare')))
    assert len(os.listdir(str(tmpdir.join('jobs', 'spare')))) == 2
    for number in range(3):
        again.create(str(tmpdir.join(str(number))), b'new')
    assert os.listdir(str(tmpdir.join('jobs', 'spare'))) == [] and len(content(tmpdir)) == 3


def test_without_a_folder_of_its_own_all_goes_on(tmpdir, box):
    files.create(str(tmpdir.join('one')), b'x')
    box.remove(str(tmpdir.join('one')))
    tmpdir.join('jobs').remove()
    box.create(str(tmpdir.join('two')), b'y')        # its spare has vanished
    assert content(tmpdir) == {'two': b'y'}
    assert box.remove(str(tmpdir.join('two'))) is True and box.remove(str(tmpdir.join('two'))) is False
    assert content(tmpdir) == {}


def test_what_cannot_be_made_or_removed_is_told(tmpdir, box):
    tmpdir.join('folder', 'file').ensure()
    with pytest.raises((OSError, IOError)):
        box.remove(str(tmpdir.join('folder')))
    files.create(str(tmpdir.join('one')), b'x')
    box.remove(str(tmpdir.join('one')))
    for _ in range(2):                               # with a spare file and without
        with pytest.raises((OSError, IOError)):
            box.create(str(tmpdir.join('folder')), b'x')
    assert os.listdir(str(tmpdir.join('jobs', 'spare'))) == []


def test_a_link_among_the_spares_is_not_written_through(tmpdir, box):
    aim = tmpdir.join('aim')
    aim.write('precious')
    os.symlink(str(aim), str(tmpdir.join('jobs', 'spare', 'trap')))
    spares.Spares(str(tmpdir.join('jobs', 'spare'))).create(str(tmpdir.join('one')), b'x')
    assert content(tmpdir) == {'aim': b'precious', 'one': b'x'}


def test_a_return_that_still_waits_is_never_written_over(tmpdir, box):
    store = spool.Spool(str(tmpdir.mkdir('spool')), 'web1 aa', 'aa11', 1 << 20, 3600.0, lambda: None, spares=box)
    kept = returned.Returned(str(tmpdir.join('jobs', 'returned')), count=2, spares=box)
    for number in range(6):                          # more than are kept, none of them delivered
        jid = '2026000000000000000%d' % number
        store.put({'cmd': '_return', 'jid': jid}, 'm', lambda path, size, jid=jid: kept.keep(jid, path, size))
    waiting = spool.Spool(store.folder, 'web1 aa', 'aa11', 1 << 20, 3600.0, lambda: None)
    waiting.load()
    assert [waiting.take('m')[1]['jid'][-1:] for _ in range(6)] == [b'0', b'1', b'2', b'3', b'4', b'5']
    assert kept.load('20260000000000000005')['jid'] == b'20260000000000000005'


def test_a_spool_file_with_another_content_is_not_sent(tmpdir, caplog):
    store = spool.Spool(str(tmpdir), 'web1 aa', 'aa11', 1 << 20, 3600.0, lambda: None)
    for number in range(2):
        store.put({'cmd': '_return', 'jid': str(number)}, 'm')
    first, second = sorted(tmpdir.listdir(), key=str)
    second.write_binary(first.read_binary())         # a power cut: the new name is there, the new content is not
    again = spool.Spool(str(tmpdir), 'web1 aa', 'aa11', 1 << 20, 3600.0, lambda: None)
    again.load()
    assert again.take('m')[1]['jid'] == b'0' and again.take('m') is None
    assert 'it holds another entry' in caplog.text


def test_a_kept_return_of_another_job_answers_none(tmpdir):
    store = spool.Spool(str(tmpdir.mkdir('spool')), 'web1 aa', 'aa11', 1 << 20, 3600.0, lambda: None)
    kept = returned.Returned(str(tmpdir.join('returned')))
    store.put({'cmd': '_return', 'jid': '1'}, 'm', lambda path, size: kept.keep('1', path, size))
    os.rename(str(tmpdir.join('returned', '1')), str(tmpdir.join('returned', '2')))
    assert kept.load('2') is None
