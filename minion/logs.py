"""Levels, shapes and places of the log, as the settings say; secrets hidden, repetition counted instead of repeated."""
from __future__ import absolute_import, division, print_function

import logging
import re

from minion import accounts, compat, errors, logsinks

LEVELS = {'all': 1, 'garbage': 1, 'trace': 5, 'debug': 10, 'profile': 15, 'info': 20, 'warning': 30, 'error': 40,
          'critical': 50, 'quiet': 1000}
COLORS = {'TRACE': '\033[0;35m', 'DEBUG': '\033[0;36m', 'INFO': '\033[0;32m', 'WARNING': '\033[0;33m',
          'ERROR': '\033[0;31m', 'CRITICAL': '\033[1;31m'}
PLAIN_COLOR, END_COLOR = '\033[0;37m', '\033[0m'
STARS = '**********'
_chosen = []                                     # loggers with a level of their own (log_granular_levels)

_URL_PASSWORD = re.compile(r'(://[^\s:/@]*:)[^\s/@]+@')
_NAMED_SECRET = re.compile(r'''(?i)((?:passw(?:or)?d|passphrase|(?<![a-z])pass|secret|token|api_?key)["']?\s*[=:]\s*)'''
                           r'''([bu]?"[^"]*"|[bu]?'[^']*'|[^\s,;"'}\])]+)''')
_CONTROL = re.compile('[\x00-\x08\x0b-\x1f\x7f]')


def setup(config, console_level=None, daemon=False, stream=None):
    """Send the log to the console and to `log_file`, in place of any earlier setup.

    :param str console_level: name from the command line, before `log_level`.
    :param bool daemon: there is no console.  :param stream: the console, None: standard error.
    :raises ConfigError: a shape or level in the settings that cannot work. A log file that cannot be opened is told on
        the console, and tried again later.
    """
    for name, number in LEVELS.items():
        logging.addLevelName(number, 'GARBAGE' if number == 1 else name.upper())
    root = logging.getLogger()
    for old in root.handlers[:]:
        if isinstance(old, logsinks.Sink):
            root.removeHandler(old)
            old.close()
    shape = _formatter(config, 'log_fmt_console', config['log_datefmt'])         # also a daemon is to say what is wrong
    sinks = [] if daemon else [_console(shape, LEVELS[console_level or config['log_level']], stream)]
    sinks.append(_log_file(config, LEVELS[config['log_level_logfile'] or config['log_level']]))
    for sink in sinks:
        root.addHandler(sink)
    root.setLevel(min(sink.level for sink in sinks))
    _granular(config)
    failure = getattr(sinks[-1], 'failure', None)
    if failure:
        logging.getLogger(__name__).warning('log_file: %s cannot be written: %s', config['log_file'], failure)


def adjust(config):
    """Take over levels and shapes for the log file or syslog; the console stays as the command line wanted it.

    :raises ConfigError: a shape or level that cannot work; nothing has changed then.
    """
    formatter = _formatter(config, 'log_fmt_logfile', config['log_datefmt_logfile'])
    _granular_levels(config)
    level = LEVELS[config['log_level_logfile'] or config['log_level']]
    root = logging.getLogger()
    for sink in root.handlers:
        if isinstance(sink, (logsinks.FileSink, logsinks.SyslogSink)):
            sink.setLevel(level)
            sink.setFormatter(formatter)
    root.setLevel(min([sink.level for sink in root.handlers if isinstance(sink, logsinks.Sink)] or [level]))
    _granular(config)


def reopen():
    """Open the log files anew, after something has renamed them (SIGHUP)."""
    for sink in logging.getLogger().handlers:
        if isinstance(sink, logsinks.FileSink):
            sink.reopen()


def _console(formatter, level, stream):
    sink = logsinks.ConsoleSink(stream)
    sink.setLevel(level)
    sink.setFormatter(formatter)
    sink.addFilter(NotPrinted())
    return sink


def _log_file(config, level):
    formatter = _formatter(config, 'log_fmt_logfile', config['log_datefmt_logfile'])
    where = config['log_file']
    if '://' in where and not logsinks.is_file(where):
        try:
            sink = logsinks.SyslogSink(where)
        except (EnvironmentError, ValueError) as exc:
            raise errors.ConfigError('%s: %s: %s' % (config.where('log_file'), where, exc))
    else:
        path = where[len('file://'):] if '://' in where else where
        sink = logsinks.FileSink(path, accounts.new_owner(config['user']), config['log_rotate_max_bytes'],
                                 config['log_rotate_backup_count'])
    sink.setLevel(level)
    sink.setFormatter(formatter)
    return sink


def _granular(config):
    """Levels of single loggers. What they let through must pass the log file's own level as well."""
    chosen = _granular_levels(config)
    for name in set(_chosen) - set(chosen):
        logging.getLogger(name).setLevel(logging.NOTSET)
    _chosen[:] = list(chosen)
    for name, number in chosen.items():
        logging.getLogger(name).setLevel(number)
        for sink in logging.getLogger().handlers:
            if isinstance(sink, (logsinks.FileSink, logsinks.SyslogSink)):
                sink.setLevel(min(number, sink.level))


def _granular_levels(config):
    """{name of a logger: number}.  :raises ConfigError: something that is no level."""
    found = {}
    for name, level in config['log_granular_levels'].items():
        number = LEVELS.get(level.lower()) if compat.is_text(level) else None
        if number is None or not compat.is_text(name):
            raise errors.ConfigError('%s: %s: %r is no level' % (config.where('log_granular_levels'), name, level))
        found['minion' + name[len('salt'):] if name == 'salt' or name.startswith('salt.') else name] = number
    return found


def _formatter(config, name, date_format):
    """:raises ConfigError: a %-format that a record does not fill."""
    record = logging.LogRecord('minion', logging.INFO, __file__, 1, 'x', (), None)
    record.jid = '20200101000000000000'
    try:
        formatter = Formatter(config[name], date_format, config['log_fmt_jid'])
        formatter.format(record)
    except (KeyError, ValueError, TypeError) as exc:
        raise errors.ConfigError('%s: %r cannot be filled in: %s' % (config.where(name), config[name], exc))
    return formatter


class Formatter(logging.Formatter):
    """The reference's extra fields (colorlevel, bracketlevel, jid...), secrets hidden, no control characters."""

    def __init__(self, shape, date_format, jid_shape):
        logging.Formatter.__init__(self, shape, date_format)
        self._jid_shape = jid_shape

    def format(self, record):
        record = logging.makeLogRecord(record.__dict__)              # other handlers get the record as it came
        color = COLORS.get(record.levelname, PLAIN_COLOR)
        bracketed = {'level': '[%-8s]' % record.levelname, 'name': '[%-17s]' % record.name,
                     'process': '[%5s]' % record.process}
        for name, text in bracketed.items():
            setattr(record, 'bracket' + name, text)
            setattr(record, 'color' + name, color + text + END_COLOR)
        jid = record.__dict__.get('jid')
        record.jid = self._jid_shape % {'jid': jid} if jid else ''
        record.msg, record.args = logsinks.message(record), None
        record.colormsg = color + record.msg + END_COLOR
        record.minion_id = ''
        return clean(compat.to_native(logging.Formatter.format(self, record)), bool('color' in self._fmt))


def clean(text, keep_escapes=False):
    """The text without passwords in addresses and `password=` arguments, and without what a terminal would obey."""
    if '://' in text:
        text = _URL_PASSWORD.sub(r'\1' + STARS + '@', text)
    if '=' in text or ':' in text:
        text = _NAMED_SECRET.sub(r'\1' + STARS, text)
    if keep_escapes:
        return text
    return _CONTROL.sub(lambda found: '\\x%02x' % ord(found.group()), text)


class NotPrinted(logging.Filter):
    """Drops what the command line prints itself (records with `printed`)."""

    def filter(self, record):
        return not getattr(record, 'printed', False)
