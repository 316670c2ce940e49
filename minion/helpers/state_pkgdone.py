"""What the states of packages tell after the work, and what they would do in a test run."""
from __future__ import absolute_import, division, print_function

from minion.helpers import state_pkg

LISTED = 10


def would(name, plan, files, reinstall, versions):
    """The return of a test run of pkg.installed.

    :param dict versions: what is known of the versions that would be installed.
    """
    comments, changes = [], {}
    if plan.targets:
        comments.append('The following packages would be installed/updated: %s' % ', '.join(plan.targets))
        changes.update((one, {'old': '', 'new': versions.get(one) or 'installed'}) for one in plan.targets)
    if plan.selected:
        comments.append("The following packages would have their selection status changed from 'purge' to 'install': %s"
                        % ', '.join(plan.selected))
    if plan.again and reinstall:
        comments.append('The following packages would be reinstalled: %s'
                        % state_pkg.all_shown(list(plan.again), None if files else plan.again))
        changes.update((one, {'old': '', 'new': 'installed'}) for one in plan.again)
    elif plan.again:
        for one in plan.again:
            changes[one] = {}
            comments.append("Package '%s' would be reinstalled because the following files have been altered:"
                            % (one if files else state_pkg.shown(one, plan.again)))
            comments.append(state_pkg.nested_text(plan.altered[one]))
    ret = state_pkg.answer(name, None, '\n'.join(comments), changes)
    return dict(ret, warnings=plan.warnings) if plan.warnings else ret


def sorted_holds(held):
    """What pkg.hold or pkg.unhold says, row by row: first what changed, then what did not, then what failed."""
    rows = [held[one] for one in held]
    return [row for row in rows if row['changes']] + [row for row in rows if not row['changes'] and row['result']] \
        + [row for row in rows if not row['result']]


class Outcome(object):
    """The return of pkg.installed, part by part.

    :param dict changed: of pkg.install.  :param dict held: of pkg.hold.  :param dict selected: of lowpkg.unpurge.
    """

    def __init__(self, wish, plan, changed, held, selected):
        self._wish, self._plan, self._changed, self._selected = wish, plan, changed, selected
        self._versions = None if wish.sources else plan.desired
        rows = [held[one] for one in held]
        self._held = [row for row in rows if row['changes']]
        self._held_before = [row for row in rows if not row['changes'] and row['result'] is not False]
        self._not_held = [row for row in rows if row['result'] is False]
        self._done = [one for one in changed if one in plan.targets]
        self._left = [one for one in plan.desired if one not in plan.targets and one not in plan.again]
        self._failed = [one for one in plan.targets if one not in self._done]
        self._again = [one for one in plan.again if one in changed]
        self._not_again = [one for one in plan.again if one not in changed]

    def sort(self, fine, failed):
        """Take the packages for installed, or not, by what is there now."""
        targets = self._plan.targets
        self._done = [one for one in fine if one in targets]
        self._left = [one for one in fine if one not in targets and one not in self._plan.again]
        self._failed = [one for one in failed if one in targets]

    def look_again(self, verify):
        """Take those that were installed again for mended, or not, by what `verify` finds."""
        self._again, self._not_again = [], []
        for one in self._plan.again:
            wrong = verify(one)
            (self._not_again if wrong else self._again).append(one)
            if wrong:
                self._plan.altered[one] = wrong

    def ret(self):
        """The whole."""
        comments, changes = [], self._changed
        if self._selected:
            changes = {'installed': self._changed, 'purge_desired': self._selected}
        if self._done:
            comments.append(state_pkg.counted(self._done, self._versions, 'The following packages were installed/updated: %s',
                                              '%s installed/updated.'))
        for row in self._held:
            comments.append(row['comment'])
            _add_hold(changes, row)
        if self._left:
            comments.append(state_pkg.counted(self._left, self._versions, 'The following packages were already installed: %s',
                                              '%s already installed'))
        comments += [row['comment'] for row in self._held_before]
        if self._failed:
            comments.insert(0, 'The following packages failed to install/update: %s'
                            % state_pkg.all_shown(self._failed, self._versions))
        comments += [row['comment'] for row in self._not_held] + self._reinstalled()
        good = not (self._failed or self._not_held or self._not_again)
        ret = state_pkg.answer(self._wish.name, good, '\n'.join(comments), changes)
        return dict(ret, warnings=self._plan.warnings) if self._plan.warnings else ret

    def _reinstalled(self):
        lines = []
        for names, text, files in ((self._again, 'Package %s was reinstalled.', ' The following files were remediated:'),
                                   (self._not_again, 'Reinstall was not successful for package %s.',
                                    ' The following files could not be remediated:')):
            for one in names:
                line = text % (one if self._versions is None else state_pkg.shown(one, self._versions))
                altered = self._plan.altered.get(one)
                lines += [line + files, state_pkg.nested_text(altered)] if altered else [line]
        return lines


def _add_hold(changes, row):
    name, new, old = row['name'], row['changes'].get('new', ''), row['changes'].get('old', '')
    if name not in changes:
        changes[name] = {'new': '%s' % new}
        return
    for key, value in (('new', new), ('old', old)):
        before = changes[name].get(key, '')
        changes[name][key] = '%s\n%s' % (before, value) if before else '%s' % value


# ---- latest

def _fresh(names, before, limit_text, shown):
    if len(names) <= LISTED:
        return before + ', '.join(shown(one) for one in sorted(names))
    return limit_text % len(names)


def would_update(name, targets, there, fresh, versions):
    """The return of a test run of pkg.latest.  :param dict versions: what is known of those to be installed."""
    comments = ['The following packages would be installed/upgraded: %s' % ', '.join(sorted(targets))]
    if fresh:
        comments.append(_fresh(fresh, 'The following packages are already up-to-date: ', '%d packages are already up-to-date',
                               lambda one: '%s (%s)' % (one, there[one])))
    changes = dict((one, {'old': there.get(one, ''), 'new': versions.get(one) or 'installed'}) for one in targets)
    return state_pkg.answer(name, None, '\n'.join(comments), changes)


def updated(name, targets, changed, fresh):
    """The return of pkg.latest after an installation."""
    already = _fresh(fresh, 'The following packages were already up-to-date: ', '%d packages were already up-to-date',
                     lambda one: one) if fresh else ''
    if not changed:
        names = sorted(targets)
        if len(names) > LISTED:
            comment = '%d targeted packages failed to update. See debug log for details.' % len(names)
        elif len(names) > 1:
            comment = 'The following targeted packages failed to update. See debug log for details: (%s).' % ', '.join(names)
        else:
            comment = 'Package %s failed to update.' % names[0]
        return state_pkg.answer(name, False, ' '.join(part for part in (comment, already) if part))
    failed = sorted(one for one in targets if changed.get(one, {}).get('new') != targets[one])
    done = sorted(one for one in targets if one not in failed)
    comments = ['The following packages failed to update: %s' % ', '.join(failed)] if failed else []
    comments += ['The following packages were successfully installed/upgraded: %s' % ', '.join(done)] if done else []
    return state_pkg.answer(name, not failed, ' '.join(comments + ([already] if already else [])), changed)


def all_new(names):
    """The comment of pkg.latest that had nothing to do."""
    if len(names) > LISTED:
        return 'All %d packages are up-to-date.' % len(names)
    if len(names) > 1:
        return 'All packages are up-to-date (%s).' % ', '.join(sorted(names))
    return 'Package %s is already up-to-date' % names[0]


# ---- removed

def still_there(asked, there, exact):
    """Names of the packages that a removal has left.  :param bool exact: a version was asked for, others may stay."""
    failed = []
    for one in asked:
        if one in there and exact and asked[one]:
            failed += ['%s-%s' % (one, asked[one])] if asked[one] in there[one] else []
        elif one in there:
            failed.append(one)
    return failed


def gone(name, action, asked, targets, failed, changed):
    """The return of pkg.removed or pkg.purged after a removal."""
    if failed:
        return state_pkg.answer(name, False, 'The following packages failed to %s: %s.' % (action, ', '.join(failed)), changed)
    absent = sorted(one for one in asked if one not in targets)
    if not absent:
        return state_pkg.answer(name, True, 'All targeted packages were %sd.' % action, changed)
    return state_pkg.answer(name, True, 'The following packages were not installed: %s The following packages were %sd: %s.'
                            % (', '.join(absent), action, ', '.join(targets)), changed)


# ---- several states at once

def aggregated(low, chunks, running):
    """`low` with the packages of all chunks that do the same and have not run yet; those are marked with `__agg__`."""
    if low.get('fun') not in ('installed', 'latest', 'removed', 'purged') or 'hold' in low:
        return low
    kind, others = 'sources' if 'sources' in low else 'pkgs', []
    for chunk in chunks:
        if chunk is not low and _fits(chunk, low, kind) and _tag(chunk) not in running:
            chunk['__agg__'] = True
            others += _of_chunk(chunk, kind)
    if others:
        low[kind] = _of_chunk(low, kind)
        low[kind] += [one for number, one in enumerate(others) if one not in low[kind] + others[:number]]
    return low


def _tag(chunk):
    return '%(state)s_|-%(__id__)s_|-%(name)s_|-%(fun)s' % chunk


def _fits(chunk, low, kind):
    if chunk.get('state') != 'pkg' or chunk.get('fun') != low['fun'] or '__agg__' in chunk or 'hold' in chunk:
        return False
    return ('sources' in chunk) == (kind == 'sources') and chunk.get('fromrepo') == low.get('fromrepo')


def _of_chunk(chunk, kind):
    if chunk.get(kind):
        return list(chunk[kind])
    version = chunk.pop('version', None)
    return [{chunk['name']: version} if version is not None else chunk['name']]
