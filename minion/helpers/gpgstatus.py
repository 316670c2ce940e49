"""What gpg tells programs: lists of keys (--with-colons) and the lines of its status (--status-fd)."""
from __future__ import absolute_import, division, print_function

import re
import time

TRUST = {'o': 'Unknown', '-': 'Unknown', 'q': 'Unknown', 'i': 'Disabled', 'r': 'Revoked', 'e': 'Expired', 'n': 'Not Trusted',
         'm': 'Marginally', 'f': 'Fully Trusted', 'u': 'Ultimately Trusted'}
_ESCAPE = re.compile(r'\\x([0-9a-fA-F]{2})')
_PREFIX = '[GNUPG:] '
# why gpg failed, by its word for it; the first of these that it says is the reason
_REASONS = (('BAD_PASSPHRASE', 'bad passphrase'), ('NO_SECKEY', 'no secret key'), ('INV_RECP', 'invalid recipient'),
            ('INV_SGNR', 'invalid signer'), ('NODATA', 'no data was provided'), ('DECRYPTION_FAILED', 'decryption failed'),
            ('MISSING_PASSPHRASE', 'need passphrase'))
_SIGNATURES = {'GOODSIG': 'signature good', 'EXPSIG': 'signature expired', 'EXPKEYSIG': 'signing key has expired',
               'REVKEYSIG': 'signing key was revoked', 'BADSIG': 'signature bad', 'ERRSIG': 'signature error'}


# ---- keys

def keys(text, now=None):
    """A list of keys, each a mapping: keyid, uids, fingerprint, created, keyLength, ownerTrust, trust, and so on.

    :param float now: seconds since 1970, at which a key has expired or not.
    """
    found, part = [], None
    now = time.time() if now is None else now
    for words in (line.split(':') for line in text.splitlines()):
        words += [''] * 12
        if words[0] in ('pub', 'sec'):
            part = dict(_part(words, now), uids=[], ownerTrust=TRUST.get(words[8][:1], 'Unknown'))
            found.append(part)
        elif words[0] in ('sub', 'ssb') and found:
            part = _part(words, now)
            found[-1].setdefault('subkeys', []).append(part)
        elif words[0] == 'fpr' and part is not None:
            part.setdefault('fingerprint', words[9])
        elif words[0] == 'uid' and found:
            found[-1]['uids'].append(_ESCAPE.sub(lambda code: chr(int(code.group(1), 16)), words[9]))
    return found


def _part(words, now):
    made = {'keyid': words[4], 'keyLength': words[2], 'created': _day(words[5]), 'trust': TRUST.get(words[1][:1], 'Unknown')}
    if words[6]:
        made.update(expires=_day(words[6]), expired=words[6].isdigit() and int(words[6]) < now)
    return made


def _day(text):
    """2026-11-27 of seconds since 1970; gpg 1 and 2.0 may write a day themselves."""
    return time.strftime('%Y-%m-%d', time.localtime(int(text))) if text.isdigit() else text[:10]


def searched(text, now=None):
    """The keys that a keyserver knows, each a mapping as in keys(), without trust."""
    found = []
    now = time.time() if now is None else now
    for words in (line.split(':') + [''] * 6 for line in text.splitlines()):
        if words[0] == 'pub':
            part = _part(['', '', words[3], '', words[1], words[4], words[5]], now)
            del part['trust']
            found.append(dict(part, uids=[]))
        elif words[0] == 'uid' and found:
            found[-1]['uids'].append(words[1])
    return found


# ---- status

def lines(text):
    """[[word, word, ...]] of the lines of the status in what gpg wrote."""
    return [line[len(_PREFIX):].split(' ') for line in text.splitlines() if line.startswith(_PREFIX)]


def reason(status):
    """Why it failed, such as 'no secret key'."""
    said = set(words[0] for words in status)
    return next((text for word, text in _REASONS if word in said), 'Other')


def signatures(status):
    """The signatures that were looked at, each a mapping: username, key_id, fingerprint, trust_level, status, primary.

    A signature is valid if it is good and gpg says so, too: one of an expired or revoked key is not.
    """
    found = []
    for words in status:
        if words[0] in _SIGNATURES:
            user = ' '.join(words[2:]) if words[0] != 'ERRSIG' else None
            found.append({'username': user, 'key_id': words[1], 'fingerprint': None, 'trust_level': None,
                          'status': _SIGNATURES[words[0]], 'primary': None})
        elif found and words[0] == 'VALIDSIG':
            found[-1].update(fingerprint=words[1], primary=words[10] if len(words) > 10 else words[1])
            if found[-1]['status'] == 'signature good':
                found[-1]['status'] = 'signature valid'
        elif found and words[0].startswith('TRUST_'):
            found[-1]['trust_level'] = {'FULLY': 'Fully'}.get(words[0][6:], words[0][6:].capitalize())
        elif found and words[0] == 'NO_PUBKEY':
            found[-1]['status'] = 'no public key'
    return found


def imported(status):
    """([fingerprint, ...], {fingerprint: number of IMPORT_OK}, {'imported': ..., 'unchanged': ...}) of an import."""
    order = [words[2] for words in status if words[0] == 'IMPORT_OK' and len(words) > 2]
    flags = dict((words[2], int(words[1])) for words in status if words[0] == 'IMPORT_OK' and len(words) > 2)
    counts = next((words[1:] for words in status if words[0] == 'IMPORT_RES'), ['0'] * 5) + ['0'] * 5
    return order, flags, {'imported': int(counts[2]), 'unchanged': int(counts[4])}
