"""Settings: the name of this minion, its files, its process, its log."""
from __future__ import absolute_import, division, print_function

from minion.settings.checks import (boolean, choice, count, either, loose_text, mapping, nonempty_text,
                                    number, seconds, text, text_or_texts, texts, whole)
from minion.settings.marks import ABSENT, HUP, NoEffect, OWN

LEVELS = ('all', 'garbage', 'trace', 'debug', 'profile', 'info', 'warning', 'error', 'critical', 'quiet')
LOG_FORMAT = '%(asctime)s,%(msecs)03d [%(name)-17s:%(lineno)-4d][%(levelname)-8s][%(process)d] %(message)s'


def _identifier(value):
    """A text, or a number, which is taken as the text that it shows as."""
    return str(value) if isinstance(value, float) else loose_text(value)


ROWS = (
    ('id', _identifier, '', 'Name of this minion on the master; empty: minion_id, id_function, or the host name.'),
    ('id_function', either(mapping, text), {}, 'Function that returns the id: name, or {name: {argument: value}}.'),
    ('minion_id_caching', boolean, True, 'Keep a guessed id in the file minion_id.'),
    ('minion_id_lowercase', boolean, False, 'Put a guessed id in lower case.'),
    ('minion_id_remove_domain', either(boolean, text), False,
     'True: cut every domain off a guessed id; a text: only that domain.'),
    ('append_domain', text, None, 'Domain to put behind an id that has not got it.', ABSENT),
    ('user', loose_text, 'root', 'Account to run as; unset: the one that starts the program.'),
    ('sudo_user', text, '', 'Run every function through sudo as this account.'),

    # ---- files
    ('root_dir', nonempty_text, '/', 'Folder that is put in front of the paths below.'),
    ('pki_dir', nonempty_text, '/etc/salt/pki/minion', 'Folder of the keys.'),
    ('cachedir', nonempty_text, '/var/cache/salt/minion', 'Folder of what is kept between starts.'),
    ('extension_modules', nonempty_text, '/var/cache/salt/minion/extmods', 'Folder of modules synced from the master.'),
    ('sock_dir', nonempty_text, '/var/run/salt/minion', 'Folder of local sockets.'),
    ('pidfile', nonempty_text, '/var/run/salt-minion.pid', 'File that holds the process id while the minion runs.'),
    ('conf_file', nonempty_text, '/etc/salt/minion', 'This file; set by --config-dir.'),
    ('default_include', text, 'minion.d/*.conf', 'Pattern of files to read after this one, in sorted order.'),
    ('include', text_or_texts, None, 'Further files or patterns, read last.', ABSENT),
    ('append_minionid_config_dirs', texts, [], 'Settings such as pki_dir or cachedir that get the id as last folder.'),
    ('verify_env', boolean, True, 'Make the folders above and set their modes and owners at start.'),
    ('permissive_pki_access', boolean, False, 'Let the group of pki_dir read it.'),

    # ---- process
    ('restart_on_error', boolean, False, 'Start the process anew after a failure.',
     NoEffect('the process does that anyway')),
    ('minion_restart_command', texts, [], 'Command, as a list, that minion.restart becomes to start the minion again.'),
    ('stop_timeout', seconds, 5, 'Seconds that running jobs have to end when the minion stops.', OWN),
    ('modules_max_memory', whole(-1), -1, 'Bytes of memory that the import of one module may take; -1: any.'),
    ('update_restart_services', texts, [], 'Services to restart after an update of the minion.',
     NoEffect('the program does not update itself')),

    # ---- log
    ('log_file', nonempty_text, '/var/log/salt/minion', 'Log file, or file://, udp:// or tcp:// address of a syslog.'),
    ('log_level', choice(*LEVELS), 'warning', 'What is shown on the console: ' + ', '.join(LEVELS) + '.', HUP),
    ('log_level_logfile', choice(*LEVELS), None, 'What goes to the log file; empty: as log_level.', HUP),
    ('log_granular_levels', mapping, {}, 'Levels of single loggers, such as {minion.auth: debug}.', HUP),
    ('log_fmt_console', text, '[%(levelname)-8s] %(message)s', 'Shape of a line on the console.'),
    ('log_fmt_logfile', text, LOG_FORMAT, 'Shape of a line in the log file.', HUP),
    ('log_fmt_jid', text, '[JID: %(jid)s]', 'How %(jid)s is shown in a line that belongs to a job.'),
    ('log_fmt_minion_id', text, '[%(minion_id)s]', 'How %(minion_id)s is shown in a line of a resource or proxy minion.',
     NoEffect('that field is empty in all lines, as with salt-minion itself')),
    ('log_datefmt', nonempty_text, '%H:%M:%S', 'Shape of the time on the console.'),
    ('log_datefmt_logfile', nonempty_text, '%Y-%m-%d %H:%M:%S', 'Shape of the time in the log file.', HUP),
    ('log_rotate_max_bytes', count, 0, 'Size at which the log file is put aside; 0: never.'),
    ('log_rotate_backup_count', whole(0, 1000), 0, 'How many log files put aside are kept.'),

    # ---- limits of our own
    ('spool_max_size', number(1, 1 << 20), 100, 'MiB of returns kept for a master that does not answer.', OWN),
    ('spool_max_age', number(0.01, 100000), 168, 'Hours for which they are kept.', OWN),
    ('max_return_size', number(0.1, 1024), 64, 'MiB of one return; a larger one is returned as failed.', OWN),
    ('executor_max', whole(1, 1000), 20, 'Jobs at once where process_count_max is -1.', OWN),
    ('job_queue_size', whole(1, 1000000), 1000, 'Jobs that may wait; further ones are returned as refused.', OWN),
    ('job_free_memory', number(0, 1 << 20), 16,
     'MiB that must be available for a job to begin; else it is returned as refused; 0: do not look.', OWN),

    # ---- output of commands
    ('color', boolean, True, 'Colour in the output of commands.', ABSENT),
    ('strip_colors', boolean, None, 'Take colour codes out of data before it is shown.', ABSENT),
    ('output', text, None, 'Outputter of commands; empty: the one of the function.', ABSENT),
    ('outputter_dirs', texts, [], 'Folders with more outputters.'),
    ('environment', loose_text, None, 'Older name of saltenv.', ABSENT),
)
