"""`minion call`: what `salt-call` prints and ends with for the same command lines, and what is ours alone."""
from __future__ import absolute_import, division, print_function

import json
import os
import re
import subprocess
import sys

import pytest

from minion import compat
from minion.caller import cli, words, work
from tests.support import replay

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROWS = replay.read('call.json')
# Rows that are not replayed, by a word of their command line, and why.
LEFT_OUT = {
    'state.single': 'see test_states', 'cp.list_master': 'files of a local folder are another module\'s',
    '-g': 'grains of another host', 'sys.doc': 'documentation is our own', '-d': 'documentation is our own',
    '--help': 'the options are told in our own words', '--out=quiet': 'kept: see docs/differences.md',
    '--out=newline_values_only': 'kept: see docs/differences.md', 'pt.raise_value': 'a traceback',
    'pt.gen': 'a generator is shown as the list that masters get', 'pt.ret_bytes': 'bytes that are no text',
}


@pytest.fixture
def call(tmpdir, monkeypatch, capsys):
    """call(*words) -> (exit code, stdout, stderr), in this process and without a log."""
    monkeypatch.setattr('minion.logs.setup', lambda *rest: None)
    monkeypatch.setenv('HOME', str(tmpdir))
    etc = tmpdir.mkdir('etc')
    etc.join('minion').write('id: sc1\nfile_client: local\nroot_dir: %s\nmaster: 127.0.0.1\nmodule_dirs: [%s]\n'
                             'enable_gpu_grains: False\n' % (tmpdir, os.path.join(replay.DATA, 'modules')))

    def run(*given):
        code = cli.main(['-c', str(etc)] + list(given))
        out, err = capsys.readouterr()
        return code, compat.to_native(out), compat.to_native(err)
    run.etc = etc
    return run


def _reason(row):
    return next((text for word, text in LEFT_OUT.items() if word in row['args']), None)


@pytest.mark.parametrize('row', [row for row in ROWS if not _reason(row)], ids=lambda row: ' '.join(row['args']))
def test_as_salt_call_does(call, tmpdir, row):
    given = [compat.to_native(word).replace('<base>/srv/_modules', os.path.join(replay.DATA, 'modules')).replace(
        '<base>', str(tmpdir)) for word in row['args']]
    code, out, err = call(*(given if 'grains.get' in given else ['--skip-grains'] + given))
    assert code == row['exit_code']
    if '<help or doc text>' in row['stdout']:
        assert bool(out.strip()) is bool(row['stdout'].strip())
    else:
        assert _normal(out, given) == _normal(compat.to_native(row['stdout']), given)
    told = [line for line in row['stderr'] if not line.startswith(('[ERROR', 'salt-call: error', 'Usage: '))]
    for line in told:
        assert compat.to_native(line) in err


def _normal(text, given):
    """Without what differs from run to run; mappings compared as such."""
    text = re.sub(r'\b20\d{18}\b', '<jid>', text)
    text = re.sub(r'(__pub_pid\D+)\d+', r'\g<1>0', text)
    if '--out=json' in given:
        return json.loads(text or 'null')
    if '--return=local' in given:
        return sorted(re.split(r', |[{}]', text))
    return text


def _timeless(text):
    return re.sub(r'(Started|Duration):.*', r'\1', text).rstrip()


@pytest.mark.parametrize('row', [row for row in ROWS if 'state.single' in row['args']], ids=lambda row: ' '.join(row['args']))
def test_states(call, row):
    code, out, _ = call('--skip-grains', *[compat.to_native(word) for word in row['args']])
    assert code == row['exit_code']
    assert _timeless(out).startswith(_timeless(compat.to_native(row['stdout'])))   # of which the capture has the beginning


def test_states_without_a_master(call, tmpdir):
    text = 'a: test.succeed_with_changes\nb: test.nop\nc: test.fail_without_changes\n'
    tmpdir.join('tree', 'one.sls').write(text, ensure=True)
    given = ['--local', '--skip-grains', '--retcode-passthrough', '--file-root', str(tmpdir.join('tree')),
             '--state-output=terse']
    code, out, _ = call(*given + ['state.apply', 'one'])
    assert code == 2 and ' Name: b - Function: test.nop - Result: Clean' in out
    assert 'Succeeded: 2 (changed=1)\nFailed:    1\n' in out
    for words_ in (['--output-diff'], ['--state-verbose', 'False']):
        code, out, _ = call(*given + words_ + ['state.apply', 'one'])
        assert code == 2 and 'Name: b' not in out and 'Name: a' in out and 'Name: c' in out
    assert call(*given + ['state.apply', 'nosuch'])[:2] == (
        1, "local:\n    Data failed to compile:\n----------\n    No matching sls found for 'nosuch' in env 'base'\n")


def test_what_a_failed_function_sets_ends_the_call(call):
    assert call('test.retcode', '7')[0] == 1
    assert call('--retcode-passthrough', 'test.retcode', '7')[0] == 7
    assert call('--retcode-passthrough', 'test.retcode', '256')[0] == 1         # 0 to a shell otherwise


@pytest.mark.parametrize('given, message', [
    (['--bogus', 'test.ping'], 'no such option: --bogus'),
    (['--out-indent=x', 'test.ping'], "option --out-indent: invalid integer value: 'x'"),
    (['-l', 'bogus', 'test.ping'], "option -l: invalid choice: 'bogus' (choose from "),
    (['-d', 'test.ping', 'test.false'], 'You can only get documentation for one method at one time'),
    ([], 'Requires function, --grains or --doc'),
])
def test_usage_errors(call, given, message):
    code, _, err = call(*given)
    assert (code, err.startswith('Usage: ')) == (64, True)
    assert 'minion call: error: %s' % message in err


def test_every_option_of_salt_call_is_taken():
    chosen, rest = words.read(
        '--saltfile s -c d --module-executors [] --executor-opts {} --cachedir d --args-stdin --hard-crash --no-parse a '
        '-m d --master m --return r --local --file-root d --pillar-root d --states-dir d --retcode-passthrough '
        '--metadata --set-metadata {} --id i --skip-grains --refresh-grains-cache --no-return-event -t 3 --output-diff '
        '--priv u --output json --output-indent 2 --output-file f --output-file-append --no-colour --force-colour '
        '--state_output full --state_verbose True --profiling-path p --enable-profiling -l debug --log-file f '
        '--log-file-level info test.ping'.split())
    assert rest == ['test.ping'] and chosen.output_indent == 2 and chosen.auth_timeout == 3


def test_words_behind_two_dashes_are_no_options(call):
    assert call('--skip-grains', '--', 'test.echo', '--foo')[1] == 'local:\n    --foo\n'


def test_output_goes_to_a_file(call, tmpdir):
    path = tmpdir.join('out')
    for more in ([], ['--out-file-append']):
        assert call('--skip-grains', '--out=txt', '--out-file=%s' % path, 'test.ping', *more)[:2] == (0, '')
    assert path.read() == 'local: True\n' * 2
    code, out, err = call('--skip-grains', '--out-file=%s' % tmpdir.join('no', 'out'), 'test.ping')
    assert (code, out) == (1, '') and 'cannot be written: No such file or directory' in err


def test_metadata_is_kept_with_the_return(call):
    _, out, _ = call('--skip-grains', '--metadata', '--out=json', '--set-metadata', '{a: 1}', 'test.ping')
    assert json.loads(out)['local']['metadata'] == {'a': 1}


def test_grains_and_documentation(call):
    code, out, _ = call('-g', '--out=json')
    assert code == 0 and json.loads(out)['local']['id'] == 'sc1'
    code, out, _ = call('-d', 'test.ping')
    assert code == 0 and out.startswith('test.ping:\n')
    assert call('-d', 'nosuch.function')[:2] == (0, '')


def test_events_have_nowhere_to_go(call):
    assert call('--skip-grains', 'event.send', 'a/b')[:2] == (0, 'local:\n    False\n')


def test_jobs_of_the_running_minion_are_seen(call, tmpdir):
    from minion import payload
    proc = tmpdir.join('var', 'cache', 'salt', 'minion', 'proc')
    load = {'fun': 'test.sleep', 'jid': '20260101000000000000', 'arg': [9], 'pid': os.getpid()}
    proc.join(load['jid']).write_binary(payload.pack(load), ensure=True)
    proc.join('20260101000000000001').write_binary(payload.pack(dict(load, pid=2 ** 22 + 1)))
    proc.join('torn').write_binary(b'\xc1')
    assert json.loads(call('--skip-grains', '--out=json', 'saltutil.running')[1]) == {'local': [load]}
    assert json.loads(call('--skip-grains', '--out=json', 'saltutil.find_job', load['jid'])[1]) == {'local': load}
    assert call('--skip-grains', 'saltutil.kill_job', load['jid'])[1] == 'local:\n'


def test_a_saltfile_gives_defaults(call, tmpdir):
    saltfile = tmpdir.join('Saltfile')
    saltfile.write('salt-call:\n  output: txt\n  config_dir: /nonexistent\n')
    assert call('--skip-grains', '--saltfile', str(saltfile), 'test.ping')[1] == 'local: True\n'


def test_the_program_starts_quickly_and_loads_little(tmpdir, call):
    """Neither click nor the wire's libraries are loaded for a local call; seen in the process itself."""
    source = ('import sys; sys.path.insert(0, %r); from minion import cli; code = cli.main(sys.argv[1:]); '
              'print(code, sorted(set(sys.modules) & set(["click", "zmq", "rsa", "minion.agent"])))' % ROOT)
    out = subprocess.check_output([sys.executable, '-c', source, 'call', '--local', '-c', str(call.etc), '--skip-grains',
                                   '--out=txt', 'test.ping'])
    assert b'local: True\n' in out and b'[]' in out


def test_exit_codes_are_named():
    assert (work.SIGN_IN_FAILED, work.UNKNOWN) == (2, 255)
