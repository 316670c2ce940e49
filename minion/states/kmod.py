"""Modules of the Linux kernel (kmod.*): loaded or not, now and at boot."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers.state_return import returned as _returned


def __virtual__():
    if 'kmod.available' in __salt__:
        return True
    return False, 'kmod module could not be loaded'


def present(name, persist=False, mods=None):
    """A module is loaded, or each of `mods`; persist: at boot, too.

    add_kvm:
      kmod.present:
        - name: kvm_amd
    """
    wanted = _wanted(name, mods)
    there = _loaded(persist)
    missing = [mod for mod in wanted if mod not in there]
    comments = [_comment([mod for mod in wanted if mod in there], 'already present')]
    if not missing:
        return _returned(name, True, _joined(comments))
    if __opts__['test']:
        return _returned(name, None, _joined(comments + [_comment(missing, 'set to be loaded')]))
    known = __salt__['kmod.available']()
    unknown = [mod for mod in missing if mod not in known]
    comments.append(_comment(unknown, 'unavailable'))
    result, changes, done = _act([mod for mod in missing if mod in known], 'load', persist)
    return _returned(name, result and not unknown, _joined(comments + done), changes)


def absent(name, persist=False, comment=True, mods=None):
    """A module is not loaded, nor any of `mods`; persist: nor at boot; comment: its line there becomes a comment.

    remove_beep:
      kmod.absent:
        - name: pcspkr
    """
    wanted = _wanted(name, mods)
    there = set(__salt__['kmod.mod_list']())
    if persist:
        there |= set(__salt__['kmod.mod_list'](True))
    loaded = [mod for mod in wanted if mod in there]
    if not loaded:
        return _returned(name, True, _comment(wanted, 'already removed'))
    if __opts__['test']:
        return _returned(name, None, _comment(loaded, 'set to be removed'))
    result, changes, done = _act(loaded, 'remove', persist, comment)
    return _returned(name, result, _joined(done), changes)


def _wanted(name, mods):
    return list(mods) if isinstance(mods, (list, tuple)) else [name]



def _loaded(persist):
    """Names of what is loaded; with persist, of what is loaded at boot as well."""
    loaded = set(__salt__['kmod.mod_list']())
    return loaded & set(__salt__['kmod.mod_list'](True)) if persist else loaded


def _act(mods, verb, *options):
    """(success, changes, comments) of loading or removing modules."""
    past = {'load': 'loaded', 'remove': 'removed'}[verb]
    changes, done, failures, silent = {}, [], [], []
    for mod in mods:
        answer = __salt__['kmod.' + verb](mod, *options)
        if compat.is_text(answer):
            failures.append('Failed to %s kernel module %s: %s' % (verb, mod, answer))
        elif not answer:
            silent.append(mod)
        else:
            done.append(mod)
            changes.update((one, past) for one in answer)
    comments = [_list('%s kernel %%s %%s' % past.capitalize(), done)] + failures
    return not failures and not silent, changes, comments + [_list('Failed to %s kernel %%s %%s' % verb, silent)]


def _list(text, mods):
    return text % ('module' if len(mods) == 1 else 'modules', ', '.join(mods)) if mods else ''


def _comment(mods, state):
    text = _list('Kernel %s %s', mods)
    return text and '%s %s %s' % (text, 'is' if len(mods) == 1 else 'are', state)


def _joined(comments):
    return '\n'.join(text for text in comments if text)
