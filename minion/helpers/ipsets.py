"""Sets of ipset: their kinds, what the program prints of them, and which members an entry names."""
from __future__ import absolute_import, division, print_function

import shlex

from minion import compat
from minion.helpers import cidr

FAMILIES = {'ipv4': 'inet', 'ip4': 'inet', 'ipv6': 'inet6', 'ip6': 'inet6'}
FLAGS = ('counters', 'comment', 'skbinfo', 'nomatch')           # options without a value
_ALL = ('timeout', 'counters', 'comment')
_NETMASK = ('family', 'hashsize', 'maxelem', 'netmask') + _ALL + ('skbinfo',)
# kind: the options that its sets are made with
KINDS = dict.fromkeys((
    'hash:ip', 'hash:net', 'hash:net,net', 'hash:net,port', 'hash:net,port,net', 'hash:ip,port,ip', 'hash:ip,port,net',
    'hash:ip,port', 'hash:net,iface'), _NETMASK)
KINDS.update({
    'bitmap:ip': ('range', 'netmask') + _ALL + ('skbinfo',), 'bitmap:ip,mac': ('range',) + _ALL + ('skbinfo',),
    'bitmap:port': ('range',) + _ALL + ('skbinfo',), 'hash:mac': ('hashsize', 'maxelem') + _ALL + ('skbinfo',),
    'hash:ip,mark': ('family', 'markmask', 'hashsize', 'maxelem') + _ALL + ('skbinfo',), 'list:set': ('size',) + _ALL})
# what an entry may have, and what its set needs for that
NEEDS = (('timeout', 'timeout'), ('packets', 'counters'), ('bytes', 'counters'), ('comment', 'comment'),
         ('skbmark', 'skbinfo'), ('skbprio', 'skbinfo'), ('skbqueue', 'skbinfo'))
_OF_ENTRIES = ('timeout', 'packets', 'bytes', 'skbmark', 'skbprio', 'skbqueue', 'nomatch')


def options(names, given):
    """Words of the options that were given among these; a flag that is False is none."""
    found = []
    for name in names:
        if name in given and not (name in FLAGS and not given[name]):
            found += [name] if name in FLAGS else [name, given[name]]
    return found


def entry_options(kind, given):
    """Words of the options of an entry that sets of this kind take."""
    return options([name for name in _OF_ENTRIES if name != 'nomatch' or 'net' in kind or kind == 'hash:ip,port'], given)


def words(entry):
    """The words of an entry; a comment is one word, in quotation marks or not.

    >>> words('10.0.0.1 comment web server timeout 5')
    ['10.0.0.1', 'comment', 'web server', 'timeout', '5']
    """
    found = []
    for word in _split(entry):
        if len(found) > 2 and found[-2] == 'comment' and word not in _OF_ENTRIES:
            found[-1] += ' ' + word
        else:
            found.append(word)
    return found


def _split(text):
    text = compat.to_native(text)
    try:
        return [compat.to_native(word) for word in shlex.split(text)]
    except ValueError:                            # a quotation mark without another
        return text.split()


def parse(text):
    """{'Name', 'Type', 'Header', ...} of one set as `ipset list` prints it; 'Members': a list of lines, where they are."""
    found, members = {}, None
    for line in text.splitlines():
        if members is not None:
            members.append(line)
        elif line.startswith('Members:'):
            members = found['Members'] = []
        elif ':' in line:
            key, _, value = line.partition(':')
            found[key] = value[1:]
    return found


# ---- members

def names(kind, member, entry):
    """True if an entry names this member: equal parts, or a network that has an address, or the other way round.

    A range names a member that each of its parts names.  :param str kind: such as 'hash:ip,port'.
    """
    there, asked = _parts(kind, member), _parts(kind, entry)
    return len(asked) <= len(there) and all(_fits(*pair) for pair in zip(there, asked))


def _parts(kind, member):
    """The parts of a member by what they are, then its options as one text."""
    first, _, rest = member.partition(' ')
    kinds = kind.partition(':')[2].split(',')
    found = [_part(*pair) for pair in zip(kinds, first.split(','))]
    return found + ([' '.join(words('x ' + rest)[1:])] if rest else [])


def _part(kind, text):
    if kind in ('ip', 'net'):
        try:
            return _networks(text)
        except ValueError:                        # a name
            return text
    return int(text) if kind == 'port' and text.isdigit() else text.lower() if kind == 'mac' else text


def _networks(text):
    """The networks of an address, a network or a range, each (version, first number, prefix length)."""
    if '-' not in text:
        base, slash, length = text.partition('/')
        version, number = cidr.parse_address(base)
        prefix = cidr.parse_prefix(length, version) if slash else cidr.BITS[version]
        return [(version, number & cidr.mask(version, prefix), prefix)]
    (version, first), (other, last) = [cidr.parse_address(part) for part in text.split('-')]
    if version != other or first > last:
        raise ValueError('not a range')
    return list(_summarised(version, first, last))


def _summarised(version, first, last):
    while first <= last:
        free = 0                                  # bits of the largest network that begins here and ends in time
        while free < cidr.BITS[version] and not first >> free & 1 and first + (2 << free) - 1 <= last:
            free += 1
        yield version, first, cidr.BITS[version] - free
        first += 1 << free


def _fits(there, asked):
    if isinstance(there, list) and isinstance(asked, list):
        return all(any(_has(one, other) for one in there) for other in asked)
    return there == asked


def _has(there, asked):
    """Equal, or one of them is an address within the other."""
    if there == asked:
        return True
    bits = cidr.BITS[there[0]]
    if there[2] == bits and asked[2] < bits:
        return cidr.contains(asked, there[:2])
    return asked[2] == bits and there[2] < bits and cidr.contains(there, asked[:2])
