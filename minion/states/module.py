"""States that call execution modules."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import SaltInvocationError

_RESERVED = ('name', 'fun', 'names', 'state', 'saltenv')
"""Arguments of functions that states have for themselves: in a state their names begin with m_."""


def _returned(name, result=True, comment='', changes=None):
    return {'name': name, 'result': result, 'comment': comment, 'changes': changes or {}}


def wait(name, **kwargs):
    """Call functions only when a watched state changes something; the arguments are those of run."""
    return _returned(name)


watch = wait


def run(**kwargs):
    """Call functions of execution modules: each a key whose value lists its arguments, or one that is the `name`.

    fetch_out_of_band:
      module.run:
        - git.fetch:
          - cwd: /srv/app
          - user: deploy

    old_form:
      module.run:
        - name: service.restart
        - m_name: nginx
    """
    others = [key for key in kwargs if key not in ('name', 'sfun')]
    if others and all('.' in key for key in others):
        return _each(dict((key, value) for key, value in kwargs.items() if key != 'name'), kwargs.get('name'))
    return _one(**kwargs)


mod_watch = run


# ---- functions as keys

def _each(functions, state_name):
    names = [name for name in functions if '.' in name]
    ret = _returned(list(functions), None)
    missing = [name for name in names if name.split(':')[0] not in __salt__]
    planned = [name for name in names if name not in missing] if __opts__['test'] else []
    if missing or planned:
        words = ['Unavailable function%s: %s.' % (_several(missing), ', '.join(missing))] if missing else []
        words += ['Function%s %s to be executed.' % (_several(planned), ', '.join(planned))] if planned else []
        return dict(ret, comment=' '.join(words), result=False if missing else None)
    failures, successes = [], []
    for name in names:
        failure, success = _called(name, functions[name], ret['changes'])
        failures += failure
        successes += success
    return dict(ret, comment=', '.join(failures + successes), result=not failures)


def _several(names):
    """What the reference writes for a plural."""
    return 'True' if len(names) > 1 else ''


def _called(name, arguments, changes):
    """(texts of failures, texts of successes) of one call; what it returns goes into `changes` when it succeeded."""
    try:
        value = _call(name.split(':')[0], arguments)
    except TypeError as exc:                                         # SaltInvocationError is one
        return ["'%s' failed: %s" % (name, exc)], []
    if not _succeeded(value):
        return ["'%s' failed: %s" % (name, value.get('comment', '(error message N/A)'))
                if isinstance(value, dict) else "'%s': %s" % (name, _text(value))], []
    changes[name] = value
    return [], ['%s: %s' % (name, _text(value.get('comment', 'Success') if isinstance(value, dict) else value))]


def _text(value):
    return compat.to_native(compat.shown(value))


def _call(name, arguments):
    args, kwargs = [], {}
    for argument in arguments or ():
        if isinstance(argument, dict):
            kwargs.update(argument)
        else:
            args.append(argument)
    function = __salt__[name]
    spec = compat.getargspec(function)
    required = spec.args[:len(spec.args) - len(spec.defaults or ())]
    missing = [each for each in required[len(args):] if each not in kwargs]
    if missing:
        raise SaltInvocationError('Missing arguments: %s' % ', '.join(missing))
    return function(*args, **kwargs)


def _succeeded(value):
    """False for False, for a retcode that is not 0, and for a `result` that is False at any depth of mappings."""
    if isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return not value.get('retcode') and not _denied(value)
    return True


def _denied(value):
    return value.get('result') is False or any(_denied(item) for item in value.values() if isinstance(item, dict))


# ---- a function as the name

def _one(name, **kwargs):
    if name not in __salt__:
        return _returned(name, False, 'Module function %s is not available' % name)
    if __opts__['test']:
        return _returned(name, None, 'Module function %s is set to execute' % name)
    spec = compat.getargspec(__salt__[name])
    required = spec.args[:len(spec.args) - len(spec.defaults or ())]
    given = dict((each, kwargs[_key(each)]) for each in spec.args if _key(each) in kwargs)
    missing = [_key(each) for each in required if each not in given]
    if missing:
        return _returned(name, False, 'The following arguments are missing: %s' % ' '.join(missing))
    more = kwargs.get('args', [])
    if 'args' not in spec.args and not isinstance(more, list):
        return _returned(name, False, "'args' must be a list.")
    try:
        value = _call_old(__salt__[name], spec, given, more, kwargs)
    except Exception as exc:                         # foreign code, as around a job: any function of any module
        return _returned(name, False, 'Module function %s threw an exception. Exception: %s' % (name, compat.error_text(exc)))
    return _returned(name, _succeeded(value), 'Module function %s executed' % name, {'ret': value})


def _key(argument):
    return 'm_' + argument if argument in _RESERVED else argument


def _call_old(function, spec, given, more, kwargs):
    if spec.keywords and 'kwargs' not in spec.args:
        given.update(kwargs.get('kwargs') or {})
    if not spec.varargs or 'args' in spec.args or not more:
        return function(**given)
    first = [given.pop(each) for each in spec.args if each in given]
    return function(*(first + more), **given)
