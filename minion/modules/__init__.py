"""Execution modules: one file for each name that a master may call, or for each way of providing that name.

They import compat, errors, files, helpers and the standard library, and get the rest filled in by the loader.
"""

VIRTUAL = {
    'sysmod': 'sys',
}
"""{file name: module name} where these differ, so that looking up a name does not read every file."""
