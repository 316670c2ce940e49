"""The embedded master, put together; its public face for `minion demo` and for the tests."""
from __future__ import absolute_import, division, print_function

import logging
import os

from minion import errors, fileroots, payload
from minion.demo import envelope, jobs, publisher
from minion.demo import keystore as states
from minion.demo.commands import Commands
from minion.demo.keystore import KeyStore
from minion.demo.requests import Requests
from minion.demo.secrets import Secrets
from minion.demo.signin import SignIn
from minion.demo.station import HOST, Station

log = logging.getLogger(__name__)

# Names of a real master where it has them. `minimum_auth_version` counts in generation 3. `pillar`: a map for all or a
# function of the request's load. `master_sign_pubkey`: True, or a PrivateKey. Ports: 0 lets the kernel choose.
DEFAULTS = {
    'auth_mode': 1, 'auto_accept': False, 'file_buffer_size': 1 << 20, 'file_recv': False, 'hash_type': 'sha256',
    'keysize': 2048, 'master_id': None, 'master_sign_pubkey': False, 'max_minions': 0, 'minimum_auth_version': 3,
    'peer': False, 'pillar': {}, 'publish_port': 0, 'publish_signing_algorithm': 'PKCS1v15-SHA1',
    'request_server_ttl': 0, 'ret_port': 0, 'sign_pub_messages': True, 'zmq_filtering': False,
}


class Master(object):
    """A master that is started and stopped as often as needed; keys, sessions and journal stay.

    :param str folder: for keys (`pki`), files to serve (`files`), files received (`received`); made when missing.
    :param int generation: of the protocol: 0 (2016.11 to 3000), 2 (3004), 3 (3006 and later).
    :param key: PrivateKey or PEM; None: the one in the folder, or a new one (which takes seconds).
    :param settings: see DEFAULTS; the map `settings` may be changed while the master runs.
    :raises ConfigError: an unknown setting or generation.
    """

    host = HOST

    def __init__(self, folder, generation=3, key=None, **settings):
        _check(generation, settings)
        self.folder, self.generation = folder, generation
        self.files = os.path.join(folder, 'files')
        self.settings = dict(DEFAULTS, **settings)
        self.journal = jobs.Journal()
        pki = os.path.join(folder, 'pki')
        self._store = KeyStore(pki)
        self._secrets = Secrets(pki, key, self.settings['master_sign_pubkey'], self.settings['keysize'])
        self._sign_in = SignIn(generation, self.settings, self._secrets, self._store, self.shape)
        commands = Commands(self.settings, self.journal, fileroots.FileRoots({'base': [self.files]}, self.settings, False),
                            os.path.join(folder, 'received'), self._publish, self._delete)
        self._requests = Requests(generation, self.settings, self._secrets, self._store, commands, self.shape)
        self._publisher = publisher.Publisher(generation, self.settings, self._secrets, self.shape)
        self._station = Station(self.arrive, self.journal.add_subscription)
        self._jid = ''

    # ---- life

    def start(self):
        """Bind both ports and serve; self. :raises MinionError: a port cannot be had."""
        settings = self.settings
        ports = self._station.start((settings['ret_port'], settings['publish_port']))
        settings['ret_port'], settings['publish_port'] = ports
        return self

    def stop(self):
        """Close both ports and end the thread. :raises: what broke the thread, if something did."""
        self._station.stop()

    def restart(self):
        """Stop and start on the same ports with the same key pairs and sessions, but a new AES key."""
        self.stop()
        self._secrets.rotate()
        return self.start()

    def __enter__(self):
        return self if self._station.running() else self.start()

    def __exit__(self, kind, error, trace):
        self.stop()

    # ---- what it is

    @property
    def ret_port(self):
        """Port of the request channel (`master_port` of the minion)."""
        return self.settings['ret_port']

    @property
    def publish_port(self):
        """Port of the publish channel."""
        return self.settings['publish_port']

    @property
    def fingerprint(self):
        """Of the master's public key, as `master_finger` takes it."""
        return self.public_key.fingerprint(self.settings['hash_type'])

    @property
    def public_key(self):
        """PublicKey of the master."""
        return self._secrets.key.public

    @property
    def signing_key(self):
        """PublicKey of `master_sign_pubkey`, None without."""
        return self._secrets.signing_key and self._secrets.signing_key.public

    @property
    def aes(self):
        """The common AES key string in force."""
        return self._secrets.aes

    def session(self, minion_id):
        """The session key string of one minion (generation 3)."""
        return self._station.call(self._secrets.session, minion_id)

    # ---- keys of minions

    @property
    def auto_accept(self):
        """Accept every key that comes."""
        return self.settings['auto_accept']

    @auto_accept.setter
    def auto_accept(self, value):
        self.settings['auto_accept'] = value

    def accept(self, minion_id):
        """salt-key -a. :raises KeyFileError: no key of this id was seen."""
        self._station.call(self._store.move, minion_id, states.ACCEPTED)
        self.journal.touch()

    def reject(self, minion_id):
        """salt-key -r. :raises KeyFileError: no key of this id was seen."""
        self._station.call(self._store.move, minion_id, states.REJECTED)
        self.journal.touch()

    def delete(self, minion_id):
        """salt-key -d, without the rotation that a real master does after it: see rotate_aes()."""
        self._station.call(self._delete, minion_id)

    def preaccept(self, minion_id, pem):
        """Store an accepted key before the minion comes."""
        self._station.call(self._store.put, states.ACCEPTED, minion_id, pem)

    def key_state(self, minion_id):
        """'accepted', 'pending', 'rejected' or None."""
        return self._station.call(self._store.state, minion_id)

    def key_ids(self, state):
        """Sorted ids of one state, 'denied' too."""
        return self._station.call(self._store.ids, state)

    def key_pem(self, minion_id):
        """The key (PEM, native text) that is stored under this id; None if there is none."""
        state = self.key_state(minion_id)
        return state and self._station.call(self._store.pem, state, minion_id)

    def wait_key(self, minion_id, state, timeout):
        """Wait until the key of a minion is in this state (text or None)."""
        self.wait(lambda: self._store.state(minion_id) == state, timeout, 'the key of %s: %s' % (minion_id, state))

    # ---- jobs and what comes back

    def rotate_aes(self):
        """A new common AES key; nothing is announced."""
        self._station.call(self._secrets.rotate)

    def publish(self, fun, arg=(), tgt='*', tgt_type='glob', **more):
        """Send a job and return its jid; `more` goes into the publication (`jid` too, if given)."""
        return self._station.call(self._publish, fun, arg, tgt, tgt_type, **more)

    @property
    def returns(self):
        """List of all `_return` loads."""
        return self.journal.returns

    @property
    def events(self):
        """List of all events of minions: {tag, data, id}."""
        return self.journal.events

    @property
    def requests(self):
        """Counter of requests by command; 'refused' counts the refused ones."""
        return self.journal.requests

    def wait(self, find, timeout, what='something'):
        """See Journal.wait; the journal has more of this kind."""
        return self.journal.wait(find, timeout, what)

    def wait_return(self, jid, minion_id, timeout):
        """The `_return` load of one minion for one job. :raises RequestTimeout: none came in `timeout` seconds."""
        return self.journal.wait_return(jid, minion_id, timeout)

    def wait_event(self, tag, timeout, after=0):
        """The first event whose tag matches the glob `tag`, the first `after` events left aside."""
        return self.journal.wait_event(tag, timeout, after)

    # ---- on the master's thread; the methods without underscore are where tests step in

    def arrive(self, route, data):
        """A request (bytes) came; `route`: the frames that lead back."""
        load = {}
        try:
            seen = envelope.read(data, self.generation, self.settings['minimum_auth_version'])
            load, reply = self._handle(seen)
        except envelope.Refused as refusal:
            self.journal.add_refusal(refusal.answer)
            reply = payload.pack(refusal.answer)
        except envelope.NoAnswer:
            self.journal.add_refusal(None)
            return
        except (errors.MinionError, LookupError, TypeError, ValueError, AttributeError):
            log.exception('a request could not be handled')
            reply = payload.pack('Some exception handling minion payload')
        self.answer(route, reply, load)

    def _handle(self, seen):
        """(load, reply bytes) of one request."""
        if seen.enc == 'clear':
            command = envelope.text(seen.load.get(b'cmd')) if isinstance(seen.load, dict) else None
            if command != '_auth':
                raise envelope.Refused(envelope.BAD_LOAD)
            self.journal.count(command)
            answer = self._sign_in.answer(seen)
            self.journal.touch()
            return {'cmd': command}, payload.pack(answer)
        load, crypticle = self._requests.open(seen)
        command = load.get('cmd')
        reply = self._requests.answer(seen, load, crypticle)
        self.journal.count(command)
        return load, reply

    def later(self, seconds, function, *args):
        """Have the master's thread call function(*args) in a while; forgotten if it stops before."""
        self._station.post(lambda: function(*args), seconds)

    def answer(self, route, reply, load):
        """Send one answer (bytes); `load`: the map that was asked, {} for a refused request."""
        self._station.reply(route, reply)

    def shape(self, stage, value, load):
        """The value that goes on at one stage: 'sign-in', 'signed sign-in', 'nonce', 'reply', 'pillar', 'publication'
        or 'package'; `load` is the request's or the publication's map."""
        return value

    def emit(self, frames, load):
        """Send one message on the publish port; `load`: the publication's map."""
        self._station.publish(frames)

    def _publish(self, fun, arg, tgt, tgt_type, **more):
        jid = more.pop('jid', None) or jobs.new_jid(self._jid)
        self._jid = max(self._jid, jid)
        minions = publisher.matching(tgt, tgt_type, self._store.ids(states.ACCEPTED))
        load = self._publisher.load(jid, fun, arg, tgt, tgt_type, more)
        self.journal.add_job(jid, load, minions)
        for frames in self._publisher.messages(load, minions):
            self.emit(frames, load)
        return jid

    def _delete(self, minion_id):
        self._store.delete(minion_id)
        self._secrets.forget(minion_id)
        self.journal.touch()


def _check(generation, settings):
    if generation not in (0, 2, 3):
        raise errors.ConfigError('the embedded master has no protocol generation %r; use 0, 2 or 3' % (generation,))
    unknown = sorted(set(settings) - set(DEFAULTS))
    if unknown:
        raise errors.ConfigError('the embedded master has no setting %s' % ', '.join(unknown))
