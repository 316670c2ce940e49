"""`import salt...` in plug-ins that were written for Salt, on hosts without Salt.

`salt.exceptions` are our own errors; what else there is lies in minion/saltlike, found and loaded when it is imported. A
plug-in that imports more of Salt does not load, and the log says so.
"""
from __future__ import absolute_import, division, print_function

import os
import re
import sys
import types

from minion import errors

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'saltlike')
_IMPORT = re.compile(br'^\s*(?:import|from)\s+salt\b', re.MULTILINE)

_OURS = ('CommandExecutionError', 'CommandNotFoundError', 'MinionError', 'SaltException', 'SaltInvocationError',
         'TimedProcTimeoutError')
_PLAIN = ('ArgumentValueError', 'AuthenticationError', 'AuthorizationError', 'CheckError', 'EauthAuthenticationError',
          'FileLockError', 'FileserverConfigError', 'InvalidEntityError', 'LoaderError', 'LoaderProcessError',
          'MissingSmb', 'NotImplemented', 'PkgParseError', 'PublishError', 'SaltClientError', 'SaltConfigurationError',
          'SaltMasterError', 'SaltRenderError', 'SaltReqTimeoutError', 'SaltRunnerError', 'SaltSystemExit',
          'SaltTimeoutError', 'SaltWheelError', 'TemplateError', 'TokenAuthenticationError', 'UnsupportedArgument')


def wanted_by(source):
    """True if the source text (bytes) of a plug-in imports something of Salt."""
    return _IMPORT.search(source) is not None


def provide():
    """Make `import salt` and what plug-ins use of it work: with the real one where there is one, else with ours.

    This puts modules into sys.modules, once for the process; that is what such an import asks for.
    """
    if 'salt.exceptions' in sys.modules:
        return
    try:
        __import__('salt.exceptions')
    except ImportError:
        parent = sys.modules['salt'] = types.ModuleType('salt')
        parent.__path__ = [FOLDER]
        parent.exceptions = sys.modules['salt.exceptions'] = _exceptions()


def _exceptions():
    module = types.ModuleType('salt.exceptions')
    for name in _OURS:
        setattr(module, name, getattr(errors, name))
    for name in _PLAIN:
        setattr(module, name, type(name, (errors.SaltException,), {'__module__': 'salt.exceptions'}))
    return module
