"""Which services run with files that an upgrade replaced (restartcheck.*). What a process calls itself reaches no shell."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import initscripts, pkgtools, stalefiles

FAMILIES = {
    'Debian': (['dpkg-query', '--search'], ['dpkg-query', '--listfiles'],
               ['dpkg-query', '-W', '-f', '${db:Status-Abbrev} ${Version}\\n', 'linux-image-*']),
    'RedHat': (['rpm', '-qf', '--queryformat', '%{NAME}: \\n'], ['rpm', '-ql'],
               ['rpm', '-q', '--queryformat', 'ii %{VERSION}-%{RELEASE}\\n', 'kernel']),
}


def __virtual__():
    if __grains__.get('kernel') == 'Linux':
        return True
    return False, 'restartcheck module is only available on Linux'


def _run(argv, **options):
    return __salt__['cmd.run_all'](argv, python_shell=False, output_loglevel='quiet', **options)


def restartcheck(ignorelist=None, blacklist=None, excludepid=None, **kwargs):
    """What has to be restarted after an upgrade: a text, or with verbose=False a list of names.

    ignorelist: packages to leave out. blacklist: files to leave out. excludepid: processes to leave out.
    CLI: restartcheck.restartcheck verbose=False
    """
    family = __grains__.get('os_family')
    if family not in FAMILIES:
        return {'result': False, 'comment': 'Only available on Debian and Red Hat based systems.'}
    owner, listing, kernels = FAMILIES[family]
    ignored, gone = pkgtools.words(ignorelist), pkgtools.words(blacklist)
    pids = [int(pid) for pid in pkgtools.words([excludepid] if isinstance(excludepid, int) else excludepid)]
    other_kernel, groups, names = _other_kernel(kernels), [], {}
    for use in stalefiles.uses(pids):
        if use.path in gone or not use.program:
            continue
        if use.program not in names:
            names[use.program] = _package_of(owner, use.program)
        name = names[use.program] or use.name
        if name in ignored:
            continue
        if name not in [known for known, _ in groups]:
            groups.append((name, _group(listing, names[use.program])))
        dict(groups)[name].lines.append('\t%d %s (file: %s)' % (use.pid, use.program, use.path))
    return stalefiles.shown(other_kernel, groups, kwargs.get('verbose', True))


def _package_of(argv, program):
    reply = _run(argv + [program])
    return reply['stdout'].split(':')[0] if reply['retcode'] == 0 else None


def _group(argv, package):
    group = stalefiles.Group()
    for path in _run(argv + [package])['stdout'].splitlines() if package else ():
        folder, name = os.path.split(path)
        if folder == '/etc/init.d' and os.path.exists(path):
            group.scripts.append('service %s restart' % name)
        elif folder.endswith('/systemd/system') and name.endswith('.service') and '@' not in name:
            if initscripts.booted_with_systemd() and _is_active(name):
                group.services.append('systemctl restart %s' % name)
    if group.services:
        group.scripts = []                              # they would start the same
    return group


def _is_active(unit):
    return _run(['systemctl', 'is-active', unit], ignore_retcode=True)['retcode'] == 0


def _other_kernel(argv):
    """True unless the kernel that runs is that of an installed package."""
    rows = [line.split() for line in _run(argv)['stdout'].splitlines()]
    running = ' '.join(os.uname())
    return not any(row[0] == 'ii' and row[1] in running for row in rows if len(row) == 2)
