"""The archive: the program, the wheels, the installer and their sums, with the same bytes for the same content."""
from __future__ import absolute_import, division, print_function

import gzip
import hashlib
import io
import json
import os
import shutil
import stat
import tarfile

import minion
import setup
from minion import compat
from minion.bundle import targets

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.abspath(setup.__file__))
SUMS, DESCRIPTION = 'SHA256SUMS', 'bundle.json'
INSTALLER = ('install.py', 'suitable.py', 'contents.py', 'place.py')
LEFT_OUT = ('minion.bundle', 'minion.bundle.host')      # what makes bundles is not needed where they are installed
README = u"""The Salt minion %(version)s for Python %(python)s (%(abi)s) on Linux %(machine)s with glibc %(glibc)s or newer.
Nothing else is needed: no network, no pip.

    sh install.sh               # as root: into /opt/minion, with its service
    sh install.sh --help        # other folders, going back, removing
"""


def name_of(target):
    """What the archive is called, without ending."""
    return 'minion-%s-%s-%s' % (minion.__version__, target.abi, target.platform)


def lay_out(target, wheels, folder):
    """Fill a new folder with all that the archive holds.

    :param str wheels: folder of the wheels.  :return dict: what DESCRIPTION says.
    """
    compat.make_dirs(os.path.join(folder, 'wheels'), 0o755)
    wheel_names = sorted(name for name in os.listdir(wheels) if name.endswith('.whl'))
    for name in wheel_names:
        shutil.copy(os.path.join(wheels, name), os.path.join(folder, 'wheels', name))
    for source, place in program():
        path = os.path.join(folder, 'program', place)
        compat.make_dirs(os.path.dirname(path), 0o755)
        shutil.copy(os.path.join(ROOT, source), path)
    needs = [glibc for glibc in (targets.needed_glibc(name) for name in wheel_names) if glibc]
    about = {'version': minion.__version__, 'python': target.python, 'abi': target.abi, 'machine': target.machine,
             'platform': target.platform, 'glibc': '%d.%d' % max(needs) if needs else '', 'wheels': wheel_names}
    _write(folder, DESCRIPTION, compat.to_text(json.dumps(about, indent=1, sort_keys=True)) + u'\n')
    _write(folder, 'README', README % dict(about, glibc=about['glibc'] or 'any version'))
    _write(folder, 'install.sh', _text('host', 'install.sh').replace(u'@PYTHON@', compat.to_text(target.python)))
    for name in INSTALLER:
        shutil.copy(os.path.join(HERE, 'host', name), folder)
    os.chmod(os.path.join(folder, 'install.sh'), 0o755)
    sums = [u'%s  %s\n' % (compat.to_text(digest(os.path.join(folder, name))), compat.to_text(name)) for name in files(folder)]
    _write(folder, SUMS, u''.join(sums))
    return about


def program():
    """(path below the checkout, path below `program`) of each file of the minion that is installed."""
    found = [('LICENSE', 'LICENSE')]
    for package in setup.items('options', 'packages'):
        if package not in LEFT_OUT:
            folder = package.replace('.', '/')
            found += [(folder + '/' + name,) * 2 for name in os.listdir(os.path.join(ROOT, folder)) if name.endswith('.py')]
    for package, _ in setup.config().items('options.package_data'):
        found += [(package.replace('.', '/') + '/' + name,) * 2 for name in setup.items('options.package_data', package)]
    for place, _ in setup.config().items('options.data_files'):
        found += [(source,) * 2 for source in setup.items('options.data_files', place)]
    return sorted(found)


def files(folder):
    """Sorted paths, below a folder, of all its files."""
    found = []
    for top, _, names in os.walk(folder):
        found += [os.path.relpath(os.path.join(top, name), folder) for name in names]
    return sorted(found)


def digest(path):
    """SHA-256 of a file, as `sha256sum` writes it."""
    whole = hashlib.sha256()
    with io.open(path, 'rb') as stream:
        for part in iter(lambda: stream.read(1 << 16), b''):
            whole.update(part)
    return whole.hexdigest()


def pack(folder, path, when):
    """Write a folder as tar.gz, under its own name; owners, order and times are always the same.

    :param int when: the time that every file gets.
    """
    with io.open(path, 'wb') as raw:
        packed = gzip.GzipFile('', 'wb', 9, raw, when)
        with tarfile.open(fileobj=packed, mode='w', format=tarfile.GNU_FORMAT) as archive:
            for name in files(folder):
                _add(archive, os.path.join(folder, name), os.path.join(os.path.basename(folder), name), when)
        packed.close()


def _add(archive, path, name, when):
    entry = tarfile.TarInfo(compat.to_native(name))
    entry.size, entry.mtime = os.path.getsize(path), when
    entry.mode = 0o755 if os.stat(path).st_mode & stat.S_IXUSR else 0o644
    with io.open(path, 'rb') as stream:
        archive.addfile(entry, stream)


def _text(*names):
    with io.open(os.path.join(HERE, *names), encoding='utf-8') as stream:
        return stream.read()


def _write(folder, name, text):
    with io.open(os.path.join(folder, name), 'w', encoding='utf-8') as stream:
        stream.write(text)
