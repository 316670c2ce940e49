"""What a row of the table may carry behind its text; docs/configuration.md shows all of it."""
from __future__ import absolute_import, division, print_function

ABSENT = 'absent'          # the reference has no default entry for it, so that modules see it only where the user set it
OWN = 'own'                # ours, salt-minion does not know it
HUP = 'hup'                # SIGHUP takes over what the files say now


class NoEffect(str):
    """Accepted, so that an existing configuration works, but nothing comes of it: the reason, a clause without a full stop.

    A setting that gets its effect loses this mark; docs/configuration.md is then written anew.
    """


NOT_YET = NoEffect('not offered yet')
BUS = NoEffect('there is no local event bus')
TCP = NoEffect('for a transport that is not spoken here')
