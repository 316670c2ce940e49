"""Bringing a file to a content, owner and mode, or telling what that would change (file.manage_file, check_managed, ...)."""
from __future__ import absolute_import, division, print_function

import io
import os
import tempfile

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import file_backup, file_compare, file_hash, file_open, file_perms, file_source, file_status
from minion.helpers.file_paths import expand, reason


def as_bytes(contents, encoding=None, errors='strict'):
    """Bytes of a content.  :raises TypeError: it is neither text nor bytes."""
    if not isinstance(contents, compat.string_types):
        raise TypeError("expected str, bytes, or bytearray not <class '%s'>" % type(contents).__name__)
    if encoding and compat.is_text(contents):
        return compat.to_text(contents).encode(encoding, errors or 'strict')
    return compat.to_bytes(contents)


# ---- what would change

def file_meta(name, sfn, source, source_sum, wanted, host):
    """See file.check_file_meta; `wanted`: its other arguments by name."""
    name, changes, ignoring = expand(name), {}, _ignoring(wanted)
    source_sum = source_sum or {}
    try:
        found = file_status.stats(name, source_sum.get('hash_type'), wanted['follow_symlinks'])
    except CommandExecutionError:
        return _new_file(name, sfn, source, wanted, host)
    data = None
    if wanted['contents'] is not None:
        data = as_bytes(wanted['contents'])
    elif 'hsum' in source_sum and source_sum['hsum'] != found.get('sum'):
        sfn = sfn or source and file_compare.cached(source, wanted['saltenv'], host)
        if sfn:
            data = file_compare.content(sfn)
        else:
            changes['sum'] = 'Checksum differs'
    differs = False
    if data is not None:
        try:
            old = file_compare.content(name)
            text = file_compare.difference(old, data)
            differs = bool(text) and not ignoring.same(old, data)
        except CommandExecutionError as exc:
            text = compat.to_native(compat.error_text(exc))
        if text:
            changes['diff'] = text
    _owner_changes(changes, found, wanted, host)
    return (differs, changes) if ignoring.active and data is not None else changes


def _ignoring(wanted):
    return file_compare.Ignoring(wanted.get('ignore_ordering'), wanted.get('ignore_whitespace'),
                                 wanted.get('ignore_comment_characters'))


def _new_file(name, sfn, source, wanted, host):
    if not wanted.get('new_file_diff'):
        return {'newfile': name}
    if wanted['contents'] is not None:
        data = as_bytes(wanted['contents'])
    else:
        sfn = sfn or source and file_compare.cached(source, wanted['saltenv'], host)
        data = file_compare.content(sfn) if sfn else b''
    return {'diff': file_compare.difference(b'', data)}


def _owner_changes(changes, found, wanted, host):
    for kind, number in (('user', 'uid'), ('group', 'gid')):
        if wanted[kind] not in (None, '', found[kind], found[number]):
            changes[kind] = wanted[kind]
    mode = file_status.normal_mode(wanted['mode'])
    if mode is not None and mode != found['mode']:
        changes['mode'] = mode
    if wanted['attrs'] and not file_perms.has_attributes(found['target'], wanted['attrs'], host):
        changes['attrs'] = wanted['attrs']


def managed_changes(name, source, source_hash, source_hash_name, wanted, host):
    """(mapping of changes, None), or (None, what is wrong); see file.check_managed_changes."""
    source, source_hash = file_source.source_list(source, source_hash, wanted['saltenv'], host)
    sfn, source_sum = '', None
    if wanted['contents'] is None:
        sfn, source_sum, wrong = file_source.get_managed(source, source_hash, source_hash_name, dict(wanted, name=name), host)
        if wrong:
            _clean(sfn)
            return None, wrong
        if sfn and source and wanted.get('keep_mode') and file_source.scheme(source) in ('', 'file'):
            wanted = dict(wanted, mode=file_status.get_mode(sfn))
    try:
        return file_meta(name, sfn, source, source_sum, wanted, host), None
    finally:
        _clean(sfn)


def _clean(sfn):
    """Remove a temporary file that get_managed made."""
    if sfn and os.path.basename(sfn).startswith('__salt.tmp.') and os.path.dirname(sfn) == tempfile.gettempdir():
        os.unlink(sfn)


def told(changes, name):
    """(None, text) of changes, or (True, text) if there are none, as file.check_managed answers."""
    if isinstance(changes, tuple):
        changes = changes[1]
    if not changes:
        return True, 'The file %s is in the correct state' % name
    lines = ['%s: %s\n' % (key, changes[key]) for key in changes]
    return None, 'The following values are set to be changed:\n' + ''.join(lines)


# ---- changing it

class _Managed(object):
    """One call of file.manage_file; `wanted`: its arguments by name."""

    def __init__(self, wanted, host):
        self.wanted, self.host = wanted, host
        self.name = expand(wanted['name'])
        self.ret = wanted['ret'] or {'name': self.name, 'changes': {}, 'comment': '', 'result': True}
        self.mode = wanted['mode']
        self.follow = wanted['follow_symlinks']

    def _fail(self, text):
        self.ret.update(result=False, comment=text)
        return self.ret

    def _show(self, old, new, is_new):
        if is_new and not self.wanted['new_file_diff']:
            self.ret['changes']['diff'] = 'New file'
            return
        text = file_compare.difference(old, new, show=self.wanted['show_changes'])
        if text or is_new:
            self.ret['changes']['diff'] = text

    def _data(self, real):
        """(bytes that are to be there or None, what is wrong)"""
        wanted = self.wanted
        if wanted['contents'] is not None:
            return as_bytes(wanted['contents'], wanted['encoding'], wanted['encoding_errors']), None
        source, digest = wanted['source'], {} if wanted['source_sum'] is None else wanted['source_sum']
        if not source:
            return None, None
        kind, hsum = digest.get('hash_type', 'sha256'), digest.get('hsum')
        if hsum and os.path.isfile(real) and file_hash.get_hash(real, kind) == hsum:
            return None, None
        sfn = wanted['sfn'] or file_compare.cached(source, wanted['saltenv'], self.host)
        if not sfn:
            return None, "Source file '%s' not found" % source
        actual = file_hash.get_hash(sfn, kind)
        if hsum and actual != hsum and not wanted['skip_verify']:
            if file_source.scheme(source) in ('', 'file'):
                return None, ('Specified %s checksum for %s (%s) does not match actual checksum (%s)'
                              % (kind, self.name, hsum, actual))
            return None, (
                'Specified %s checksum for %s (%s) does not match actual checksum (%s). If the \'source_hash\' value refers '
                'to a remote file with multiple possible matches, then it may be necessary to set \'source_hash_name\'.'
                % (kind, source, hsum, actual))
        with io.open(sfn, 'rb') as stream:
            return stream.read(), None

    def _mode_of(self, source):
        """The mode of a source; that of its copy in the cache is another one."""
        kind = file_source.scheme(source)
        if kind == 'salt':
            return file_status.normal_mode(self.host.functions['cp.stat_file'](source, self.wanted['saltenv']))
        path = source[len('file://'):] if kind else source
        return file_status.get_mode(path) if kind in ('', 'file') and os.path.exists(path) else None

    def run(self):
        """What file.manage_file returns."""
        if os.path.isdir(self.name) and not os.path.islink(self.name):
            return self._fail('Specified target %s is a directory' % self.name)
        if os.path.islink(self.name) and self.follow and not os.path.exists(self.name):
            raise CommandExecutionError('%s: File not found' % self.name)
        if self.wanted['keep_mode'] and self.wanted['contents'] is None and self.wanted['source']:
            self.mode = self._mode_of(self.wanted['source']) or self.mode
        real = os.path.realpath(self.name) if os.path.islink(self.name) and self.follow else self.name
        there = os.path.exists(self.name)
        if not there and not os.path.isdir(os.path.dirname(self.name) or '.') and not self._make_parents():
            return self._fail('Parent directory not present')
        data, wrong = self._data(real)
        if wrong:
            return self._fail(wrong)
        if there:
            self._change(real, data)
        else:
            self._create(real, data)
        return self._finish()

    def _make_parents(self):
        if not self.wanted['makedirs']:
            return False
        mode = self.wanted['dir_mode']
        if mode is None and self.mode is not None:
            bits = int(file_status.normal_mode(self.mode), 8)       # a folder that can be read is entered, too
            mode = '%04o' % (bits | (bits & 0o444) >> 2)
        file_perms.makedirs(self.name, self.wanted['user'], self.wanted['group'], mode, self.host)
        return True

    def _change(self, real, data):
        if data is None:
            return
        with io.open(real, 'rb') as stream:
            old = stream.read()
        if old != data:
            self._show(old, data, False)
            ignoring = _ignoring(self.wanted)
            if ignoring.active and ignoring.same(old, data):
                self.ret['skip_req'] = True
            if self.wanted['backup'] in ('minion', 'both'):
                file_backup.keep(real, self.host.opts)
            file_open.replace_with(real, data)

    def _create(self, real, data):
        if data is None:
            self.ret['changes']['new'] = 'file %s created' % self.name
            self.ret['comment'] = 'Empty file'
        else:
            if self.mode is None and self.wanted['contents'] is None:
                self.mode = file_status.octal(file_open.FILE_MODE)      # and so it is among the changes
        try:
            handle, temporary = tempfile.mkstemp(prefix='.' + os.path.basename(real) + '.', dir=os.path.dirname(real) or '.')
        except (OSError, IOError) as exc:
            raise CommandExecutionError(reason(exc))
        if data is not None:
            self._show(b'', data, True)
        try:
            with io.open(handle, 'wb') as stream:
                stream.write(data or b'')
            os.chmod(temporary, file_open.FILE_MODE if self.mode is None else 0o600)
            os.rename(temporary, real)
        except BaseException:
            os.unlink(temporary)
            raise

    def _finish(self):
        wanted, empty = self.wanted, self.ret['comment'] == 'Empty file'
        selinux = tuple(wanted[name] for name in ('seuser', 'serole', 'setype', 'serange'))
        before = self.ret['comment']
        self.ret, _ = file_perms.check_perms(self.name, self.ret, wanted['user'], wanted['group'], self.mode,
                                             wanted['attrs'] or None, self.follow, selinux, self.host)
        if empty:
            self.ret['comment'] = before
        elif self.ret['changes'] and not (self.ret['result'] is False and self.ret['comment']):
            self.ret['comment'] = 'File %s updated' % self.name
        elif self.ret['result']:
            self.ret['comment'] = 'File %s is in the correct state' % self.name
        return self.ret


def manage_file(wanted, host):
    """See file.manage_file."""
    managed = _Managed(wanted, host)
    try:
        return managed.run()
    finally:
        _clean(wanted['sfn'])
