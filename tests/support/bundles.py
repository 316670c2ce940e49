"""An unpacked bundle for the Python of this run, made without a network; and its installer under a shell."""
from __future__ import absolute_import, division, print_function

import os
import platform
import shutil
import subprocess
import sys

from minion import compat, files
from minion.bundle import archive, targets
from tests.support import groups
from tests.support.wheelmaker import make_wheel

PYTHON = '%d.%d' % sys.version_info[:2]
EXTRA = (('mtst_lib-1.0.data/purelib/mtst_more.py', 'MORE = 1\n'), ('mtst_lib-1.0.data/scripts/mtst-tool', '#!python\n'),
         ('mtst_lib_data/other.py', 'exec "not for Python 3"\n'))
# rooms that no test of the installer enters: it unpacks and compiles in a third of the time without them
LEFT_OUT = ('modules', 'helpers', 'saltlike', 'beacons', 'caller', 'demo', 'grains', 'outputters', 'returners')


def lay_out(folder):
    """Fill `folder` with what a bundle holds; its libraries are left to the Python that runs the tests."""
    wheels = folder + '-wheels'
    compat.make_dirs(wheels)
    make_wheel(wheels, 'mtst_lib', extra=EXTRA)
    target = targets.target(PYTHON, 'manylinux2014_' + platform.machine(), targets.usual_abi(PYTHON))
    archive.lay_out(target, wheels, folder)
    for name in LEFT_OUT:
        shutil.rmtree(os.path.join(folder, 'program', 'minion', name))
    sign(folder)


def sign(folder):
    """Write the sums of a changed bundle anew."""
    names = [name for name in archive.files(folder) if name != archive.SUMS]
    lines = ['%s  %s\n' % (archive.digest(os.path.join(folder, name)), name) for name in names]
    files.write(os.path.join(folder, archive.SUMS), compat.to_bytes(''.join(lines)), sync=False)


def run(folder, shell, *words, **environment):
    """(exit code, output, error lines) of the installer in `folder` under a shell of initscript.SHELLS."""
    words = (['busybox', 'sh'] if shell == 'busybox' else [shell]) + [os.path.join(folder, 'install.sh')] + list(words)
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=groups.alone,
                               env=dict(os.environ, **environment))
    output, trouble = [compat.to_native(text) for text in process.communicate()]
    return process.returncode, output, [line for line in trouble.splitlines() if line]
