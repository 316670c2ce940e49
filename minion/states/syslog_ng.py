"""The configuration and the daemon of syslog-ng (syslog_ng.*), as the execution module of this name has it."""
from __future__ import absolute_import, division, print_function

from minion.helpers import syslogngconf
from minion.helpers.state_return import returned as _returned


def config(name, config, write=True):
    """Write one statement below what the file holds, each time. write=False: only show it.

    source.s_localhost:
      syslog_ng.config:
        - config:
            - tcp:
              - ip: '"127.0.0.1"'
              - port: 1233
    """
    if __opts__['test']:
        text = "State syslog_ng will write '%s' into %s" % (syslogngconf.build(name, config), _file())
        return _returned(name, None, text, {'new': '', 'old': ''})
    return __salt__['syslog_ng.config'](name, config, write)


def _file():
    return __salt__['syslog_ng.get_config_file']()


def started(name=None, user=None, group=None, chroot=None, caps=None, no_caps=False, pidfile=None, enable_core=False,
            fd_limit=None, verbose=False, debug=False, trace=False, yydebug=False, persist_file=None, control=None,
            worker_threads=None, *args, **kwargs):
    """syslog-ng is started with these options, each time; for hosts where no service does that.

    syslog-ng:
      syslog_ng.started:
        - user: syslog
    """
    return __salt__['syslog_ng.start'](name, user, group, chroot, caps, no_caps, pidfile, enable_core, fd_limit, verbose,
                                       debug, trace, yydebug, persist_file, control, worker_threads)


def stopped(name=None):
    """The running syslog-ng is ended; it fails where none runs.

    syslog-ng:
      syslog_ng.stopped
    """
    return __salt__['syslog_ng.stop'](name)


def reloaded(name):
    """syslog-ng reads its configuration again.

    syslog-ng:
      syslog_ng.reloaded
    """
    return __salt__['syslog_ng.reload'](name)
