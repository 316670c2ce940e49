"""Execution modules sys and saltutil, beyond what the captured cases show."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import SaltInvocationError
from tests.support import replay


@pytest.fixture
def loader(tmpdir):
    return replay.make_loader(str(tmpdir.mkdir('extmods')))


def call(loader, name, *args, **kwargs):
    return loader.functions[name](*args, **kwargs)


# ---- sys

def test_a_module_name_is_not_a_beginning(loader):
    assert call(loader, 'sys.list_functions', 'sy') == []
    assert set(name.split('.')[0] for name in call(loader, 'sys.list_functions', 'pt')) == set(['pt'])
    assert 'ptname.f' in call(loader, 'sys.list_functions', 'pt*')


def test_several_names_and_a_number(loader):
    assert call(loader, 'sys.list_functions', 'test.ping', 'ptname', 'test.pi*') == ['ptname.f', 'test.ping']
    assert call(loader, 'sys.list_functions', 5) == []


def test_listing_a_module_does_not_import_the_others(loader):
    call(loader, 'sys.doc', 'test.ping')
    assert 'pt' not in [plugin.name for plugin in loader.plugins() if plugin.loaded]


def test_defaults_that_cannot_be_sent_are_shown(loader, tmpdir):
    tmpdir.join('extmods', 'modules', 'odd.py').write(
        'def f(a=object, b=(), c=[1], d=None, e=1.5, *args, **kwargs): pass\nsize = len\n')
    found = call(loader, 'sys.argspec', 'odd')
    assert found['odd.f'] == {'args': ['a', 'b', 'c', 'd', 'e'], 'varargs': True, 'kwargs': True,
                              'defaults': [repr(object), [], '[1]', None, 1.5]}
    assert sorted(found['odd.size']) == ['args', 'defaults', 'kwargs', 'varargs']


def test_functions_that_jobs_may_not_call_are_not_listed(tmpdir):
    loader = replay.make_loader(str(tmpdir.mkdir('extmods')), whitelist_modules=['sysmod', 'test'])
    assert call(loader, 'sys.list_modules') == ['sys', 'test']


def test_plug_ins_of_other_kinds(loader, tmpdir):
    tmpdir.join('extmods').mkdir('returners').join('r.py').write('def returner(ret):\n    """Doc of r."""\n')
    tmpdir.join('extmods').mkdir('states').join('s.py').write(
        'def present(name, x=1, **kwargs):\n    """Doc of s."""\n')
    assert 'r' in call(loader, 'sys.list_returners')
    assert call(loader, 'sys.list_returner_functions', 'r') == ['r.returner']
    assert call(loader, 'sys.returner_doc', 'r') == {'r.returner': 'Doc of r.'}
    assert call(loader, 'sys.returner_argspec', 'r')['r.returner']['args'] == ['ret']
    assert 's' in call(loader, 'sys.list_state_modules')
    assert call(loader, 'sys.list_state_functions', 's') == ['s.present']
    assert call(loader, 'sys.state_doc', 's.present') == {'s.present': 'Doc of s.'}
    assert call(loader, 'sys.state_argspec', 's.present') == {
        's.present': {'args': ['name', 'x'], 'defaults': [1], 'varargs': None, 'kwargs': True}}
    schema, = call(loader, 'sys.state_schema', 's.present')
    assert (schema['title'], schema['x-ordering'], sorted(schema['properties'])) == ('s.present', ['name', 'x'], ['name', 'x'])
    assert schema['properties']['x']['oneOf'][1] == {'type': 'integer', 'title': 'x', 'description': 'x', 'default': 1}
    assert [call(loader, 'sys.' + name) for name in ('argspec', 'state_argspec', 'state_schema')] == [{}, {}, []]
    assert 'r' not in call(loader, 'sys.list_renderers') and 'r.returner' not in call(loader, 'sys.renderer_doc')
    assert call(loader, 'sys.runner_argspec') == {} and call(loader, 'sys.list_runner_functions') == []


def test_reload_asks_the_minion(loader):
    call(loader, 'sys.reload_modules')
    assert loader._link.refreshed == ['modules']


# ---- saltutil

JOBS = [{'jid': '20261123041652229848', 'fun': 'test.sleep', 'pid': 7},
        {'jid': '20261123041652229849', 'fun': ['cmd.run', 'test.ping'], 'pid': 7}]


class Running(object):
    """`__minion__.jobs` with two jobs; keeps the signals it was asked to send."""

    def __init__(self):
        self.sent = []

    def running(self):
        return [dict(job) for job in JOBS]

    def find(self, jid):
        return dict(next((job for job in JOBS if job['jid'] == jid), {}))

    def signal(self, jid, signum):
        self.sent.append((jid, signum))
        return 'Signal %d sent to job %s at pid 7' % (signum, jid) if self.find(jid) else ''


@pytest.fixture
def busy(loader):
    loader._link.jobs = Running()
    return loader


def test_running_and_find(busy):
    assert call(busy, 'saltutil.running') == JOBS
    for jid in (JOBS[0]['jid'], int(JOBS[0]['jid'])):                  # a command line makes a number of it
        assert call(busy, 'saltutil.find_job', jid) == JOBS[0]
    assert call(busy, 'saltutil.find_job', '1') == {}


@pytest.mark.parametrize('pattern, found', [('test.*', [0, 1]), ('cmd.run', [1]), ('test.sleep', [0]), ('x', [])])
def test_is_running(busy, pattern, found):
    assert call(busy, 'saltutil.is_running', pattern) == [JOBS[number] for number in found]


def test_signals(busy):
    one, other = [job['jid'] for job in JOBS]
    assert call(busy, 'saltutil.term_job', int(one)) == 'Signal 15 sent to job %s at pid 7' % one
    assert call(busy, 'saltutil.kill_job', one) == 'Signal 9 sent to job %s at pid 7' % one
    assert call(busy, 'saltutil.signal_job', one, '10') == 'Signal 10 sent to job %s at pid 7' % one
    assert call(busy, 'saltutil.signal_job', 'nosuch', 10) == ''
    assert call(busy, 'saltutil.term_all_jobs') == ['Signal 15 sent to job %s at pid 7' % jid for jid in (one, other)]
    assert call(busy, 'saltutil.kill_all_jobs') == ['Signal 9 sent to job %s at pid 7' % jid for jid in (one, other)]
    assert busy._link.jobs.sent == [(one, 15), (one, 9), (one, 10), ('nosuch', 10), (one, 15), (other, 15), (one, 9),
                                    (other, 9)]


def test_a_signal_that_is_no_number(busy):
    with pytest.raises(SaltInvocationError):
        call(busy, 'saltutil.signal_job', JOBS[0]['jid'], 'TERM')
    assert busy._link.jobs.sent == []


@pytest.mark.parametrize('fun, kwargs, asked', [
    ('refresh_modules', {'__pub_jid': '1', 'async': True}, ['modules']), ('refresh_matchers', {}, ['modules']),
    ('refresh_pillar', {'wait': True}, ['pillar']), ('pillar_refresh', {}, ['pillar']),
    ('refresh_grains', {'__pub_jid': '1'}, ['grains', 'pillar']),
    ('refresh_grains', {'refresh_pillar': False, 'clean_pillar_cache': True}, ['grains']),
])
def test_refreshing_asks_the_minion(loader, fun, kwargs, asked):
    assert call(loader, 'saltutil.' + fun, **kwargs) is True
    assert loader._link.refreshed == asked


def test_an_unknown_keyword_refreshes_nothing(loader):
    with pytest.raises(SaltInvocationError) as caught:
        call(loader, 'saltutil.refresh_grains', bogus=1)
    assert str(caught.value) == 'The following keyword arguments are not valid: bogus=1'
    assert loader._link.refreshed == []


def test_synced_files(loader, tmpdir):
    tmpdir.join('extmods', 'modules', 'notes.txt').write('')
    tmpdir.join('extmods', 'file').write('')
    tmpdir.join('extmods').mkdir('grains').join('g.py').write('')
    found = call(loader, 'saltutil.list_extmods')
    assert found['grains'] == ['g'] and 'pt' in found['modules'] and 'notes' not in found['modules']
    assert 'file' not in found
