"""Reading the configuration files: YAML, includes, checks against the table of settings, what follows from other values.

Order, each replacing whole top-level keys of the one before: defaults, the file `minion`, the files of `default_include`
in sorted order, those of `include`, the command line. Files of one such pattern are merged into each other first (lists
joined, mappings merged), as seen with the reference from 2016.11.10 to 3008.3.
"""
from __future__ import absolute_import, division, print_function

import logging
import os

from minion import accounts, compat, errors, settings
from minion.address import parse_address
from minion.settings import checks

INCLUDES = 20                        # files that include files that include files
PATHS = ('pki_dir', 'cachedir', 'sock_dir', 'extension_modules', 'pidfile')
IGNORED = ('log_handlers_dirs', 'engines', 'engines_dirs')


def gather(path, overrides, label):
    """What the main file `path`, those that it includes and the command line make of the settings.

    :param dict overrides: as of config.load().  :param str label: the origin of those.
    :return: values by name; origins by name; paths of the files; notes; names without a default in the reference that
        nothing set. All of it can be sent by a child (minion.apart).
    :raises ConfigError: as config.load().
    """
    reader = _Reader()
    values, origins = reader.read_all(path)
    given = [name for name in values if values[name] is not None or name not in settings.TABLE]    # null: the default
    origins = dict((name, origins[name]) for name in given)
    merged = settings.defaults()
    merged.update((name, _checked(origins[name], name, values[name])) for name in given)
    notes = reader.notes + _older_names(merged, origins)
    _finish(merged, origins, path)
    for name, value in (overrides or {}).items():
        if value is not None:
            merged[name], origins[name] = _overriding(name, value, label), label
    _check_masters(merged, origins)
    hidden = [name for name, setting in settings.TABLE.items() if setting.absent and name not in origins]
    return merged, origins, reader.files, notes + _remarks(merged, origins), hidden


def _read_mapping(path):
    from minion import yamlfile
    return yamlfile.read_mapping(path)


class _Reader(object):
    """Reads the main file and what it includes; remembers the files and what is to be said about them."""

    def __init__(self):
        self.files, self.notes = [], []

    def read_all(self, path):
        """(values, origins): by name, the value and the file that set it last."""
        values = self._read_main(path)
        origins = dict.fromkeys(values, path)
        patterns = values.get('default_include')
        if patterns is None:
            patterns = settings.TABLE['default_include'].default
        default, include = self._patterns(path, 'default_include', patterns), values.get('include')
        for found in (self._included(default, path, False, ()),
                      self._included(self._patterns(path, 'include', include), path, True, ())):
            values.update(found[0])
            origins.update(found[1])
        return values, origins

    def _read_main(self, path):
        values = _read_mapping(path)
        if values is None:
            self.notes.append((logging.WARNING, '%s does not exist: the defaults hold' % path))
            return {}
        if os.path.getsize(path) == 0:               # nobody installs such a file: a loss of power leaves it
            self.notes.append((logging.WARNING, '%s is empty: the defaults hold' % path))
        self.files.append(path)
        return values

    def _patterns(self, path, name, value):
        if value in (None, '', []):
            return []
        value = _checked(path, name, value)
        return [value] if compat.is_text(value) else value

    def _included(self, patterns, base, expected, above):
        values, origins = {}, {}
        for pattern in patterns:
            full = os.path.join(os.path.dirname(base), pattern)
            import glob
            names = sorted(name for name in glob.glob(full) if not os.path.isdir(name))
            if not names and expected:
                self.notes.append((logging.WARNING, '%s: include: no file matches %s' % (base, full)))
            for name in names:
                found, sources = self._read_included(name, above)
                _merge(values, found)
                origins.update(sources)
        return values, origins

    def _read_included(self, path, above):
        if path in above or len(above) >= INCLUDES:
            raise errors.ConfigError('%s: include: the files include each other' % path)
        try:
            values = _read_mapping(path)
        except errors.ConfigError as exc:
            if os.path.basename(path) != '_schedule.conf':
                raise
            # written by the program, not by people: a loss of power may leave NULs in it and must not end the start
            self.notes.append((logging.ERROR, 'ignored: %s' % exc))
            values = None
        if not values:
            return {}, {}
        self.files.append(path)
        origins = dict.fromkeys(values, path)
        inner = self._included(self._patterns(path, 'include', values.get('include')), path, True, above + (path,))
        values.update(inner[0])
        origins.update(inner[1])
        return values, origins


def _merge(into, values):
    """Mappings key by key, lists joined without doubles, anything else replaced."""
    for name, value in values.items():
        old = into.get(name)
        if isinstance(old, dict) and isinstance(value, dict):
            _merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            into[name] = old + [item for item in value if item not in old]
        else:
            into[name] = value


def _checked(source, name, value):
    if not compat.is_text(name):
        return value
    try:
        return settings.checked(name, value)
    except checks.Wrong as exc:
        raise errors.ConfigError('%s: %s: %s' % (source, name, exc))


def _overriding(name, value, label):
    value = _checked(label, name, value)
    return os.path.abspath(value) if name in PATHS or name == 'log_file' and '://' not in value else value


def _older_names(values, origins):
    """The value of `environment` counts as that of `saltenv`, unless that is there, too; notes on it."""
    if 'environment' not in origins:
        return []
    where = '%s: environment' % origins['environment']
    if 'saltenv' in origins:
        return [(logging.WARNING, '%s: an older name of saltenv, which is set, too; ignored' % where)]
    values['saltenv'], origins['saltenv'] = values['environment'], origins['environment']
    return [(logging.WARNING, '%s: an older name of saltenv; taken as that' % where)]


def _finish(values, origins, path):
    """The values that follow from others; paths as the reference derives them."""
    values['conf_file'] = path
    values['root_dir'] = os.path.abspath(values['root_dir'])
    if 'user' not in origins:
        values['user'] = accounts.current()
    names = PATHS if '://' in values['log_file'] else PATHS + ('log_file',)
    for name in names:
        values[name] = _below(values['root_dir'], values[name])
    if len(values['sock_dir']) > len(values['cachedir']) + 10:         # the reference fears too long socket names
        values['sock_dir'] = os.path.join(values['cachedir'], '.salt-unix')
    if not values['utils_dirs']:
        values['utils_dirs'] = [os.path.join(values['extension_modules'], 'utils')]


def _below(root, path):
    if root == '/' or path == root or path.startswith(root + '/'):
        return os.path.join('/', path)
    return os.path.join(root, path.lstrip('/'))


def _check_masters(values, origins):
    if values['master_type'] in ('func', 'disable'):
        return
    masters = values['master'] if isinstance(values['master'], list) else [values['master']]
    label = '%s: master' % origins['master'] if 'master' in origins else 'master'
    if not masters or not all(master.strip() for master in masters):
        raise errors.ConfigError('%s: needs the address of a master' % label)
    for master in masters:
        try:
            parse_address(master, values['master_port'], values['master_uri_format'])
        except errors.ConfigError as exc:
            raise errors.ConfigError('%s: %s' % (label, exc))


def _remarks(values, origins):
    """Notes on keys that nobody here reads, and on settings of which nothing comes."""
    notes = [(logging.WARNING, '%s: %s: not offered by this program, ignored' % (origins[name], name))
             for name in IGNORED if values.get(name)]
    unknown = [name for name in origins if name not in settings.TABLE and name not in IGNORED]
    idle = [name for name, setting in settings.TABLE.items() if setting.no_effect and name in origins
            and name not in IGNORED and values[name] != setting.default]
    notes += [(logging.INFO, '%s: %s: no effect here: %s' % (origins[name], name, settings.TABLE[name].no_effect))
              for name in sorted(idle)]
    return notes + [(logging.DEBUG, '%s: %s: not a setting of this program, kept for modules' % (origins[name], name))
                    for name in sorted(unknown, key=str)]
