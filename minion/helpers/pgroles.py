"""Roles of PostgreSQL: their passwords as the server keeps them, their options in SQL, what a query tells of them."""
from __future__ import absolute_import, division, print_function

import base64
import datetime
import hashlib
import hmac
import os
import re

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import pgsql, tool

ROUNDS = 4096
_MD5 = re.compile(r'md5[0-9a-f]{32}$')
_SCRAM = re.compile(r'SCRAM-SHA-256\$(\d{1,7}):([A-Za-z0-9+/=]+)\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$')
# argument, word in SQL; their titles in a query stand in TITLES
_FLAGS = (('inherit', 'INHERIT'), ('createdb', 'CREATEDB'), ('createroles', 'CREATEROLE'), ('superuser', 'SUPERUSER'),
          ('replication', 'REPLICATION'), ('login', 'LOGIN'))
TITLES = {'inherit': 'inherits privileges', 'createdb': 'can create databases', 'createroles': 'can create roles',
          'superuser': 'superuser', 'replication': 'replication', 'login': 'can login'}
_COLUMNS = (
    ('superuser', 'r.rolsuper'), ('inherits privileges', 'r.rolinherit'), ('can create roles', 'r.rolcreaterole'),
    ('can create databases', 'r.rolcreatedb'), ('can update system catalogs', '%(catupdate)s'), ('can login', 'r.rolcanlogin'),
    ('replication', '%(replication)s'), ('connections', 'r.rolconnlimit'), ('expiry time', 'r.rolvaliduntil::timestamp(0)'),
    ('defaults variables', 'r.rolconfig'),
    ('groups', 'ARRAY(SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid)'))


# ---- passwords

def kept(password, role, encrypted=None):
    """A password as the server is to keep it; one that has this form already stays as it is.

    :param encrypted: None, True or 'md5'; 'scram-sha-256'; False for the text itself.  :raises ValueError: another one.
    """
    password = pgsql.text_of(password)
    if encrypted is False or _MD5.match(password) or _SCRAM.match(password):
        return password
    if encrypted in (None, True, 'md5'):
        return 'md5' + hashlib.md5(compat.to_bytes(password + pgsql.text_of(role))).hexdigest()
    if encrypted == 'scram-sha-256':
        return _scram(password, os.urandom(16), ROUNDS)
    raise ValueError('Unknown password algorithm: %s' % encrypted)


def _scram(password, salt, rounds):
    """As RFC 7677 has it."""
    salted = compat.pbkdf2_sha256(_prepared(password), salt, rounds)
    client, server = (hmac.new(salted, word, hashlib.sha256).digest() for word in (b'Client Key', b'Server Key'))
    parts = [compat.to_native(base64.b64encode(part)) for part in (salt, hashlib.sha256(client).digest(), server)]
    return 'SCRAM-SHA-256$%d:%s$%s:%s' % ((rounds,) + tuple(parts))


def _prepared(password):
    """The bytes that the server makes of a password with other letters than those of ASCII (RFC 4013)."""
    text = compat.to_text(password)
    if all(ord(letter) < 128 for letter in text):
        return text.encode('ascii')
    import stringprep                            # these two are large, and seldom wanted
    import unicodedata
    text = u''.join(u' ' if stringprep.in_table_c12(letter) else letter for letter in text
                    if not stringprep.in_table_b1(letter))
    return unicodedata.normalize('NFKC', text).encode('utf-8')


def is_kept(password, role, encrypted, found):
    """True if what the server keeps is this password in the form that is wanted.  :param found: text, None or ''."""
    password = pgsql.text_of(password)
    scram = _SCRAM.match(found or '')
    if encrypted == 'scram-sha-256' and scram and not _MD5.match(password) and not _SCRAM.match(password):
        wanted = _scram(password, base64.b64decode(scram.group(2)), int(scram.group(1)))
    else:
        wanted = kept(password, role, encrypted)
    return compat.to_native(found or '') == wanted


# ---- to the server

def options(role, given):
    """(words of CREATE ROLE and ALTER ROLE for the arguments that are not None, True if a password is in them)."""
    words = [word if given[name] else 'NO' + word for name, word in _FLAGS if given.get(name) is not None]
    if given.get('connlimit') is not None:
        words.append('CONNECTION LIMIT %s' % _number(given['connlimit']))
    password = given.get('rolepassword')
    secret = password not in (None, '', False)
    if secret:
        encrypted = given.get('encrypted')
        text = pgsql.literal(kept(password, role, encrypted))
        words.append('%s PASSWORD %s' % ('UNENCRYPTED' if encrypted is False else 'ENCRYPTED', text))
    elif password is False:
        words.append('PASSWORD NULL')
    if given.get('valid_until') is not None:
        words.append('VALID UNTIL %s' % pgsql.literal(given['valid_until']))
    return words, secret


def _number(value):
    try:
        return int(value)
    except (TypeError, ValueError):
        raise SaltInvocationError('connlimit %s is not a number' % compat.shown(value))


def grants(role, groups):
    """The statements that make a role a member of groups: a list, or a text with commas."""
    return ['GRANT %s TO %s' % (pgsql.ident(group), pgsql.ident(role)) for group in tool.listed(groups)]


# ---- from the server

def listed(server, with_password):
    """{name: {title: value}} of all roles, False when the server does not answer.

    :param Server server: of pgsql.  :param bool with_password: also what is kept of the passwords.
    """
    version = (server.version() or '').partition(' ')[0]
    if not version:
        return False
    number = [int(part) for part in re.findall(r'\d+', version)[:2]]
    names = {'catupdate': 'r.rolcatupdate' if number < [9, 5] else 'NULL',
             'replication': 'r.rolreplication' if number >= [9, 1] else 'NULL'}
    columns = ['r.rolname AS name'] + ['%s AS "%s"' % (text % names, title) for title, text in _COLUMNS]
    query = 'SELECT %s FROM pg_roles r' % ', '.join(columns + (['a.rolpassword AS password'] if with_password else []))
    rows = server.rows(query + (' JOIN pg_authid a ON a.oid = r.oid' if with_password else ''), secret=with_password)
    return dict((row.pop('name'), _read(row)) for row in rows)


def _read(row):
    read = dict((title, {'t': True, 'f': False}.get(row[title])) for title in row)
    number = row['connections']
    read.update({'groups': pgsql.array(row['groups']), 'expiry time': when(row['expiry time']),
                 'connections': int(number) if number and number != '-1' else None,
                 'defaults variables': row['defaults variables']})
    if 'password' in row:
        read['password'] = row['password']
    return read


def when(value):
    """The datetime of a text such as '2030-01-31' or '2030-01-31 12:00:00'; None for 'infinity' and what is no such text."""
    found = re.match(r'(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?$', pgsql.text_of(value).strip())
    try:
        return datetime.datetime(*[int(part or 0) for part in found.groups()]) if found else None
    except ValueError:
        return None
