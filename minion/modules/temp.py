"""Temporary files and folders that nobody else can read (temp.*)."""
from __future__ import absolute_import, division, print_function

import os
import tempfile


def dir(suffix='', prefix='tmp', parent=None):
    """Make a folder (0700) and return its path. CLI: temp.dir parent=/var/tmp"""
    return tempfile.mkdtemp(suffix, prefix, parent)


def file(suffix='', prefix='tmp', parent=None):
    """Make an empty file (0600) and return its path. CLI: temp.file suffix=.txt"""
    handle, path = tempfile.mkstemp(suffix, prefix, parent)
    os.close(handle)
    return path
