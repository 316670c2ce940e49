"""How the return of a command is shown: one file an outputter, whose `output(data, **kwargs)` gives the text.

`data` is what a command prints, in most cases {'local': return}; `__opts__` holds color, strip_colors and output_indent.
An outputter that cannot show the data raises TypeError, AttributeError, KeyError or ValueError: `nested` is used then.
"""
from __future__ import absolute_import, division, print_function
