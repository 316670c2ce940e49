"""Jobs that run once at a later time (at.*)."""
from __future__ import absolute_import, division, print_function

from minion.helpers.state_return import returned as _returned


def __virtual__():
    if 'at.at' in __salt__:
        return True
    return False, 'at module could not be loaded'


def present(name, timespec, tag=None, user=None, job=None, unique_tag=False):
    """A command waits to be run at a time; each run of this state adds one, unless unique_tag forbids a second of its tag.

    rose:
      at.present:
        - job: echo "I love salt" > love
        - timespec: '9:09 11/09/13'
        - tag: love
        - unique_tag: True
    """
    job = job or name
    added = 'job %s added and will run on %s' % (job, timespec)
    if unique_tag and not tag:
        return _returned(name, False, 'no tag provided and unique_tag is set to True')
    if __opts__['test']:
        return _returned(name, None, added)
    if unique_tag and __salt__['at.jobcheck'](tag=tag)['jobs']:
        return _returned(name, True, 'atleast one job with tag %s exists.' % tag)
    if user and not __salt__['user.info'](user):
        return _returned(name, False, 'user %s does not exists' % user)
    done = __salt__['at.at'](timespec, job, tag='%s' % tag, **({'runas': user} if user else {}))
    if done.get('jobs'):
        return _returned(name, True, added, done['jobs'][0])
    return _returned(name, False, done.get('error') or 'no job was added')


def absent(name, jobid=None, **kwargs):
    """No such job waits: that with this number, or all that fit tag, runas, year, month, day, hour and minute.

    rose:
      at.absent:
        - tag: love
    """
    if 'limit' in kwargs:
        return _returned(name, False, 'limit parameter not supported %s' % name)
    if __opts__['test']:
        return _returned(name, None, 'removed ? job(s)' if jobid is None else 'removed job with id %s' % jobid)
    if jobid is not None:
        return _one_absent(name, str(jobid))
    waiting = __salt__['at.jobcheck'](**kwargs) if kwargs else __salt__['at.atq']()
    numbers = [str(job['job']) for job in waiting['jobs']]
    removed = __salt__['at.atrm'](*numbers)['jobs']['removed'] if numbers else []
    if len(removed) != len(numbers):
        return _returned(name, False, 'failed to remove %d job(s)' % (len(numbers) - len(removed)), {'removed': removed})
    return _returned(name, True, 'removed %d job(s)' % len(removed), {'removed': removed} if removed else {})


def _one_absent(name, number):
    if number not in [str(job['job']) for job in __salt__['at.atq']()['jobs']]:
        return _returned(name, True, 'job with id %s not present' % number)
    removed = __salt__['at.atrm'](number)['jobs']['removed']
    said = 'removed job with id %s' if removed else 'failed to remove job with id %s'
    return _returned(name, bool(removed), said % number, {'removed': removed})


def watch(name, timespec, tag=None, user=None, job=None, unique_tag=False):
    """A command is run at a time once a state that is watched has changed something; see at.present.

    minion_restart:
      at.watch:
        - job: service salt-minion restart
        - timespec: now + 1 min
        - watch:
          - file: /etc/salt/minion
    """
    return _returned(name, True)


def mod_watch(name, **kwargs):
    """What the states above do when a state that they watch has changed something."""
    function, kwargs = kwargs.get('sfun'), dict((key, kwargs[key]) for key in kwargs if key != 'sfun' and key[:2] != '__')
    if function in ('watch', 'present'):
        return present(name, **kwargs)
    if function == 'absent':
        return absent(name, **kwargs)
    return _returned(name, False, 'at.%s does not work with the watch requisite' % function)
