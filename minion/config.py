"""The configuration, frozen. Reading its files is the business of configfiles."""
from __future__ import absolute_import, division, print_function

import copy
import os

from minion import compat

DEFAULT_DIR = '/etc/salt'
NAME = 'minion'
COMMAND_LINE = 'the command line'


class Config(compat.Mapping):
    """The settings, frozen: `config['master']`. A value that is a list or mapping must not be changed by its reader.

    `config_dir`, `conf_file`: where it came from. `files`: paths of all files that were read. `notes`: pairs of logging
    level and text that wait for the log to be set up.

    :param hidden: names that execution modules do not see, as nothing set them and the reference has no default for them.
    """

    def __init__(self, values, origins=None, files=(), notes=(), hidden=()):
        self._values, self._origins, self._hidden = dict(values), dict(origins or {}), frozenset(hidden)
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
        values = dict((name, value) for name, value in self._values.items() if name not in self._hidden)
        return copy.deepcopy(dict(values, config_dir=self.config_dir, __role='minion'))

    def with_values(self, **values):
        """A new Config that differs in `values`; they are what the program found out and are not checked."""
        return Config(dict(self._values, **values), self._origins, self.files, self.notes, self._hidden)

    def with_id(self, minion_id):
        """A new Config with that id, also put behind the folders that `append_minionid_config_dirs` names."""
        names = [name for name in self['append_minionid_config_dirs'] if compat.is_text(self.get(name))]
        paths = dict((name, os.path.join(self[name], minion_id)) for name in names)
        return self.with_values(id=minion_id, **paths)


def load(config_dir=None, overrides=None, elsewhere=None):
    """Read and check the configuration.

    :param str config_dir: folder of the file `minion`; None: from the environment (SALT_CONFIG_DIR) or /etc/salt. For
        the default folder, SALT_MINION_CONFIG may name another file.
    :param dict overrides: settings from the command line; None values do not count, paths are taken as they are.
    :param callable elsewhere: elsewhere(work) gives what work() does, by a child: minion.apart.
    :return Config:
    :raises ConfigError: one line with file, key (or line) and value. A missing file is only noted.
    """
    path = _main_file(config_dir)
    return Config(*(elsewhere or _here)(lambda: _gather(path, overrides)))


def _here(work):
    return work()


def _gather(path, overrides):
    from minion import configfiles                   # with the table of settings: only while the files are read
    return configfiles.gather(path, overrides, COMMAND_LINE)


def _main_file(config_dir):
    """Path of the main file. The environment is asked as the reference does: -c wins over it."""
    folder = os.path.abspath(config_dir or os.environ.get('SALT_CONFIG_DIR') or DEFAULT_DIR)
    named = os.environ.get('SALT_MINION_CONFIG')
    if named and folder == DEFAULT_DIR and os.path.isfile(named):
        return os.path.abspath(named)
    return os.path.join(folder, NAME)
