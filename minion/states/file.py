"""Files, folders and links: their content, owner and mode, and that they are there or not. Text of files: file_edit.

Users, groups and modes are those of the functions of the execution module `file`; in test mode nothing is changed.
"""
from __future__ import absolute_import, division, print_function

from minion.helpers import (
    state_accumulators, state_file, state_file_cached, state_file_folder, state_file_link, state_file_managed, state_file_node,
    state_file_recurse, state_file_retained)


def _world():
    return state_file.World(__opts__, __salt__, __grains__, __pillar__, __env__, globals().get('__lowstate__') or [])


def managed(name, source=None, source_hash='', source_hash_name=None, keep_source=True, user=None, group=None, mode=None,
            attrs=None, template=None, makedirs=False, dir_mode=None, context=None, replace=True, defaults=None, backup='',
            show_changes=True, create=True, contents=None, tmp_dir=None, tmp_ext='', contents_pillar=None,
            contents_grains=None, contents_newline=True, contents_delimiter=':', encoding=None, encoding_errors='strict',
            allow_empty=True, follow_symlinks=True, check_cmd=None, skip_verify=False, selinux=None, win_owner=None,
            win_perms=None, win_deny_perms=None, win_inheritance=True, win_perms_reset=False, verify_ssl=True, use_etag=False,
            signature=None, source_hash_sig=None, signed_by_any=None, signed_by_all=None, keyring=None, gnupghome=None,
            ignore_ordering=False, ignore_whitespace=False, ignore_comment_characters=None, new_file_diff=False,
            sig_backend='gpg', **kwargs):
    """A file with the content of a source, or this content, and this owner and mode.

    /etc/motd:
      file.managed:
        - source: salt://motd.jinja
        - template: jinja
        - mode: '0644'

    source: salt://, path, http(s) or ftp address, or a list of which the first that is there counts. contents,
    contents_pillar, contents_grains: the text itself, or the key at which pillar or grains have it. mode: octal digits,
    or keep. replace: False leaves the content of a file that is there. create: False makes no new file.
    check_cmd: a command that is given the path of the new content and must end well before it is put in place.
    """
    collected = state_accumulators.of_file(__context__, name)
    if collected and (context is None or isinstance(context, dict)):
        context = dict(context or {}, accumulator=collected)
    return state_file_managed.managed(name, locals(), _world())


def directory(name, user=None, group=None, recurse=None, max_depth=None, dir_mode=None, file_mode=None, makedirs=False,
              clean=False, require=None, exclude_pat=None, follow_symlinks=False, force=False, backupname=None,
              allow_symlink=True, children_only=False, win_owner=None, win_perms=None, win_deny_perms=None,
              win_inheritance=True, win_perms_reset=False, **kwargs):
    """A folder with this owner and mode.

    /srv/www:
      file.directory:
        - user: www-data
        - dir_mode: '0755'
        - file_mode: '0644'
        - recurse: [user, mode]

    recurse: which of user, group, mode holds for all below, too; also ignore_files, ignore_dirs, silent. clean: remove
    what no required state of files stands for. exclude_pat: what clean leaves. force, backupname: what lies there instead
    is removed, or renamed.
    """
    return state_file_folder.directory(name, locals(), _world())


def recurse(name, source, keep_source=True, clean=False, require=None, user=None, group=None, dir_mode=None, file_mode=None,
            sym_mode=None, template=None, context=None, replace=True, defaults=None, include_empty=False, backup='',
            include_pat=None, exclude_pat=None, maxdepth=None, keep_symlinks=False, force_symlinks=False, win_owner=None,
            win_perms=None, win_deny_perms=None, win_inheritance=True, merge=False, **kwargs):
    """A folder with all that a folder of the file server has.

    /etc/app:
      file.recurse:
        - source: salt://app/etc
        - clean: True

    include_pat, exclude_pat: globs, or regular expressions behind `E@`, of paths below it. file_mode: octal digits, or
    keep. clean: remove what is not from there. merge: of several sources all count, not only the first.
    """
    return state_file_recurse.recurse(name, locals(), _world())


def symlink(name, target, force=False, backupname=None, makedirs=False, user=None, group=None, mode=None, win_owner=None,
            win_perms=None, win_deny_perms=None, win_inheritance=None, atomic=False, disallow_copy_and_unlink=False,
            inherit_user_and_group=False, follow_symlinks=True, **kwargs):
    """A symbolic link that leads to the target.

    /usr/local/bin/app:
      file.symlink:
        - target: /opt/app/bin/app

    force, backupname: what lies there instead is removed, or renamed. mode: of folders that makedirs makes.
    """
    return state_file_link.symlink(name, locals(), _world())


def hardlink(name, target, force=False, makedirs=False, user=None, group=None, dir_mode=None, **kwargs):
    """A second name of a file.

    /srv/copy:
      file.hardlink:
        - target: /srv/original
    """
    return state_file_link.hardlink(name, locals(), _world())


def shortcut(name, target, arguments=None, working_dir=None, description=None, icon_location=None, force=False,
             backupname=None, makedirs=False, user=None, **kwargs):
    """A shortcut of Windows; fails, as this is none."""
    return state_file.new(name, 'Shortcuts are only supported on Windows', False)


def absent(name, **kwargs):
    """Nothing lies at this path: a file, a link, or a folder with all that is in it is removed."""
    return state_file_link.absent(name, _world())


def exists(name, **kwargs):
    """Something lies at this path; nothing is changed."""
    return state_file_link.exists(name)


def missing(name, **kwargs):
    """Nothing lies at this path; nothing is changed."""
    return state_file_link.missing(name)


def mknod(name, ntype, major=0, minor=0, user=None, group=None, mode='0600'):
    """A character device (ntype c), block device (b) or pipe (p) with this owner and mode.

    /dev/chr:
      file.mknod:
        - ntype: c
        - major: 180
        - minor: 31
    """
    return state_file_node.mknod(name, ntype, (major, minor), user, group, mode, _world())


def pruned(name, recurse=False, ignore_errors=False, older_than=None):
    """No empty folder lies there, with `recurse` none below it either.

    older_than: only folders changed longer than so many days ago. ignore_errors: some may be left.
    """
    return state_file_node.pruned(name, recurse, ignore_errors, older_than, _world())


def cached(name, source_hash='', source_hash_name=None, skip_verify=False, saltenv='base', use_etag=False,
           source_hash_sig=None, signed_by_any=None, signed_by_all=None, keyring=None, gnupghome=None, sig_backend='gpg'):
    """The file of an address is in the cache of this minion.

    https://example.com/app.tar.gz:
      file.cached:
        - source_hash: https://example.com/app.tar.gz.sha256
    """
    return state_file_cached.cached(name, locals(), _world())


def not_cached(name, saltenv='base'):
    """The file of an address is not in the cache of this minion."""
    return state_file_cached.not_cached(name, saltenv, _world())


def retention_schedule(name, retain, strptime_format=None, timezone=None):
    """Of the copies in a folder the wanted ones stay, the others are removed.

    /var/backups/db:
      file.retention_schedule:
        - retain: {most_recent: 5, first_of_day: 7, first_of_month: all}
        - strptime_format: db_%Y-%m-%d.gz

    strptime_format: how the names tell the time; else the time of the last change counts.
    """
    return state_file_retained.retention_schedule(name, retain, strptime_format, _world())


def mod_run_check_cmd(cmd, filename, **kwargs):
    """True if a command that is given the path of a file ends well, else what a return shows."""
    return state_file_managed.run_check(cmd, filename, __salt__)


def mod_beacon(name, **kwargs):
    """A beacon that watches the file of a state managed or directory that has `beacon: True`."""
    function = kwargs.get('sfun')
    if function not in ('managed', 'directory'):
        return state_file.new(name, 'file.%s does not work with the beacon state function' % function, False)
    if not kwargs.get('beacon'):
        return state_file.new(name, 'Not adding beacon.')
    wanted = kwargs.get('beacon_data') or {}
    data = {'mask': wanted.get('mask', ['create', 'delete', 'modify'])}
    if function == 'directory':
        data.update(auto_add=wanted.get('auto_add', True), recurse=wanted.get('recurse', True),
                    exclude=wanted.get('exclude', []))
    return __states__['beacon.present'](name='beacon_inotify_%s' % name, files={name: data},
                                        interval=wanted.get('interval', 60), coalesce=wanted.get('coalesce', False),
                                        beacon_module='inotify')
