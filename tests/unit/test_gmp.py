"""Powers by GMP's library and by Python: the same numbers, whatever the host has."""
from __future__ import absolute_import, division, print_function

import os
import random
import subprocess
import sys
import threading

import pytest

from minion import gmp, keys
from tests.support import testkeys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MODULI = [3, 255, 257, (1 << 64) + 13, (1 << 1024) + 643]


@pytest.fixture(scope='module')
def library():
    try:
        found = gmp.Library()
    except OSError as exc:
        pytest.skip('no GMP on this host: %s' % exc)
    yield found
    found.close()


@pytest.fixture(scope='module')
def private():
    with open(testkeys.path('master'), 'rb') as stream:
        return keys.PrivateKey.from_pem(stream.read())


@pytest.fixture(scope='module')
def public(private):
    return private.public


@pytest.fixture
def absent(monkeypatch):
    """A host without the library; a list that grows when it is looked for."""
    looked = []

    def load(name):
        looked.append(name)
        raise OSError(name + ': cannot open shared object file')
    monkeypatch.setattr(gmp.ctypes, 'PyDLL', load)
    return looked


def some(generator, modulus):
    return [base for base in [0, 1, 2, modulus - 1] + [generator.randrange(modulus) for _ in range(20)] if base < modulus]


def test_both_ways_give_the_same(library, public):
    generator = random.Random(7)
    for modulus in MODULI + [public.n]:
        for base in some(generator, modulus):
            for exponent in (1, 3, 17, 65537, gmp.LARGEST - 1):
                assert library.power(base, exponent, modulus) == pow(base, exponent, modulus)


def test_so_do_both_with_an_exponent_of_any_length(library, public):
    generator = random.Random(8)
    for modulus in MODULI + [public.n]:
        for base in some(generator, modulus)[:8]:
            for exponent in (1, 2, modulus - 1, generator.getrandbits(300) + 1):
                assert library.secret_power(base, exponent, modulus) == pow(base, exponent, modulus)


def test_the_library_is_asked_for_when_there_is_much_to_do(absent, public):
    powers = gmp.Powers()
    for number in range(2 * gmp.FEW):
        assert powers.power(number, 65537, public.n) == pow(number, 65537, public.n)
        assert bool(absent) == (number >= gmp.FEW)
    assert len(absent) == len(gmp.NAMES)             # and not again where there is none


def test_without_it_private_operations_are_made_by_python(absent, private, monkeypatch):
    monkeypatch.setattr(gmp, 'secret_powers', gmp.Powers().secret_powers)
    for _ in range(3):
        private.public.verify(b'message', private.sign(b'message', 'PKCS1v15-SHA224'), 'PKCS1v15-SHA224')
        assert private.decrypt(private.public.encrypt(b'secret', 'OAEP-SHA1'), 'OAEP-SHA1') == b'secret'
    assert len(absent) == len(gmp.NAMES)


def test_a_library_of_another_kind_is_none(monkeypatch):
    monkeypatch.setattr(gmp, 'NAMES', (None,))       # what this process has loaded: it lacks GMP's functions
    with pytest.raises(OSError) as caught:
        gmp.Library()
    assert '__gmpz_' in str(caught.value)
    assert gmp.Powers().secret_powers([(2, 10, 1023), (3, 4, 5)]) == [1, 1]


ONCE = """
import sys
from minion import gmp, keys

def mapped():
    with open('/proc/self/maps') as stream:
        return 'libgmp.so' in stream.read()

private = keys.PrivateKey.from_pem(open(sys.argv[1]).read())
seen, power = [mapped()], gmp.Library.secret_power
gmp.Library.secret_power = lambda self, *triple: seen.append(mapped()) or power(self, *triple)
signed = private.sign(b'message', 'PKCS1v15-SHA224')
seen.append(mapped())
for _ in range(gmp.FEW + 1):
    private.public.verify(b'message', signed, 'PKCS1v15-SHA224')
private.sign(b'message', 'PKCS1v15-SHA224')
print(seen + [mapped()])
"""


def test_it_stays_for_as_long_as_an_operation_with_the_private_key(library):
    """And from many signatures on for good; in a process of its own, as others here may have loaded it."""
    found = subprocess.check_output([sys.executable, '-c', ONCE, testkeys.path('master')], cwd=ROOT)
    assert found.split() == b'[False, True, True, False, True, True, True]'.split()


def test_signatures_are_told_apart_with_and_without_the_library(private, public, monkeypatch):
    good = private.sign(b'message', 'PKCS1v15-SHA224')
    monkeypatch.setattr(gmp, 'power', gmp.Powers().power)
    for _ in range(gmp.FEW + 5):
        public.verify(b'message', good, 'PKCS1v15-SHA224')
        for wrong in (b'\0' * public.size, good[:-1] + b'x', b'\0' * (public.size - 1) + b'\1'):
            with pytest.raises(keys.BadSignature):
                public.verify(b'message', wrong, 'PKCS1v15-SHA224')


def test_exponents_that_fit_no_long_are_left_to_python(library, public):
    powers = gmp.Powers()
    powers._library = library
    exponent = (1 << 63) + 1
    assert powers.power(5, exponent, public.n) == pow(5, exponent, public.n)


def test_threads_do_not_share_numbers(library, public):
    wrong = []

    def work(start):
        for base in range(start, start + 150):
            if library.power(base, 65537, public.n) != pow(base, 65537, public.n):
                wrong.append(base)
            if base % 10 == 0 and gmp.secret_powers([(base, 65537, public.n)]) != [pow(base, 65537, public.n)]:
                wrong.append(base)                   # loads and unloads while others compute
    threads = [threading.Thread(target=work, args=(start,)) for start in (1000, 2000, 3000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
