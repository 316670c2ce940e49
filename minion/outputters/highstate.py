"""The results of a run of states, one block or line a state, and a summary.

Settings: state_output (full, terse, mixed, changes, filter, each with `_id` behind), state_verbose, state_output_diff,
state_output_profile, state_output_pct, state_tabular, state_compress_ids. A run that was refused is shown with its reasons.
"""
from __future__ import absolute_import, division, print_function

import textwrap

from minion import compat
from minion.helpers import colors, showing
from minion.outputters import nested

RULE = '----------'
DEEP = 14                                        # column of values in a block
_LABELS = 9                                      # length of the longest label of the summary


def output(data, **kwargs):
    """The text for {minion: results by tag, list of errors, or text}."""
    paint = colors.painter(__opts__)
    return '\n'.join(line for host in showing.ordered(data) for line in _host(host, data[host], paint))


def _host(host, returned, paint):
    name = showing.native(host)
    if isinstance(returned, compat.Mapping):
        return _Report(paint, __opts__).lines(name, returned)
    if isinstance(returned, (list, tuple)):
        lines = [paint('bold red', name + ':'), '    ' + paint('bold red', 'Data failed to compile:')]
        return lines + [paint('bold red', '%s\n    %s' % (RULE, showing.native(error))) for error in returned]
    return [paint('cyan', name + ':'), paint('green', '    ' + showing.native(returned))]


class _State(object):
    """One result, with what is told about it."""

    def __init__(self, tag, result):
        parts = (compat.to_native(tag).split('_|-') + [''] * 3)[:4]
        self.function, self.result = '%s.%s' % (parts[0], parts[3]), result.get('result')
        self.id = showing.native(result.get('__id__', parts[1]))
        self.name = showing.native(result.get('name', parts[2]) if '__id__' in result else parts[1])
        if 'name' not in result:
            self.name = parts[2]
        self.changes, self.ret = result.get('changes') or {}, result
        self.color = 'cyan' if self.changes else 'green'
        if self.result is False:
            self.color = 'red'
        elif self.result is None:
            self.color = 'bold yellow'

    @property
    def quiet(self):
        """It went well and changed nothing."""
        return bool(self.result) and not self.changes

    def verdict(self):
        """One word."""
        if self.result is None:
            return 'Differs'
        if self.result is False:
            return 'Failed'
        return 'Changed' if self.changes else 'Clean'

    def warnings(self):
        """Its warnings, one below the other."""
        found = self.ret.get('warnings') or ()
        return '\n'.join(showing.native(one) for one in ([found] if compat.is_text(found) else found))

    def comment(self):
        """The comment, its lines below each other in a block."""
        said = self.ret.get('comment', '')
        text = showing.native(said) if compat.is_text(said) else compat.to_native(compat.shown(said))
        return text.strip().replace('\n', '\n' + ' ' * DEEP)

    def milliseconds(self):
        """How long it took, as a number."""
        try:
            return float(str(self.ret.get('duration') or 0).replace(' ms', ''))
        except ValueError:                       # of an older minion, or of a state of one's own
            return 0.0


class _Report(object):
    """The lines of one minion."""

    def __init__(self, paint, opts):
        self._paint, self._opts = paint, opts
        form = compat.to_native(opts.get('state_output') or 'full').lower()
        self._by_id = form.endswith('_id')
        self._form = form[:-len('_id')] if self._by_id else form
        self._profile = opts.get('state_output_profile', True) is not False
        self._warned = 0

    def lines(self, host, results):
        """All of them."""
        rows = [(compat.to_native(tag), results[tag]) for tag in results if isinstance(results[tag], dict)]
        rows.sort(key=lambda row: row[1].get('__run_num__', 0))
        states = [_State(*row) for row in rows]
        shown = []
        for state in self._compressed(rows, states):
            if not (state.quiet and (self._opts.get('state_verbose') is False or self._opts.get('state_output_diff'))):
                shown += [self._line(state)] if self._short(state) else self._block(state)
        outcome = [state.result for state in states]
        shades = [state.color for state in states if state.result is False or state.result is None]
        color = shades[-1] if shades else 'green'
        return [self._paint(color, host + ':')] + shown + self._summary(host, states, outcome)

    def _compressed(self, rows, states):
        if not self._opts.get('state_compress_ids'):
            return states
        from minion.helpers import state_compress
        return [_State(*row) for row in state_compress.compressed(rows)]

    def _short(self, state):
        return (self._form == 'terse' or self._form == 'mixed' and state.result is not False
                or self._form == 'changes' and state.quiet)

    # ---- one state

    def _block(self, state):
        def row(label, value):
            return '    ' + self._paint(state.color, '%8s: %s' % (label, value))
        lines = [self._paint(state.color, RULE), row('ID', state.id), row('Function', state.function)]
        if state.name != state.id and not self._by_id:
            lines.append(row('Name', state.name))
        lines += [row('Result', state.result), row('Comment', state.comment())]
        if self._profile and 'duration' in state.ret:
            lines += [row('Started', state.ret.get('start_time')), row('Duration', '%s ms' % (state.ret['duration'],))]
        lines.append(self._changes(state))
        if state.warnings():
            self._warned += 1
            wrapped = textwrap.fill(state.warnings(), 80, initial_indent=' ' * DEEP, subsequent_indent=' ' * DEEP).lstrip()
            lines.append('   ' + self._paint('bold red', ' Warnings: ' + wrapped))
        return lines

    def _changes(self, state):
        below = nested.Lines(self._paint, 'cyan', self._opts.get('strip_colors', True) is not False)
        if state.changes:
            below.add(state.changes, DEEP, '')
        return self._paint(state.color, '\n'.join(['     Changes:   '] + below.lines))

    def _line(self, state):
        timed, name = self._profile and 'duration' in state.ret, state.id if self._by_id else state.name
        warned = self._paint('bold red', 'Warnings:\n' + state.warnings()) if state.warnings() else ''
        if self._opts.get('state_tabular'):
            state_name, function = state.function.split('.', 1)
            text = '%10s.%-10s %-7s   Name: %s' % (state_name, function, state.verdict(), name)
            if timed:
                text = '%s [%7s ms] %s' % (state.ret.get('start_time'), state.ret['duration'], text)
            return (warned + '\n' if warned else '') + self._paint(state.color, text)
        text = ' Name: %s - Function: %s - Result: %s' % (name, state.function, state.verdict())
        if timed:
            text += ' - Started: %s - Duration: %s ms' % (state.ret.get('start_time'), state.ret['duration'])
        return warned + ' ' + self._paint(state.color, text)

    # ---- the summary

    def _summary(self, host, states, outcome):
        failed, open_ = outcome.count(False), outcome.count(None)
        good, changed = outcome.count(True) + open_, len([state for state in states if state.changes])
        most = max([0] + [number for number in (good - open_, failed, open_, self._warned) if number])
        width = _LABELS + (len(str(most)) if states else 0) + 2
        paint, rule = self._paint, '-' * width

        def count(label, number):
            return '%s: %*s' % (label, width - len(label) - 2, number)
        notes = [paint('bold yellow', 'unchanged=%d' % open_)] * bool(open_)
        notes += [paint('green', 'changed=%d' % changed)] * bool(changed)
        lines = [paint('cyan', '\nSummary for %s\n%s' % (host, rule)),
                 paint('green', count('Succeeded', good)) + (' (%s)' % ', '.join(notes) if notes else ''),
                 paint('red' if failed else 'cyan', count('Failed', failed))]
        if self._opts.get('state_output_pct') and states:
            lines += [paint('green', count('Success %', round(100.0 * good / len(states), 2))),
                      paint('red' if failed else 'cyan', count('Failure %', round(100.0 * failed / len(states), 2)))]
        if self._warned:
            lines.append(paint('bold red', count('Warnings', self._warned)))
        lines.append(paint('cyan', '%s\nTotal states run: %*d' % (rule, width - 7, len(states))))
        if self._profile:
            total, unit = sum(state.milliseconds() for state in states), 'ms'
            if total > 999:
                total, unit = total / 1000, 's'
            lines.append(paint('cyan', 'Total run time: %*s %s' % (width - 5, '%.3f' % total, unit)))
        return lines
