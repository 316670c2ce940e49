"""The configuration: files of YAML, checked against the table of settings, frozen.

Order, each replacing whole top-level keys of the one before: defaults, the file `minion`, the files of `default_include`
in sorted order, those of `include`, the command line. Files of one such pattern are merged into each other first (lists
joined, mappings merged), as seen with the reference from 2016.11.10 to 3008.3.
"""
from __future__ import absolute_import, division, print_function

import copy
import logging
import os
import re
import socket

from minion import accounts, compat, errors, settings
from minion.settings import checks

DEFAULT_DIR = '/etc/salt'
NAME = 'minion'
COMMAND_LINE = 'the command line'
INCLUDES = 20                        # files that include files that include files
PATHS = ('pki_dir', 'cachedir', 'sock_dir', 'extension_modules', 'pidfile')
IGNORED = ('log_handlers_dirs', 'engines', 'engines_dirs')
HOST = re.compile(r'^[^\x00-\x20\x7f/\\@\[\]*?#,;"\'<>|:]{1,255}\Z')
ZONE = re.compile(r'%[\w.-]{1,32}\Z')                                  # fe80::1%eth0


class Config(compat.Mapping):
    """The settings, frozen: `config['master']`. A value that is a list or mapping must not be changed by its reader.

    `config_dir`, `conf_file`: where it came from. `files`: paths of all files that were read. `notes`: pairs of logging
    level and text that wait for the log to be set up.
    """

    def __init__(self, values, origins=None, files=(), notes=()):
        self._values, self._origins = dict(values), dict(origins or {})
        self.files, self.notes = tuple(files), tuple(notes)

    conf_file = property(lambda self: self._values['conf_file'])
    config_dir = property(lambda self: os.path.dirname(self._values['conf_file']))

    def __getitem__(self, name):
        return self._values[name]

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __repr__(self):
        return '<Config of %s>' % self.conf_file                    # its values hold passwords

    def origin(self, name):
        """The file (or COMMAND_LINE) that set `name`, None where the default holds."""
        return self._origins.get(name)

    def where(self, name):
        """How a message names a setting: file and key, or the key alone where nothing set it."""
        source = self._origins.get(name)
        return '%s: %s' % (source, name) if source else name

    def plain(self):
        """A deep copy as a dict for `__opts__`, without the names for which the reference has no default."""
        hidden = set(name for name, setting in settings.TABLE.items() if setting.absent and name not in self._origins)
        values = dict((name, value) for name, value in self._values.items() if name not in hidden)
        return copy.deepcopy(dict(values, config_dir=self.config_dir, __role='minion'))

    def with_values(self, **values):
        """A new Config that differs in `values`; they are what the program found out and are not checked."""
        return Config(dict(self._values, **values), self._origins, self.files, self.notes)

    def with_id(self, minion_id):
        """A new Config with that id, also put behind the folders that `append_minionid_config_dirs` names."""
        names = [name for name in self['append_minionid_config_dirs'] if compat.is_text(self.get(name))]
        paths = dict((name, os.path.join(self[name], minion_id)) for name in names)
        return self.with_values(id=minion_id, **paths)


def load(config_dir=None, overrides=None, read=None):
    """Read and check the configuration.

    :param str config_dir: folder of the file `minion`; None: from the environment (SALT_CONFIG_DIR) or /etc/salt. For
        the default folder, SALT_MINION_CONFIG may name another file.
    :param dict overrides: settings from the command line; None values do not count, paths are taken as they are.
    :param callable read: instead of read_files().
    :return Config:
    :raises ConfigError: one line with file, key (or line) and value. A missing file is only noted.
    """
    path = _main_file(config_dir)
    values, origins, files, notes = (read or read_files)(path)
    given = [name for name in values if values[name] is not None or name not in settings.TABLE]    # null: the default
    origins = dict((name, origins[name]) for name in given)
    merged = settings.defaults()
    merged.update((name, _checked(origins[name], name, values[name])) for name in given)
    notes = notes + _older_names(merged, origins)
    _finish(merged, origins, path)
    for name, value in (overrides or {}).items():
        if value is not None:
            merged[name], origins[name] = _overriding(name, value), COMMAND_LINE
    _check_masters(merged, origins)
    return Config(merged, origins, files, notes + _remarks(merged, origins))


def read_files(path):
    """What the main file `path` and those that it includes hold, unchecked.

    :return: values by name; the file that set each; all files; notes, as of Config.  :raises ConfigError: as load().
    """
    reader = _Reader()
    values, origins = reader.read_all(path)
    return values, origins, reader.files, reader.notes


def parse_address(text, default_port, uri_format='default'):
    """(host, port) of what `master` may hold: host, host:port, IPv6, [IPv6], [IPv6]:port.

    :param str uri_format: 'ip_only': a colon never starts a port.
    :raises ConfigError: no such form; the text quotes it and says why, without file and key.
    """
    text = text.strip()
    host, port = text, None
    if text.startswith('['):
        host, bracket, rest = text[1:].partition(']')
        if not bracket or (rest and not rest.startswith(':')):
            raise _bad_address(text, 'needs the form [IPv6]:port')
        port = rest[1:] if rest else None
    elif text.count(':') == 1 and uri_format == 'default':
        host, _, port = text.partition(':')
    if not (_is_ipv6(host) if ':' in host or text.startswith('[') else HOST.match(host)):
        raise _bad_address(text, 'is no host name or address')
    try:
        return host, checks.port(default_port if port is None else port)
    except checks.Wrong as exc:
        raise _bad_address(text, 'has a port that should be %s' % exc)


def _is_ipv6(host):
    try:
        socket.inet_pton(socket.AF_INET6, ZONE.sub('', host))
    except (socket.error, ValueError):               # ValueError: a NUL inside, on newer Pythons
        return False
    return True


def _bad_address(text, why):
    return errors.ConfigError('the address %r %s' % (text[:80], why))


def _main_file(config_dir):
    """Path of the main file. The environment is asked as the reference does: -c wins over it."""
    folder = os.path.abspath(config_dir or os.environ.get('SALT_CONFIG_DIR') or DEFAULT_DIR)
    named = os.environ.get('SALT_MINION_CONFIG')
    if named and folder == DEFAULT_DIR and os.path.isfile(named):
        return os.path.abspath(named)
    return os.path.join(folder, NAME)


def _read_mapping(path):
    from minion import yamlfile                      # in the child that reads, see cli
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
            import glob                          # in the child that reads
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


def _overriding(name, value):
    value = _checked(COMMAND_LINE, name, value)
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
