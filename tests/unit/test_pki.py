"""The key folder: taking over what is there, making what is not, refusing what cannot be trusted."""
from __future__ import absolute_import, division, print_function

import io
import logging
import os
import stat

import pytest

from minion import files, keys, pki
from minion.errors import KeyFileError, UnsafePermissions
from tests.support import testkeys, vectors

SMALL = 1024


def read(path):
    with io.open(str(path), 'rb') as stream:
        return stream.read()


def write(path, data, mode=0o600):
    files.write(str(path), data, mode)


def mode(path):
    return stat.S_IMODE(os.stat(str(path)).st_mode)


@pytest.fixture
def folder(tmpdir):
    return tmpdir.mkdir('pki')


@pytest.fixture
def private():
    return testkeys.private('minion')


@pytest.fixture
def no_new_key(monkeypatch):
    monkeypatch.setattr(keys, 'generate', lambda *arguments: pytest.fail('a new key was made'))


def listed(folder):
    return sorted(os.listdir(str(folder)))


# ---- making

def test_new_pair(tmpdir):
    folder, calls = tmpdir.join('etc', 'pki', 'minion'), []
    pair = pki.load_or_create(str(folder), SMALL, lambda: calls.append(1))
    assert calls and listed(folder) == ['minion.pem', 'minion.pub']
    assert mode(folder) == 0o700
    assert mode(folder.join('minion.pem')) == 0o400 and mode(folder.join('minion.pub')) == 0o644
    assert read(folder.join('minion.pem')).startswith(b'-----BEGIN RSA PRIVATE KEY-----\n')
    assert read(folder.join('minion.pub')) == pair.pem.encode('ascii')
    assert pair.pem.startswith('-----BEGIN PUBLIC KEY-----\n') and type(pair.pem) is str
    assert keys.PublicKey.from_pem(pair.pem) == pair.private.public


def test_modes_do_not_depend_on_the_umask(tmpdir):
    before = os.umask(0)
    try:
        pki.load_or_create(str(tmpdir.join('open')), SMALL)
        os.umask(0o777)
        pki.load_or_create(str(tmpdir.join('closed')), SMALL)
    finally:
        os.umask(before)
    for name in ('open', 'closed'):
        found = tmpdir.join(name)
        assert (mode(found), mode(found.join('minion.pem')), mode(found.join('minion.pub'))) == (0o700, 0o400, 0o644)


def test_second_start_changes_nothing(folder, monkeypatch):
    first = pki.load_or_create(str(folder), SMALL)
    monkeypatch.setattr(files, 'write', lambda *arguments: pytest.fail('a file was written'))
    monkeypatch.setattr(keys, 'generate', lambda *arguments: pytest.fail('a new key was made'))
    second = pki.load_or_create(str(folder), SMALL)
    assert second.pem == first.pem and second.private.public == first.private.public


def test_private_key_is_written_first(folder, monkeypatch):
    """A crash after the first file leaves what the next start completes."""
    written = []

    def dies_after_one(path, data, mode):
        if written:
            raise OSError(28, 'No space left on device', path)
        written.append(os.path.basename(path))
        real(path, data, mode)
    real = files.write
    with monkeypatch.context() as patch:
        patch.setattr(files, 'write', dies_after_one)
        with pytest.raises(KeyFileError) as caught:
            pki.load_or_create(str(folder), SMALL)
    assert written == ['minion.pem'] and 'minion.pub' in str(caught.value) and 'No space left' in str(caught.value)
    kept = read(folder.join('minion.pem'))
    pair = pki.load_or_create(str(folder), SMALL)
    assert read(folder.join('minion.pem')) == kept and read(folder.join('minion.pub')) == pair.pem.encode('ascii')


def test_public_key_without_private_one(folder, private):
    """What is left of an interrupted copy; it must not be taken for the new key's half."""
    write(folder.join('minion.pub'), private.public.pem.encode('ascii'), 0o644)
    pair = pki.load_or_create(str(folder), SMALL)
    assert pair.private.public != private.public
    aside = [name for name in listed(folder) if name.startswith('minion.pub.corrupt-')]
    assert len(aside) == 1 and read(folder.join(aside[0])) == private.public.pem.encode('ascii')


def test_another_process_was_quicker(folder, private, monkeypatch):
    made = keys.generate(SMALL)

    def slow_generate(bits, progress):
        write(folder.join('minion.pem'), private.to_pem(), 0o400)
        return made
    monkeypatch.setattr(keys, 'generate', slow_generate)
    assert pki.load_or_create(str(folder)).private.public == private.public


def test_folder_that_cannot_be_made(tmpdir):
    tmpdir.join('file').write('')
    with pytest.raises(KeyFileError) as caught:
        pki.load_or_create(str(tmpdir.join('file', 'pki')), SMALL)
    assert str(tmpdir.join('file')) in str(caught.value)


def test_link_to_nothing(folder):
    os.symlink('elsewhere.pem', str(folder.join('minion.pem')))
    with pytest.raises(KeyFileError) as caught:
        pki.load_or_create(str(folder), SMALL)
    assert 'minion.pem' in str(caught.value) and 'link' in str(caught.value)
    assert listed(folder) == ['minion.pem']


# ---- taking over

@pytest.mark.parametrize('version', vectors.VERSIONS)
def test_pair_of_every_release(folder, version, no_new_key):
    """Both files as that release wrote them; the public text goes out byte for byte as it stands."""
    found = vectors.load('crypto', version)['keys']['minion']
    write(folder.join('minion.pem'), found['private_pem'].encode('ascii'), int(found['private_mode'], 8))
    write(folder.join('minion.pub'), found['public_pem'].encode('ascii'), int(found['public_mode'], 8))
    pair = pki.load_or_create(str(folder))
    assert pair.pem == found['public_pem']
    assert read(folder.join('minion.pem')) == found['private_pem'].encode('ascii')
    assert read(folder.join('minion.pub')) == found['public_pem'].encode('ascii')


@pytest.mark.parametrize('change, sent', [
    (lambda pem: pem, lambda pem: pem),
    (lambda pem: pem + '\n', lambda pem: pem + '\n'),
    (lambda pem: pem.replace('\n', '\r\n') + '\r\n', lambda pem: pem + '\n'),
    (lambda pem: '\n' + pem, lambda pem: '\n' + pem),
])
def test_public_text_is_sent_as_it_stands(folder, private, change, sent, no_new_key):
    write(folder.join('minion.pem'), private.to_pem())
    write(folder.join('minion.pub'), change(private.public.pem).encode('ascii'))
    pair = pki.load_or_create(str(folder))
    assert pair.pem == sent(private.public.pem) and type(pair.pem) is str


def test_public_key_in_the_other_form(folder, no_new_key):
    """PKCS#1, as M2Crypto wrote it: what the master accepted once is what it gets again."""
    samples = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'data', 'pem')
    write(folder.join('minion.pem'), read(os.path.join(samples, 'pkcs8.pem')))
    write(folder.join('minion.pub'), read(os.path.join(samples, 'pkcs1-public.pem')))
    assert pki.load_or_create(str(folder)).pem.encode('ascii') == read(os.path.join(samples, 'pkcs1-public.pem'))


def test_public_key_is_derived(folder, private, no_new_key):
    write(folder.join('minion.pem'), private.to_pem())
    assert pki.load_or_create(str(folder)).pem == private.public.pem
    assert read(folder.join('minion.pub')) == private.public.pem.encode('ascii')
    assert mode(folder.join('minion.pub')) == 0o644


@pytest.mark.parametrize('content', [b'', b'\n', b'\x00' * 451])
def test_empty_public_key_is_made_anew(folder, private, content, no_new_key, caplog):
    write(folder.join('minion.pem'), private.to_pem())
    write(folder.join('minion.pub'), content)
    assert pki.load_or_create(str(folder)).pem == private.public.pem
    assert read(folder.join('minion.pub')) == private.public.pem.encode('ascii')
    assert [record for record in caplog.records if 'minion.pub' in record.getMessage()]


@pytest.mark.parametrize('content', [b'-----BEGIN PUBLIC KEY-----\nMIIB', b'\xff\xfe\x00', b'garbage', None],
                         ids=['half', 'bytes', 'words', 'folder'])
def test_torn_public_key_is_set_aside_and_made_anew(folder, private, content, no_new_key, caplog):
    write(folder.join('minion.pem'), private.to_pem())
    if content is None:
        os.mkdir(str(folder.join('minion.pub')))
    else:
        write(folder.join('minion.pub'), content)
    assert pki.load_or_create(str(folder)).pem == private.public.pem
    assert read(folder.join('minion.pub')) == private.public.pem.encode('ascii')
    assert [name for name in listed(folder) if name.startswith('minion.pub.corrupt-')] and 'set aside' in caplog.text


def test_public_key_that_cannot_be_written(folder, private, monkeypatch, caplog):
    """A read-only file system must not keep an old key from being used."""
    write(folder.join('minion.pem'), private.to_pem())

    def refuse(path, data, mode):
        raise OSError(30, 'Read-only file system', path)
    monkeypatch.setattr(files, 'write', refuse)
    assert pki.load_or_create(str(folder)).pem == private.public.pem
    assert 'Read-only file system' in caplog.text


def test_pair_that_does_not_match(folder, private, no_new_key):
    write(folder.join('minion.pem'), private.to_pem())
    write(folder.join('minion.pub'), testkeys.private('other').public.pem.encode('ascii'))
    with pytest.raises(KeyFileError) as caught:
        pki.load_or_create(str(folder))
    text = str(caught.value)
    assert str(folder.join('minion.pem')) in text and str(folder.join('minion.pub')) in text and 'remove' in text


# ---- refusing

@pytest.mark.parametrize('content, word', [
    (b'', 'empty'), (b'\x00' * 1675, 'empty'), (b' \r\n', 'empty'), (b'garbage', 'no whole key'),
    (b'-----BEGIN RSA PRIVATE KEY-----\nMIIE', 'no whole key'), (b'\xff\xfe', 'plain text'),
])
def test_torn_private_key_is_never_replaced(folder, content, word, no_new_key):
    write(folder.join('minion.pem'), content)
    with pytest.raises(KeyFileError) as caught:
        pki.load_or_create(str(folder))
    text = str(caught.value)
    assert str(folder.join('minion.pem')) in text and word in text and 'restore it' in text and 'remove it' in text
    assert read(folder.join('minion.pem')) == content and listed(folder) == ['minion.pem']


def test_locked_private_key(folder, no_new_key):
    locked = vectors.load('crypto', '3006.24')['keys']['locked']['private_pem']
    write(folder.join('minion.pem'), locked.encode('ascii'))
    with pytest.raises(KeyFileError) as caught:
        pki.load_or_create(str(folder))
    assert 'passphrase' in str(caught.value)


def test_pipe_in_place_of_the_key(folder, no_new_key):
    """Must not block, nor be taken for an empty file."""
    os.mkfifo(str(folder.join('minion.pem')))
    with pytest.raises(KeyFileError) as caught:
        pki.load_or_create(str(folder))
    assert 'minion.pem' in str(caught.value)


@pytest.mark.parametrize('bits', [0o020, 0o002, 0o022, 0o062, 0o666])
def test_key_that_others_may_write(folder, private, bits, no_new_key):
    write(folder.join('minion.pem'), private.to_pem(), 0o600 | bits)
    with pytest.raises(UnsafePermissions) as caught:
        pki.load_or_create(str(folder))
    assert 'chmod 0400 ' + str(folder.join('minion.pem')) in str(caught.value)


@pytest.mark.parametrize('bits, warns', [(0o400, False), (0o600, False), (0o440, True), (0o644, True), (0o604, True)])
def test_key_that_others_may_read(folder, private, bits, warns, no_new_key, caplog):
    write(folder.join('minion.pem'), private.to_pem(), bits)
    with caplog.at_level(logging.WARNING):
        assert pki.load_or_create(str(folder)).private.public == private.public
    assert mode(folder.join('minion.pem')) == bits, 'left as it was'
    assert bool([record for record in caplog.records if 'can be read by others' in record.getMessage()]) == warns


# ---- the master's key

def test_no_master_key_yet(folder):
    assert pki.load_master_key(str(folder.join('minion_master.pub'))) is None
    assert pki.load_master_key(str(folder.join('no', 'such', 'folder'))) is None


@pytest.mark.parametrize('ending', ['', '\n', '\r\n'])
def test_master_key_is_kept_as_received(folder, ending):
    public = testkeys.private('master').public
    path = folder.join('minion_master.pub')
    pki.store_master_key(str(path), public.pem + ending)
    assert read(path) == (public.pem + ending.replace('\r', '')).encode('ascii') and mode(path) == 0o644
    assert pki.load_master_key(str(path)) == public
    pki.store_master_key(str(path), testkeys.private('other').public.pem.encode('ascii'))
    assert pki.load_master_key(str(path)) == testkeys.private('other').public


@pytest.mark.parametrize('content', [b'', b'\x00' * 450, b'garbage', b'\xff', b'-----BEGIN PUBLIC KEY-----\nMIIB'])
def test_damaged_master_key(folder, content):
    path = folder.join('minion_master.pub')
    write(path, content)
    with pytest.raises(KeyFileError) as caught:
        pki.load_master_key(str(path))
    assert str(path) in str(caught.value) and 'restore it, or remove it' in str(caught.value)
    assert read(path) == content


def test_no_key_is_not_stored(folder):
    path = folder.join('minion_master.pub')
    for text in ('', 'garbage', None, testkeys.private('other').to_pem()):
        with pytest.raises(KeyFileError):
            pki.store_master_key(str(path), text)
    assert listed(folder) == []


def test_master_key_that_cannot_be_written(tmpdir):
    with pytest.raises(KeyFileError) as caught:
        pki.store_master_key(str(tmpdir.join('nowhere', 'minion_master.pub')), testkeys.private('other').public.pem)
    assert 'minion_master.pub' in str(caught.value)
