"""Functions that settings name, such as `id_function`: called before there is a master, grains or pillar."""
from __future__ import absolute_import, division, print_function

from minion import errors, loader


def call(config, name, keywords):
    """What the execution function `name` returns.

    :param Config config: gives the folders that are searched, and `__opts__`.
    :raises FunctionNotAvailable: no such function.  :raises CommandExecutionError: it failed, with any error.
    """
    functions = loader.Loader(config.plain()).functions
    try:
        function = functions[name]
    except KeyError:
        raise errors.FunctionNotAvailable(functions.missing(name))
    try:
        return function(**keywords)
    except errors.MinionError:
        raise
    except Exception as exc:                     # code of others, as in a job
        raise errors.CommandExecutionError('%s failed: %s: %s' % (name, type(exc).__name__, exc))
