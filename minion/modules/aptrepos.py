"""Repositories and their keys on Debian and its kin (pkg.*)."""
from __future__ import absolute_import, division, print_function

import logging
import os

from minion import compat, files
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import aptkeys, aptsources, dpkgquery, environment, pkgtools

log = logging.getLogger(__name__)

__virtualname__ = 'pkg'
KEYRINGS = '/etc/apt/keyrings'
ARMOR = b'-----BEGIN PGP'


def __virtual__():
    if __grains__.get('os_family') == 'Debian':
        return __virtualname__
    return False, 'The pkg module could not be loaded: unsupported OS family'


# ---- repositories

def list_repos(**kwargs):
    """All repositories, disabled ones too: address to a list of entries. CLI: pkg.list_repos"""
    found = {}
    for one in aptsources.entries():
        found.setdefault(one['uri'], []).append(one)
    return found


def get_repo(repo, **kwargs):
    """The entry of a repository, given as a line of a source list; {} if there is none.

    CLI: pkg.get_repo 'deb http://mirror.example.org/debian bookworm main'
    """
    wanted = aptsources.parse(repo)
    if wanted is None:
        return {}
    for one in aptsources.entries():
        if aptsources.same_place(one, wanted) and (not wanted['comps'] or set(wanted['comps']) & set(one['comps'])):
            return one
    return {}


def mod_repo(repo, saltenv='base', aptkey=True, **kwargs):
    """Add a repository, given as a line of a source list, or change it; {repo: its entry}.

    comps, architectures: lists, or joined by commas. disabled, signedby, comments. file: where a new one goes.
    keyid and keyserver, or key_url, or key_text: its key. refresh: False leaves the indexes as they are.
    CLI: pkg.mod_repo 'deb http://mirror.example.org/debian bookworm main' comps=main,contrib
    """
    if repo.startswith('ppa:'):
        return _add_ppa(repo, kwargs)
    new = aptsources.parse(repo)
    if new is None:
        raise SaltInvocationError('Name %s is not valid. This must be the complete repo entry as seen in the sources file'
                                  % repo)
    _import_key(saltenv, aptkey, kwargs)
    old = _to_be_changed(new, kwargs)
    _apply(new, old, kwargs)
    if old is None:
        aptsources.add(new)
    else:
        aptsources.replace(old, new)
    _refresh(kwargs)
    return {repo: new}


def _add_ppa(repo, options):
    if __grains__.get('os') != 'Ubuntu':
        raise CommandExecutionError('cannot parse "ppa:" style repo definitions: %s' % repo)
    reply = dpkgquery.ask(__salt__['cmd.run_all'], 'add-apt-repository', '-y', repo)
    if reply['retcode'] != 0:
        raise CommandExecutionError("Unable to add PPA '%s'. '%s' exited with status %s: '%s'" % (
            repo[len('ppa:'):], 'add-apt-repository -y ' + repo, reply['retcode'], reply['stderr']))
    _refresh(options)
    return {repo: {}}


def _refresh(options):
    if pkgtools.is_true(options.get('refresh', True)):
        __salt__['pkg.refresh_db']()


def _to_be_changed(new, options):
    """The entry of the same place with a component in common, or in the file that is named."""
    comps = set(new['comps'] + pkgtools.words(options.get('comps')))
    for one in aptsources.entries():
        if aptsources.same_place(one, new) and (comps & set(one['comps']) or not comps
                                                or one['file'] == options.get('file')):
            return one
    return None


def _apply(new, old, options):
    """Complete the new entry by what the caller asks for and what stays of the old one."""
    if options.get('comps'):
        new['comps'] = pkgtools.words(options['comps'])
    if options.get('architectures'):
        new['architectures'] = pkgtools.words(options['architectures'])
    if 'disabled' in options or 'enabled' in options:
        new['disabled'] = pkgtools.is_true(options.get('disabled', not options.get('enabled', True)))
        new['enabled'] = not new['disabled']
    new['signedby'] = options.get('signedby') or new['signedby'] or (old or {}).get('signedby', '')
    if old is None:
        new['file'] = options.get('file') or aptsources.MAIN
    else:
        new.update((key, old[key]) for key in ('file', 'types', 'uri', 'uris', 'suites'))
    comments = options.get('comments')
    text = '#' + ' '.join(comments if isinstance(comments, list) else [comments]) if comments else ''
    new['line'] = aptsources.written(new, text or aptsources.comment_of(new['line'])
                                     or aptsources.comment_of((old or {}).get('line', '')))


def _import_key(saltenv, aptkey, options):
    if bool(options.get('keyid')) != bool(options.get('keyserver')):
        raise CommandExecutionError('both keyserver and keyid options required.')
    if options.get('keyid') and options.get('keyserver'):
        for keyid in pkgtools.words(options['keyid']):
            if not add_repo_key(keyserver=options['keyserver'], keyid=keyid, aptkey=aptkey,
                                keyfile=options.get('signedby')):
                raise CommandExecutionError('Error: key retrieval failed: %s' % keyid)
    elif options.get('key_url'):
        if not add_repo_key(path=options['key_url'], saltenv=saltenv, aptkey=aptkey, keyfile=options.get('signedby')):
            raise CommandExecutionError('Error: failed to add key from %s' % options['key_url'])
    elif options.get('key_text'):
        if not add_repo_key(text=options['key_text'], aptkey=aptkey, keyfile=options.get('signedby')):
            raise CommandExecutionError('Error: failed to add key:\n%s' % options['key_text'])


def del_repo(repo, **kwargs):
    """Delete a repository, given as a line of a source list with all its components; a text that says so.

    A file below sources.list.d that holds nothing else goes, too; of a `.sources` file the whole stanza.
    refresh: False leaves the indexes as they are. CLI: pkg.del_repo 'deb http://mirror.example.org/debian bookworm main'
    """
    wanted = aptsources.parse(repo)
    for one in aptsources.entries() if wanted else ():
        if aptsources.same_place(one, wanted) and set(one['comps']) == set(wanted['comps']):
            gone = aptsources.remove(one)
            _refresh(kwargs)
            if gone:
                return "File %s containing repo '%s' has been removed." % (one['file'], repo)
            return "Repo '%s' has been removed from %s.\n" % (repo, one['file'])
    raise CommandExecutionError("Repo %s doesn't exist in the sources.list(s)" % repo)


# ---- keys

def _run(argv, **options):
    return __salt__['cmd.run_all'](argv, python_shell=False, output_loglevel='trace', **options)


def _apt_key(aptkey):
    return aptkey and environment.which('apt-key') is not None


def get_repo_keys(aptkey=True, keydir=None):
    """The keys that repositories are signed with: keyid to details.

    aptkey: False: those of the key files in `keydir`, default /etc/apt/keyrings. CLI: pkg.get_repo_keys
    """
    if _apt_key(aptkey):
        return aptkeys.parse(_run(['apt-key', 'adv', '--batch', '--list-public-keys', '--with-fingerprint',
                                   '--with-fingerprint', '--with-colons', '--fixed-list-mode'])['stdout'])
    found = {}
    for path in _key_files(keydir):
        found.update(_keys_in(path))
    return found


def _key_files(keydir):
    folder = keydir or KEYRINGS
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [os.path.join(folder, name) for name in names if name.endswith(('.gpg', '.asc', '.pgp'))]


def _keys_in(path):
    return aptkeys.parse(_run(['gpg', '--no-default-keyring', '--keyring', path, '--batch', '--list-public-keys',
                               '--with-fingerprint', '--with-fingerprint', '--with-colons', '--fixed-list-mode'],
                              ignore_retcode=True)['stdout'])


def add_repo_key(path=None, text=None, keyserver=None, keyid=None, saltenv='base', aptkey=True, keydir=None, keyfile=None):
    """Add a key that repositories are signed with; True if it was added.

    path: a file or an address; or text; or keyserver and keyid. aptkey: False puts it into `keydir` (default
    /etc/apt/keyrings) under the name `keyfile` instead of the keyring of apt-key. CLI: pkg.add_repo_key salt://a.key
    """
    if keyid and not keyserver:
        raise SaltInvocationError('No keyserver specified for keyid: %s' % keyid)
    if keyserver and not path and not text and (not keyid or len(str(keyid)) < 8):
        raise SaltInvocationError('No keyid or keyid too short for keyserver: %s' % keyserver)
    if not path and not text and not keyserver:
        raise TypeError('add_repo_key() takes at least 1 argument (0 given)')
    source = (pkgtools.cached(path, saltenv, __salt__) or path) if path else None
    data = compat.to_bytes(text) if text and not path else None
    if _apt_key(aptkey):
        reply = _add_to_apt_key(source, data, keyserver, keyid)
    else:
        reply = _add_to_folder(source, data, keyserver, keyid, keydir or KEYRINGS, keyfile)
    if reply['retcode'] != 0:
        log.error('the key was not added: %s', reply['stderr'])
    return reply['retcode'] == 0


def _add_to_apt_key(source, data, keyserver, keyid):
    if source:
        return _run(['apt-key', 'add', source])
    if data is not None:
        return _run(['apt-key', 'add', '-'], stdin=compat.to_native(data))
    return _run(['apt-key', 'adv', '--batch', '--keyserver', keyserver, '--recv', str(keyid)])


def _add_to_folder(source, data, keyserver, keyid, keydir, keyfile):
    compat.make_dirs(keydir, 0o755)
    target = os.path.join(keydir, os.path.basename(str(keyfile or source or keyid or 'repository.gpg')))
    if keyserver and not source and data is None:
        return _run(['gpg', '--no-default-keyring', '--keyring', target, '--batch', '--keyserver', keyserver,
                     '--recv-keys', str(keyid)])
    if source:
        data = files.read(source) or b''
        if data and not data.startswith(ARMOR):
            files.write(target, data, 0o644)
            return {'retcode': 0, 'stderr': ''}
    reply = _run(['gpg', '--batch', '--yes', '--output', target + '.new', '--dearmor'], stdin=compat.to_native(data))
    if reply['retcode'] == 0:
        os.rename(target + '.new', target)
    else:
        files.remove(target + '.new')                   # what gpg had begun
    return reply


def del_repo_key(name=None, aptkey=True, keydir=None, **kwargs):
    """Delete the key `keyid` that repositories are signed with; the keyid, or False if no file has it.

    aptkey: False: the key file in `keydir` that holds it. CLI: pkg.del_repo_key keyid=0123ABCD
    """
    keyid = kwargs.get('keyid')
    if not keyid:
        raise SaltInvocationError('keyid or keyid_ppa and PPA name must be passed')
    keyid = str(keyid)
    if _apt_key(aptkey):
        reply = _run(['apt-key', 'del', keyid])
        if reply['retcode'] != 0:
            raise CommandExecutionError('the key %s cannot be deleted: %s' % (keyid, reply['stderr']))
        return keyid
    for path in _key_files(keydir):
        if any(found.endswith(keyid) for found in _keys_in(path)):
            files.remove(path)
            return keyid
    return False
