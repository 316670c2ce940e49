"""`salt.defaults`."""
from __future__ import absolute_import, division, print_function

NOT_SET = '<Constant.NOT_SET>'
