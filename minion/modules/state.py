"""States: what the host is to be like, told and brought about. Results: docs/states.md."""
from __future__ import absolute_import, division, print_function

from minion.highstate import calling, runner, words, world

__outputter__ = {'single': 'highstate'}      # low and high have none, as ever


# ---- states that the caller spells out

def single(fun, name, test=None, queue=None, **kwargs):
    """Run one state function with the arguments given. CLI: salt '*' state.single pkg.installed name=vim"""
    parts = fun.split('.')
    if len(parts) < 2:
        __context__['retcode'] = world.REFUSED
        return 'Invalid function passed'
    chunk = dict(kwargs, state=parts[0], fun=parts[1], __id__=name, name=name)
    made = world.make(__minion__, __opts__, test, kwargs.get('pillar'), kwargs)
    wrong = calling.refused(made, chunk)
    if wrong:
        __context__['retcode'] = world.REFUSED
        return wrong
    run = runner.Run(made)
    return _told({words.tag_of(chunk): run.alone(chunk)})


def low(data, queue=None, **kwargs):
    """Run one chunk of low data. CLI: salt '*' state.low '{state: pkg, fun: installed, name: vim, __id__: vim}'"""
    made = world.make(__minion__, __opts__, None, None, kwargs)
    wrong = calling.refused(made, data)
    if wrong:
        __context__['retcode'] = world.REFUSED
        return wrong
    returned = runner.Run(made).alone(data)
    __context__['retcode'] = world.FAILED if isinstance(returned, dict) else world.REFUSED
    return returned


def high(data, test=None, queue=None, **kwargs):
    """Run high data, the form that SLS files are brought into. CLI: salt '*' state.high '{vim: {pkg: [installed]}}'"""
    made = world.make(__minion__, __opts__, test, kwargs.get('pillar'), kwargs)
    return _told(runner.high(made, data))


def _told(returned):
    """`returned`, with the return code of this job set accordingly."""
    __context__['retcode'] = world.retcode(returned)
    return returned
