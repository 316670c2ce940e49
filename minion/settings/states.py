"""Settings: files, states, and how states are shown."""
from __future__ import absolute_import, division, print_function

from minion.settings.checks import (boolean, choice, either, listing, loose_text, mapping, nonempty_text, number, text,
                                    text_or_texts, texts, whole)
from minion.settings.marks import ABSENT, NoEffect

ROWS = (
    # ---- files
    ('file_client', choice('remote', 'local'), 'remote', 'remote: files of the master; local: files of file_roots.'),
    ('local', boolean, False, 'Work without a master, as --local does.'),
    ('use_master_when_local', boolean, False, 'Sign in to the master though file_client is local.'),
    ('file_roots', mapping, {'base': ['/srv/salt', '/srv/spm/salt']}, 'Folders of local files by environment.'),
    ('pillar_roots', mapping, {'base': ['/srv/pillar', '/srv/spm/pillar']}, 'Folders of local pillar by environment.'),
    ('file_ignore_regex', text_or_texts, [], 'Expressions for local files that are not served.'),
    ('file_ignore_glob', text_or_texts, [], 'Patterns of local files that are not served.'),
    ('file_buffer_size', whole(1024, 1 << 30), 262144, 'Bytes that are fetched at a time.'),
    ('file_recv_max_size', number(0), 100, 'MB that cp.push may send.',
     NoEffect('the setting of this name on the master counts, which refuses what is larger')),
    ('backup_mode', text, '', '`minion`: keep a copy of replaced files below cachedir/file_backup.'),

    # ---- states
    ('renderer', nonempty_text, 'jinja|yaml', 'How SLS files are read.'),
    ('failhard', boolean, False, 'Stop at the first state that fails.'),
    ('state_top', nonempty_text, 'top.sls', 'Name of the top file.'),
    ('state_top_saltenv', loose_text, None, 'The only environment whose top file counts.'),
    ('top_file_merging_strategy', choice('merge', 'same', 'merge_all'), 'merge',
     'How top files of several environments go together: merge, same or merge_all.'),
    ('default_top', nonempty_text, 'base', 'Environment whose top file counts where `same` finds none.'),
    ('env_order', texts, [], 'Order of environments when top files are merged.'),
    ('master_tops_first', boolean, False, 'Run states of the master\'s tops before those of the top file.'),
    ('disabled_requisites', text_or_texts, [], 'Requisites that are ignored.'),
    ('state_aggregate', either(boolean, listing), False, 'Put packages of several states into one call.'),
    ('state_events', boolean, False, 'Send an event after each state.'),
    ('state_queue', either(boolean, whole(0)), False, 'Let state runs wait for each other instead of failing.'),

    # ---- how they are shown
    ('state_output', nonempty_text, 'full', 'full, terse, mixed, changes or filter, with _id behind for ids.'),
    ('state_output_diff', boolean, False, 'Show only states that changed something.'),
    ('state_output_profile', boolean, True, 'Show how long each state took.'),
    ('state_compress_ids', boolean, False, 'Show states of one id, function and outcome as one.', ABSENT),
    ('state_verbose', boolean, True, 'Show states that changed nothing.'),
)
