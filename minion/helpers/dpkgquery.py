"""What dpkg tells of packages: forms of its lists, details of packages, licence and time of an installation.

Functions that ask take `run`, which is cmd.run_all of the job.
"""
from __future__ import absolute_import, division, print_function

import os
import time

from minion import compat, files

INFO = '/var/lib/dpkg/info'
DOCS = '/usr/share/doc'
_FIELDS = (('package', 'Package'), ('source', 'source:Package'), ('version', 'Version'), ('section', 'Section'),
           ('architecture', 'Architecture'), ('maintainer', 'Maintainer'), ('homepage', 'Homepage'),
           ('status', 'db:Status-Abbrev'))
_MARK = '------'
_FORMAT = ''.join('%s:${%s}\\n' % field for field in _FIELDS) + 'description:${Description}\\n' + _MARK + '\\n'
_LIST_FORMAT = '${Status} ${Package} ${Version} ${Architecture}\\n'
_LIMIT = 4 << 20


def ask(run, *argv):
    """The reply of cmd.run_all to a program and its arguments."""
    return run(list(argv), python_shell=False, output_loglevel='trace')


def statuses(run):
    """(wanted, state, name, version, architecture) of all packages that dpkg knows."""
    reply = ask(run, 'dpkg-query', '--showformat', _LIST_FORMAT, '-W')
    for line in reply['stdout'].splitlines():
        parts = line.split()
        if len(parts) == 6:
            yield parts[0], parts[2], parts[3], parts[4], parts[5]


def installed(reply):
    """{name: version} of the lines of `dpkg -l` that tell of installed packages."""
    rows = [line.split() for line in reply['stdout'].splitlines() if line.startswith('ii')]
    return dict((row[1], row[2]) for row in rows)


def details(run, packages):
    """(reply, {name: details}) of packages, all without a name."""
    reply = ask(run, 'dpkg-query', '-W', '-f', _FORMAT, *packages)
    found = {}
    for block in reply['stdout'].split('\n' + _MARK):
        one = _details(block.lstrip('\n'))
        if one.get('package'):
            found[one['package']] = one
    return reply, found


def _details(block):
    head, _, description = block.partition('\ndescription:')
    one = {}
    for line in head.splitlines():
        name, _, value = line.partition(':')
        if value.strip():
            one[name] = value.strip()
    if one.get('package'):
        one['description'] = description.rstrip('\n') + '\n'
        one.update(_beside(one['package'], one.get('architecture', '')))
    return one


def _beside(package, architecture):
    """What files beside the database tell."""
    found = {'install_date': install_date(package, architecture), 'license': licences(package)}
    return dict((key, value) for key, value in found.items() if value)


def install_date(package, architecture=''):
    """When a package was unpacked, ISO 8601 in UTC; None if no file tells."""
    for name in (package, '%s:%s' % (package, architecture)):
        try:
            seconds = os.stat(os.path.join(INFO, name + '.list')).st_mtime
        except OSError:
            continue                                   # the other form of the name
        return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(int(seconds)))
    return None


def licences(package):
    """The licences that the file `copyright` names, sorted and joined by commas."""
    try:
        data = files.read(os.path.join(DOCS, package, 'copyright'), _LIMIT)
    except (IOError, OSError):
        return ''                                      # a folder or a link into nowhere tells no licence
    found = set()
    for line in compat.to_native(compat.decode_lossy(data or b'')).splitlines():
        if line.startswith('License:'):
            found.add(line.split(':', 1)[1].strip())
    return ', '.join(sorted(found))
