"""Powers by GMP's library and by Python: the same numbers, whatever the host has."""
from __future__ import absolute_import, division, print_function

import random
import threading

import pytest

from minion import gmp, keys
from tests.support import testkeys


@pytest.fixture(scope='module')
def library():
    try:
        return gmp.load()
    except (OSError, AttributeError):
        pytest.skip('no GMP on this host')


@pytest.fixture(scope='module')
def public():
    with open(testkeys.path('master'), 'rb') as stream:
        return keys.PrivateKey.from_pem(stream.read()).public


def test_both_ways_give_the_same(library, public):
    generator = random.Random(7)
    moduli = [3, 255, 257, (1 << 64) + 13, (1 << 1024) + 643, public.n]
    for modulus in moduli:
        bases = [0, 1, 2, modulus - 1] + [generator.randrange(modulus) for _ in range(20)]
        for base in [base for base in bases if base < modulus]:
            for exponent in (1, 3, 17, 65537, gmp.LARGEST - 1):
                assert gmp._power(library, base, exponent, modulus) == pow(base, exponent, modulus)


def test_the_library_is_asked_for_when_there_is_much_to_do(monkeypatch, public):
    loaded = []

    def load():
        loaded.append(len(asked))
        raise OSError('no GMP')
    monkeypatch.setattr(gmp, 'load', load)
    powers, asked = gmp.Powers(), []
    for number in range(2 * gmp.FEW):
        asked.append(number)
        assert powers.power(number, 65537, public.n) == pow(number, 65537, public.n)
    assert loaded == [gmp.FEW + 1]                   # and not again where there is none


def test_signatures_are_told_apart_with_and_without_the_library(public, monkeypatch):
    with open(testkeys.path('master'), 'rb') as stream:
        private = keys.PrivateKey.from_pem(stream.read())
    good = private.sign(b'message', 'PKCS1v15-SHA224')
    powers = gmp.Powers()
    monkeypatch.setattr(gmp, 'power', powers.power)
    for _ in range(gmp.FEW + 5):
        public.verify(b'message', good, 'PKCS1v15-SHA224')
        for wrong in (b'\0' * public.size, good[:-1] + b'x', b'\0' * (public.size - 1) + b'\1'):
            with pytest.raises(keys.BadSignature):
                public.verify(b'message', wrong, 'PKCS1v15-SHA224')


def test_exponents_that_fit_no_long_are_left_to_python(library, public):
    powers = gmp.Powers()
    powers._functions = library
    exponent = (1 << 63) + 1
    assert powers.power(5, exponent, public.n) == pow(5, exponent, public.n)


def test_threads_do_not_share_numbers(library, public):
    wrong = []

    def work(start):
        for base in range(start, start + 150):
            if gmp._power(library, base, 65537, public.n) != pow(base, 65537, public.n):
                wrong.append(base)
    threads = [threading.Thread(target=work, args=(start,)) for start in (1000, 2000, 3000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
