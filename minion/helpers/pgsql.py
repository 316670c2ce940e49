"""One PostgreSQL server as psql reaches it, and how names and values are written in SQL."""
from __future__ import absolute_import, division, print_function

import csv
import os

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import environment, looseversion, tool


def program(name, folder):
    """The path of a program of PostgreSQL, None if it is not there. folder: the setting postgres.bins_dir, or None."""
    if not folder:
        return environment.which(name)
    path = os.path.join(folder, name)
    return path if os.access(path, os.X_OK) else None


def available(opts):
    """What __virtual__ of the modules returns."""
    return 'postgres' if program('psql', opts.get('postgres.bins_dir')) else (False, 'psql was not found')


def ident(name):
    """A name as an identifier, whatever it holds."""
    return '"%s"' % text_of(name).replace('"', '""')


def literal(value):
    """A text as a constant. What a backslash means depends on the server, so that it is written by its number."""
    text = text_of(value).replace("'", "''")
    return "E'%s'" % text.replace('\\', '\\x5c') if '\\' in text else "'%s'" % text


def text_of(value):
    """The text of a name or value; of a date that of ISO 8601.  :raises SaltInvocationError: there is a NUL in it."""
    text = compat.to_native(value.isoformat() if hasattr(value, 'isoformat') else compat.shown(value))
    if '\0' in text:
        raise SaltInvocationError('%r holds a NUL' % text)
    return text


def array(text):
    """The list that the text of an array stands for: '{a,"b\\"c"}' -> ['a', 'b"c'].  NULL is left as the word."""
    items, item, quoted, letters = [], '', False, iter(text[1:-1])
    for letter in letters:
        if letter == '\\':
            item += next(letters, '')
        elif letter == '"':
            quoted = not quoted
        elif letter == ',' and not quoted:
            items.append(item)
            item = ''
        else:
            item += letter
    return items + [item] if len(text) > 2 else []


class Server(object):
    """Where SQL goes to: arguments that are not given come from the settings postgres.user, .host, .port and so on.

    :param salt: `__salt__`.  :param str runas: account that runs psql; by default postgres where the server is local.
    """

    def __init__(self, salt, user=None, host=None, port=None, maintenance_db=None, password=None, runas=None):
        self._salt = salt
        self._user, self._host, self._port = (self._setting(*item) for item in (
            ('user', user), ('host', host), ('port', port)))
        self._db = self._setting('maintenance_db', maintenance_db) or 'postgres'
        self._password = self._setting('pass', password)
        local = not self._host or text_of(self._host).startswith('/')
        self._runas = runas or ('postgres' if local else None)

    def _setting(self, name, value=None):
        return value if value else self._salt['config.option']('postgres.' + name)

    def run(self, sql, *options, **more):
        """What cmd.run_all returns of psql with these statements, which hold together: all of them or none.

        :param options: more words for psql.  :param bool secret: no one may see the statements or what psql prints.
        """
        words = [program('psql', self._setting('bins_dir')) or 'psql', '--no-align', '--no-readline', '--no-psqlrc',
                 '--no-password']
        for name, value in (('--username', self._user), ('--host', self._host), ('--port', self._port)):
            words += [name, value] if value else []
        words += ['--dbname', _database(self._db)] + list(options)
        settings = {'runas': self._runas, 'env': {'PGDATESTYLE': 'ISO,MDY', 'PGCLIENTENCODING': 'UTF8'}}
        if self._password:
            settings['env']['PGPASSWORD'] = text_of(self._password)
        if self._setting('timeout'):
            settings['timeout'] = self._setting('timeout')
        if more.get('secret'):                     # neither in the list of processes, nor in a message or log
            words += ['--set=ON_ERROR_STOP=1', '--set=VERBOSITY=terse', '--quiet', '--file=-']
            if '\\n' in sql:                        # on its way to the standard input it would become a line's end
                raise SaltInvocationError('a name holds a backslash and n')
            settings.update(stdin='BEGIN;\n%s;\nCOMMIT;\n' % sql, output_loglevel='quiet')
        else:
            words += ['-c', sql]
        return tool.run(self._salt, words, **settings)

    def done(self, sql, **more):
        """True if the statements could be done."""
        return not self.run(sql, **more)['retcode']

    def rows(self, query, write=False, secret=False):
        """A list of mappings, one a row, of all that a query finds; texts, NULL is ''. Empty when it cannot be asked."""
        copy = 'COPY (%s) TO STDOUT WITH CSV HEADER' % query.strip().rstrip(';')
        if write:
            copy = 'START TRANSACTION READ WRITE; %s; COMMIT TRANSACTION' % copy
        told = self.run(copy, '--quiet', secret=secret)
        if told['retcode']:
            return []
        lines = [line for line in csv.reader(line + '\n' for line in told['stdout'].split('\n')) if line]
        return [dict(zip(lines[0], line)) for line in lines[1:]]

    def table(self, query):
        """{name: {title: value}} of a query with a column `name`."""
        return dict((row.pop('name'), row) for row in self.rows(query))

    def version(self):
        """The version of the server as it tells it, None if it does not answer."""
        told = self.run('SHOW server_version', '--tuples-only')
        return told['stdout'].strip() or None if not told['retcode'] else None

    def is_before(self, version):
        """True for a server before this version, such as '9.2'."""
        return looseversion.compare((self.version() or '').partition(' ')[0], version) == -1


def _database(name):
    """A database's name as psql takes it; one that would be read as a whole connection is written as a part of one."""
    name = text_of(name)
    if '=' not in name and '://' not in name:
        return name
    return "dbname='%s'" % name.replace('\\', '\\\\').replace("'", "\\'")
