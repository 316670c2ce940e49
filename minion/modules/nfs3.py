"""What an NFS server exports (nfs3.*). exports: the file."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import environment, etcfile, tool
from minion.helpers import exports as exportfile


def __virtual__():
    if environment.which('showmount'):
        return True
    return False, 'The nfs3 execution module failed to load: the showmount binary is not in the path.'


def _text(path, missing=None):
    try:
        return etcfile.text(path, missing)
    except EnvironmentError as exc:
        raise CommandExecutionError(str(exc))


def list_exports(exports='/etc/exports'):
    """Mapping of what is exported to its clients, each with `hosts` and `options`. CLI: nfs3.list_exports"""
    return exportfile.listed(_text(exports))


def add_export(exports='/etc/exports', path=None, hosts=None, options=None):
    """Export a path to more hosts; what was added. CLI: nfs3.add_export path=/srv/test hosts=127.0.0.1 options='[rw]'"""
    if not compat.is_text(hosts):
        raise TypeError('hosts argument must be a string')
    if not path:
        raise CommandExecutionError('no path to export is given')
    client = {'hosts': hosts, 'options': [options] if compat.is_text(options) else list(options or ())}
    if any('\n' in word for word in [path, hosts] + client['options']):
        raise CommandExecutionError('an export is one line')
    etcfile.rewrite(exports, exportfile.added(_text(exports, ''), path, client))
    return client


def del_export(exports='/etc/exports', path=None):
    """No longer export a path; the mapping of what is left. CLI: nfs3.del_export path=/media/storage"""
    text = _text(exports)
    if path not in exportfile.listed(text):
        raise CommandExecutionError('%s is not exported' % path)
    text = exportfile.without(text, path)
    etcfile.rewrite(exports, text)
    return exportfile.listed(text)


def reload_exports():
    """Have the server take over the file: `result`, `stdout` and `stderr` of exportfs. CLI: nfs3.reload_exports"""
    answer = tool.run(__salt__, ['exportfs', '-r'])
    return {'result': answer['retcode'] == 0 and not answer['stderr'], 'stdout': answer['stdout'], 'stderr': answer['stderr']}
