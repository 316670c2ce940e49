"""Fetching a web address in pieces, with TLS certificates verified unless the caller says otherwise."""
from __future__ import absolute_import, division, print_function

import base64
import socket
import ssl

from minion import compat
from minion.errors import FileClientError

PIECE = 1 << 18
SILENCE = 60.0                                   # seconds without a byte, at least


def fetch(url, settings, verify=True):
    """Yield the body of an http, https or ftp address in pieces of bytes.

    :param str url: `user:password@` in it is sent as basic authentication to that host, not where it redirects to.
    :param settings: mapping with `http_connect_timeout`, `http_request_timeout`, `ca_bundle`, `proxy_host`, ...
    :param verify: False: any certificate will do.
    :raises FileClientError: it cannot be had whole; the text ends with the path, without user and password.
    """
    request, error, parse = compat.import_urllib()
    parsed = parse.urlparse(url)
    if parsed.scheme not in ('http', 'https', 'ftp'):
        raise ValueError('Unsupported url scheme: %s' % url)
    try:
        for piece in _pieces(_open(request, parsed, settings, verify), settings):
            yield piece
        return
    except error.HTTPError as exc:
        exc.close()
        reason = 'HTTP %d: %s' % (exc.code, exc.msg)
    except (error.URLError, socket.error, ssl.SSLError, ssl.CertificateError, EOFError, compat.http_error()) as exc:
        # CertificateError, a name that the certificate does not have, is a mere ValueError up to Python 3.6
        reason = getattr(exc, 'reason', None) or exc
    if parsed.scheme == 'ftp':
        raise FileClientError('Could not retrieve %s from FTP server. Exception: %s' % (_public(parsed), reason))
    raise FileClientError('Error: %s reading %s' % (reason, parsed.path))


def _open(request, parsed, settings, verify):
    bare = parsed._replace(netloc=parsed.netloc.rpartition('@')[2]) if parsed.scheme != 'ftp' else parsed
    asked = request.Request(compat.to_native(bare.geturl()), headers={'User-Agent': 'minion'})
    if parsed.username and parsed.scheme != 'ftp':
        word = '%s:%s' % (compat.import_unquote()(parsed.username),
                          compat.import_unquote()(parsed.password or ''))
        asked.add_unredirected_header('Authorization', 'Basic ' + compat.to_native(
            base64.b64encode(compat.to_bytes(word))))
    handlers = [request.HTTPSHandler(context=tls(settings, verify))] + proxies(request, settings, parsed.hostname)
    silence = max(SILENCE, float(settings.get('http_connect_timeout') or 0))
    return request.build_opener(*handlers).open(asked, timeout=silence)


def tls(settings, verify):
    """The SSLContext for what the settings trust. :param verify: False: any certificate will do; None: as `verify_ssl`."""
    bundle = settings.get('ca_bundle')
    context = ssl.create_default_context(cafile=compat.to_native(bundle) if bundle else None)
    if verify is False or verify is None and settings.get('verify_ssl') is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def proxies(request, settings, target):
    """Handlers for the proxy of the settings; none: as the environment says. :param request: module urllib.request.

    :param str target: host of the address; those that `no_proxy` names are reached without any proxy.
    """
    host, port = settings.get('proxy_host'), settings.get('proxy_port')
    if not host or not port:
        return []                                # as the environment says
    names = settings.get('no_proxy') or ()
    if target and target.lower() in [str(name).lower() for name in ([names] if compat.is_text(names) else names)]:
        return [request.ProxyHandler({})]
    name, word = settings.get('proxy_username'), settings.get('proxy_password')
    user = '%s:%s@' % (name, word) if name else ''
    address = 'http://%s%s:%s' % (user, host, port)
    return [request.ProxyHandler({'http': address, 'https': address})]


def _pieces(answer, settings):
    try:
        length = answer.info().get('Content-Length')
        deadline = compat.monotonic() + float(settings.get('http_request_timeout') or 3600.0)
        received = 0
        while True:
            piece = answer.read(PIECE)
            if not piece:
                break
            received += len(piece)
            yield piece
            if compat.monotonic() > deadline:
                raise socket.error('it takes longer than http_request_timeout')
        if length and length.isdigit() and received < int(length):
            raise EOFError('the connection ended after %d of %s bytes' % (received, length))
    finally:
        answer.close()


def _public(parsed):
    return parsed._replace(netloc=parsed.netloc.rpartition('@')[2]).geturl()
