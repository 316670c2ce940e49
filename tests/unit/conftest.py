"""Fixtures of several unit tests."""
from __future__ import absolute_import, division, print_function

import pytest

from minion import aes


@pytest.fixture(params=[name for name, _ in aes.PROVIDERS])
def aes_provider(request, monkeypatch):
    """Run a test once with each AES library that this host has."""
    found = aes.provider(request.param)
    if found.name == 'none':
        pytest.skip('%s is not installed' % request.param)
    monkeypatch.setattr(aes, '_CHOSEN', found)
    return found.name
