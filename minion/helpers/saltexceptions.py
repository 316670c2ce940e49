"""The exceptions that execution modules know under `salt.exceptions`: our own errors, and those that only have a name."""
from __future__ import absolute_import, division, print_function

from minion import errors

HOME = 'salt.exceptions'                # the module of the reference from which modules import them

_OURS = {'CommandExecutionError': errors.CommandExecutionError, 'CommandNotFoundError': errors.CommandNotFoundError,
         'MinionError': errors.FileClientError, 'SaltException': errors.SaltException,
         'SaltInvocationError': errors.SaltInvocationError, 'TimedProcTimeoutError': errors.TimedProcTimeoutError}
_PLAIN = '''AuthenticationError AuthorizationError EauthAuthenticationError FileLockError FileserverConfigError GitLockError
GitRemoteError InvalidKeyError LoaderError LoaderProcessError LoggingRuntimeError MissingSmb NotImplemented NxosCliError
NxosClientError NxosError NxosRequestNotSupported PkgParseError PublishError SaltCacheError SaltClientError SaltClientTimeout
SaltCloudConfigError SaltCloudException SaltCloudExecutionFailure SaltCloudExecutionTimeout SaltCloudNotFound
SaltCloudPasswordError SaltCloudSystemExit SaltConfigurationError SaltDaemonNotRunning SaltDeserializationError SaltMasterError
SaltMasterUnresolvableError SaltNoMinionsFound SaltRenderError SaltReqTimeoutError SaltRunnerError SaltSyndicMasterError
SaltSystemExit SaltTimeoutError SaltValidationError SaltWheelError TemplateError TimeoutError TokenAuthenticationError
TokenExpiredError UnsupportedAlgorithm UnsupportedArgument'''.split()
# their kind is CommandExecutionError: a job that they end returns `ERROR: text`
_OF_COMMANDS = '''ArgumentValueError CheckError CodePageError InvalidConfigError InvalidEntityError VMwareApiError
VMwareConnectionError VMwareFileNotFoundError VMwareMultipleObjectsError VMwareNotFoundError VMwareObjectExistsError
VMwareObjectNotFoundError VMwareObjectRetrievalError VMwarePowerOnError VMwareRuntimeError VMwareSaltError VMwareSystemError
VMwareVmCreationError VMwareVmRegisterError'''.split()


def names():
    """The names of all of them."""
    return list(_OURS) + _PLAIN + _OF_COMMANDS


def named(name):
    """The exception of a name, None if there is none. One that only has a name is another class each time."""
    if name in _PLAIN:
        return type(name, (errors.SaltException,), {'__module__': HOME})
    if name in _OF_COMMANDS:
        return type(name, (errors.CommandExecutionError,), {'__module__': HOME})
    return _OURS.get(name)
