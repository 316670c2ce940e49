"""Public keys of GnuPG (gpg.*)."""
from __future__ import absolute_import, division, print_function

import datetime
import os

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers.state_return import returned as _returned

_TRUST = {'expired': 'Expired', 'unknown': 'Unknown', 'not_trusted': 'Not Trusted', 'marginally': 'Marginally',
          'fully': 'Fully Trusted', 'ultimately': 'Ultimately Trusted'}


def __virtual__():
    if 'gpg.list_keys' in __salt__:
        return True
    return False, 'gpg module could not be loaded'


def _listed(value):
    return [value] if compat.is_text(value) else list(value or ())


def _key(name, where):
    """The mapping of a key, told by its id or its fingerprint; None for none."""
    return __salt__['gpg.get_key'](**dict(where, **_told(name))) or None


def _told(name):
    """The argument that tells a key. A short id is taken for none: anybody can make a key that has it."""
    plain = _plain(name)
    return {'keyid': plain} if len(plain) == 16 else {'fingerprint': plain}


def _plain(name):
    text = compat.to_native(compat.shown(name) if not compat.is_text(name) else name).replace(' ', '').upper()
    return text[2:] if text.startswith('0X') else text


def present(name, keys=None, user=None, keyserver=None, gnupghome=None, trust=None, keyring=None, source=None,
            skip_keyserver=False, text=None, subkey_maxage=100, **kwargs):
    """Keys are in the keychain: from a text, else a keyserver, else one of the sources, paths or addresses.

    A key that has expired is fetched anew, as is one of whose subkeys did so at most subkey_maxage days ago.

        3FAD9F1E53255890:
          gpg.present:
            - keyserver: keys.openpgp.org
            - trust: ultimately
    """
    if trust and trust not in _TRUST:
        return _returned(name, False, 'Invalid trust level %s' % trust)
    sources = _listed(source)
    if skip_keyserver and not (sources or text):
        return _returned(name, False, 'When skipping keyservers, you must provide at least one source')
    where = {'user': user, 'gnupghome': gnupghome, 'keyring': keyring}
    server = None if skip_keyserver else {'keyserver': keyserver}
    results, comments, changes = [], [], {}
    try:
        for key in _listed(keys) or [name]:
            result, said, change = _there(key, where, (text, server, sources), subkey_maxage)
            if result is not False and trust:
                result = _trusted(key, where, trust, said, change) and result
            results.append(result)
            comments.append('Key %s:' % key)
            comments += ['  * ' + line for part in said for line in part.splitlines() if line.strip()]
            if change:
                changes[key] = change
    except CommandExecutionError as exc:
        return _returned(name, False, str(exc), changes)
    result = False if False in results else None if changes and __opts__['test'] else True
    return _returned(name, result, '\n'.join(comments), changes)


def _there(key, where, ways, maxage):
    """(result, texts, change) of one key."""
    current = _key(key, where)
    if current is not None and not _expired(current, maxage):
        return True, ['GPG Public Key %s already in keychain' % key], {}
    change = {'added' if current is None else 'refresh': True}
    if __opts__['test']:
        text = 'Would have added %s to GPG keychain' if current is None else (
            'Would have attempted to update %s because it is expired')
        return True, [text % key], change
    problems = _fetch(key, where, *ways)
    new = None if problems else _key(key, where)
    if current is None and new is not None:
        return True, ['Added %s to GPG keychain' % key], change
    if current is not None and new is not None and not _expired(new, maxage):
        return True, ['Updated %s in GPG keychain' % key], change
    return False, ([] if current is None else ['Existing key is expired, tried to fetch updated one']) + problems, {}


def _expired(key, maxage):
    if key.get('expired'):
        return True
    subkeys = [part for part in key.get('subkeys', ()) if maxage and part.get('expired')]
    oldest = (datetime.date.today() - datetime.timedelta(days=maxage or 0)).isoformat()
    return any(part['expires'] >= oldest for part in subkeys)


def _fetch(key, where, text, server, sources):
    """Import a key; what went wrong, [] for nothing."""
    if text:
        if not _holds({'text': text}, key, where):
            return ['Passed text did not contain the requested key %s' % key]
        return _imported({'text': text}, key, where)
    problems = []
    if server is not None:
        said = __salt__['gpg.receive_keys'](keys=[_plain(key)], **dict(where, **server))
        problems = list(said['message'])
        if said['res']:
            if _key(key, where):
                return []
            problems.append('The new key %s could not be retrieved though.' % key)
    for source in sources:
        path = __salt__['cp.cache_file'](source, __env__) if '://' in source else source
        if path and os.path.isfile(path) and _holds({'path': path}, key, where):
            return _imported({'filename': path}, key, where)
    if sources:
        problems.append('none of the specified sources were found or contained the (unexpired) key %s.' % key)
    return problems


def _holds(what, key, where):
    """True if a text or file has this key, unexpired."""
    found = __salt__['gpg.read_key'](user=where['user'], gnupghome=where['gnupghome'], **dict(what, **_told(key)))
    return any(not one.get('expired') for one in found)


def _imported(what, key, where):
    said = __salt__['gpg.import_key'](select=_plain(key), **dict(where, **what))
    return [] if said['res'] else [said['message']]


def _trusted(key, where, trust, said, change):
    """True if the owner of a key is trusted so far, or would be; adds to the texts and to the change."""
    current = _key(key, where)
    if current is not None and current['ownerTrust'] == _TRUST[trust]:
        said.append('GPG Public Key %s already in correct trust state' % key)
        return True
    if __opts__['test']:
        said.append('Would have set trust level for %s to %s' % (key, trust))
    else:
        answer = __salt__['gpg.trust_key'](fingerprint=current['fingerprint'], trust_level=trust, **where)
        if not answer['res']:
            said.append('Failed to set trust level for %s: %s' % (key, answer['message']))
            return False
        said.append('Set trust level for %s to %s' % (key, trust))
    change['trust'] = trust
    return True


def absent(name, keys=None, user=None, gnupghome=None, keyring=None, keyring_absent_if_empty=False, **kwargs):
    """Public keys are not in the keychain. keyring_absent_if_empty: the file `keyring` goes with its last key.

        3FAD9F1E53255890:
          gpg.absent
    """
    where, comments, deleted, result = {'user': user, 'gnupghome': gnupghome, 'keyring': keyring}, [], [], True
    try:
        for key in _listed(keys) or [name]:
            current = _key(key, where)
            if current is None:
                comments.append('%s not found in GPG keychain' % key)
            elif __opts__['test']:
                deleted.append(key)
                comments.append('Would have deleted %s from GPG keychain' % key)
            else:
                said = __salt__['gpg.delete_key'](fingerprint=current['fingerprint'], **where)
                deleted += [key] if said['res'] else []
                result = result and said['res']
                comments.append('Deleted %s from GPG keychain' % key if said['res'] else said['message'])
        changes = {'deleted': deleted} if deleted else {}
        if keyring_absent_if_empty and _removed(keyring, where):
            changes['removed'] = keyring
            comments.append('Removed empty keyring file %s' % keyring)
    except (CommandExecutionError, EnvironmentError) as exc:
        return _returned(name, False, str(exc))
    return _returned(name, None if result and changes and __opts__['test'] else result, '\n'.join(comments), changes)


def _removed(keyring, where):
    """True if the file of keys had none and was removed."""
    if not keyring or __opts__['test'] or not os.path.isfile(keyring) or __salt__['gpg.list_keys'](**where):
        return False
    os.unlink(keyring)
    return True
