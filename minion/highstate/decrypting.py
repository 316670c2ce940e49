"""Pillar that is encrypted: the one of a call (`pillar_enc`), and the keys that `decrypt_pillar` names.

    override(pillar, encoding, space, plugins) -> what the argument `pillar` says
    of_settings(pillar, opts, decrypt) -> (pillar, errors)
"""
from __future__ import absolute_import, division, print_function

import copy
import logging

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import rendering, slsyaml
from minion.helpers.rendererror import SaltRenderError

log = logging.getLogger(__name__)

MALFORMED = 'decrypt_pillar config option is malformed'
DEFAULT = 'gpg'


def decrypted(value, name, space, plugins):
    """`value` as a renderer decrypts it.

    :param templating.Space space: its settings say which renderers do (`decrypt_pillar_renderers`).
    :param plugins: Functions of the kind `renderers`.
    :raises SaltRenderError: it is none of them, or cannot decrypt it.
    """
    usable = space.opts.get('decrypt_pillar_renderers') or [DEFAULT]
    if name not in usable:
        raise SaltRenderError("'%s' is not a valid decryption renderer. Valid choices are: %s" % (name, ', '.join(usable)))
    if not rendering.known(name, plugins):
        raise SaltRenderError("Decryption renderer '%s' is not available" % name)
    return rendering.render(value, [name], space, plugins)


# ---- the pillar of a call

def override(pillar, encoding, space, plugins):
    """What the argument `pillar` says where `pillar_enc` names a renderer; as given where not.

    :raises CommandExecutionError: it cannot be decrypted.
    """
    if not pillar or not encoding:
        return pillar
    name = compat.to_native(compat.shown(encoding)).lower()
    try:
        return decrypted(_with_lines(pillar), name, space, plugins)
    except SaltRenderError as exc:
        raise CommandExecutionError('Failed to decrypt pillar override: %s' % compat.to_native(compat.error_text(exc)))


def mapping(pillar, encoding, space, plugins):
    """The same for runs of states, which need a mapping; a text that was encrypted as a whole is YAML.

    :raises CommandExecutionError: it cannot be decrypted.  :raises SaltInvocationError: it is no mapping.
    """
    found = override(pillar, encoding, space, plugins)
    try:
        found = slsyaml.load(found) if compat.is_text(found) else found
    except SaltRenderError:                          # its text would show what is secret
        found = pillar
    if found and not isinstance(found, dict):
        raise SaltInvocationError('The pillar of the call is no mapping when decrypted')
    return found or None


def _with_lines(value):
    r"""With the ends of lines that are written as \n: so a shell passes a message of several lines."""
    if isinstance(value, dict):
        return compat.Ordered((key, _with_lines(value[key])) for key in value)
    if isinstance(value, list):
        return [_with_lines(item) for item in value]
    return value.replace('\\n', '\n') if compat.is_text(value) else value


# ---- decrypt_pillar

def of_settings(pillar, opts, decrypt):
    """(the pillar with the keys decrypted that the settings name, errors). What has no such key is left alone.

    :param callable decrypt: decrypt(value, renderer) -> value; raises SaltRenderError.
    """
    rows = _rows(opts.get('decrypt_pillar'), opts.get('decrypt_pillar_default') or DEFAULT)
    if rows is None:
        log.critical('decrypt_pillar is neither a list of keys, each alone or with its renderer, nor a mapping of keys to them')
        return pillar, [MALFORMED]
    errors = []
    for key, name in rows:
        try:
            pillar = _at(pillar, key.split(opts.get('decrypt_pillar_delimiter') or ':'),
                         lambda value: decrypt(value, name))
        except SaltRenderError as exc:
            errors.append("Failed to decrypt pillar key '%s': %s" % (key, compat.to_native(compat.error_text(exc))))
    return pillar, errors


def _rows(setting, default):
    """[(key, renderer)], None if it is neither list nor mapping of them."""
    rows = list(setting.items()) if isinstance(setting, dict) else []
    for item in setting if isinstance(setting, (list, tuple)) else ():
        if isinstance(item, dict) and len(item) == 1:
            rows.extend(item.items())
        else:
            rows.append((item, None))
    if setting and not isinstance(setting, (dict, list, tuple)) or not all(compat.is_text(key) for key, _ in rows):
        return None
    return [(compat.to_native(key), compat.to_native(compat.shown(name or default))) for key, name in rows]


def _at(tree, path, change):
    """A copy of `tree` in which the value at a path of keys is changed; itself if there is none."""
    if not isinstance(tree, dict) or path[0] not in tree:
        return tree
    changed = copy.copy(tree)
    found = tree[path[0]]
    changed[path[0]] = _at(found, path[1:], change) if path[1:] else change(found)
    return changed
