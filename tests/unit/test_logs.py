# -*- coding: utf-8 -*-
"""The log: levels, shapes, places, hidden secrets, counted repetition; and that nothing in it can stop the work."""
from __future__ import absolute_import, division, print_function

import io
import logging
import os
import socket
import stat
import sys
import threading
import time

import pytest

from minion import compat, config, errors, logs, logsinks

LOG = logging.getLogger('minion.test_logs')


class Console(object):
    """Standard error as bytes."""

    def __init__(self):
        self.buffer = io.BytesIO()
        self.write, self.flush = self.buffer.write, self.buffer.flush

    def lines(self):
        return compat.to_native(self.buffer.getvalue()).splitlines()


@pytest.fixture
def console():
    return Console()


@pytest.fixture
def setup(tmpdir, console):
    """setup(**values) -> Config; sets the log up, and takes it down after the test."""
    base = config.load(str(tmpdir.mkdir('etc'))).with_values(log_file=str(tmpdir.join('log', 'minion')))
    root = logging.getLogger()
    level, raising = root.level, logging.raiseExceptions

    def do(console_level=None, daemon=False, **values):
        conf = base.with_values(**values)
        for handler in root.handlers[:]:                      # those of the test program raise
            if not isinstance(handler, logsinks.Sink):
                root.removeHandler(handler)
        logs.setup(conf, console_level, daemon, console)
        return conf

    yield do
    logging.raiseExceptions = raising
    for sink in [sink for sink in root.handlers if isinstance(sink, logsinks.Sink)]:
        root.removeHandler(sink)
        sink.close()
    root.setLevel(level)
    for name in ('minion.test_logs', 'minion.other'):
        logging.getLogger(name).setLevel(logging.NOTSET)


def logged(conf):
    with open(conf['log_file'], 'rb') as stream:
        return compat.to_native(stream.read()).splitlines()


# ---- levels and shapes

def test_lines_look_as_the_reference_writes_them(setup, console):
    conf = setup(log_level='info')
    LOG.info('text %d', 5)
    assert console.lines() == ['[INFO    ] text 5']
    line, = logged(conf)
    head, _, rest = line.partition(' [')
    assert len(head) == len('2020-01-01 00:00:00,000') and head[19] == ','
    assert rest.startswith('minion.test_logs :') and rest.endswith('][INFO    ][%d] text 5' % os.getpid())


@pytest.mark.parametrize('level, shown', [
    ('all', 6), ('garbage', 6), ('trace', 6), ('debug', 5), ('profile', 4), ('info', 4), ('warning', 3), ('error', 2),
    ('critical', 1), ('quiet', 0)])
def test_levels(setup, console, level, shown):
    conf = setup(log_level=level)
    for number in (5, 10, 20, 30, 40, 50):
        LOG.log(number, 'x')
    assert len(console.lines()) == len(logged(conf)) == shown
    if shown == 6:
        assert console.lines()[0] == '[TRACE   ] x'


def test_console_and_file_have_levels_of_their_own(setup, console):
    conf = setup('error', log_level='info', log_level_logfile='debug')
    LOG.debug('x')
    LOG.error('y')
    assert (len(console.lines()), len(logged(conf))) == (1, 2)


def test_a_daemon_has_no_console(setup, console):
    conf = setup(daemon=True, log_level='info')
    LOG.info('x')
    assert console.lines() == [] and len(logged(conf)) == 1


def test_single_loggers(setup, console):
    conf = setup(log_granular_levels={'salt.test_logs': 'debug'})
    LOG.debug('x')
    logging.getLogger('minion.other').debug('y')
    assert [line[-1] for line in logged(conf)] == ['x'] and console.lines() == []


def test_shapes_with_the_extra_fields_of_the_reference(setup, console):
    setup(log_level='info', log_fmt_console='%(bracketlevel)s%(bracketname)s%(jid)s %(message)s')
    LOG.info('x', extra={'jid': '2020'})
    assert console.lines() == ['[INFO    ][minion.test_logs ][JID: 2020] x']
    setup(log_level='info', log_fmt_console='%(colorlevel)s %(colorname)s %(colormsg)s')
    LOG.info('x')
    assert '\033[0;32m[INFO    ]\033[0m' in console.lines()[1]


def test_the_time_has_the_shape_of_its_place(setup, console):
    conf = setup(log_level='info', log_fmt_console='%(asctime)s %(message)s', log_datefmt='C%Y', log_datefmt_logfile='F%d',
                 log_fmt_logfile='%(asctime)s %(message)s')
    LOG.info('x')
    assert console.lines() == [time.strftime('C%Y x')]
    assert logged(conf)[0] in (time.strftime('F%d x'), time.strftime('F%d x', time.localtime(time.time() - 60)))


def test_levels_and_shapes_change_while_it_runs(setup, console):
    conf = setup(log_level='warning', log_fmt_logfile='%(message)s')
    LOG.info('one')
    logs.adjust(conf.with_values(log_level_logfile='info', log_fmt_logfile='NEW %(message)s',
                                 log_granular_levels={'minion.other': 'debug'}))
    LOG.info('two')
    LOG.debug('three')
    logging.getLogger('minion.other').debug('four')
    assert logged(conf) == ['NEW two', 'NEW four'] and console.lines() == []
    for values in ({'log_fmt_logfile': '%(nosuch)s'}, {'log_granular_levels': {'minion.other': 'loud'}}):
        with pytest.raises(errors.ConfigError):
            logs.adjust(conf.with_values(log_level='all', **values))
    logs.adjust(conf)                                         # and back, without the level of the single logger
    LOG.info('five')
    logging.getLogger('minion.other').debug('six')
    LOG.warning('seven')
    assert logged(conf) == ['NEW two', 'NEW four', 'seven'] and console.lines()[-1].endswith('seven')


@pytest.mark.parametrize('values, words', [
    ({'log_fmt_console': '%(nosuch)s'}, 'log_fmt_console: '), ({'log_fmt_logfile': '%(lineno)q'}, 'log_fmt_logfile: '),
    ({'log_fmt_console': '%(levelname)d'}, 'log_fmt_console: '), ({'log_fmt_jid': '%(x)s'}, 'log_fmt_console: '),
    ({'log_granular_levels': {'minion': 'loud'}}, 'log_granular_levels: minion: '),
    ({'log_granular_levels': {'minion': 5}}, 'log_granular_levels: minion: '),
    ({'log_file': 'gopher://x'}, 'log_file: gopher://x: needs the form'),
    ({'log_file': 'udp://host:x'}, 'log_file: udp://host:x: needs the form'),
])
def test_settings_that_cannot_work(setup, console, values, words):
    with pytest.raises(errors.ConfigError, match='^' + words):
        setup(**values)


# ---- the file

def test_file_and_folder_are_made_closed(setup, console):
    old = os.umask(0)
    try:
        conf = setup()
    finally:
        os.umask(old)
    assert stat.S_IMODE(os.stat(conf['log_file']).st_mode) == 0o640
    assert stat.S_IMODE(os.stat(os.path.dirname(conf['log_file'])).st_mode) == 0o700


def test_reopening_follows_the_name(setup, console):
    conf = setup()
    LOG.warning('one')
    os.rename(conf['log_file'], conf['log_file'] + '.1')
    LOG.warning('two')
    logs.reopen()
    LOG.warning('three')
    assert len(logged(conf)) == 1
    assert len(logged(conf.with_values(log_file=conf['log_file'] + '.1'))) == 2


def test_a_folder_in_place_of_the_file_is_said_and_survived(setup, console, tmpdir):
    tmpdir.mkdir('log').mkdir('minion')
    conf = setup()
    LOG.warning('work goes on')
    assert console.lines()[0].startswith('[WARNING ] log_file: %s cannot be written: ' % conf['log_file'])
    assert console.lines()[1].endswith('work goes on')


def test_the_file_is_tried_again_when_what_was_in_the_way_is_gone(tmpdir):
    now = [0.0]
    folder = tmpdir.mkdir('log')
    sink = logsinks.FileSink(str(folder), clock=lambda: now[0])
    sink.handle(record('lost'))
    folder.remove()
    sink.handle(record('lost as well'))
    now[0] = 31.0
    sink.handle(record('kept'))
    sink.close()
    assert folder.read() == '(2 lines could not be written here)\nkept\n' and sink.lost == 2


def test_a_line_that_a_full_disk_cut_does_not_swallow_the_next(tmpdir, monkeypatch):
    sink, write = logsinks.FileSink(str(tmpdir.join('log'))), os.write
    monkeypatch.setattr(os, 'write', lambda handle, data: write(handle, data[:3]))
    sink.handle(record('cut here'))

    def full(handle, data):
        raise OSError(28, 'No space left on device')
    monkeypatch.setattr(os, 'write', full)
    sink.handle(record('lost'))
    monkeypatch.undo()
    for text in ('whole', 'again'):
        sink.handle(record(text))
    sink.close()
    assert tmpdir.join('log').read() == 'cut\n(1 lines could not be written here)\nwhole\nagain\n'


@pytest.mark.skipif(not os.path.exists('/dev/full'), reason='no /dev/full')
def test_a_full_disk_only_loses_lines():
    sink = logsinks.FileSink('/dev/full')
    sink.handle(record('x'))
    sink.close()
    assert sink.lost == 1


def test_rotation_keeps_what_it_is_told_to(tmpdir):
    path = str(tmpdir.join('log'))
    sink = logsinks.FileSink(path, max_bytes=20, keep=2)
    for number in range(5):
        sink.handle(record('line number %04d' % number))      # 17 bytes with its end
    sink.close()
    assert sorted(os.listdir(str(tmpdir))) == ['log', 'log.1', 'log.2']
    assert [tmpdir.join(name).read() for name in ('log', 'log.1')] == ['line number 0004\n', 'line number 0003\n']
    sink = logsinks.FileSink(path, max_bytes=20, keep=0)
    sink.handle(record('fresh'))
    sink.close()
    assert tmpdir.join('log').read() == 'fresh\n'


def test_many_threads_write_whole_lines(setup, console):
    conf = setup(log_level='info')

    def write(number):
        for _ in range(50):
            LOG.info('%d' % number * 200)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        logs.reopen()
    for thread in threads:
        thread.join(30)
    lines = [line.rpartition(' ')[2] for line in logged(conf)]
    assert len(lines) == 200 and set(lines) == set(str(number) * 200 for number in range(4))


# ---- syslog

def test_syslog_by_udp(setup, console):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        server.bind(('127.0.0.1', 0))
        server.settimeout(10)
        setup(log_level='info', log_file='udp://127.0.0.1:%d/LOG_DAEMON' % server.getsockname()[1])
        LOG.error('password=hunter2 x')
        data = server.recv(4096)
    finally:
        server.close()
    assert data.startswith(b'<27>') and b'**********' in data and b'hunter2' not in data


def test_syslog_by_a_local_socket(setup, console, tmpdir):
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        server.bind(str(tmpdir.join('s')))
        server.settimeout(10)
        setup(log_file='file://%s/LOG_USER' % tmpdir.join('s'), log_granular_levels={'minion.other': 'debug'})
        LOG.info('not this')
        logging.getLogger('minion.other').debug('but this')
        assert server.recv(4096).startswith(b'<15>')
        LOG.error('x')
        assert server.recv(4096).startswith(b'<11>')
    finally:
        server.close()


def test_a_syslog_that_does_not_answer_loses_lines_only(setup, console, tmpdir):
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(str(tmpdir.join('s')))
    setup(log_file='file://%s' % tmpdir.join('s'))
    server.close()
    LOG.error('x')
    assert [sink.lost for sink in logging.getLogger().handlers if isinstance(sink, logsinks.SyslogSink)] == [1]


# ---- anything may be logged

class Awkward(object):
    def __repr__(self):
        return u'\xfc' if not compat.PY2 else 'odd'


@pytest.mark.parametrize('message, args', [
    (u'\xfcber %s', (b'\xff\xfe',)), (b'\xff raw', ()), ('%s', (u'\u2028\U0001f600',)), ('%s', (Awkward(),)),
    ('%d', ('no number',)), ('%s %s', ('one',)), ('%(x)s', ({'y': 1},)), ('\ud800' if not compat.PY2 else 'x', ()),
    (5, ()), (None, ()), ('100%', ()), (u'%s', (compat.to_native(u'\xe9'),)),
    (compat.to_native(u'\xe9 %s'), (u'\xe9',)),
])
def test_nothing_that_is_logged_raises(setup, console, message, args):
    logging.raiseExceptions = True
    conf = setup()
    LOG.error(message, *args)
    LOG.error('after')
    assert console.lines()[-1] == '[ERROR   ] after' and logged(conf)[-1].endswith('after')
    assert len(console.lines()) >= 2                          # and the odd one is not lost


def test_text_of_both_kinds_arrives(setup, console):
    setup()
    LOG.error(compat.to_native(u'\xe9 %s'), u'\xfc')
    assert console.lines() == [compat.to_native(u'[ERROR   ] \xe9 \xfc')]


def test_a_closed_console_is_survived(setup, console):
    console.buffer.close()
    conf = setup()
    LOG.error('x')
    assert len(logged(conf)) == 1


def test_no_console_at_all_is_survived(monkeypatch):
    monkeypatch.setattr(sys, 'stderr', None)
    sink = logsinks.ConsoleSink()
    sink.handle(record('x'))
    sink.close()
    assert sink.lost == 0


def test_control_characters_do_not_reach_the_terminal(setup, console):
    setup()
    LOG.error('a\x1b[2J\x00b\tc')
    assert console.lines() == ['[ERROR   ] a\\x1b[2J\\x00b\tc']


@pytest.mark.parametrize('text, hidden', [
    ('http://user:hunter2@host/x', 'hunter2'), ('password=hunter2 x', 'hunter2'),
    ("{'db_password': 'hunter2'}", 'hunter2'),
    ('"api_key": "hunter2 and more"', 'hunter2 and more'), ('PASSWD: hunter2', 'hunter2'),
    ('token = hunter2', 'hunter2'),
    ("u'passphrase': u'hunter2'", 'hunter2'), ("secret=b'hunter2'", 'hunter2'), ('pass=hunter2', 'hunter2'),
])
def test_secrets_are_starred_out(text, hidden):
    assert hidden not in logs.clean(text) and '*****' in logs.clean(text)


@pytest.mark.parametrize('text', [
    'http://host:80/x@y', 'bypass: 3', 'the token of the minion', 'a: 1, b=2', 'passed 5'])
def test_what_is_no_secret_stays(text):
    assert logs.clean(text) == text


def test_secrets_in_arguments_and_tracebacks(setup, console):
    conf = setup()
    LOG.error('%s', {'password': 'hunter2'})
    try:
        raise ValueError('password=hunter2')
    except ValueError:
        LOG.exception('failed')
    text = '\n'.join(console.lines() + logged(conf))
    assert 'hunter2' not in text and 'Traceback' in text


# ---- repetition

def record(text, level=logging.WARNING):
    return logging.LogRecord('minion', level, __file__, 1, text, (), None)


def test_equal_warnings_are_counted_instead_of_repeated():
    now = [0.0]
    repeats = logsinks.Repeats(lambda: now[0])
    assert [repeats.judge(record('x')) for _ in range(5)] == ['', '', '', None, None]
    assert repeats.judge(record('y')) == '' and repeats.judge(record('x', logging.ERROR)) == ''
    now[0] = 3600.0
    assert repeats.judge(record('x')) == ' (and 2 times in the last 3600 s)'
    assert repeats.judge(record('x')) is None
    assert [repeats.judge(record('x', logging.INFO)) for _ in range(9)] == [''] * 9


def test_a_day_of_one_fault_is_few_lines():
    now = [0.0]
    repeats = logsinks.Repeats(lambda: now[0])
    shown = 0
    for second in range(0, 86400, 5):
        now[0] = float(second)
        shown += repeats.judge(record('no answer')) is not None
    assert shown <= 30


def test_remembering_is_bounded():
    repeats = logsinks.Repeats(lambda: 0.0)
    for number in range(10 * logsinks.REMEMBERED):
        assert repeats.judge(record('text %d' % number)) == ''
    assert len(repeats._seen) <= logsinks.REMEMBERED


def test_console_and_file_count_for_themselves(setup, console):
    conf = setup('quiet')
    for _ in range(5):
        LOG.error('x')
    assert console.lines() == [] and len(logged(conf)) == 3


def test_setting_up_again_replaces(setup, console):
    setup()
    setup()
    LOG.error('x')
    assert len(console.lines()) == 1


def test_what_the_command_line_prints_itself_is_only_in_the_file(setup, console):
    conf = setup()
    LOG.error('x', extra={'printed': True})
    assert console.lines() == [] and len(logged(conf)) == 1
