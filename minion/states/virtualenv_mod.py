"""Virtual environments of Python, and what is installed in them."""
from __future__ import absolute_import, division, print_function

import os

from minion.errors import CommandExecutionError, CommandNotFoundError
from minion.helpers import state_pkg

__virtualname__ = 'virtualenv'


def __virtual__():
    if 'virtualenv.create' in __salt__:
        return __virtualname__
    return False, 'virtualenv module could not be loaded'


def managed(name, venv_bin=None, requirements=None, system_site_packages=False, distribute=False, use_wheel=False,
            clear=False, python=None, extra_search_dir=None, never_download=None, prompt=None, user=None, cwd=None,
            index_url=None, extra_index_url=None, pre_releases=False, no_deps=False, pip_download=None,
            pip_download_cache=None, pip_exists_action=None, pip_ignore_installed=False, proxy=None, use_vt=False,
            env_vars=None, no_use_wheel=False, pip_upgrade=False, pip_pkgs=None, pip_no_cache_dir=False, pip_cache_dir=None,
            process_dependency_links=False, no_binary=None, **kwargs):
    """A virtual environment is there, with the packages of `requirements` and `pip_pkgs`.

    clear: without what was in it. The arguments are those of virtualenv.create and pip.install.

        /srv/app/env:
          virtualenv.managed:
            - requirements: salt://app/requirements.txt
    """
    wanted = locals()
    there = os.path.exists(os.path.join(name, 'bin', 'python'))
    before, cleared = _state_of(name, user) if there and clear else ('', [])
    if __opts__.get('test'):
        return _would(name, there, clear, before, cleared)
    ret = state_pkg.answer(name, True, 'virtualenv exists')
    if not there or clear:
        made = __salt__['virtualenv.create'](
            name, venv_bin=venv_bin, system_site_packages=system_site_packages, distribute=distribute, clear=clear,
            python=python, extra_search_dir=extra_search_dir, never_download=never_download, prompt=prompt, user=user,
            use_vt=use_vt, **kwargs)
        if made['retcode']:
            return state_pkg.answer(name, False, made['stdout'] + made['stderr'])
        ret['comment'] = 'Cleared existing virtualenv' if there else 'Created new virtualenv'
        ret['changes'] = {'new': _version(name, user)}
        if there:
            ret['changes'].update(cleared_packages=cleared, old=before)
    if requirements or pip_pkgs:
        _install(ret, name, wanted)
    return ret


manage = managed


def _would(name, there, clear, before, cleared):
    if there and clear:
        return state_pkg.answer(name, None, 'Virtualenv %s is set to be cleared' % name,
                                {'cleared_packages': cleared, 'old': before})
    if there:
        return state_pkg.answer(name, True, 'Virtualenv %s is already created' % name)
    return state_pkg.answer(name, None, 'Virtualenv %s is set to be created' % name)


def _version(name, user):
    """What the environment's Python prints to stderr when asked for its version: 2.7 does, 3 does not."""
    return __salt__['cmd.run_stderr']([os.path.join(name, 'bin', 'python'), '-V'], runas=user, python_shell=False).strip('\n')


def _frozen(name, user):
    """The lines of pip freeze; none where there is no pip."""
    try:
        return __salt__['pip.freeze'](bin_env=name, user=user)
    except (CommandExecutionError, CommandNotFoundError):
        return []


def _state_of(name, user):
    return _version(name, user), _frozen(name, user)


def _install(ret, name, wanted):
    """Have pip install into the environment, and tell what that changed."""
    before = set(_frozen(name, wanted['user']))
    options = dict((key, wanted[key]) for key in (
        'index_url', 'extra_index_url', 'use_wheel', 'no_use_wheel', 'no_binary', 'user', 'cwd', 'no_deps', 'proxy', 'use_vt',
        'env_vars', 'pre_releases', 'process_dependency_links'))
    options.update((key, wanted['pip_' + key]) for key in (
        'download', 'download_cache', 'exists_action', 'ignore_installed', 'upgrade', 'cache_dir', 'no_cache_dir'))
    try:
        made = __salt__['pip.install'](pkgs=wanted['pip_pkgs'], requirements=wanted['requirements'], bin_env=name,
                                       extra_args=None, saltenv=__env__, **options)
    except (CommandExecutionError, CommandNotFoundError) as exc:
        ret.update(result=False, comment=exc.strerror, changes={})
        return
    if made['retcode']:
        text = '\n'.join(part for part in (made['stdout'], made['stderr']) if part)
        ret.update(result=False, comment='%s\n%s' % (ret['comment'], text))
        return
    after = set(_frozen(name, wanted['user']))
    packages = dict((key, sorted(value)) for key, value in (('new', after - before), ('old', before - after)) if value)
    if packages:
        ret['changes']['packages'] = packages
