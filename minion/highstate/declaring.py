"""What one SLS file declares -> high data: short forms, `extend`, `exclude`, `order`; and several files into one."""
from __future__ import absolute_import, division, print_function

from minion import compat

_CONFLICT = ("Detected conflicting IDs, SLS IDs need to be globally unique.\n    The conflicting ID is '%s' and is found in "
             "SLS '%s:%s' and SLS '%s:%s'")


def settle(state, sls, saltenv):
    """Bring `state`, what a file says but for its `include`, into the form of high data; list of errors."""
    errors = _extend(state, sls, saltenv)
    if 'exclude' in state:
        excluded = state.pop('exclude')
        if isinstance(excluded, list):
            state.setdefault('__exclude__', []).extend(excluded)
        else:
            errors.append('Exclude Declaration in SLS %s is not formed as a list' % sls)
    for name in list(state):
        if compat.is_text(name) and name.startswith('__'):
            if not isinstance(state[name], (dict, list)):
                errors.append('ID %s in SLS %s is not a dictionary' % (_shown(name), sls))
            continue
        if isinstance(state[name], dict):
            errors += _declaration(state, name, sls)
        elif compat.is_text(state[name]) and '.' in state[name]:
            module, function = compat.to_native(state[name]).split('.')[:2]
            state[name] = compat.Ordered([(module, [function])])
        else:
            errors.append('ID %s in SLS %s is not a dictionary' % (_shown(name), sls))
            continue
        state[name].setdefault('__sls__', sls)
        state[name].setdefault('__env__', saltenv)
    return errors


def _shown(value):
    return compat.to_native(compat.shown(value))


def _declaration(state, name, sls):
    """Replace `module.function: [..]` of one id by `module: [.., function]`, behind what has no function; list of errors."""
    made, errors, seen, behind = compat.Ordered(), [], set(), []
    for key, body in state[name].items():
        if not compat.is_text(key) or key.startswith('_') or not isinstance(body, list):
            made[key] = body
            continue
        module, function = _split(key)
        if module in seen:
            errors.append("ID '%s' in SLS '%s' contains multiple state declarations of the same type" % (_shown(name), sls))
            continue
        seen.add(module)
        if function:
            behind.append((module, list(body) + [function]))
        else:
            made[module] = list(body)
    for module, run in behind:
        made[module] = run
    state[name] = made
    return errors


def _split(key):
    parts = compat.to_native(key).split('.')
    return parts[0], parts[1] if len(parts) > 1 else None


def _extend(state, sls, saltenv):
    if 'extend' not in state:
        return []
    given = state.pop('extend')
    if not isinstance(given, dict):
        return ["Extension value in SLS '%s' is not a dictionary" % sls]
    errors, made = [], compat.Ordered()
    for name, body in given.items():
        if not isinstance(body, dict):
            errors.append("Extension name '%s' in SLS '%s' is not a dictionary" % (_shown(name), sls))
            continue
        made[name] = compat.Ordered((key, value) for key, value in body.items())
        _declaration(made, name, sls)
        made[name].setdefault('__sls__', sls)
        made[name].setdefault('__env__', saltenv)
    state.setdefault('__extend__', []).extend(compat.Ordered([(name, made[name])]) for name in made)
    return errors


def number(state, order):
    """Give each state without an `order` the next number; the next one that is free."""
    for name, body in state.items():
        if not isinstance(body, dict) or compat.is_text(name) and name.startswith('__'):
            continue
        for key, arguments in body.items():
            if compat.is_text(key) and key.startswith('_') or not isinstance(arguments, list):
                continue
            if any(isinstance(argument, dict) and 'order' in argument for argument in arguments):
                continue
            arguments.append({'order': order})
            order += 1
    return order


def note_includer(state, sls):
    """Each declaration knows by which files it came in."""
    for name, body in state.items():
        if isinstance(body, dict) and not (compat.is_text(name) and name.startswith('__')):
            body.setdefault('__sls_included_from__', []).append(sls)


def merge(high, other):
    """Put the high data of another file into `high`; list of errors."""
    errors = []
    for name, body in other.items():
        if name in ('__extend__', '__exclude__'):
            high.setdefault(name, []).extend(body)
            continue
        if name in high and not (isinstance(high[name], dict) and isinstance(body, dict)):
            continue
        if name in high:
            mine = high[name]
            errors.append(_CONFLICT % (_shown(name), mine.get('__env__'), mine.get('__sls__'), body.get('__env__'),
                                       body.get('__sls__')))
        high[name] = body
    return errors


def alone(state, name):
    """(high data, errors) of a text that belongs to no SLS file."""
    alien = [word for word in ('include', 'exclude', 'extends') if word in state]
    errors = ["The '%s' declaration found on '%s' is invalid when rendering single templates" % (word, name) for word in alien]
    made = compat.Ordered(state)
    for id_, body in state.items():
        if id_ in alien:
            continue
        if compat.is_text(body) and '.' in body:
            made[id_] = compat.Ordered([(_split(body)[0], [_split(body)[1]])])
        elif not isinstance(body, dict):
            errors.append('ID %s in template %s is not a dictionary' % (_shown(id_), name))
        elif _declaration(made, id_, name):
            errors.append("Name '%s' in template '%s' contains multiple state declarations of the same type"
                          % (_shown(id_), name))
    return made, errors
