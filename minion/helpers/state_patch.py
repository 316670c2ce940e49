"""Trying a patch without changing anything (file.patch)."""
from __future__ import absolute_import, division, print_function

import os
import tempfile

FAILED = 'Patch would not apply cleanly, no changes made. Results of dry-run are below.'
KEEP_REJECTS = ' Run state again using the reject_file option to save rejects to a persistent file.'


class Trial(object):
    """What applying a patch would do; use as a context manager, which removes its temporary files.

    :param run: called as run(path of the patch, list of options) -> what cmd.run_all answers.
    :param str rejects: where parts that do not fit are written, or None.
    """

    def __init__(self, run, rejects=None):
        self._run, self._made = run, []
        self._rejects = rejects

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for path in self._made:
            if os.path.exists(path):
                os.unlink(path)

    def temporary(self):
        """A new empty file."""
        handle, path = tempfile.mkstemp(prefix='__salt.tmp.')
        os.close(handle)
        self._made.append(path)
        return path

    def attempt(self, patch, options):
        """(answer of the attempt, True if the patch is applied already)"""
        rejects = self._rejects or self.temporary()
        answer = self._run(patch, options + ['-N', '-r', rejects, '-o', self.temporary()])
        if answer['retcode'] == 0 or not os.path.exists(rejects) or not os.path.getsize(rejects):
            return answer, False
        back = self._run(rejects, ['-R', '-f', '--dry-run', '-r', self.temporary()])
        return answer, back['retcode'] == 0
