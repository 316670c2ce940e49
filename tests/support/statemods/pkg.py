"""pkg.* of a test: packages that are nothing but names and versions."""
from __future__ import absolute_import, division, print_function

from minion.errors import CommandExecutionError
from minion.helpers import dpkgversion
from tests.support.fakeworld import WORLD


def version_cmp(pkg1, pkg2, ignore_epoch=False, **kwargs):
    return dpkgversion.compare(pkg1, pkg2, ignore_epoch)


def list_pkgs(versions_as_list=False, removed=False, purge_desired=False, **kwargs):
    found = WORLD['leftover'] if removed else {} if purge_desired else WORLD['installed']
    return dict((name, found[name].split(',') if versions_as_list else found[name]) for name in found)


def version(*names, **kwargs):
    found = dict((name, WORLD['installed'].get(name, '')) for name in names)
    return found[names[0]] if len(names) == 1 else found


def latest_version(*names, **kwargs):
    WORLD['calls'].append(('latest_version', kwargs.get('refresh')))
    found = {}
    for name in names:
        newest = WORLD['available'].get(name, [''])[0]
        found[name] = '' if newest == WORLD['installed'].get(name) else newest
    return found[names[0]] if len(names) == 1 else found


def list_repo_pkgs(*args, **kwargs):
    wanted = [arg.split('=')[0] for arg in args]
    return dict((name, WORLD['available'][name]) for name in wanted if name in WORLD['available'])


def list_upgrades(refresh=True, **kwargs):
    there = WORLD['installed']
    return dict((name, found[0]) for name, found in WORLD['available'].items() if name in there and there[name] != found[0])


def list_downloaded(**kwargs):
    return dict((name, {version: {}}) for name, version in WORLD['leftover'].items())


def install(name=None, refresh=False, pkgs=None, sources=None, reinstall=False, downloadonly=False, **kwargs):
    WORLD['calls'].append(('install', refresh))
    place, changed, errors = WORLD['leftover'] if downloadonly else WORLD['installed'], {}, []
    for one in sources or pkgs:
        name, wanted = list(one.items())[0] if isinstance(one, dict) else (one, None)
        newest = WORLD['available'].get(name, ['9.9'])[0]
        wanted = newest if sources or not wanted or wanted[0] in '<>' else wanted
        if name in WORLD['broken']:
            errors.append('no %s' % name)
        elif name not in WORLD['idle'] and (place.get(name) != wanted or reinstall):
            changed[name] = {'old': place.get(name, ''), 'new': wanted}
            place[name] = wanted
    if errors:
        raise CommandExecutionError('Problem encountered installing package(s)', info={'errors': errors, 'changes': changed})
    return changed


def remove(name=None, pkgs=None, **kwargs):
    changed = {}
    for one in pkgs or [name]:
        one = list(one)[0] if isinstance(one, dict) else one
        if one in WORLD['broken']:
            raise CommandExecutionError('%s stays' % one)
        if one in WORLD['installed'] and one not in WORLD['idle']:
            changed[one] = {'old': WORLD['installed'].pop(one), 'new': ''}
    return changed


def purge(name=None, pkgs=None, **kwargs):
    WORLD['leftover'].pop(name, None)
    return {'installed': remove(name, pkgs), 'removed': {}}


def upgrade(refresh=True, pkgs=None, **kwargs):
    if 'upgrade' in WORLD['broken']:
        raise CommandExecutionError('no upgrade')
    wanted = [name for name in list_upgrades() if (not pkgs or name in pkgs) and name not in WORLD['idle']]
    return install(pkgs=wanted)


def verify(*names, **kwargs):
    return WORLD['altered'].get(names[0], {})


def get_selections(pattern=None, state=None):
    return {'hold': sorted(WORLD['held'])}


def _mark(action, pkgs, wanted):
    found = {}
    for one in pkgs:
        name = list(one)[0] if isinstance(one, dict) else one
        row = found[name] = {'name': name, 'changes': {}, 'result': True, 'comment': '%s: nothing to do' % name}
        if name in WORLD['failing']:
            row.update(result=False, comment='%s: no' % name)
        elif (name in WORLD['held']) != wanted:
            (WORLD['held'].add if wanted else WORLD['held'].discard)(name)
            old, new = ('install', 'hold') if wanted else ('hold', 'install')
            row.update(changes={'old': old, 'new': new}, comment='%s: %s' % (name, action))
    return found


def hold(name=None, pkgs=None, sources=None, **kwargs):
    return _mark('hold', pkgs or [name], True)


def unhold(name=None, pkgs=None, sources=None, **kwargs):
    return _mark('unhold', pkgs or [name], False)


def group_diff(name):
    if name not in WORLD['groups']:
        raise CommandExecutionError("Group '%s' not found" % name)
    return WORLD['groups'][name]


def list_patches(**kwargs):
    return {}


def list_installed_patches(**kwargs):
    return {'old-patch': {'installed': True}}
