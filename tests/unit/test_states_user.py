"""States of users and groups over fake execution modules: comments, changes and test mode as in the reference 3008.3."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support.hoststates import States


class Accounts(object):
    """Users and groups in memory; functions in `broken` change nothing."""

    def __init__(self):
        self.groups, self.users, self.shadow, self.broken, self.calls = {}, {}, {}, (), []
        self.group('daemon', 1)
        self.group('games', 60)
        self.group('users', 100)

    def group(self, name, gid, *members):
        self.groups[name] = {'name': name, 'gid': gid, 'members': list(members), 'passwd': 'x'}

    def user(self, name, **values):
        known = dict({'name': name, 'uid': 4721, 'gid': 100, 'groups': ['users'], 'home': '/', 'shell': '/bin/sh',
                      'passwd': 'x', 'fullname': '', 'roomnumber': '', 'workphone': '', 'homephone': '', 'other': ''},
                     **values)
        self.users[name] = known
        self.shadow[name] = {'name': name, 'passwd': '!', 'lstchg': 1, 'min': 0, 'max': 99999, 'warn': 7, 'inact': -1,
                             'expire': -1}

    def functions(self):
        names = [(name.replace('__', '.'), getattr(self, name)) for name in dir(self) if '__' in name.strip('_')]
        return dict((name, self._unless_broken(name, function)) for name, function in names)

    def _unless_broken(self, name, function):
        def call(*args, **kwargs):
            self.calls.append(name)
            return False if name in self.broken else function(*args, **kwargs)
        return call

    def group__info(self, name):
        return dict(self.groups.get(name, {}))

    def group__getent(self, refresh=False):
        return [dict(group) for group in self.groups.values()]

    def group__add(self, name, gid=None, system=False, non_unique=False, local=False):
        self.group(name, gid or 1000)
        return True

    def group__delete(self, name, local=False):
        return self.groups.pop(name) is not None

    def group__chgid(self, name, gid, non_unique=False):
        self.groups[name]['gid'] = gid

    def group__adduser(self, name, user):
        self.groups[name]['members'].append(user)

    def group__deluser(self, name, user):
        self.groups[name]['members'].remove(user)

    def group__members(self, name, users):
        self.groups[name]['members'] = users.split(',')

    def file__group_to_gid(self, group):
        return group if isinstance(group, int) else self.groups.get(group, {}).get('gid', '')

    def file__gid_to_group(self, gid):
        return next((name for name, group in self.groups.items() if group['gid'] == gid), '')

    def file__mkdir(self, path, user, group):
        self.calls.append((path, user, group))

    def user__info(self, name):
        return dict(self.users.get(name, {}))

    def user__add(self, name, groups=(), **options):
        self.calls.append(options)
        self.user(name, uid=options['uid'] or 1000, groups=sorted(['users'] + list(groups)), fullname=options['fullname'])
        return True

    def user__delete(self, name, purge, force, local=False):
        self.groups.pop(name, None)
        return self.users.pop(name) is not None

    def user__chuid(self, name, uid):
        self.users[name]['uid'] = uid

    def user__chgid(self, name, gid):
        user = self.users[name]
        user['groups'] = sorted(set(user['groups']) - set([self.file__gid_to_group(user['gid'])])
                                | set([self.file__gid_to_group(gid)]))
        user['gid'] = gid

    def user__chgroups(self, name, groups, append):
        kept = self.users[name]['groups'] if append else [self.file__gid_to_group(self.users[name]['gid'])]
        self.users[name]['groups'] = sorted(set(kept) | set(groups))

    def user__chshell(self, name, shell):
        self.users[name]['shell'] = shell

    def user__chhome(self, name, home, persist):
        self.users[name]['home'] = home

    def user__chfullname(self, name, fullname):
        self.users[name]['fullname'] = fullname

    def shadow__info(self, name):
        return dict(self.shadow.get(name, {'name': '', 'passwd': ''}))

    def shadow__default_hash(self):
        return '!'

    def shadow__gen_password(self, password, salt, algorithm):
        return '$6$%s$%s' % (salt or 'new', password[::-1])

    def shadow__set_password(self, name, password):
        self.shadow[name]['passwd'] = password

    def shadow__del_password(self, name):
        self.shadow[name]['passwd'] = ''

    def shadow__lock_password(self, name):
        self.shadow[name]['passwd'] = '!' + self.shadow[name]['passwd']

    def shadow__unlock_password(self, name):
        self.shadow[name]['passwd'] = self.shadow[name]['passwd'].lstrip('!')

    def shadow__set_mindays(self, name, days):
        self.shadow[name]['min'] = days

    def shadow__set_date(self, name, days):
        self.shadow[name]['lstchg'] = days


@pytest.fixture
def host(tmp_path, monkeypatch):
    return Faked(str(tmp_path), monkeypatch)


class Faked(States):
    """States over Accounts."""

    def __init__(self, folder, monkeypatch):
        States.__init__(self, folder, monkeypatch)
        self.accounts = Accounts()

    def shown(self, name, *args, **kwargs):
        world = self.loader.apart({'test': kwargs.pop('test', False)})
        function = world.other('states').functions[name]
        function.__globals__['__salt__'] = self.accounts.functions()
        returned = function(*args, **kwargs)
        return returned['result'], returned['comment'], returned['changes']


WILL = 'The following group attributes are set to be changed:\n'
WILL_BE = 'The following user attributes are set to be changed:\n'
FINAL = {'Final': 'All changes applied successfully'}


# ---- groups

def test_group_that_is_new(host):
    assert host.shown('group.present', 'g', test=True) == (None, 'Group g set to be added', {})
    assert host.shown('group.present', 'g', gid=100) == (
        False, 'Group g is not present but gid 100 is already taken by group users', {})
    assert host.shown('group.present', 'g', gid=4711, members=['fred']) == (
        True, 'New group g created', {'name': 'g', 'gid': 4711, 'members': ['fred'], 'passwd': 'x'})
    assert host.shown('group.present', 'g', gid=4711) == (True, 'Group g is present and up to date', {})
    assert host.shown('group.present', 'h', gid=100, non_unique=True)[0] is True


@pytest.mark.parametrize('options, line, members', [
    ({'gid': 4712}, 'gid: 4712\n', ['fred']),
    ({'members': ['anna']}, "members: ['anna']\n", ['anna']),
    ({'members': []}, "delusers: {'fred'}\n", []),
    ({'addusers': ['anna'], 'delusers': ['fred', 'x']}, "addusers: ['anna']\ndelusers: ['fred']\n", ['anna'])])
def test_group_that_is_changed(host, options, line, members):
    host.accounts.group('g', 4711, 'fred')
    assert host.shown('group.present', 'g', test=True, **options) == (None, WILL + line, {})
    assert host.shown('group.present', 'g', **options) == (True, WILL + line, FINAL)
    assert host.shown('group.present', 'g', **options) == (True, 'Group g is present and up to date', {})
    assert host.accounts.groups['g']['members'] == members


def test_group_that_cannot_be_changed(host):
    host.accounts.group('g', 4711)
    host.accounts.broken = ('group.members', 'group.chgid', 'group.add', 'group.delete')
    assert host.shown('group.present', 'g', members=['x']) == (
        False, WILL + "members: ['x']\nSome changes could not be applied", {'Failed': {'members': ['x']}})
    assert host.shown('group.present', 'g', gid='x') == (
        False, WILL + 'result: False\ncomment: Invalid gid\nSome changes could not be applied',
        {'Failed': {'result': False, 'comment': 'Invalid gid'}})
    assert host.shown('group.present', 'new') == (False, 'Failed to create new group new', {})
    assert host.shown('group.absent', 'g') == (False, 'Failed to remove group g', {})


def test_group_wanted_in_two_ways(host):
    result, comment, changes = host.shown('group.present', 'g', addusers=['x'], delusers=['x'])
    assert (result, comment) == (None, 'Error. Same user(s) can not be added and deleted simultaneously')
    result, comment, changes = host.shown('group.present', 'g', addusers=['x'], members=['x'])
    assert result is None and comment.startswith('Error: Conflicting options "members"')


def test_group_that_is_not_wanted(host):
    assert host.shown('group.absent', 'games', test=True) == (None, 'Group games is set for removal', {})
    assert host.shown('group.absent', 'games') == (True, 'Removed group games', {'games': ''})
    assert host.shown('group.absent', 'games') == (True, 'Group not present', {})


# ---- users

def test_user_that_is_new(host):
    assert host.shown('user.present', 'fred', test=True) == (None, 'User fred set to be added', {})
    assert host.shown('user.present', 'fred', groups=['none', 'games'], test=True) == (
        None, 'User fred set to be added (pending groups: none)', {})
    assert host.shown('user.present', 'fred', groups=['none']) == (
        False, 'The following group(s) are not present: none', {})
    result, comment, changes = host.shown('user.present', 'fred', uid=4721, groups=['games'], createhome=False,
                                          optional_groups=['none', 'daemon'], password='$6$a$b', mindays=3)
    assert (result, comment) == (True, 'New user fred created')
    assert (changes['uid'], changes['groups'], changes['password'], changes['mindays']) == (
        4721, ['daemon', 'games', 'users'], 'XXX-REDACTED-XXX', 3)
    added = next(call for call in host.accounts.calls if isinstance(call, dict))
    assert added['home'] is None and added['createhome'] is False and added['fullname'] == ''
    assert changes['home'] == ''
    assert host.accounts.shadow['fred']['passwd'] == '$6$a$b'


def test_user_that_is_new_but_not_whole(host):
    host.accounts.broken = ('shadow.set_mindays',)
    assert host.shown('user.present', 'fred', mindays=3)[:2] == (
        False, 'User fred created but failed to set minimum days to 3')
    host.accounts.broken = ('shadow.set_password',)
    assert host.shown('user.present', 'anna', password='$6$a$b')[:2] == (
        False, 'User anna created but failed to set password to XXX-REDACTED-XXX')
    host.accounts.broken = ('user.add',)
    assert host.shown('user.present', 'eve') == (False, 'Failed to create new user eve', {})


def test_user_without_a_password(host):
    assert host.shown('user.present', 'fred', empty_password=True)[2]['password'] == ''
    assert host.accounts.shadow['fred']['passwd'] == ''
    assert host.shown('user.present', 'fred', empty_password=True) == (True, 'User fred is present and up to date', {})


@pytest.mark.parametrize('options, lines, changes', [
    ({'uid': 5, 'allow_uid_change': True}, 'uid: 5\n', {'uid': 5}),
    ({'gid': 'daemon', 'groups': [], 'allow_gid_change': True}, 'gid: daemon\n', {'gid': 1, 'groups': ['daemon']}),
    ({'groups': ['games']}, "groups: ['games']\n", {'groups': ['games', 'users']}),
    ({'groups': ['games'], 'optional_groups': ['none', 'daemon']}, "groups: ['daemon', 'games']\n",
     {'groups': ['daemon', 'games', 'users']}),
    ({'shell': '/bin/bash'}, 'shell: /bin/bash\n', {'shell': '/bin/bash'}),
    ({'home': '/nowhere', 'createhome': False}, 'home: /nowhere\n', {'home': '/nowhere'}),
    ({'fullname': 'Fred'}, 'fullname: Fred\n', {'fullname': 'Fred'}),
    ({'password': '$6$a$b'}, 'passwd: XXX-REDACTED-XXX\n', {'passwd': 'XXX-REDACTED-XXX'}),
    ({'password': 'pw', 'hash_password': True}, 'passwd: XXX-REDACTED-XXX\n', {'passwd': 'XXX-REDACTED-XXX'}),
    ({'password_lock': False}, 'password_lock: False\n', {'passwd': 'XXX-REDACTED-XXX'}),
    ({'date': 7, 'mindays': 1}, 'date: 7\nmindays: 1\n', {'lstchg': 7, 'min': 1})])
def test_user_that_is_changed(host, options, lines, changes):
    host.accounts.user('fred')
    assert host.shown('user.present', 'fred', test=True, **options) == (None, WILL_BE + lines, {})
    assert host.shown('user.present', 'fred', **options) == (True, 'Updated user fred', changes)
    if 'allow_gid_change' not in options:
        assert host.shown('user.present', 'fred', **options) == (True, 'User fred is present and up to date', {})


def test_user_keeps_what_is_not_to_be_removed_or_enforced(host):
    host.accounts.user('fred', groups=['games', 'users'])
    host.accounts.shadow['fred']['passwd'] = '$6$a$b'
    kept = (True, 'User fred is present and up to date', {})
    assert host.shown('user.present', 'fred', groups=['games'], remove_groups=False) == kept
    assert host.shown('user.present', 'fred', groups=[], remove_groups=False) == kept
    assert host.shown('user.present', 'fred', password='$6$a$c', enforce_password=False) == kept
    assert host.shown('user.present', 'fred', groups=['daemon'], remove_groups=False)[2] == {
        'groups': ['daemon', 'games', 'users']}


def test_user_gets_the_home_that_is_missing(host, tmp_path):
    host.accounts.user('fred')
    home = str(tmp_path / 'home')
    lines = 'home: %s\nhomeDoesNotExist: %s\n' % (home, home)
    assert host.shown('user.present', 'fred', home=home, test=True) == (None, WILL_BE + lines, {})
    host.shown('user.present', 'fred', home=home)
    assert (home, 4721, 100) in host.accounts.calls


def test_user_refused(host):
    host.accounts.user('fred')
    result, comment, changes = host.shown('user.present', 'fred', uid=5, gid='daemon')
    assert (result, changes) == (False, {})
    assert comment == ('Encountered error checking for needed changes. Additional info follows:\n\n- Changing uid (4721 -> 5) '
                       'not permitted, set allow_uid_change to True to force this change. Note that this will not change '
                       'file ownership.\n- Changing gid (100 -> daemon) not permitted, set allow_gid_change to True to force '
                       'this change. Note that this will not change file ownership.')
    assert host.shown('user.present', 'fred', fullname='a,b') == (False, "Unsupported char ',' in a,b", {})


def test_user_that_cannot_be_changed(host):
    host.accounts.user('fred')
    host.accounts.broken = ('user.chshell', 'shadow.set_password', 'user.delete')
    assert host.shown('user.present', 'fred', shell='/bin/x', password='$6$a$b') == (
        False, "These values could not be changed: {'shell': '/bin/x', 'passwd': 'XXX-REDACTED-XXX'}", {})
    assert host.shown('user.absent', 'fred') == (False, 'Failed to remove user fred', {})


def test_user_that_is_not_wanted(host):
    host.accounts.user('fred')
    host.accounts.group('fred', 4721)
    assert host.shown('user.absent', 'fred', test=True) == (None, 'User fred set for removal', {})
    assert host.shown('user.absent', 'fred', purge=True) == (
        True, 'Removed user fred', {'fred': 'removed', 'fred group': 'removed'})
    assert host.shown('user.absent', 'fred') == (True, 'User fred is not present', {})
