"""`salt.utils.yaml`: YAML by the safe loader only."""
from __future__ import absolute_import, division, print_function

from minion import compat

_yaml = compat.import_yaml()
YAMLError = _yaml.YAMLError
SafeLoader, SafeDumper, SafeOrderedDumper, SaltYamlSafeLoader = (
    _yaml.SafeLoader, _yaml.SafeDumper, _yaml.SafeDumper, _yaml.SafeLoader)
parser, scanner, constructor, reader = _yaml.parser, _yaml.scanner, _yaml.constructor, _yaml.reader


def safe_load(stream, Loader=None):
    """The value of a YAML text or file."""
    return compat.native_tree(_yaml.safe_load(stream))


load = safe_load


def safe_dump(data, stream=None, **kwargs):
    """A value as YAML, mappings and lists on lines of their own."""
    kwargs.setdefault('default_flow_style', False)
    kwargs.setdefault('allow_unicode', True)
    kwargs.pop('Dumper', None)
    return _yaml.safe_dump(data, stream, **kwargs)


dump = safe_dump
