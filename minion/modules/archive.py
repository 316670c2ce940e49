"""Making, unpacking and listing archives (archive.*).

sources: a list, or a text with commas; patterns are filled in. template: engine for marks in the words of the command.
"""
from __future__ import absolute_import, division, print_function

import os
import shlex

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import archive_names, archive_zip, file_compare, templating
from minion.helpers.file_accounts import user_to_uid as _user_to_uid
from minion.helpers.file_host import Host

__func_alias__ = {'zip_': 'zip', 'list_': 'list'}


def _words(text):
    return shlex.split(text) if text else []


def _native(value):
    return compat.to_native(compat.shown(value))


def _lines(argv, cwd=None, template=None, runas=None):
    return __salt__['cmd.run'](argv, cwd=cwd, template=template, runas=runas, python_shell=False).splitlines()


def tar(options, tarfile, sources=None, dest=None, cwd=None, template=None, runas=None):
    """Run tar with these options and return its lines. dest: folder to unpack into. CLI: archive.tar xf foo.tar dest=/tmp"""
    archive_names.need('tar')
    if not options:
        raise SaltInvocationError('Tar options can not be empty')
    argv = ['tar'] + _words(options) + [_native(tarfile)] + (['-C', dest] if dest else [])
    return _lines(argv + archive_names.expanded(sources), cwd, template, runas)


def gzip(sourcefile, template=None, runas=None, options=None):
    """Run gzip on a file and return its lines. CLI: archive.gzip /tmp/sourcefile.txt options='-9'"""
    archive_names.need('gzip')
    return _lines(['gzip'] + _words(options) + [_native(sourcefile)], None, template, runas)


def gunzip(gzipfile, template=None, runas=None, options=None):
    """Run gunzip on a file and return its lines. CLI: archive.gunzip /tmp/sourcefile.txt.gz"""
    archive_names.need('gunzip')
    return _lines(['gunzip'] + _words(options) + [_native(gzipfile)], None, template, runas)


def cmd_zip(zip_file, sources, template=None, cwd=None, runas=None):
    """Make a zip archive with the program zip and return its lines. CLI: archive.cmd_zip /tmp/a.zip /tmp/one,/tmp/two"""
    archive_names.need('zip')
    return _lines(['zip', '-r', _native(zip_file)] + archive_names.expanded(sources), cwd, template, runas)


def zip_(zip_file, sources, template=None, cwd=None, runas=None, zip64=False):
    """Make a zip archive, or add to it, and return the names in it, relative to `cwd` or else to the root.

    runas: refused for anybody else than the user of the minion; archive.cmd_zip can do that. CLI: archive.zip /tmp/a.zip /tmp/x
    """
    _nobody_else(runas, 'archive.zip')
    zip_file, sources = _rendered(zip_file, template), archive_names.expanded(sources)
    if cwd is not None and not os.path.isabs(cwd):
        raise SaltInvocationError('cwd must be absolute')
    if cwd is None and not all(os.path.isabs(source) for source in sources):
        raise SaltInvocationError("Relative paths require the 'cwd' parameter")
    return archive_zip.pack(zip_file, sources, cwd, zip64)


def _rendered(path, template):
    return templating.render(_native(path), template, templating.space_of(globals()))


def _nobody_else(runas, function):
    if not runas:
        return
    uid = _user_to_uid(runas)
    if uid == '':
        raise SaltInvocationError("User '%s' does not exist" % runas)
    if uid != os.geteuid():
        raise CommandExecutionError('%s works as the user of the minion only; %s runs a program as another one'
                                    % (function, function.replace('.', '.cmd_')))


def cmd_unzip(zip_file, dest, excludes=None, options=None, template=None, runas=None, trim_output=False, password=None):
    """Unpack a zip archive with the program unzip and return its lines; see archive.unzip.

    options: of unzip. CLI: archive.cmd_unzip /tmp/zipfile.zip /home/strongbad/ excludes=file_1,file_2
    """
    archive_names.need('unzip')
    argv = ['unzip'] + (['-P', _native(password)] if password else []) + _words(options)
    argv += [_native(zip_file), '-d', _native(dest)]
    excludes = archive_names.several(excludes)
    argv += ['-x'] + excludes if excludes else []
    result = __salt__['cmd.run_all'](argv, template=template, runas=runas, python_shell=False, redirect_stderr=True,
                                     output_loglevel='quiet' if password else 'debug')
    if result['retcode']:
        raise CommandExecutionError(result['stdout'])
    return archive_names.trimmed(result['stdout'].splitlines(), trim_output)


def unzip(zip_file, dest, excludes=None, options=None, template=None, runas=None, trim_output=False, password=None,
          extract_perms=True):
    """Unpack a zip archive and return the names of what was in it.

    excludes: names that stay away. trim_output: return so many names only; True: 100. extract_perms: with the modes of
    the archive. options: without effect here. runas: see archive.zip. Nothing is written outside `dest`.
    CLI: archive.unzip /tmp/zipfile.zip /home/strongbad/ excludes=file_1,file_2
    """
    _nobody_else(runas, 'archive.unzip')
    names = archive_zip.unpack(_rendered(zip_file, template), _native(dest), archive_names.several(excludes), password,
                               extract_perms)
    return archive_names.trimmed(names, trim_output)


def rar(rarfile, sources, template=None, cwd=None, runas=None):
    """Make an archive with the program rar and return its lines. CLI: archive.rar /tmp/rarfile.rar /tmp/sourcefile1"""
    archive_names.need('rar')
    return _lines(['rar', 'a', '-idp', _native(rarfile)] + archive_names.expanded(sources), cwd, template, runas)


def unrar(rarfile, dest, excludes=None, template=None, runas=None, trim_output=False):
    """Unpack a rar archive with the program unrar or rar and return its lines. CLI: archive.unrar /tmp/a.rar /home/x/"""
    argv = [archive_names.need('unrar', 'rar'), 'x', '-idp', _native(rarfile)]
    for name in archive_names.several(excludes):
        argv += ['-x', name]
    return archive_names.trimmed(_lines(argv + [_native(dest)], None, template, runas), trim_output)


# ---- what is in them

def _cached(name, saltenv):
    if not compat.is_text(name):
        raise AttributeError("'%s' object has no attribute 'decode'" % type(name).__name__)
    path = file_compare.cached(name, saltenv, Host(__opts__, __salt__, __context__, {}, None))
    if not path:
        raise CommandExecutionError('Failed to cache %s' % name)
    return path


def _clean(path, name):
    """Remove what was fetched for one call."""
    if path != name and '://' in name and not name.startswith('file://') and os.path.isfile(path):
        os.unlink(path)


def list_(name, archive_format=None, options=None, strip_components=None, clean=False, verbose=False, saltenv='base',
          source_hash=None, use_etag=False):
    """The names in an archive, a path or address; with `verbose` by kind: dirs, files, links, and those at the top.

    archive_format: tar, zip or rar, else the ending of the name tells. strip_components: without so many folders.
    clean: remove the fetched copy. options, source_hash, use_etag: without effect here.
    CLI: archive.list /path/to/myfile.tar.gz verbose=True
    """
    path = _cached(name, saltenv)
    try:
        kind = archive_format or archive_names.guess(path)
        if not kind:
            raise CommandExecutionError("Unable to guess archive format, please pass an 'archive_format' argument.")
        if kind not in ('tar', 'zip', 'rar'):
            raise CommandExecutionError("Unsupported archive format '%s'" % kind)
        members = (archive_names.of_rar(path, __salt__) if kind == 'rar'
                   else archive_names.of_tar(path) if kind == 'tar' else archive_names.of_zip(path))
    except CommandExecutionError as exc:
        raise CommandExecutionError(exc.error, info={'archive location': name})
    finally:
        if clean:
            _clean(path, name)
    return archive_names.listed(archive_names.stripped(members, strip_components), verbose)


def is_encrypted(name, clean=False, saltenv='base', source_hash=None, use_etag=False):
    """True if something in a zip archive needs a password; see archive.list. CLI: archive.is_encrypted /path/to/x.zip"""
    path = _cached(name, saltenv)
    try:
        return archive_zip.encrypted(path)
    except CommandExecutionError as exc:
        raise CommandExecutionError(exc.error, info={'archive location': name})
    finally:
        if clean:
            _clean(path, name)
