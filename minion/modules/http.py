"""Requests to web servers (http.*). Certificates are verified unless verify_ssl=False is given or set."""
from __future__ import absolute_import, division, print_function

import logging
import os
import time

from minion import compat, files
from minion.errors import CommandExecutionError, FileClientError
from minion.helpers import webfetch, webquery

log = logging.getLogger(__name__)

_BUNDLES = ('/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/ca-bundle.pem',
            '/etc/ssl/cert.pem')
_SOURCE = 'https://curl.se/ca/cacert.pem'
_PAUSE = 1.0                              # seconds between two tries of wait_for_successful_query


def query(url, **kwargs):
    """Ask a web server and return a mapping: body, and error and status if it failed.

    method: default GET. params: mapping for behind the `?`. data: text, or mapping that is sent as a form; data_file: a
    file to send. header_dict, header_list (texts `Name: value`), header_file: headers. username, password.
    agent: User-Agent. cookies: keep those of redirects.
    status, headers, text: True to have these in the mapping, too. decode: True to have the answer as `dict`;
    decode_type: json, xml, yaml, plain, or auto (default), by its Content-Type. decode_body: False leaves it as bytes.
    text_out, decode_out, headers_out: files to write these to. raise_error: False: a status of 400 or more is no error.
    verify_ssl: False takes any certificate; ca_bundle: file of trusted ones; cert: our own, a file or [file, key].
    timeout: seconds, default http_request_timeout of the settings. test, test_url: ask nothing, or that address.

    CLI: http.query http://example.com/api method=POST params='{a: 1}' decode=True
    """
    if kwargs.get('test'):
        return dict(query(kwargs['test_url'], **dict(kwargs, test=None)), test=True) if kwargs.get('test_url') else {}
    if not compat.is_text(url):
        raise CommandExecutionError("'%s' object has no attribute 'decode'" % type(url).__name__)
    answer = webquery.send(_request(url, kwargs), __opts__)
    return _shown(answer, kwargs)


def _request(url, given):
    headers, data = _headers(given), _data(given)
    params = given.get('params')
    if params:
        url += ('&' if '?' in url else '?') + (params if compat.is_text(params) else _encoded(params))
    if not any(name.lower() == 'user-agent' for name, _ in headers) or given.get('agent'):
        headers = [pair for pair in headers if pair[0].lower() != 'user-agent']
        headers.append(('User-Agent', given.get('agent') or webquery.AGENT))
    return webquery.Request(
        url, str(given.get('method') or 'GET'), data, headers, given.get('username'), given.get('password'),
        given.get('verify_ssl'), given.get('ca_bundle'), given.get('cert'), _timeout(given), given.get('cookies'))


def _encoded(pairs):
    return compat.import_urlencode()(sorted(pairs.items()) if isinstance(pairs, dict) else pairs)


def _timeout(given):
    opts = given.get('opts') if isinstance(given.get('opts'), dict) else {}
    return float(given.get('timeout') or opts.get('http_request_timeout') or __opts__.get('http_request_timeout') or 3600)


def _headers(given):
    """List of (name, value)."""
    found = [(str(name), str(value)) for name, value in (given.get('header_dict') or {}).items()]
    lines = given.get('header_list') or []
    if not isinstance(lines, (list, tuple)):
        raise CommandExecutionError("'%s' object is not iterable" % type(lines).__name__)
    if given.get('header_file'):
        lines = list(lines) + compat.to_native(_content(given['header_file'])).splitlines()
    pairs = [str(line).partition(':') for line in lines if ':' in str(line)]
    return found + [(name.strip(), value.strip()) for name, _, value in pairs]


def _data(given):
    if given.get('data_file'):
        return _content(given['data_file'])
    data = given.get('data')
    if data is None or data == '':
        return None
    if isinstance(data, dict):
        data = _encoded(data)
    if not isinstance(data, compat.string_types):
        raise CommandExecutionError("Expected bytes, unicode, or None; got <class '%s'>" % type(data).__name__)
    return compat.to_bytes(data)


def _content(path):
    path = __salt__['cp.cache_file'](path) if '://' in path else path
    try:
        data = files.read(path, limit=256 << 20) if path else None
    except EnvironmentError as exc:
        raise CommandExecutionError('%s: %s' % (path, exc.strerror))
    if data is None:
        raise CommandExecutionError('%s: there is no such file' % path)
    return data


def _shown(answer, given):
    """The mapping that query() returns."""
    failed = answer.error and (answer.body is None or given.get('raise_error', True))
    found = {'error': answer.error} if failed else {}
    if answer.status is not None and (failed or given.get('status')):
        found['status'] = answer.status
    if answer.body is None:
        return found
    body = answer.body
    if given.get('decode_body', True):
        try:
            body = compat.to_native(compat.to_text(body))
        except UnicodeError as exc:
            raise CommandExecutionError(str(exc))
    found['body'] = body
    if failed:
        return found
    for name, value in (('headers', answer.headers), ('text', body)):
        if given.get(name):
            found[name] = value
    _write(given.get('headers_out'), compat.to_bytes(_lines(answer.headers)))
    _write(given.get('text_out'), compat.to_bytes(body))
    if given.get('decode'):
        kind = next((value for name, value in answer.headers.items() if name.lower() == 'content-type'), '')
        found.update(webquery.decoded(body, given.get('decode_type', 'auto'), kind))
        _write(given.get('decode_out'), compat.to_bytes(body))
    return found


def _lines(headers):
    return ''.join('%s: %s\n' % pair for pair in sorted(headers.items()))


def _write(path, data):
    if path:
        try:
            files.write(str(path), data, 0o600)
        except EnvironmentError as exc:
            raise CommandExecutionError('%s: %s' % (path, exc.strerror))


def wait_for_successful_query(url, wait_for=300, **kwargs):
    """http.query again and again until it brings no error, for `wait_for` seconds at most; what came last.

    CLI: http.wait_for_successful_query http://example.com wait_for=160
    """
    deadline = compat.monotonic() + float(wait_for)
    while True:
        left = deadline - compat.monotonic()
        found = query(url, **dict({'timeout': max(1.0, left)}, **kwargs))
        if 'error' not in found or deadline - compat.monotonic() <= _PAUSE:
            return found
        time.sleep(_PAUSE)


def update_ca_bundle(target=None, source=None, merge_files=None):
    """Replace the file of trusted certificates by that at the address `source`, with those of merge_files behind them.

    target: default the setting ca_bundle, or the system's. CLI: http.update_ca_bundle target=/path/to/cacerts.pem
    """
    target = target or __opts__.get('ca_bundle') or next((path for path in _BUNDLES if os.path.exists(path)), None)
    if target is None:
        log.error('update_ca_bundle: this system has no known file of certificates; name one with target=')
        return
    source = source or __opts__.get('ca_bundle_url') or _SOURCE
    merged = [merge_files] if compat.is_text(merge_files) else merge_files or []
    try:
        data = b''.join(webfetch.fetch(source, __opts__))
        if b'-----BEGIN CERTIFICATE-----' not in data:
            raise FileClientError('%s holds no certificate' % source)
        files.write(os.path.realpath(target), b'\n'.join([data] + [_content(path) for path in merged]), 0o644)
    except (FileClientError, CommandExecutionError, EnvironmentError, ValueError) as exc:
        log.error('update_ca_bundle: %s stays as it is: %s', target, exc)
