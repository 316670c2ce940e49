"""Where the content of a managed file comes from, and its checksum (file.source_list, get_source_sum, get_managed, ...)."""
from __future__ import absolute_import, division, print_function

import io
import os
import re
import tempfile

from minion import compat
from minion.errors import CommandExecutionError, MinionError
from minion.helpers import file_compare, file_hash, file_open, templating
from minion.helpers.file_paths import checked, expand

PROTOCOLS = ('salt', 'file', 'http', 'https', 'ftp', 'swift', 's3')
_DIGITS = re.compile(r'(?i)(?<![a-z0-9])([a-f0-9]{32,128})(?![.a-z0-9])')


def scheme(source):
    """'salt' of salt://..., '' of a path."""
    found = re.match(r'([a-zA-Z][a-zA-Z0-9+.-]*)://', source)
    return found.group(1).lower() if found else ''


# ---- checksums

def extract_hash(hash_fn, hash_type='sha256', file_name='', source='', source_hash_name=None):
    """The checksum of a file from a file of checksums, {'hsum': digits, 'hash_type': type}; None if there is none.

    hash_type: looked for; one that is not known means any. source_hash_name, else file_name, else source: the name of
    the file, of which the longest end counts that is found; without one the first checksum of the type is taken.
    CLI: file.extract_hash /path/to/hash/file sha512 /etc/foo
    """
    with io.open(expand(hash_fn), 'rb') as stream:
        lines = compat.to_text(stream.read(), errors='replace').splitlines()
    wanted = dict(file_hash.LENGTHS).get(hash_type)
    found = [entry for entry in map(_entry, lines) if entry and (wanted is None or len(entry[0]) == wanted)]
    if not found:
        return None
    for name in (source_hash_name, file_name, source):
        chosen = _named(found, name) if name else None
        if chosen:
            return _sum(chosen)
    return _sum(found[0][0])


def _sum(digits):
    return {'hsum': compat.to_native(digits), 'hash_type': file_hash.BY_LENGTH[len(digits)]}


def _entry(line):
    """(digits, rest of the line) of a line with a checksum, or None."""
    for match in _DIGITS.finditer(line):
        if len(match.group(1)) in file_hash.BY_LENGTH:
            return match.group(1), line[:match.start()] + ' ' + line[match.end():]
    return None


def _named(found, name):
    """The digits beside the longest end of a path, or None."""
    parts = compat.to_text(name).split('://')[-1].strip('/').split('/')
    for at in range(len(parts)):
        end = re.compile(r'(^|[\s*/(])%s($|[\s);])' % re.escape('/'.join(parts[at:])))
        for digits, rest in found:
            if end.search(rest):
                return digits
    return None


def _invalid(source_hash):
    lengths = ', '.join('%s (%d)' % pair for pair in file_hash.LENGTHS)
    return CommandExecutionError(
        'Source hash %s format is invalid. The supported formats are: 1) a hash, 2) an expression in the format '
        '<hash_type>=<hash>, or 3) either a path to a local file containing hashes, or a URI of a remote hash file. '
        'Supported protocols for remote hash files are: %s. The hash may also not be of a valid length, the following '
        'are supported hash types and lengths: %s.' % (source_hash, ', '.join(PROTOCOLS), lengths))


def get_source_sum(file_name, source, source_hash, source_hash_name, saltenv, host):
    """See file.get_source_sum."""
    checked(source_hash)
    if os.path.isabs(source_hash) or scheme(source_hash) in PROTOCOLS:
        path = file_compare.cached(source_hash, saltenv, host)
        if not path:
            raise CommandExecutionError('Source hash file %s not found' % source_hash)
        found = extract_hash(path, '', file_name, source, source_hash_name)
        if found is None:
            raise _invalid(source_hash)
        return found
    kind, equals, digits = source_hash.partition('=')
    if not equals:
        kind, digits = '', source_hash
    elif kind.strip() not in file_hash.BY_LENGTH.values():
        raise CommandExecutionError(
            "Invalid hash type '%s'. Supported hash types are: %s. Either remove the hash type and simply use '%s' as the "
            'source_hash, or change the hash type to a supported type.'
            % (kind.strip(), ', '.join(name for name, _ in reversed(file_hash.LENGTHS)), digits))
    digits = digits.strip().lower()
    real = file_hash.BY_LENGTH.get(len(digits))
    if real is None or not re.match(r'[0-9a-f]+\Z', digits):
        raise _invalid(source_hash)
    kind = kind.strip().lower()
    if kind and kind != real:
        raise CommandExecutionError(
            "Invalid length (%d) for hash type '%s'. Either remove the hash type and simply use '%s' as the source_hash, "
            "or change the hash type to '%s'" % (len(digits), kind, digits, real))
    return {'hsum': digits, 'hash_type': real}


# ---- the first source that is there

def source_list(source, source_hash, saltenv, host):
    """See file.source_list."""
    if not isinstance(source, list):
        return source, source_hash
    for entry in source:
        name, digits = entry, source_hash
        if isinstance(entry, dict) and len(entry) == 1:
            name, digits = list(entry.items())[0]
        if not compat.is_text(name):
            raise AttributeError("'%s' object has no attribute 'startswith'" % type(name).__name__)
        if _is_there(name, saltenv, host):
            return name, digits
    raise CommandExecutionError('none of the specified sources were found')


def _is_there(name, saltenv, host):
    kind = scheme(name)
    if kind == 'file' or not kind:
        path = name[7:] if kind else name
        return os.path.isabs(path) and os.path.exists(path)
    try:
        if kind == 'salt':
            return bool(host.functions['cp.hash_file'](name, saltenv))
        return bool(host.functions['cp.cache_file'](name, saltenv))
    except (MinionError, OSError, IOError, ValueError):        # not there; the next one is asked
        return False


# ---- the content, with its marks filled in

def get_managed(source, source_hash, source_hash_name, wanted, host):
    """(path of the content, its checksum, what is wrong); see file.get_managed.  :param dict wanted: its arguments."""
    if not source:
        return '', {}, ''
    saltenv, template = wanted['saltenv'], wanted['template']
    if template and template not in templating.ENGINES:
        path = _path_of(source, saltenv, host)
        return path or '', {}, templating.unsupported(template)
    digest, wrong = _digest(source, source_hash, source_hash_name, wanted, host)
    if wrong:
        return '', {}, wrong
    try:
        path = _path_of(source, saltenv, host)
    except (MinionError, IOError, OSError) as exc:
        return '', {}, 'Failed to cache %s: %s' % (source, compat.error_text(exc))
    if not path:
        return '', {}, "Source file '%s' not found" % source
    if not template:
        return path, digest, ''
    text = templating.render(file_open.read_text(path), template, host.space(saltenv, wanted['context'], wanted['defaults']))
    handle, made = tempfile.mkstemp(prefix='__salt.tmp.')
    with io.open(handle, 'wb') as stream:
        stream.write(compat.to_bytes(text))
    return made, {'hash_type': 'sha256', 'hsum': file_hash.get_hash(made)}, ''


def _path_of(source, saltenv, host):
    return file_compare.cached(source, saltenv, host)


def _digest(source, source_hash, source_hash_name, wanted, host):
    """(checksum of a source, what is wrong)"""
    kind = scheme(source)
    if kind == 'salt':
        found = host.functions['cp.hash_file'](source, wanted['saltenv'])
        return found, '' if found else "Source file %s not found in saltenv '%s'" % (source, wanted['saltenv'])
    path = source[7:] if kind == 'file' else source
    local = kind in ('', 'file')
    if local and not os.path.exists(path):
        return {}, 'Local file source %s does not exist' % path
    if local and not source_hash:
        return {'hash_type': 'sha256', 'hsum': file_hash.get_hash(path)}, ''
    if wanted['skip_verify']:
        return {}, ''
    if not source_hash:
        return {}, ('Unable to verify upstream hash of source file %s, please set source_hash or set skip_verify to True'
                    % source)
    try:
        return get_source_sum(wanted['name'], source, source_hash, source_hash_name, wanted['saltenv'], host), ''
    except CommandExecutionError as exc:
        return {}, 'Unable to manage file: %s' % exc
