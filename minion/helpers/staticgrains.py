"""The file CONFIG_DIR/grains, which administrators write by hand and grains.set and its like change."""
from __future__ import absolute_import, division, print_function

import contextlib
import fcntl
import logging
import os

from minion import compat, files
from minion.errors import CommandExecutionError
from minion.helpers import textform

log = logging.getLogger(__name__)

LIMIT = 1 << 24                           # bytes
_MODE = 0o644                             # of a new file: every account of the host may know what it is


def path(opts):
    """Name of the file, None when the settings name no configuration file.

    :param dict opts: settings; `conf_file` is the configuration file or its folder.
    """
    conf_file = opts.get('conf_file')
    if not conf_file:
        return None
    return os.path.join(conf_file if os.path.isdir(conf_file) else os.path.dirname(conf_file), 'grains')


def parse(data):
    """What the bytes of the file hold: a mapping, or whatever else is in it; None for nothing. Texts are native.

    :raises ValueError: not YAML, nested too deeply or without end; the text says where.
    """
    yaml = compat.import_yaml()
    try:
        return textform.tree(yaml.safe_load(data))
    except yaml.YAMLError as exc:
        raise ValueError(' '.join(compat.to_native(compat.error_text(exc)).split()))
    except RuntimeError:
        raise ValueError('mappings and lists in it are nested too deep')
    except (TypeError, KeyError, IndexError, AttributeError, ArithmeticError) as exc:      # leaks of constructors
        raise ValueError('a value does not have the type that it claims (%s)' % type(exc).__name__)


def read(name):
    """The grains in the file, {} without one or in an empty one.

    :raises ValueError: it is damaged; it must not be overwritten then.
    """
    try:
        data = files.read(name, LIMIT)
    except (IOError, OSError) as exc:
        raise ValueError('%s: %s' % (name, files.reason(exc)))
    try:
        grains = parse(data or b'')
    except ValueError as exc:
        raise ValueError('%s: %s' % (name, exc))
    if grains is not None and not isinstance(grains, dict):
        raise ValueError('%s: holds no mapping (key: value)' % name)
    return grains or {}


def write(name, grains):
    """Replace the file's content; mode, owner and a symbolic link stay.

    :raises CommandExecutionError: it cannot be written, or a value cannot be.
    """
    target = os.path.realpath(name)
    yaml = compat.import_yaml()
    try:
        text = yaml.safe_dump(_plain(grains), default_flow_style=False, allow_unicode=True, encoding='utf-8')
    except yaml.YAMLError as exc:
        raise CommandExecutionError('%s: a value cannot be written as YAML: %s' % (name, exc))
    try:
        old = os.stat(target) if os.path.exists(target) else None
        files.write(target, text, mode=_MODE if old is None else old.st_mode & 0o7777)
        if old is not None and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(target, old.st_uid, old.st_gid)
    except (IOError, OSError) as exc:
        raise CommandExecutionError('%s: cannot be written: %s' % (name, files.reason(exc)))


def _plain(value):
    """A copy of nothing but dicts, lists and scalars, so that YAML shows no tags and no references."""
    if isinstance(value, compat.Mapping):
        return dict((_plain(key), _plain(value[key])) for key in value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return value


@contextlib.contextmanager
def locked(name):
    """Nobody else changes the file meanwhile, neither another thread nor another process that asks the same way."""
    folder = os.path.dirname(name)
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as exc:
        raise CommandExecutionError('%s: cannot be opened: %s' % (folder, files.reason(exc)))
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except (IOError, OSError) as exc:     # network file systems that lock no folders
            log.debug('%s: no lock: %s', folder, exc)
        yield
    finally:
        os.close(handle)
