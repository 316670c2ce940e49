"""What the embedded master does for the commands of docs/protocol.md section 6.3."""
from __future__ import absolute_import, division, print_function

import fnmatch
import os

from minion import compat

OPTIONS = {
    'default_top': 'base', 'env_order': [], 'failhard': False, 'file_roots': {'base': []}, 'jinja_env': {},
    'jinja_lstrip_blocks': False, 'jinja_sls_env': {}, 'jinja_trim_blocks': False, 'nodegroups': {},
    'renderer': 'jinja|yaml', 'state_aggregate': False, 'state_auto_order': True, 'state_events': False,
    'state_top': 'top.sls', 'state_top_saltenv': None, 'top_file_merging_strategy': 'merge',
}


class Commands(object):
    """:param dict settings: of the Master.  :param Journal journal:  :param FileRoots served:
    :param str received: folder for files that minions push.
    :param callable publish: publish(fun, arg, tgt, tgt_type, **more) -> jid, on the master's thread.
    :param callable revoke: revoke(id): delete a key.
    """

    def __init__(self, settings, journal, served, received, publish, revoke):
        self._settings, self._journal, self._received = settings, journal, received
        self._publish, self._revoke = publish, revoke
        self._mine = {}                          # minion id -> {function: value}
        self._table = {
            '_return': self._note_return, '_syndic_return': self._note_return, '_minion_event': self._note_event,
            '_pillar': self._pillar, '_mine': self._mine_put, '_mine_get': self._mine_get,
            '_mine_delete': self._mine_delete, '_mine_flush': self._mine_flush,
            '_serve_file': served.serve, '_file_hash': served.hash, '_file_hash_and_stat': served.hash_and_stat,
            '_file_find': served.find, '_file_list': served.list, '_file_list_emptydirs': served.empty_folders,
            '_dir_list': served.folders, '_symlink_list': served.links, '_file_envs': served.environments,
            '_master_opts': self._options, '_master_tops': lambda load: {}, '_ext_nodes': lambda load: {},
            '_register_resources': lambda load: True, '_file_recv': self._receive,
            'minion_pub': self._peer_publish, 'pub_ret': self._peer_returns, 'revoke_auth': self._revoke_auth,
        }

    def run(self, load):
        """The value that answers one load; an unknown command is answered with an empty map."""
        handler = self._table.get(load.get('cmd'))
        return handler(load) if handler else {}

    def _note_return(self, load):
        self._journal.add_return(load)

    def _note_event(self, load):
        for event in load.get('events') or [load]:
            self._journal.add_event(dict(event, id=load['id']))

    def _pillar(self, load):
        pillar = self._settings['pillar']
        return pillar(load) if callable(pillar) else pillar

    def _options(self, load):
        names = ('file_roots', 'top_file_merging_strategy', 'env_order', 'default_top')
        return dict((name, OPTIONS[name]) for name in (names if load.get('env_only') else OPTIONS))

    # ---- the mine

    def _mine_put(self, load):
        mine = self._mine.setdefault(load['id'], {})
        if load.get('clear'):
            mine.clear()
        mine.update(load['data'])
        return True

    def _mine_get(self, load):
        names = load['fun']
        if not isinstance(names, list):
            return self._mined(load, names)
        found = ((name, self._mined(load, name)) for name in names)
        return dict((name, values) for name, values in found if values)

    def _mined(self, load, name):
        kind = load.get('tgt_type', load.get('expr_form', 'glob'))
        return dict((minion_id, mine[name]) for minion_id, mine in self._mine.items()
                    if name in mine and _matches(kind, load['tgt'], minion_id))

    def _mine_delete(self, load):
        self._mine.get(load['id'], {}).pop(load['fun'], None)
        return True

    def _mine_flush(self, load):
        return self._mine.pop(load['id'], None) is not None

    # ---- one minion asking for others, files from minions, a key given back

    def _peer_publish(self, load):
        if not self._settings['peer']:
            return {}
        jid = self._publish(load['fun'], load['arg'], load['tgt'], load.get('tgt_type', 'glob'), id=load['id'])
        return {'jid': jid, 'minions': self._journal.job(jid)['minions']}

    def _peer_returns(self, load):
        if self._journal.job(load['jid']) is None:
            return ''
        return dict((back['id'], {'ret': back['return']}) for back in self._journal.returns
                    if back['jid'] == load['jid'])

    def _receive(self, load):
        parts = [compat.to_native(part) for part in load['path']]
        if not self._settings['file_recv'] or any(part in ('', '.', '..') or '/' in part for part in parts):
            return False
        path = os.path.join(self._received, compat.to_native(load['id']), 'files', *parts)
        compat.make_dirs(os.path.dirname(path))
        with open(path, 'r+b' if load['loc'] else 'wb') as stream:
            stream.seek(load['loc'])
            stream.write(load['data'])
        return True

    def _revoke_auth(self, load):
        self._revoke(compat.to_native(load['id']))
        return True


def _matches(kind, target, minion_id):
    if kind == 'list':
        return minion_id in (target if isinstance(target, list) else target.split(','))
    return fnmatch.fnmatchcase(minion_id, target)
