"""Runs of states as jobs make them, with small state modules of the test's own."""
from __future__ import absolute_import, division, print_function

import os
from collections import OrderedDict

from tests.support import hostmodules

VOLATILE = ('start_time', 'duration')


class Engine(hostmodules.Host):
    """`high`, `single` and `low` return what a master would get, without times, and the retcode.

    :param dict modules: {file name: source} of state modules that hide those with the same name.
    """

    def __init__(self, folder, monkeypatch, modules=None, **settings):
        hostmodules.Host.__init__(self, folder, monkeypatch)
        states = os.path.join(folder, 'states')
        os.mkdir(states)
        for name, source in (modules or {}).items():
            with open(os.path.join(states, name + '.py'), 'w') as stream:
                stream.write(source)
        self.loader.opts.update(settings, states_dirs=[states])

    def ran(self, name, *args, **kwargs):
        """(what a function of `state` returns, retcode)."""
        value, retcode = self.job('state.' + name, *args, **kwargs)
        return plain(value), retcode

    def high(self, data, **kwargs):
        """{id: result} of a run of high data, in which no id occurs twice; errors as they come."""
        value, _ = self.ran('high', data, **kwargs)
        return by_id(value) if isinstance(value, dict) else value

    def order(self, data, **kwargs):
        """The ids of a run in the order in which they ran."""
        results = self.high(data, **kwargs)
        return sorted(results, key=lambda id_: results[id_]['__run_num__'])


def plain(value):
    """A return without what differs from run to run."""
    if not isinstance(value, dict):
        return value
    return dict((key, plain(item)) for key, item in value.items() if key not in VOLATILE)


def by_id(running):
    """{id: result} of results by tag."""
    found = dict((tag.split('_|-')[1], result) for tag, result in running.items())
    assert len(found) == len(running), sorted(running)
    return found


def ids(*rows):
    """High data from rows (id, 'module.function', {argument: value}...), in this order, all of them in the SLS `t`."""
    found = OrderedDict()
    for row in rows:
        state, function = row[1].split('.')
        found[row[0]] = OrderedDict([('__sls__', 't'), ('__env__', 'base'), (state, [function] + list(row[2:]))])
    return found
