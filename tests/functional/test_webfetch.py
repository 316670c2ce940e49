"""Files from web servers on loopback: what arrives whole, what does not, and certificates that nobody vouches for."""
from __future__ import absolute_import, division, print_function

import base64
import os
import socket
import ssl
import threading

import pytest

from minion import compat, errors, fileclient

PEM = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'data', 'tls', 'self-signed.pem')

if compat.PY2:
    from BaseHTTPServer import BaseHTTPRequestHandler, HTTPServer
else:
    from http.server import BaseHTTPRequestHandler, HTTPServer


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append((self.path, self.headers.get('Authorization')))
        if self.path == '/moved':
            self.send_response(302)
            self.send_header('Location', self.server.elsewhere)
            self.end_headers()
        elif self.path == '/missing':
            self.send_error(404, 'Not here')
        else:
            self.send_response(200)
            self.send_header('Content-Length', '11' if self.path == '/short' else '5')
            self.end_headers()
            self.wfile.write(b'hello')

    def log_message(self, *words):
        """Not to standard error."""


class Web(object):
    def __init__(self, tls=False):
        self.server = HTTPServer(('127.0.0.1', 0), Answers)
        self.server.seen, self.server.elsewhere = [], 'file:///etc/hostname'
        if tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(PEM)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.seen = self.server.seen
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={'poll_interval': 0.02})

    def url(self, path, user='', host='127.0.0.1', scheme='http'):
        return '%s://%s%s:%d%s' % (scheme, user, host, self.server.server_address[1], path)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self._thread.join(5)
        self.server.server_close()


@pytest.fixture
def client(tmpdir, monkeypatch):
    for name in ('http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'):
        monkeypatch.delenv(name, raising=False)
    return fileclient.FileClient({'cachedir': str(tmpdir.join('cache')), 'hash_type': 'sha256'}, None)


@pytest.fixture
def web():
    with Web() as server:
        yield server


def content(path):
    with open(path, 'rb') as stream:
        return stream.read()


def test_into_the_cache_and_elsewhere(client, web, tmpdir):
    path = client.cache_file(web.url('/a/b?x=1'))
    assert path.startswith(str(tmpdir.join('cache', 'extrn_files', 'base', '127.0.0.1'))) and path.endswith('/a/b-x=1')
    assert content(path) == b'hello' and client.is_cached(web.url('/a/b?x=1')) == path
    assert client.get_url(web.url('/c'), str(tmpdir) + '/') == str(tmpdir.join('c'))
    assert client.get_url(web.url('/c'), str(tmpdir.join('no', 'x'))) == ''
    assert client.get_url(web.url('/c'), None, no_cache=True) == b'hello'


def test_a_known_digest_spares_the_way(client, web):
    path = client.cache_file(web.url('/x'))
    known = 'sha256=2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
    assert client.cache_file(web.url('/x'), source_hash=known) == path and len(web.seen) == 1
    assert client.cache_file(web.url('/x'), source_hash='sha256=' + 'f' * 64) == path and len(web.seen) == 2


@pytest.mark.parametrize('path, text', [
    ('/missing', 'Error: HTTP 404: Not here reading /missing'),
    ('/short', 'Error: the connection ended after 5 of 11 bytes reading /short')])
def test_what_fails_leaves_the_old_file(client, web, tmpdir, path, text):
    tmpdir.join('out').write('precious')
    with pytest.raises(errors.FileClientError) as caught:
        client.get_url(web.url(path), str(tmpdir.join('out')))
    assert str(caught.value) == text
    assert tmpdir.join('out').read() == 'precious' and tmpdir.listdir() == [tmpdir.join('out')]


def test_a_redirection_leads_to_no_file_of_this_host(client, web, tmpdir):
    with pytest.raises(errors.FileClientError):
        client.get_url(web.url('/moved'), str(tmpdir.join('out')))
    assert not tmpdir.join('out').check()


def test_user_and_password_go_to_their_host_only(client, web, tmpdir):
    with Web() as other:
        web.server.elsewhere = other.url('/there')
        assert client.get_url(web.url('/moved', 'us%65r:s3cret@'), str(tmpdir.join('out')))
        assert web.seen == [('/moved', 'Basic ' + compat.to_native(base64.b64encode(b'user:s3cret')))]
        assert other.seen == [('/there', None)]
    with pytest.raises(errors.FileClientError) as caught:
        client.get_url(web.url('/missing', 'user:s3cret@'), str(tmpdir.join('out')))
    assert 's3cret' not in str(caught.value)


def test_cve_2020_28972_a_certificate_that_nobody_vouches_for_is_refused(client, tmpdir):
    with Web(tls=True) as web:
        url = web.url('/x', host='localhost', scheme='https')
        with pytest.raises(errors.FileClientError) as caught:
            client.get_url(url, str(tmpdir.join('out')))
        assert 'CERTIFICATE_VERIFY_FAILED' in str(caught.value) and not tmpdir.join('out').check()
        assert web.seen == []
        assert client.get_url(url, str(tmpdir.join('out')), verify_ssl=False)
        tmpdir.join('out').remove()
        client.opts['ca_bundle'] = PEM
        assert client.get_url(url, str(tmpdir.join('out')))


def test_a_certificate_of_another_name_is_refused(client, tmpdir, monkeypatch):
    asked = socket.getaddrinfo
    monkeypatch.setattr(socket, 'getaddrinfo', lambda host, *rest: asked('127.0.0.1', *rest))
    with Web(tls=True) as web:
        client.opts['ca_bundle'] = PEM                   # it is the right one, but names localhost only
        with pytest.raises(errors.FileClientError) as caught:
            client.get_url(web.url('/x', host='other.example', scheme='https'), str(tmpdir.join('out')))
        assert 'other.example' in str(caught.value) and str(caught.value).endswith(' reading /x')
        assert web.seen == [] and not tmpdir.join('out').check()
