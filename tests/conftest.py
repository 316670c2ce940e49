"""What holds for every test of the project."""
from __future__ import absolute_import, division, print_function

import os
import uuid

import pytest

from tests.support import leaks
from tests.support.waiting import wait_until


@pytest.fixture(autouse=True)
def nothing_left_behind():
    """After every test: no new thread, descriptor or child."""
    before = leaks.take()
    yield
    leaks.check(before)


@pytest.fixture(autouse=True, scope='session')
def no_process_left_behind():
    """After the last test: no process that a test started, though it left our children, is alive."""
    os.environ[leaks.RUN] = uuid.uuid4().hex
    yield
    wait_until(lambda: not leaks.of_this_run(), leaks.GRACE, lambda: 'end of %s' % sorted(leaks.of_this_run().items()))
