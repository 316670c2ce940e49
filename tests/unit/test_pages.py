"""The pages that are written by `python -m docs.pages` are what it writes now."""
from __future__ import absolute_import, division, print_function

import re

import pytest

from docs import pages, settingspage
from minion import settings
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
