"""What the states of repositories compare: the entry that is asked for, and the one that is there."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import aptsources, pkgtools

OURS = ('file', 'enabled')       # of an entry of apt: where it stands makes no difference, and `disabled` says the other

NO_OPTIONS = ('saltenv', 'humanname', 'disabled', 'basedir', 'root')


def of_apt(repo, options):
    """The entry that a line and the options of pkgrepo.managed stand for; {} if it is no line."""
    new = aptsources.parse(repo)
    if new is None:
        return {}
    if options.get('comps'):
        new['comps'] = pkgtools.words(options['comps'])
    if options.get('architectures'):
        new['architectures'] = pkgtools.words(options['architectures'])
    if options.get('signedby'):
        new['signedby'] = options['signedby']
    if 'disabled' in options:
        new['disabled'] = options['disabled']
    new['line'] = aptsources.written(new)
    return dict((key, new[key]) for key in new if key not in OURS)


def of_rpm(repo, options, family='RedHat'):
    """The options that a section of yum or a repository of zypper is to have."""
    unwanted = NO_OPTIONS + (() if family == 'Suse' else ('refresh',))
    wanted = dict((key, value) for key, value in options.items() if key not in unwanted)
    wanted['name'] = options.get('humanname') or repo
    wanted['enabled'] = not options['disabled'] if 'disabled' in options else pkgtools.is_true(options.get('enabled', True))
    return wanted


def same(wanted, there, family):
    """True if a repository is as it is asked for."""
    return all(_same(key, wanted[key], there, family) for key in wanted if key not in OURS or family != 'Debian')


def _same(key, value, there, family):
    if key == 'refresh':
        return pkgtools.is_true(value) == pkgtools.is_true(there.get('autorefresh', False))
    if key not in there:
        return key == 'enabled' and family == 'RedHat' and pkgtools.is_true(value)
    old = there[key]
    if key == 'comps':
        return sorted(value) == sorted(old)
    if key == 'line':
        return value == old[:len(old) - len(aptsources.comment_of(old))].rstrip()
    if family == 'Debian':
        return value == old
    if isinstance(value, bool) or isinstance(old, bool) or key == 'enabled':
        return pkgtools.is_true(value) == pkgtools.is_true(old)
    return compat.shown(value) == compat.shown(old)


def changes(wanted, before, after):
    """{option: {'old': ..., 'new': ...}} of those options asked for that differ."""
    return dict((key, {'old': before.get(key), 'new': after.get(key)}) for key in wanted
                if after.get(key) != before.get(key))
