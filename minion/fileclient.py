"""Files of the master (`salt://`), of this host and of the web: fetched in pieces, checked, kept in the cache.

One object serves all threads: it keeps nothing, and its door asks through the channel of the calling thread. The methods
have the names by which modules written for Salt call them.
"""
from __future__ import absolute_import, division, print_function

import contextlib
import fnmatch
import logging
import os
import re
import zlib

from minion import compat, errors, files, fileroots, lean
from minion.helpers import salturl
from minion.helpers.draft import Draft, same

log = logging.getLogger(__name__)

TRIES = 3                                        # of a file that changes meanwhile
LARGEST = 64 << 20                               # bytes that one piece may unpack to


def door(opts, ask):
    """How a FileClient asks: the master, or with `file_client: local` the folders of `file_roots`.

    :param callable ask: asks the master (Link.request).
    """
    if opts.get('file_client') == 'local':
        return fileroots.FileRoots(opts.get('file_roots') or {}, opts).answer
    return ask


def _fetch(url, opts, verify_ssl):
    from minion.helpers import webfetch              # brings the TLS library
    return webfetch.fetch(url, opts, verify_ssl)


class FileClient(object):
    """:param opts: mapping of settings: cachedir, hash_type, saltenv, those of webfetch.
    :param callable ask: ask(load) -> answer; raises RequestTimeout, RequestRefused.
    """

    progress = None                              # called as progress(path, bytes so far, bytes of the file or None)

    def __init__(self, opts, ask):
        self.opts, self._door = opts, ask

    def value(self):
        """The client itself: what plug-ins written for Salt call on `__file_client__`."""
        return self

    def over(self, roots):
        """A client for folders of this host: {environment: [folder]} in place of the master's files."""
        opts = dict(self.opts, file_client='local', file_roots=roots)
        return type(self)(opts, door(opts, None))

    # ---- asking

    def _ask(self, cmd, **fields):
        try:
            return self._door(dict(fields, cmd=cmd))
        except errors.RequestTimeout as exc:
            raise errors.CommandExecutionError('the master does not answer %s: %s' % (cmd, exc))
        except (errors.RequestRefused, errors.BadPayload) as exc:
            raise errors.CommandExecutionError('%s: %s' % (cmd, exc))

    def _names(self, cmd, saltenv, prefix=''):
        answer = self._ask(cmd, saltenv=saltenv, prefix=prefix)
        return [compat.to_native(name) for name in answer] if isinstance(answer, (list, tuple)) else []

    # ---- what there is

    def file_list(self, saltenv='base', prefix=''):
        """Paths of all files of an environment."""
        return self._names('_file_list', saltenv, prefix)

    def file_list_emptydirs(self, saltenv='base', prefix=''):
        """Paths of its empty folders."""
        return self._names('_file_list_emptydirs', saltenv, prefix)

    def dir_list(self, saltenv='base', prefix=''):
        """Paths of its folders."""
        return self._names('_dir_list', saltenv, prefix)

    def symlink_list(self, saltenv='base', prefix=''):
        """{symbolic link: what it leads to}."""
        answer = self._ask('_symlink_list', saltenv=saltenv, prefix=prefix)
        return answer if isinstance(answer, dict) else {}

    def envs(self):
        """Names of the environments."""
        answer = self._ask('_file_envs')
        return [compat.to_native(name) for name in answer] if isinstance(answer, (list, tuple)) else []

    list_env = file_list

    def list_states(self, saltenv='base'):
        """Names of all SLS files, sorted."""
        found = set()
        for path in self.file_list(saltenv):
            if path.endswith('.sls'):
                name = path[:-len('.sls')]
                name = name[:-len('/init')] if name.endswith('/init') else name
                found.add(name.replace('/', '.'))
        return sorted(found)

    def master_opts(self):
        """The settings of the master that states depend on."""
        answer = self._ask('_master_opts')
        return answer if isinstance(answer, dict) else {}

    def master_tops(self, opts, old=False):
        """{environment: SLS files} that the master's own tops name for this minion.

        :param dict opts: what its plug-ins are told: id, grains ...  :param bool old: a master before 2018.3.
        """
        answer = self._ask('_ext_nodes' if old else '_master_tops', opts=opts, id=opts.get('id'))
        return answer if isinstance(answer, dict) else {}

    def hash_file(self, path, saltenv='base'):
        """{hsum, hash_type}; '' for what the file server has not; ({}, None) for another path that is no file."""
        return self._of_file(path, saltenv, '_file_hash', self._local_hash)

    def hash_and_stat_file(self, path, saltenv='base'):
        """(what hash_file gives, list of ten stat numbers or None)."""
        answer = self._of_file(path, saltenv, '_file_hash_and_stat', self._local_stat)
        if isinstance(answer, (list, tuple)) and len(answer) == 2:
            return answer[0], answer[1]
        if answer is False:                      # 2016.11 knows no such request
            return self.hash_file(path, saltenv), None
        return '', None

    def _of_file(self, path, saltenv, cmd, local):
        if not path.startswith(salturl.SCHEME):
            return local(path) if os.path.isfile(path) else ({}, None)
        path, named = salturl.split_env(path)
        return self._ask(cmd, path=salturl.relative(path), saltenv=named or saltenv)

    def _local_hash(self, path):
        kind = compat.to_native(self.opts['hash_type'])
        return {'hsum': files.digest(path, kind), 'hash_type': kind}

    def _local_stat(self, path):
        return self._local_hash(path), [int(number) for number in os.stat(path)]

    # ---- one file of the file server

    def get_file(self, path, dest='', makedirs=False, saltenv='base', gzip=None, cachedir=None):
        """Fetch a `salt://` file; the path where it is then, False for what is missing or has no folder to go to.

        :param dest: a path, or a folder; '' or None: the cache.
        :raises FileClientError: no salt:// address.  :raises CommandExecutionError: it cannot be fetched whole.
        """
        path, named = salturl.split_env(path)
        saltenv, name = named or saltenv, salturl.relative(path)
        wanted, status = self.hash_and_stat_file(path, saltenv)
        if not wanted:
            return False
        place = self._place(dest, name, makedirs, lambda: salturl.cached(self._cache(cachedir), saltenv, name))
        if place is None:
            return False
        target, mode = place
        if same(target, wanted['hash_type'], wanted['hsum']):
            return target
        return self._fetch(name, saltenv, _level(gzip), wanted, target, mode, status)

    def _cache(self, cachedir):
        return os.path.join(self.opts['cachedir'], cachedir) if cachedir else self.opts['cachedir']

    def _place(self, dest, name, makedirs, in_cache):
        """(path, mode of a new file) to write to, None when its folder is missing."""
        if not dest:
            target = in_cache()
            compat.make_dirs(os.path.dirname(target), 0o700)
            return target, 0o600
        target = compat.to_native(dest)
        if dest.endswith(os.sep) or os.path.isdir(target):
            target = os.path.join(target, os.path.basename(name))
        folder = os.path.dirname(target)
        if not os.path.isdir(folder):
            if not makedirs or not folder:
                return None
            compat.make_dirs(folder, 0o755)
        return target, 0o644

    def _fetch(self, name, saltenv, level, wanted, target, mode, status):
        for _ in range(TRIES):
            with _drafted(target, mode) as draft:
                made = lean.full_hashlib().new(compat.to_native(wanted['hash_type']))
                done, size = 0, status[6] if status else None
                for piece in self._pieces(name, saltenv, level):
                    made.update(piece)
                    draft.write(piece)
                    done += len(piece)
                    if self.progress is not None:
                        self.progress(target, done, size)
                if made.hexdigest() == wanted['hsum']:
                    draft.keep()
                    return target
            log.warning('salt://%s: not what the master announced, fetching it again', name)
            wanted = self.hash_file(salturl.create(name), saltenv)
            if not wanted:
                return False
        raise errors.CommandExecutionError('salt://%s: what came is not what the master announced; %s is untouched'
                                           % (name, target))

    def _pieces(self, name, saltenv, level):
        fields = {'path': name, 'saltenv': saltenv}
        if level:
            fields['gzip'] = level
        position = 0
        while True:
            answer = self._ask('_serve_file', loc=position, **fields)
            if not isinstance(answer, dict) or 'data' not in answer:
                raise errors.CommandExecutionError('salt://%s: the master answers with no data' % name)
            piece = compat.to_bytes(answer['data'])
            if piece and answer.get('gzip'):
                piece = _unpacked(piece, name)
            if not piece:
                return
            yield piece
            position += len(piece)

    # ---- any address

    def cache_file(self, path, saltenv='base', cachedir=None, source_hash=None, verify_ssl=True, use_etag=False):
        """Have the file of any address in the cache; its path there, False when there is no such file."""
        return self.get_url(path, '', True, saltenv, cachedir=cachedir, source_hash=source_hash, verify_ssl=verify_ssl)

    def get_url(self, url, dest, makedirs=False, saltenv='base', no_cache=False, cachedir=None, source_hash=None,
                verify_ssl=True, use_etag=False):
        """Fetch the file of any address.

        :param dest: path or folder; '': the cache; None with `no_cache`: return the content (bytes) instead.
        :return: where it is then, False or '' for what is missing; a file of this host stays where it is.
        """
        parsed = compat.import_urllib()[2].urlparse(url)
        if parsed.scheme in ('', 'file'):
            return self._local_file(compat.to_native(parsed.path if parsed.scheme else url), no_cache and dest is None)
        if parsed.scheme == 'salt':
            path = self.get_file(url, dest, makedirs, saltenv, cachedir=cachedir)
            return _content(path) if path and no_cache and dest is None else path
        if no_cache and dest is None:
            return b''.join(_fetch(url, self.opts, verify_ssl))
        name = os.path.basename(parsed.path) or 'index.html'
        place = self._place(dest, name, makedirs, lambda: salturl.cached_web(self._cache(cachedir), saltenv, url))
        if place is None:
            return ''
        return self._fetch_web(url, place[0], place[1], source_hash, verify_ssl)

    @staticmethod
    def _local_file(path, wants_content):
        if not os.path.isabs(path):
            raise errors.CommandExecutionError("Path '%s' is not absolute" % path)
        return _content(path) if wants_content else path

    def _fetch_web(self, url, target, mode, source_hash, verify_ssl):
        known = _digest(source_hash)
        if known and same(target, *known):
            return target
        with Draft(target, mode) as draft:
            for piece in _fetch(url, self.opts, verify_ssl):
                draft.write(piece)
            draft.keep()
        return target

    # ---- many files

    def cache_files(self, paths, saltenv='base', cachedir=None):
        """cache_file for each of a list, or of a text with commas."""
        paths = paths.split(',') if compat.is_text(paths) else paths
        return [self.cache_file(path, saltenv, cachedir) for path in paths]

    def cache_master(self, saltenv='base', cachedir=None):
        """Have all files of an environment in the cache; their paths."""
        return [self.cache_file(salturl.create(path), saltenv, cachedir) for path in self.file_list(saltenv)]

    def cache_dir(self, path, saltenv='base', include_empty=False, include_pat=None, exclude_pat=None, cachedir=None):
        """Have the files below a folder in the cache; their paths, with those of empty folders where asked for."""
        path, named = salturl.split_env(path)
        saltenv, prefix = named or saltenv, _folder(path)
        got = [self.cache_file(salturl.create(name), saltenv, cachedir) for name in self.file_list(saltenv, prefix)
               if name.startswith(prefix) and _chosen(name, include_pat, exclude_pat)]
        if include_empty:
            for name in self.file_list_emptydirs(saltenv, prefix):
                if name.startswith(prefix):
                    got.append(salturl.cached(self._cache(cachedir), saltenv, name))
                    compat.make_dirs(got[-1], 0o700)
        return [one for one in got if one]

    def get_dir(self, path, dest='', saltenv='base', gzip=None, cachedir=None):
        """Copy a folder of the file server into the folder `dest`; sorted list of the files and empty folders."""
        path, named = salturl.split_env(path)
        saltenv, prefix = named or saltenv, _folder(path)
        skip = len(os.path.dirname(prefix.rstrip('/')))
        got = []
        for name in self.file_list(saltenv, prefix):
            if name.startswith(prefix):
                got.append(self.get_file(salturl.create(name), _below(dest, name[skip:]), True, saltenv, gzip))
        for name in self.file_list_emptydirs(saltenv, prefix):
            if name.startswith(prefix):
                got.append(_below(dest, name[skip:]))
                compat.make_dirs(got[-1], 0o755)
        return sorted(one for one in got if one)

    # ---- the cache

    def cache_dest(self, url, saltenv='base', cachedir=None):
        """Where an address would be kept; a path of this host stays what it is."""
        parsed = compat.import_urllib()[2].urlparse(url)
        if parsed.scheme == '':
            return url
        try:
            if parsed.scheme == 'salt':
                url, named = salturl.split_env(url)
                return salturl.cached(self._cache(cachedir), named or saltenv, salturl.relative(url))
            return salturl.cached_web(self._cache(cachedir), saltenv, url)
        except errors.CommandExecutionError as exc:
            return exc.message

    def is_cached(self, path, saltenv='base', cachedir=None):
        """Where an address is kept, '' if it is not."""
        if path.startswith(('http://', 'https://', 'ftp://')):
            place = self.cache_dest(path, saltenv, cachedir)
            return place if os.path.isabs(place) and os.path.exists(place) else ''
        path, named = salturl.split_env(path)
        name = salturl.relative(path) if path.startswith(salturl.SCHEME) else path
        for find in (lambda: salturl.cached(self._cache(cachedir), named or saltenv, name),
                     lambda: salturl.inside(os.path.join(self._cache(cachedir), 'localfiles'), name)):
            try:
                found = find()
            except errors.CommandExecutionError:     # it leads out of the cache, so it is not in it
                continue
            if os.path.exists(found):
                return found
        return ''

    def file_local_list(self, saltenv='base'):
        """Paths of everything that is kept, sorted."""
        found = []
        for top in ('files', 'localfiles'):
            for folder, _, names in os.walk(os.path.join(self.opts['cachedir'], top)):
                found.extend(os.path.join(folder, name) for name in names)
        return sorted(found)

    def cache_local_file(self, path, **kwargs):
        """Copy a file of this host into the cache; its path there, '' if there is no such file."""
        if not os.path.isabs(path) or not os.path.isfile(path):
            return ''
        target = salturl.inside(os.path.join(self.opts['cachedir'], 'localfiles'), os.path.normpath(path))
        compat.make_dirs(os.path.dirname(target), 0o700)
        with open(path, 'rb') as source, Draft(target, 0o600) as draft:
            for piece in iter(lambda: source.read(1 << 18), b''):
                draft.write(piece)
            draft.keep()
        return target


@contextlib.contextmanager
def _drafted(target, mode):
    """A Draft.  :raises CommandExecutionError: in the place of what the disk says: full, read-only, a name too long."""
    try:
        with Draft(target, mode) as draft:
            yield draft
    except (OSError, IOError) as exc:
        raise errors.CommandExecutionError('%s cannot be written: %s' % (target, files.reason(exc)))


def _folder(path):
    """The path of a folder with a slash behind it."""
    return salturl.relative(path).rstrip('/') + '/'


def _below(dest, name):
    """`dest/name`, spelt as the caller spelt it.  :raises CommandExecutionError: it would lie elsewhere."""
    salturl.inside(os.path.abspath(dest), name)
    return '%s/%s' % (compat.to_native(dest), name.lstrip('/'))


def _level(gzip):
    """A gzip level from 1 to 9, None for anything else."""
    try:
        return int(gzip) if 1 <= int(gzip) <= 9 else None
    except (TypeError, ValueError):
        return None


def _unpacked(piece, name):
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        data = unpacker.decompress(piece, LARGEST)
    except zlib.error as exc:
        raise errors.CommandExecutionError('salt://%s: cannot be unpacked: %s' % (name, exc))
    if unpacker.unconsumed_tail:
        raise errors.CommandExecutionError('salt://%s: a piece unpacks to more than %d bytes' % (name, LARGEST))
    return data


def _digest(source_hash):
    """(kind, hex digest) of a `source_hash` such as `sha256=...`, None for what is no digest."""
    kinds = {32: 'md5', 40: 'sha1', 56: 'sha224', 64: 'sha256', 96: 'sha384', 128: 'sha512'}
    word = compat.to_native(source_hash or '').rpartition('=')[2].lower()
    return (kinds[len(word)], word) if len(word) in kinds and re.match('[0-9a-f]+$', word) else None


def _content(path):
    with open(path, 'rb') as stream:
        return stream.read()


def _chosen(name, include, exclude):
    """Does a path go through `include_pat` and `exclude_pat` (globs, or expressions behind `E@`)?"""
    def fits(pattern):
        if pattern.startswith('E@'):
            return re.search(pattern[2:], name) is not None
        return fnmatch.fnmatch(name, pattern)
    return (not include or fits(include)) and not (exclude and fits(exclude))
