"""`salt.serializers.json`: JSON."""
from __future__ import absolute_import, division, print_function

import salt.utils.json
from minion import compat
from salt.serializers import DeserializationError, SerializationError

available = True


def serialize(obj, **options):
    """A value as JSON, or into the file `fp`.  :raises SerializationError:"""
    stream = options.pop('fp', None)
    try:
        text = salt.utils.json.dumps(obj, **options)
    except (TypeError, ValueError) as exc:
        raise SerializationError(compat.error_text(exc))
    return text if stream is None else stream.write(text)


def deserialize(stream_or_string, **options):
    """The value of a JSON text, bytes or file.  :raises DeserializationError:"""
    try:
        if hasattr(stream_or_string, 'read'):
            stream_or_string = stream_or_string.read()
        return salt.utils.json.loads(stream_or_string, **options)
    except (TypeError, ValueError) as exc:
        raise DeserializationError(compat.error_text(exc))
