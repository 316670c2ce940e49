"""What is in files: lines and blocks of them, keys and values, data that is written as text (file.*)."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import file_diff, file_open, state_accumulators, state_edit, state_keyvalue
from minion.helpers.state_edit import answer as _answer

__virtualname__ = 'file'


def __virtual__():
    return True


def _low():
    return globals().get('__low__') or {}


def _texts(paths, template, defaults, context):
    """(texts of files of the master or this host, an answer if one cannot be had)"""
    texts = []
    for path in paths:
        made = None
        if not os.path.isabs(path) or os.path.isfile(path):
            made = __salt__['cp.get_template'](path, '', template=template, saltenv=__env__,
                                               context=dict(defaults or {}, **(context or {})))
        if not made or not os.path.isfile(made):
            return [], dict(_answer(path, False, 'Failed to load template file %s' % path), data=[])
        texts.append(file_open.read_text(made))
    return texts, None


def _given(name, text, wanted):
    """(texts of `source`, `sources` or else `text`; a finished answer if that is wrong)"""
    try:
        paths = state_edit.sources(wanted['source'], wanted['sources'], wanted['source_hash'], wanted['source_hashes'])
    except ValueError as exc:
        return [], _answer(name, False, str(exc))
    if not paths:
        return state_edit.chunks(text), None
    return _texts(paths, wanted['template'], wanted['defaults'], wanted['context'])


def _made_folder(name, makedirs):
    """True unless a missing folder of a file cannot be made."""
    if os.path.isdir(os.path.dirname(name)):
        return True
    if makedirs:
        __salt__['file.makedirs'](name)
    return makedirs


def _found(name, text, loose=True):
    pattern = state_edit.loose_pattern(text) if loose else text
    return __salt__['file.search'](name, pattern, multiline=True)


def _shown(show_changes, text):
    return text if show_changes else state_edit.HIDDEN


def _lines(name):
    return compat.to_native(compat.to_text(file_open.read_bytes(name))).splitlines()


# ---- lines at the end and at the beginning

def append(name, text=None, makedirs=False, source=None, source_hash=None, template='jinja', sources=None,
           source_hashes=None, defaults=None, context=None, ignore_whitespace=True, show_changes=True):
    """The file has these lines, added at its end if they are not in it.

    .. code-block:: yaml

        /etc/motd:
          file.append:
            - text: Thou hadst better eat salt with the philosophers of Greece.
    """
    texts, ready = _added_lines(name, text, 'append', locals())
    if ready:
        return ready
    missing = [one for one in texts if not _found(name, one, ignore_whitespace)]
    added = [line for one in missing for line in one.splitlines()]
    old = _lines(name)
    if __opts__['test']:
        return _would_add(name, old, old + added, state_edit.diff_of(old, old + added), show_changes)
    if added:
        __salt__['file.append'](name, args=added)
    changes = _changes(old, _lines(name), show_changes)
    if not changes:
        return _answer(name, True, 'File %s is in correct state' % name)
    return _answer(name, True, 'Appended %d lines' % len(added), changes)


def _added_lines(name, text, function, wanted):
    """(texts that are to be in the file, which is made if it is missing; an answer if that is all)"""
    if not name:
        return [], _answer(name, False, 'Must provide name to file.%s' % function)
    if not os.path.isabs(name):
        return [], _answer(name, False, 'Specified file %s is not an absolute path' % name)
    texts, ready = _given(name, text, wanted)
    if ready:
        return [], ready
    if not os.path.exists(name):
        if __opts__['test']:
            return [], _answer(name, None, 'File %s is set to be created' % name, {'new': name})
        if not _made_folder(name, wanted['makedirs']):
            return [], _answer(name, False, '%s: file not found' % name)
        __salt__['file.touch'](name)
    return texts, None


def _changes(old, new, show_changes):
    if old == new:
        return {}
    return {'diff': _shown(show_changes, state_edit.diff_of(old, new))}


def _would_add(name, old, new, diff, show_changes):
    if old == new:
        return _answer(name, True, 'File %s is in correct state' % name)
    return _answer(name, None, 'File %s is set to be updated' % name, {'diff': _shown(show_changes, diff)})


def prepend(name, text=None, makedirs=False, source=None, source_hash=None, template='jinja', sources=None,
            source_hashes=None, defaults=None, context=None, header=None, show_changes=True):
    """The file has these lines, put before its first one if they are not in it.

    header: they must be its first lines.

    .. code-block:: yaml

        /etc/motd:
          file.prepend:
            - text: Read me first.
    """
    texts, ready = _added_lines(name, text, 'prepend', locals())
    if ready:
        return ready
    missing = [one for one in texts if header or not _found(name, one)]
    added = [line for one in missing for line in one.splitlines()]
    old = _whole_lines(name)
    if __opts__['test']:
        new = [line + '\n' for line in added] + old
        return _would_add(name, old, new, file_diff.unified(old, new), show_changes)
    if added and not (header and [line.rstrip('\r\n') for line in old[:len(added)]] == added):
        __salt__['file.prepend'](name, args=added)
    new = _whole_lines(name)
    if old == new:
        return _answer(name, True, 'File %s is in correct state' % name)
    return _answer(name, True, 'Prepended %d lines' % len(added),
                   {'diff': _shown(show_changes, file_diff.unified(old, new))})


def _whole_lines(name):
    return [compat.to_native(line) for line in file_diff.lines(compat.to_text(file_open.read_bytes(name)))]


# ---- inside

def replace(name, pattern, repl, count=0, flags=8, bufsize=1, append_if_not_found=False, prepend_if_not_found=False,
            not_found_content=None, backup='.bak', show_changes=True, ignore_if_missing=False, backslash_literal=False,
            encoding=None):
    """What a regular expression finds in the file is replaced; the arguments are those of the function file.replace.

    .. code-block:: yaml

        /etc/hosts:
          file.replace:
            - pattern: '^127\\.0\\.1\\.1.*$'
            - repl: 127.0.1.1 {{ grains.id }}
    """
    wrong = state_edit.refused(name, 'replace') or state_edit.missing(name)
    if wrong and not (ignore_if_missing and 'file not found' in wrong):
        return _answer(name, False, wrong)
    if wrong:
        return _answer(name, True, 'No changes needed to be made')
    changes = __salt__['file.replace'](
        name, pattern, repl, count=count, flags=flags, bufsize=bufsize, append_if_not_found=append_if_not_found,
        prepend_if_not_found=prepend_if_not_found, not_found_content=not_found_content, backup=backup,
        dry_run=__opts__['test'], show_changes=show_changes, ignore_if_missing=ignore_if_missing,
        backslash_literal=backslash_literal, encoding=encoding)
    return _told(name, changes, 'Changes would have been made')


def _told(name, changes, would):
    if not changes:
        return _answer(name, True, 'No changes needed to be made')
    if __opts__['test']:
        return _answer(name, None, would, {'diff': changes})
    return _answer(name, True, 'Changes were made', {'diff': changes})


def line(name, content=None, match=None, mode=None, location=None, before=None, after=None, show_changes=True,
         backup=False, quiet=False, indent=True, create=False, user=None, group=None, file_mode=None):
    """A line of the file is there, gone or replaced; the arguments are those of the function file.line.

    create, user, group, file_mode: make the file, empty, if it is not there.

    .. code-block:: yaml

        /etc/nsswitch.conf:
          file.line:
            - mode: ensure
            - after: 'hosts:.*'
            - content: 'networks: files dns'
    """
    if not name:
        return _answer(name, False, 'Must provide name to file.line')
    if create and not __opts__['test'] and os.path.isabs(name) and not os.path.exists(name) \
            and os.path.isdir(os.path.dirname(name)):
        __salt__['file.touch'](name)
        __salt__['file.check_perms'](name, {}, user, group, file_mode)
    wrong = state_edit.missing(name)
    if wrong:
        return _answer(name, False, wrong)
    mode = mode.lower() if compat.is_text(mode) else mode
    if mode is None:
        return _answer(name, False, 'Mode was not defined. How to process the file?')
    if content is None and mode != 'delete':
        return _answer(name, False, "Content can only be empty if mode is ['delete']")
    if __opts__['test']:
        changes = _tried_line(name, (content, match, mode, location, before, after, show_changes, False, quiet, indent))
    else:
        changes = __salt__['file.line'](name, content, match, mode, location, before, after, show_changes, backup, quiet,
                                        indent)
    return _told(name, changes, 'Changes would be made')


def _tried_line(name, arguments):
    """What file.line does to a copy of the file."""
    if not os.path.isfile(name):
        return __salt__['file.line'](name, *arguments)      # which refuses it
    copy = __salt__['temp.file']()
    try:
        file_open.write_over(copy, file_open.read_bytes(name))
        return __salt__['file.line'](copy, *arguments)
    finally:
        os.unlink(copy)


def blockreplace(name, marker_start='#-- start managed zone --', marker_end='#-- end managed zone --', source=None,
                 source_hash=None, template='jinja', sources=None, source_hashes=None, defaults=None, context=None,
                 content='', append_if_not_found=False, prepend_if_not_found=False, backup='.bak', show_changes=True,
                 append_newline=None, insert_before_match=None, insert_after_match=None):
    """The text between two marker lines of the file is `content`, and what file.accumulated has collected for it.

    .. code-block:: yaml

        /etc/hosts:
          file.blockreplace:
            - marker_start: '# begin'
            - marker_end: '# end'
            - content: 10.0.0.1 one
            - append_if_not_found: True
    """
    wrong = state_edit.refused(name, 'blockreplace') or state_edit.missing(name)
    if wrong:
        return _answer(name, False, wrong)
    for text in state_accumulators.lines_for(__context__, name, _low().get('__id__')):
        content = text if content == '' else '%s\n%s' % (content, text)
    if source or sources:
        texts, ready = _given(name, None, locals())
        if ready:
            return ready
        content = ''.join([content] + texts)
    try:
        if not compat.is_text(content):
            raise AttributeError("'%s' object has no attribute 'endswith'" % type(content).__name__)
        changes = __salt__['file.blockreplace'](
            name, marker_start, marker_end, content=content, append_if_not_found=append_if_not_found,
            prepend_if_not_found=prepend_if_not_found, insert_before_match=insert_before_match,
            insert_after_match=insert_after_match, backup=backup, dry_run=__opts__['test'], show_changes=show_changes,
            append_newline=append_newline)
    except (CommandExecutionError, SaltInvocationError, AttributeError) as exc:
        return _answer(name, False, 'Encountered error managing block: %s. See the log for details.' % exc)
    return _told(name, changes, 'Changes would be made')


def accumulated(name, filename, text, **kwargs):
    """Texts are collected for a file that file.managed (as the variable accumulator) or file.blockreplace writes.

    The state of that file must be named in `require_in` or `watch_in`.

    .. code-block:: yaml

        animals:
          file.accumulated:
            - filename: /tmp/animals.txt
            - text: the brown dog
            - require_in:
              - file: /tmp/animals.txt
    """
    if not name:
        return _answer(name, False, 'Must provide name to file.accumulated')
    if text is None:
        return _answer(name, False, 'No text supplied for accumulator')
    low = _low()
    wanted_by = list(low.get('require_in') or []) + list(low.get('watch_in') or [])
    if not any('file' in entry for entry in wanted_by):
        return _answer(name, False, 'Orphaned accumulator %s in %s:%s' % (name, low.get('__sls__'), low.get('__id__')))
    texts = [text] if compat.is_text(text) or isinstance(text, compat.Mapping) else text
    added = state_accumulators.add(__context__, filename, name, texts, wanted_by)
    return _answer(name, True, 'Accumulator %s for file %s was charged by text' % (name, filename) if added else '')


# ---- comments

def comment(name, regex, char='#', backup='.bak', ignore_missing=False):
    """The lines that a regular expression finds are comments.

    .. code-block:: yaml

        /etc/fstab:
          file.comment:
            - regex: ^bind 127.0.0.1
    """
    wrong = state_edit.refused(name, 'comment') or state_edit.missing(name)
    if wrong:
        return _answer(name, False, wrong)
    bare = _bare(regex)
    if not __salt__['file.search'](name, regex, multiline=True):
        if __salt__['file.search'](name, '^%s%s' % (char, bare), multiline=True):
            return _answer(name, True, 'Pattern already commented')
        if ignore_missing:
            return _answer(name, True, 'Pattern not found and ignore_missing set to True')
        return _answer(name, False, '%s: Pattern not found' % bare)
    return _commented(name, regex, char, True, backup)


def _bare(regex):
    """The expression without the marks of a line's beginning and end."""
    return regex.lstrip('^').rstrip('$')


def _commented(name, regex, char, wanted, backup):
    if __opts__['test']:
        return _answer(name, None, 'File %s is set to be updated' % name, {name: 'updated'})
    old = _whole_lines(name)
    __salt__['file.comment_line'](name, regex, char, wanted, backup)
    new = _whole_lines(name)
    changes = {'diff': file_diff.unified(old, new)} if old != new else {}
    word = 'Commented' if wanted else 'Uncommented'
    bare = regex.lstrip('^')
    done = char + _bare(regex) if wanted else '^[\t ]*%s' % bare
    if __salt__['file.search'](name, done, multiline=True):
        return _answer(name, True, '%s lines successfully' % word, changes)
    return _answer(name, False, 'Expected %s lines not found' % word.lower(), changes)


def uncomment(name, regex, char='#', backup='.bak'):
    """The lines that a regular expression finds behind a comment sign are none.

    .. code-block:: yaml

        /etc/adduser.conf:
          file.uncomment:
            - regex: EXTRA_GROUPS
    """
    wrong = state_edit.refused(name, 'uncomment') or state_edit.missing(name)
    if wrong:
        return _answer(name, False, wrong)
    bare = regex.lstrip('^')
    if not __salt__['file.search'](name, r'%s[ \t]*%s' % (char, bare), multiline=True):
        if __salt__['file.search'](name, '^[\t ]*%s' % bare, multiline=True):
            return _answer(name, True, 'Pattern already uncommented')
        return _answer(name, False, '%s: Pattern not found' % regex)
    return _commented(name, regex, char, False, backup)


# ---- keys and values

def keyvalue(name, key=None, value=None, key_values=None, separator='=', append_if_not_found=False,
             prepend_if_not_found=False, search_only=False, show_changes=True, ignore_if_missing=False, count=1,
             uncomment=None, key_ignore_case=False, value_ignore_case=False, create_if_missing=False, prune=False):
    """The lines key=value of the file have these values.

    uncomment: signs before a line that are taken away. count: lines of a key that are set, the others go; -1: all.
    prune: other lines go.

    .. code-block:: yaml

        /etc/ssh/sshd_config:
          file.keyvalue:
            - key_values: {permitrootlogin: 'no', LoginGraceTime: 10}
            - separator: ' '
            - uncomment: '# '
            - key_ignore_case: True
            - append_if_not_found: True
    """
    wrong, pairs = state_keyvalue.wrong(name, key, value, key_values)
    if wrong:
        return _answer(name, False, wrong)
    try:
        lines = [] if create_if_missing and not os.path.exists(name) else _whole_lines(name)
    except (IOError, OSError):
        return _answer(name, bool(ignore_if_missing), 'unable to open %s' % name)
    wanted = dict(locals(), append_if_not_found=append_if_not_found or create_if_missing)
    made = state_keyvalue.Pairs(lines, pairs, wanted)
    if not made.changed and not made.deleted:
        return _answer(name)
    changes = {'diff': ''.join(made.diff)} if show_changes else {}
    if __opts__['test']:
        told = 'File %s is set to be changed (%d lines modified, %d deleted)' % (name, made.changed, made.deleted)
        if show_changes:
            told += '\nPredicted diff:\n\r\t\t' + '\r\t\t'.join(made.diff)
        return _answer(name, None, told, changes)
    if not os.path.exists(name):
        __salt__['file.touch'](name)
    file_open.write_over(name, compat.to_bytes(''.join(made.lines)))
    return _answer(name, True, 'Changed %d, deleted %d lines' % (made.changed, made.deleted), changes)
