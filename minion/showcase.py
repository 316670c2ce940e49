"""A command's return through the outputter that was asked for, to the terminal or a file."""
from __future__ import absolute_import, division, print_function

import logging
import os
import sys

from minion import compat, errors, files

log = logging.getLogger(__name__)
UNFIT = TypeError, AttributeError, KeyError, ValueError          # what an outputter raises for data that it cannot show


def render(loader, opts, data, out, retcode=0):
    """The text of `data`.

    :param Loader loader: of execution modules; it finds the outputters.  :param dict opts: color, output_indent, ...
    :param str out: name of an outputter, None for `nested`.  :param int retcode: colours the names in `nested`.
    """
    kinds = loader.other('outputters')
    kinds.opts.update((name, opts[name]) for name in ('color', 'strip_colors', 'output_indent') if name in opts)
    name = compat.to_native(out or 'nested')
    if name == 'grains':
        name = 'nested'
    if '%s.output' % name not in kinds.functions:
        log.error('Invalid outputter %s specified, fall back to nested', name)
        name = 'nested'
    try:
        text = kinds.functions[name + '.output'](data, _retcode=retcode)
    except UNFIT as exc:
        log.debug('outputter %s cannot show this (%s: %s); nested is used', name, type(exc).__name__, exc)
        text = kinds.functions['nested.output'](data, _retcode=retcode)
    return compat.to_native(text).rstrip()


def wants_color(opts, stream):
    """True where output is to have colour: on a terminal, unless the settings or the command line say otherwise."""
    if opts.get('force_color'):
        return True
    if opts.get('no_color') or opts.get('output_file') or not opts.get('color', True) or os.environ.get('NO_COLOR'):
        return False
    try:
        return os.isatty(stream.fileno())
    except (AttributeError, ValueError, EnvironmentError):       # no stream, or one without a descriptor
        return False


def show(text, path=None, append=False):
    """Print a text and a line end, or put them into a file; nothing for an empty text.

    :raises CommandExecutionError: the file cannot be written.
    """
    if not text:
        return
    data = compat.to_bytes(text) + b'\n'
    if path is None:
        write(sys.stdout, data)
        return
    try:
        if append:
            with open(path, 'ab') as stream:
                stream.write(data)
        else:
            with open(path, 'wb') as stream:
                stream.write(data)
    except EnvironmentError as exc:
        raise errors.CommandExecutionError('%s: cannot be written: %s' % (path, files.reason(exc)))


def write(stream, data):
    """Bytes to a text stream, whatever its encoding; a reader that went away is none of our business."""
    try:
        raw = stream if compat.PY2 else getattr(stream, 'buffer', None)
        if raw is None:
            stream.write(compat.to_native(data))
        else:
            stream.flush()
            raw.write(data)
        stream.flush()
    except IOError as exc:
        log.debug('the output is not read to its end: %s', files.reason(exc))


def complain(text):
    """A line on standard error."""
    write(sys.stderr, compat.to_bytes(text) + b'\n')
