"""What the results of its requisites mean for a chunk."""
from __future__ import absolute_import, division, print_function

from minion.highstate import words

MET, CHANGED, FAILED, UNCHANGED, NO_ONCHANGES, NO_ONFAIL = 'met', 'changed', 'failed', 'unchanged', 'onchanges', 'onfail'
_GRAVEST_FIRST = (FAILED, UNCHANGED, NO_ONFAIL, NO_ONCHANGES, CHANGED, MET)

COMMENTS = {UNCHANGED: 'No changes detected',
            NO_ONCHANGES: 'State was not run because none of the onchanges reqs changed',
            NO_ONFAIL: 'State was not run because onfail req did not change'}


def status(links, results, told):
    """What the requisites of a chunk say about it: one of the constants above.

    :param dict links: {requisite: [chunks]}, with `prerequired`: those that have this one as their prereq.
    :param dict results: {tag: result} of what has run.
    :param dict told: the same of what only told what it would change.
    """
    found = set([MET])
    for name, chunks in links.items():
        source = told if name == 'prereq' else results
        found.add(_of_requisite(name, [source[words.tag_of(chunk)] for chunk in chunks if words.tag_of(chunk) in source]))
    return next(each for each in _GRAVEST_FIRST if each in found)


def _of_requisite(name, results):
    """What one requisite says; an empty list says nothing."""
    if not results:
        return MET
    failed = [result for result in results if result['result'] is False]
    if name.startswith('onfail'):                    # in test mode what would change may fail, too
        unsure = [result for result in results if result['result'] is not True]
        enough = len(unsure) == len(results) if name == 'onfail_all' else unsure
        return MET if enough else NO_ONFAIL
    if name.startswith('onchanges'):
        return MET if any(result['changes'] and result not in failed for result in results) else NO_ONCHANGES
    if failed and not (name.endswith('_any') and _one_did(results)):
        return FAILED
    if name == 'prereq':
        return MET if any(result['result'] is None for result in results) else UNCHANGED
    if name.startswith('watch') and any(result['changes'] and result not in failed for result in results):
        return CHANGED
    return MET


def _one_did(results):
    """Has one of them run, and not failed?"""
    return any(result['result'] is not False and result.get('__state_ran__', True) for result in results)


def failed_names(links, results, told):
    """'sls.id' of the requisites that failed."""
    names = set()
    for chunks in links.values():
        for chunk in chunks:
            tag = words.tag_of(chunk)
            result = told.get(tag, results.get(tag))
            if result is not None and result['result'] is False:
                names.add('%s.%s' % (chunk.get('__sls__'), chunk['__id__']))
    return sorted(names)
