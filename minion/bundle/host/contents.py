"""One version whole, in a folder of its own: lib, conf, bin, and what removes it again."""
from __future__ import absolute_import, division, print_function

import errno
import io
import os
import py_compile
import shutil
import subprocess
import sys
import zipfile

LAUNCHER = '''\
import os
import sys

# the folder behind the link: a minion that runs during an update goes on with the files it began with
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), 'lib'))

import minion.lean  # noqa: E402,F401  before all others, see there
from minion.cli import main  # noqa: E402

if __name__ == '__main__':
    sys.exit(main())
'''
TRY = ('import sys; sys.path.insert(0, sys.argv[1]); import minion.lean; import zmq, yaml, click, msgpack, rsa; '
       'from minion import aes, cli; aes.provider_name()')


def build(source, names, folder):
    """Fill a new folder with a version: lib, conf, bin, and what removes it again."""
    lib = os.path.join(folder, 'lib')
    for name in ('lib', 'conf', 'bin'):
        os.mkdir(os.path.join(folder, name))
    for name in names:
        if name.startswith('wheels/'):
            unpack(os.path.join(source, name), lib)
        elif name.startswith('program/'):
            place = name[len('program/'):]
            copy(os.path.join(source, name), os.path.join(lib if place.startswith('minion/') else folder, place))
        else:
            copy(os.path.join(source, name), os.path.join(folder, name))
    path = os.path.join(folder, 'bin', 'minion')
    with io.open(path, 'wb') as stream:
        stream.write(raw(first_line(sys.executable) + LAUNCHER))
    os.chmod(path, 0o755)


def first_line(python):
    """How a program of this Python begins; the kernel takes no long and no odd paths there."""
    if len(python) < 120 and ' ' not in python:
        return '#!%s\n' % python
    return '#!/bin/sh\n\'\'\'exec\' "%s" "$0" "$@"\n\' \'\'\'\n' % python


def unpack(wheel, lib):
    """The modules of a wheel; its programs, if any, are left out."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            parts = name.split('/')
            if parts[0].endswith('.data'):
                if parts[1:2] not in (['purelib'], ['platlib']):
                    continue
                parts = parts[2:]
            if name.endswith('/') or not parts:
                continue
            path = os.path.join(lib, *parts)
            make_dirs(os.path.dirname(path))
            with io.open(path, 'wb') as stream:
                stream.write(archive.read(name))


def copy(source, path):
    make_dirs(os.path.dirname(path))
    shutil.copy(source, path)


def make_dirs(path):
    if not os.path.isdir(path):
        os.makedirs(path, 0o755)


def compile_all(folder, shown):
    """Byte code of all modules, which say that they lie in `shown`."""
    for top, _, names in os.walk(os.path.join(folder, 'lib')):
        for name in names:
            path = os.path.join(top, name)
            if name.endswith('.py'):
                try:
                    py_compile.compile(path, dfile=os.path.join(shown, os.path.relpath(path, folder)), doraise=True)
                except (py_compile.PyCompileError, SyntaxError):    # wheels hold files for other Pythons, too
                    continue


def settle(folder):
    """Have every file of a folder on the disk, so that no link to it outlives them."""
    try:
        if subprocess.call(['sync']) == 0:           # a single turn for a thousand files
            return
    except OSError:                                  # a system without that program
        pass
    for top, _, names in os.walk(folder):
        for name in names:
            sync(os.path.join(top, name))
        sync(top)


def sync(path):
    """Have a file, or the names in a folder, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except EnvironmentError as exc:
        if exc.errno not in (errno.EINVAL, errno.EROFS):        # file systems without it
            raise
    finally:
        os.close(handle)


def raw(text):
    """Bytes of a native text."""
    return text if isinstance(text, bytes) else os.fsencode(text)


def attempt(folder):
    """Load the program and its libraries from a folder; None, or why that fails."""
    process = subprocess.Popen([sys.executable, '-c', TRY, os.path.join(folder, 'lib')], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    output = process.communicate()[0].decode('utf-8', 'replace').strip().splitlines()
    return str((output or [process.returncode])[-1]) if process.returncode else None
