"""From an archive to an answered job, on systems without a network: made here of busybox and one Python, and real ones.

MINION_REAL_SYSTEMS names folders of real ones, as `debootstrap --variant=minbase --include=python2.7 bullseye FOLDER`
makes them; they stay as they are.
"""
from __future__ import absolute_import, division, print_function

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile

import pytest

import minion
from minion import compat
from minion.bundle import wheels
from tests.real.conftest import MASTERS, NEWEST, ROOT
from tests.support import realmaster, smallsystem
from tests.support.environments import interpreters
from tests.support.waiting import wait_until

SYSTEMS = [''] + os.environ.get('MINION_REAL_SYSTEMS', '').split()
SCRIPT = '/etc/init.d/minion '
LIVE = 60
pytestmark = [pytest.mark.skipif(bool(smallsystem.why_not()), reason=smallsystem.why_not()),
              pytest.mark.skipif(bool(MASTERS) and NEWEST not in MASTERS, reason='once is enough: with the newest master')]


def python_of(folder):
    """The oldest Python of a system that the minion runs on, as '2.7'."""
    for name in interpreters.WANTED:
        if os.path.exists(os.path.join(folder, 'usr', 'bin', 'python' + name)):
            return name
    pytest.skip('%s has no Python that the minion runs on' % folder)


class System(object):
    """A system in a folder, the archive for it unpacked in its /opt/bundle."""

    def __init__(self, folder, work, python):
        self.folder, self.work, self.python = folder, work, python
        bundle(python, os.path.join(work, 'upper', 'opt') if work else os.path.join(folder, 'opt'))

    def enter(self, network):
        return smallsystem.Entered(self.folder, self.work, network)


def bundle(python, place):
    """Make the archive for a Python and unpack it as `place`/bundle."""
    output = tempfile.mkdtemp(prefix='bundle-')
    try:
        words = [sys.executable, os.path.join(ROOT, 'bin', 'bundle'), '--python', python, '--output', output, '--pip', pip()]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = compat.to_native(process.communicate()[0])
        assert process.returncode == 0, said
        name, = os.listdir(output)
        assert name.startswith('minion-%s-cp%s' % (minion.__version__, python.replace('.', '')))
        with tarfile.open(os.path.join(output, name)) as archive:
            archive.extractall(output)
        compat.make_dirs(place, 0o755)
        shutil.move(os.path.join(output, name[:-len('.tar.gz')]), os.path.join(place, 'bundle'))
    finally:
        shutil.rmtree(output)


def pip():
    """A Python whose pip fetches wheels for other hosts."""
    for python in [sys.executable] + [os.path.join(home, 'bin', 'python') for _, home in realmaster.installed()]:
        try:
            if wheels.pip_version(python) >= wheels.OLDEST_PIP:
                return python
        except wheels.NoWheels:
            continue
    pytest.skip('no pip of version %d.%d or newer' % wheels.OLDEST_PIP)


@pytest.fixture(params=SYSTEMS, ids=[os.path.basename(path) or 'busybox' for path in SYSTEMS])
def system(request):
    home = tempfile.mkdtemp(prefix='system-')
    try:
        if request.param:
            yield System(request.param, home, python_of(request.param))
        else:
            busybox = smallsystem.program('busybox')
            if busybox is None:
                pytest.skip('busybox is not installed')
            found = interpreters.find()
            interpreter = found.get('2.7') or found[sorted(found, key=lambda name: int(name.split('.')[1]))[0]]
            smallsystem.make(home, busybox, interpreter)
            yield System(home, None, interpreter.name)
    finally:
        shutil.rmtree(home)


def said(outcome, code, *words):
    """That exit code, and the words in the output."""
    assert outcome[0] == code and all(word in outcome[1] for word in words), outcome
    return True


def test_from_the_archive_to_a_job(system, master):
    name = 'bundled-' + os.path.basename(system.folder)
    settings = {'master': '127.0.0.1', 'master_port': master.ret_port, 'publish_port': master.publish_port, 'id': name,
                'auth_timeout': 5, 'acceptance_wait_time': 1}
    lines = ''.join('%s: %s\\n' % item for item in sorted(settings.items()))
    with system.enter(network=False) as shell:
        interfaces = shell('grep -c : /proc/net/dev')[1]
        assert interfaces == '1', interfaces                         # lo alone: there is no network
        assert shell('readlink -f /bin/sh')[1] == '/bin/busybox' or system.work
        assert said(shell('sh /opt/bundle/install.sh'), 0, 'wrote:   /etc/salt/minion', 'wrote:   /etc/init.d/minion', 'next:')
        assert said(shell('minion --version'), 0, 'minion ' + minion.__version__)
        assert said(shell('minion call --local --out=json test.ping'), 0, 'true')
        assert said(shell('mkdir -p /etc/salt/minion.d && printf "%s" >/etc/salt/minion.d/test.conf' % lines), 0)
        assert said(shell(SCRIPT + 'status'), 3, 'is not running')
    with system.enter(network=True) as shell:
        assert said(shell(SCRIPT + 'start'), 0, 'runs as process', 'waits for an operator')
        master.wait_for_key(name)
        master.salt_key('-a', name)
        wait_until(lambda: shell(SCRIPT + 'status')[1].endswith('(listening)'), LIVE, lambda: shell('minion status'))
        assert master.salt(name, 'test.ping') == {name: True}
        version = master.salt(name, 'grains.get', 'pythonversion')[name]
        assert '%d.%d' % tuple(version[:2]) == system.python
        assert master.salt(name, 'cmd.run', 'cat /opt/bundle/README | wc -l')[name] == '5'
        assert master.salt(name, 'service.status', 'minion') == {name: True}
        assert said(shell(SCRIPT + 'restart'), 0, 'has stopped', 'listens to 127.0.0.1')
        assert master.salt(name, 'test.ping') == {name: True}
        assert said(shell('sh /opt/bundle/install.sh --uninstall'), 1, 'the minion runs')
        assert said(shell(SCRIPT + 'stop'), 0, 'has stopped') and said(shell(SCRIPT + 'status'), 3)
        assert said(shell('sh /opt/minion/current/install.sh --uninstall'), 0, 'removed: /opt/minion')
        assert said(shell('ls /opt/minion /etc/init.d/minion /usr/bin/minion 2>/dev/null'), shell('ls /nonexistent')[0])
        assert said(shell('ls /etc/salt/minion /etc/salt/pki/minion/minion.pem'), 0)
    master.salt_key('-d', name)
