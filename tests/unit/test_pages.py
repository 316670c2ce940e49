"""The pages that are written by `python -m docs.pages` are what it writes now."""
from __future__ import absolute_import, division, print_function

import os
import re

import pytest

from docs import pages, settingspage
from minion import cli, errors, manual, options, settings
from minion.helpers import command, environment
from minion.settings import marks


@pytest.mark.parametrize('name', [name for name, _ in pages.pages()])
def test_a_page_is_what_the_program_writes_now(name):
    assert dict(pages.pages())[name] == pages.read(name), 'run: python -m docs.pages'


def row(name):
    found, = [line for line in pages.read('docs/configuration.md').splitlines() if line.startswith('| `%s`' % name)]
    return found


def test_every_setting_has_one_row():
    for name in settings.TABLE:
        assert row(name)


def test_what_a_row_tells():
    assert row('auth_timeout').endswith(' | `5` | a number of seconds from 0.001 on |')
    assert row('mine_interval').endswith(' | `60` | a number of minutes from 0 on |')
    assert row('spool_max_size').startswith('| `spool_max_size` (ours) | ')
    assert 'a number of MiB from 1' in row('spool_max_size')
    assert row('log_level_logfile').startswith('| `log_level_logfile` (HUP) | ')
    assert row('ipc_mode').endswith('**No effect**: there is no local event bus. | `ipc` | one of ipc, tcp |')


def test_the_sample_tells_what_has_no_effect():
    for name, setting in settings.TABLE.items():
        said = re.search(r'^((?:# .*\n)+)#%s:' % name, pages.read('conf/minion'), re.MULTILINE).group(1).splitlines()
        assert said[0] == '# ' + setting.doc
        assert ('# No effect: %s.' % setting.no_effect in said) == (setting.no_effect is not None)


def test_a_setting_that_gets_its_effect_loses_the_line_and_keeps_its_remarks(monkeypatch):
    text = u'##### A #####\n\n# Old words.\n# No effect: not offered yet.\n# A remark.\n#pub_ret: true\n'
    here = settings.TABLE['pub_ret']._replace(doc='Send returns.', no_effect=None)
    monkeypatch.setitem(settings.TABLE, 'pub_ret', here)
    assert settingspage.sample(text) == u'##### A #####\n\n# Send returns.\n# A remark.\n#pub_ret: true\n'
    monkeypatch.setitem(settings.TABLE, 'pub_ret', here._replace(no_effect=marks.NOT_YET))
    written = settingspage.sample(text)
    assert written == u'##### A #####\n\n# Send returns.\n# No effect: not offered yet.\n# A remark.\n#pub_ret: true\n'
    assert settingspage.sample(written) == written


def man():
    return pages.read('conf/minion.1').replace(u'\\-', u'-')


def test_the_man_page_has_every_command_option_and_exit_code():
    for name in cli.COMMANDS:
        assert '.SS minion %s' % name in man()
    for word in [word for one in options.ROWS for word in one.names] + ['--out-file-append', '--quiet', '--init', '--protocol']:
        assert word in man()
    for code, _ in manual.EXITS:
        assert '.TP\n\\fB%d\\fR\n' % code in man()


@pytest.mark.skipif(environment.which('groff') is None, reason='needs groff')
def test_the_man_page_can_be_set():
    done = command.run(['groff', '-man', '-Tascii', '-ww', os.path.join(pages.ROOT, 'conf', 'minion.1')],
                       timeout=60)
    assert (done.retcode, done.stderr) == (0, b'')
    assert b'minion doctor' in re.sub(b'.\x08', b'', done.stdout)           # bold is a letter twice


# ---- exit codes

def codes_of_table(name):
    """The codes of the table of exit codes in a page."""
    text = pages.read(name).partition('## Exit codes')[2].partition('\n## ')[0]
    return [int(code) for code in re.findall(r'^\| (\d+) \|', text, re.MULTILINE)]


@pytest.mark.parametrize('name', ['README.md', 'docs/service.md'])
def test_a_page_lists_the_exit_codes_of_the_help(name):
    assert codes_of_table(name) == [code for code, _ in manual.EXITS]


def test_the_exit_codes_are_those_of_the_errors():
    used = set(one.exit_code for one in vars(errors).values()
               if isinstance(one, type) and issubclass(one, errors.MinionError))
    assert used | set([0, cli.USAGE]) == set(code for code, _ in manual.EXITS)


# ---- what the source cites

def sources():
    for at, _, names in os.walk(os.path.join(pages.ROOT, 'minion')):
        for name in names:
            if name.endswith('.py'):
                path = os.path.relpath(os.path.join(at, name), pages.ROOT)
                yield path, pages.read(path)


def test_every_section_and_file_that_the_source_cites_is_there():
    sections = set(re.findall(r'^##+ (\d+(?:\.\d+)?)\.? ', pages.read('docs/protocol.md'), re.MULTILINE))
    cited, missing = 0, []
    for path, text in sources():
        for number in re.findall(r'docs/protocol\.md section (\d+(?:\.\d+)?)', text):
            cited += 1
            if number not in sections:
                missing.append('%s: section %s' % (path, number))
        for name in re.findall(r'\b(?:docs/[a-z]+\.md|tests/data/parity/returns/[a-z_]+\.json)', text):
            if not os.path.exists(os.path.join(pages.ROOT, name)):
                missing.append('%s: %s' % (path, name))
    assert missing == [] and cited > 20
