"""For which Python on which kind of host a bundle is: names, tags and markers. Pure, no files."""
from __future__ import absolute_import, division, print_function

import operator
import re
from collections import namedtuple

from minion import errors

PYTHONS = ('2.7',) + tuple('3.%d' % minor for minor in range(6, 15))
# old name of a kind of wheel: the glibc it needs
LEGACY = (('manylinux2014', (2, 17)), ('manylinux2010', (2, 12)), ('manylinux1', (2, 5)))
LOWEST = 5                                       # minor number of the oldest glibc that any wheel is made for
PLATFORM = re.compile(r'^(?:manylinux(1|2010|2014)|manylinux_2_(\d+))_(\w+)$')
COMPARE = {'<': operator.lt, '<=': operator.le, '==': operator.eq, '!=': operator.ne, '>=': operator.ge, '>': operator.gt}
TOKEN = re.compile(r'\s*(?:(?P<text>"[^"]*"|\'[^\']*\')|(?P<sign>===|~=|[<>=!]=|[<>()])|(?P<word>[A-Za-z_.]+))')

# python: as '2.7'; abi: as 'cp27mu'; platform: as 'manylinux1_x86_64'; glibc: as (2, 5); machine: as 'x86_64'
Target = namedtuple('Target', 'python abi platform glibc machine')


class UnknownTarget(errors.MinionError):
    """A Python or platform that no bundle can be made for."""
    exit_code = 64


def target(python, platform=None, abi=None):
    """The Target of these names; the usual platform and ABI of that Python where they are not given.

    :raises UnknownTarget:
    """
    if python not in PYTHONS:
        raise UnknownTarget('no bundle for Python %s: there are %s' % (python, ', '.join(PYTHONS)))
    platform = platform or usual_platform(python)
    found = PLATFORM.match(platform)
    if not found:
        raise UnknownTarget('%s is no platform: name it as manylinux1_x86_64, manylinux2014_x86_64 or manylinux_2_28_aarch64'
                            % platform)
    old, minor, machine = found.groups()
    glibc = dict(LEGACY)['manylinux' + old] if old else (2, int(minor))
    return Target(python, abi or usual_abi(python), platform, glibc, machine)


def usual_platform(python):
    """The oldest kind of host for which all wheels of a Python exist."""
    if python in ('2.7', '3.6', '3.7'):
        return 'manylinux1_x86_64'
    return 'manylinux_2_26_x86_64' if python == '3.14' else 'manylinux2014_x86_64'


def usual_abi(python):
    """What the distributions build: wide characters on Python 2, no letters from 3.8 on."""
    return {'2.7': 'cp27mu', '3.6': 'cp36m', '3.7': 'cp37m'}.get(python, 'cp' + python.replace('.', ''))


def platforms(wanted):
    """Tags of every wheel that runs on hosts of a Target, the best first."""
    names = []
    for minor in range(wanted.glibc[1], LOWEST - 1, -1):
        names.append('manylinux_2_%d_%s' % (minor, wanted.machine))
        names += ['%s_%s' % (name, wanted.machine) for name, glibc in LEGACY if glibc == (2, minor)]
    return names


def needed_glibc(wheel):
    """The oldest glibc, as (2, 17), on which a wheel of this file name runs; None for one without compiled parts."""
    tags = wheel[:-len('.whl')].split('-')[-1].split('.')
    found = [PLATFORM.match(tag) for tag in tags]
    needs = [dict(LEGACY)['manylinux' + each.group(1)] if each.group(1) else (2, int(each.group(2)))
             for each in found if each]
    return min(needs) if needs else None


# ---- markers of requirements, for another Python than the one that runs this

def environment(wanted):
    """What environment markers ask about, on a host of a Target."""
    return {'python_version': wanted.python, 'python_full_version': wanted.python + '.99', 'extra': '',
            'implementation_name': 'cpython' if wanted.python[0] > '2' else '', 'platform_machine': wanted.machine,
            'platform_python_implementation': 'CPython', 'platform_system': 'Linux', 'os_name': 'posix',
            'sys_platform': 'linux' if wanted.python[0] > '2' else 'linux2'}


def holds(marker, known):
    """True if an environment marker holds.  :param dict known: see environment().  :raises ValueError: not understood."""
    tokens, at = [], 0
    while marker[at:].strip():
        found = TOKEN.match(marker, at)
        if not found:
            raise ValueError('marker not understood: %s' % marker)
        tokens.append(found.group(0).strip())
        at = found.end()
    tokens.append('')
    value = _any(tokens, known)
    if tokens != ['']:
        raise ValueError('marker not understood: %s' % marker)
    return value


def _any(tokens, known):
    value = _all(tokens, known)
    while tokens[0] == 'or':
        tokens.pop(0)
        value = _all(tokens, known) or value
    return value


def _all(tokens, known):
    value = _one(tokens, known)
    while tokens[0] == 'and':
        tokens.pop(0)
        value = _one(tokens, known) and value
    return value


def _one(tokens, known):
    if tokens[0] == '(':
        tokens.pop(0)
        value = _any(tokens, known)
        if tokens.pop(0) != ')':
            raise ValueError('marker without its closing parenthesis')
        return value
    left, sign = _operand(tokens, known), tokens.pop(0)
    if sign == 'not':
        sign += ' ' + tokens.pop(0)
    if sign not in COMPARE and sign not in ('in', 'not in'):
        raise ValueError('comparison not understood: %s' % sign)
    right = _operand(tokens, known)
    if sign not in COMPARE:
        return (left in right) == (sign == 'in')
    if re.match(r'^\d+(\.\d+)*$', left) and re.match(r'^\d+(\.\d+)*$', right):
        left, right = [tuple(int(part) for part in side.split('.')) for side in (left, right)]
    return COMPARE[sign](left, right)


def _operand(tokens, known):
    token = tokens.pop(0)
    if token[:1] in ('"', "'"):
        return token[1:-1]
    name = token.replace('.', '_')                # as os.name, of old
    if name not in known:
        raise ValueError('marker not understood: %s' % token)
    return known[name]
