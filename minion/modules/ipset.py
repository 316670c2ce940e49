"""Sets of addresses, ports and interfaces for the packet filter, through ipset (ipset.*). family: ipv4 or ipv6."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import environment, ipsets, tool

_SET, _ENTRY = 'Error: Set needs to be specified', 'Error: Entry needs to be specified'
_ABSENT = 'Error: Set %s does not exist'


def __virtual__():
    if environment.which('ipset'):
        return True
    return False, 'The ipset execution modules cannot be loaded: ipset binary not in path.'


def _argv(*words):
    """The command line.  :raises CommandExecutionError: a word would be taken for an option."""
    for word in words:
        if compat.is_text(word) and word.startswith('-') and word not in ('-t', '-exist', '--version'):
            raise CommandExecutionError('%s would be an option of ipset' % word)
    return [environment.which('ipset')] + list(words)


def _said(*words):
    """What ipset prints on both outputs: nothing where all is well."""
    return tool.output(__salt__, _argv(*words))


def _listed(*words):
    """The set that ipset lists, {} where there is none of this name."""
    result = tool.run(__salt__, _argv('list', *words))
    return {} if result['retcode'] else ipsets.parse(result['stdout'])


def _kind(name):
    return _listed('-t', name).get('Type')


def _complaint(name, entry):
    """What is missing, the set itself included, else None."""
    if not name or not entry:
        return _ENTRY if name else _SET
    return None if _kind(name) else _ABSENT % name


# ---- sets

def version():
    """The version of ipset. CLI: ipset.version"""
    return _said('--version').split()[1]


def new_set(name=None, set_type=None, family='ipv4', comment=False, **kwargs):
    """Make a set; True, or what ipset complains of. comment: entries may have one. Other arguments are options of the type.

    CLI: ipset.new_set blocked hash:ip timeout=300
    """
    if family not in ipsets.FAMILIES:
        raise CommandExecutionError('%s is no family; known are ipv4 and ipv6' % (family,))
    for value, title in ((name, 'Set Name'), (set_type, 'Set Type')):
        if not value:
            return 'Error: %s needs to be specified' % title
    known = ipsets.KINDS.get(set_type)
    if known is None:
        return 'Error: Set Type is invalid'
    if 'range' in known and 'range' not in kwargs:
        return 'Error: range is a required argument'
    given = dict(kwargs, family=ipsets.FAMILIES[family], comment=comment)
    return _said('create', name, set_type, *ipsets.options(known, given)) or True


def delete_set(name=None, family='ipv4'):
    """Remove a set; True, or what ipset complains of. CLI: ipset.delete_set blocked"""
    return (_said('destroy', name) or True) if name else _SET


def rename_set(name=None, new_set=None, family='ipv4'):
    """Give a set another name; True, or what ipset complains of. CLI: ipset.rename_set blocked new_set=old"""
    if not name:
        return _SET
    if not new_set:
        return 'Error: New name for set needs to be specified'
    if not _kind(name):
        return 'Error: Set does not exist'
    return 'Error: New Set already exists' if _kind(new_set) else _said('rename', name, new_set) or True


def list_sets(family='ipv4'):
    """All sets, each a mapping, without their entries. CLI: ipset.list_sets"""
    return [ipsets.parse(part) for part in _said('list', '-t').split('\n\n')]


def check_set(name=None, family='ipv4'):
    """True if there is this set. CLI: ipset.check_set name"""
    return bool(_listed('-t', name)) if name else _SET


def flush(name=None, family='ipv4'):
    """Remove all entries of a set, or of all sets; True if that was done. CLI: ipset.flush blocked"""
    return not _said('flush', *[name] if name else [])


# ---- entries

def add(name=None, entry=None, family='ipv4', **kwargs):
    """Add an entry; 'Success', or a text that begins with Error or Warn. Other arguments are options of the entry.

    CLI: ipset.add blocked 192.0.2.3,52:54:00:12:34:56 timeout=60
    """
    if not name or not entry:
        return _complaint(name, entry)
    there = _listed('-t', name)
    if not there:
        return _ABSENT % name
    for option, needed in ipsets.NEEDS:
        if option in kwargs and needed not in there['Header'].split():
            return 'Error: Set %s not created with %s support' % (name, needed)
    said = ipsets.words(compat.shown(entry) if not compat.is_text(entry) else entry)
    given = dict((option, kwargs[option]) for option in kwargs if option not in said)
    extra = ['comment', given['comment']] if 'comment' in given else []
    argv = _argv('add', '-exist', name, *(said + extra + ipsets.entry_options(there['Type'], given)))
    if entry in _listed(name).get('Members', ()):
        return 'Warn: Entry %s already exists in set %s' % (entry, name)
    told = tool.output(__salt__, argv)            # -exist: an entry that is there gets its options anew
    return 'Error: %s' % told if told else 'Success'


def delete(name=None, entry=None, family='ipv4', **kwargs):
    """Remove an entry; 'Success', or a text that begins with Error. CLI: ipset.delete blocked 192.0.2.3"""
    wrong = _complaint(name, entry)
    if wrong:
        return wrong
    told = _said('del', name, entry)
    return 'Error: %s' % told if told else 'Success'


def check(name=None, entry=None, family='ipv4'):
    """True if a set has an entry: an address, a range, a network, with options or not; of a list: one of them.

    CLI: ipset.check blocked '192.0.2.1 comment "scanner"'
    """
    wrong = _complaint(name, entry)
    if wrong:
        return wrong
    there = _listed(name)
    asked = tool.words(entry if isinstance(entry, list) else [entry])
    return any(ipsets.names(there['Type'], member, one) for member in there.get('Members', ()) for one in asked)


def test(name=None, entry=None, family='ipv4', **kwargs):
    """True if ipset finds an entry in a set. CLI: ipset.test blocked 192.0.2.2"""
    return _complaint(name, entry) or tool.succeeds(__salt__, _argv('test', name, entry))
