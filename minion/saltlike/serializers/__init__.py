"""`salt.serializers`: values to texts and back, a format a module."""
from __future__ import absolute_import, division, print_function

from salt.exceptions import SaltException, SaltRenderError


class SerializationError(SaltException):
    """A value that the format cannot hold."""


class DeserializationError(SaltRenderError):
    """A text that is not of the format."""
