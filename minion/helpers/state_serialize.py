"""Texts that file.serialize writes: which formats there are, their options, laying data over what a file holds."""
from __future__ import absolute_import, division, print_function

import io
import os
import tempfile

from minion import compat
from minion.helpers import iniserial, serializing

NULL = '<_null_>'
_WRITE = {'yaml': {'default_flow_style': False}, 'json': {'indent': 2, 'separators': (',', ': '), 'sort_keys': True}}
_KNOWN = ('yaml', 'json', 'configparser', 'msgpack')
_READ = ('yaml', 'json', 'configparser', 'msgpack')


def unknown(name):
    """Why a format cannot be written, or None."""
    if name in _KNOWN:
        return None
    return 'The %s serializer could not be found. It either does not exist or its prerequisites are not installed.' % name


def unreadable(name):
    """Why data of a format cannot be merged, or None."""
    return None if name in _READ else 'merge_if_exists is not supported for the %s serializer' % name


def options(given):
    """One mapping of options, which may be given as a list of mappings."""
    found = {}
    for entry in [given] if isinstance(given, compat.Mapping) else given or ():
        found.update(entry)
    return found


def write(name, data, given):
    """The text of data with a line end; msgpack: its bytes.  :raises ValueError, TypeError: it cannot be written."""
    wanted = dict(_WRITE.get(name, {}), **options(given))
    if name == 'configparser':
        return iniserial.write(data) + '\n\n'
    made = serializing.write(name, data, wanted)
    return made if name == 'msgpack' else made + '\n'


def read(name, path, given):
    """The data in a file.  :raises ValueError: it is not in this format."""
    with io.open(path, 'rb') as stream:
        data = stream.read()
    if name == 'msgpack':
        return serializing.read(name, data, options(given))
    text = compat.to_native(data)
    return serializing.read(name, text, options(given))


# ---- what merging changes

def differences(old, new):
    """{key: {'old': .., 'new': ..}} of two mappings, level by level; what is not there is NULL."""
    found = {}
    for key in list(old) + [key for key in new if key not in old]:
        was, becomes = old.get(key, NULL), new.get(key, NULL)
        if was == becomes:
            continue
        if isinstance(was, compat.Mapping) and isinstance(becomes, compat.Mapping):
            found[key] = differences(was, becomes)
        else:
            found[key] = {'new': becomes, 'old': was}
    return found


def accepts(contents, wanted, functions, grains):
    """True if the command `check_cmd` ends with 0 when it is given a file with the new text."""
    handle, path = tempfile.mkstemp(suffix=wanted['tmp_ext'] or '', prefix='__salt.tmp.', dir=wanted['tmp_dir'])
    try:
        with io.open(handle, 'wb') as stream:
            stream.write(compat.to_bytes(contents))
        return functions['cmd.retcode']('%s %s' % (wanted['check_cmd'], path), python_shell=True, ignore_retcode=True,
                                        shell=grains.get('shell') or '/bin/sh') == 0
    finally:
        os.unlink(path)
