"""The files of PAM (pam.*)."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion.helpers import etcfile

_LINE = re.compile(r'(\S+)\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)')


def read_file(file_name):
    """List of the rules in a file of PAM: interface, control_flag, module and arguments; False without the file.

    CLI: pam.read_file /etc/pam.d/login
    """
    if not os.path.exists(file_name):
        return False
    lines = [line.strip() for line in etcfile.lines(file_name)]
    rules = [_LINE.match(line) for line in lines if line and line[0] not in '#@']
    return [{'interface': rule.group(1), 'control_flag': rule.group(2).strip('[]'), 'module': rule.group(3),
             'arguments': rule.group(4).split()} for rule in rules if rule]
