"""What firewall-cmd prints and takes."""
from __future__ import absolute_import, division, print_function

_FORWARD = (('Source port', 'port'), ('Protocol', 'proto'), ('Destination port', 'toport'), ('Destination address', 'toaddr'))


def zones(text):
    """{line of a zone: {key: [what stands behind it, lines below it, ...]}}"""
    found, zone, key = {}, None, None
    for line in text.splitlines():
        if not line.strip():
            continue
        if not line[0].isspace():
            zone = found[line.strip()] = {}
        elif zone is not None and line.startswith('  ') and ':' in line:
            key, _, value = line.strip().partition(':')
            zone[key] = [value.strip()]
        elif zone is not None and key in zone:
            zone[key].append(line.strip())
    return found


def forwards(text):
    """A list of mappings of `port=22:proto=tcp:toport=2222:toaddr=`, one a line."""
    found = []
    for line in text.splitlines():
        parts = dict(part.partition('=')[::2] for part in line.strip().split(':', 3))
        if 'port' in parts:
            found.append(dict((name, parts.get(key, '')) for name, key in _FORWARD))
    return found


def forward(src, dest, proto, dstaddr):
    """The word of a forwarded port."""
    return 'port=%s:proto=%s:toport=%s:toaddr=%s' % (src, proto, dest, dstaddr)


def parsed_forward(text):
    """The mapping of `SOURCE:DESTINATION:PROTOCOL[:ADDRESS]`.  :raises ValueError: it is no such text."""
    parts = str(text).split(':', 3)
    if len(parts) < 3:
        raise ValueError('%s is no SOURCE:DESTINATION:PROTOCOL[:ADDRESS]' % (text,))
    src, dest, proto = parts[:3]
    return {'Source port': src, 'Destination port': dest, 'Protocol': proto,
            'Destination address': parts[3] if len(parts) > 3 else ''}
