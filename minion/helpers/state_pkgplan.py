"""What pkg.installed has to do: which of the packages asked for are missing, old, altered or to be installed again."""
from __future__ import absolute_import, division, print_function

import os

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import pkgtools, state_pkg


class Refused(Exception):
    """There is nothing to install; `ret` is what the state returns, unless it holds packages on top of that."""

    def __init__(self, ret):
        Exception.__init__(self, ret['comment'])
        self.ret = ret


class Plan(object):
    """The outcome of `make`.

    `desired`: name to version, None or file; `targets`, `again` (to be reinstalled): those of them that need something;
    `selected`: packages marked for purging; `altered`: name to what pkg.verify found; `warnings`: texts.
    """

    def __init__(self, desired):
        self.desired, self.targets, self.again, self.altered = desired, {}, {}, {}
        self.selected, self.warnings, self.refreshed = [], [], False


class Wish(object):
    """What the state was called with.

    :param dict options: name, version, pkgs, sources, fromrepo, normalize, ignore_epoch, reinstall, verify (see
        `verification`), allow_updates.
    :param dict rest: other keywords, which list_pkgs and its like get.
    """

    def __init__(self, options, rest):
        self.__dict__.update(options)
        self.rest = rest


def verification(value):
    """(wanted, ignore_types, verify_options) of `pkg_verify`."""
    if not isinstance(value, list):
        return bool(value), None, None
    found = {}
    for one in value:
        found.update(one if isinstance(one, dict) else {})
    return True, found.get('ignore_types') or [], found.get('verify_options') or []


def make(wish, functions, refresh):
    """The Plan for a Wish.  :raises Refused: nothing is to be done, or something is wrong."""
    if wish.pkgs and wish.sources:
        raise Refused(state_pkg.answer(wish.name, False, 'Only one of "pkgs" and "sources" is permitted.'))
    plan = Plan(_desired(wish, functions))
    options = dict(wish.rest, fromrepo=wish.fromrepo, split_arch=False)
    try:
        installed = functions['pkg.list_pkgs'](versions_as_list=True, **options)
    except CommandExecutionError as exc:
        raise Refused(state_pkg.answer(wish.name, False, exc.strerror))
    marked = functions['pkg.list_pkgs'](purge_desired=True, **options)
    plan.selected = [name for name in plan.desired if name in marked]
    problems = []
    for name, version in plan.desired.items():
        try:
            _look(plan, wish, name, version, installed.get(_installed_name(name, wish, functions), []), functions)
        except (CommandExecutionError, SaltInvocationError) as exc:
            problems.append(exc.strerror)
    if not wish.sources:
        _newest(plan, wish, installed, functions, refresh)
    if problems:
        raise Refused(state_pkg.answer(wish.name, False, ' '.join(problems)))
    if not (plan.targets or plan.selected or plan.again):
        raise Refused(_all_there(plan, wish))
    return plan


def _all_there(plan, wish):
    versions = wish.version or any(isinstance(one, dict) for one in wish.pkgs or ())
    ret = state_pkg.answer(wish.name, True, 'All specified packages are already installed%s'
                           % (' and are at the desired version' if versions else ''))
    if plan.warnings:
        ret['warnings'] = plan.warnings
    return ret


def _desired(wish, functions):
    pack = functions['pkg_resource.parse_targets'] if wish.pkgs else functions['pkg_resource.pack_sources']
    found = pack(pkgs=wish.pkgs, normalize=wish.normalize)[0] if wish.pkgs else pack(wish.sources, normalize=wish.normalize)
    if not found:
        raise Refused(state_pkg.answer(wish.name, False, "Invalidly formatted '%s' parameter. See minion log."
                                       % ('pkgs' if wish.pkgs else 'sources')))
    return found


def _installed_name(name, wish, functions):
    if wish.normalize or 'pkg.normalize_name' not in functions:
        return name
    return functions['pkg.normalize_name'](name)


def _look(plan, wish, name, version, installed, functions):
    """Put a package where it belongs.  :raises CommandExecutionError: it cannot be told."""
    if not installed:
        plan.targets[name] = version
    elif wish.reinstall:
        plan.again[name] = version
    elif not wish.sources and not functions['pkg_resource.check_extra_requirements'](name, version):
        plan.targets[name] = version
    elif not wish.sources and functions['pkg_resource.version_clean'](version) is None:
        _verify(plan, wish, name, version, functions)
    else:
        asked = _file_version(plan, wish, name, version, functions) if wish.sources else version
        if asked is None:
            return
        if not state_pkg.fulfils(installed, asked, functions['pkg.version_cmp'], wish.ignore_epoch,
                                 wish.allow_updates and not wish.sources):
            plan.targets[name] = version
        elif any(operator == '==' for operator, _ in state_pkg.conditions(asked)):
            _verify(plan, wish, name, version, functions)


def _verify(plan, wish, name, version, functions):
    wanted, ignore_types, options = wish.verify
    if not wanted:
        return
    wrong = functions['pkg.verify'](name, ignore_types=ignore_types, verify_options=options, **wish.rest)
    if wrong:
        plan.again[name], plan.altered[name] = version, wrong


def _file_version(plan, wish, name, source, functions):
    """The version that a package file holds, None if nobody can tell."""
    if 'lowpkg.bin_pkg_info' not in functions:
        return None
    path = pkgtools.cached(source, wish.rest.get('saltenv', 'base'), functions)
    if not path:
        raise CommandExecutionError('Unable to cache %s: file not found' % source)
    if not os.path.exists(path):
        raise CommandExecutionError('%s does not exist on minion' % source)
    found = functions['lowpkg.bin_pkg_info'](path)
    if found is None:
        plan.warnings.append('Failed to parse metadata for %s' % source)
        return None
    return found['version']


def _newest(plan, wish, installed, functions, refresh):
    """Bring in the versions that `latest` stands for."""
    for name in [name for name in plan.targets if plan.targets[name] == 'latest']:
        newest = functions['pkg.latest_version'](name, refresh=refresh and not plan.refreshed, fromrepo=wish.fromrepo,
                                                 split_arch=False, **wish.rest)
        plan.refreshed = plan.refreshed or refresh
        plan.desired[name] = newest or None
        there = installed.get(name)
        if there and (not newest or state_pkg.fulfils(there, newest, functions['pkg.version_cmp'], False)):
            del plan.targets[name]
        else:
            plan.targets[name] = newest or None


def verified(desired, installed, compare, functions, ignore_epoch=None, allow_updates=False):
    """(names that are now as they were asked for, names that are not)."""
    fine, failed = [], []
    for name, version in desired.items():
        there = installed.get(name) or installed.get(name.partition('=')[0])
        if not there:
            failed.append(name)
        elif version is None or version == 'latest' or not functions['pkg_resource.version_clean'](version):
            fine.append(name)
        elif version.endswith('*') and there[0].startswith(version[:-1]):
            fine.append(name)
        else:
            good = state_pkg.fulfils(there, version, compare, ignore_epoch, allow_updates)
            (fine if good else failed).append(name)
    return fine, failed
