"""Filters and tests that Salt adds to Jinja. Nothing here needs Jinja2 itself, but for its errors."""
from __future__ import absolute_import, division, print_function

import base64
import collections
import datetime
import hashlib
import json
import os
import uuid

from minion import compat
from minion.helpers import addresses, cidr, environment, jinjadata, jinjahost, jinjasets, jinjatext
from minion.helpers.rendererror import SaltRenderError

_NAMESPACE = uuid.UUID('91633ebf-1c86-5e33-935a-28061f4b480e')      # of all names that templates for Salt make


def fill(room):
    """Put filters, tests and globals into a Jinja environment."""
    for table in (FILTERS, jinjasets.FILTERS, jinjatext.FILTERS, jinjadata.FILTERS, jinjahost.FILTERS):
        room.filters.update(table)
    room.tests.update({'match': jinjatext.test_match, 'equalto': lambda one, other: one == other})
    room.globals.update({'odict': collections.OrderedDict, 'raise': _raise})


def _raise(message):
    raise SaltRenderError(compat.to_native(compat.shown(message)))


# ---- serialised

_dumpers = []                                    # the class, made when first needed


def _dump(value, **style):
    """YAML: what SLS files say in its order, other mappings by their keys."""
    yaml = compat.import_yaml()
    if not _dumpers:
        _dumpers.append(type('Dumper', (yaml.SafeDumper,), {}))
        _dumpers[0].add_representer(collections.OrderedDict, lambda dumper, data: dumper.represent_mapping(
            u'tag:yaml.org,2002:map', list(data.items())))
    return yaml.dump(jinjadata.defined(value), Dumper=_dumpers[0], width=1 << 30, allow_unicode=True, **style)


def to_yaml(value, flow_style=True):
    text = _dump(value, default_flow_style=flow_style)
    text = text[:-len('\n...\n')] if text.endswith('\n...\n') else text
    return compat.to_text(text).strip()


def to_json(value, sort_keys=True, indent=None):
    separators = (',', ': ') if indent else None
    return compat.to_text(json.dumps(jinjadata.defined(value), sort_keys=sort_keys, indent=indent, separators=separators,
                                     ensure_ascii=False)).strip()


def tojson(value, indent=None, **options):
    """JSON that may stand in HTML."""
    import jinja2.utils
    options.setdefault('sort_keys', compat.PY2 and not isinstance(value, collections.OrderedDict))    # have no order
    text = compat.to_text(json.dumps(jinjadata.defined(value), indent=indent, **options))
    for char in u'<>&\'':
        text = text.replace(char, u'\\u%04x' % ord(char))
    return getattr(jinja2.utils, 'markupsafe', jinja2.utils).Markup(text)


def _text(value):
    """The text of a value, or of an imported template."""
    return compat.to_text(value) if isinstance(value, (bytes, type(u''))) else type(u'')(value)


def _wrong(text):
    from jinja2 import TemplateRuntimeError
    return TemplateRuntimeError(compat.to_text(text))


def load_yaml(value):
    yaml = compat.import_yaml()
    try:
        return yaml.load(_text(value), Loader=_loader_class(yaml))
    except yaml.YAMLError as exc:
        raise _wrong('Encountered error loading yaml: %s' % exc)


def _loader_class(yaml):
    return getattr(yaml, 'CSafeLoader', yaml.SafeLoader)


def load_json(value):
    try:
        return json.loads(_text(value))
    except ValueError:
        raise _wrong(u'Unable to load json from %s' % _text(value))


def _quoted(value, style):
    return compat.to_text(_dump(compat.to_text(value), default_style=style)).strip()


def yaml_encode(value):
    if isinstance(value, (list, tuple, dict)):
        raise TypeError('yaml_encode requires a scalar value')
    return _quoted(value, '"') if compat.is_text(value) else to_yaml(value)


# ---- bytes and digests

def _digest(kind):
    return lambda value: compat.to_text(hashlib.new(kind, compat.to_bytes(value)).hexdigest())


def base64_encode(value):
    return compat.to_text(base64.b64encode(compat.to_bytes(value)))


def base64_decode(value):
    return compat.to_text(base64.b64decode(compat.to_bytes(value)))


def to_uuid(value):
    return compat.to_text(str(uuid.uuid5(_NAMESPACE, compat.to_native(compat.shown(value)))))


# ---- time, paths

def strftime(value=None, form='%Y-%m-%d'):
    """A date as text: a number of seconds, a text of one or YYYY-MM-DD[ HH:MM[:SS]], a date; nothing means now."""
    return compat.to_text(_moment(value).strftime(compat.to_native(form)))


def _moment(value):
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value
    if value in (None, ''):
        return datetime.datetime.now()
    try:
        return datetime.datetime.fromtimestamp(float(value))
    except ValueError:
        pass                                     # a written date
    for form in ('%Y-%m-%d', '%Y-%m-%d %H:%M', '%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S', '%Y/%m/%d', '%d %b %Y'):
        try:
            return datetime.datetime.strptime(compat.to_native(value), form)
        except ValueError:
            continue
    raise ValueError('%r is not a date' % (value,))


def path_join(*parts, **kwargs):
    for part in parts:
        if not compat.is_text(part):
            raise TypeError("expected str, bytes, or bytearray not <class '%s'>" % type(part).__name__)
    return os.path.normpath(os.path.join(parts[0], *[part.lstrip('/') for part in parts[1:]]))


# ---- networks

def _is(version):
    return lambda value, options=None: bool(_with_version(value, version))


def _with_version(value, version):
    try:
        found = addresses.network(value)[0] if '/' in value else addresses.parse(value)[0]
    except (ValueError, TypeError):
        return None
    return value if version in (None, found) else None


def _addresses(version):
    def chosen(value, options=None):
        if isinstance(value, (list, tuple)):
            return [one for one in value if _with_version(one, version) is not None]
        return _with_version(value, version)
    return chosen


def network_hosts(value, options=None):
    """The addresses of hosts in a network, None if it is none.  :raises ValueError: it has more than 65 536."""
    count = network_size(value)
    if count is None:
        return None
    version, first, _ = addresses.network(value)
    if count > 1 << 16:
        raise ValueError('%s has too many addresses to list them' % value)
    inside = range(first, first + count) if count <= 2 else range(first + 1, first + count - 1)
    return [cidr.address_text(version, number) for number in inside]


def network_size(value, options=None):
    try:
        version, _, prefix = addresses.network(value)
    except ValueError:
        return None
    return 1 << (cidr.BITS[version] - prefix)


FILTERS = {
    'yaml': to_yaml, 'json': to_json, 'tojson': tojson, 'load_yaml': load_yaml, 'load_json': load_json, 'load_text': _text,
    'yaml_dquote': lambda value: _quoted(value, '"'), 'yaml_squote': lambda value: _quoted(value, "'"),
    'yaml_encode': yaml_encode, 'md5': _digest('md5'), 'sha1': _digest('sha1'), 'sha256': _digest('sha256'),
    'sha512': _digest('sha512'), 'base64_encode': base64_encode, 'base64_decode': base64_decode, 'uuid': to_uuid,
    'strftime': strftime, 'date_format': strftime, 'path_join': path_join, 'which': environment.which,
    'is_ip': _is(None), 'is_ipv4': _is(4), 'is_ipv6': _is(6), 'ipaddr': _addresses(None), 'ipv4': _addresses(4),
    'ipv6': _addresses(6), 'network_hosts': network_hosts, 'network_size': network_size,
}
