"""What the states of PostgreSQL share: one step that test mode only tells of, connections, roles."""
from __future__ import absolute_import, division, print_function

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import pgroles, tool
from minion.helpers.state_return import returned

_CONNECTION = (('user', 'db_user'), ('host', 'db_host'), ('port', 'db_port'), ('password', 'db_password'),
               ('maintenance_db', 'maintenance_db'), ('runas', 'user'))
_ROLE = ('createdb', 'createroles', 'encrypted', 'superuser', 'inherit', 'login', 'replication', 'groups', 'valid_until')
_REMOVED = ('%s %s is set to be removed', '%s %s has been removed', '%s %s failed to be removed')
_VERBS = {'create': 'created', 'update': 'updated', 'install': 'installed', 'upgrade': 'upgraded'}


def available(salt):
    """What __virtual__ of the states returns."""
    return 'postgres.psql_query' in salt or (False, 'The postgres execution module is not available: psql was not found')


def connection(given):
    """The arguments of the connection of a function of the module, from those of a state."""
    return dict((theirs, given[ours]) for theirs, ours in _CONNECTION)


def step(name, test, texts, do, change, told=None):
    """Do something, or tell what would be done; the return of a state.

    :param texts: what is said in test mode, once it is done, and when it failed.  :param do: callable, True if it was done.
    :param change: what the changes say of `name`.  :param dict told: the changes that test mode shows.
    """
    if test:
        return returned(name, None, texts[0], told)
    try:
        done, reason = do(), ''
    except (CommandExecutionError, SaltInvocationError) as exc:
        done, reason = False, ': %s' % exc
    return returned(name, True, texts[1], {name: change}) if done else returned(name, False, texts[2] + reason)


def made(name, test, kind, verb, do, change, told=None):
    """step() with the texts of something that is made or changed.

    :param str kind: 'user', 'database', ...  :param str verb: one of _VERBS.
    """
    texts = ('%s %s is set to be %s' % (kind.capitalize(), name, _VERBS[verb]),
             'The %s %s has been %s' % (kind, name, _VERBS[verb]), 'Failed to %s %s %s' % (verb, kind, name))
    return step(name, test, texts, do, change, told)


def gone(name, test, kind, there, do, comma=','):
    """The return of a state `absent`.  :param str kind: 'User', ...  :param bool there: it is still there."""
    if not there:
        return returned(name, True, '%s %s is not present%s so it cannot be removed' % (kind, name, comma))
    return step(name, test, [text % (kind, name) for text in _REMOVED], do, 'Absent')


# ---- roles

def role_present(salt, test, kind, given):
    """The return of `present` of a user or group.

    :param str kind: 'user' or 'group'.  :param dict given: the arguments of the state, by name.
    """
    name, at, password = given['name'], connection(given), given['password']
    wanted = dict((key, given[key]) for key in _ROLE if key in given)
    found = salt['postgres.role_get'](name, return_password=not given['refresh_password'], **at)
    if found is None:
        wanted['rolepassword'] = password if password is not None else given.get('default_password')
        verb, changes = 'create', 'Present'
    else:
        verb, changes = 'update', _role_changes(name, wanted, password, found, given['refresh_password'])
        if not changes:
            return returned(name, True, '%s %s is already present' % (kind.capitalize(), name))
        wanted['rolepassword'] = password if 'password' in changes else None
    wanted.update(at)
    return made(name, test, kind, verb, lambda: salt['postgres.%s_%s' % (kind, verb)](name, **wanted), changes,
                None if found is None else {name: changes})


def _role_changes(name, wanted, password, found, refresh):
    changes = dict((key, wanted[key]) for key, title in pgroles.TITLES.items()
                   if wanted[key] is not None and bool(wanted[key]) != found[title])
    missing = [group for group in tool.listed(wanted['groups']) if group not in found['groups']]
    if missing:
        changes['groups'] = missing
    if wanted.get('valid_until') is not None and pgroles.when(wanted['valid_until']) != found['expiry time']:
        changes['valid_until'] = wanted['valid_until']
    if password and (refresh or not pgroles.is_kept(password, name, wanted['encrypted'], found['password'])):
        changes['password'] = True
    return changes


def role_absent(salt, test, kind, given):
    """The return of `absent` of a user or group; the arguments are those of role_present()."""
    name, at = given['name'], connection(given)
    there = salt['postgres.user_exists'](name, **at)
    return gone(name, test, kind.capitalize(), there, lambda: salt['postgres.%s_remove' % kind](name, **at))
