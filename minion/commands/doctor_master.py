"""What the doctor looks at on the way to each master: names, ports, keys, the sign-in. Registers no new key."""
from __future__ import absolute_import, division, print_function

import socket

from minion import auth, credentials, errors, files, keys, pki, protocol, resolver, trust, wake
from minion.address import parse_address
from minion.commands.findings import ERROR, NOTE, OK, WARNING, finding

PATIENCE = 5.0                                   # seconds for a name
CONNECTING = 3.0                                 # seconds for a port
ANSWERING = 5.0                                  # seconds for the master's answer


def own_key(conf):
    """(KeyPair or None, findings)."""
    try:
        pair = pki.look(conf['pki_dir'])
    except errors.MinionError as exc:
        text, _, remedy = str(exc).partition('; ')
        return None, [finding('key', ERROR, text + '.', (remedy[:1].upper() + remedy[1:] or 'Correct that') + '.')]
    if pair is None:
        return None, [finding('key', NOTE, 'There is no key yet in %s.' % conf['pki_dir'],
                              'The first start makes one, or `minion key generate`.')]
    return pair, [finding('key', OK, 'The fingerprint of this minion\'s key is %s.' % fingerprints(pair.pem, conf))]


def fingerprints(pem, conf):
    """Both forms in which masters of different age show a key."""
    return '%s (a 3008 master shows %s)' % (keys.fingerprint(pem, conf['hash_type']),
                                            keys.text_fingerprint(pem, conf['hash_type']))


def master_key(conf, store):
    """The pinned key of the master against the configured fingerprint."""
    finger = conf['master_finger']
    try:
        pinned = store.master_key()
    except errors.KeyFileError as exc:
        text, _, remedy = str(exc).partition('; ')
        return [finding('master key', ERROR, text + '.', (remedy[:1].upper() + remedy[1:] or 'Correct that') + '.')]
    if pinned is None:
        return [finding('master key', NOTE, 'The master\'s key is not known yet%s.' % (
            ': the first sign-in learns it, if it is the one of master_finger' if finger else ''),
            '' if finger else 'To be sure of the first one, set master_finger (on the master: salt-key -F master).')]
    shown = keys.fingerprint(pinned.pem, conf['hash_type'])
    forms = [shown] + [keys.text_fingerprint(text, conf['hash_type']) for text in (pinned.pem, pinned.pem + '\n')]
    if finger and not any(trust.same_fingerprint(finger, form) for form in forms):
        return [finding('master key', ERROR, '%s holds the key %s, but master_finger is %s.' % (store.key_path, shown, finger),
                        'Correct master_finger, or remove the file if the master was replaced.')]
    return [finding('master key', OK, 'The fingerprint of the master\'s key is %s%s.' % (
        shown, ', as master_finger wants it' if finger else ''))]


def ways(conf, minion_id, pair):
    """All masters, one after the other."""
    if conf['master_type'] == 'disable':
        return [finding('master', NOTE, 'master_type is disable: no master is contacted.')]
    if conf['master_type'] == 'func':
        return [finding('master', NOTE, 'A function names the master (%s): not examined.' % conf['master'])]
    store = credentials.store(conf, writes=False)
    masters = conf['master'] if isinstance(conf['master'], list) else [conf['master']]
    found = master_key(conf, store)
    for master in masters:
        found += _way(conf, minion_id, pair, store, master)
    return found


def _way(conf, minion_id, pair, store, master):
    host, port = parse_address(master, conf['master_port'], conf['master_uri_format'])
    addresses, found = _addresses(conf, host)
    open_at = None
    for address in addresses:
        trouble = _port(address, port)
        if trouble is None:
            open_at = open_at or address
            found.append(finding('port', OK, 'The request port %d of %s (%s) is open.' % (port, host, address)))
        else:
            found.append(finding('port', ERROR, 'The request port %d of %s (%s) cannot be reached: %s.' % (
                port, host, address, trouble), 'See whether the master runs, and what a firewall in between does.'))
    publish = None
    if open_at is not None and pair is not None and minion_id is not None:
        publish, more = sign_in(conf, minion_id, pair, store, open_at, port)
        found += more
    if open_at is not None:
        found.append(_publish_port(conf, host, open_at, publish))
    return found


def _addresses(conf, host):
    bell = wake.Bell()
    try:
        addresses = resolver.addresses(host, bell, conf['ipv6'], patience=PATIENCE)
    except errors.MinionError as exc:
        return [], [finding('name', ERROR, 'The master: %s.' % exc, 'Correct the setting master, or the name service.')]
    finally:
        bell.close()
    text = 'The master %s has the address %s.' % (host, ', '.join(addresses))
    return addresses, [] if addresses == [host] else [finding('name', OK, text)]


def _port(address, port):
    """Why a port does not answer, None when it does."""
    try:
        socket.create_connection((address, port), CONNECTING).close()
    except socket.timeout:
        return 'no answer within %g s' % CONNECTING
    except (socket.error, OverflowError) as exc:
        return files.reason(exc) if isinstance(exc, EnvironmentError) else str(exc)
    return None


def _publish_port(conf, host, address, port):
    port = port or conf['publish_port'] or 4505
    trouble = _port(address, port)
    if trouble is None:
        return finding('port', OK, 'The publish port %d of %s (%s) is open.' % (port, host, address))
    return finding('port', ERROR, 'The publish port %d of %s (%s) cannot be reached: %s. No job can come.' % (
        port, host, address, trouble), 'Let a firewall in between pass this port, too.')


# ---- the sign-in

def sign_in(conf, minion_id, pair, store, address, port):
    """(publish port or None, findings) of one sign-in, of which nothing is kept."""
    talk = auth.SignIn(credentials.identity_of(conf, minion_id, pair), store, credentials.rules(conf))
    try:
        grant = _asked(conf, talk, address, port)
    except errors.KeyPending:
        return None, [finding('acceptance', WARNING, 'The master has this minion\'s key and waits for an operator.',
                              'On the master compare %s, then: salt-key -a %s' % (fingerprints(pair.pem, conf), minion_id))]
    except errors.KeyRejected:
        return None, [finding('acceptance', ERROR, 'The master rejects this minion\'s key, or has another one for the id %s '
                              '(rejected or denied).' % minion_id,
                              'On the master see salt-key -L; to begin anew: salt-key -d %s' % minion_id)]
    except errors.MasterFull as exc:
        return None, [finding('acceptance', ERROR, 'Not signed in: %s.' % exc, 'Raise max_minions on the master.')]
    except errors.FingerprintMismatch as exc:
        return None, [finding('master key', ERROR, '%s.' % exc, 'Make sure which master this is.')]
    except errors.UnsignedAnswer as exc:
        return None, [finding('protocol', ERROR, '%s.' % exc, 'Set minimum_auth_version only if you know that master.')]
    except errors.RequestTimeout:
        return None, [finding('acceptance', ERROR, 'The master takes connections but does not answer within %g s.'
                              % ANSWERING, 'See the log of the master.')]
    except errors.MinionError as exc:
        return None, [finding('acceptance', ERROR, 'Not signed in: %s.' % exc, 'See the log of the master.')]
    version = grant.generation.number
    return grant.publish_port, [
        finding('acceptance', OK, 'The master accepts this minion\'s key.'),
        finding('protocol', OK, 'Protocol version %d was offered, the master speaks %d.' % (protocol.NEWEST, version))
        if version == protocol.NEWEST else
        finding('protocol', NOTE, 'Protocol version %d was offered, the master speaks %d.' % (protocol.NEWEST, version),
                'Masters from 3006.12 on speak 3; this one deserves an update.')]


def _asked(conf, talk, address, port):
    bell = wake.Bell()
    try:
        with wake.ctrl_c_rings(bell):
            return _exchanged(conf, talk, address, port, bell)
    finally:
        bell.close()


def _exchanged(conf, talk, address, port, bell):
    import zmq
    from minion import req, sockets
    context = zmq.Context(1)
    try:
        channel = req.ReqChannel(context, sockets.uri(address, port), sockets.options(conf, 0, 0), bell)
        nonce = protocol.new_nonce()
        try:
            answer = channel.exchange(talk.request(nonce), min(ANSWERING, float(conf['auth_timeout'])))
        finally:
            channel.close()
        return talk.read(answer, nonce)
    finally:
        context.term()
