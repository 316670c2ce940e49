"""The doctor at real masters: a key that waits, is accepted, is rejected, belongs to another; what salt-key shows."""
from __future__ import absolute_import, division, print_function

import json
import os
import shutil
import subprocess
import tempfile

import pytest

from minion import compat, files
from tests.real.conftest import PYTHONS, ROOT
from tests.support import realmaster, testkeys
from tests.support.minionprocess import MinionProcess

NAME = 'patient'


@pytest.fixture
def patient(master):
    """Configuration and key of a host whose minion does not run."""
    folder = tempfile.mkdtemp(prefix='doctor-')
    settings = {'minimum_auth_version': 0} if realmaster.generation(master.version) == 0 else {}
    made = MinionProcess(folder, master, NAME, key=testkeys.path('minion'), **settings)
    made.write_config()
    try:
        yield made
    finally:
        master.salt_key('-d', NAME)
        shutil.rmtree(folder)


def program(patient, *words):
    """(exit code, output) of bin/minion with this configuration."""
    command = [PYTHONS[0][1], os.path.join(ROOT, 'bin', 'minion')] + list(words) + ['-c', os.path.join(patient.folder, 'conf')]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = process.communicate()[0]
    return process.returncode, compat.to_native(output)


def states(patient):
    """{check: (level, text)} of the last finding of each check."""
    code, output = program(patient, 'doctor', '--json')
    found = json.loads(output)
    assert found['exit_code'] == code
    return dict((one['check'], (one['level'], one['text'])) for one in found['findings'])


def test_each_state_of_a_key(master, patient):
    waiting = states(patient)
    assert waiting['acceptance'] == ('warning', 'The master has this minion\'s key and waits for an operator.')
    assert os.listdir(patient.pki) == ['minion.pem']                     # nothing was learnt or written

    assert master.fingerprint(NAME) in program(patient, 'key')[1]

    master.salt_key('-a', NAME)
    accepted = states(patient)
    assert accepted['acceptance'] == ('ok', 'The master accepts this minion\'s key.')
    assert accepted['protocol'][1].endswith('the master speaks %d.' % realmaster.generation(master.version))
    assert accepted['port'][0] == 'ok' and os.listdir(patient.pki) == ['minion.pem']

    os.remove(os.path.join(patient.pki, 'minion.pem'))
    files.write(os.path.join(patient.pki, 'minion.pem'), files.read(testkeys.path('other')), 0o400, sync=False)
    denied = states(patient)
    assert denied['acceptance'][0] == 'error' and '(rejected or denied)' in denied['acceptance'][1]

    master.salt_key('-d', NAME)
    assert states(patient)['acceptance'][0] == 'warning'
    master.salt_key('-r', NAME)
    rejected = states(patient)
    assert rejected['acceptance'][0] == 'error' and 'rejects this minion\'s key' in rejected['acceptance'][1]
