"""Text through a chain of renderers: `jinja|yaml` and its like. Jinja marks need Jinja2; text without any does not."""
from __future__ import absolute_import, division, print_function

import io
import json
import logging
import sys

from minion import compat, files
from minion.helpers import slsyaml, templating
from minion.helpers.rendererror import SaltRenderError

log = logging.getLogger(__name__)

LIMIT = 64 << 20                                 # bytes of one SLS file


def text_of(path):
    """The text of an SLS file of this host.  :raises SaltRenderError: it is none."""
    data = files.read(path, LIMIT)
    try:
        return compat.to_native(compat.to_text(data or b''))
    except UnicodeDecodeError as exc:
        raise SaltRenderError('not UTF-8: %s' % exc)


def rendered(text, space, plugins=None):
    """What a text says, by the renderers that its first line or the settings name; see render()."""
    return render(text, chain(text, compat.to_native(space.opts.get('renderer') or 'jinja|yaml')), space, plugins)


def chain(text, default):
    """Names of the renderers of a text: a first line `#!a|b` names them, else they are `default`. `stateconf` keeps what
    stands behind its name.

    Renderers get that line, too: it counts where an error tells a line.
    """
    first = text.partition('\n')[0]
    if first.startswith('#!') and not first.startswith('#!/'):
        words = [name.split() for name in first[2:].split('|') if name.strip()]
        return [' '.join(name) if name[0] == 'stateconf' else name[0] for name in words]
    return [name.strip() for name in default.split('|')]


def render(text, names, space, plugins=None):
    """What the renderers make of a text, one after the other; None if there is none of such a name.

    :param space: templating.Space, for jinja and py.  :param plugins: Functions of the plug-ins of the kind `renderers`.
    :raises SaltRenderError: the text is wrong.
    """
    value = text
    for whole in names:
        name, _, arguments = whole.partition(' ')
        own = (plugins or {}).get(name + '.render')
        if own is None and name == 'stateconf':
            value = _stateconf(value, arguments, space, plugins)
            continue
        if own is None and name not in _RENDERERS:
            log.error('there is no renderer named %s', name)
            return None
        value = _foreign(own, value, space) if own is not None else _RENDERERS[name](value, space)
    return value


def known(name, plugins=None):
    """Is there a renderer of this name?"""
    return name in NAMES or name + '.render' in (plugins or {})


def _foreign(function, value, space):
    """What a plug-in makes of it; it gets text as a stream, as it does from its first maker."""
    stream = io.BytesIO if str is bytes else io.StringIO
    value = stream(value) if isinstance(value, str) else value
    given = dict(space.variables)
    made = function(value, saltenv=space.saltenv, sls=given.pop('sls', ''), **given)
    return made.read() if hasattr(made, 'read') else made


def _jinja(text, space):
    return templating.render(text, 'jinja', space)


def _yaml(text, space):
    found = slsyaml.load(text) if compat.is_text(text) else text
    return {} if found is None else found


def _yamlex(text, space):
    from minion.helpers import yamlex
    found = yamlex.read(text) if compat.is_text(text) else text
    return {} if found is None else found


def _json(text, space):
    text = text.partition('\n')[2] if text.startswith('#!') else text
    try:
        return _native(json.loads(text, object_pairs_hook=compat.Ordered)) if text.strip() else {}
    except ValueError as exc:
        raise SaltRenderError(str(exc))


def _native(value):
    """native_tree() that keeps the order of mappings."""
    if isinstance(value, dict):
        return compat.Ordered((compat.native_tree(key), _native(item)) for key, item in value.items())
    return [_native(item) for item in value] if isinstance(value, list) else compat.native_tree(value)


def _py(text, space):
    """What the function run() of a Python source gives; it finds `__salt__` and its like around it."""
    name = compat.to_native(space.variables.get('tplpath') or '<sls>')
    sls = space.variables.get('sls', '')
    room = dict(space.variables, __name__=name.rpartition('/')[2].partition('.')[0], __file__=name, __salt__=space.functions,
                __opts__=space.opts, __grains__=space.grains, __pillar__=space.pillar, __env__=space.saltenv, __sls__=sls,
                salt=space.functions, opts=space.opts, grains=space.grains, pillar=space.pillar, sls=sls, saltenv=space.saltenv)
    code = compile(text, name, 'exec', dont_inherit=True)
    try:
        exec(code, room)
        if 'run' not in room:
            raise AttributeError("module '%s' has no attribute 'run'" % room['__name__'])
        return room['run']()
    except Exception:                                # somebody's code, as in plugin.py
        kind, exc, trace = sys.exc_info()
        raise SaltRenderError(compat.to_native(compat.traceback_text(kind, exc, trace.tb_next or trace)))


def _stateconf(value, arguments, space, plugins):
    from minion.helpers import stateconf

    def made(text, name, more):
        if not known(name, plugins):
            raise SaltRenderError("Renderer: '%s.render' is not available!" % name)
        return render(text, [name], space._replace(variables=dict(space.variables, **more)), plugins)
    return stateconf.rendered(value, arguments, space, made)


def _gpg(value, space):
    from minion.helpers import gpg
    return gpg.decrypted(value, space.opts)


NAMES = ('gpg', 'jinja', 'json', 'py', 'stateconf', 'yaml', 'yamlex')
_RENDERERS = {'gpg': _gpg, 'jinja': _jinja, 'yaml': _yaml, 'json': _json, 'py': _py, 'yamlex': _yamlex}
