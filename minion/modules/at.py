"""Jobs that run once at a later time (at.*)."""
from __future__ import absolute_import, division, print_function

import re
import time

from minion import compat
from minion.helpers import environment, tool

_TAG = re.compile(r'^### SALT: (.+)$', re.MULTILINE)
_LINE = re.compile(r'(\d+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(\S)\s+(\S+)')
_FIELDS = {'runas': 'user', 'user': 'user', 'tag': 'tag', 'queue': 'queue'}
_TIMES = ('year', 'month', 'day', 'hour', 'minute')


def __virtual__():
    if environment.which('at') is None:
        return False, ('The at module could not be loaded: at command not found; '
                       'The at module could not be loaded: unsupported platform')
    return True


def atq(tag=None):
    """Mapping `jobs` to a list of all that wait: job, date, time, queue, user and tag. tag: only those with it, or this number.

    CLI: at.atq
    """
    jobs = [_described(found) for found in map(_LINE.match, tool.output(__salt__, ['atq']).splitlines()) if found]
    wanted = None if tag is None else compat.to_native(compat.shown(tag))
    return {'jobs': [job for job in jobs if wanted is None or wanted in (job['tag'], str(job['job']))]}


def _described(found):
    number, when, queue, user = found.groups()
    moment = time.strptime(when, '%a %b %d %H:%M:%S %Y')
    tags = _TAG.findall(tool.output(__salt__, ['at', '-c', number]))
    return {'job': int(number), 'date': time.strftime('%Y-%m-%d', moment), 'time': time.strftime('%H:%M:%S', moment),
            'queue': queue, 'user': user, 'tag': tags[0].strip() if tags else ''}


def atrm(*args):
    """Remove jobs by their numbers, or `all`, or `all TAG`; mapping of jobs to what was removed. CLI: at.atrm 1 5"""
    if not args:
        return {'jobs': {'removed': [], 'tag': None}}
    wanted = tool.words(args)
    tag = wanted[1] if wanted[0] == 'all' and len(wanted) > 1 else None
    jobs = [str(job['job']) for job in atq(tag)['jobs']]
    chosen = [number for number in jobs if wanted[0] == 'all' or number in wanted]
    if chosen and not tool.succeeds(__salt__, ['at', '-d'] + chosen):
        chosen = []
    return {'jobs': {'removed': chosen, 'tag': tag}}


def at(*args, **kwargs):
    """Run a command at a time; mapping of jobs to the new one. tag: to find it by; runas: user.

    CLI: at.at 12:05am 'cmd' tag=cleanup runas=jim
    """
    if len(args) < 2:
        return {'jobs': []}
    words = tool.words(args)
    tag = kwargs.get('tag')
    text = ('### SALT: %s\n' % compat.to_native(compat.shown(tag)).replace('\n', ' ') if tag else '') + ' '.join(words[1:])
    output = tool.output(__salt__, ['at', words[0]], stdin=text + '\n', runas=kwargs.get('runas'))
    if 'Garbled time' in output:
        return {'jobs': [], 'error': 'invalid timespec'}
    found = re.search(r'^job (\d+) at', output, re.MULTILINE)
    return atq(found.group(1)) if found else {'jobs': [], 'error': output}


def atc(jobid):
    """The script of a job. CLI: at.atc 22"""
    return tool.output(__salt__, ['at', '-c', jobid])


def jobcheck(**kwargs):
    """Mapping of jobs to those that fit: runas, tag, year, month, day, hour, minute. CLI: at.jobcheck runas=jam day=13"""
    found = [job for job in atq()['jobs'] if _fits(job, kwargs)]
    return {'jobs': found} if found else {'jobs': [], 'note': 'No match jobs or time format error'}


def _fits(job, wanted):
    when = dict(zip(_TIMES, re.split('[-:]', job['date'] + '-' + job['time'])))
    for name in wanted:
        value = compat.to_native(compat.shown(wanted[name]))
        if name in _FIELDS and job[_FIELDS[name]] != value:
            return False
        if name in when and not (value.isdigit() and int(value) == int(when[name])):
            return False
    return True
