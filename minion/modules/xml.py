"""Single elements of XML files (xml.*). element: a path in the XPath of Python's ElementTree; the first that fits counts."""
from __future__ import absolute_import, division, print_function

import io

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import etcfile


def _tree(path):
    from xml.etree import ElementTree             # a file that few jobs need
    try:
        with io.open(path, 'rb') as stream:
            return ElementTree.parse(stream)
    except ElementTree.ParseError as exc:
        raise CommandExecutionError('%s is no XML: %s' % (path, exc))


def _found(tree, element):
    path = compat.to_native(compat.shown(element))
    try:
        return tree.getroot().find('.' + path if path.startswith('/') else path)
    except (SyntaxError, TypeError, KeyError) as exc:
        raise CommandExecutionError('%s is no path of an element: %s' % (element, exc))


def _change(path, element, change):
    from xml.etree import ElementTree
    tree = _tree(path)
    found = _found(tree, element)
    if found is None:
        raise CommandExecutionError('%s has no element %s' % (path, element))
    change(found)
    etcfile.rewrite(path, compat.to_native(ElementTree.tostring(tree.getroot(), 'us-ascii')))
    return True


def _text(value):
    return compat.to_text(value if compat.is_text(value) else compat.shown(value))


def get_value(file, element):
    """The text of an element, None without text, False without such an element.

    CLI: xml.get_value /tmp/test.xml ".//element"
    """
    found = _found(_tree(file), element)
    return False if found is None else found.text


def set_value(file, element, value):
    """Set the text of an element. CLI: xml.set_value /tmp/test.xml ".//element" neu"""
    def change(found):
        found.text = _text(value)
    return _change(file, element, change)


def get_attribute(file, element):
    """Mapping of the attributes of an element, False without such an element.

    CLI: xml.get_attribute /tmp/test.xml ".//element[@id='3']"
    """
    found = _found(_tree(file), element)
    return False if found is None else dict(found.attrib)


def set_attribute(file, element, key, value):
    """Set an attribute of an element. CLI: xml.set_attribute /tmp/test.xml ".//element[@id='3']" editedby gal"""
    return _change(file, element, lambda found: found.set(_text(key), _text(value)))
