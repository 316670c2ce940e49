"""Running chunks one after the other; `running` holds their results by tag."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.highstate import calling, words


class Run(object):
    """One run of states in a World.

    `results`: {tag: result} of what has run.
    """

    def __init__(self, world):
        self.world, self.results, self._number = world, {}, 0
        self._chunks, self._begun = [], set()

    def chunks(self, chunks):
        """Run all of them, in this order; returns `results`."""
        self._chunks = chunks
        for chunk in chunks:
            tag = words.tag_of(chunk)
            if tag not in self.results:
                self._begin(chunk)
                self.results[tag] = self.one(chunk)
        return self.results

    def alone(self, chunk):
        """The result of one chunk that belongs to no high data, whatever it requires."""
        self._begin(chunk)
        return self.one(chunk)

    def _begin(self, chunk):
        """Call `mod_init` of a state module before its first chunk; again before the next one if it says no."""
        state = chunk['state']
        name = '%s.mod_init' % state
        if state not in self._begun and '%s.%s' % (state, chunk['fun']) in self.world.states:
            if name not in self.world.states or self.world.states[name](chunk):
                self._begun.add(state)

    def one(self, chunk):
        """The result of one chunk, whatever it requires.

        :raises SaltInvocationError: it has arguments that the state function does not take.
        """
        wrong = calling.refused(self.world, chunk)
        if wrong:
            return self._numbered({'result': False, 'name': chunk['name'], 'changes': {},
                                   'comment': ''.join('%s\n' % line for line in wrong)})
        began, start = calling.now()
        result = self._call(chunk)
        result['__sls__'] = chunk.get('__sls__')
        self._numbered(result)
        result['start_time'] = began
        result['duration'] = round((compat.monotonic() - start) * 1000, 3)
        result['__id__'] = chunk['__id__']
        return result

    def _numbered(self, result):
        result['__run_num__'] = self._number
        self._number += 1
        return result

    def _call(self, chunk):
        function = self.world.states['%s.%s' % (chunk['state'], chunk['fun'])]
        given = calling.arguments(function, chunk)
        self.world.show({'__low__': chunk, '__running__': self.results, '__lowstate__': self._chunks,
                         '__instance_id__': str(id(self)), '__sls__': chunk.get('__sls__'),
                         '__env__': chunk.get('__env__') or self.world.opts.get('saltenv') or 'base'})
        return calling.attempt(function, given, chunk)
