"""`minion call`: from its command line to its exit code."""
from __future__ import absolute_import, division, print_function

import logging
import os
import sys

from minion import compat, errors, showcase
from minion.caller import words

log = logging.getLogger(__name__)
FROM_SALTFILE = ('config_dir', 'log_file', 'log_level', 'log_level_logfile', 'cachedir', 'local', 'output', 'id',
                 'retcode_passthrough', 'metadata', 'no_color', 'force_color', 'output_indent', 'output_file')


def main(arguments):
    """Run the command line; the exit code."""
    try:
        chosen, rest = words.read(arguments)
        return _run(chosen, rest)
    except words.Ended as exc:
        showcase.write(sys.stdout, compat.to_bytes(exc.out))
        showcase.write(sys.stderr, compat.to_bytes(exc.text))
        return exc.code
    except errors.MinionError as exc:
        showcase.complain('minion call: %s' % ' '.join(str(exc).split()))
        return exc.exit_code
    except KeyboardInterrupt:
        showcase.complain('\nExiting gracefully on Ctrl-c')
        return 130


def _run(chosen, rest):
    if chosen.version or chosen.versions_report:
        from minion import versions
        showcase.show(versions.report() if chosen.versions_report else versions.version())
        return 0
    _take_defaults(chosen)
    if chosen.args_stdin:
        rest = rest + [compat.to_native(line) for line in sys.stdin.read().splitlines()]
    conf = _configured(chosen)
    from minion.caller import work
    return work.Call(conf, chosen, rest).run()


def _take_defaults(chosen):
    """What a Saltfile says, where the command line does not."""
    named = chosen.saltfile or os.environ.get('SALT_SALTFILE')
    if not named and not os.path.exists(os.path.join(os.path.expanduser('~'), '.salt', 'Saltfile')):
        return
    from minion import saltfile
    for name, value in saltfile.defaults(named, 'salt-call', FROM_SALTFILE).items():
        if getattr(chosen, name) in (None, False):
            setattr(chosen, name, value)


def _configured(chosen):
    """The Config with what the command line says in it and the id found; the log is set up."""
    from minion import config, identity, logs
    conf = config.load(chosen.config_dir, _overrides(chosen))
    logs.setup(conf, chosen.log_level or 'warning' if conf.origin('log_level') is None else chosen.log_level)
    for level, text in conf.notes:
        log.log(level, '%s', text)
    minion_id, _ = identity.resolve(conf, _caller(conf))
    return conf.with_id(minion_id)


def _caller(conf):
    def call(name, keywords):
        from minion import settingcall
        return settingcall.call(conf, name, keywords)
    return call


def _overrides(chosen):
    found = dict((name, getattr(chosen, name)) for name in (
        'id', 'master', 'cachedir', 'log_file', 'log_level_logfile', 'auth_timeout', 'output_indent', 'state_output',
        'state_verbose', 'states_dirs'))
    folders = [name for value in chosen.module_dirs for name in value.split(',')]
    found['module_dirs'] = [os.path.abspath(name) for name in folders] or None
    found['state_output_diff'] = True if chosen.state_output_diff else None
    if chosen.local:
        found.update(local=True, file_client='local')
    if chosen.file_root:
        found['file_roots'] = {'base': [os.path.abspath(chosen.file_root)]}
    if chosen.pillar_root:
        found['pillar_roots'] = {'base': [os.path.abspath(chosen.pillar_root)]}
    return dict((name, value) for name, value in found.items() if value not in (None, ''))
