"""Which commands install what pkg.install of Debian is asked for."""
from __future__ import absolute_import, division, print_function

from collections import namedtuple

from minion.helpers import dpkgversion, pkgtools

Plan = namedtuple('Plan', 'commands names again errors')
"""`commands`: argument lists; `names`: what they install; `again`: names of what is reinstalled; `errors`: texts."""


def prefix(options, skip_verify, fromrepo):
    """The command line of apt-get up to the packages.

    :param dict options: the keywords of pkg.install.
    """
    words = ['apt-get', '-q', '-y']
    if options.get('force_yes'):
        words.append('--force-yes')
    words += conf_files(options)
    if 'install_recommends' in options:
        words.append('--install-recommends' if options['install_recommends'] else '--no-install-recommends')
    if options.get('only_upgrade'):
        words.append('--only-upgrade')
    if skip_verify:
        words.append('--allow-unauthenticated')
    if fromrepo:
        words += ['-t', fromrepo]
    return words + ['install']


def conf_files(options):
    """What becomes of configuration files that were changed: kept, unless the caller asks for the new ones."""
    if options.get('force_conf_new'):
        return ['-o', 'DPkg::Options::=--force-confnew']
    return ['-o', 'DPkg::Options::=--force-confold', '-o', 'DPkg::Options::=--force-confdef']


def file_prefix(options, skip_verify):
    """The command line of dpkg up to the files."""
    words = ['dpkg', '-i', '--force-confnew' if options.get('force_conf_new') else '--force-confold']
    return words + (['--force-bad-verify'] if skip_verify else [])


class Planner(object):
    """Sorts targets into installed, downgraded and reinstalled ones.

    :param dict old: what is installed, name to version.  :param list prefix: see above.
    :param bool reinstall, downloadonly: as pkg.install takes them.
    """

    def __init__(self, old, prefix, reinstall=False, downloadonly=False):
        self._old, self._prefix, self._reinstall = old, prefix, reinstall
        self._more = ['--download-only'] if downloadonly else []
        self._targets, self._downgrades, self._again, self.errors = [], [], {}, []

    def add(self, name, word, version):
        """One target: `word` is what the command line names it by; `version` None: any."""
        present = self._old.get(name, '')
        if version is None:
            if self._reinstall and present:
                self._again[name] = word
            else:
                self._targets.append(word)
            return
        order = dpkgversion.compare(version, present) if present else None
        if self._reinstall and present and order == 0:
            self._again[name] = word
        elif not present or order is None or order >= 0:
            self._targets.append(word)
        else:
            self._downgrades.append(word)

    def plan(self, from_repository):
        """The Plan for all targets added."""
        commands = []
        if self._targets:
            commands.append(self._prefix + self._more + self._targets)
        if self._downgrades:
            force = ['--allow-downgrades'] if from_repository and '--force-yes' not in self._prefix else []
            commands.append(self._before_last(force) + self._more + self._downgrades)
        if self._again:
            force = ['--reinstall'] if from_repository else []
            commands.append(self._prefix + force + self._more + sorted(self._again.values()))
        names = [word.split('=')[0] for word in self._targets + self._downgrades]
        return Plan(commands, names, sorted(self._again), self.errors)

    def _before_last(self, words):
        return self._prefix[:-1] + words + self._prefix[-1:] if words else self._prefix


def chosen(name, condition, available, ignore_epoch):
    """(version, None) that fulfils a condition as '>=1.0', or (None, error text)."""
    version = pkgtools.best(condition, available, lambda a, b: dpkgversion.compare(a, b, ignore_epoch))
    if version is None:
        return None, "No version matching '%s%s' could be found (available: %s)" % (
            name, condition, ', '.join(available) if available else None)
    return version, None


def is_condition(version):
    """True for '>=1.0', '1.*' and their like."""
    return version is not None and (version[:1] in '<>!' or '*' in version)
