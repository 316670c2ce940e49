"""What holds for every test of the project."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support import leaks


@pytest.fixture(autouse=True)
def nothing_left_behind():
    """After every test: no new thread, descriptor or child."""
    before = leaks.take()
    yield
    leaks.check(before)
