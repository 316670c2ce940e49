"""Security-Enhanced Linux: mode, booleans, policy modules, contexts of files and ports (selinux.*)."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers.state_return import returned as _returned

_ON, _OFF = ('1', 'on', 'yes', 'true'), ('0', 'off', 'no', 'false')
_MODES = {'enforcing': 'Enforcing', 'permissive': 'Permissive', 'disabled': 'Disabled'}


def __virtual__():
    if 'selinux.getenforce' in __salt__:
        return 'selinux'
    return False, 'selinux module could not be loaded'


def mode(name):
    """SELinux is in this mode, now and after a start: enforcing, permissive or disabled.

    enforcing:
      selinux.mode
    """
    wanted = _MODES.get(compat.to_native(compat.shown(name)).lower())
    if wanted is None:
        return _returned(name, False, '%s is not an accepted mode' % name)
    current, configured = __salt__['selinux.getenforce'](), __salt__['selinux.getconfig']()
    if current == wanted == configured:
        return _returned(name, True, 'SELinux is already in %s mode' % wanted)
    before = configured if current == wanted else current
    if __opts__['test']:
        text = 'SELinux mode is set to be changed to %s' % wanted
        return _returned(name, None, text, {'old': before, 'new': wanted})
    after = __salt__['selinux.setenforce'](wanted)
    if after == wanted or (wanted == 'Disabled' and __salt__['selinux.getconfig']() == wanted):
        return _returned(name, True, 'SELinux has been set to %s mode' % wanted, {'old': before, 'new': after})
    return _returned(name, False, 'Failed to set SELinux to %s mode' % wanted)


# ---- booleans

def boolean(name, value=None, booleans=None, persist=False):
    """A boolean is on or off; or each of `booleans`, a list of names or of {name: value}. persist: over a start, too.

    httpd_can_network_connect:
      selinux.boolean:
        - value: on
        - persist: True
    """
    known, wrong, pairs = __salt__['selinux.list_sebool'](), [], []
    for one, wish in _pairs(name, value, booleans):
        word = _on_or_off(wish)
        if one not in known:
            wrong.append('Boolean %s is not available' % one)
        elif word is None:
            wrong.append('%s is not a valid value for the boolean %s' % (compat.shown(wish), one))
        pairs.append((one, word))
    if wrong:
        return _returned(name, False, '\n'.join(wrong))
    columns = ('State', 'Default') if persist else ('State',)
    fine = [one for one, word in pairs if all(known[one][column] == word for column in columns)]
    due = [(one, word) for one, word in pairs if one not in fine]
    return _turn(name, fine, due, dict((one, [known[one][column] for column in columns]) for one, _ in due), persist)


def _pairs(name, value, booleans):
    if not booleans:
        return [(name, value)]
    if isinstance(booleans, dict):
        return list(booleans.items())
    pairs = []
    for one in booleans:
        pairs += list(one.items()) if isinstance(one, dict) else [(one, value)]
    return pairs


def _on_or_off(value):
    word = compat.to_native(compat.shown(value)).lower() if value is not None else ''
    return 'on' if word in _ON else 'off' if word in _OFF else None


def _turn(name, fine, due, before, persist):
    said = ['The following booleans were in the correct state: %s' % ', '.join(fine)] if fine else []
    if not due:
        return _returned(name, True, '\n'.join(said))
    changes = dict((one, {'old': _single(before[one]), 'new': _single([word] * len(before[one]))}) for one, word in due)
    names = ', '.join(one for one, _ in due)
    if __opts__['test']:
        return _returned(name, None, '\n'.join(said + ['The following booleans would be changed: %s' % names]), changes)
    if __salt__['selinux.setsebools'](dict(due), persist):
        return _returned(name, True, '\n'.join(said + ['The following booleans have been changed: %s' % names]), changes)
    return _returned(name, False, '\n'.join(said + ['Failed to set the following booleans: %s' % compat.shown(dict(due))]))


def _single(values):
    return values[0] if len(values) == 1 else values


# ---- policy modules

def module(name, module_state='Enabled', version='any', **opts):
    """A policy module is there and enabled, or Disabled. install, source: from this file; remove: it is not there.

    update:
      selinux.module:
        - name: snort
        - module_state: Enabled
    """
    if opts.get('install', False) and opts.get('remove', False):
        return _returned(name, False, 'Cannot install and remove at the same time')
    title = name
    if opts.get('install', False):
        title = opts.get('source', name)
        done = module_install(title)
        if done['result'] is not True:
            return done
    if opts.get('remove', False):
        return module_remove(name)
    found = __salt__['selinux.list_semod']().get(name)
    if found is None:
        return _returned(title, False, 'Module %s is not available' % name)
    wanted = compat.to_native(compat.shown(module_state)).lower()
    if wanted not in ('enabled', 'disabled'):
        return _returned(title, False, '%s is not a valid state for the %s module.' % (module_state, name))
    if version != 'any' and found['Version'] != version:
        text = 'Module version is %s and does not match the desired version of %s or you are using semodule >= 2.4'
        return _returned(title, False, text % (found['Version'], version))
    return _enable(title, name, module_state, found['Enabled'] is (wanted == 'enabled'))


def _enable(title, name, module_state, fine):
    if fine:
        return _returned(title, True, 'Module %s is in the desired state' % name)
    if __opts__['test']:
        return _returned(title, None, 'Module %s is set to be toggled to %s' % (name, module_state))
    if __salt__['selinux.setsemod'](name, module_state):
        return _returned(title, True, 'Module %s has been set to %s' % (name, module_state))
    return _returned(title, False, 'Failed to set the Module %s to %s' % (name, module_state))


def module_install(name):
    """The policy module in this file is installed. /root/my.pp: selinux.module_install"""
    if __opts__['test']:
        return _returned(name, None, 'Module %s is set to be installed' % name)
    if __salt__['selinux.install_semod'](name):
        return _returned(name, True, 'Module %s has been installed' % name)
    return _returned(name, False, 'Failed to install module %s' % name)


def module_remove(name):
    """A policy module is removed. my: selinux.module_remove"""
    if name not in __salt__['selinux.list_semod']():
        return _returned(name, False, 'Module %s is not available' % name)
    if __opts__['test']:
        return _returned(name, None, 'Module %s is set to be removed' % name)
    if __salt__['selinux.remove_semod'](name):
        return _returned(name, True, 'Module %s has been removed' % name)
    return _returned(name, False, 'Failed to remove module %s' % name)


# ---- contexts of files

def fcontext_policy_present(name, sel_type, filetype='a', sel_user=None, sel_level=None):
    """There is a rule for a pattern of paths. filetype: a (all), f, d, c, b, s, l or p.

    /srv/www(/.*)?:
      selinux.fcontext_policy_present:
        - sel_type: httpd_sys_content_t
    """
    kind = __salt__['selinux.filetype_id_to_string'](filetype)
    options = {'filetype': filetype, 'sel_type': sel_type, 'sel_user': sel_user, 'sel_level': sel_level}
    if __salt__['selinux.fcontext_get_policy'](name=name, **options):
        text = 'SELinux policy for "%s" already present with specified filetype "%s" and sel_type "%s".'
        return _returned(name, True, text % (name, kind, sel_type))
    if __opts__['test']:
        return _returned(name, None)
    answer = __salt__['selinux.fcontext_add_policy'](name=name, **options)
    if answer['retcode']:
        return _returned(name, False, 'Error adding new rule: %s' % compat.shown(answer))
    new = {'filetype': kind, 'sel_type': sel_type}
    new.update((part, options[part]) for part in ('sel_user', 'sel_level') if options[part])
    return _returned(name, True, '', {'old': {}, 'new': {name: new}})


def fcontext_policy_absent(name, filetype='a', sel_type=None, sel_user=None, sel_level=None):
    """There is no rule for a pattern of paths.

    /srv/www(/.*)?:
      selinux.fcontext_policy_absent
    """
    options = {'filetype': filetype, 'sel_user': sel_user, 'sel_level': sel_level}
    found = __salt__['selinux.fcontext_get_policy'](name=name, sel_type=sel_type, **options)
    if not found:
        text = 'SELinux policy for "%s" already absent with specified filetype "%s" and sel_type "%s".'
        return _returned(name, True, text % (name, filetype, sel_type))
    changes = {'old': {name: found}, 'new': {}}
    if __opts__['test']:
        return _returned(name, None, '', changes)
    answer = __salt__['selinux.fcontext_delete_policy'](name=name, sel_type=sel_type or found['sel_type'], **options)
    if answer['retcode']:
        return _returned(name, False, 'Error removing policy: %s' % compat.shown(answer), changes)
    return _returned(name, True, '', changes)


def fcontext_policy_applied(name, recursive=False):
    """A path has the contexts that the rules give it.

    /srv/www:
      selinux.fcontext_policy_applied:
        - recursive: True
    """
    if not __salt__['selinux.fcontext_policy_is_applied'](name, recursive):
        return _returned(name, True, 'SElinux policies are already applied for filespec "%s"' % name)
    if __opts__['test']:
        return _returned(name, None)
    answer = __salt__['selinux.fcontext_apply_policy'](name, recursive)
    if answer['retcode']:
        return _returned(name, False, compat.shown(answer))
    return _returned(name, True, '', answer.get('changes'))


# ---- ports

def port_policy_present(name, sel_type, protocol=None, port=None, sel_range=None):
    """A port, told as PROTOCOL/PORT or by both arguments, has this type.

    tcp/8080:
      selinux.port_policy_present:
        - sel_type: http_port_t
    """
    place = {'name': name, 'protocol': protocol, 'port': port}
    if __salt__['selinux.port_get_policy'](sel_type=sel_type, **place):
        text = 'SELinux policy for "%s" already present with specified sel_type "%s", protocol "%s" and port "%s".'
        return _returned(name, True, text % (name, sel_type, protocol, port))
    if __opts__['test']:
        return _returned(name, None)
    before = __salt__['selinux.port_get_policy'](**place)
    change = 'selinux.port_modify_policy' if before else 'selinux.port_add_policy'
    answer = __salt__[change](sel_type=sel_type, sel_range=sel_range, **place)
    if answer['retcode']:
        return _returned(name, False, 'Error adding new policy: %s' % compat.shown(answer))
    after = __salt__['selinux.port_get_policy'](sel_type=sel_type, **place)
    return _returned(name, True, '', {'old': before, 'new': after})


def port_policy_absent(name, sel_type=None, protocol=None, port=None):
    """A port has no type of its own.

    tcp/8080:
      selinux.port_policy_absent
    """
    place = {'name': name, 'protocol': protocol, 'port': port}
    before = __salt__['selinux.port_get_policy'](sel_type=sel_type, **place)
    if not before:
        text = 'SELinux policy for "%s" already absent with specified sel_type "%s", protocol "%s" and port "%s".'
        return _returned(name, True, text % (name, sel_type, protocol, port))
    if __opts__['test']:
        return _returned(name, None)
    answer = __salt__['selinux.port_delete_policy'](**place)
    if answer['retcode']:
        return _returned(name, False, 'Error removing policy: %s' % compat.shown(answer))
    after = __salt__['selinux.port_get_policy'](sel_type=sel_type, **place)
    return _returned(name, True, '', {'old': before, 'new': after})


def mod_aggregate(low, chunks, running):
    """Booleans that follow each other are set at once under `state_aggregate`: setsebool -P takes long."""
    if low.get('fun') != 'boolean':
        return low
    pairs = _pairs(low['name'], low.get('value'), low.get('booleans'))
    for chunk in chunks:
        tag = '%(state)s_|-%(__id__)s_|-%(name)s_|-%(fun)s' % chunk
        if chunk is low or chunk.get('fun') != 'boolean' or '__agg__' in chunk or tag in running:
            continue
        if bool(chunk.get('persist')) is bool(low.get('persist')):
            chunk['__agg__'] = True
            pairs += _pairs(chunk['name'], chunk.get('value'), chunk.get('booleans'))
    low['booleans'] = [{one: wish} for one, wish in pairs]
    return low
