"""File systems and swap space (mount.*): mounted now, and at boot by the table of file systems."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.helpers import state_mounts, tool
from minion.helpers.state_return import returned as _returned


def _failed(name, comment, changes=None):
    return _returned(name, False, comment, changes)


# ---- mounted

def mounted(name, device, fstype, mkmnt=False, opts='defaults', dump=0, pass_num=0, config='/etc/fstab', persist=True,
            mount=True, user=None, match_on='auto', device_name_regex=None, extra_mount_invisible_options=None,
            extra_mount_invisible_keys=None, extra_mount_ignore_fs_keys=None, extra_mount_translate_options=None,
            hidden_opts=None, bind_mount_copy_active_opts=True, **kwargs):
    """A device is mounted at `name`; mkmnt: the folder is made; persist: it has a line in the table `config`.

    mount: False: only the table. match_on: fields by which its line is found. The others say which options and names of
    devices do not count when those of a mount that is there are compared.

    /mnt/sdb:
      mount.mounted:
        - device: /dev/sdb1
        - fstype: ext4
        - mkmnt: True
        - opts: noatime
    """
    for key, value in (('name', name), ('device', device), ('fstype', fstype)):
        if not value:
            return _failed(name, 'Must provide %s to mount.mounted' % key)
    if device.startswith('LABEL=') and _labelled(device[len('LABEL='):]) is None:
        return _failed(name, 'Unable to find device with label %s.' % device[len('LABEL='):])
    wish = {'name': name, 'real': os.path.realpath(name), 'device': device, 'fstype': fstype, 'mkmnt': mkmnt,
            'opts': tool.listed(opts), 'user': user, 'regex': device_name_regex, 'config': config,
            'entry': (dump, pass_num, match_on)}
    rules = state_mounts.Rules(fstype, hidden_opts, extra_mount_invisible_options, extra_mount_invisible_keys,
                               extra_mount_ignore_fs_keys, extra_mount_translate_options)
    there = __salt__['mount.active'](extended=True)
    active = there.get(wish['real'])
    if bind_mount_copy_active_opts and 'bind' in wish['opts'] and device in there:
        wish['opts'] = sorted(set(wish['opts'] + there[device]['opts']))
    if not mount:
        answer = _returned(name, True) if active else _only_kept(wish)
    elif active:
        answer = _compared(wish, active, rules)
    else:
        answer = _mounted_anew(wish)
    done = answer.pop('done', False)
    return _kept(answer, wish, mount) if persist and not done else answer


def _labelled(label):
    found = __salt__['disk.blkid']()
    return next((device for device in found if found[device].get('LABEL') == label), None)


def _only_kept(wish):
    """What is said of a place where nothing is mounted, nor shall be now."""
    name = wish['name']
    if os.path.exists(name):
        return _returned(name, True, '%s %s' % (name, 'would not be mounted' if __opts__['test'] else 'not mounted'))
    if __opts__['test']:
        return _returned(name, None, '%s %s' % (name, 'would be created, but not mounted' if wish['mkmnt']
                                               else 'does not exist and would neither be created nor mounted'))
    if not wish['mkmnt']:
        return _returned(name, True, '%s not present and not mounted' % name)
    __salt__['file.mkdir'](name, user=wish['user'])
    return _returned(name, True, '%s was created, not mounted' % name)


def _mounted_anew(wish):
    name = wish['name']
    if __opts__['test']:
        if os.path.exists(name):
            comment = 'would be mounted'
        else:
            comment = 'would be created and mounted' if wish['mkmnt'] else 'does not exist and would not be created'
        return dict(_returned(name, None, '%s %s' % (name, comment)), done=True)
    if not os.path.exists(name) and not wish['mkmnt']:
        return dict(_failed(name, 'Mount directory is not present'), done=True)
    said = _mount(wish)
    if said is not True:
        return dict(_failed(name, said), done=True)
    return _returned(name, True, 'Target was successfully mounted', {'mount': True})


def _mount(wish):
    """True, or why it could not be mounted; what is wanted is remembered."""
    said = __salt__['mount.mount'](wish['name'], wish['device'], wish['mkmnt'], wish['fstype'], wish['opts'],
                                   user=wish['user'])
    if said is True:
        _remember(wish)
    return said


def _remember(wish):
    __salt__['mount.write_mount_cache'](wish['real'], wish['device'], mkmnt=wish['mkmnt'], fstype=wish['fstype'],
                                        mount_opts=wish['opts'])


def _compared(wish, active, rules):
    """What is done about a mount that is there: options first, then the device."""
    name, answer = wish['name'], _returned(wish['name'], True, 'Target was already mounted')
    differing = rules.differing(wish['opts'], active)
    remembered = __salt__['mount.read_mount_cache'](wish['real']).get('opts') or []
    dropped = rules.dropped(tool.listed(remembered), wish['opts'])
    if (differing or dropped) and __opts__['test']:
        text = ','.join(differing) + ') ' if differing else ','.join(dropped) + ')'
        return dict(_returned(name, None, 'Remount would be forced because options (%schanged' % text), done=True)
    if differing or dropped:
        said = _remounted(wish, ','.join(differing or dropped), answer['changes'])
        if said is not True:
            return dict(_failed(name, said, answer['changes']), done=True)
    if state_mounts.is_device(wish['device'], active) or 'bind' in wish['opts'] or 'rbind' in wish['opts']:
        return answer
    if state_mounts.matched(active['device'], wish['regex']):
        answer['comment'] = ('An umount will not be forced because device matched device_name_regex: %s'
                             % active['device'])
        return answer
    return _exchanged(wish, active, answer)


def _remounted(wish, options, changes):
    """True, or what went wrong."""
    if wish['fstype'] not in ('nfs', 'cvfs') and not wish['fstype'].startswith('fuse'):
        changes['umount'] = 'Forced remount because options (%s) changed' % options
        said = __salt__['mount.remount'](wish['real'], wish['device'], mkmnt=wish['mkmnt'], fstype=wish['fstype'],
                                         opts=wish['opts'])
        if said is True:
            _remember(wish)
        return said
    changes['umount'] = 'Forced unmount and mount because options (%s) changed' % options
    said = __salt__['mount.umount'](wish['real'])
    return _mount(wish) if said is True else 'Unable to unmount %s: %s.' % (wish['real'], said)


def _exchanged(wish, active, answer):
    """Another device is mounted: it makes room."""
    if __opts__['test']:
        return dict(answer, result=None, comment='An umount would have been forced because devices do not match.  '
                    'Watched: %s' % wish['device'])
    changes = {'umount': "Forced unmount because devices don't match. Wanted: %s, current: %s"
                         % (wish['device'], ', '.join(state_mounts.names_of(active)))}
    said = __salt__['mount.umount'](wish['real'], active['device'], user=wish['user'])
    if said is not True:
        return dict(_failed(wish['name'], 'Unable to unmount', {'umount': said}), done=True)
    said = _mount(wish)
    if said is not True:
        return dict(_failed(wish['name'], said, changes), done=True)
    return _returned(wish['name'], True, 'Target was successfully mounted', dict(changes, mount=True))


# ---- the table

def _kept(answer, wish, mount):
    """An answer with what was done about the table."""
    dump, pass_num, match_on = wish['entry']
    done = __salt__['mount.set_fstab'](wish['name'], wish['device'], wish['fstype'], wish['opts'], dump, pass_num,
                                       wish['config'], test=__opts__['test'], match_on=match_on)
    if done == 'present':
        answer['comment'] += '. Entry already exists in the fstab.'
    elif __opts__['test']:
        answer['result'] = None
        answer['comment'] += _announced(wish['name'], done, mount)
    else:
        answer['changes']['persist'] = 'new' if done == 'new' else 'update'
        answer['comment'] += '. Added new entry to the fstab.' if done == 'new' else '. Updated the entry in the fstab.'
    return answer


def _announced(name, done, mount):
    if done == 'new':
        text = '%s is mounted, but needs' if mount else '%s needs'
        return '. ' + text % name + ' to be written to the fstab in order to be made persistent.'
    return ('. %s is mounted, but its fstab entry must be updated.' if mount
            else '. The %s fstab entry must be updated.') % name


def swap(name, persist=True, config='/etc/fstab'):
    """The host swaps to a file or device; persist: at boot, too.

    /root/swapfile:
      mount.swap
    """
    active, answer = name in __salt__['mount.swaps'](), _returned(name, True)
    if not active and __opts__['test']:
        return _returned(name, None, 'Swap %s is set to be activated' % name)
    if active:
        answer['comment'] = 'Swap %s already active' % name
    elif name in __salt__['mount.swapon'](name) or name in __salt__['mount.swaps']():
        answer.update(comment='Swap %s activated' % name, changes={'stats': __salt__['mount.swaps']()[name]})
    else:
        answer.update(comment='Swap %s failed to activate' % name, result=False)
    return _swap_kept(answer, name, config) if persist else answer


def _swap_kept(answer, name, config):
    tables = __salt__['mount.fstab'](config)
    if any(entry['device'] == name for entry in tables.values()) and __opts__['test']:
        return answer
    if __opts__['test']:
        answer.update(result=None, comment='Swap %s is set to be added to the fstab and to be activated' % name)
        return answer
    done = __salt__['mount.set_fstab']('none', name, 'swap', ['defaults'], 0, 0, config)
    if done == 'present':
        return answer
    answer['changes']['persist'] = 'new' if done == 'new' else 'update'
    answer['comment'] += '. Added new entry to the fstab.' if done == 'new' else '. Updated the entry in the fstab.'
    return answer


# ---- unmounted

def unmounted(name, device=None, config='/etc/fstab', persist=False, user=None, **kwargs):
    """Nothing is mounted at `name`; device: not this; persist: its line goes out of the table `config`.

    /mnt/sdb:
      mount.unmounted:
        - persist: True
    """
    comments, changes = [], {}
    if name in __salt__['mount.active'](extended=True):
        if __opts__['test']:
            return _returned(name, None, 'Mount point %s is mounted but should not be' % name)
        said = __salt__['mount.umount'](name, device, user=user) if device else __salt__['mount.umount'](name, user=user)
        if said is not True:
            return _failed(name, said)
        __salt__['mount.delete_mount_cache'](os.path.realpath(name))
        comments.append('Target was successfully unmounted')
        changes['umount'] = True
    else:
        comments.append('Target was already unmounted')
    return _purged(name, device, config, comments, changes) if persist else _returned(name, True, comments[0], changes)


def _purged(name, device, config, comments, changes):
    entry = __salt__['mount.fstab'](config).get(name)
    if entry is None:
        comments.append('fstab entry not found')
    elif device and entry['device'] != device:
        comments.append('fstab entry for device %s not found' % device)
    elif __opts__['test']:
        return _returned(name, None, 'Mount point %s is unmounted but needs to be purged from %s to be made persistent'
                        % (name, config))
    elif __salt__['mount.rm_fstab'](name, device, config) is not True:
        return _failed(name, '. '.join(comments + ['Failed to persist purge']), changes)
    else:
        comments.append('Removed target from fstab')
        changes['persist'] = 'purged'
    return _returned(name, True, '. '.join(comments), changes)


def mod_watch(name, user=None, **kwargs):
    """Mount anew what another state changed: what `watch` calls."""
    if kwargs['sfun'] != 'mounted':
        return _returned(name, True, 'Watch not supported in %s at this time' % kwargs['sfun'])
    said = __salt__['mount.remount'](name, kwargs['device'], False, kwargs['fstype'], kwargs['opts'], user=user)
    if said is True:
        return _returned(name, True, '%s remounted' % name)
    return _failed(name, '%s failed to remount: %s' % (name, said))


# ---- lines of the table

def _named_by(device, mount_by):
    """The device as it shall stand in the table, None if it has no such name."""
    if not mount_by or mount_by == 'device':
        return device
    value = __salt__['disk.blkid'](device).get(device, {}).get(mount_by.upper())
    return value and '%s=%s' % (mount_by.upper(), value)


def fstab_present(name, fs_file, fs_vfstype, fs_mntops='defaults', fs_freq=0, fs_passno=0, mount_by=None,
                  config='/etc/fstab', mount=True, match_on='auto', not_change=False, fs_mount=True):
    """A device has its line in the table `config`, and is mounted if that is new and mount does not forbid it.

    mount_by: name the device so: device, label, uuid, partlabel or partuuid. not_change: leave a line that is there.

    /dev/sdb1:
      mount.fstab_present:
        - fs_file: /mnt/sdb
        - fs_vfstype: ext4
    """
    device = _named_by(name, mount_by)
    if not device:
        return _failed(name, 'Device %s cannot be converted to %s' % (name, mount_by))
    done = __salt__['mount.set_fstab'](fs_file, device, fs_vfstype, _opts_of(fs_mntops), fs_freq, fs_passno, config,
                                       test=__opts__['test'], match_on=match_on, not_change=not_change)
    text = '%s entry %%s %s.' % (fs_file, config)
    if __opts__['test']:
        if done == 'present':
            return _returned(name, True, text % 'is already in')
        comments = [text % ('will be written in' if done == 'new' else 'will be updated in')]
        if done == 'new' and mount:
            comments.append('Will mount %s on %s' % (name, fs_file))
        return _returned(name, None, '\n'.join(comments))
    if done == 'present':
        return _returned(name, True, text % 'was already in')
    answer = _returned(name, True, text % ('added in' if done == 'new' else 'updated in'), {'persist': done})
    return _mounted_by_table(answer, name, fs_file) if done == 'new' and mount else answer


def _opts_of(options):
    return options if compat.is_text(options) else ','.join(tool.listed(options))


def _mounted_by_table(answer, name, fs_file):
    said = __salt__['mount.mount'](fs_file)
    if said is True:
        answer['comment'] += '\nMounted %s on %s' % (name, fs_file)
    else:
        answer.update(result=False, comment='%s\nError while mounting %s' % (answer['comment'], said.split(':', 1)[-1]))
    return answer


def fstab_absent(name, fs_file, mount_by=None, config='/etc/fstab'):
    """A mount point has no line in the table `config`.

    /dev/sdb1:
      mount.fstab_absent:
        - fs_file: /mnt/sdb
    """
    if fs_file not in __salt__['mount.fstab'](config):
        return _returned(name, None if __opts__['test'] else True, '%s entry is already missing in %s.' % (fs_file, config))
    if __opts__['test']:
        return _returned(name, None, '%s entry will be removed from %s.' % (fs_file, config))
    if __salt__['mount.rm_fstab'](fs_file, None, config):
        return _returned(name, True, '%s entry removed from %s.' % (fs_file, config), {'persist': 'removed'})
    return _failed(name, '%s entry failed when removing from %s.' % (fs_file, config))
