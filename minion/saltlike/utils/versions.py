"""`salt.utils.versions`: comparing versions, warnings about what is old."""
from __future__ import absolute_import, division, print_function

import functools
import re
import warnings


@functools.total_ordering
class LooseVersion(object):
    """A version of numbers and words that compares with others and with texts."""

    def __init__(self, vstring=None):
        self.vstring = '' if vstring is None else str(vstring)
        self.version = [int(part) if part.isdigit() else part
                        for part in re.findall(r'\d+|[a-zA-Z]+|[^\d.a-zA-Z]+', self.vstring)]

    def _key(self):
        return [(1, part, '') if isinstance(part, int) else (0, 0, part) for part in self.version]

    @classmethod
    def _of(cls, other):
        return other if isinstance(other, LooseVersion) else cls(other)

    def __eq__(self, other):
        return self._key() == self._of(other)._key()

    def __lt__(self, other):
        return self._key() < self._of(other)._key()

    def __hash__(self):
        return hash(self.vstring)

    def __str__(self):
        return self.vstring

    def __repr__(self):
        return "LooseVersion ('%s')" % self.vstring


StrictVersion = Version = LooseVersion


def version_cmp(pkg1, pkg2, ignore_epoch=False):
    """-1, 0 or 1: is the first version lower, the same or higher?"""
    def read(version):
        return LooseVersion(str(version).split(':', 1)[-1] if ignore_epoch else version)
    first, second = read(pkg1), read(pkg2)
    return (first > second) - (first < second)


def compare(ver1='', oper='==', ver2='', cmp_func=None, ignore_epoch=False):
    """Does `ver1 oper ver2` hold?"""
    result = (cmp_func or version_cmp)(ver1, ver2)
    return {'<': result == -1, '<=': result in (-1, 0), '==': result == 0, '!=': result != 0, '>=': result in (0, 1),
            '>': result == 1}.get(oper, False) if result is not None else oper == '!='


def warn_until(version, message, category=DeprecationWarning, stacklevel=None, **kwargs):
    """Warn about something old."""
    warnings.warn(str(message).replace('{version}', str(version)), category, stacklevel=stacklevel or 2)


def kwargs_warn_until(kwargs, version, category=DeprecationWarning, stacklevel=None, **more):
    """Warn about keywords that nobody reads."""
    names = [name for name in kwargs if not name.startswith('__')]
    if names:
        warn_until(version, 'The following parameter(s) have been deprecated: %s' % ', '.join(sorted(names)), category,
                   stacklevel)
