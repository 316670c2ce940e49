"""`salt.returners`: the settings of a returner."""
from __future__ import absolute_import, division, print_function


def get_returner_options(virtualname=None, ret=None, attrs=None, **kwargs):
    """{option: value}: `ret_kwargs` first, then the settings VIRTUALNAME.NAME and alternative.VIRTUALNAME.NAME, then
    `defaults`.

    :param dict attrs: option -> name of its setting.
    """
    ret, defaults = ret or {}, kwargs.get('defaults') or {}
    option, opts = (kwargs.get('__salt__') or {}).get('config.option'), kwargs.get('__opts__') or {}
    profile = ret.get('ret_config')
    found = {}
    for name, setting in (attrs or {}).items():
        keys = ['%s.%s.%s' % (profile, virtualname, setting)] if profile else []
        keys.append('%s.%s' % (virtualname, setting))
        values = [option(key) if option else opts.get(key) for key in keys]
        chosen = next((value for value in values if value not in (None, '')), defaults.get(name))
        if chosen is not None:
            found[name] = chosen
    found.update((name, value) for name, value in (ret.get('ret_kwargs') or {}).items() if name in (attrs or {}))
    return found
