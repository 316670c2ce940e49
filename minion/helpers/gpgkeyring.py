"""The program gpg on one folder of keys: 1.4, 2.0, and from 2.1 on with its agent."""
from __future__ import absolute_import, division, print_function

import contextlib
import logging
import os
import re
import shutil
import tempfile
from collections import namedtuple

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import command, environment, gpg, gpgstatus, runas

log = logging.getLogger(__name__)

TIMEOUT = 600                                     # seconds: new keys wait for random bytes
_OPTIONS = ['--status-fd', '2', '--no-tty', '--no-verbose', '--fixed-list-mode', '--batch', '--with-colons']

Told = namedtuple('Told', 'code status out err')
"""`status`: as gpgstatus.lines() gives it; `out`: bytes; `err`: a text."""


def opened(opts, user=None, gnupghome=None, keyring=None):
    """The Keyring of a user; None: who we are; `salt`: the one that the renderer gpg has.

    :raises CommandExecutionError: unknown user.
    """
    if user == 'salt':
        return Keyring(gnupghome or gpg.folder(opts), keyring, None)
    account = runas.account(os.geteuid() if user is None else user)
    return Keyring(gnupghome or os.path.join(account.pw_dir, '.gnupg'), keyring, account)


class Keyring(object):
    """One folder, and one file of keys in it if there is a `keyring`; `account`: entry of the user database, None for us."""

    def __init__(self, home, keyring, account):
        self._home, self._keyring, self._account = compat.to_native(home), keyring, account

    def run(self, words, stdin=b'', passphrase=None):
        """What gpg tells.

        :param list words: options and arguments; no shell reads them.  :param bytes stdin: for it to read.
        :param passphrase: text that it reads before `stdin`; None: keys have none.
        :raises CommandExecutionError: gpg cannot be started, or takes too long.
        """
        argv = [environment.which('gpg') or 'gpg'] + _OPTIONS + ['--homedir', self._home]
        if self._keyring:
            argv += ['--no-default-keyring', '--keyring', self._keyring]
        if passphrase is not None:
            argv += ['--passphrase-fd', '0'] + (['--pinentry-mode', 'loopback'] if self.version() >= (2, 1) else [])
            stdin = compat.to_bytes(passphrase) + b'\n' + stdin
        result = self._start(argv + list(words), stdin)
        err = compat.to_native(compat.decode_lossy(result.stderr))
        return Told(result.retcode, gpgstatus.lines(err), result.stdout, err)

    def _start(self, argv, stdin):
        other = self._account is not None and self._account.pw_uid != os.geteuid()
        options = {'identity': runas.identity(self._account), 'env': environment.for_command(
            login=environment.about(self._account))} if other else {}
        try:
            result = command.run(argv, stdin=stdin, timeout=TIMEOUT, cwd='/', umask=0o077, **options)
        except OSError as exc:
            raise CommandExecutionError('gpg: %s' % exc)
        if result.timed_out:
            raise CommandExecutionError('gpg did not end within %d seconds' % TIMEOUT)
        log.debug('gpg ended with %d', result.retcode)
        return result

    def version(self):
        """(2, 2, 40)"""
        text = compat.to_native(self._start([environment.which('gpg') or 'gpg', '--version'], b'').stdout)
        found = re.search(r' (\d+)\.(\d+)\.(\d+)', text.partition('\n')[0])
        return tuple(int(part) for part in found.groups()) if found else (0, 0, 0)

    def prepare(self):
        """Make the folder, for its user alone, if it is missing."""
        owner = None if self._account is None else (self._account.pw_uid, self._account.pw_gid)
        compat.make_dirs(self._home, 0o700, owner)

    def keys(self, secret=False):
        """A list of keys as gpgstatus.keys() gives them."""
        told = self.run(['--list-secret-keys' if secret else '--list-keys', '--fingerprint', '--fingerprint'])
        return gpgstatus.keys(compat.to_native(compat.decode_lossy(told.out)))

    def shown(self, data):
        """The keys in a file, which is not imported.

        :param bytes data: armored or not.
        """
        if self.version() >= (2, 1, 23):
            told = self.run(['--dry-run', '--import-options', 'import-show', '--import'], data)
            return gpgstatus.keys(compat.to_native(compat.decode_lossy(told.out)))
        with trial(data) as ring:
            return ring.keys()

    def export(self, names, secret=False, passphrase=None):
        """The keys that gpg knows by these names, armored, bytes; none for no key.

        :raises SaltInvocationError: a name would be an option.
        """
        what = '--export-secret-keys' if secret else '--export'
        loopback = ['--pinentry-mode', 'loopback'] if secret and passphrase is None and self.version() >= (2, 1) else []
        return self.run(loopback + ['--armor', what, '--'] + checked(names), b'', passphrase).out


@contextlib.contextmanager
def trial(data):
    """A Keyring of a folder of its own, with the keys of `data` (bytes), for the time of a `with`."""
    folder = tempfile.mkdtemp(prefix='minion-gpg-')
    try:
        ring = Keyring(folder, None, None)
        ring.run(['--no-autostart', '--import'] if ring.version() >= (2, 1) else ['--import'], data)
        yield ring
    finally:
        shutil.rmtree(folder, True)


def checked(names):
    """Names of keys as a list of texts.  :raises SaltInvocationError: one would be an option of gpg."""
    found = []
    for name in names:
        text = compat.to_native(name if compat.is_text(name) else compat.shown(name))
        if text.startswith('-') or not text:
            raise SaltInvocationError("'%s' is no name of a key" % text)
        found.append(text)
    return found
