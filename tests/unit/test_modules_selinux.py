"""The module selinux, with programs that only print what semanage, semodule and restorecon print."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import SaltInvocationError
from minion.helpers import semanage
from tests.support import hostmodules

BOOLEANS = '''SELinux boolean                State  Default Description

abrt_anon_write                (off  ,  off)  Allow ABRT to modify public files
virt_use_usb                   (on   ,  off)  Allow virt to use usb
'''
CONTEXTS = '''SELinux fcontext               type               Context

/var/www(/.*)?                 all files          system_u:object_r:httpd_sys_content_t:s0
/srv/x                         regular file       system_u:object_r:x_t:s0
/srv/no                        all files          <<None>>
'''
PORTS = '''http_port_t                    tcp      80, 81, 443, 8008-8010
ssh_port_t                     tcp      22
dns_port_t                     udp      53
'''


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    for call, text in (('semanage boolean', BOOLEANS), ('semanage fcontext', CONTEXTS), ('semanage port', PORTS),
                       ('setsebool', ''), ('semodule', ''), ('restorecon', '')):
        host.programs.answer(call, text)
    return host


def test_it_is_there_with_the_programs(tmpdir, monkeypatch):
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)
    monkeypatch.setenv('PATH', host.programs.bin)
    assert host.job('selinux.getenforce') == ("'selinux' __virtual__ returned False: semanage is not in the path", 1)


@pytest.fixture
def kernel(host, tmpdir):
    """The folder in which the module finds `enforce` and `config`."""
    names = host.loader.functions['selinux.getenforce'].__globals__
    before = names['selinux_fs_path'], names['_CONFIG']
    names.update(selinux_fs_path=lambda: str(tmpdir), _CONFIG=str(tmpdir.join('config')))
    tmpdir.join('enforce').write('1')
    tmpdir.join('config').write('# SELINUX=x\nSELINUX=permissive\nSELINUXTYPE=targeted\n')
    yield tmpdir
    names.update(selinux_fs_path=before[0], _CONFIG=before[1])


def test_the_mode(host, kernel):
    assert (host.call('selinux.getenforce'), host.call('selinux.getconfig')) == ('Enforcing', 'Permissive')
    assert host.call('selinux.setenforce', 'disabled') == 'Permissive'
    assert kernel.join('config').read() == '# SELINUX=x\nSELINUX=disabled\nSELINUXTYPE=targeted\n'
    assert host.call('selinux.setenforce', 'Enforcing') == 'Enforcing' and kernel.join('enforce').read() == '1'
    for wrong in (1, 'junk'):
        assert host.job('selinux.setenforce', wrong) == (
            "ERROR executing 'selinux.setenforce': Invalid mode %s" % wrong, 1)


def test_a_kernel_without_selinux(host, kernel):
    kernel.join('enforce').remove()
    kernel.join('config').remove()
    assert (host.call('selinux.getenforce'), host.call('selinux.getconfig')) == ('Disabled', None)
    answer, code = host.job('selinux.setenforce', 'Permissive')
    assert answer.startswith('ERROR: Could not read SELinux config file: ') and code == 1


def test_booleans(host):
    assert host.call('selinux.list_sebool')['virt_use_usb'] == {
        'State': 'on', 'Default': 'off', 'Description': 'Allow virt to use usb'}
    assert host.call('selinux.getsebool', 'nosuch') == {}
    host.programs.calls()
    assert host.call('selinux.setsebool', 'virt_use_usb', True) is True
    assert host.call('selinux.setsebools', {'virt_use_usb': 'off'}, persist=True) is True
    assert host.programs.calls() == [['setsebool', 'virt_use_usb', 'True'], ['setsebool', '-P', 'virt_use_usb=off']]
    host.programs.answer('setsebool', err='Could not', code=1)
    assert host.job('selinux.setsebool', 'x', 'on') == (False, 1)
    assert semanage.booleans('ftpd_is_daemon                 -> on    Run ftpd\n') == {
        'ftpd_is_daemon': {'State': 'on', 'Default': 'on', 'Description': 'Run ftpd'}}


def test_policy_modules(host):
    host.programs.answer('semodule --list-modules=full', '400 my     pp\n100 abrt   pp         disabled\n')
    assert host.call('selinux.list_semod') == {'my': {'Enabled': True, 'Version': None},
                                               'abrt': {'Enabled': False, 'Version': None}}
    assert host.call('selinux.getsemod', 'nosuch') == {}
    host.programs.answer('semodule --list-modules=full', err='unrecognized option', code=1)
    host.programs.answer('semodule -l', 'abrt\t1.2.0\nold\t1.0\tDisabled\n')
    assert host.job('selinux.list_semod') == ({'abrt': {'Enabled': True, 'Version': '1.2.0'},
                                               'old': {'Enabled': False, 'Version': '1.0'}}, 0)


def test_changing_policy_modules(host):
    assert [host.call('selinux.setsemod', 'abrt', state) for state in ('enabled', 'Disabled')] == [True, True]
    assert (host.call('selinux.install_semod', '/x.pp'), host.call('selinux.remove_semod', 'abrt')) == (True, True)
    assert host.programs.calls() == [['semodule'] + words for words in (
        ['--enable', 'abrt'], ['--disable', 'abrt'], ['--install', '/x.pp'], ['--remove', 'abrt'])]
    assert host.job('selinux.setsemod', 'abrt', 'junk') == ("ERROR executing 'selinux.setsemod': Invalid state junk", 1)


def test_contexts_of_files(host):
    rule = {'filespec': '/srv/x', 'filetype': 'regular file', 'sel_user': 'system_u', 'sel_role': 'object_r', 'sel_type': 'x_t',
            'sel_level': 's0'}
    assert host.call('selinux.fcontext_get_policy', '/srv/x') == rule
    assert host.call('selinux.fcontext_get_policy', '/srv/x', 'f', 'x_t', 'system_u', 's0') == rule
    assert [host.call('selinux.fcontext_get_policy', *args) for args in (('/nosuch',), ('/srv/x', 'a'), ('/srv/x', None, 'y_t'))
            ] == [None] * 3
    host.programs.calls()
    assert host.call('selinux.fcontext_add_policy', '/srv/y', 'a', 'y_t')['retcode'] == 0
    assert host.call('selinux.fcontext_add_policy', '/srv/x', 'f', 'y_t', 'u_u', 's1')['retcode'] == 0
    assert host.call('selinux.fcontext_delete_policy', '/srv/x')['retcode'] == 0
    assert [' '.join(call[2:]) for call in host.programs.calls() if '--list' not in call] == [
        '--add --type y_t /srv/y', '--modify --ftype f --type y_t --seuser u_u --range s1 /srv/x', '--delete /srv/x']
    assert host.job('selinux.fcontext_get_policy', '/srv', 'x') == (
        "ERROR executing 'selinux.fcontext_get_policy': Invalid file type code 'x'; expected one of: a, f, d, c, b, s, l, p", 1)
    assert host.call('selinux.filetype_id_to_string', 'l') == 'symbolic link'
    host.programs.answer('semanage fcontext', err='ValueError: bad', code=1)
    assert host.job('selinux.fcontext_get_policy', '/srv')[0] == (
        'ERROR: Output from the fcontext command did not match the expected format')


CHANGE = {'old': {'sel_user': 'unconfined_u', 'sel_type': 'etc_t'}, 'new': {'sel_user': 'system_u', 'sel_type': 'x_t'}}


@pytest.mark.parametrize('line', ['Would relabel /srv/x from unconfined_u:object_r:etc_t:s0 to system_u:object_r:x_t:s0',
                                  'restorecon reset /srv/x context unconfined_u:object_r:etc_t:s0->system_u:object_r:x_t:s0'])
def test_applying_contexts(host, line):
    host.programs.answer('restorecon -n', line + '\n')
    assert host.call('selinux.fcontext_policy_is_applied', '/srv/x', True) == line
    assert host.call('selinux.fcontext_apply_policy', '/srv/x')['changes'] == {'/srv/x': CHANGE}
    assert host.programs.calls()[2] == ['restorecon', '-v', '-F', '/srv/x']
    host.programs.answer('restorecon -n')
    assert host.call('selinux.fcontext_apply_policy', '/srv/x')['error'] == 'Unrecognized response from restorecon command.'


def test_ports(host):
    web = {'sel_type': 'http_port_t', 'protocol': 'tcp', 'port': '80, 81, 443, 8008-8010'}
    assert [host.call('selinux.port_get_policy', name) for name in ('tcp/443', 'tcp/8008-8010', 'tcp/8', 'udp/443')] == [
        web, web, None, None]
    assert host.call('selinux.port_get_policy', 'web', 'http_port_t', 'tcp', '80') == web
    assert host.call('selinux.port_get_policy', 'tcp/80', 'x_t') is None
    host.programs.calls()
    host.call('selinux.port_add_policy', 'tcp/99', 'x_t', sel_range='s0')
    host.call('selinux.port_modify_policy', 'x', 'y_t', 'tcp', '22')
    host.call('selinux.port_delete_policy', 'tcp/22')
    assert [' '.join(call[2:]) for call in host.programs.calls()] == [
        '--add --proto tcp --type x_t --range s0 99', '--modify --proto tcp --type y_t 22', '--delete --proto tcp 22']
    assert host.job('selinux.port_add_policy', 'tcp/99')[0] == (
        "ERROR executing 'selinux.port_add_policy': SELinux Type is required to add a policy")
    with pytest.raises(SaltInvocationError):
        semanage.port('web', 'tcp', None)
