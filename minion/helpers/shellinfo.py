"""Versions of shells and script languages, for cmd.shell_info."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.helpers import command, environment

TIMEOUT = 10.0            # seconds that a program may take to tell its version
KNOWN = {
    'bash': (['bash', '--version'], r'version (\d\S*)'),
    'perl': (['perl', '-e', 'printf "%vd\\n", $^V;'], r'^(\d\S*)'),
    'php': (['php', '-v'], r'PHP (\d\S*)'),
    'python': (['python', '-V'], r'Python (\d\S*)'),
    'ruby': (['ruby', '-v'], r'ruby (\d\S*)'),
    'tcsh': (['tcsh', '--version'], r'tcsh (\d\S*)'),
    'zsh': (['zsh', '--version'], r'zsh (\d\S*)'),
}
"""Name: (how it is asked, where its answer has the version)."""


def info(name):
    """What is known of a shell: installed, path, version (up to three numbers) and version_raw, or `error`."""
    if name not in KNOWN:
        return {'installed': None, 'error': 'Salt does not know how to get the version number for %s' % name}
    argv, pattern = KNOWN[name]
    try:
        result = command.run(argv, timeout=TIMEOUT, merge=True)
    except OSError as exc:
        return {'installed': False, 'error': "Unable to run command '%s' Reason: [Errno %s] %s" % (
            ' '.join(argv), exc.errno, exc.strerror)}
    answer = compat.to_native(compat.decode_lossy(result.stdout))
    found = re.search(pattern, answer)
    if not found:
        return {'installed': None, 'error': 'The version regex query returned no results', 'stdout': answer}
    version = re.match(r'\d+(\.\d+){0,2}', found.group(1)).group(0)
    return {'installed': True, 'path': environment.which(argv[0]), 'version': version, 'version_raw': found.group(1)}
