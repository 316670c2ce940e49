"""The choice of an AES library, and that all of them compute the same."""
from __future__ import absolute_import, division, print_function

import binascii
import os
import subprocess
import sys
import threading

import pytest

from minion import aes, libcrypto
from minion.errors import ConfigError

unhex = binascii.unhexlify

# NIST SP 800-38A, F.2.1, F.2.3, F.2.5: CBC with keys of three lengths over the same four blocks
IV = unhex('000102030405060708090a0b0c0d0e0f')
PLAIN = unhex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51'
              '30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710')
KNOWN = [
    ('2b7e151628aed2a6abf7158809cf4f3c',
     '7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2'
     '73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7'),
    ('8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b',
     '4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a'
     '571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd'),
    ('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
     'f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d'
     '39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b'),
]


@pytest.mark.parametrize('key, cipher', KNOWN, ids=['128', '192', '256'])
def test_known_answers(key, cipher, aes_provider):
    assert aes.provider_name() == aes_provider
    box = aes.Cbc(unhex(key))
    for _ in range(2):                               # nothing of a message is left for the next one
        assert box.decrypt(IV + unhex(cipher)) == PLAIN
        assert box.decrypt(box.encrypt(PLAIN)) == PLAIN


def test_what_is_encrypted_depends_on_the_iv_that_comes_with_it(aes_provider):
    """Known answers the other way round: each block is the cipher of plain text and block before, the first one's is the IV."""
    box, one = aes.Cbc(b'k' * 24), lambda block: aes.Cbc(b'k' * 24).decrypt(IV + block)
    for _ in range(3):
        sealed = box.encrypt(PLAIN)
        for at in range(0, len(PLAIN), 16):
            mixed = bytearray(one(sealed[at + 16:at + 32]))
            before = bytearray(sealed[at:at + 16])
            assert bytearray(a ^ b ^ c for a, b, c in zip(mixed, bytearray(IV), before)) == bytearray(PLAIN[at:at + 16])


def test_every_message_has_an_iv_of_its_own(aes_provider, monkeypatch):
    """Fresh random bytes for each, and the same ones give another IV where the chain goes on."""
    asked = []

    def urandom(count, original=os.urandom):
        asked.append(count)
        return original(count)
    box = aes.Cbc(b'k' * 16)
    monkeypatch.setattr(aes.os, 'urandom', urandom)
    assert len(set(box.encrypt(b'')[:16] for _ in range(50))) == 50
    assert asked == [16] * 50


def test_no_data_and_much_data(aes_provider):
    box = aes.Cbc(b'k' * 24)
    assert len(box.encrypt(b'')) == 16 and box.decrypt(box.encrypt(b'')) == b''
    much = os.urandom(16) * 70000
    assert box.decrypt(box.encrypt(much)) == much


@pytest.mark.parametrize('length', [0, 15, 17, 23, 25, 33])
def test_wrong_keys(length, aes_provider):
    with pytest.raises(ValueError):
        aes.Cbc(b'k' * length)


@pytest.mark.parametrize('data', [b'x', PLAIN[1:], PLAIN + b'x'])
def test_wrong_lengths(data, aes_provider):
    box = aes.Cbc(b'k' * 24)
    for crypt in (box.encrypt, box.decrypt):
        with pytest.raises(ValueError):
            crypt(data)
    with pytest.raises(ValueError):
        box.decrypt(b'')


def test_threads_share_a_key(aes_provider):
    """Each has a chain of its own: they do not mix, whatever the moment at which one gives way to another."""
    box, wrong, texts = aes.Cbc(b'k' * 24), [], [PLAIN * (number + 1) for number in range(4)]

    def work(text):
        for _ in range(200):
            if box.decrypt(box.encrypt(text)) != text:
                wrong.append(text)
    threads = [threading.Thread(target=work, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def python(code, **environ):
    """What a fresh interpreter prints for some code, with the project importable."""
    top = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    path = os.pathsep.join([top] + [each for each in [os.environ.get('PYTHONPATH')] if each])
    environ = dict(os.environ, PYTHONPATH=path, **environ)
    return subprocess.check_output([sys.executable, '-c', code], env=environ).decode('ascii').strip()


@pytest.mark.parametrize('name', [name for name, _ in aes.PROVIDERS])
def test_forced_by_the_environment(name):
    if aes.provider(name).name == 'none':
        pytest.skip('%s is not installed' % name)
    code = 'from minion import aes; print(aes.provider_name())'
    assert python(code, MINION_AES_PROVIDER=name) == name


def test_unknown_name_in_the_environment():
    """Importing works (the command line must be able to say what is wrong); using it names the way out."""
    code = ('from minion import aes, errors\n'
            'print(aes.provider_name())\n'
            'try:\n'
            '    aes.Cbc(b"k" * 16).encrypt(b"")\n'
            'except errors.ConfigError as exc:\n'
            '    print(exc)\n')
    lines = python(code, MINION_AES_PROVIDER='nonesuch').splitlines()
    assert lines[0] == 'none'
    assert 'install pycryptodomex' in lines[1] and 'MINION_AES_PROVIDER=nonesuch' in lines[1]


def test_cffi_is_not_drawn_in_and_can_be_imported_later(tmpdir):
    tmpdir.join('cffi.py').write('mark = 1\nclass FFI(object):\n    pass\n')
    code = ('import sys; sys.path.insert(0, %r)\n'
            'from minion import aes\n'
            'print("cffi" in sys.modules)\n'
            'import cffi\n'
            'print(cffi.mark)\n' % str(tmpdir))
    assert python(code).split() == ['False', '1']


def broken(package):
    raise OSError('undefined symbol')


def absent(package):
    raise ImportError(package)


def working(package):
    return aes.Provider(package, None, None)


@pytest.mark.parametrize('makers, chosen', [
    ((working, working, working), 'Cryptodome'),
    ((absent, working, working), 'Crypto'),
    ((broken, absent, working), 'libcrypto'),
    ((absent, broken, absent), 'none'),
])
def test_order_of_choice(makers, chosen, monkeypatch):
    names = [name for name, _ in aes.PROVIDERS]
    monkeypatch.setattr(aes, 'PROVIDERS', tuple(zip(names, makers)))
    found = aes.provider()
    assert found.name == chosen
    if chosen == 'none':
        with pytest.raises(ConfigError):
            found.decrypt(b'')


def test_libcrypto_under_another_name(monkeypatch):
    try:
        libcrypto.load()
    except ImportError:
        pytest.skip('no libcrypto on this host')
    monkeypatch.setattr(libcrypto, 'NAMES', ('libcrypto.so.nonesuch',) + libcrypto.NAMES)
    assert libcrypto.crypt_cbc(libcrypto.load(), unhex(KNOWN[1][0]), IV, PLAIN, 1) == unhex(KNOWN[1][1])


def test_no_libcrypto_at_all(monkeypatch):
    monkeypatch.setattr(libcrypto, 'NAMES', ())
    monkeypatch.setattr(libcrypto.ctypes.util, 'find_library', lambda name: None)
    with pytest.raises(ImportError):
        libcrypto.load()


def test_libcrypto_that_refuses(monkeypatch):
    """A failing call inside OpenSSL must not come back as data."""
    try:
        library = libcrypto.load()
    except ImportError:
        pytest.skip('no libcrypto on this host')

    class Refusing(object):
        def __getattr__(self, name):
            return (lambda *arguments: 0) if name == 'EVP_CipherUpdate' else getattr(library, name)

    with pytest.raises(RuntimeError):
        libcrypto.crypt_cbc(Refusing(), b'k' * 24, IV, PLAIN, 0)
