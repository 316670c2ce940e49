"""What all package modules need and templates may call: targets of an installation, forms of version lists."""
from __future__ import absolute_import, division, print_function

import copy
import fnmatch
import logging
import os

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import looseversion, pkgtools

log = logging.getLogger(__name__)

ATTRIBUTES = ('epoch', 'version', 'release', 'arch', 'install_date', 'install_date_time_t')


def _normal(normalize):
    """The function that brings a name into the form of the package manager."""
    if normalize and 'pkg.normalize_name' in __salt__:
        return __salt__['pkg.normalize_name']
    return lambda name: name


def _repacked(pkgs, normalize):
    found = pkgtools.named_packages(pkgtools.from_yaml(pkgs))
    if len(found) != len(pkgs):
        raise SaltInvocationError(
            'You are passing a list of packages that contains duplicated packages names: %s. This cannot be processed. '
            'In case you are targeting different versions of the same package, please target them individually'
            % compat.shown(pkgs))
    normal = _normal(normalize)
    return dict((normal(compat.to_native(compat.shown(name))),
                 None if version is None else compat.to_native(compat.shown(version)))
                for name, version in found.items())


def pack_sources(sources, normalize=True):
    """{name: path or address} from a list of mappings of one name each; {} for anything else.

    CLI: pkg_resource.pack_sources '[{"foo": "salt://foo.rpm"}]'
    """
    found, normal = {}, _normal(normalize)
    for source in pkgtools.from_yaml(sources) if compat.is_text(sources) else sources:
        if not isinstance(source, compat.Mapping) or len(source) != 1:
            log.error('sources: %r is not a mapping of one package to its file', source)
            return {}
        for name in source:
            found[normal(name)] = source[name]
    return found


def parse_targets(name=None, pkgs=None, sources=None, saltenv='base', normalize=True, **kwargs):
    """What is to be installed, from the arguments of pkg.install: (packages, 'repository' or 'file').

    name, pkgs: {name: version or None}; sources: the list of files, fetched. CLI: pkg_resource.parse_targets foo
    """
    version = kwargs.get('version')
    if pkgs and sources:
        log.error('only one of pkgs and sources can be used')
        return None, None
    if (pkgs or sources) and version is not None:
        log.warning('version is left out, as it is for one package only')
    if pkgs:
        found = _repacked(pkgs, normalize)
        return (found, 'repository') if found else (None, None)
    if sources:
        found = pack_sources(sources, normalize=normalize)
        return ([_file_of(key, found[key], saltenv) for key in found], 'file') if found else (None, None)
    if name:
        normal = _normal(normalize)
        return dict((normal(one), version) for one in name.split(',')), 'repository'
    return None, None


def _file_of(name, source, saltenv):
    if '://' in source:
        path = pkgtools.cached(source, saltenv, __salt__)
        if not path:
            raise CommandExecutionError('Unable to cache source %s for package %s' % (source, name))
        return path
    if not os.path.isabs(source):
        raise SaltInvocationError('Path %s for package %s is either not absolute or an invalid protocol' % (source, name))
    return source


def version(*names, **kwargs):
    """The installed version of a package, '' if there is none; a mapping for several packages or a glob.

    CLI: pkg_resource.version vim
    """
    kwargs = pkgtools.public(kwargs)
    as_list, glob, found = pkgtools.is_true(kwargs.pop('versions_as_list', False)), False, {}
    installed = __salt__['pkg.list_pkgs'](versions_as_list=True, **kwargs) if names else {}
    for name in names:
        if '*' in name:
            glob = True
            found.update((match, installed[match]) for match in fnmatch.filter(installed, name))
        else:
            found[name] = installed.get(name, [])
    if not as_list:
        stringify(found)
    if len(found) == 1 and not glob:
        return list(found.values())[0]
    return found


def add_pkg(pkgs, name, pkgver):
    """Add a version to a mapping of names to lists of versions. CLI: pkg_resource.add_pkg '{}' bind 9"""
    if isinstance(pkgs, compat.MutableMapping):
        pkgs.setdefault(name, []).append(pkgver)
    else:
        log.error('%r is no mapping of packages', pkgs)


def sort_pkglist(pkgs):
    """Sort the lists of versions of a mapping. CLI: pkg_resource.sort_pkglist '{"a": ["2", "1"]}'"""
    for name in pkgs:
        pkgs[name] = sorted(set(pkgs[name]))


def stringify(pkgs):
    """Make a text of each list of versions of a mapping. CLI: pkg_resource.stringify '{"vim": ["7.127"]}'"""
    for name in pkgs:
        pkgs[name] = ','.join(pkgs[name])


def format_pkg_list(packages, versions_as_list, attr):
    """The return of pkg.list_pkgs from {name: list of mappings}: attributes asked for, lists of versions, or texts.

    CLI: pkg_resource.format_pkg_list '{"vim": [{"version": "7", "release": "1", "epoch": ""}]}' False None
    """
    made = copy.deepcopy(packages)
    if attr:
        wanted = set(ATTRIBUTES) if attr == 'all' else set(attr + ['version']) & set(ATTRIBUTES)
        return dict((name, [dict((key, one[key]) for key in one if key in wanted) for one in made[name]])
                    for name in made)
    for name in made:
        made[name] = [format_version(one['epoch'], one['version'], one['release']) for one in made[name]]
    if not versions_as_list:
        stringify(made)
    return made


def format_version(epoch, version, release):
    """'1:2-3' of its three parts, of which the first and last may be empty. CLI: pkg_resource.format_version 1 2 3"""
    text = '%s:%s' % (epoch, version) if epoch else version
    if release:
        text += '-%s' % release
    return text


def version_clean(verstr):
    """A version as pkg.version_clean leaves it, where the package manager has one. CLI: pkg_resource.version_clean 1.0"""
    if verstr and 'pkg.version_clean' in __salt__:
        return __salt__['pkg.version_clean'](verstr)
    return verstr


def check_extra_requirements(pkgname, pkgver):
    """What pkg.check_extra_requirements says, True without one. CLI: pkg_resource.check_extra_requirements vim 7"""
    if 'pkg.check_extra_requirements' in __salt__:
        return __salt__['pkg.check_extra_requirements'](pkgname, pkgver)
    return True


def version_compare(ver1, oper, ver2, ignore_epoch=False):
    """True if a comparison of two versions holds, part by part. CLI: pkg_resource.version_compare 1.0 '<' 1.1"""
    return pkgtools.fits(oper, looseversion.compare(ver1, ver2, ignore_epoch))
