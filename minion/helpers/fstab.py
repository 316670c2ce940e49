"""Tables of file systems: /etc/fstab, and vfstab of Solaris. Lines that are not changed stay as they are."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import etcfile, mounts

FSTAB = ('device', 'name', 'fstype', 'opts', 'dump', 'pass_num')
VFSTAB = ('device', 'device_fsck', 'name', 'fstype', 'pass_fsck', 'mount_at_boot', 'opts')
_FORMATS = {FSTAB: '%s\t\t%s\t%s\t%s\t%s %s\n', VFSTAB: '%-11s %-3s %-19s %-8s %-3s %-6s %s\n'}
# kinds of which several have the same device: the mount point tells them apart
_NAMED = frozenset(['none', 'tmpfs', 'sysfs', 'proc', 'fusectl', 'debugfs', 'securityfs', 'devtmpfs', 'cgroup', 'btrfs'])


def read(path):
    """{mount point: entry} of an fstab, as mount.fstab shows it; '_' is put behind a name that is there already."""
    found = {}
    for line in etcfile.lines(path) if os.path.isfile(path) else ():
        entry = _parsed(line, FSTAB)
        if entry is None:
            continue
        name = entry['name']
        while name in found:
            name += '_'
        found[name] = {'device': entry['device'], 'fstype': entry['fstype'], 'opts': entry['opts'].split(','),
                       'dump': entry['dump'], 'pass': entry['pass_num']}
    return found


def _parsed(line, fields):
    """The entry in a line, None for comments and what has too few or too many fields."""
    words = line.split()
    if line.lstrip().startswith('#') or len(words) > len(fields) or len(words) < (4 if fields is FSTAB else len(fields)):
        return None
    return dict(zip(fields, words + ['0'] * (len(fields) - len(words))))


def put(path, fields, entry, match_on='auto', test=False, keep=False):
    """Put an entry into a table: 'new', 'change' or 'present'.

    :param dict entry: values of all `fields`.  :param match_on: names of the fields that tell entries apart.
    :param bool test: write nothing.  :param bool keep: an entry that is there stays as it is.
    :raises CommandExecutionError: no such file, or unknown names.
    """
    entry = etcfile.one_line(**entry)
    wanted = dict((name, mounts.escaped(entry[name])) for name in fields)
    match_on = _criteria(match_on, entry['fstype'], fields)
    if not os.path.isfile(path):
        raise CommandExecutionError('Bad config file "%s"' % path)
    lines, done = etcfile.lines(path), 'new'
    for number, line in enumerate(lines):
        found = _parsed(line, fields)
        if found is None or any(found[name] != wanted[name] for name in match_on):
            continue
        if keep or found == wanted:
            return 'present'
        lines[number], done = _line(wanted, fields), 'change'
    if done == 'new':
        lines = _ended(lines) + [_line(wanted, fields)]
    if not test:
        _write(path, lines)
    return done


def _criteria(match_on, fstype, fields):
    if match_on == 'auto':
        return ['name'] if fstype in _NAMED else ['device']
    names = [match_on] if compat.is_text(match_on) else list(match_on)
    unknown = [name for name in names if name not in fields]
    if unknown:
        raise CommandExecutionError('Unrecognized keys in match_on: "%s"' % ', '.join(str(name) for name in unknown))
    return names


def _line(entry, fields):
    return _FORMATS[fields] % tuple(entry[name] for name in fields)


def _ended(lines):
    return lines[:-1] + [lines[-1] + '\n'] if lines and not lines[-1].endswith('\n') else lines


def take(path, fields, name, device=None):
    """Remove the entries of a mount point (and device, if one is given) from a table; True.

    :raises CommandExecutionError: the table cannot be read or written.
    """
    wanted = {'name': mounts.escaped(name)}
    if device:
        wanted['device'] = mounts.escaped(device)
    try:
        lines = etcfile.lines(path)
    except (IOError, OSError) as exc:
        raise CommandExecutionError("Couldn't read from %s: %s" % (path, exc))
    kept = [line for line in lines if not _is(_parsed(line, fields), wanted)]
    if len(kept) != len(lines):
        _write(path, kept)
    return True


def _is(entry, wanted):
    return entry is not None and all(entry[name] == wanted[name] for name in wanted)


def _write(path, lines):
    try:
        etcfile.rewrite(path, ''.join(lines))
    except (IOError, OSError) as exc:
        raise CommandExecutionError("Couldn't write to %s: %s" % (path, exc))


# ---- the map of the automounter

MASTER = '/etc/auto_master'


def read_automaster(path):
    """{mount point: {'device', 'fstype', 'opts'}} of a direct map of the automounter."""
    return dict((entry['name'], {'device': entry['device'], 'fstype': '-fstype=' + entry['fstype'],
                                 'opts': entry['opts']})
                for entry in (_direct(line) for line in etcfile.lines(path, missing=True)) if entry)


def _direct(line):
    words = line.split()
    if line.startswith('#') or len(words) != 3:
        return None
    kind, _, opts = words[1].partition(',')
    name = words[0][3:] if words[0].startswith('/..') else words[0]
    device = words[2].split(':')[1] if ':' in words[2] else words[2]
    return {'name': name, 'device': device, 'fstype': kind.replace('-fstype=', '', 1), 'where': words[2],
            'opts': opts.split(',') if opts or ',' in words[1] else []}


def put_automaster(path, name, device, fstype, opts, test=False, keep=False):
    """Put an entry into a direct map: 'new', 'change' or 'present'. A map that is not there is made and announced."""
    values = etcfile.one_line(name=name, device=device, fstype=fstype, opts=opts)
    line = '/..%(name)s\t-fstype=%(fstype)s,%(opts)s\t%(fstype)s:%(device)s\n' % values
    if not os.path.isfile(path):
        etcfile.rewrite(MASTER, etcfile.text(MASTER) + '/-\t\t\t%s\n' % path)
    lines, done = etcfile.lines(path, missing=True), 'new'
    for number, old in enumerate(lines):
        entry = _direct(old)
        if entry is None or entry['name'] != values['name']:
            continue
        if keep or old.split() == line.split():
            return 'present'
        lines[number], done = line, 'change'
    if done == 'new':
        lines = _ended(lines) + [line]
    if not test:
        _write(path, lines)
    return done


def take_automaster(path, name):
    """Remove an entry from a direct map; True if there was one."""
    lines = etcfile.lines(path, missing=True)
    kept = [line for line in lines if (_direct(line) or {}).get('name') != name]
    if len(kept) == len(lines):
        return False
    _write(path, kept)
    return True
