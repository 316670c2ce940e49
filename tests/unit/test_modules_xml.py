"""xml.* on files of a test's own."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from tests.support import hostmodules

TEXT = b'''<?xml version="1.0" encoding="UTF-8"?>
<root>
  <element id="1" x="y">text &amp; more</element>
  <element id="2"/>
  <a><b>\xc3\xbc</b></a>
</root>
'''


@pytest.fixture
def xml(tmpdir, monkeypatch):
    """xml(function, ...) -> (return, retcode) for one file; xml.path: it."""
    host = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch)

    def run(name, *args):
        return host.job('xml.' + name, run.path, *args)
    run.path = str(tmpdir.join('a.xml'))
    with open(run.path, 'wb') as stream:
        stream.write(TEXT)
    return run


def content(xml):
    with open(xml.path, 'rb') as stream:
        return stream.read()


@pytest.mark.parametrize('name, element, told', [
    ('get_value', './/element', 'text & more'), ('get_value', ".//element[@id='2']", None), ('get_value', 'nosuch', False),
    ('get_value', 'a/b', u'\xfc'.encode('utf-8') if str is bytes else u'\xfc'), ('get_value', '/a/b/..', None),
    ('get_attribute', ".//element[@id='1']", {'id': '1', 'x': 'y'}), ('get_attribute', '.', {}),
    ('get_attribute', 'nosuch', False)])
def test_asking(xml, name, element, told):
    if element == '/a/b/..':
        assert xml(name, '/a')[0] is None and xml(name, '//b')[0] == xml(name, 'a/b')[0]
    else:
        assert xml(name, element) == (told, 0)
    assert content(xml) == TEXT


@pytest.mark.parametrize('value, written', [
    (u'<\xfc>', b'>&lt;&#252;&gt;</element>'), (5, b'>5</element>'), (True, b'>True</element>'), ('', b' />')])
def test_a_text_is_set(xml, value, written):
    os.chmod(xml.path, 0o640)
    assert xml('set_value', ".//element[@id='2']", value) == (True, 0)
    assert b'<element id="2"' + written + b'\n  <a><b>&#252;</b></a>\n</root>' in content(xml)
    assert os.stat(xml.path).st_mode & 0o777 == 0o640


def test_an_attribute_is_set(xml):
    assert xml('set_attribute', ".//element[@id='2']", 'id', 3) == (True, 0)
    assert xml('set_attribute', ".//element[@id='3']", 'by', 'a"b') == (True, 0)
    assert xml('get_attribute', ".//element[@id='3']") == ({'id': '3', 'by': 'a"b'}, 0)


@pytest.mark.parametrize('name, args', [('set_value', ['x']), ('set_attribute', ['k', 'v'])])
def test_an_element_that_is_not_there_is_not_set(xml, name, args):
    assert xml(name, './/nosuch', *args) == ('ERROR: %s has no element .//nosuch' % xml.path, 1)
    assert content(xml) == TEXT


def test_what_is_no_xml(xml):
    assert xml('get_value', '[[')[0].startswith('ERROR: [[ is no path of an element: ')
    with open(xml.path, 'wb') as stream:
        stream.write(b'<a><b>')
    for name, args in (('get_value', []), ('set_value', ['x'])):
        assert xml(name, 'b', *args) == ('ERROR: %s is no XML: no element found: line 1, column 6' % xml.path, 1)
    assert content(xml) == b'<a><b>'
