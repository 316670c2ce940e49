"""Captured calls of cmd.* on the reference, run by ours: every case agrees or is listed below with the reason.

Source: tests/data/parity/returns/cmd.json, captured from 3008.3 on Debian 12 as root, and argspecs beside it.
"""
from __future__ import absolute_import, division, print_function

import json
import os
import pwd
import re
import subprocess

import pytest

from minion import compat
from minion.helpers import command
from minion.loader import Loader
from tests.support import jinja, replay

HOME = pwd.getpwuid(os.geteuid()).pw_dir
NEEDS_ROOT = ('cmd_041_cmd.run', 'cmd_043_cmd.run', 'cmd_044_cmd.run', 'cmd_045_cmd.run', 'cmd_125_cmd.script',
              'cmd_147_cmd.run_chroot')
CP = '''
import os
def cache_file(path, saltenv='base', **kwargs):
    found = os.path.join(%r, path.replace('salt://', ''))
    return found if os.path.exists(found) else ''
'''


# ---- checks for cases that differ, each called as check(ours, theirs)

def failed_with(pattern):
    """We fail, with this text; the job says so."""
    def check(ours, theirs):
        return re.match(pattern + r'\Z', ours['return']) and ours['retcode'] == 1 and not ours['success']
    return check


def succeeded_with(pattern):
    return lambda ours, theirs: re.match(pattern + r'\Z', ours['return']) and ours['retcode'] == 0 and ours['success']


def same_but_return(test):
    """All but the value agrees, and the value passes `test`."""
    def check(ours, theirs):
        rest = [dict((key, side[key]) for key in side if key != 'return') for side in (ours, theirs)]
        return rest[0] == rest[1] and test(ours['return'], theirs['return'])
    return check


def reads_as(pattern):
    return same_but_return(lambda ours, theirs: re.match(pattern + r'\Z', ours))


def is_path_like_theirs(ours, theirs):
    entries = ours.split(':')
    return entries[0] == '/opt/x' and ours.endswith(theirs.split('<path entries>')[1]) and '' not in entries


CONTEXT = 'the reference prints the keywords of its subprocess call'
NO_JINJA = 'Jinja2 is not installed; the error says so'
GROUP = 'the reference cannot change the group without sudo; we can, as it does where sudo is installed'
ENGINE = r'(?s).*SaltRenderError: .* install the extra minion\[jinja\].*'

TOLERATED = {
    'cmd_014_cmd.run': (CONTEXT, failed_with(
        r"ERROR: Unable to run command '\['nosuchprogram', 'arg'\]' with the context '\{.*'cwd': .*\}', "
        r"reason: \[Errno 2\] No such file or directory: 'nosuchprogram'")),
    'cmd_016_cmd.run': ('the reference shows an IndexError inside itself', failed_with(
        r"ERROR executing 'cmd.run': there is no command to run: cmd is empty")),
    'cmd_018_cmd.run': ('Python 2 words it otherwise', failed_with(
        r"Passed invalid arguments to cmd.run: run\(\) .*argument.*\n<docstring of the function>")),
    'cmd_033_cmd.run': ('the capture holds a mark; the names are those of the host', same_but_return(
        lambda ours, theirs: set(('HOME', 'PATH', 'LC_CTYPE')) < set(ours.split('\n')))),
    'cmd_034_cmd.run': ('LANG is that of the host', same_but_return(
        lambda ours, theirs: ours == ('%s C' % os.environ.get('LANG', '')).strip())),
    'cmd_035_cmd.run': ('the locale is that of the host', same_but_return(
        lambda ours, theirs: ours == ' '.join(os.environ.get(name, '') for name in ('LC_ALL', 'LANG')).strip())),
    'cmd_037_cmd.run': ('PATH begins with entries of the host', same_but_return(is_path_like_theirs)),
    'cmd_043_cmd.run': (GROUP, succeeded_with('daemon')),
    'cmd_044_cmd.run': (GROUP, failed_with("ERROR: Group 'nosuchgroup' is not available")),
    'cmd_046_cmd.run': ('the reference passes on what it was started with; ours names the user however it was started',
                        reads_as('%s %s %s' % (HOME, pwd.getpwuid(os.geteuid()).pw_name, '/.*'))),
    'cmd_072_cmd.run': ('the capture is cut', same_but_return(
        lambda ours, theirs: ours == '\n'.join(str(number) for number in range(1, 20001)))),
    'cmd_124_cmd.script': ('a part of the name is random', same_but_return(
        lambda ours, theirs: re.match(r'__salt\.tmp\.\w{6,}\.sh\n%s\n%s\Z' % (HOME, 'root'), ours['stdout'])
        and dict(ours, stdout='') == dict(theirs, stdout=''))),
    'cmd_132_cmd.exec_code': ('Python 2 shows types otherwise', failed_with(
        r"Passed invalid arguments to cmd.exec_code: expected str, bytes, or bytearray not <(class|type) 'list'>\n"
        r"<docstring of the function>")),
    'cmd_133_cmd.exec_code': (CONTEXT, failed_with(
        r"ERROR: Unable to run command '\['nosuchlang', '/.*/__salt.tmp.\w+'\]' with the context '\{.*\}', "
        r"reason: \[Errno 2\] No such file or directory: 'nosuchlang'")),
    'cmd_141_cmd.shells': ('tells of the host', same_but_return(
        lambda ours, theirs: ours and all(line.startswith('/') for line in ours))),
    'cmd_143_cmd.shell_info': ('the reference shows a TypeError inside itself; 2016.11.10 answers, and so do we',
                               lambda ours, theirs: ours['retcode'] == 0 and ours['success']
                               and ours['return']['installed'] is True and ours['return']['path'].endswith('/bash')
                               and re.match(r'\d+\.\d+\.\d+\Z', ours['return']['version'])
                               and ours['return']['version_raw'].startswith(ours['return']['version'])),
    'cmd_147_cmd.run_chroot': ('unmounting resets the retcode there; a command that failed is no success',
                               lambda ours, theirs: ours['return'] == theirs['return'] and ours['retcode'] == 125
                               and not ours['success']),
    'cmd_148_cmd.powershell': ('the reference shows a KeyError inside itself; 2016.11.10 says this', failed_with(
        'ERROR: The shell powershell is not available')),
}
TOLERATED['cmd_079_cmd.run'] = ('the words of the Jinja2 in use', failed_with(
    r'(?s).*SaltRenderError: Jinja syntax error: .*; line 1\n\n---\necho \{\{ foo    <=+\n---\n'))
TOLERATED.update(jinja.unless({'cmd_076_cmd.run': (NO_JINJA, failed_with(ENGINE)),
                               'cmd_079_cmd.run': (NO_JINJA, failed_with(ENGINE))}))


class Jobs(command.NoTie):
    """`__minion__.jobs`: notes which process groups belong to the job."""

    def __init__(self):
        self.adopted, self.released = [], []

    def adopt(self, pid):
        self.adopted.append(pid)

    def release(self, pid):
        self.released.append(pid)


class Link(object):
    def __init__(self):
        self.jobs = Jobs()


def make_loader(folder, **settings):
    """Our own modules, with a cp that finds tests/data/parity/files."""
    modules = os.path.join(folder, 'modules')
    os.mkdir(modules)
    with open(os.path.join(modules, 'cp.py'), 'w') as stream:
        stream.write(CP % os.path.join(replay.DATA, 'files'))
    return Loader(dict({'id': 'ref1', 'extension_modules': folder}, **settings), {'id': 'ref1'}, {}, Link())


@pytest.fixture
def loader(tmpdir):
    return make_loader(str(tmpdir))


def answers(row, loader, work):
    """(ours, theirs), both as mappings of return, retcode, success and out, where <work_dir> stands for `work`."""
    row = json.loads(json.dumps(row).replace('<work_dir>', work))
    if 'prep' in row:
        subprocess.check_call(row['prep'], shell=True, cwd=work)
    return [_compared(side) for side in (replay.answer(loader, row), replay.expectation(row))]


def _compared(side):
    side = dict((key, side[key]) for key in ('return', 'retcode', 'success', 'out') if key in side)
    value = side['return']
    if isinstance(value, dict) and value.get('pid'):
        assert value['pid'] == '<pid>' or value['pid'] > 1
        side['return'] = value = dict(value, pid='<pid>')
    elif compat.is_text(value):
        value = side['return'] = re.sub(r'(bash: (?:-c: )?line )\d+', r'\1N', value)
    if value == '/root':
        side['return'] = HOME
    return side


ROWS = replay.rows('cmd')


@pytest.mark.parametrize('row', ROWS, ids=[row['case'] for row in ROWS])
def test_case_of_the_reference(row, loader, tmpdir):
    if row['case'] in NEEDS_ROOT and os.geteuid() != 0:
        pytest.skip('changes the user or the root folder')
    ours, theirs = answers(row, loader, str(tmpdir))
    if row['case'] not in TOLERATED:
        assert ours == theirs
        return
    reason, check = TOLERATED[row['case']]
    assert check(ours, theirs), '%r differs in another way than: %s' % (ours, reason)


def test_tolerated_cases_exist():
    assert set(TOLERATED) <= set(row['case'] for row in ROWS)


@pytest.mark.parametrize('wanted', [row for row in replay.read('argspecs_cmd.json')], ids=lambda row: row['name'])
def test_argspec(wanted, loader):
    spec, theirs = compat.getargspec(loader.functions[wanted['name']]), wanted['argspec']
    assert list(spec.args) == (theirs['args'] or [])
    assert list(spec.defaults or []) == (theirs['defaults'] or [])
    assert (spec.varargs is not None, spec.keywords is not None) == (bool(theirs['varargs']), bool(theirs['kwargs']))
    assert loader.functions[wanted['name']].__doc__
