"""Writes the pages that follow from the program: `python -m docs.pages` after a change of a setting, an option or a help text.

They are kept in the repository, so that people can read them there; tests/unit/test_pages.py fails when one is not what
this writes now.
"""
from __future__ import absolute_import, division, print_function

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)                         # the minion of this checkout, from wherever it is called

from docs import manpage, settingspage           # noqa: E402


def read(name):
    """Text of a file of the checkout, u'' if there is none."""
    try:
        with open(os.path.join(ROOT, name), 'rb') as stream:
            return stream.read().decode('utf-8')
    except EnvironmentError:
        return u''


def pages():
    """[(path below the checkout, text as it should be)], the sample first, as the page of settings is made from it."""
    sample = settingspage.sample(read('conf/minion'))
    return [('conf/minion', sample), ('docs/configuration.md', settingspage.page(sample)),
            ('conf/minion.1', manpage.page())]


def main():
    """Write what is not up to date and name it."""
    for name, text in pages():
        if read(name) != text:
            with open(os.path.join(ROOT, name), 'wb') as stream:
                stream.write(text.encode('utf-8'))
            print('written: %s' % name)


if __name__ == '__main__':
    main()
