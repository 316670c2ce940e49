"""Reading what zypper prints: its XML, its tables, its codes and its file of locks."""
from __future__ import absolute_import, division, print_function

import re
from xml.etree import ElementTree

from minion import compat
from minion.errors import CommandExecutionError

NEWS = (100, 101, 102, 103, 106, 107)
"""Codes that tell of updates, a reboot and the like, not of a failure."""
NOT_FOUND = 104


def checked(reply, allowed=()):
    """The reply of cmd.run_all to zypper, if it did not fail.

    :param allowed: further codes that are no failure.
    """
    if reply['retcode'] and reply['retcode'] not in NEWS and reply['retcode'] not in allowed:
        text = '\n'.join(errors(reply['stdout'])) or reply['stderr'] or reply['stdout'] or 'Check Zypper\'s logs.'
        raise CommandExecutionError('Zypper command failure: %s' % text.strip())
    return reply


def tree(text):
    """The root of what it prints with --xmlout, an empty element where that is none."""
    begin = text.find('<?xml')
    try:
        return ElementTree.fromstring(compat.to_bytes(text[begin:] if begin >= 0 else text))
    except ElementTree.ParseError:
        return ElementTree.Element('stream')


def errors(text):
    """Texts of the errors in it."""
    return [(one.text or '').strip() for one in tree(text).iter('message') if one.get('type') == 'error'] if '<' in text else []


def attributes(text, tag):
    """Mappings of the attributes of all elements `tag`."""
    return [dict((compat.to_native(key), compat.to_native(value)) for key, value in one.attrib.items())
            for one in tree(text).iter(tag)]


def upgrades(text):
    """{name: version} of `list-updates`."""
    return dict((one['name'], one['edition']) for one in attributes(text, 'update') if one.get('kind', 'package') == 'package')


_HEADING = re.compile(r'Information for (\S+) (\S+):')


def infos(text):
    """{name: {lower-case field: value}} of `zypper info`."""
    found, one = {}, None
    for line in text.splitlines():
        heading = _HEADING.match(line)
        key, colon, value = line.partition(':')
        if heading:
            one = found[heading.group(2)] = {}
        elif one is not None and colon and key.strip() and not line[:1].isspace():
            one[key.strip().lower()] = value.strip()
    return found


def locks(text):
    """{name: {'type': ..., 'match_type': ..., 'case_sensitive': ...}} of /etc/zypp/locks."""
    found = {}
    for block in re.split(r'\n\s*\n', '\n'.join(line for line in text.splitlines() if not line.startswith('#'))):
        one = dict((key.strip(), value.strip()) for key, _, value in (line.partition(':') for line in block.splitlines())
                   if value.strip())
        name = one.pop('solvable_name', None)
        if name:
            found[name] = one
    return found
