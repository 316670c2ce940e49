"""Settings as modules and administrators look them up: minion configuration, grains, pillar, built-in defaults.

Order and results: tests/data/parity/returns/config.json.
"""
from __future__ import absolute_import, division, print_function

import copy
import fnmatch
import logging
import re

from minion import compat
from minion.helpers import traverse

log = logging.getLogger(__name__)

DEFAULTS = {
    'aliases.file': '/etc/aliases',
    'ca.cert_base_path': '/etc/pki',
    'hosts.file': '/etc/hosts',
    'test.foo': 'unconfigured',
    'virt.images': '/srv/salt-images',
    'virt.tunnel': False,
}
_FILE_PROTOCOL = re.compile(r'(salt|https?|ftp|s3|swift|file)://', re.IGNORECASE)


def items():
    """Mapping of all settings of this minion. CLI: salt '*' config.items"""
    return dict(__opts__)


def get(key, default='', delimiter=':', merge=None, omit_opts=False, omit_pillar=False, omit_master=False,
        omit_grains=False):
    """The value at `key` in settings, grains, pillar, the master's settings in the pillar, or the built-in defaults.

    `key` is text, nested keys joined by `delimiter`; the first source that has it answers, else `default`. With
    `merge` ('recurse' or 'overwrite') mappings of all sources are merged first, settings last.

    CLI: salt '*' config.get a:b
    """
    sources = _sources(omit_opts, omit_grains, omit_pillar, omit_master) + [DEFAULTS]
    if merge is None:
        found = (traverse.get(source, key, traverse.MISSING, delimiter) for source in sources)
        return next((value for value in found if value is not traverse.MISSING), default)
    if merge not in ('recurse', 'overwrite'):
        log.warning('config.get: merge is %r, neither recurse nor overwrite; recurse is used', merge)
    merged = {}
    for source in reversed(sources):
        merged = _laid_over(merged, source, merge != 'overwrite')
    return copy.deepcopy(traverse.get(merged, key, default, delimiter))


def option(value, default=None, omit_opts=False, omit_grains=False, omit_pillar=False, omit_master=False,
           omit_all=False, wildcard=False):
    """The setting named `value` (not split at colons), looked up as config.get does; `default` or '' if there is none.

    With `wildcard` the mapping of all settings whose name matches the glob `value`. omit_all leaves the built-in
    defaults only. CLI: salt '*' config.option redis.host
    """
    omit = [omit_all or one for one in (omit_opts, omit_grains, omit_pillar, omit_master)]
    sources = _sources(*omit) + [DEFAULTS]
    if not wildcard:
        found = (source[value] for source in sources if value in source)
        return next(found, '' if default is None else default)
    matching = {}
    for source in reversed(sources):
        matching.update((name, source[name]) for name in source
                        if compat.is_text(name) and fnmatch.fnmatchcase(name, value))
    return matching or ({} if default is None else default)


def merge(value, default='', omit_opts=False, omit_master=False, omit_pillar=False):
    """The setting named `value`; where several sources have a mapping or list of that name, all of them in one.

    A text ends the search. CLI: salt '*' config.merge schedule
    """
    found = None
    for source in _sources(omit_opts, True, omit_pillar, omit_master, master_first=True):
        if value not in source:
            continue
        more = source[value]
        if found is None:
            found = copy.deepcopy(more)
        elif isinstance(found, dict) and isinstance(more, dict):
            found = dict(more, **found)
        elif isinstance(found, list) and isinstance(more, list):
            found = found + [item for item in more if item not in found]
        if compat.is_text(found):
            break
    return found or DEFAULTS.get(value, default)


def dot_vals(value):
    """Mapping of the settings whose name starts with `value` and a dot. CLI: salt '*' config.dot_vals host"""
    start, found = value + '.', {}
    for source in (__pillar__.get('master', {}), __pillar__, __opts__):
        found.update((name, source[name]) for name in source if compat.is_text(name) and name.startswith(start))
    return found


def manage_mode(mode):
    """A file mode as the text that other functions expect, 644 -> '0644'. CLI: salt '*' config.manage_mode 644"""
    if mode is None:
        return None
    digits = compat.to_native(mode) if compat.is_text(mode) else str(mode)
    return digits.strip('"\'').replace('0o', '0').lstrip('0').zfill(4)


def valid_fileproto(uri):
    """True if `uri` starts with a protocol by which files are fetched. CLI: salt '*' config.valid_fileproto salt://x"""
    return bool(_FILE_PROTOCOL.match(uri)) if compat.is_text(uri) else False


def backup_mode(backup=''):
    """`backup`, or the setting backup_mode. CLI: salt '*' config.backup_mode"""
    return backup or option('backup_mode')


def _sources(omit_opts, omit_grains, omit_pillar, omit_master, master_first=False):
    """The mappings to look in, the first first."""
    master = __pillar__.get('master', {})
    rows = [(omit_opts, __opts__), (omit_grains, __grains__), (omit_pillar, __pillar__), (omit_master, master)]
    if master_first:
        rows[2], rows[3] = rows[3], rows[2]
    return [source for omit, source in rows if not omit and isinstance(source, compat.Mapping)]


def _laid_over(below, above, recurse):
    """A new mapping: `below` with the entries of `above` in or over it."""
    result = dict(below)
    for key, value in above.items():
        both = recurse and isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = _laid_over(result[key], value, recurse) if both else value
    return result
