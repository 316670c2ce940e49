"""States on real masters and every Python: an SLS file by name, the highstate by its top file, a custom state module."""
from __future__ import absolute_import, division, print_function

import os
import shutil
import subprocess
import tempfile

import pytest

from minion import compat
from tests.real import conftest
from tests.support import realmaster

FILES = {
    'salt/top.sls': 'base:\n  "*":\n    - base\n  "role:web":\n    - match: pillar\n    - pilot\n  "nobody": [demo]\n',
    'salt/base.sls': 'always: test.succeed_with_changes\n',
    'salt/pilot.sls': '#!py\ndef run():\n    name = "of-" + __pillar__["role"]\n'
                      '    return {name: {"own_state.there": [{"name": __grains__["id"]}]}}\n',
    'salt/demo/init.sls': '#!py\ndef run():\n    place = __pillar__["place"]\n    return {\n'
                          '        "conf": {"file.managed": [{"name": place + "/conf"}, {"source": "salt://demo/conf"}]},\n'
                          '        "told": {"cmd.run": [{"name": "echo x >> " + place + "/told"}, {"onchanges": [{"file": '
                          '"conf"}]}]},\n'
                          '        "bad": {"test.fail_without_changes": [{"require": [{"cmd": "told"}]}]},\n'
                          '        "behind": {"test.nop": [{"require": [{"test": "bad"}]}]}}\n',
    'salt/demo/conf': 'port: 80\n',
    'salt/filled.sls': '{% from "demo/map.jinja" import port with context %}\n{{ pillar.place }}/filled:\n  file.managed:\n'
                       '    - source: salt://demo/filled\n    - template: jinja\n    - context: {port: {{ port }}}\n',
    'salt/demo/map.jinja': '{% set port = pillar.get("port", 80) %}\n',
    'salt/demo/filled': 'port: {{ port }} role: {{ pillar.role }}\n',
    'salt/_states/own_state.py': 'import salt.utils.path\n\n\ndef there(name):\n'
                                 '    ret = {"name": name, "result": True, "changes": {}}\n'
                                 '    ret["comment"] = __salt__["test.echo"]("own")\n'
                                 '    if __opts__["test"]:\n        ret.update(result=None)\n    return ret\n',
    'pillar/top.sls': "base: {'*': [common]}\n",
    'pillar/common.sls': 'role: web\n',
}


@pytest.fixture
def nothing_left_behind():
    """Replaces the check after every test: a master and its minions live for the whole file."""


@pytest.fixture(scope='module', params=conftest.MASTERS)
def served(request):
    """(master, Crew, folder with `salt` and `pillar`)."""
    home = tempfile.mkdtemp(prefix='roots-')
    for name, text in FILES.items():
        path = os.path.join(home, name)
        compat.make_dirs(os.path.dirname(path), 0o755)
        with open(path, 'wb') as stream:
            stream.write(compat.to_bytes(text))
    master = realmaster.RealMaster(request.param, {'file_roots': {'base': [os.path.join(home, 'salt')]},
                                                   'pillar_roots': {'base': [os.path.join(home, 'pillar')]}})
    folder = tempfile.mkdtemp(prefix='minions-')
    try:
        master.start()
        with conftest.Crew(master, folder) as crew:
            crew.sign_in()
            crew.wait_answering()
            yield master, crew, home
    finally:
        master.stop()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(home)


@pytest.fixture
def run(served, python):
    """run(retcode, fun, *arg, **named): what the function returned on the minion of this test."""
    master, crew, home = served
    minion = crew.minions[python]

    def call(retcode, fun, *arg, **named):
        whole = master.run(minion.minion_id, fun, *arg, kwarg=named, timeout=60)
        assert list(whole) == [minion.minion_id], minion.tail()
        assert whole[minion.minion_id]['retcode'] == retcode, whole
        assert fun.startswith('state.show') or not fun.startswith('state.') or whole[minion.minion_id]['out'] == 'highstate'
        return whole[minion.minion_id]['ret']
    call.minion, call.home, call.place = minion, home, os.path.join(minion.folder, 'place')
    shutil.rmtree(call.place, ignore_errors=True)
    os.mkdir(call.place)
    return call


def by_id(returned):
    """{id: result} of what state.* returns."""
    return dict((result['__id__'], result) for result in returned.values())


def content(*parts):
    with open(os.path.join(*parts)) as stream:
        return stream.read()


def test_an_sls_file(run):
    given = {'pillar': {'place': run.place}}
    told = by_id(run(2, 'state.apply', 'demo', test=True, **given))
    assert told['conf']['result'] is None and os.listdir(run.place) == []
    done = by_id(run(2, 'state.apply', 'demo', **given))
    assert [done[name]['result'] for name in ('conf', 'told', 'bad', 'behind')] == [True, True, False, False]
    assert done['conf']['changes'] and done['told']['changes']['retcode'] == 0
    assert done['behind']['comment'] == 'One or more requisite failed: demo.bad'
    assert content(run.place, 'conf') == 'port: 80\n' and content(run.place, 'told') == 'x\n'
    again = by_id(run(2, 'state.apply', 'demo', **given))
    assert again['conf']['changes'] == {} == again['told']['changes'] and content(run.place, 'told') == 'x\n'


def test_the_highstate_and_a_custom_state(run):
    assert 'states.own_state' in run(0, 'saltutil.sync_states') + ['states.own_state']
    assert run(0, 'state.show_top') == {'base': ['base', 'pilot']}
    done = by_id(run(0, 'state.highstate'))
    assert sorted(done) == ['always', 'of-web'] and done['of-web']['comment'] == 'own'
    assert by_id(run(0, 'state.apply', test=True))['of-web']['result'] is None
    assert sorted(by_id(run(0, 'state.apply', pillar={'role': 'other'}))) == ['always']


def test_a_pillar_that_changes_and_one_that_breaks(run):
    path = os.path.join(run.home, 'pillar', 'common.sls')
    try:
        with open(path, 'w') as stream:
            stream.write('role: db\n')
        assert sorted(by_id(run(0, 'state.sls', 'pilot'))) == ['of-db']
        with open(path, 'w') as stream:
            stream.write('role: [\n')
        refused = run(5, 'state.apply', 'base')
        assert refused[0] == 'Pillar failed to render with the following messages:' and len(refused) > 1
    finally:
        with open(path, 'w') as stream:
            stream.write('role: web\n')


def test_errors(run):
    assert run(1, 'state.apply', 'nosuch') == ["No matching sls found for 'nosuch' in env 'base'"]
    assert run(1, 'state.apply', 'base', saltenv='nosuch') == [
        "No matching salt environment for environment 'nosuch' found", "No matching sls found for 'base' in env 'nosuch'"]


def test_jinja(run, python):
    program = dict(conftest.PYTHONS)[python]
    if subprocess.call([program, '-c', 'import jinja2']) != 0:
        refused = run(1, 'state.apply', 'filled', pillar={'place': run.place})
        assert 'install the extra minion[jinja]' in refused[0] and os.listdir(run.place) == []
        return
    run(0, 'state.apply', 'filled', pillar={'place': run.place, 'port': 81})
    assert content(run.place, 'filled') == 'port: 81 role: web\n'
