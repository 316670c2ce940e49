"""Beacons: one file each, with `beacon(config)` -> list of events (mappings, `tag` goes into the tag) and `validate(config)`.

`config` is a list of mappings. What a beacon remembers lies in its `__context__`, which it has for itself and for as long
as the minion runs.
"""
from __future__ import absolute_import, division, print_function
