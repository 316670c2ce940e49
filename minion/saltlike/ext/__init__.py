"""`salt.ext`: what Salt used to carry along."""
from __future__ import absolute_import, division, print_function
