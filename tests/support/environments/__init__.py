"""Virtual environments, real masters and test runs: what bin/check and bin/quickstart do.

Needs the standard library only.
"""
