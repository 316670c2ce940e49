"""States of alternatives, at, block devices and keyboards, over fake programs or execution modules."""
from __future__ import absolute_import, division, print_function

import os
import stat

import pytest

from minion.helpers import environment
from tests.support.hoststates import States


@pytest.fixture
def host(tmp_path, monkeypatch):
    return States(str(tmp_path), monkeypatch)


# ---- alternatives

class Alternatives(object):
    """A group `pager` in memory."""

    def __init__(self):
        self.paths, self.current, self.by_hand, self.refuses = {'/bin/more': 1}, '/bin/more', True, False
        names = 'check_exists check_installed show_current display install remove auto set'
        self.functions = dict(('alternatives.' + name, getattr(self, name)) for name in names.split())

    def check_exists(self, name, path):
        return name == 'pager' and path in self.paths

    def check_installed(self, name, path):
        return self.show_current(name) == path

    def show_current(self, name):
        return name == 'pager' and self.current

    def display(self, name):
        return 'pager - %s mode\n' % ('manual' if self.by_hand else 'auto')

    def install(self, name, link, path, priority):
        if not self.refuses:
            self.paths[path] = priority
            self._choose()
        return 'said'

    def remove(self, name, path):
        if not self.refuses:
            del self.paths[path]
            self._choose()
        return 'said'

    def auto(self, name):
        self.by_hand = self.refuses
        return 'said'

    def set(self, name, path):
        if not self.refuses:
            self.current = path

    def _choose(self):
        self.current = max(self.paths, key=self.paths.get) if self.paths else False


@pytest.fixture
def pager(host):
    group = Alternatives()
    group.told = lambda function, *args, **kwargs: host.over(group.functions, 'alternatives.' + function, *args, **kwargs)
    return group


def test_alternatives_install(pager):
    wanted = ('pager', '/usr/bin/pager', '/bin/less', 5)
    changes = {'name': 'pager', 'link': '/usr/bin/pager', 'path': '/bin/less', 'priority': 5}
    assert pager.told('install', *wanted, test=True) == (
        None, 'Alternative will be set for pager to /bin/less with priority 5', {})
    pager.refuses = True
    assert pager.told('install', *wanted) == (False, 'Alternative for pager not installed: said', {})
    pager.refuses = False
    assert pager.told('install', *wanted) == (True, 'Setting alternative for pager to /bin/less with priority 5', changes)
    assert pager.told('install', *wanted) == (True, 'Alternative /bin/less for pager is already registered', {})
    assert pager.told('install', 'pager', '/usr/bin/pager', '/bin/cat', 0)[:2] == (
        True, 'Alternative /bin/cat for pager registered')


def test_alternatives_remove(pager):
    pager.paths['/bin/less'] = 5
    assert pager.told('remove', 'other', '/x') == (False, "Alternative for other doesn't exist", {})
    assert pager.told('remove', 'pager', '/x') == (True, "Alternative for pager is set to it's default path /bin/more", {})
    assert pager.told('remove', 'pager', '/bin/less', test=True) == (None, 'Alternative for pager will be removed', {})
    pager.refuses = True
    assert pager.told('remove', 'pager', '/bin/less') == (False, 'Alternative for pager not removed: said', {})
    pager.refuses = False
    assert pager.told('remove', 'pager', '/bin/less') == (
        True, 'Alternative for pager removed. Falling back to path /bin/more', {'path': '/bin/more'})
    assert pager.told('remove', 'pager', '/bin/more')[:2] == (True, 'Alternative for pager removed')


def test_alternatives_auto_and_set(pager):
    assert pager.told('auto', 'pager', test=True) == (None, 'pager will be put in auto mode', {})
    pager.refuses = True
    assert pager.told('auto', 'pager') == (False, 'said', {})
    pager.refuses = False
    assert pager.told('auto', 'pager') == (True, '', {'result': 'said'})
    assert pager.told('auto', 'pager') == (True, 'pager already in auto mode', {})
    pager.paths['/bin/less'] = 5
    assert pager.told('set', 'pager', '/bin/more') == (True, 'Alternative for pager already set to /bin/more', {})
    assert pager.told('set', 'pager', '/x') == (False, "Alternative /x for pager doesn't exist", {})
    assert pager.told('set', 'pager', '/bin/less', test=True) == (
        None, 'Alternative for pager will be set to path /bin/less', {})
    pager.refuses = True
    assert pager.told('set', 'pager', '/bin/less') == (False, 'Alternative for pager not updated', {})
    pager.refuses = False
    assert pager.told('set', 'pager', '/bin/less') == (True, 'Alternative for pager set to path /bin/less',
                                                       {'path': '/bin/less'})


# ---- at

AT = """
case $1 in
    -c) cat "%(jobs)s/$2";;
    -d) shift; for job; do rm "%(jobs)s/$job" || exit 1; done;;
    garbled) echo 'Garbled time' >&2; exit 1;;
    *) number=$(($(ls "%(jobs)s" | wc -l) + 1)); cat > "%(jobs)s/$number"; echo "job $number at soon" >&2;;
esac
"""
ATQ = 'for job in $(ls "%(jobs)s"); do printf "%%s\\tTue Dec  1 09:00:00 2026 a root\\n" $job; done\n'


@pytest.fixture
def jobs(host, tmp_path):
    (tmp_path / 'jobs').mkdir()
    host.programs.script('at', AT % {'jobs': tmp_path / 'jobs'})
    host.programs.script('atq', ATQ % {'jobs': tmp_path / 'jobs'})

    def told(function, *args, **kwargs):
        answer = host.state('at.' + function, *args, **kwargs)
        return answer['result'], answer['comment'], answer['changes']
    return told


def test_at_present(jobs):
    changes = {'job': 1, 'tag': 'rose', 'date': '2026-12-01', 'time': '09:00:00', 'queue': 'a', 'user': 'root'}
    wanted = {'job': 'echo hi', 'tag': 'rose', 'unique_tag': True}
    added = 'job echo hi added and will run on 9:00'
    assert jobs('present', 'x', '9:00', test=True, **wanted) == (None, added, {})
    assert jobs('present', 'x', '9:00', **wanted) == (True, added, changes)
    assert jobs('present', 'x', '9:00', **wanted) == (True, 'atleast one job with tag rose exists.', {})
    assert jobs('present', 'x', '9:00', unique_tag=True) == (False, 'no tag provided and unique_tag is set to True', {})
    assert jobs('present', 'x', 'garbled') == (False, 'invalid timespec', {})
    assert jobs('present', 'x', '9:00', user='mtst-nobody') == (False, 'user mtst-nobody does not exists', {})
    assert jobs('watch', 'x', '9:00') == (True, '', {})
    assert jobs('mod_watch', 'echo hi', timespec='9:00', sfun='watch', __reqs__={})[:2] == (True, added)


def test_at_absent(jobs):
    for tag in ('rose', 'rose', 'lily'):
        jobs('present', 'x', '9:00', tag=tag)
    assert jobs('absent', 'x', tag='rose', test=True) == (None, 'removed ? job(s)', {})
    assert jobs('absent', 'x', tag='rose') == (True, 'removed 2 job(s)', {'removed': ['1', '2']})
    assert jobs('absent', 'x', tag='rose') == (True, 'removed 0 job(s)', {})
    assert jobs('absent', 'x', jobid=3) == (True, 'removed job with id 3', {'removed': ['3']})
    assert jobs('absent', 'x', jobid=3) == (True, 'job with id 3 not present', {})
    assert jobs('absent', 'x', limit='all') == (False, 'limit parameter not supported x', {})
    assert jobs('mod_watch', 'x', sfun='absent', tag='lily')[:2] == (True, 'removed 0 job(s)')
    assert jobs('mod_watch', 'x', sfun='other')[0] is False


# ---- blockdev

class Disk(object):
    """A device whose settings and file system are in memory."""

    def __init__(self):
        self.settings, self.kind, self.fails = {'getra': '256', 'getro': '0'}, '', False
        self.functions = {'disk.dump': lambda name: dict(self.settings), 'disk.tune': self.tune, 'disk.format': self.format,
                          'disk.blkid': lambda name: {name: {'TYPE': self.kind}} if self.kind else {}}

    def tune(self, name, **kwargs):
        self.settings.update(dict((key, value) for key, value in (
            ('getra', str(kwargs.get('read-ahead', 256))), ('getro', '1' if 'read-only' in kwargs else '0'))))
        return dict(self.settings)

    def format(self, name, fs_type, **options):
        self.options = options
        self.kind = self.kind if self.fails else fs_type
        return not self.fails


@pytest.fixture
def disk(host, monkeypatch):
    disk = Disk()
    host.programs.add('mkfs.ext4')
    exists = os.path.exists
    monkeypatch.setattr(os.path, 'exists', lambda path: path == '/dev/mtst' or exists(path))

    def told(function, name='/dev/mtst', **kwargs):
        return host.over(disk.functions, 'blockdev.' + function, name, **kwargs)
    disk.told = told
    return disk


def test_what_is_no_block_device(disk):
    assert disk.told('tuned', '/etc/passwd', **{'read-ahead': 5}) == (
        False, 'Changes to /etc/passwd cannot be applied. Not a block device.', {})
    assert disk.told('formatted', '/etc/passwd') == (False, 'Failed to format /etc/passwd', {})
    assert disk.told('formatted', '/dev/mtst-other') == (False, '/dev/mtst-other does not exist', {})
    assert disk.told('formatted', '/etc/passwd', fs_type='mtstfs') == (False, 'Invalid fs_type: mtstfs', {})


@pytest.fixture
def device():
    """A block device of this host; nothing is done to it."""
    for name in sorted(os.listdir('/dev')):
        path = os.path.join('/dev', name)
        if stat.S_ISBLK(os.stat(path).st_mode if os.path.exists(path) else 0):
            return path
    pytest.skip('no block device in /dev')


def test_blockdev_tuned(disk, device):
    assert disk.told('tuned', device) == (True, 'Block device %s already in correct state' % device, {})
    wanted = {'read-ahead': 1024, 'read-only': True}
    assert disk.told('tuned', device, test=True, **wanted) == (None, 'Changes to %s will be applied ' % device, {})
    assert disk.told('tuned', device, **wanted) == (True, 'Block device %s successfully modified ' % device, {
        'read-ahead': 'Changed from 256 to 1024', 'read-only': 'Changed from False to True'})
    assert disk.told('tuned', device, **wanted) == (True, 'Block device %s already in correct state' % device, {})


def test_blockdev_formatted(disk, device):
    assert disk.told('formatted', device, test=True) == (None, 'Changes to %s will be applied ' % device, {})
    disk.fails = True
    assert disk.told('formatted', device) == (False, 'Failed to format %s' % device, {})
    disk.fails = False
    assert disk.told('formatted', device, inode_size=256, order=1) == (
        True, '%s has been formatted with ext4' % device, {'new': 'ext4', 'old': ''})
    assert disk.options == {'force': False, 'inode_size': 256}
    assert disk.told('formatted', device) == (True, '%s already formatted with ext4' % device, {})


# ---- keyboard

KEYMAP = """
case $1 in
    set-keymap) case $2 in bad*) echo no >&2; exit 1;; esac; echo "$2" > "%(file)s";;
    *) echo '   System Locale: LANG=de_DE.UTF-8'; echo "       VC Keymap: $(cat "%(file)s")"; echo '      X11 Layout: fr';;
esac
"""
XKB = """
case $1 in
    -query) echo 'model:      pc105'; echo "layout:     $(cat "%(file)s")";;
    bad*) exit 1;;
    *) echo "$1" > "%(file)s";;
esac
"""


@pytest.mark.parametrize('program, text, function, what, whole', [
    ('localectl', KEYMAP, 'system', 'System', 'system'), ('setxkbmap', XKB, 'xorg', 'XOrg', 'XOrg')])
def test_keyboard(host, tmp_path, program, text, function, what, whole):
    (tmp_path / 'layout').write_text(u'us\n')
    host.programs.script(program, text % {'file': tmp_path / 'layout'})

    def told(name, **kwargs):
        answer = host.state('keyboard.' + function, name, **kwargs)
        return answer['result'], answer['comment'], answer['changes']
    assert told('us') == (True, '%s layout us already set' % what, {})
    assert told('de', test=True) == (None, '%s layout de needs to be set' % what, {})
    assert told('de') == (True, 'Set %s keyboard layout de' % whole, {'layout': 'de'})
    assert told('de') == (True, '%s layout de already set' % what, {})
    assert told('bad') == (False, 'Failed to set %s keyboard layout' % whole, {})
    short = 'x' if function == 'xorg' else 'sys'
    assert host.job('keyboard.get_' + short) == ('de', 0)
    assert host.job('keyboard.set_' + short, 'bad') == ('bad', 1)


def test_a_keyboard_that_nobody_tells_of(host):
    host.programs.script('localectl', 'echo "no bus" >&2; exit 1\n')
    assert host.job('keyboard.get_sys') == ('ERROR: no bus', 1)
    assert host.state('keyboard.system', 'us', test=True)['result'] is None


def test_a_keyboard_of_a_file(host, tmp_path, monkeypatch):
    (tmp_path / 'keyboard').write_text(u'# a comment\nXKBMODEL="pc105"\nXKBLAYOUT="us"\n')
    monkeypatch.setattr(environment, 'which', lambda program: None)
    paths = host.loader.functions['keyboard.get_sys'].__globals__['_FILES']
    monkeypatch.setitem(paths, 'Debian', (str(tmp_path / 'keyboard'), 'XKBLAYOUT'))
    assert host.call('keyboard.get_sys') == 'us'
    assert host.call('keyboard.set_sys', 'de') == 'de'
    assert (tmp_path / 'keyboard').read_text() == u'# a comment\nXKBMODEL="pc105"\nXKBLAYOUT="de"\n'
