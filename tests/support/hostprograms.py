"""A folder of programs that only note how they were called and print what a test wrote for them."""
from __future__ import absolute_import, division, print_function

import io
import json
import os
import stat

from minion import compat

_SOURCE = u"""#!/bin/sh
# every word of the call on a line of its own, then a line with the mark of the end; no interpreter that starts slowly
name="${0##*/}"
here="${0%%/*}/../answers"
{ printf '%%s\\n' "$name" "$@"; printf '\\001\\n'; } >> "$here/log"
case "%(stdin)s" in yes) cat >> "$here/$name.stdin";; esac
for words in "$name $*" "$name $1" "$name"; do
    file="$here/$(printf %%s "$words" | tr '/ ' '~_')"
    if [ -e "$file.out" ]; then
        cat "$file.out"
        cat "$file.err" >&2
        exit "$(cat "$file.rc")"
    fi
done
exit 0
"""


class Programs(object):
    """`bin` is to come first on PATH. Programs that were not added are those of the host."""

    def __init__(self, folder):
        self.bin, self._answers = os.path.join(folder, 'bin'), os.path.join(folder, 'answers')
        self._readers = set()
        os.mkdir(self.bin)
        os.mkdir(self._answers)

    def add(self, *names, **options):
        """Have these programs; stdin=True: they read their input, see given()."""
        for name in names:
            path = os.path.join(self.bin, name)
            self._readers.update([name] if options.get('stdin') else [])
            self._write(path, _SOURCE % {'stdin': 'yes' if name in self._readers else 'no'})
            os.chmod(path, stat.S_IRWXU)

    def script(self, name, text):
        """A program of the test's own, in the language of sh."""
        path = os.path.join(self.bin, name)
        self._write(path, u'#!/bin/sh\n' + compat.to_text(text))
        os.chmod(path, stat.S_IRWXU)

    def answer(self, call, out='', err='', code=0):
        """What a program prints when it is called so: with all words, its first word, or by its name alone."""
        self.add(call.split()[0])
        name = self._path(call.replace('/', '~').replace(' ', '_'))
        for ending, text in (('.out', out), ('.err', err), ('.rc', '%d' % code)):
            self._write(name + ending, compat.to_text(text))

    def _path(self, name):
        return os.path.join(self._answers, name)

    @staticmethod
    def _write(path, text):
        with io.open(path, 'w', encoding='utf-8') as stream:
            stream.write(text)

    def calls(self):
        """The calls since the last time: a list of lists of words."""
        path = self._path('log')
        if not os.path.exists(path):
            return []
        with io.open(path, encoding='utf-8') as stream:
            text = stream.read()
        os.unlink(path)
        return [compat.native_tree(json.loads(json.dumps(call.split(u'\n')[:-1]))) for call in text.split(u'\x01\n')[:-1]]

    def given(self, name):
        """All that a program read."""
        with io.open(self._path(name + '.stdin'), encoding='utf-8') as stream:
            return compat.to_native(stream.read())
