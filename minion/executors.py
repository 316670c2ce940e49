"""One job, from its load to its outcome: the functions it names, their arguments, errors, return codes.

Everything that a function does ends in an Outcome that can be sent, SystemExit and values of odd types included; only
JobEnded passes. Facts: tests/data/parity/returns/dispatch.json and values.json.
"""
from __future__ import absolute_import, division, print_function

import logging
import sys
import time
import types
import zlib

from minion import arguments, compat, errors, payload
from minion.record import record

log = logging.getLogger(__name__)

Outcome = record('Outcome', 'value retcode success out')
"""value: what is returned; retcode: int, or mapping or list of them; success: bool, or the same; out: name or None."""

FAILED = 1
BLACKOUT = ("Minion in blackout mode. Set 'minion_blackout' to False in pillar or grains to resume operations. "
            "Only saltutil.refresh_pillar allowed in blackout mode.")


class Failure(Exception):
    """What an attempt to run a function ended in; `value` goes to the master."""

    def __init__(self, value):
        Exception.__init__(self, value)
        self.value = value


def run(loader, load, progress=None):
    """Run the function or functions of a job on this thread.

    :param Loader loader: of execution modules.
    :param dict load: the publication, decoded: fun, arg, and what else came.
    :param callable progress: called as progress(item) for each item of a generator, before the next is made.
    :return Outcome: for a list `fun`, value, retcode and success are mappings by function name, or lists with the
        setting multifunc_ordered; a member that failed has no retcode.
    :raises JobEnded: the job was told to end.
    """
    loader.context.fresh()
    try:
        if isinstance(load.get('fun'), (list, tuple)):
            return _Several(loader, load, progress).run()
        return _One(loader, load, progress).outcome()
    finally:
        loader.context.fresh()


def direct(loader, load, arg):
    """Run one function for a caller on this host; what it raises is the caller's to tell.

    :param list arg: as published; the other keys of `load` are what a function with **kwargs sees of it.
    :return tuple: (value, retcode, name of an outputter or None).
    :raises Failure: there is no such function, or not now; its value is a text.
    """
    loader.context.fresh()
    try:
        one = _One(loader, load, None, None, arg)
        return one.direct()
    finally:
        loader.context.fresh()


def refusal(load, text):
    """The Outcome of a job that does not run, or whose return cannot be sent: `text` for each of its functions."""
    fun = load.get('fun')
    if isinstance(fun, (list, tuple)):
        names = [_key(name) for name in fun]
        return Outcome(dict((name, 'ERROR: ' + text) for name in names), dict((name, FAILED) for name in names),
                       dict((name, False) for name in names), None)
    return Outcome('ERROR: ' + text, FAILED, False, 'nested')


class _One(object):
    """One function of a job."""

    def __init__(self, loader, load, progress, name=None, arg=None):
        self._loader, self._load, self._progress = loader, load, progress
        self._name = _key(load.get('fun') if name is None else name)
        self._arg = load.get('arg', []) if arg is None else arg

    def outcome(self):
        """The Outcome of a job of one function."""
        try:
            function = self._find()
            value = self._attempt(function)
        except Failure as exc:
            return Outcome(exc.value, FAILED, False, 'nested')
        retcode = self.retcode(value)
        return Outcome(value, retcode, retcode == 0, self._loader.functions.outputter(self._name))

    def _find(self):
        """The function.  :raises Failure: there is none, or not now."""
        functions = self._loader.functions
        try:
            function = functions[self._name]
        except KeyError:
            text = functions.missing(self._name)
            log.info('%s', text)
            docs = dict((name, functions[name].__doc__) for name in functions.like(_literal(self._name) + '*'))
            raise Failure(dict(docs, **{self._name: text}) if docs else text)
        if self._in_blackout():
            raise Failure("ERROR executing '%s': %s" % (self._name, BLACKOUT))
        return function

    def _in_blackout(self):
        for source in (self._loader.pillar, self._loader.grains):
            if source.get('minion_blackout'):
                allowed = source.get('minion_blackout_whitelist') or ()
                return self._name != 'saltutil.refresh_pillar' and self._name not in allowed
        return False

    def _attempt(self, function):
        try:
            return _sendable(self._collected(self._executed(function)))
        except errors.JobEnded:
            raise
        except BaseException as exc:                 # around one job: SystemExit and its like are failures, too
            kind, _, trace = sys.exc_info()
            try:
                text = self._explained(kind, exc, trace, function)
            finally:
                del trace                            # it holds this frame, which would hold it
            log.info('%s failed: %s: %s', self._name, kind.__name__, compat.error_text(exc).split('\n')[0])
        raise Failure(text)

    def direct(self):
        """See direct()."""
        functions = self._loader.functions
        if self._name not in functions:
            raise Failure(functions.missing(self._name))
        value = self._collected(self._executed(self._find()))
        return value, self.retcode(value), functions.outputter(self._name)

    def plain(self):
        """Value of the function as a member of a job of several.  :raises Failure:"""
        function = self._find()
        try:
            return _sendable(self._collected(self._called(function)))
        except errors.JobEnded:
            raise
        except BaseException:                        # around one job
            text = _traceback(*sys.exc_info())
        raise Failure(text)

    # ---- calling

    def _call(self, function):
        """(args, kwargs) for the function.  :raises SaltInvocationError: keywords that it does not take."""
        spec = _argspec(function)
        self._loader.context.function = self._name
        args, kwargs = arguments.parse(self._arg, spec)
        if spec is not None and spec.keywords:
            kwargs.update(arguments.published(self._load))
        return args, kwargs

    def _called(self, function):
        args, kwargs = self._call(function)
        return _invoke(function, args, kwargs)

    def _executed(self, function):
        """Through the executors of the load or the settings; the first that gives a value ends the row."""
        args, kwargs = self._call(function)
        value = None
        for name in _executor_names(self._load, self._loader.opts):
            value = _executor(name, self._loader)(self._loader.opts, self._load, function, args, kwargs)
            if value is not None:
                break
        return value

    def _collected(self, value):
        """The value, a generator's items gathered: mappings in one mapping, else a list."""
        if not isinstance(value, types.GeneratorType):
            return value
        items = []
        for item in value:
            items.append(item)
            if self._progress is not None:
                self._progress(_sendable(item))
        if all(isinstance(item, dict) for item in items):
            merged = {}
            for item in items:
                merged.update(item)
            return merged
        return items

    # ---- results

    def retcode(self, value):
        """What the function left in __context__, else 1 for a mapping that says `result` or `success` false."""
        retcode = self._loader.context.get('retcode', 0)
        if retcode == 0 and isinstance(value, dict):
            if not all(value.get(key, True) for key in ('result', 'success')):
                return FAILED
        try:
            payload.pack(retcode)
        except errors.BadPayload:
            return FAILED
        return retcode

    def _explained(self, kind, error, trace, function):
        """The text that a master gets for an error."""
        names = [base.__name__ for base in kind.__mro__ if base.__module__ == 'salt.exceptions']
        text = compat.error_text(error)
        if 'CommandNotFoundError' in names:
            return "Command required for '%s' not found: %s" % (self._name, text)
        if 'CommandExecutionError' in names:
            return 'ERROR: ' + text
        if 'SaltInvocationError' in names or 'SaltClientError' in names:
            return "ERROR executing '%s': %s" % (self._name, text)
        if isinstance(error, TypeError):
            return 'Passed invalid arguments to %s: %s\n%s' % (self._name, text, function.__doc__ or '')
        return 'The minion function caused an exception: ' + _traceback(kind, error, trace)


class _Several(object):
    """A job with a list of functions, run one after the other in one context."""

    def __init__(self, loader, load, progress):
        self._loader, self._load, self._progress = loader, load, progress
        self._args = load.get('arg')

    def run(self):
        """The Outcome."""
        rows = [self._member(number, name) for number, name in enumerate(self._load['fun'])]
        if self._loader.opts.get('multifunc_ordered'):
            return Outcome([row[1] for row in rows], [row[2] for row in rows], [row[3] for row in rows], None)
        return Outcome(dict((row[0], row[1]) for row in rows),
                       dict((row[0], row[2]) for row in rows if row[2] is not None),
                       dict((row[0], row[3]) for row in rows), None)

    def _member(self, number, name):
        """(key, value, retcode or None, success)"""
        arg = self._args[number] if isinstance(self._args, (list, tuple)) and number < len(self._args) else []
        one = _One(self._loader, self._load, self._progress, name, arg)
        self._loader.context.pop('retcode', None)
        try:
            value = one.plain()
        except Failure as exc:
            return _key(name), exc.value, None, False
        retcode = one.retcode(value)
        return _key(name), value, retcode, retcode == 0


# ---- executors

def _executor_names(load, opts):
    wanted = load.get('module_executors') or opts.get('module_executors') or ['direct_call']
    names = [wanted] if compat.is_text(wanted) else wanted
    if not isinstance(names, (list, tuple)):
        raise errors.SaltInvocationError('Wrong executors specification: %s. String or non-empty list expected'
                                         % compat.shown(wanted))
    names = [compat.to_native(name) if compat.is_text(name) else name for name in names]
    return names[:-1] + ['sudo'] if opts.get('sudo_user') else names


def _executor(name, loader):
    """execute(opts, load, function, args, kwargs) of an executor: ours, or a plug-in of the kind `executors`."""
    if name in _OURS:
        return _OURS[name]
    try:
        return loader.other('executors').functions['%s.execute' % (name,)]
    except KeyError:
        raise errors.SaltInvocationError("Executor '%s' is not available" % (name,))


def _direct_call(opts, load, function, args, kwargs):
    return _invoke(function, args, kwargs)


def _splay(opts, load, function, args, kwargs):
    """Wait a part of `splaytime` seconds that depends on the minion's id only; the next executor then calls."""
    options = load.get('executor_opts') or opts.get('executor_opts') or {}
    most = int(options.get('splaytime', opts.get('splaytime', 300)))
    share = zlib.crc32(compat.to_bytes(opts.get('id', ''))) & 0xffffffff
    deadline = compat.monotonic() + (share % most if most > 0 else 0)
    while compat.monotonic() < deadline:
        time.sleep(0.1)                              # in short steps: a job is ended between two of them


_OURS = {'direct_call': _direct_call, 'splay': _splay}


# ---- small parts

def _invoke(function, args, kwargs):
    """Call it; a call that does not fit the signature fails with the same words on every Python."""
    wrong = arguments.mismatch(function, _argspec(function), args, kwargs)
    if wrong:
        raise TypeError(wrong)
    return function(*args, **kwargs)


def _argspec(function):
    try:
        return compat.getargspec(function)
    except TypeError:                                # something callable without a signature
        return None


def _sendable(value):
    """The value itself.  :raises CommandExecutionError: it cannot be sent."""
    if value is None or value is True or value is False:         # what most functions return needs no try
        return value
    try:
        payload.pack({'load': {'return': {'function': value}}})       # as deep inside a message as it will lie
    except errors.BadPayload as exc:
        raise errors.CommandExecutionError('the function ran, but its return is refused: %s' % exc)
    return value


def _traceback(kind, error, trace):
    """Its text, from the first frame that is not ours."""
    here = run.__code__.co_filename
    inner = trace
    while inner is not None and inner.tb_frame.f_code.co_filename == here:
        inner = inner.tb_next
    return compat.traceback_text(kind, error, inner or trace)


def _literal(name):
    """A function name with the glob characters taken as they are."""
    return ''.join('[%s]' % char if char in '*?[' else char for char in name)


def _key(name):
    """A function name as text, whatever came in its place."""
    return compat.to_native(name) if compat.is_text(name) else str(name)
