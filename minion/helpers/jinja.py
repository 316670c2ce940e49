"""Jinja with what Salt adds to it. Jinja2 is imported here on first use; without it the error names the package."""
from __future__ import absolute_import, division, print_function

import sys

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers.rendererror import SaltRenderError, pointed

MISSING = 'the text has marks of Jinja, and Jinja2 is not installed for this Python: install the extra minion[jinja]'


class Functions(object):
    """`salt` in templates: salt['test.ping'](), salt.test.ping(), salt.test['ping']().

    Errors about a name that it has not show its class, by the name that administrators know.
    """

    def __init__(self, functions):
        self._functions = functions

    def __getitem__(self, name):
        return self._functions[name] if '.' in name else self._module(name, KeyError)

    def __contains__(self, name):
        return name in self._functions

    def get(self, name, default=None):
        return self._functions[name] if name in self._functions else default

    def __getattr__(self, name):
        if name.startswith('_'):
            raise AttributeError(name)
        return self._module(name, AttributeError)

    def _module(self, name, error):
        like = getattr(self._functions, 'like', None)
        known = like(name + '.*') if like else [one for one in self._functions if one.startswith(name + '.')]
        if not known:
            raise error(name)
        return _Module(self._functions, name)


class _Module(object):
    """`salt.test` in templates. It has no methods of its own: `salt.pillar.get` is the function of that name."""

    def __init__(self, functions, module):
        self._functions, self._module = functions, module

    def __getitem__(self, name):
        return self._functions['%s.%s' % (self._module, name)]

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name)


Functions.__module__, Functions.__name__ = 'salt.utils.templates', 'AliasedLoader'
_Module.__module__, _Module.__name__ = 'salt.loader.lazy', 'LoadedMod'


def render(text, variables, files=None, saltenv='base', opts=None):
    """The text (unicode) of a template.

    :param files: the file client, for includes and imports of files of the master; None: there are none.
    :raises SaltRenderError: the template is wrong, or Jinja2 is not installed.
    """
    try:
        import jinja2
    except ImportError:
        raise SaltRenderError(MISSING)
    room = _room(files, saltenv, opts or {}, variables)
    try:
        filled = room.from_string(compat.to_text(text)).render(**variables)
        return filled + u'\n' if text.endswith('\n') else filled   # Jinja takes the last one of every template
    except jinja2.TemplateSyntaxError as exc:
        raise _error('Jinja syntax error: %s' % compat.to_native(exc.message or ''), text, room.loader,
                     (exc.filename, exc.lineno))
    except jinja2.UndefinedError as exc:
        raise _error('Jinja variable %s' % compat.to_native(exc.message or ''), text, room.loader)
    except jinja2.TemplateRuntimeError as exc:
        raise _error('Jinja syntax error: %s' % compat.to_native(exc.message or ''), text, room.loader)
    except CommandExecutionError as exc:
        raise _error('Problem running salt function in Jinja template: %s' % compat.error_text(exc), text, room.loader)
    except Exception as exc:                         # foreign code: what a template calls
        raise _error('Jinja error: %s' % compat.error_text(exc), text, room.loader)


def _room(files, saltenv, opts, variables):
    import jinja2.sandbox
    from minion.helpers import jinjadata, jinjafilters, jinjatags
    settings = {'trim_blocks': bool(opts.get('jinja_trim_blocks')), 'lstrip_blocks': bool(opts.get('jinja_lstrip_blocks'))}
    settings.update(opts.get('jinja_sls_env' if 'sls' in variables else 'jinja_env') or {})
    room = jinja2.sandbox.SandboxedEnvironment(
        undefined=jinja2.Undefined if opts.get('allow_undefined') else jinjatags.undefined(variables),
        loader=jinjatags.Loader(files, saltenv, variables.get('tpldir')), finalize=jinjadata.printable,
        extensions=['jinja2.ext.do', 'jinja2.ext.loopcontrols', jinjatags.Serialized], **settings)
    jinjafilters.fill(room)
    room.globals['show_full_context'] = jinjatags.show_full_context
    return room


def _error(reason, text, loader, place=None):
    """The SaltRenderError of what is being handled, with the text around its line, in this template or in an imported one.

    :param place: (name of the file or None for this template, line), None: where the traceback ends.
    """
    name, line = place or _innermost(loader.sources)
    source = loader.sources.get(name)
    if source is None:
        return pointed(compat.to_native(reason), text, line)
    return pointed(compat.to_native(reason), source, line, compat.to_native(name))


def _innermost(sources):
    """(name, line) of the last line of a template in the traceback that is being handled; (None, None) for none."""
    found, trace = (None, None), sys.exc_info()[2]
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name == '<template>' or name in sources:
            found = name, trace.tb_lineno
        trace = trace.tb_next
    return found
