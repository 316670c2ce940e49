"""An idle minion: what it has loaded, and that it sleeps. Guards against what creeps in, not measurements."""
from __future__ import absolute_import, division, print_function

import os
import select
import sys

import pytest

from minion import compat
from minion.demo.master import Master
from tests.support import testkeys
from tests.support.minionprocess import ROOT, MinionProcess
from tests.support.waiting import wait_until

WINDOW = 4.0                 # seconds of idleness that are looked at
PAGES = 256                  # KiB of pages of files that a job brings back, and more
SWITCHES = 40                # voluntary context switches of all threads that they may bring
# Loads of the standard library and of dependencies that an idle minion has no use for, each with what it costs.
UNWANTED = ('yaml', 'click', 'inspect', 'tempfile', 'shutil', 'subprocess', 'uuid', 'ssl', '_ssl', 'cffi', 'pkg_resources',
            'multiprocessing', 'asyncio', 'email', 'urllib', 'http', 'logging.handlers', 'optparse', 'argparse', 'unittest',
            'jinja2', 'psutil', 'gzip', 'ctypes.util', 'sqlite3', 'xml', 'pydoc', 'concurrent')
# What libraries load by themselves and minion.lean keeps away (typing: from Python 3.7 on), or we do without.
SPARED = ('pickle', 'inspect', 'platform', 'locale', 'textwrap', 'random', 'Queue', 'queue', 'selectors',
          '_hashlib', '_sysconfigdata')
# Of ours: plug-ins, and what reads the configuration, which a child does.
NEVER = ('modules', 'grains', 'demo', 'commands', 'settings', 'configfiles', 'yamlfile', 'primes', 'scheduler', 'beaconing')
OURS = 86                    # modules of ours: more are a reason to think, not to raise this
PROBE = '''
import sys, threading
sys.path.insert(0, %r)
import minion.lean
def tell():
    with open(%r) as stream:
        stream.read()
    with open(%r, 'w') as stream:
        stream.write(' '.join(name for name in sorted(sys.modules) if sys.modules[name] is not None))
thread = threading.Thread(target=tell)
thread.daemon = True
thread.start()
from minion.cli import main
sys.argv[0] = 'minion'
sys.exit(main())
'''


@pytest.fixture(scope='module')
def master(tmpdir_factory):
    folder = str(tmpdir_factory.mktemp('master'))
    with open(testkeys.path('master'), 'rb') as stream:
        key = stream.read()
    with Master(folder, key=key, auto_accept=True) as running:
        yield running


@pytest.fixture
def nothing_left_behind():
    """The master of this file lives longer than a test."""


def minion_process(folder, master, name, program):
    quiet = dict(log_level='warning', log_level_logfile='warning')
    process = MinionProcess(str(folder), master, name, program, key=testkeys.path('minion'), **quiet)
    process.start()
    master.wait_event('salt/minion/%s/start' % name, 20)
    return process


def test_what_an_idle_minion_has_loaded(master, tmpdir):
    ask, told, program = str(tmpdir.join('ask')), str(tmpdir.join('told')), tmpdir.join('probe.py')
    os.mkfifo(ask)
    program.write(PROBE % (ROOT, ask, told))
    with minion_process(tmpdir.join('m'), master, 'loaded', (sys.executable, str(program))):
        master.wait_return(master.publish('test.ping', tgt='loaded'), 'loaded', 20)      # each minion has run one
        with open(ask, 'w') as stream:
            stream.write('now')
        loaded = wait_until(lambda: os.path.exists(told) and open(told).read(), 5, 'list of modules').split()
    assert 'minion.agent' in loaded
    unwanted = [name for name in loaded if name in UNWANTED or name.split('.')[0] in UNWANTED]
    assert not set(unwanted) - set(_of_the_libraries())
    hinted = ('typing', 'inspect') if (3, 7) <= sys.version_info < (3, 10) else ()       # by pyzmq's typing_extensions
    spared = SPARED + (('typing',) if sys.version_info >= (3, 7) else ())
    assert not [name for name in spared if name in loaded and name not in hinted]
    ours = [name for name in loaded if name.split('.')[0] == 'minion']
    assert len(ours) <= OURS, (len(ours), ours)
    assert not [name for name in ours if name.split('.')[1:2] and name.split('.')[1] in NEVER]


def _of_the_libraries():
    """What pyzmq itself loads, on the Python that runs this."""
    script = ('import sys; before = set(sys.modules); import zmq, msgpack, rsa; '
              'print(" ".join(sorted(sys.modules)))')
    import subprocess
    output = compat.to_native(subprocess.check_output([sys.executable, '-c', script]))
    return [name for name in output.split() if name in UNWANTED or name.split('.')[0] in UNWANTED]


def rss_file(pid):
    """KiB of the pages of files that a process has in its memory, None where the kernel does not tell."""
    with open('/proc/%d/status' % pid) as stream:
        for line in stream:
            if line.startswith('RssFile:'):
                return int(line.split()[1])
    return None


def switches(pid):
    """Voluntary context switches of all threads of a process so far."""
    total = 0
    for thread in os.listdir('/proc/%d/task' % pid):
        with open('/proc/%d/task/%s/status' % (pid, thread)) as stream:
            total += sum(int(line.split()[1]) for line in stream if line.startswith('voluntary_ctxt_switches'))
    return total


def test_an_idle_minion_sleeps(master, tmpdir):
    with minion_process(tmpdir.join('m'), master, 'asleep', (sys.executable, os.path.join(ROOT, 'bin', 'minion'))) as process:
        process.children()
        before = wait_until(lambda: _settled(process.pid), 20, 'the start is over')
        select.select([], [], [], WINDOW)
        assert switches(process.pid) - before <= SWITCHES


@pytest.mark.skipif(not rss_file(os.getpid()), reason='this kernel does not tell how many pages are those of files')
def test_an_idle_minion_gives_pages_of_libraries_back(master, tmpdir):
    with minion_process(tmpdir.join('m'), master, 'slim', (sys.executable, os.path.join(ROOT, 'bin', 'minion'))) as process:
        begun = rss_file(process.pid)
        wait_until(lambda: rss_file(process.pid) < 0.75 * begun, 20, 'fewer pages of files than %d KiB' % begun)
        master.wait_return(master.publish('test.ping', tgt='slim'), 'slim', 20)       # they come back by themselves
        used = rss_file(process.pid)
        wait_until(lambda: rss_file(process.pid) < used - PAGES, 20, 'fewer pages of files than after a job, %d KiB' % used)


def _settled(pid):
    """The count of switches once it has stood still for a moment, else None."""
    before = switches(pid)
    select.select([], [], [], 0.5)
    return before if switches(pid) - before <= 2 else None
