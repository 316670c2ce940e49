"""The renderer `stateconf`: ids that belong to their SLS file (`.x` is `FILE::x`), parameters, a state for the whole file.

    #!stateconf [-Gosp] [renderer of data . renderer of templates]         else: yaml . jinja

Values of `stateconf.set` above a line `# --- end of state config ---` are variables of the template, by their ids; a file
that includes this one may extend them. -G: without the state `.goal`, which requires all others. -o: each state requires
the one before it. -s: with a state `.start`, which is required by the first one. -p: data comes from the renderers in front.
"""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.helpers import stateconf_names as names
from minion.helpers.rendererror import SaltRenderError

MARKER = r'#\s*-+\s*end of state config\s*-+'
_KEPT = '__stateconf__'                          # in the settings of a run: values that extend those of other files
_OPTIONS = 'Gosp'
_GOAL, _START = '.goal', '.start'
_ORDERED = ('require', 'watch', 'listen', 'onchanges', 'onfail')
_LATE = "State(%s:%s) can't require/watch/listen/onchanges/onfail a state(%s:%s) defined after it!"
_EARLY = "State(%s:%s) can't require_in/watch_in/listen_in/onchanges_in/onfail_in a state(%s:%s) defined before it!"
_NO_NAMES = ("'names' declaration(found in state id: %s) is not supported with implicitly ordered states! "
             'You should generate the states in a template for-loop instead.')


def rendered(value, arguments, space, render):
    """High data.

    :param value: the text of a file, or data with -p.  :param str arguments: what stands behind the name of the renderer.
    :param callable render: render(text, name of a renderer, more variables) -> what it makes of the text.
    :raises SaltRenderError: the arguments or the data are wrong.
    """
    options, by = _arguments(arguments)
    sls = compat.to_native(space.variables.get('sls') or '')
    if 'p' in options or not compat.is_text(value):
        return _made(value, sls, options, space)
    folder = {'sls_dir': '/'.join(sls.split('.')[:-1]) or sls}
    variables = dict(folder)
    head = re.search(space.opts.get('stateconf_end_marker') or MARKER, value)
    if head:
        first = _mapping(render(render(value[:head.start()], by[1], folder), by[0], folder) or {})
        variables.update(_parameters(first, sls, space.opts.get(_KEPT) or {}))
    return _made(render(render(value, by[1], variables), by[0], variables) or {}, sls, options, space)


def _arguments(text):
    """(set of options, (renderer of data, renderer of templates)).  :raises SaltRenderError:"""
    words, options = text.split(), ''
    while words and words[0].startswith('-') and len(words[0]) > 1:
        options += words.pop(0)[1:]
    unknown = [option for option in options if option not in _OPTIONS]
    if unknown:
        raise SaltRenderError('option -%s not recognized' % unknown[0])
    if not words:
        return options, ('yaml', 'jinja')
    if '.' not in words[1:-1]:
        raise SaltRenderError('Invalid use of stateconf.py renderer! It takes [-Gosp] [<data renderer> . <template renderer>]')
    return options, (words[0], words[words.index('.') + 1])


def _mapping(data):
    if not isinstance(data, dict):
        raise SaltRenderError('High data is not a dictionary and is invalid')
    return data


def _made(data, sls, options, space):
    """The high data of a file, complete."""
    data = names.spelt_out(_mapping(data))
    names.absolute_files(data, sls)
    if data.get('extend'):
        data['extend'] = names.renamed(names.spelt_out(_mapping(data['extend'])), sls)
        _keep(data['extend'], space.opts)
    if 'o' in options:
        _in_order(data)
    if 's' in options:
        _start(data)
    if 'G' not in options:
        _goal(data)
    return names.renamed(data, sls)


# ---- parameters

def _values(state):
    """The values of `stateconf.set`, None for any other state."""
    functions = [item for item in state if compat.is_text(item)]
    if functions != ['set']:
        return None
    found = compat.Ordered()
    for item in state:
        found.update(item if isinstance(item, dict) else ())
    return found


def _parameters(data, sls, kept):
    """{variable: values} of the first part of a file; {id of other files: values} in `kept` win."""
    found = {}
    for id_, state in names.states_of(names.spelt_out(data), 'stateconf'):
        values = _values(state)
        if values is not None:
            values.update(kept.get(names.absolute(id_, sls), ()))
            found[id_.lstrip('.')] = values
    return found


def _keep(extended, opts):
    """Note for files that are read later what this one says about their parameters."""
    for id_, state in names.states_of(extended, 'stateconf'):
        values = _values(state)
        if values is not None:
            opts.setdefault(_KEPT, {}).setdefault(id_, {}).update(values)


# ---- states of the whole file

def _goal(data):
    if _GOAL in data:
        raise SaltRenderError("Can't generate goal state(.goal)! The same state id already exists!")
    requires = [{state: id_} for id_, state, _ in names.states(data)]
    data[_GOAL] = compat.Ordered([('stateconf', [{'require': requires}, 'set'])])


def _start(data):
    if _START in data:
        raise SaltRenderError("Can't generate start state(.start)! The same state id already exists!")
    first = next(names.states(data), None)
    if first:
        data[_START] = compat.Ordered([('stateconf', [{'require_in': [{first[1]: first[0]}]}, 'set'])])


def _in_order(data):
    """Have each state require the one before it.  :raises SaltRenderError: one of them cannot."""
    rows = list(names.states(data))
    place = dict(((id_, state), number) for number, (id_, state, _) in enumerate(rows))
    for number, (id_, state, arguments) in enumerate(rows):
        if any(isinstance(item, dict) and 'names' in item for item in arguments):
            raise SaltRenderError(_NO_NAMES % id_)
        for requisite, kind, other in names.requisites(arguments):
            there = place.get((other, kind))
            if there is not None and requisite in _ORDERED and there > number:
                raise SaltRenderError(_LATE % (id_, state, other, kind))
            if there is not None and requisite.endswith('_in') and requisite[:-3] in _ORDERED and there < number:
                raise SaltRenderError(_EARLY % (id_, state, other, kind))
        if number:
            _require(arguments, {rows[number - 1][1]: rows[number - 1][0]})


def _require(arguments, requirement):
    for item in arguments:
        if isinstance(item, dict) and isinstance(item.get('require'), list):
            item['require'].insert(0, requirement)
            return
    place = next((number for number, item in enumerate(arguments) if compat.is_text(item)), len(arguments))
    arguments.insert(place, {'require': [requirement]})
