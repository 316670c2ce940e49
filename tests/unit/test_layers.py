"""Imports point down: every file of the program has a layer, and knows only what lies in it or below it."""
from __future__ import absolute_import, division, print_function

import ast
import os

import pytest

import minion

TOP = os.path.dirname(os.path.abspath(minion.__file__))

# Wherever a file does not fit: give a new one its layer here, or let it be told what it wants to import.
LAYERS = (
    # 0: differences between Pythons, every error, chance
    ('chance', 'compat', 'errors', 'lean', 'record', 'spawning'),
    # 1: one concern each, without wire or threads
    ('accounts', 'address', 'admission', 'aes', 'apart', 'arguments', 'compound', 'config', 'configfiles', 'context',
     'desk', 'disk', 'fileroots', 'files', 'globbing', 'gmp', 'handover', 'libcrypto', 'liveness', 'logs', 'logsinks', 'manual',
     'matchers', 'memory', 'nodegroups', 'options', 'outgoing', 'padding', 'pathmatch', 'payload', 'pem', 'pool', 'primes',
     'saltfile', 'saltnames', 'showcase', 'sockets', 'timetable', 'versions', 'wake', 'yamlfile', 'yamlvalue'),
    # 2: keys, the host, plug-ins, what is on disk
    ('crypticle', 'hostnames', 'identity', 'keptjobs', 'keys', 'loader', 'ownership', 'pki', 'plugin', 'prepare', 'process',
     'publication', 'recent', 'repairs', 'resolver', 'returns', 'running', 'spares', 'status'),
    # 3: channels and protocol versions
    ('feed', 'gate', 'handon', 'protocol', 'req', 'settingcall', 'sub'),
    # 4: sign-in, requests, running one function
    ('auth', 'executors', 'fileclient', 'graincollect', 'grainfiles', 'localpillar', 'pillar', 'request', 'session',
     'spool', 'trust'),
    # 5: threads
    ('beaconing', 'connector', 'credentials', 'execution', 'jobs', 'link', 'phases', 'returned', 'returner', 'scheduler',
     'subscriber', 'turns'),
    # 6: one connection; what the minion does by itself
    ('initiative', 'masterlink'),
    # 7: the main thread
    ('agent',),
    # 8: the command line
    ('cli',),
)
LAYER = dict((name, number) for number, names in enumerate(LAYERS) for name in names)
# Packages: (layer of their files, the highest layer that they may import, other packages that they may import)
PACKAGES = {
    'settings': (1, 0, ()),
    'saltlike': (10, 0, ('files', 'helpers')),     # what plug-ins written for Salt import of it
    'helpers': (1, 0, ('files',)),                 # what plug-ins share; also pure pieces that the program itself uses
    'modules': (10, 0, ('files', 'helpers', 'highstate', 'matchers')),   # plug-ins: filled by the loader, no other room
    'grains': (10, 0, ('files', 'helpers')),
    'outputters': (10, 0, ('files', 'helpers')),
    'returners': (10, 0, ('files', 'helpers')),
    'beacons': (10, 0, ('files', 'helpers')),
    'highstate': (1, 0, ('files', 'helpers', 'matchers')),        # from SLS files to the results of states
    'states': (10, 0, ('files', 'helpers')),
    'caller': (8, 7, ()),                          # `minion call`: a process of its own
    'commands': (9, 7, ('settings',)),             # for the administrator; they look at the same rooms as the agent
    'bundle': (2, 1, ()),                          # makes archives in a checkout; nothing of the minion at work
    'demo': (9, 3, ()),                            # a master: the wire, never the agent
}
ENDS_THE_PROCESS = ('cli', 'process', 'spawning', 'apart')     # the last three only in children that they forked


def sources():
    """{dotted name below minion: path} of every file, packages by their own name; the package itself is ''."""
    found = {}
    for folder, _, names in os.walk(TOP):
        for name in names:
            if name.endswith('.py'):
                parts = os.path.relpath(os.path.join(folder, name[:-3]), TOP).split(os.sep)
                found['.'.join(parts[:-1] if parts[-1] == '__init__' else parts)] = os.path.join(folder, name)
    return found


SOURCES = sources()


def tree(name):
    """Syntax tree of a file."""
    with open(SOURCES[name], 'rb') as stream:
        return ast.parse(stream.read())


def imports(name):
    """Dotted names below minion that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                whole = '%s.%s' % (node.module, alias.name)
                known = whole.partition('.')[2] in SOURCES and whole.startswith('minion.')
                found.add(whole if known else node.module)
        elif isinstance(node, ast.ImportFrom):
            found.add('minion.<relative import>')
    return sorted(dotted.partition('.')[2] for dotted in found if dotted.split('.')[0] == 'minion')


def layer(name):
    """The layer of a file."""
    package = name.partition('.')[0]
    return PACKAGES[package][0] if package in PACKAGES else LAYER[package]


def may_import(name, other):
    """True if the file `name` may know the file `other`."""
    package, other_package = name.partition('.')[0], other.partition('.')[0]
    if not other or package == other_package:
        return True
    if other_package == 'saltlike':
        return False                                   # Python itself brings it in, under the name `salt`
    if package in PACKAGES:
        _, highest, also = PACKAGES[package]
        return other_package in also or (other_package not in PACKAGES and LAYER[other_package] <= highest)
    if other_package in ('modules', 'grains', 'beacons', 'outputters', 'returners', 'states'):
        return False                                   # only the loader brings them in, by file name
    if other_package == 'demo':
        return name == 'cli'
    return layer(other) <= LAYER[name]


@pytest.mark.parametrize('name', sorted(name for name in SOURCES if name))
def test_imports_point_down(name):
    package = name.partition('.')[0]
    assert package in PACKAGES or package in LAYER, 'give %s a layer in LAYERS' % name
    assert [other for other in imports(name) if not may_import(name, other)] == []


def test_table_names_only_what_is_there():
    assert sorted(set(LAYER) - set(SOURCES)) == []


def test_no_circles():
    done = set()

    def visit(name, path):
        assert name not in path, 'a circle: ' + ' -> '.join(path + (name,))
        if name not in done:
            for other in imports(name):
                if other in SOURCES and other != name:
                    visit(other, path + (name,))
            done.add(name)
    for name in sorted(SOURCES):
        visit(name, ())


@pytest.mark.parametrize('name', sorted(SOURCES))
def test_only_the_command_line_ends_the_process(name):
    calls = [ast.dump(node.func) for node in ast.walk(tree(name)) if isinstance(node, ast.Call)]
    enders = [call for call in calls if "id='sys'" in call and "attr='exit'" in call
              or "id='os'" in call and "attr='_exit'" in call]
    assert not enders or name in ENDS_THE_PROCESS or name.startswith('demo.')


@pytest.mark.parametrize('name', sorted(name for name in SOURCES if name))
def test_files_stay_readable_and_mean_the_same_on_both_pythons(name):
    with open(SOURCES[name], 'rb') as stream:
        text = stream.read().decode('utf-8')
    assert text.count('\n') <= 450
    assert len(tree(name).body) < 2 or 'from __future__ import absolute_import, division, print_function\n' in text
