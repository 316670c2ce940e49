"""What the modules of all package managers share: comparing lists of packages, arguments, isolated commands."""
from __future__ import absolute_import, division, print_function

import fnmatch
import os

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError

TRUE_WORDS = ('true', '1', 'yes', 'on')


def is_true(value):
    """What a caller means by True: also a number above 0 and the words true and 1."""
    if compat.is_text(value):
        return compat.to_native(value).lower() in TRUE_WORDS
    return bool(value)


def changes(old, new):
    """{name: {'old': version, 'new': version}} of all names that differ; '' stands for what is not there."""
    return dict((name, {'old': old.get(name, ''), 'new': new.get(name, '')})
                for name in set(old) | set(new) if old.get(name) != new.get(name))


def public(keywords):
    """Keywords without those that the job itself adds (`__pub_fun` and its like)."""
    return dict((name, value) for name, value in keywords.items() if not name.startswith('__'))


def refuse(keywords):
    """
    :raises SaltInvocationError: there are keywords left that the function does not know.
    """
    if keywords:
        raise SaltInvocationError('The following keyword arguments are not valid: %s' % ', '.join(
            '%s=%s' % (name, compat.to_native(compat.shown(keywords[name]))) for name in keywords))


def named_packages(value):
    """{name: version or None} of a list whose items are names or mappings of one name to a version.

    :return dict: empty for anything else.
    """
    found = {}
    for item in value if isinstance(value, (list, tuple)) else ():
        if isinstance(item, compat.Mapping):
            if len(item) != 1:
                return {}
            found.update(item)
        elif compat.is_text(item) or isinstance(item, (int, float)):
            found[item] = None
        else:
            return {}
    return found


def from_yaml(value):
    """A text read as YAML, anything else as it is."""
    if not compat.is_text(value):
        return value
    yaml = compat.import_yaml()
    try:
        return compat.native_tree(yaml.safe_load(value))
    except yaml.YAMLError:
        return None


def listed(value):
    """A list from a list, a text that holds one in YAML, or a comma-separated text."""
    found = from_yaml(value)
    return found if isinstance(found, (list, tuple)) else words(value) if compat.is_text(value) else value


def words(value):
    """A list from a list or a comma-separated text."""
    if value is None:
        return []
    if compat.is_text(value):
        return [word.strip() for word in compat.to_native(value).split(',') if word.strip()]
    return list(value)


def matching(installed, wanted):
    """Names of `wanted`, globs among them, that are in `installed`, in order."""
    found = []
    for name in wanted:
        hits = [name] if name in installed else sorted(fnmatch.filter(installed, name))
        found.extend(hit for hit in hits if hit not in found)
    return found


def failed(message, errors, changed):
    """The error of an installation or removal that did not go well, with what it changed all the same."""
    return CommandExecutionError(message, info={'errors': errors, 'changes': changed})


def isolated(argv, functions):
    """`argv` so that it outlives a restart of the minion's own unit: below systemd in a scope of its own."""
    if os.path.isdir('/run/systemd/system') and os.path.exists('/usr/bin/systemd-run'):
        if 'config.get' not in functions or functions['config.get']('systemd.scope', True):
            return ['systemd-run', '--scope'] + list(argv)
    return list(argv)


def cached(path, saltenv, functions):
    """A path on this host for `path`, fetched first where it is an address.

    :return: the path; None: it cannot be fetched.
    """
    if '://' not in path:
        return path
    return functions['cp.cache_file'](path, saltenv) or None if 'cp.cache_file' in functions else None


OPERATORS = {'==': (0,), '<': (-1,), '>': (1,), '<=': (-1, 0), '>=': (1, 0), '!=': (-1, 1)}


def fits(operator, order):
    """True if the outcome of a comparison (-1, 0, 1 or None) is what an operator asks for."""
    return order is not None and order in OPERATORS.get(operator, ())


def split_condition(text):
    """('>=', '1.0') for '>=1.0'; ('==', text) for a bare version."""
    text = text.strip()
    for operator in ('<=', '>=', '!=', '==', '<', '>'):
        if text.startswith(operator):
            return operator, text[len(operator):].strip()
    return '==', text.lstrip('=')


def best(condition, candidates, compare):
    """The first of `candidates`, best first, that fulfils '>=1.0' or a list of such, joined by commas; or None.

    :param callable compare: (version, version) to -1, 0, 1 or None.
    """
    conditions = [split_condition(part) for part in condition.split(',')]
    for version in candidates:
        if all(_holds(operator, wanted, version, compare) for operator, wanted in conditions):
            return version
    return None


def _holds(operator, wanted, version, compare):
    if operator == '==' and '*' in wanted:
        return fnmatch.fnmatchcase(version, wanted)
    return fits(operator, compare(version, wanted))
