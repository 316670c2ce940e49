"""How another terminal reaches a running demo: a Unix socket that only the same user can open.

One request a connection: a msgpack map {fun, arg, timeout} until end of file, answered with a map
{return, retcode} or {error}. The path of the socket stands in a file at a place that each user has.
"""
from __future__ import absolute_import, division, print_function

import errno
import logging
import os
import select
import socket
import stat
import threading

from minion import compat, errors, files, payload
from minion.wake import Bell

log = logging.getLogger(__name__)

NAME = 'minion-demo'
LIMIT = 64 << 20                  # bytes of a request or an answer
PEER_TIME = 5.0                   # seconds for the other end to send its request or take its answer
NOT_RUNNING = 'no demo is running for this user; start one with: minion demo --keep'


def record_path():
    """The file that names the socket: in $XDG_RUNTIME_DIR if that is ours, else in ~/.cache."""
    runtime = os.environ.get('XDG_RUNTIME_DIR', '')
    if os.path.isabs(runtime) and os.path.isdir(runtime) and os.stat(runtime).st_uid == os.geteuid():
        return os.path.join(runtime, NAME)
    return os.path.join(os.path.expanduser('~'), '.cache', NAME)


class Server(object):
    """:param str path: of the socket; its folder must be closed to others.
    :param callable answer: answer(request, stopping) -> map, on this object's thread, one request at a time; it should
        end soon after stopping() has become True.
    """

    def __init__(self, path, answer):
        self._path, self._answer = path, answer
        self._bell = Bell()
        self._listener = None
        self._thread = threading.Thread(target=self._run, name='demo-control')
        self._thread.daemon = True

    def start(self):
        """Listen, and record where. :raises MinionError: the socket or the record cannot be made."""
        files.remove(self._path)                 # of a demo in the same folder that was killed
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            self._listener.bind(self._path)
        except (OSError, socket.error) as exc:
            self._listener.close()
            raise errors.MinionError('%s: no socket can be made there: %s; choose a shorter --dir' % (self._path, exc))
        finally:
            os.umask(mask)
        self._listener.listen(8)
        self._thread.start()
        record = record_path()
        compat.make_dirs(os.path.dirname(record))
        files.write(record, compat.to_bytes(self._path) + b'\n', sync=False)

    def stop(self):
        """Take back socket and record, end the thread."""
        self._bell.stop()
        if self._thread.is_alive():
            self._thread.join(PEER_TIME + 5.0)
        self._bell.close()
        if self._listener is not None:
            self._listener.close()
        files.remove(self._path)
        record = record_path()
        if files.read(record) == compat.to_bytes(self._path) + b'\n':    # not that of a demo started after this one
            files.remove(record)

    def _run(self):
        while not self._bell.stopping:
            if self._listener in select.select([self._bell, self._listener], [], [])[0]:
                self._serve(self._listener.accept()[0])

    def _serve(self, connection):
        try:
            connection.settimeout(PEER_TIME)
            request = payload.to_text_tree(payload.unpack(_receive(connection)))
            connection.sendall(payload.pack(self._answer(request, lambda: self._bell.stopping)))
        except (OSError, socket.error, errors.MinionError, LookupError, TypeError, ValueError) as exc:
            log.warning('a request of another terminal failed: %s', exc)
        finally:
            connection.close()


def _receive(connection):
    """Bytes until end of file. :raises BadPayload: more than LIMIT."""
    data = b''
    while True:
        more = connection.recv(1 << 16)
        if not more:
            return data
        data += more
        if len(data) > LIMIT:
            raise errors.BadPayload('longer than %d bytes' % LIMIT)


def ask(request, timeout):
    """Send one request to the running demo; its answer, a map.

    :param float timeout: seconds for the answer.
    :raises MinionError: none is running, its files are not ours, or it does not answer.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout)
        connection.connect(_find())
        connection.sendall(payload.pack(request))
        connection.shutdown(socket.SHUT_WR)
        return payload.to_text_tree(payload.unpack(_receive(connection)))
    except socket.timeout:
        raise errors.MinionError('the demo did not answer within %.0f s' % timeout)
    except (OSError, socket.error) as exc:
        if exc.errno in (errno.ECONNREFUSED, errno.ENOENT):
            raise errors.MinionError(NOT_RUNNING)
        raise errors.MinionError('the demo cannot be reached: %s' % exc)
    except errors.BadPayload:
        raise errors.MinionError('the demo ended before it answered')
    finally:
        connection.close()


def _find():
    """Path of the socket, file and socket checked: another user must not be able to have us talk to his."""
    record = record_path()
    _check(record, stat.S_ISREG)
    path = compat.to_native((files.read(record) or b'').strip())
    _check(path, stat.S_ISSOCK)
    return path


def _check(path, kind):
    try:
        status = os.lstat(path)
    except OSError as exc:
        if exc.errno == errno.ENOENT:
            raise errors.MinionError(NOT_RUNNING)
        raise errors.MinionError('%s: %s' % (path, files.reason(exc)))
    if status.st_uid != os.geteuid() or not kind(status.st_mode) or status.st_mode & 0o022:
        raise errors.UnsafePermissions(
            '%s: not a file that only you can write; remove it and start the demo anew' % path)
