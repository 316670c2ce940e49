"""The options of the command line, as rows that both the click command and the short way read.

The short way takes the plain words of a start (`-d -c /etc/salt`) without loading click, which costs a tenth of a
second and 2 MB on Python 3 (0.6 MB on 2.7) that a minion would keep for life. Whatever it does not know is click's.
"""
from __future__ import absolute_import, division, print_function

from minion.record import record


LEVELS = ('all', 'garbage', 'trace', 'debug', 'profile', 'info', 'warning', 'error', 'critical', 'quiet')
FLAG, TEXT = 'flag', 'text'

# kind: FLAG, TEXT or a tuple of the words to choose from
Option = record('Option', 'names key kind metavar help')

ROWS = (
    Option(('--version',), 'version', FLAG, None, 'Print the version.'),
    Option(('-V', '--versions-report'), 'versions_report', FLAG, None, 'Print the versions of all that is involved.'),
    Option(('--saltfile',), 'saltfile', TEXT, 'FILE', 'File with defaults for these options.'),
    Option(('-c', '--config-dir'), 'config_dir', TEXT, 'DIR', 'Folder of the file `minion` [default: /etc/salt].'),
    Option(('-u', '--user'), 'user', TEXT, 'NAME', 'Account to run as.'),
    Option(('-d', '--daemon'), 'daemon', FLAG, None, 'Run in the background.'),
    Option(('--pid-file',), 'pidfile', TEXT, 'FILE', 'File for the process id.'),
    Option(('--disable-keepalive',), 'disable_keepalive', FLAG, None, 'With -d: no parent that starts a dead minion anew.'),
    Option(('-l', '--log-level'), 'log_level', LEVELS, 'LEVEL', 'What the console shows: debug, info, warning, error...'),
    Option(('--log-file',), 'log_file', TEXT, 'FILE', 'File or address for the log.'),
    Option(('--log-file-level',), 'log_level_logfile', LEVELS, 'LEVEL', 'What goes there.'),
)
ASKING = ('version', 'versions_report')          # not a start


def plain(words):
    """The options of a start, by key, as click would read these words; None: leave them to click.

    :param list words: native texts.
    """
    known = dict((name, row) for row in ROWS if row.key not in ASKING for name in row.names)
    found, rest = {}, list(words)
    while rest:
        name, equals, value = rest.pop(0).partition('=')
        row = known.get(name)
        if row is None or equals and not name.startswith('--'):
            return None
        if row.kind is FLAG:
            if equals:
                return None
            value = True
        elif not equals:
            value = rest.pop(0) if rest else ''
        if value is not True and (not value or value.startswith('-')):
            return None
        if isinstance(row.kind, tuple) and value not in row.kind:
            return None
        found[row.key] = value
    return found


def words(given):
    """The words of a command line that say the same as these options, for the next image of the program.

    :param dict given: by key, as plain() returns them.
    """
    found = []
    for row in ROWS:
        value = given.get(row.key)
        if value and row.key not in ASKING:
            found += [row.names[-1]] if row.kind is FLAG else [row.names[-1], str(value)]
    return found
