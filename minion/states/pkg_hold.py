"""Packages that are kept at their versions (pkg.held, pkg.unheld)."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import state_pkg

__virtualname__ = 'pkg'


def __virtual__():
    if 'pkg.hold' in __salt__ and ('pkg.list_holds' in __salt__ or 'pkg.get_selections' in __salt__):
        return __virtualname__
    return False, 'Packages cannot be held on this platform'


def _held_now():
    """{package: as the package manager writes it} of what is held."""
    if 'pkg.list_holds' not in __salt__:
        return dict((one, one) for one in __salt__['pkg.get_selections'](state='hold').get('hold', []))
    return dict((_base(one), one) for one in __salt__['pkg.list_holds'](full=True))


def _base(hold):
    """vim of a lock `2:vim-8.2-1.*` of yum's plug-in, anything else as it is."""
    head, dash, release = hold.rpartition('-')
    name, more, version = head.rpartition('-')
    if not (dash and more and release.endswith('.*')):
        return hold
    return name.partition(':')[2] if name.partition(':')[0].isdigit() else name


def _wanted(name, version, pkgs):
    """[(package, as pkg.hold takes it)]"""
    if compat.is_text(pkgs):
        pkgs = [pkgs]
    if not pkgs:
        pkgs = [{name: version}] if version else [name]
    return [(list(one)[0] if isinstance(one, dict) else one, one) for one in pkgs]


def held(name, version=None, pkgs=None, replace=False, **kwargs):
    """Packages are kept at their versions. pkgs: more of them. replace: and no others.

        vim:
          pkg.held: []
    """
    now, wanted, rows = _held_now(), _wanted(name, version, pkgs), []
    for package, given in wanted:
        if package not in now:
            rows.append((package, _act('hold', name, package, given, 'Package %s is now being held' % package)))
    if replace:
        for package in sorted(set(now) - set(package for package, _ in wanted)):
            rows.append((package, _act('unhold', name, package, package, None)))
    return _summed(name, rows)


def unheld(name, version=None, pkgs=None, all=False, **kwargs):
    """Packages are not kept at their versions. all: none at all."""
    now = _held_now()
    wanted = [(one, one) for one in now] if all else _wanted(name, version, pkgs)
    return _summed(name, [(package, _act('unhold', name, package, given, None))
                          for package, given in wanted if package in now])


def _act(action, name, package, given, comment):
    """(comment, what pkg.hold or pkg.unhold says of the package; None in a test run)."""
    if __opts__.get('test'):
        exact = ' (version = %s)' % given[package] if isinstance(given, dict) and given[package] else ''
        return 'The following package would be %s: %s%s' % ('held' if action == 'hold' else 'unheld', package, exact), None
    row = __salt__['pkg.' + action](name=name, pkgs=[given])[package]
    if not row.get('result', False):
        return 'Package %s was not held' % package if action == 'hold' else row['comment'], row
    return comment or row['comment'], row


def _summed(name, rows):
    if not rows:
        return state_pkg.answer(name, True, 'No changes made')
    changes = dict((package, row) for package, (_, row) in rows if row is not None)
    good = all(row.get('result', False) for row in changes.values())
    return state_pkg.answer(name, good, '\n'.join(comment for _, (comment, _) in rows), changes)
