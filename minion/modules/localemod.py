"""The language of the system (locale.*)."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion.errors import CommandExecutionError
from minion.helpers import environment, etcfile, tool

__virtualname__ = 'locale'
_SUPPORTED, _WANTED = '/usr/share/i18n/SUPPORTED', '/etc/locale.gen'
_FILES = {'RedHat': ('/etc/sysconfig/i18n', 'LANG'), 'Suse': ('/etc/sysconfig/language', 'RC_LANG'),
          'Debian': ('/etc/default/locale', 'LANG')}
_OTHER = ('/etc/locale.conf', 'LANG')


def __virtual__():
    return __virtualname__


def _has_systemd():
    return os.path.isdir('/run/systemd/system') and environment.which('localectl') is not None


def _place():
    """(file, variable) of the language, where systemd does not run."""
    return _FILES.get(__grains__.get('os_family'), _OTHER)


# ---- asking

def list_avail():
    """List of the locales that programs can use. CLI: locale.list_avail"""
    return tool.output(__salt__, ['locale', '-a']).splitlines()


def avail(locale):
    """True if programs can use a locale; en_US.UTF-8 and en_US.utf8 are one. CLI: locale.avail 'en_US.UTF-8'"""
    wanted = _normal(locale)
    return any(_normal(one) == wanted for one in list_avail())


def _normal(locale):
    name, at, modifier = locale.strip().partition('@')
    name, dot, codeset = name.partition('.')
    return name + dot + re.sub(r'[^a-z0-9]', '', codeset.split()[0].lower() if codeset.split() else '') + at + modifier


def get_locale():
    """The language of the system, '' if it is not set. CLI: locale.get_locale"""
    if _has_systemd():
        text = tool.output(__salt__, ['localectl'])
        return next((found.group(1) for found in re.finditer(r'\bLANG=(\S+)', text)), '')
    path, variable = _place()
    for line in etcfile.lines(path, missing=True):
        name, equals, value = line.strip().partition('=')
        if equals and name == variable:
            return value.strip().strip('"\'')
    __context__['retcode'] = 1
    return ''


# ---- changing

def set_locale(locale):
    """Let new logins and programs use a locale; True if that was done. CLI: locale.set_locale 'en_US.UTF-8'"""
    locale = etcfile.one_line(locale=locale)['locale']
    if _has_systemd():
        return tool.succeeds(__salt__, ['localectl', 'set-locale', 'LANG=' + locale])
    path, variable = _place()
    if __grains__.get('os_family') == 'Debian':
        if environment.which('update-locale') is None:
            raise CommandExecutionError('Cannot set locale: "update-locale" was not found.')
        tool.output(__salt__, ['update-locale'])
    line, lines = '%s="%s"\n' % (variable, locale.replace('"', '')), etcfile.lines(path, missing=True)
    found = [number for number, one in enumerate(lines) if one.startswith(variable + '=')]
    for number in found:
        lines[number] = line
    etcfile.rewrite(path, ''.join(lines if found else lines + [line]))
    return True


def gen_locale(locale, **kwargs):
    """Make a locale; True if that was done, False for one that is not known. verbose: what cmd.run_all answers.

    CLI: locale.gen_locale 'en_IE.UTF-8 UTF-8'
    """
    verbose = kwargs.get('verbose', False)
    line = _full(locale)
    if line is None:
        return False
    if environment.which('locale-gen'):
        if os.path.exists(_WANTED):
            _want(line)
        answer = tool.run(__salt__, ['locale-gen'] + ([] if __grains__.get('os') == 'Gentoo' else [line]))
    elif environment.which('localedef'):
        name, _, charmap = line.partition(' ')
        answer = tool.run(__salt__, ['localedef', '--force', '-i', name.split('.')[0], '-f', charmap, name, '--quiet'])
    else:
        raise CommandExecutionError('Command "locale-gen" or "localedef" was not found on this system.')
    return answer if verbose else answer['retcode'] == 0


def _full(locale):
    """'en_IE.UTF-8 UTF-8' of a locale in any spelling, None for an unknown one."""
    wanted = _normal(locale.split()[0]) if locale.split() else ''
    charmap = locale.split()[1:]
    if not os.path.exists(_SUPPORTED):
        return locale if charmap else '%s %s' % (locale, locale.partition('.')[2] or 'UTF-8')
    known = [line.split() for line in etcfile.lines(_SUPPORTED)]
    found = [words for words in known if len(words) > 1 and _normal(words[0]) == wanted and charmap in ([], words[1:2])]
    return ' '.join(found[0][:2]) if found else None


def _want(line):
    """Put a locale into the list of those that locale-gen makes."""
    lines, done = etcfile.lines(_WANTED), False
    for number, old in enumerate(lines):
        if old.strip().lstrip('#').split() == line.split():
            lines[number], done = line + '\n', True
    if not done:
        lines += ([] if not lines or lines[-1].endswith('\n') else ['\n']) + [line + '\n']
    etcfile.rewrite(_WANTED, ''.join(lines))
