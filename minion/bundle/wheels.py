"""The wheels of all libraries for a Target, fetched by pip; and what they ask for in turn.

pip evaluates markers for the Python that runs it. So what the wheels require is looked at here once more, for the Python
that they are meant for, and fetched as well.
"""
from __future__ import absolute_import, division, print_function

import os
import re
import subprocess
import sys
import zipfile

from minion import compat, errors
from minion.bundle import targets

OLDEST_PIP = (21, 0)                             # the first that takes several platforms
ROUNDS = 5


class NoWheels(errors.MinionError):
    """pip cannot be used, or there is no wheel of something for this Target."""
    exit_code = 69


def pip_version(python):
    """(23, 2) of the pip of a Python.  :raises NoWheels: it has none."""
    status, output = _run([python, '-m', 'pip', '--version'])
    found = re.match(r'pip (\d+)\.(\d+)', output)
    if status or not found:
        raise NoWheels('%s has no pip: name a Python that has it with --pip FILE' % python)
    return int(found.group(1)), int(found.group(2))


def fetch(wanted, requirements, folder, python=None, more=(), say=None):
    """Download the wheels of `requirements` and of all that they require into `folder`; their sorted file names.

    :param Target wanted:  :param list requirements: without markers, as 'rsa>=3.4,<4.6'.
    :param str python: whose pip is used, by default the one that runs this.  :param more: further words for pip.
    :raises NoWheels:
    """
    python = python or sys.executable
    known = pip_version(python)
    if known < OLDEST_PIP:
        raise NoWheels('pip %d.%d of %s is too old to fetch wheels for another host: name a Python with pip 21 or newer with '
                       '--pip FILE' % (known + (python,)))
    requirements = list(requirements)
    for _ in range(ROUNDS):
        _download(wanted, requirements, folder, python, more)
        missing = lacking(wanted, folder)
        if not missing:
            return names(folder)
        if say:
            say('also:    %s' % ', '.join(missing))
        requirements += missing
    raise NoWheels('the wheels still ask for %s' % ', '.join(missing))


def names(folder):
    """Sorted file names of the wheels in a folder."""
    return sorted(name for name in os.listdir(folder) if name.endswith('.whl'))


def _download(wanted, requirements, folder, python, more):
    words = [python, '-m', 'pip', '--disable-pip-version-check', 'download', '--no-input', '-d', folder,
             '--only-binary=:all:', '--implementation', 'cp', '--python-version', wanted.python, '--abi', wanted.abi]
    for platform in targets.platforms(wanted):
        words += ['--platform', platform]
    status, output = _run(words + list(more) + requirements)
    if status:
        lines = [line for line in output.splitlines() if line.startswith('ERROR:')] or output.splitlines()[-1:]
        raise NoWheels('pip found not every wheel for Python %s on %s: %s' % (
            wanted.python, wanted.platform, lines[-1] if lines else 'exit code %d' % status))


def _run(words):
    try:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as exc:
        raise NoWheels('%s cannot be run: %s' % (words[0], exc.strerror))
    output = compat.to_native(process.communicate()[0])
    return process.returncode, output


# ---- what wheels require

def lacking(wanted, folder):
    """Requirements of the wheels in a folder, for a Target, that no wheel there fulfils: sorted, without markers."""
    there, found = names(folder), set()
    present = set(plain(name.split('-')[0]) for name in there)
    for name in there:
        for line in required(os.path.join(folder, name)):
            requirement, _, marker = line.partition(';')
            if marker.strip() and not _holds(marker, wanted, name):
                continue
            requirement = re.sub(r'[()\s]', '', requirement)
            if plain(re.match(r'[A-Za-z0-9._-]+', requirement).group()) not in present:
                found.add(requirement)
    return sorted(found)


def _holds(marker, wanted, name):
    try:
        return targets.holds(marker, targets.environment(wanted))
    except ValueError as exc:
        raise NoWheels('%s: %s' % (name, exc))


def plain(name):
    """The name of a distribution as indexes compare it."""
    return re.sub(r'[-_.]+', '-', name).lower()


def required(path):
    """Texts of the Requires-Dist lines of a wheel.  :raises NoWheels: it is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [name for name in archive.namelist() if name.endswith('.dist-info/METADATA')]
            text = archive.read(inside[0]).decode('utf-8') if inside else u''
    except (EnvironmentError, zipfile.BadZipfile) as exc:
        raise NoWheels('%s: cannot be read as a wheel: %s' % (path, exc))
    lines = text.replace('\r', '').split('\n\n')[0].splitlines()
    return [compat.to_native(line.split(':', 1)[1].strip()) for line in lines if line.startswith('Requires-Dist:')]
