"""Encrypted pillar: the renderer gpg, `decrypt_pillar` and `pillar_enc`; outcomes are those of the reference (3008.3)."""
from __future__ import absolute_import, division, print_function

import json

import pytest

from minion import compat, errors
from minion.helpers import gpg
from tests.support import fakeprograms
from tests.support.pillarhost import Host

MESSAGE = '-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----'
SLS = json.dumps({'one': MESSAGE + '\n', 'both': 'a\n%s\nb\n' % MESSAGE, 'deep': [{'x': MESSAGE}, 5, None, 'text\n']})


def secret(tmpdir, monkeypatch, **settings):
    """(a host whose pillar holds PGP messages, its fake gpg that has no answer yet)."""
    programs = fakeprograms.Programs(tmpdir.mkdir('bin'), monkeypatch)
    host = Host(tmpdir, {'base/top.sls': 'base: {"*": [a]}', 'base/a.sls': '#!yaml|gpg\n' + SLS},
                conf_file='@TOP@/minion', **settings)
    return host, programs


def test_messages_are_decrypted_where_they_stand(tmpdir, monkeypatch):
    host, programs = secret(tmpdir, monkeypatch)
    programs.add('gpg', out=u's\xe4fe')
    safe = compat.to_native(u's\xe4fe')
    assert host.pillar() == {'one': safe, 'both': 'a\n%s\nb' % safe, 'deep': [{'x': safe}, 5, None, 'text\n']}
    assert programs.calls() == ['gpg --homedir %s --status-fd 2 --no-tty --batch -d' % tmpdir.join('gpgkeys')] * 3


def test_a_message_that_cannot_be_decrypted(tmpdir, monkeypatch, caplog):
    host, programs = secret(tmpdir, monkeypatch, gpg_keydir='/keys')
    programs.add('gpg', code=2, err=u'no secret key')
    assert host.pillar() == {'_errors': ["Rendering SLS 'a' failed. Please see master log for details."]}
    assert 'Could not decrypt cipher, received: no secret key' in caplog.text
    assert programs.calls()[0].startswith('gpg --homedir /keys ')


def test_a_message_that_need_not_be_decrypted(tmpdir, monkeypatch):
    host, programs = secret(tmpdir, monkeypatch, gpg_decrypt_must_succeed=False)
    programs.add('gpg', code=2)
    assert host.pillar()['one'] == MESSAGE


def test_without_gpg(tmpdir, monkeypatch, caplog):
    def missing(argv, **options):
        raise OSError(2, 'no such file', argv[0])
    host, _ = secret(tmpdir, monkeypatch)
    monkeypatch.setattr(gpg.command, 'run', missing)
    assert list(host.pillar()) == ['_errors'] and 'GPG unavailable' in caplog.text


# ---- decrypt_pillar

DATA = {'secrets': {'vault': MESSAGE + '\n', 'deep': MESSAGE}, 'listy': [MESSAGE, {'x': MESSAGE}], 'plain': 'x'}
MALFORMED = 'decrypt_pillar config option is malformed'


def sealed(tmpdir, monkeypatch, **settings):
    """A host whose pillar is DATA, with a fake gpg that decrypts everything to `safe`."""
    fakeprograms.Programs(tmpdir.mkdir('bin'), monkeypatch).add('gpg', out=u'safe')
    return Host(tmpdir, {'base/top.sls': 'base: {"*": [a]}', 'base/a.sls': json.dumps(DATA),
                         'salt/s.sls': '#!py\ndef run():\n    return {str(__pillar__.get("x")): "test.nop"}\n'},
                conf_file='@TOP@/minion', **settings)


def wrong(key, name):
    return "Failed to decrypt pillar key '%s': '%s' is not a valid decryption renderer. Valid choices are: gpg" % (key, name)


@pytest.mark.parametrize('keys, more', [
    (['secrets'], {}), ([{'secrets': 'gpg'}, 'nosuch', 'plain:z', 'listy:0'], {}), ({'secrets': 'gpg', 'nosuch': 'nix'}, {}),
    ([{'secrets': None}], {}), (['secrets|vault', 'secrets|deep'], {'decrypt_pillar_delimiter': '|'}),
    (['secrets'], {'decrypt_pillar_renderers': []}),
    ([{'secrets': 'gpg'}], {'decrypt_pillar_default': 'nosuch'}),
])
def test_keys_that_the_settings_name_are_decrypted(tmpdir, monkeypatch, keys, more):
    found = sealed(tmpdir, monkeypatch, decrypt_pillar=keys, **more).pillar()
    assert found == dict(DATA, secrets={'vault': 'safe', 'deep': 'safe'})


@pytest.mark.parametrize('setting, more, told', [
    ('secrets', {}, [MALFORMED] * 2), ([{'secrets': None}, {}], {}, [MALFORMED] * 2), ([5, 'secrets'], {}, [MALFORMED] * 2),
    ([{'plain': 'x', 'listy': 'gpg'}], {}, [MALFORMED] * 2), ([{'plain': 'GPG'}], {}, [wrong('plain', 'GPG')] * 2),
    (['plain'], {'decrypt_pillar_default': 'yaml'}, [wrong('plain', 'yaml')] * 2),
    ([{'plain': 'nosuch'}], {'decrypt_pillar_renderers': ['nosuch', 'gpg']},
     ["Failed to decrypt pillar key 'plain': Decryption renderer 'nosuch' is not available"] * 2),
])
def test_what_cannot_be_decrypted_stays_and_is_told(tmpdir, monkeypatch, setting, more, told):
    host = sealed(tmpdir, monkeypatch, decrypt_pillar=setting, **more)
    assert host.pillar() == dict(DATA, _errors=told)
    host.door.refresh('pillar')
    assert host.loader.functions['state.apply']('s') == ['Pillar failed to render with the following messages:'] + told


def test_beside_other_errors_and_with_a_pillar_of_the_call(tmpdir, monkeypatch):
    host = sealed(tmpdir, monkeypatch, decrypt_pillar=['own', {'plain': 'nix'}])
    assert host.pillar(override={'own': MESSAGE}) == dict(DATA, own='safe', _errors=[wrong('plain', 'nix')])
    tmpdir.join('base', 'top.sls').write('base: {"*": [a, b]}')
    assert host.pillar()['_errors'] == ["Specified SLS 'b' in environment 'base' is not available on the salt master",
                                        wrong('plain', 'nix')]


def test_external_pillar_is_decrypted_too(tmpdir, monkeypatch):
    host = sealed(tmpdir, monkeypatch, decrypt_pillar=['x'], ext_pillar=[{'cmd_json': 'cat @TOP@/x.json'}])
    tmpdir.join('x.json').write(json.dumps({'x': MESSAGE, 'y': MESSAGE}))
    assert host.pillar() == dict(DATA, x='safe', y=MESSAGE)


# ---- pillar_enc

ON_ONE_LINE = MESSAGE.replace('\n', '\\n')


@pytest.mark.parametrize('given, found', [
    ({'own': MESSAGE}, {'own': 'safe'}), ({'own': ON_ONE_LINE, 'p': 'a\\nb'}, {'own': 'safe', 'p': 'a\nb'}),
    ({'own': [{'x': MESSAGE}, 5]}, {'own': [{'x': 'safe'}, 5]}), (MESSAGE, {}), ('abc', {}), (5, {}), (None, {}),
])
@pytest.mark.parametrize('encoding', ['gpg', 'GPG'])
def test_pillar_of_a_call(tmpdir, monkeypatch, given, found, encoding):
    items = sealed(tmpdir, monkeypatch).loader.functions['pillar.items']
    assert items(pillar=given, pillar_enc=encoding) == dict(DATA, **found)


@pytest.mark.parametrize('encoding', ['nosuch', 'yaml', 5])
@pytest.mark.parametrize('call', ['pillar.items', 'state.apply'])
def test_a_pillar_that_cannot_be_decrypted_is_refused(tmpdir, monkeypatch, encoding, call):
    function = sealed(tmpdir, monkeypatch).loader.functions[call]
    with pytest.raises(errors.CommandExecutionError) as caught:
        function(*['s'] if call == 'state.apply' else [], pillar={'x': MESSAGE}, pillar_enc=encoding)
    assert str(caught.value) == ("Failed to decrypt pillar override: '%s' is not a valid decryption renderer. "
                                 "Valid choices are: gpg" % encoding)


@pytest.mark.parametrize('given, name', [
    ({'x': MESSAGE}, 'safe'), ({'x': ON_ONE_LINE}, 'safe'), ('x: 5', '5'), (None, 'None'), ('', 'None'), ({}, 'None'),
])
def test_states_see_what_the_pillar_of_a_call_says(tmpdir, monkeypatch, given, name):
    functions = sealed(tmpdir, monkeypatch).loader.functions
    assert list(functions['state.show_sls']('s', pillar=given, pillar_enc='gpg')) == [name]
    assert list(functions['state.apply']('s', pillar=given, pillar_enc='gpg')) == ['test_|-%s_|-%s_|-nop' % (name, name)]


def test_a_message_may_hold_the_whole_mapping(tmpdir, monkeypatch):
    host = sealed(tmpdir, monkeypatch)
    fakeprograms.Programs(tmpdir.mkdir('bin2'), monkeypatch).add('gpg', out=u'{x: one}')
    assert list(host.loader.functions['state.show_sls']('s', pillar=MESSAGE, pillar_enc='gpg')) == ['one']


@pytest.mark.parametrize('given', ['abc', 5, [1], MESSAGE, '{x: 1'])
def test_states_need_a_mapping(tmpdir, monkeypatch, given):
    apply = sealed(tmpdir, monkeypatch).loader.functions['state.apply']
    with pytest.raises(errors.SaltInvocationError) as caught:
        apply('s', pillar=given, pillar_enc='gpg')
    assert str(caught.value) == 'The pillar of the call is no mapping when decrypted'
    with pytest.raises(errors.SaltInvocationError):
        apply('s', pillar=given)
