"""Publications (docs/protocol.md section 7): the map, its encryption and signature, the frames that carry it."""
from __future__ import absolute_import, division, print_function

import fnmatch
import hashlib
import re

from minion import compat, payload

BROADCAST = b'broadcast'
BY_ID = ('glob', 'pcre', 'list')                 # targets that a filtering master resolves to single minions


def topic(minion_id):
    """What a minion that filters subscribes to besides `broadcast`."""
    return compat.to_bytes(hashlib.sha1(compat.to_bytes(minion_id)).hexdigest())


def matching(target, kind, ids):
    """Those of `ids` that a target by id names; all of them for any other target."""
    if kind == 'glob':
        return [one for one in ids if fnmatch.fnmatchcase(one, target)]
    if kind == 'pcre':
        return [one for one in ids if re.match(target, one)]
    if kind == 'list':
        wanted = target.split(',') if compat.is_text(target) else target
        return [one for one in ids if one in wanted]
    return list(ids)


class Publisher(object):
    """:param int generation: 0, 2 or 3.  :param dict settings: of the Master.  :param Secrets secrets:
    :param callable shape: shape(stage, value, load) -> value; stages 'publication' (map) and 'package' (map).
    """

    def __init__(self, generation, settings, secrets, shape):
        self._generation, self._settings = generation, settings
        self._secrets, self._shape = secrets, shape

    def load(self, jid, fun, arg, tgt, tgt_type, more):
        """The publication map, without `serial`."""
        load = {'fun': fun, 'arg': list(arg), 'tgt': tgt, 'tgt_type': tgt_type, 'jid': jid, 'ret': '', 'user': 'root'}
        if self._settings['master_id']:
            load['master_id'] = self._settings['master_id']
        load.update(more)
        return load

    def messages(self, load, minions):
        """All messages (lists of frames) that carry one publication to `minions` (ids)."""
        if self._generation >= 2:
            self._secrets.serial += 1
            load = dict(load, serial=self._secrets.serial)
        package = payload.pack(self._shape('package', self._package(self._shape('publication', load, load)), load))
        if not self._settings['zmq_filtering']:
            return [[package]]
        if load.get('tgt_type', 'glob') in BY_ID:
            return [[topic(one), package] for one in minions]
        return [[BROADCAST, package]]

    def _package(self, load):
        body = self._secrets.crypticle.dumps(load)
        package = {'enc': 'aes', 'load': body}
        if not self._settings['sign_pub_messages']:
            return package
        algorithm = 'PKCS1v15-SHA1'
        if self._generation == 3:
            algorithm = package['sig_algo'] = self._settings['publish_signing_algorithm']
        package['sig'] = self._secrets.key.sign(body, algorithm)
        return package
