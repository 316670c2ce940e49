"""What pip made of the checkout.

bin/check installs it into fresh environments: MINION_INSTALLED is `2.7=FOLDER ...`.
"""
from __future__ import absolute_import, division, print_function

import io
import os

import pytest

import minion
from tests.support import groups

INSTALLED = [item.partition('=')[::2] for item in os.environ.get('MINION_INSTALLED', '').split()]
SOURCE = os.path.dirname(os.path.abspath(minion.__file__))
WHERE = 'import minion, os; print(os.path.dirname(os.path.abspath(minion.__file__)))'

pytestmark = pytest.mark.parametrize('home', [home for _, home in INSTALLED],
                                     ids=['py' + name for name, _ in INSTALLED])


def call(tmpdir, *words):
    """Standard output (text) of a program that must succeed."""
    log = tmpdir.join('log')
    status, output = groups.call([str(word) for word in words], str(log), str(tmpdir))
    assert status == 0, log.read()
    return output.decode('utf-8')


def sources(folder):
    """Names of the Python files below a folder."""
    found = set()
    for top, _, names in os.walk(folder):
        found.update(os.path.relpath(os.path.join(top, name), folder) for name in names if name.endswith('.py'))
    return found


def test_program_tells_its_version(home, tmpdir):
    assert minion.__version__ in call(tmpdir, os.path.join(home, 'bin', 'minion'), '--version')


def test_program_is_a_plain_script(home):
    with io.open(os.path.join(home, 'bin', 'minion'), encoding='utf-8') as stream:
        text = stream.read()
    assert text.startswith(u'#!' + os.path.join(home, 'bin', 'python'))
    assert 'pkg_resources' not in text and 'load_entry_point' not in text and 'importlib.metadata' not in text


def test_every_source_file_is_installed(home, tmpdir):
    folder = call(tmpdir, os.path.join(home, 'bin', 'python'), '-c', WHERE).strip()
    assert folder.startswith(home)
    assert sources(folder) == sources(SOURCE)
