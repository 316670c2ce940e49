"""syslog_ng.*, with programs that only note their calls, and a configuration file of a test's own."""
from __future__ import absolute_import, division, print_function

import re

import pytest

from minion.errors import SaltInvocationError
from minion.helpers import environment, syslogngconf
from tests.support import hostmodules

TOLD = '''syslog-ng 3.6.0alpha0
Error opening plugin module; module='afsocket-tls'
Available-Modules: afamqp, affile,afmongodb
Enable-Debug: on
'''
TCP = [{'tcp': [{'ip': '"127.0.0.1"'}, {'port': 1233}]}]
SOURCE = '''source s_local {
    tcp(
        ip(
            "127.0.0.1"
        ),
        port(
            1233
        )
    );
};
'''
LOG = [{'source': 's_local'}, {'filter': [{'match': ['"x"']}, {'level': ['err', 'crit']}]},
       {'junction': [{'channel': [{'filter': 'f1'}, {'flags': 'final'}]}, {'channel': []}]}, {'flags': ['final', 'fallback']}]
LOGGED = '''log {
    source(
        s_local
    );
    filter {
        match(
            "x"
        );
        level(
            err,
            crit
        );
    };
    junction {
        channel {
            filter(
                f1
            );
            flags(
                final
            );
        };
        channel {
        };
    };
    flags(
        final,
        fallback
    );
};
'''
DEEP = '''destination d {
    a(
        b(
            c(
                x
                5
            ),
            d(
            )
        ),
        e(
            True
        )
    );
    f(
    );
};
'''


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    host.programs.add('syslog-ng', 'syslog-ng-ctl')
    host.conf = tmpdir.join('syslog-ng.conf')

    def run(name, *args, **kwargs):
        return host.loader.functions['syslog_ng.' + name](*args, **kwargs)
    host.run = run
    run('set_config_file', str(host.conf))
    return host


def told(name, result, comment='', new='', old=''):
    return {'name': name, 'result': result, 'comment': comment, 'changes': {'new': new, 'old': old}}


# ---- the text of statements

@pytest.mark.parametrize('name, config, text', [
    ('source.s_local', TCP, SOURCE), ('s_local', {'source': TCP}, SOURCE), ('log.x', LOG, LOGGED), ('x', {'log': LOG}, LOGGED),
    ('options.', [{'a': 1}], 'options {\n    a(\n        1\n    );\n};\n'), ('s', {'source': []}, 'source s {\n};\n'),
    ('x', {'config': '# raw'}, '# raw\n'),
    ('destination.d', [{'a': [{'b': [{'c': ['x', 5]}, {'d': None}]}, {'e': True}]}, {'f': []}], DEEP)])
def test_statements(name, config, text):
    assert syslogngconf.build(name, config) == text


@pytest.mark.parametrize('name, config', [
    ('s', 'text'), ('s', {}), ('s', [{'a': 1}]), ('s', {'config': ['a']}), ('s', {'a': [], 'b': []}), ('source.s', 'text'),
    ('source.s', {'source': TCP}), ('source.s', ['or']), ('source.s', [{'a': 1, 'b': 2}]), ('source.s', [{'a': [['b']]}]),
    ('source.s', [{'a': [None]}]), ('log.x', [{'junction': [{'channel': 'f'}]}])])
def test_what_is_no_statement(name, config):
    with pytest.raises(SaltInvocationError):
        syslogngconf.build(name, config)


# ---- the file

def test_where_it_is(host):
    host.loader.context.fresh()
    assert host.run('get_config_file') == '/etc/syslog-ng.conf'
    assert host.run('set_config_file', '/c') == told('/c', True, new='/c', old='/etc/syslog-ng.conf')
    assert host.run('set_config_file', '/d')['changes'] == {'new': '/d', 'old': '/c'}
    assert host.run('set_binary_path', '/b') == told('/b', True, new='/b', old=None)
    assert host.run('set_parameters', config_file='/e', binary_path='') == {'retcode': 0}
    assert host.run('get_config_file') == '/e' and host.run('set_binary_path', '/x')['changes']['old'] == '/b'
    host.loader.context.fresh()
    assert host.run('get_config_file') == '/etc/syslog-ng.conf'


def test_the_file_is_written(host):
    assert host.run('write_version', '3.6') == told('3.6', True)
    begin = host.conf.read()
    assert re.match(r'#.* \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\n@version: 3\.6\n\n$', begin)
    assert host.run('write_config', '# a') == told('', True, new='# a')
    assert host.run('write_config', '# b', newlines=0) == told('', True, new='# b')
    assert host.run('config', 's_local', {'source': TCP}) == told('s_local', True, new=SOURCE)
    assert host.conf.read() == begin + '# a\n\n# b' + SOURCE + '\n\n'
    assert host.run('config', 's_local', {'source': TCP}, write=False) == told('s_local', False, new=SOURCE)
    assert host.conf.read() == begin + '# a\n\n# b' + SOURCE + '\n\n'
    host.run('write_version', 4.1)
    assert host.conf.read().endswith('\n@version: 4.1\n\n') and SOURCE not in host.conf.read()


def test_a_file_that_cannot_be_written(host):
    host.run('set_config_file', str(host.conf.join('no')))
    assert host.run('write_config', '# a') == told('', False, new='# a')
    assert host.run('write_version', '3')['result'] is host.run('config', 'x', {'config': 'a'})['result'] is False
    assert host.run('write_config', 5) == told('', False, new=5)
    assert host.job('syslog_ng.write_version', '3\nx')[0].endswith("name: '3\\nx' does not fit into one line")


def test_the_version_that_is_installed_begins_the_file(host):
    host.programs.answer('syslog-ng', TOLD)
    assert host.run('set_parameters', '3.0') == {'retcode': 0} and '@version: 3.6\n' in host.conf.read()
    host.programs.answer('syslog-ng', code=1)
    assert host.run('set_parameters', '3.0') == {'retcode': 0} and '@version: 3.0\n' in host.conf.read()


# ---- the programs

def test_what_is_installed(host):
    host.programs.answer('syslog-ng', TOLD)
    assert host.run('version') == {'retcode': 0, 'stdout': '3.6.0alpha0'}
    assert host.run('modules') == {'retcode': 0, 'stdout': 'afamqp, affile,afmongodb'}
    host.programs.answer('syslog-ng', 'odd\n')
    assert host.run('modules') == {'retcode': -1, 'stderr': 'Unable to find the modules.'}
    assert host.job('syslog_ng.version') == ('ERROR: syslog-ng does not tell its version', 1)
    host.programs.answer('syslog-ng', 'so', 'se', 1)
    assert host.run('version') == host.run('modules') == {'retcode': 1, 'stdout': 'so', 'stderr': 'se'}
    assert host.programs.calls() == [['syslog-ng', '-V']] * 6


def test_configuration_and_counters(host):
    host.programs.answer('syslog-ng', 'so', 'se', 1)
    assert host.run('config_test') == {'retcode': 1, 'stdout': 'so', 'stderr': 'se'}
    host.run('config_test', cfgfile='-x')
    host.programs.answer('syslog-ng-ctl', 'a;b')
    assert host.run('stats') == {'retcode': 0, 'stdout': 'a;b', 'stderr': ''}
    assert host.programs.calls() == [['syslog-ng', '--syntax-only'], ['syslog-ng', '--syntax-only', '--cfgfile=-x'],
                                     ['syslog-ng-ctl', 'stats']]


def test_a_folder_of_programs(host, monkeypatch):
    host.run('stats', '/nonexistent')                            # the one on PATH
    monkeypatch.setattr(environment, 'which', lambda program, path=None: None)
    host.run('stats', host.programs.bin)
    assert host.programs.calls() == [['syslog-ng-ctl', 'stats']] * 2
    assert host.job('syslog_ng.stats', '/nonexistent')[1] == 1


# ---- the daemon

def test_reloading(host):
    host.programs.answer('syslog-ng-ctl', 'Config reload successful\n')
    assert host.run('reload', 'x') == told('x', True, 'Config reload successful')
    host.run('set_binary_path', host.programs.bin)
    host.programs.answer('syslog-ng-ctl', 'no\n', code=1)
    assert host.run('reload', 'x') == told('x', False, 'no')
    assert host.programs.calls() == [['syslog-ng-ctl', 'reload']] * 2


def test_starting(host):
    words = ['--user=u', '--group=g', '--chroot=/c', '--caps=', '--no-caps', '--pidfile=/p', '--enable-core', '--fd-limit=5',
             '--verbose', '--debug', '--trace', '--yydebug', '--cfgfile=%s' % host.conf, '--persist-file=/a b',
             '--control=/ct', '--worker-threads=0']
    assert host.run('start', 'x', 'u', 'g', '/c', '', True, '/p', True, 5, True, True, True, True, '/a b', '/ct', 0) == told(
        'x', True, new='syslog-ng ' + ' '.join(words))
    assert host.programs.calls() == [['syslog-ng'] + words]
    host.programs.answer('syslog-ng', 'so', 'se', 2)
    host.run('set_binary_path', host.programs.bin)
    assert host.run('start') == told(None, False, 'se')
    assert host.programs.calls() == [['syslog-ng', '--cfgfile=%s' % host.conf]]


def test_stopping(host):
    ended = []
    host.loader.functions['syslog_ng.stop'].__globals__['__salt__'] = {
        'ps.pgrep': lambda name: [5, 6] if name == 'syslog-ng' and not ended else None,
        'ps.pkill': lambda name: ended.append(name) or {'killed': [5, 6]}}
    assert host.run('stop', 'x') == told('x', True, new=[], old=[5, 6]) and ended == ['syslog-ng']
    assert host.run('stop') == told(None, False, 'Syslog-ng is not running') and ended == ['syslog-ng']
