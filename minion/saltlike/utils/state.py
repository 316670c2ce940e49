"""`salt.utils.state`: what state modules do with returns of states."""
from __future__ import absolute_import, division, print_function


def gen_tag(low):
    """The key of a low chunk in what a run of states returns."""
    return '_|-'.join(low[key] for key in ('state', '__id__', 'name', 'fun'))


def merge_subreturn(original_return, sub_return, subkey=None):
    """Take the return of a state into that of the one that called it, which is changed and returned.

    Changes go below `subkey`, by default the name of the state that was called; only a failure changes the result.
    """
    if sub_return['result'] is False:
        original_return['result'] = False
    said, comment = sub_return['comment'], original_return['comment']
    if isinstance(comment, list):
        comment.extend(said if isinstance(said, list) else [said])
    else:
        said = '\n'.join(said) if isinstance(said, list) else said
        original_return['comment'] = comment + '\n' + said if comment else said
    if sub_return['changes']:
        original_return.setdefault('changes', {})[subkey or sub_return['name']] = sub_return['changes']
    return original_return
