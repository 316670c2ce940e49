"""Programs that a test host lacks: small scripts first on PATH that note how they were called and print what they are told."""
from __future__ import absolute_import, division, print_function

import io
import os

SCRIPT = u"""#!/bin/sh
printf '%s' "{name}" >> {log}
for word in "$@"; do printf ' %s' "$word" >> {log}; done
echo >> {log}
case "$*" in
{cases}esac
exit 0
"""
CASE = u"""{pattern}) cat {out}; cat {err} >&2; exit {code};;
"""


class Programs(object):
    """A folder of fake programs; a context, as a fixture, puts it on PATH."""

    def __init__(self, folder, monkeypatch):
        self._folder, self._log = str(folder), os.path.join(str(folder), 'calls.log')
        monkeypatch.setenv('PATH', self._folder + os.pathsep + os.environ.get('PATH', ''))
        self._cases = {}

    def add(self, name, pattern=u'*', out=u'', code=0, err=u''):
        """Let `name` answer when its arguments, joined by blanks, fit a pattern of sh; earlier ones come first."""
        number = sum(len(cases) for cases in self._cases.values())
        paths = {}
        for stream, text in (('out', out), ('err', err)):
            paths[stream] = os.path.join(self._folder, '%d.%s' % (number, stream))
            _write(paths[stream], text)
        self._cases.setdefault(name, []).append(CASE.format(pattern=_quoted(pattern), code=code, **paths))
        path = os.path.join(self._folder, name)
        _write(path, SCRIPT.format(name=name, log=self._log, cases=u''.join(self._cases[name])))
        os.chmod(path, 0o755)
        return self

    def calls(self):
        """How all of them were called, in order: 'name argument argument'."""
        if not os.path.exists(self._log):
            return []
        with io.open(self._log, encoding='utf-8') as stream:
            return [str(line) for line in stream.read().splitlines()]

    def forget(self):
        """Begin a new list of calls."""
        if os.path.exists(self._log):
            os.unlink(self._log)


def _quoted(pattern):
    """A pattern of `case` in which only `*` is special."""
    return u'*'.join(u"'%s'" % part.replace(u"'", u"'\\''") if part else u'' for part in pattern.split(u'*')) or u"''"


def _write(path, text):
    with io.open(path, 'w', encoding='utf-8') as stream:
        stream.write(text if isinstance(text, type(u'')) else text.decode('utf-8'))
