"""The file /etc/hosts (hosts.*), or what the setting `hosts.file` names."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.helpers import etcfile, tool


def _path():
    return __opts__.get('hosts.file') or '/etc/hosts'


def _parsed(line):
    """(address, list of names, comment), None for lines without an address."""
    words, _, comment = line.partition('#')
    words = words.split()
    return (words[0], words[1:], comment.strip()) if words else None


def _lines():
    return etcfile.lines(_path(), missing=True)


def _line(ip, names, comment):
    text = etcfile.one_line(line='%s\t\t%s' % (ip, ' '.join(names)), comment=comment)
    return text['line'] + ('\t\t# %s' % text['comment'] if comment else '') + '\n'


def list_hosts():
    """Mapping of addresses to their `aliases` and comment; lines of comment under names of their own. CLI: hosts.list_hosts"""
    found, comments = {}, 0
    for line in _lines():
        parsed = _parsed(line)
        if parsed is None:
            if line.strip():
                found['comment-%d' % comments] = [line.strip()]
                comments += 1
            continue
        ip, names, comment = parsed
        entry = found.setdefault(ip, {'aliases': []})
        entry['aliases'] += names
        if comment:
            entry['comment'] = comment
    return found


def get_ip(host):
    """The address of a name, '' if there is none. CLI: hosts.get_ip localhost"""
    return next((parsed[0] for parsed in map(_parsed, _lines()) if parsed and host in parsed[1]), '')


def get_alias(ip):
    """The names of an address. CLI: hosts.get_alias 127.0.0.1"""
    return list_hosts().get(ip, {}).get('aliases', [])


def has_pair(ip, alias):
    """True if an address has a name, or all of a list of names. CLI: hosts.has_pair 127.0.0.1 localhost"""
    names = get_alias(ip)
    return all(name in names for name in (alias if isinstance(alias, list) else [alias]))


def set_host(ip, alias, comment=None):
    """Let these names, a text, be all of an address ('': remove it); False without a file. CLI: hosts.set_host 10.0.0.1 a"""
    if not os.path.isfile(_path()):
        return False
    if not compat.is_text(alias):
        raise TypeError('can only concatenate str (not "%s") to str' % type(alias).__name__)
    names = alias.split()
    return _replace(ip, lambda old: (names, comment))


def _replace(ip, change):
    """Make one line of all lines of an address; True.

    :param change: called as change((names, comment)), None for an address that is not there; gives the same.
    """
    found = [parsed for parsed in map(_parsed, _lines()) if parsed and parsed[0] == ip]
    old = None
    if found:
        old = [name for parsed in found for name in parsed[1]], next((one[2] for one in found if one[2]), None)
    names, comment = change(old)
    fresh = [_line(ip, names, comment)] if names else []
    lines, put = [], False
    for line in _lines():
        parsed = _parsed(line)
        if parsed is None or parsed[0] != ip:
            lines.append(line if line.endswith('\n') else line + '\n')
        elif not put:
            lines, put = lines + fresh, True
    etcfile.rewrite(_path(), ''.join(lines if put else lines + fresh))
    return True


def add_host(ip, alias):
    """Add a name to an address; True. CLI: hosts.add_host 10.0.0.1 name"""
    if has_pair(ip, alias):
        return True
    return _replace(ip, lambda old: ((old[0] if old else []) + tool.words([alias]), old and old[1]))


def rm_host(ip, alias):
    """Take a name from an address, which goes with its last name; True. CLI: hosts.rm_host 10.0.0.1 name"""
    if not has_pair(ip, alias):
        return True
    return _replace(ip, lambda old: ([name for name in old[0] if name != alias], old[1]))


def set_comment(ip, comment):
    """Put a comment behind an address; True, False if it is not there. CLI: hosts.set_comment 10.0.0.1 'the gateway'"""
    if ip not in list_hosts():
        return False
    return _replace(ip, lambda old: (old[0], comment))
