"""Folders, modes, owners and accounts at start. What needs root is skipped without it."""
from __future__ import absolute_import, division, print_function

import errno
import logging
import os
import pwd
import stat

import pytest

from minion import accounts, compat, config, errors, ownership, prepare

ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason='only root may give files away')
OTHER = 12345                                                # a number that no account here needs to have


@pytest.fixture
def conf(tmpdir):
    """A configuration with everything below an empty folder."""
    folder = tmpdir.mkdir('etc')
    folder.join('minion').write('root_dir: %s\n' % tmpdir.join('root'))
    folder.join('minion').chmod(0o644)
    folder.chmod(0o755)
    return config.load(str(folder))


@pytest.fixture
def nobody():
    try:
        return pwd.getpwnam('nobody')
    except KeyError:
        pytest.skip('no account nobody')


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def tree(folder):
    return [path for path, _, _ in os.walk(folder)]


# ---- folders

@pytest.mark.parametrize('umask', [0, 0o022, 0o077, 0o777])
def test_folders_are_made_closed_whatever_the_umask(conf, umask):
    old = os.umask(umask)
    try:
        prepare.prepare(conf)
    finally:
        os.umask(old)
    root = conf['root_dir']
    expected = ['etc/salt/pki/minion', 'var/cache/salt/minion', 'var/cache/salt/minion/proc', 'var/run/salt/minion',
                'var/cache/salt/minion/spool', 'var/cache/salt/minion/jobs', 'var/cache/salt/minion/extmods',
                'var/log/salt']
    made = tree(root)
    assert not [name for name in expected if os.path.join(root, name) not in made]
    assert set(mode(path) for path in made) == {0o700}
    assert mode(os.path.join(conf.config_dir, 'minion.d')) == 0o700


def test_again_changes_nothing(conf):
    prepare.prepare(conf)
    before = sorted(tree(conf['root_dir']))
    prepare.prepare(conf)
    assert sorted(tree(conf['root_dir'])) == before


@pytest.mark.parametrize('given, group_may, expected', [
    (0o755, False, 0o700), (0o700, False, 0o700), (0o750, False, 0o750), (0o500, False, 0o700), (0o750, True, 0o750),
    (0o770, True, 0o770), (0o775, True, 0o770)])
def test_the_key_folder_is_closed(conf, given, group_may, expected):
    compat.make_dirs(conf['pki_dir'])
    os.chmod(conf['pki_dir'], given)
    prepare.prepare(conf.with_values(permissive_pki_access=group_may))
    assert mode(conf['pki_dir']) == expected


def test_other_folders_of_the_reference_stay_as_they_are(conf):
    compat.make_dirs(conf['cachedir'], 0o755)
    prepare.prepare(conf)
    assert mode(conf['cachedir']) == 0o755


def test_verify_env_off_makes_nothing(conf):
    conf = conf.with_values(verify_env=False)
    with pytest.raises(errors.Forbidden, match='^pki_dir: '):
        prepare.prepare(conf)
    compat.make_dirs(conf['pki_dir'])
    prepare.prepare(conf)
    assert not os.path.exists(conf['cachedir'])


@pytest.mark.parametrize('name', ['pki_dir', 'cachedir'])
def test_a_file_in_place_of_a_needed_folder(conf, tmpdir, name):
    tmpdir.join('file').write('')
    path = str(tmpdir.join('file', 'below'))
    with pytest.raises(errors.ConfigError) as caught:
        prepare.prepare(conf.with_values(**{name: path}))
    assert str(caught.value) == '%s: the folder %s cannot be made: File exists' % (name, path)


@pytest.mark.parametrize('name', ['sock_dir', 'extension_modules'])
def test_a_folder_that_is_not_needed_is_only_missed(conf, tmpdir, name, caplog):
    tmpdir.join('file').write('')
    with caplog.at_level(logging.WARNING):
        prepare.prepare(conf.with_values(**{name: str(tmpdir.join('file', 'below'))}))
    assert '%s: the folder %s cannot be made' % (name, tmpdir.join('file', 'below')) in caplog.text


@pytest.mark.parametrize('number, outcome', [
    (errno.ENOSPC, None), (errno.EROFS, None), (errno.EACCES, errors.Forbidden), (errno.ENOTDIR, errors.ConfigError)])
def test_a_full_disk_is_no_reason_not_to_start(conf, monkeypatch, number, outcome):
    make = compat.make_dirs

    def make_dirs(path, mode=0o700, owner=None):
        if path.startswith(conf['cachedir']):
            raise OSError(number, os.strerror(number), path)
        make(path, mode, owner)

    monkeypatch.setattr(compat, 'make_dirs', make_dirs)
    if outcome is None:
        prepare.prepare(conf)
    else:
        with pytest.raises(outcome, match='^cachedir: the folder %s ' % conf['cachedir']):
            prepare.prepare(conf)


# ---- accounts

def test_an_unknown_account(conf):
    with pytest.raises(errors.UnknownUser) as caught:
        prepare.prepare(conf.with_values(user='no-such-account'))
    assert caught.value.exit_code == 67 and 'The user is not available.' in str(caught.value)


def test_an_account_by_number():
    assert accounts.lookup('0').pw_name == pwd.getpwuid(0).pw_name
    with pytest.raises(errors.UnknownUser):
        accounts.lookup('99999999999999999999')


def test_nothing_is_given_away_to_oneself():
    assert accounts.new_owner(accounts.current()) is None


@pytest.mark.skipif(ROOT, reason='root may become anybody')
def test_only_root_becomes_somebody_else(conf):
    with pytest.raises(errors.Forbidden, match='cannot become this account'):
        prepare.prepare(conf.with_values(user='root'))


@as_root
def test_folders_are_made_for_the_account(conf, nobody):
    prepare.prepare(conf.with_values(user='nobody'))
    assert set(os.stat(path).st_uid for path in tree(conf['root_dir'])) == {nobody.pw_uid}


@as_root
def test_what_root_left_is_given_to_the_account(conf, nobody, tmpdir):
    prepare.prepare(conf)
    key = os.path.join(conf['pki_dir'], 'minion.pem')
    inner = os.path.join(conf['cachedir'], 'files', 'deep')
    os.makedirs(inner)
    for path in (key, os.path.join(inner, 'x')):
        with open(path, 'w'):
            pass
    prepare.prepare(conf.with_values(user='nobody'))
    for path in (key, inner, os.path.join(inner, 'x'), conf['cachedir']):
        assert os.stat(path).st_uid == nobody.pw_uid, path
    assert os.stat(conf.conf_file).st_uid == 0


@as_root
def test_handing_over_follows_no_link_and_takes_no_second_name(tmpdir, nobody):
    system = tmpdir.mkdir('system')
    system.join('shadow').write('secret')
    mine = tmpdir.mkdir('mine')
    mine.join('symlink').mksymlinkto(system.join('shadow'))
    mine.join('folder').mksymlinkto(system)
    os.link(str(system.join('shadow')), str(mine.join('hard')))
    os.mkfifo(str(mine.join('fifo')))
    mine.mkdir('own').join('file').write('')
    here = os.getcwd()
    ownership.hand_over(str(mine), (nobody.pw_uid, nobody.pw_gid))
    assert os.getcwd() == here
    assert system.join('shadow').stat().uid == 0 and system.stat().uid == 0
    assert mine.stat().uid == mine.join('own', 'file').stat().uid == nobody.pw_uid


# ---- who could change what root believes

def files_of(conf):
    prepare.prepare(conf)
    for name in prepare.KEY_FILES:
        with open(os.path.join(conf['pki_dir'], name), 'w'):
            pass
    return {'configuration': conf.conf_file, 'configuration folder': conf.config_dir, 'key folder': conf['pki_dir'],
            'key': os.path.join(conf['pki_dir'], 'minion.pem'), 'cache': conf['cachedir'],
            'master key': os.path.join(conf['pki_dir'], 'minion_master.pub'),
            'modules': conf['extension_modules'], 'folder above': os.path.dirname(conf['pki_dir'])}


NAMES = ['configuration', 'configuration folder', 'key folder', 'key', 'cache', 'master key', 'modules', 'folder above']


@as_root
@pytest.mark.parametrize('bits', [0o002, 0o020, 0o022])
@pytest.mark.parametrize('name', NAMES)
def test_what_others_may_write_is_refused(conf, name, bits):
    path = files_of(conf)[name]
    os.chmod(path, mode(path) | bits)
    with pytest.raises(errors.UnsafePermissions) as caught:
        prepare.prepare(conf)
    assert path in str(caught.value) and 'chmod' in str(caught.value) and '\n' not in str(caught.value)
    assert caught.value.exit_code == 77


@as_root
@pytest.mark.parametrize('name', NAMES)
def test_what_belongs_to_others_is_refused(conf, name):
    path = files_of(conf)[name]
    os.chown(path, OTHER, -1)
    with pytest.raises(errors.UnsafePermissions) as caught:
        prepare.prepare(conf)
    assert path in str(caught.value) and 'account number %d' % OTHER in str(caught.value)


@as_root
def test_what_belongs_to_the_account_itself_is_fine(conf, nobody):
    for path in files_of(conf).values():
        os.chown(path, nobody.pw_uid, -1)
    prepare.prepare(conf.with_values(user='nobody'))
    with pytest.raises(errors.UnsafePermissions):
        prepare.prepare(conf)


@as_root
@pytest.mark.parametrize('name, refused', [('key folder', False), ('key', False), ('configuration', True)])
def test_permissive_pki_access_lets_the_group_of_the_keys(conf, name, refused):
    path = files_of(conf)[name]
    os.chmod(path, mode(path) | 0o060)
    conf = conf.with_values(permissive_pki_access=True)
    if refused:
        with pytest.raises(errors.UnsafePermissions):
            prepare.prepare(conf)
    else:
        prepare.prepare(conf)
        assert mode(path) & 0o060


@as_root
def test_a_sticky_folder_above_is_fine_and_another_is_not(tmpdir):
    shared = tmpdir.mkdir('shared')
    shared.chmod(0o1777)
    inner = shared.mkdir('etc')
    ownership.check(str(inner), 'x', (0,))
    shared.chmod(0o777)
    with pytest.raises(errors.UnsafePermissions, match=str(shared)):
        ownership.check(str(inner), 'x', (0,))


@as_root
def test_a_link_is_judged_by_its_owner_and_by_where_it_leads(tmpdir):
    safe, open_to_all = tmpdir.mkdir('safe'), tmpdir.mkdir('open')
    open_to_all.join('file').write('')
    open_to_all.chmod(0o777)
    link = safe.join('link')
    link.mksymlinkto(open_to_all.join('file'))
    with pytest.raises(errors.UnsafePermissions, match=str(open_to_all)):
        ownership.check(str(link), 'x', (0,))
    open_to_all.chmod(0o755)
    ownership.check(str(link), 'x', (0,))
    os.lchown(str(link), OTHER, -1)
    with pytest.raises(errors.UnsafePermissions, match=str(link)):
        ownership.check(str(link), 'x', (0,))


def test_what_is_missing_is_no_danger(tmpdir):
    ownership.check(str(tmpdir.join('nothing')), 'x', ())
