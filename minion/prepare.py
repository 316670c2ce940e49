"""What must hold before anything else is done: an account, folders with safe modes, files that only root may change."""
from __future__ import absolute_import, division, print_function

import errno
import logging
import os
import stat

from minion import accounts, compat, errors, files, identity, ownership

log = logging.getLogger(__name__)

KEY_FILES = ('minion.pem', 'minion.pub', 'minion_master.pub')
STATE = ('proc', 'spool', 'jobs')                    # below cachedir
MODULE_DIRS = ('module_dirs', 'grains_dirs', 'returner_dirs', 'states_dirs', 'render_dirs', 'utils_dirs')
PKI_MODES = (0o700, 0o750)


def prepare(config):
    """Check the environment and make the folders that are missing.

    :raises UnknownUser: the setting `user` names nobody.
    :raises UnsafePermissions: as root: a configuration or key file, or a folder of them, that others may change.
    :raises ConfigError, Forbidden: a folder that cannot be made or used; the message names setting and path.
    """
    owner = accounts.new_owner(config['user'])
    check(config)
    if config['verify_env']:
        _make_folders(config, owner)
        _close_key_folder(config['pki_dir'], config['permissive_pki_access'])
        if owner is not None:
            _hand_over(config, owner)
    if not os.access(config['pki_dir'], os.R_OK | os.X_OK):
        raise errors.Forbidden('pki_dir: %s: cannot be read by %s' % (config['pki_dir'], accounts.current()))


def check(config):
    """The part that changes nothing, and must hold before anything that the settings name is believed or run.

    :raises UnknownUser, UnsafePermissions, Forbidden: as prepare().
    """
    owner = accounts.new_owner(config['user'])
    _check_account(config)
    if os.geteuid() == 0:
        _check_files(config, (0,) if owner is None else (0, owner[0]))


def _check_account(config):
    """Only root can become somebody else."""
    if os.geteuid() == 0 or config['user'] == accounts.current():
        return
    if accounts.lookup(config['user']).pw_uid != os.geteuid():
        raise errors.Forbidden('%s: %s: cannot become this account as %s: start as root, or change the setting'
                               % (config.where('user'), config['user'], accounts.current()))


def _check_files(config, owners):
    keys = (config['pki_dir'],) + tuple(os.path.join(config['pki_dir'], name) for name in KEY_FILES)
    for path in config.files + (config.config_dir, os.path.join(config.config_dir, 'minion.d'),
                                os.path.join(config.config_dir, 'grains'), identity.path_of_file(config)):
        ownership.check(path, 'configuration', owners)
    for path in keys:
        ownership.check(path, 'pki_dir', owners, keys if config['permissive_pki_access'] else ())
    for name in ('cachedir', 'extension_modules'):
        ownership.check(config[name], name, owners)
    for name in MODULE_DIRS:
        for path in config[name]:
            ownership.check(path, name, owners)


def _folders(config):
    """(setting, path, needed) of all folders; what is not needed is only missed in the log."""
    cachedir = config['cachedir']
    found = [('pki_dir', config['pki_dir'], True), ('cachedir', cachedir, True)]
    found += [('cachedir', os.path.join(cachedir, name), True) for name in STATE]
    found += [('extension_modules', config['extension_modules'], False), ('sock_dir', config['sock_dir'], False),
              ('pidfile', os.path.dirname(config['pidfile']), False),
              ('config_dir', os.path.join(config.config_dir, 'minion.d'), False)]
    if '://' not in config['log_file']:
        found.append(('log_file', os.path.dirname(config['log_file']), False))
    return found


def _make_folders(config, owner):
    for name, path, needed in _folders(config):
        try:
            compat.make_dirs(path, 0o700, owner)
        except OSError as exc:
            text = '%s: the folder %s cannot be made: %s' % (name, path, files.reason(exc))
            if not needed or exc.errno in files.DISK and name != 'pki_dir':
                log.warning('%s', text)
            elif exc.errno in (errno.EACCES, errno.EPERM):
                raise errors.Forbidden('%s for %s' % (text, accounts.current()))
            else:
                raise errors.ConfigError(text)


def _close_key_folder(path, group_may):
    """0700, unless it is 0750: the reference leaves this one for a group that may read the keys."""
    try:
        mode = stat.S_IMODE(os.stat(path).st_mode)
        wanted = 0o700 | mode & 0o070 if group_may else 0o700
        if mode not in PKI_MODES + (wanted,):
            os.chmod(path, wanted)
            log.warning('pki_dir: %s had the mode %04o, now %04o', path, mode, wanted)
    except OSError as exc:
        raise errors.Forbidden('pki_dir: %s: its mode cannot be set to 0700: %s' % (path, files.reason(exc)))


def _hand_over(config, owner):
    for name in ('pki_dir', 'cachedir', 'sock_dir', 'extension_modules'):
        try:
            if os.path.isdir(config[name]):
                ownership.hand_over(config[name], owner)
        except OSError as exc:
            text = '%s: %s cannot be given to %s: %s' % (name, config[name], config['user'], files.reason(exc))
            if exc.errno not in files.DISK:
                raise errors.Forbidden(text)
            log.warning('%s', text)
