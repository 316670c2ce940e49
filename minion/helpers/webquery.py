"""One request of any method to a web server, and its answer in the shape of http.query. TLS is verified by default."""
from __future__ import absolute_import, division, print_function

import base64
import json
import socket
import ssl
import xml.etree.ElementTree
from collections import namedtuple

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import webfetch

AGENT = 'Salt/3008.3 http.query()'
TYPES = ('json', 'xml', 'yaml', 'plain')
_LIMIT = 256 << 20                               # bytes of an answer
_PIECE = 1 << 18
_TIMED_OUT = 599                                 # the status that callers know for it

Request = namedtuple('Request', 'url method data headers username password verify bundle certificate timeout cookies')
"""`data`: bytes or None; `headers`: list of pairs; `verify`: False for any certificate; `bundle`: file of trusted
certificates; `certificate`: our own, a file or a pair of files; `timeout`: seconds for all of it."""

Answer = namedtuple('Answer', 'status headers body error')
"""`body`: bytes or None; `error`: text or None; `status` None without an answer."""


def send(wanted, settings):
    """The Answer to a Request; no answer, a wrong certificate or silence end in one with an `error`, too.

    :raises CommandExecutionError: the address or the request makes no sense.
    """
    request, error, parse = compat.import_urllib()
    asked = _request(request, parse.urlparse(wanted.url), wanted)
    deadline = compat.monotonic() + wanted.timeout
    try:
        return _read(_opener(request, wanted, settings).open(asked, timeout=wanted.timeout), deadline, None)
    except error.HTTPError as exc:
        return _read(exc, deadline, 'HTTP %d: %s' % (exc.code, exc.msg))
    except error.URLError as exc:
        return _failed(exc.reason)
    except (socket.error, ssl.SSLError, ssl.CertificateError, compat.http_error()) as exc:
        return _failed(exc)


def _failed(reason):
    if isinstance(reason, socket.timeout) or 'timed out' in str(reason):
        return Answer(_TIMED_OUT, {}, None, 'Timeout during request')
    return Answer(None, {}, None, str(reason))


def _request(request, parsed, wanted):
    if parsed.scheme not in ('http', 'https'):
        raise CommandExecutionError('Unsupported url scheme: %s' % wanted.url)
    bare = parsed._replace(netloc=parsed.netloc.rpartition('@')[2])
    asked = request.Request(compat.to_native(bare.geturl()).replace(' ', '%20'), data=wanted.data)
    asked.get_method = lambda: compat.to_native(wanted.method)
    for name, value in wanted.headers:           # not where it redirects to: there may be secrets in them
        asked.add_unredirected_header(name, value)
    name, word = wanted.username or parsed.username, wanted.password or parsed.password
    if name:
        words = compat.to_bytes('%s:%s' % (compat.to_native(name), compat.to_native(word or '')))
        asked.add_unredirected_header('Authorization', 'Basic ' + compat.to_native(base64.b64encode(words)))
    return asked


def _opener(request, wanted, settings):
    bundle = {'ca_bundle': wanted.bundle} if wanted.bundle else {}
    context = webfetch.tls(dict(settings, **bundle), wanted.verify)
    if wanted.certificate:
        pair = wanted.certificate
        try:
            context.load_cert_chain(*([pair] if compat.is_text(pair) else pair))
        except (EnvironmentError, TypeError) as exc:
            raise CommandExecutionError('The client-side certificate path that was passed is not valid: %s' % exc)
    handlers = [request.HTTPSHandler(context=context)] + webfetch.proxies(
        request, settings, compat.import_urllib()[2].urlparse(wanted.url).hostname)
    return request.build_opener(*(handlers + ([request.HTTPCookieProcessor()] if wanted.cookies else [])))


def _read(answer, deadline, error):
    try:
        parts, size = [], 0
        while True:
            piece = answer.read(_PIECE)
            if not piece:
                break
            parts.append(piece)
            size += len(piece)
            if size > _LIMIT:
                raise CommandExecutionError('the answer is longer than %d bytes' % _LIMIT)
            if compat.monotonic() > deadline:
                raise socket.timeout('timed out')
        return Answer(answer.getcode(), _headers(answer.info()), b''.join(parts), error)
    finally:
        answer.close()


def _headers(message):
    return dict(('-'.join(word.capitalize() for word in compat.to_native(name).split('-')), compat.to_native(value))
                for name, value in message.items())


# ---- reading what came

def decoded(text, kind, content_type):
    """{'dict': value}, or {'text': text} for what is plain; {'error': ...} for an unknown kind.

    :param str kind: of TYPES, or `auto`: by the header Content-Type.
    :raises CommandExecutionError: it is not what it should be.
    """
    if kind == 'auto':
        kind = next((name for name in ('json', 'xml', 'yaml') if name in (content_type or '')), 'plain')
    if kind not in TYPES:
        return {'error': "Invalid decode_type specified. Valid decode types are: ('json', 'xml', 'yaml', 'plain')"}
    if kind == 'plain':
        return {'text': text}
    try:
        return {'dict': compat.native_tree({'json': json.loads, 'xml': _from_xml,
                                            'yaml': compat.import_yaml().safe_load}[kind](text))}
    except (ValueError, compat.import_yaml().YAMLError, xml.etree.ElementTree.ParseError) as exc:
        raise CommandExecutionError(str(exc))


def _from_xml(text):
    """A list of what is below the root. Documents that define entities are refused: they can grow without bound."""
    if '<!ENTITY' in text:
        raise ValueError('XML with definitions of entities is not read')
    return [_tree(item) for item in xml.etree.ElementTree.fromstring(compat.to_bytes(text))]


def _tree(item):
    """{name: text} of an element without others in it, else a mapping of those; of one name in a list."""
    if not len(item):
        return {_bare(item): item.text}
    found = {}
    for inner in item:
        name, value = _bare(inner), _tree(inner)
        if name not in found:
            found[name] = value if len(inner) else inner.text
        else:
            found[name] = (found[name] if isinstance(found[name], list) else [found[name]]) + [value]
    return found


def _bare(item):
    return item.tag.rpartition('}')[2]
