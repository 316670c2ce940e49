"""Options and sections of ini files (ini.*)."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers.inifile import IniFile
from minion.helpers.state_edit import answer as _answer

__virtualname__ = 'ini'


def __virtual__():
    return __virtualname__


def _done(name, changes):
    return _answer(name, True, 'Changes take effect' if changes else 'No anomaly detected', changes)


def _would(name, lines):
    """The answer with `test`; `lines`: (would it change something, text) each."""
    return _answer(name, None if any(changes for changes, _ in lines) else True, ''.join(text + '\n' for _, text in lines))


def _text(value):
    return compat.to_native(compat.shown(value))


def _surplus(tree, sections):
    """(section or None, key or None) of all that is in a file and not wanted; key None: the section whole."""
    found = [(None, key) for key in tree if key not in sections and not isinstance(tree[key], compat.Mapping)]
    found += [(key, None) for key in tree if key not in sections and isinstance(tree[key], compat.Mapping)]
    for section in sections:
        if isinstance(tree.get(section), compat.Mapping) and isinstance(sections[section], compat.Mapping):
            found += [(section, key) for key in tree[section] if key not in sections[section]]
    return found


def options_present(name, sections=None, separator='=', strict=False, encoding=None, no_spaces=False):
    """The file has these options, {section: {key: value}} or {key: value}; with `strict` no others.

    .. code-block:: yaml

        /etc/app.ini:
          ini.options_present:
            - sections: {main: {color: blue}}
    """
    sections = sections or {}
    tree = __salt__['ini.get_ini'](name, separator, encoding)
    surplus = _surplus(tree, sections) if strict else []
    if __opts__['test']:
        return _would(name, [(True, _removed(*entry)) for entry in surplus] + _compared(tree, sections))
    changes = {}
    for section, key in surplus:
        if key is None:
            __salt__['ini.remove_section'](name, section, separator, encoding)
            changes[section] = {'before': tree[section], 'after': None}
        else:
            __salt__['ini.remove_option'](name, section, key, separator, encoding)
            held = tree[section][key] if section else tree[key]
            (changes.setdefault(section, {}) if section else changes)[key] = {'before': held, 'after': None}
    for key, value in __salt__['ini.set_option'](name, sections, separator, encoding, no_spaces).items():
        changes.setdefault(key, {}).update(value)
    return _done(name, changes)


def _removed(section, key):
    if key is None:
        return 'Removed section %s.' % section
    return 'Deleted key %s in section %s.' % (key, section) if section else 'Removed key %s.' % key


def _compared(tree, sections):
    lines = []
    for key in sections:
        if not isinstance(sections[key], compat.Mapping):
            same = tree.get(key) == _text(sections[key])
            lines.append((not same, '%s key %s.' % ('Unchanged' if same else 'Changed', key)))
    for section in sections:
        held = tree.get(section)
        for key in sections[section] if isinstance(sections[section], compat.Mapping) else ():
            same = isinstance(held, compat.Mapping) and held.get(key) == _text(sections[section][key])
            lines.append((not same, '%s key %s in section %s.' % ('Unchanged' if same else 'Changed', key, section)))
    return lines


def options_absent(name, sections=None, separator='=', encoding=None):
    """The file has none of these options, {section: [keys]}; a key outside of sections has no list.

    .. code-block:: yaml

        /etc/app.ini:
          ini.options_absent:
            - sections: {main: [color]}
    """
    tree, lines, changes = __salt__['ini.get_ini'](name, separator, encoding), [], {}
    for section, keys in (sections or {}).items():
        if not isinstance(keys, (list, tuple, compat.Mapping)):
            lines.append(_absent(name, tree, None, section, (separator, encoding), changes))
            continue
        held = tree.get(section) if isinstance(tree.get(section), compat.Mapping) else {}
        lines += [_absent(name, held, section, key, (separator, encoding), changes) for key in keys]
    return _would(name, lines) if __opts__['test'] else _done(name, changes)


def _absent(name, held, section, key, form, changes):
    where = '%s in section %s' % (key, section) if section else key
    if key not in held:
        return False, 'Key %s does not exist.' % where
    if not __opts__['test']:
        __salt__['ini.remove_option'](name, section, key, *form)
        (changes.setdefault(section, {}) if section else changes)[key] = held[key]
    return True, 'Deleted key %s.' % where


def sections_present(name, sections=None, separator='=', encoding=None):
    """The file has these sections: names, or a mapping of them to options.

    .. code-block:: yaml

        /etc/app.ini:
          ini.sections_present:
            - sections: [main, more]
    """
    ini, changes, lines = IniFile(name, separator, encoding), {}, []
    for section in sections or ():
        missing = ini.section(section) is None
        lines.append((missing, '%s %s.' % ('Created new section' if missing else 'Section unchanged', section)))
        if missing:
            ini.add(section)
            changes[section] = {'before': None, 'after': {}}
    if __opts__['test']:
        return _would(name, lines)
    if changes:
        ini.write()
    if isinstance(sections, compat.Mapping):
        options = dict((section, sections[section]) for section in sections if sections[section])
        for section, change in __salt__['ini.set_option'](name, options, separator, encoding).items():
            changes[section] = change
    return _done(name, changes)


def sections_absent(name, sections=None, separator='=', encoding=None):
    """The file has none of these sections.

    .. code-block:: yaml

        /etc/app.ini:
          ini.sections_absent:
            - sections: [main]
    """
    lines, changes = [], {}
    tree = __salt__['ini.get_ini'](name, separator, encoding)
    for section in sections or ():
        there = isinstance(tree.get(section), compat.Mapping)
        lines.append((there, 'Deleted section %s.' % section if there else 'Section %s does not exist.' % section))
        if there and not __opts__['test']:
            held = __salt__['ini.remove_section'](name, section, separator, encoding)
            changes.update({section: held} if held else {})              # an empty section counts as no change
    return _would(name, lines) if __opts__['test'] else _done(name, changes)
