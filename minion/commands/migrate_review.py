"""What a salt-minion leaves to this one: settings, keys, modules; what is in the way of taking it over."""
from __future__ import absolute_import, division, print_function

import os

from minion import configfiles, errors, keys, pki, settings
from minion.commands import doctor_host, doctor_master, service_state
from minion.commands.findings import ERROR, NOTE, OK, WARNING, finding
from minion.settings import marks

KINDS = ('clouds', 'engines', 'executors', 'log_handlers', 'proxymodules', 'resources', 'sdb', 'serializers', 'thorium',
         'tops', 'pillar')                       # of synced modules, that nothing here loads
SERIOUS = (marks.NOT_YET,)                       # somebody may miss them
KEPT = ('grains', os.path.join('minion.d', '_schedule.conf'), os.path.join('minion.d', 'beacons.conf'), 'minion_id')


def review(conf, switch):
    """A list of Finding; the host can be taken over where none is an ERROR."""
    minion_id, more = doctor_host.minion_id(conf)
    if minion_id is not None:
        conf = conf.with_id(minion_id)
    found = doctor_host.libraries() + doctor_host.configuration(conf) + differing(conf) + more
    found += own_key(conf) + master_keys(conf) + kept(conf) + modules(conf) + doctor_host.disks(conf)
    return found + in_the_way(conf, switch)


def differing(conf):
    """The settings of the files of which nothing comes here, and those that are kept for modules only."""
    found, unknown = [], []
    for name in sorted(conf, key=str):
        row, source = settings.TABLE.get(name), conf.origin(name)
        if source is None or name in configfiles.IGNORED:         # the latter are told with the configuration
            continue
        if row is None:
            unknown.append(name)
        elif conf[name] != row.default and row.no_effect:
            found.append(finding('setting', WARNING if row.no_effect in SERIOUS else NOTE, '%s: %s: no effect here: %s.' % (
                source, name, row.no_effect)))
    if unknown:
        found.append(finding('setting', NOTE, 'Not known here, kept for modules that read them: %s.' % ', '.join(
            '%s' % name for name in unknown)))
    return found


# ---- keys

def own_key(conf):
    """Whether the pair is whole, fits together and is strong enough."""
    pair, found = doctor_master.own_key(conf)
    if pair is None:
        return found
    path = os.path.join(conf['pki_dir'], pki.PUBLIC)
    try:
        data = pki.read(path)
        other = data is not None and keys.PublicKey.from_pem(data, path) != pair.private.public
    except errors.KeyFileError as exc:
        return found + [finding('key', WARNING, '%s.' % exc, 'It is made anew from the private key at the first start.')]
    if other:
        return [finding('key', ERROR, '%s is not the public half of %s.' % (path, os.path.join(conf['pki_dir'], pki.PRIVATE)),
                        'See with salt-key -f which of the two the master knows, and restore the pair from a backup.')]
    size = pair.private.public.n.bit_length()
    return [finding('key', OK, 'Both halves match, %d bits.%s' % (
        size, ' %s is missing and made anew.' % path if data is None else ''))] + found


def master_keys(conf):
    """The pinned key of the master, and the one that signs it."""
    found, path = [], os.path.join(conf['pki_dir'], pki.MASTER)
    try:
        pinned = pki.load_master_key(path)
    except errors.KeyFileError as exc:
        return [finding('master key', ERROR, '%s.' % exc, 'The salt-minion does not work with it either.')]
    if pinned is None:
        found.append(finding('master key', NOTE, 'There is no %s: the first sign-in learns the master\'s key.' % path))
    else:
        found.append(finding('master key', OK, 'Pinned in %s: %s.' % (path, doctor_master.fingerprints(pinned.pem, conf))))
    sign = os.path.join(conf['pki_dir'], '%s.pub' % conf['master_sign_key_name'])
    if conf['verify_master_pubkey_sign'] and not os.path.exists(sign):
        found.append(finding('master key', ERROR, 'verify_master_pubkey_sign is set, but there is no %s.' % sign,
                             'Copy it from the master.'))
    elif os.path.exists(sign):
        found.append(finding('master key', OK, '%s is used as it is.' % sign))
    return found


# ---- files and modules

def kept(conf):
    """The files that both minions read and write in the same places."""
    there = [os.path.join(conf.config_dir, name) for name in KEPT]
    there = [path for path in there if os.path.exists(path)]
    return [finding('files', OK, 'Used as they are: %s.' % ', '.join(there))] if there else []


def modules(conf):
    """What was synced from the master, and what of it nothing here loads."""
    top, found, idle = conf['extension_modules'], 0, []
    for kind in sorted(os.listdir(top)) if os.path.isdir(top) else ():
        count = len([name for name in os.listdir(os.path.join(top, kind)) if name.endswith('.py')]) if os.path.isdir(
            os.path.join(top, kind)) else 0
        found += count
        idle += [kind] if count and kind in KINDS else []
    if not found:
        return []
    text = 'Synced from the master, used as they are: %d file%s in %s.' % (found, '' if found == 1 else 's', top)
    done = [finding('modules', OK, text, 'To have them synced again: salt ID saltutil.sync_all')]
    return done + [finding('modules', NOTE, 'Nothing here loads those of the kind %s.' % kind) for kind in idle]


# ---- in the way

def in_the_way(conf, switch):
    """Why it cannot be done: no salt-minion, this minion runs already, a file of somebody else."""
    found = []
    if switch.old.definition() is None and not switch.look():
        found.append(finding('salt-minion', ERROR, 'There is no service salt-minion, and none runs with %s.' % conf.conf_file,
                             'Nothing is to be taken over: minion service install'))
    state = service_state.look(conf['pidfile'])
    if state.code == service_state.RUNS:
        found.append(finding('process', ERROR, 'This minion runs already, as process %d.' % state.pid,
                             'Stop it; it is started when the salt-minion has ended.'))
    obstacle = switch.plan.obstacle()
    if obstacle:
        found.append(finding('service', ERROR, '%s.' % obstacle))
    return found
