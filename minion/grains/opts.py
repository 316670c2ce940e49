"""Settings as a grain."""
from __future__ import absolute_import, division, print_function


def opts():
    """opts: all settings, with the setting `grain_opts` only."""
    return {'opts': dict(__opts__)} if __opts__.get('grain_opts') else {}
