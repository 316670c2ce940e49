"""The table of settings and its documented sample conf/minion say the same, in both directions."""
from __future__ import absolute_import, division, print_function

import os
import re

import pytest

from minion import settings, yamlfile
from minion.settings import checks

SAMPLE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), 'conf', 'minion')
ROW = re.compile(r'^#([a-z_0-9]+):(.*)$')


def sample_lines():
    with open(SAMPLE, 'rb') as stream:
        return stream.read().decode('ascii').splitlines()


def sample_rows():
    """[(name, text behind the colon)] in the order of the file."""
    return [(str(found.group(1)), found.group(2)) for found in map(ROW.match, sample_lines()) if found]


def test_the_sample_shows_every_setting_once():
    names = [name for name, _ in sample_rows()]
    assert sorted(names) == sorted(settings.TABLE)


@pytest.mark.parametrize('name, text', sample_rows())
def test_the_sample_shows_the_default(name, text):
    shown = yamlfile.parse(('%s:%s' % (name, text)).encode('ascii'), 'sample')[name]
    default = settings.TABLE[name].default
    assert shown == default
    assert isinstance(shown, bool) == isinstance(default, bool)


def test_the_sample_tells_about_every_setting():
    lines = sample_lines()
    for number, line in enumerate(lines):
        if ROW.match(line):
            assert lines[number - 1].startswith('# '), line


def test_the_sample_sets_nothing_as_it_is():
    with open(SAMPLE, 'rb') as stream:
        assert yamlfile.parse(stream.read(), 'sample') is None


def test_the_sample_is_valid_with_every_setting_on():
    text = '\n'.join('%s:%s' % row for row in sample_rows())
    values = yamlfile.parse(text.encode('ascii'), 'sample')
    for name, value in values.items():
        if value is not None:
            assert settings.checked(name, value) == value


def test_every_default_passes_its_own_check():
    for name, setting in settings.TABLE.items():
        if setting.default is not None:
            assert settings.checked(name, setting.default) == setting.default


def test_defaults_are_fresh():
    settings.defaults()['file_roots']['base'].append('/x')
    assert settings.defaults()['file_roots'] == {'base': ['/srv/salt', '/srv/spm/salt']}


@pytest.mark.parametrize('check, given, taken', [
    (checks.boolean, 'yes', True), (checks.boolean, 0, False), (checks.boolean, 'Off', False),
    (checks.whole(0), '4506', 4506), (checks.whole(0), 60.0, 60), (checks.whole(0), False, 0),
    (checks.whole(-1), ' -1 ', -1), (checks.number(0), '0.5', 0.5), (checks.seconds, 3, 3),
    (checks.at_least(2048, 16384), 1024, 2048),
    (checks.loose_text, 12345, '12345'), (checks.texts, 'one', ['one']), (checks.texts, ('a', 5), ['a', '5']),
    (checks.choice('OAEP-SHA1', 'OAEP-SHA224'), 'oaep-sha224', 'OAEP-SHA224'),
    (checks.mapping, [], {}), (checks.listing, {}, []), (checks.either(checks.boolean, checks.mapping), {1: 2}, {1: 2}),
])
def test_a_check_is_lenient_where_people_are(check, given, taken):
    assert check(given) == taken


@pytest.mark.parametrize('check, given', [
    (checks.boolean, 'maybe'), (checks.boolean, 2), (checks.boolean, []), (checks.boolean, 1.5),
    (checks.whole(0), 'abc'), (checks.whole(0), 1.5), (checks.whole(0), True), (checks.whole(0), -1),
    (checks.whole(0), '1_000'), (checks.whole(0), u'\u0665'), (checks.whole(0), [1]), (checks.whole(0), None),
    (checks.seconds, float('nan')), (checks.seconds, float('inf')), (checks.seconds, 10 ** 400),
    (checks.seconds, '1e5'),
    (checks.port, 0), (checks.port, 65536), (checks.text, 5), (checks.text, 'a\nb'), (checks.text, 'a\0b'),
    (checks.text, ['a']), (checks.loose_text, True), (checks.loose_text, 1.5), (checks.nonempty_text, '  '),
    (checks.choice('a', 'b'), 'c'), (checks.choice('a', 'b'), 5), (checks.texts, {'a': 1}), (checks.texts, [['a']]),
    (checks.mapping, 'x'), (checks.mapping, [1]), (checks.listing, 5), (checks.at_least(2048, 16384), 'many'),
])
def test_a_check_refuses_nonsense(check, given):
    with pytest.raises(checks.Wrong):
        check(given)


def test_a_secret_is_not_quoted():
    with pytest.raises(checks.Wrong) as caught:
        settings.checked('proxy_password', ['hunter2'])
    assert 'hunter2' not in str(caught.value)
