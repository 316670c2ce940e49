"""The name under which this minion is known: found by the reference's rules, checked, kept in the file minion_id."""
from __future__ import absolute_import, division, print_function

import logging
import os
import re

from minion import compat, config as configuration, errors, files, hostnames

log = logging.getLogger(__name__)

FILE = 'minion_id'
LONGEST = 253                        # bytes; masters make files and folders of this name, with an ending of their own
LIMIT = 4096                         # bytes of the file minion_id
CONTROLS = re.compile(u'[\x00-\x1f\x7f-\x9f\u2028\u2029]')      # C0, DEL, C1, line and paragraph separators


def resolve(config, function=None, host=None, keep=True):
    """Find the id of this minion.

    Order: the setting `id`, the file minion_id, `id_function`, a guess from the host's names. A guess is put through
    minion_id_lowercase and minion_id_remove_domain and kept in the file; append_domain holds for every id.

    :param callable function: called as function(name, keywords) for `id_function`; returns the id.
    :param hostnames.Host host: where to look for names.  :param bool keep: a guess goes into the file.
    :return tuple: (id, text for the log that says where it comes from)
    :raises ConfigError: an id that check() refuses, a minion_id file that cannot be read, an `id_function` that fails.
    """
    minion_id, source = _find(config, function, host or hostnames.Host(), keep)
    minion_id = _with_domain(minion_id, config['append_domain'])
    check(minion_id, source)
    return minion_id, source


def path_of_file(config):
    """Where the reference keeps the id: below root_dir, not beside a configuration from elsewhere."""
    return os.path.join(config['root_dir'], configuration.DEFAULT_DIR.lstrip('/'), FILE)


def check(minion_id, source='id'):
    """Refuse what a master would refuse and what could do harm there.

    :param str source: stands in front of the message.
    :raises ConfigError: empty, not UTF-8, too long, `/`, a backslash, `..`, a leading dot, control characters.
    """
    fault = _fault(minion_id)
    if fault:
        raise errors.ConfigError('%s: the id %r %s' % (source, minion_id[:80], fault))


def _fault(minion_id):
    try:
        text = compat.to_text(minion_id)
        size = len(text.encode('utf-8'))
    except UnicodeError:
        return 'is not UTF-8'
    if not text.strip():
        return 'is empty'
    if size > LONGEST:
        return 'is longer than %d bytes' % LONGEST
    if CONTROLS.search(text):
        return 'contains control characters or line breaks'
    if u'/' in text or u'\\' in text:
        return 'contains a slash or backslash'
    if text.startswith(u'.') or u'..' in text:
        return 'starts with a dot or contains two in a row'
    return ''


def _find(config, function, host, keep):
    if config['id']:
        return config['id'], config.where('id')
    path = path_of_file(config)
    cached = _cached(path) if config['minion_id_caching'] else ''
    if cached:
        return cached, path
    if config['id_function']:
        return _shaped(_called(config, function), config), config.where('id_function')
    names, complete = host.candidates()
    name = _shaped(names[0] if names else 'localhost', config)
    if config['minion_id_caching'] and names and complete:
        check(name, 'host name')
        if keep:
            _keep(path, name)
    elif not complete:
        log.warning('the name server did not answer, so that the id %s is only for this start; set `id`', name)
    return name, 'host name'


def _cached(path):
    """The id in the file; '' where it is missing, empty (or full of NULs after a loss of power) or holds localhost."""
    try:
        data = files.read(path, LIMIT)
    except EnvironmentError as exc:
        raise errors.ConfigError('%s: cannot be read: %s' % (path, files.reason(exc)))
    data = (data or b'').replace(b'\xef\xbb\xbf', b'', 1).strip(b'\x00 \t\r\n')
    name = compat.to_native(data)
    if name and hostnames.is_loopback(name):
        log.warning('%s: the id %s names no particular host and is not used', path, name)
        return ''
    if compat.to_bytes(name) != data:
        raise errors.ConfigError('%s: the id %r in it is not UTF-8' % (path, data[:80]))
    return name


def _keep(path, name):
    try:
        compat.make_dirs(os.path.dirname(path))
        files.write(path, compat.to_bytes(name), 0o644)
        log.info('%s: keeps the id %s', path, name)
    except EnvironmentError as exc:
        log.warning('%s: the id %s cannot be kept there: %s', path, name, files.reason(exc))


def _called(config, function):
    wanted, label = config['id_function'], config.where('id_function')
    if compat.is_text(wanted):
        wanted = {wanted: {}}
    if len(wanted) != 1 or not all(compat.is_text(name) and '.' in name for name in wanted):
        raise errors.ConfigError('%s: needs one name of the form module.function' % label)
    name, keywords = list(wanted.items())[0]
    if not isinstance(keywords or {}, dict):
        raise errors.ConfigError('%s: %s: needs its arguments as a mapping' % (label, name))
    if function is None:
        raise errors.ConfigError('%s: %s cannot be called here; set `id` instead' % (label, name))
    try:
        found = function(name, dict(keywords or {}))
    except errors.MinionError as exc:
        raise errors.ConfigError('%s: %s: %s' % (label, name, exc))
    if not compat.is_text(found) or not found.strip():
        raise errors.ConfigError('%s: %s returned %r, which is no id' % (label, name, found))
    return compat.to_native(found)


def _shaped(name, config):
    """The name after minion_id_lowercase and minion_id_remove_domain."""
    if config['minion_id_lowercase']:
        name = compat.to_native(compat.to_text(name).lower())
    domain = config['minion_id_remove_domain']
    if not domain or hostnames.is_address(name):
        return name
    if domain is True:
        return name.partition('.')[0] or name
    ending = '.' + domain.lstrip('.')
    return name[:-len(ending)] if name.endswith(ending) and len(name) > len(ending) else name


def _with_domain(minion_id, domain):
    if not domain or hostnames.is_address(minion_id):
        return minion_id
    ending = '.' + domain.lstrip('.')
    return minion_id if minion_id.endswith(ending) else minion_id + ending
