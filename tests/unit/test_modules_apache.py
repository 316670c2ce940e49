"""Module and state of Apache, with a program that only prints what apachectl prints."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import FileClientError, SaltInvocationError
from minion.helpers import apacheconf, webfetch
from tests.support import hoststates

VERSION = '''Server version: Apache/2.2.15 (Unix)
Server built:   Jun 19 2018 15:45:13
  threaded:     no
Server compiled with....
 -D APACHE_MPM_DIR="server/mpm/prefork"
 -D APR_HAS_SENDFILE
'''
HOSTS = '''VirtualHost configuration:
*:80                   is a NameVirtualHost
         default server localhost (/etc/httpd/conf.d/vhost.conf:1)
         port 80 namevhost example.com (/etc/httpd/conf.d/vhost.conf:9)
                 alias www.example.com
Syntax OK
'''
HOST = {'this': '*:80', 'ServerAlias': ['www', 'dev']}


@pytest.fixture(params=['Debian', 'RedHat'])
def host(request, tmpdir, monkeypatch):
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch, os_family=request.param)
    host.program = 'apache2ctl' if request.param == 'Debian' else 'apachectl'
    for option, text in (('-v', VERSION), ('-V', VERSION), ('-S', HOSTS), ('-l', 'Compiled in modules:\n  core.c\n'),
                         ('-M', 'Loaded Modules:\n core_module (static)\n alias_module (shared)\nSyntax OK\n'),
                         ('-L', 'AuthName (core.c)\n\tThe realm\n\tAllowed in *.conf\n')):
        host.programs.answer('%s %s' % (host.program, option), text)
    host.programs.answer('htpasswd')
    return host


def test_it_is_there_with_the_program(tmpdir, monkeypatch):
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)
    monkeypatch.setenv('PATH', host.programs.bin)
    assert host.job('apache.version') == (
        "'apache' __virtual__ returned False: The apache execution module cannot be loaded: apache is not installed.", 1)


def test_asking(host):
    assert host.call('apache.version') == 'Apache/2.2.15 (Unix)'
    assert host.call('apache.fullversion') == {
        'server_version': 'Apache/2.2.15 (Unix)', 'server_built': 'Jun 19 2018 15:45:13', 'threaded': 'no',
        'compiled_with': ['APACHE_MPM_DIR="server/mpm/prefork"', 'APR_HAS_SENDFILE']}
    assert host.call('apache.modules') == {'static': ['core_module'], 'shared': ['alias_module']}
    assert host.call('apache.servermods') == ['core.c']
    assert host.call('apache.directives') == {'AuthName (core.c)': 'The realm\nAllowed in *.conf'}
    assert host.call('apache.vhosts') == {'*:80': {
        'default': {'vhost': 'localhost', 'conf': '/etc/httpd/conf.d/vhost.conf:1'},
        'example.com': {'vhost': 'example.com', 'conf': '/etc/httpd/conf.d/vhost.conf:9', 'port': '80'}}}


def test_signals(host):
    for signal, words in (('restart', '-k restart'), ('status', 'status')):
        assert host.call('apache.signal', signal) == 'Command: "%s %s" completed successfully!' % (host.program, words)
    assert host.call('apache.signal', 'junk') is None
    host.programs.answer('%s -k' % host.program, 'out', 'httpd: bad\n', 1)
    assert host.job('apache.signal', 'stop') == ('httpd: bad', 1)


def test_users(host, tmpdir):
    path = tmpdir.join('users')
    assert host.call('apache.userdel', str(path), 'u') == 'Error: The specified htpasswd file does not exist'
    assert host.call('apache.useradd', str(path), 'u', 'p', 'd')['retcode'] == 0
    path.write('')
    assert host.call('apache.useradd', str(path), 'u', 'p')['retcode'] == 0
    host.programs.answer('htpasswd -D', err='Deleting password for user u\n')
    assert host.call('apache.userdel', str(path), 'u') == ['Deleting password for user u']
    assert [call[1] for call in host.programs.calls()] == ['-bdc', '-b', '-D']


def test_configuration(host, tmpdir):
    path, text = tmpdir.join('site.conf'), '<VirtualHost *:80>\nServerAlias www\nServerAlias dev\n\n</VirtualHost>\n\nListen 80'
    config = [{'VirtualHost': HOST}, {'Listen': 80}]
    assert host.call('apache.config', str(path), config, edit=False) == text and not path.exists()
    assert host.call('apache.config', str(path), config) == text
    assert path.read() == '# This file is managed by Salt.\n' + text
    with pytest.raises(SaltInvocationError):
        apacheconf.text([{'VirtualHost': {'ServerName': 'x'}}])


def test_a_configuration_file_as_a_state(host, tmpdir):
    path, changes = tmpdir.join('site.conf'), {'old': '', 'new': 'Listen 80'}

    def run(**kwargs):
        ret = host.state('apache.configfile', str(path), [{'Listen': '80'}], **kwargs)
        return ret['result'], ret['comment'], ret['changes']
    assert run(test=True) == (None, 'Configuration will update.', changes) and not path.exists()
    assert run() == (True, 'Successfully created configuration.', changes)
    assert path.read() == 'Listen 80\n'
    assert run() == (True, 'Configuration is up to date.', {})
    failed = host.state('apache.configfile', str(tmpdir.join('no', 'x')), [{'Listen': '80'}])
    assert (failed['result'], failed['comment']) == (False, 'Failed to create apache configuration.')


def test_the_page_of_the_server():
    found = apacheconf.status('localhost\nServerVersion: Apache/2.4\nTotal Accesses: 3\nCPULoad: .5\nScoreboard: __W.\n')
    assert found.pop('Scoreboard') == dict(dict.fromkeys('SRKDCLGI', 0), **{'_': 2, 'W': 1, '.': 1})
    assert found == {'ServerVersion': 'Apache/2.4', 'Total Accesses': 3, 'CPULoad': 0.5}


def test_asking_for_the_page_of_the_server(tmpdir, monkeypatch):
    host, asked = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch), []
    host.programs.answer('apache2ctl')

    def fetch(url, settings):
        asked.append(url)
        if len(asked) > 1:
            raise FileClientError('Error: refused reading /')
        return [b'Uptime: 1', b'7\n']
    monkeypatch.setattr(webfetch, 'fetch', fetch)
    assert host.call('apache.server_status')['Uptime'] == 17
    assert host.call('apache.server_status') == 'error'
    assert asked == ['http://localhost/server-status?auto'] * 2
