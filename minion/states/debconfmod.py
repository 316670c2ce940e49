"""Answers to the questions that Debian packages ask when they are configured (debconf.*)."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers.state_return import returned as _returned

__virtualname__ = 'debconf'
__func_alias__ = {'set_': 'set'}
_HIDDEN = '(password hidden)'


def __virtual__():
    if 'debconf.set' in __salt__:
        return __virtualname__
    return False, 'debconf module could not be loaded'


def set_(name, data, **kwargs):
    """A package finds these answers.

    nullmailer:
      debconf.set:
        - data:
            shared/mailname: {type: string, value: server.domain.tld}
            nullmailer/relayhost: {type: string, value: mail.domain.tld}
    """
    wrong = _mistake(data)
    if wrong:
        return _returned(name, False, wrong)
    known = __salt__['debconf.show'](name) or []
    changes, unchanged, failed = {}, [], []
    for question, wanted in data.items():
        kind, value = wanted['type'], _text(wanted)
        if [question, kind, value] in known:
            unchanged.append(question)
            continue
        shown = _HIDDEN if kind == 'password' else value
        if __opts__['test']:
            changes[question] = 'New value: %s' % shown
        elif __salt__['debconf.set'](name, question, kind, value):
            changes[question] = shown
        else:
            failed.append(question)
    if failed:
        return _returned(name, False, 'Unable to set: %s' % ', '.join(failed), changes)
    if not changes:
        return _returned(name, True, 'All specified answers are already set')
    said = 'Unchanged answers: %s ' % ' '.join(unchanged) if unchanged else ''
    return _returned(name, None if __opts__['test'] else True, said, changes)


def _mistake(data):
    """What is wrong with the answers, None if nothing."""
    if not isinstance(data, compat.Mapping):
        return 'data must be formed as a dict'
    for question, wanted in data.items():
        if not isinstance(wanted, compat.Mapping) or 'type' not in wanted or 'value' not in wanted:
            return 'The answer to %s needs a type and a value' % question
    return None


def _text(wanted):
    """A value as debconf writes it."""
    value = compat.to_native(compat.shown(wanted['value']))
    return value.lower() if wanted['type'] == 'boolean' else value


def set_file(name, source, template=None, context=None, defaults=None, **kwargs):
    """Packages find the answers of a file, in the form of debconf-set-selections.

    selections:
      debconf.set_file:
        - source: salt://pathto/pkg.selections.jinja
        - template: jinja
    """
    for what, given in (('Context', context), ('Defaults', defaults)):
        if given and not isinstance(given, dict):
            return _returned(name, False, '%s must be formed as a dict' % what)
    if __opts__['test']:
        return _returned(name, None, 'Debconf selections would have been set.')
    if template:
        done = __salt__['debconf.set_template'](source, template, context or {}, defaults or {}, __env__)
    else:
        done = __salt__['debconf.set_file'](source, __env__)
    if done:
        return _returned(name, True, 'Debconf selections were set.')
    return _returned(name, False, 'Unable to set debconf selections from file.')
