"""Privileges of a role on an object of PostgreSQL (postgres_privileges.*). The arguments of the connection: postgres_user.

object_type: table (views, too), sequence, schema, tablespace, language, database, function, or group: the role is a member of
it. prepend: the schema of tables, sequences and functions. object_name: ALL for all of a schema.
"""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import state_postgres
from minion.helpers.state_return import returned as _returned


def __virtual__():
    return state_postgres.available(__salt__)


def _texts(given, form, failed):
    """What is said, before it is done, once it is done, and when it failed."""
    words = given['privileges']
    what = words if compat.is_text(words) else ','.join(words or ()) or given['object_name']
    return ['The privilege(s): %s %s %s' % (what, text, given['name']) for text in form] + [failed % (what, given['name'])]


def _change(given, verb, said, texts, change, **option):
    """said: what is said when nothing has to be done.  texts: as of _texts()."""
    name, at = given['name'], state_postgres.connection(given)
    words = (given['object_name'], given['object_type'])
    at.update(privileges=given['privileges'], prepend=given['prepend'])
    try:
        has = __salt__['postgres.has_privileges'](name, *words, **dict(at, **option))
    except SaltInvocationError as exc:
        return _returned(name, False, str(exc))
    if has is (verb == 'grant'):
        return _returned(name, True, said)
    return state_postgres.step(name, __opts__['test'], texts,
                               lambda: __salt__['postgres.privileges_' + verb](name, *words, **dict(at, **option)), change)


def present(name, object_name, object_type, privileges=None, grant_option=None, prepend='public', maintenance_db=None,
            user=None, db_password=None, db_host=None, db_port=None, db_user=None):
    """A role has privileges on an object. grant_option: and may give them on.

        baruwa:
          postgres_privileges.present:
            - object_name: awl
            - object_type: table
            - privileges: [SELECT, INSERT]
            - maintenance_db: testdb
    """
    given = dict(locals())
    texts = _texts(given, ('are set to be granted to', 'have been granted to'), 'Failed to grant privilege(s): %s to %s')
    return _change(given, 'grant', 'The requested privilege(s) are already set', texts, 'Present', grant_option=grant_option)


def absent(name, object_name, object_type, privileges=None, prepend='public', maintenance_db=None, user=None,
           db_password=None, db_host=None, db_port=None, db_user=None):
    """A role does not have all of these privileges on an object.

        baruwa:
          postgres_privileges.absent:
            - object_name: awl
            - object_type: table
            - privileges: [DELETE]
            - maintenance_db: testdb
    """
    given = dict(locals())
    texts = _texts(given, ('are set to be revoked from', 'have been revoked from'), 'Failed to revoke privilege(s): %s from %s')
    return _change(given, 'revoke', 'The requested privilege(s) are not set so cannot be revoked', texts, 'Absent')
