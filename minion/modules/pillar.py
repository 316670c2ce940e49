"""The pillar of this minion, looked up and asked for anew. Results: tests/data/parity/returns/pillar.json.

Since 3008 values are masked in what a job returns, unless it asks with `unmask`. Modules that call these functions get
the values themselves.
"""
from __future__ import absolute_import, division, print_function

import logging
import os

from minion import compat
from minion.errors import CommandExecutionError, MinionError
from minion.helpers import keywords, lookup, merging, rootfolders, traverse

log = logging.getLogger(__name__)

MASK = '**********'
NOT_SET = '<Constant.NOT_SET>'
_ITEMS = (('pillar', None), ('pillar_enc', None), ('pillarenv', None), ('saltenv', None), ('unmask', None))


# ---- masking

def _shown(value, unmask=None):
    """`value` as the function that calls this returns it."""
    return value if _open(unmask) else _masked(value)


def _open(unmask):
    """Is the caller to see values? A module that calls us is; a job only with `unmask` or without pillar_mask_output."""
    called = __context__.function
    if not (called and called.startswith('pillar.')) or not __opts__.get('pillar_mask_output', True):
        return True
    return bool(unmask)


def _masked(value):
    if isinstance(value, compat.Mapping):
        return dict((key, _masked(item)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return [_masked(item) for item in value]
    return MASK if value else value


# ---- one value

def get(key, default=NOT_SET, merge=False, merge_nested_lists=None, delimiter=':', pillarenv=None, saltenv=None,
        unmask=None):
    """The value at `key`, nested keys joined by `delimiter`; `default`, or '' without one, where there is none.

    `merge`: a mapping or list found is laid over, or appended to, one in `default`. With `pillarenv` or `saltenv` the
    master is asked anew. CLI: salt '*' pillar.get pkg:apache; pillar.fetch is the same
    """
    anew = pillarenv is not None or saltenv is not None
    source = _compiled(pillarenv=pillarenv, saltenv=saltenv) if anew else __pillar__
    if not compat.is_text(key) and not isinstance(key, compat.integer_types):
        key = list(key)
    found = traverse.get(source, key, traverse.MISSING, delimiter)
    if found is traverse.MISSING:
        return _shown(_instead(key, default), unmask)
    if merge and default not in (None, '', NOT_SET):
        found = _over(default, found, _lists_together(merge_nested_lists))
    return _shown(found, False if anew else unmask)


fetch = get


def _instead(key, default):
    if default != NOT_SET:
        return default
    if __opts__.get('pillar_raise_on_missing'):
        raise KeyError('Pillar key not found: %s' % (key,))
    return ''


def _lists_together(wanted):
    return bool(__opts__.get('pillar_merge_lists')) if wanted is None else bool(wanted)


def _over(default, found, lists):
    if isinstance(default, compat.Mapping) and isinstance(found, compat.Mapping):
        return merging.merged(default, found, lists=lists)
    if isinstance(default, list) and isinstance(found, list):
        return default + found
    if not compat.is_text(default):
        log.error('pillar.get: the default is a %s, what was found a %s: not merged', type(default).__name__,
                  type(found).__name__)
    return found


@keywords.only((('default', None), ('delimiter', None), ('pillarenv', None), ('saltenv', None), ('unmask', None)))
def item(keys, default, delimiter, pillarenv, saltenv, unmask):
    """Mapping of each key to its value, `default` or '' where there is none. CLI: salt '*' pillar.item role pkg:apache"""
    anew = pillarenv is not None or saltenv is not None
    source = _compiled(pillarenv=pillarenv, saltenv=saltenv) if anew else __pillar__
    found = dict((key, traverse.get(source, key, '' if default is None else default, delimiter or ':'))
                 for key in keys)
    return _shown(found, False if anew else unmask)


# ---- all of it

@keywords.only(_ITEMS)
def items(keys, pillar, pillar_enc, pillarenv, saltenv, unmask):
    """The whole pillar, asked of the master anew; with keys only their values, of the pillar in force.

    `pillar`: a mapping that the master gets as if it were pillar already; `pillar_enc`: the renderer (`gpg`) that decrypts
    what it holds, on this host. CLI: salt '*' pillar.items
    """
    if keys:
        return item(*keys)
    if pillar and pillar_enc:
        pillar = _decrypted(pillar, pillar_enc)
    return _shown(_compiled(pillar, pillarenv, saltenv), unmask)


def _decrypted(pillar, encoding):
    from minion.helpers import templating
    from minion.highstate import decrypting          # here: no minion at rest needs them
    renderers = __minion__.functions().other('renderers').functions
    return decrypting.override(pillar, encoding, templating.space_of(globals()), renderers)


@keywords.only(_ITEMS)
def data(keys, **named):
    """The same as items. CLI: salt '*' pillar.data"""
    return items(*keys, **named)


@keywords.only(_ITEMS)
def ls(keys, **named):
    """List of the keys at the top of what items gives. CLI: salt '*' pillar.ls"""
    return list(items(*keys, **named))


@keywords.only(_ITEMS)
def obfuscate(keys, **named):
    """What items gives, with the type of each value in its place. CLI: salt '*' pillar.obfuscate"""
    return _typed(items(*keys, **named))


def _typed(value):
    if isinstance(value, compat.Mapping):
        return dict((key, _typed(entry)) for key, entry in value.items())
    if isinstance(value, (list, tuple)):
        return [_typed(entry) for entry in value]
    if compat.is_text(value):
        return '<str>'
    if isinstance(value, compat.integer_types) and not isinstance(value, bool):
        return '<int>'
    return '<%s>' % type(value).__name__


def raw(key=None, unmask=None):
    """The pillar in force, or the value of its key `key`, {} without one; masked only with unmask=False.

    CLI: salt '*' pillar.raw
    """
    found = __pillar__.get(key, {}) if key else dict(__pillar__)
    return _masked(found) if unmask is False else found


def ext(external, pillar=None, unmask=None):
    """The pillar with the external pillar `external`, a mapping such as {libvirt: _}, if `on_demand_ext_pillar` has it.

    CLI: salt '*' pillar.ext '{libvirt: _}'
    """
    return _shown(_compiled(pillar, external=external if isinstance(external, dict) else None), unmask)


def _compiled(override=None, pillarenv=None, saltenv=None, external=None):
    """The pillar as it would be now."""
    override = override if isinstance(override, dict) else {}
    try:
        found = __minion__.compiled_pillar(
            dict(__grains__), saltenv=saltenv or __opts__.get('saltenv'), override=override, external=external,
            pillarenv=pillarenv or _env_of(saltenv))
    except MinionError as exc:
        if __opts__.get('file_client') == 'local':
            raise
        raise CommandExecutionError('the pillar cannot be had from the master: %s' % exc)
    return compat.native_tree(found)


def _env_of(saltenv):
    if __opts__.get('pillarenv') is None and __opts__.get('pillarenv_from_saltenv'):
        return saltenv or __opts__.get('saltenv')
    return __opts__.get('pillarenv')


# ---- names, files, choices

def keys(key, delimiter=':', unmask=None):
    """List of the keys of the mapping at `key`. CLI: salt '*' pillar.keys web:sites"""
    found = traverse.get(__pillar__, key, traverse.MISSING, delimiter)
    if found is traverse.MISSING:
        raise KeyError('Pillar key not found: %s' % key)
    if not isinstance(found, compat.Mapping):
        raise ValueError('Pillar value in key %s is not a dict' % key)
    return list(found)


def file_exists(path, saltenv=None):
    """Is there a file `path` in the folders of the setting pillar_roots of this minion (masterless use)?

    CLI: salt '*' pillar.file_exists foo/bar.sls
    """
    roots = (__opts__.get('pillar_roots') or {}).get(saltenv or __opts__.get('pillarenv') or 'base')
    return any(os.path.isfile(os.path.join(root, path)) for root in rootfolders.named(roots))


def filter_by(lookup_dict, pillar, merge=None, default='default', base=None):
    """The value in the mapping `lookup_dict` whose key, a glob, fits the pillar value at `pillar`; see grains.filter_by.

    CLI: salt '*' pillar.filter_by '{web: Serve it up, db: I query, default: x_x}' role
    """
    return lookup.filter_by(lookup_dict, pillar, __pillar__, merge, default, base)
