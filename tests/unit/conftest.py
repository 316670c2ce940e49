"""Fixtures of several unit tests."""
from __future__ import absolute_import, division, print_function

import pytest

from minion import aes
from tests.support import calling


@pytest.fixture(params=[name for name, _ in aes.PROVIDERS])
def aes_provider(request, monkeypatch):
    """Run a test once with each AES library that this host has."""
    found = aes.provider(request.param)
    if found.name == 'none':
        pytest.skip('%s is not installed' % request.param)
    monkeypatch.setattr(aes, '_CHOSEN', found)
    return found.name


@pytest.fixture(scope='module')
def loader(tmpdir_factory):
    """A Loader of execution modules, for test files without one of their own."""
    return calling.loader(tmpdir_factory.mktemp('cache'))


@pytest.fixture
def call(loader):
    """call(fun, argument, ..., keyword=value) as a job; its value, or the first line of the error."""
    return calling.caller(loader)
