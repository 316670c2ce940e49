"""Wheels made by hand, for tests that need some and no network."""
from __future__ import absolute_import, division, print_function

import os
import zipfile


def make_wheel(folder, name, version='1.0', tag='py2.py3-none-any', requires=(), extra=()):
    """Write a wheel with one module of its name; its path.

    :param requires: texts of Requires-Dist.  :param extra: (name in the wheel, text) of further files.
    """
    path = os.path.join(folder, '%s-%s-%s.whl' % (name, version, tag))
    info = '%s-%s.dist-info/' % (name, version)
    metadata = ['Metadata-Version: 2.1', 'Name: ' + name, 'Version: ' + version]
    metadata += ['Requires-Dist: ' + each for each in requires]
    with zipfile.ZipFile(path, 'w') as archive:
        archive.writestr(name.replace('.', '_') + '.py', 'VERSION = %r\n' % version)
        archive.writestr(info + 'METADATA', '\n'.join(metadata) + '\n\nRequires-Dist: not-in-the-header\n')
        archive.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: %s\n' % tag)
        for place, text in extra:
            archive.writestr(place, text)
    return path
