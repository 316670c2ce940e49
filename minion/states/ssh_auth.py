"""Keys with which somebody may log in (ssh_auth.*): lines of the user's authorized_keys.

A key may be given as a whole line, `[options] enc key [comment]`, or as `key [comment]`; what stands in it goes before the
arguments of the same name. `config` is the file, below the home of the user if it is no absolute path; `source` a file
(salt:// or a path) with the keys in place of `name`.
"""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import sshkeys
from minion.helpers.state_return import returned as _returned

_SAID = {'new': ('New', 'The authorized host key %s for user %s was added'),
         'replace': ('Updated', 'The authorized host key %s for user %s was updated'),
         'no change': (None, 'The authorized host key %s is already present for user %s')}
_NO_FILE = 'Failed to add the ssh key. Is the home directory available, and/or does the key file exist?'
_INVALID = 'Invalid public ssh key, most likely has spaces or invalid syntax'


def _parsed(name, enc, comment, options):
    """(key, enc, comment, options) of a name."""
    line = sshkeys.parse(name)
    if line:
        return line['key'], line['enc'], line['comment'] or comment, line['options'] or options
    key, _, said = name.strip().partition(' ')
    return key, enc, said.strip() or comment, options


def present(name, user, enc='ssh-rsa', comment='', source='', options=None, config='.ssh/authorized_keys',
            fingerprint_hash_type=None, **kwargs):
    """A user may log in with a key, or with those of a file.

    AAAAB3NzaC1kc3MAAACBAL0sQ9fJ5bYTEyY==:
      ssh_auth.present:
        - user: root
        - enc: ssh-dss
    """
    if source:
        return _present_of_file(name, user, source, options, config, fingerprint_hash_type)
    key, enc, comment, options = _parsed(name, enc, comment, options)
    if __opts__['test']:
        check = __salt__['ssh.check_key'](user, key, enc, comment, options, config=config,
                                          fingerprint_hash_type=fingerprint_hash_type)
        result, text = {'add': (None, 'Key %s for user %s is set to be added'),
                        'update': (None, 'Key %s for user %s is set to be updated')}.get(check, (True, _SAID['no change'][1]))
        return _returned(name, result, text % (key, user))
    said = __salt__['ssh.set_auth_key'](user, key, enc=enc, comment=comment, options=options, config=config,
                                        fingerprint_hash_type=fingerprint_hash_type)
    return _done(name, key, user, said)


def _done(name, key, user, said):
    """What is returned for an answer of the module ssh."""
    if said not in _SAID:
        return _returned(name, False, _NO_FILE if said == 'fail' else _INVALID)
    word, text = _SAID[said]
    return _returned(name, True, text % (key, user), {key: word} if word else {})


def _present_of_file(name, user, source, options, config, hash_type):
    if __opts__['test']:
        return _foreseen(name, user, source, config, hash_type, 'already present',
                         {'add': 'Set to add: ', 'update': 'Set to update: '})
    try:
        said = __salt__['ssh.set_auth_key_from_file'](user, source, config=config, saltenv=__env__, options=options,
                                                      fingerprint_hash_type=hash_type)
    except CommandExecutionError as exc:
        return _returned(name, False, _why(exc, source))
    return _done(name, name, user, said)


def _is_missing(exc):
    return compat.error_text(exc).startswith('Failed to pull')


def _why(exc, source):
    if _is_missing(exc):
        return 'Failed to add the ssh key. Source file %s is missing' % source
    return compat.error_text(exc)


def _foreseen(name, user, source, config, hash_type, state, texts):
    """Test mode for the keys of a file. `texts`: what is said of a key, by the answers of ssh.check_key."""
    checks = __salt__['ssh.check_key_file'](user, source, config, saltenv=__env__, fingerprint_hash_type=hash_type)
    if not checks and __salt__['cp.hash_file'](source, saltenv=__env__):
        return _returned(name, False, 'No keys detected in %s. Is file properly formatted?' % source)
    lines = ['%s%s\n' % (texts[checks[key]], key) for key in checks if checks[key] in texts]
    if lines:
        return _returned(name, None, ''.join(lines))
    return _returned(name, True, 'All host keys in file %s are %s' % (source, state))


def absent(name, user, enc='ssh-rsa', comment='', source='', options=None, config='.ssh/authorized_keys',
           fingerprint_hash_type=None):
    """A user may log in no longer with a key, or with those of a file.

    AAAAB3NzaC1kc3MAAACBAL0sQ9fJ5bYTEyY==:
      ssh_auth.absent:
        - user: root
    """
    if source:
        return _absent_of_file(name, user, source, config, fingerprint_hash_type)
    key, enc, comment, options = _parsed(name, enc, comment, options)
    if __opts__['test']:
        check = __salt__['ssh.check_key'](user, key, enc, comment, options, config=config,
                                          fingerprint_hash_type=fingerprint_hash_type)
        if check == 'add':
            return _returned(name, True, 'Key is already absent')
        return _returned(name, None, 'Key %s for user %s is set for removal' % (key, user))
    said = __salt__['ssh.rm_auth_key'](user, key, config=config, fingerprint_hash_type=fingerprint_hash_type)
    return _returned(name, True, said, {key: 'Removed'} if said == 'Key removed' else {})


def _absent_of_file(name, user, source, config, hash_type):
    if __opts__['test']:
        return _foreseen(name, user, source, config, hash_type, 'already absent',
                         {'update': 'Set to remove: ', 'exists': 'Set to remove: '})
    try:
        said = __salt__['ssh.rm_auth_key_from_file'](user, source, config=config, saltenv=__env__,
                                                     fingerprint_hash_type=hash_type)
    except CommandExecutionError as exc:
        said = '' if _is_missing(exc) else 'fail'                # nothing to remove
    return _returned(name, True, said, {name: 'Removed'} if said == 'Key removed' else {})


def manage(name, ssh_keys, user, enc='ssh-rsa', comment='', source='', options=None, config='.ssh/authorized_keys',
           fingerprint_hash_type=None, **kwargs):
    """A user may log in with these keys and no others.

    sshkeys:
      ssh_auth.manage:
        - user: root
        - ssh_keys:
          - ssh-dss AAAAB3NzaCL0sQ9fJ5bYTEyY== user@domain
    """
    answer, ssh_keys = _returned('', True), [ssh_keys] if compat.is_text(ssh_keys) else ssh_keys
    wanted = [_parsed(line, enc, comment, options)[0] for line in ssh_keys]
    there = __salt__['ssh.auth_keys'](user, config, fingerprint_hash_type)
    comments = []
    for key in sorted(set(there) - set(wanted)):
        if __opts__['test']:
            comments.append('%s Key set for removal' % key)
            answer['result'] = None
        else:
            answer['changes'][key] = absent(key, user, enc, comment, '', options, config, fingerprint_hash_type)['comment']
    for line in ssh_keys:
        one = present(line, user, enc, comment, source, options, config, fingerprint_hash_type)
        answer['changes'].update(one['changes'])
        if not one['changes']:
            comments.append(one['comment'])
        if not one['result'] and answer['result'] is not False:
            answer['result'] = one['result']
    return dict(answer, comment='\n'.join(comments))
