"""States of the renderer stateconf: they hold values, and stand for a whole SLS file in requisites. They change nothing."""
from __future__ import absolute_import, division, print_function

__func_alias__ = {'set_': 'set'}


def context(name, **kwargs):
    """Values for templates.

    .params:
      stateconf.context:
        - port: 80
    """
    return {'name': name, 'result': True, 'changes': {}, 'comment': ''}


def set_(name, **kwargs):
    """Values that are variables of the rest of the SLS file below its line `# --- end of state config ---`.

    .params:
      stateconf.set:
        - port: 80
    """
    return context(name)
