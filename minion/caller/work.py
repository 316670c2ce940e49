"""The function of a call: what it runs in, how it ends, what is printed and sent."""
from __future__ import absolute_import, division, print_function

import datetime
import logging
import os
import sys
import time

from minion import arguments, compat, errors, executors, fileclient, graincollect, grainfiles, handon, loader, payload, showcase
from minion.caller import door, progress
from minion.yamlvalue import value_of

log = logging.getLogger(__name__)
SIGN_IN_FAILED, UNKNOWN = 2, 255


def _utc_now():
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=time.time())


class Call(object):
    """One command line.

    :param Config conf: with the id in it.  :param chosen: the options.  :param list words: function and arguments.
    """

    def __init__(self, conf, chosen, words):
        self._conf, self._chosen, self._words = conf, chosen, words
        self._opts = conf.plain()
        self._jid = _utc_now().strftime('%Y%m%d%H%M%S%f')
        self._way = self._loader = None

    def run(self):
        """The exit code.  :raises MinionError: what is the matter with settings, keys or folders."""
        self._become()
        jobs = door.HostJobs(os.path.join(self._conf['cachedir'], 'proc'))
        here = door.LocalDoor(jobs)
        try:
            if not self._is_local() and not self._signed_in(jobs):
                return SIGN_IN_FAILED
            way = here if self._way is None else self._way.door
            way.files = fileclient.FileClient(self._opts, fileclient.door(self._opts, way.request))
            way.files.progress = progress.Progress.on(sys.stderr)
            self._loader = loader.Loader(self._opts, self._grains(), {}, way)
            if self._way is None:
                here.serve(self._loader)
                here.refresh('pillar')
            else:
                self._way.door.on_refresh(None, lambda: self._loader)
                self._fetch_pillar()
            return self._answer()
        finally:
            if self._way is not None:
                self._way.close()

    def _become(self):
        from minion import process
        user = self._chosen.priv or self._conf['user']
        if user != self._opts.get('user') or self._conf.origin('user') is not None:
            process.change_user(user)

    def _is_local(self):
        return self._conf['file_client'] == 'local' and not self._conf['use_master_when_local']

    def _signed_in(self, jobs):
        from minion import prepare, wake
        prepare.prepare(self._conf)
        bell = wake.Bell()
        with wake.ctrl_c_rings(bell):                    # pyzmq is imported here, which must not be interrupted either
            from minion.caller import remote
            self._way = remote.Way(self._conf, jobs, bell)
        try:
            self._way.sign_in()
        except errors.MinionError as exc:
            log.debug('signing in: %s', exc)
            showcase.complain('Minion failed to authenticate with the master, has the minion key been accepted?')
            return False
        return True

    def _grains(self):
        if self._chosen.skip_grains:
            return {}
        path = grainfiles.cache_path(self._opts)
        if self._chosen.refresh_grains_cache and path is not None and os.path.exists(path):
            os.unlink(path)
        return graincollect.Grains(self._opts).all()

    def _fetch_pillar(self):
        try:
            self._loader.update(pillar=self._way.pillar(self._loader.grains))
        except errors.MinionError as exc:
            log.error('the pillar cannot be had from the master: %s; going on without one', exc)

    # ---- what is asked for

    def _answer(self):
        if self._chosen.doc:
            return self._print_docs()
        if self._chosen.grains:
            self._print(self._loader.grains, 'grains', 0)
            return 0
        return self._call()

    def _print_docs(self):
        docs = self._loader.functions['sys.doc'](*self._words)
        for name in sorted(docs):
            if docs[name]:
                showcase.show('%s:\n%s\n' % (name, docs[name]))
        return 0

    def _print(self, value, out, retcode):
        chosen = self._chosen
        opts = {'force_color': chosen.force_color, 'no_color': chosen.no_color, 'output_file': chosen.output_file,
                'color': self._opts.get('color', True)}
        shown = {'color': showcase.wants_color(opts, sys.stdout), 'output_indent': chosen.output_indent}
        if chosen.output_indent is None:
            shown.pop('output_indent')
        out = chosen.output or self._opts.get('output') or out
        text = showcase.render(self._loader, shown, {'local': value}, out, retcode)
        showcase.show(text, chosen.output_file, chosen.output_file_append)

    # ---- the function

    def _call(self):
        fun, given = self._words[0], self._words[1:]
        load = {'fun': fun, 'pid': os.getpid(), 'jid': self._jid, 'tgt': 'salt-call'}
        for name in ('module_executors', 'executor_opts'):
            if getattr(self._chosen, name):
                load[name] = value_of(getattr(self._chosen, name))
        try:
            value, retcode, out = executors.direct(self._loader, load, self._parsed(given))
        except SystemExit as exc:
            return exc.code if isinstance(exc.code, int) else int(exc.code is not None)
        except executors.Failure as exc:
            showcase.complain(compat.to_native(exc.value))
            return UNKNOWN
        except errors.MinionError as exc:
            return self._failed(fun, exc)
        except Exception as exc:                     # around one job
            return self._failed(fun, exc)
        return self._done(fun, given, value, retcode, out)

    def _parsed(self, given):
        raw = set(self._chosen.no_parse.split(',')) - set([''])
        values, named = [], {}
        for word in given:
            name, text = arguments.split_name(word)
            if name is None:
                values.append(value_of(text))
            else:
                named[name] = text if name in raw else value_of(text)
        return values + [dict(named, **{arguments.MARK: True})] if named else values

    def _failed(self, fun, error):
        """Tell an error in the words of salt-call; exit code 1."""
        names = [base.__name__ for base in type(error).__mro__ if base.__module__ == 'salt.exceptions']
        text = compat.error_text(error)
        if 'CommandNotFoundError' in names:
            showcase.complain("Command required for '%s' not found: %s" % (fun, text))
        elif 'CommandExecutionError' in names:
            showcase.complain("Error running '%s': %s" % (fun, text))
        elif text.startswith('The following keyword arguments are not valid'):
            showcase.complain(text)
        elif isinstance(error, TypeError):
            showcase.complain('\nPassed invalid arguments: %s.\n\nUsage:' % text)
            showcase.show('%s' % (self._loader.functions[fun].__doc__,))
        elif isinstance(error, errors.MinionError):
            showcase.complain("Error running '%s': %s" % (fun, text))
        else:
            showcase.complain(compat.traceback_text(*sys.exc_info()).rstrip())
        return 1

    def _done(self, fun, given, value, retcode, out):
        ret = {'jid': self._jid, 'return': value, 'retcode': retcode, 'id': self._conf['id'], 'fun': fun,
               'fun_args': given}
        if out:
            ret['out'] = out
        if self._chosen.set_metadata:
            ret['metadata'] = value_of(self._chosen.set_metadata)
        if self._conf['cache_jobs']:
            from minion import keptjobs
            keptjobs.KeptJobs(self._conf['cachedir'], keptjobs.seconds(self._conf)).keep(ret, ())
        self._hand_on(dict(ret, success=retcode == 0))
        self._print(ret if self._chosen.metadata else value, out, retcode)
        if not retcode:
            return 0
        if self._chosen.retcode_passthrough and isinstance(retcode, int):
            return retcode & 0xff or 1
        return 1

    def _hand_on(self, whole):
        handon.hand_on(self._loader, handon.names(self._chosen.returner or self._opts.get('return')), whole)
        if self._way is None or self._chosen.no_return_event:
            return
        try:
            payload.pack(whole)
            # what a publication would have said: masters keep it, and find the job by it
            self._way.put(dict(whole, cmd='_return', tgt=whole['id'], tgt_type='glob', arg=whole['fun_args']))
        except errors.MinionError as exc:
            log.error('the return could not be sent to the master: %s', exc)
