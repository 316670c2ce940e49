"""Captured calls of the reference that tell of the host, run by our executors.

Source: tests/data/parity/returns/system_status.json, from 3008.3 (long values are cut). Most values belong to the host
that answers: these are compared by shape, the others whole.
"""
from __future__ import absolute_import, division, print_function

import pytest

from minion import compat
from tests.support import replay

MODULES = ('network', 'status', 'ps', 'match', 'data', 'log', 'salt_version', 'slsutil', 'sdb', 'out', 'minion', 'key', 'http',
           'dnsutil')
LEFT_OUT = {
    'system_167_match.ipcidr': 'the replay has no grains with addresses; test_modules_tools.py has',
    'system_176_http.query': 'the port may be in use; test_modules_http.py has a server',
    'system_140_dnsutil.check_ip': 'the module dig may be there',
    'system_208_slsutil.renderer': 'the words of the YAML library in use; test_modules_tools.py has wrong texts',
    'system_207_slsutil.renderer': 'needs Jinja2; test_modules_tools.py has it where it is installed',
    'system_182_key.finger': 'of the key of the captured host; test_modules_tools.py has its own',
    'system_183_key.finger_master': 'of the key of the captured host; test_modules_tools.py has its own',
    'system_054_ps.lsof': 'needs lsof; test_modules_ps.py has a stand-in',
    'system_053_ps.netstat': 'needs netstat; test_modules_ps.py has a stand-in',
    'system_052_ps.psaux': 'needs ps; test_modules_ps.py has a stand-in',
    'system_046_ps.top': 'looks for three seconds; test_modules_ps.py does not',
    'system_040_ps.pgrep': 'such a program ran there; test_modules_ps.py looks for its own',
    'system_014_status.ping_master': 'a master listened there; test_modules_status.py has one',
    'system_079_network.ping': 'sends packets for seconds where ping is installed; test_modules_network.py has a stand-in',
}
ROWS = [row for row in replay.rows('system_status') if row['fun'].split('.')[0] in MODULES and row['case'] not in LEFT_OUT]

WHOLE = frozenset((
    'network.connect', 'network.is_private', 'network.is_loopback', 'network.calc_net', 'network.convert_cidr',
    'network.reverse_ip', 'status.proxy_reconnect', 'match.glob', 'match.compound', 'match.grain', 'match.list', 'match.pcre',
    'match.pillar', 'data.dump', 'data.load', 'data.get', 'data.update', 'data.items', 'data.pop', 'data.clear',
    'log.error', 'log.info', 'salt_version.equal', 'salt_version.get_release_number', 'slsutil.update', 'sdb.get',
    'out.out_format', 'out.string_format', 'minion.list', 'network.ip_in_subnet', 'network.iphexval', 'network.get_bufsize',
))
"""Functions whose return does not depend on the host."""


def kind(value):
    """A value's type, texts and numbers of all Pythons alike."""
    if compat.is_text(value):
        return 'text'
    if isinstance(value, bool) or value is None:
        return repr(type(value))
    return 'number' if isinstance(value, (float,) + compat.integer_types) else type(value).__name__


def cut(value):
    """True for what the capture holds in the place of a long value."""
    return isinstance(value, dict) and ('<mapping>' in value or '<list>' in value or '__map__' in value)


def alike(ours, theirs):
    """Same types all the way down: of mappings in what both have, of lists in the first item."""
    if cut(theirs) or (ours in ([], {}, None) and kind(theirs) in ('list', 'dict', repr(type(None)))):
        return cut(theirs) and isinstance(ours, (dict, list)) or not cut(theirs)
    if kind(ours) != kind(theirs):
        return False
    if isinstance(ours, dict):
        return all(alike(ours[key], theirs[key]) for key in ours if key in theirs)
    return not isinstance(ours, list) or not theirs or alike(ours[0], theirs[0])


@pytest.fixture(scope='module')
def loader(tmpdir_factory):
    loader = replay.make_loader(str(tmpdir_factory.mktemp('extmods')), cachedir=str(tmpdir_factory.mktemp('cache')))
    loader.grains['saltversion'] = '3008.3'
    return loader


@pytest.mark.parametrize('row', ROWS, ids=[row['case'] for row in ROWS])
def test_as_the_reference(loader, row):
    ours, theirs = replay.answer(loader, row), replay.expectation(row)
    assert (ours['retcode'], ours['success']) == (theirs['retcode'], theirs['success']), ours
    if row['fun'] in WHOLE or not row['sent']['success']:
        assert ours['return'] == theirs['return']
    else:
        assert alike(ours['return'], theirs['return']), '%r\ninstead of\n%r' % (ours['return'], theirs['return'])


def test_shapes_that_differ_are_told_apart():
    assert alike({'a': [1]}, {'a': [2.5], 'b': 1}) and alike([], ['x'])
    assert not alike({'a': '1'}, {'a': 1}) and not alike(['x'], [{'x': 1}]) and not alike(True, 1)
