"""`salt.exceptions` for plug-ins that were written for Salt, on hosts without Salt.

Nothing else of Salt is imitated: a plug-in that imports more of it does not load, and the log says so.
"""
from __future__ import absolute_import, division, print_function

import sys
import types

from minion import errors

_OURS = ('CommandExecutionError', 'CommandNotFoundError', 'MinionError', 'SaltException', 'SaltInvocationError',
         'TimedProcTimeoutError')
_PLAIN = ('ArgumentValueError', 'AuthenticationError', 'AuthorizationError', 'CheckError', 'EauthAuthenticationError',
          'FileLockError', 'FileserverConfigError', 'InvalidEntityError', 'LoaderError', 'LoaderProcessError',
          'MissingSmb', 'NotImplemented', 'PkgParseError', 'PublishError', 'SaltClientError', 'SaltConfigurationError',
          'SaltMasterError', 'SaltRenderError', 'SaltReqTimeoutError', 'SaltRunnerError', 'SaltSystemExit',
          'SaltTimeoutError', 'SaltWheelError', 'TemplateError', 'TokenAuthenticationError', 'UnsupportedArgument')


def wanted_by(source):
    """True if the source text (bytes) of a plug-in names the module."""
    return b'salt.exceptions' in source


def provide():
    """Make `import salt.exceptions` work: with the real one where there is one, else with our classes.

    This puts modules into sys.modules, once for the process; that is what such an import asks for.
    """
    try:
        __import__('salt.exceptions')
    except ImportError:
        parent = sys.modules.setdefault('salt', _package('salt'))
        parent.exceptions = sys.modules['salt.exceptions'] = _exceptions()


def _package(name):
    module = types.ModuleType(name)
    module.__path__ = []                       # so that its missing parts are reported as missing
    return module


def _exceptions():
    module = types.ModuleType('salt.exceptions')
    for name in _OURS:
        setattr(module, name, getattr(errors, name))
    for name in _PLAIN:
        setattr(module, name, type(name, (errors.SaltException,), {'__module__': 'salt.exceptions'}))
    return module
