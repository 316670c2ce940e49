"""States of SELinux over execution functions that a test holds in its hands."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.helpers import semanage
from tests.support import hoststates

BOOLEANS = {'a': {'State': 'off', 'Default': 'off'}, 'b': {'State': 'on', 'Default': 'off'}}
FAILED = {'retcode': 1, 'stdout': '', 'stderr': 'bad'}


class Selinux(object):
    """Answers of the execution module; `called` are the changing calls, `works` is whether they work."""

    def __init__(self):
        self.called, self.works = [], True
        self.mode, self.config, self.rule, self.port, self.planned = 'Enforcing', 'Enforcing', None, None, ''
        self.modules = {'abrt': {'Enabled': True, 'Version': '1.2'}}

    def functions(self):
        return {'selinux.getenforce': lambda: self.mode, 'selinux.getconfig': lambda: self.config,
                'selinux.setenforce': self.setenforce, 'selinux.list_sebool': lambda: BOOLEANS,
                'selinux.setsebools': self.change('setsebools', True, False),
                'selinux.list_semod': lambda: self.modules, 'selinux.setsemod': self.change('setsemod', True, False),
                'selinux.install_semod': self.change('install_semod', True, False),
                'selinux.remove_semod': self.change('remove_semod', True, False),
                'selinux.filetype_id_to_string': semanage.filetype, 'selinux.fcontext_get_policy': lambda **kwargs: self.rule,
                'selinux.fcontext_add_policy': self.change('fcontext_add'),
                'selinux.fcontext_delete_policy': self.change('fcontext_delete'),
                'selinux.fcontext_policy_is_applied': lambda name, recursive: self.planned,
                'selinux.fcontext_apply_policy': self.change('apply', {'retcode': 0, 'changes': {'/srv': {}}}),
                'selinux.port_get_policy': self.port_get_policy, 'selinux.port_add_policy': self.change('port_add'),
                'selinux.port_modify_policy': self.change('port_modify'),
                'selinux.port_delete_policy': self.change('port_delete')}

    def change(self, name, good=None, bad=None):
        def call(*args, **kwargs):
            self.called.append((name, args, kwargs))
            if self.works:
                return {'retcode': 0} if good is None else good
            return FAILED if bad is None else bad
        return call

    def setenforce(self, mode):
        if self.works:
            self.mode, self.config = ('Permissive' if mode == 'Disabled' else mode), mode
        return self.mode

    def port_get_policy(self, name, protocol, port, sel_type=None):
        return self.port if self.port and sel_type in (None, self.port['sel_type']) else None


@pytest.fixture
def run(tmpdir, monkeypatch):
    """run(state, ...) -> (result, comment, changes); run.selinux."""
    host, selinux = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch), Selinux()

    def run(name, *args, **kwargs):
        return host.over(selinux.functions(), 'selinux.' + name, *args, **kwargs)
    run.selinux = selinux
    return run


def test_mode(run):
    assert run('mode', 'enforcing') == (True, 'SELinux is already in Enforcing mode', {})
    assert run('mode', 'junk') == (False, 'junk is not an accepted mode', {})
    change = {'old': 'Enforcing', 'new': 'Permissive'}
    assert run('mode', 'Permissive', test=True) == (None, 'SELinux mode is set to be changed to Permissive', change)
    assert run('mode', 'Permissive') == (True, 'SELinux has been set to Permissive mode', change)
    assert run('mode', 'disabled') == (
        True, 'SELinux has been set to Disabled mode', {'old': 'Permissive', 'new': 'Permissive'})
    run.selinux.works = False
    assert run('mode', 'enforcing') == (False, 'Failed to set SELinux to Enforcing mode', {})


def test_booleans(run):
    assert run('boolean', 'b', True) == (True, 'The following booleans were in the correct state: b', {})
    assert run('boolean', 'b', 'on', persist=True, test=True) == (
        None, 'The following booleans would be changed: b', {'b': {'old': ['on', 'off'], 'new': ['on', 'on']}})
    assert run('boolean', 'x', booleans=[{'a': 1}, {'b': True}]) == (
        True, 'The following booleans were in the correct state: b\nThe following booleans have been changed: a',
        {'a': {'old': 'off', 'new': 'on'}})
    assert run.selinux.called == [('setsebools', ({'a': 'on'}, False), {})]
    assert run('boolean', 'x', 'on') == (False, 'Boolean x is not available', {})
    assert run('boolean', 'a', 'junk') == (False, 'junk is not a valid value for the boolean a', {})
    run.selinux.works = False
    assert run('boolean', 'a', 'on') == (False, "Failed to set the following booleans: {'a': 'on'}", {})


def test_modules(run):
    assert run('module', 'abrt') == (True, 'Module abrt is in the desired state', {})
    assert run('module', 'abrt', 'disabled', test=True) == (None, 'Module abrt is set to be toggled to disabled', {})
    assert run('module', 'abrt', 'disabled') == (True, 'Module abrt has been set to disabled', {})
    assert run('module', 'none') == (False, 'Module none is not available', {})
    assert run('module', 'abrt', 'junk')[:2] == (False, 'junk is not a valid state for the abrt module.')
    assert run('module', 'abrt', version='9')[1].startswith('Module version is 1.2 and does not match the desired version of 9')
    assert run('module', 'abrt', install=True, remove=True)[1] == 'Cannot install and remove at the same time'
    assert run('module', 'abrt', install=True, source='/a.pp')[:2] == (True, 'Module abrt is in the desired state')
    assert run('module', 'abrt', remove=True, test=True)[:2] == (None, 'Module abrt is set to be removed')
    assert run('module', 'abrt', remove=True)[:2] == (True, 'Module abrt has been removed')
    assert [call[0] for call in run.selinux.called] == ['setsemod', 'install_semod', 'remove_semod']
    run.selinux.works = False
    assert run('module', 'abrt', 'disabled')[:2] == (False, 'Failed to set the Module abrt to disabled')
    assert run('module_install', '/a.pp')[:2] == (False, 'Failed to install module /a.pp')
    assert run('module_remove', 'abrt')[:2] == (False, 'Failed to remove module abrt')
    assert run('module_remove', 'none')[:2] == (False, 'Module none is not available')
    assert run('module_install', '/a.pp', test=True)[:2] == (None, 'Module /a.pp is set to be installed')


def test_rules_for_files(run):
    assert run('fcontext_policy_absent', '/srv') == (
        True, 'SELinux policy for "/srv" already absent with specified filetype "a" and sel_type "None".', {})
    assert run('fcontext_policy_present', '/srv', 'x_t', test=True) == (None, '', {})
    assert run('fcontext_policy_present', '/srv', 'x_t', 'f') == (
        True, '', {'old': {}, 'new': {'/srv': {'filetype': 'regular file', 'sel_type': 'x_t'}}})
    run.selinux.works = False
    result, comment, changes = run('fcontext_policy_present', '/srv', 'x_t')
    assert (result, changes) == (False, {}) and comment.startswith('Error adding new rule: {')
    run.selinux.rule = {'sel_type': 'x_t'}
    assert run('fcontext_policy_present', '/srv', 'x_t') == (
        True, 'SELinux policy for "/srv" already present with specified filetype "all files" and sel_type "x_t".', {})
    assert run('fcontext_policy_absent', '/srv')[0] is False
    run.selinux.works = True
    assert run('fcontext_policy_absent', '/srv') == (True, '', {'old': {'/srv': {'sel_type': 'x_t'}}, 'new': {}})
    assert run.selinux.called[-1][2]['sel_type'] == 'x_t'


def test_applying_rules(run):
    assert run('fcontext_policy_applied', '/srv') == (True, 'SElinux policies are already applied for filespec "/srv"', {})
    run.selinux.planned = 'Would relabel'
    assert run('fcontext_policy_applied', '/srv', test=True) == (None, '', {})
    assert run('fcontext_policy_applied', '/srv') == (True, '', {'/srv': {}})


def test_ports(run):
    assert run('port_policy_absent', 'tcp/99') == (True, 'SELinux policy for "tcp/99" already absent with specified sel_type '
                                                   '"None", protocol "None" and port "None".', {})
    assert run('port_policy_present', 'tcp/99', 'x_t', test=True) == (None, '', {})
    assert run('port_policy_present', 'tcp/99', 'x_t')[0] is True
    run.selinux.port = {'sel_type': 'x_t'}
    assert run('port_policy_present', 'tcp/99', 'x_t')[1].startswith('SELinux policy for "tcp/99" already present with')
    assert run('port_policy_present', 'tcp/99', 'y_t') == (True, '', {'old': {'sel_type': 'x_t'}, 'new': None})
    assert run('port_policy_absent', 'tcp/99', test=True) == (None, '', {})
    assert run('port_policy_absent', 'tcp/99')[0] is True
    assert [call[0] for call in run.selinux.called] == ['port_add', 'port_modify', 'port_delete']
    run.selinux.works = False
    assert run('port_policy_absent', 'tcp/99')[1].startswith('Error removing policy: {')
    assert run('port_policy_present', 'tcp/99', 'y_t')[1].startswith('Error adding new policy: {')


def test_booleans_are_taken_together(tmpdir, monkeypatch):
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)
    loader = host.loader.apart({'test': False}).other('states')
    loader._dunders = lambda given=loader._dunders(): dict(given, __salt__=Selinux().functions())
    low = {'state': 'selinux', 'fun': 'boolean', '__id__': 'a', 'name': 'a', 'value': 'on', 'persist': True}
    other, apart = dict(low, __id__='b', name='b', value='off'), dict(low, __id__='c', name='c', persist=False)
    changed = loader.functions['selinux.mod_aggregate'](low, [low, other, apart], {})
    assert changed['booleans'] == [{'a': 'on'}, {'b': 'off'}]
    assert other['__agg__'] is True and '__agg__' not in apart
