"""In what our returns may differ from the reference's, rule by rule; each names its reason."""
from __future__ import absolute_import, division, print_function

import fnmatch
from collections import namedtuple

from tests.support import twins

# pattern: glob for `fun`, or for the name of a case; path: of the values in the answer, see twins.at; how: gone (not
# compared), shape (types and keys only), or a function that brings either side to one form.
Rule = namedtuple('Rule', 'pattern path how reason')
GONE, SHAPE = 'gone', 'shape'

RULES = [
    Rule('cmd.run_all', 'ret/pid', SHAPE, 'a pid'),
    Rule('cmd.exec_code_all', 'ret/pid', SHAPE, 'a pid'),
    Rule('cmd.script', 'ret/pid', SHAPE, 'a pid'),
    Rule('cmd.run_bg', 'ret/pid', SHAPE, 'a pid'),
]


def levelled(row, theirs, ours):
    """Both answers with the rules applied that fit a case."""
    for rule in RULES:
        if fnmatch.fnmatchcase(row['fun'], rule.pattern) or fnmatch.fnmatchcase(row['case'], rule.pattern):
            change = {GONE: lambda value: '<gone>', SHAPE: twins.shape}.get(rule.how, rule.how)
            theirs, ours = twins.at(theirs, rule.path, change), twins.at(ours, rule.path, change)
    return theirs, ours
