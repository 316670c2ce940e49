"""Whether Jinja2, which is optional, is installed for the Python that runs the tests."""
from __future__ import absolute_import, division, print_function

try:
    import jinja2
except ImportError:
    jinja2 = None

IS_HERE = jinja2 is not None


def unless(rows):
    """`rows` of tolerated differences that are there only without Jinja2."""
    return {} if IS_HERE else rows
