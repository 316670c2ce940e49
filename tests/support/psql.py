"""postgres.* over a psql that answers by what stands in a query, and keeps what it was given."""
from __future__ import absolute_import, division, print_function

from minion.errors import CommandExecutionError, SaltInvocationError
from tests.support import hostmodules


class Psql(object):
    """The `__salt__` of the modules.

    `call` calls a function; `answers` are pairs of a part of the SQL and what psql prints then, or a text of an error
    below FAILED; `runs` lists (words, options) of all calls, `settings` are those of postgres.*.
    """
    FAILED = 'FAILED '

    def __init__(self, folder, monkeypatch):
        self.answers, self.runs, self.settings = [], [], {}
        host = hostmodules.Host(folder, monkeypatch)
        host.programs.add('psql', 'initdb')
        self.folder = host.programs.bin
        self._loader = host.loader.apart({})
        self._loader._dunders = lambda given=self._loader._dunders(): dict(given, __salt__=self)

    def __getitem__(self, name):
        return {'cmd.run_all': self._run, 'config.option': lambda setting: self.settings.get(setting, '')}[name]

    def _run(self, words, **options):
        self.runs.append((words, options))
        for part, text in self.answers:
            if part in self.sql()[-1]:
                failed = text.startswith(self.FAILED)
                return {'retcode': int(failed), 'stdout': '' if failed else text, 'stderr': text if failed else '', 'pid': 1}
        return {'retcode': 0, 'stdout': '', 'stderr': '', 'pid': 1}

    def call(self, name, *args, **kwargs):
        """What a function returns; 'error: ...' for an error of its own."""
        del self.runs[:]
        try:
            return self._loader.functions['postgres.' + name](*args, **kwargs)
        except (CommandExecutionError, SaltInvocationError, ValueError) as exc:
            return 'error: %s' % exc

    def sql(self):
        """The statements of each call, without what goes around a query."""
        return [_bare(words[-1] if '-c' in words else options.get('stdin') or ' '.join(words)) for words, options in self.runs]

    def done(self):
        """The statements that change something."""
        return [sql for sql in self.sql() if not sql.startswith(('SELECT', 'SHOW'))]


def _bare(sql):
    for begin, end in (('BEGIN;\n', ';\nCOMMIT;\n'), ('COPY (', ') TO STDOUT WITH CSV HEADER')):
        if sql.startswith(begin) and sql.endswith(end):
            sql = sql[len(begin):-len(end)]
    return sql
