"""Rules of iptables: built from named options, and read from what iptables-save prints."""
from __future__ import absolute_import, division, print_function

import re
import shlex

from minion import compat
from minion.helpers import iptablesoptions

# arguments that a state hands on beside the options of its rule
_OF_STATES = frozenset('''
    __env__ __id__ __orchestration_jid__ __prereq__ __pub_arg __pub_fun __pub_jid __pub_pid __pub_ret __pub_tgt
    __pub_tgt_type __pub_user __sls__ __umask__ check_cmd creates failhard fire_event fun listen listen_in onchanges
    onchanges_any onchanges_in onfail onfail_all onfail_any onfail_in onfail_stop onlyif order parallel prereq prereq_in
    prerequired reload_grains reload_modules reload_pillar require require_any require_in retry runas runas_password
    saltenv state umask unless use use_in watch watch_any watch_in
'''.split() + ['name', 'chain', 'save', 'table'])
_NAMED_MATCHES = ('pknock', 'quota2', 'recent')


class NoProtocol(ValueError):
    """Several ports of no protocol."""


def build(options):
    """The words of a rule as one text, such as '-p tcp --dport 22 --jump ACCEPT'.

    :param dict options: of iptables, without their dashes; see iptables.build_rule.
    :raises NoProtocol:
    """
    given = dict((name, options[name]) for name in options if name not in _OF_STATES)
    order = [name for name in options if name in given]
    if 'target' in given:
        given['jump'] = given.pop('target')
    rule = _interfaces(given) + _matches(given) + _ports(given)
    if 'comment' in given:
        rule += ([] if 'comment' in _match_names(given) else ['-m comment'])
        rule.append('--comment "%s"' % _text(given.pop('comment')))
    given.pop('match', None)
    after = [_after(name, given.pop(name)) for name in iptablesoptions.AFTER_JUMP if name in given]
    rule += [_plain(name, given[name]) for name in order if name in given]
    return ' '.join(rule + after)


def _text(value):
    return value if compat.is_text(value) else compat.to_native(compat.shown(value))


def _turned(text):
    """('! ', the rest) of a text that says not, else ('', the text)."""
    if text.startswith(('!', 'not')):
        return '! ', re.sub(r'(?:not|!)\s?', '', text)
    return '', text


def _option(dashed, value):
    turned, text = _turned(_text(value))
    return '%s%s %s' % (turned, dashed, text)


def _interfaces(given):
    rule = [_option(dashed, given.pop(name)) for name, dashed in (('if', '-i'), ('of', '-o')) if name in given]
    protocols = [given[name] for name in ('proto', 'protocol') if name in given]
    return rule + [_option('-p', value) for value in protocols[:1]]


def _match_names(given):
    matches = given.get('match', [])
    return matches if isinstance(matches, list) else matches.split(',')


def _matches(given):
    rule = []
    for match in _match_names(given):
        rule.append('-m %s' % _text(match))
        if 'name_' in given and _text(match).strip() in _NAMED_MATCHES:
            rule.append('--name %s' % _text(given.pop('name_')))
    if 'match-set' in given:
        sets = given.pop('match-set')
        rule += ['-m set ' + _option('--match-set', one) for one in ([sets] if compat.is_text(sets) else sets)]
    if 'connstate' in given:
        rule += [] if 'state' in _match_names(given) else ['-m state']
        rule.append(_option('--state', given.pop('connstate')))
    return rule


def _ports(given):
    rule = [_option('--' + name, given.pop(name)) for name in ('dport', 'sport') if name in given]
    for name in ('dports', 'sports'):
        if name in given:
            if 'proto' not in given and 'protocol' not in given:
                raise NoProtocol(name)
            if not any('multiport' in part for part in _match_names(given) + rule):
                rule.append('-m multiport')
            rule.append(_option('--' + name, _several(given.pop(name))))
    given.pop('proto', None)
    given.pop('protocol', None)
    return rule


def _several(value):
    """'80,443' of a list; one of them that says not turns them all."""
    if not isinstance(value, (list, tuple)):
        return value
    turned = [_turned(_text(one)) for one in value]
    return ('!' if any(sign for sign, _ in turned) else '') + ','.join(text for _, text in turned)


def _after(name, value):
    """An option of the target: said as it is, in quotation marks where it has blanks."""
    text = '' if value is None else _text(value)
    return ' '.join(['--' + name] + (['"%s"' % text if re.search(r'\s', text) else text] if text else []))


def _plain(name, value):
    turned, text = _turned('' if value is None else _text(value))
    return '%s%s%s%s' % (turned, '-' if len(name) == 1 else '--', name, ' ' + text if text else '')


# ---- reading

def parse(text):
    """{table: {chain: {'policy', 'packet count', 'byte count', 'rules', 'rules_comment'}}} of iptables-save's output.

    :raises KeyError: a rule of a chain that is not there.  :raises ValueError: a quotation that does not end.
    """
    tables, table = {}, None
    for line in text.splitlines():
        if line.startswith('*'):
            table = tables.setdefault(line[1:].strip(), {})
        elif line.startswith(':') and table is not None:
            table.update([_chain(line[1:])])
        elif line.startswith('-A') and table is not None:
            words = shlex.split(line)
            _add(table[' '.join(words[1:2])], _options(words[2:]))
    return tables


def _chain(line):
    name, policy, counts = (line.split() + ['', ''])[:3]
    packets, _, size = counts.strip('[]').partition(':')
    return name, {'policy': policy, 'packet count': packets, 'byte count': size, 'rules': [], 'rules_comment': {}}


def _add(chain, options):
    chain['rules'].append(options)
    if 'comment' in options:
        chain['rules_comment'][options['comment'][0]] = options


def _options(words):
    """{'jump': ['ACCEPT'], 'source': ['! 10.0.0.0/8']} of the words of a rule; an option may come several times."""
    found, values, turned = {}, [], False
    for position, word in enumerate(words):
        if word == '!' and position + 1 < len(words) and _is_option(words[position + 1]):
            turned = True
        elif _is_option(word):
            values = ['!'] if turned else []
            turned = False
            found.setdefault(_known(word), []).append(values)
        else:
            values.append(word)
    found.pop(None, None)
    return dict((name, [' '.join(parts) for parts in found[name]]) for name in found)


def _is_option(word):
    return word.startswith('-') and len(word) > 1 and ' ' not in word


def _known(word):
    name = word.lstrip('-')
    name = iptablesoptions.SHORT.get(name, name) if not word.startswith('--') else name
    name = iptablesoptions.OTHER_NAMES.get(name, name)
    return name if name in iptablesoptions.KNOWN or name in iptablesoptions.OTHER_NAMES.values() else None
