"""docs/configuration.md and the derived lines of conf/minion, from the table of settings.

The table holds what a setting is, its default and what it may be; the sample holds the order, the headings and the longer
remarks. Above each setting the sample repeats the sentence of the table, and says so where nothing comes of it.
"""
from __future__ import absolute_import, division, print_function

import re

from minion import settings
from minion.settings import checks

ROW = re.compile(r'^#([a-z_0-9]+):(.*)$')
HEADING = re.compile(r'^##### (.*) #####$')
UNIT = re.compile(r'\b(milliseconds|seconds|minutes|hours|MiB|MB|bytes|bits)\b', re.IGNORECASE)
NO_EFFECT = 'No effect: '
SHORTER = ((' (in quotes, if it looks like a number or a date)', ''), (' (key: value)', ''), ('of one line', ''),
           ("one of '', ", 'empty or one of '))

TOP = u'''\
# Settings

Written by `python -m docs.pages` from `minion/settings` and [conf/minion](../conf/minion), the commented sample; not by hand.

All stand in the file `minion` of the configuration folder (`/etc/salt`, or that of `--config-dir`) and in `minion.d/*.conf`
beside it. Names, defaults and meanings are those of salt-minion; %(own)d settings are ours and marked so. A key that is not
listed here is kept for modules to read with `config.get`. A wrong value ends the start with one line that names file, key and
value, and with exit code 78. `minion config NAME` tells what is in force and where it comes from.

**HUP**: `kill -HUP` takes over what the files say now; every other setting needs a restart of the minion.
**No effect**: accepted, so that an existing file works, but nothing comes of it; [all of these](#without-effect).
'''


class Entry(object):
    """One setting of the sample: its name, the text of its default, the remarks of the sample alone."""

    def __init__(self, name, default, remarks):
        self.name, self.default, self.remarks = name, default, remarks
        self.setting = settings.TABLE[name]


def sample(text):
    """The text of conf/minion with the lines that the table says above each setting."""
    lines = []
    for line in text.splitlines():
        found = ROW.match(line)
        if found:
            above = _above(lines)
            del lines[len(lines) - len(above):]
            remarks = [one for one in above[1:] if not one.startswith('# ' + NO_EFFECT)]
            lines += ['# ' + one for one in _said(settings.TABLE[found.group(1)])] + remarks
        lines.append(line)
    return u'\n'.join(lines) + u'\n'


def _said(setting):
    return [setting.doc] + ([NO_EFFECT + setting.no_effect + '.'] if setting.no_effect else [])


def _above(lines):
    """The comment that ends these lines."""
    start = len(lines)
    while start and lines[start - 1].startswith('# '):
        start -= 1
    return lines[start:]


def sections(text):
    """[(title, introduction as one text, list of Entry)] of the sample."""
    found, comment = [], []
    for line in text.splitlines():
        heading, row = HEADING.match(line), ROW.match(line)
        if heading:
            found.append([heading.group(1), [], []])
        elif row:
            remarks = comment[len(_said(settings.TABLE[row.group(1)])):]
            found[-1][2].append(Entry(row.group(1), row.group(2).strip(), u' '.join(remarks)))
        elif line.startswith('# '):
            comment.append(line[2:])
            continue
        elif comment and found and not found[-1][2]:
            found[-1][1] += comment
        comment = []
    return [(title, u' '.join(words), entries) for title, words, entries in found]


def page(text):
    """The page, from the text of the sample."""
    parts, found = [TOP % {'own': sum(one.own for one in settings.TABLE.values())}], sections(text)
    for title, introduction, entries in found:
        parts.append(u'\n## %s\n' % title)
        if introduction:
            parts.append(u'\n%s\n' % _folded(introduction))
        parts.append(u'\n| setting | what it is | default | value |\n| --- | --- | --- | --- |\n')
        parts += [_line(entry) for entry in entries]
        parts += [u'\n%s\n' % _folded(u'`%s`: %s' % (entry.name, entry.remarks)) for entry in entries if entry.remarks]
    return u''.join(parts + [_without_effect([entry for section in found for entry in section[2]])])


def _line(entry):
    setting = entry.setting
    marks = (u' (ours)' if setting.own else u'') + (u' (HUP)' if setting.hup else u'')
    what = setting.doc + (u' **No effect**: %s.' % setting.no_effect if setting.no_effect else u'')
    default = u'`%s`' % entry.default if entry.default else u'none'
    return u'| %s |\n' % u' | '.join(_cell(one) for one in (u'`%s`%s' % (entry.name, marks), what, default, value(setting)))


def _cell(text):
    return text.replace(u'|', u'\\|')


def value(setting):
    """What the setting may be, in the words of the message about a wrong one, and the unit that its sentence names."""
    try:
        setting.check(object())
    except checks.Wrong as exc:
        words = str(exc)
    else:
        return u'anything'
    for long, short in SHORTER:
        words = words.replace(long, short)
    unit = UNIT.search(setting.doc)
    if unit and 'number' in words:
        name = unit.group(1)
        words = words.replace('number', 'number of %s' % (name if name.endswith('B') else name.lower()))
    return u' '.join(words.split())


def _without_effect(entries):
    reasons = {}
    for entry in entries:
        if entry.setting.no_effect:
            reasons.setdefault(entry.setting.no_effect, []).append(u'`%s`' % entry.name)
    lines = [u'\n## Without effect\n\nAccepted, but nothing comes of them:\n\n']
    return u''.join(lines + [u'- %s: %s\n' % (reason, u', '.join(reasons[reason])) for reason in sorted(reasons)])


def _folded(text, width=120):
    """Paragraph lines; a word in backquotes is not torn."""
    import textwrap
    return u'\n'.join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))
