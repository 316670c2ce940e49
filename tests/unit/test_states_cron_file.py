"""cron.file over a fake program crontab."""
from __future__ import absolute_import, division, print_function

import os
import tempfile

import pytest

from tests.support.hoststates import States

CRONTAB = """
case "$3" in
    -l) [ -f "%(tab)s" ] || { echo "no crontab for $2" >&2; exit 1; }; cat "%(tab)s";;
    *) grep -q BAD "$3" && { echo 'bad minute' >&2; exit 1; }; cat "$3" > "%(tab)s";;
esac
"""


@pytest.fixture
def host(tmp_path, monkeypatch):
    host = States(str(tmp_path), monkeypatch)
    (tmp_path / 'tmp').mkdir()
    monkeypatch.setattr(tempfile, 'tempdir', str(tmp_path / 'tmp'))
    host.tab, host.source = tmp_path / 'tab', tmp_path / 'source'
    host.programs.script('crontab', CRONTAB % {'tab': host.tab})
    host.source.write_text(u'5 * * * * /bin/true\n')
    yield host
    assert os.listdir(str(tmp_path / 'tmp')) == []


def told(host, **kwargs):
    answer = host.state('cron.file', str(host.source), **kwargs)
    return answer['result'], answer['comment'], answer['changes']


def test_a_crontab_becomes_the_file(host):
    diff = '--- \n+++ \n@@ -1 +1 @@\n-\n+5 * * * * /bin/true\n'
    assert told(host, test=True) == (None, 'The following values are set to be changed:\ndiff: %s\n' % diff, {})
    assert not host.tab.exists()
    assert told(host) == (True, 'Crontab for user root was updated', {'diff': diff})
    assert host.tab.read_text() == u'5 * * * * /bin/true\n'
    assert told(host) == (True, 'Crontab for user root is in the correct state', {})
    assert told(host, test=True)[::2] == (True, {})


def test_replace(host):
    assert told(host, replace=False)[:2] == (True, 'Crontab for user root was updated')
    host.source.write_text(u'6 * * * * /bin/true\n')
    assert told(host, replace=False) == (True, 'User root already has a crontab. No changes made', {})
    assert host.tab.read_text() == u'5 * * * * /bin/true\n'


def test_what_cannot_be_done(host):
    assert told(host, user='mtst-nobody-of-that-name')[:2] == (
        False, 'Could not identify group for user mtst-nobody-of-that-name')
    assert told(host, source='salt://other')[:2] == (
        False, "Unable to manage file: got multiple values for keyword argument 'source'")
    host.source.write_text(u'BAD\n')
    result, comment, changes = told(host)
    assert (result, changes) == (False, {})
    assert comment.startswith('Unable to update user root crontab ') and comment.endswith('. Error: bad minute')
    host.source.unlink()
    assert told(host) == (False, 'Local file source %s does not exist' % host.source, {})
