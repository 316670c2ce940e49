"""Tablespaces of PostgreSQL (postgres_tablespace.*). The arguments of the connection: postgres_user."""
from __future__ import absolute_import, division, print_function

from minion.helpers import pgsql, state_postgres
from minion.helpers.state_return import returned as _returned


def __virtual__():
    return state_postgres.available(__salt__)


def present(name, directory, options=None, owner=None, user=None, maintenance_db=None, db_password=None, db_host=None,
            db_port=None, db_user=None):
    """A tablespace is there, in a folder that exists. options: mapping, or list of mappings, such as seq_page_cost.

        fast:
          postgres_tablespace.present:
            - directory: /srv/ssd
            - owner: frank
            - options:
              - seq_page_cost: 1.1
    """
    at, test, options = state_postgres.connection(locals()), __opts__['test'], _flat(options)
    found = __salt__['postgres.tablespace_list'](**at).get(name)
    if found is None:
        return state_postgres.made(name, test, 'tablespace', 'create', lambda: __salt__['postgres.tablespace_create'](
            name, directory, options=options, owner=owner, **at), 'Present')
    if found['Location'] != directory:
        return _returned(name, False, 'Tablespace %s is not at the right location. This is unfixable without dropping and '
                         'recreating the tablespace.' % name)
    has = dict(item.partition('=')[::2] for item in pgsql.array(found['Opts']))
    changed = dict((key, options[key]) for key in options if has.get(key) != pgsql.text_of(options[key]))
    changes = {'options': changed} if changed else {}
    if owner and owner != found['Owner']:
        changes['owner'] = owner
    if not changes:
        return _returned(name, True, 'Tablespace %s is already present' % name)
    texts = ('Tablespace %s %s to be altered' % (name, ' and '.join(sorted(changes, reverse=True))),
             'Tablespace %s has been altered' % name, 'Failed to alter tablespace %s' % name)
    return state_postgres.step(name, test, texts, lambda: __salt__['postgres.tablespace_alter'](
        name, new_owner=changes.get('owner'), set_option=changed, **at), changes)


def _flat(options):
    parts = [options] if isinstance(options, dict) else options or ()
    return dict((key, part[key]) for part in parts for key in part)


def absent(name, user=None, maintenance_db=None, db_user=None, db_password=None, db_host=None, db_port=None):
    """A tablespace is not there; it goes only if it is empty.

        fast:
          postgres_tablespace.absent
    """
    at = state_postgres.connection(locals())
    there = __salt__['postgres.tablespace_exists'](name, **at)
    return state_postgres.gone(name, __opts__['test'], 'Tablespace', there,
                               lambda: __salt__['postgres.tablespace_remove'](name, **at))
