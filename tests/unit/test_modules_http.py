"""http.*: requests to a server on loopback; what is decoded; certificates."""
from __future__ import absolute_import, division, print_function

import json
import os
import ssl
import threading

import pytest

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import webquery
from minion.loader import Loader

try:
    import socketserver
    from http.server import BaseHTTPRequestHandler, HTTPServer
except ImportError:                                        # Python 2
    import SocketServer as socketserver
    from BaseHTTPServer import BaseHTTPRequestHandler, HTTPServer

CERTIFICATE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'data', 'tls', 'localhost.pem')
PAGES = {
    '/': ('text/plain', b'hello'),
    '/json': ('application/json', b'{"a": [1, 2]}'),
    '/yaml': ('text/yaml', b'a: [1, 2]'),
    '/xml': ('application/xml', b'<r xmlns="urn:x"><a><b>1</b><b>2</b><c/></a><a>z</a><d><e>5</e></d></r>'),
    '/bomb': ('text/xml', b'<!DOCTYPE r [<!ENTITY a "x">]><r><a>&a;</a></r>'),
    '/badjson': ('application/json', b'{"a": '),
    '/badxml': ('text/xml', b'<r><a>'),
    '/badyaml': ('text/yaml', b'a: ['),
    '/latin': ('text/plain', b'h\xe4'),
}


class Handler(BaseHTTPRequestHandler):
    """Answers from PAGES; /codeN with that status; /echo with what came; /slow when the test is over."""
    go_on, timeout = None, 1.0                             # strangers that connect to the port do not hold it up

    def answer(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        path, code = self.path.split('?')[0], 200
        kind, data = PAGES.get(path, ('text/plain', b'code body'))
        if path == '/slow':
            self.go_on.wait(30)
        elif path == '/echo':
            kind, seen = 'application/json', dict((name.title(), value) for name, value in self.headers.items())
            data = json.dumps({'method': self.command, 'headers': seen, 'body': body.decode('latin-1'),
                               'path': self.path}).encode('ascii')
        elif path.startswith('/code'):
            code = int(path[5:])
        elif path == '/elsewhere':
            code = 302
        self.send_response(code)
        self.send_header('Location', '/echo')
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

    def log_message(self, *arguments):
        pass


class Server(HTTPServer):
    def server_bind(self):
        socketserver.TCPServer.server_bind(self)           # HTTPServer's would ask the resolver for our name


def serve(tls):
    server = Server(('127.0.0.1', 0), Handler)
    if tls:
        context = ssl.SSLContext(getattr(ssl, 'PROTOCOL_TLS_SERVER', ssl.PROTOCOL_SSLv23))
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda request, address: None    # a client that leaves because of the certificate
    Handler.go_on = threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        Handler.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site():
    for port in serve(False):
        yield 'http://127.0.0.1:%d' % port


@pytest.fixture
def tls_port():
    for port in serve(True):
        yield port


@pytest.fixture
def call(monkeypatch):
    for name in ('http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'):
        monkeypatch.delenv(name, raising=False)
    loader = Loader({'id': 'ref1', 'http_request_timeout': 20})
    return lambda name, *args, **kwargs: loader.functions['http.' + name](*args, **kwargs)


@pytest.mark.parametrize('path, keywords, expected', [
    ('/', {}, {'body': 'hello'}),
    ('/', {'text': True, 'status': True}, {'body': 'hello', 'text': 'hello', 'status': 200}),
    ('/', {'decode': True}, {'body': 'hello', 'text': 'hello'}),
    ('/', {'decode_body': False}, {'body': b'hello'}),
    ('/', {'test': True}, {}),
    ('/', {'decode': True, 'decode_type': 'foo'}, {
        'body': 'hello', 'error': "Invalid decode_type specified. Valid decode types are: ('json', 'xml', 'yaml', 'plain')"}),
    ('/json', {'decode': True}, {'body': '{"a": [1, 2]}', 'dict': {'a': [1, 2]}}),
    ('/json', {'decode': True, 'decode_type': 'yaml'}, {'body': '{"a": [1, 2]}', 'dict': {'a': [1, 2]}}),
    ('/yaml', {'decode': True}, {'body': 'a: [1, 2]', 'dict': {'a': [1, 2]}}),
    ('/xml', {'decode': True}, {'body': PAGES['/xml'][1].decode('ascii'),
                                'dict': [{'b': ['1', {'b': '2'}], 'c': None}, {'a': 'z'}, {'e': '5'}]}),
    ('/code404', {}, {'status': 404, 'error': 'HTTP 404: Not Found', 'body': 'code body'}),
    ('/code500', {'raise_error': False, 'status': True}, {'body': 'code body', 'status': 500}),
    ('/code404', {'raise_error': False, 'text': True}, {'body': 'code body', 'text': 'code body'}),
    ('/', {'method': 'HEAD'}, {'body': ''}),
])
def test_answers(call, site, path, keywords, expected):
    assert call('query', site + path, **keywords) == expected


@pytest.mark.parametrize('path', ['/badjson', '/badxml', '/badyaml', '/bomb'])
def test_what_cannot_be_decoded(call, site, path):
    with pytest.raises(CommandExecutionError):
        call('query', site + path, decode=True)


def test_what_is_no_text(call, site):
    with pytest.raises(CommandExecutionError):
        call('query', site + '/latin')
    assert call('query', site + '/latin', decode_body=False) == {'body': b'h\xe4'}


def echoed(call, url, **keywords):
    return call('query', url, decode=True, **keywords)['dict']


def test_requests(call, site, tmpdir):
    tmpdir.join('data').write('from a file')
    tmpdir.join('headers').write('X-F: g\n')
    url = site + '/echo'
    seen = echoed(call, url)
    assert (seen['method'], seen['path'], seen['headers']['User-Agent']) == ('GET', '/echo', webquery.AGENT)
    seen = echoed(call, url, method='POST', data={'a': 1, 'b': 'x y'}, header_dict={'X-A': 'b'},
                  header_list=['X-C: d:e'], header_file=str(tmpdir.join('headers')), agent='mine')
    assert (seen['method'], seen['body']) == ('POST', 'a=1&b=x+y')
    assert [seen['headers'][name] for name in ('X-A', 'X-C', 'X-F', 'User-Agent')] == ['b', 'd:e', 'g', 'mine']
    assert echoed(call, url + '?z=1', params={'a': 1, 'b': 'x y'})['path'] == '/echo?z=1&a=1&b=x+y'
    assert echoed(call, url, method='PUT', data_file=str(tmpdir.join('data')))['body'] == 'from a file'
    assert echoed(call, url, username='u', password='p')['headers']['Authorization'] == 'Basic dTpw'
    assert echoed(call, url.replace('//', '//u:p@'))['headers']['Authorization'] == 'Basic dTpw'


def test_secrets_are_not_sent_where_it_redirects_to(call, site):
    seen = echoed(call, site + '/elsewhere', username='u', password='p', header_dict={'X-Token': 't'})
    assert seen['path'] == '/echo' and not set(['Authorization', 'X-Token']) & set(seen['headers'])


def test_headers_and_files(call, site, tmpdir):
    names = dict((name, str(tmpdir.join(name))) for name in ('text_out', 'headers_out', 'decode_out'))
    found = call('query', site + '/json', decode=True, headers=True, **names)
    assert found['headers']['Content-Type'] == 'application/json'
    assert tmpdir.join('text_out').read() == tmpdir.join('decode_out').read() == '{"a": [1, 2]}'
    assert 'Content-Type: application/json\n' in tmpdir.join('headers_out').read()


def test_no_answer(call, site):
    assert call('query', site + '/slow', timeout=0.2) == {'status': 599, 'error': 'Timeout during request'}
    Handler.go_on.set()
    port = site.rpartition(':')[2]
    assert 'error' in call('query', 'https://127.0.0.1:' + port) and call('query', site) == {'body': 'hello'}


@pytest.mark.parametrize('url, text', [('foo', 'Unsupported url scheme: foo'),
                                       ('file:///etc/passwd', 'Unsupported url scheme: file:///etc/passwd'),
                                       (5, "'int' object has no attribute 'decode'")])
def test_addresses_that_are_not_asked(call, url, text):
    with pytest.raises(CommandExecutionError) as caught:
        call('query', url)
    assert str(caught.value) == text


def test_arguments_that_make_no_sense(call, site):
    for keywords in ({'header_list': 5}, {'data': 5}, {'data_file': '/no/such/file'}, {'cert': '/no/such/file'},
                     {'text_out': '/no/such/folder/file'}):
        with pytest.raises(CommandExecutionError):
            call('query', site, **keywords)


def test_waiting_for_success(call, site, monkeypatch):
    assert call('wait_for_successful_query', site) == {'body': 'hello'}
    now, tries = [0.0], []
    monkeypatch.setattr('minion.compat.monotonic', lambda: now[0])
    monkeypatch.setattr('time.sleep', lambda seconds: now.__setitem__(0, now[0] + seconds))

    def fail(request, settings):
        tries.append(request.timeout)
        return webquery.Answer(None, {}, None, 'refused')
    monkeypatch.setattr(webquery, 'send', fail)
    assert call('wait_for_successful_query', 'http://x', wait_for=5) == {'error': 'refused'}
    assert tries == [5.0, 4.0, 3.0, 2.0, 1.0]


# ---- certificates

def test_cve_2020_28972_a_self_signed_certificate_is_refused_unless_it_is_trusted(call, tls_port):
    url = 'https://localhost:%d/' % tls_port
    assert 'CERTIFICATE_VERIFY_FAILED' in call('query', url)['error']
    assert call('query', url, ca_bundle=CERTIFICATE) == {'body': 'hello'}
    assert call('query', url, verify_ssl=False) == {'body': 'hello'}


def test_cve_2020_28972_a_trusted_certificate_of_another_host_is_refused(call, tls_port):
    found = call('query', 'https://127.0.0.1:%d/' % tls_port, ca_bundle=CERTIFICATE)
    assert sorted(found) == ['error'] and '127.0.0.1' in found['error']


# ---- the bundle

def test_the_bundle_is_replaced_as_a_whole_or_not_at_all(call, site, tmpdir, monkeypatch):
    with open(CERTIFICATE, 'rb') as stream:
        data = stream.read()
    monkeypatch.setitem(PAGES, '/ca.pem', ('text/plain', data))
    bundle, more = tmpdir.join('bundle'), tmpdir.join('more')
    bundle.write('old')
    more.write('ours')
    assert call('update_ca_bundle', str(bundle), site + '/') is None and bundle.read() == 'old'
    assert call('update_ca_bundle', str(bundle), site + '/code404') is None and bundle.read() == 'old'
    assert call('update_ca_bundle', str(bundle), site + '/ca.pem', str(more)) is None
    assert bundle.read() == compat.to_native(data) + '\nours'
