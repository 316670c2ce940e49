"""Files and folders (file.*): reading, writing, searching, editing; owners and modes; managed files; backups.

Paths are absolute; a leading ~ is written out. What needs nothing but its arguments is defined in the helpers.
"""
from __future__ import absolute_import, division, print_function

from minion.errors import CommandExecutionError
from minion.helpers import (
    file_backup, file_block, file_compare, file_find, file_line, file_managed, file_perms, file_replace, file_search,
    file_selinux, file_source, templating)
from minion.helpers.file_accounts import gid_to_group, group_to_gid, uid_to_user, user_to_uid  # noqa: F401
from minion.helpers.file_hash import check_hash, get_hash, get_sum  # noqa: F401
from minion.helpers.file_host import Host
from minion.helpers.file_open_files import open_files  # noqa: F401
from minion.helpers.file_paths import (  # noqa: F401
    access, basename, directory_exists, dirname, diskusage, file_exists, get_devmm, is_blkdev, is_chrdev, is_fifo,
    is_hardlink, is_link, join, lstat, normpath, pardir, path_exists_glob, readdir, readlink, statvfs)
from minion.helpers.file_search import contains, contains_glob, contains_regex  # noqa: F401
from minion.helpers.file_source import extract_hash  # noqa: F401
from minion.helpers.file_status import (  # noqa: F401
    chgrp, chown, get_gid, get_group, get_mode, get_uid, get_user, lchown, set_mode, stats)
from minion.helpers.file_text import (  # noqa: F401
    append, prepend, read, seek_read, seek_write, touch, truncate, write)
from minion.helpers.file_tree import copy, link, move, remove, rename, rmdir, symlink  # noqa: F401

__func_alias__ = {'makedirs_': 'makedirs'}         # messages about arguments name it as it is called here


def _host():
    return Host(__opts__, __salt__, __context__, __grains__, _space)


def _space(saltenv, context, defaults):
    return templating.space_of(globals(), saltenv, templating.merged(context, defaults))


# ---- owners, modes, attributes

def check_perms(name, ret, user, group, mode, attrs=None, follow_symlinks=False, seuser=None, serole=None, setype=None,
                serange=None):
    """Give a path this owner, mode (octal digits) and attributes; None leaves what there is.

    ret: a result to add to, or {}. Returns it and what was there (l...) and was to be changed (c...).
    CLI: file.check_perms /etc/sudoers '{}' root root 400
    """
    selinux = (seuser, serole, setype, serange)
    return file_perms.check_perms(name, ret, user, group, mode, attrs, follow_symlinks, selinux, _host())


def lsattr(path):
    """The attributes of a file, or of the files in a folder, as mapping to lists of letters. CLI: file.lsattr /etc/hosts"""
    return file_perms.lsattr(path, _host())


def chattr(*args, **kwargs):
    """Add or remove attributes of the named files. True if that was done without a word.

    operator: add or remove. attributes: letters. flags: of R, V, f. version: number to set.
    CLI: file.chattr /etc/hosts operator=add attributes=i
    """
    return file_perms.chattr(args, kwargs, _host())


def get_selinux_context(path):
    """The SELinux context of a path. CLI: file.get_selinux_context /etc/hosts"""
    return file_selinux.get_context(path, _host())


def set_selinux_context(path, user=None, role=None, type=None, range=None, persist=False):
    """Set parts of the SELinux context and return it; with `persist` in the policy, too.

    CLI: file.set_selinux_context /etc/hosts type=net_conf_t
    """
    return file_selinux.set_context(path, (user, role, type, range), persist, _host())


def restorecon(path, recursive=False):
    """Reset the SELinux context of a path to the one of the policy. CLI: file.restorecon /home recursive=True"""
    return file_selinux.restore(path, recursive, _host())


# ---- folders and devices

def mkdir(dir_path, user=None, group=None, mode=None):
    """Make a folder and its missing parents, with this owner and mode. CLI: file.mkdir /srv/jobs deploy deploy 0750"""
    return file_perms.mkdir(dir_path, user, group, mode, _host())


def makedirs_(path, user=None, group=None, mode=None):
    """Make the folders above a path; for the path itself, too, end it with a slash. CLI: file.makedirs /opt/code/"""
    return file_perms.makedirs(path, user, group, mode, _host())


def makedirs_perms(name, user=None, group=None, mode='0755'):
    """Make a folder that is not there yet, and its parents, with this owner and mode. CLI: file.makedirs_perms /opt/code"""
    file_perms.make_folder(name, user, group, mode, _host())


def mknod(name, ntype, major=0, minor=0, user=None, group=None, mode='0600'):
    """Make a device or pipe: ntype is c, b or p. CLI: file.mknod /dev/chr c 180 31"""
    return file_perms.mknod(name, ntype, (major, minor), user, group, mode, _host())


def mknod_chrdev(name, major, minor, user=None, group=None, mode='0660'):
    """Make a character device. CLI: file.mknod_chrdev /dev/chr 180 31"""
    return file_perms.make_node(name, 'c', (major, minor), user, group, mode, _host())


def mknod_blkdev(name, major, minor, user=None, group=None, mode='0660'):
    """Make a block device. CLI: file.mknod_blkdev /dev/blk 8 999"""
    return file_perms.make_node(name, 'b', (major, minor), user, group, mode, _host())


def mknod_fifo(name, user=None, group=None, mode='0660'):
    """Make a named pipe. CLI: file.mknod_fifo /run/fifo"""
    return file_perms.make_node(name, 'p', (), user, group, mode, _host())


# ---- looking into files

def grep(path, pattern, *args):
    """Run grep and return pid, retcode, stdout and stderr; `args`: its options, one each.

    path: may be a pattern. CLI: file.grep /etc/passwd nobody -- -i
    """
    return file_search.grep(path, pattern, args, _host())


def search(path, pattern, flags=8, bufsize=1, ignore_if_missing=False, multiline=False):
    """True if a regular expression is found in a file.

    flags: number, name or list of names of flags of Python's module re; 8 is MULTILINE. bufsize: without effect here.
    ignore_if_missing: False instead of an error where there is no file. multiline: adds MULTILINE.
    CLI: file.search /etc/crontab 'mymaintenance.sh'
    """
    return file_replace.search(path, pattern, flags, ignore_if_missing, multiline)


def sed_contains(path, text, limit='', flags='g'):
    """True if sed finds the regular expression in a file, in lines that fit `limit`. CLI: file.sed_contains /etc/hosts x"""
    return file_search.sed_contains(path, text, limit, flags, _host())


# ---- changing files

def sed(path, before, after, limit='', backup='.bak', options='-r -e', flags='g', escape_all=False, negate_match=False):
    """Let sed replace `before` by `after` in a file and return what cmd.run_all does; False if there is no file.

    limit: regular expression of the lines; negate_match: all others. escape_all: the texts are not regular expressions.
    backup: ending of the copy of the file. CLI: file.sed /etc/httpd/httpd.conf 'LogLevel warn' 'LogLevel info'
    """
    return file_search.sed(path, before, after, limit, backup, options, flags, escape_all, negate_match, _host())


def psed(path, before, after, limit='', backup='.bak', flags='gMS', escape_all=False, multi=False):
    """Replace what a regular expression of Python finds in a file; see file.sed.

    flags: g (all of a file, not only the first) and letters of flags of Python. multi: without effect here.
    CLI: file.psed /etc/httpd/httpd.conf 'LogLevel warn' 'LogLevel info'
    """
    file_replace.psed(path, before, after, limit, backup, flags, escape_all)


def replace(path, pattern, repl, count=0, flags=8, bufsize=1, append_if_not_found=False, prepend_if_not_found=False,
            not_found_content=None, backup='.bak', dry_run=False, search_only=False, show_changes=True,
            ignore_if_missing=False, preserve_inode=True, backslash_literal=False, encoding=None):
    """Replace what a regular expression finds in a file by `repl`, and return the difference; '' if there is none.

    count: at most so many times. flags: see file.search. append_if_not_found, prepend_if_not_found: add `repl`, or
    not_found_content, as a line if nothing is found and it is not there. backup: ending of the copy of the file, or
    False. dry_run: only show. search_only: only say whether it is found. show_changes: False returns True or False.
    ignore_if_missing: False instead of an error where there is no file. preserve_inode: False writes a new file.
    backslash_literal: `repl` holds no references. bufsize, encoding: without effect here.
    CLI: file.replace /etc/ssh/sshd_config '^#?Port .*' 'Port 2222'
    """
    return file_replace.replace(path, pattern, repl, locals())


def comment_line(path, regex, char='#', cmnt=True, backup='.bak'):
    """Put `char` before the lines whose beginning fits, or with `cmnt` False take it away; the difference, or False.

    CLI: file.comment_line /etc/modules pcspkr
    """
    return file_replace.comment_line(path, regex, char, cmnt, backup)


def comment(path, regex, char='#', backup='.bak'):
    """file.comment_line that puts `char` there. CLI: file.comment /etc/modules pcspkr"""
    return file_replace.comment_line(path, regex, char, True, backup)


def uncomment(path, regex, char='#', backup='.bak'):
    """file.comment_line that takes `char` away. CLI: file.uncomment /etc/modules pcspkr"""
    return file_replace.comment_line(path, regex, char, False, backup)


def blockreplace(path, marker_start='#-- start managed zone --', marker_end='#-- end managed zone --', content='',
                 append_if_not_found=False, prepend_if_not_found=False, backup='.bak', dry_run=False, show_changes=True,
                 append_newline=False, insert_before_match=None, insert_after_match=None):
    """Make `content` the text between the lines that hold the markers, and return the difference.

    append_if_not_found, prepend_if_not_found, insert_before_match, insert_after_match (regular expressions of a line):
    where the block goes if there is none; one of them at most. append_newline: end the content with a line end; None:
    if it has none. backup, dry_run, show_changes: see file.replace.
    CLI: file.blockreplace /etc/hosts '# begin' '# end' $'10.0.0.1 one\\n'
    """
    return file_block.replace(path, locals())


def line(path, content=None, match=None, mode=None, location=None, before=None, after=None, show_changes=True,
         backup=False, quiet=False, indent=True):
    """Change a file line by line, and return the difference; False if there is none.

    mode: insert (at `location` start or end, or before or after the line that fits), ensure (the same, unless the line
    is there already), replace (the line that fits `match`), delete (it). match, before, after: regular expressions;
    `match` is `content` if it is not given. indent: like the line beside it. backup: keep a copy
    beside it, with the time in its name. quiet: False instead of an error where there is no file.
    CLI: file.line /etc/nsswitch.conf 'networks: files dns' after='hosts:.*' mode=ensure
    """
    return file_line.line(path, content, locals())


# ---- finding

def find(path, *args, **kwargs):
    """What fits the criteria at or below a path; links to folders are not followed.

    name, iname: pattern of the name; regex, iregex: regular expression at its beginning. type: letters of b c d f l p s.
    owner, group: names. size: bytes, or with k, m, g, t; +N at least, -N at most. mtime: changed N seconds (or with
    w, d, h, m, s) ago or before; -N: after. grep: regular expression in a line of the file. mindepth, maxdepth.
    print: what is returned, of group md5 mode mtime name path size type user. delete: remove what is of these types, plain
    files if it is only named.
    exec: a command to run, with {} for the path. CLI: file.find /var/log name='*.[0-9]' mtime=+30d size=+10m delete=f
    """
    return file_find.find(path, dict(kwargs, delete='f') if 'delete' in args else kwargs)


# ---- backups

def list_backups(path, limit=None):
    """The kept copies of a file: {number: {Backup Time, Size, Location}}, the newest is 0. CLI: file.list_backups /etc/x"""
    return file_backup.list_backups(path, limit, __opts__)


list_backup = list_backups


def list_backups_dir(path, limit=None):
    """The kept copies of the files of a folder, by file name. CLI: file.list_backups_dir /etc"""
    return file_backup.list_backups_dir(path, limit, __opts__)


def restore_backup(path, backup_id):
    """Put a kept copy back; what is there is kept before. CLI: file.restore_backup /etc/hosts 0"""
    return file_backup.restore(path, backup_id, __opts__)


def delete_backup(path, backup_id):
    """Remove a kept copy. CLI: file.delete_backup /etc/hosts 0"""
    return file_backup.delete(path, backup_id, __opts__)


remove_backup = delete_backup


# ---- sources

def source_list(source, source_hash, saltenv):
    """(source, source_hash) of the first of a list of sources that is there; one that is no list passes.

    An item may be a mapping of the source to its checksum. CLI: file.source_list salt://http/httpd.conf '' base
    """
    return file_source.source_list(source, source_hash, saltenv, _host())


def get_source_sum(file_name='', source='', source_hash=None, source_hash_name=None, saltenv='base', verify_ssl=True,
                   source_hash_sig=None, signed_by_any=None, signed_by_all=None, keyring=None, gnupghome=None,
                   sig_backend='gpg'):
    """The checksum that `source_hash` gives, {'hsum': digits, 'hash_type': type}.

    source_hash: digits, type=digits, or path or address of a file of checksums; see file.extract_hash for the names.
    source_hash_sig and what is about it: refused, signatures cannot be checked here.
    CLI: file.get_source_sum /tmp/foo.tar.gz source=http://x/foo.tar.gz source_hash=https://x/foo.sha256
    """
    _no_signatures(source_hash_sig)
    return file_source.get_source_sum(file_name, source, source_hash, source_hash_name, saltenv, _host())


def _no_signatures(*given):
    if any(given):
        raise CommandExecutionError('signature, source_hash_sig: this minion cannot check signatures of files')


def get_managed(name, template, source, source_hash, source_hash_name, user, group, mode, attrs, saltenv, context,
                defaults, skip_verify=False, verify_ssl=True, use_etag=False, source_hash_sig=None, signed_by_any=None,
                signed_by_all=None, keyring=None, gnupghome=None, ignore_ordering=False, ignore_whitespace=False,
                ignore_comment_characters=None, sig_backend='gpg', **kwargs):
    """(path of the content of a managed file, its checksum, what is wrong). The marks of a template are filled in.

    CLI: file.get_managed /etc/httpd/conf.d/httpd.conf jinja salt://http/httpd.conf '' '' root root 755 '' base None None
    """
    _no_signatures(source_hash_sig)
    return file_source.get_managed(source, source_hash, source_hash_name, locals(), _host())


def apply_template_on_contents(contents, template, context, defaults, saltenv):
    """A text with the marks of a template filled in. CLI: file.apply_template_on_contents '{{ x }}' jinja '{x: 1}' '{}' base"""
    if template not in templating.ENGINES:
        return {'result': False, 'comment': templating.unsupported(template)}
    return templating.render(contents, template, _space(saltenv, context, defaults))


# ---- differences

def get_diff(file1, file2, saltenv='base', show_filenames=True, show_changes=True, template=False,
             source_hash_file1=None, source_hash_file2=None, ignore_ordering=False, ignore_whitespace=False,
             ignore_comment_characters=None):
    """The difference of two files, paths or addresses; '' if they are the same.

    show_filenames: with their names. show_changes: False returns only whether there is one. ignore_ordering,
    ignore_whitespace, ignore_comment_characters: returns also, first, whether they differ in anything else.
    CLI: file.get_diff /home/fred/.vimrc salt://users/fred/.vimrc
    """
    return file_compare.get_diff(file1, file2, saltenv, locals(), _host())


def patch(originalfile, patchfile, options='', dry_run=False):
    """Apply a difference to a file or folder with the program patch, and return what cmd.run_all does.

    CLI: file.patch /opt/file.txt /tmp/file.txt.patch
    """
    return file_compare.patch(originalfile, patchfile, options, dry_run, _host())


# ---- managed files

def check_file_meta(name, sfn, source, source_sum, user, group, mode, attrs, saltenv, contents=None, seuser=None,
                    serole=None, setype=None, serange=None, verify_ssl=True, follow_symlinks=False,
                    ignore_ordering=False, ignore_whitespace=False, ignore_comment_characters=None,
                    new_file_diff=False):
    """What manage_file would change, as a mapping. CLI: file.check_file_meta /etc/x '' '' '{}' root root 755 '' base"""
    return file_managed.file_meta(name, sfn, source, source_sum, locals(), _host())


def check_managed(name, source, source_hash, source_hash_name, user, group, mode, attrs, template, context, defaults,
                  saltenv, contents=None, skip_verify=False, seuser=None, serole=None, setype=None, serange=None,
                  follow_symlinks=False, **kwargs):
    """(None, text) if the content of a file would be changed, (True, text) if not, (False, text) if that cannot be told.

    CLI: file.check_managed /etc/httpd.conf salt://http/httpd.conf '' '' root root 755 '' jinja None None base
    """
    changes, wrong = file_managed.managed_changes(name, source, source_hash, source_hash_name,
                                                  dict(locals(), user=None, group=None, mode=None), _host())
    return (False, wrong) if wrong else file_managed.told(changes, name)


def check_managed_changes(name, source, source_hash, source_hash_name, user, group, mode, attrs, template, context,
                          defaults, saltenv, contents=None, skip_verify=False, keep_mode=False, seuser=None,
                          serole=None, setype=None, serange=None, verify_ssl=True, follow_symlinks=False,
                          ignore_ordering=False, ignore_whitespace=False, ignore_comment_characters=None,
                          new_file_diff=False, **kwargs):
    """What would be changed in a managed file, as a mapping; (False, text) if that cannot be told.

    CLI: file.check_managed_changes /etc/httpd.conf salt://http/httpd.conf '' '' root root 755 '' jinja None None base
    """
    changes, wrong = file_managed.managed_changes(name, source, source_hash, source_hash_name, locals(), _host())
    return (False, wrong) if wrong else changes


def manage_file(name, sfn, ret, source, source_sum, user, group, mode, attrs, saltenv, backup, makedirs=False,
                template=None, show_changes=True, contents=None, dir_mode=None, follow_symlinks=True, skip_verify=False,
                keep_mode=False, encoding=None, encoding_errors='strict', seuser=None, serole=None, setype=None,
                serange=None, verify_ssl=True, use_etag=False, signature=None, source_hash_sig=None, signed_by_any=None,
                signed_by_all=None, keyring=None, gnupghome=None, ignore_ordering=False, ignore_whitespace=False,
                ignore_comment_characters=None, new_file_diff=False, sig_backend='gpg', **kwargs):
    """Give a file this content, owner and mode; the result with the changes.

    sfn, source_sum: what file.get_managed returned; contents: text that is to be in it instead of a source's.
    ret: a result to add to. backup: minion keeps a copy of what was there. makedirs, dir_mode: make missing folders.
    keep_mode: the mode of the source. encoding: of `contents`. new_file_diff: show the text of a new file, too.
    CLI: file.manage_file /etc/httpd.conf '' '{}' salt://http/httpd.conf '{hash_type: md5, hsum: <md5sum>}' root root 755
    '' base ''
    """
    _no_signatures(signature, source_hash_sig)
    return file_managed.manage_file(locals(), _host())
