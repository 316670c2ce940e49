"""Packages: installed, in their latest versions, removed. Holding, groups and patches: pkg_hold.py, pkg_rpm.py."""
from __future__ import absolute_import, division, print_function

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import state_pkg, state_pkgdone, state_pkgplan


def __virtual__():
    if 'pkg.install' in __salt__:
        return 'pkg'
    return False, 'The pkg state module could not be loaded: there is no execution module for packages'


def _answer(name, result, comment, changes=None):
    return state_pkg.answer(name, result, comment, changes)


def installed(name, version=None, refresh=None, fromrepo=None, skip_verify=False, skip_suggestions=False, pkgs=None,
              sources=None, allow_updates=False, pkg_verify=False, normalize=True, ignore_epoch=None, reinstall=False,
              update_holds=False, **kwargs):
    """Packages are installed, in the version that is asked for if there is one ('1.0', '>=1.0,<2', 'latest', '1.*').

    pkgs: names, or mappings of names to versions. sources: mappings of names to files or addresses. refresh: fetch the
    indexes first; default: once in a run. hold: True or False: keep them at their versions. reinstall: even if they are
    there. pkg_verify: install again what has altered files. allow_updates: newer ones will do.

        editors:
          pkg.installed:
            - pkgs:
              - vim
              - nano: '>=7.0'
    """
    if isinstance(pkgs, list) and not pkgs:
        return _answer(name, True, state_pkg.NO_PACKAGES)
    if name and not pkgs and not sources:
        pkgs, version = [{name: version}] if version else [name], None
    rest = dict(kwargs, saltenv=kwargs.get('saltenv') or __env__, allow_updates=allow_updates)
    verify = state_pkgplan.verification(pkg_verify)
    if verify[0] and 'pkg.verify' not in __salt__:
        return _answer(name, False, 'pkg.verify not implemented')
    wish = state_pkgplan.Wish({
        'name': name, 'version': version, 'pkgs': pkgs, 'sources': sources, 'fromrepo': fromrepo, 'normalize': normalize,
        'ignore_epoch': ignore_epoch, 'reinstall': bool(reinstall), 'verify': verify, 'allow_updates': allow_updates}, rest)
    refresh = state_pkg.want_refresh(__context__, refresh)
    try:
        plan = state_pkgplan.make(wish, __salt__, refresh)
    except state_pkgplan.Refused as exc:
        return _held_only(exc.ret, name, pkgs, sources, kwargs)
    if __opts__.get('test'):
        versions = {} if sources else _expected(plan.targets, refresh and not plan.refreshed)
        return state_pkgdone.would(name, plan, bool(sources), wish.reinstall, versions)
    state_pkg.refreshed(__context__, plan.refreshed)
    return _install(wish, plan, refresh and not plan.refreshed, skip_verify, update_holds, kwargs)


def _expected(targets, refresh):
    """The versions that an installation of `targets` would bring, as far as the repositories tell."""
    free = [one for one in targets if not targets[one]]
    exact = [one for one in targets if targets[one]]
    found = __salt__['pkg.latest_version'](*free, refresh=refresh) if free else {}
    found = dict(found) if isinstance(found, dict) else {free[0]: found}
    if exact and 'pkg.list_repo_pkgs' in __salt__:
        known = __salt__['pkg.list_repo_pkgs'](*['%s=%s' % (one, targets[one]) for one in exact])
        found.update((one, targets[one]) for one in exact if targets[one] in known.get(one, ()))
    return found


def _held_only(ret, name, pkgs, sources, options):
    """The return of a state that installs nothing, with what comes of `hold`."""
    if 'hold' not in options or not ret['result']:
        return ret
    try:
        held = _hold(name, pkgs, sources, options['hold'])
    except (CommandExecutionError, SaltInvocationError) as exc:
        return dict(ret, comment='%s.\n%s' % (ret['comment'], exc), result=False)
    for row in state_pkgdone.sorted_holds(held):
        ret['comment'] += '.\n%s' % row['comment']
        ret['result'] = row['result']
        if row['changes']:
            ret['changes'][row['name']] = row['changes']
    return ret


def _hold(name, pkgs, sources, wanted):
    action = 'pkg.hold' if wanted else 'pkg.unhold'
    if action not in __salt__:
        raise CommandExecutionError('%s is not available on this minion' % action)
    return __salt__[action](name=name, pkgs=pkgs, sources=sources)


def _install(wish, plan, refresh, skip_verify, update_holds, options):
    name, sources, changed, again = wish.name, wish.sources, {}, plan.again
    wanted = dict(plan.targets, **again)
    pkgs = None if sources else [{one: wanted[one]} for one in list(plan.targets) + list(again)]
    files = [one for one in sources if list(one)[0] in wanted] if sources else sources
    if wanted:
        try:
            changed = __salt__['pkg.install'](
                name=None, refresh=refresh, version=wish.version, fromrepo=wish.fromrepo, skip_verify=skip_verify, pkgs=pkgs,
                sources=files, reinstall=bool(again), normalize=wish.normalize, update_holds=update_holds,
                ignore_epoch=wish.ignore_epoch, split_arch=False, **wish.rest)
        except CommandExecutionError as exc:
            state_pkg.refreshed(__context__, refresh)
            return state_pkg.failure(name, exc, 'installing')
        state_pkg.refreshed(__context__, refresh)
    held = {}
    if 'hold' in options:
        try:
            held = _hold(name, [{one: plan.desired[one]} for one in plan.desired], None, options['hold'])
        except (CommandExecutionError, SaltInvocationError) as exc:
            return _answer(name, False, str(exc), changed)
    selected = __salt__['lowpkg.unpurge'](*plan.selected) if plan.selected else {}
    outcome = state_pkgdone.Outcome(wish, plan, changed, held, selected)
    if not sources:
        there = __salt__['pkg.list_pkgs'](versions_as_list=True, **wish.rest)
        outcome.sort(*state_pkgplan.verified(plan.desired, there, __salt__['pkg.version_cmp'], __salt__, wish.ignore_epoch,
                                             wish.allow_updates))
    if again and wish.verify[0] and not wish.reinstall:
        outcome.look_again(lambda one: __salt__['pkg.verify'](one, ignore_types=wish.verify[1],
                                                              verify_options=wish.verify[2], **wish.rest))
    return outcome.ret()


def mod_init(low):
    """Called before the first of these states in a run: the index is fetched once."""
    if low['fun'] in ('installed', 'latest'):
        __context__[state_pkg.REFRESH] = True
        return True
    return False


def mod_aggregate(low, chunks, running):
    """One call installs (removes, purges) the packages of all states that are still to be run."""
    return state_pkgdone.aggregated(low, chunks, running)


def mod_watch(name, **kwargs):
    """What a watched change does: the same as without it."""
    sfun = kwargs.pop('sfun', None)
    kwargs.pop('__reqs__', None)
    acts = {'purged': purged, 'latest': latest, 'removed': removed, 'installed': installed}
    if sfun in acts:
        return acts[sfun](name, **kwargs)
    return _answer(name, False, 'pkg.%s does not work with the watch requisite' % sfun)


def mod_beacon(name, **kwargs):
    """Watch the package with a beacon, as `beacon: True` of installed and removed asks for."""
    sfun = kwargs.pop('sfun', None)
    if sfun not in ('installed', 'removed'):
        return _answer(name, False, 'pkg.%s does not work with the mod_beacon state function' % sfun)
    if not kwargs.get('beacon'):
        return _answer(name, True, 'Not adding beacon.')
    return __states__['beacon.present'](name='beacon_pkg_%s' % name, beacon_module='pkg', pkgs=[name],
                                        **(kwargs.get('beacon_data') or {}))


# ---- latest

def latest(name, refresh=None, fromrepo=None, skip_verify=False, pkgs=None, watch_flags=True, **kwargs):
    """Packages are installed in the newest version that the repositories have.

        vim:
          pkg.latest: []
    """
    refresh = state_pkg.want_refresh(__context__, refresh)
    if kwargs.get('sources'):
        return _answer(name, False, 'The "sources" parameter is not supported.')
    names = list(__salt__['pkg_resource.parse_targets'](pkgs=pkgs)[0] or ()) if pkgs else [name]
    if pkgs is not None and not pkgs:
        return _answer(name, True, state_pkg.NO_PACKAGES) if isinstance(pkgs, list) else _answer(
            name, False, 'Invalidly formatted "pkgs" parameter. See minion log.')
    rest = dict(kwargs, saltenv=kwargs.get('saltenv') or __env__)
    try:
        newest = __salt__['pkg.latest_version'](*names, fromrepo=fromrepo, refresh=refresh, **rest)
        there = __salt__['pkg.version'](*names, **rest)
    except CommandExecutionError as exc:
        return _answer(name, False, 'An error was encountered while checking the newest available version of package(s): %s'
                       % exc)
    state_pkg.refreshed(__context__, refresh)
    newest, there = [value if isinstance(value, dict) else {names[0]: value} for value in (newest, there)]
    unknown = [one for one in names if not newest.get(one) and not there.get(one)]
    if unknown:
        return _answer(name, False, ' '.join("No information found for '%s'." % one for one in unknown))
    targets = dict((one, newest[one]) for one in names if newest.get(one))
    if not targets:
        return _answer(name, True, state_pkgdone.all_new(names))
    fresh = [one for one in names if one not in targets] if pkgs else []
    if __opts__.get('test'):
        return state_pkgdone.would_update(name, targets, there, fresh, _expected(targets, False))
    try:
        changed = __salt__['pkg.install'](name=None, refresh=False, fromrepo=fromrepo, skip_verify=skip_verify,
                                          pkgs=list(targets), **rest)
    except CommandExecutionError as exc:
        return _answer(name, False, 'An error was encountered while installing package(s): %s' % exc)
    return state_pkgdone.updated(name, targets, changed, fresh)


# ---- removed, purged

def removed(name, version=None, pkgs=None, normalize=True, ignore_epoch=None, **kwargs):
    """Packages are not installed; with a version: not in that one.

        telnetd:
          pkg.removed: []
    """
    return _gone('remove', name, version, pkgs, normalize, ignore_epoch, kwargs)


def purged(name, version=None, pkgs=None, normalize=True, ignore_epoch=None, **kwargs):
    """Packages are not installed and have left no configuration files."""
    return _gone('purge', name, version, pkgs, normalize, ignore_epoch, kwargs)


def _gone(action, name, version, pkgs, normalize, ignore_epoch, options):
    rest = dict(options, saltenv=options.get('saltenv') or __env__)
    try:
        return _uninstall(action, name, version, pkgs, normalize, ignore_epoch, rest)
    except CommandExecutionError as exc:
        return state_pkg.failure(name, exc, 'purging' if action == 'purge' else 'removing')


def _uninstall(action, name, version, pkgs, normalize, ignore_epoch, rest):
    wanted = __salt__['pkg_resource.parse_targets'](name, pkgs, normalize=normalize, version=version)[0]
    there = __salt__['pkg.list_pkgs'](versions_as_list=True, **rest)
    asked = wanted if pkgs or not version else dict((one, str(version)) for one in wanted)
    targets = [one for one in asked if there.get(one) and (asked[one] is None or state_pkg.fulfils(
        there[one], asked[one], __salt__['pkg.version_cmp'], ignore_epoch))]
    left = __salt__['pkg.list_pkgs'](versions_as_list=True, removed=True, **rest) if action == 'purge' else {}
    if not targets and not any(one in left for one in asked):
        if action == 'purge':
            return _answer(name, True, 'None of the targeted packages are installed or partially installed')
        specific = any(there.get(one) and asked[one] is not None for one in asked)
        return _answer(name, True, 'All specified packages%s are already absent' % (
            ' (matching specified versions)' if specific else ''))
    targets = sorted(targets + [one for one in asked if one in left]) if action == 'purge' else targets
    if __opts__.get('test'):
        return _answer(name, None, 'The following packages will be %sd: %s.' % (action, ', '.join(targets)),
                       dict((one, {'old': '', 'new': '%sd' % action}) for one in targets))
    changed = __salt__['pkg.' + action](name, pkgs=pkgs, version=version, **rest)
    there = __salt__['pkg.list_pkgs'](versions_as_list=True, **rest)
    exact = __grains__.get('os_family') in ('Suse', 'RedHat')
    failed = state_pkgdone.still_there(asked, there, exact)
    if action == 'purge':
        left = __salt__['pkg.list_pkgs'](versions_as_list=True, removed=True, **rest)
        failed += [one for one in asked if one in left]
    return state_pkgdone.gone(name, action, asked, targets, sorted(failed), changed)


# ---- all of them

def uptodate(name, refresh=False, pkgs=None, **kwargs):
    """All packages, or those of `pkgs`, are in their newest versions.

        all:
          pkg.uptodate:
            - refresh: True
    """
    if 'pkg.list_upgrades' not in __salt__ or 'pkg.upgrade' not in __salt__:
        return _answer(name, False, 'State pkg.uptodate is not available')
    if not isinstance(refresh, bool):
        return _answer(name, False, 'refresh must be either True or False')
    try:
        found = __salt__['pkg.list_upgrades'](refresh=refresh, **kwargs)
        found = dict((one, found[one]) for one in found if not isinstance(pkgs, list) or one in pkgs)
        expected = dict((one, {'new': found[one], 'old': __salt__['pkg.version'](one, **kwargs)}) for one in found)
    except (CommandExecutionError, SaltInvocationError) as exc:
        return _answer(name, False, str(exc))
    if not found:
        return _answer(name, True, 'System is already up-to-date')
    if __opts__.get('test'):
        return _answer(name, None, 'System update will be performed', expected)
    try:
        changed = __salt__['pkg.upgrade'](refresh=refresh, pkgs=pkgs, **kwargs)
    except CommandExecutionError as exc:
        if exc.info:
            return state_pkg.failure(name, exc, 'updating')
        return _answer(name, False, 'An error was encountered while updating packages: %s' % exc)
    missing = sorted(one for one in expected if one not in changed) if isinstance(pkgs, list) else []
    if missing:
        return _answer(name, False, 'The following package(s) failed to update: %s' % ', '.join(missing), changed)
    return _answer(name, True, 'Upgrade ran successfully', changed)
