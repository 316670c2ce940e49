"""What bin/bundle does: one archive with the minion, its libraries and an installer, for hosts without a network.

Works in a checkout, with the standard library and a pip. What lies in `host` goes into the archive.
"""
