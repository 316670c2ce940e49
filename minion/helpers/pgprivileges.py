"""Privileges on objects of PostgreSQL: where they are kept, how they are written, how GRANT names an object."""
from __future__ import absolute_import, division, print_function

from collections import namedtuple

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import pgsql
from minion.helpers.pgsql import ident, literal

LETTERS = {'a': 'INSERT', 'C': 'CREATE', 'D': 'TRUNCATE', 'c': 'CONNECT', 't': 'TRIGGER', 'r': 'SELECT', 'U': 'USAGE',
           'T': 'TEMPORARY', 'w': 'UPDATE', 'X': 'EXECUTE', 'x': 'REFERENCES', 'd': 'DELETE', 'm': 'MAINTAIN'}

Kind = namedtuple('Kind', 'source name owner acl letters')
"""`source`: tables of the catalog, `n` the schema if the object is in one; the next three are columns of it; `letters`
are those of the privileges that there are."""

_IN_SCHEMA = ' JOIN pg_namespace n ON n.oid = '
_RELATION = 'pg_class o' + _IN_SCHEMA + 'o.relnamespace AND o.relkind IN (%s)'
KINDS = {
    'table': Kind(_RELATION % "'r', 'v', 'm', 'f', 'p'", 'o.relname', 'o.relowner', 'o.relacl', 'arwdDxtm'),
    'sequence': Kind(_RELATION % "'S'", 'o.relname', 'o.relowner', 'o.relacl', 'rwU'),
    'function': Kind('pg_proc o' + _IN_SCHEMA + 'o.pronamespace', 'o.proname', 'o.proowner', 'o.proacl', 'X'),
    'schema': Kind('pg_namespace o', 'o.nspname', 'o.nspowner', 'o.nspacl', 'CU'),
    'database': Kind('pg_database o', 'o.datname', 'o.datdba', 'o.datacl', 'CTc'),
    'tablespace': Kind('pg_tablespace o', 'o.spcname', 'o.spcowner', 'o.spcacl', 'C'),
    'language': Kind('pg_language o', 'o.lanname', 'o.lanowner', 'o.lanacl', 'U'),
}


class Object(object):
    """What privileges are asked about or given on; 'ALL' stands for all tables, sequences or functions of a schema.

    :param Server server: of pgsql.  :param str kind: one of KINDS, or 'group'.  :param str schema: of what is in one.
    :raises SaltInvocationError: no such kind.
    """

    def __init__(self, server, name, kind, schema):
        self.kind = pgsql.text_of(kind).lower()
        if self.kind != 'group' and self.kind not in KINDS:
            raise SaltInvocationError('Invalid object_type: %s provided' % pgsql.text_of(kind))
        self._server, self._name, self._schema = server, pgsql.text_of(name), schema
        self._all = self._name.upper() == 'ALL' and self.kind in ('table', 'sequence', 'function')

    def checked(self, privileges):
        """A list of the words of a list, or of a text with commas.

        :raises SaltInvocationError: a privilege that such objects do not have, or none; any for a group.
        """
        if compat.is_text(privileges):
            privileges = privileges.split(',')
        words = [pgsql.text_of(word).strip().upper() for word in privileges or ()]
        if self.kind == 'group':
            if any(words):
                raise SaltInvocationError('The privileges option should not be set for object_type group')
            return []
        wrong = [word for word in words if word != 'ALL' and word not in self._known()]
        if wrong or not words:
            raise SaltInvocationError('Invalid privilege(s): %s provided for object %s' % (', '.join(wrong), self.kind))
        return words

    def _known(self, version=None):
        """The privileges of such objects, on servers of a version, such as 150002."""
        return [LETTERS[letter] for letter in KINDS[self.kind].letters if letter != 'm' or version is None or version >= 170000]

    def listed(self):
        """{role: {privilege: True if it may be given on}}; of a group {member: True if it may add others}."""
        if self.kind == 'group':
            return self._members()
        found = {}
        for row in [] if self._all else self._rows():
            for role, words in read(row['acl']).items():
                found.setdefault(role, {}).update(words)
        return found

    def _members(self):
        rows = self._server.rows(
            'SELECT m.rolname AS name, a.admin_option AS admin FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member '
            'JOIN pg_roles g ON g.oid = a.roleid WHERE g.rolname = %s' % literal(self._name))
        return dict((row['name'], row['admin'] == 't') for row in rows)

    def _rows(self):
        """A list of one mapping for each object that is meant, with acl, owner, version and identity, the name in SQL."""
        kind, where, extra = KINDS[self.kind], [], ''
        if ' n ON ' in kind.source:
            where.append('n.nspname = %s' % literal(self._schema))
        if self.kind == 'function':
            extra = (", quote_ident(n.nspname) || '.' || quote_ident(o.proname) || '(' || "
                     "pg_get_function_identity_arguments(o.oid) || ')' AS identity")
            whole = "o.proname || '(' || replace(oidvectortypes(o.proargtypes), ', ', ',') || ')'"
            where.append('%s IN (%s, %s)' % (literal(self._name.replace(', ', ',')), kind.name, whole))
        else:
            where.append('%s = %s' % (kind.name, literal(self._name)))
        return self._server.rows("SELECT %s AS acl, pg_get_userbyid(%s) AS owner, current_setting('server_version_num') AS "
                                 'version%s FROM %s WHERE %s' % (kind.acl, kind.owner, extra, kind.source,
                                                                 ' AND '.join(where[:1] if self._all else where)))

    def allows(self, role, privileges, grant_option):
        """True if a role has all these privileges on all these objects, or owns them.

        :param list privileges: as of checked().  :param bool grant_option: it may give them on, too.
        """
        if self.kind == 'group':
            members = self._members()
            return role in members and (members[role] or not grant_option)
        rows = self._rows()
        return bool(rows) and all(row['owner'] == role or self._covers(row, role, privileges, grant_option) for row in rows)

    def _covers(self, row, role, privileges, grant_option):
        has = read(row['acl']).get(role, {})
        wanted = self._known(int(row['version'])) if 'ALL' in privileges else privileges
        return all(word in has and (has[word] or not grant_option) for word in wanted)

    def shown(self):
        """The object as GRANT names it, None for a function that is not there, or not the only one of its name."""
        if self.kind == 'group':
            return ident(self._name)
        if self._all:
            return 'ALL %sS IN SCHEMA %s' % (self.kind.upper(), ident(self._schema))
        if self.kind == 'function':
            rows = self._rows()
            return 'FUNCTION %s' % rows[0]['identity'] if len(rows) == 1 else None
        schema = ident(self._schema) + '.' if ' n ON ' in KINDS[self.kind].source else ''
        return '%s %s%s' % (self.kind.upper(), schema, ident(self._name))


def read(acl):
    """{role: {privilege: True if it may be given on}} of the text of a list: '{joe=r*w/postgres}'; no role is 'public'."""
    found = {}
    for item in pgsql.array(acl):
        role, letters = _split(item)
        words = found.setdefault(role or 'public', {})
        for place, letter in enumerate(letters):
            if letter in LETTERS:
                words[LETTERS[letter]] = letters[place + 1:place + 2] == '*'
    return found


def _split(item):
    """(role, letters) of 'joe=rw/postgres'; a role with other letters than usual stands in quotation marks."""
    if not item.startswith('"'):
        role, _, rest = item.partition('=')
    else:
        end = 1
        while item[end:end + 1] != '"' or item[end + 1:end + 2] == '"':
            end += 2 if item[end:end + 1] == '"' else 1
        role, rest = item[1:end].replace('""', '"'), item[end + 2:]
    return role, rest.partition('/')[0]
