"""Advisories against the reference and what each asks of a minion: the parts that need no wire. See functional/test_cve*.py."""
from __future__ import absolute_import, division, print_function

import ast
import io
import logging
import os
import stat

import pytest

from minion import (auth, compat, config, errors, files, hostnames, identity, keys, logs, ownership, payload, pem, pillar,
                    prepare, protocol, publication, returns, session, spool, trust, yamlfile)
from minion.crypticle import Crypticle, new_key
from minion.helpers import rendererror, slsyaml
from tests.support import testkeys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MINION, MASTER, OTHER = (testkeys.private(name) for name in ('minion', 'master', 'other'))
NONCE = '0123456789abcdef' * 2
RULES = auth.Rules(2, '', 'sha256', False, False, False, None)


def identity_of(name='web1'):
    return protocol.Identity(name, MINION, MINION.public.pem, MINION.sign_x931(b'salt'), 'OAEP-SHA1', 'PKCS1v15-SHA1')


def made_session(number=3, master=MASTER):
    aes, own = [Crypticle(compat.to_bytes(new_key())) for _ in range(2)]
    return session.Session(1, 'salt', 'tcp://127.0.0.1:1', 'tcp://127.0.0.1:2', protocol.GENERATIONS[number], aes,
                           own if number >= 3 else None, master.public, '0' * 16, '1' * 16, 0, 0.0)


def program():
    """[(name, syntax tree)] of every file of the program."""
    found = []
    for folder, _, names in os.walk(os.path.join(TOP, 'minion')):
        for name in names:
            if name.endswith('.py'):
                with io.open(os.path.join(folder, name), encoding='utf-8') as stream:
                    found.append((os.path.join(folder, name), ast.parse(stream.read().encode('utf-8'))))
    return found


PROGRAM = program()


def calls():
    """(file, dotted name of what is called, {keyword: syntax tree}) of every call in the program."""
    for path, tree in PROGRAM:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield path, dotted(node.func), dict((word.arg, word.value) for word in node.keywords)


def dotted(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return '.'.join([node.id] + parts[::-1]) if isinstance(node, ast.Name) else '.'.join(parts[::-1])


def texts():
    """(file, text) of every literal."""
    for path, tree in PROGRAM:
        for node in ast.walk(tree):
            value = getattr(node, 's', None) if type(node).__name__ == 'Str' else getattr(node, 'value', None)
            if compat.is_text(value):
                yield path, value


def test_the_readers_above_see_the_program():
    assert len(PROGRAM) > 100 and sum(1 for _ in calls()) > 3000
    assert any(name == 'subprocess.Popen' for _, name, _ in calls())
    assert any(value == 'minion_master.pub' for _, value in texts())


# ---- keys

def test_without_number_2013_keys_with_exponent_1(tmpdir):
    """0.15.1, and again in 2017: keys whose exponent is 1 hide nothing."""
    assert keys.EXPONENT == MINION.public.e == 65537
    assert config.load(str(tmpdir))['keysize'] == 2048
    short = config.load(folder_with(tmpdir.mkdir('short'), b'keysize: 1024\n'))
    assert short['keysize'] == 2048                               # whatever the settings say
    weak = pem.write_public(MASTER.public.n, 1)
    with pytest.raises(errors.KeyFileError) as caught:
        keys.PublicKey.from_pem(weak, 'minion_master.pub')
    assert 'exponent' in str(caught.value)
    inner = {'enc': 'pub', 'pub_key': weak, 'publish_port': 4505, 'nonce': NONCE, 'aes': b'x', 'sig': b'x', 'session': b'x'}
    load = payload.pack(inner)
    store = trust.Trust(str(tmpdir))
    with pytest.raises(errors.UntrustedMaster) as caught:
        auth.SignIn(identity_of(), store, RULES).read(
            payload.pack({'enc': 'clear', 'load': load, 'sig': MASTER.sign(load, 'PKCS1v15-SHA1')}), NONCE)
    assert 'no usable master key' in str(caught.value) and store.master_key() is None


@pytest.mark.parametrize('n, e', [(MASTER.public.n, 2), ((1 << 1022) + 1, 65537), (MASTER.public.n, 65536)])
def test_without_number_2013_weak_keys_are_not_stored(tmpdir, n, e):
    with pytest.raises(errors.KeyFileError):
        trust.Trust(str(tmpdir)).pin(keys.PublicKey.from_pem(pem.write_public(n, e)))
    assert tmpdir.listdir() == []


# ---- YAML

UNSAFE = [b'a: !!python/object/apply:os.system ["touch %s"]', b'a: !!python/object/new:os.system ["touch %s"]',
          b'a: !!python/name:os.system', b'a: !!python/object:minion.errors.MinionError {}', b'a: !!python/module:os',
          b'!!python/object/apply:os.system ["touch %s"]: a']


def folder_with(folder, data):
    folder.join('minion').write_binary(data)
    return str(folder)


@pytest.mark.parametrize('text', UNSAFE)
def test_cve_2013_4438_unsafe_yaml(tmpdir, text):
    text = text.replace(b'%s', compat.to_bytes(str(tmpdir.join('ran'))))
    with pytest.raises(errors.ConfigError):
        config.load(folder_with(tmpdir, text))
    with pytest.raises(errors.ConfigError):
        yamlfile.parse(text, 'the file grains')
    with pytest.raises(rendererror.SaltRenderError):
        slsyaml.load(text)
    tmpdir.join('grains').write_binary(text)
    with pytest.raises(errors.ConfigError):
        yamlfile.read_mapping(str(tmpdir.join('grains')))
    assert not tmpdir.join('ran').check()


def test_cve_2025_62348_no_loader_but_the_safe_one_anywhere():
    """Also of CVE-2013-4438: `junos` of the reference loaded what devices say with the unsafe loader."""
    for path, name, words in calls():
        last = name.rpartition('.')[2]
        assert last not in ('full_load', 'unsafe_load', 'load_all', 'full_load_all', 'unsafe_load_all'), path
        if last == 'load' and name.startswith('yaml'):
            assert ast.dump(words['Loader']).count('_loader_class') == 1, path
        assert name not in ('pickle.load', 'pickle.loads', 'cPickle.loads'), path
    bases = [dotted(base) for _, tree in PROGRAM for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
             for base in node.bases]
    assert set(base for base in bases if base.startswith('yaml.')) <= {'yaml.SafeLoader', 'yaml.SafeDumper'}


# ---- ids

BAD_IDS = ['../other', '..', 'a/b', '/etc/passwd', 'a\\b', 'a\0b', 'a\nb', 'a\x1bb', '.hidden', 'a..b', ' ', 'x' * 254]


@pytest.mark.parametrize('source', ['setting', 'minion_id', 'id_function', 'host name'])
def test_cve_2013_4439_cve_2017_12791_cve_2017_14695_crafted_ids(tmpdir, source):
    """No id with a path in it is ever sent, wherever it comes from."""
    conf = config.load(str(tmpdir.mkdir('etc'))).with_values(root_dir=str(tmpdir))
    for number, bad in enumerate(BAD_IDS):
        if source == 'minion_id' and bad.strip() != bad or source != 'setting' and not bad.strip('\0 '):
            continue
        given = {}
        if source == 'setting':
            conf = conf.with_values(id=bad)
        elif source == 'minion_id':
            tmpdir.join('etc', 'salt').ensure(dir=True).join('minion_id').write(bad)
        elif source == 'id_function':
            conf = conf.with_values(id_function='mod.fun', minion_id_caching=False)
            given = {'function': lambda name, keywords: bad}
        with pytest.raises(errors.ConfigError):
            identity.resolve(conf, host=FakeHost(bad), **given)
        assert not (source != 'minion_id' and tmpdir.join('etc', 'salt', 'minion_id').check()), number


class FakeHost(object):
    """Stands in for hostnames.Host."""

    def __init__(self, name):
        self._name = name

    def candidates(self):
        return [self._name], True


def test_a_host_that_names_itself_well_is_taken(tmpdir):
    conf = config.load(str(tmpdir.mkdir('etc'))).with_values(root_dir=str(tmpdir))
    assert identity.resolve(conf, host=FakeHost('web1'))[0] == 'web1' and hostnames.is_loopback('localhost')


# ---- what is sent

def test_cve_2017_14696_a_sign_in_is_always_of_the_same_shape(tmpdir):
    store = trust.Trust(str(tmpdir))
    for pinned in (False, True):
        if pinned:
            store.pin(MASTER.public)
        outer = payload.unpack(auth.SignIn(identity_of(u'b\xfccher'), store, RULES).request(NONCE))
        assert sorted(outer) == [b'enc', b'load', b'version'] and outer[b'enc'] == b'clear' and outer[b'version'] == 3
        load = outer[b'load']
        assert sorted(load) == sorted([b'cmd', b'id', b'nonce', b'pub', b'enc_algo', b'sig_algo'] + [b'token'] * pinned)
        assert all(isinstance(value, bytes) for value in load.values())
        assert load[b'cmd'] == b'_auth' and load[b'id'] == u'b\xfccher'.encode('utf-8')


LOADS = [
    {'cmd': '_return', 'id': 'web1', 'jid': '20260101000000000000', 'fun': 'test.ping', 'fun_args': [], 'return': True,
     'retcode': 0, 'success': True},
    returns.event('web1', 'salt/minion/web1/start', 'x'),
    {'cmd': '_pillar', 'id': 'web1', 'grains': {}, 'saltenv': None, 'pillarenv': None, 'pillar_override': {}, 'ver': '2'},
    {'cmd': '_master_opts', 'env_only': True}, {'cmd': '_file_hash', 'path': 'a', 'saltenv': 'base'},
    {'cmd': '_mine_get', 'id': 'other', 'tgt': '*', 'fun': 'test.ping'},
]


@pytest.mark.parametrize('load', LOADS, ids=lambda load: load['cmd'])
def test_cve_2024_38822_every_request_proves_whose_it_is(load):
    current, me = made_session(), identity_of()
    frame, nonce = protocol.seal(current, me, load, 1234.5)
    outer = payload.unpack(frame)
    assert (outer[b'enc'], outer[b'version'], outer[b'id']) == (b'aes', 3, b'web1')
    inner = current.session_crypticle.loads(outer[b'load'])
    assert inner[b'id'] == b'web1' and inner[b'ts'] == 1234 and inner[b'nonce'] == compat.to_bytes(nonce)
    assert MINION.public.recover(inner[b'tok']) == b'salt'
    with pytest.raises(errors.CrypticleError):           # nothing of it goes under the key that all minions share
        current.publish_crypticle.loads(outer[b'load'])


def test_cve_2024_38823_no_request_is_ever_sent_twice():
    """A retry is a new request: other nonce, other time, other bytes."""
    for number in (2, 3):
        current, me, frames, nonces = made_session(number), identity_of(), set(), set()
        box = protocol.GENERATIONS[number].crypticle(current)
        for second in range(50):
            frame, nonce = protocol.seal(current, me, LOADS[0], second)
            inner = box.loads(payload.unpack(frame)[b'load'])
            assert inner[b'nonce'] == compat.to_bytes(nonce) and inner.get(b'ts', second) == second
            frames.add(frame)
            nonces.add(nonce)
        assert len(frames) == len(nonces) == 50
        assert all(len(nonce) == 32 for nonce in nonces)


@pytest.mark.parametrize('jid', ['../../etc/cron.d/x', '/x', 'a/b', '..', 'a\0b', 'a\nb', '', 'x' * 200, ' 1', '1\n'])
def test_cve_2024_22231_and_later_no_path_comes_back_as_a_job_id(jid):
    """What a job names is what a return names: it becomes a file there, and here (proc, stored returns)."""
    current = made_session()
    job = {'fun': 'test.ping', 'arg': [], 'tgt': '*', 'jid': jid}
    package = publication.Package(current.publish_crypticle.dumps(job), None, 'PKCS1v15-SHA1')
    with pytest.raises(publication.Refused) as caught:
        publication.open_package(package, current, False)
    assert 'job id' in str(caught.value)


def test_cve_2025_22239_our_own_events_stay_below_our_own_tags():
    """Events that nobody asked for: start, disk, and a job's progress."""
    made = returns.start_events('web1', False, 0) + [returns.disk_event('web1', '/x', 'full')]
    assert all(event['tag'].startswith('salt/minion/web1/') and event['id'] == 'web1' for event in made)
    assert returns.start_events('web1', True, 0)[0]['tag'] == 'minion_start'     # the one old tag, which can be switched off


# ---- files

def test_cve_2014_3563_cve_2015_1838_cve_2015_1839_temporary_files(tmpdir, monkeypatch):
    """No name can be known before, what is planted is not followed, nobody else can read it at any moment."""
    seen, rename = [], os.rename

    def look(source, target):
        seen.append((os.path.basename(source), stat.S_IMODE(os.lstat(source).st_mode), stat.S_ISLNK(os.lstat(source).st_mode)))
        rename(source, target)
    monkeypatch.setattr(os, 'rename', look)
    victim = tmpdir.join('victim')
    victim.write('untouched')
    target = tmpdir.join('state')
    target.mksymlinkto(victim)
    before = os.umask(0)
    try:
        for number in range(5):
            files.write(str(target), compat.to_bytes('secret %d' % number))
    finally:
        os.umask(before)
    assert victim.read() == 'untouched' and not os.path.islink(str(target))
    assert len(set(name for name, _, _ in seen)) == 5 and all(mode == 0o600 and not link for _, mode, link in seen)


def test_cve_2014_3563_cve_2015_1838_cve_2015_1839_no_fixed_name_below_tmp():
    for path, value in texts():
        assert not value.startswith(('/tmp/', '/var/tmp/')), path
    for path, name, _ in calls():
        assert name not in ('tempfile.mktemp', 'os.tempnam', 'os.tmpnam'), path


def test_cve_2021_22004_a_configuration_that_others_can_change(tmpdir):
    """The folder above, the file, and the link that leads there."""
    folder = tmpdir.mkdir('etc')
    path = folder.join('minion')
    path.write('')
    link = tmpdir.join('link')
    link.mksymlinkto(folder)
    owners = (os.geteuid(), 0)
    ownership.check(str(link.join('minion')), 'configuration', owners)
    for one, mode in ((path, 0o666), (folder, 0o777), (path, 0o620), (folder, 0o770)):
        before = stat.S_IMODE(os.stat(str(one)).st_mode)
        os.chmod(str(one), mode)
        for way in (path, link.join('minion')):
            with pytest.raises(errors.UnsafePermissions) as caught:
                ownership.check(str(way), 'configuration', owners)
            assert 'can be written by others' in str(caught.value)
        os.chmod(str(one), before)
    with pytest.raises(errors.UnsafePermissions):
        ownership.check(str(path), 'configuration', (os.geteuid() + 12345,))


@pytest.mark.skipif(os.geteuid() != 0, reason='only root is warned of what others could make it do')
def test_cve_2021_22004_root_refuses_to_start_from_it(tmpdir):
    folder = tmpdir.mkdir('etc')
    folder.join('minion').write('root_dir: %s\nid: m1\n' % tmpdir)
    os.chmod(str(folder.join('minion')), 0o666)
    with pytest.raises(errors.UnsafePermissions):
        prepare.check(config.load(str(folder)))


# ---- shells, TLS

def test_cve_2020_28243_cve_2021_31607_no_shell_sees_what_the_host_says():
    """Names of processes and files of any kind: programs are started with lists, no string goes through a shell."""
    for path, name, words in calls():
        assert name not in ('os.system', 'os.popen', 'commands.getoutput', 'subprocess.getoutput',
                            'subprocess.getstatusoutput'), path
        shell = words.get('shell')
        if path.endswith('saltlike/utils/decorators/__init__.py'):
            continue                                 # a plug-in's own words, as its author wrote them: depends('cmd ...')
        if name.startswith('subprocess.') and shell is not None:
            assert getattr(shell, 'value', getattr(shell, 'id', None)) in (False, 'False'), path


def test_cve_2020_28972_cve_2020_35662_cve_2015_4017_nothing_switches_off_the_check_of_certificates():
    for path, name, words in calls():
        assert name.rpartition('.')[2] != '_create_unverified_context', path
        assert getattr(words.get('check_hostname'), 'value', True) is not False, path


# ---- secrets

SECRETS = ['http://web:hunter2@example.org/x', 'password=hunter2', "passwd: 'hunter2'", 'token="hunter2"', 'api_key=hunter2',
           "{'secret': 'hunter2'}", 'db_password: hunter2']


@pytest.mark.parametrize('text', SECRETS)
def test_cve_2015_6918_cve_2021_25284_no_credential_in_the_log(tmpdir, text):
    conf = config.load(str(tmpdir)).with_values(log_file=str(tmpdir.join('log')), log_level_logfile='all')
    console = io.StringIO() if not compat.PY2 else io.BytesIO()
    root = logging.getLogger()
    level = root.level
    try:
        logs.setup(conf, 'all', stream=console)
        for number in (1, 10, 20, 30, 40, 50):
            logging.getLogger('minion.test').log(number, 'a job says %s', text)
        try:
            raise ValueError(text)
        except ValueError:
            logging.getLogger('minion.test').exception('it failed')
    finally:
        for sink in root.handlers[:]:
            if type(sink).__module__ == 'minion.logsinks':
                root.removeHandler(sink)
                sink.close()
        root.setLevel(level)
    written = tmpdir.join('log').read() + console.getvalue()
    assert 'a job says' in written and 'it failed' in written and 'hunter2' not in written


# ---- identity

def test_cve_2016_9639_a_new_key_inherits_nothing(tmpdir):
    """What was meant for the old key's master session is not sent under the new one: the spool knows whose it is."""
    folder = str(tmpdir)
    old = spool.Spool(folder, 'web1 old-key', 'aa', 1 << 20, 3600.0, lambda: None)
    old.put({'cmd': '_return', 'jid': '1'}, 'master')
    for owner in ('web1 new-key', 'web2 old-key'):
        other = spool.Spool(folder, owner, 'aa', 1 << 20, 3600.0, lambda: None)
        other.load()
        assert len(other) == 1 and other.take('master') is None
    same = spool.Spool(folder, 'web1 old-key', 'aa', 1 << 20, 3600.0, lambda: None)
    same.load()
    assert same.take('another master') is None and same.take('master')[1]['jid'] == b'1'


# ---- dependencies

def test_cve_2026_what_the_reference_bundles_is_not_carried_here():
    """No OpenSSL, SQLite, tornado, pyOpenSSL or cryptography: these are all that the program needs, and no more."""
    with io.open(os.path.join(TOP, 'setup.cfg'), encoding='utf-8') as stream:
        section = stream.read().partition('install_requires =')[2].partition('[')[0]
    names = set(line.strip().split('>')[0].split('=')[0].split(';')[0].strip().lower()
                for line in section.splitlines() if line.strip() and not line.strip().startswith('#'))
    assert names == {'pyzmq', 'rsa', 'pyyaml', 'click', 'msgpack', 'pycryptodomex'}
    for path, tree in PROGRAM:
        for node in ast.walk(tree):
            found = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            found += [node.module or ''] if isinstance(node, ast.ImportFrom) and not node.level else []
            for name in found:
                if name.split('.')[0] == 'salt' and '/saltlike/' in path or path.endswith('/modules/sqlite3.py'):
                    continue                         # in the place of that package; on Python's own library
                assert name.split('.')[0] not in ('tornado', 'OpenSSL', 'cryptography', 'sqlite3', 'M2Crypto', 'salt'), path


def test_cve_2024_37088_errors_in_the_pillar_are_told_and_stay_visible(caplog):
    """The master renders what it can and lists the rest: nobody may take that for a whole pillar."""
    answer = {'role': 'web', '_errors': ['Rendering SLS common failed']}
    found = pillar.fetch(lambda load: dict(answer), 'm1', {'os': 'Debian'})
    assert found['_errors'] == ['Rendering SLS common failed'] and found['role'] == 'web'
    assert 'the master reports an error in the pillar: Rendering SLS common failed' in caplog.text
