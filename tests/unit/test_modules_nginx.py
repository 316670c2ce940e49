"""nginx.*, with a program that only prints what nginx prints, and without a server."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import FileClientError
from minion.helpers import environment, webfetch
from tests.support import hostmodules

BUILT = '''nginx version: nginx/1.18.0 (Ubuntu)
built with OpenSSL 1.1.1f  31 Mar 2020
TLS SNI support enabled
configure arguments: --with-cc-opt='-g -O2 -fPIC' --with-ld-opt='-Wl,-z,relro' --prefix=/usr/share/nginx --with-debug
'''
PAGE = (b'Active connections: 7 \nserver accepts handled requests\n 16630948 16630946 31070465 \n'
        b'Reading: 6 Writing: 179 Waiting: 106 \n')


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    host.programs.answer('nginx')
    return host


def test_it_is_there_with_the_program(host):
    host.programs.answer('nginx -v', err=BUILT.splitlines()[0] + '\n')
    assert host.job('nginx.version') == ('1.18.0 (Ubuntu)', 0)
    host.programs.answer('nginx -v', err='nginx: no memory\n', code=1)
    assert host.job('nginx.version') == ('nginx: no memory', 1)


def test_it_is_not_there_without_the_program(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    assert host.job('nginx.version') == (
        "'nginx' __virtual__ returned False: The nginx execution module cannot be loaded: nginx is not installed.", 1)


def test_what_it_was_built_with(host):
    host.programs.answer('nginx -V', err=BUILT)
    assert host.call('nginx.build_info') == {
        'info': BUILT.splitlines()[:3],
        'build arguments': ["--with-cc-opt='-g -O2 -fPIC'", "--with-ld-opt='-Wl,-z,relro'", '--prefix=/usr/share/nginx',
                            '--with-debug']}


def test_the_configuration(host):
    host.programs.answer('nginx -t', err='nginx: test is successful\n')
    assert host.job('nginx.configtest') == (
        {'result': True, 'comment': 'Syntax OK', 'stdout': 'nginx: test is successful'}, 0)
    host.programs.answer('nginx -t', err='nginx: [emerg] bad\n', code=1)
    assert host.job('nginx.configtest') == (
        {'result': False, 'comment': 'Syntax Error', 'stderr': 'nginx: [emerg] bad'}, 1)


def test_signals(host):
    program = host.programs.bin + '/nginx'
    assert host.job('nginx.signal', 'start') == ('Command: "%s" completed successfully!' % program, 0)
    assert host.job('nginx.signal', 'quit') == ('Command: "%s -s quit" completed successfully!' % program, 0)
    assert host.programs.calls() == [['nginx'], ['nginx', '-s', 'quit']]
    assert host.call('nginx.signal') is None and host.call('nginx.signal', 'junk') is None
    assert host.programs.calls() == []
    host.programs.answer('nginx -s', 'out\n', ' nginx: [error] no pid \n', 1)
    assert host.job('nginx.signal', 'reload') == ('nginx: [error] no pid', 1)


def test_the_page_of_the_server(host, monkeypatch):
    asked = []

    def fetch(url, settings):
        asked.append(url)
        if 'gone' in url:
            raise FileClientError('Error: HTTP 404: Not Found reading /gone')
        return [b'<html>'] if 'other' in url else [PAGE[:9], PAGE[9:]]
    monkeypatch.setattr(webfetch, 'fetch', fetch)
    assert host.call('nginx.status') == {
        'active connections': 7, 'accepted': 16630948, 'handled': 16630946, 'requests': 31070465,
        'reading': 6, 'writing': 179, 'waiting': 106}
    assert host.job('nginx.status', 'http://h/other') == (None, 0)
    assert host.job('nginx.status', 'http://h/gone') == ('ERROR: Error: HTTP 404: Not Found reading /gone', 1)
    assert asked == ['http://127.0.0.1/status', 'http://h/other', 'http://h/gone']


def test_an_address_of_another_kind(host):
    assert host.job('nginx.status', 'junk') == ('ERROR: Unsupported url scheme: junk', 1)
