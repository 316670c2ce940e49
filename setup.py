"""Installs the minion. What is installed, and with which libraries, stands in setup.cfg.

setuptools before 30.3 does not read setup.cfg and would install an empty package with success; before 20.5 it does not
understand environment markers. For those this file reads setup.cfg and passes plain lists that hold for the running
Python. A newer setuptools reads setup.cfg itself, so that a wheel carries the markers and suits every Python.
"""
import io
import operator
import os
import re
import sys

try:
    from configparser import RawConfigParser
except ImportError:                                   # Python 2
    from ConfigParser import RawConfigParser

HERE = os.path.dirname(os.path.abspath(__file__))
READS_SETUP_CFG = (30, 3)                             # the first setuptools that does
COMPARE = {'<': operator.lt, '<=': operator.le, '==': operator.eq, '!=': operator.ne, '>=': operator.ge,
           '>': operator.gt}


def read(name):
    """Text of a file of the checkout."""
    with io.open(os.path.join(HERE, name), encoding='utf-8') as stream:
        return stream.read()


def config():
    """setup.cfg as a parser."""
    parser = RawConfigParser()
    parser.read(os.path.join(HERE, 'setup.cfg'))
    return parser


def items(section, option):
    """Items of a setup.cfg option that holds one per line; comments and empty lines are left out."""
    lines = [line.strip() for line in config().get(section, option).splitlines()]
    return [line for line in lines if line and not line.startswith('#')]


def holds(marker, version):
    """True if an environment marker suits a Python.

    :param str marker: as 'python_version >= "3" and python_version < "3.7"'.
    :param tuple version: as (3, 6).
    :raises ValueError: a marker of any other form.
    """
    for part in marker.split(' and '):
        found = re.match(r'^\s*python_version\s*([<>=!]+)\s*["\']([0-9.]+)["\']\s*$', part)
        if not found or found.group(1) not in COMPARE:
            raise ValueError('setup.cfg: marker not understood: %s' % part)
        if not COMPARE[found.group(1)](tuple(version), tuple(int(number) for number in found.group(2).split('.'))):
            return False
    return True


def requirements(section, option, version):
    """Requirements of a setup.cfg option that hold for one Python, without markers.

    :param tuple version: major and minor number of that Python.
    """
    kept = []
    for line in items(section, option):
        requirement, _, marker = line.partition(';')
        if not marker or holds(marker, version):
            kept.append(requirement.strip())
    return kept


def arguments():
    """What an old setuptools must be told; only what decides how the installed program works."""
    version = sys.version_info[:2]
    extras = [name for name, _ in config().items('options.extras_require')]
    return {
        'name': config().get('metadata', 'name'),
        'version': re.search(r"__version__ = '([^']+)'", read('minion/__init__.py')).group(1),
        'description': config().get('metadata', 'description'),
        'license': config().get('metadata', 'license'),
        'packages': items('options', 'packages'),
        'package_data': {'minion': items('options.package_data', 'minion')},
        'data_files': [(folder, items('options.data_files', folder))
                       for folder, _ in config().items('options.data_files')],
        'scripts': items('options', 'scripts'),
        'zip_safe': False,
        'install_requires': requirements('options', 'install_requires', version),
        'extras_require': dict((name, requirements('options.extras_require', name, version)) for name in extras),
    }


def main():
    """Run the setuptools of this Python, whatever its age."""
    import setuptools
    known = tuple(int(number) for number in re.findall(r'\d+', setuptools.__version__)[:2])
    if known >= READS_SETUP_CFG:
        setuptools.setup()
    else:
        setuptools.setup(**arguments())


if __name__ == '__main__':
    main()
