"""Filters about files, users, networks, digests and chance that Salt adds to Jinja."""
from __future__ import absolute_import, division, print_function

import binascii
import hashlib
import hmac
import os
import random
import re
import socket

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import addresses, chance, cidr, file_hash, userdb

_SIZES = re.compile(r'(\d+(?:\.\d+)?)\s*([A-Za-z]*)\Z')
_UNITS = 'BKMGTPEZY'


# ---- files and users

def _begin(path):
    """The first bytes of a file, None for none."""
    try:
        with open(path, 'rb') as stream:
            return stream.read(512)
    except (IOError, OSError):
        return None


def is_text(path, blocksize=512):
    """Is it a file whose beginning is text?"""
    data = _begin(path)
    return data is not None and _is_text(data)


def is_binary(path):
    data = _begin(path)
    return bool(data) and not _is_text(data)


def _is_text(data):
    if b'\0' in data:
        return False
    strange = [byte for byte in bytearray(data) if byte < 32 and byte not in (7, 8, 9, 10, 12, 13, 27) or byte > 126]
    return not data or len(strange) <= 0.3 * len(data)


def is_empty(path):
    try:
        return os.stat(path).st_size == 0
    except OSError:
        return False


def listed(folder):
    """A folder and all that is below it."""
    found = [folder]
    for parent, folders, names in os.walk(folder):
        found += [os.path.join(parent, name) for name in folders + names]
    return sorted(set(found))


def file_hashsum(path, form='sha256', chunk_size=65536):
    return file_hash.get_hash(path, form)


def uid(user=None):
    found = userdb.user(user) if user else None
    return os.geteuid() if not user else found.pw_uid if found else None


# ---- networks

def ip_host(value, options=None, version=None):
    """Addresses with their prefix, as interfaces have them; None for what is none."""
    if isinstance(value, (list, tuple)):
        return [found for found in (ip_host(one) for one in value) if found is not None]
    address, _, prefix = value.partition('/')
    try:
        kind, number = addresses.parse(address)[:2]
    except (ValueError, TypeError):
        return None
    return '%s/%s' % (cidr.address_text(kind, number), prefix or cidr.BITS[kind])


def ipwrap(value):
    """IPv6 addresses in brackets."""
    if isinstance(value, (list, tuple)):
        return [ipwrap(one) for one in value]
    try:
        return '[%s]' % value if addresses.parse(value)[0] == 6 else value
    except (ValueError, TypeError):
        return value


def in_networks(values, networks):
    """Those of the addresses that are in one of the networks."""
    if values is None:
        return values
    known = [addresses.network(one) for one in networks]
    return [one for one in values if _within(addresses.parse(one), known)]


def _within(address, networks):
    kind, number = address[:2]
    return any(kind == family and number >> (cidr.BITS[kind] - prefix) == first >> (cidr.BITS[kind] - prefix)
               for family, first, prefix in networks)


def generated_mac(prefix='AC:DE:48'):
    return '%s:%02X:%02X:%02X' % ((prefix,) + tuple(random.randint(0, 255) for _ in range(3)))


def mac_bytes(value):
    digits = value if len(value) == 12 else value.replace(value[2], '') if len(value) == 17 else None
    if digits is None:
        raise ValueError('Invalid MAC address')
    return bytes(bytearray(int(digits[place:place + 2], 16) for place in range(0, 12, 2)))


def dns_check(addr, port=80, safe=False, ipv6=None):
    """The address of a host's name, in brackets for IPv6."""
    family = {None: socket.AF_UNSPEC, False: socket.AF_INET, True: socket.AF_INET6}[ipv6]
    try:
        found = [row[4][0] for row in socket.getaddrinfo(addr, port, family, socket.SOCK_STREAM)]
    except socket.error:
        raise CommandExecutionError("DNS lookup or connection check of '%s' failed." % addr)
    return ipwrap(sorted(found, key=lambda one: ':' in one)[0])


# ---- digests, chance, sizes

def hmac_is(value, shared_secret, challenge_hmac):
    made = hmac.new(compat.to_bytes(shared_secret), compat.to_bytes(value), hashlib.sha256).digest()
    return binascii.b2a_base64(made).strip() == compat.to_bytes(challenge_hmac)


def hmac_compute(value, shared_secret):
    return hmac.new(compat.to_bytes(shared_secret), compat.to_bytes(value), hashlib.sha256).hexdigest()


def random_hash(size=9999999999, hash_type=None):
    number = random.SystemRandom().randint(0, size)
    return hashlib.new(hash_type or 'md5', compat.to_bytes(str(number))).hexdigest()


def random_text(size=32):
    letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
    return ''.join(random.SystemRandom().choice(letters) for _ in range(size))


def sample(value, size, seed=None):
    return chance.sample(chance.source(seed), list(value), size)


def shuffled(value, seed=None):
    return sample(value, len(value), seed)


def human_to_bytes(size, default_unit='B', handle_metric=False):
    """Bytes of `1.5 G`, `10 MiB` and their like; 0 for what is none."""
    found = _SIZES.match(str(size).strip())
    unit = ((found.group(2) if found else '') or default_unit).upper()
    exact = re.match(r'([%s])(IB|B?)\Z' % _UNITS, unit)
    if not found or not exact:
        return 0
    base = 1000 if handle_metric and exact.group(2) == 'B' and exact.group(1) != 'B' else 1024
    return int(float(found.group(1)) * base ** _UNITS.index(exact.group(1)))


FILTERS = {
    'is_text_file': is_text, 'is_bin_file': is_binary, 'is_empty': is_empty, 'list_files': listed, 'file_hashsum': file_hashsum,
    'get_uid': uid, 'ip_host': ip_host, 'ipwrap': ipwrap, 'filter_by_networks': in_networks, 'gen_mac': generated_mac,
    'mac_str_to_bytes': mac_bytes, 'dns_check': dns_check, 'hmac': hmac_is, 'hmac_compute': hmac_compute,
    'random_hash': random_hash, 'rand_str': random_hash, 'random_str': random_text, 'random_sample': sample,
    'random_shuffle': shuffled, 'human_to_bytes': human_to_bytes,
}
