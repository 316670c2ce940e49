"""The web server nginx (nginx.*)."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.errors import CommandExecutionError, FileClientError
from minion.helpers import environment, tool, webfetch

_SIGNALS = ('start', 'reopen', 'stop', 'quit', 'reload')
_OPTION = re.compile(r"(?:[^\s']|'[^']*')+")
_PAGE = re.compile(r'Active connections:\s*(\d+)\s*\n.*\n\s*(\d+)\s+(\d+)\s+(\d+)\D*\n'
                   r'Reading:\s*(\d+)\s+Writing:\s*(\d+)\s+Waiting:\s*(\d+)')
_FIELDS = ('active connections', 'accepted', 'handled', 'requests', 'reading', 'writing', 'waiting')


def __virtual__():
    if environment.which('nginx'):
        return True
    return False, 'The nginx execution module cannot be loaded: nginx is not installed.'


def version():
    """The version of the server. CLI: nginx.version"""
    lines = tool.output(__salt__, ['nginx', '-v']).splitlines() or ['']
    return lines[0].rpartition('/')[2]


def build_info():
    """What the server was built with: the list `info`, and the list `build arguments`. CLI: nginx.build_info"""
    told = {'info': []}
    for line in tool.output(__salt__, ['nginx', '-V']).splitlines():
        if line.startswith('configure arguments'):
            told['build arguments'] = _OPTION.findall(line.partition(':')[2])
        else:
            told['info'].append(line)
    return told


def configtest():
    """Whether the configuration can be read: `result`, `comment`, and what nginx says. CLI: nginx.configtest"""
    answer = tool.run(__salt__, ['nginx', '-t'])
    if answer['retcode']:
        return {'result': False, 'comment': 'Syntax Error', 'stderr': answer['stderr']}
    return {'result': True, 'comment': 'Syntax OK', 'stdout': answer['stderr']}


def signal(signal=None):
    """Tell the server to start, reopen (its logs), stop, quit or reload; what it says. CLI: nginx.signal reload"""
    if signal not in _SIGNALS:
        return None
    argv = [environment.which('nginx')] + ([] if signal == 'start' else ['-s', signal])
    answer = tool.run(__salt__, argv)
    said = answer['stderr'].strip() or answer['stdout'].strip()
    return said or 'Command: "%s" completed successfully!' % ' '.join(argv)


def status(url='http://127.0.0.1/status'):
    """Mapping of the page of stub_status to numbers; None where the page is another one.

    CLI: nginx.status http://localhost/nginx_status
    """
    try:
        page = b''.join(webfetch.fetch(url, __opts__))
    except (FileClientError, ValueError) as exc:
        raise CommandExecutionError(str(exc))
    found = _PAGE.match(compat.to_native(page))
    return dict(zip(_FIELDS, (int(number) for number in found.groups()))) if found else None
