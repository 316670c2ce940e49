"""Jinja with what Salt adds to it. Jinja2 is imported here on first use; without it the error names the package."""
from __future__ import absolute_import, division, print_function

import sys

from minion import compat
from minion.errors import CommandExecutionError, MinionError
from minion.helpers.rendererror import SaltRenderError, pointed

MISSING = 'the text has marks of Jinja, and Jinja2 is not installed for this Python: install the extra minion[jinja]'


class Functions(object):
    """`salt` in templates: salt['test.ping'](), salt.test.ping(), salt.test['ping']().

    Errors about a name that it has not show its class, by the name that administrators know.
    """

    def __init__(self, functions, prefix=''):
        self._functions, self._prefix = functions, prefix

    def __getitem__(self, name):
        return self._functions[self._prefix + name]

    def __contains__(self, name):
        return self._prefix + name in self._functions

    def get(self, name, default=None):
        return self[name] if name in self else default

    def __getattr__(self, name):
        if name.startswith('_') or '.' in name:
            raise AttributeError(name)
        if self._prefix:
            if name not in self:
                raise AttributeError(name)
            return self[name]
        return Functions(self._functions, name + '.')


Functions.__module__, Functions.__name__ = 'salt.utils.templates', 'AliasedLoader'


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
        raise _error('Jinja syntax error: %s' % compat.to_native(exc.message or ''), text, _line(exc.lineno))
    except jinja2.UndefinedError as exc:
        raise _error('Jinja variable %s' % compat.to_native(exc.message or ''), text, _line())
    except jinja2.TemplateError as exc:
        raise _error('Jinja error: %s' % compat.to_native(exc.message or ''), text, _line())
    except CommandExecutionError as exc:
        raise _error('Problem running salt function in Jinja template: %s' % compat.error_text(exc), text, _line())
    except (ArithmeticError, AttributeError, EnvironmentError, LookupError, MinionError, RuntimeError, TypeError,
            ValueError) as exc:
        raise _error('Jinja error: %s' % compat.error_text(exc), text, _line())


def _room(files, saltenv, opts, variables):
    import jinja2.sandbox
    from minion.helpers import jinjafilters, jinjatags
    settings = {'trim_blocks': bool(opts.get('jinja_trim_blocks')), 'lstrip_blocks': bool(opts.get('jinja_lstrip_blocks'))}
    settings.update(opts.get('jinja_sls_env' if 'sls' in variables else 'jinja_env') or {})
    room = jinja2.sandbox.SandboxedEnvironment(
        undefined=jinja2.Undefined if opts.get('allow_undefined') else jinja2.StrictUndefined,
        loader=jinjatags.Loader(files, saltenv, variables.get('tpldir')),
        extensions=['jinja2.ext.do', 'jinja2.ext.loopcontrols', jinjatags.Serialized], **settings)
    jinjafilters.fill(room)
    return room


def _line(known=None):
    """The line of the template in which the exception that is being handled arose; None if it does not tell."""
    found, trace = known, sys.exc_info()[2]
    while trace is not None and known is None:
        if trace.tb_frame.f_code.co_filename == '<template>':
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def _error(reason, text, line):
    return pointed(compat.to_native(reason), text, line)
