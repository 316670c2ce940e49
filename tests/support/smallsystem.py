"""Systems in folders: the smallest that runs a Python program, and a shell in them, with or without a network.

The smallest one: busybox as every program, one Python without any library of others, the C library it needs. Any other
system, such as debootstrap makes, is used through an overlay and stays as it was.
"""
from __future__ import absolute_import, division, print_function

import os
import re
import select
import shutil
import subprocess

from minion import compat
from tests.support import groups

# what compiled wheels expect of a host, beside what their own libraries name
USUAL = ('libstdc++.so.6', 'libgcc_s.so.1', 'librt.so.1', 'libpthread.so.0', 'libdl.so.2', 'libutil.so.1', 'libm.so.6',
         'libnss_files.so.2')
NODES = (('null', 3), ('zero', 5), ('random', 8), ('urandom', 9))
NOT_COPIED = ('site-packages', 'dist-packages', 'test', 'tests', 'idlelib', 'lib2to3', 'ensurepip', 'lib-tk', 'config*',
              '__pycache__', '*.pyc', '*.pyo')
PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
MADE = 'root:x:0:0:root:/root:/bin/sh\n'
ENTER = '''
set -e
if [ -n "$2" ]; then
    mount -t overlay overlay -o "lowerdir=$2,upperdir=$3/upper,workdir=$3/work" "$1"
fi
mkdir -p "$1/proc" "$1/opt/bundle"
mount -t proc proc "$1/proc"
exec chroot "$1" /usr/bin/env -i PATH=%s HOME=/root MINION_TEST_RUN="$MINION_TEST_RUN" /bin/sh
''' % PATH


def why_not():
    """Why no system can be entered here; '' if it can."""
    if os.geteuid() != 0:
        return 'only root can enter a system in a folder'
    try:
        process = subprocess.Popen(['unshare', '-m', '-p', '-n', '-f', 'true'], stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT)
    except OSError:
        return 'unshare is not installed'
    said = compat.to_native(process.communicate()[0]).strip()
    return '' if process.returncode == 0 else 'unshare: ' + said


def program(name):
    """Path of a program of this host, None without."""
    found = [os.path.join(folder, name) for folder in ('/bin', '/usr/bin', '/sbin', '/usr/sbin')]
    return ([path for path in found if os.access(path, os.X_OK)] or [None])[0]


def make(folder, busybox, interpreter):
    """Make the smallest system in a new folder.  :param interpreter: as of environments.interpreters."""
    for name in ('bin', 'sbin', 'usr/bin', 'usr/sbin', 'etc/rc2.d', 'etc/init.d', 'dev', 'proc', 'tmp', 'root', 'var/run',
                 'var/log', 'var/cache', 'opt'):
        compat.make_dirs(os.path.join(folder, name), 0o755)
    shutil.copy(busybox, os.path.join(folder, 'bin', 'busybox'))
    for name in compat.to_native(subprocess.check_output([busybox, '--list'])).split():
        if name != 'busybox':
            os.symlink('busybox', os.path.join(folder, 'bin', name))
    os.symlink('/bin/env', os.path.join(folder, 'usr', 'bin', 'env'))
    for name, minor in NODES:
        os.mknod(os.path.join(folder, 'dev', name), 0o020666, os.makedev(1, minor))
        os.chmod(os.path.join(folder, 'dev', name), 0o666)
    with open(os.path.join(folder, 'etc', 'passwd'), 'w') as stream:
        stream.write(MADE)
    with open(os.path.join(folder, 'etc', 'group'), 'w') as stream:
        stream.write('root:x:0:\n')
    _put_python(folder, interpreter)


def _put_python(folder, interpreter):
    ask = 'import sys; print(getattr(sys, "real_prefix", getattr(sys, "base_prefix", sys.prefix)))'
    prefix = compat.to_native(subprocess.check_output([interpreter.path, '-E', '-c', ask])).strip()
    name = 'python' + interpreter.name
    shutil.copy(os.path.join(prefix, 'bin', name), os.path.join(folder, 'usr', 'bin', name))
    library = os.path.join(folder, 'usr', 'lib', name)
    shutil.copytree(os.path.join(prefix, 'lib', name), library, symlinks=True, ignore=shutil.ignore_patterns(*NOT_COPIED))
    config = os.path.join(prefix, 'lib', name, 'config')                # its Makefile is what sysconfig reads on Python 2
    if os.path.isdir(config):
        compat.make_dirs(os.path.join(library, 'config'), 0o755)
        shutil.copy(os.path.join(config, 'Makefile'), os.path.join(library, 'config'))
    modules = os.path.join(library, 'lib-dynload')
    _put_libraries(folder, [os.path.join(prefix, 'bin', name)] + [os.path.join(modules, each) for each in os.listdir(modules)])


def _put_libraries(folder, programs):
    process = subprocess.Popen(['ldd'] + programs, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    text = compat.to_native(process.communicate()[0])
    paths = set(re.findall(r'(?:=> |^\s+)(/\S+) \(0x', text, re.MULTILINE))
    process = subprocess.Popen([program('ldconfig'), '-p'], stdout=subprocess.PIPE)
    for line in compat.to_native(process.communicate()[0]).splitlines():
        if line.split()[0] in USUAL and re.search(r'\(libc6,(?:x86-64|AArch64)', line):
            paths.add(line.split()[-1])
    for path in paths:
        place = folder + path
        compat.make_dirs(os.path.dirname(place), 0o755)
        if not os.path.exists(place):
            shutil.copy(path, place)


class Entered(object):
    """A shell in a system, as the first process of its own: whatever it started ends with it.

    :param str folder: the system.  :param str work: where changes of a system that is to stay as it is go; else None.
    :param bool network: whether it sees the network of this host, or none at all.
    """

    def __init__(self, folder, work, network):
        where = folder
        if work:
            where = os.path.join(work, 'merged')
            for name in ('merged', 'upper', 'work'):
                compat.make_dirs(os.path.join(work, name), 0o755)
        words = ['unshare', '-m', '-p', '-f', '--kill-child', '--propagation', 'private'] + ([] if network else ['-n'])
        words += ['sh', '-c', ENTER, 'sh', where, folder if work else '', work or '']
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                         preexec_fn=groups.alone, close_fds=True)
        self._number = 0

    def __call__(self, command, seconds=60):
        """(exit code, output) of a command of its shell."""
        self._number += 1
        mark = 'done-%d' % self._number
        text = '{ %s\n} </dev/null 2>&1; echo "\n%s $?"\n' % (command, mark)
        self._process.stdin.write(compat.to_bytes(text))
        self._process.stdin.flush()
        output = b''
        while True:
            if not select.select([self._process.stdout], [], [], seconds)[0]:
                raise AssertionError('%s: no end within %g s: %r' % (command, seconds, output))
            part = os.read(self._process.stdout.fileno(), 65536)
            if not part:
                raise AssertionError('%s: the shell ended: %r' % (command, output))
            output += part
            found = re.search(br'\n%s (\d+)\n$' % compat.to_bytes(mark), output)
            if found:
                return int(found.group(1)), compat.to_native(output[:found.start()]).strip()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self._process.stdin.close()
        groups.end(self._process, 5)
        self._process.stdout.close()
