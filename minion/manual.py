"""What the help and the man page tell beside options: exit codes, signals, files, environment. Not loaded by a start."""
from __future__ import absolute_import, division, print_function

EXITS = (
    (0, 'stopped as told'),
    (1, 'a failure while it ran, or another minion of this configuration runs'),
    (42, 'the key of the master is not the one of master_finger, where the settings ask to end'),
    (64, 'wrong command line'),
    (67, 'the setting user names nobody'),
    (69, 'no master can be used, where the settings ask to give up'),
    (77, 'not permitted, or keys or configuration that others may write; key rejected, where the settings ask to end'),
    (78, 'a configuration or key file that cannot work; one line names file and key'),
)
SIGNALS = (
    ('TERM, INT', 'Stop: jobs get stop_timeout seconds, returns are delivered or kept.'),
    ('HUP', 'Open the log files anew; read levels and shapes of the log, modules, grains and pillar anew.'),
    ('USR1', 'Write the stacks of all threads and the lengths of the queues to the log.'),
    ('USR2, QUIT', 'Nothing.'),
)
FILES = (
    ('/etc/salt/minion', 'The configuration; docs/configuration.md lists the settings, conf/minion is the commented sample.'),
    ('/etc/salt/minion.d/*.conf', 'Read after it; a key that they set replaces the one of that file.'),
    ('/etc/salt/minion_id', 'The id, where it was guessed.'),
    ('/etc/salt/pki/minion/', 'minion.pem and minion.pub, the key pair; minion_master.pub, the pinned key of the master; '
     'minion_master.seen, the highest protocol version it has spoken.'),
    ('/var/cache/salt/minion/', 'What is kept between starts: returns not yet delivered, job ids, files of the master, '
     'synced modules.'),
    ('/var/log/salt/minion', 'The log.'),
    ('/var/run/salt-minion.pid', 'The process id.'),
    ('/var/run/salt-minion.status', 'What minion status shows, as JSON.'),
    ('~/.salt/Saltfile', 'Defaults of options, in the sections salt-minion and salt-call.'),
)
ENVIRONMENT = (
    ('SALT_CONFIG_DIR', 'Folder of the configuration, where --config-dir is not given.'),
    ('SALT_MINION_CONFIG', 'File to read instead of /etc/salt/minion, where neither is given.'),
    ('SALT_SALTFILE', 'The Saltfile, where --saltfile is not given.'),
    ('MINION_AES_PROVIDER', 'The library to encrypt with: Cryptodome, Crypto or libcrypto.'),
    ('NO_COLOR', 'Not empty: no colour on terminals either.'),
)
