"""What the module `file` knows of its surroundings, and the parts that all its helpers share."""
from __future__ import absolute_import, division, print_function

from collections import namedtuple

Host = namedtuple('Host', 'opts functions context grains space')
"""`opts`: settings; `functions`: `__salt__`; `context`: of the job; `grains`; `space(saltenv, context,
defaults)`: what a template sees, see templating.Space."""
