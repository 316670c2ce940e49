"""The folders that one environment of `file_roots` or `pillar_roots` names."""
from __future__ import absolute_import, division, print_function

import glob
import re

from minion import compat


def named(value):
    """List of folders of a text or a list of texts, each of which may be a pattern: `/srv/formulas/*/salt`."""
    found = []
    for folder in [value] if compat.is_text(value) else value or ():
        found += sorted(glob.glob(folder)) if re.search(r'[*?[]', folder) else [folder]
    return found
