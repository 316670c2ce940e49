"""Crontabs of users (cron.*), through the program crontab."""
from __future__ import absolute_import, division, print_function

from minion.helpers import crontab, environment, tool


def __virtual__():
    if environment.which('crontab'):
        return True
    return False, 'Cannot load cron module: crontab command not found'


__func_alias__ = {'rm_': 'rm'}


# ---- reading and writing

def _command(user, *words):
    return ['crontab', '-u', user] + list(words)


def raw_cron(user):
    """The text of a user's crontab, '' if there is none. CLI: cron.raw_cron root"""
    answer = tool.run(__salt__, _command(user, '-l'), ignore_retcode=True, rstrip=False)
    lines = answer['stdout'].splitlines(True) if answer['retcode'] == 0 else []
    return ''.join(lines[3:] if lines and lines[0].startswith(crontab.HEADER) else lines)


def list_tab(user):
    """A user's crontab: mapping of crons, env, pre (lines that are not managed) and special. CLI: cron.list_tab root"""
    return crontab.parse(raw_cron(user))


def ls(user):
    """The same as cron.list_tab. CLI: cron.ls root"""
    return list_tab(user)


def get_entry(user, identifier=None, cmd=None):
    """The entry with this identifier, or else this command; False if there is none. CLI: cron.get_entry root task1"""
    table = list_tab(user)
    for entry in table['crons'] + table['special']:
        if identifier and entry['identifier'] == identifier or cmd and entry['cmd'] == cmd:
            return entry
    return False


def write_cron_file(user, path):
    """Let a file be the crontab of a user; True if that was done. CLI: cron.write_cron_file root /tmp/new_cron"""
    return write_cron_file_verbose(user, path)['retcode'] == 0


def write_cron_file_verbose(user, path):
    """Let a file be the crontab of a user; what cmd.run_all answers. CLI: cron.write_cron_file_verbose root /tmp/new_cron"""
    return tool.run(__salt__, _command(user, path))


def _write(user, table, done):
    """`done` when the crontab was replaced, else what crontab wrote on stderr."""
    result = tool.run(__salt__, _command(user, '-'), stdin=crontab.render(table))
    return result['stderr'] if result['retcode'] else done


# ---- jobs

def set_job(user, minute, hour, daymonth, month, dayweek, cmd, commented=False, comment=None, identifier=None):
    """Put a job into a crontab; 'new', 'updated', 'present', or why not.

    Of the times, `random` is chosen once and then kept. commented: switched off. identifier: finds the job again when
    its command has changed. CLI: cron.set_job root '*' '*' '*' '*' 1 /usr/local/weekly
    """
    times = {'minute': minute, 'hour': hour, 'daymonth': daymonth, 'month': month, 'dayweek': dayweek}
    return _put(user, 'crons', dict(times, cmd=cmd, commented=commented, comment=comment, identifier=identifier))


def set_special(user, special, cmd, commented=False, comment=None, identifier=None):
    """Put a job with a time such as @reboot or @daily into a crontab; see cron.set_job.

    CLI: cron.set_special root @hourly 'echo foobar'
    """
    return _put(user, 'special', {'spec': special, 'cmd': cmd, 'commented': commented, 'comment': comment,
                                  'identifier': identifier})


def _put(user, kind, wanted):
    wanted = crontab.checked(**wanted)
    table = list_tab(user)
    done = crontab.put(table[kind], wanted)
    return done if done == 'present' else _write(user, table, done)


def rm_job(user, cmd, minute=None, hour=None, daymonth=None, month=None, dayweek=None, identifier=None):
    """Remove a job; 'removed', 'absent', or why not. Times that are given have to agree.

    CLI: cron.rm_job root /usr/local/weekly
    """
    times = crontab.checked(minute=minute, hour=hour, daymonth=daymonth, month=month, dayweek=dayweek)
    table = list_tab(user)
    return _write(user, table, 'removed') if _take(table['crons'], cmd, identifier, times) else 'absent'


def rm_(user, cmd, minute=None, hour=None, daymonth=None, month=None, dayweek=None, identifier=None):
    """The same as cron.rm_job. CLI: cron.rm root /usr/local/weekly"""
    return rm_job(user, cmd, minute, hour, daymonth, month, dayweek, identifier)


def rm_special(user, cmd, special=None, identifier=None):
    """Remove a job with a time such as @daily; see cron.rm_job. CLI: cron.rm_special root 'echo foobar' special=@hourly"""
    table = list_tab(user)
    taken = _take(table['special'], cmd, identifier, {'spec': special})
    return _write(user, table, 'removed' if taken else 'absent')


def _take(entries, cmd, identifier, times):
    found = next((entry for entry in entries if crontab.matches(entry, cmd, identifier, times)), None)
    if found is not None:
        entries.remove(found)
    return found is not None


# ---- variables

def set_env(user, name, value=None):
    """Set a variable of a crontab; 'new', 'updated', 'present', or why not. CLI: cron.set_env root MAILTO user@example.com"""
    wanted = crontab.checked(name=name, value='""' if value in (None, '') else str(value) if value is False else value)
    table = list_tab(user)
    found = next((one for one in table['env'] if one['name'] == wanted['name']), None)
    if found == wanted:
        return 'present'
    if found is None:
        table['env'].append(wanted)
    else:
        found['value'] = wanted['value']
    return _write(user, table, 'new' if found is None else 'updated')


def rm_env(user, name):
    """Remove a variable of a crontab; 'removed', 'absent', or why not. CLI: cron.rm_env root MAILTO"""
    table = list_tab(user)
    kept = [one for one in table['env'] if one['name'] != name]
    done = 'absent' if len(kept) == len(table['env']) else 'removed'
    return _write(user, dict(table, env=kept), done)
