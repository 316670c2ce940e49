"""Returns and events that the master has not acknowledged yet: on disk before the first send, gone after the answer.

Several masters share the folder; the tag in a file's name tells whose queue it is in.

A file is `MSP1`, the SHA-256 of the rest, and msgpack of {name, owner, master, created, load}. `name` is the file's (older
ones lack it), `owner` names our id and key, `master` the id of the key of the master that the load is for: neither is ever
sent under another identity. New entries go before the backlog, so that ten thousand old returns do not delay a new one;
the backlog keeps its order.
"""
from __future__ import absolute_import, division, print_function

import binascii
import collections
import hashlib
import logging
import os
import threading
import time

from minion import compat, disk, errors, files, payload

log = logging.getLogger(__name__)
MAGIC = b'MSP1'
HEAD = 36                        # bytes before the record: these and its SHA-256
SUFFIX = '.msg'
MEMORY_LIMIT = 64 << 20          # bytes of entries kept in memory while the disk cannot be written
COPIES = 1 << 20                 # bytes of entries of which a copy stays in memory though the disk has them
PROBE = 1 << 16                  # bytes at most that are written to learn whether the disk has space again


class Entry(object):
    """One load on its way. `data` is its file's content while it is fresh or the disk is of no use, else None.

    `head`: (owner, master, created), None until the file was read. `gone`: delivered or dropped.
    """

    def __init__(self, name, size, data=None, head=None):
        self.name, self.size, self.data, self.head = name, size, data, head
        self.on_disk, self.gone, self.refusals = True, False, 0


class Spool(object):
    """The store; any thread puts, the returner alone takes.

    :param str folder: made by prepare.  :param str owner: names our id and key.  :param str tag: hex, of this queue.
    :param int max_bytes:  :param float max_age: seconds.  Beyond either the oldest entries are dropped, each with a log line.
    :param callable wake: called after a put when nothing fresh waited: who takes has then found nothing, or soon will.
    :param int max_entry: bytes of one load; a larger one is refused.
    :param callable changed: called as changed(reason) when the folder cannot be written any more, with None when it can
        again. Until then somebody has to call flush() now and then.
    :param spares: makes the files: Spares, or the module files.
    """

    def __init__(self, folder, owner, tag, max_bytes, max_age, wake, clock=time.time, max_entry=64 << 20, changed=None,
                 spares=files):
        self.folder, self._owner, self._tag = folder, owner, tag
        self._max_bytes, self._max_age = max_bytes, max_age
        self._wake, self._clock, self._max_entry, self._spares = wake, clock, max_entry, spares
        self._run = compat.to_native(binascii.hexlify(os.urandom(4)))       # names of two runs never meet
        self._lock = threading.Lock()                # guards all below
        self._fresh, self._backlog = collections.deque(), collections.deque()
        self._bytes, self._memory, self._copies, self._counter, self._stamp = 0, 0, 0, 0, 0
        self._undone, self._failed = set(), 0        # names of files to remove; bytes of the largest write that failed
        self._disk = disk.Disk(folder, 'returns are kept in memory until it can', changed)

    @property
    def disk_trouble(self):
        """Why the folder cannot be written, None while it can."""
        return self._disk.reason

    def load(self, others=None):
        """Find what an earlier process left; contents are checked when they are taken. Call once, before any put.

        :param others: tags of other queues: files of tags in neither place are taken too; None: only our own.
        """
        try:
            names = sorted(os.listdir(self.folder))
        except OSError as exc:
            log.warning('%s: cannot be read (%s); earlier returns stay there', self.folder, files.reason(exc))
            return
        for name in names:
            if name.endswith(SUFFIX) and self._is_mine(name, others):
                self._found(name)
            elif name.startswith('.') and SUFFIX in name and others is not None:
                self._unlink(name)                   # half-written when the process died
        self._bytes += sum(entry.size for entry in self._backlog)
        self._stamp = max([0] + [int(entry.name[:15]) for entry in self._backlog if entry.name[:15].isdigit()])
        if self._backlog:
            log.info('%d returns or events of an earlier run wait in %s', len(self._backlog), self.folder)

    def _found(self, name):
        path = os.path.join(self.folder, name)
        try:
            aside = files.out_of_the_way(path)
            if aside is None:
                self._backlog.append(Entry(name, os.path.getsize(path)))
            else:
                log.error('%s: not a file, set aside as %s', path, aside)
        except OSError as exc:
            log.error('%s: cannot be used (%s)', path, files.reason(exc))

    def _is_mine(self, name, others):
        tag = name[:-len(SUFFIX)].rpartition('-')[2]
        return tag == self._tag or others is not None and tag not in others

    def waiting(self):
        """{jid: (path, bytes)} of the returns that load() has found; it reads them all. Before any take.

        A process may die after it wrote a return and before that job's other files say so.
        """
        found = {}
        for entry in self._backlog:
            path = os.path.join(self.folder, entry.name)
            try:
                record = checked(files.read(path, limit=1 << 31) or b'')
            except (EnvironmentError, errors.BadPayload):        # take() tells it
                continue
            if record['owner'] == self._owner and record['load']['cmd'] == '_return' and record['load'].get('jid'):
                found[compat.to_native(record['load']['jid'])] = path, entry.size
        return found

    def put(self, load, master, kept=None):
        """Store one load for the master with this id ('' for whichever is connected).

        :param callable kept: called as kept(path, size) once it is on the disk, before it may be sent.
        :raises BadPayload: it cannot be packed, or is too large.
        """
        now = self._clock()
        with self._lock:
            self._counter += 1
            self._stamp = max(self._stamp, int(now * 1000))      # order holds when the clock is set back
            name = '%015d-%06d-%s-%s%s' % (self._stamp, self._counter % 1000000, self._run, self._tag, SUFFIX)
        body = payload.pack({'name': name, 'owner': self._owner, 'master': master, 'created': now, 'load': load})
        if len(body) > self._max_entry:
            raise errors.BadPayload('it has %.1f MiB, max_return_size allows %.1f'
                                    % (len(body) / 1048576.0, self._max_entry / 1048576.0))
        data = MAGIC + hashlib.sha256(body).digest() + body
        entry = Entry(name, len(data), data, (self._owner, master, now))
        try:
            self._write(name, data)
        except (OSError, IOError) as exc:
            entry.on_disk, self._failed = False, max(self._failed, len(data))
            self._disk.failed(exc)
        if kept is not None and entry.on_disk:
            kept(os.path.join(self.folder, entry.name), entry.size)
        with self._lock:
            if entry.on_disk:
                self._copies += entry.size
                if self._copies > COPIES:
                    self._drop_copy(entry)
            first = not self._fresh
            self._fresh.append(entry)
            self._bytes += entry.size
            self._memory += 0 if entry.on_disk else entry.size
            dropped = self._overflow()
        for old in dropped:
            self._drop(old, 'the spool is over its size limit (spool_max_size)')
        if first:                                    # in a burst a ring for each would wake whoever waits for an answer
            self._wake()

    def _write(self, name, data):
        self._spares.create(os.path.join(self.folder, name), data)

    def _overflow(self):
        dropped = []
        while self._bytes > self._max_bytes or self._memory > MEMORY_LIMIT:
            queue = self._backlog if self._backlog else self._fresh
            if len(self._backlog) + len(self._fresh) <= 1:
                break                                # a single one is sent whatever its size
            old = queue.popleft()
            self._account(old)
            dropped.append(old)
        return dropped

    def _drop_copy(self, entry):
        """Of an entry that the disk has."""
        if entry.data is not None:
            self._copies -= entry.size
            entry.data = None

    def _account(self, entry):
        entry.gone = True
        if entry.on_disk:
            self._drop_copy(entry)
        self._bytes -= entry.size
        self._memory -= 0 if entry.on_disk else entry.size

    def _drop(self, entry, why):
        log.error('%s: a return or event is dropped: %s', os.path.join(self.folder, entry.name), why)
        if entry.on_disk:
            self._unlink(entry.name)

    def _unlink(self, name):
        """Remove a file; one that cannot be removed now is remembered for flush()."""
        try:
            files.remove(os.path.join(self.folder, name))
        except (OSError, IOError) as exc:
            with self._lock:
                self._undone.add(name)
            self._disk.failed(exc)

    # ---- while the disk is full or read-only

    def flush(self):
        """Write what is in memory only, remove what could not be removed; True when that worked. Any thread."""
        with self._lock:
            waiting = [entry for queue in (self._fresh, self._backlog) for entry in queue if not entry.on_disk]
            undone = list(self._undone)
        try:
            for entry in waiting:
                self._save(entry)
            for name in undone:
                files.remove(os.path.join(self.folder, name))
                self._undone.discard(name)
            self._probe()
        except (OSError, IOError) as exc:
            self._disk.failed(exc)
            return False
        self._failed = 0
        self._disk.worked()
        return True

    def _save(self, entry):
        """Write an entry of a queue, which may be taken from it meanwhile."""
        if entry.gone:
            return
        self._write(entry.name, entry.data)
        with self._lock:
            if not entry.gone:
                self._memory -= 0 if entry.on_disk else entry.size
                entry.on_disk, entry.data = True, None
                return
        files.remove(os.path.join(self.folder, entry.name))

    def _probe(self):
        """Find out whether there is space for what failed last.  :raises OSError: there is none."""
        name = '.probe-%s%s' % (self._tag, SUFFIX)
        self._write(name, b'\0' * min(PROBE, self._failed))
        files.remove(os.path.join(self.folder, name))

    def close(self):
        """The process ends: a last try to write what only memory holds, and a line on what that loses."""
        if self._disk.reason is not None and not self.flush():
            with self._lock:
                lost = sum(1 for queue in (self._fresh, self._backlog) for entry in queue if not entry.on_disk)
            if lost:
                log.error('%s: %d returns or events could be neither delivered nor written (%s) and are lost',
                          self.folder, lost, self._disk.reason)

    # ---- for the returner

    def take(self, master):
        """The next (Entry, load) for the connected master, None when there is nothing. Damaged and outdated ones are
        dealt with on the way; those of another master or identity stay where they are.

        :param str master: id of the connected master's key.
        """
        skipped = []
        try:
            while True:
                with self._lock:
                    queue = self._fresh if self._fresh else self._backlog
                    if not queue:
                        return None
                    entry = queue.popleft()
                record = None
                if entry.head is None or self._is_for(entry, master):
                    record = self._read(entry)
                    if record is None:
                        self._forget(entry)
                        continue
                if entry.head[2] + self._max_age < self._clock():
                    self._forget(entry)
                    self._drop(entry, 'it is older than spool_max_age')
                elif self._is_for(entry, master):
                    return entry, record['load']
                else:
                    skipped.append(entry)
        finally:
            if skipped:
                with self._lock:
                    self._backlog.extend(skipped)

    def _is_for(self, entry, master):
        return entry.head[0] == self._owner and entry.head[1] in ('', master)

    def _read(self, entry):
        """Content of a file, None after a log line when there is no use in it; sets the entry's head."""
        path = os.path.join(self.folder, entry.name)
        data = entry.data
        try:
            if data is None:
                data = files.read(path, limit=1 << 31)
            if data is None:
                log.warning('%s: has vanished', path)
                return None
            record = checked(data) if entry.data is None else _shaped(payload.unpack_own(data[HEAD:]))
            if record['name'] not in ('', entry.name):           # a power cut has kept its name and not its content
                raise errors.BadPayload('it holds another entry')
            entry.head = record['owner'], record['master'], record['created']
            return record
        except (OSError, IOError) as exc:
            log.error('%s: cannot be read (%s)', path, files.reason(exc))
        except errors.BadPayload as exc:
            try:
                log.error('%s: damaged (%s), set aside as %s', path, exc, files.set_aside(path))
            except OSError as trouble:
                log.error('%s: damaged (%s) and cannot be moved (%s)', path, exc, files.reason(trouble))
        return None

    def _forget(self, entry):
        with self._lock:
            self._account(entry)

    def done(self, entry):
        """The master has it."""
        self._forget(entry)
        if entry.on_disk:
            self._unlink(entry.name)

    def give_up(self, entry, why):
        """The master will never take it; it is dropped with a log line."""
        self._forget(entry)
        self._drop(entry, why)

    def defer(self, entry):
        """It could not be sent: first of the backlog again, and its content leaves memory if the disk has it."""
        with self._lock:
            if entry.on_disk:
                self._drop_copy(entry)
            self._backlog.appendleft(entry)

    def postpone(self, entry):
        """The master refused it: to the end of the line."""
        with self._lock:
            self._backlog.append(entry)

    def __len__(self):
        return len(self._fresh) + len(self._backlog)


def checked(data):
    """The record inside a spool file.  :raises BadPayload: torn, changed, or of another shape."""
    body = data[HEAD:]
    if data[:4] != MAGIC or not compat.same_bytes(hashlib.sha256(body).digest(), bytes(data[4:HEAD])):
        raise errors.BadPayload('its checksum does not hold')
    return _shaped(payload.unpack(body, limit=len(body)))


def _shaped(record):
    try:
        load = dict((compat.to_native(name), value) for name, value in record[b'load'].items())
        load['cmd'] = compat.to_native(load['cmd'])
        return {'load': load, 'name': compat.to_native(record.get(b'name', b'')), 'created': float(record[b'created']),
                'owner': compat.to_native(record[b'owner']), 'master': compat.to_native(record[b'master'])}
    except (KeyError, TypeError, AttributeError, ValueError):
        raise errors.BadPayload('it is no spool record')
