"""Small functions that show whether and how this minion runs jobs. Names and results: tests/data/parity/returns/test.json."""
from __future__ import absolute_import, division, print_function

import logging
import time
import traceback
import warnings

import minion
from minion import compat, lean

log = logging.getLogger(__name__)


__func_alias__ = {'true_': 'true', 'false_': 'false', 'try_': 'try'}


def ping():
    """Return True: the minion is there and runs jobs. CLI: salt '*' test.ping"""
    return True


def true_():
    """Return True. CLI: salt '*' test.true"""
    return True


def false_():
    """Return False. CLI: salt '*' test.false"""
    return False


def echo(text):
    """Return `text`, a value of any type. CLI: salt '*' test.echo 'foo bar'"""
    return text


def sleep(length):
    """Wait `length` seconds (int, or text of one) and return True. CLI: salt '*' test.sleep 20"""
    length = int(length)
    if length < 0:
        raise ValueError('sleep length must be non-negative')
    return _wait(length)


def _wait(seconds):
    """Wait in short steps: a job that is told to end can do so only between two of them."""
    deadline = compat.monotonic() + seconds
    while True:
        left = deadline - compat.monotonic()
        if left <= 0:
            return True
        time.sleep(min(0.1, left))


def rand_sleep(max=60):
    """Wait a random number of whole seconds below `max` and return True. CLI: salt '*' test.rand_sleep 60"""
    import random
    return _wait(random.randint(0, int(max)))


def version():
    """Text: the Salt release whose functions this minion offers. CLI: salt '*' test.version"""
    return minion.SALT_VERSION


def versions_information():
    """Mapping of sections to mappings of names to version texts, None if absent.

    CLI: salt '*' test.versions_information
    """
    from minion.helpers import versions                # most minions are pinged, and never asked this
    return versions.information()


def versions_report():
    """Text: versions_information laid out for reading. CLI: salt '*' test.versions_report"""
    from minion.helpers import versions
    return versions.report(versions.information())


def versions():
    """The same as versions_report. CLI: salt '*' test.versions"""
    return versions_report()


def conf_test():
    """The setting `test.foo`, 'unconfigured' if there is none. CLI: salt '*' test.conf_test"""
    return __salt__['config.option']('test.foo')


def get_opts():
    """Mapping of all settings that modules see. CLI: salt '*' test.get_opts"""
    return dict(__opts__)


def opts_pkg():
    """get_opts with the grains under the key `grains`. CLI: salt '*' test.opts_pkg"""
    return dict(__opts__, grains=__grains__)


def cross_test(func, args=None):
    """Call the function named `func` with the list `args` through __salt__.

    CLI: salt '*' test.cross_test test.echo '[hi]'
    """
    return __salt__[func](*([] if args is None else args))


def kwarg(**kwargs):
    """Mapping of the keyword arguments, the job's own `__pub_` keys included. CLI: salt '*' test.kwarg num=1 txt=two"""
    return kwargs


def arg(*args, **kwargs):
    """Mapping with the list `args` and the mapping `kwargs` as they came. CLI: salt '*' test.arg 1 'two' txt=hello"""
    return {'args': list(args), 'kwargs': kwargs}


def arg_clean(*args, **kwargs):
    """As test.arg without the job's own `__pub_` keys. CLI: salt '*' test.arg_clean 1 'two' txt=hello"""
    return {'args': list(args), 'kwargs': _own(kwargs)}


def arg_repr(*args, **kwargs):
    """As test.arg, each part as the text of its Python form. CLI: salt '*' test.arg_repr 1 'two' txt=hello"""
    return {'args': compat.shown(args), 'kwargs': compat.shown(kwargs)}


def arg_type(*args, **kwargs):
    """As test.arg with the type in the place of each value. CLI: salt '*' test.arg_type 1 'two' txt=hello"""
    return {'args': [_type_name(value) for value in args],
            'kwargs': dict((name, _type_name(value)) for name, value in kwargs.items())}


def _own(kwargs):
    return dict((name, value) for name, value in kwargs.items() if not name.startswith('__pub_'))


def _type_name(value):
    """As Python 3 writes it, so that one expectation fits all minions."""
    if compat.is_text(value):
        return "<class 'str'>"
    if isinstance(value, compat.integer_types) and not isinstance(value, bool):
        return "<class 'int'>"
    return "<class '%s'>" % type(value).__name__


def fib(num):
    """[the Fibonacci number of index `num`, seconds that it took]. CLI: salt '*' test.fib 3"""
    num, start = int(num), time.time()
    if num < 0:
        raise ValueError('Negative number is not allowed!')
    number, following = 0, 1
    for _ in compat.range_(num):
        number, following = following, number + following
    return [number, time.time() - start]


def collatz(start):
    """[steps from `start` (int) down to 1 by the Collatz rule, seconds that it took]. CLI: salt '*' test.collatz 3"""
    number, begun, steps = int(start), time.time(), []
    while number != 1:
        steps.append(number)
        number = number / 2 if number % 2 == 0 else number * 3 + 1
    return [steps, time.time() - begun]


def outputter(data):
    """Return `data`; for trying how the master's client shows it. CLI: salt '*' test.outputter foobar"""
    return data


def retcode(code=42):
    """Return True and end the job with return code `code`. CLI: salt '*' test.retcode 42"""
    __context__['retcode'] = code
    return True


def provider(module):
    """File name of the plug-in that provides `module`, '' if none does. CLI: salt '*' test.provider service"""
    for name, provided in __minion__.functions().providers().items():
        if module in provided:
            return name
    return ''


def providers():
    """Mapping of plug-in file names to the module that each provides. CLI: salt '*' test.providers"""
    return dict((name, provided[0]) for name, provided in __minion__.functions().providers().items() if provided)


def not_loaded():
    """Sorted file names of the plug-ins that refused to load on this host. CLI: salt '*' test.not_loaded"""
    return sorted(name for name, provided in __minion__.functions().providers().items() if not provided)


def module_report():
    """Mapping of lists: modules, functions, and what differs between the three ways to reach them.

    CLI: salt '*' test.module_report
    """
    functions = sorted(__salt__)
    modules = sorted(set(name.split('.', 1)[0] for name in functions))
    reachable = [name for name in functions if getattr(getattr(__salt__, name.split('.')[0]), name.split('.')[1], None)]
    return {'functions': functions, 'modules': modules, 'function_attrs': reachable, 'function_subs': functions,
            'module_attrs': modules, 'missing_attrs': sorted(set(functions) - set(reachable)), 'missing_subs': []}


def attr_call():
    """What grains.items returns, called as an attribute. CLI: salt '*' test.attr_call"""
    return __salt__.grains.items()


def rand_str(size=9999999999, hash_type=None):
    """The same as random_hash, under its old name. CLI: salt '*' test.rand_str"""
    return random_hash(size, hash_type)


def random_hash(size=9999999999, hash_type=None):
    """Hex digest of a random number up to `size`, by `hash_type` or the setting of that name.

    CLI: salt '*' test.random_hash hash_type=sha512
    """
    digest = lean.full_hashlib().new(compat.to_native(hash_type or __opts__.get('hash_type') or 'sha256'))
    import random
    digest.update(str(random.SystemRandom().randint(0, int(size))).encode('ascii'))
    return digest.hexdigest()


def exception(message='Test Exception'):
    """Raise an Exception with `message`. CLI: salt '*' test.exception 'Oh noes!'"""
    raise Exception(message)


def raise_exception(name, *args, **kwargs):
    """Raise the exception called `name`, one of Python's or one that modules import from salt.exceptions, with `args`.

    :return bool: False, if there is none of that name, and for AttributeError and BaseException.

    CLI: salt '*' test.raise_exception OSError 2 'No such file'
    CLI: salt '*' test.raise_exception salt.exceptions.CommandExecutionError 'It does not work'
    """
    from minion.helpers import saltexceptions    # test.ping is the first function of most minions, and needs none
    home, _, plain = str(name).rpartition('.')
    kind = saltexceptions.named(plain) if home == saltexceptions.HOME else getattr(compat.builtins, str(name), None)
    if not isinstance(kind, type) or not issubclass(kind, BaseException) or kind in (BaseException, AttributeError):
        log.error('test.raise_exception: neither Python nor salt.exceptions has the exception %s', name)
        return False
    raise kind(*args)


def stack():
    """Text: the Python frames from the thread's begin to here. CLI: salt '*' test.stack"""
    return ''.join(traceback.format_stack())


def tty(*args, **kwargs):
    """Text that names the function which took this one's place. CLI: salt '*' test.tty tty0 'hello'"""
    return 'ERROR: This function has been moved to cmd.tty'


def try_(module, return_try_exception=False, **kwargs):
    """Call the function named `module` with the keywords; an error gives None, or its text with return_try_exception.

    CLI: salt '*' test.try test.echo text=hi
    """
    try:
        return __salt__[module](**_own(kwargs))
    except Exception as exc:                     # to swallow it is what the caller asks for
        return '%s: %s' % (type(exc).__name__, exc) if return_try_exception else None


def assertion(assertion):
    """Raise an AssertionError if `assertion` is a false value, else return None. CLI: salt '*' test.assertion False"""
    if not assertion:
        raise AssertionError


def deprecation_warning():
    """Issue two Python deprecation warnings and return True. CLI: salt '*' test.deprecation_warning"""
    warnings.warn('this is a test of a deprecation warning', DeprecationWarning)
    warnings.warn('this is a test of a pending deprecation warning', PendingDeprecationWarning)
    return True
