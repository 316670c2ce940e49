"""What is to become of packages of Debian and its kin: pkg.hold and its like."""
from __future__ import absolute_import, division, print_function

from minion.errors import SaltInvocationError
from minion.helpers import dpkgquery, pkgtools

__virtualname__ = 'pkg'
STATES = ('hold', 'install', 'deinstall', 'purge')


def __virtual__():
    if __grains__.get('os_family') == 'Debian':
        return __virtualname__
    return False, 'The pkg module could not be loaded: unsupported OS family'


def _ask(*argv):
    return dpkgquery.ask(__salt__['cmd.run_all'], *argv)


def get_selections(pattern=None, state=None):
    """What is to become of packages: state to names. CLI: pkg.get_selections 'python-*' state=hold"""
    reply = _ask('dpkg', '--get-selections', pattern or '*')
    found = {state: []} if state else {}
    for words in (line.split() for line in reply['stdout'].splitlines()):
        if len(words) == 2 and (not state or words[1] == state):
            found.setdefault(words[1], []).append(words[0])
    return found


def set_selections(path=None, selection=None, clear=False, saltenv='base'):
    """Set what is to become of packages; what changed.

    selection: state (hold, install, deinstall, purge) to a list of names. path: a file of lines `name state`.
    clear: deselect all others first. CLI: pkg.set_selections selection='{"install": ["netcat"]}'
    """
    if path and selection:
        raise SaltInvocationError("The 'selection' and 'path' arguments to pkg.set_selections are mutually exclusive, "
                                  'and cannot be specified together')
    wanted = _selection_of_file(path, saltenv) if path else pkgtools.from_yaml(selection) or {}
    wrong = [state for state in wanted if state not in STATES]
    if wrong:
        raise SaltInvocationError('Invalid state(s): %s' % ', '.join(wrong))
    if clear:
        _ask('dpkg', '--clear-selections')
    now = dict((name, state) for state, names in get_selections().items() for name in names)
    changed = {}
    for state in wanted:
        for name in wanted[state]:
            if now.get(name) != state and not __opts__.get('test'):
                __salt__['cmd.run_all'](['dpkg', '--set-selections'], stdin='%s %s\n' % (name, state),
                                        python_shell=False, output_loglevel='trace')
            if now.get(name) != state:
                changed[name] = {'old': now.get(name), 'new': state}
    return changed


def _selection_of_file(path, saltenv):
    found, local = {}, pkgtools.cached(path, saltenv, __salt__)
    with open(local or path) as stream:
        for words in (line.split() for line in stream):
            if len(words) == 2:
                found.setdefault(words[1], []).append(words[0])
    return found


def _targets(name, pkgs, sources):
    if not name and not pkgs and not sources:
        raise SaltInvocationError('One of name, pkgs, or sources must be specified.')
    if pkgs and sources:
        raise SaltInvocationError('Only one of pkgs or sources can be specified.')
    if sources:
        return [key for source in sources for key in list(source)[:1]]
    return list(pkgtools.named_packages(pkgtools.listed(pkgs))) if pkgs else [name]


def hold(name=None, pkgs=None, sources=None, **kwargs):
    """Keep packages at their versions; name to result, changes and comment. CLI: pkg.hold vim"""
    return dict((target, _mark(target, 'hold', 'Package %s is already set to be held.' % target,
                               'Package %s is now being held.' % target, 'Package %s is set to be held.' % target))
                for target in _targets(name, pkgs, sources))


def unhold(name=None, pkgs=None, sources=None, **kwargs):
    """Let packages be upgraded again; name to result, changes and comment. CLI: pkg.unhold vim"""
    found = {}
    for target in _targets(name, pkgs, sources):
        if get_selections(pattern=target):
            found[target] = _mark(target, 'install', 'Package %s is already set not to be held.' % target,
                                  'Package %s is no longer being held.' % target,
                                  'Package %s is set not to be held.' % target)
        else:
            found[target] = {'name': target, 'changes': {}, 'result': False,
                             'comment': 'Package %s does not have a state.' % target}
    return found


def _mark(target, state, already, done, to_be_done):
    answer = {'name': target, 'changes': {}, 'result': True, 'comment': already}
    held = bool(get_selections(pattern=target, state='hold')['hold'])
    if held == (state == 'hold'):
        return answer
    if __opts__.get('test'):
        return dict(answer, result=None, comment=to_be_done)
    changed = set_selections(selection={state: [target]})
    return dict(answer, changes=changed.get(target, {}), comment=done)
