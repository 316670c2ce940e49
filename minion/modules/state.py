"""States that the caller spells out: one function, low data, high data. Results: docs/states.md."""
from __future__ import absolute_import, division, print_function

from minion.highstate import calling, queueing, runner, words, world

__outputter__ = {'single': 'highstate'}      # low and high have none, as ever


def single(fun, name, test=None, queue=None, **kwargs):
    """Run one state function with the arguments given.

    test: only tell what would be done. queue: wait for other runs. CLI: salt '*' state.single pkg.installed name=vim
    """
    refused = _busy(queue, kwargs)
    if refused:
        return refused
    parts = fun.split('.')
    if len(parts) < 2:
        return _answer('Invalid function passed', world.REFUSED)
    chunk = dict(kwargs, state=parts[0], fun=parts[1], __id__=name, name=name)
    made = world.make(__minion__, __opts__, test, kwargs.get('pillar'), kwargs)
    refused = calling.refused(made, chunk)
    if refused:
        return _answer(refused)
    return _answer({words.tag_of(chunk): runner.Run(made).alone(chunk)})


def low(data, queue=None, **kwargs):
    """Run one chunk of low data. CLI: salt '*' state.low '{state: pkg, fun: installed, name: vim, __id__: vim}'"""
    refused = _busy(queue, kwargs)
    if refused:
        return refused
    made = world.make(__minion__, __opts__, None, None, kwargs)
    refused = calling.refused(made, data)
    if refused:
        return _answer(refused)
    return _answer(runner.Run(made).alone(data), world.FAILED)          # also where it succeeded: so masters know it


def high(data, test=None, queue=None, **kwargs):
    """Run high data, the form that SLS files are brought into. CLI: salt '*' state.high '{vim: {pkg: [installed]}}'"""
    refused = _busy(queue, kwargs)
    if refused:
        return refused
    made = world.make(__minion__, __opts__, test, kwargs.get('pillar'), kwargs)
    return _answer(runner.high(made, data))


def _busy(queue, keywords):
    """Why no run may begin now: list of texts, empty if one may."""
    found = queueing.turn(__minion__.jobs, __opts__, queue, keywords)
    return _answer(found) if found else []


def _answer(returned, retcode=None):
    """`returned`, with the return code of this job set accordingly."""
    __context__['retcode'] = world.retcode(returned) if retcode is None else retcode
    return returned
