"""Every error that this program raises on purpose.

A message is one line: it names the thing (file, key, host, setting), says why, and what to do.
Exit codes: see the table in the man page; they follow sysexits and the reference minion.
"""
from __future__ import absolute_import, division, print_function


class MinionError(Exception):
    """Base of what we raise on purpose. `retry_after`: seconds to pause, None: trying again is no use."""
    exit_code, retry_after = 1, None

    def __init__(self, message='', retry_after=None):
        Exception.__init__(self, message)
        if retry_after is not None:
            self.retry_after = retry_after


# ---- what a user can cause before the first sign-in

class ConfigError(MinionError):
    """A setting, file or id that cannot work; the message names file, key and value."""
    exit_code = 78


class UnsafePermissions(MinionError):
    """A key, configuration file or folder that others may write."""
    exit_code = 77


class Forbidden(MinionError):
    """A file or folder that the account of this process may not read, make or change."""
    exit_code = 77


class UnknownUser(MinionError):
    """The setting `user` names nobody on this host."""
    exit_code = 67


class AlreadyRunning(MinionError):
    """Another process holds the lock of this id and configuration."""
    exit_code = 1


class HalfMigrated(MinionError):
    """A migration could neither be completed nor taken back; the message says what to do. `minion migrate` ends with 2."""


class KeyFileError(MinionError):
    """A key file that cannot be read, parsed or trusted."""
    exit_code = 78


# ---- the wire; none of these tells the peer anything

class WireError(MinionError):
    """Something received does not hold."""


class BadPayload(WireError):
    """Bytes that are not msgpack within our bounds, or an object that msgpack cannot carry."""


class CrypticleError(WireError):
    """A symmetric message failed a check; `reason` is one of key, length, hmac, padding, prefix, nonce, payload."""

    def __init__(self, reason):
        WireError.__init__(self, 'encrypted message refused: ' + reason)
        self.reason = reason


class PaddingError(WireError):
    """An RSA block does not open. Deliberately says no more."""


class BadSignature(WireError):
    """A signature does not belong to the message and key."""


class BadTarget(WireError):
    """The target of a publication cannot be read, so that it names nobody; the text says why."""


class RequestTimeout(MinionError):
    """No answer in time on the request channel."""
    retry_after = 0


class Interrupted(MinionError):
    """A wait ended because this thread is to stop."""


class RequestRefused(MinionError):
    """The master answered with a plain refusal (`bad load` and its like); `text` is its word."""
    retry_after = 0

    def __init__(self, text):
        MinionError.__init__(self, 'the master refused the request: %s' % (text,))
        self.text = text


# ---- sign-in

class SignInError(MinionError):
    """Base of all outcomes of a sign-in but success. `remedy` ends the log line."""
    retry_after = 0


class KeyPending(SignInError):
    """The master knows the key and waits for an operator."""


class KeyRejected(SignInError):
    """The master holds another key under this id, or rejected ours; only an operator can help.

    `signed`: the answer was signed by the pinned master key, so that it may end the process if the settings ask so.
    """
    exit_code = 77                    # EX_NOPERM, the code that salt-minion ends with
    signed = False


class MasterFull(SignInError):
    """`max_minions` is reached on the master."""


class SignInRefused(SignInError):
    """The master answered with a plain text such as `bad load`."""


class BadAlgorithm(SignInError):
    """The master does not know our `encryption_algorithm` or `signing_algorithm`."""


class UnsignedAnswer(SignInError):
    """An unsigned answer where a signed one is required (`minimum_auth_version`, or the master signed before)."""


class UntrustedMaster(SignInError):
    """The master's answer or key failed a check; the message names the check and the file or setting."""


class FingerprintMismatch(UntrustedMaster):
    """The master's key is not the one that `master_finger` names."""
    exit_code = 42


class MasterUnusable(MinionError):
    """The settings ask to give up on a master that cannot be used."""
    exit_code = 69


# ---- execution modules; the names are those that modules written for Salt raise

class SaltException(MinionError):
    """Base of what execution modules raise; tracebacks show the name under which such modules import it."""
    __module__ = 'salt.exceptions'

    def __init__(self, message='', retry_after=None):
        MinionError.__init__(self, message, retry_after)
        self.message = self.strerror = message


class CommandExecutionError(SaltException):
    """A function could not do its work; returned as `ERROR: text`.

    :param message: text, or whatever has one.
    :param info: lists and mappings with details; shown below the message.
    """
    __module__ = 'salt.exceptions'

    def __init__(self, message='', info=None):
        text = message
        if info:
            text = '%s' % (message,)
            text += '' if not text or text[-1] in '.?!' else '.'
            text = ('%s Additional info follows:\n\n%s' % (text, '\n'.join(_outline(info, '')))).lstrip()
        SaltException.__init__(self, text)
        self.error, self.info = message, info


def _outline(value, margin):
    """Lines that show lists and mappings by indentation, as the outputter `nested` of the master's clients does."""
    if isinstance(value, dict):
        lines = []
        for key in sorted(value, key=str):
            rule = [margin + '    ----------'] if isinstance(value[key], dict) else []
            lines += ['%s%s:' % (margin, key)] + rule + _outline(value[key], margin + '    ')
        return lines
    if isinstance(value, (list, tuple)):
        return ['%s- %s' % (margin, item) for item in value]
    return [] if value == '' else ['%s%s' % (margin, value)]


class CommandNotFoundError(SaltException):
    """A program that the function needs is not installed."""
    __module__ = 'salt.exceptions'


class SaltInvocationError(SaltException, TypeError):
    """A function was called with arguments that make no sense; modules catch it as a TypeError, too."""
    __module__ = 'salt.exceptions'


class TimedProcTimeoutError(CommandExecutionError):
    """A command ran longer than its time limit."""
    __module__ = 'salt.exceptions'


# What the file client cannot do; plug-ins and tracebacks know it under the name `salt.exceptions.MinionError`.
FileClientError = type('MinionError', (SaltException,), {'__module__': 'salt.exceptions', '__doc__': 'See there.'})


class JobEnded(BaseException):
    """Raised inside the thread of a job that is told to end; no `except Exception` of a module may keep it."""


class FunctionNotAvailable(MinionError):
    """No such execution function, or its module refused to load; the text is what the master is told."""
