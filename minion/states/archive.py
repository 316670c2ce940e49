"""Archives that are unpacked (archive.*)."""
from __future__ import absolute_import, division, print_function

import os
import shlex

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import archive_names, file_hash, state_extract
from minion.helpers.state_edit import answer as _answer

_ABSENCE = ', due to absence of one or more files/dirs'


def extracted(name, source, source_hash=None, source_hash_name=None, source_hash_update=False,
              skip_files_list_verify=False, skip_verify=False, password=None, options=None, list_options=None, force=False,
              overwrite=False, clean=False, clean_parent=False, user=None, group=None, if_missing=None, trim_output=False,
              use_cmd_unzip=None, extract_perms=True, enforce_toplevel=True, enforce_ownership_on=None, archive_format=None,
              use_etag=False, signature=None, source_hash_sig=None, signed_by_any=None, signed_by_all=None, keyring=None,
              gnupghome=None, sig_backend='gpg', **kwargs):
    """All that is in an archive (tar, zip or rar) lies in the folder.

    if_missing: nothing is done if this path is there. enforce_toplevel: refuse archives of more than one folder.
    overwrite: unpack in any case. clean: remove the folders of the archive before; clean_parent: the folder itself.
    force: remove what is of another kind. options: of tar, or unzip with use_cmd_unzip.

    .. code-block:: yaml

        /opt:
          archive.extracted:
            - source: salt://app.tar.gz
            - user: app
    """
    wanted = dict(locals())
    if signature or source_hash_sig:
        return _answer(name, False, 'signature, source_hash_sig: this minion cannot check signatures of files')
    if not name or not os.path.isabs(name):
        return _answer(name, False, '%s is not an absolute path' % name)
    wrong = _wrong(wanted)
    if wrong:
        return _answer(name, False, wrong)
    if if_missing and os.path.exists(if_missing):
        return _answer(name, True, 'Path %s exists' % if_missing)
    path, wrong = _source(wanted)
    if wrong:
        return _answer(name, False, wrong)
    kind = archive_format or archive_names.guess(source)
    if not kind:
        return _answer(name, False, state_extract.NO_FORMAT)
    try:
        contents = __salt__['archive.list'](path, archive_format=kind, verbose=True,
                                            strip_components=state_extract.stripped(options))
        return _compared(name, path, kind, contents, wanted)
    except (CommandExecutionError, SaltInvocationError) as exc:
        return _answer(name, False, compat.error_text(exc))


def _wrong(wanted):
    """What is wrong with the arguments, or None."""
    user, group, kind = wanted['user'], wanted['group'], wanted['archive_format']
    if user is not None and __salt__['file.user_to_uid'](user) == '':
        return 'User %s does not exist' % user
    if group is not None and __salt__['file.group_to_gid'](group) == '':
        return 'Group %s does not exist' % group
    if kind and kind not in state_extract.FORMATS:
        return state_extract.BAD_FORMAT % kind
    if wanted['clean'] and wanted['clean_parent']:
        return "Only one of 'clean' and 'clean_parent' can be set to True"
    return None


def _source(wanted):
    """(path of the archive on this host, what is wrong)"""
    source, digest = wanted['source'], wanted['source_hash'] or ''
    if os.path.isabs(source) and not os.path.isfile(source):
        return None, "Source file '%s' does not exist" % source
    try:
        if digest and not wanted['skip_verify']:
            digest = __salt__['file.get_source_sum'](wanted['name'], source, digest, wanted['source_hash_name'], __env__)
        elif '://' in source and not source.startswith(('salt://', 'file://')) and not wanted['skip_verify']:
            return None, ('Unable to verify upstream hash of source file %s, please set source_hash or set skip_verify to '
                          'True' % source)
        path = source if os.path.isabs(source) else __salt__['cp.cache_file'](source, __env__)
    except CommandExecutionError as exc:
        return None, compat.error_text(exc)
    if not path or not os.path.isfile(path):
        return None, "Source file %s not found in saltenv '%s'" % (source, __env__)
    if isinstance(digest, compat.Mapping):
        actual = file_hash.get_hash(path, digest['hash_type'])
        if actual != digest['hsum']:
            return None, ('Specified %s checksum for %s (%s) does not match actual checksum (%s).'
                          % (digest['hash_type'], source, digest['hsum'], actual))
    return path, None


def _compared(name, path, kind, contents, wanted):
    target = name if name.endswith('/') else name + '/'
    if wanted['enforce_toplevel'] and not state_extract.one_top(contents):
        return _answer(name, False, state_extract.NO_TOPLEVEL % (os.path.join(name, 'some_dir'), target))
    if os.path.exists(name) and not os.path.isdir(name):
        return _answer(name, False, '%s exists and is not a directory' % name)
    missing, other = state_extract.compared(name, contents)
    if other and not wanted['force'] and not (wanted['clean'] and not __opts__['test']):
        what = state_extract.CLEARED if wanted['clean'] else state_extract.FORCE
        return _answer(name, None if wanted['clean'] else False, state_extract.WRONG_TYPE % (
            target, what, '\n'.join('- ' + one for one in other)))
    if not (missing or other or wanted['overwrite']):
        return _present(name, contents, wanted)
    why = _ABSENCE if missing or other else ''
    if __opts__['test']:
        after = ', after cleaning destination path(s)' if wanted['clean'] else ''
        return _answer(name, None, 'Archive %s would be extracted to %s%s%s' % (wanted['source'], target, after, why))
    gone = _cleaned(name, target, contents, wanted) + [os.path.join(name, one) for one in other]
    return _extract(name, target, path, contents, dict(wanted, archive_format=kind, why=why), gone)


def _cleaned(name, target, contents, wanted):
    """What is removed before."""
    if wanted['clean_parent']:
        return [target] if os.path.isdir(name) else []
    return state_extract.tops(name, contents) if wanted['clean'] else []


def _present(name, contents, wanted):
    others = _others(name, contents, wanted)
    if not others:
        return _answer(name, True, 'All files in archive are already present')
    if __opts__['test']:
        return _answer(name, None, 'All files in archive are already present, but ownership would be updated',
                       {'updated ownership': True})
    ret = _answer(name, True, 'All files in archive are already present')
    _own(others, wanted, ret)
    return ret


def _others(name, contents, wanted):
    """Paths that do not belong to the wanted user and group."""
    uid, gid = (None if who is None else __salt__[function](who)
                for function, who in (('file.user_to_uid', wanted['user']), ('file.group_to_gid', wanted['group'])))
    if uid is None and gid is None:
        return []
    return state_extract.not_owned(name, contents, wanted['enforce_ownership_on'], uid, gid)


def _own(paths, wanted, ret):
    for path in paths:
        __salt__['file.lchown'](path, wanted['user'], wanted['group'])
    ret['changes']['updated ownership'] = True


def _extract(name, target, path, contents, wanted, gone):
    ret = _answer(name)
    for old in [old for place, old in enumerate(gone) if old not in gone[:place] and os.path.lexists(old.rstrip('/'))]:
        __salt__['file.remove'](old.rstrip('/'))
        ret['changes'].setdefault('removed', []).append(old)
    if wanted['clean_parent'] and target in gone:
        ret['changes']['removed'] = 'Directory %s was removed prior to the extraction' % target
    if not os.path.isdir(name):
        __salt__['file.makedirs'](target)
        ret['changes']['directories_created'] = [target]
    files = _UNPACK[wanted['archive_format']](path, name, wanted)
    if files is None:
        return dict(ret, result=False, comment='Failed to extract %s' % wanted['source'])
    most = 100 if wanted['trim_output'] is True else wanted['trim_output']
    ret['changes']['extracted_files'] = files[:most] if most else files
    others = _others(name, contents, wanted)
    if others:
        _own(others, wanted, ret)
    ret['comment'] = '%s extracted to %s%s' % (wanted['source'], target, wanted['why'])
    if most and len(files) > most:
        ret['comment'] += '. Output was trimmed to %d number of lines' % most
    return ret


# ---- unpacking

def _tar(path, name, wanted):
    archive_names.need('tar')
    words = shlex.split(wanted['options'] or '')
    words = [] if words in (['v'], ['-v']) else words
    if words and not words[0].startswith('-'):
        words[0] = '-' + words[0]
    answer = __salt__['cmd.run_all'](['tar', '-x', '-v'] + words + ['-f', path, '-C', name], python_shell=False)
    if answer['retcode']:
        raise CommandExecutionError(answer['stderr'] or answer['stdout'])
    return state_extract.lines_of(answer, not wanted['options'])


def _zip(path, name, wanted):
    if wanted['use_cmd_unzip'] or wanted['options']:
        return __salt__['archive.cmd_unzip'](path, name, options=wanted['options'], password=wanted['password'])
    return __salt__['archive.unzip'](path, name, password=wanted['password'], extract_perms=wanted['extract_perms'])


def _rar(path, name, wanted):
    return __salt__['archive.unrar'](path, name)


_UNPACK = {'tar': _tar, 'zip': _zip, 'rar': _rar}
