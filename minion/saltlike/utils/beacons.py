"""`salt.utils.beacons`: reading the configuration of a beacon."""
from __future__ import absolute_import, division, print_function


def list_to_dict(config):
    """One mapping from the list of mappings that a beacon is configured by."""
    result = {}
    for row in config if isinstance(config, list) else [config]:
        result.update(row)
    return result


def remove_hidden_options(config, whitelist):
    """The list without the options that begin with an underscore, but for those named."""
    rows = [dict(item for item in row.items() if not item[0].startswith('_') or item[0] in whitelist) for row in config]
    return [row for row in rows if row]
