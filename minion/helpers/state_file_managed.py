"""The state file.managed: a file with this content, owner and mode."""
from __future__ import absolute_import, division, print_function

import os
import shlex
import shutil
import stat
import tempfile

from minion import compat
from minion.helpers import file_status, traverse
from minion.helpers.state_file import EXPECTED, Failed, check, failed, new, owner, text_of

_CONTENTS = ('contents', 'contents_pillar', 'contents_grains')
_SET = 'The file %s is set to be changed\nNote: No changes made, actual changes may\nbe different due to other states.'
_SELINUX = ('seuser', 'serole', 'setype', 'serange')
_IGNORING = ('ignore_ordering', 'ignore_whitespace', 'ignore_comment_characters')
_SIGNED = ('source_hash_sig', 'signed_by_any', 'signed_by_all', 'keyring', 'gnupghome', 'sig_backend')


def normal_mode(mode):
    """(octal digits or None, True if it is to be that of the source)"""
    if compat.is_text(mode) and mode.lower() == 'keep':
        return None, True
    return file_status.normal_mode(mode), False


def joined_lines(value, newline):
    """The text (or bytes that are no text) of `contents`: a text, a list of texts, or any other value.

    :param bool newline: end it with a line end.  :raises Failed: an empty list.
    """
    if isinstance(value, bytes) and _binary(value):
        return value
    parts = value if isinstance(value, list) else [value]
    if not parts:
        raise Failed('Contents specified by contents/contents_pillar/contents_grains is not a string or list of strings, '
                     'and is not binary data. SLS is likely malformed.')
    lines = [line for part in parts for line in compat.to_text(
        part if isinstance(part, bytes) else compat.shown(part)).splitlines()]
    text = u''.join(line + u'\n' for line in lines)
    return compat.to_native(text if newline else text.rstrip(u'\n'))


def _binary(data):
    try:
        data.decode('utf-8')
    except UnicodeDecodeError:
        return True
    return not compat.PY2 and b'\0' in data


class _Managed(object):
    """One call of file.managed; `wanted`: its arguments by name."""

    def __init__(self, name, wanted, world):
        self.name = os.path.expanduser(name)
        self.wanted, self.world, self.functions = wanted, world, world.functions
        self.ret = new(self.name)
        self.mode, self.keep = normal_mode(wanted['mode'])
        self.user = owner(wanted['user'], wanted['kwargs'])
        self.replace, self.contents = wanted['replace'], None
        self.source, self.source_hash = wanted['source'], wanted['source_hash']
        self.selinux = dict((key, (wanted['selinux'] or {}).get(key)) for key in _SELINUX)
        self.test = world.opts['test']

    # ---- what is wanted

    def given(self):
        """Which of the arguments that hold a content is given, or None.  :raises Failed: they do not go together."""
        given = [key for key in _CONTENTS if self.wanted[key] is not None]
        others = "'contents', 'contents_pillar', or 'contents_grains'"
        if given and self.source:
            raise Failed("'source' cannot be used in combination with %s" % others)
        if given and self.keep:
            raise Failed('Mode preservation cannot be used in combination with %s' % others)
        if len(given) > 1:
            raise Failed("Only one of 'contents', 'contents_pillar', and 'contents_grains' is permitted")
        if not given and not self.source:
            self.replace = False
        return given[0] if given else None

    def value(self, given):
        """The value of `contents`, or what pillar or grains hold.  :raises Failed: they hold nothing."""
        value = self.wanted[given]
        if given != 'contents':
            what, data = (('Pillar', self.world.pillar) if given == 'contents_pillar' else ('Grain', self.world.grains))
            key, value = value, traverse.get(data, value, traverse.MISSING, self.wanted['contents_delimiter'])
            if value is traverse.MISSING:
                raise Failed('%s %s does not exist' % (what, key))
        if not value and not self.wanted['allow_empty']:
            raise Failed("'%s' value would result in empty contents. Set allow_empty to True to allow the managed file to be "
                         'empty.' % given)
        return value

    def fill(self, text):
        """`text` with the marks of its template filled in."""
        wanted = self.wanted
        if not wanted['template']:
            return text
        text = self.functions['file.apply_template_on_contents'](
            text, template=wanted['template'], context=wanted['context'], defaults=wanted['defaults'],
            saltenv=self.world.saltenv)
        if isinstance(text, dict):
            raise Failed(text['comment'])
        return text

    def prepare(self):
        """Refuse what makes no sense, and work out the content that is given.  :raises Failed:"""
        if not self.name:
            raise Failed('Destination file name is required')
        given = self.given()
        if 'file_mode' in self.wanted['kwargs']:
            self.ret.setdefault('warnings', []).append(
                "The 'file_mode' argument will be ignored.  Please use 'mode' instead to set file permissions.")
        if given:
            self.contents = self.fill(joined_lines(self.value(given), self.wanted['contents_newline']))

    def refuse(self):
        """Refuse what cannot be made.  :raises Failed:"""
        check(self.name, self.user, self.wanted['group'], self.world)
        if os.path.isdir(self.name):
            raise Failed('Specified target %s is a directory' % self.name)
        for key in ('context', 'defaults'):
            if self.wanted[key] is not None and not isinstance(self.wanted[key], dict):
                raise Failed('%s must be formed as a dict' % key.capitalize())

    # ---- what is done

    def run(self):
        """What file.managed returns.  :raises Failed:"""
        self.prepare()
        if not self.wanted['create'] and not os.path.isfile(self.name):
            self.ret['comment'] = 'File %s is not present and is not set for creation' % self.name
            return self.ret
        self.refuse()
        if os.path.exists(self.name) and (not self.replace or self._known()):
            return self._permissions()
        try:
            self.source, self.source_hash = self.functions['file.source_list'](
                self.source, self.source_hash, self.world.saltenv)
            if self.test:
                return self._told()
            return self._manage()
        except Failed:
            raise
        except EXPECTED as exc:
            if self.test:
                raise
            raise Failed('Unable to manage file: %s' % text_of(exc))

    def _known(self):
        """True if the file has the checksum of a source on the web, which is then not fetched."""
        source = self.source
        if not compat.is_text(source) or not source.lower().startswith(('http:', 'https:', 'ftp:')):
            return False
        if not self.source_hash or self.wanted['template'] or not os.path.isfile(self.name):
            return False
        try:
            wanted = self.functions['file.get_source_sum'](
                self.name, source, self.source_hash, self.wanted['source_hash_name'], self.world.saltenv)
            return self.functions['file.get_hash'](self.name, wanted['hash_type']) == wanted['hsum']
        except EXPECTED:                         # told when the source is fetched
            return False

    def _permissions(self):
        """Only owner, mode and attributes."""
        self.ret, found = self.functions['file.check_perms'](
            self.name, self.ret, self.user, self.wanted['group'], self.mode, self.wanted['attrs'],
            self.wanted['follow_symlinks'], **self.selinux)
        if self.test:
            self.ret['comment'] = 'File %s not updated' % self.name
            if self.mode is not None and self.mode != found.get('lmode', self.mode):
                self.ret['comment'] = ('File %s will be updated with permissions %s from its current state of %s'
                                       % (self.name, self.mode, found['lmode']))
        elif not self.ret['changes'] and self.ret['result']:
            self.ret['comment'] = 'File %s exists with proper permissions. No changes made.' % self.name
        return self.ret

    def _common(self, *names):
        """Arguments of both of file.get_managed and its like, and those named."""
        given = dict((name, self.wanted[name]) for name in names)
        given.update(self.selinux)
        return given

    def _told(self):
        """Test mode: what would be changed."""
        wanted = self.wanted
        changes = self.functions['file.check_managed_changes'](
            self.name, self.source, self.source_hash, wanted['source_hash_name'], self.user, wanted['group'], self.mode,
            wanted['attrs'], wanted['template'], wanted['context'], wanted['defaults'], self.world.saltenv, self.contents,
            keep_mode=self.keep,
            **self._common('skip_verify', 'verify_ssl', 'follow_symlinks', 'new_file_diff', *_IGNORING))
        if isinstance(changes, tuple):
            differs, changes = changes
            if not isinstance(changes, dict):
                raise Failed(changes)
            if not differs:
                self.ret['skip_req'] = True
        self.ret['changes'] = changes
        self.ret['comment'] = 'The file %s is in the correct state' % self.name
        if changes:
            self.ret.update(result=None, comment=_SET % self.name)
            if 'diff' in changes and not wanted['show_changes']:
                changes['diff'] = '<show_changes=False>'
        return self.ret

    def _manage(self):
        wanted = self.wanted
        sfn, digest, wrong = self.functions['file.get_managed'](
            self.name, wanted['template'], self.source, self.source_hash, wanted['source_hash_name'], self.user,
            wanted['group'], self.mode, wanted['attrs'], self.world.saltenv, wanted['context'], wanted['defaults'],
            **self._signed('skip_verify', 'verify_ssl', 'use_etag', *(_IGNORING + _SIGNED))
        ) if self.contents is None else ('', {}, '')
        if wrong:
            raise Failed('Unable to manage file: %s' % wrong)
        draft = None
        try:
            if wanted['check_cmd']:
                draft = self._draft(sfn, digest)
                if draft is None:
                    return self.ret
                sfn = draft
            return self._written(self.name, sfn, self.ret, digest)
        finally:
            if draft and os.path.lexists(draft):
                os.unlink(draft)
            self._forget()

    def _written(self, name, sfn, ret, digest):
        """What file.manage_file returns; without `ret` for a draft, of which no copy is kept."""
        wanted, draft = self.wanted, ret is None
        given = self._common('template', 'show_changes', 'dir_mode', 'follow_symlinks', 'skip_verify', 'encoding',
                             'encoding_errors', 'verify_ssl', 'use_etag', 'new_file_diff', *_IGNORING)
        given.update(self._signed(*_SIGNED), signature=None if self.contents is not None else wanted['signature'])
        return self.functions['file.manage_file'](
            name, sfn, ret, self.source, digest, self.user, wanted['group'], self.mode, wanted['attrs'],
            self.world.saltenv, '' if draft else wanted['backup'], not draft and wanted['makedirs'],
            contents=self.contents, keep_mode=self.keep, **given)

    # ---- check_cmd

    def _draft(self, sfn, digest):
        """The path of what is to be put in place, once check_cmd was content with it; None if it was not."""
        handle, draft = tempfile.mkstemp(prefix='__salt.tmp.', suffix=self.wanted['tmp_ext'] or '', dir=self.wanted['tmp_dir'])
        os.close(handle)
        try:
            if os.path.isfile(self.name):
                shutil.copyfile(self.name, draft)
                was = os.stat(self.name)
                os.chown(draft, was.st_uid, was.st_gid)
                os.chmod(draft, stat.S_IMODE(was.st_mode))
            made = self._written(draft, sfn, None, digest)
            if not made['result']:
                raise Failed(made['comment'].replace(draft, self.name))
            checked = True
            if made['changes']:
                checked = self._passes(draft)
        except BaseException:
            os.unlink(draft)
            raise
        if checked is True:
            return draft
        os.unlink(draft)
        self.ret.update(checked)
        return None

    def _passes(self, draft):
        """True, or what the return of the state becomes."""
        return run_check(self.wanted['check_cmd'], draft, self.functions)

    def _signed(self, *names):
        """Arguments about signatures, where there is one to check: of a file of checksums, or of a source."""
        given = dict((name, self.wanted[name]) for name in names)
        if not self.source_hash or compat.is_text(self.source) and self.source.startswith('salt://'):
            given['source_hash_sig'] = None
        return given

    def _forget(self):
        """Take the source out of the cache if it is not to be kept."""
        if self.wanted['keep_source'] or not compat.is_text(self.source) or '://' not in self.source:
            return
        if self.source.startswith('file://'):
            return
        kept = self.functions['cp.is_cached'](self.source, self.world.saltenv)
        if kept:
            self.functions['file.remove'](kept)


def run_check(cmd, filename, functions):
    """True if a command that is given the path of a file ends well, else what that makes of the return of a state."""
    argv = shlex.split(compat.to_native(compat.shown(cmd))) + [filename]
    ended = functions['cmd.run_all'](argv, python_shell=False)
    if not ended['retcode']:
        return True
    said = [ended[stream] for stream in ('stdout', 'stderr') if ended.get(stream)]
    return {'comment': '\n'.join(['check_cmd execution failed'] + said), 'skip_watch': True, 'result': False}


def managed(name, wanted, world):
    """See the state file.managed; `wanted`: its other arguments by name."""
    state = _Managed(name, wanted, world)
    try:
        return state.run()
    except Failed as exc:
        return failed(state.ret, text_of(exc))
