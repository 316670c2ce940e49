"""state.pkg, and what file.accumulated gives file.managed."""
from __future__ import absolute_import, division, print_function

import hashlib
import io
import json
import os
import tarfile

import pytest

from minion.errors import CommandExecutionError
from minion.helpers import state_cache
from minion.highstate import package
from tests.support import jinja
from tests.support.staterun import Engine, ids

CHUNKS = [
    {'state': 'test', 'fun': 'check_pillar', 'name': 'a', '__id__': 'a', '__sls__': 'x', '__env__': 'base', 'order': 1,
     'present': ['role']},
    {'state': 'file', 'fun': 'managed', 'name': '<place>', '__id__': 'b', '__sls__': 'x', '__env__': 'base', 'order': 2,
     'source': 'salt://sub/text'}]


@pytest.fixture
def engine(tmpdir, monkeypatch):
    return Engine(str(tmpdir.mkdir('home')), monkeypatch, hash_type='sha256', file_buffer_size=262144)


def packed(path, **members):
    """An archive of these members; its SHA-256."""
    with tarfile.open(str(path), 'w:gz') as archive:
        for name, data in sorted(members.items()):
            entry = tarfile.TarInfo(name.replace('__', '/').replace('_json', '.json'))
            entry.size, data = len(data), data.encode('utf-8')
            archive.addfile(entry, io.BytesIO(data))
    return hashlib.sha256(path.read_binary()).hexdigest()


def test_an_archive_is_run_with_its_own_pillar_and_files(engine, tmpdir):
    place, path = tmpdir.join('out'), tmpdir.join('states.tgz')
    chunks = json.dumps(CHUNKS).replace('<place>', str(place))
    digest = packed(path, lowstate_json=chunks, pillar_json='{"role": "web"}', base__sub__text='from the archive\n')
    returned, retcode = engine.ran('pkg', str(path), digest, 'sha256')
    assert retcode == 0, returned
    assert [returned[tag]['result'] for tag in sorted(returned)] == [True, True]
    assert place.read() == 'from the archive\n'
    told, _ = engine.ran('pkg', str(path), digest, 'sha256', test=True)
    assert told['file_|-b_|-%s_|-managed' % place]['comment'] == 'The file %s is in the correct state' % place


def test_an_archive_of_another_sum_is_not_run(engine, tmpdir):
    path = tmpdir.join('states.tgz')
    packed(path, lowstate_json=json.dumps(CHUNKS[:1]))
    assert engine.ran('pkg', str(path), '0' * 64, 'sha256') == ({}, 0)
    assert engine.ran('pkg', str(tmpdir.join('nosuch')), '0' * 64, 'sha256') == ({}, 0)


@pytest.mark.parametrize('members, words', [
    ({'lowstate_json': '{}'}, 'lowstate.json of the archive of states is not a list'),
    ({'lowstate_json': '[{"state": "test"}]'}, 'no chunk of low data'),
    ({'lowstate_json': '[', 'pillar_json': '{}'}, 'lowstate.json of the archive'),
    ({'pillar_json': '[]'}, 'pillar.json of the archive of states is not a dict')])
def test_odd_archives_are_refused(tmpdir, members, words):
    packed(tmpdir.join('states.tgz'), **members)
    with pytest.raises(CommandExecutionError) as caught:
        package.unpacked(str(tmpdir.join('states.tgz')), str(tmpdir.mkdir('into')))
    assert words in str(caught.value)


def test_a_file_that_is_no_archive_is_refused(tmpdir):
    tmpdir.join('states.tgz').write('no archive')
    with pytest.raises(CommandExecutionError) as caught:
        package.unpacked(str(tmpdir.join('states.tgz')), str(tmpdir.mkdir('into')))
    assert 'not a gzipped tar archive of states' in str(caught.value)


def test_nothing_leaves_the_folder(tmpdir):
    into = tmpdir.mkdir('into')
    with tarfile.open(str(tmpdir.join('states.tgz')), 'w:gz') as archive:
        for name, kind in (('../up', tarfile.REGTYPE), ('/tmp/abs', tarfile.REGTYPE), ('link', tarfile.SYMTYPE),
                           ('link/below', tarfile.REGTYPE), ('node', tarfile.CHRTYPE), ('base/good', tarfile.REGTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, str(tmpdir)
            archive.addfile(entry, io.BytesIO(b''))
    found = package.unpacked(str(tmpdir.join('states.tgz')), str(into))
    assert sorted(found.roots) == ['base', 'link'] and os.path.isdir(str(into.join('link')))
    assert not into.join('link').islink() and not tmpdir.join('up').check() and not tmpdir.join('below').check()
    assert sorted(os.listdir(str(into))) == ['base', 'link']


@pytest.mark.skipif(not jinja.IS_HERE, reason='Jinja2 is not installed')
def test_collected_texts_reach_the_template(engine, tmpdir):
    place, source = tmpdir.join('out'), tmpdir.join('source')
    source.write("{% for line in accumulator['lines'] %}{{ line }};{% endfor %}\n")
    rows = ids(('lines', 'file.accumulated', {'filename': str(place)}, {'text': ['one', 'two']},
                {'require_in': [{'file': 'made'}]}),
               ('made', 'file.managed', {'name': str(place), 'source': str(source), 'template': 'jinja'}))
    results = engine.high(rows)
    assert results['made']['result'] is True, results
    assert place.read() == 'one;two;\n'


def test_what_a_run_keeps_stays_in_the_cache(tmpdir):
    state_cache.keep(str(tmpdir.mkdir('cache')), '../out.cache.p', {})
    state_cache.keep(str(tmpdir.join('cache')), str(tmpdir.join('abs')), {})
    state_cache.keep(str(tmpdir.join('cache')), 'mine.cache.p', {})
    assert [path.basename for path in tmpdir.listdir()] == ['cache']
    assert [path.basename for path in tmpdir.join('cache').listdir()] == ['mine.cache.p']
