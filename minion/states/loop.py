"""States that call a function until its answer is the wanted one."""
from __future__ import absolute_import, division, print_function

import operator
import time

from minion import compat

_OPERATORS = ('eq', 'ne', 'lt', 'le', 'gt', 'ge', 'contains', 'is_', 'is_not', 'and_', 'or_', 'xor')


def _returned(name, result, comment):
    return {'name': name, 'result': result, 'comment': comment, 'changes': {}}


def until(name, m_args=None, m_kwargs=None, condition=None, period=1, timeout=60):
    """Fails: its `condition` is Python code that came with a job, and such is not run here; see until_no_eval."""
    if name not in __salt__:
        return _returned(name, False, 'Cannot find module %s' % name)
    if condition is None:
        return _returned(name, False, 'An exit condition must be specified')
    return _returned(name, False, 'loop.until would run its condition (%s) as Python code, which this minion does not do with '
                     'what a job says: use loop.until_no_eval' % condition)


def until_no_eval(name, expected, compare_operator='eq', timeout=60, period=1, init_wait=0, args=None, kwargs=None):
    """Call the function `name` until its answer compares to `expected`.

    compare_operator: a function of Python's module operator, called with the answer and `expected`.
    init_wait: seconds before the first call.

    wait_for_it:
      loop.until_no_eval:
        - name: file.file_exists
        - args: [/run/ready]
        - expected: True
    """
    if __opts__['test']:
        return _returned(name, None, 'Would have waited for "%s" to produce "%s".' % (name, compat.shown(expected)))
    if name not in __salt__:
        return _returned(name, False, 'Module.function "%s" is unavailable.' % name)
    compare = _comparison(compare_operator)
    if compare is None:
        return _returned(name, False, 'Invalid operator "%s" supplied.' % compare_operator)
    if init_wait:
        time.sleep(init_wait)
    deadline, attempts = compat.monotonic() + timeout, 0
    while compat.monotonic() < deadline:
        attempts += 1
        try:
            done = compare(__salt__[name](*(args or []), **(kwargs or {})), expected)
        except Exception as exc:                     # foreign code, as around a job: any function of any module
            return _returned(name, False, "Exception occurred while executing %s: <class '%s'>:%s"
                             % (name, _class(exc), compat.error_text(exc)))
        if done:
            return _returned(name, True, 'Call provided the expected results in %d attempts' % attempts)
        time.sleep(period)
    return _returned(name, False, 'Call did not produce the expected result after %d attempts' % attempts)


def _class(error):
    kind = type(error)
    return kind.__name__ if kind.__module__ in ('builtins', 'exceptions') else '%s.%s' % (kind.__module__, kind.__name__)


def _comparison(name):
    """A function of two values: of the module operator, or an execution or utility function; None if there is none."""
    if name in _OPERATORS:
        return getattr(operator, name)
    if name == 'data.subdict_match':
        return _is_within
    for functions in (__utils__, __salt__):
        if '.' in name and name in functions:
            return functions[name]
    return None


def _is_within(found, expected):
    """Does the mapping `found` hold all that the mapping `expected` holds?"""
    if not isinstance(found, dict) or not isinstance(expected, dict):
        return False
    return all(key in found and found[key] == value for key, value in expected.items())
