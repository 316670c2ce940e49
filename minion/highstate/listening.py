"""`listen`: chunks that call `mod_watch` at the end of a run, where what they listen to has changed."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.highstate import words

_ERROR = 'Listen_Error'
_NOT_CARRIED = frozenset(words.RUNTIME)


def called_for(chunks, results):
    """(chunks of `mod_watch` to be run, [(tag, result)] of references to nothing).

    :param list chunks: all of a run, each once, in its order; also those that it did not come to.
    :param dict results: by tag.
    """
    called, errors = [], []
    for chunk in chunks:
        for kind, name in _references(chunk, 'listen'):
            named = [other for other in chunks if _is_meant(other, kind, name)]
            if not named:
                errors.append(_missing(kind, name))
            if any(_changed(other, results) for other in named):
                called += [other for other in chunks if other['__id__'] == chunk['__id__'] and other['state'] == chunk['state']]
        for kind, name in _references(chunk, 'listen_in') if _changed(chunk, results) else ():
            named = [other for other in chunks if _is_meant(other, kind, name)]
            called += named
            if not named:
                errors.append(_missing(kind, name))
    once = []
    for chunk in called:
        if chunk not in once:
            once.append(chunk)
    return [_watcher(chunk) for chunk in once], compat.Ordered(errors).items()


def _references(chunk, key):
    """(state module or None, id or name) of each thing that a chunk listens to, or is listened to by."""
    value = chunk.get(key)
    for item in value if isinstance(value, list) else ():
        kind, name = (None, item) if compat.is_text(item) else words.single(item)
        if name is not None:
            yield kind, name


def _changed(chunk, results):
    return bool(results.get(words.tag_of(chunk), {}).get('changes'))


def _is_meant(chunk, kind, name):
    return kind in (None, chunk['state']) and name in (chunk['__id__'], chunk['name'])


def _missing(kind, name):
    tag = words.SEPARATOR.join((_ERROR, 'listen_%s' % name, 'listen_%s' % kind, _ERROR))
    return tag, {'result': False, 'name': 'listen_%s:%s' % (kind, name), 'changes': {},
                 'comment': 'Referenced state %s: %s does not exist' % (kind, name)}


def _watcher(chunk):
    """The chunk that calls `mod_watch` for a chunk."""
    watcher = dict((key, value) for key, value in chunk.items() if key not in _NOT_CARRIED and key != '__prereq__')
    watcher.update(sfun=chunk['fun'], fun='mod_watch', __id__='listener_%s' % chunk['__id__'])
    return watcher
