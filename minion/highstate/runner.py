"""Running chunks one after the other; `results` holds what came of them by tag."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.highstate import aggregating, calling, compiler, listening, pausing, requisites, retrying, targets, telling, words


def high(world, data):
    """Results by tag of high data run in a World, or the list of errors that it is refused with."""
    chunks, errors = low_of(world, data)
    return errors or Run(world).chunks(chunks)


def low_of(world, data):
    """(chunks, errors) of high data, see compiler.low_of."""
    return compiler.low_of(data, world.disabled, world.watches)


class Run(object):
    """One run of states in a World.

    `results`: {tag: result} of what has run; `told`: the same of what only told what it would change, for a `prereq`.
    """

    def __init__(self, world):
        self.world, self.results, self.told, self._number = world, {}, {}, 0
        self._chunks, self._links, self._begun = [], {}, set()

    def chunks(self, chunks):
        """Run all of them, in this order; returns `results`."""
        self._look_up(chunks)
        return self._go(chunks)

    def some(self, chunks, wanted):
        """Run those for which wanted(chunk) is true, and what these require; returns `results`."""
        self._look_up(chunks)
        chosen, left = set(), [chunk for chunk in self._chunks if wanted(chunk)]
        while left:
            chunk = left.pop()
            if id(chunk) not in chosen:
                chosen.add(id(chunk))
                left += [other for name, linked in self._links[id(chunk)].items() if name != 'prerequired' for other in linked]
        return self._go([chunk for chunk in chunks if id(chunk) in chosen], False)

    def _go(self, chunks, listening=True):
        for chunk in chunks:
            if pausing.ended(self.world, chunk):
                break
            self._next(chunk)
            if self._stops(chunk):
                break
        if listening:
            self._listen()
        return self.results

    def alone(self, chunk):
        """The result of one chunk that belongs to no high data, whatever it requires."""
        self._begin(chunk)
        return self.one(chunk)

    # ---- requisites

    def _look_up(self, chunks):
        """Note what each chunk requires."""
        single = dict((id(chunk), chunk) for chunk in chunks)
        self._chunks = [chunk for chunk in chunks if single.pop(id(chunk), None) is not None]
        found = targets.Targets(self._chunks, self.world.disabled, self.world.watches)
        for chunk in self._chunks:
            self._links[id(chunk)] = found.links(chunk)
        for chunk in self._chunks:
            for asked in self._links[id(chunk)].get('prereq', ()):
                self._links[id(asked)].setdefault('prerequired', []).append(chunk)

    def _next(self, chunk):
        """Run one chunk, or note why it does not run."""
        tag = words.tag_of(chunk)
        if tag in self.results:
            return
        chunk = aggregating.aggregated(self.world, chunk, self._chunks, self.results)
        self._begin(chunk)
        links = self._links.get(id(chunk), {})
        telling_only = chunk.get('__prereq__') and tag not in self.told
        if telling_only:
            links = dict((name, chunks) for name, chunks in links.items() if name != 'prerequired')
        status = requisites.status(links, self.results, self.told)
        if status == requisites.FAILED:
            self._failed(chunk, tag, links)
        elif status in requisites.COMMENTS:
            self._not_run(chunk, tag, True, requisites.COMMENTS[status])
        elif telling_only:
            self.told[tag] = self._tell(chunk)
            return
        elif status == requisites.CHANGED:
            self.results[tag] = self._watching(chunk, links)
        else:
            self.results[tag] = self.one(chunk)
        self._tell_master(chunk, tag)

    def _failed(self, chunk, tag, links):
        if tag in self.told:
            self.results[tag] = self._numbered(dict(self.told[tag], changes={}))
            return
        names = requisites.failed_names(links, self.results, self.told)
        self._not_run(chunk, tag, False, 'One or more requisite failed: %s' % ', '.join(names))

    def _not_run(self, chunk, tag, result, comment):
        returned = {'name': chunk['name'], 'result': result, 'changes': {}, 'comment': comment, '__state_ran__': False,
                    '__sls__': chunk.get('__sls__'), '__id__': chunk['__id__'], 'start_time': calling.now()[0], 'duration': 0.0}
        self.results[tag] = self.told[tag] = self._numbered(returned)

    def _watching(self, chunk, links):
        """The result of a chunk of which something that it watches has changed: of its own, or else of `mod_watch`."""
        result = self.one(chunk)
        if result['changes'] or result.get('skip_watch'):
            return result
        return self.one(dict(chunk, sfun=chunk['fun'], fun='mod_watch', __reqs__=links))

    def _tell(self, chunk):
        """What a chunk would change."""
        number, test = self._number, self.world.opts.get('test')
        self.world.opts['test'] = True
        try:
            result = self.one(chunk)
        finally:
            self.world.opts['test'] = test
        self._number = number                        # it counts when it really runs
        for key in ('start_time', 'duration'):
            result.pop(key, None)
        return result

    def _stops(self, chunk):
        """Is this chunk a failure that ends the run (`failhard`)?"""
        result = self.results.get(words.tag_of(chunk))
        hard = chunk.get('failhard', self.world.opts.get('failhard'))
        return bool(hard) and not self.world.opts.get('test') and result is not None and result['result'] is False

    def _listen(self):
        watching, errors = listening.called_for(self._chunks, self.results)
        for chunk in watching:
            tag = words.tag_of(chunk)
            self.results[tag] = self.one(chunk)
            self._tell_master(chunk, tag)
        for tag, result in errors:
            self.results[tag] = self._numbered(result)

    # ---- one chunk

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
        result = retrying.tried(self.world, chunk, lambda: self._numbered(self._call(chunk)))
        result['start_time'] = began
        result['duration'] = round((compat.monotonic() - start) * 1000, 3)
        result['__sls__'], result['__id__'] = chunk.get('__sls__'), chunk['__id__']
        if chunk.get('parallel'):
            result['__parallel__'] = True
        self._sub_states(chunk, result)
        self.world.renew(chunk, result)
        return result

    def _numbered(self, result):
        result['__run_num__'] = self._number
        self._number += 1
        return result

    def _call(self, chunk):
        self.world.show({'__low__': chunk, '__running__': self.results, '__lowstate__': self._chunks,
                         '__instance_id__': str(id(self)), '__sls__': chunk.get('__sls__'),
                         '__env__': chunk.get('saltenv') or chunk.get('__env__') or self.world.opts.get('saltenv') or 'base'})
        if self.world.opts.get('mock'):
            return {'name': chunk['name'], 'result': True, 'changes': {}, 'comment': 'Not called, mocked'}
        return calling.call(self.world, chunk)

    def _sub_states(self, chunk, result):
        """Results that a state brings along for states of its own (`sub_state_run`)."""
        for sub in result.pop('sub_state_run', None) or ():
            low = sub['low']
            self.results[words.tag_of(low)] = self._numbered({
                'name': low['name'], 'changes': sub.get('changes', {}), 'result': sub.get('result'),
                'comment': sub.get('comment', ''), 'duration': sub.get('duration', 0.0), '__state_ran__': True,
                'start_time': sub.get('start_time', result['start_time']), '__sls__': chunk.get('__sls__')})

    def _tell_master(self, chunk, tag):
        telling.tell(self.world, chunk, self.results[tag], len(self._chunks))
