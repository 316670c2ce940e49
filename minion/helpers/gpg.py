"""The renderer `gpg`: texts in data that hold PGP messages, decrypted by the program gpg with the keys of one folder."""
from __future__ import absolute_import, division, print_function

import logging
import os
import re

from minion import compat
from minion.helpers import command
from minion.helpers.rendererror import SaltRenderError

log = logging.getLogger(__name__)

TIMEOUT = 60                                     # seconds for one message
_MESSAGE = re.compile(u'-----BEGIN PGP MESSAGE-----.*?-----END PGP MESSAGE-----', re.DOTALL)


def decrypted(value, opts):
    """`value`, with the messages of each text in it, however deep, replaced by what they say; keys of mappings stay.

    :param opts: settings: gpg_keydir (else the folder gpgkeys beside the configuration), gpg_decrypt_must_succeed.
    :raises SaltRenderError: a message cannot be decrypted, or there is no gpg.
    """
    if isinstance(value, dict):
        return compat.Ordered((key, decrypted(value[key], opts)) for key in value)
    if isinstance(value, list):
        return [decrypted(item, opts) for item in value]
    return _of_text(value, opts) if compat.is_text(value) else value


def _of_text(value, opts):
    text = compat.to_text(value)
    if not _MESSAGE.search(text):
        return value
    return compat.to_native(_MESSAGE.sub(lambda found: _told(found.group(), opts), text.rstrip(u'\n')))


def _told(message, opts):
    argv = ['gpg', '--homedir', folder(opts), '--status-fd', '2', '--no-tty', '--batch', '-d']
    try:
        result = command.run(argv, stdin=compat.to_bytes(message.replace(u'\\n', u'\n')), timeout=TIMEOUT)
    except EnvironmentError:
        raise SaltRenderError('GPG unavailable')
    if result.retcode == 0 and not result.timed_out:
        try:
            return compat.to_text(result.stdout)
        except UnicodeDecodeError:
            raise SaltRenderError('what a PGP message says is not UTF-8')
    if opts.get('gpg_decrypt_must_succeed', True):
        reason = compat.to_native(result.stderr.decode('utf-8', 'replace')).strip()
        raise SaltRenderError('Could not decrypt cipher, received: %s' % reason)
    log.warning('a PGP message cannot be decrypted, it stays as it is')
    return message


def folder(opts):
    """The folder of the keys, as text."""
    return compat.to_native(opts.get('gpg_keydir') or os.path.join(os.path.dirname(opts.get('conf_file') or ''), 'gpgkeys'))
