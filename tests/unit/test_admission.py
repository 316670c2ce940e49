"""Is there room for one more job? Answers of kernels old and new, and of one that tells nothing."""
from __future__ import absolute_import, division, print_function

import os
import resource

import pytest

from minion import admission

NEW = 'MemTotal: 1000000 kB\nMemFree: 1000 kB\nMemAvailable: %d kB\nBuffers: 1 kB\nCached: 1 kB\nSwapCached: 7 kB\n'
OLD = 'MemTotal: 1000000 kB\nMemFree: 10000 kB\nBuffers: 2000 kB\nCached: 9000 kB\nSwapCached: 7 kB\nShmem: 1000 kB\n'


@pytest.fixture
def proc(tmpdir):
    tmpdir.join('self', 'fd').ensure(dir=True)

    def make(text):
        tmpdir.join('meminfo').write(text)
        return str(tmpdir)
    return make


@pytest.mark.parametrize('available, words', [
    (16 * 1024, ''), (16 * 1024 - 1, 'this minion is short of memory: 15 MiB are available, job_free_memory asks for 16'),
    (0, 'short of memory: 0 MiB')])
def test_memory(proc, available, words):
    refusal = admission.Admission(16.0, proc(NEW % available)).refusal()
    assert words in refusal and bool(words) == bool(refusal)


def test_no_look_at_memory_where_the_setting_is_0(proc):
    assert admission.Admission(0.0, proc(NEW % 0)).refusal() == ''


@pytest.mark.parametrize('text, kilobytes', [
    (OLD, 20000), (NEW % 5, 5), ('', None), ('MemTotal: 5 kB\n', None), ('MemFree: x kB\n', None),
    ('MemFree: 10 kB\nShmem: 20 kB\n', 0)])
def test_kernels(proc, text, kilobytes):
    assert admission.available_memory(os.path.join(proc(text), 'meminfo')) == kilobytes


def test_a_kernel_that_tells_nothing_refuses_nothing(tmpdir):
    assert admission.Admission(16.0, str(tmpdir)).refusal() == ''


@pytest.mark.parametrize('used, refused', [(4, False), (80, False), (81, True), (99, True)])
def test_descriptors(proc, used, refused, monkeypatch):
    folder = proc(NEW % 10 ** 6)
    for number in range(used + 1):                   # and the one of the listing
        open(os.path.join(folder, 'self', 'fd', str(number)), 'w').close()
    monkeypatch.setattr(resource, 'getrlimit', lambda which: (100, 4096))
    words = 'this minion is short of file descriptors: %d of 100 are in use' % used
    assert admission.Admission(16.0, folder).refusal() == (words if refused else '')


def test_descriptors_without_limit(proc, monkeypatch):
    monkeypatch.setattr(resource, 'getrlimit', lambda which: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert admission.Admission(0.0, proc('')).refusal() == ''


def test_no_descriptor_left_to_look_with(proc, monkeypatch):
    folder = proc('')
    monkeypatch.setattr(resource, 'getrlimit', lambda which: (64, 64))

    def no_more(path):
        raise OSError(24, 'Too many open files')
    monkeypatch.setattr(os, 'listdir', no_more)
    assert 'of file descriptors: 64 of 64' in admission.Admission(0.0, folder).refusal()


def test_this_host():
    """The real files: tests run where there is room."""
    assert admission.Admission(1.0).refusal() == ''
