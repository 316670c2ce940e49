"""Services that monit looks after (monit.*)."""
from __future__ import absolute_import, division, print_function

import re

from minion.errors import CommandExecutionError
from minion.helpers import environment, tool

_HEAD = re.compile(r"(\w[\w ]*?) '(.+?)'\s*(.*)")         # Process 'nginx'      Running
_TABLE = re.compile(r'\s*Service Name\s+Status\s+Type\s*\Z')
_ID = re.compile(r'[Mm]onit [Ii]d:?\s+(\S+)\s*\Z')


def __virtual__():
    if environment.which('monit'):
        return True
    return False, 'The monit execution module cannot be loaded: the monit binary is not in the path.'


def _does(*words):
    return tool.succeeds(__salt__, ['monit'] + list(words))


def _lines(*words, **options):
    return tool.output(__salt__, ['monit'] + list(words), **options).splitlines()


def start(name):
    """Start a service; True if monit could. CLI: monit.start <service name>"""
    return _does('start', name)


def stop(name):
    """Stop a service; True if monit could. CLI: monit.stop <service name>"""
    return _does('stop', name)


def restart(name):
    """Restart a service; True if monit could. CLI: monit.restart <service name>"""
    return _does('restart', name)


def unmonitor(name):
    """No longer look after a service; True if monit could. CLI: monit.unmonitor <service name>"""
    return _does('unmonitor', name)


def monitor(name):
    """Look after a service; True if monit could. CLI: monit.monitor <service name>"""
    return _does('monitor', name)


def summary(svc_name=''):
    """Mapping of kinds to services to their state; of one service only. CLI: monit.summary sshd"""
    told = {}
    for kind, name, state in _summed(_lines('summary')):
        if svc_name in ('', name):
            told.setdefault(kind, {})[name] = state
    return told


def _summed(lines):
    """(kind, name, state) of lines of monit before 5.19, or of the table of later ones."""
    table = None
    for line in lines:
        row, head = _TABLE.match(line), _HEAD.match(line)
        if row:
            table = line.index('Service Name'), line.index('Status'), line.index('Type')
        elif head:
            yield head.groups()
        elif table and line[table[2]:].strip():
            yield line[table[2]:].strip(), line[table[0]:table[1]].strip(), line[table[1]:table[2]].strip()


def status(svc_name=''):
    """Mapping of services to what monit knows of them; of one service its mapping alone. CLI: monit.status sshd"""
    told, current = {}, None
    for line in _lines('status'):
        head = _HEAD.match(line)
        if head:
            kind, name = head.groups()[:2]
            current = told[name] = {kind: name}
        elif current is not None and line.strip():
            key, _, value = line.strip().partition('  ')
            current[key] = value.strip()
    return told.get(svc_name, 'No such service') if svc_name else told


def reload():
    """Have monit read its configuration; True if it could. CLI: monit.reload"""
    return _does('reload')


def configtest():
    """Whether the configuration can be read: `result`, `comment`, and what monit says. CLI: monit.configtest"""
    answer = tool.run(__salt__, ['monit', '-t'])
    if answer['retcode']:
        return {'result': False, 'comment': 'Syntax Error', 'stderr': answer['stderr']}
    return {'result': True, 'comment': 'Syntax OK', 'stdout': answer['stdout']}


def version():
    """The version of monit. CLI: monit.version"""
    return (_lines('-V') or [''])[0].split(' ')[-1]


def id(reset=False):
    """The id of this monit. reset: a new one. CLI: monit.id reset=True"""
    lines = _lines('-r', stdin='y') if reset else _lines('-i')
    found = next((match for match in (_ID.search(line) for line in reversed(lines)) if match), None)
    if found is None:
        raise CommandExecutionError('monit tells no id: %s' % '\n'.join(lines))
    return found.group(1)


def validate():
    """Check all services at once; True if monit could. CLI: monit.validate"""
    return _does('validate')
