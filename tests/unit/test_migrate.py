"""Migration without a host: services by init system, processes, the journal and its steps, settings."""
from __future__ import absolute_import, division, print_function

import json
import os

import pytest

from minion import compat, config, errors, files
from minion.commands import migrate, migrate_host, migrate_review, migrate_steps, service_state
from minion.commands.migrate_host import InitService
from minion.commands.migrate_steps import STEPS, Host, Journal, Switch
from tests.support import testkeys

PROCESS = ['/usr/bin/python3', '/usr/bin/salt-minion']
LISTENS = service_state.State(service_state.RUNS, 7, {
    'pid': 7, 'state': 'listening', 'masters': [{'master': 'salt', 'ready': True}]})
WAITS = service_state.State(service_state.RUNS, 7, {
    'pid': 7, 'state': 'signing in', 'masters': [{'master': 'salt', 'ready': False, 'trouble': 'the key waits'}]})
STOPPED = service_state.State(service_state.NOT_RUNNING, None, None)


class FakeHost(object):
    """A system in a folder, with programs that only note their calls, and the two minions as flags."""

    def __init__(self, tmpdir, monkeypatch, kind, boot):
        self.root, self.kind, self.calls = tmpdir, kind, []
        self.old, self.ours, self.broken = True, STOPPED, ()
        self.after_start = LISTENS
        for path in boot:
            if path.endswith('.conf') or path.startswith(('etc/init.d', 'lib/')):
                tmpdir.join(path).write('old', ensure=True)
            else:
                tmpdir.join(path).dirpath().ensure(dir=True)
                os.symlink('/somewhere', str(tmpdir.join(path)))
        self.pki = tmpdir.join('pki').ensure(dir=True)
        self.pki.chmod(0o755)
        self.pki.join('minion.pem').write('key')
        self.pki.join('minion.pem').chmod(0o640)
        tmpdir.join('conf').ensure(dir=True)
        self.host = Host(str(tmpdir), kind, str(tmpdir.join('conf')), str(self.pki), str(tmpdir.join('pid')), 'LOG',
                         '/opt/bin/minion', 0.2)
        monkeypatch.setattr(service_state, 'look', lambda path: self.ours)
        monkeypatch.setattr(migrate_host, 'PAUSE', 0.001)
        monkeypatch.setattr(migrate_steps, 'STOPPING', 0.05)
        monkeypatch.setattr(migrate_steps, 'STARTING', 0.05)
        monkeypatch.setattr(migrate_steps, 'hear_nothing', lambda: None)
        monkeypatch.setattr(Switch, '_signal', staticmethod(self.kill))

    def run(self, words):
        """In place of migrate_host.run()."""
        self.calls.append(' '.join(words))
        if words[0] in self.broken or self.calls[-1] in self.broken:
            return (1, 'it is broken')
        old = any('salt-minion' in word for word in words)
        if 'start' in words or words[-1] == '-d':
            self.old, self.ours = (True, self.ours) if old else (self.old, self.after_start)
        if 'stop' in words:
            self.old, self.ours = (False, self.ours) if old else (self.old, STOPPED)
        return 0, ''

    def kill(self, pid):
        self.calls.append('kill %d' % pid)
        self.old = False

    def look(self, config_dir):
        return {5: PROCESS} if self.old else {}

    def switch(self):
        return Switch(self.host, Journal(self.host.config_dir), lambda text: None, self.run, self.look)

    def tree(self):
        """{path: mode, target or content} of all but the journal."""
        found = {}
        for folder, _, names in os.walk(str(self.root)):
            for name in names:
                path = os.path.join(folder, name)
                if not name.endswith('.json'):
                    found[os.path.relpath(path, str(self.root))] = os.readlink(path) if os.path.islink(path) else (
                        os.stat(path).st_mode, files.read(path))
        return found, os.stat(str(self.pki)).st_mode


BOOT = {'systemd': ['lib/systemd/system/salt-minion.service', 'etc/systemd/system/multi-user.target.wants/salt-minion.service'],
        'sysv': ['etc/init.d/salt-minion', 'etc/rc2.d/S20salt-minion', 'etc/rc0.d/K80salt-minion'],
        'openrc': ['etc/init.d/salt-minion', 'etc/runlevels/default/salt-minion'],
        'upstart': ['etc/init/salt-minion.conf']}


@pytest.fixture(params=sorted(BOOT))
def fake(request, tmpdir, monkeypatch):
    return FakeHost(tmpdir, monkeypatch, request.param, BOOT[request.param])


def test_there_and_back(fake):
    before, switch = fake.tree(), fake.switch()
    switch.forward()
    journal = Journal(fake.host.config_dir).facts
    assert journal['state'] == 'done' and journal['begun'] == list(STEPS) and journal['host']['daemon'] == '/opt/bin/minion'
    assert os.stat(os.path.join(fake.host.config_dir, 'migration.json')).st_mode & 0o777 == 0o600
    assert (fake.old, fake.ours) == (False, LISTENS) and not switch.old.enabled() and switch.ours.definition()
    assert fake.pki.join('minion.pem').stat().mode & 0o777 == 0o400 and fake.pki.stat().mode & 0o777 == 0o700
    assert fake.calls[0] == ' '.join(switch.old.words('stop')) and fake.calls[-1] == ' '.join(switch.ours.words('start'))
    del fake.calls[:]
    fake.switch().back()
    assert fake.tree() == before and fake.old and fake.ours is STOPPED and Journal(fake.host.config_dir).facts is None
    assert fake.calls[0] == ' '.join(switch.ours.words('stop')) and fake.calls[-1] == ' '.join(switch.old.words('start'))


@pytest.mark.parametrize('kind', ['sysv'])
@pytest.mark.parametrize('step', STEPS)
def test_whatever_step_was_the_last_it_goes_on_or_back(tmpdir, monkeypatch, kind, step):
    class Power(BaseException):
        """It fails."""

    def fail(*_):
        raise Power()
    for number, way in enumerate(('forward', 'back')):
        fake = FakeHost(tmpdir.mkdir('host%d' % number), monkeypatch, kind, BOOT[kind])
        before, switch = fake.tree(), fake.switch()
        setattr(switch, '_' + step, fail)
        with pytest.raises(Power):
            switch.forward()
        getattr(fake.switch(), way)()
        if way == 'forward':
            assert Journal(fake.host.config_dir).facts['state'] == 'done' and fake.ours is LISTENS and not fake.old
            fake.switch().back()
        assert fake.tree() == before and fake.old and fake.ours is STOPPED


def test_what_does_not_listen_is_taken_back(fake):
    before, fake.after_start = fake.tree(), WAITS
    with pytest.raises(errors.MinionError) as caught:
        fake.switch().forward()
    assert str(caught.value) == ('this minion does not listen within 0.2 s: the key waits; all is as it was before, '
                                 'salt-minion runs as process 5') and caught.value.exit_code == 1
    assert fake.tree() == before and fake.old and Journal(fake.host.config_dir).facts is None


def test_what_does_not_start_is_taken_back(fake):
    before, switch = fake.tree(), fake.switch()
    fake.broken = (' '.join(switch.ours.words('start')),)
    with pytest.raises(errors.MinionError) as caught:
        switch.forward()
    assert str(caught.value).startswith('this minion did not start: it is broken; all is as it was before')
    assert fake.tree() == before and fake.old


def test_an_interruption_takes_all_back(fake):
    before, switch = fake.tree(), fake.switch()

    def interrupt(_):
        raise KeyboardInterrupt()
    switch._start = interrupt
    with pytest.raises(errors.MinionError) as caught:
        switch.forward()
    assert str(caught.value).startswith('interrupted; all is as it was before, ') and fake.tree() == before and fake.old


def test_neither_there_nor_back(fake):
    fake.after_start = WAITS
    fake.broken = (' '.join(InitService('/', fake.kind, 'salt-minion').words('start')),)
    with pytest.raises(errors.HalfMigrated) as caught:
        fake.switch().forward()
    assert caught.value.exit_code == 2 and 'salt-minion did not start: it is broken; correct that' in str(caught.value)
    fake.broken = ()
    fake.switch().back()                                     # the journal was kept
    assert fake.old and Journal(fake.host.config_dir).facts is None


def test_what_did_not_run_is_not_started_on_the_way_back(fake):
    fake.old, before = False, fake.tree()
    fake.switch().forward()
    fake.switch().back()
    assert not fake.old and fake.tree() == before and not [call for call in fake.calls if call.endswith('salt-minion start')]


def test_one_that_no_service_started(tmpdir, monkeypatch):
    fake = FakeHost(tmpdir, monkeypatch, 'sysv', [])
    fake.switch().forward()
    assert fake.calls[0] == 'kill 5'
    fake.switch().back()
    assert fake.calls[-1] == '/usr/bin/python3 /usr/bin/salt-minion -c %s -d' % fake.host.config_dir and fake.old


def test_one_that_does_not_end_keeps_its_place(fake, monkeypatch):
    monkeypatch.setattr(Switch, '_signal', staticmethod(lambda pid: None))
    fake.broken = (' '.join(InitService('/', fake.kind, 'salt-minion').words('stop')),)
    before = fake.tree()
    with pytest.raises(errors.MinionError) as caught:
        fake.switch().forward()
    assert 'process 5 of salt-minion does not end' in str(caught.value) and fake.tree() == before and fake.old


def test_a_salt_minion_that_comes_back_meanwhile_is_not_joined(fake):
    switch = fake.switch()

    def install(before):
        fake.old = True
    switch._install = install
    with pytest.raises(errors.MinionError) as caught:
        switch.forward()
    assert 'process 5 of salt-minion has been started meanwhile' in str(caught.value) and fake.ours is STOPPED


def test_our_service_that_was_there_stays(fake):
    fake.switch().plan.install()
    before = fake.tree()
    fake.switch().forward()
    fake.switch().back()
    assert fake.tree() == before


@pytest.mark.parametrize('text', [b'{', b'[]', b'{"version": 2, "begun": [], "before": {"a": 1}}', b'\xff',
                                  b'{"version": 1, "begun": ["other"], "before": {"a": 1}}'])
def test_a_damaged_journal(tmpdir, text):
    tmpdir.join('migration.json').write_binary(text)
    with pytest.raises(errors.ConfigError) as caught:
        Journal(str(tmpdir))
    assert str(tmpdir.join('migration.json')) + ' is damaged' in str(caught.value)


# ---- the command

def test_it_takes_root_and_one_at_a_time(tmpdir, monkeypatch, capfd):
    tmpdir.join('minion').write('root_dir: %s\nid: m1\n' % tmpdir)
    monkeypatch.setattr(os, 'geteuid', lambda: 1)
    assert migrate.main(['-c', str(tmpdir), '--run']) == 77 and migrate.main(['-c', str(tmpdir), '--back']) == 77
    monkeypatch.setattr(os, 'geteuid', lambda: 0)
    monkeypatch.setattr(migrate.migrate_job, 'above', lambda: None)
    with migrate._alone(str(tmpdir)):
        assert migrate.main(['-c', str(tmpdir), '--back']) == 1
    err = capfd.readouterr()[1]
    assert err.count('run this as root') == 2 and 'another migration is under way' in err
    assert migrate.main(['-c', str(tmpdir), '--back']) == 1
    assert 'no migration was done' in capfd.readouterr()[1]


# ---- processes

@pytest.mark.parametrize('line, place', [
    ('/usr/bin/salt-minion', 0), ('/usr/bin/python3 /usr/bin/salt-minion -d', 1), ('python2.7 -E -s /opt/salt-minion', 3),
    ('/opt/saltstack/salt/bin/python3.10 /usr/bin/salt-minion MultiMinionProcessManager', 1),
    ('/opt/saltstack/salt/run/run minion', 1), ('/bin/sh /etc/init.d/salt-minion stop', None), ('vi salt-minion', None),
    ('python3 /usr/bin/minion salt-minion', None), ('tail -f /var/log/salt/minion', None), ('python3', None), ('', None)])
def test_which_process_is_a_salt_minion(line, place):
    assert migrate_host.program(line.split()) == place


@pytest.mark.parametrize('line, folder', [
    ('', '/etc/salt'), ('-d', '/etc/salt'), ('-c /a -d', '/a'), ('-d --config-dir /a', '/a'), ('--config-dir=/a', '/a'),
    ('-c/a', '/a'), ('-c', '/etc/salt')])
def test_its_configuration(line, folder):
    assert migrate_host._config_dir(['salt-minion'] + line.split()) == folder


def test_programs_are_run():
    assert migrate_host.run(['sh', '-c', 'echo a; echo b >&2; exit 3']) == (3, 'a\nb')
    assert migrate_host.run(['no-such-program']) == (None, '')


# ---- settings, keys, modules

def conf_of(tmpdir, text=''):
    tmpdir.join('conf', 'minion').write('root_dir: %s\n%s' % (tmpdir, text), ensure=True)
    return config.load(str(tmpdir.join('conf')))


def test_settings_that_differ_are_named(tmpdir):
    conf = conf_of(tmpdir, 'ipc_mode: tcp\nmultiprocessing: False\nengines: [{a: {}}]\nmy.own: 1\nlog_level: info\n'
                           'tcp_pub_port: 4510\nstartup_states: highstate\n')
    texts = ['%s %s' % (one.level, one.text) for one in migrate_review.differing(conf)]
    where = str(tmpdir.join('conf', 'minion'))
    assert 'note %s: ipc_mode: no effect here: there is no local event bus.' % where in texts
    assert 'note %s: multiprocessing: no effect here: a job is a thread.' % where in texts
    assert 'note Not known here, kept for modules that read them: my.own.' in texts
    assert not any('log_level' in text or 'tcp_pub_port' in text for text in texts)      # the same; a default
    assert not any('engines' in text for text in texts)                                  # a note of the configuration
    assert not any('startup_states' in text for text in texts)


def pair(tmpdir, name='minion'):
    folder = tmpdir.join('etc', 'salt', 'pki', 'minion').ensure(dir=True)
    files.write(str(folder.join('minion.pem')), files.read(testkeys.path('minion')), 0o400, sync=False)
    public = testkeys.private(name).public.pem
    files.write(str(folder.join('minion.pub')), compat.to_bytes(public), 0o644, sync=False)
    return folder


def test_keys_are_looked_at(tmpdir):
    conf, folder = conf_of(tmpdir), pair(tmpdir)
    assert [one.level for one in migrate_review.own_key(conf)] == ['ok', 'ok']
    assert migrate_review.own_key(conf)[0].text == 'Both halves match, 2048 bits.'
    folder.join('minion.pub').remove()
    assert 'is missing and made anew' in migrate_review.own_key(conf)[0].text
    folder.join('minion.pub').write('torn')
    assert [one.level for one in migrate_review.own_key(conf)] == ['ok', 'warning']
    pair(tmpdir, 'master')
    found, = migrate_review.own_key(conf)
    assert found.level == 'error' and 'is not the public half of' in found.text
    assert migrate_review.master_keys(conf)[0].level == 'note'
    folder.join('minion_master.pub').write(testkeys.private('master').public.pem)
    assert migrate_review.master_keys(conf)[0].text.startswith('Pinned in %s: ' % folder.join('minion_master.pub'))
    folder.join('minion_master.pub').write('torn')
    assert migrate_review.master_keys(conf)[0].level == 'error'


def test_the_key_that_signs_the_masters(tmpdir):
    conf = conf_of(tmpdir, 'verify_master_pubkey_sign: True\n')
    assert [one.level for one in migrate_review.master_keys(conf)] == ['note', 'error']
    pair(tmpdir).join('master_sign.pub').write('key')
    assert migrate_review.master_keys(conf)[1].text.endswith('master_sign.pub is used as it is.')


def test_synced_modules_are_counted(tmpdir):
    conf = conf_of(tmpdir)
    assert migrate_review.modules(conf) == [] and migrate_review.kept(conf) == []
    for name in ('modules/a.py', 'modules/b.py', 'modules/__pycache__/c.pyc', 'engines/e.py'):
        tmpdir.join('var/cache/salt/minion/extmods/' + name).write('', ensure=True)
    found = migrate_review.modules(conf)
    assert '3 files' in found[0].text and 'saltutil.sync_all' in found[0].remedy
    assert [one.text for one in found[1:]] == ['Nothing here loads those of the kind engines.']
    tmpdir.join('conf', 'grains').write('a: 1\n')
    assert migrate_review.kept(conf)[0].text == 'Used as they are: %s.' % tmpdir.join('conf', 'grains')


def test_the_journal_reads_as_it_was_written(tmpdir):
    journal = Journal(str(tmpdir))
    host = Host('/', 'sysv', '/etc/salt', '/pki', '/pid', '/log', '/bin/minion', 60)
    journal.begin(host, {'running': True})
    journal.note('stop')
    journal.note('stop')
    again = Journal(str(tmpdir))
    assert again.facts['begun'] == ['stop'] and Host(**again.facts['host']) == host
    assert json.loads(tmpdir.join('migration.json').read())['state'] == 'under way'
    again.close()
    assert Journal(str(tmpdir)).facts is None
