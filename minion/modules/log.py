"""Lines in the log of this minion (log.*)."""
from __future__ import absolute_import, division, print_function

import logging

_log = logging.getLogger(__name__)


def _write(level, message):
    _log.log(level, '%s', message)
    return True


def debug(message):
    """Log a message at the level debug; True. CLI: log.debug 'what happened'"""
    return _write(logging.DEBUG, message)


def info(message):
    """Log a message at the level info; True. CLI: log.info 'what happened'"""
    return _write(logging.INFO, message)


def warning(message):
    """Log a message at the level warning; True. CLI: log.warning 'what happened'"""
    return _write(logging.WARNING, message)


def error(message):
    """Log a message at the level error; True. CLI: log.error 'what happened'"""
    return _write(logging.ERROR, message)


def critical(message):
    """Log a message at the level critical; True. CLI: log.critical 'what happened'"""
    return _write(logging.CRITICAL, message)


def exception(message):
    """Log a message at the level error, with the error that is being handled; True. CLI: log.exception 'it failed'"""
    _log.exception('%s', message)
    return True
