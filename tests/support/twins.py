"""Minions side by side on one real master, each with its own copy of what jobs change: the same calls to all of them.

Every one runs in a mount namespace of its own, where its folder lies at one common place and /etc, /home and the
crontabs are copies of the host's. So all of them can get one and the same publication, and their paths agree.
"""
from __future__ import absolute_import, division, print_function

import os
import re
import subprocess

from minion import compat, files
from tests.support import groups, replay
from tests.support.minionprocess import MinionProcess

COPIED = ('/etc', '/home', '/var/spool/cron')
SETUP = r'''
set -e
place=$1; own=$2; shift 2
for folder in %s; do
    if [ -d "$folder" ]; then
        mkdir -p "$own/host$folder"
        cp -a "$folder/." "$own/host$folder/"
        mount --bind "$own/host$folder" "$folder"
    fi
done
mount --bind "$own" "$place"
cd "$place/work"
exec "$@"
''' % ' '.join(COPIED)
UNSHARE = ('unshare', '--mount', '--propagation', 'private', 'sh', '-c', SETUP, 'sh')


def possible():
    """True where mount namespaces may be made."""
    try:
        return groups.call(['unshare', '--mount', '--propagation', 'private', 'true'], os.devnull, '/')[0] == 0
    except OSError:
        return False


class Twin(MinionProcess):
    """One of them.  :param str own: its folder.  :param str place: where its processes see it.  The rest: MinionProcess."""

    def __init__(self, own, place, master, minion_id, program, **config):
        MinionProcess.__init__(self, own, master, minion_id, program, **config)
        self.place = place
        compat.make_dirs(os.path.join(own, 'work'), 0o755)
        for name, value in list(self.settings.items()):
            if compat.is_text(value) and value.startswith(own + os.sep):
                self.settings[name] = place + value[len(own):]
        self.environment = dict(item for item in os.environ.items() if not item[0].startswith(('PYTHON', 'SALT', 'PYTEST')))
        self.environment['SHELL'] = '/bin/bash'      # as root's login sets it: the reference's shell of cmd.*; ours is fixed

    def start(self, *words):
        self.write_config()
        command = UNSHARE + (self.place, self.folder) + self.program + ('-c', os.path.join(self.place, 'conf')) + words
        self.process = groups.start(list(command), self.output, self.folder, self.environment)
        return self

    def shell(self, script):
        """What a shell script says (text) that runs in its work folder and sees what its jobs see."""
        words = ['nsenter', '--target', str(self.pid), '--mount', 'sh', '-c', 'cd %s/work; %s' % (self.place, script)]
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return compat.to_text(process.communicate()[0], errors='replace')


# ---- what the sides said, in one form

_JID = re.compile(r'\b20\d{18}\b')
_ADDRESS = re.compile(r'\b0x[0-9a-f]{6,}\b')


def comparable(whole, minion_id):
    """A whole return as the master's client gives it, without what must differ: the minion's id, jids, frames."""
    kept = dict((key, whole[key]) for key in ('ret', 'retcode', 'success') if key in whole)
    return replay.normal(replace(kept, minion_id))


def replace(value, minion_id):
    """`value` with placeholders for the id and for jids in all its texts."""
    if isinstance(value, dict):
        return dict((replace(key, minion_id), replace(item, minion_id)) for key, item in value.items())
    if isinstance(value, list):
        return [replace(item, minion_id) for item in value]
    if not compat.is_text(value):
        return value
    return _ADDRESS.sub('<address>', _JID.sub('<jid>', value.replace(minion_id, '<id>')))


def substituted(value, words):
    """Arguments of a case with its placeholders filled in; {placeholder: text}."""
    if isinstance(value, dict):
        return dict((substituted(key, words), substituted(item, words)) for key, item in value.items())
    if isinstance(value, list):
        return [substituted(item, words) for item in value]
    if compat.is_text(value):
        for name, text in words.items():
            value = value.replace(name, text)
    return value


def shape(value):
    """What kind of value it is, without its content: types, keys of mappings, the shape of what lists hold."""
    if isinstance(value, dict):
        return dict((key, shape(item)) for key, item in value.items())
    if isinstance(value, list):
        kinds = []
        for item in value:
            if shape(item) not in kinds:
                kinds.append(shape(item))
        return sorted(kinds, key=repr)
    if isinstance(value, bool) or value is None:
        return type(value).__name__
    if isinstance(value, (int, float)):
        return 'number'
    return 'text' if compat.is_text(value) else type(value).__name__


def at(value, path, change):
    """`value` with change(item) in the place of each item that `path` leads to: keys joined by /, * for all of them."""
    first, _, rest = path.partition('/')
    if not path:
        return change(value)
    if isinstance(value, dict):
        return dict((key, at(item, rest, change) if first in ('*', compat.to_native(key)) else item)
                    for key, item in value.items())
    if isinstance(value, list) and first == '*':
        return [at(item, rest, change) for item in value]
    return value


def fill_roots(folder):
    """The file and pillar roots that the cases of the captures want, below `folder`; settings of the master for them."""
    roots, pillar = os.path.join(folder, 'srv'), os.path.join(folder, 'pillar')
    source = os.path.join(replay.DATA, 'files')
    for top, _, names in os.walk(source):
        for name in names:
            target = os.path.join(roots, os.path.relpath(os.path.join(top, name), source))
            _write(target, files.read(os.path.join(top, name)))
    _write(os.path.join(roots, 'bin.dat'), bytes(bytearray(range(256))) * 4)
    _write(os.path.join(roots, 'empty'), b'')
    _write(os.path.join(roots, 'tmpl.txt'), b'id: {{ grains["id"] }} x: {{ x|default("none") }}\n')
    _write(os.path.join(pillar, 'top.sls'), b"base:\n  '*':\n    - common\n")
    _write(os.path.join(pillar, 'common.sls'), files.read(os.path.join(replay.DATA, 'pillar.yaml')))
    return {'file_roots': {'base': [roots]}, 'pillar_roots': {'base': [pillar]}}


def _write(path, data):
    compat.make_dirs(os.path.dirname(path), 0o755)
    with open(path, 'wb') as stream:
        stream.write(data)
