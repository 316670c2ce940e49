"""What several execution modules and grains share; imports compat, errors, files and the standard library only."""
from __future__ import absolute_import, division, print_function
