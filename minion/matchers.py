"""Is a publication meant for this minion? Pure functions: (kind of target, target, view of the minion) to bool.

Whatever the target, nothing is raised: what the reference answers with an exception is simply not for us.
Source of all answers: tests/data/parity/targeting.json (3008.3).
"""
from __future__ import absolute_import, division, print_function

import logging
import re

from minion import compat, globbing, pathmatch
from minion.errors import BadTarget
from minion.record import record

log = logging.getLogger(__name__)


class View(record('View', 'minion_id grains pillar nodegroups addresses resources')):
    """What a matcher may know of this minion.

    minion_id: text. grains, pillar: called without arguments when needed, give mappings. nodegroups: mapping of names
    to text or list. addresses: called, gives the list of this host's IP addresses as texts. resources: called, gives a
    mapping of kinds of resources to lists of ids (masters from 3008; this minion manages none of its own).
    """
    __slots__ = ()


def make_view(minion_id, grains=dict, pillar=dict, nodegroups=None, addresses=None, resources=dict):
    """A View; without `addresses` those of the grains ipv4 and ipv6 count, as in the reference."""
    def from_grains():
        known = grains()
        return list(known.get('ipv4') or ()) + list(known.get('ipv6') or ())
    return View(compat.to_text(minion_id), grains, pillar, nodegroups or {}, addresses or from_grains, resources)


def matches(tgt_type, tgt, view, delimiter=':', published=True):
    """True if the target names this minion.

    :param str tgt_type: one of known_types(); a publication without one has a `glob`. Any other is nobody's.
    :param tgt: as it came: text, for `list` and `compound` also a list of texts.
    :param View view: see make_view().
    :param str delimiter: if `published`, of the publication, heeded by grain, grain_pcre and pillar only, as in the reference.
    """
    matcher = _TYPES.get(tgt_type) if compat.is_text(tgt_type) else None
    if matcher is None:
        log.debug('publication ignored: there is no kind of target named %.100r', tgt_type)
        return False
    try:
        return bool(matcher(tgt, view, delimiter if tgt_type in _WITH_DELIMITER or not published else ':'))
    except (BadTarget, UnicodeError) as exc:
        log.info('publication ignored: its %s target %.200r cannot be read: %s', tgt_type, tgt, exc)
    except RuntimeError:                          # the interpreter's limit of recursion
        log.info('publication ignored: its %s target %.200r is nested too deeply', tgt_type, tgt)
    return False


def known_types():
    """The kinds of targets that matches() decides."""
    return frozenset(_TYPES)


def _text(value):
    if not compat.is_text(value):
        raise BadTarget('text expected, %s found' % type(value).__name__)
    return compat.to_text(value)


def _by_glob(tgt, view, delimiter):
    return compat.is_text(tgt) and globbing.fits(view.minion_id, compat.to_text(tgt))


def _by_regex(tgt, view, delimiter):
    try:
        return re.match(_text(tgt), view.minion_id, re.UNICODE) is not None
    except (re.error, OverflowError) as exc:
        raise BadTarget('no regular expression: %s' % exc)


def _by_list(tgt, view, delimiter):
    """Membership; a text holds names with commas and without blanks between them."""
    if compat.is_text(tgt):
        return u',%s,' % view.minion_id in u',%s,' % compat.to_text(tgt)
    return isinstance(tgt, (list, tuple, compat.Mapping)) and view.minion_id in tgt


def _path_matcher(source, kind):
    """Matcher of `path:pattern` against the grains or the pillar."""
    def match(tgt, view, delimiter):
        expression, delimiter = _text(tgt), _text(delimiter)
        return delimiter in expression and pathmatch.holds(getattr(view, source)(), expression, delimiter, kind)
    return match


def _by_address(tgt, view, delimiter):
    """An address of this host, or a network that one of them lies in."""
    from minion.helpers import cidr
    network = _parse_network(tgt)
    if network is None:
        return False
    for text in view.addresses():
        try:
            if cidr.contains(network, cidr.parse_address(text)):
                return True
        except ValueError:                        # `fe80::1%eth0` and whatever else a custom grain holds
            continue
    return False


def _parse_network(tgt):
    """None for a target that is neither address nor network: that is false, not an error, inside a compound."""
    from minion.helpers import cidr
    try:
        if isinstance(tgt, compat.integer_types):
            version, number = cidr.parse_address(tgt)
            return version, number, 32 if version == 4 else 128
        return cidr.parse_network(tgt)
    except ValueError:
        return None


def _by_nodegroup(tgt, view, delimiter):
    if not compat.is_text(tgt) or tgt not in view.nodegroups:
        return False
    from minion import nodegroups
    return _by_compound(nodegroups.expand(tgt, view.nodegroups), view, delimiter)


def _by_resource(tgt, view, delimiter):
    """A kind of resource that this minion manages, or `kind:id`."""
    kind, colon, name = _text(tgt).partition(':')
    owned = view.resources().get(kind) or ()
    return name in owned if colon else bool(owned)


def _by_own_id(tgt, view, delimiter):
    return compat.is_text(tgt) and compat.to_text(tgt) == view.minion_id


def _never(tgt, view, delimiter):
    """`range` needs a library, `data` a module that today's minions lack: both are false there, too."""
    return False


def _by_compound(tgt, view, delimiter):
    from minion import compound, nodegroups       # 0.1 MB with cidr, for what most minions never see
    words = list(tgt) if isinstance(tgt, (list, tuple)) else _text(tgt).split()

    def decide(letter, pattern, own_delimiter):
        if letter is None:
            return _by_glob(pattern, view, ':')
        if letter not in _LETTERS:
            raise BadTarget('%s@ is not supported' % letter)
        return bool(_LETTERS[letter](pattern, view, own_delimiter or ':'))

    return compound.evaluate(words, decide, lambda name: nodegroups.expand(name, view.nodegroups))


_TYPES = {
    'glob': _by_glob,
    'pcre': _by_regex,
    'list': _by_list,
    'grain': _path_matcher('grains', pathmatch.GLOB),
    'grain_pcre': _path_matcher('grains', pathmatch.REGEX),
    'pillar': _path_matcher('pillar', pathmatch.GLOB),
    'pillar_pcre': _path_matcher('pillar', pathmatch.REGEX),
    'pillar_exact': _path_matcher('pillar', pathmatch.EXACT),
    'ipcidr': _by_address,
    'nodegroup': _by_nodegroup,
    'compound': _by_compound,
    'resource': _by_resource,
    'managing_minion': _by_own_id,
    'range': _never,
    'data': _never,
}
_WITH_DELIMITER = ('grain', 'grain_pcre', 'pillar')
_LETTERS = {'G': _TYPES['grain'], 'P': _TYPES['grain_pcre'], 'I': _TYPES['pillar'], 'J': _TYPES['pillar_pcre'],
            'L': _by_list, 'S': _by_address, 'E': _by_regex, 'T': _by_resource, 'M': _by_own_id}
