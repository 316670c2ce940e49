"""Facts about this host: every public function of these files returns a mapping of grains.

The files named core_* are computed first, then what administrators wrote and synced, then the other files here, as in
the reference; later values win. (They are not called `core` or `network`, because a synced file of the same name would
hide them.) A function that may take long has an attribute `brings`, the names of its grains, and where these must never
be missing an attribute `meanwhile`, a function that gives at once what is shown until it is done.

They import compat, errors, files, helpers and the standard library; `__opts__` is filled in.
"""
