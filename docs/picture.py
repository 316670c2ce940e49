"""docs/picture.svg, the terminal of the README: `python -m docs.picture` runs `minion demo` in one and draws what it shows."""
from __future__ import absolute_import, division, print_function

import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

from tests.support import terminal               # noqa: E402

PATH = os.path.join(ROOT, 'docs', 'picture.svg')
COLUMNS, WIDE, HIGH, MARGIN, TOP = 80, 8.4, 18, 16, 44
PROMPT = '\033[1m$\033[0m minion demo'
COLOURS = {'': '#d4d4d4', '1': '#ffffff', '31': '#f48771', '32': '#89d185', '33': '#e5c07b', '36': '#56b6c2'}
# what differs from one run to the next
VOLATILE = ((r'/\S*minion-demo-\S+', 'FOLDER'), (r'(process|port) [0-9]+', r'\1 NUMBER'), (r'[0-9a-f:]{5,}', 'DIGITS'),
            (r'^( {10}\S+:) .*', r'\1 VALUE'), (r'Linux \S+', 'Linux VERSION'), (r'[0-9]+(\.[0-9]+)?', 'N'))


def record():
    """What `minion demo` shows in a terminal, with its colours.  :raises RuntimeError: it failed."""
    code, shown = terminal.show([sys.executable, os.path.join(ROOT, 'bin', 'minion'), 'demo'],
                                env={'TMPDIR': '/tmp', 'NO_COLOR': None})
    if code:
        raise RuntimeError('minion demo ended with %d: %s' % (code, shown))
    return '%s\n%s' % (PROMPT, shown)


def lines(shown):
    """Lines of at most 80 columns: each a list of (colour, text)."""
    found = []
    for line in shown.rstrip('\n').split('\n'):
        parts = terminal.COLOUR.split(line)      # text, code, text, code, text ...
        row, room, colour = [], COLUMNS, ''
        for number, part in enumerate(parts):
            if number % 2:
                colour = '' if part in ('', '0') else part
                continue
            while part:
                row.append((colour, part[:room]))
                part, room = part[room:], room - len(part[:room])
                if not room:
                    found.append(row)
                    row, room = [], COLUMNS
        if row or not line:
            found.append(row)
    return found


def draw(rows):
    """The SVG of such lines."""
    width, height = int(COLUMNS * WIDE + 2 * MARGIN), TOP + HIGH * len(rows) + MARGIN
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" '
             'aria-label="minion demo in a terminal">' % (width, height, width, height),
             '<rect width="100%" height="100%" rx="8" fill="#1e1e1e"/>']
    parts += ['<circle cx="%d" cy="18" r="6" fill="%s"/>' % (20 + 20 * place, colour)
              for place, colour in enumerate(('#ff5f56', '#ffbd2e', '#27c93f'))]
    parts.append('<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">')
    for number, row in enumerate(rows):
        at, spans = 0, []
        for colour, text in row:
            spans.append('<tspan x="%.1f" textLength="%.1f" fill="%s">%s</tspan>' % (
                MARGIN + at * WIDE, len(text) * WIDE, COLOURS[colour], _escaped(text)))
            at += len(text)
        parts.append('<text y="%d">%s</text>' % (TOP + HIGH * number + 8, ''.join(spans)))
    return '\n'.join(parts + ['</g>', '</svg>', ''])


def _escaped(text):
    return text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')


def words_of(svg):
    """The lines of a picture, without what differs from run to run."""
    found = [re.sub('<[^>]*>', '', line) for line in re.findall('<text [^>]*>(.*)</text>', svg)]
    return [_steady(line.replace('&lt;', '<').replace('&gt;', '>').replace('&amp;', '&')) for line in found]


def _steady(line):
    for pattern, word in VOLATILE:
        line = re.sub(pattern, word, line)
    return line


def main():
    """Draw it anew."""
    with open(PATH, 'wb') as stream:
        stream.write(draw(lines(record())).encode('utf-8'))
    print('written: docs/picture.svg')


if __name__ == '__main__':
    main()
