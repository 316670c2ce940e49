"""State functions called one by one, as a run of states calls them, with fake programs where the test has some."""
from __future__ import absolute_import, division, print_function

from minion import compat, payload
from tests.support import hostmodules


class States(hostmodules.Host):
    """`state` is what a state function returns; `call` and `job` of execution modules are those of Host."""

    def state(self, name, *args, **kwargs):
        """The return of a state function, as a master would get it.

        :param bool test: the setting `test` of this call, False unless given.
        """
        world = self.loader.apart({'test': kwargs.pop('test', False)})
        returned = world.other('states').functions[name](*args, **kwargs)
        assert set(returned) >= set(['name', 'result', 'changes', 'comment']), returned
        return compat.native_tree(payload.to_text_tree(payload.unpack(payload.pack(returned))))

    def over(self, functions, name, *args, **kwargs):
        """(result, comment, changes) of a state function that sees these execution modules alone.

        :param dict functions: {'module.function': callable}.
        """
        loader = self.loader.apart({'test': kwargs.pop('test', False)}).other('states')
        loader._dunders = lambda given=loader._dunders(): dict(given, __salt__=functions)
        returned = loader.functions[name](*args, **kwargs)
        return returned['result'], returned['comment'], returned['changes']
