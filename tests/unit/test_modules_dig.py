"""dig.*, and dnsutil.* through it: answers of 3008.3 to what a stand-in for dig prints."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support.hostmodules import Host

ANSWERS = {
    '+short x.org A': 'alias.x.org.\n10.0.0.1\n10.0.0.2\n', '+short x.org AAAA': '2001:db8::1\n',
    '+short x.org CNAME': 'alias.x.org.\n', '+short -x 10.0.0.1': 'x.org.\n', '+short x.org TXT': '"a b"\n"c"\n',
    '+short x.org NS': 'ns1.x.org.\nns2.x.org.\n', '+short ns1.x.org. A': '10.0.0.3\n', '+short ns2.x.org. A': '10.0.0.4\n',
    '+short x.org MX': '10 ns1.x.org.\n20 ns2.x.org.\n', '+short x.org A @192.0.2.1': '10.0.0.9\n',
    '+short x.org SPF': '"v=spf1 ip4:1.2.3.0/24 a include:y.org ip4:4.4.4.4 -all"\n"other text"\n',
    '+short y.org SPF': '"v=spf1 ip6:2001:db8::/32 include:x.org ~all"\n', '+short n.org SPF': '',
    '+short n.org TXT': '"v=spf1 ip4:8.8.8.8 mx -all"\n', '+short none.org A': '',
}


@pytest.fixture
def host(tmpdir, monkeypatch):
    host = Host(str(tmpdir), monkeypatch)
    for words, text in ANSWERS.items():
        host.programs.answer('dig ' + words, text)
    host.programs.answer('dig', code=9)
    return host


@pytest.mark.parametrize('name, arguments, expected', [
    ('A', ['x.org'], ['10.0.0.1', '10.0.0.2']), ('a', ['x.org', '192.0.2.1'], ['10.0.0.9']), ('A', ['none.org'], []),
    ('AAAA', ['x.org'], ['2001:db8::1']), ('CNAME', ['x.org'], 'alias.x.org.'), ('PTR', ['10.0.0.1'], ['x.org.']),
    ('TXT', ['x.org'], ['"a b"', '"c"']), ('NS', ['x.org'], ['10.0.0.3', '10.0.0.4']),
    ('NS', ['x.org', False], ['ns1.x.org.', 'ns2.x.org.']), ('MX', ['x.org'], [['10', 'ns1.x.org.'], ['20', 'ns2.x.org.']]),
    ('MX', ['x.org', True], [['10', '10.0.0.3'], ['20', '10.0.0.4']]),
    ('SPF', ['x.org'], ['1.2.3.0/24', '2001:db8::/32', '4.4.4.4']), ('SPF', ['n.org'], ['8.8.8.8']),
    ('check_ip', ['10.0.0.1'], True), ('check_ip', ['10.0.0.0/24'], True), ('check_ip', ['2001:db8::1'], True),
    ('check_ip', ['x'], False), ('check_ip', [5], False),
])
def test_answers(host, name, arguments, expected):
    assert host.job('dig.' + name, *arguments) == (expected, 0)


def test_a_dig_that_fails(host):
    assert host.job('dig.A', 'fail.org') == ([], 9)
    assert host.job('dig.CNAME', 'fail.org') == ([], 9)


def test_dnsutil_asks_dig(host):
    assert host.call('dnsutil.MX', 'x.org') == [['10', 'ns1.x.org.'], ['20', 'ns2.x.org.']]
    assert host.call('dnsutil.A', 'x.org', '192.0.2.1') == ['10.0.0.9'] and host.call('dnsutil.check_ip', 'x') is False
