"""docs/operations.md explains every line of the log from warning on: the source is searched for their texts.

An entry of the page is a text in backquotes, of which words in capitals and three dots stand for anything.
"""
from __future__ import absolute_import, division, print_function

import ast
import os
import re

import pytest

from tests.unit.test_layers import SOURCES

PAGE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), 'docs', 'operations.md')
LEVELS = ('warning', 'error', 'critical', 'exception', 'log')
LOGGERS = ('log', '_log')
PLACE = re.compile(r'%(?:\(\w+\))?[-0-9.]*[a-zA-Z]')
ANYTHING = re.compile(r'\.\.\.|\b[A-Z][A-Z_0-9]*\b')

# Texts that are made elsewhere, and where they are explained.
MADE_ELSEWHERE = {
    'cli': 'what ends the start, or a note on the configuration: the sections on both',
    'caller.cli': 'notes on the configuration',
    'grainfiles': 'a grains file that is not YAML: the line of config.py with its path',
    'prepare': 'a folder that cannot be made or given away: `NAME: the folder PATH cannot be made: REASON` and the next',
    'process': 'the stacks that SIGUSR1 asks for: the table of signals in service.md',
    'helpers.cmd_perform': 'output of a command at the level that the caller of cmd.run chose',
    'modules.log': 'what a job had written to the log',
}


def is_logger(node):
    """True for `log.warning` and its like, also of a logger that is just made."""
    if not isinstance(node, ast.Attribute) or node.attr not in LEVELS:
        return False
    return isinstance(node.value, ast.Name) and node.value.id in LOGGERS or isinstance(node.value, ast.Call) and (
        getattr(node.value.func, 'attr', '') == 'getLogger')


def texts(tree):
    """The argument that is the text, of all calls of a logger, and of those that are handed one (`say(log.error, ...)`)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            handed = [place for place, one in enumerate(node.args) if is_logger(one)]
            if is_logger(node.func):
                yield node.args[1 if node.func.attr == 'log' else 0]
            elif handed:
                yield node.args[handed[0] + 1]


def text_of(node):
    """The text of a literal, a literal that is formatted, or None."""
    if isinstance(node, ast.BinOp):
        node = node.left
    try:
        found = ast.literal_eval(node)
    except ValueError:
        return None
    return found if isinstance(found, str) else None


def found_texts():
    """[(file, text with its places)]"""
    rows = []
    for name, path in sorted(SOURCES.items()):
        if name.split('.')[0] == 'demo':                      # told on the terminal of whoever looks at it
            continue
        with open(path, 'rb') as stream:
            tree = ast.parse(stream.read())
        rows += [(name, text_of(node)) for node in texts(tree)]
    return rows


def has_words(text):
    return re.search('[a-z]{2}', PLACE.sub('', text)) is not None


def entries():
    """The texts of the page."""
    with open(PAGE, 'rb') as stream:
        page = stream.read().decode('utf-8').partition(u'## How the log speaks')[2].partition(u'\n## What lies where')[0]
    items = re.findall(r'^- (`.*?`):', page, re.MULTILINE | re.DOTALL)
    return [u' '.join(text.split()) for item in items for text in re.findall(r'`([^`]*)`', item)]


def pattern(text, places):
    """What matches other texts that say the same, with anything in these places."""
    return re.compile('.*'.join(re.escape(part) for part in places.split(text)) + r'\Z')


def explains(entry, text):
    """True if a line of that text is one of those that the entry is about, or the other way round.

    The second: where a place of the text is filled by words, each filling has an entry.
    """
    line = PLACE.sub('X', text).replace('`', '')
    return bool(pattern(entry, ANYTHING).match(line) or pattern(text.replace('`', ''), PLACE).match(entry))


@pytest.fixture(scope='module')
def texts_found():
    return found_texts()


@pytest.fixture(scope='module')
def entries_found():
    return entries()


def test_the_page_explains_every_line(texts_found, entries_found):
    wanted = sorted(set((name, text) for name, text in texts_found if text and has_words(text)))
    assert len(wanted) > 100
    missing = ['%s: %s' % row for row in wanted if not any(explains(entry, row[1]) for entry in entries_found)]
    assert missing == [], 'write entries of docs/operations.md for these'


def test_a_line_without_words_of_its_own_is_explained_elsewhere(texts_found):
    assert sorted(set(name for name, text in texts_found if not text or not has_words(text))) == sorted(MADE_ELSEWHERE)


def test_an_entry_says_something_of_its_own(entries_found):
    assert len(entries_found) > 100
    for entry in entries_found:
        assert re.search('[a-z]{3}', ANYTHING.sub('', entry)), entry


def test_a_line_that_nobody_explains_is_found(entries_found):
    assert not any(explains(entry, 'the quick brown fox %s') for entry in entries_found)
    assert explains('FILE: cannot be read: ...', '%s: cannot be read: %s')
    assert explains('job JID is refused: this minion is busy: ...', 'job %s is refused: %s')
    assert not explains('FILE: cannot be read: ...', '%s: cannot be written: %s')
