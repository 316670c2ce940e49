"""Reading what gpg tells of keys, in its form for programs (--with-colons)."""
from __future__ import absolute_import, division, print_function

_NAMES = (('validity', 1), ('bits', 2), ('algorithm', 3), ('keyid', 4), ('date_creation', 5), ('date_expiration', 6),
          ('capability', 11))
_NUMBERS = ('bits', 'algorithm', 'date_creation', 'date_expiration')


def parse(text):
    """{keyid: details} of public keys; `subkey`: the last of its own."""
    found, key, part = {}, None, None
    for words in (line.split(':') for line in text.splitlines()):
        if words[0] == 'pub' and len(words) > 11:
            key = part = _part(words)
            found[key['keyid']] = key
        elif key is None:
            continue
        elif words[0] == 'sub' and len(words) > 11:
            key['subkey'] = part = _part(words)
        elif words[0] == 'fpr' and len(words) > 9:
            part['fingerprint'] = words[9]
        elif words[0] == 'uid' and len(words) > 9:
            key.update(uid=words[9].replace('\\x3a', ':'), uid_hash=words[7])
    return found


def _part(words):
    made = dict((name, words[at]) for name, at in _NAMES)
    for name in _NUMBERS:
        made[name] = int(made[name]) if made[name].isdigit() else None
    return made
