"""The error of renderers, under the name that modules written for Salt know."""
from __future__ import absolute_import, division, print_function

from minion.errors import SaltException


class SaltRenderError(SaltException):
    """Text that a renderer cannot read."""
    __module__ = 'salt.exceptions'
