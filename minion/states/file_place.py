"""Files as a whole: copying, moving, touching, patching, decoding, writing data as text, removing old ones (file.*)."""
from __future__ import absolute_import, division, print_function

import base64
import os
import shlex
import shutil

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import file_hash, file_status, merging, state_edit, state_patch, state_serialize, state_tidied
from minion.helpers.state_edit import answer as _answer

__virtualname__ = 'file'
__func_alias__ = {'copy_': 'copy'}


def __virtual__():
    return True


def touch(name, atime=None, mtime=None, makedirs=False):
    """The file is there, and has these times, now if none are given.

    .. code-block:: yaml

        /var/log/httpd/logrotate.empty:
          file.touch
    """
    wrong = state_edit.refused(name, 'touch')
    if wrong:
        return _answer(name, False, wrong)
    there = os.path.exists(name)
    if __opts__['test']:
        return _would_touch(name, there, atime, mtime)
    if not _folder(name, makedirs):
        return _answer(name, False, 'Directory not present to touch file %s' % name)
    done = __salt__['file.touch'](name, atime, mtime)
    if not there:
        return _answer(name, done, 'Created empty file %s' % name, {'new': name} if done else {})
    kind = 'directory' if os.path.isdir(name) else 'file'
    return _answer(name, done, 'Updated times on %s %s' % (kind, name), {'touched': name} if done else {})


def _would_touch(name, there, atime, mtime):
    if not there:
        return _answer(name, None, 'File %s is set to be created' % name, {'new': name})
    status = os.stat(name)
    if atime is None and mtime is None or str(atime) == str(int(status.st_atime)) and str(mtime) == str(int(status.st_mtime)):
        return _answer(name, True, 'File %s exists and has the correct times' % name, {'new': name})
    return _answer(name, None, 'Times set to be updated on file %s' % name, {'touched': name})


def _folder(name, makedirs, user=None, group=None, mode=None):
    """True if the folder of a path is there or could be made."""
    folder = os.path.dirname(name)
    if not os.path.isdir(folder) and makedirs:
        __salt__['file.makedirs'](name, user, group, mode)
    return os.path.isdir(folder)


def rename(name, source, force=False, makedirs=False, **kwargs):
    """What is at `source` is moved to the name. force: also over what is there.

    .. code-block:: yaml

        /var/cache/old:
          file.rename:
            - source: /srv/old
    """
    wrong = state_edit.refused(name, 'rename')
    if wrong:
        return _answer(name, False, wrong)
    name, source = os.path.expanduser(name), os.path.expanduser(source)
    if not os.path.lexists(source):
        return _answer(name, True, 'Source file "%s" has already been moved out of place' % source)
    if os.path.lexists(name):
        if not force:
            return _answer(name, True, 'The target file "%s" exists and will not be overwritten' % name)
        if not __opts__['test']:
            __salt__['file.remove'](name)
    if __opts__['test']:
        return _answer(name, None, 'File "%s" is set to be moved to "%s"' % (source, name))
    if not _folder(name, makedirs):
        return _answer(name, False, 'The target directory %s is not present' % os.path.dirname(name))
    try:
        if os.path.islink(source):
            os.symlink(os.readlink(source), name)
            os.unlink(source)
        else:
            __salt__['file.move'](source, name)
    except (OSError, IOError, CommandExecutionError):
        return _answer(name, False, 'Failed to move "%s" to "%s"' % (source, name))
    return _answer(name, True, 'Moved "%s" to "%s"' % (source, name), {name: source})


def copy_(name, source, force=False, makedirs=False, preserve=False, user=None, group=None, mode=None, dir_mode=None,
          subdir=False, **kwargs):
    """The file or folder is a copy of another one of this host, made if there is none.

    force: also over what is there. preserve: with owner and mode. subdir: into the folder that the name is.

    .. code-block:: yaml

        /etc/example.conf:
          file.copy:
            - source: /tmp/example.conf
    """
    wrong = state_edit.refused(name, 'copy')
    if wrong:
        return _answer(name, False, wrong)
    name, source = os.path.expanduser(name), os.path.expanduser(source)
    if not os.path.exists(source):
        return _answer(name, False, 'Source file "%s" is not present' % source)
    target = os.path.join(name, os.path.basename(source)) if subdir and os.path.isdir(name) else name
    there = os.path.lexists(target)
    if there and not force:
        return _answer(name, True, 'The target file "%s" exists and will not be overwritten' % target)
    if __opts__['test']:
        return _answer(name, None, 'File "%s" is set to be copied to "%s"' % (source, target))
    owner = _copy_owner(source, preserve, user, group, mode)
    unknown = _unknown(*owner[:2])
    if unknown:
        return _answer(name, False, unknown)
    note = ''
    if there:
        note = ' - files are identical but force flag is set' if state_edit.same_file(source, target) else ''
        __salt__['file.remove'](target, force=True)
    if not _folder(target, makedirs, user, group, dir_mode):
        return _answer(name, False, 'The target directory %s is not present' % os.path.dirname(target))
    return _copied(name, source, target, owner, preserve, note)


def _copy_owner(source, preserve, user, group, mode):
    if preserve:
        return file_status.get_user(source), file_status.get_group(source), file_status.get_mode(source)
    if user and group is None:
        found = __salt__['user.info'](user)
        if found and found.get('gid') is not None:
            group = __salt__['file.gid_to_group'](found['gid'])
    return user, group, mode


def _unknown(user, group):
    """Why an owner cannot be given, or ''."""
    told = ''
    if user is not None and __salt__['file.user_to_uid'](user) == '':
        told = 'User %s is not available ' % user
    if group is not None and __salt__['file.group_to_gid'](group) == '':
        told += 'Group %s is not available' % group
    return told


def _copied(name, source, target, owner, preserve, note):
    try:
        if os.path.isdir(source):
            shutil.copytree(source, target, symlinks=True)
        else:
            shutil.copy(source, target)
    except (OSError, IOError, shutil.Error):
        return _answer(name, False, 'Failed to copy "%s" to "%s"' % (source, target))
    ret = _answer(name, True, 'Copied "%s" to "%s"%s' % (source, name, note), {target: source})
    if preserve:
        return ret                              # shutil.copy has taken the mode over, not the owner
    user, group, mode = owner
    checked = __salt__['file.check_perms'](target, {}, user, group, mode)[0]
    ret['changes'].update(checked['changes'])
    if not checked['result']:
        ret.update(result=checked['result'], comment=checked['comment'])
    return ret


def decode(name, encoded_data=None, contents_pillar=None, encoding_type='base64', checksum='md5'):
    """The file holds what a text in base64 stands for, given or in the pillar.

    .. code-block:: yaml

        /tmp/new_file:
          file.decode:
            - encoded_data: Z2V0IHNhbHRlZA==
    """
    if not encoded_data and not contents_pillar:
        raise CommandExecutionError("Specify either the 'encoded_data' or 'contents_pillar' argument.")
    if encoded_data and contents_pillar:
        raise CommandExecutionError("Specify only one 'encoded_data' or 'contents_pillar' argument.")
    content = encoded_data or __salt__['pillar.get'](contents_pillar, False)
    if content is False:
        raise CommandExecutionError('Pillar data not found.')
    there = os.path.exists(name)
    old = __salt__['hashutil.digest_file'](name, checksum) if there else None
    wanted = _digest(content, checksum) if there else None
    if there and old == wanted:
        return _answer(name, True, 'File is in the correct state.')
    if __opts__['test']:
        return _answer(name, None, 'File is set to be updated.', {'old': old, 'new': wanted} if there else {})
    done = __salt__['hashutil.base64_decodefile'](content, name)
    return _answer(name, done, 'File was updated.', {'old': old, 'new': __salt__['hashutil.digest_file'](name, checksum)})


def _digest(content, checksum):
    digest = file_hash.maker(checksum)()
    digest.update(base64.b64decode(compat.to_bytes(content)))
    return digest.hexdigest()


def tidied(name, age=0, matches=None, rmdirs=False, size=0, exclude=None, full_path_match=False, followlinks=False,
           time_comparison='atime', age_size_logical_operator='OR', age_size_only=None, rmlinks=True, **kwargs):
    """A folder holds nothing that is as old (days) or as large as this; folders in it stay without `rmdirs`.

    matches, exclude: regular expressions of names, with full_path_match of paths.

    .. code-block:: yaml

        /var/log/old:
          file.tidied:
            - age: 14
            - matches: ['.*[.]gz$']
            - age_size_only: age
    """
    wanted = locals()
    if not name or not os.path.isabs(name):
        return _answer(name, False, 'Specified file %s is not an absolute path' % name)
    if not os.path.isdir(name):
        return _answer(name, False, '%s does not exist or is not a directory.' % name)
    found = state_tidied.Criteria(wanted).found(name)
    if not found:
        return _answer(name, True, 'Nothing to remove from directory %s' % name)
    if __opts__['test']:
        return _answer(name, None, '%s is set for tidy' % name, {'removed': found})
    removed = []
    for path in found:
        try:
            __salt__['file.remove'](path)
        except CommandExecutionError:                          # it is not in `removed` then
            continue
        removed.append(path)
    return _answer(name, True, 'Removed %d files or directories from directory %s' % (len(removed), name),
                   {'removed': removed})


# ---- patch

def patch(name, source=None, source_hash=None, source_hash_name=None, skip_verify=False, template=None, context=None,
          defaults=None, options='', reject_file=None, strip=None, saltenv=None, **kwargs):
    """A patch is applied to a file or folder, unless it is already.

    .. code-block:: yaml

        /opt/myfile.txt:
          file.patch:
            - source: salt://myfile.patch
    """
    ignored = [key for key in ('hash', 'dry_run_first') if key in kwargs]
    ret = _patched(name, locals())
    if ignored:
        ret.setdefault('warnings', []).extend("The '%s' argument is no longer used and has been ignored." % key
                                              for key in ignored)
    return ret


def _patched(name, wanted):
    if not os.path.isabs(name):
        return _answer(name, False, '%s is not an absolute path' % name)
    if not os.path.exists(name):
        return _answer(name, False, '%s does not exist' % name)
    words = shlex.split(wanted['options'] or '')
    if wanted['strip'] is not None:
        words.append('-p%s' % wanted['strip'])
    saltenv = wanted['saltenv'] or __env__

    def run(path, options):
        return __salt__['file.patch'](name, path, options=' '.join(compat.shell_quote(word) for word in options))

    with state_patch.Trial(run, wanted['reject_file']) as trial:
        path, wrong = _patch_file(wanted, saltenv, trial)
        if wrong:
            return _answer(name, False, 'Unable to manage file: %s' % wrong)
        answer, applied = trial.attempt(path, words)
        if answer['retcode']:
            return _not_patched(name, answer, applied, wanted['reject_file'])
        if __opts__['test']:
            return _answer(name, None, 'The patch would be applied', answer)
        answer = run(path, words)
    if answer['retcode']:
        return _answer(name, False, 'Failed to apply patch', answer)
    return _answer(name, True, 'Patch successfully applied', answer)


def _patch_file(wanted, saltenv, trial):
    """(path of the patch, what is wrong)"""
    if not wanted['source']:
        return trial.temporary(), None
    path, _, wrong = __salt__['file.get_managed'](
        wanted['name'], wanted['template'], wanted['source'], wanted['source_hash'] or '', wanted['source_hash_name'], None,
        None, None, None, saltenv, wanted['context'], wanted['defaults'], wanted['skip_verify'])
    return path, wrong


def _not_patched(name, answer, applied, reject_file):
    if applied:
        return _answer(name, True, 'Patch was already applied')
    if answer['retcode'] == 2 and answer['stderr'] or 'ignored' in answer['stdout']:
        return _answer(name, False, answer['stderr'])
    told = state_patch.FAILED + ('' if reject_file else state_patch.KEEP_REJECTS)
    shown = __salt__['out.string_format'](answer, 'nested', nested_indent=14)
    return _answer(name, False, '%s\n\n%s' % (told, shown))


# ---- data as text

def serialize(name, dataset=None, dataset_pillar=None, user=None, group=None, mode=None, backup='', makedirs=False,
              show_changes=True, create=True, merge_if_exists=False, encoding=None, encoding_errors='strict',
              serializer=None, serializer_opts=None, deserializer_opts=None, check_cmd=None, tmp_dir=None, tmp_ext='',
              **kwargs):
    """The file holds data as text: yaml, json, configparser or msgpack.

    dataset_pillar: key of the data in the pillar. merge_if_exists: over what the file holds. check_cmd: a command that
    ends with 0 when it is given the path of the new text.

    .. code-block:: yaml

        /etc/dummy/package.json:
          file.serialize:
            - dataset: {name: naive}
            - serializer: json
    """
    wanted, warnings = dict(locals()), []
    if deserializer_opts and not merge_if_exists:
        warnings.append("The 'deserializer_opts' option is ignored unless merge_if_exists is set to True.")
    ret = _serialized(name, wanted)
    if warnings:
        ret['warnings'] = warnings + ret.get('warnings', [])
    return ret


def _serialized(name, wanted):
    if not name:
        return _answer(name, False, 'Must provide name to file.serialize')
    if not wanted['create'] and not os.path.isfile(name):
        return _answer(name, True, 'File %s is not present and is not set for creation' % name)
    formatter = wanted['kwargs'].get('formatter')
    if formatter and wanted['serializer']:
        return _answer(name, False, 'Only one of serializer and formatter are allowed')
    data, pillar = wanted['dataset'], wanted['dataset_pillar']
    if data is not None and pillar is not None:
        return _answer(name, False, "Only one of 'dataset' and 'dataset_pillar' is permitted")
    if pillar is not None:
        data = __salt__['pillar.get'](pillar)
    if data is None:
        return _answer(name, False, "Neither 'dataset' nor 'dataset_pillar' was defined")
    kind = (wanted['serializer'] or formatter or 'yaml').lower()
    if state_serialize.unknown(kind):
        return _answer(name, False, state_serialize.unknown(kind))
    return _merged(name, kind, data, wanted)


def _merged(name, kind, data, wanted):
    held = None
    if wanted['merge_if_exists'] and os.path.isfile(name):
        try:
            held = state_serialize.read(kind, name, wanted['deserializer_opts'])
        except ValueError as exc:
            return _answer(name, False, 'Failed to deserialize existing data: %s' % exc)
        if held is not None:
            data = merging.merged(held, data, 'recurse')
            if data == held:
                return _answer(name, True, 'The file %s is in the correct state' % name)
    contents = state_serialize.write(kind, data, wanted['serializer_opts'])
    ret = _would_write(name, contents, wanted) if __opts__['test'] else _write(name, contents, wanted)
    if held and wanted['show_changes'] and 'diff' in ret['changes']:
        ret['changes']['diff'] = state_serialize.differences(held, data)
    return ret


def _would_write(name, contents, wanted):
    changes = __salt__['file.check_managed_changes'](
        name, None, {}, None, wanted['user'], wanted['group'], wanted['mode'], None, None, None, None, __env__,
        contents=contents)
    if not changes:
        return _answer(name, True, 'The file %s is in the correct state' % name)
    if 'diff' in changes and not wanted['show_changes']:
        changes['diff'] = state_edit.HIDDEN
    return _answer(name, None, 'Dataset will be serialized and stored into %s' % name, changes)


def _write(name, contents, wanted):
    if wanted['check_cmd'] and not state_serialize.accepts(contents, wanted, __salt__, __grains__):
        changes = _would_write(name, contents, wanted)['changes']
        return dict(_answer(name, False, 'check_cmd execution failed', changes), skip_watch=True)
    return __salt__['file.manage_file'](
        name, '', _answer(name), None, {}, wanted['user'], wanted['group'], wanted['mode'], None, __env__, wanted['backup'],
        makedirs=wanted['makedirs'], show_changes=wanted['show_changes'], contents=contents, encoding=wanted['encoding'],
        encoding_errors=wanted['encoding_errors'])
