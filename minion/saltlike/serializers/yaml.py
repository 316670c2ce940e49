"""`salt.serializers.yaml`: YAML, by the safe loader only."""
from __future__ import absolute_import, division, print_function

import salt.utils.yaml
from minion import compat
from salt.serializers import DeserializationError, SerializationError

available = True


def serialize(obj, **options):
    """A value as YAML: mappings and lists within lists on one line, unless `default_flow_style` says otherwise.

    :raises SerializationError:
    """
    options.setdefault('default_flow_style', None)
    try:
        text = salt.utils.yaml.safe_dump(obj, **options)
    except salt.utils.yaml.YAMLError as exc:
        raise SerializationError(compat.error_text(exc))
    return text[:-1] if compat.is_text(text) and text.endswith('\n') else text


def deserialize(stream_or_string, **options):
    """The value of a YAML text, bytes or file.  :raises DeserializationError:"""
    try:
        return salt.utils.yaml.safe_load(stream_or_string)
    except salt.utils.yaml.YAMLError as exc:
        raise DeserializationError(compat.error_text(exc))
