"""Options and sections of ini files (ini.*); comments and all else in them stay."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers.inifile import IniFile

__virtualname__ = 'ini'


def __virtual__():
    return __virtualname__


def _text(value):
    return compat.to_text(compat.shown(value))


def set_option(file_name, sections=None, separator='=', encoding=None, no_spaces=False):
    """Set options, given as {section: {key: value}} or {key: value}, and return what changed, each before and after.

    no_spaces: write none around the separator. CLI: ini.set_option /path/to/ini '{section: {option: value}}'
    """
    ini, changes = IniFile(file_name, separator, encoding, no_spaces), {}
    if sections is not None and not isinstance(sections, compat.Mapping):
        raise AttributeError("'%s' object has no attribute 'items'" % type(sections).__name__)
    for name, value in (sections or {}).items():
        if not isinstance(value, compat.Mapping):
            _set(ini.sections[0], {name: value}, changes)
            continue
        section, inside = ini.section(name), {}
        if section is None:
            if value:
                _set(ini.add(name), value, inside)
                changes[name] = {'before': None, 'after': dict((key, inside[key]['after']) for key in inside)}
            continue
        _set(section, value, inside)
        if inside:
            changes[name] = inside
    ini.write()
    return changes


def _set(section, options, changes):
    for key, value in options.items():
        value = _text(value)
        before = section.set(_text(key), value)
        after = compat.to_native(value)
        if before != after:
            changes[key] = {'before': before, 'after': after}


def get_option(file_name, section, option, separator='=', encoding=None):
    """The value of an option, None if there is none. CLI: ini.get_option /path/to/ini section_name option_name"""
    found = IniFile(file_name, separator, encoding).section(section or None)
    return found.options().get(option) if found else None


def remove_option(file_name, section, option, separator='=', encoding=None):
    """Remove an option; the value that it had, or None. CLI: ini.remove_option /path/to/ini section_name option_name"""
    ini = IniFile(file_name, separator, encoding)
    found = ini.section(section or None)
    before = found.remove(_text(option)) if found else None
    ini.write()
    return before


def get_section(file_name, section, separator='=', encoding=None):
    """The options of a section, {} if there is none. CLI: ini.get_section /path/to/ini section_name"""
    found = IniFile(file_name, separator, encoding).section(section or None)
    return found.options() if found else {}


def remove_section(file_name, section, separator='=', encoding=None):
    """Remove a section; the options that it had, or None. CLI: ini.remove_section /path/to/ini section_name"""
    ini = IniFile(file_name, separator, encoding)
    found = ini.section(section or None)
    if found is None or found.name is None:
        return None
    ini.sections.remove(found)
    ini.write()
    return found.options()


def get_ini(file_name, separator='=', encoding=None):
    """All options and sections of a file. CLI: ini.get_ini /path/to/ini"""
    return IniFile(file_name, separator, encoding).tree()
